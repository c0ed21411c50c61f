"""Walking and rebuilding trees fast: the fields that hold nodes are looked up once per class."""

from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from operator import attrgetter
from typing import Any

from hrm_edge.train.data.ir import nodes as ir

_NODES = ir.__name__
_NO_NODES = frozenset(
    (
        *("type", "types", "name", "names", "operator", "pattern", "kind", "step", "negated", "descending"),
        *("parameter", "shared", "function", "method", "field", "facts"),
    )
)
_PARTS: dict[type, tuple[str, ...]] = {ir.Literal: ()}
_GETTERS: dict[type, Callable[[Any], Any] | None] = {}
_SEVERAL: set[type] = set()


def parts(node: Any) -> tuple[str, ...]:
    """Names of the fields in which a node's parts are, in order of evaluation."""
    kind = type(node)
    if kind not in _PARTS:
        _PARTS[kind] = tuple(part.name for part in fields(node) if part.name not in _NO_NODES)
    return _PARTS[kind]


def every(tree: Any) -> list[Any]:
    """Every node of a tree or tuple of trees, parents before their parts, parts in order of evaluation."""
    found: list[Any] = []
    stack = [tree]
    while stack:
        node = stack.pop()
        kind = type(node)
        if kind is tuple:
            stack.extend(node[::-1])
            continue
        if kind not in _GETTERS:
            _learn(node, kind)
        getter = _GETTERS[kind]
        if kind in _PARTS:
            found.append(node)
        if getter is not None:
            if kind in _SEVERAL:
                stack.extend(getter(node))
            else:
                stack.append(getter(node))
    return found


def _learn(node: Any, kind: type) -> None:
    """How to get the parts of a class's nodes, the last first; nothing for what is no node."""
    names = parts(node) if kind.__module__ == _NODES else ()
    _GETTERS[kind] = attrgetter(*reversed(names)) if names else None
    if len(names) > 1:
        _SEVERAL.add(kind)


def rebuilt(node: Any, change: Callable[[Any], Any]) -> Any:
    """The node with every part changed; the same node where no part is."""
    changes = {}
    for part in parts(node):
        old = getattr(node, part)
        new = _changed(old, change)
        if new is not old:
            changes[part] = new
    return replace(node, **changes) if changes else node


def substituted(tree: Any, values: Mapping[str, Any]) -> Any:
    """An expression with other expressions for some of its variables; a pattern inside that binds a name hides it."""
    match tree:
        case ir.Name(name=name):
            return values.get(name, tree)
        case ir.Fold(pattern=pattern):
            inner = {name: value for name, value in values.items() if name not in pattern.names}
            outer = substituted(tree.iterable, values)
            return replace(rebuilt(tree, lambda part: substituted(part, inner)), iterable=outer)
        case ir.SortBy(parameter=parameter):
            inner = {name: value for name, value in values.items() if name != parameter}
            return replace(tree, base=substituted(tree.base, values), key=substituted(tree.key, inner))
    return rebuilt(tree, lambda part: substituted(part, values))


def _changed(value: Any, change: Callable[[Any], Any]) -> Any:
    if type(value) is tuple:
        new = tuple(_changed(item, change) for item in value)
        return value if all(one is other for one, other in zip(value, new, strict=True)) else new
    return change(value) if type(value).__module__ == _NODES else value
