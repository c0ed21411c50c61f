"""C++'s words for the builtin operations."""

from typing import Any

from hrm_edge.train.data.ir import nodes as ir
from hrm_edge.train.data.ir.types import CHAR, INT, STR
from hrm_edge.train.data.renderers.cpp_algorithms import over, receiver
from hrm_edge.train.data.renderers.cpp_pieces import as_string, piece
from hrm_edge.train.data.renderers.cpp_writer import (
    ADD,
    ATOM,
    BUILTINS,
    EQUAL,
    CppWriter,
    Written,
    writes_builtin,
)

# --- numbers


@writes_builtin("abs")
def _abs(w: CppWriter, node: ir.Builtin) -> Written:
    return Written(f"std::abs({w.text(node.arguments[0])})", ATOM)


@writes_builtin("min", "max")
def _extreme_of_two(w: CppWriter, node: ir.Builtin) -> Written:
    first, second = node.arguments
    if node.type == STR:
        return Written(f"std::{node.name}({as_string(w, first)}, {as_string(w, second)})", ATOM)
    exact = node.type != INT or not w.shared.wide or (_is_exact(first) and _is_exact(second))
    kind = "" if exact else f"<{w.type(INT)}>"
    return Written(f"std::{node.name}{kind}({w.text(first)}, {w.text(second)})", ATOM)


def _is_exact(node: Any) -> bool:
    """Whether an int's type in C++ is that of variables, for sure."""
    match node:
        case ir.Name() | ir.Index() | ir.Lookup() | ir.Call() | ir.Field() | ir.MethodCall():
            return True
        case ir.Builtin(name=name):
            return name in ("length", "min", "max", "count_item", "index_of")
        case ir.Binary(operator="+" | "-" | "*" | "//" | "%", left=left, right=right):
            return _is_exact(left) or _is_exact(right)
    return False


@writes_builtin("isqrt")
def _isqrt(w: CppWriter, node: ir.Builtin) -> Written:
    return w.int_cast(f"std::sqrt({w.text(node.arguments[0])})")


@writes_builtin("sqrt")
def _sqrt(w: CppWriter, node: ir.Builtin) -> Written:
    return Written(f"std::sqrt({w.text(node.arguments[0])})", ATOM)


@writes_builtin("to_float")
def _to_float(w: CppWriter, node: ir.Builtin) -> Written:
    return Written(f"static_cast<double>({w.text(node.arguments[0])})", ATOM)


@writes_builtin("truncate")
def _truncate(w: CppWriter, node: ir.Builtin) -> Written:
    return w.int_cast(w.text(node.arguments[0]))


@writes_builtin("bit_count")
def _bit_count(w: CppWriter, node: ir.Builtin) -> Written:
    return Written(f"__builtin_popcount{'ll' if w.shared.wide else ''}({w.text(node.arguments[0])})", ATOM)


@writes_builtin("bit_length")
def _bit_length(w: CppWriter, node: ir.Builtin) -> Written:
    return Written(f"{w.shared.helper('bit_length')}({w.text(node.arguments[0])})", ATOM)


@writes_builtin("text_of_int")
def _text_of_int(w: CppWriter, node: ir.Builtin) -> Written:
    return Written(f"std::to_string({w.whole(node.arguments[0])})", ATOM)


@writes_builtin("parse_int")
def _parse_int(w: CppWriter, node: ir.Builtin) -> Written:
    return Written(f"std::{'stoll' if w.shared.wide else 'stoi'}({w.text(node.arguments[0])})", ATOM)


# --- characters

_CHARACTERS = {"digit": "isdigit", "alpha": "isalpha", "alnum": "isalnum", "upper": "isupper", "lower": "islower"}


@writes_builtin("is_digit", "is_alpha", "is_alnum", "is_upper", "is_lower", "is_space")
def _is(w: CppWriter, node: ir.Builtin) -> Written:
    name = _CHARACTERS.get(node.name.removeprefix("is_"), "isspace")
    return Written(f"std::{name}({w.text(node.arguments[0])})", ATOM)


@writes_builtin("char_upper", "char_lower")
def _case(w: CppWriter, node: ir.Builtin) -> Written:
    name = "toupper" if node.name == "char_upper" else "tolower"
    return Written(f"static_cast<char>(std::{name}({w.text(node.arguments[0])}))", ATOM)


@writes_builtin("code")
def _code(w: CppWriter, node: ir.Builtin) -> Written:
    return w.int_cast(w.text(node.arguments[0]))


@writes_builtin("char_of")
def _char_of(w: CppWriter, node: ir.Builtin) -> Written:
    return Written(f"static_cast<char>({w.text(node.arguments[0])})", ATOM)


@writes_builtin("digit_value")
def _digit_value(w: CppWriter, node: ir.Builtin) -> Written:
    return Written(f"{w.text(node.arguments[0], ADD)} - '0'", ADD)


# --- texts


@writes_builtin("text_of_char")
def _text_of_char(w: CppWriter, node: ir.Builtin) -> Written:
    return Written(as_string(w, node), ATOM)


_HELPED = {
    "upper": "to_upper",
    "lower": "to_lower",
    "strip": "trim",
    "words": "split_words",
    "replace": "replace_all",
    "ends_with": "ends_with",
    "count_text": "count_occurrences",
    "join": "join",
}


@writes_builtin(*_HELPED)
def _helped(w: CppWriter, node: ir.Builtin) -> Written:
    arguments = node.arguments[::-1] if node.name == "join" else node.arguments
    texts = ", ".join(w.whole(each) for each in arguments)
    return Written(f"{w.shared.helper(_HELPED[node.name])}({texts})", ATOM)


@writes_builtin("split")
def _split(w: CppWriter, node: ir.Builtin) -> Written:
    text, separator = node.arguments
    assert isinstance(separator, ir.Literal)
    character = w.text(ir.Literal(CHAR, separator.value))
    return Written(f"{w.shared.helper('split')}({w.text(text)}, {character})", ATOM)


BUILTINS["join_chars"] = over("std::string({0}, {1})")
BUILTINS["chars"] = over("std::vector<char>({0}, {1})")


@writes_builtin("starts_with")
def _starts_with(w: CppWriter, node: ir.Builtin) -> Written:
    text, start = node.arguments
    return Written(f"{receiver(w, text)}.rfind({w.text(start)}, 0) == 0", EQUAL)


@writes_builtin("find")
def _find(w: CppWriter, node: ir.Builtin) -> Written:
    text, part = node.arguments
    return w.int_cast(f"{receiver(w, text)}.find({piece(w, part).text})")


@writes_builtin("contains_text", "contains_char")
def _contains_text(w: CppWriter, node: ir.Builtin) -> Written:
    text, part = node.arguments
    return Written(f"{receiver(w, text)}.find({piece(w, part).text}) != std::string::npos", EQUAL)


@writes_builtin("repeat")
def _repeat(w: CppWriter, node: ir.Builtin) -> Written:
    text, times = node.arguments
    match text:
        case ir.Literal(value=str(value)) if len(value) == 1:
            return Written(f"std::string({w.index(times)}, {w.text(ir.Literal(CHAR, value))})", ATOM)
        case ir.Builtin(name="text_of_char", arguments=(char,)):
            return Written(f"std::string({w.index(times)}, {w.text(char)})", ATOM)
    return Written(f"{w.shared.helper('repeat')}({w.text(text)}, {w.whole(times)})", ATOM)
