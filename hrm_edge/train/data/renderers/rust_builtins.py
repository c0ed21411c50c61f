"""Rust's words for the builtin operations."""

from collections.abc import Callable
from typing import Any

from hrm_edge.train.data.ir import nodes as ir
from hrm_edge.train.data.ir.analysis import root
from hrm_edge.train.data.ir.builtins import MUTATING
from hrm_edge.train.data.ir.traversal import every
from hrm_edge.train.data.ir.types import CHAR, INT, STR, List, Map, Queue, Set, Str
from hrm_edge.train.data.renderers.rust_expressions import byte_of
from hrm_edge.train.data.renderers.rust_folds import extreme, items, items_by_value
from hrm_edge.train.data.renderers.rust_types import is_copy, is_ordered, owned_type
from hrm_edge.train.data.renderers.rust_writer import (
    ATOM,
    BUILTINS,
    CAST,
    UNARY,
    ExpressionWriter,
    Form,
    RustWriter,
    Written,
    cast,
)
from hrm_edge.train.data.renderers.usage import is_last


def _writes(*names: str) -> Callable[[ExpressionWriter], ExpressionWriter]:
    def register(function: ExpressionWriter) -> ExpressionWriter:
        for name in names:
            BUILTINS[name] = function
        return function

    return register


def _method(template: str, form: Form = Form.VALUE) -> ExpressionWriter:
    """A method of the first argument."""

    def write(w: RustWriter, node: ir.Builtin) -> Written:
        return Written(f"{w.receiver(node.arguments[0])}.{template}", ATOM, form)

    return write


BUILTINS.update(
    upper=_method("to_uppercase()"),
    lower=_method("to_lowercase()"),
    strip=_method("trim()", Form.SLICE),
    parse_int=_method("parse::<i64>().unwrap()"),
    is_empty=_method("is_empty()"),
    text_of_char=_method("to_string()"),
)

# --- numbers


@_writes("abs", "sqrt")
def _typed_method(w: RustWriter, node: ir.Builtin) -> Written:
    return Written(f"{w.typed(node.arguments[0])}.{node.name}()", ATOM)


@_writes("min", "max")
def _extreme_of_two(w: RustWriter, node: ir.Builtin) -> Written:
    first, second = node.arguments
    if node.type == STR:
        return Written(f"{w.text(first)}.{node.name}({w.text(second)})", ATOM, Form.SLICE)
    if isinstance(first, ir.Literal):
        first, second = second, first
    return Written(f"{w.typed(first)}.{node.name}({w.owned(second)})", ATOM)


@_writes("isqrt")
def _isqrt(w: RustWriter, node: ir.Builtin) -> Written:
    return cast(Written(f"({cast(w.write(node.arguments[0]), 'f64').text}).sqrt()", ATOM), "i64")


@_writes("to_float")
def _to_float(w: RustWriter, node: ir.Builtin) -> Written:
    return cast(w.own(w.write(node.arguments[0]), INT), "f64")


@_writes("truncate")
def _truncate(w: RustWriter, node: ir.Builtin) -> Written:
    return cast(w.own(w.write(node.arguments[0]), node.arguments[0].type), "i64")


@_writes("bit_count")
def _bit_count(w: RustWriter, node: ir.Builtin) -> Written:
    return Written(f"{w.typed(node.arguments[0])}.count_ones() as i64", CAST)


@_writes("bit_length")
def _bit_length(w: RustWriter, node: ir.Builtin) -> Written:
    return Written(f"(i64::BITS - {w.typed(node.arguments[0])}.leading_zeros()) as i64", CAST)


@_writes("text_of_int")
def _text_of_int(w: RustWriter, node: ir.Builtin) -> Written:
    value = node.arguments[0]
    text = w.count(value).at(ATOM) if w.is_count(value) and not isinstance(value, ir.Literal) else w.typed(value)
    return Written(f"{text}.to_string()", ATOM)


# --- characters

_CHARACTERS = {
    "is_digit": "is_ascii_digit",
    "is_alpha": "is_ascii_alphabetic",
    "is_alnum": "is_ascii_alphanumeric",
    "is_upper": "is_ascii_uppercase",
    "is_lower": "is_ascii_lowercase",
    "is_space": "is_ascii_whitespace",
}


@_writes(*_CHARACTERS)
def _is(w: RustWriter, node: ir.Builtin) -> Written:
    receiver = byte_of(w, node.arguments[0]) or w.receiver(node.arguments[0])
    return Written(f"{receiver}.{_CHARACTERS[node.name]}()", ATOM)


@_writes("char_upper", "char_lower")
def _case(w: RustWriter, node: ir.Builtin) -> Written:
    method = "to_ascii_uppercase" if node.name == "char_upper" else "to_ascii_lowercase"
    return Written(f"{w.receiver(node.arguments[0])}.{method}()", ATOM)


