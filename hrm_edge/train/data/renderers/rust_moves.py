"""Where a Rust variable is named for the last time, so that its value can be moved instead of cloned."""

from collections import Counter
from typing import Any

from hrm_edge.train.data.ir import nodes as ir
from hrm_edge.train.data.ir.traversal import every
from hrm_edge.train.data.renderers.rust_types import is_copy

_Names = frozenset[str]


def last_uses(function: ir.Function) -> frozenset[int]:
    """The `id` of each Name after which its variable is not read before it gets a new value.

    A name inside a comprehension or the key of a sort runs many times and is never the last; nor is one that its
    statement has twice.
    """
    found = _LastUses()
    found.block(function.body, frozenset(), frozenset(), frozenset())
    return frozenset(found.last - found.not_last)


class _LastUses:
    """Walks statements from the last to the first with the names still needed after them."""

    def __init__(self) -> None:
        self.last: set[int] = set()
        self.not_last: set[int] = set()  # a tree may have one node in two places

    def block(self, statements: tuple[Any, ...], after: _Names, broken: _Names, continued: _Names) -> _Names:
        """What is needed before a block; `broken` and `continued` is needed where a break or continue leads to."""
        live = after
        for statement in reversed(statements):
            live = self._statement(statement, live, broken, continued)
        return live

    def _statement(self, statement: Any, after: _Names, broken: _Names, continued: _Names) -> _Names:
        match statement:
            case ir.Let(name=name, value=value):
                return self._reads(value, after - {name})
            case ir.LetTuple(names=names, value=value):
                return self._reads(value, after - set(names))
            case ir.Assign(target=ir.Name(name=name), value=value):
                return self._reads(value, after - {name})
            case ir.Swap(targets=targets, values=values):
                set_here = {target.name for target in targets if isinstance(target, ir.Name)}
                rest = tuple(target for target in targets if not isinstance(target, ir.Name))
                return self._reads((values, rest), after - set_here)
            case ir.If(condition=condition, then=then, otherwise=otherwise):
                branches = self.block(then, after, broken, continued) | self.block(otherwise, after, broken, continued)
                return self._reads(condition, branches)
            case ir.While() | ir.For():
                return self._loop(statement, after)
            case ir.Return(value=value):
                return self._reads(value, frozenset()) if value is not None else frozenset()
            case ir.Break():
                return broken
            case ir.Continue():
                return continued
        return self._reads(statement, after)

    def _loop(self, statement: Any, after: _Names) -> _Names:
        used = frozenset(_names(statement))  # what a For iterates over stays lent until the loop ends
        again = (after | used) - _declared(statement.body)
        self.block(statement.body, again, after, again)
        if isinstance(statement, ir.While):
            self.not_last.update(id(node) for node in every(statement.condition))
            return again
        return self._reads(statement.iterable, again)

    def _reads(self, tree: Any, after: _Names) -> _Names:
        nodes = every(tree)
        names = [node for node in nodes if isinstance(node, ir.Name)]
        if not names:
            return after
        counts = Counter(node.name for node in names)
        repeated = {id(part) for node in nodes if isinstance(node, ir.Fold | ir.SortBy) for part in every(node)}
        for node in names:
            if is_copy(node.type):
                continue
            final = node.name not in after and counts[node.name] == 1 and id(node) not in repeated
            (self.last if final else self.not_last).add(id(node))
        return after | counts.keys()


def _declared(body: tuple[Any, ...]) -> _Names:
    """Variables that begin anew in every round."""
    found: set[str] = set()
    for node in every(body):
        match node:
            case ir.Let(name=name):
                found.add(name)
            case ir.LetTuple(names=names):
                found.update(names)
    return frozenset(found)


def _names(tree: Any) -> set[str]:
    return {node.name for node in every(tree) if isinstance(node, ir.Name)}
