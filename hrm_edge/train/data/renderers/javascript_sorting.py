"""Sorted arrays in JavaScript."""

from hrm_edge.train.data.ir import nodes as ir
from hrm_edge.train.data.ir import types as t
from hrm_edge.train.data.ir.traversal import substituted
from hrm_edge.train.data.renderers import javascript_folds as folds
from hrm_edge.train.data.renderers.javascript_names import free_name
from hrm_edge.train.data.renderers.javascript_order import BY_DEFAULT, comparison, part_of
from hrm_edge.train.data.renderers.javascript_writing import JavascriptWriting


def write_sorted(write: JavascriptWriting, node: ir.Builtin) -> str:
    """A new array in order: of a list, a set, a map's keys or a map's entries."""
    assert isinstance(node.type, t.List)
    descending = node.name == "sorted_descending"
    array = folds.new_array(write, _without_order(node))
    kind = node.type.item
    if isinstance(kind, BY_DEFAULT):
        return f"{array}.sort(){'.reverse()' if descending else ''}"
    left, right = ir.Name(kind, "a"), ir.Name(kind, "b")
    if _is_of_entries(node):  # keys are distinct: values never decide
        return f"{array}.sort({_arrow(write, part_of(left, 0), part_of(right, 0), descending)})"
    return f"{array}.sort({_arrow(write, left, right, descending)})"


def write_sort_by(write: JavascriptWriting, node: ir.SortBy) -> str:
    """A new array in the order of a key; equal keys keep their order, descending ones too."""
    assert isinstance(node.type, t.List)
    first = free_name(("a", "left", "first"), node.key)
    second = free_name(("b", "right", "second"), node.key)
    left, right = (substituted(node.key, {node.parameter: ir.Name(node.type.item, name)}) for name in (first, second))
    if node.descending:
        left, right = right, left
    base = _without_order(node.base) if _decides(node) else node.base
    return f"{folds.new_array(write, base)}.sort(({first}, {second}) => {comparison(write, left, right)[0]})"


def _arrow(write: JavascriptWriting, left: ir.Expression, right: ir.Expression, descending: bool) -> str:
    text, _ = comparison(write, right, left) if descending else comparison(write, left, right)
    return f"(a, b) => {text}"


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
