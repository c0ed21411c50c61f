"""Values, keys and reserved names of JavaScript.

Lists and tuples are arrays. Maps with texts as keys are plain objects where the entry function takes or gives one (as
JSON and most callers have them), every other map is a Map. A tuple as a key is a text: `${row},${column}`.
"""

import json
import re
from typing import Any

from hrm_edge.errors import DataError
from hrm_edge.train.data.ir import types as t
from hrm_edge.train.data.ir.nodes import Program

RESERVED = frozenset(
    (
        *("arguments", "await", "break", "case", "catch", "class", "const", "continue", "debugger", "default"),
        *("delete", "do", "else", "enum", "eval", "export", "extends", "false", "finally", "for", "function", "if"),
        *("implements", "import", "in", "instanceof", "interface", "let", "new", "null", "package", "private"),
        *("protected", "public", "return", "static", "super", "switch", "this", "throw", "true", "try", "typeof"),
        *("undefined", "var", "void", "while", "with", "yield", "Array", "Infinity", "JSON", "Map", "Math", "NaN"),
        *("Number", "Object", "Set", "String", "assert", "console", "lines", "module", "parseInt", "require", "test"),
    )
)
"""Names that a program's own may not take: keywords, and what our source uses."""

NUMBERS = t.Int | t.Float
_SCALARS = t.Int | t.Float | t.Bool | t.Str | t.Char
_WORD = re.compile(r"[A-Za-z_]\w*")


def javascript_literal(value: Any, kind: t.Type) -> str:
    """A value of a type of signatures as source.

    Raises:
        DataError: the value is not of the type.
    """
    match kind, value:
        case t.Optional(item), _:
            return "null" if value is None else javascript_literal(value, item)
        case t.List(item), list():
            return f"[{', '.join(javascript_literal(each, item) for each in value)}]"
        case t.Tuple(items), tuple() | list():
            return f"[{', '.join(javascript_literal(each, one) for each, one in zip(value, items, strict=True))}]"
        case t.Map(t.Str(), item), dict():
            entries = (f"{property_name(key)}: {javascript_literal(each, item)}" for key, each in value.items())
            return f"{{ {', '.join(entries)} }}" if value else "{}"
        case t.Map(key_kind, item), dict():
            both = ((javascript_literal(key, key_kind), javascript_literal(each, item)) for key, each in value.items())
            pairs = (f"[{key}, {each}]" for key, each in both)
            return f"new Map([{', '.join(pairs)}])" if value else "new Map()"
        case ((t.Bool() | t.Int() | t.Float() | t.Str() | t.Char()), (bool() | int() | float() | str())):
            return scalar(value)
    raise DataError(f"{value!r:.80} is no {kind}: a case's values are of the types of its function")


def scalar(value: bool | int | float | str | None) -> str:
    """One value that is no container."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return json.dumps(value)


def property_name(key: str) -> str:
    """A key of an object, quoted where it is no name."""
    return key if _WORD.fullmatch(key) else json.dumps(key)


def is_scalar(kind: t.Type) -> bool:
    """Whether `===` compares values of this type, null too."""
    return isinstance(kind.item if isinstance(kind, t.Optional) else kind, _SCALARS)


def is_coded(kind: t.Type) -> bool:
    """Whether keys and members of this type are kept as texts."""
    return isinstance(kind, t.Tuple)


def has_objects(program: Program) -> bool:
    """Whether maps from texts are plain objects in this program: they go through the entry's head."""
    kinds = [*(parameter.type for parameter in program.entry.parameters), program.entry.result]
    return any(map(_has_text_map, kinds))


def _has_text_map(kind: t.Type) -> bool:
    match kind:
        case t.Map(key, value):
            return isinstance(key, t.Str | t.Char) or _has_text_map(value)
        case t.List(item) | t.Optional(item):
            return _has_text_map(item)
        case t.Tuple(items):
            return any(map(_has_text_map, items))
    return False
