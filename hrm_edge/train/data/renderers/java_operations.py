"""The operations of builtins.BUILTINS in Java, those that are expressions; java_statements has the others."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from hrm_edge.train.data.ir import nodes as ir
from hrm_edge.train.data.ir.types import CHAR, STR
from hrm_edge.train.data.renderers.java_syntax import Java, cast, function, invoke, operation
from hrm_edge.train.data.renderers.java_unit import scalar

if TYPE_CHECKING:
    from hrm_edge.train.data.renderers.java_expressions import JavaExpressions

Writer = Callable[["JavaExpressions", ir.Builtin], Java]
ZERO, ONE = Java("0", "int"), Java("1", "int")


def _static(name: str, kind: str = "") -> Writer:
    """A static method with the same arguments; without a kind, it gives what its argument is."""

    def write(body: "JavaExpressions", node: ir.Builtin) -> Java:
        arguments = [body.expression(argument) for argument in node.arguments]
        return function(name, *arguments, kind=kind or arguments[0].plain)

    return write


def _method(name: str, kind: str = "") -> Writer:
    """A method of the first argument."""

    def write(body: "JavaExpressions", node: ir.Builtin) -> Java:
        base, *others = node.arguments
        return invoke(body.view(base), name, *(body.boxed(other) for other in others), kind=kind)

    return write


def _extreme(body: "JavaExpressions", node: ir.Builtin) -> Java:
    left, right = (body.expression(argument) for argument in node.arguments)
    if node.type == STR:
        order = operation("<=" if node.name == "min" else ">=", invoke(left, "compareTo", right), ZERO, "boolean")
        return Java(f"{order.text} ? {left.text} : {right.text}", "", 1, "?")
    kind = "long" if "long" in (left.plain, right.plain) else left.plain
    if node.type == CHAR:
        return cast("char", function(f"Math.{node.name}", left, right))
    return function(f"Math.{node.name}", left, right, kind="double" if "double" in (left.plain, right.plain) else kind)


def _isqrt(body: "JavaExpressions", node: ir.Builtin) -> Java:
    return cast(body.unit.whole, function("Math.sqrt", body.expression(node.arguments[0])))


def _truncate(body: "JavaExpressions", node: ir.Builtin) -> Java:
    return cast(body.unit.whole, body.expression(node.arguments[0]))


def _to_float(body: "JavaExpressions", node: ir.Builtin) -> Java:
    return cast("double", body.expression(node.arguments[0]))


def _bit_count(body: "JavaExpressions", node: ir.Builtin) -> Java:
    value = body.expression(node.arguments[0])
    return function(f"{'Long' if value.plain == 'long' else 'Integer'}.bitCount", value, kind="int")


def _bit_length(body: "JavaExpressions", node: ir.Builtin) -> Java:
    value = body.expression(node.arguments[0])
    box, size = ("Long", "64") if value.plain == "long" else ("Integer", "32")
    zeros = function(f"{box}.numberOfLeadingZeros", value, kind="int")
    return operation("-", Java(size, "int"), zeros, "int")


# --- characters


def _code(body: "JavaExpressions", node: ir.Builtin) -> Java:
    """The character itself, which counts as a number; where it does not, `fitted` and `boxed` cast it."""
    return body.expression(node.arguments[0])._replace(kind="char")


def _char_of(body: "JavaExpressions", node: ir.Builtin) -> Java:
    return cast("char", body.expression(node.arguments[0]))


def _digit_value(body: "JavaExpressions", node: ir.Builtin) -> Java:
    return operation("-", body.expression(node.arguments[0]), Java("'0'", "char"), "int")


def _text_of_char(body: "JavaExpressions", node: ir.Builtin) -> Java:
    inner = node.arguments[0]
    if isinstance(inner, ir.Literal):
        return scalar(inner.value, STR, body.unit.whole)
    return function("String.valueOf", body.expression(inner))


# --- texts


def _split(body: "JavaExpressions", node: ir.Builtin) -> Java:
    return body.copied(function(f"{body.unit.library('Arrays')}.asList", split_array(body, node)))


def split_array(body: "JavaExpressions", node: ir.Builtin) -> Java:
    """`s.split(",", -1)`: an array of texts, the empty ones at the end too."""
    text, separator = node.arguments
    assert isinstance(separator, ir.Literal)
    plain = str(separator.value)
    pattern = f"\\{plain}" if len(plain) == 1 and plain in ".|*+?^$()[]{}\\" else plain
    return invoke(body.expression(text), "split", scalar(pattern, STR, "int"), Java("-1", "int"))


def _words(body: "JavaExpressions", node: ir.Builtin) -> Java:
    text = body.expression(node.arguments[0])
    array = invoke(text, "split", Java('"\\\\s+"'))
    collector = f"{body.unit.library('Collectors')}.toList()"
    stream = f"{body.unit.library('Arrays')}.stream({array.text})"
    return Java(f"{stream}.filter(part -> !part.isEmpty()).collect({collector})")


def _join(body: "JavaExpressions", node: ir.Builtin) -> Java:
    return function("String.join", *(body.view(argument) for argument in node.arguments))


def _count_text(body: "JavaExpressions", node: ir.Builtin) -> Java:
    text, part = (body.expression(argument) for argument in node.arguments)
    without = invoke(text, "replace", part, Java('""'))
    lost = operation("-", invoke(text, "length", kind="int"), invoke(without, "length", kind="int"), "int")
    return operation("/", lost, invoke(part, "length", kind="int"), "int")


def _contains_char(body: "JavaExpressions", node: ir.Builtin) -> Java:
    text, char = (body.expression(argument) for argument in node.arguments)
    return operation(">=", invoke(text, "indexOf", char, kind="int"), ZERO, "boolean")


def _repeat(body: "JavaExpressions", node: ir.Builtin) -> Java:
    return invoke(body.expression(node.arguments[0]), "repeat", body.index(node.arguments[1]))


def _reversed_text(body: "JavaExpressions", node: ir.Builtin) -> Java:
    builder = function("new StringBuilder", body.expression(node.arguments[0]))
    return invoke(invoke(builder, "reverse"), "toString")


def _parse_int(body: "JavaExpressions", node: ir.Builtin) -> Java:
    name = "Long.parseLong" if body.unit.whole == "long" else "Integer.parseInt"
    return function(name, body.expression(node.arguments[0]), kind=body.unit.whole)


def _text_of_int(body: "JavaExpressions", node: ir.Builtin) -> Java:
    value = body.expression(node.arguments[0])
    return function("String.valueOf", cast("int", value) if value.kind == "char" else value)


# --- lists


def _is_builder(body: "JavaExpressions", base: ir.Expression) -> bool:
    return isinstance(base, ir.Name) and base.name in body.scope.builders


def _length(body: "JavaExpressions", node: ir.Builtin) -> Java:
    base = node.arguments[0]
    if isinstance(base, ir.Name) and _is_builder(body, base):
        return Java(f"{body.unit.variable(base.name)}.length()", "int")
    if body.is_array(base):
        return Java(f"{body.expression(base).text}.length", "int")
    return invoke(body.view(base), "length" if base.type == STR else "size", kind="int")


def _is_empty(body: "JavaExpressions", node: ir.Builtin) -> Java:
    if _is_builder(body, node.arguments[0]) or body.is_array(node.arguments[0]):
        return operation("==", _length(body, node), ZERO, "boolean")
    return invoke(body.view(node.arguments[0]), "isEmpty", kind="boolean")


def _last(body: "JavaExpressions", node: ir.Builtin) -> Java:
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


def _pop(body: "JavaExpressions", node: ir.Builtin) -> Java:
    base = body.expression(node.arguments[0])
    if body.is_stack(node.arguments[0]):
        return invoke(base, "pop", kind=body.box(node.type))
    at = operation("-", invoke(base, "size", kind="int"), ONE, "int")
    return invoke(base, "remove", at, kind=body.box(node.type))


def _pop_first(body: "JavaExpressions", node: ir.Builtin) -> Java:
    return invoke(body.expression(node.arguments[0]), "poll", kind=body.box(node.type))


def _sum(body: "JavaExpressions", node: ir.Builtin) -> Java:
    long = body.unit.whole == "long"
    mapping = Java("Long::longValue" if long else "Integer::intValue")
    stream = invoke(body.view(node.arguments[0]), "stream")
    return invoke(invoke(stream, "mapToLong" if long else "mapToInt", mapping), "sum", kind=body.unit.whole)


def _collection(name: str) -> Writer:
    def write(body: "JavaExpressions", node: ir.Builtin) -> Java:
        items = body.view(node.arguments[0])
        return function(f"{body.unit.library('Collections')}.{name}", items, kind=body.box(node.type))

    return write


def _copy(body: "JavaExpressions", node: ir.Builtin) -> Java:
    return body.copied(body.view(node.arguments[0]))


def _count_item(body: "JavaExpressions", node: ir.Builtin) -> Java:
    items, item = node.arguments
    return function(f"{body.unit.library('Collections')}.frequency", body.view(items), body.boxed(item), kind="int")


def _filled(body: "JavaExpressions", node: ir.Builtin) -> Java:
    item, count = node.arguments
    return body.copied(function(f"{body.unit.library('Collections')}.nCopies", body.index(count), body.boxed(item)))


# --- maps, sets, queues


def _get(body: "JavaExpressions", node: ir.Builtin) -> Java:
    base, key, default = node.arguments
    return invoke(body.expression(base), "getOrDefault", body.boxed(key), body.boxed(default), kind=body.box(node.type))


def _keys(body: "JavaExpressions", node: ir.Builtin) -> Java:
    return invoke(body.expression(node.arguments[0]), "keySet")


def _sorted_keys(body: "JavaExpressions", node: ir.Builtin) -> Java:
    return Java(f"new {body.unit.library('TreeSet')}<>({_keys(body, node).text})")


def _new(name: str) -> Writer:
    """A new collection of the items of another."""

    def write(body: "JavaExpressions", node: ir.Builtin) -> Java:
        made = f"new {body.unit.library(name)}<>"
        arguments = node.arguments
        if not arguments or (isinstance(arguments[0], ir.ListDisplay) and not arguments[0].items):
            return Java(f"{made}()")
        return Java(f"{made}({body.view(arguments[0]).text})")

    return write


def _values(body: "JavaExpressions", node: ir.Builtin) -> Java:
    return invoke(body.expression(node.arguments[0]), "values")


def _abs(body: "JavaExpressions", node: ir.Builtin) -> Java:
    value = body.expression(node.arguments[0])
    return function("Math.abs", value, kind="int" if value.plain == "char" else value.plain)


OPERATIONS: Mapping[str, Writer] = {
    "abs": _abs,
    "min": _extreme,
    "max": _extreme,
    "isqrt": _isqrt,
    "sqrt": _static("Math.sqrt", "double"),
    "to_float": _to_float,
    "truncate": _truncate,
    "bit_count": _bit_count,
    "bit_length": _bit_length,
    "is_digit": _static("Character.isDigit", "boolean"),
    "is_alpha": _static("Character.isLetter", "boolean"),
    "is_alnum": _static("Character.isLetterOrDigit", "boolean"),
    "is_upper": _static("Character.isUpperCase", "boolean"),
    "is_lower": _static("Character.isLowerCase", "boolean"),
    "is_space": _static("Character.isWhitespace", "boolean"),
    "char_upper": _static("Character.toUpperCase", "char"),
    "char_lower": _static("Character.toLowerCase", "char"),
    "code": _code,
    "char_of": _char_of,
    "digit_value": _digit_value,
    "text_of_char": _text_of_char,
    "upper": _method("toUpperCase"),
    "lower": _method("toLowerCase"),
    "strip": _method("trim"),
    "split": _split,
    "words": _words,
    "join": _join,
    "replace": _method("replace"),
    "starts_with": _method("startsWith", "boolean"),
    "ends_with": _method("endsWith", "boolean"),
    "find": _method("indexOf", "int"),
    "count_text": _count_text,
    "contains_text": _method("contains", "boolean"),
    "contains_char": _contains_char,
    "repeat": _repeat,
    "reversed_text": _reversed_text,
    "text_of_int": _text_of_int,
    "parse_int": _parse_int,
    "length": _length,
    "is_empty": _is_empty,
    "last": _last,
    "sum": _sum,
    "smallest": _collection("min"),
    "largest": _collection("max"),
    "copy": _copy,
    "contains": _method("contains", "boolean"),
    "index_of": _method("indexOf", "int"),
    "count_item": _count_item,
    "filled": _filled,
    "get": _get,
    "has_key": _method("containsKey", "boolean"),
    "keys": _keys,
    "values": _values,
    "sorted_keys": _sorted_keys,
    "sorted_set": _new("TreeSet"),
    "set_of": _new("HashSet"),
    "empty_set": _new("HashSet"),
    "has": _method("contains", "boolean"),
    "queue_of": _new("ArrayDeque"),
    "pop": _pop,
    "pop_first": _pop_first,
}
