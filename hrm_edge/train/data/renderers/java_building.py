"""Variables in Java whose value takes several statements, and lists that are arrays or a Deque."""

from typing import Any

from hrm_edge.train.data.ir import nodes as ir
from hrm_edge.train.data.ir.types import Char, List, Set, Str
from hrm_edge.train.data.renderers.java_effects import add_all
from hrm_edge.train.data.renderers.java_sorting import sort_by_key, sort_items
from hrm_edge.train.data.renderers.java_syntax import Java, invoke
from hrm_edge.train.data.renderers.java_texts import split_array
from hrm_edge.train.data.renderers.java_writing import JavaBodyWriting

SET_METHODS = {"&": "retainAll", "|": "addAll", "-": "removeAll"}
_FRESH = frozenset(("copy", "filled", "words", "split"))


def write_building(body: JavaBodyWriting, name: str, declared: str, value: Any) -> bool:
    """A variable whose value takes several statements; whether it is one."""
    match value:
        case ir.Builtin(type=List(item=item), name="sorted" | "sorted_descending" as kind, arguments=(items,)):
            body.lines(f"{declared} = {_own(body, items).text};")
            sort_items(body, Java(name), item, descending=kind == "sorted_descending")
        case ir.Builtin(name="reversed", arguments=(items,)):
            body.lines(f"{declared} = {_own(body, items).text};")
            body.lines(f"{body.unit.library('Collections')}.reverse({name});")
        case ir.Builtin(name="sorted_keys" | "sorted_set" as kind, arguments=(items,)):
            base = body.expression(items)
            source = invoke(base, "keySet") if kind == "sorted_keys" else base
            body.lines(f"{declared} = {body.copied(source).text};")
            sort_items(body, Java(name), value.type.item, descending=False)  # type: ignore[union-attr]
        case ir.SortBy(base=items):
            body.lines(f"{declared} = {_own(body, items).text};")
            sort_by_key(body, name, value)
        case ir.Builtin(name="sorted_text", arguments=(text,)):
            letters = body.unit.variable(body.scope.names.draw(("letters", "characters")))
            body.lines(f"char[] {letters} = {invoke(body.expression(text), 'toCharArray').text};")
            body.lines(f"{body.unit.library('Arrays')}.sort({letters});")
            body.lines(f"{declared} = new String({letters});")
        case ir.Binary(type=List(), left=left, right=right):
            body.lines(f"{declared} = {_own(body, left).text};")
            add_all(body, name, right)
        case ir.Binary(type=Set(), operator=operator, left=left, right=right):
            copied = f"new {body.unit.library('HashSet')}<>({body.expression(left).text})"
            method = SET_METHODS[operator]
            body.lines(f"{declared} = {copied};", f"{name}.{method}({body.expression(right).text});")
        case _:
            return False
    return True


def _own(body: JavaBodyWriting, items: Any) -> Java:
    """A list that nothing else has."""
    fresh = isinstance(items, ir.ListDisplay) or (isinstance(items, ir.Builtin) and items.name in _FRESH)
    return body.expression(items) if fresh else body.copied(body.view(items))


def write_array(body: JavaBodyWriting, name: str, type_: Any, value: Any) -> None:
    """An array, filled where its items do not begin as Java has them."""
    match value:
        case ir.ListDisplay(items=items):
            kind = body.unit.type(type_.item)
            made = ", ".join(body.fitted(item, type_.item).text for item in items)
            body.lines(f"{kind}[] {name} = {{{made}}};")
        case ir.Builtin(name="split"):
            body.lines(f"String[] {name} = {split_array(body, value).text};")
        case ir.Builtin(arguments=(ir.Builtin(name="filled", arguments=(item, columns)), rows)):
            kind = body.unit.type(item.type)
            body.lines(f"{kind}[][] {name} = new {kind}[{body.index(rows).text}][{body.index(columns).text}];")
            if not _is_zero(item):
                row = body.unit.variable(body.scope.names.draw(("row", "line", "cells")))
                body.lines(f"for ({kind}[] {row} : {name}) {{", f"    {_filling(body, row, item)}", "}")
        case ir.Builtin(arguments=(item, count)):
            kind = body.unit.type(item.type)
            body.lines(f"{kind}[] {name} = new {kind}[{body.index(count).text}];")
            if not _is_zero(item):
                body.lines(_filling(body, name, item))


def _filling(body: JavaBodyWriting, name: str, item: Any) -> str:
    return f"{body.unit.library('Arrays')}.fill({name}, {body.fitted(item, item.type).text});"


def write_stack(body: JavaBodyWriting, name: str, type_: Any, value: Any) -> None:
    """A Deque, perhaps with one item."""
    kind = f"{body.unit.library('Deque')}<{body.unit.boxed(type_.item)}>"
    first = body.view(value).text if value.items else ""
    body.lines(f"{kind} {name} = new {body.unit.library('ArrayDeque')}<>({first});")


def _is_zero(item: Any) -> bool:
    """Whether an array's items begin as this."""
    return isinstance(item, ir.Literal) and item.value in (0, False) and not isinstance(item.type, Str | Char)
