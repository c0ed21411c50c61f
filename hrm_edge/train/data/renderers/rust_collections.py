"""Rust's words for what lists, maps, sets and queues are asked."""

from typing import Any

from hrm_edge.train.data.ir import nodes as ir
from hrm_edge.train.data.ir.types import STR, List, Map, Set, Str
from hrm_edge.train.data.renderers.rust_folds import extreme, items, items_by_value
from hrm_edge.train.data.renderers.rust_types import is_copy, is_ordered, owned_type
from hrm_edge.train.data.renderers.rust_writer import (
    ATOM,
    CAST,
    UNARY,
    Form,
    RustWriter,
    Written,
    writes_builtin,
)

# --- lists


@writes_builtin("length")
def _length(w: RustWriter, node: ir.Builtin) -> Written:
    return Written(f"{w.receiver(node.arguments[0])}.len() as i64", CAST)


@writes_builtin("last")
def _last(w: RustWriter, node: ir.Builtin) -> Written:
    base = w.receiver(node.arguments[0])
    if isinstance(node.arguments[0].type, Str):
        return Written(f"{base}.chars().last().unwrap()", ATOM)
    if is_copy(node.type):
        return Written(f"*{base}.last().unwrap()", UNARY)
    return Written(f"{base}.last().unwrap()", ATOM, Form.REFERENCE)


@writes_builtin("sum")
def _sum(w: RustWriter, node: ir.Builtin) -> Written:
    return Written(f"{items(w, node.arguments[0])[0]}.sum::<{owned_type(node.type)}>()", ATOM)


@writes_builtin("smallest", "largest")
def _extreme(w: RustWriter, node: ir.Builtin) -> Written:
    chain, part = items(w, node.arguments[0])
    return extreme(chain, part, "min" if node.name == "smallest" else "max", node.type)


def sort_call(kind: Any, *, descending: bool = False) -> str:
    """`sort()` for a list of such items."""
    if not is_ordered(kind):
        return f"sort_by(|a, b| {'b.partial_cmp(a)' if descending else 'a.partial_cmp(b)'}.unwrap())"
    return "sort_by(|a, b| b.cmp(a))" if descending else "sort()"


@writes_builtin("sorted", "sorted_descending")
def _sorted(w: RustWriter, node: ir.Builtin) -> Written:
    assert isinstance(node.type, List)
    name = w.fresh("sorted", "ordered")
    return w.prepared(sorted_lines(w, name, node), name)


def sorted_lines(w: RustWriter, name: str, node: ir.Builtin) -> list[str]:
    """Statements that leave a sorted list in a new variable."""
    kind = owned_type(node.type)
    base = node.arguments[0]
    match node.name:
        case "sorted_keys":
            assert isinstance(base.type, Map)
            every_one = "copied()" if is_copy(base.type.key) else "cloned()"
            first, sort = f"{w.receiver(base)}.keys().{every_one}.collect()", sort_call(base.type.key)
        case "sorted_set":
            assert isinstance(base.type, Set)
            first, sort = f"{items_by_value(w, base)}.collect()", sort_call(base.type.item)
        case _:
            assert isinstance(node.type, List)
            first = w.owned(base).removesuffix(f"::<{kind}>()")
            first = f"{first}()" if first.endswith(".collect") else first
            sort = sort_call(node.type.item, descending=node.name == "sorted_descending")
    declared = f"{name}: {kind}" if first.endswith(".collect()") else name
    return [f"let mut {declared} = {first};", f"{name}.{sort};"]


@writes_builtin("sorted_keys", "sorted_set")
def _sorted_parts(w: RustWriter, node: ir.Builtin) -> Written:
    name = w.fresh("keys", "ordered") if node.name == "sorted_keys" else w.fresh("sorted", "ordered")
    return w.prepared(sorted_lines(w, name, node), name)


@writes_builtin("sorted_items")
def _sorted_items(w: RustWriter, node: ir.Builtin) -> Written:
    base = node.arguments[0]
    assert isinstance(base.type, Map)
    kinds = (("k", base.type.key), ("v", base.type.value))
    pair = ", ".join(f"*{part}" if is_copy(kind) else f"{part}.clone()" for part, kind in kinds)
    name = w.fresh("items", "entries", "pairs")
    sort = "sort()" if is_ordered(base.type.value) else "sort_by(|a, b| a.0.cmp(&b.0))"
    text = f"{w.receiver(base)}.iter().map(|(k, v)| ({pair})).collect()"
    return w.prepared([f"let mut {name}: {owned_type(node.type)} = {text};", f"{name}.{sort};"], name)


