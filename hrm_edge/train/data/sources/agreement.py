"""Does a translation do what the original does? Both are called with new arguments, and must agree.

MBXP's solutions were kept by their authors because they pass three tests, and a model that wrote hundreds passes three
tests by luck: `return m * n` for a lattice path. Here the arguments of the tests are changed (numbers moved, texts and
lists shuffled, shortened, lengthened), the Python solution says what they give, and the translation is called with
them in the sandbox. Arguments that Python's solution refuses count for nothing.
"""

import ast
import json
import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from hrm_edge.problems.problem import Calls, Signature
from hrm_edge.sandbox.job import Job
from hrm_edge.sandbox.session import Session

ATTEMPTS = 24
"""Changed calls that are tried."""
LEAST = 6
"""Of them that must give a value, two different ones among them, or nothing is proved."""
_LARGEST = 2**31
_PROGRAM = """\
import json, os
_calls = json.loads({calls!r})
def _thawed(value):
    if isinstance(value, dict):
        return tuple(map(_thawed, value["tuple"]))
    return [_thawed(item) for item in value] if isinstance(value, list) else value
_found = []
for _number, _call in enumerate(_calls):
    try:
        _found.append((_number, {function}(*map(_thawed, _call))))
    except Exception:
        pass
os.write(3, repr(_found).encode())
"""


@dataclass(frozen=True, kw_only=True)
class Observed:
    """Calls of the original and what they gave, in values that every language has: tuples are lists."""

    arguments: tuple[tuple[Any, ...], ...]
    expected: tuple[Any, ...]
    signature: Signature

    def check(self, function: str, method_of: str | None) -> Calls:
        """The calls to be made of a translation."""
        return Calls(
            function=function,
            arguments=self.arguments,
            expected=self.expected,
            method_of=method_of,
            signature=self.signature,
            timeout_s=4.0,
        )


def observe(session: Session, code: str, function: str, calls: Sequence[Sequence[Any]], seed: str) -> Observed | None:
    """What the original gives for the calls and for changed ones; None where that proves nothing, or where a value has
    no type that every language has.

    Args:
        calls: arguments known to work, as of its tests.
    """
    if not all(_is_plain(value) for call in calls for value in call):
        return None
    rng = random.Random(seed)
    lengths = _lengths(calls)
    tried = [list(call) for call in calls] + [_changed(rng.choice(calls), lengths, rng) for _ in range(ATTEMPTS)]
    frozen = json.dumps([[_frozen(value) for value in call] for call in tried])
    program = f"{code}\n{_PROGRAM.format(calls=frozen, function=function)}"
    try:
        found = ast.literal_eval(session.run(Job(python=program)).result.decode("utf-8", "replace") or "[]")
    except (ValueError, SyntaxError, RecursionError, MemoryError):
        return None
    pairs = [(_listed(tried[number]), _listed(value)) for number, value in found if _is_small(value)]
    if sum(number >= len(calls) for number, _ in found) < LEAST or len({repr(value) for _, value in pairs}) < 2:
        return None
    kinds = [_kind([call[place] for call, _ in pairs]) for place in range(len(calls[0]))]
    result = _kind([value for _, value in pairs])
    if result is None or None in kinds:
        return None
    return Observed(
        arguments=tuple(tuple(call) for call, _ in pairs),
        expected=tuple(value for _, value in pairs),
        signature=Signature(
            parameters=tuple((f"p{place}", str(kind)) for place, kind in enumerate(kinds)), result=result
        ),
    )


def _lengths(calls: Sequence[Sequence[Any]]) -> dict[int, int]:
    """Place of a number → place of the sequence whose length it is in every call."""
    found = {}
    for place, value in enumerate(calls[0]):
        for other, sequence in enumerate(calls[0]):
            measurable = type(value) is int and isinstance(sequence, list | tuple | str)
            if measurable and all(len(call[other]) == call[place] for call in calls):
                found[place] = other
    return found


def _changed(call: Sequence[Any], lengths: dict[int, int], rng: random.Random) -> list[Any]:
    values = [_new(value, rng) if rng.random() < 0.8 else value for value in call]
    return [len(values[lengths[place]]) if place in lengths else value for place, value in enumerate(values)]


def _new(value: Any, rng: random.Random) -> Any:
    """Another value of the same shape."""
    match value:
        case bool():
            return rng.random() < 0.5
        case int():
            low = 0 if value >= 0 else -2 * abs(value) - 3
            return rng.randint(low, 2 * abs(value) + 3)
        case float():
            return round(value + rng.randint(-8, 8) / 4, 4)
        case str():
            return "".join(_rearranged(list(value), rng))
        case list() | tuple():
            items = [_new(item, rng) if rng.random() < 0.4 else item for item in value]
            return type(value)(_rearranged(items, rng))
    return value


def _rearranged(items: list[Any], rng: random.Random) -> list[Any]:
    match rng.randrange(4):
        case 0:
            rng.shuffle(items)
        case 1 if len(items) > 1:
            del items[rng.randrange(len(items))]
        case 2 if items:
            items.insert(rng.randrange(len(items) + 1), rng.choice(items))
    return items


def _is_plain(value: Any) -> bool:
    """Whether it is made of numbers, truth values, texts, lists and tuples."""
    if isinstance(value, list | tuple):
        return all(map(_is_plain, value))
    return isinstance(value, int | float | str)


def _frozen(value: Any) -> Any:
    """The value as JSON that tells tuples from lists."""
    if isinstance(value, tuple):
        return {"tuple": [_frozen(item) for item in value]}
    return [_frozen(item) for item in value] if isinstance(value, list) else value


def _listed(value: Any) -> Any:
    return [_listed(item) for item in value] if isinstance(value, list | tuple) else value


def _is_small(value: Any) -> bool:
    """Whether every number in it fits the 32 bits that translations compute in."""
    if isinstance(value, list | tuple):
        return all(map(_is_small, value))
    return not isinstance(value, int | float) or abs(value) < _LARGEST


def _kind(values: Sequence[Any]) -> str | None:
    """The type of a Signature that all the values have; None where there is none."""
    kinds = {type(value) for value in values}
    if kinds == {list}:
        items = [item for value in values for item in value]
        inner = _kind(items) if items else "int"
        return inner and f"list[{inner}]"
    names = {bool: "bool", int: "int", str: "str", float: "float"}
    return names.get(kinds.pop()) if len(kinds) == 1 else None
