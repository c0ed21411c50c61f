"""Passes over whole programs: every function body the same way, and keys of sorting as functions of their own."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from hrm_edge.train.data.ir import nodes as ir
from hrm_edge.train.data.ir.traversal import every, rebuilt
from hrm_edge.train.data.ir.types import NOTHING, Tuple


def map_functions(program: ir.Program, change: Callable[[ir.Function], ir.Function]) -> ir.Program:
    """The program with every function and method changed, constructors left as they are."""
    return replace(
        program,
        functions=tuple(change(function) for function in program.functions),
        classes=tuple(replace(kind, methods=tuple(map(change, kind.methods))) for kind in program.classes),
    )


def rewritten(tree: Any, change: Callable[[Any], Any]) -> Any:
    """A tree with every node changed, parts before the whole."""
    return change(rebuilt(tree, lambda part: rewritten(part, change)))


def constructor(kind: ir.Class) -> ir.Function:
    """The constructor as a function that returns its fields' values as one tuple, for passes over functions."""
    values = tuple(value for _, _, value in kind.fields)
    type_ = Tuple(tuple(type_ for _, type_, _ in kind.fields))
    return ir.Function(f"new_{kind.name}", kind.parameters, NOTHING, (ir.Return(ir.TupleDisplay(type_, values)),))


def keys_as_functions(program: ir.Program, is_plain: Callable[[ir.Expression], bool]) -> ir.Program:
    """The program with a function of its own for every key of a SortBy that is not plain in a language."""
    taken = {function.name for function in program.functions}
    made: list[ir.Function] = []

    def change(node: Any) -> Any:
        if not isinstance(node, ir.SortBy) or all(map(is_plain, every(node.key))):
            return node
        item = ir.Name(node.type.item, node.parameter)
        free = _free(node.key) - {node.parameter}
        outside = sorted(free)
        types: Mapping[str, Any] = {part.name: part.type for part in every(node.key) if isinstance(part, ir.Name)}
        name = next(name for name in ("sort_key", "rank", *_numbered("sort_key")) if name not in taken)
        taken.add(name)
        parameters = (ir.Parameter(node.parameter, item.type), *(ir.Parameter(each, types[each]) for each in outside))
        made.append(ir.Function(name, parameters, node.key.type, (ir.Return(node.key),)))
        arguments = (item, *(ir.Name(types[each], each) for each in outside))
        return replace(node, key=ir.Call(node.key.type, name, arguments))

    if not any(isinstance(node, ir.SortBy) for node in every((program.functions, program.classes))):
        return program
    new = map_functions(program, lambda function: rewritten(function, change))
    return replace(new, functions=(*made, *new.functions))


def _free(tree: Any) -> set[str]:
    """Variables that an expression does not bind itself; the reader lets no binding hide another."""
    bound = {name for node in every(tree) if isinstance(node, ir.Fold) for name in node.pattern.names}
    return {node.name for node in every(tree) if isinstance(node, ir.Name)} - bound


def _numbered(name: str) -> tuple[str, ...]:
    return tuple(f"{name}_{number}" for number in range(2, 10))
