"""Order in JavaScript: comparators, sorted arrays, the least of an array."""

from typing import TYPE_CHECKING

from hrm_edge.train.data.ir import nodes as ir
from hrm_edge.train.data.ir import types as t
from hrm_edge.train.data.ir.traversal import substituted
from hrm_edge.train.data.renderers import javascript_folds as folds
from hrm_edge.train.data.renderers.javascript_levels import AND, CONDITIONAL, OR, SHIFT, Written, in_parentheses
from hrm_edge.train.data.renderers.javascript_names import free_name

if TYPE_CHECKING:
    from hrm_edge.train.data.renderers.javascript_expressions import JavascriptExpressions

_BY_DEFAULT = t.Str | t.Char | t.Bool
"""What sort() without a comparator puts in order; numbers it would take for texts."""


def comparison(write: "JavascriptExpressions", left: ir.Expression, right: ir.Expression) -> Written:
    """A number below, at or above zero, as the left value is before, with or behind the right one."""
    match left, right:
        case ir.TupleDisplay(), ir.TupleDisplay():
            pairs = list(zip(left.items, right.items, strict=True))
        case ir.Unary(operator="-"), ir.Unary(operator="-"):
            return comparison(write, right.operand, left.operand)
        case _ if isinstance(left.type, t.Tuple):
            pairs = [(_part(left, i), _part(right, i)) for i in range(len(left.type.items))]
        case _ if isinstance(left.type, t.Str | t.Char):
            first, second = write.text(left, SHIFT), write.text(right, SHIFT)
            return f"{first} < {second} ? -1 : {first} > {second} ? 1 : 0", CONDITIONAL
        case _:
            return write.write(ir.Binary(t.FLOAT, "-", left, right))
    parts = [comparison(write, one, other) for one, other in pairs]
    if len(parts) == 1:
        return parts[0]
    return " || ".join(in_parentheses(part, AND) for part in parts), OR


def comparator(write: "JavascriptExpressions", kind: t.Type) -> str:
    """What sort() takes to put items of a type in order; nothing where it needs nothing."""
    if isinstance(kind, _BY_DEFAULT):
        return ""
    return f"(a, b) => {comparison(write, ir.Name(kind, 'a'), ir.Name(kind, 'b'))[0]}"


def write_sorted(write: "JavascriptExpressions", node: ir.Builtin) -> str:
    """A new array in order: of a list, a set, a map's keys or a map's entries."""
    assert isinstance(node.type, t.List)
    descending = node.name == "sorted_descending"
    array = folds.new_array(write, _without_order(node))
    kind = node.type.item
    if isinstance(kind, _BY_DEFAULT):
        return f"{array}.sort(){'.reverse()' if descending else ''}"
    left, right = ir.Name(kind, "a"), ir.Name(kind, "b")
    if _is_of_entries(node):  # keys are distinct: values never decide
        return f"{array}.sort({_arrow(write, _part(left, 0), _part(right, 0), descending)})"
    return f"{array}.sort({_arrow(write, left, right, descending)})"


def write_sort_by(write: "JavascriptExpressions", node: ir.SortBy) -> str:
    """A new array in the order of a key; equal keys keep their order, descending ones too."""
    assert isinstance(node.type, t.List)
    first = free_name(("a", "left", "first"), node.key)
    second = free_name(("b", "right", "second"), node.key)
    left, right = (substituted(node.key, {node.parameter: ir.Name(node.type.item, name)}) for name in (first, second))
    if node.descending:
        left, right = right, left
    base = _without_order(node.base) if _decides(node) else node.base
    return f"{folds.new_array(write, base)}.sort(({first}, {second}) => {comparison(write, left, right)[0]})"


def least(write: "JavascriptExpressions", array: str, kind: t.Type, *, most: bool) -> str:
    """The least or greatest item of an array of what Math.min does not take."""
    left, right = ir.Name(kind, "a"), ir.Name(kind, "b")
    better = ir.Compare(">" if most else "<", right, left)
    return f"{array}.reduce((a, b) => ({write.text(better)} ? b : a))"


def _arrow(write: "JavascriptExpressions", left: ir.Expression, right: ir.Expression, descending: bool) -> str:
    text, _ = comparison(write, right, left) if descending else comparison(write, left, right)
    return f"(a, b) => {text}"


def _part(node: ir.Expression, number: int) -> ir.Expression:
    """A part of a tuple."""
    assert isinstance(node.type, t.Tuple)
    return ir.Index(node.type.items[number], node, ir.Literal(t.INT, number))


def _without_order(node: ir.Expression) -> ir.Expression:
    """What a sorted list is made of."""
    if not isinstance(node, ir.Builtin):
        return node
    match node.name:
        case "sorted" | "sorted_descending" | "sorted_set" | "chars" | "copy":
            return _without_order(node.arguments[0])
        case "sorted_keys":
            return ir.Builtin(node.type, "keys", node.arguments)
        case "sorted_items":
            assert isinstance(node.type, t.List)
            return ir.Items(node.type, node.arguments[0])
    return node


def _is_of_entries(node: ir.Expression) -> bool:
    return isinstance(_without_order(node), ir.Items)


def _decides(node: ir.SortBy) -> bool:
    """Whether no two items that differ have equal keys, so that it does not matter how they stood before."""
    item = ir.Name(node.key.type, node.parameter)
    parts = node.key.items if isinstance(node.key, ir.TupleDisplay) else (node.key,)
    for part in parts:
        match part:
            case ir.Name(name=name) if name == item.name:
                return True
            case ir.Index(base=ir.Name(name=name), index=ir.Literal(value=0)) if name == item.name:
                if _is_of_entries(node.base):
                    return True
    return False
