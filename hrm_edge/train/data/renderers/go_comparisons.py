"""Comparisons in Go."""

from typing import Any

from hrm_edge.train.data.ir import nodes as ir
from hrm_edge.train.data.ir.types import List, Map, Queue, Set, Tuple
from hrm_edge.train.data.renderers.go_syntax import Composite, Parentheses, Source, call, operation, prefix
from hrm_edge.train.data.renderers.go_writing import GoWriting


def write_comparison(body: GoWriting, node: ir.Compare) -> Source:
    kind, operator = node.left.type, node.operator
    if isinstance(kind, List | Map | Set | Queue):
        return _equal(body, node)
    if isinstance(kind, Tuple) and operator not in ("==", "!="):
        return _tuple_order(body, node)
    match node.left, node.right:
        case ir.Builtin(name="code", arguments=(first,)), ir.Builtin(name="code", arguments=(second,)):
            return operation(operator, body.expression(first), body.expression(second))
    left, right = _compared(body, node.left, node.right), _compared(body, node.right, node.left)
    return operation(operator, left, right)


def _compared(body: GoWriting, node: Any, other: Any) -> Source:
    source = body.term(node, other)
    return Parentheses(source) if isinstance(source, Composite) else source


def _equal(body: GoWriting, node: ir.Compare) -> Source:
    for side, other in ((node.left, node.right), (node.right, node.left)):
        if isinstance(side, ir.ListDisplay | ir.MapDisplay) and not (
            side.items if isinstance(side, ir.ListDisplay) else side.entries
        ):
            return operation(node.operator, call("len", body.view(other)), "0")
    equal = _equality(body, node.left.type, body.view(node.left), body.view(node.right))
    return equal if node.operator == "==" else prefix("!", equal)


def _equality(body: GoWriting, kind: Any, left: Source, right: Source) -> Source:
    package = "slices" if isinstance(kind, List | Queue) else "maps"
    body.unit.imports.add(package)
    inner = kind.value if isinstance(kind, Map) else kind.item
    if not isinstance(kind, Set) and isinstance(inner, List | Map | Set):
        inner_package = "slices" if isinstance(inner, List) else "maps"
        body.unit.imports.add(inner_package)
        return call(f"{package}.EqualFunc", left, right, f"{inner_package}.Equal[{body.unit.type(inner)}]")
    return call(f"{package}.Equal", left, right)


def _tuple_order(body: GoWriting, node: ir.Compare) -> Source:
    lefts, rights = body.items(node.left), body.items(node.right)
    strict = node.operator[0]
    result = operation(node.operator, lefts[-1], rights[-1])
    for left, right in reversed(list(zip(lefts[:-1], rights[:-1], strict=True))):
        later = operation("&&", operation("==", left, right), result)
        result = operation("||", operation(strict, left, right), later)
    return result
