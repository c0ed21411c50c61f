"""The cases of a canonical-data.json with types: which calls give what, in types that six languages share.

A leaf of the file is `{"uuid", "description", "property", "input": {name: value}, "expected": value}`; leaves stand in
nested `cases`. All leaves of one property are calls of one function, whose parameter and result types are inferred
from every value seen. What has no such type is left out by a rule that is counted.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from hrm_edge.train.data.ir.nodes import Facts, Function, Parameter, Program
from hrm_edge.train.data.ir.types import BOOL, FLOAT, INT, STR, List, Map, Optional, Type
from hrm_edge.train.data.renderers.renderer import Case
from hrm_edge.train.data.sources.rows import BadRow

LEAST_CASES = 2
MOST_CASES = 12
_LARGEST, _WIDE = 2**53, 2**31
_DEEPEST = 20
_WHOLE = re.compile(r"-?\d{1,15}")
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_IDENTIFIER = re.compile(r"[A-Za-z][A-Za-z0-9_]*")


class UntypedError(Exception):
    """Why values have no type that six languages share."""


@dataclass(frozen=True, kw_only=True)
class Calls:
    """One function of an exercise: its head, and calls with their results."""

    program: Program
    """A function without a body: what renderers write heads, calls and tests from."""
    cases: tuple[Case, ...]


def typed_calls(data: Any, left_out: Counter[str]) -> list[Calls]:
    """The functions of a canonical-data.json, in the order of their first cases.

    Args:
        left_out: rule → cases; told of everything that is not in the result.

    Raises:
        BadRow: it is no such file.
    """
    leaves = _current(list(_leaves(data, 0)))
    by_property: dict[str, list[dict[str, Any]]] = {}
    for leaf in leaves:
        rule = _rule_against(leaf)
        if rule is not None:
            left_out[rule] += 1
        else:
            by_property.setdefault(leaf["property"], []).append(leaf)
    found = []
    for name, group in by_property.items():
        try:
            calls = _calls(name, group)
        except UntypedError as reason:
            left_out[str(reason)] += len(group)
        else:
            left_out[f"more than {MOST_CASES} cases of one function"] += len(group) - len(calls.cases)
            found.append(calls)
    return found


def snake(name: str) -> str:
    """`camelCase` → `camel_case`.

    Raises:
        UntypedError: it is no identifier.
    """
    if not _IDENTIFIER.fullmatch(name):
        raise UntypedError("a name that is no identifier")
    return _HUMP.sub("_", name).lower()


def _leaves(node: Any, depth: int) -> Iterator[dict[str, Any]]:
    match node:
        case {"cases": list(cases)} if depth < _DEEPEST:
            for case in cases:
                yield from _leaves(case, depth + 1)
        case {"property": str(), "input": dict(), "expected": _}:
            yield node
        case _:
            raise BadRow(f"'canonical_data' holds {node!r:.80}; a case has property, input and expected")


def _current(leaves: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Without the cases that later ones take the place of."""
    old = {leaf.get("reimplements") for leaf in leaves}
    return [leaf for leaf in leaves if leaf.get("uuid") not in old - {None}]


def _rule_against(leaf: dict[str, Any]) -> str | None:
    """Why one case cannot be used, whatever the others are."""
    if isinstance(leaf["expected"], dict) and "error" in leaf["expected"]:
        return "an error is expected"
    for value in _scalars([leaf["input"], leaf["expected"]]):
        if isinstance(value, str) and value.startswith("fn("):
            return "a function as an argument"
        if isinstance(value, str) and not value.isascii():
            return "text beyond ASCII, which languages index differently"
        if isinstance(value, str) and not value.replace("\n", "").replace("\t", "").isprintable():
            return "text with control characters"
        if isinstance(value, int | float) and abs(value) >= _LARGEST:
            return "a number of more than 53 bits"
    return None


def _scalars(value: Any) -> Iterator[Any]:
    """Every number and text in a value, keys too."""
    match value:
        case dict():
            yield from value
            for item in value.values():
                yield from _scalars(item)
        case list():
            for item in value:
                yield from _scalars(item)
        case _:
            yield value


def _calls(name: str, leaves: Sequence[dict[str, Any]]) -> Calls:
    names = list(leaves[0]["input"])
    if any(set(leaf["input"]) != set(names) for leaf in leaves):
        raise UntypedError("calls with different parameters")
    kinds = {name: _kind([leaf["input"][name] for leaf in leaves]) for name in names}
    result = _kind([leaf["expected"] for leaf in leaves])
    if "float" in str(result):
        raise UntypedError("a float as the result, which tests compare with a tolerance")
    cases = [
        Case(
            tuple(_as(kinds[name], leaf["input"][name]) for name in names),
            _as(result, leaf["expected"]),
        )
        for leaf in leaves
    ]
    distinct = {repr(case.arguments): case for case in reversed(cases)}
    if len({repr(case) for case in cases}) != len(distinct):
        raise UntypedError("one call with different results")
    if len(distinct) < LEAST_CASES:
        raise UntypedError(f"fewer than {LEAST_CASES} cases of one function")
    parameters = tuple(Parameter(snake(name), kind) for name, kind in kinds.items())
    function = Function(snake(name), parameters, result, ())
    first = tuple(case for case in cases if distinct.pop(repr(case.arguments), None))[:MOST_CASES]
    scalars = _scalars([[leaf["input"], leaf["expected"]] for leaf in leaves])
    wide = any(isinstance(each, int) and abs(each) >= _WIDE for each in scalars)
    return Calls(program=Program((function,), facts=Facts(wide=wide)), cases=first)


def _kind(values: Sequence[Any]) -> Type:
    """The type of all these values, where a parameter or result stands."""
    present = [value for value in values if value is not None]
    if not present:
        raise UntypedError("nothing but null")
    kind = _inner_kind(present)
    if len(present) == len(values):
        return kind
    if kind not in (INT, STR, BOOL):
        raise UntypedError("null beside lists, maps or floats")
    return Optional(kind)


def _inner_kind(values: Sequence[Any]) -> Type:
    kinds = {type(value) for value in values}
    if kinds == {bool}:
        return BOOL
    if kinds <= {int, float}:
        return INT if kinds == {int} else FLOAT
    if kinds == {str}:
        return STR
    if kinds == {list}:
        return List(_kind_of_items([item for value in values for item in value]))
    if kinds == {dict}:
        keys = [key for value in values for key in value]
        whole = bool(keys) and all(_WHOLE.fullmatch(key) for key in keys)
        return Map(INT if whole else STR, _kind_of_items([item for value in values for item in value.values()]))
    raise UntypedError("values of several types in one place")


def _kind_of_items(items: Sequence[Any]) -> Type:
    if not items:
        raise UntypedError("a list or map that is always empty")
    if any(item is None for item in items):
        raise UntypedError("null inside a list or map")
    return _inner_kind(items)


def _as(kind: Type, value: Any) -> Any:
    """The value as the interpreter holds one of that type."""
    match kind:
        case List(item=item):
            return [_as(item, each) for each in value]
        case Map(key=key, value=item):
            return {int(name) if key == INT else name: _as(item, each) for name, each in value.items()}
    return float(value) if kind == FLOAT else value
