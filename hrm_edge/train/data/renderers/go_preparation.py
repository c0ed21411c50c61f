"""A program in the form that Go's statements have: loops for comprehensions, variables for what is no expression."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from hrm_edge.train.data.ir import nodes as ir
from hrm_edge.train.data.ir.flattening import Place, flatten
from hrm_edge.train.data.ir.fresh_names import FreshNames
from hrm_edge.train.data.ir.lowering import lower_folds
from hrm_edge.train.data.ir.program_passes import constructor, keys_as_functions, map_functions, rewritten
from hrm_edge.train.data.ir.types import BOOL, CHAR, INT, STR, Char, Float, Int, List, Set, Str, Tuple

_VARIABLES: dict[str, tuple[str, ...]] = {
    "pop": ("top", "last", "popped"),
    "pop_first": ("current", "front", "head"),
    "parse_int": ("number", "parsed", "n"),
    "sorted": ("ordered", "sorted_items", "ranked"),
    "sorted_descending": ("ordered", "sorted_items", "ranked"),
    "reversed": ("backwards", "flipped", "turned"),
    "has_key": ("ok", "exists", "present"),
    "get": ("value", "known", "stored"),
    "filled": ("filled", "cells", "slots"),
}


def prepared(program: ir.Program) -> ir.Program:
    """The program as it is written; constructors are prepared by `prepared_constructor`."""
    plain = keys_as_functions(program, _is_plain_key)
    return map_functions(plain, _prepared)


def prepared_constructor(kind: ir.Class) -> ir.Function:
    """A constructor: statements, then one Return of a tuple of the fields' values."""
    return _prepared(constructor(kind))


def _prepared(function: ir.Function) -> ir.Function:
    function = _InOtherWords(function).rewritten()
    function = lower_folds(function, sums=True, texts=True)
    return flatten(function, wanted, conditionals=True, pairs=True)


def wanted(node: Any, place: Place) -> Sequence[str]:
    """What Go has no expression for."""
    match node:
        case ir.SortBy():
            return ("ordered", "ranked", "by_key") if place not in ("let", "assign") else ()
        case ir.Binary(type=Set()):
            return ("merged", "combined", "either") if place not in ("let", "assign") else ()
        case ir.Builtin(name="get", arguments=(_, _, default)):
            return () if place == "let" or is_zero(default) else _VARIABLES["get"]
        case ir.Builtin(name="filled", arguments=(value, _)):
            return () if place == "let" or is_zero(value) else _VARIABLES["filled"]
        case ir.Builtin(name="has_key"):
            return () if place in ("let", "assign", "condition") else _VARIABLES["has_key"]
        case ir.Builtin(name="reversed") if place == "iterable":
            return ()
        case ir.Builtin(name="pop" | "pop_first" as name) if place == "effect":
            return ()
        case ir.Builtin(name=name) if name in _VARIABLES:
            return () if place in ("let", "assign") else _VARIABLES[name]
    return ()


def is_zero(value: ir.Expression) -> bool:
    """Whether a value is what Go's variables have from the start."""
    return isinstance(value, ir.Literal) and value.value in (0, "", False) and value.type != CHAR


def _is_plain_key(node: Any) -> bool:
    if isinstance(node, ir.Fold | ir.Conditional) or wanted(node, "inside"):
        return False
    return not (isinstance(node, ir.Builtin) and node.name in ("sum", "count_item", "sorted_text", "reversed_text"))


