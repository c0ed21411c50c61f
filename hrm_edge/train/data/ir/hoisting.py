"""What is common to passes that put statements before a statement, to have a simpler expression in it."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from hrm_edge.train.data.ir import nodes as ir
from hrm_edge.train.data.ir.analysis import root
from hrm_edge.train.data.ir.builtins import MUTATING
from hrm_edge.train.data.ir.fold_loops import TRUE, negated, zero
from hrm_edge.train.data.ir.fresh_names import FreshNames
from hrm_edge.train.data.ir.traversal import every, rebuilt
from hrm_edge.train.data.ir.types import BOOL, List, Map, Object, Queue, Set, Type

Statements = tuple[ir.Statement, ...]


class Hoisting:
    """A pass over one function. A subclass says what is taken out of expressions (`wants`) and how (`take`), and which
    statements need no more than a change in their form (`idiom`).

    The order of evaluation stays: what has an effect and was due before something taken out comes out too; operands
    that may not be reached become an `if`, and the condition of a `while` that needs statements a `break`.
    """

    def __init__(self, function: ir.Function) -> None:
        self.names = FreshNames(function)
        self.visible = {parameter.name for parameter in function.parameters}

    def wants(self, node: Any) -> bool:
        """Whether a node is taken out of its expression."""
        raise NotImplementedError

    def take(self, node: Any, before: list[ir.Statement]) -> Any:
        """What stands instead of a node, its statements put into `before`; None: it stays, its parts are looked at."""
        raise NotImplementedError

    def idiom(self, statement: ir.Statement) -> Statements | None:
        """A statement that is written in a form of its own, if it is."""
        raise NotImplementedError

    def concerns(self, tree: Any) -> bool:
        """Whether there is anything to do in a tree."""
        return any(self.wants(node) for node in every(tree))

    def block(self, statements: Statements) -> Statements:
        """A block, whose own variables are seen in it alone."""
        outside = set(self.visible)
        result = tuple(new for statement in statements for new in self.statement(statement))
        self.visible = outside
        return result

    def statement(self, statement: ir.Statement) -> Statements:
        """One statement and what must come before it."""
        result = self.idiom(statement) if self.concerns(own_expressions(statement)) else None
        if result is None:
            before: list[ir.Statement] = []
            last = self._rebuilt(statement, before)
            result = (*before, last)
        match statement:
            case ir.Let(name=name):
                self.visible.add(name)
            case ir.LetTuple(names=names):
                self.visible.update(names)
        return result

    def expression(self, node: Any, before: list[ir.Statement]) -> Any:
        """The expression with nothing wanted in it."""
        if not self.concerns(node):
            return node
        if self.wants(node):
            taken = self.take(node, before)
            if taken is not None:
                return taken
        match node:
            case ir.Logical():
                return self._logical(node, before)
            case ir.Conditional():
                return self._conditional(node, before)
            case ir.SortBy(base=base):
                return replace(node, base=self.expression(base, before))
            case ir.Fold(iterable=iterable):
                return replace(node, iterable=self.expression(iterable, before))
        return self.parts(node, before)

    def parts(self, node: Any, before: list[ir.Statement]) -> Any:
        """A node whose parts are all evaluated, with nothing wanted in these."""
        done = iter(self.in_order(own_expressions(node), before, first_is_place=_begins_with_place(node)))
        return rebuilt(node, lambda _: next(done))

    def in_order(
        self, expressions: Sequence[Any], before: list[ir.Statement], *, first_is_place: bool = False
    ) -> list[Any]:
        """Expressions that are evaluated one after another. The first may be what is changed in place: it stays."""
        done: list[Any] = []
        for expression in expressions:
            at = len(before)
            new = self.expression(expression, before)
            if len(before) > at:
                new_statements = tuple(before[at:])
                for index, earlier in enumerate(done):
                    if index == 0 and first_is_place:
                        continue
                    if has_effects(earlier) or _disturb(new_statements, earlier):
                        before.insert(at, self.variable(("current", "taken", "value"), earlier))
                        done[index] = ir.Name(earlier.type, before[at].name)  # type: ignore[union-attr]
                        at += 1
            done.append(new)
        return done

    def variable(self, wished: Sequence[str], value: Any) -> ir.Let:
        """A new variable with a value."""
        name = self.names.draw(wished)
        self.visible.add(name)
        return ir.Let(name, value.type, value)

    # --- statements and operands that are not always reached

    def _rebuilt(self, statement: ir.Statement, before: list[ir.Statement]) -> ir.Statement:
        match statement:
            case ir.If():
                return self._if(statement, before)
            case ir.While(condition=condition, body=body):
                if not self.concerns(condition):
                    return ir.While(condition, self.block(body))
                outside = set(self.visible)
                inside: list[ir.Statement] = []
                stop = ir.If(negated(self.expression(condition, inside)), (ir.Break(),))
                loop = ir.While(TRUE, (*inside, stop, *self.block(body)))
                self.visible = outside
                return loop
            case ir.For(pattern=pattern, iterable=iterable, body=body):
                iterable = self.iterable(iterable, before)
                outside = set(self.visible)
                self.visible.update(pattern.names)
                loop_body = self.block(body)
                self.visible = outside
                return ir.For(pattern, iterable, loop_body)
            case ir.Assign():
                value, target = self.in_order((statement.value, statement.target), before)
                return ir.Assign(target, value)
            case ir.Swap():
                count = len(statement.values)
                done = self.in_order((*statement.values, *statement.targets), before)
                return ir.Swap(tuple(done[count:]), tuple(done[:count]))
        return self.parts(statement, before)  # type: ignore[no-any-return]

    def iterable(self, iterable: Any, before: list[ir.Statement]) -> Any:
        """What a For goes through."""
        return self.expression(iterable, before)

    def condition(self, condition: Any, before: list[ir.Statement]) -> Any:
        """What an If asks."""
        return self.expression(condition, before)

    def placeholder(self, type_: Type) -> ir.Expression:
        """The value of a variable that gets its own in both branches of an If."""
        return placeholder(type_)

    def _if(self, statement: ir.If, before: list[ir.Statement]) -> ir.If:
        match statement:
            case ir.If(condition=ir.Logical(operator="and", operands=(first, *others)), otherwise=()) if self.concerns(
                tuple(others)
            ):
                first = self.condition(first, before)
                rest = others[0] if len(others) == 1 else ir.Logical("and", tuple(others))
                return ir.If(first, self.block((ir.If(rest, statement.then),)))
        condition = self.condition(statement.condition, before)
        return ir.If(condition, self.block(statement.then), self.block(statement.otherwise))

    def _logical(self, node: ir.Logical, before: list[ir.Statement]) -> ir.Expression:
        operands = node.operands
        late = next((i for i in range(1, len(operands)) if self.concerns(operands[i])), None)
        first = self.expression(operands[0], before)
        if late is None:
            return replace(node, operands=(first, *operands[1:]))
        early = first if late == 1 else replace(node, operands=(first, *operands[1:late]))
        rest = operands[late] if late == len(operands) - 1 else replace(node, operands=operands[late:])
        variable = self.variable(("holds", "passes", "matches"), early)
        name = ir.Name(BOOL, variable.name)
        inside: list[ir.Statement] = []
        value = self.expression(rest, inside)
        condition = name if node.operator == "and" else negated(name)
        before.extend((variable, ir.If(condition, (*inside, ir.Assign(name, value)))))
        return name

    def _conditional(self, node: ir.Conditional, before: list[ir.Statement]) -> ir.Expression:
        condition = self.expression(node.condition, before)
        if not self.concerns((node.then, node.otherwise)):
            return replace(node, condition=condition)
        variable = self.variable(("chosen", "choice", "value"), self.placeholder(node.type))
        name = ir.Name(node.type, variable.name)
        before.extend((variable, self.choice(condition, name, node.then, node.otherwise)))
        return name

    def choice(
        self, condition: ir.Expression, name: ir.Name, then: ir.Expression, otherwise: ir.Expression
    ) -> ir.Statement:
        """An `if` that gives a variable one of two values."""
        return ir.If(condition, self.block((ir.Assign(name, then),)), self.block((ir.Assign(name, otherwise),)))


def _begins_with_place(node: Any) -> bool:
    return isinstance(node, ir.Augment | ir.MethodCall) or (isinstance(node, ir.Builtin) and node.name in MUTATING)


def own_expressions(node: Any) -> tuple[Any, ...]:
    """The expressions of a node or statement, those of blocks inside left out, in the order of its fields."""
    match node:
        case ir.If(condition=condition) | ir.While(condition=condition):
            return (condition,)
        case ir.For(iterable=iterable):
            return (iterable,)
    found: list[Any] = []

    def note(part: Any) -> Any:
        found.append(part)
        return part

    rebuilt(node, note)
    return tuple(found)


def has_effects(tree: Any) -> bool:
    """Whether a variable may be different afterwards."""
    for node in every(tree):
        match node:
            case ir.MethodCall():
                return True
            case ir.Builtin(name=name) if name in MUTATING:
                return True
            case ir.Call(arguments=arguments):
                if any(isinstance(value.type, List | Map | Set | Queue | Object) for value in arguments):
                    return True
    return False


def placeholder(type_: Type) -> ir.Expression:
    """A value of a type, to be overwritten."""
    match type_:
        case List():
            return ir.ListDisplay(type_, ())
        case Map():
            return ir.MapDisplay(type_, ())
        case Set():
            return ir.Builtin(type_, "empty_set", ())
    return zero(type_)


def _disturb(statements: Statements, earlier: Any) -> bool:
    """Whether statements may change what an expression before them gives."""
    own = {statement.name for statement in statements if isinstance(statement, ir.Let)}
    read = {node.name for node in every(earlier) if isinstance(node, ir.Name)} - own
    for node in every(statements):
        match node:
            case ir.Builtin(name=name, arguments=(target, *_)) if name in MUTATING and root(target) in read:
                return True
            case ir.MethodCall() | ir.Call() if read and has_effects(node):
                return True
    return False
