"""Expressions that a language writes as statements, each in a variable of its own.

A language says by `wanted` what that is, and where: `items.pop()` is two statements in Go, so that `f(items.pop())`
becomes `top = items.pop()` and `f(top)`, while `x = items.pop()` is left for the renderer.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any
from typing import Literal as OneOf

from hrm_edge.train.data.ir import nodes as ir
from hrm_edge.train.data.ir.fold_loops import negated
from hrm_edge.train.data.ir.hoisting import Hoisting, Statements
from hrm_edge.train.data.ir.types import Tuple, Type

Place = OneOf["inside", "let", "assign", "return", "effect", "iterable", "condition"]
"""Where an expression stands: the whole value of a Let, of an Assign to a variable, of a Return or of a Do; what a For
goes through; the whole condition of an If, perhaps after `not`; or anywhere else."""

Wanted = Callable[[Any, Place], Sequence[str]]
"""Names for the variable that takes an expression's value, the best first; none where the expression stays."""


def flatten(function: ir.Function, wanted: Wanted, *, conditionals: bool, pairs: bool) -> ir.Function:
    """The function with what is wanted in variables of its own.

    `conditionals`: an `if` for every Conditional. `pairs`: a LetTuple for every call whose result is a tuple, unless
    it is taken apart or returned at once. A new variable without a value yet is Literal(type, None).
    """
    pass_ = _Flattening(function, wanted, conditionals, pairs)
    if not pass_.concerns(function.body):
        return function
    return replace(function, body=pass_.block(function.body))


_PLACES: tuple[Place, ...] = ("inside", "return", "let", "assign", "iterable")
_NEVER = frozenset((ir.Name, ir.Literal, ir.Index, ir.Lookup, ir.Compare, ir.Logical, ir.Field))


