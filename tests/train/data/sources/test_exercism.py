"""Exercises from tracks: every scenario, the map across languages, and the polyglot benchmark kept out."""

import json

import pytest
from miniature_polyglot import write_miniature_polyglot
from sandboxes import needs_bubblewrap
from source_files import drawn

from hrm_edge.edits import apply_edits, parse_edits
from hrm_edge.errors import DataError
from hrm_edge.problems.exercises import load_exercise
from hrm_edge.sandbox.judge import Judge
from hrm_edge.sandbox.open import open_sandbox
from hrm_edge.sandbox.toolchains import find_toolchains
from hrm_edge.train.data.example import Task
from hrm_edge.train.data.sources.exercism import Exercism
from hrm_edge.train.data.sources.rows import RowReport, find_files
from hrm_edge.train.data.sources.tracks import polyglot_slugs, read_tracks
from hrm_edge.train.data.sources.verification import verify, write_record

SIX = ("cpp", "go", "java", "javascript", "python", "rust")


@pytest.fixture
def tracks(tmp_path):
    """One exercise in six languages; Python's track says how hard it is."""
    root = write_miniature_polyglot(tmp_path / "tracks")
    practice = [{"slug": "double-it", "difficulty": 4}, {"slug": "no-level"}]
    (root / "python" / "config.json").write_text(json.dumps({"exercises": {"practice": practice}}))
    return root


def of_task(examples, task, language):
    return [example for example in examples if (example.task, example.language) == (task, language)]


def test_slugs_are_mapped_across_languages_with_their_difficulty(tracks):
    report = RowReport()
    found = read_tracks([tracks], report)
    assert found.languages() == {"double-it": SIX}
    assert found.difficulties() == {"python": {4: 1}}
    assert found.difficulty("python", "double-it") == found.difficulty("rust", "double-it") == pytest.approx(1 / 3)
    assert [row.line for row in report.malformed] == [2]


def test_exercise_becomes_generation_edits_tests_and_thirty_transfers(tracks):
    examples, _ = drawn(Exercism(), tracks)
    assert len(of_task(examples, Task.TRANSFER, "go")) == 5
    assert sum(example.task is Task.TRANSFER for example in examples) == 30
    for language in SIX:
        assert len(of_task(examples, Task.GENERATION, language)) == 1
        assert len(of_task(examples, Task.EDIT, language)) == 2
        assert len(of_task(examples, Task.TEST_WRITING, language)) == 1
    assert {example.group for example in examples} == {"exercism/double-it"}


def test_requests_for_solutions_show_no_test_and_test_requests_no_solution(tracks):
    examples, _ = drawn(Exercism(), tracks)
    for example in examples:
        if example.task is Task.TEST_WRITING:
            assert "2 * number" not in example.request
        else:
            assert "assert" not in example.request.replace("assertThat", "").lower() or example.task is Task.EDIT
            assert "test_two" not in example.request


@pytest.mark.parametrize("language", SIX)
def test_edits_turn_the_stub_into_the_solution(tracks, language):
    exercise = load_exercise(language, tracks / language / "exercises" / "practice" / "double-it")
    examples, _ = drawn(Exercism(), tracks)
    for example, edit_format in zip(of_task(examples, Task.EDIT, language), ("whole", "diff"), strict=True):
        edits = parse_edits(example.response, exercise.stub, edit_format)
        after = apply_edits(edits, exercise.stub)
        assert {path: after[path] for path in exercise.reference} == dict(exercise.reference)


def test_exercises_of_the_polyglot_benchmark_are_refused_in_every_language(tracks):
    for language in SIX:
        practice = tracks / language / "exercises" / "practice"
        (practice / "double-it").rename(practice / "wordy")
    examples, report = drawn(Exercism(), tracks)
    assert not examples
    assert report.left_out["exercism", "an exercise of the Aider polyglot benchmark"] == 6
    assert drawn(Exercism(polyglot=True), tracks)[0]


def test_hundred_slugs_are_known_and_cover_the_canonical_ones(data_directory):
    from hrm_edge.data_files import read_objects

    assert len(polyglot_slugs()) == 100
    rows = [row for _, row in read_objects(data_directory / "exercism-canonical.jsonl.gz")]
    assert {row["slug"] for row in rows if row["in_aider_polyglot"]} <= polyglot_slugs()
    assert not {row["slug"] for row in rows if not row["in_aider_polyglot"]} & polyglot_slugs()


def test_broken_exercise_is_reported_and_the_others_are_used(tracks):
    broken = tracks / "go" / "exercises" / "practice" / "double-it"
    (broken / ".meta" / "config.json").write_text("{")
    examples, report = drawn(Exercism(), tracks)
    assert {example.language for example in examples} == set(SIX) - {"go"}
    assert any(row.file == str(broken) for row in report.malformed)


def test_files_of_a_root_are_found_by_the_source_s_patterns(tracks):
    """The pipeline records what a build was made of."""
    found = {path.relative_to(tracks).as_posix() for path in find_files([tracks], Exercism().files)}
    assert "rust/exercises/practice/double-it/src/lib.rs" in found
    assert {path.name for path in find_files([tracks / "go"], Exercism().files)} >= {"go.mod", "double_it.go"}


def test_one_track_is_a_root_too_and_an_empty_directory_is_none(tracks, tmp_path):
    examples, _ = drawn(Exercism(), tracks / "python")
    assert examples
    with pytest.raises(DataError, match=r"holds no <language>/exercises/practice/"):
        drawn(Exercism(), tmp_path / "absent")


@needs_bubblewrap
def test_solution_counts_as_executed_once_its_tests_passed(tracks, tmp_path):
    toolchains = find_toolchains()
    with open_sandbox(toolchains=toolchains.values()) as sandbox, sandbox.session() as session:
        items = [
            item for item in Exercism().unverified([tracks], RowReport()) if item.language in ("python", "javascript")
        ]
        write_record(tmp_path / "record.txt", verify(items, Judge(session, toolchains)))
    source = Exercism(verified=(str(tmp_path / "record.txt"),), only_verified=True)
    examples, report = drawn(source, tracks)
    assert "python" in {example.language for example in examples} <= {"python", "javascript"}
    assert all(example.executed for example in examples)
    assert report.left_out["exercism", "no record that the solution passes"] > 20
