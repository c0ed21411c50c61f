"""Iteration and comprehensions as JavaScript's iterables and array methods."""

from dataclasses import replace
from typing import Literal, NamedTuple

from hrm_edge.train.data.ir import nodes as ir
from hrm_edge.train.data.ir import types as t
from hrm_edge.train.data.ir.traversal import every, substituted
from hrm_edge.train.data.renderers import javascript_order as order
from hrm_edge.train.data.renderers.javascript_levels import ATOM, PRODUCT, Written
from hrm_edge.train.data.renderers.javascript_names import free_name, mentions
from hrm_edge.train.data.renderers.javascript_values import NUMBERS, is_coded
from hrm_edge.train.data.renderers.javascript_writing import JavascriptWriting

ZERO = ir.Literal(t.INT, 0)
_MAKE_LISTS = frozenset(
    (
        *("split", "words", "chars", "sorted", "sorted_descending", "reversed", "copy", "filled"),
        *("sorted_keys", "sorted_items", "sorted_set"),
    )
)


class Source(NamedTuple):
    """Something to go through: `new` is an array that nothing else holds."""

    text: str
    """Binds as tightly as a name."""
    kind: Literal["iterable", "array", "new"]


def source(write: JavascriptWriting, node: ir.Expression) -> Source:
    """What stands behind `of` in a loop, or behind `...`."""
    match node:
        case ir.Range():
            return Source(write_range(write, node), "new")
        case ir.Enumerate(base=base):
            return Source(f"{sequence(write, base)}.entries()", "iterable")
        case ir.Zip(left=left, right=right):
            return Source(f"{write.helper('zip')}({write.text(left)}, {write.text(right)})", "new")
        case ir.Items(base=base):
            return _entries(write, base)
        case ir.Builtin(name="keys", arguments=(base,)):
            return _keys(write, base)
        case ir.Builtin(name="values", arguments=(base,)):
            if write.is_object(base.type):
                return Source(f"Object.values({write.text(base)})", "new")
            return Source(f"{write.receiver(base)}.values()", "iterable")
    if isinstance(node.type, t.Map):
        return _keys(write, node)
    if isinstance(node.type, t.Set) and is_coded(node.type.item):
        return Source(f"[...{write.text(node)}].map({write.decoder(node.type.item)})", "new")
    kind: Literal["iterable", "array", "new"] = "iterable"
    if isinstance(node.type, t.List | t.Queue):
        kind = "new" if _is_made(node) else "array"
    return Source(write.receiver(node), kind)


def sequence(write: JavascriptWriting, node: ir.Expression) -> str:
    """An array, of which methods may be called."""
    found = source(write, node)
    return f"[...{found.text}]" if found.kind == "iterable" else found.text


def new_array(write: JavascriptWriting, node: ir.Expression) -> str:
    """An array that may be sorted or reversed where it is."""
    found = source(write, node)
    return found.text if found.kind == "new" else f"[...{found.text}]"


def pattern_text(write: JavascriptWriting, pattern: ir.Pattern) -> str:
    """The names that a loop or a function's one parameter binds: `x`, `[a, b]`, `[, b]`."""
    if len(pattern.names) == 1:
        return write.name(pattern.names[0])
    return f"[{', '.join('' if name == '_' else write.name(name) for name in pattern.names).rstrip(', ')}]"


def write_fold(write: JavascriptWriting, node: ir.Fold) -> Written:
    """A comprehension as calls of filter, map, reduce, some and every."""
    if isinstance(node.iterable, ir.Range) and node.kind == "list" and node.condition is None:
        return write_range(write, node.iterable, node), ATOM
    node, chain, parameters = _filtered(write, node)
    match node.kind:
        case "any" | "all":
            method = "some" if node.kind == "any" else "every"
            return f"{chain}.{method}({_arrow(write, parameters, node.element)})", ATOM
        case "count":
            return f"{chain}.length", ATOM
        case "sum":
            total = free_name(("sum", "total", "acc"), node)
            added = ir.Binary(node.type, "+", ir.Name(node.type, total), node.element)
            return f"{chain}.reduce({_arrow(write, [total, *parameters], added)}, 0)", ATOM
        case "map":
            return _mapping(write, node, chain, parameters), ATOM
        case "list":
            if _is_identity(node):
                return (new_array(write, node.iterable) if node.condition is None else chain), ATOM
            return f"{chain}.map({_arrow(write, parameters, node.element)})", ATOM
        case "set":
            return f"new Set({_members(write, node, chain, parameters)})", ATOM
    mapped = chain if _is_identity(node) else f"{chain}.map({_arrow(write, parameters, node.element)})"
    if isinstance(node.type, NUMBERS):
        return f"Math.{node.kind}(...{mapped})", ATOM
    return order.least(write, mapped, node.type, most=node.kind == "max"), ATOM


