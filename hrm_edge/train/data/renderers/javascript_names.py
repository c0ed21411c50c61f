"""Names of the parameters of small functions that JavaScript needs where Python does without."""

from collections.abc import Sequence
from typing import Any

from hrm_edge.train.data.ir import nodes as ir
from hrm_edge.train.data.ir.traversal import every


def free_name(wished: Sequence[str], *nodes: Any) -> str:
    """The first name that no part of the nodes uses, binds or calls, or the first with a number."""
    taken = names_in(nodes)
    numbered = (f"{wished[0]}{number}" for number in range(2, len(taken) + 3))
    return next(name for name in (*wished, *numbered) if name not in taken)


def mentions(name: str, node: Any) -> bool:
    """Whether a variable is read in an expression."""
    return any(isinstance(part, ir.Name) and part.name == name for part in every(node))


def names_in(tree: Any) -> set[str]:
    """Every name that a tree reads, binds, declares or calls."""
    return {name for node in every(tree) for name in _names(node)}


def _names(node: Any) -> tuple[str, ...]:
    match node:
        case ir.Name(name=name) | ir.Call(function=name) | ir.Let(name=name):
            return (name,)
        case ir.Function(name=name) | ir.Class(name=name) | ir.Parameter(name=name):
            return (name,)
        case ir.Fold(pattern=pattern) | ir.For(pattern=pattern):
            return pattern.names
        case ir.LetTuple(names=names):
            return names
        case ir.SortBy(parameter=parameter):
            return (parameter,)
    return ()
