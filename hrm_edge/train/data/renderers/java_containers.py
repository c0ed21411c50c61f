"""Local lists that Java writes as something plainer: tables as arrays, stacks as a Deque."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from hrm_edge.train.data.ir import nodes as ir
from hrm_edge.train.data.ir.traversal import every
from hrm_edge.train.data.ir.types import Bool, Char, Float, Int, List, Str

_SCALARS = (Int, Float, Bool, Str, Char)
_OF_WHOLE = frozenset(("length", "is_empty", "last"))
_OF_STACK = frozenset(("append", "pop", "last", "is_empty", "length"))


@dataclass(frozen=True)
class Containers:
    """What the local lists of one function are."""

    arrays: dict[str, int]
    """Name → dimensions: made with its length, then only picked from, set and gone through."""
    stacks: frozenset[str]
    """Only pushed to, popped from and looked at."""


NONE = Containers({}, frozenset())


def containers(function: ir.Function) -> Containers:
    """Found before comprehensions become loops, which would hide how a table is made."""
    starts = {node.name: node.value for node in every(function.body) if isinstance(node, ir.Let)}
    lets = Counter(node.name for node in every(function.body) if isinstance(node, ir.Let))
    uses: Counter[str] = Counter()
    flat: Counter[str] = Counter()
    deep: Counter[str] = Counter()
    stacked: Counter[str] = Counter()
    popped: set[str] = set()
    for node in every(function.body):
        match node:
            case ir.Name(name=name):
                uses[name] += 1
            case ir.Index(base=ir.Index(base=ir.Name(name=name))):
                deep[name] += 1
                flat[name] -= 1
            case ir.Index(base=ir.Name(name=name)):
                flat[name] += 1
                deep[name] += 0
            case (
                ir.For(iterable=ir.Name(name=name), pattern=pattern)
                | ir.Fold(iterable=ir.Name(name=name), pattern=pattern)
            ) if len(pattern.names) == 1:
                flat[name] += 1
            case ir.Builtin(name=operation, arguments=(base, *_)):
                _count(operation, base, flat, deep, stacked, popped)
    arrays = {}
    for name, value in starts.items():
        size = _dimensions(value) if lets[name] == 1 else 0
        if size == 1 and flat[name] == uses[name]:
            arrays[name] = 1
        elif size == 2 and deep[name] == uses[name]:
            arrays[name] = 2
    stacks = {
        name
        for name, value in starts.items()
        if lets[name] == 1 and name in popped and stacked[name] == uses[name] and _is_short(value)
    }
    return Containers(arrays, frozenset(stacks))


def _count(operation: str, base: Any, flat: Any, deep: Any, stacked: Any, popped: set[str]) -> None:
    match base:
        case ir.Name(name=name):
            if operation in _OF_WHOLE:
                flat[name] += 1
            if operation == "length":
                deep[name] += 1
            if operation in _OF_STACK:
                stacked[name] += 1
            if operation == "pop":
                popped.add(name)
        case ir.Index(base=ir.Name(name=name)) if operation == "length":
            deep[name] += 1
            flat[name] -= 1


def _dimensions(value: Any) -> int:
    """How many dimensions the array has that a list begins as; 0 for what begins as none."""
    match value:
        case ir.Builtin(name="filled", arguments=(item, _)) if isinstance(item.type, _SCALARS):
            return 1
        case ir.Builtin(name="split"):
            return 1
        case ir.ListDisplay(type=List(item=item), items=(_, _, *_)) if isinstance(item, _SCALARS):
            return 1
    return 2 if as_table(value) is not None else 0


def as_table(value: Any) -> ir.Builtin | None:
    """`[[v] * n for _ in range(m)]` as `filled` of `filled`."""
    match value:
        case ir.Fold(
            kind="list",
            type=type_,
            element=ir.Builtin(name="filled") as row,
            pattern=pattern,
            iterable=ir.Range(start=ir.Literal(value=0), stop=rows, step=1),
            condition=None,
        ) if not any(isinstance(node, ir.Name) and node.name in pattern.names for node in every(row)):
            return ir.Builtin(type_, "filled", (row, rows))
    return None


def _is_short(value: Any) -> bool:
    return isinstance(value, ir.ListDisplay) and len(value.items) <= 1