def write_range(write: JavascriptWriting, node: ir.Range, fold: ir.Fold | None = None) -> str:
    """An array of whole numbers, or of what a comprehension makes of each."""
    name = free_name(("i", "j", "k"), node.start)
    if fold is not None and fold.pattern.names != ("_",) and not mentions(fold.pattern.names[0], node.start):
        name = fold.pattern.names[0]
    index = ir.Name(t.INT, name)
    number = _plus(node.start, index if node.step == 1 else ir.Binary(t.INT, "*", index, ir.Literal(t.INT, node.step)))
    length = write.text(_minus(node.stop, node.start))
    if node.step != 1:
        length = f"Math.ceil({write.text(_minus(node.stop, node.start), PRODUCT)} / {node.step})"
    if fold is None:
        return f"Array.from({{ length: {length} }}, {_arrow(write, ['_', name], number)})"
    uses = sum(mentions(fold.pattern.names[0], part) for part in every(fold.element) if isinstance(part, ir.Name))
    if uses == 0:
        return f"Array.from({{ length: {length} }}, {_arrow(write, [], fold.element)})"
    if number == index or (uses <= 2 and isinstance(node.start, ir.Literal) and node.step == 1):
        element = substituted(fold.element, {fold.pattern.names[0]: number})
        return f"Array.from({{ length: {length} }}, {_arrow(write, ['_', write.name(name)], element)})"
    each = _arrow(write, [pattern_text(write, fold.pattern)], fold.element)
    return f"{write_range(write, node)}.map({each})"


def extreme(write: JavascriptWriting, base: ir.Expression, *, most: bool) -> str:
    """The smallest or largest item of a list."""
    if isinstance(base, ir.Builtin) and base.name in ("sorted_set", "chars"):  # its order does not matter
        base = base.arguments[0]
    if isinstance(base.type, t.List | t.Set) and isinstance(base.type.item, NUMBERS):
        return f"Math.{'max' if most else 'min'}(...{source(write, base).text})"
    item = base.type.item if isinstance(base.type, t.List | t.Set) else t.CHAR
    return order.least(write, sequence(write, base), item, most=most)


def same_as(write: JavascriptWriting, item: ir.Expression) -> str:
    """The function that tells whether something is the same as an item."""
    name = free_name(("item", "other", "value"), item)
    text, _ = write.equal(ir.Name(item.type, name), item)
    return f"({name}) => {text}"


def _arrow(write: JavascriptWriting, parameters: list[str], body: ir.Expression) -> str:
    text = write.text(body)
    if text.startswith("{"):  # an object, which would be read as a block
        text = f"({text})"
    return f"({', '.join(parameters)}) => {text}"


def _filtered(write: JavascriptWriting, node: ir.Fold) -> tuple[ir.Fold, str, list[str]]:
    """The fold, the array after its condition, and the parameters of a function of the array's items."""
    iterable, pattern, condition = node.iterable, node.pattern, node.condition
    if isinstance(iterable, ir.Enumerate):
        index, item = pattern.names
        with_index = [write.name(item), write.name(index)]
        chain = sequence(write, iterable.base)
        late = mentions(index, node.element) or mentions(index, node.key)
        if condition is None:
            return node, chain, with_index if late else with_index[:1]
        if not late:
            parameters = with_index if mentions(index, condition) else with_index[:1]
            return node, f"{chain}.filter({_arrow(write, parameters, condition)})", with_index[:1]
    if isinstance(iterable, ir.Zip) and condition is None:
        match iterable.left, iterable.right:
            case ir.Name() as left, ir.Slice(base=base, start=ir.Literal(value=1), stop=None) if left == base:
                return _with_next(write, node, left)
    parameters = [] if pattern.names == ("_",) else [pattern_text(write, pattern)]
    chain = sequence(write, iterable)
    if condition is not None:
        chain += f".filter({_arrow(write, parameters, condition)})"
    return node, chain, parameters


