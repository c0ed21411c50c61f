"""The operations of builtins.BUILTINS in Java, those that are expressions; java_statements has the others."""

from collections.abc import Mapping

from hrm_edge.train.data.ir import nodes as ir
from hrm_edge.train.data.ir.types import CHAR, STR
from hrm_edge.train.data.renderers.java_syntax import Java, cast, function, invoke, operation
from hrm_edge.train.data.renderers.java_texts import TEXT_OPERATIONS, Writer, method, static
from hrm_edge.train.data.renderers.java_writing import JavaWriting

ZERO, ONE = Java("0", "int"), Java("1", "int")


def _extreme(body: JavaWriting, node: ir.Builtin) -> Java:
    left, right = (body.expression(argument) for argument in node.arguments)
    if node.type == STR:
        order = operation("<=" if node.name == "min" else ">=", invoke(left, "compareTo", right), ZERO, "boolean")
        return Java(f"{order.text} ? {left.text} : {right.text}", "", 1, "?")
    kind = "long" if "long" in (left.plain, right.plain) else left.plain
    if node.type == CHAR:
        return cast("char", function(f"Math.{node.name}", left, right))
    return function(f"Math.{node.name}", left, right, kind="double" if "double" in (left.plain, right.plain) else kind)


def _isqrt(body: JavaWriting, node: ir.Builtin) -> Java:
    return cast(body.unit.whole, function("Math.sqrt", body.expression(node.arguments[0])))


def _truncate(body: JavaWriting, node: ir.Builtin) -> Java:
    return cast(body.unit.whole, body.expression(node.arguments[0]))


def _to_float(body: JavaWriting, node: ir.Builtin) -> Java:
    return cast("double", body.expression(node.arguments[0]))


def _bit_count(body: JavaWriting, node: ir.Builtin) -> Java:
    value = body.expression(node.arguments[0])
    return function(f"{'Long' if value.plain == 'long' else 'Integer'}.bitCount", value, kind="int")


def _bit_length(body: JavaWriting, node: ir.Builtin) -> Java:
    value = body.expression(node.arguments[0])
    box, size = ("Long", "64") if value.plain == "long" else ("Integer", "32")
    zeros = function(f"{box}.numberOfLeadingZeros", value, kind="int")
    return operation("-", Java(size, "int"), zeros, "int")


# --- lists


def _is_builder(body: JavaWriting, base: ir.Expression) -> bool:
    return isinstance(base, ir.Name) and base.name in body.scope.builders


def _length(body: JavaWriting, node: ir.Builtin) -> Java:
    base = node.arguments[0]
    if isinstance(base, ir.Name) and _is_builder(body, base):
        return Java(f"{body.unit.variable(base.name)}.length()", "int")
    if body.is_array(base):
        return Java(f"{body.expression(base).text}.length", "int")
    return invoke(body.view(base), "length" if base.type == STR else "size", kind="int")


def _is_empty(body: JavaWriting, node: ir.Builtin) -> Java:
    if _is_builder(body, node.arguments[0]) or body.is_array(node.arguments[0]):
        return operation("==", _length(body, node), ZERO, "boolean")
    return invoke(body.view(node.arguments[0]), "isEmpty", kind="boolean")


def _last(body: JavaWriting, node: ir.Builtin) -> Java:
    items = node.arguments[0]
    base = body.view(items)
    if body.is_stack(items):
        return invoke(base, "peek", kind=body.box(node.type))
    if body.is_array(items):
        return Java(f"{base.text}[{base.text}.length - 1]", body.kind(node.type))
    if not base.text.isidentifier():
        name = body.unit.variable(body.scope.names.draw(("items", "parts", "group")))
        body.emit(f"{body.unit.type(items.type)} {name} = {base.text};")
        base = Java(name)
    if items.type == STR:
        at = operation("-", invoke(base, "length", kind="int"), ONE, "int")
        return invoke(base, "charAt", at, kind="char")
    at = operation("-", invoke(base, "size", kind="int"), ONE, "int")
    return invoke(base, "get", at, kind=body.box(node.type))


