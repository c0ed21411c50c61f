"""Rust's iterators: what a loop runs over, and comprehensions as chains of adapters."""

from typing import Any, NamedTuple

from hrm_edge.train.data.ir import nodes as ir
from hrm_edge.train.data.ir.traversal import every
from hrm_edge.train.data.ir.types import INT, STR, Float, Map, Str, Tuple, Type
from hrm_edge.train.data.renderers.rust_types import char_literal, is_copy, is_ordered, owned_type
from hrm_edge.train.data.renderers.rust_writer import (
    ATOM,
    EITHER,
    EXPRESSIONS,
    UNARY,
    Form,
    RustWriter,
    Written,
)
from hrm_edge.train.data.renderers.usage import first_excluded, is_count_range


class Part(NamedTuple):
    """What an iterator gives for one name."""

    form: Form
    """VALUE, REFERENCE or SLICE."""
    counts: bool = False
    """A `usize`."""


class Source(NamedTuple):
    """Something to iterate over."""

    chain: str
    """An iterator, where adapters follow."""
    loop: str
    """What stands after `for … in`."""
    parts: tuple[Part, ...]
    """One per name, or one for the whole item."""


def source(w: RustWriter, node: Any, pattern: ir.Pattern) -> Source:
    """What an iterable of a For or Fold gives."""
    match node:
        case ir.Range():
            return _range(w, node, pattern.names[0])
        case ir.Enumerate(base=base):
            chain, _, part = _items(w, base)
            return _same(f"{chain}.enumerate()", (Part(Form.VALUE, counts=True), part))
        case ir.Zip(left=left, right=right):
            first, _, one = _items(w, left)
            _, second, other = _items(w, right)
            return _same(f"{first}.zip({second})", (one, other))
        case ir.Items(base=base):
            chain, loop, _ = _listed(w, base)
            return Source(chain, loop, (Part(Form.REFERENCE),) * 2)
        case ir.Builtin(name="sorted_items", arguments=(base,)):
            name = _sorted_items(w, base)
            return Source(f"{name}.into_iter()", name, (Part(Form.REFERENCE),) * 2)
    chain, loop, part = _items(w, node)
    return Source(chain, loop, (part,))


def _same(chain: str, parts: tuple[Part, ...]) -> Source:
    return Source(chain, chain, parts)


def _sorted_items(w: RustWriter, base: Any) -> str:
    assert isinstance(base.type, Map)
    name = w.fresh("items", "entries", "pairs")
    sort = "sort()" if is_ordered(base.type.value) else "sort_by(|a, b| a.0.cmp(b.0))"
    lines = [f"let mut {name}: Vec<_> = {w.receiver(base)}.iter().collect();", f"{name}.{sort};"]
    return w.prepared(lines, name).text


def _items(w: RustWriter, node: Any) -> tuple[str, str, Part]:
    """(chain, what a loop or `zip` takes, what comes) of something with single items."""
    value = Part(Form.VALUE)
    match node:
        case ir.Builtin(name="keys" | "values" as name, arguments=(base,)):
            text = f"{w.receiver(base)}.{name}()"
            return text, text, Part(Form.REFERENCE)
        case ir.Builtin(name="words", arguments=(base,)):
            text = f"{w.receiver(base)}.split_whitespace()"
            return text, text, Part(Form.SLICE)
        case ir.Builtin(name="split", arguments=(base, separator)):
            text = f"{w.receiver(base)}.split({separator_text(w, separator)})"
            return text, text, Part(Form.SLICE)
        case ir.Builtin(name="chars", arguments=(base,)):
            return _items(w, base)
        case ir.Builtin(name="copy", arguments=(base,)):
            return _items(w, base)
        case ir.Builtin(name="reversed", arguments=(base,)):
            chain, _, part = _items(w, base)
            return f"{chain}.rev()", f"{chain}.rev()", part
        case ir.Builtin(name="reversed_text", arguments=(base,)):
            chain = f"{w.receiver(base)}.chars().rev()"
            return chain, chain, value
        case ir.Fold(kind="list"):
            chain, part = _picked(w, node)
            return chain, chain, part
        case ir.ListDisplay(items=items) if items:
            return _display(w, items)
    if isinstance(node.type, Str):
        text = f"{w.receiver(node)}.chars()"
        return text, text, value
    if isinstance(node.type, Map):
        text = f"{w.receiver(node)}.keys()"
        return text, text, Part(Form.REFERENCE)
    return _listed(w, node)


def _display(w: RustWriter, items: tuple[Any, ...]) -> tuple[str, str, Part]:
    form = Form.VALUE
    if all(isinstance(item, ir.Literal) and item.type == STR for item in items):
        form = Form.SLICE
        text = f"[{', '.join(w.write(item).text for item in items)}]"
    else:
        text = f"[{', '.join(w.owned(item) for item in items)}]"
    return f"{text}.into_iter()", text, Part(form)


