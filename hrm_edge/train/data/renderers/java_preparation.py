"""A program in the form that Java's statements have: loops for comprehensions, variables for what is no expression."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from hrm_edge.train.data.ir import nodes as ir
from hrm_edge.train.data.ir.flattening import Place, flatten
from hrm_edge.train.data.ir.fresh_names import FreshNames
from hrm_edge.train.data.ir.lowering import lower_folds
from hrm_edge.train.data.ir.program_passes import constructor, keys_as_functions, map_functions, rewritten
from hrm_edge.train.data.ir.types import CHAR, STR, Float, List, Set, Tuple
from hrm_edge.train.data.renderers.java_containers import NONE, Containers, as_table, containers

_ORDERED = ("ordered", "sorted", "ranked")
_VARIABLES: dict[str, tuple[str, ...]] = {
    "sorted": _ORDERED,
    "sorted_descending": _ORDERED,
    "sorted_keys": ("keys", "sorted_keys"),
    "sorted_set": ("members", "ordered"),
    "reversed": ("backwards", "flipped", "turned"),
    "sorted_text": ("ordered", "sorted_text"),
}
_NO_STATEMENTS = frozenset(("sorted_keys", "sorted_set", "reversed"))


def prepared(program: ir.Program) -> tuple[ir.Program, dict[str, Containers]]:
    """The program as it is written, and what the local lists of its functions are; constructors are prepared by
    `prepared_constructor`."""
    plain = keys_as_functions(program, _is_plain_key)
    found = {function.name: containers(function) for function in plain.functions}
    functions = tuple(_prepared(function, found[function.name]) for function in plain.functions)
    return replace(map_functions(replace(plain, functions=()), _prepared), functions=functions), found


def prepared_constructor(kind: ir.Class) -> ir.Function:
    """A constructor: statements, then one Return of a tuple of the fields' values."""
    return _prepared(constructor(kind))


def _prepared(function: ir.Function, lists: Containers = NONE) -> ir.Function:
    function = _InOtherWords(_with_tables(function, lists)).rewritten()
    function = lower_folds(function, texts=True)
    return flatten(function, wanted, conditionals=False, pairs=True)


def _with_tables(function: ir.Function, lists: Containers) -> ir.Function:
    """Tables of two dimensions are made at once, not row by row."""

    def change(node: Any) -> Any:
        if isinstance(node, ir.Let) and lists.arrays.get(node.name) == 2 and (table := as_table(node.value)):
            return replace(node, value=table)
        return node

    return rewritten(function, change) if 2 in lists.arrays.values() else function


def wanted(node: Any, place: Place) -> Sequence[str]:
    """What Java has no expression for."""
    match node:
        case ir.SortBy():
            return _ORDERED if place not in ("let", "assign") else ()
        case ir.Binary(type=List()):
            return ("joined", "combined", "all_items") if place not in ("let", "assign") else ()
        case ir.Binary(type=Set()):
            return ("merged", "common", "combined") if place not in ("let", "assign") else ()
        case ir.Builtin(name=name) if name in _VARIABLES:
            ordered = isinstance(node.type, List) and not isinstance(node.type.item, Tuple)
            if place in ("let", "assign") or (place == "iterable" and name in _NO_STATEMENTS and ordered):
                return ()
            return _VARIABLES[name]
    return ()


def _is_plain_key(node: Any) -> bool:
    return not isinstance(node, ir.Fold) and not wanted(node, "inside")


class _InOtherWords:
    """Operations that Java lacks, as comprehensions or other operations."""

    def __init__(self, function: ir.Function) -> None:
        self._function = function
        self._names = FreshNames(function)

    def rewritten(self) -> ir.Function:
        """The function without them."""
        return rewritten(self._function, self._change)  # type: ignore[no-any-return]

    def _change(self, node: Any) -> Any:
        match node:
            case ir.For(pattern=ir.Pattern(names=(_, _)), iterable=ir.Builtin(name="sorted", arguments=(ir.Fold(),))):
                return self._entries(node)
            case ir.Builtin():
                return self._builtin(node)
            case ir.Augment(target=target, operator=operator, value=value) if isinstance(target.type, List):
                return ir.Assign(target, ir.Binary(target.type, operator, target, value))
            case ir.For(iterable=ir.Fold() as fold) | ir.Fold(iterable=ir.Fold() as fold) if _is_copy(fold):
                return replace(node, iterable=fold.iterable)
        return node

    def _builtin(self, node: ir.Builtin) -> Any:
        arguments = node.arguments
        match node.name:
            case "join_chars" if not isinstance(arguments[0], ir.Fold):
                return replace(node, arguments=(self._fold("list", List(CHAR), arguments[0]),))
            case "chars":
                return self._fold("list", node.type, arguments[0])
            case "set_of" if arguments[0].type == STR:
                return self._fold("set", node.type, arguments[0])
            case "sum" if isinstance(node.type, Float):
                return self._fold("sum", node.type, arguments[0])
            case "smallest" | "largest" if isinstance(node.type, Tuple):
                return self._fold("min" if node.name == "smallest" else "max", node.type, arguments[0])
            case "sorted_items":
                return self._sorted_pairs(node)
        return node

    def _fold(self, kind: Any, type_: Any, iterable: Any) -> ir.Fold:
        item = CHAR if iterable.type == STR else iterable.type.item
        if isinstance(iterable, ir.Fold) and iterable.kind == "list":
            return replace(iterable, kind=kind, type=type_)
        name = self._names.draw(("c", "letter", "item") if item == CHAR else ("item", "value", "entry"))
        return ir.Fold(type_, kind, ir.Name(item, name), ir.Pattern((name,), (item,)), iterable)

    def _entries(self, node: ir.For) -> ir.For:
        """A loop over a map in the order of its keys needs no list of pairs."""
        match node.iterable:
            case ir.Builtin(
                type=type_, arguments=(ir.Fold(iterable=ir.Items(base=base), condition=None, element=pair),)
            ):
                if isinstance(pair, ir.TupleDisplay):
                    return replace(node, iterable=ir.Builtin(type_, "sorted_items", (base,)))
        return node

    def _by_keys(self, node: ir.For, base: Any) -> ir.For:
        """Records have no order that a TreeMap could use."""
        (key, value), (key_type, value_type) = node.pattern.names, node.pattern.types
        name = self._names.draw(("key",)) if key == "_" else key
        keys = ir.Builtin(List(key_type), "sorted_keys", (base,))
        body = node.body
        if value != "_":
            body = (ir.Let(value, value_type, ir.Lookup(value_type, base, ir.Name(key_type, name))), *body)
        return ir.For(ir.Pattern((name,), (key_type,)), keys, body)

    def _sorted_pairs(self, node: ir.Builtin) -> ir.Expression:
        assert isinstance(node.type, List) and isinstance(node.type.item, Tuple)
        names = (self._names.draw(("key",)), self._names.draw(("value",)))
        types = node.type.item.items
        pair = ir.TupleDisplay(node.type.item, tuple(map(ir.Name, types, names)))
        items = ir.Items(node.type, node.arguments[0])
        fold = ir.Fold(node.type, "list", pair, ir.Pattern(names, types), items)
        return ir.Builtin(node.type, "sorted", (fold,))


def _is_copy(fold: ir.Fold) -> bool:
    """Whether a comprehension only makes a list of what it goes through."""
    same = isinstance(fold.element, ir.Name) and fold.pattern.names == (fold.element.name,)
    return same and fold.kind == "list" and fold.condition is None
