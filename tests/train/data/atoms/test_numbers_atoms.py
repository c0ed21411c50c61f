"""What the atoms about numbers promise beyond the whole catalogue, and the domain that favours some numbers."""

import random
import typing
from collections.abc import Iterator
from typing import Any

import pytest

from hrm_edge.train.data.atoms.atom import Atom
from hrm_edge.train.data.atoms.catalogue import load_catalogue
from hrm_edge.train.data.atoms.favoured import Favoured
from hrm_edge.train.data.ir import nodes as ir
from hrm_edge.train.data.ir.reader import read_function

MODULES = (
    "numeric_predicates",
    "numeric_mappers",
    "number_theory",
    "arithmetic",
    "bits",
    "dates",
    "matrices",
    "measures",
)
NUMBERS = {
    module: [a for a in load_catalogue().values() if a.function.__module__.endswith(f".{module}")] for module in MODULES
}
ALL = [atom for atoms in NUMBERS.values() for atom in atoms]


def ints(value: Any) -> Iterator[int]:
    """Every whole number in a value."""
    if isinstance(value, dict):
        value = list(value.items())
    if isinstance(value, list | tuple):
        for item in value:
            yield from ints(item)
    elif isinstance(value, int):
        yield value


def one_expression(atom: Atom) -> bool:
    """Whether the body is a single return."""
    return isinstance(read_function(atom.function).entry.body[0], ir.Return)


@pytest.mark.parametrize(
    ("module", "least"),
    list(zip(MODULES, (25, 25, 20, 20, 12, 10, 12, 10), strict=True)),
)
def test_each_kind_has_its_share(module: str, least: int) -> None:
    """No kind of numbers is thin, and a third of all atoms can be solved in a really different way."""
    assert len(NUMBERS[module]) >= least
    assert 3 * sum(bool(atom.also) for atom in ALL) >= len(ALL)


def test_predicates_say_what_holds_and_bind_slots() -> None:
    """Questions are about their first parameter, say it of one and of many, and most are one expression."""
    questions = NUMBERS["numeric_predicates"]
    for atom in questions:
        first, *others = [name for name in typing.get_type_hints(atom.function) if name != "return"]
        assert atom.holds is not None
        assert all(f"{{{first}}}" not in text for text in atom.holds)
        assert all(f"{{{other}}}" in text for other in others for text in atom.holds)
    assert 2 * sum(map(one_expression, questions)) > len(questions)
    assert 2 * sum(map(one_expression, NUMBERS["numeric_mappers"])) > len(NUMBERS["numeric_mappers"])


@pytest.mark.parametrize("atom", ALL, ids=[atom.name for atom in ALL])
def test_results_fit_the_plain_int_of_every_language(atom: Atom) -> None:
    """Over the domain's own values no result reaches 2**31."""
    rng = random.Random(atom.name)
    for _ in range(30):
        arguments = [domain.draw(rng) for domain in atom.inputs.values()]
        if atom.needs is None or atom.needs(*arguments):
            assert all(abs(number) < 2**31 for number in ints(atom.reference(*arguments))), arguments


def test_words_are_ascii() -> None:
    """Phrases can stand in a comment of any language's source."""
    for atom in ALL:
        for text in (*atom.says, *(claim.text for claim in atom.claims), *(atom.holds or ())):
            assert text.isascii(), (atom.name, text)


def test_catalogue_has_the_same_order_whoever_imported_first() -> None:
    """Modules in the order of their names, although this file's imports came at another time."""
    modules = [atom.function.__module__ for atom in load_catalogue().values()]
    assert modules == sorted(modules)


def test_favoured_numbers_are_drawn_often_and_others_admitted() -> None:
    """Nine draws in ten are among the favoured; the whole range is still admitted and reached."""
    domain = Favoured(0, 1000, (6, 28, 496))
    rng = random.Random(0)
    drawn = [domain.draw(rng) for _ in range(2000)]
    favoured = sum(number in (6, 28, 496) for number in drawn)
    assert 0.87 < favoured / len(drawn) < 0.93
    assert all(domain.admits(number) for number in drawn)
    assert len(set(drawn)) > 100
    assert domain.admits(999) and not domain.admits(1001) and not domain.admits(-1)
    assert domain.edges() == [0, 6, 1000]
