"""What is done to a function before it is written in C++: comprehensions become loops where no algorithm says it."""

from typing import Any

from hrm_edge.train.data.ir import nodes as ir
from hrm_edge.train.data.ir.fresh_names import FreshNames
from hrm_edge.train.data.ir.lowering import ALL, lower_folds
from hrm_edge.train.data.ir.traversal import every, rebuilt
from hrm_edge.train.data.ir.types import List, Map, Set, Str, Tuple

_ALGORITHMS = frozenset(("any", "all", "count"))
_FOLDS = {"sum": "sum", "smallest": "min", "largest": "max"}


def prepared(function: ir.Function) -> ir.Function:
    """The function without the Folds that C++ has no short word for."""
    function = _Rewriting(function)(function)
    kept = {
        kind
        for kind in _ALGORITHMS
        if all(is_algorithm(node) for node in every(function.body) if isinstance(node, ir.Fold) and node.kind == kind)
    }
    return lower_folds(function, kinds=ALL - kept, texts=True)


def is_algorithm(fold: ir.Fold) -> bool:
    """Whether a Fold is one call of `any_of`, `all_of` or `count_if` over the whole of a variable."""
    source = fold.iterable
    single = isinstance(source, ir.Name | ir.Field) and isinstance(source.type, List | Str | Set)
    counts_something = fold.kind != "count" or fold.condition is not None
    return fold.kind in _ALGORITHMS and single and len(fold.pattern.names) == 1 and counts_something


def _is_repeated(fold: ir.Fold) -> bool:
    """Whether all items are alike, so that one can be made and copied."""
    inside = every(fold.element)
    name = fold.pattern.names[0]
    return fold.condition is None and not any(
        isinstance(part, ir.Call | ir.MethodCall | ir.New) or (isinstance(part, ir.Name) and part.name == name)
        for part in inside
    )


class _Rewriting:
    """Operations that are a Fold in other words, where C++ needs a loop for them."""

    def __init__(self, function: ir.Function) -> None:
        self._names = FreshNames(function)

    def __call__(self, node: Any) -> Any:
        match node:
            case ir.Fold(kind="list", iterable=ir.Range(start=ir.Literal(value=0), stop=stop, step=1)) if _is_repeated(
                node
            ):
                return ir.Builtin(node.type, "filled", (self(node.element), stop))
            case ir.Builtin(name="sum" | "smallest" | "largest" as name, arguments=(base,)):
                return self._gathered(node, _FOLDS[name], base)
            case ir.Binary(operator="&" | "-" as operator, left=left, right=ir.Name() as right) if isinstance(
                node.type, Set
            ):
                return self._picked(node.type, operator, self(left), right)
            case ir.Augment(operator="&" | "-" as operator, target=ir.Name() as target, value=ir.Name() as value):
                if isinstance(target.type, Set):
                    return ir.Assign(target, self._picked(target.type, operator, target, value))
        return rebuilt(node, self)

    def _gathered(self, node: ir.Builtin, kind: Any, base: Any) -> Any:
        match base:
            case ir.Fold(kind="list"):
                inner = rebuilt(base, self)
                return ir.Fold(node.type, kind, inner.element, inner.pattern, inner.iterable, inner.condition)
            case ir.Builtin(name="values", arguments=(table,)) if isinstance(table.type, Map):
                name = self._names.draw(("value", "amount", "entry"))
                pattern = ir.Pattern(("_", name), (table.type.key, table.type.value))
                return ir.Fold(
                    node.type,
                    kind,
                    ir.Name(node.type, name),
                    pattern,
                    ir.Items(List(Tuple((table.type.key, table.type.value))), table),
                )
            case ir.Builtin(name="keys", arguments=(table,)) if isinstance(table.type, Map):
                name = self._names.draw(("key", "entry"))
                pattern = ir.Pattern((name, "_"), (table.type.key, table.type.value))
                return ir.Fold(
                    node.type,
                    kind,
                    ir.Name(node.type, name),
                    pattern,
                    ir.Items(List(Tuple((table.type.key, table.type.value))), table),
                )
        return rebuilt(node, self)

    def _picked(self, kind: Set, operator: str, left: Any, right: Any) -> ir.Fold:
        name = self._names.draw(("item", "member", "element"))
        item = ir.Name(kind.item, name)
        inside: Any = ir.Builtin(ir.Compare.type, "has", (right, item))
        kept = inside if operator == "&" else ir.Unary(ir.Compare.type, "not", inside)
        return ir.Fold(kind, "set", item, ir.Pattern((name,), (kind.item,)), left, kept)
