"""The operations of builtins.BUILTINS in Go, those that are expressions; go_statements has the others."""

from collections.abc import Callable, Mapping
from typing import Any

from hrm_edge.train.data.ir import nodes as ir
from hrm_edge.train.data.ir.types import STR, Float, List, Map
from hrm_edge.train.data.renderers.go_syntax import (
    Application,
    Composite,
    Source,
    call,
    element,
    member,
    operation,
    show,
)
from hrm_edge.train.data.renderers.go_writing import GoWriting

Writer = Callable[[GoWriting, ir.Builtin], Source]


def _library(function: str) -> Writer:
    """A function of Go's library with the same arguments."""
    package = function.partition(".")[0]

    def write(body: GoWriting, node: ir.Builtin) -> Source:
        body.unit.imports.add(package)
        return call(function, *(body.view(argument) for argument in node.arguments))

    return write


def _plain(function: str) -> Writer:
    """A conversion or function of the language itself."""

    def write(body: GoWriting, node: ir.Builtin) -> Source:
        return call(function, *(body.view(argument) for argument in node.arguments))

    return write


def _bits(function: str) -> Writer:
    def write(body: GoWriting, node: ir.Builtin) -> Source:
        body.unit.imports.add("math/bits")
        return call(f"bits.{function}", call("uint", body.expression(node.arguments[0])))

    return write


def _abs(body: GoWriting, node: ir.Builtin) -> Source:
    value = body.expression(node.arguments[0])
    if isinstance(node.type, Float):
        body.unit.imports.add("math")
        return call("math.Abs", value)
    return call(body.unit.helper("abs"), value)


def _extreme(body: GoWriting, node: ir.Builtin) -> Source:
    values: list[Source] = []
    for argument in node.arguments:
        value = body.expression(argument)
        nested = isinstance(argument, ir.Builtin) and argument.name == node.name
        values.extend(value.arguments if nested and isinstance(value, Application) else (value,))
    return call(node.name, *values)


def _isqrt(body: GoWriting, node: ir.Builtin) -> Source:
    body.unit.imports.add("math")
    return call("int", call("math.Sqrt", call("float64", body.expression(node.arguments[0]))))


# --- characters


def _between(low: str, high: str, function: str) -> Writer:
    """A test of a character: by its range where it is a variable, else by the library."""

    def write(body: GoWriting, node: ir.Builtin) -> Source:
        value = body.expression(node.arguments[0])
        if isinstance(node.arguments[0], ir.Name) and low:
            return operation("&&", operation(">=", value, f"'{low}'"), operation("<=", value, f"'{high}'"))
        return _unicode(body, function, value)

    return write


def _unicode(body: GoWriting, function: str, value: Source) -> Source:
    body.unit.imports.add("unicode")
    return call(f"unicode.{function}", value if body.unit.char == "rune" else call("rune", value))


def _alnum(body: GoWriting, node: ir.Builtin) -> Source:
    value = body.expression(node.arguments[0])
    return operation("||", _unicode(body, "IsLetter", value), _unicode(body, "IsDigit", value))


def _char_case(function: str) -> Writer:
    def write(body: GoWriting, node: ir.Builtin) -> Source:
        changed = _unicode(body, function, body.expression(node.arguments[0]))
        return changed if body.unit.char == "rune" else call("byte", changed)

    return write


def _char_of(body: GoWriting, node: ir.Builtin) -> Source:
    return call(body.unit.char, body.expression(node.arguments[0]))


def _digit_value(body: GoWriting, node: ir.Builtin) -> Source:
    return call("int", operation("-", body.expression(node.arguments[0]), "'0'"))


def _text_of_char(body: GoWriting, node: ir.Builtin) -> Source:
    inner = node.arguments[0]
    if isinstance(inner, ir.Literal):
        return body.expression(ir.Literal(STR, inner.value))
    return call("string", body.expression(inner))


# --- texts


def _contains_char(body: GoWriting, node: ir.Builtin) -> Source:
    text, char = (body.expression(argument) for argument in node.arguments)
    body.unit.imports.add("strings")
    if body.unit.char == "rune":
        return call("strings.ContainsRune", text, char)
    return operation(">=", call("strings.IndexByte", text, char), "0")


def _chars(body: GoWriting, node: ir.Builtin) -> Source:
    return call(f"[]{body.unit.char}", body.expression(node.arguments[0]))


def _join(body: GoWriting, node: ir.Builtin) -> Source:
    separator, items = (body.view(argument) for argument in node.arguments)
    body.unit.imports.add("strings")
    return call("strings.Join", items, separator)


# --- lists


def _length(body: GoWriting, node: ir.Builtin) -> Source:
    base = node.arguments[0]
    if isinstance(base, ir.Name) and base.name in body.scope.builders:
        return call(member(body.bare(base.name), "Len"))
    return call("len", body.view(base))


