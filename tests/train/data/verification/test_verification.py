"""Batches find exactly the programs that are wrong, in six languages; the ledger knows what was run."""

import random
from dataclasses import replace
from pathlib import Path

import pytest

from hrm_edge.errors import DataError
from hrm_edge.sandbox.judge import Judge
from hrm_edge.sandbox.open import open_sandbox
from hrm_edge.sandbox.toolchains import find_toolchains
from hrm_edge.train.data.curriculum.drawing import draw
from hrm_edge.train.data.curriculum.emission import emit
from hrm_edge.train.data.renderers.registry import RENDERERS
from hrm_edge.train.data.renderers.renderer import Case
from hrm_edge.train.data.scenarios.curriculum_source import Curriculum
from hrm_edge.train.data.sources.rows import RowReport
from hrm_edge.train.data.verification.batch import Item
from hrm_edge.train.data.verification.ledger import SHIPPED, Ledger
from hrm_edge.train.data.verification.problems import verify
from hrm_edge.train.data.verification.running import BatchRunner

TOOLCHAINS = find_toolchains()


@pytest.fixture(scope="module")
def session():
    with open_sandbox(toolchains=TOOLCHAINS.values()) as sandbox, sandbox.session() as made:
        yield made


def needed(language: str) -> None:
    if language not in TOOLCHAINS:
        pytest.skip(f"{language} is not on this machine")


@pytest.mark.parametrize("language", RENDERERS)
def test_a_batch_tells_right_from_wrong_from_broken(language, session):
    needed(language)
    renderer = RENDERERS[language]
    emission = emit(next(index for index in range(500) if type(draw(index).cases[0].result) is bool), renderer)
    right = Item(emission.solutions[0].text, emission.tests)
    problem = emission.problem
    flipped = [Case(case.arguments, not case.result) for case in problem.cases]
    wrong = Item(emission.solutions[0].text, renderer.tests(problem.program, flipped))
    broken = Item(emission.solutions[0].text.replace("return", "retrun") + "\n)(", emission.tests)
    untested = Item(emission.solutions[0].text, "")
    outcomes = BatchRunner(session, TOOLCHAINS).run(language, [right, wrong, broken, untested])
    assert [outcome.passed for outcome in outcomes] == [True, False, False, False]
    assert outcomes[2].message


@pytest.mark.slow
@pytest.mark.parametrize("language", RENDERERS)
def test_everything_written_of_a_problem_does_what_the_interpreter_says(language, session):
    """Right programs pass, wrong ones return just what was foreseen, whole programs print it."""
    needed(language)
    indices = [random.Random(language).randrange(10**6) for _ in range(4)] + [0, 4]
    emissions = [emit(index, RENDERERS[language]) for index in indices]
    found = verify(emissions, BatchRunner(session, TOOLCHAINS), Judge(session, TOOLCHAINS))
    assert not found.failures, found.failures[0]
    assert found.programs > 4 * len(indices)
    assert all(found.digests.values())


@pytest.mark.parametrize("language", RENDERERS)
def test_a_wrong_program_fails_a_test_of_the_right_one(language):
    """By the interpreter, whose word on wrong programs the batch above confirms."""
    wrong = 0
    for index in range(20):
        emission = emit(index, RENDERERS[language])
        for buggy in emission.wrong:
            assert list(buggy.bug.returned) != [case.result for case in emission.problem.cases]
            assert buggy.text not in {solution.text for solution in emission.solutions}
            wrong += 1
    assert wrong > 30


def test_the_ledger_that_is_shipped_knows_the_problems_of_this_version():
    """What was run is what is written now: a change of atoms or renderers needs `hrm-edge data verify` again."""
    ledger = Ledger(SHIPPED)
    for language, renderer in RENDERERS.items():
        assert ledger.known(language) >= 500, language
        checked = [
            index for index in (0, 7, 123, 456) if ledger.verified(language, index, emit(index, renderer).digest)
        ]
        assert len(checked) >= 3, f"{language}: {checked}"


def test_a_ledger_survives_its_files(tmp_path: Path):
    ledger = Ledger(tmp_path)
    ledger.record("go", {3: 2**63 + 5, 1: 7, 2: 0})
    ledger.save({"go": "go1"})
    again = Ledger(tmp_path)
    assert again.verified("go", 3, 2**63 + 5) and again.verified("go", 1, 7)
    assert not again.verified("go", 2, 0) and not again.verified("go", 0, 0) and not again.verified("go", 9, 7)
    assert not again.verified("rust", 1, 7)
    assert (again.known("go"), again.last) == (2, 3)


def test_a_ledger_of_another_size_is_refused(tmp_path: Path):
    (tmp_path / "go.bin").write_bytes(b"123")
    with pytest.raises(DataError, match=r"go\.bin has 3 bytes: a ledger has 8 for each"):
        Ledger(tmp_path)


def test_what_was_not_run_is_not_given(tmp_path: Path):
    report = RowReport()
    emission = emit(5, RENDERERS["python"])
    ledger = Ledger(tmp_path)
    ledger.record("python", {5: emission.digest})
    ledger.save({})
    source = Curriculum(first=5, last=5, languages=("python", "rust"), ledger=str(tmp_path))
    given = list(source.examples((), seed=1, report=report))
    assert {example.language for example in given} == {"python"}
    assert all(example.executed for example in given)
    assert report.left_out == {("curriculum", "problems not run in rust"): 1}


def test_a_change_of_one_text_is_another_digest():
    emission = emit(5, RENDERERS["python"])
    other = replace(emission.solutions[0], text=emission.solutions[0].text + " ")
    assert replace(emission, solutions=(other, *emission.solutions[1:])).digest != emission.digest


def test_joined_ledgers_know_what_either_knows(tmp_path):
    first, second = Ledger(tmp_path / "first"), Ledger(tmp_path / "second")
    first.record("python", {0: 5, 3: 7})
    second.record("python", {3: 8, 9: 2})
    second.record("go", {1: 4})
    both = first.joined(second)
    assert all(both.verified(*known) for known in (("python", 0, 5), ("python", 3, 7), ("python", 9, 2), ("go", 1, 4)))
    assert not both.verified("python", 3, 8)
    assert (first.known("python"), second.known("python")) == (2, 2)
