"""Puzzles are used with solutions that were seen to solve them; CoNaLa's lines are Python 3."""

import pytest
from sandboxes import needs_bubblewrap
from source_files import PUZZLE, drawn, write_lines

from hrm_edge.errors import DataError
from hrm_edge.prompt import parse_answer
from hrm_edge.sandbox.judge import Judge
from hrm_edge.sandbox.open import open_sandbox
from hrm_edge.sandbox.toolchains import find_toolchains
from hrm_edge.sandbox.verdict import Outcome
from hrm_edge.train.data.sources.conala import Conala
from hrm_edge.train.data.sources.puzzles import Puzzles
from hrm_edge.train.data.sources.rows import RowReport
from hrm_edge.train.data.sources.verification import load_record, verify, write_record

INTENT = {
    "question_id": 7,
    "intent": "How to join?",
    "rewritten_intent": "join list `x` with commas",
    "snippet": "','.join(x)",
}


@needs_bubblewrap
def test_solution_that_solves_its_puzzle_is_used_and_another_is_not(tmp_path):
    path = write_lines(tmp_path / "p.jsonl", PUZZLE | {"sol_bodies": ["    return 'o' * n", "    return 'oo'"]})
    toolchains = find_toolchains()
    with open_sandbox(toolchains=toolchains.values()) as sandbox, sandbox.session() as session:
        verdicts = list(verify(Puzzles().unverified([path], RowReport()), Judge(session, toolchains)))
    assert [verdict.outcome for _, verdict in verdicts] == [Outcome.PASSED, Outcome.FAILED]
    write_record(tmp_path / "record.txt", verdicts)
    (example,), report = drawn(Puzzles(verified=(str(tmp_path / "record.txt"),)), path)
    assert parse_answer(example.response).text == "def sol(n=3):\n    return 'o' * n"
    assert PUZZLE["sat"] in example.request
    assert (example.executed, example.group) == (True, "python-puzzles/Study_9")
    assert report.left_out["python-puzzles", "a solution that was not seen to solve its puzzle"] == 1


def test_real_puzzles_by_count(data_directory):
    examples, report = drawn(Puzzles(), data_directory)
    assert sum(report.read.values()) == 849
    assert len(examples) > 780
    assert all(example.executed for example in examples)
    assert len(report.malformed) == 1  # a number of 8,844 digits, more than Python reads


def test_record_that_is_none_is_one_clear_error(tmp_path):
    with pytest.raises(DataError, match="cannot be read as a record"):
        load_record([tmp_path / "absent"])
    (tmp_path / "other").write_text("hello\n")
    with pytest.raises(DataError, match=r"other:1 is 'hello'; a line of a record is"):
        load_record([tmp_path / "other"])


def test_intent_is_taken_as_its_curators_rewrote_it(tmp_path):
    path = write_lines(
        tmp_path / "c.jsonl", INTENT, INTENT | {"rewritten_intent": None}, INTENT | {"snippet": "print x"}
    )
    examples, report = drawn(Conala(), path)
    assert "join list `x` with commas" in examples[0].request
    assert "How to join?" in examples[1].request
    assert {example.licence for example in examples} == {"CC-BY-SA-4.0"}
    assert [row.line for row in report.malformed] == [3]
