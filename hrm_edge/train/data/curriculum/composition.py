"""Atoms put together: constants for parameters, functions for slots, one atom's result for another's argument.

Every step gives a program, and the words and the reference are put together beside it in the same way (parts.py), so
that text, program and reference of a composed problem agree by construction, and are compared by running.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from hrm_edge.train.data.ir import nodes as ir
from hrm_edge.train.data.ir.analysis import changed, walk
from hrm_edge.train.data.ir.renaming import rename
from hrm_edge.train.data.ir.traversal import every, rebuilt, substituted


def with_constants(program: ir.Program, values: Mapping[str, Any]) -> ir.Program:
    """The program with literals for some parameters of its entry function."""
    entry = program.entry
    taken = {parameter.name: parameter.type for parameter in entry.parameters if parameter.name in values}
    literals = {name: ir.Literal(kind, values[name]) for name, kind in taken.items()}
    written = changed(entry.body)
    body = _substituted(entry.body, {name: value for name, value in literals.items() if name not in written})
    lets = tuple(ir.Let(name, taken[name], value) for name, value in literals.items() if name in written)
    kept = tuple(parameter for parameter in entry.parameters if parameter.name not in values)
    new = replace(entry, parameters=kept, body=(*lets, *body))
    if _calls(new, entry.name):  # a recursive function keeps its parameters; the constants go in from outside
        return _called_with(program, literals, kept)
    return replace(program, functions=(*program.functions[:-1], new))


def _called_with(program: ir.Program, literals: Mapping[str, ir.Literal], kept: Sequence[ir.Parameter]) -> ir.Program:
    entry = program.entry
    inner = rename(program, {entry.name: f"{entry.name}_from"})
    arguments = tuple(literals.get(p.name) or ir.Name(p.type, p.name) for p in entry.parameters)
    call = ir.Call(entry.result, inner.entry.name, arguments)
    outer = ir.Function(entry.name, tuple(kept), entry.result, (ir.Return(call),))
    return replace(inner, functions=(*inner.functions, outer))


def with_slot(program: ir.Program, slot: str, bound: ir.Program) -> ir.Program:
    """The program with another program's entry for one of its slots.

    A bound function that is one expression goes in as that expression, any other as a function of its own.
    """
    entry = program.entry
    value = _expression_of(bound, _arguments_of(entry, slot))
    helpers = bound.functions[:-1] if value is not None else bound.functions

    def change(node: Any) -> Any:
        new = rebuilt(node, change)
        if not isinstance(new, ir.Call) or new.function != slot:
            return new
        if value is None:
            return replace(new, function=bound.entry.name)
        names = [parameter.name for parameter in bound.entry.parameters]
        return substituted(value, dict(zip(names, new.arguments, strict=True)))

    kept = tuple(parameter for parameter in entry.parameters if parameter.name != slot)
    new = replace(entry, parameters=kept, body=tuple(change(statement) for statement in entry.body))
    return ir.Program(
        (*_without(helpers, program), *program.functions[:-1], new), (*bound.classes, *program.classes), program.facts
    )


def _arguments_of(function: ir.Function, slot: str) -> list[ir.Expression]:
    calls = (node for node in every(function.body) if isinstance(node, ir.Call) and node.function == slot)
    return [argument for call in calls for argument in call.arguments]


def _expression_of(program: ir.Program, arguments: Sequence[ir.Expression]) -> ir.Expression | None:
    """The expression that the entry returns, where it may stand in place of a call: short, no loop in it, and no
    argument that is more than a name in two places."""
    match program.entry.body:
        case (ir.Return(value=value),) if value is not None:
            nodes = every(value)
            names = [node.name for node in nodes if isinstance(node, ir.Name)]
            plain = all(isinstance(argument, ir.Name | ir.Literal) for argument in arguments)
            loops = any(isinstance(node, ir.Fold | ir.SortBy) for node in nodes)
            return None if loops or len(nodes) > 12 or not (plain or len(names) == len(set(names))) else value
    return None


def chained(outer: ir.Program, parameter: str, inner: ir.Program, *, between: str, inline: bool) -> ir.Program:
    """The program that gives inner's result to a parameter of outer: `outer(inner(…))`.

    Args:
        outer, inner: their names must not meet (rename them first), but for the parameters that both take.
        between: what the value between them is called.
        inline: write inner's body and outer's body one after another, where that can be done; else inner is a
            function of its own, and outer's body follows the call.
    """
    last, first = outer.entry, inner.entry
    kind = next(p.type for p in last.parameters if p.name == parameter)
    rest = tuple(p for p in last.parameters if p.name != parameter and p not in first.parameters)
    helpers = (*inner.functions[:-1], *_without(outer.functions[:-1], inner))
    body = inlinable(first) if inline else None
    if body is None:
        arguments = tuple(ir.Name(p.type, p.name) for p in first.parameters)
        body = (ir.Let(between, kind, ir.Call(kind, first.name, arguments)),)
        helpers = (*helpers, first)
    else:
        value = body[-1]
        assert isinstance(value, ir.Return) and value.value is not None
        if isinstance(value.value, ir.Name):
            between, body = value.value.name, body[:-1]
        else:
            body = (*body[:-1], ir.Let(between, kind, value.value))
    renamed = with_local_names(outer, {parameter: between}).entry.body
    classes = (*inner.classes, *(kind for kind in outer.classes if kind not in inner.classes))
    if _calls(last, last.name):
        helpers = (*helpers, last)
        arguments = tuple(ir.Name(p.type, between if p.name == parameter else p.name) for p in last.parameters)
        renamed = (ir.Return(ir.Call(last.result, last.name, arguments)),)
    entry = ir.Function(f"{last.name}_of_{first.name}", (*first.parameters, *rest), last.result, (*body, *renamed))
    return ir.Program((*helpers, entry), classes)


def inlinable(function: ir.Function) -> tuple[ir.Statement, ...] | None:
    """The body, where it ends with its only return and does not call itself."""
    returns = sum(isinstance(node, ir.Return) for node in every(function.body))
    if returns != 1 or not isinstance(function.body[-1], ir.Return) or _calls(function, function.name):
        return None
    return function.body


def local_names(program: ir.Program) -> frozenset[str]:
    """Every variable and parameter of every function."""
    found: set[str] = set()
    for node in walk((program.functions, program.classes)):
        match node:
            case ir.Let(name=name) | ir.Parameter(name=name):
                found.add(name)
            case ir.LetTuple(names=names) | ir.Pattern(names=names):
                found.update(names)
            case ir.SortBy(parameter=name):
                found.add(name)
    return frozenset(found - {"_"})


def with_local_names(program: ir.Program, names: Mapping[str, str]) -> ir.Program:
    """The program with other names for parameters and variables of its entry function alone."""
    entry = rename(ir.Program((program.entry,)), names).entry
    return replace(program, functions=(*program.functions[:-1], entry))


def _substituted(body: tuple[ir.Statement, ...], values: Mapping[str, ir.Expression]) -> tuple[ir.Statement, ...]:
    return tuple(substituted(statement, values) for statement in body)


def _calls(function: ir.Function, name: str) -> bool:
    return any(isinstance(node, ir.Call) and node.function == name for node in every(function.body))


def _without(functions: Sequence[ir.Function], program: ir.Program) -> tuple[ir.Function, ...]:
    """Those that a program does not have already: two atoms may share a helper."""
    return tuple(function for function in functions if function not in program.functions)
