"""C++'s words for operations that change a list, map, set or queue."""

from typing import Any

from hrm_edge.train.data.ir import nodes as ir
from hrm_edge.train.data.ir.types import INT, Queue
from hrm_edge.train.data.renderers.cpp_pieces import append_lines
from hrm_edge.train.data.renderers.cpp_writer import (
    ADD,
    ATOM,
    CppWriter,
    Written,
    writes_builtin,
)
from hrm_edge.train.data.renderers.usage import is_last

# --- operations that change their first argument


def place(w: CppWriter, node: Any) -> str:
    """What is changed: a map's entry by its brackets."""
    match node:
        case ir.Lookup(base=base, key=key):
            return f"{place(w, base)}[{w.whole(key)}]"
        case ir.Index(base=base, index=index) if is_last(base, index):
            return f"{place(w, base)}.back()"
        case ir.Index(base=base, index=index):
            return f"{place(w, base)}[{w.index(index)}]"
        case ir.Name(name=name) if name in w.indexes:
            return w.variables[name]
    return w.text(node, ATOM)


@writes_builtin("append")
def _append(w: CppWriter, node: ir.Builtin) -> Written:
    base, item = node.arguments
    method = "push" if isinstance(base.type, Queue) else "push_back"
    return Written(f"{place(w, base)}.{method}({w.whole(item)})", ATOM)


@writes_builtin("pop", "pop_first")
def _pop(w: CppWriter, node: ir.Builtin) -> Written:
    base = place(w, node.arguments[0])
    name = w.fresh("top" if node.name == "pop" else "front", "removed", "taken")
    return w.prepared([f"{w.type(node.type)} {name} = {base}.{taking(node)};", f"{base}.{dropping(node)};"], name)


def taking(node: ir.Builtin) -> str:
    """How the item that goes is read."""
    return "back()" if node.name == "pop" else "front()"


def dropping(node: ir.Builtin) -> str:
    """How it goes."""
    return "pop_back()" if node.name == "pop" else "pop()"


@writes_builtin("insert")
def _insert(w: CppWriter, node: ir.Builtin) -> Written:
    base, index, item = node.arguments
    target = place(w, base)
    at = f"{target}.begin()"
    if index != ir.Literal(INT, 0):
        at += f" + {w.text(index, ADD + 1)}"
    return Written(f"{target}.insert({at}, {w.whole(item)})", ATOM)


@writes_builtin("extend")
def _extend(w: CppWriter, node: ir.Builtin) -> Written:
    base, more = node.arguments
    *before, last = append_lines(w, place(w, base), more)
    for line in before:
        w.line(line)
    return Written(last.removesuffix(";"), ATOM)


@writes_builtin("sort", "reverse")
def _in_place(w: CppWriter, node: ir.Builtin) -> Written:
    base = place(w, node.arguments[0])
    return Written(f"std::{node.name}({base}.begin(), {base}.end())", ATOM)


@writes_builtin("add")
def _add(w: CppWriter, node: ir.Builtin) -> Written:
    return Written(f"{place(w, node.arguments[0])}.insert({w.whole(node.arguments[1])})", ATOM)


@writes_builtin("discard", "remove_key")
def _erase(w: CppWriter, node: ir.Builtin) -> Written:
    return Written(f"{place(w, node.arguments[0])}.erase({w.whole(node.arguments[1])})", ATOM)
