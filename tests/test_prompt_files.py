import json

import pytest

from hrm_edge.errors import DataError
from hrm_edge.prompt_files import Prompt, read_prompts


def test_prompts_are_lines_of_text_or_of_json(tmp_path):
    (tmp_path / "p.txt").write_text("find files\n\n  list them \n")
    (tmp_path / "p.jsonl").write_text('{"prompt": "find", "answer": "x"}\n' + json.dumps({"prompt": "list"}) + "\n")
    assert [p.prompt for p in read_prompts(tmp_path / "p.txt")] == ["find files", "list them"]
    assert read_prompts(tmp_path / "p.jsonl") == [Prompt(prompt="find", answer="x"), Prompt(prompt="list")]


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("p.jsonl", b'{"prompt": "a"}\n{"promp', "line 2 is no JSON"),
        ("p.jsonl", b'["a"]', "line 1 has no text under 'prompt'"),
        ("p.jsonl", b'{"prompt": 3}', "line 1 has no text under 'prompt'"),
        ("p.jsonl", b'{"prompt": "a", "answer": 3}', "line 1: 'answer' is a int"),
        ("p.txt", b"\n\n", "holds no prompt"),
        ("p.txt", b"caf\xe9", "is not UTF-8 at byte 3"),
    ],
)
def test_bad_prompt_files_are_refused(tmp_path, name, data, said):
    (tmp_path / name).write_bytes(data)
    with pytest.raises(DataError, match=said):
        read_prompts(tmp_path / name)


def test_missing_prompt_file_is_refused(tmp_path):
    with pytest.raises(DataError, match="cannot be read"):
        read_prompts(tmp_path / "nowhere.txt")
