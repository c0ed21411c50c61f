"""Values in Go that take several statements, or come with a second value, where a variable gets them."""

from typing import Any

from hrm_edge.train.data.ir import nodes as ir
from hrm_edge.train.data.ir.types import Set
from hrm_edge.train.data.renderers.go_preparation import is_zero
from hrm_edge.train.data.renderers.go_sorting import sort_by_key, sort_items
from hrm_edge.train.data.renderers.go_syntax import Source, call, element, operation, part, show
from hrm_edge.train.data.renderers.go_writing import GoBodyWriting

_FRESH = frozenset(("sorted", "reversed", "copy", "filled", "words", "split", "chars"))


def write_building(body: GoBodyWriting, target: ir.Name, value: Any, sign: str) -> bool:
    """A variable whose value takes several statements, or gives two values; whether it is one."""
    name = show(body.target(target))
    match value:
        case ir.Builtin(name="pop", arguments=(items,)):
            base = body.expression(items)
            last = operation("-", call("len", base), "1")
            body.lines(f"{name} {sign} {show(element(base, last))}")
            body.lines(f"{show(base)} = {show(part(base, None, last))}")
        case ir.Builtin(name="pop_first", arguments=(items,)):
            base = body.expression(items)
            body.lines(f"{name} {sign} {show(element(base, '0'))}", f"{show(base)} = {show(part(base, '1', None))}")
        case ir.Builtin(name="parse_int", arguments=(text,)):
            body.unit.imports.add("strconv")
            body.lines(f"{name}, _ {sign} {show(call('strconv.Atoi', body.expression(text)))}")
        case ir.Builtin(name="has_key"):
            body.lines(f"_, {name} {sign} {show(_entry(body, value))}")
        case ir.Builtin(name="get", arguments=(_, _, default)) if not is_zero(default):
            known = body.known
            body.lines(f"{name}, {known} {sign} {show(_entry(body, value))}", f"if !{known} {{")
            body.block((ir.Assign(target, default),))
            body.lines("}")
        case ir.Builtin(name="filled", arguments=(item, count)) if not is_zero(item):
            _fill(body, target, item, count, sign)
        case ir.Builtin(name="sorted" | "sorted_descending" | "reversed" as operation_name, arguments=(items,)):
            body.lines(f"{name} {sign} {show(_own(body, items))}")
            _ordered(body, target, operation_name)
        case ir.SortBy(base=items):
            body.lines(f"{name} {sign} {show(_own(body, items))}")
            sort_by_key(body, name, value)
        case ir.Binary(type=Set(), operator="|"):
            body.unit.imports.add("maps")
            body.lines(
                f"{name} {sign} {show(call('maps.Clone', body.expression(value.left)))}",
                show(call("maps.Copy", name, body.expression(value.right))),
            )
        case _:
            return False
    return True


def _entry(body: GoBodyWriting, node: ir.Builtin) -> Source:
    return element(body.expression(node.arguments[0]), body.expression(node.arguments[1]))


def _own(body: GoBodyWriting, items: Any) -> Source:
    """A list that nothing else has."""
    fresh = isinstance(items, ir.ListDisplay) or (isinstance(items, ir.Builtin) and items.name in _FRESH)
    return body.expression(items) if fresh else body.cloned(body.view(items))


def _ordered(body: GoBodyWriting, target: ir.Name, name: str) -> None:
    if name == "reversed":
        body.unit.imports.add("slices")
        body.lines(show(call("slices.Reverse", body.expression(target))))
    else:
        sort_items(body, target, descending=name == "sorted_descending")


def _fill(body: GoBodyWriting, target: ir.Name, item: Any, count: Any, sign: str) -> None:
    name = show(body.target(target))
    index = body.unit.variable(body.scope.names.draw(("i", "j", "k", "at")))
    made = call("make", body.unit.type(target.type), body.expression(count))
    body.lines(f"{name} {sign} {show(made)}", f"for {index} := range {name} {{")
    with body.writer.indented():
        body.lines(f"{show(element(name, index))} = {show(body.expression(item))}")
    body.lines("}")