@writes_builtin("copy")
def _copy(w: RustWriter, node: ir.Builtin) -> Written:
    written = w.write(node.arguments[0])
    if written.form in (Form.SLICE, Form.UNSIZED):
        return Written(f"{written.at(ATOM)}.to_vec()", ATOM)
    return w.own(written, node.type) if written.form is Form.VALUE else Written(f"{written.at(ATOM)}.clone()", ATOM)


@writes_builtin("contains")
def _contains(w: RustWriter, node: ir.Builtin) -> Written:
    base, item = node.arguments
    if isinstance(base, ir.ListDisplay):
        literals = all(isinstance(each, ir.Literal) for each in base.items)
        texts = [w.write(each).text if literals else w.owned(each) for each in base.items]
        sought = f"&{w.text(item)}" if node.arguments[1].type == STR and literals else w.key(item)
        return Written(f"[{', '.join(texts)}].contains({sought})", ATOM)
    receiver = w.receiver(base)
    written = w.write(item)
    if item.type == STR and written.form in (Form.SLICE, Form.UNSIZED):
        return Written(f"{receiver}.iter().any(|item| item == {w.text(item)})", ATOM)
    return Written(f"{receiver}.contains({w.key(item)})", ATOM)


@writes_builtin("index_of", "count_item")
def _position(w: RustWriter, node: ir.Builtin) -> Written:
    base, item = node.arguments
    name = w.fresh("item", "other", "candidate")
    with w.inline():
        sought = w.owned(item) if is_copy(item.type) else w.text(item) if item.type == STR else w.receiver(item)
    chain = f"{w.receiver(base)}.iter()"
    if node.name == "index_of":
        pattern = f"&{name}" if is_copy(item.type) else name
        return Written(f"{chain}.position(|{pattern}| {name} == {sought}).unwrap() as i64", CAST)
    pattern = f"&&{name}" if is_copy(item.type) else f"&{name}"
    return Written(f"{chain}.filter(|{pattern}| {name} == {sought}).count() as i64", CAST)


@writes_builtin("filled")
def _filled(w: RustWriter, node: ir.Builtin) -> Written:
    item, count = node.arguments
    return Written(f"vec![{w.owned(item)}; {w.index(count)}]", ATOM)


# --- maps, sets, queues


@writes_builtin("get")
def _get(w: RustWriter, node: ir.Builtin) -> Written:
    base, key, default = node.arguments
    found = f"{w.receiver(base)}.get({w.key(key)})"
    with w.inline():
        if not is_copy(node.type):
            empty = isinstance(default, ir.ListDisplay | ir.MapDisplay) and not w.write(default).text.startswith("vec!")
            rest = "unwrap_or_default()" if empty else f"unwrap_or_else(|| {w.owned(default)})"
            return Written(f"{found}.cloned().{rest}", ATOM)
        if isinstance(default, ir.Literal):
            return Written(f"*{found}.unwrap_or(&{w.write(default).at(UNARY)})", UNARY)
        return Written(f"{found}.copied().unwrap_or({w.owned(default)})", ATOM)


@writes_builtin("has_key")
def _has_key(w: RustWriter, node: ir.Builtin) -> Written:
    return Written(f"{w.receiver(node.arguments[0])}.contains_key({w.key(node.arguments[1])})", ATOM)


@writes_builtin("has")
def _has(w: RustWriter, node: ir.Builtin) -> Written:
    return Written(f"{w.receiver(node.arguments[0])}.contains({w.key(node.arguments[1])})", ATOM)


@writes_builtin("set_of")
def _set_of(w: RustWriter, node: ir.Builtin) -> Written:
    return Written(f"{items_by_value(w, node.arguments[0])}.collect::<{owned_type(node.type)}>()", ATOM)


@writes_builtin("empty_set")
def _empty_set(_: RustWriter, __: ir.Builtin) -> Written:
    return Written("HashSet::new()", ATOM)


@writes_builtin("queue_of")
def _queue_of(w: RustWriter, node: ir.Builtin) -> Written:
    first = node.arguments[0]
    if isinstance(first, ir.ListDisplay):
        if not first.items:
            return Written("VecDeque::new()", ATOM)
        return Written(f"VecDeque::from([{', '.join(w.owned(item) for item in first.items)}])", ATOM)
    return Written(f"VecDeque::from({w.owned(first)})", ATOM)