def _listed(w: RustWriter, node: Any) -> tuple[str, str, Part]:
    """A list, set, queue or map in a variable or made on the spot."""
    written = w.write(node)
    if written.form is Form.VALUE and not isinstance(node, ir.Name):
        return f"{written.at(ATOM)}.into_iter()", written.text, Part(Form.VALUE)
    chain = f"{written.at(ATOM)}.iter()"
    lent = written.form in (Form.REFERENCE, Form.SLICE)
    loop = written.text if lent else chain if written.form is Form.EXCLUSIVE else f"&{written.at(UNARY)}"
    return chain, loop, Part(Form.REFERENCE)


def separator_text(w: RustWriter, node: Any) -> str:
    """What `split` takes."""
    if isinstance(node, ir.Literal) and isinstance(node.value, str) and len(node.value) == 1:
        return char_literal(node.value)
    return w.text(node)


def _range(w: RustWriter, node: ir.Range, name: str) -> Source:
    index = name in w.usage.indexes and is_count_range(node, w.indexes)
    text = _ascending(w, node, index) if node.step > 0 else _descending(w, node, index)
    if not index and name in w.before_dots and w.is_untyped(node.start) and w.is_untyped(node.stop):
        first, dots, rest = text.partition("..")
        text = f"{first}_i64{dots}{rest}"
    chain = f"({text})"
    if node.step < 0:
        chain += ".rev()"
    if abs(node.step) != 1:
        chain += f".step_by({abs(node.step)})"
    return Source(chain, text if node.step == 1 else chain, (Part(Form.VALUE, counts=index),))


def _ascending(w: RustWriter, node: ir.Range, index: bool) -> str:
    if not index:
        start, stop = w.owned(node.start, EITHER), node.stop
        match stop:
            case ir.Binary(operator="+", left=left, right=ir.Literal(value=1)):
                return f"{start}..={w.owned(left, EITHER)}"
        return f"{start}..{w.owned(stop, EITHER)}"
    start = w.count(node.start).at(EITHER)
    match node.stop:
        case ir.Binary(operator="-", left=left, right=right):
            return f"{start}..{w.count(left).at(ATOM)}.saturating_sub({w.count(right).text})"
        case ir.Binary(operator="+", left=left, right=ir.Literal(value=1)):
            return f"{start}..={w.count(left).at(EITHER)}"
    return f"{start}..{w.count(node.stop).at(EITHER)}"


def _descending(w: RustWriter, node: ir.Range, index: bool) -> str:
    """The numbers from the last to the first: what is turned round stands in the usual order."""

    def write(part: Any) -> str:
        return w.count(part).at(EITHER) if index else w.owned(part, EITHER)

    match node.stop:
        case ir.Literal(value=int(value)):
            low = str(value + 1)
        case ir.Binary(operator="-", left=left, right=ir.Literal(value=1)):
            low = write(left)
        case _:
            low = write(ir.Binary(INT, "+", node.stop, ir.Literal(INT, 1)))
    before = first_excluded(node.start)
    if before is not node.start:
        return f"{low}..{write(before)}"
    return f"{low}..={write(node.start)}"


# --- patterns


def bind(w: RustWriter, given: Source, pattern: ir.Pattern, body: Any, *, lent: bool = False) -> str:
    """The pattern of a `for` or closure, with `_` for what its body does not use; the names are declared. `lent` is for
    closures that get a reference."""
    used = {node.name for node in every(body) if isinstance(node, ir.Name)}
    names, types = tuple(name if name in used else "_" for name in pattern.names), pattern.types
    if len(names) == 1:
        return _bind_one(w, names[0], types[0], given.parts[0], lent=lent)
    if len(given.parts) == 1:
        return _bind_tuple(w, names, types, given.parts[0], lent=lent)
    texts = []
    for name, kind, part in zip(names, types, given.parts, strict=True):
        text = _bind_one(w, name, kind, part, lent=False)
        if lent and part.form is Form.VALUE and not is_copy(kind) and text != "_":
            w.declare(name, kind, Form.REFERENCE)
            text = f"ref {text}"
        texts.append(text)
    joined = f"({', '.join(texts)})"
    return f"&{joined}" if lent else joined


def _bind_one(w: RustWriter, name: str, kind: Type, part: Part, *, lent: bool) -> str:
    if name == "_":
        return "_"
    if part.form is Form.REFERENCE and not is_copy(kind):
        text = w.declare(name, kind, Form.REFERENCE)
    elif part.form is Form.REFERENCE:
        text = f"&{w.declare(name, kind, Form.PLACE)}"
    elif part.form is Form.SLICE:
        text = w.declare(name, kind, Form.SLICE)
    elif lent and not is_copy(kind):
        return w.declare(name, kind, Form.REFERENCE)
    else:
        text = w.declare(name, kind, Form.PLACE, index=part.counts)
    return f"&{text}" if lent else text


