"""Rust's words for operations that change a list, map, set or queue."""

from typing import Any

from hrm_edge.train.data.ir import nodes as ir
from hrm_edge.train.data.ir.analysis import root
from hrm_edge.train.data.ir.builtins import MUTATING
from hrm_edge.train.data.ir.traversal import every
from hrm_edge.train.data.ir.types import List, Queue
from hrm_edge.train.data.renderers.rust_collections import sort_call
from hrm_edge.train.data.renderers.rust_folds import items_by_value
from hrm_edge.train.data.renderers.rust_types import is_copy
from hrm_edge.train.data.renderers.rust_writer import (
    ATOM,
    Form,
    RustWriter,
    Written,
    writes_builtin,
)
from hrm_edge.train.data.renderers.usage import is_last

# --- operations that change their first argument


@writes_builtin("append", "insert", "add")
def _put(w: RustWriter, node: ir.Builtin) -> Written:
    base, *arguments = node.arguments
    push = "push_back" if isinstance(base.type, Queue) else "push"
    method = push if node.name == "append" else "insert"
    texts = [w.owned(arguments[-1])]
    if node.name == "insert":
        texts.insert(0, w.index(arguments[0]))
    return _changing(w, base, method, arguments, texts)


def _changing(w: RustWriter, base: Any, method: str, arguments: list[Any], texts: list[str]) -> Written:
    """A call that changes an item of a list or map lends that list first: what reads it is computed before."""
    parts, owner = every(tuple(arguments)), root(base)
    nested = isinstance(base, ir.Index | ir.Lookup | ir.Builtin)
    clash = any(isinstance(part, ir.Name) and part.name == owner for part in parts)
    if clash and (nested or any(isinstance(part, ir.Builtin) and part.name in MUTATING for part in parts)):
        name = w.fresh("value", "item")
        w.prepared([f"let {name} = {texts[-1]};"], name)
        texts[-1] = name
    return Written(f"{changed_place(w, base)}.{method}({', '.join(texts)})", ATOM)


def changed_place(w: RustWriter, base: Any) -> str:
    """What is changed, before a dot or an index."""
    match base:
        case ir.Lookup(base=outer, key=key):
            return f"{changed_place(w, outer)}.get_mut({w.key(key)}).unwrap()"
        case ir.Index(base=outer, index=index):
            if is_last(outer, index):
                return f"{changed_place(w, outer)}.last_mut().unwrap()"
            return f"{changed_place(w, outer)}[{changing_index(w, outer, index)}]"
        case ir.Builtin(name="last", arguments=(outer,)):
            return f"{changed_place(w, outer)}.last_mut().unwrap()"
    return w.receiver(base)


def changing_index(w: RustWriter, base: Any, index: Any) -> str:
    """An index into what is changed: computed before, where it asks that itself."""
    text, owner = w.index(index), root(base)
    if any(isinstance(part, ir.Name) and part.name == owner and not is_copy(part.type) for part in every(index)):
        name = w.fresh("at", "position", "place")
        w.line(f"let {name} = {text};")
        return name
    return text


@writes_builtin("pop")
def _pop(w: RustWriter, node: ir.Builtin) -> Written:
    return Written(f"{changed_place(w, node.arguments[0])}.pop().unwrap()", ATOM)


@writes_builtin("pop_first")
def _pop_first(w: RustWriter, node: ir.Builtin) -> Written:
    return Written(f"{changed_place(w, node.arguments[0])}.pop_front().unwrap()", ATOM)


@writes_builtin("extend")
def _extend(w: RustWriter, node: ir.Builtin) -> Written:
    base, more = node.arguments
    written = w.write(more) if not isinstance(more, ir.Fold | ir.ListDisplay) else None
    if written is not None and written.form is not Form.VALUE:
        return _changing(w, base, "extend_from_slice", [more], [w.borrow(written)])
    return _changing(w, base, "extend", [more], [items_by_value(w, more, argument=True)])


@writes_builtin("sort", "reverse")
def _in_place(w: RustWriter, node: ir.Builtin) -> Written:
    base = node.arguments[0]
    assert isinstance(base.type, List)
    call = sort_call(base.type.item) if node.name == "sort" else "reverse()"
    return Written(f"{changed_place(w, base)}.{call}", ATOM)


@writes_builtin("discard", "remove_key")
def _remove(w: RustWriter, node: ir.Builtin) -> Written:
    return Written(f"{changed_place(w, node.arguments[0])}.remove({w.key(node.arguments[1])})", ATOM)
