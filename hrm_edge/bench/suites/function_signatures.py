"""How a function is declared in each language: its name, its types, and the untouched stub that a solution starts from.

Names follow each language's custom: `ring_distance` in Python, Rust and C++, `ringDistance` in JavaScript, Go and Java.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from hrm_edge.problems.problem import Signature


@dataclass(frozen=True, kw_only=True)
class _Syntax:
    """How one language writes a function."""

    camel_case: bool
    types: Mapping[str, str]
    """Name of a type in `Signature` → the language's, `{item}` and `{key}` inside."""
    inner_types: Mapping[str, str] = field(default_factory=dict)
    """Other names of types inside a list or map: Java's collections hold objects."""
    parameter: str
    head: str
    """Up to, and without, what opens the body."""
    stub: str
    """A whole program with `{head}`, whose function gives no result."""


_SYNTAX: Mapping[str, _Syntax] = {
    "python": _Syntax(
        camel_case=False,
        types={
            "int": "int",
            "float": "float",
            "bool": "bool",
            "str": "str",
            "list": "list[{item}]",
            "map": "dict[{key}, {item}]",
        },
        parameter="{name}: {type}",
        head="def {name}({parameters}) -> {result}:",
        stub="{head}\n    pass\n",
    ),
    "javascript": _Syntax(
        camel_case=True,
        types={"int": "", "float": "", "bool": "", "str": "", "list": "", "map": ""},
        parameter="{name}",
        head="function {name}({parameters})",
        stub="{head} {{\n}}\n",
    ),
    "go": _Syntax(
        camel_case=True,
        types={
            "int": "int",
            "float": "float64",
            "bool": "bool",
            "str": "string",
            "list": "[]{item}",
            "map": "map[{key}]{item}",
        },
        parameter="{name} {type}",
        head="func {name}({parameters}) {result}",
        stub='package main\n\n{head} {{\n\tpanic("not written yet")\n}}\n',
    ),
    "rust": _Syntax(
        camel_case=False,
        types={
            "int": "i64",
            "float": "f64",
            "bool": "bool",
            "str": "String",
            "list": "Vec<{item}>",
            "map": "HashMap<{key}, {item}>",
        },
        parameter="{name}: {type}",
        head="fn {name}({parameters}) -> {result}",
        stub="use std::collections::HashMap;\n\n{head} {{\n    todo!()\n}}\n",
    ),
    "cpp": _Syntax(
        camel_case=False,
        types={
            "int": "long long",
            "float": "double",
            "bool": "bool",
            "str": "std::string",
            "list": "std::vector<{item}>",
            "map": "std::map<{key}, {item}>",
        },
        parameter="{type} {name}",
        head="{result} {name}({parameters})",
        stub="#include <map>\n#include <string>\n#include <vector>\n\n{head} {{\n    return {{}};\n}}\n",
    ),
    "java": _Syntax(
        camel_case=True,
        types={
            "int": "long",
            "float": "double",
            "bool": "boolean",
            "str": "String",
            "list": "List<{item}>",
            "map": "Map<{key}, {item}>",
        },
        inner_types={"int": "Long", "float": "Double", "bool": "Boolean"},
        parameter="{type} {name}",
        head="static {result} {name}({parameters})",
        stub=(
            "import java.util.*;\n\nclass Solution {{\n    {head} {{\n"
            "        throw new UnsupportedOperationException();\n    }}\n}}\n"
        ),
    ),
}
LANGUAGES_WITH_SIGNATURES = tuple(_SYNTAX)


def name_in(language: str, name: str) -> str:
    """A `snake_case` name as the language writes it."""
    first, *others = name.split("_")
    return first + "".join(map(str.capitalize, others)) if _SYNTAX[language].camel_case else name


def head_in(language: str, name: str, signature: Signature) -> str:
    """The line that declares the function: `func ringDistance(size int, start int, end int) int`."""
    syntax = _SYNTAX[language]
    parameters = ", ".join(
        syntax.parameter.format(name=name_in(language, parameter), type=type_in(language, kind))
        for parameter, kind in signature.parameters
    )
    result = type_in(language, signature.result)
    return syntax.head.format(name=name_in(language, name), parameters=parameters, result=result)


def stub_in(language: str, name: str, signature: Signature) -> str:
    """A program that builds (or loads) and whose function gives no right answer."""
    return _SYNTAX[language].stub.format(head=head_in(language, name, signature))


def type_in(language: str, kind: str) -> str:
    """A type of `Signature` as the language writes it; of tuples and optional values there are none here."""
    types = _SYNTAX[language].types
    if found := re.fullmatch(r"list\[(.+)\]", kind):
        return types["list"].format(item=_inner(language, found[1]))
    if found := re.fullmatch(r"map\[(\w+),(.+)\]", kind):
        return types["map"].format(key=_inner(language, found[1]), item=_inner(language, found[2]))
    return types[kind]


def _inner(language: str, kind: str) -> str:
    """A type inside another."""
    return _SYNTAX[language].inner_types.get(kind) or type_in(language, kind)
