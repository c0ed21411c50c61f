"""Comprehensions as loops, for languages that write them so.

Every Fold of the kinds asked for becomes an accumulator and a For before its statement, in order of evaluation:

    return [x * x for x in xs if x > 0]          result = []
                                                 for x in xs:
                                                     if x > 0:
                                                         result.append(x * x)
                                                 return result

Where a person would write less, so does the pass: `return any(…)` returns from inside its loop, `x = […]` builds
straight into x, `total += sum(…)` adds to total.
"""

from dataclasses import replace
from typing import Any, get_args

from hrm_edge.train.data.ir import nodes as ir
from hrm_edge.train.data.ir.analysis import root
from hrm_edge.train.data.ir.fold_loops import (
    FALSE,
    TRUE,
    Gathering,
    first_item,
    guarded,
    negated,
    one_round,
    start,
    zero,
)
from hrm_edge.train.data.ir.fresh_names import singular
from hrm_edge.train.data.ir.hoisting import Hoisting, Statements
from hrm_edge.train.data.ir.traversal import every, substituted
from hrm_edge.train.data.ir.types import BOOL, NOTHING, Float, Int

ALL: frozenset[str] = frozenset(get_args(ir.FoldKind))
"""Every kind of Fold."""

_NAMES: dict[str, tuple[str, ...]] = {
    "list": ("result", "items", "values", "kept"),
    "set": ("distinct", "members", "kept"),
    "map": ("table", "mapping", "entries"),
    "sum": ("total", "subtotal", "amount"),
    "count": ("count", "matches", "hits"),
    "any": ("found", "exists", "some_match"),
    "all": ("valid", "all_match", "every_match"),
    "min": ("best", "smallest", "lowest"),
    "max": ("best", "largest", "highest"),
    "text": ("text", "joined", "built"),
}


def lower_folds(
    function: ir.Function, *, kinds: frozenset[str] = ALL, sums: bool = False, texts: bool = False
) -> ir.Function:
    """The function with loops for the Folds of these kinds, and for those around them.

    `sums` does the same to Builtin "sum", `texts` to joining the characters or texts of a comprehension with nothing
    between them, both where a loop can stand before the statement. A Fold in the key of a SortBy stays.
    """
    lowering = _Lowering(function, kinds, sums, texts)
    if not lowering.concerns(function.body):
        return function
    return replace(function, body=lowering.block(function.body))