class _Flattening(Hoisting):
    def __init__(self, function: ir.Function, wanted: Wanted, conditionals: bool, pairs: bool) -> None:
        super().__init__(function)
        self._wanted, self._conditionals, self._pairs = wanted, conditionals, pairs

    def placeholder(self, type_: Type) -> ir.Expression:
        """No value yet."""
        return ir.Literal(type_, None)

    def wants(self, node: Any) -> bool:
        """What the language wants apart, conditionals, calls for several values."""
        if type(node) in _NEVER:
            return False
        match node:
            case ir.Conditional():
                return self._conditionals or bool(self._wanted(node, "inside"))
            case ir.Call(type=Tuple()) | ir.MethodCall(type=Tuple()):
                return self._pairs
        return any(self._wanted(node, place) for place in _PLACES)

    def take(self, node: Any, before: list[ir.Statement]) -> Any:
        """The name of a variable, or names that were bound together."""
        match node:
            case ir.Conditional():
                return self._chosen(node, before)
            case ir.Call(type=Tuple()) | ir.MethodCall(type=Tuple()) if self._pairs:
                return self._several(node, before)
        names = self._wanted(node, "inside")
        if not names:
            return None
        variable = self.variable(names, self.parts(node, before))
        before.append(variable)
        return ir.Name(node.type, variable.name)

    def parts(self, node: Any, before: list[ir.Statement]) -> Any:
        """The parts of a node; the part of a tuple that a call gives is bound alone."""
        match node:
            case ir.Index(base=ir.Call(type=Tuple()) as base, index=ir.Literal(value=int(at))) if self._pairs:
                return self._several(base, before, at).items[at]
        return super().parts(node, before)

    def idiom(self, statement: ir.Statement) -> Statements | None:
        """Statements whose whole value may stay, and conditionals as statements of their own."""
        match statement:
            case ir.Let(value=ir.Conditional() as value) if self._conditionals:
                return self._let_chosen(statement, value)
            case ir.Let(value=value) if not self._leaves(value, "let"):
                return self._whole(statement, value)
            case ir.LetTuple(value=value):
                return self._whole(statement, value)
            case ir.Assign(target=ir.Name() as target, value=ir.Conditional() as value) if self._conditionals:
                before: list[ir.Statement] = []
                condition = self.expression(value.condition, before)
                return (*before, self.choice(condition, target, value.then, value.otherwise))
            case ir.Assign(target=ir.Name(), value=value) if not self._leaves(value, "assign"):
                return self._whole(statement, value)
            case ir.Return(value=ir.Conditional() as value) if self._conditionals:
                then = ir.If(value.condition, (ir.Return(value.then),))
                return (*self.statement(then), *self.statement(ir.Return(value.otherwise)))
            case ir.Return(value=value) if value is not None and not self._leaves(value, "return"):
                return self._whole(statement, value)
            case ir.Do(value=ir.Builtin(arguments=(*others, ir.Conditional() as value)) as call) if (
                self._conditionals and others and not self.concerns(tuple(others))
            ):
                then_call, else_call = (
                    replace(call, arguments=(*others, one)) for one in (value.then, value.otherwise)
                )
                return self.statement(ir.If(value.condition, (ir.Do(then_call),), (ir.Do(else_call),)))
            case ir.Augment(value=ir.Conditional() as value) if self._conditionals and not self.concerns(
                statement.target
            ):
                then_add, else_add = (replace(statement, value=one) for one in (value.then, value.otherwise))
                nothing = value.otherwise == ir.Literal(value.type, 0) and statement.operator in "+-"
                return self.statement(ir.If(value.condition, (then_add,), () if nothing else (else_add,)))
            case ir.Do(value=value) if not self._leaves(value, "effect"):
                return self._whole(statement, value)
        return None

    def iterable(self, iterable: Any, before: list[ir.Statement]) -> Any:
        """A For goes through some things directly that are statements elsewhere."""
        if not self.wants(iterable):
            return self.expression(iterable, before)
        names = self._wanted(iterable, "iterable")
        if not names:
            return self.parts(iterable, before)
        variable = self.variable(names, self.parts(iterable, before))
        before.append(variable)
        return ir.Name(iterable.type, variable.name)

    def condition(self, condition: Any, before: list[ir.Statement]) -> Any:
        """The condition of an If may be something that elsewhere is in a variable."""
        if isinstance(condition, ir.Unary) and condition.operator == "not":
            return replace(condition, operand=self.condition(condition.operand, before))
        stays = not isinstance(condition, ir.Conditional) and not self._wanted(condition, "condition")
        if stays and self.wants(condition):
            return self.parts(condition, before)
        return self.expression(condition, before)

    def _leaves(self, value: Any, place: Place) -> bool:
        """Whether a value leaves its place at the top of a statement."""
        match value:
            case ir.Conditional():
                return True
            case ir.Call(type=Tuple()) | ir.MethodCall(type=Tuple()) if self._pairs:
                return place != "return"
        return bool(self._wanted(value, place)) or not self.wants(value)

    def _whole(self, statement: Any, value: Any) -> Statements:
        before: list[ir.Statement] = []
        new = self.parts(value, before)
        return (*before, replace(statement, value=new))

    def _let_chosen(self, statement: ir.Let, value: ir.Conditional) -> Statements:
        before: list[ir.Statement] = []
        condition = self.expression(value.condition, before)
        target = ir.Name(statement.type, statement.name)
        self.visible.add(statement.name)
        for first, second, test in (
            (value.otherwise, value.then, condition),
            (value.then, value.otherwise, negated(condition)),
        ):
            if isinstance(first, ir.Literal | ir.Name):
                change = ir.If(test, self.block((ir.Assign(target, second),)))
                return (*before, replace(statement, value=first), change)
        start = replace(statement, value=self.placeholder(statement.type))
        return (*before, start, self.choice(condition, target, value.then, value.otherwise))

    def _chosen(self, node: ir.Conditional, before: list[ir.Statement]) -> ir.Expression:
        name = self.names.draw(("chosen", "choice", "value"))
        before.extend(self._let_chosen(ir.Let(name, node.type, node), node))
        return ir.Name(node.type, name)

    def _several(self, node: Any, before: list[ir.Statement], only: int | None = None) -> ir.TupleDisplay:
        types = node.type.items
        wished = (("first", "left"), ("second", "right"), ("third",), ("fourth",))
        names = tuple(self.names.draw(wished[at]) if only is None or only == at else "_" for at in range(len(types)))
        before.append(ir.LetTuple(names, types, self.parts(node, before)))
        self.visible.update(names)
        return ir.TupleDisplay(node.type, tuple(map(ir.Name, types, names)))