def _bind_tuple(w: RustWriter, names: tuple[str, ...], types: tuple[Type, ...], part: Part, *, lent: bool) -> str:
    by_value = part.form is Form.VALUE and not lent
    copied = all(is_copy(kind) for name, kind in zip(names, types, strict=True) if name != "_")
    form = Form.PLACE if by_value or copied else Form.REFERENCE
    texts = [w.declare(name, kind, form) if name != "_" else "_" for name, kind in zip(names, types, strict=True)]
    joined = f"({', '.join(texts)})"
    if by_value or not copied:
        return joined
    return "&" * (lent + (part.form is Form.REFERENCE)) + joined


# --- chains


def _picked(w: RustWriter, node: ir.Fold) -> tuple[str, Part]:
    """The items that meet the condition, each made into the element."""
    given = source(w, node.iterable, node.pattern)
    chain = given.chain
    if node.condition is not None:
        chain += f".filter({_closure(w, given, node.pattern, node.condition, lent=True)})"
    names = node.pattern.names
    if isinstance(node.element, ir.Name) and names == (node.element.name,) and not given.parts[0].counts:
        return chain, given.parts[0]
    return f"{chain}.map({_closure(w, given, node.pattern, node.element)})", Part(Form.VALUE)


def _closure(w: RustWriter, given: Source, pattern: ir.Pattern, body: Any, *, lent: bool = False) -> str:
    with w.scope(), w.inline():
        parameters = bind(w, given, pattern, body, lent=lent)
        text = w.owned(body)
    return f"|{parameters}| {text}"


def items_by_value(w: RustWriter, node: Any, *, argument: bool = False) -> str:
    """An iterator over values of one's own, or with `argument` what an adapter may take in its place."""
    chain, loop, part = _items(w, node)
    if part.form is Form.VALUE:
        return loop if argument else chain
    return _by_value(chain, part, node.type)


def _by_value(chain: str, part: Part, kind: Any) -> str:
    if part.form is Form.SLICE:
        return f"{chain}.map(String::from)"
    if part.form is Form.REFERENCE:
        item = kind.item if not isinstance(kind, Str | Map) else kind
        return f"{chain}.copied()" if is_copy(item) else f"{chain}.cloned()"
    return chain


def items(w: RustWriter, node: Any) -> tuple[str, Part]:
    """An iterator over a list's items, in its cheapest form."""
    chain, _, part = _items(w, node)
    return chain, part


def extreme(chain: str, part: Part, name: str, kind: Type) -> Written:
    """The least or greatest of an iterator's items."""
    if isinstance(kind, Float):
        least = "f64::INFINITY" if name == "min" else "f64::NEG_INFINITY"
        copied = f"{chain}.copied()" if part.form is Form.REFERENCE else chain
        return Written(f"{copied}.fold({least}, f64::{name})", ATOM)
    text = f"{chain}.{name}().unwrap()"
    if part.form is Form.REFERENCE and is_copy(kind):
        return Written(f"*{text}", UNARY)
    return Written(text, ATOM, part.form)


def _fold(w: RustWriter, node: ir.Fold) -> Written:
    kind = node.kind
    if kind in ("any", "all"):
        given = source(w, node.iterable, node.pattern)
        return Written(f"{given.chain}.{kind}({_closure(w, given, node.pattern, node.element)})", ATOM)
    if kind == "list" and (repeated := _repeated(w, node)):
        return Written(repeated, ATOM)
    if kind == "count":
        return Written(f"{_counted(w, node)} as i64", ATOM - 2)
    if kind == "map":
        assert node.key is not None
        element = ir.TupleDisplay(Tuple((node.key.type, node.element.type)), (node.key, node.element))
        given = source(w, node.iterable, node.pattern)
        chain = given.chain
        if node.condition is not None:
            chain += f".filter({_closure(w, given, node.pattern, node.condition, lent=True)})"
        chain += f".map({_closure(w, given, node.pattern, element)})"
        return Written(f"{chain}.collect::<{owned_type(node.type)}>()", ATOM)
    chain, part = _picked(w, node)
    if kind == "sum":
        return Written(f"{chain}.sum::<{owned_type(node.type)}>()", ATOM)
    if kind in ("min", "max"):
        return extreme(chain, part, kind, node.type)
    return Written(f"{_by_value(chain, part, node.type)}.collect::<{owned_type(node.type)}>()", ATOM)


def _counted(w: RustWriter, node: ir.Fold) -> str:
    given = source(w, node.iterable, node.pattern)
    chain = given.chain
    if node.condition is not None:
        chain += f".filter({_closure(w, given, node.pattern, node.condition, lent=True)})"
    return f"{chain}.count()"


def _repeated(w: RustWriter, node: ir.Fold) -> str | None:
    """`vec![vec![0; n]; m]` for rows that are all alike."""
    match node.iterable:
        case ir.Range(start=ir.Literal(value=0), stop=stop, step=1):
            pass
        case _:
            return None
    inside = every(node.element)
    if node.condition is not None or any(isinstance(part, ir.Call | ir.MethodCall | ir.New) for part in inside):
        return None
    if any(isinstance(part, ir.Name) and part.name == node.pattern.names[0] for part in inside):
        return None
    return f"vec![{w.owned(node.element)}; {w.index(stop)}]"


EXPRESSIONS[ir.Fold] = _fold
