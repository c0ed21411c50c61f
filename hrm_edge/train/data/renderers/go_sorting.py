"""Sorting in Go: slices.Sort where items have an order of their own, else sort.Slice with a comparison."""

from dataclasses import replace
from typing import Any

from hrm_edge.train.data.ir import nodes as ir
from hrm_edge.train.data.ir.types import INT, Tuple
from hrm_edge.train.data.renderers.go_syntax import Source, call, element, operation, show
from hrm_edge.train.data.renderers.go_writing import GoBodyWriting


def sort_items(body: GoBodyWriting, target: Any, *, descending: bool) -> None:
    """Sorts a slice in place by its items' own order."""
    item = target.type.item
    if not descending and not isinstance(item, Tuple):
        body.unit.imports.add("slices")
        body.lines(show(call("slices.Sort", body.expression(target))))
        return
    body.unit.imports.add("sort")
    name = body.expression(target)
    first, second = _indexes(body)
    body.lines(f"sort.Slice({show(name)}, func({first}, {second} int) bool {{")
    with body.writer.indented():
        left, right = body.scope.names.draw(("a", "left")), body.scope.names.draw(("b", "right"))
        body.scope.renamed.update({left: element(name, first), right: element(name, second)})
        order = ir.Compare(">" if descending else "<", ir.Name(item, left), ir.Name(item, right))
        body.lines(f"return {show(body.expression(order))}")
    body.lines("})")


def sort_by_key(body: GoBodyWriting, name: str, sort: ir.SortBy) -> None:
    """Sorts a slice in place by a key, items with equal keys left in their order."""
    body.unit.imports.add("sort")
    first, second = _indexes(body)
    body.lines(f"sort.SliceStable({name}, func({first}, {second} int) bool {{")
    with body.writer.indented():
        parts = sort.key.items if isinstance(sort.key, ir.TupleDisplay) else (sort.key,)
        items: tuple[Source, Source] = (element(name, first), element(name, second))
        if len(parts) > 1:
            left, right = (body.unit.variable(body.scope.names.draw(wish)) for wish in (("a", "left"), ("b", "right")))
            body.lines(f"{left}, {right} := {show(items[0], 2)}, {show(items[1], 2)}")
            items = (left, right)
        for at, key in enumerate(parts):
            descending = sort.descending
            if isinstance(key, ir.Unary) and key.operator == "-" and key.type == INT:
                key, descending = key.operand, not descending
            one, other = (_with(body, sort.parameter, item, key) for item in items)
            order = operation(">" if descending else "<", one, other)
            if at == len(parts) - 1:
                body.lines(f"return {show(order)}")
            else:
                body.lines(f"if {show(operation('!=', one, other))} {{", f"\treturn {show(order)}", "}")
    body.lines("})")


def _with(body: GoBodyWriting, parameter: str, item: Source, key: Any) -> Source:
    scope = replace(body.scope, renamed={**body.scope.renamed, parameter: item})
    whole, body.scope = body.scope, scope
    source = body.expression(key)
    body.scope = whole
    return source


def _indexes(body: GoBodyWriting) -> tuple[str, str]:
    first, second = body.scope.names.draw(("i", "p", "left_index")), body.scope.names.draw(("j", "q", "right_index"))
    return body.unit.variable(first), body.unit.variable(second)