class _Lowering(Hoisting):
    """One pass over one function."""

    def __init__(self, function: ir.Function, kinds: frozenset[str], sums: bool, texts: bool) -> None:
        super().__init__(function)
        self._kinds, self._sums, self._texts = kinds, sums, texts

    def wants(self, node: Any) -> bool:
        """Folds of the kinds asked for or around such, sums, joined comprehensions."""
        match node:
            case ir.Fold(kind=kind):
                return kind in self._kinds or self.concerns((node.element, node.condition, node.key))
            case ir.Builtin(name="sum"):
                return self._sums
            case ir.Builtin(name="join_chars" | "join"):
                return self._texts and _joined(node) is not None
        return False

    def take(self, node: Any, before: list[ir.Statement]) -> Any:
        """The name of an accumulator."""
        gathering = self._gathering(node)
        if gathering is None:
            return None
        name = self.names.draw(_NAMES[gathering.kind])
        before.extend(self._gather(gathering, name, "let"))
        return ir.Name(gathering.type, name)

    # --- statements that say it shorter than an accumulator before them

    def idiom(self, statement: ir.Statement) -> Statements | None:
        """Returns from inside a loop, and accumulators that are variables already."""
        match statement:
            case ir.Return(value=value) if value is not None and (search := self._search(value)):
                some, holds = search
                inside, after = (TRUE, FALSE) if (some.kind == "any") == holds else (FALSE, TRUE)
                return (*self._exit_loop(some, (ir.Return(inside),)), ir.Return(after))
            case ir.If(condition=condition, then=(ir.Return() as then,), otherwise=()) if search := self._search(
                condition
            ):
                some, holds = search
                return self._exit_loop(some, (then,)) if (some.kind == "any") == holds else None
            case ir.Let(name=name, value=value) if made := self._gathering(value):
                return self._gather(made, name, "let")
            case ir.Assign(target=ir.Name(name=name), value=value) if not _mentions(value, name):
                made = self._gathering(value)
                return self._gather(made, name, "assign") if made else None
            case ir.Augment(operator="+", target=ir.Name(name=name), value=value) if not _mentions(value, name):
                made = self._gathering(value)
                return self._gather(made, name, "go on") if made and _adds_exactly(made) else None
            case ir.Do(value=ir.Builtin(name="extend" | "append") as call) if made := self._gathering(
                call.arguments[1]
            ):
                return self._grow(call, made)
        return None

    def _grow(self, call: ir.Builtin, made: Gathering) -> Statements | None:
        target = call.arguments[0]
        if made.kind != "list" or made.ascending:
            return None
        if call.name == "append":
            row = ir.Name(made.type, self.names.draw(("row", "inner", "part")))
            return (*self._gather(made, row.name, "let"), ir.Do(replace(call, arguments=(target, row))))
        if isinstance(target, ir.Name) and not _mentions(call.arguments[1], target.name):
            return self._gather(made, target.name, "go on")
        return None

    def _search(self, condition: ir.Expression) -> tuple[Gathering, bool] | None:
        """An "any" or "all" to be looped over, and whether it is asked for or its opposite."""
        holds = True
        while isinstance(condition, ir.Unary) and condition.operator == "not":
            condition, holds = condition.operand, not holds
        gathering = self._gathering(condition)
        return (gathering, holds) if gathering and gathering.kind in ("any", "all") else None

    def _exit_loop(self, gathering: Gathering, then: Statements) -> Statements:
        """A loop that does something final at the first item that decides."""
        test = gathering.element if gathering.kind == "any" else negated(gathering.element)
        gathering = self._without_clashes(replace(gathering, element=test), None)
        body = guarded(gathering.condition, (ir.If(gathering.element, then),))
        return self.statement(ir.For(gathering.pattern, gathering.iterable, body))

    # --- accumulators

    def _gather(self, gathering: Gathering, name: str, begin: str) -> Statements:
        """The loop that gathers into a variable; `begin` says whether it is new ("let"), there ("assign"), or already
        holds what is added to ("go on")."""
        gathering = self._without_clashes(gathering, name)
        accumulator = ir.Name(gathering.type, name)
        if gathering.kind in ("min", "max"):
            return self._extreme(gathering, name, begin)
        first: Statements = ()
        if begin == "let":
            first = (ir.Let(name, gathering.type, start(gathering)),)
            self.visible.add(name)
        elif begin == "assign":
            first = (ir.Assign(accumulator, start(gathering)),)
        last: Statements = ()
        if gathering.ascending:
            last = (ir.Do(ir.Builtin(NOTHING, "sort", (accumulator,))),)
        loop = ir.For(gathering.pattern, gathering.iterable, one_round(gathering, name))
        return (*first, *self.statement(loop), *last)

    def _extreme(self, gathering: Gathering, name: str, begin: str) -> Statements:
        first = first_item(gathering)
        if first is None or self.concerns(gathering.element):
            return self._extreme_of_some(gathering, name, begin)
        values, iterable = first
        begun = self._begin(gathering, name, begin, substituted(gathering.element, values))
        best = ir.Name(gathering.type, name)
        body: Statements
        if isinstance(gathering.type, Int | Float):
            body = (ir.Assign(best, ir.Builtin(gathering.type, gathering.kind, (best, gathering.element))),)
        else:
            body = self._candidate(gathering, lambda value: _improves(gathering, value, best), (), best)
        return (*begun, *self.statement(ir.For(gathering.pattern, iterable, body)))

    def _extreme_of_some(self, gathering: Gathering, name: str, begin: str) -> Statements:
        begun = self._begin(gathering, name, begin, zero(gathering.type))
        found, best = ir.Name(BOOL, self.names.draw(_NAMES["any"])), ir.Name(gathering.type, name)
        self.visible.add(found.name)
        none_yet = ir.Unary(BOOL, "not", found)
        body = self._candidate(
            gathering,
            lambda value: ir.Logical("or", (none_yet, _improves(gathering, value, best))),
            (ir.Assign(found, TRUE),),
            best,
        )
        loop = ir.For(gathering.pattern, gathering.iterable, guarded(gathering.condition, body))
        return (*begun, ir.Let(found.name, BOOL, FALSE), *self.statement(loop))

    def _candidate(self, gathering: Gathering, test: Any, more: Statements, best: ir.Name) -> Statements:
        value = gathering.element
        before: Statements = ()
        if not isinstance(value, ir.Name | ir.Literal):
            name = self.names.draw(("candidate", "value", "current"))
            before, value = (ir.Let(name, value.type, value),), ir.Name(value.type, name)
        return (*before, ir.If(test(value), (ir.Assign(best, value), *more)))

    def _begin(self, gathering: Gathering, name: str, begin: str, value: ir.Expression) -> Statements:
        if begin == "let":
            made = self.statement(ir.Let(name, gathering.type, value))
            self.visible.add(name)
            return made
        return self.statement(ir.Assign(ir.Name(gathering.type, name), value))

    def _without_clashes(self, gathering: Gathering, target: str | None) -> Gathering:
        """The same with other names for those of its pattern that stand for something else where the loop will be."""
        renames: dict[str, ir.Expression] = {}
        names = []
        for name, type_ in zip(gathering.pattern.names, gathering.pattern.types, strict=True):
            if name != "_" and (name in self.visible or name == target):
                new = self.names.draw((*_item_names(gathering.iterable), f"{name}_item"))
                renames[name] = ir.Name(type_, new)
                name = new
            names.append(name)
        if not renames:
            return gathering
        inside = {
            part: substituted(value, renames)
            for part in ("element", "condition", "key")
            if (value := getattr(gathering, part)) is not None
        }
        return replace(gathering, pattern=ir.Pattern(tuple(names), gathering.pattern.types), **inside)

    # --- what is lowered

    def _gathering(self, node: ir.Expression) -> Gathering | None:
        match node:
            case ir.Fold(kind=kind) if self.wants(node):
                return Gathering(kind, node.type, node.element, node.pattern, node.iterable, node.condition, node.key)
            case ir.Builtin(name="sum", arguments=(ir.Fold(kind="list") as terms,)) if self._sums:
                return Gathering("sum", node.type, terms.element, terms.pattern, terms.iterable, terms.condition)
            case ir.Builtin(name="sum", arguments=(terms,)) if self._sums:
                name = self.names.draw(_item_names(terms))
                pattern = ir.Pattern((name,), (node.type,))
                return Gathering("sum", node.type, ir.Name(node.type, name), pattern, terms)
            case ir.Builtin(name="sorted", arguments=(ir.Fold(kind="list") as fold,)) if self.wants(fold):
                made = self._gathering(fold)
                return replace(made, ascending=True) if made else None
            case ir.Builtin(name="join_chars" | "join") if self._texts and (items := _joined(node)):
                return Gathering("text", node.type, items.element, items.pattern, items.iterable, items.condition)
        return None


def _joined(node: ir.Builtin) -> ir.Fold | None:
    """The comprehension whose items are joined with nothing between them."""
    match node:
        case ir.Builtin(name="join_chars", arguments=(ir.Fold(kind="list") as fold,)):
            return fold
        case ir.Builtin(name="join", arguments=(ir.Literal(value=""), ir.Fold(kind="list") as fold)):
            return fold
    return None


def _improves(gathering: Gathering, value: ir.Expression, best: ir.Name) -> ir.Expression:
    return ir.Compare("<" if gathering.kind == "min" else ">", value, best)


def _adds_exactly(gathering: Gathering) -> bool:
    """Whether adding one by one to what is there gives the same as adding the whole."""
    return gathering.kind in ("count", "text") or (gathering.kind == "sum" and isinstance(gathering.type, Int))


def _item_names(iterable: ir.Expression) -> tuple[str, ...]:
    one = singular(name) if (name := root(iterable)) else ""
    return (*((one,) if one else ()), "value", "item", "element", "entry")


def _mentions(tree: Any, name: str) -> bool:
    return any(isinstance(node, ir.Name) and node.name == name for node in every(tree))
