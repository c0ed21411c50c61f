"""Rows that may be broken: each that cannot be used is named by file and line, and the others are read."""

import gzip
import json

import pytest

from hrm_edge.errors import DataError
from hrm_edge.train.data.sources import rows
from hrm_edge.train.data.sources.rows import BadRow, Fields, RowReport, convert_rows, find_files, read_rows

GOOD = b'{"a": 1}\n'


def read(path):
    report = RowReport()
    return list(read_rows(path, report)), report


@pytest.mark.parametrize(
    ("bad", "problem"),
    [
        (b"{nonsense\n", "cannot be read as JSON"),
        (b"[1, 2]\n", "is no JSON object"),
        (b'{"a": "\xff"}\n', "cannot be read as JSON"),
        (b'{"a": "\\ud800"}\n', "half of a surrogate pair"),
        (b"[" * 100_000 + b"\n", "cannot be read as JSON"),
        (b'{"a": ' + b"9" * 5000 + b"}\n", "cannot be read as JSON"),
    ],
    ids=["syntax", "list", "encoding", "surrogate", "depth", "digits"],
)
def test_bad_line_is_reported_by_file_and_line_and_the_lines_around_it_are_read(tmp_path, bad, problem):
    path = tmp_path / "set.jsonl"
    path.write_bytes(GOOD + b"\n" + bad + GOOD)
    found, report = read(path)
    assert found == [(1, {"a": 1}), (4, {"a": 1})]
    (malformed,) = report.malformed
    assert (malformed.file, malformed.line) == (str(path), 3)
    assert problem in malformed.problem
    assert report.read[str(path)] == 3


def test_whole_surrogate_pairs_are_text(tmp_path):
    path = tmp_path / "set.jsonl"
    path.write_bytes(b'{"a": "\\ud83d\\ude00"}\n')
    assert read(path)[0] == [(1, {"a": "😀"})]


def test_line_past_the_bound_is_skipped_to_its_end(tmp_path, monkeypatch):
    monkeypatch.setattr(rows, "LARGEST_LINE_BYTES", 40)
    path = tmp_path / "set.jsonl"
    path.write_bytes(GOOD + b'{"a": "' + b"x" * 200 + b'"}\n' + GOOD)
    found, report = read(path)
    assert [line for line, _ in found] == [1, 3]
    assert report.malformed[0].line == 2


def test_entry_of_a_json_list_is_reported_by_its_place(tmp_path):
    path = tmp_path / "set.json"
    path.write_text(json.dumps([{"a": 1}, 5, {"a": 2}]))
    found, report = read(path)
    assert (found, report.malformed[0].line) == ([(1, {"a": 1}), (3, {"a": 2})], 2)


def test_gzip_that_breaks_off_gives_what_came_before_and_a_report(tmp_path):
    lines = b"".join(json.dumps({"a": n, "noise": str(n**50)}).encode() + b"\n" for n in range(2000))
    packed = gzip.compress(lines)
    path = tmp_path / "set.jsonl.gz"
    path.write_bytes(packed[: len(packed) // 2])
    found, report = read(path)
    assert 0 < len(found) < 2000
    assert report.malformed[0].line == found[-1][0] + 1
    assert "breaks off here" in report.malformed[0].problem


def test_missing_file_is_an_error(tmp_path):
    with pytest.raises(DataError, match=r"absent\.jsonl is not there"):
        read(tmp_path / "absent.jsonl")


def test_row_that_cannot_be_converted_is_reported_and_gives_nothing(tmp_path):
    path = tmp_path / "set.jsonl"
    path.write_bytes(GOOD + b'{"a": "x"}\n{}\n')
    report = RowReport()
    assert list(convert_rows(path, report, lambda fields: [fields.integer("a")])) == [(1, 1)]
    assert [(row.line, row.problem) for row in report.malformed] == [
        (2, "'a' is 'x'; a whole number is needed there"),
        (3, "'a' is missing; a whole number is needed there"),
    ]


@pytest.mark.parametrize(
    ("method", "value"),
    [
        ("text", 5),
        ("text", "  "),
        ("texts", "a"),
        ("texts", []),
        ("texts", ["a", 1]),
        ("integer", True),
        ("integer", 1.5),
        ("truth", 1),
        ("identifier", None),
        ("day", "soon"),
    ],
)
def test_field_of_another_type_is_refused(method, value):
    with pytest.raises(BadRow, match="is needed there"):
        getattr(Fields({"a": value}), method)("a")


def test_directory_stands_for_its_files_in_order_of_patterns_and_names(tmp_path):
    for name in ("b.jsonl", "a.jsonl", "z/c.jsonl"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(GOOD)
    found = find_files([tmp_path, tmp_path / "a.jsonl"], ("z/*.jsonl", "*.jsonl"))
    assert [path.name for path in found] == ["c.jsonl", "a.jsonl", "b.jsonl"]
    with pytest.raises(DataError, match=r"holds none of y\.jsonl"):
        find_files([tmp_path], ("y.jsonl",))


def test_reports_of_several_processes_add_up(tmp_path):
    one, two = RowReport(), RowReport()
    for report in (one, two):
        report.skip(tmp_path / "f", 3, "no object")
        report.leave_out("mbpp", "held out", 2)
    one.add(two)
    assert list(one.lines()) == [f"{tmp_path / 'f'}:3: no object"] * 2 + ["mbpp: 4 left out, held out"]
    assert one.malformed_count == 2


def test_report_keeps_counting_where_it_stops_listing(tmp_path, monkeypatch):
    monkeypatch.setattr(rows, "MOST_LISTED", 2)
    report = RowReport()
    for line in range(5):
        report.skip(tmp_path / "f", line, "bad")
    assert (len(report.malformed), report.malformed_count) == (2, 5)
    assert "3 more malformed rows" in list(report.lines())[-1]