@_writes("code")
def _code(w: RustWriter, node: ir.Builtin) -> Written:
    value = node.arguments[0]
    if byte := byte_of(w, value):
        return Written(f"{byte} as i64", CAST)
    return cast(w.own(w.write(value), CHAR), "i64")


@_writes("char_of")
def _char_of(w: RustWriter, node: ir.Builtin) -> Written:
    return cast(cast(w.write(node.arguments[0]), "u8"), "char")


@_writes("digit_value")
def _digit_value(w: RustWriter, node: ir.Builtin) -> Written:
    value = node.arguments[0]
    if byte := byte_of(w, value):
        return Written(f"({byte} - b'0') as i64", CAST)
    return Written(f"{w.receiver(value)}.to_digit(10).unwrap() as i64", CAST)


# --- texts


@_writes("split", "words", "chars", "keys", "values", "reversed")
def _collected(w: RustWriter, node: ir.Builtin) -> Written:
    return Written(f"{items_by_value(w, node)}.collect::<{owned_type(node.type)}>()", ATOM)


@_writes("join")
def _join(w: RustWriter, node: ir.Builtin) -> Written:
    separator, parts = node.arguments
    if separator == ir.Literal(STR, "") and isinstance(parts, ir.Fold):
        return Written(f"{items(w, parts)[0]}.collect::<String>()", ATOM)
    return Written(f"{w.receiver(parts)}.join({w.borrow(w.write(separator))})", ATOM)


@_writes("join_chars")
def _join_chars(w: RustWriter, node: ir.Builtin) -> Written:
    return Written(f"{items(w, node.arguments[0])[0]}.collect::<String>()", ATOM)


@_writes("reversed_text")
def _reversed_text(w: RustWriter, node: ir.Builtin) -> Written:
    return Written(f"{w.receiver(node.arguments[0])}.chars().rev().collect::<String>()", ATOM)


@_writes("sorted_text")
def _sorted_text(w: RustWriter, node: ir.Builtin) -> Written:
    name = w.fresh("letters", "chars", "sorted_chars")
    lines = [f"let mut {name}: Vec<char> = {w.receiver(node.arguments[0])}.chars().collect();", f"{name}.sort();"]
    return w.prepared(lines, f"{name}.into_iter().collect::<String>()")


_SEARCHES = {
    "starts_with": "starts_with({})",
    "ends_with": "ends_with({})",
    "contains_text": "contains({})",
    "find": "find({}).map_or(-1, |i| i as i64)",
    "replace": "replace({}, {})",
}


@_writes(*_SEARCHES)
def _search(w: RustWriter, node: ir.Builtin) -> Written:
    base, *others = node.arguments
    texts = [_sought(w, others[0]), *map(w.text, others[1:])]
    return Written(f"{w.receiver(base)}.{_SEARCHES[node.name].format(*texts)}", ATOM)


def _sought(w: RustWriter, node: Any) -> str:
    """What is looked for in a text: a character as it is."""
    if isinstance(node, ir.Builtin) and node.name == "text_of_char":
        return w.owned(node.arguments[0])
    return w.text(node)


@_writes("count_text")
def _count_text(w: RustWriter, node: ir.Builtin) -> Written:
    base, sought = node.arguments
    return Written(f"{w.receiver(base)}.matches({_sought(w, sought)}).count() as i64", CAST)


@_writes("contains_char")
def _contains_char(w: RustWriter, node: ir.Builtin) -> Written:
    return Written(f"{w.receiver(node.arguments[0])}.contains({w.owned(node.arguments[1])})", ATOM)


@_writes("repeat")
def _repeat(w: RustWriter, node: ir.Builtin) -> Written:
    return Written(f"{w.receiver(node.arguments[0])}.repeat({w.index(node.arguments[1])})", ATOM)


# --- lists


@_writes("length")
def _length(w: RustWriter, node: ir.Builtin) -> Written:
    return Written(f"{w.receiver(node.arguments[0])}.len() as i64", CAST)


@_writes("last")
def _last(w: RustWriter, node: ir.Builtin) -> Written:
    base = w.receiver(node.arguments[0])
    if isinstance(node.arguments[0].type, Str):
        return Written(f"{base}.chars().last().unwrap()", ATOM)
    if is_copy(node.type):
        return Written(f"*{base}.last().unwrap()", UNARY)
    return Written(f"{base}.last().unwrap()", ATOM, Form.REFERENCE)


@_writes("sum")
def _sum(w: RustWriter, node: ir.Builtin) -> Written:
    return Written(f"{items(w, node.arguments[0])[0]}.sum::<{owned_type(node.type)}>()", ATOM)


@_writes("smallest", "largest")
def _extreme(w: RustWriter, node: ir.Builtin) -> Written:
    chain, part = items(w, node.arguments[0])
    return extreme(chain, part, "min" if node.name == "smallest" else "max", node.type)


