"""Types as six languages declare them, as the types of a `problems.Signature`; and the types of plain values.

    declared_type("go", "map[string][]int")  →  "map[str,list[int]]"

None is a type that is not known, or that no signature has.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any

_SCALARS: Mapping[str, Mapping[str, str]] = {
    "python": {"int": "int", "float": "float", "bool": "bool", "str": "str"},
    "go": {"float64": "float", "float32": "float", "bool": "bool", "string": "str"},
    "rust": {"f64": "float", "f32": "float", "bool": "bool", "String": "str", "str": "str"},
    "cpp": {
        **{"double": "float", "float": "float", "bool": "bool", "string": "str", "string_view": "str"},
        **{"size_t": "int", "unsigned": "int", "short": "int", "int": "int", "long": "int"},
    },
    "java": {
        **{"double": "float", "float": "float", "Double": "float", "boolean": "bool", "Boolean": "bool"},
        **{"String": "str", "CharSequence": "str", "Integer": "int", "Long": "int", "short": "int"},
        **{"int": "int", "long": "int"},
    },
    "javascript": {},
}
_INTEGER = re.compile(r"u?int(?:8|16|32|64)?(?:_t)?|[iu](?:8|16|32|64|128|size)|(?:unsigned|signed|long|int|short|\s)+")
_LISTS = (
    *("list", "List", "Sequence", "Iterable", "Collection", "MutableSequence"),
    *("Vec", "vector", "deque", "span", "array", "ArrayList", "LinkedList"),
)
_MAPS = (
    *("dict", "Dict", "Mapping", "MutableMapping", "map", "unordered_map"),
    *("HashMap", "BTreeMap", "Map", "TreeMap", "LinkedHashMap"),
)
_GENERIC = re.compile(r"([\w.:]+)\s*[<\[](.*)[>\]]", re.DOTALL)


def declared_type(language: str, written: str) -> str | None:
    """The type of a signature for one that a program declares."""
    text = _plain(language, written)
    if not text:
        return None
    if scalar := _SCALARS[language].get(text):
        return scalar
    if language != "python" and _INTEGER.fullmatch(text):
        return "int"
    if language == "go":
        return _go(text)
    if language == "rust" and text[0] in "[(":
        return _rust_brackets(text)
    if language == "java" and text.endswith("[]"):
        return _wrapped("list", [declared_type(language, text[:-2])])
    if language == "python" and "|" in text:
        return _optional([declared_type(language, part) for part in split_outside(text, "|") if part != "None"], text)
    if generic := _GENERIC.fullmatch(text):
        inner = [declared_type(language, part) for part in split_outside(generic[2], ",")]
        return _generic(generic[1].rpartition("::")[2].rpartition(".")[2], inner)
    return None


def _plain(language: str, written: str) -> str:
    """Without what tells how a value is passed."""
    text = re.sub(r"\b(?:const|final|mut|static|inline|constexpr|public|struct)\b|'\w+\b|std::", " ", written)
    if language in ("rust", "cpp"):
        text = re.sub(r"(?:\s*&+\s*)+", " ", text)
    return re.sub(r"\s+", " ", text).strip().strip("\"'").strip()


def _go(text: str) -> str | None:
    if text.startswith("[]"):
        return _wrapped("list", [declared_type("go", text[2:])])
    if found := re.fullmatch(r"map\[(\w+)\](.+)", text):
        return _wrapped("map", [declared_type("go", found[1]), declared_type("go", found[2])])
    return None


def _rust_brackets(text: str) -> str | None:
    """`[T]`, `[T; 3]` and tuples."""
    if text.startswith("["):
        return _wrapped("list", [declared_type("rust", text[1:-1].partition(";")[0])])
    return _wrapped("tuple", [declared_type("rust", part) for part in split_outside(text[1:-1], ",")])


def _generic(name: str, inner: list[str | None]) -> str | None:
    if name in _LISTS and inner:
        return _wrapped("list", inner[:1])
    if name in _MAPS and len(inner) == 2:
        return _wrapped("map", inner) if inner[0] in ("int", "str") else None
    if name in ("tuple", "Tuple", "pair"):
        return _wrapped("tuple", inner)
    if name in ("Optional", "Option", "optional") and len(inner) == 1:
        return _wrapped("optional", inner)
    return None


def _optional(inner: list[str | None], text: str) -> str | None:
    optional = any(part == "None" for part in split_outside(text, "|"))
    return _wrapped("optional", inner) if optional and len(inner) == 1 else None


def _wrapped(name: str, inner: list[str | None]) -> str | None:
    return f"{name}[{','.join(str(each) for each in inner)}]" if inner and None not in inner else None


def split_outside(text: str, separator: str) -> list[str]:
    """The parts between separators that stand in no bracket, stripped, empty ones left out."""
    parts, depth = [""], 0
    for letter in text.replace("->", "  "):
        depth += (letter in "([{<") - (letter in ")]}>")
        if letter == separator and depth == 0:
            parts.append("")
        else:
            parts[-1] += letter
    return [part.strip() for part in parts if part.strip()]


def type_of(values: Iterable[Any]) -> str | None:
    """The one type that all of the values are of; None where there is none, or nothing tells."""
    kind = _merged(values)
    return None if kind is None or "?" in kind else kind


def _merged(values: Iterable[Any]) -> str | None:
    """The type, with `?` in place of what no value tells (the items of empty lists)."""
    kinds = {_value_type(value) for value in values}
    while len(kinds) > 1:
        first, second, *rest = sorted(kinds, key=str)
        kinds = {_union(first, second), *rest}
    return kinds.pop() if kinds else "?"


def _value_type(value: Any) -> str | None:
    match value:
        case None:
            return "optional[?]"
        case bool() | int() | float() | str():
            return type(value).__name__
        case list():
            return _wrapped("list", [_merged(value)])
        case tuple() if value:
            return _wrapped("tuple", [_value_type(item) for item in value])
        case dict():
            return _wrapped("map", [_merged(value.keys()), _merged(value.values())])
    return None


def _union(first: str | None, second: str | None) -> str | None:
    """The type that has the values of both."""
    if first == second or second == "?":
        return first
    if first == "?":
        return second
    if first is None or second is None:
        return None
    if {first, second} == {"int", "float"}:
        return "float"
    for one, other in ((first, second), (second, first)):
        if one.startswith("optional["):
            inner = _union(one[9:-1], other[9:-1] if other.startswith("optional[") else other)
            return _wrapped("optional", [inner])
    (name, inside), (other_name, other_inside) = (kind.rstrip("]").partition("[")[::2] for kind in (first, second))
    if name != other_name or not inside:
        return None
    inside, other_inside = first[len(name) + 1 : -1], second[len(name) + 1 : -1]
    pairs = list(zip(split_outside(inside, ","), split_outside(other_inside, ","), strict=False))
    same_length = len(split_outside(inside, ",")) == len(split_outside(other_inside, ","))
    return _wrapped(name, [_union(one, other) for one, other in pairs]) if same_length else None
