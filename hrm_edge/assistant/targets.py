"""Which function of an answer is called, with what it says of its parameters."""

import ast
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from hrm_edge.assistant.declared_types import declared_type
from hrm_edge.function_heads import Function, functions_of
from hrm_edge.python_source import parsed

UNBOUNDED = 1000
"""Arguments that a function with `*arguments` takes at most."""


@dataclass(frozen=True, kw_only=True)
class Parameter:
    """One parameter by position."""

    name: str
    type: str | None
    """As in problems.Signature; None where nothing is declared that a signature has."""


@dataclass(frozen=True, kw_only=True)
class Target:
    """A function that can be called by position."""

    name: str
    parameters: tuple[Parameter, ...]
    required: int
    """Arguments that it takes at least."""
    most: int
    """And at most."""
    result: str | None = None
    """Its type."""
    method_of: str | None = None

    def takes(self, count: int) -> bool:
        """Whether it can be called with so many arguments."""
        return self.required <= count <= self.most


def targets_of(code: str, language: str) -> list[Target]:
    """The functions of a program that others may call, in order; none where it cannot be read."""
    if language == "python":
        return _python_targets(code)
    return [_target(function, language) for function in functions_of(code, language) if function.name != "main"]


def choose_target(targets: Sequence[Target], name: str | None, count: int) -> Target | None:
    """The function of that name, written in this or another language's custom (`second_largest`, `SecondLargest`).

    Without a name: the last function that takes so many arguments; helpers stand above what calls them.
    """
    if name is not None:
        exact = [target for target in targets if target.name == name]
        alike = [target for target in targets if _bare(target.name) == _bare(name)]
        return next(iter([*exact, *alike]), None)
    fitting = [target for target in targets if target.takes(count)]
    return fitting[-1] if fitting else None


def _bare(name: str) -> str:
    return name.replace("_", "").lower()


def _target(function: Function, language: str) -> Target:
    parameters = tuple(_parameter(text, language) for text in function.parameters)
    if language == "go":
        parameters = _with_shared_types(parameters)
    optional = sum(1 for text in function.parameters if "=" in text or "..." in text)
    return Target(
        name=function.name,
        parameters=parameters,
        required=function.arity - optional,
        most=UNBOUNDED if any("..." in text for text in function.parameters) else function.arity,
        result=declared_type(language, function.result) if function.result else None,
    )


def _parameter(text: str, language: str) -> Parameter:
    """Its name and type from how the language writes it."""
    text = text.partition("=")[0].strip()
    if language == "rust":
        name, _, kind = text.partition(":")
    elif language == "go":
        name, _, kind = text.partition(" ")
    elif language == "javascript":
        name, kind = text.lstrip("."), ""
    else:
        found = re.fullmatch(r"(.*?[\s&*>\]])(\w+)(\[\])?", text, re.DOTALL)
        kind, name = (found[1] + (found[3] or ""), found[2]) if found else (text, "")
    return Parameter(name=name.removeprefix("mut ").strip(), type=declared_type(language, kind) if kind else None)


def _with_shared_types(parameters: Sequence[Parameter]) -> tuple[Parameter, ...]:
    """Go's `a, b int`: the type stands once."""
    typed: list[Parameter] = []
    for parameter in reversed(parameters):
        kind = parameter.type or (typed[-1].type if typed else None)
        typed.append(Parameter(name=parameter.name, type=kind))
    return tuple(reversed(typed))


def _python_targets(code: str) -> list[Target]:
    """Functions at the outermost level, or else the public methods of the last class."""
    module = parsed(code)
    if module is None:
        return []
    functions = [_python_target(node) for node in module.body if isinstance(node, ast.FunctionDef)]
    classes = [node for node in module.body if isinstance(node, ast.ClassDef)]
    if functions or not classes:
        return functions
    methods = [node for node in classes[-1].body if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")]
    return [_python_target(node, method_of=classes[-1].name) for node in methods]


def _python_target(node: ast.FunctionDef, method_of: str | None = None) -> Target:
    given = [*node.args.posonlyargs, *node.args.args][method_of is not None :]
    parameters = tuple(Parameter(name=each.arg, type=_annotation(each.annotation)) for each in given)
    return Target(
        name=node.name,
        parameters=parameters,
        required=max(0, len(parameters) - len(node.args.defaults)),
        most=UNBOUNDED if node.args.vararg else len(parameters),
        result=_annotation(node.returns),
        method_of=method_of,
    )


def _annotation(node: ast.expr | None) -> str | None:
    return None if node is None else declared_type("python", ast.unparse(node))


def positional(target: Target, arguments: Sequence[Any], named: dict[str, Any]) -> tuple[Any, ...] | None:
    """All arguments by position; those by name follow where the function has other names. None where they do not fit.

    One tuple alone is what it holds where the function takes as many arguments and not one: `(1, 2) -> 3`.
    """
    names = [parameter.name for parameter in target.parameters][len(arguments) :]
    if named and set(names[: len(named)]) == set(named):
        whole = (*arguments, *(named[name] for name in names[: len(named)]))
    else:
        whole = (*arguments, *named.values())
    if target.takes(len(whole)):
        return whole
    if len(whole) == 1 and isinstance(whole[0], tuple) and target.takes(len(whole[0])):
        return whole[0]
    return None
