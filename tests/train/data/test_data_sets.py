"""Data sets are recognised by their fields and read as request and answer."""

import gzip
import json

import pytest
from train_data import CHEATSHEET, MBPP, NL2BASH, TLDR, shell_rows, write_lines

from hrm_edge.errors import DataError
from hrm_edge.train.data.data_sets import read_examples


def test_tldr_placeholders_and_option_pairs_become_plain_text(tmp_path):
    (example,) = read_examples(write_lines(tmp_path / "tldr.jsonl", TLDR))
    assert (example.request, example.code) == ("List files one per line", "ls -1 path/to/dir")
    assert (example.command, example.language, example.source) == ("ls", "bash", "tldr")


def test_tldr_pages_of_other_platforms_are_left_out(tmp_path):
    assert read_examples(write_lines(tmp_path / "t.jsonl", TLDR | {"platform": "windows"})) == []


def test_nl2bash_is_stripped(tmp_path):
    (example,) = read_examples(write_lines(tmp_path / "n.jsonl", NL2BASH))
    assert example.request == 'Find all "*.log" files under logs/old'
    assert example.response == '```bash\nfind logs/old -name "*.log"\n```'


def test_cheatsheet_keeps_its_command(tmp_path):
    (example,) = read_examples(write_lines(tmp_path / "c.jsonl", CHEATSHEET))
    assert (example.command, example.code) == ("tar", "tar -tf a.tar")


def test_mbpp_request_shows_the_first_test_and_code_is_normalised(tmp_path):
    (example,) = read_examples(write_lines(tmp_path / "m.jsonl", MBPP))
    assert example.request.endswith("\nassert add(1, 2) == 3")
    assert example.code == "def add(a, b):\n    return a + b"
    assert example.language == "python"


def test_gzip_is_read_by_its_name(tmp_path):
    path = tmp_path / "n.jsonl.gz"
    path.write_bytes(gzip.compress((json.dumps(NL2BASH) + "\n").encode()))
    assert len(read_examples(path)) == 1


def test_line_separator_inside_a_text_ends_no_line(tmp_path):
    path = tmp_path / "n.jsonl"
    path.write_text(json.dumps(NL2BASH | {"nl": "a\u2028b"}, ensure_ascii=False) + "\n", encoding="utf-8")
    assert read_examples(path)[0].request == "a\u2028b"


def test_held_out_share_is_about_five_percent_and_ignores_case_and_punctuation(tmp_path):
    examples = read_examples(write_lines(tmp_path / "n.jsonl", *shell_rows(2000)))
    share = sum(example.held_out for example in examples) / len(examples)
    assert 0.03 < share < 0.07
    loud = read_examples(
        write_lines(tmp_path / "loud.jsonl", *(row | {"nl": str(row["nl"]).upper() + "!"} for row in shell_rows(200)))
    )
    assert [example.held_out for example in loud] == [example.held_out for example in examples[:200]]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "holds no lines"),
        (b"{}\n", "has the fields"),
        (b"[1]\n", ":1 is no JSON object"),
        (b"{nonsense\n", ":1 cannot be read as JSON"),
        (b"\xff\xfe\n", ":1 cannot be read as JSON"),
    ],
)
def test_broken_file_is_one_clear_error(tmp_path, content, message):
    path = tmp_path / "broken.jsonl"
    path.write_bytes(content)
    with pytest.raises(DataError, match=message):
        read_examples(path)


@pytest.mark.parametrize(
    ("bad", "field"),
    [(NL2BASH | {"cmd": 5}, "cmd"), ({"nl": "list files"}, "cmd"), (MBPP | {"test_list": []}, "test_list")],
    ids=["type", "missing", "empty"],
)
def test_field_that_is_missing_or_mistyped_in_a_later_line_is_named_with_its_line(tmp_path, bad, field):
    good = MBPP if field == "test_list" else NL2BASH
    path = write_lines(tmp_path / "n.jsonl", good, bad)
    with pytest.raises(DataError, match=rf"n\.jsonl:2: '{field}' is .*; every line needs a"):
        read_examples(path)


def test_damaged_gzip_is_one_clear_error(tmp_path):
    packed = bytearray(gzip.compress((json.dumps(NL2BASH) + "\n").encode() * 50))
    packed[20] ^= 0xFF
    path = tmp_path / "n.jsonl.gz"
    path.write_bytes(packed)
    with pytest.raises(DataError, match="cannot be read as JSON lines"):
        read_examples(path)


def test_missing_file_is_named(tmp_path):
    with pytest.raises(DataError, match=r"absent\.jsonl is not there"):
        read_examples(tmp_path / "absent.jsonl")