def _pop(body: JavaWriting, node: ir.Builtin) -> Java:
    base = body.expression(node.arguments[0])
    if body.is_stack(node.arguments[0]):
        return invoke(base, "pop", kind=body.box(node.type))
    at = operation("-", invoke(base, "size", kind="int"), ONE, "int")
    return invoke(base, "remove", at, kind=body.box(node.type))


def _pop_first(body: JavaWriting, node: ir.Builtin) -> Java:
    return invoke(body.expression(node.arguments[0]), "poll", kind=body.box(node.type))


def _sum(body: JavaWriting, node: ir.Builtin) -> Java:
    long = body.unit.whole == "long"
    mapping = Java("Long::longValue" if long else "Integer::intValue")
    stream = invoke(body.view(node.arguments[0]), "stream")
    return invoke(invoke(stream, "mapToLong" if long else "mapToInt", mapping), "sum", kind=body.unit.whole)


def _collection(name: str) -> Writer:
    def write(body: JavaWriting, node: ir.Builtin) -> Java:
        items = body.view(node.arguments[0])
        return function(f"{body.unit.library('Collections')}.{name}", items, kind=body.box(node.type))

    return write


def _copy(body: JavaWriting, node: ir.Builtin) -> Java:
    return body.copied(body.view(node.arguments[0]))


def _count_item(body: JavaWriting, node: ir.Builtin) -> Java:
    items, item = node.arguments
    return function(f"{body.unit.library('Collections')}.frequency", body.view(items), body.boxed(item), kind="int")


def _filled(body: JavaWriting, node: ir.Builtin) -> Java:
    item, count = node.arguments
    return body.copied(function(f"{body.unit.library('Collections')}.nCopies", body.index(count), body.boxed(item)))


# --- maps, sets, queues


def _get(body: JavaWriting, node: ir.Builtin) -> Java:
    base, key, default = node.arguments
    return invoke(body.expression(base), "getOrDefault", body.boxed(key), body.boxed(default), kind=body.box(node.type))


def _keys(body: JavaWriting, node: ir.Builtin) -> Java:
    return invoke(body.expression(node.arguments[0]), "keySet")


def _sorted_keys(body: JavaWriting, node: ir.Builtin) -> Java:
    return Java(f"new {body.unit.library('TreeSet')}<>({_keys(body, node).text})")


def _new(name: str) -> Writer:
    """A new collection of the items of another."""

    def write(body: JavaWriting, node: ir.Builtin) -> Java:
        made = f"new {body.unit.library(name)}<>"
        arguments = node.arguments
        if not arguments or (isinstance(arguments[0], ir.ListDisplay) and not arguments[0].items):
            return Java(f"{made}()")
        return Java(f"{made}({body.view(arguments[0]).text})")

    return write


def _values(body: JavaWriting, node: ir.Builtin) -> Java:
    return invoke(body.expression(node.arguments[0]), "values")


def _abs(body: JavaWriting, node: ir.Builtin) -> Java:
    value = body.expression(node.arguments[0])
    return function("Math.abs", value, kind="int" if value.plain == "char" else value.plain)


OPERATIONS: Mapping[str, Writer] = {
    "abs": _abs,
    "min": _extreme,
    "max": _extreme,
    "isqrt": _isqrt,
    "sqrt": static("Math.sqrt", "double"),
    "to_float": _to_float,
    "truncate": _truncate,
    "bit_count": _bit_count,
    "bit_length": _bit_length,
    **TEXT_OPERATIONS,
    "length": _length,
    "is_empty": _is_empty,
    "last": _last,
    "sum": _sum,
    "smallest": _collection("min"),
    "largest": _collection("max"),
    "copy": _copy,
    "contains": method("contains", "boolean"),
    "index_of": method("indexOf", "int"),
    "count_item": _count_item,
    "filled": _filled,
    "get": _get,
    "has_key": method("containsKey", "boolean"),
    "keys": _keys,
    "values": _values,
    "sorted_keys": _sorted_keys,
    "sorted_set": _new("TreeSet"),
    "set_of": _new("HashSet"),
    "empty_set": _new("HashSet"),
    "has": method("contains", "boolean"),
    "queue_of": _new("ArrayDeque"),
    "pop": _pop,
    "pop_first": _pop_first,
}
