"""Inputs for a function nobody gave an example of: edges first, then seeded draws, by the types it declares.

Where nothing is declared the name of a parameter tells (`numbers`, `text`, `k`), and where it does not either, values
of several types are tried. The same function and seed give the same inputs.
"""

import random
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from hrm_edge.assistant.declared_types import split_outside
from hrm_edge.assistant.targets import Parameter

COUNT = 12
_NAMES: Mapping[str, tuple[str, ...]] = {
    "list[list[int]]": ("matrix", "grid", "board", "rows", "intervals", "pairs", "points", "edges"),
    "list[str]": ("words", "names", "strings", "strs", "lines", "tokens", "texts", "sentences"),
    "list[int]": (
        *("nums", "numbers", "arr", "array", "lst", "list", "values", "items", "xs", "data", "prices"),
        *("heights", "elements", "sequence", "weights", "counts"),
    ),
    "str": (
        *("s", "t", "text", "string", "str", "word", "name", "sentence", "line", "pattern", "prefix", "suffix"),
        *("letter", "char", "ch", "phrase"),
    ),
    "bool": ("flag", "reverse"),
    "float": ("ratio", "rate", "price", "x", "y", "temperature", "probability", "radius", "width", "height"),
    "map[str,int]": ("mapping", "dict", "d", "table", "lookup", "inventory", "scores"),
    "int": (
        *("n", "m", "k", "i", "j", "a", "b", "c", "num", "number", "count", "size", "limit", "target", "year", "month"),
        *("day", "index", "value", "start", "end", "step", "amount", "total"),
    ),
}
"""Type → what parameters of it are called."""
_UNTOLD = ("list[int]", "int", "str")
_INTS = (0, 1, -1, 2, 10)
_FLOATS = (0.0, 1.0, -1.5, 2.25)
_TEXTS = ("", "a", "abba", "Hello, World", "a b  c", "12")
_LETTERS = "abcdeABC 123"


def generated_inputs(parameters: Sequence[Parameter], *, count: int = COUNT, seed: int = 0) -> list[tuple[Any, ...]]:
    """`count` lists of arguments; one empty list where there are no parameters."""
    if not parameters:
        return [()]
    random_numbers = random.Random(f"{seed}:{[(each.name, each.type) for each in parameters]}")
    kinds = [_kinds(each) for each in parameters]
    return [
        tuple(_value(each[number % len(each)], number // len(each), random_numbers) for each in kinds)
        for number in range(count)
    ]


def _kinds(parameter: Parameter) -> Sequence[str]:
    """The types that are tried for a parameter, in turn."""
    if parameter.type is not None:
        return (parameter.type,)
    name = parameter.name.lower().strip("_")
    return next(((kind,) for kind, names in _NAMES.items() if name in names), _UNTOLD)


def _value(kind: str, number: int, rng: random.Random) -> Any:
    """The value of a type for the input of this number: the first ones are edges."""
    name, _, inside = kind.partition("[")
    if name in _PLAIN:
        edges, draw = _PLAIN[name]
        return edges[number] if number < len(edges) else draw(rng)
    inner = split_outside(inside[:-1], ",")
    if name == "optional":
        return None if number == 0 else _value(inner[0], number - 1, rng)
    if name == "tuple":
        return tuple(_value(each, number + place, rng) for place, each in enumerate(inner))
    length = min(number, 2) if number < 3 else rng.randint(2, 6)
    if name == "list":
        items = [_drawn(inner[0], rng) for _ in range(length)]
        return items + items[:1] if number == 3 else items  # one with an item twice
    return {_drawn(inner[0], rng): _drawn(inner[1], rng) for _ in range(length)}


def _drawn(kind: str, rng: random.Random) -> Any:
    return _value(kind, rng.randint(3, 12), rng)


_PLAIN: Mapping[str, tuple[Sequence[Any], Callable[[random.Random], Any]]] = {
    "int": (_INTS, lambda rng: rng.randint(-9, 30)),
    "float": (_FLOATS, lambda rng: rng.randint(-40, 80) / 4),
    "bool": ((False, True), lambda rng: rng.random() < 0.5),
    "str": (_TEXTS, lambda rng: "".join(rng.choice(_LETTERS) for _ in range(rng.randint(1, 8)))),
}
"""Edges, and a draw. Fractions are quarters, which every language adds alike."""
