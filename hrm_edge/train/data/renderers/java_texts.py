"""The operations on characters and texts in Java."""

from collections.abc import Callable, Mapping

from hrm_edge.train.data.ir import nodes as ir
from hrm_edge.train.data.ir.types import STR
from hrm_edge.train.data.renderers.java_syntax import Java, cast, function, invoke, operation
from hrm_edge.train.data.renderers.java_unit import scalar
from hrm_edge.train.data.renderers.java_writing import JavaWriting

Writer = Callable[[JavaWriting, ir.Builtin], Java]


def static(name: str, kind: str = "") -> Writer:
    """A static method with the same arguments; without a kind, it gives what its argument is."""

    def write(body: JavaWriting, node: ir.Builtin) -> Java:
        arguments = [body.expression(argument) for argument in node.arguments]
        return function(name, *arguments, kind=kind or arguments[0].plain)

    return write


def method(name: str, kind: str = "") -> Writer:
    """A method of the first argument."""

    def write(body: JavaWriting, node: ir.Builtin) -> Java:
        base, *others = node.arguments
        return invoke(body.view(base), name, *(body.boxed(other) for other in others), kind=kind)

    return write


def _code(body: JavaWriting, node: ir.Builtin) -> Java:
    """The character itself, which counts as a number; where it does not, `fitted` and `boxed` cast it."""
    return body.expression(node.arguments[0])._replace(kind="char")


def _char_of(body: JavaWriting, node: ir.Builtin) -> Java:
    return cast("char", body.expression(node.arguments[0]))


def _digit_value(body: JavaWriting, node: ir.Builtin) -> Java:
    return operation("-", body.expression(node.arguments[0]), Java("'0'", "char"), "int")


def _text_of_char(body: JavaWriting, node: ir.Builtin) -> Java:
    inner = node.arguments[0]
    if isinstance(inner, ir.Literal):
        return scalar(inner.value, STR, body.unit.whole)
    return function("String.valueOf", body.expression(inner))


# --- texts


def _split(body: JavaWriting, node: ir.Builtin) -> Java:
    return body.copied(function(f"{body.unit.library('Arrays')}.asList", split_array(body, node)))


def split_array(body: JavaWriting, node: ir.Builtin) -> Java:
    """`s.split(",", -1)`: an array of texts, the empty ones at the end too."""
    text, separator = node.arguments
    assert isinstance(separator, ir.Literal)
    plain = str(separator.value)
    pattern = f"\\{plain}" if len(plain) == 1 and plain in ".|*+?^$()[]{}\\" else plain
    return invoke(body.expression(text), "split", scalar(pattern, STR, "int"), Java("-1", "int"))


def _words(body: JavaWriting, node: ir.Builtin) -> Java:
    text = body.expression(node.arguments[0])
    array = invoke(text, "split", Java('"\\\\s+"'))
    collector = f"{body.unit.library('Collectors')}.toList()"
    stream = f"{body.unit.library('Arrays')}.stream({array.text})"
    return Java(f"{stream}.filter(part -> !part.isEmpty()).collect({collector})")


def _join(body: JavaWriting, node: ir.Builtin) -> Java:
    return function("String.join", *(body.view(argument) for argument in node.arguments))


def _count_text(body: JavaWriting, node: ir.Builtin) -> Java:
    text, part = (body.expression(argument) for argument in node.arguments)
    without = invoke(text, "replace", part, Java('""'))
    lost = operation("-", invoke(text, "length", kind="int"), invoke(without, "length", kind="int"), "int")
    return operation("/", lost, invoke(part, "length", kind="int"), "int")


def _contains_char(body: JavaWriting, node: ir.Builtin) -> Java:
    text, char = (body.expression(argument) for argument in node.arguments)
    return operation(">=", invoke(text, "indexOf", char, kind="int"), Java("0", "int"), "boolean")


def _repeat(body: JavaWriting, node: ir.Builtin) -> Java:
    return invoke(body.expression(node.arguments[0]), "repeat", body.index(node.arguments[1]))


def _reversed_text(body: JavaWriting, node: ir.Builtin) -> Java:
    builder = function("new StringBuilder", body.expression(node.arguments[0]))
    return invoke(invoke(builder, "reverse"), "toString")


def _parse_int(body: JavaWriting, node: ir.Builtin) -> Java:
    name = "Long.parseLong" if body.unit.whole == "long" else "Integer.parseInt"
    return function(name, body.expression(node.arguments[0]), kind=body.unit.whole)


def _text_of_int(body: JavaWriting, node: ir.Builtin) -> Java:
    value = body.expression(node.arguments[0])
    return function("String.valueOf", cast("int", value) if value.kind == "char" else value)


TEXT_OPERATIONS: Mapping[str, Writer] = {
    "is_digit": static("Character.isDigit", "boolean"),
    "is_alpha": static("Character.isLetter", "boolean"),
    "is_alnum": static("Character.isLetterOrDigit", "boolean"),
    "is_upper": static("Character.isUpperCase", "boolean"),
    "is_lower": static("Character.isLowerCase", "boolean"),
    "is_space": static("Character.isWhitespace", "boolean"),
    "char_upper": static("Character.toUpperCase", "char"),
    "char_lower": static("Character.toLowerCase", "char"),
    "code": _code,
    "char_of": _char_of,
    "digit_value": _digit_value,
    "text_of_char": _text_of_char,
    "upper": method("toUpperCase"),
    "lower": method("toLowerCase"),
    "strip": method("trim"),
    "split": _split,
    "words": _words,
    "join": _join,
    "replace": method("replace"),
    "starts_with": method("startsWith", "boolean"),
    "ends_with": method("endsWith", "boolean"),
    "find": method("indexOf", "int"),
    "count_text": _count_text,
    "contains_text": method("contains", "boolean"),
    "contains_char": _contains_char,
    "repeat": _repeat,
    "reversed_text": _reversed_text,
    "text_of_int": _text_of_int,
    "parse_int": _parse_int,
}
"""Name → what writes it."""
