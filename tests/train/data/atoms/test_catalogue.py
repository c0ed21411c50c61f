"""Every atom of the catalogue against its reference, which computes the same another way, and its words against itself.

pytest tests/train/data/atoms/test_catalogue.py -k greatest_common_divisor
"""

import copy
import dataclasses
import functools
import itertools
import keyword
import random
import re
import typing
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from hrm_edge.train.data.atoms.atom import Atom
from hrm_edge.train.data.atoms.catalogue import load_catalogue
from hrm_edge.train.data.ir import nodes as ir
from hrm_edge.train.data.ir.analysis import walk
from hrm_edge.train.data.ir.interpreter import Interpreter, Run
from hrm_edge.train.data.ir.reader import read_function, read_source
from hrm_edge.train.data.ir.types import Map, Set

CATALOGUE = load_catalogue()
DRAWS = 50
INTERPRETED = 25
STEPS = 20_000
WIDEST_INT = 2**53
PLACEHOLDER = re.compile(r"\{(\w+)(?::([^{}]*))?\}")

SLOT_SOURCES: dict[tuple[tuple[Any, ...], Any], tuple[str, ...]] = {
    ((int,), bool): ("(n: int) -> bool: return n % 2 == 0", "(n: int) -> bool: return n > 3"),
    ((int,), int): ("(n: int) -> int: return n * n", "(n: int) -> int: return abs(n - 5)"),
    ((int,), str): ("(n: int) -> str: return str(n)", "(n: int) -> str: return 'ab' if n > 2 else 'c'"),
    ((str,), bool): ("(s: str) -> bool: return len(s) > 4", "(s: str) -> bool: return 'a' in s"),
    ((str,), int): ("(s: str) -> int: return len(s)", "(s: str) -> int: return s.count('a')"),
    ((str,), str): ("(s: str) -> str: return s.upper()", "(s: str) -> str: return s[::-1]"),
    ((int, int), int): ("(a: int, b: int) -> int: return a + b", "(a: int, b: int) -> int: return max(a, b)"),
    ((int, int), bool): ("(a: int, b: int) -> bool: return a < b", "(a: int, b: int) -> bool: return a == b"),
    ((list[int],), int): ("(xs: list[int]) -> int: return len(xs)", "(xs: list[int]) -> int: return sum(xs)"),
    ((list[int],), bool): ("(xs: list[int]) -> bool: return len(xs) > 2", "(xs: list[int]) -> bool: return not xs"),
}
"""What tests put into slots, by the slot's type."""


def is_slot(hint: Any) -> bool:
    """Whether a parameter of this type takes a function."""
    return typing.get_origin(hint) is Callable


def hints(atom: Atom) -> dict[str, Any]:
    """Types of the parameters, in order."""
    found = typing.get_type_hints(atom.function)
    del found["return"]
    return found


def slot_sources(atom: Atom) -> Iterator[dict[str, str]]:
    """Ways to fill the slots, as Python source by parameter; one empty way where there is none."""
    slots = {name: typing.get_args(hint) for name, hint in hints(atom).items() if is_slot(hint)}
    for choice in itertools.product(*(SLOT_SOURCES[tuple(given), result] for given, result in slots.values())):
        yield {name: f"def {name}{source}" for name, source in zip(slots, choice, strict=True)}


def bindings(atom: Atom) -> Iterator[dict[str, Callable[..., Any]]]:
    """The same ways as functions of CPython."""
    for sources in slot_sources(atom):
        functions: dict[str, Any] = {}
        for source in sources.values():
            exec(source, functions)
        yield {name: functions[name] for name in sources}


def bound_program(solution: Callable[..., Any], sources: dict[str, str]) -> ir.Program:
    """What the reader makes of a solution, with functions of the slots' names in place of the slots."""
    program = read_function(solution)
    plain = tuple(parameter for parameter in program.entry.parameters if parameter.name not in sources)
    filled = [read_source(source, name).entry for name, source in sources.items()]
    entry = dataclasses.replace(program.entry, parameters=plain)
    return dataclasses.replace(program, functions=(*filled, *program.functions[:-1], entry))


def inputs(atom: Atom) -> list[tuple[Any, ...]]:
    """Arguments without the slots: edges of every parameter together, then draws, all meeting the atom's needs."""
    rng = random.Random(atom.name)
    edges = itertools.islice(itertools.product(*(domain.edges() for domain in atom.inputs.values())), 30)
    found = [edge for edge in edges if atom.needs is None or atom.needs(*copy.deepcopy(edge))]
    wanted = len(found) + DRAWS
    for _ in range(40 * DRAWS):
        if len(found) == wanted:
            return found
        drawn = tuple(domain.draw(rng) for domain in atom.inputs.values())
        if atom.needs is None or atom.needs(*copy.deepcopy(drawn)):
            found.append(drawn)
    raise AssertionError(f"{atom.name}: inputs meet needs less than one time in 40; narrow the domains")


def whole_arguments(atom: Atom, given: tuple[Any, ...], slots: dict[str, Any]) -> list[Any]:
    """Fresh arguments in the order of the parameters. A claim may give the slots itself."""
    if len(given) == len(hints(atom)):
        return list(copy.deepcopy(given))
    plain = iter(copy.deepcopy(given))
    return [slots[name] if name in slots else next(plain) for name in hints(atom)]


@functools.cache
def expectations(name: str) -> list[tuple[dict[str, Callable[..., Any]], list[tuple[tuple[Any, ...], Any]]]]:
    """For every way to fill an atom's slots: the functions, and (arguments without slots, reference's result) pairs."""
    atom = CATALOGUE[name]
    given = inputs(atom)
    return [
        (slots, [(plain, atom.reference(*whole_arguments(atom, plain, slots))) for plain in given])
        for slots in bindings(atom)
    ]


