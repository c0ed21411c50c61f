"""The curriculum in the index: every atom by itself, under its name, in the languages in which it was run."""

import pytest

from hrm_edge.local_index import LocalIndex
from hrm_edge.train.data.curriculum.drawing import draw
from hrm_edge.train.data.curriculum.emission import emit
from hrm_edge.train.data.curriculum.lone import lone_problems
from hrm_edge.train.data.indexing.content import curriculum_entries
from hrm_edge.train.data.indexing.writing import write_index
from hrm_edge.train.data.renderers.registry import RENDERERS
from hrm_edge.train.data.verification.ledger import Ledger

ATOMS = ("second_largest", "run_length_encode", "is_prime")


@pytest.fixture(scope="module")
def numbers():
    return lone_problems(*ATOMS)


@pytest.fixture
def ledger(numbers, tmp_path):
    """Of runs in Python and Go."""
    ledger = Ledger(tmp_path / "ledger")
    for language in ("python", "go"):
        ledger.record(language, {number: emit(number, RENDERERS[language]).digest for number in numbers})
    return ledger


def test_lone_problems_are_the_atom_and_nothing_else(numbers):
    assert sorted(draw(number).part.atom.name for number in numbers) == sorted(ATOMS)
    assert all(draw(number).part.is_alone for number in numbers)


def test_an_atom_is_found_by_its_name_in_the_languages_in_which_it_was_run(numbers, ledger, tmp_path):
    path = tmp_path / "index.sqlite"
    write_index(path, curriculum_entries(numbers, ledger, list(RENDERERS)))
    with LocalIndex(path) as index:
        for name in ATOMS:
            words = name.replace("_", " ")
            for language in ("python", "go"):
                found = index.find(f"a function for {words}", language=language, count=1)
                assert found[0].group == f"curriculum/{name}"
                assert found[0].request.lower().startswith(f"{words}: ")
            assert not index.find(words, language="rust", count=1)
