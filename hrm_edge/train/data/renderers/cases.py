"""What the cases of a test have in common, in two or three words: names for test functions."""

from collections.abc import Iterable, Sequence
from typing import Any

from hrm_edge.train.data.renderers.renderer import Case


def grouped(cases: Iterable[Case]) -> list[tuple[str, list[Case]]]:
    """(words, cases) in the order in which each kind comes first: `empty list`, `negative number`, `examples`."""
    groups: dict[str, list[Case]] = {}
    for case in cases:
        groups.setdefault(_kind(case.arguments), []).append(case)
    return list(groups.items())


def _kind(arguments: Sequence[Any]) -> str:
    for value in arguments:
        match value:
            case None:
                return "nothing given"
            case "":
                return "empty text"
            case []:
                return "empty list"
            case {} if not value:
                return "empty map"
    numbers = [value for value in arguments if type(value) in (int, float)]
    if numbers and not any(numbers):
        return "zero"
    if any(value < 0 for value in numbers):
        return "negative number"
    for value in arguments:
        match value:
            case [_]:
                return "single item"
            case str() if len(value) == 1:
                return "single character"
    return "examples"