def _is_empty(body: GoWriting, node: ir.Builtin) -> Source:
    base = node.arguments[0]
    if base.type == STR and not (isinstance(base, ir.Name) and base.name in body.scope.builders):
        return operation("==", body.expression(base), '""')
    return operation("==", _length(body, node), "0")


def _last(body: GoWriting, node: ir.Builtin) -> Source:
    base = body.view(node.arguments[0])
    if any(isinstance(part, Application | Composite) for part in _spine(base)):
        name = body.unit.variable(body.scope.names.draw(("items", "parts", "group")))
        body.emit(f"{name} := {show(base)}")
        base = name
    return element(base, operation("-", call("len", base), "1"))


def _spine(source: Any) -> list[Any]:
    """A source and what it is a part of."""
    found = [source]
    while isinstance(source, tuple) and hasattr(source, "base"):
        source = source.base
        found.append(source)
    return found


def _searched(function: str) -> Writer:
    """slices.Contains or slices.Index; items that == does not compare need a function that does."""
    plain = _library(function)

    def write(body: GoWriting, node: ir.Builtin) -> Source:
        items, wanted = node.arguments
        if not isinstance(wanted.type, List | Map):
            return plain(body, node)
        body.unit.imports.add("slices")
        name = body.scope.names.draw(("item", "each", "entry"))
        same = body.expression(ir.Compare("==", ir.Name(wanted.type, name), wanted))
        test = f"func({body.unit.variable(name)} {body.unit.type(wanted.type)}) bool {{ return {show(same)} }}"
        return call(f"{function}Func", body.view(items), test)

    return write


def _filled(body: GoWriting, node: ir.Builtin) -> Source:
    return call("make", body.unit.type(node.type), body.expression(node.arguments[1]))


def _copy(body: GoWriting, node: ir.Builtin) -> Source:
    return body.cloned(body.view(node.arguments[0]))


def _get(body: GoWriting, node: ir.Builtin) -> Source:
    return element(body.expression(node.arguments[0]), body.expression(node.arguments[1]))


def _set_of(body: GoWriting, node: ir.Builtin) -> Source:
    items = node.arguments[0]
    assert isinstance(items, ir.ListDisplay), "other sets are built by loops"
    keys = tuple(body.expression(item) for item in items.items)
    return Composite(body.unit.type(node.type), ("true",) * len(keys), keys)


def _empty_set(body: GoWriting, node: ir.Builtin) -> Source:
    return Composite(body.unit.type(node.type), ())


def _queue_of(body: GoWriting, node: ir.Builtin) -> Source:
    items = node.arguments[0]
    return body.expression(items) if isinstance(items, ir.ListDisplay) else body.cloned(body.view(items))


def _code(body: GoWriting, node: ir.Builtin) -> Source:
    return call("int", body.expression(node.arguments[0]))


OPERATIONS: Mapping[str, Writer] = {
    "abs": _abs,
    "min": _extreme,
    "max": _extreme,
    "isqrt": _isqrt,
    "sqrt": _library("math.Sqrt"),
    "to_float": _plain("float64"),
    "truncate": _plain("int"),
    "bit_count": _bits("OnesCount"),
    "bit_length": _bits("Len"),
    "is_digit": _between("0", "9", "IsDigit"),
    "is_alpha": _between("", "", "IsLetter"),
    "is_alnum": _alnum,
    "is_upper": _between("A", "Z", "IsUpper"),
    "is_lower": _between("a", "z", "IsLower"),
    "is_space": _between("", "", "IsSpace"),
    "char_upper": _char_case("ToUpper"),
    "char_lower": _char_case("ToLower"),
    "code": _code,
    "char_of": _char_of,
    "digit_value": _digit_value,
    "text_of_char": _text_of_char,
    "upper": _library("strings.ToUpper"),
    "lower": _library("strings.ToLower"),
    "strip": _library("strings.TrimSpace"),
    "split": _library("strings.Split"),
    "words": _library("strings.Fields"),
    "join": _join,
    "join_chars": _plain("string"),
    "replace": _library("strings.ReplaceAll"),
    "starts_with": _library("strings.HasPrefix"),
    "ends_with": _library("strings.HasSuffix"),
    "find": _library("strings.Index"),
    "count_text": _library("strings.Count"),
    "contains_text": _library("strings.Contains"),
    "contains_char": _contains_char,
    "repeat": _library("strings.Repeat"),
    "chars": _chars,
    "text_of_int": _library("strconv.Itoa"),
    "length": _length,
    "is_empty": _is_empty,
    "last": _last,
    "smallest": _library("slices.Min"),
    "largest": _library("slices.Max"),
    "copy": _copy,
    "contains": _searched("slices.Contains"),
    "index_of": _searched("slices.Index"),
    "filled": _filled,
    "get": _get,
    "set_of": _set_of,
    "empty_set": _empty_set,
    "has": _get,
    "queue_of": _queue_of,
}
