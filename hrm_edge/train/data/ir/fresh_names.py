"""Readable names for variables that a pass brings in."""

from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Any

from hrm_edge.train.data.ir import nodes as ir
from hrm_edge.train.data.ir.traversal import every

_SINGULARS = {"indices": "index", "children": "child", "vertices": "vertex", "people": "person"}


class FreshNames:
    """The names of one function: those it has, and those handed out since."""

    def __init__(self, function: ir.Function) -> None:
        """Every name that the function declares, mentions or calls is taken."""
        self._function = function

    def draw(self, wished: Sequence[str]) -> str:
        """The first of some names that is free, or the first of them with a number."""
        for name in wished:
            if self._take(name):
                return name
        number = 2
        while not self._take(f"{wished[0]}_{number}"):
            number += 1
        return f"{wished[0]}_{number}"

    def taken_names(self) -> frozenset[str]:
        """The names that the function has itself."""
        return frozenset(declared_names(self._function))

    @cached_property
    def _taken(self) -> set[str]:
        return {_key(name) for name in self.taken_names()}

    def _take(self, name: str) -> bool:
        key = _key(name)
        if key in self._taken:
            return False
        self._taken.add(key)
        return True


def singular(name: str) -> str:
    """`words` → `word`: a name for one item; empty where there is no such form."""
    if name in _SINGULARS:
        return _SINGULARS[name]
    if name.endswith("ies") and len(name) > 4:
        return name[:-3] + "y"
    if name.endswith("s") and not name.endswith("ss") and len(name) > 1:
        return name[:-1]
    return ""


def _key(name: str) -> str:
    # languages write two_words as twoWords
    return name.replace("_", "").lower()


def declared_names(tree: Any) -> Iterable[str]:
    """Names of variables, functions, methods, classes and fields that a tree declares or mentions, some twice."""
    for node in every(tree):
        yield from _declared(node)


def _declared(node: Any) -> tuple[str, ...]:
    match node:
        case ir.Name(name=name) | ir.Let(name=name) | ir.Parameter(name=name) | ir.Call(function=name):
            return (name,)
        case ir.Function(name=name) | ir.Class(name=name) | ir.Field(field=name) | ir.MethodCall(method=name):
            return (name,)
        case ir.LetTuple(names=names):
            return names
        case ir.For(pattern=pattern) | ir.Fold(pattern=pattern):
            return pattern.names
        case ir.SortBy(parameter=parameter):
            return (parameter,)
    return ()