class _InOtherWords:
    """Operations that Go lacks, as comprehensions or other operations."""

    def __init__(self, function: ir.Function) -> None:
        self._function = function
        self._names = FreshNames(function)

    def rewritten(self) -> ir.Function:
        """The function without them."""
        return rewritten(self._function, self._change)  # type: ignore[no-any-return]

    def _change(self, node: Any) -> Any:
        match node:
            case ir.For(pattern=pattern, iterable=ir.Builtin(name="sorted_items", arguments=(base,))):
                return self._sorted_items(node, pattern, base)
            case ir.For(iterable=ir.Fold(kind="list", iterable=ir.Builtin(name="keys" | "values") as view) as fold):
                if fold.condition is None and isinstance(fold.element, ir.Name):
                    return replace(node, iterable=view)
            case ir.Fold(
                iterable=ir.Fold(kind="list", condition=None, iterable=ir.Builtin(name="keys" | "values") as view)
            ):
                return replace(node, iterable=view)
            case ir.Builtin():
                return self._builtin(node)
            case ir.Binary(type=Set()):
                return self._sets(node)
            case ir.Augment(operator="&" | "-" as operator, target=target, value=value) if isinstance(target.type, Set):
                return ir.Assign(target, self._sets(ir.Binary(target.type, operator, target, value)))
        return node

    def _builtin(self, node: ir.Builtin) -> Any:
        arguments = node.arguments
        match node.name:
            case "keys" | "values":
                return self._items_of(node)
            case "sorted_keys" | "sorted_set":
                keys = arguments[0] if node.name == "sorted_set" else ir.Builtin(node.type, "keys", arguments)
                return ir.Builtin(node.type, "sorted", (self._items_of(keys),))
            case "sorted_items":
                return self._sorted_pairs(node)
            case "set_of" if not isinstance(arguments[0], ir.ListDisplay):
                return self._fold("set", node.type, arguments[0])
            case "count_item":
                return self._count(node)
            case "smallest" | "largest" if not _is_ordered_list(arguments[0]):
                return self._fold("min" if node.name == "smallest" else "max", node.type, _plain(arguments[0]))
            case "sum":
                return replace(node, arguments=(_plain(arguments[0]),))
            case "sorted_text" | "reversed_text":
                chars = ir.Builtin(List(CHAR), "chars", arguments)
                turned = ir.Builtin(List(CHAR), node.name.removesuffix("_text"), (chars,))
                return ir.Builtin(STR, "join_chars", (turned,))
        return node

    def _fold(self, kind: Any, type_: Any, iterable: Any) -> ir.Fold:
        item = CHAR if iterable.type == STR else iterable.type.item
        name = self._names.draw(("item", "value", "entry"))
        return ir.Fold(type_, kind, ir.Name(item, name), ir.Pattern((name,), (item,)), iterable)

    def _items_of(self, iterable: Any) -> ir.Fold:
        return self._fold("list", List(iterable.type.item), iterable)

    def _count(self, node: ir.Builtin) -> ir.Expression:
        items, wanted_item = node.arguments
        fold = self._fold("count", INT, items)
        return replace(fold, condition=ir.Compare("==", fold.element, wanted_item))

    def _sets(self, node: ir.Binary) -> ir.Expression:
        fold = self._fold("set", node.type, node.left)
        if node.operator == "|":
            return node
        test: ir.Expression = ir.Builtin(BOOL, "has", (node.right, fold.element))
        return replace(fold, condition=test if node.operator == "&" else ir.Unary(BOOL, "not", test))

    def _sorted_pairs(self, node: ir.Builtin) -> ir.Expression:
        assert isinstance(node.type, List) and isinstance(node.type.item, Tuple)
        names = (self._names.draw(("key",)), self._names.draw(("value",)))
        types = node.type.item.items
        pair = ir.TupleDisplay(node.type.item, tuple(map(ir.Name, types, names)))
        items = ir.Items(node.type, node.arguments[0])
        fold = ir.Fold(node.type, "list", pair, ir.Pattern(names, types), items)
        return ir.Builtin(node.type, "sorted", (fold,))

    def _sorted_items(self, node: ir.For, pattern: ir.Pattern, base: ir.Expression) -> ir.For:
        key, value = pattern.names
        key_type, value_type = pattern.types
        if key == "_":
            key = self._names.draw(("key",))
        keys = self._builtin(ir.Builtin(List(key_type), "sorted_keys", (base,)))
        body = node.body
        if value != "_":
            body = (ir.Let(value, value_type, ir.Lookup(value_type, base, ir.Name(key_type, key))), *body)
        return ir.For(ir.Pattern((key,), (key_type,)), keys, body)


def _is_ordered_list(node: ir.Expression) -> bool:
    """Whether `slices.Min` takes it."""
    plain = isinstance(node.type, List) and isinstance(node.type.item, Int | Float | Str | Char)
    return plain and not isinstance(node, ir.Fold)


def _plain(node: Any) -> Any:
    """A view of a map in place of the list that was made of it."""
    match node:
        case ir.Fold(kind="list", element=ir.Name(name=name), condition=None, pattern=pattern, iterable=iterable):
            return iterable if pattern.names == (name,) else node
    return node
