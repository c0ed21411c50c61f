"""The operations of builtins.MUTATING in Go, as statements."""

from collections.abc import Callable, Mapping

from hrm_edge.train.data.ir import nodes as ir
from hrm_edge.train.data.renderers.go_sorting import sort_items
from hrm_edge.train.data.renderers.go_syntax import call, element, operation, part, show
from hrm_edge.train.data.renderers.go_writing import GoBodyWriting


def _append(body: GoBodyWriting, node: ir.Builtin) -> None:
    items, value = node.arguments
    base = body.expression(items)
    body.lines(f"{show(base)} = {show(call('append', base, body.kept(value, None)))}")


def _pop(body: GoBodyWriting, node: ir.Builtin) -> None:
    base = body.expression(node.arguments[0])
    last = operation("-", call("len", base), "1")
    body.lines(f"{show(base)} = {show(part(base, None, last))}")


def _pop_first(body: GoBodyWriting, node: ir.Builtin) -> None:
    base = body.expression(node.arguments[0])
    body.lines(f"{show(base)} = {show(part(base, '1', None))}")


def _insert(body: GoBodyWriting, node: ir.Builtin) -> None:
    base, index, value = (body.expression(argument) for argument in node.arguments)
    body.unit.imports.add("slices")
    body.lines(f"{show(base)} = {show(call('slices.Insert', base, index, value))}")


def _extend(body: GoBodyWriting, node: ir.Builtin) -> None:
    base, more = body.expression(node.arguments[0]), node.arguments[1]
    if isinstance(more, ir.ListDisplay):
        grown = call("append", base, *(body.kept(item, None) for item in more.items))
    else:
        grown = call("append", base, body.view(more), spread=True)
    body.lines(f"{show(base)} = {show(grown)}")


def _reverse(body: GoBodyWriting, node: ir.Builtin) -> None:
    body.unit.imports.add("slices")
    body.lines(show(call("slices.Reverse", body.expression(node.arguments[0]))))


def _add(body: GoBodyWriting, node: ir.Builtin) -> None:
    base, item = (body.expression(argument) for argument in node.arguments)
    body.lines(f"{show(element(base, item))} = true")


def _delete(body: GoBodyWriting, node: ir.Builtin) -> None:
    body.lines(show(call("delete", *(body.expression(argument) for argument in node.arguments))))


def _sort(body: GoBodyWriting, node: ir.Builtin) -> None:
    sort_items(body, node.arguments[0], descending=False)


EFFECTS: Mapping[str, Callable[[GoBodyWriting, ir.Builtin], None]] = {
    "append": _append,
    "pop": _pop,
    "pop_first": _pop_first,
    "insert": _insert,
    "extend": _extend,
    "sort": _sort,
    "reverse": _reverse,
    "add": _add,
    "discard": _delete,
    "remove_key": _delete,
}
"""Name → what writes it."""
