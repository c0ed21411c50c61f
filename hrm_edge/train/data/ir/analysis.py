"""What passes and renderers ask about a tree: its parts, and which variables change."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any

from hrm_edge.train.data.ir import nodes as ir
from hrm_edge.train.data.ir.builtins import MUTATING


def walk(node: Any) -> Iterator[Any]:
    """Every node of a tree, itself first, in source order; tuples of nodes are walked through."""
    if isinstance(node, tuple):
        for part in node:
            yield from walk(part)
    elif is_dataclass(node) and not isinstance(node, type) and type(node).__module__ == ir.__name__:
        yield node
        for part in fields(node):
            if part.name != "type":
                yield from walk(getattr(node, part.name))


def root(target: Any) -> str | None:
    """The variable that a target is, or is a part of."""
    while isinstance(target, ir.Index | ir.Lookup | ir.Field):
        target = target.receiver if isinstance(target, ir.Field) else target.base
    return target.name if isinstance(target, ir.Name) else None


def reassigned(body: Any) -> frozenset[str]:
    """Variables that get a new value after their first: `const` in JavaScript for all others."""
    found: set[str] = set()
    for node in walk(body):
        targets = _targets(node)
        found.update(target.name for target in targets if isinstance(target, ir.Name))
    return frozenset(found)


def changed_in_place(body: Any) -> frozenset[str]:
    """Variables whose value is changed where it is: an item set, an operation of MUTATING, an object's method."""
    found: set[str] = set()
    for node in walk(body):
        found.update(name for target in _targets(node) if not isinstance(target, ir.Name) and (name := root(target)))
        if isinstance(node, ir.Builtin) and node.name in MUTATING and (name := root(node.arguments[0])):
            found.add(name)
        if isinstance(node, ir.MethodCall) and (name := root(node.receiver)):
            found.add(name)
    return frozenset(found)


def changed(body: Any) -> frozenset[str]:
    """Variables that are reassigned or changed in place: `let mut` in Rust.

    A variable passed to a `shared` parameter is not found here: ask `shared_arguments` with the program at hand.
    """
    return reassigned(body) | changed_in_place(body)


def shared_arguments(body: Any, program: ir.Program) -> frozenset[str]:
    """Variables passed where the callee changes them."""
    functions = {function.name: function for function in program.functions}
    found: set[str] = set()
    for node in walk(body):
        if isinstance(node, ir.Call) and node.function in functions:
            parameters = functions[node.function].parameters
            pairs = zip(node.arguments, parameters, strict=True)
            found.update(name for value, parameter in pairs if parameter.shared and (name := root(value)))
    return frozenset(found)


def used(body: Any) -> frozenset[str]:
    """Variables that are read or written anywhere."""
    return frozenset(node.name for node in walk(body) if isinstance(node, ir.Name))


def _targets(node: Any) -> tuple[ir.Target, ...]:
    match node:
        case ir.Assign(target=target) | ir.Augment(target=target):
            return (target,)
        case ir.Swap(targets=targets):
            return targets
    return ()