def sort_call(kind: Any, *, descending: bool = False) -> str:
    """`sort()` for a list of such items."""
    if not is_ordered(kind):
        return f"sort_by(|a, b| {'b.partial_cmp(a)' if descending else 'a.partial_cmp(b)'}.unwrap())"
    return "sort_by(|a, b| b.cmp(a))" if descending else "sort()"


@_writes("sorted", "sorted_descending")
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


@_writes("sorted_keys", "sorted_set")
def _sorted_parts(w: RustWriter, node: ir.Builtin) -> Written:
    name = w.fresh("keys", "ordered") if node.name == "sorted_keys" else w.fresh("sorted", "ordered")
    return w.prepared(sorted_lines(w, name, node), name)


@_writes("sorted_items")
def _sorted_items(w: RustWriter, node: ir.Builtin) -> Written:
    base = node.arguments[0]
    assert isinstance(base.type, Map)
    kinds = (("k", base.type.key), ("v", base.type.value))
    pair = ", ".join(f"*{part}" if is_copy(kind) else f"{part}.clone()" for part, kind in kinds)
    name = w.fresh("items", "entries", "pairs")
    sort = "sort()" if is_ordered(base.type.value) else "sort_by(|a, b| a.0.cmp(&b.0))"
    text = f"{w.receiver(base)}.iter().map(|(k, v)| ({pair})).collect()"
    return w.prepared([f"let mut {name}: {owned_type(node.type)} = {text};", f"{name}.{sort};"], name)


@_writes("copy")
def _copy(w: RustWriter, node: ir.Builtin) -> Written:
    written = w.write(node.arguments[0])
    if written.form in (Form.SLICE, Form.UNSIZED):
        return Written(f"{written.at(ATOM)}.to_vec()", ATOM)
    return w.own(written, node.type) if written.form is Form.VALUE else Written(f"{written.at(ATOM)}.clone()", ATOM)


@_writes("contains")
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


@_writes("index_of", "count_item")
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


@_writes("filled")
def _filled(w: RustWriter, node: ir.Builtin) -> Written:
    item, count = node.arguments
    return Written(f"vec![{w.owned(item)}; {w.index(count)}]", ATOM)


# --- maps, sets, queues


@_writes("get")
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


@_writes("has_key")
def _has_key(w: RustWriter, node: ir.Builtin) -> Written:
    return Written(f"{w.receiver(node.arguments[0])}.contains_key({w.key(node.arguments[1])})", ATOM)


@_writes("has")
def _has(w: RustWriter, node: ir.Builtin) -> Written:
    return Written(f"{w.receiver(node.arguments[0])}.contains({w.key(node.arguments[1])})", ATOM)


@_writes("set_of")
def _set_of(w: RustWriter, node: ir.Builtin) -> Written:
    return Written(f"{items_by_value(w, node.arguments[0])}.collect::<{owned_type(node.type)}>()", ATOM)


@_writes("empty_set")
def _empty_set(_: RustWriter, __: ir.Builtin) -> Written:
    return Written("HashSet::new()", ATOM)


@_writes("queue_of")
def _queue_of(w: RustWriter, node: ir.Builtin) -> Written:
    first = node.arguments[0]
    if isinstance(first, ir.ListDisplay):
        if not first.items:
            return Written("VecDeque::new()", ATOM)
        return Written(f"VecDeque::from([{', '.join(w.owned(item) for item in first.items)}])", ATOM)
    return Written(f"VecDeque::from({w.owned(first)})", ATOM)


# --- operations that change their first argument


@_writes("append", "insert", "add")
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


@_writes("pop")
def _pop(w: RustWriter, node: ir.Builtin) -> Written:
    return Written(f"{changed_place(w, node.arguments[0])}.pop().unwrap()", ATOM)


@_writes("pop_first")
def _pop_first(w: RustWriter, node: ir.Builtin) -> Written:
    return Written(f"{changed_place(w, node.arguments[0])}.pop_front().unwrap()", ATOM)


@_writes("extend")
def _extend(w: RustWriter, node: ir.Builtin) -> Written:
    base, more = node.arguments
    written = w.write(more) if not isinstance(more, ir.Fold | ir.ListDisplay) else None
    if written is not None and written.form is not Form.VALUE:
        return _changing(w, base, "extend_from_slice", [more], [w.borrow(written)])
    return _changing(w, base, "extend", [more], [items_by_value(w, more, argument=True)])


@_writes("sort", "reverse")
def _in_place(w: RustWriter, node: ir.Builtin) -> Written:
    base = node.arguments[0]
    assert isinstance(base.type, List)
    call = sort_call(base.type.item) if node.name == "sort" else "reverse()"
    return Written(f"{changed_place(w, base)}.{call}", ATOM)


@_writes("discard", "remove_key")
def _remove(w: RustWriter, node: ir.Builtin) -> Written:
    return Written(f"{changed_place(w, node.arguments[0])}.remove({w.key(node.arguments[1])})", ATOM)