def shape(value: Any) -> Any:
    """A value with its types, so that True is not 1, 1 is not 1.0, and a tuple is not a list."""
    if isinstance(value, dict):
        return "dict", {key: (type(key).__name__, shape(item)) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return type(value).__name__, tuple(shape(item) for item in value)
    return type(value).__name__, value


def ints(value: Any) -> Iterator[int]:
    """Every whole number in a value."""
    if isinstance(value, dict):
        yield from ints(list(value.items()))
    elif isinstance(value, list | tuple):
        for item in value:
            yield from ints(item)
    elif isinstance(value, int):
        yield value


def placeholders(text: str) -> dict[str, str]:
    """Names in braces, with what stands after the colon."""
    return dict(PLACEHOLDER.findall(text))


every_atom = pytest.mark.parametrize("atom", CATALOGUE.values(), ids=CATALOGUE.keys())


@every_atom
def test_solutions_equal_reference(atom: Atom) -> None:
    """On edges and draws the function and all other solutions give what the reference gives, and change no argument."""
    assert list(atom.inputs) == [name for name, hint in hints(atom).items() if not is_slot(hint)]
    for slots, cases in expectations(atom.name):
        for plain, expected in cases:
            assert all(abs(number) < WIDEST_INT for number in ints(expected))
            for solution in (atom.function, *atom.also):
                arguments = whole_arguments(atom, plain, slots)
                result = solution(*arguments)
                assert shape(result) == shape(expected), (solution.__name__, plain)
                assert shape(arguments) == shape(whole_arguments(atom, plain, slots)), (solution.__name__, plain)


@every_atom
def test_interpreter_equals_reference(atom: Atom) -> None:
    """The reader takes every solution, and what it reads gives the reference's results, whatever has no order."""
    for (_, cases), sources in zip(expectations(atom.name), slot_sources(atom), strict=True):
        for solution in (atom.function, *atom.also):
            program = bound_program(solution, sources)
            interpreter = Interpreter(program)
            unordered = any(isinstance(getattr(node, "type", None), Set | Map) for node in walk(program))
            for plain, expected in cases[:INTERPRETED]:
                for turned in (False, True) if unordered else (False,):
                    result = interpreter.run(copy.deepcopy(plain), Run(STEPS, turned=turned))
                    assert shape(result) == shape(expected), (solution.__name__, plain)


def test_other_solutions_have_the_same_head() -> None:
    """`also` takes the parameters of the function, by the same names and types, and gives the same type."""
    for atom in CATALOGUE.values():
        for solution in atom.also:
            assert typing.get_type_hints(solution) == typing.get_type_hints(atom.function), solution.__name__


@every_atom
def test_claims_hold(atom: Atom) -> None:
    """Every claim's arguments give its result, in the function and in the reference, whatever the slots are."""
    for claim in atom.claims:
        for slots in bindings(atom):
            for solution in (atom.function, *atom.also, atom.reference):
                result = solution(*whole_arguments(atom, claim.arguments, slots))
                assert shape(result) == shape(claim.result), (claim.text, solution)


def test_results_differ() -> None:
    """No atom gives one and the same for nearly everything, with every choice of slots."""
    for atom in CATALOGUE.values():
        shares = []
        for _, cases in expectations(atom.name):
            results = Counter(repr(result) for _, result in cases)
            shares.append(results.most_common(1)[0][1] / results.total())
        assert min(shares) <= 0.93, f"{atom.name}: {min(shares):.0%} of the results are the same"


@every_atom
def test_words_fit_the_parameters(atom: Atom) -> None:
    """Phrases name every parameter and nothing else; truth values of slots are `:is` or `:are`; names are names."""
    parameters = hints(atom)
    assert 2 <= len(atom.says) <= 4
    for phrase in atom.says:
        assert placeholders(phrase).keys() == parameters.keys(), phrase
        for name, spec in placeholders(phrase).items():
            if not is_slot(parameters[name]):
                assert spec == "", phrase
            elif typing.get_args(parameters[name])[1] is bool:
                assert spec in ("is", "are"), phrase
            else:
                assert spec, phrase
        assert phrase == phrase.strip() and not phrase.endswith((".", ",")), phrase
    for claim in atom.claims:
        assert placeholders(claim.text).keys() <= parameters.keys(), claim.text
        assert claim.text.endswith("."), claim.text
    if atom.holds is not None:
        assert typing.get_type_hints(atom.function)["return"] is bool
        singular, plural = map(placeholders, atom.holds)
        assert singular == plural and len(parameters.keys() - singular.keys()) == 1
    for name in (atom.name, *atom.names):
        assert re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", name) and not keyword.iskeyword(name), name
    assert 1 <= atom.level <= 5


def test_phrases_are_not_shared() -> None:
    """No two atoms describe their results alike, whatever the parameters are called."""
    owners: dict[str, str] = {}
    for atom in CATALOGUE.values():
        types = {name: "slot" if is_slot(hint) else str(hint) for name, hint in hints(atom).items()}
        for phrase in {*atom.says, *(atom.holds or ())}:
            bare = PLACEHOLDER.sub(lambda found, types=types: f"<{types[found[1]]}>", phrase)  # type: ignore[misc]
            assert owners.setdefault(bare.lower(), atom.name) == atom.name, f"{bare}: {owners[bare.lower()]}"
            owners[bare.lower()] = atom.name
