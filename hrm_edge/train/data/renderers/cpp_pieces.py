"""Parts of C++ expressions: operands in their order, texts, variables with a `begin` and an `end`."""

from collections.abc import Callable
from typing import Any

from hrm_edge.train.data.ir import nodes as ir
from hrm_edge.train.data.ir.builtins import MUTATING
from hrm_edge.train.data.ir.traversal import every
from hrm_edge.train.data.ir.types import CHAR, STR
from hrm_edge.train.data.renderers.cpp_writer import (
    ADD,
    ATOM,
    CppWriter,
    Written,
)


def operands(
    w: CppWriter, nodes: tuple[Any, ...], write: Callable[[CppWriter, Any], Written] | None = None
) -> list[Written]:
    """Operands from left to right. C++ leaves their order open: what must come before a later one that changes
    something becomes a variable first."""
    write = write or (lambda w, node: w.write(node))
    changing = [index for index, node in enumerate(nodes) if _changes_something(w, node)]
    if not changing or w.is_inline:
        return [write(w, node) for node in nodes]
    done = []
    for index, node in enumerate(nodes):
        if index < changing[-1] and not isinstance(node, ir.Literal):
            name = w.fresh("first", "second", "before")
            w.line(f"{w.type(node.type)} {name} = {w.text(node)};")
            done.append(Written(name, ATOM))
        else:
            done.append(write(w, node))
    return done


def _changes_something(w: CppWriter, node: Any) -> bool:
    if isinstance(node, ir.Name | ir.Literal | ir.Index):
        return False
    for part in every(node):
        match part:
            case ir.Builtin(name=name):
                if name in MUTATING:
                    return True
            case ir.Call(function=name):
                function = w.shared.functions.get(name)
                if function and any(parameter.shared for parameter in function.parameters):
                    return True
            case ir.MethodCall():
                if (str(part.receiver.type), part.method) in w.shared.mutating_methods:
                    return True
    return False


def text_parts(node: Any) -> list[Any]:
    """What a joined text is made of, from left to right."""
    if isinstance(node, ir.Binary) and node.type == STR:
        return [*text_parts(node.left), *text_parts(node.right)]
    return [node]


def is_string(node: Any) -> bool:
    """Whether an expression is written as a std::string, not as a literal or a character."""
    match node:
        case ir.Literal() | ir.Builtin(name="text_of_char"):
            return False
        case ir.Conditional(then=then, otherwise=otherwise):
            return is_string(then) or is_string(otherwise)
    return bool(node.type == STR)


def piece(w: CppWriter, node: Any) -> Written:
    """A part that is added to a std::string: a character needs no more."""
    if isinstance(node, ir.Builtin) and node.name == "text_of_char":
        return w.write(node.arguments[0])
    return w.write(node)


def as_string(w: CppWriter, node: Any) -> str:
    """A std::string for sure."""
    if is_string(node):
        return w.text(node)
    if isinstance(node, ir.Builtin) and node.name == "text_of_char":
        return f"std::string(1, {w.text(node.arguments[0])})"
    if node.type == CHAR:
        return f"std::string(1, {w.text(node)})"
    return f"std::string({w.text(node)})"


def append_lines(w: CppWriter, target: str, more: Any) -> list[str]:
    """Statements that put a list's items at the end of another."""
    if isinstance(more, ir.ListDisplay):
        return [f"{target}.push_back({w.whole(item)});" for item in more.items]
    if isinstance(more, ir.Slice):
        first, last = span(w, more)
        return [f"{target}.insert({target}.end(), {first}, {last});"]
    if isinstance(more, ir.Builtin) and more.name == "reversed" and isinstance(more.arguments[0], ir.Name):
        other = w.text(more.arguments[0])
        return [f"{target}.insert({target}.end(), {other}.rbegin(), {other}.rend());"]
    other, lines = named(w, more)
    return [*lines, f"{target}.insert({target}.end(), {other}.begin(), {other}.end());"]


def named(w: CppWriter, node: Any) -> tuple[str, list[str]]:
    """Something with a `begin` and an `end`: a variable's name, and the line that makes it where it is none."""
    if isinstance(node, ir.Name | ir.Field | ir.Index | ir.Lookup):
        return w.text(node), []
    name = w.fresh("values", "items", "others")
    return name, [w.definition(node.type, name, node)]


def variable(w: CppWriter, node: Any) -> str:
    """The same, with the line put before the statement; only where that may be."""
    name, lines = named(w, node)
    for line in lines:
        w.line(line)
    return name


def span(w: CppWriter, node: ir.Slice) -> tuple[str, str]:
    """The iterators of a part of a list."""
    base = variable(w, node.base)
    first = f"{base}.begin()" if node.start is None else f"{base}.begin() + {w.text(node.start, ADD + 1)}"
    last = f"{base}.end()" if node.stop is None else f"{base}.begin() + {w.text(node.stop, ADD + 1)}"
    return first, last
