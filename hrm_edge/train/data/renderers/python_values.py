"""Values, types and reserved names of Python."""

import keyword
from typing import Any

from hrm_edge.errors import DataError
from hrm_edge.train.data.ir import types as t

RESERVED = frozenset(
    (
        *keyword.kwlist,
        *("abs", "any", "all", "bool", "chr", "deque", "dict", "enumerate", "float", "input", "int", "len", "list"),
        *("math", "max", "min", "ord", "print", "range", "reversed", "set", "sorted", "str", "sum", "tuple", "zip"),
        *("Callable", "main"),
    )
)
"""Names that a program's own may not take: keywords, and what our source uses of the standard library."""


def python_literal(value: Any) -> str:
    """A value as source: double quotes, as formatters write them.

    Raises:
        DataError: a value of a type that programs do not have.
    """
    match value:
        case None | bool() | int() | float():
            return repr(value)
        case str():
            return _quoted(value)
        case list():
            return f"[{', '.join(map(python_literal, value))}]"
        case tuple():
            items = ", ".join(map(python_literal, value))
            return f"({items},)" if len(value) == 1 else f"({items})"
        case dict():
            return f"{{{', '.join(f'{python_literal(k)}: {python_literal(v)}' for k, v in value.items())}}}"
    raise DataError(f"{value!r:.80} is a {type(value).__name__}: programs have numbers, texts and containers")


def _quoted(text: str) -> str:
    written = repr(text)
    if written.startswith("'") and '"' not in text:
        return '"' + written[1:-1].replace("\\'", "'") + '"'
    return written


def annotation(kind: t.Type, imports: set[str]) -> str:
    """A type as a hint; what it needs is added to the imports."""
    match kind:
        case t.Char():
            return "str"
        case t.Nothing():
            return "None"
        case t.List(item) | t.Set(item):
            return f"{'list' if isinstance(kind, t.List) else 'set'}[{annotation(item, imports)}]"
        case t.Queue(item):
            imports.add("from collections import deque")
            return f"deque[{annotation(item, imports)}]"
        case t.Map(key, value):
            return f"dict[{annotation(key, imports)}, {annotation(value, imports)}]"
        case t.Tuple(items):
            return f"tuple[{', '.join(annotation(item, imports) for item in items)}]"
        case t.Optional(item):
            return f"{annotation(item, imports)} | None"
        case t.Slot(parameters, result):
            imports.add("from collections.abc import Callable")
            taken = ", ".join(annotation(parameter, imports) for parameter in parameters)
            return f"Callable[[{taken}], {annotation(result, imports)}]"
    return str(kind)
