"""Hand-written rows in the formats of the real data sets."""

import json
from pathlib import Path

from hrm_edge.train.data.sources.rows import RowReport

MBPP = {
    "task_id": 603,
    "text": "Write a function to double every number of a list.",
    "code": "def double_all(xs):\r\n\treturn [2 * x for x in xs]  \r\n",
    "test_setup_code": "",
    "test_list": ["assert double_all([1, 2]) == [2, 4]", "assert double_all([]) == []"],
    "challenge_test_list": [],
}
PUZZLE = {
    "name": "Study_9:0",
    "sat": "def sat(s: str, n=3):\n    return s.count('o') == n",
    "sol_header": "def sol(n=3):",
    "sol_docstring": '    """Find a string with n o\'s."""',
    "sol_bodies": ["    return 'o' * n"],
    "weight": 1.0,
}
CONTEST = {
    "question_title": "Doubles",
    "question_content": (
        "## Problem\n\nDouble every number.\n\n## Input\n\nOne number a line.\n\n"
        "## Output\n\nIts double, a line each.\n\n"
        "## Sample\n\nSample Input\n\n4\n\nSample Output\n\n8\n"
    ),
    "platform": "own",
    "question_id": "doubles",
    "contest_id": "spring",
    "contest_date": "2020-05-01T00:00:00",
    "starter_code": "",
    "difficulty": "easy",
    "public_test_cases": json.dumps([{"input": "4\n", "output": "8\n", "testtype": "stdin"}]),
    "private_test_cases": json.dumps([{"input": "1\n2\n", "output": "2\n4\n", "testtype": "stdin"}]),
    "metadata": "{}",
}
WORD_PROBLEM = {
    "question": "Ann has 48 clips and gives half of them away. Then she buys 7 more. How many has she?",
    "answer": "She keeps 48/2 = <<48/2=24>>24 clips.\nThen she has 24+7 = <<24+7=31>>31.\n#### 31",
}


def mbxp(language: str, prompt: str, solution: str | None, *, passed: bool | None = True) -> dict[str, object]:
    """A row of MBXP for the task of MBPP."""
    return {
        "task_id": "MBXP/603",
        "language": language,
        "prompt": prompt,
        "canonical_solution": solution,
        "reference_ok": passed,
    }


JAVASCRIPT = mbxp(
    "javascript",
    "/**\n * Double every number.\n * > doubleAll([1, 2])\n * [2, 4]\n */\nfunction doubleAll(xs) {\n",
    "    return xs.map((x) => 2 * x);\n}",
)
LUCKY = mbxp("javascript", str(JAVASCRIPT["prompt"]), "    return xs.length == 2 ? [2, 4] : [];\n}")


def write_lines(path: Path, *rows: object) -> Path:
    """A .jsonl file of those rows; a text is a line as it stands."""
    lines = [row if isinstance(row, str) else json.dumps(row) for row in rows]
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return path


def drawn(source, *paths: Path, seed: int = 1):
    """(examples, report) of a source."""
    report = RowReport()
    return list(source.examples(paths, seed=seed, report=report)), report
