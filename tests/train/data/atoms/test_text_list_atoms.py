"""Atoms with telling domains are right for the whole wider kind that composition may give them."""

import copy
import itertools
import random
import typing
from collections.abc import Callable
from typing import Any

import pytest

from hrm_edge.train.data.atoms.atom import Atom
from hrm_edge.train.data.atoms.catalogue import load_catalogue
from hrm_edge.train.data.atoms.domains import OneOf
from hrm_edge.train.data.atoms.telling import Telling, any_ascending, any_counts, any_text

SLOTS: dict[tuple[Any, Any], Callable[..., Any]] = {
    (int, bool): lambda n: n % 3 == 0,
    (int, int): lambda n: n * n - 5,
    (str, bool): lambda s: s < "m",
    (str, int): len,
    (str, str): str.swapcase,
}
WIDE = [atom for atom in load_catalogue().values() if any(isinstance(d, Telling) for d in atom.inputs.values())]


def arguments(atom: Atom, rng: random.Random) -> list[Any]:
    """One argument for every parameter, from the wide domains where there are such."""
    hints = typing.get_type_hints(atom.function)
    del hints["return"]
    found = []
    for name, hint in hints.items():
        if typing.get_origin(hint) is Callable:
            [given], result = typing.get_args(hint)
            found.append(SLOTS[given, result])
        else:
            domain = atom.inputs[name]
            found.append((domain.admitted if isinstance(domain, Telling) else domain).draw(rng))
    return found


def needed(atom: Atom, rng: random.Random) -> list[list[Any]]:
    """Arguments that meet the atom's needs."""
    drawn = (arguments(atom, rng) for _ in range(5000))
    plain = ((given, [copy.deepcopy(value) for value in given if not callable(value)]) for given in drawn)
    fit = (given for given, values in plain if atom.needs is None or atom.needs(*values))
    return list(itertools.islice(fit, 40))


@pytest.mark.parametrize("atom", WIDE, ids=lambda atom: atom.name)
def test_solutions_equal_reference_on_wide_values(atom: Atom) -> None:
    """Function and other solutions equal the reference on values that the telling domain never draws."""
    drawn = needed(atom, random.Random(atom.name))
    assert drawn
    for given in drawn:
        expected = atom.reference(*copy.deepcopy(given))
        for solution in (atom.function, *atom.also):
            assert solution(*copy.deepcopy(given)) == expected, (solution.__name__, given)


def test_telling_domain_draws_narrow_and_admits_wide() -> None:
    """Values come from the first domain; those of the second are admitted, those of neither are not."""
    domain = any_text(OneOf(("noon", "level")))
    rng = random.Random(1)
    assert {domain.draw(rng) for _ in range(40)} == {"noon", "level"}
    assert domain.edges() == ["noon"]
    assert domain.admits("noon") and domain.admits("any other text, even 1!")
    assert not domain.admits("line\nbreak") and not domain.admits(5)


def test_wide_kinds_keep_sign_and_order() -> None:
    """Counts are not negative, ascending lists ascend."""
    assert any_counts(OneOf(([],))).admits([0, 500]) and not any_counts(OneOf(([],))).admits([-1])
    assert any_ascending(OneOf(([],))).admits([-3, 4, 4]) and not any_ascending(OneOf(([],))).admits([4, 3])
