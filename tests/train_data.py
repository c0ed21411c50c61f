"""Hand-written lines in the formats of the real data sets."""

import json
from pathlib import Path

from hrm_edge.architecture import Architecture

TLDR = {
    "command": "ls",
    "platform": "common",
    "page": "ls",
    "page_description": "List directory contents.",
    "example_index": 0,
    "example_description": "List files one per [l]ine",
    "example_command": "ls {{[-1|--one]}} {{path/to/dir}}",
    "alias_page": False,
}
NL2BASH = {"id": 1, "nl": ' Find all "*.log" files under logs/old ', "cmd": 'find logs/old -name "*.log"'}
CHEATSHEET = {"source": "own", "command": "tar", "description": "To list an archive", "commands": "tar -tf a.tar"}
MBPP = {
    "text": "Write a function to add two numbers.",
    "code": "def add(a, b):\r\n\treturn a + b  \r\n",
    "task_id": 1,
    "test_list": ["assert add(1, 2) == 3", "assert add(0, 0) == 0"],
}


def write_lines(path: Path, *rows: dict[str, object]) -> Path:
    """A .jsonl file of those rows."""
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def shell_rows(count: int) -> list[dict[str, object]]:
    """`count` different nl2bash rows."""
    return [
        {"id": n, "nl": f"show the first {n} lines of file{n}.txt", "cmd": f"head -{n} file{n}.txt"}
        for n in range(count)
    ]


TINY = Architecture(
    vocab_size=8192, hidden_size=32, intermediate_size=32, num_layers_per_stack=1, num_attention_heads=2, head_dim=16,
    h_cycles=2, l_cycles=1, embedding_scale=6.0, tie_word_embeddings=True,
)  # fmt: skip
"""A model small enough to train in seconds."""
