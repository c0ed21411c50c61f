"""Rust's words for the builtin operations."""

from typing import Any

from hrm_edge.train.data.ir import nodes as ir
from hrm_edge.train.data.ir.types import CHAR, INT, STR
from hrm_edge.train.data.renderers.rust_expressions import byte_of
from hrm_edge.train.data.renderers.rust_folds import items, items_by_value
from hrm_edge.train.data.renderers.rust_types import owned_type
from hrm_edge.train.data.renderers.rust_writer import (
    ATOM,
    BUILTINS,
    CAST,
    ExpressionWriter,
    Form,
    RustWriter,
    Written,
    cast,
    writes_builtin,
)


def _method(template: str, form: Form = Form.VALUE) -> ExpressionWriter:
    """A method of the first argument."""

    def write(w: RustWriter, node: ir.Builtin) -> Written:
        return Written(f"{w.receiver(node.arguments[0])}.{template}", ATOM, form)

    return write


BUILTINS.update(
    upper=_method("to_uppercase()"),
    lower=_method("to_lowercase()"),
    strip=_method("trim()", Form.SLICE),
    parse_int=_method("parse::<i64>().unwrap()"),
    is_empty=_method("is_empty()"),
    text_of_char=_method("to_string()"),
)

# --- numbers


@writes_builtin("abs", "sqrt")
def _typed_method(w: RustWriter, node: ir.Builtin) -> Written:
    return Written(f"{w.typed(node.arguments[0])}.{node.name}()", ATOM)


@writes_builtin("min", "max")
def _extreme_of_two(w: RustWriter, node: ir.Builtin) -> Written:
    first, second = node.arguments
    if node.type == STR:
        return Written(f"{w.text(first)}.{node.name}({w.text(second)})", ATOM, Form.SLICE)
    if isinstance(first, ir.Literal):
        first, second = second, first
    return Written(f"{w.typed(first)}.{node.name}({w.owned(second)})", ATOM)


@writes_builtin("isqrt")
def _isqrt(w: RustWriter, node: ir.Builtin) -> Written:
    return cast(Written(f"({cast(w.write(node.arguments[0]), 'f64').text}).sqrt()", ATOM), "i64")


@writes_builtin("to_float")
def _to_float(w: RustWriter, node: ir.Builtin) -> Written:
    return cast(w.own(w.write(node.arguments[0]), INT), "f64")


@writes_builtin("truncate")
def _truncate(w: RustWriter, node: ir.Builtin) -> Written:
    return cast(w.own(w.write(node.arguments[0]), node.arguments[0].type), "i64")


@writes_builtin("bit_count")
def _bit_count(w: RustWriter, node: ir.Builtin) -> Written:
    return Written(f"{w.typed(node.arguments[0])}.count_ones() as i64", CAST)


@writes_builtin("bit_length")
def _bit_length(w: RustWriter, node: ir.Builtin) -> Written:
    return Written(f"(i64::BITS - {w.typed(node.arguments[0])}.leading_zeros()) as i64", CAST)


@writes_builtin("text_of_int")
def _text_of_int(w: RustWriter, node: ir.Builtin) -> Written:
    value = node.arguments[0]
    text = w.count(value).at(ATOM) if w.is_count(value) and not isinstance(value, ir.Literal) else w.typed(value)
    return Written(f"{text}.to_string()", ATOM)


# --- characters

_CHARACTERS = {
    "is_digit": "is_ascii_digit",
    "is_alpha": "is_ascii_alphabetic",
    "is_alnum": "is_ascii_alphanumeric",
    "is_upper": "is_ascii_uppercase",
    "is_lower": "is_ascii_lowercase",
    "is_space": "is_ascii_whitespace",
}


@writes_builtin(*_CHARACTERS)
def _is(w: RustWriter, node: ir.Builtin) -> Written:
    receiver = byte_of(w, node.arguments[0]) or w.receiver(node.arguments[0])
    return Written(f"{receiver}.{_CHARACTERS[node.name]}()", ATOM)


