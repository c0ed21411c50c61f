"""Rust's types, values and names."""

from typing import Any

from hrm_edge.train.data.ir.types import (
    Bool,
    Char,
    Float,
    Int,
    List,
    Map,
    Object,
    Optional,
    Queue,
    Set,
    Str,
    Tuple,
    Type,
)
from hrm_edge.train.data.renderers.names import clear_of

RESERVED = frozenset(
    (
        *("as", "break", "const", "continue", "crate", "dyn", "else", "enum", "extern", "false", "fn", "for", "if"),
        *("impl", "in", "let", "loop", "match", "mod", "move", "mut", "pub", "ref", "return", "self", "Self", "static"),
        *("struct", "super", "trait", "true", "type", "unsafe", "use", "where", "while", "async", "await", "abstract"),
        *("become", "box", "do", "final", "macro", "override", "priv", "try", "typeof", "unsized", "virtual", "yield"),
        *("gen", "union", "main"),
    )
)
COLLECTIONS = ("HashMap", "HashSet", "VecDeque")


def rust_name(name: str) -> str:
    """A variable, function or field."""
    return clear_of(RESERVED, name)


def owned_type(kind: Type) -> str:
    """The type of a value that is one's own."""
    match kind:
        case Int():
            return "i64"
        case Float():
            return "f64"
        case Bool():
            return "bool"
        case Char():
            return "char"
        case Str():
            return "String"
        case List(item=item):
            return f"Vec<{owned_type(item)}>"
        case Queue(item=item):
            return f"VecDeque<{owned_type(item)}>"
        case Set(item=item):
            return f"HashSet<{owned_type(item)}>"
        case Map(key=key, value=value):
            return f"HashMap<{owned_type(key)}, {owned_type(value)}>"
        case Optional(item=item):
            return f"Option<{owned_type(item)}>"
        case Tuple(items=items):
            inner = ", ".join(map(owned_type, items))
            return f"({inner},)" if len(items) == 1 else f"({inner})"
        case Object(name=name):
            return name
    return "()"


def borrowed_type(kind: Type) -> str:
    """The type of a parameter that is only read. An Optional is passed whole."""
    if is_copy(kind) or isinstance(kind, Optional):
        return owned_type(kind)
    match kind:
        case Str():
            return "&str"
        case List(item=item):
            return f"&[{owned_type(item)}]"
    return f"&{owned_type(kind)}"


def is_copy(kind: Type) -> bool:
    """Whether a value is copied by being named."""
    match kind:
        case Int() | Float() | Bool() | Char():
            return True
        case Tuple(items=items):
            return all(map(is_copy, items))
        case Optional(item=item):
            return is_copy(item)
    return False


def is_ordered(kind: Type) -> bool:
    """Whether values have Rust's total order (`Ord`)."""
    match kind:
        case Float():
            return False
        case Tuple(items=items):
            return all(map(is_ordered, items))
        case List(item=item):
            return is_ordered(item)
    return True


def default_of(kind: Type) -> str:
    """Some value of a type."""
    match kind:
        case Int():
            return "0"
        case Float():
            return "0.0"
        case Bool():
            return "false"
        case Char():
            return "' '"
        case Optional():
            return "None"
        case Tuple(items=items):
            inner = ", ".join(map(default_of, items))
            return f"({inner},)" if len(items) == 1 else f"({inner})"
    return f"{owned_type(kind).partition('<')[0]}::new()"


_ESCAPES = {"\n": "\\n", "\t": "\\t", "\r": "\\r", "\\": "\\\\", "\0": "\\0"}


def text_literal(value: str) -> str:
    """`"…"`."""
    return '"' + "".join('\\"' if c == '"' else _character(c) for c in value) + '"'


def char_literal(value: str) -> str:
    """`'…'`."""
    return "'\\''" if value == "'" else f"'{_character(value)}'"


def number_literal(value: float) -> str:
    """An int or float."""
    return repr(float(value)) if isinstance(value, float) else str(value)


def _character(value: str) -> str:
    if value in _ESCAPES:
        return _ESCAPES[value]
    return value if value.isprintable() else f"\\x{ord(value):02x}"


def owned_literal(value: Any, kind: Type) -> str:
    """A value as an expression of its owned type."""
    if isinstance(kind, Str):
        return f"{text_literal(value)}.to_string()"
    return _literal(value, kind, texts_owned=True)


def expected_literal(value: Any, kind: Type) -> str:
    """A value as it stands right of an `assert_eq!`: texts in lists are compared as they are."""
    return text_literal(value) if isinstance(kind, Str) else _literal(value, kind, texts_owned=False)


def argument_literal(value: Any, kind: Type) -> str:
    """A value as it is passed to a parameter of its borrowed type."""
    if is_copy(kind) or isinstance(kind, Optional):
        return owned_literal(value, kind)
    match kind:
        case Str():
            return text_literal(value)
        case List(item=item):
            return f"&[{', '.join(owned_literal(each, item) for each in value)}]"
    return f"&{owned_literal(value, kind)}"


def _literal(value: Any, kind: Type, *, texts_owned: bool) -> str:
    match kind:
        case Int() | Float():
            return number_literal(float(value) if isinstance(kind, Float) else value)
        case Bool():
            return "true" if value else "false"
        case Char():
            return char_literal(value)
        case List(item=item):
            if not value:
                return f"Vec::<{owned_type(item)}>::new()"
            one = owned_literal if texts_owned or not isinstance(item, Str | List) else expected_literal
            return f"vec![{', '.join(one(each, item) for each in value)}]"
        case Map(key=key, value=item):
            if not value:
                return f"HashMap::<{owned_type(key)}, {owned_type(item)}>::new()"
            pairs = (f"({owned_literal(k, key)}, {owned_literal(v, item)})" for k, v in value.items())
            return f"HashMap::from([{', '.join(pairs)}])"
        case Optional(item=item):
            return "None" if value is None else f"Some({owned_literal(value, item)})"
        case Tuple(items=items):
            inner = ", ".join(owned_literal(each, item) for each, item in zip(value, items, strict=True))
            return f"({inner},)" if len(items) == 1 else f"({inner})"
    return default_of(kind)
