"""The operations of builtins.MUTATING in Java, as statements."""

from collections.abc import Callable, Mapping
from typing import Any

from hrm_edge.train.data.ir import nodes as ir
from hrm_edge.train.data.ir.types import List
from hrm_edge.train.data.renderers.java_sorting import sort_items
from hrm_edge.train.data.renderers.java_syntax import invoke
from hrm_edge.train.data.renderers.java_writing import JavaBodyWriting


def add_all(body: JavaBodyWriting, name: str, more: Any) -> None:
    """Puts the items of one list at the end of another."""
    if isinstance(more, ir.ListDisplay) and len(more.items) <= 2:
        for item in more.items:
            body.lines(f"{name}.add({body.boxed(item).text});")
    else:
        body.lines(f"{name}.addAll({body.view(more).text});")


def _append(body: JavaBodyWriting, node: ir.Builtin) -> None:
    base, item = node.arguments
    method = "push" if body.is_stack(base) else "add"
    body.lines(f"{invoke(body.expression(base), method, body.boxed(item)).text};")


def _insert(body: JavaBodyWriting, node: ir.Builtin) -> None:
    base, index, item = node.arguments
    body.lines(f"{invoke(body.expression(base), 'add', body.index(index), body.boxed(item)).text};")


def _extend(body: JavaBodyWriting, node: ir.Builtin) -> None:
    base, more = node.arguments
    add_all(body, body.expression(base).text, more)


def _sort(body: JavaBodyWriting, node: ir.Builtin) -> None:
    base = node.arguments[0]
    assert isinstance(base.type, List)
    sort_items(body, body.expression(base), base.type.item, descending=False)


def _reverse(body: JavaBodyWriting, node: ir.Builtin) -> None:
    body.lines(f"{body.unit.library('Collections')}.reverse({body.expression(node.arguments[0]).text});")


def _remove(body: JavaBodyWriting, node: ir.Builtin) -> None:
    base, key = node.arguments
    body.lines(f"{invoke(body.expression(base), 'remove', body.boxed(key)).text};")


EFFECTS: Mapping[str, Callable[[JavaBodyWriting, ir.Builtin], None]] = {
    "append": _append,
    "insert": _insert,
    "extend": _extend,
    "sort": _sort,
    "reverse": _reverse,
    "add": _append,
    "discard": _remove,
    "remove_key": _remove,
}
"""Name → what writes it."""
