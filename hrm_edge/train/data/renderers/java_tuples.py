"""Tuples in Java: records inside a program; arrays, entries of a map or lists where functions return them."""

from typing import Any

from hrm_edge.train.data.ir import nodes as ir
from hrm_edge.train.data.ir.types import Tuple
from hrm_edge.train.data.renderers.java_syntax import Java, cast, function, invoke
from hrm_edge.train.data.renderers.java_unit import is_array, is_entry, member_of
from hrm_edge.train.data.renderers.java_writing import JavaWriting

_ENTRY = ("getKey", "getValue")


def tuple_items(body: JavaWriting, node: Any) -> list[Java]:
    """The parts of a tuple inside the program."""
    if isinstance(node, ir.TupleDisplay):
        return [body.expression(item) for item in node.items]
    if isinstance(node, ir.Unwrap):
        return parts_of(body, invoke(body.expression(node.operand), "get"), node.type)  # type: ignore[arg-type]
    base = body.expression(node)
    return [invoke(base, member_of(at), kind=body.kind(type_)) for at, type_ in enumerate(node.type.items)]


def returned_tuple(body: JavaWriting, node: Any, type_: Tuple) -> Java:
    """A tuple as a function's result."""
    if not is_array(type_):
        return collected_tuple(body, node, type_)
    one = type_.items[0]
    display = isinstance(node, ir.TupleDisplay)
    parts = [body.fitted(item, one) for item in node.items] if display else tuple_items(body, node)
    return Java(f"new {body.unit.type(one)}[] {{{', '.join(part.text for part in parts)}}}")


def collected_tuple(body: JavaWriting, node: Any, type_: Tuple) -> Java:
    """A tuple as the entry of a map, or as a list."""
    parts = [body.boxed(item) for item in node.items] if isinstance(node, ir.TupleDisplay) else tuple_items(body, node)
    made = f"{body.unit.library('Map')}.entry" if is_entry(type_) else f"{body.unit.library('List')}.of"
    return function(made, *parts)


def parts_of(body: JavaWriting, base: Java, type_: Tuple) -> list[Java]:
    """The parts of such an entry or list."""
    if is_entry(type_):
        return [invoke(base, name, kind=body.box(one)) for name, one in zip(_ENTRY, type_.items, strict=True)]
    parts = [invoke(base, "get", Java(str(at)), kind=body.box(one)) for at, one in enumerate(type_.items)]
    if len(set(type_.items)) == 1:
        return parts
    return [cast(body.unit.boxed(one), part) for one, part in zip(type_.items, parts, strict=True)]