@writes_builtin("char_upper", "char_lower")
def _case(w: RustWriter, node: ir.Builtin) -> Written:
    method = "to_ascii_uppercase" if node.name == "char_upper" else "to_ascii_lowercase"
    return Written(f"{w.receiver(node.arguments[0])}.{method}()", ATOM)


@writes_builtin("code")
def _code(w: RustWriter, node: ir.Builtin) -> Written:
    value = node.arguments[0]
    if byte := byte_of(w, value):
        return Written(f"{byte} as i64", CAST)
    return cast(w.own(w.write(value), CHAR), "i64")


@writes_builtin("char_of")
def _char_of(w: RustWriter, node: ir.Builtin) -> Written:
    return cast(cast(w.write(node.arguments[0]), "u8"), "char")


@writes_builtin("digit_value")
def _digit_value(w: RustWriter, node: ir.Builtin) -> Written:
    value = node.arguments[0]
    if byte := byte_of(w, value):
        return Written(f"({byte} - b'0') as i64", CAST)
    return Written(f"{w.receiver(value)}.to_digit(10).unwrap() as i64", CAST)


# --- texts


@writes_builtin("split", "words", "chars", "keys", "values", "reversed")
def _collected(w: RustWriter, node: ir.Builtin) -> Written:
    return Written(f"{items_by_value(w, node)}.collect::<{owned_type(node.type)}>()", ATOM)


@writes_builtin("join")
def _join(w: RustWriter, node: ir.Builtin) -> Written:
    separator, parts = node.arguments
    if separator == ir.Literal(STR, "") and isinstance(parts, ir.Fold):
        return Written(f"{items(w, parts)[0]}.collect::<String>()", ATOM)
    return Written(f"{w.receiver(parts)}.join({w.borrow(w.write(separator))})", ATOM)


@writes_builtin("join_chars")
def _join_chars(w: RustWriter, node: ir.Builtin) -> Written:
    return Written(f"{items(w, node.arguments[0])[0]}.collect::<String>()", ATOM)


@writes_builtin("reversed_text")
def _reversed_text(w: RustWriter, node: ir.Builtin) -> Written:
    return Written(f"{w.receiver(node.arguments[0])}.chars().rev().collect::<String>()", ATOM)


@writes_builtin("sorted_text")
def _sorted_text(w: RustWriter, node: ir.Builtin) -> Written:
    name = w.fresh("letters", "chars", "sorted_chars")
    lines = [f"let mut {name}: Vec<char> = {w.receiver(node.arguments[0])}.chars().collect();", f"{name}.sort();"]
    return w.prepared(lines, f"{name}.into_iter().collect::<String>()")


_SEARCHES = {
    "starts_with": "starts_with({})",
    "ends_with": "ends_with({})",
    "contains_text": "contains({})",
    "find": "find({}).map_or(-1, |i| i as i64)",
    "replace": "replace({}, {})",
}


@writes_builtin(*_SEARCHES)
def _search(w: RustWriter, node: ir.Builtin) -> Written:
    base, *others = node.arguments
    texts = [_sought(w, others[0]), *map(w.text, others[1:])]
    return Written(f"{w.receiver(base)}.{_SEARCHES[node.name].format(*texts)}", ATOM)


def _sought(w: RustWriter, node: Any) -> str:
    """What is looked for in a text: a character as it is."""
    if isinstance(node, ir.Builtin) and node.name == "text_of_char":
        return w.owned(node.arguments[0])
    return w.text(node)


@writes_builtin("count_text")
def _count_text(w: RustWriter, node: ir.Builtin) -> Written:
    base, sought = node.arguments
    return Written(f"{w.receiver(base)}.matches({_sought(w, sought)}).count() as i64", CAST)


@writes_builtin("contains_char")
def _contains_char(w: RustWriter, node: ir.Builtin) -> Written:
    return Written(f"{w.receiver(node.arguments[0])}.contains({w.owned(node.arguments[1])})", ATOM)


@writes_builtin("repeat")
def _repeat(w: RustWriter, node: ir.Builtin) -> Written:
    return Written(f"{w.receiver(node.arguments[0])}.repeat({w.index(node.arguments[1])})", ATOM)