def _with_next(write: JavascriptWriting, node: ir.Fold, whole: ir.Name) -> tuple[ir.Fold, str, list[str]]:
    """Each item with the one before it: the array without its first, and the index of the one before."""
    before, item = node.pattern.names
    index = free_name(("i", "j", "index"), node)
    values = {before: ir.Index(node.pattern.types[0], whole, ir.Name(t.INT, index))}
    element = substituted(node.element, values)
    key = None if node.key is None else substituted(node.key, values)
    chain = f"{'[...' if whole.type == t.STR else ''}{write.text(whole)}{']' if whole.type == t.STR else ''}.slice(1)"
    return replace(node, element=element, key=key), chain, [write.name(item), index]


def _mapping(write: JavascriptWriting, node: ir.Fold, chain: str, parameters: list[str]) -> str:
    assert isinstance(node.type, t.Map) and node.key is not None
    pairs = (
        f"{chain}.map(({', '.join(parameters)}) => [{write.key(node.type.key, node.key)}, {write.text(node.element)}])"
    )
    return f"Object.fromEntries({pairs})" if write.is_object(node.type) else f"new Map({pairs})"


def _members(write: JavascriptWriting, node: ir.Fold, chain: str, parameters: list[str]) -> str:
    assert isinstance(node.type, t.Set)
    if is_coded(node.type.item):
        return f"{chain}.map(({', '.join(parameters)}) => {write.key(node.type.item, node.element)})"
    if _is_identity(node):
        return source(write, node.iterable).text if node.condition is None else chain
    return f"{chain}.map({_arrow(write, parameters, node.element)})"


def _is_identity(node: ir.Fold) -> bool:
    return len(node.pattern.names) == 1 and node.element == ir.Name(node.element.type, node.pattern.names[0])


def _entries(write: JavascriptWriting, base: ir.Expression) -> Source:
    assert isinstance(base.type, t.Map)
    if write.is_object(base.type):
        return Source(f"Object.entries({write.text(base)})", "new")
    if is_coded(base.type.key):
        decoded = write.decoder(base.type.key).removeprefix("(key) => ")
        return Source(f"[...{write.text(base)}].map(([key, value]) => [{decoded}, value])", "new")
    return Source(write.receiver(base), "iterable")


def _keys(write: JavascriptWriting, base: ir.Expression) -> Source:
    assert isinstance(base.type, t.Map)
    if write.is_object(base.type):
        return Source(f"Object.keys({write.text(base)})", "new")
    keys = f"{write.receiver(base)}.keys()"
    if is_coded(base.type.key):
        return Source(f"[...{keys}].map({write.decoder(base.type.key)})", "new")
    return Source(keys, "iterable")


def _is_made(node: ir.Expression) -> bool:
    """Whether an expression makes a new list."""
    match node:
        case ir.Builtin(name=name):
            return name in _MAKE_LISTS
        case ir.Fold() | ir.SortBy() | ir.ListDisplay() | ir.Slice() | ir.Binary():
            return True
    return False


def _plus(left: ir.Expression, right: ir.Expression) -> ir.Expression:
    """A sum, the literal behind, and nothing of a zero."""
    if left == ZERO:
        return right
    if isinstance(left, ir.Literal):
        left, right = right, left
    return ir.Binary(t.INT, "+", left, right)


def _minus(left: ir.Expression, right: ir.Expression) -> ir.Expression:
    """A difference; two literals become one."""
    if not isinstance(right, ir.Literal):
        return ir.Binary(t.INT, "-", left, right)
    less = _whole(right)
    match left:
        case ir.Literal():
            return ir.Literal(t.INT, _whole(left) - less)
        case ir.Binary(operator="+" | "-" as operator, left=rest, right=ir.Literal() as last):
            more = (_whole(last) if operator == "+" else -_whole(last)) - less
            return rest if more == 0 else ir.Binary(t.INT, "+" if more > 0 else "-", rest, ir.Literal(t.INT, abs(more)))
    if less == 0:
        return left
    return ir.Binary(t.INT, "-" if less > 0 else "+", left, ir.Literal(t.INT, abs(less)))


def _whole(literal: ir.Literal) -> int:
    assert isinstance(literal.value, int)
    return literal.value
