"""Sorting in Java: Collections.sort where items have an order of their own, else a Comparator."""

from typing import Any

from hrm_edge.train.data.ir import nodes as ir
from hrm_edge.train.data.ir.analysis import reassigned
from hrm_edge.train.data.ir.traversal import every
from hrm_edge.train.data.ir.types import Float, Int, Tuple
from hrm_edge.train.data.renderers.java_syntax import Java
from hrm_edge.train.data.renderers.java_unit import member_of
from hrm_edge.train.data.renderers.java_writing import JavaBodyWriting


def sort_items(body: JavaBodyWriting, target: Java, item: Any, *, descending: bool) -> None:
    """Sorts a list in place by its items' own order."""
    if isinstance(item, Tuple):
        body.lines(f"{target.text}.sort({_by_parts(body, item)}{'.reversed()' if descending else ''});")
    elif descending:
        body.lines(f"{target.text}.sort({body.unit.library('Comparator')}.reverseOrder());")
    else:
        body.lines(f"{body.unit.library('Collections')}.sort({target.text});")


def _by_parts(body: JavaBodyWriting, type_: Tuple) -> str:
    """A comparator of records, part by part."""
    record = body.unit.record(type_)
    order = body.unit.library("Comparator")
    for at, item in enumerate(type_.items):
        inner = f", {_by_parts(body, item)}" if isinstance(item, Tuple) else ""
        order += f".{_method(body, item, first=at == 0)}({record}::{member_of(at)}{inner})"
    return order


def sort_by_key(body: JavaBodyWriting, name: str, sort: ir.SortBy) -> None:
    """Sorts a list in place by a key, items with equal keys left in their order."""
    key = _capturing(body, sort.key, sort.parameter)
    parts = key.items if isinstance(key, ir.TupleDisplay) else (key,)
    item = body.unit.variable(sort.parameter)
    body.scope.renamed[sort.parameter] = Java(item, body.box(sort.type.item))
    kind = body.unit.boxed(sort.type.item)
    order = ""
    for at, part in enumerate(parts):
        parameter = f"({kind} {item})" if at == 0 and (len(parts) > 1 or sort.descending) else item
        order += f".{_method(body, part.type, first=at == 0)}({parameter} -> {body.expression(part).text})"
    if sort.descending:
        order += ".reversed()"
    body.lines(f"{name}.sort({body.unit.library('Comparator')}{order});")


def _method(body: JavaBodyWriting, type_: Any, *, first: bool) -> str:
    match type_:
        case Int():
            kind = body.unit.whole.capitalize()
        case Float():
            kind = "Double"
        case _:
            kind = ""
    return f"{'comparing' if first else 'thenComparing'}{kind}"


def _capturing(body: JavaBodyWriting, key: Any, parameter: str) -> Any:
    """The key, with variables that change replaced by others that do not: a lambda may only look at such."""
    names = {node.name: node for node in every(key) if isinstance(node, ir.Name) and node.name != parameter}
    for name in sorted(names.keys() & reassigned(body.function.body)):
        fixed = body.unit.variable(body.scope.names.draw((f"fixed_{name}", f"current_{name}")))
        body.lines(f"{body.unit.type(names[name].type)} {fixed} = {body.unit.variable(name)};")
        body.scope.renamed[name] = Java(fixed, body.kind(names[name].type))
    return key
