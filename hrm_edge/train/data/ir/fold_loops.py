"""What is gathered in a loop: the start value of an accumulator, and what one round does to it."""

from dataclasses import dataclass
from typing import Any

from hrm_edge.train.data.ir import nodes as ir
from hrm_edge.train.data.ir.types import BOOL, INT, NOTHING, Char, Float, Int, List, Map, Set, Str, Tuple, Type

TRUE, FALSE = ir.Literal(BOOL, True), ir.Literal(BOOL, False)
_OPPOSITES = {"==": "!=", "!=": "==", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}


@dataclass(frozen=True)
class Gathering:
    """A Fold, or an operation that is one in other words. Beside Fold's kinds there is "text", which joins."""

    kind: str
    type: Type
    element: ir.Expression
    pattern: ir.Pattern
    iterable: ir.Expression
    condition: ir.Expression | None = None
    key: ir.Expression | None = None
    ascending: bool = False
    """The list is sorted at the end."""


def start(gathering: Gathering) -> ir.Expression:
    """The accumulator before the first round."""
    kind, type_ = gathering.kind, gathering.type
    match type_:
        case List():
            return ir.ListDisplay(type_, ())
        case Map():
            return ir.MapDisplay(type_, ())
        case Set():
            return ir.Builtin(type_, "empty_set", ())
    return TRUE if kind == "all" else zero(type_)


def zero(type_: Type) -> ir.Expression:
    """A value of an ordered type or a truth value, to be overwritten or added to."""
    match type_:
        case Int():
            return ir.Literal(type_, 0)
        case Float():
            return ir.Literal(type_, 0.0)
        case Str():
            return ir.Literal(type_, "")
        case Char():
            return ir.Literal(type_, " ")
        case Tuple(items=items):
            return ir.TupleDisplay(type_, tuple(zero(item) for item in items))
    return FALSE


def one_round(gathering: Gathering, name: str) -> tuple[ir.Statement, ...]:
    """What the loop does for one item; all kinds but min and max."""
    accumulator, element = ir.Name(gathering.type, name), gathering.element
    body: tuple[ir.Statement, ...]
    match gathering.kind:
        case "list":
            body = (ir.Do(ir.Builtin(NOTHING, "append", (accumulator, element))),)
        case "set":
            body = (ir.Do(ir.Builtin(NOTHING, "add", (accumulator, element))),)
        case "map":
            assert gathering.key is not None
            body = (ir.Assign(ir.Lookup(element.type, accumulator, gathering.key), element),)
        case "sum" | "text":
            body = (ir.Augment("+", accumulator, element),)
        case "count":
            body = (ir.Augment("+", accumulator, ir.Literal(INT, 1)),)
        case "any":
            body = (ir.If(element, (ir.Assign(accumulator, TRUE), ir.Break())),)
        case "all":
            body = (ir.If(negated(element), (ir.Assign(accumulator, FALSE), ir.Break())),)
    return guarded(gathering.condition, body)


def guarded(condition: ir.Expression | None, body: tuple[ir.Statement, ...]) -> tuple[ir.Statement, ...]:
    """The body under its condition, if there is one."""
    return body if condition is None else (ir.If(condition, body),)


def negated(condition: ir.Expression) -> ir.Expression:
    """`not condition` as a person writes it: `a < b` becomes `a >= b`."""
    match condition:
        case ir.Unary(operator="not", operand=operand):
            return operand
        case ir.Compare(operator=operator, left=left, right=right):
            return ir.Compare(_OPPOSITES[operator], left, right)  # type: ignore[arg-type]
        case ir.IsNone(operand=operand, negated=was):
            return ir.IsNone(operand, not was)
        case ir.Literal(value=bool(value)):
            return FALSE if value else TRUE
        case ir.Logical(operator=operator, operands=operands) if all(map(_turns_easily, operands)):
            return ir.Logical("or" if operator == "and" else "and", tuple(map(negated, operands)))
    return ir.Unary(BOOL, "not", condition)


def first_item(gathering: Gathering) -> tuple[dict[str, Any], ir.Expression] | None:
    """The pattern's values in the first round, and an iterable of the other rounds (or of all, which does no harm
    where the least or greatest is sought); None where there is no plain way to the first item."""
    iterable, names = gathering.iterable, gathering.pattern.names
    if gathering.condition is not None:
        return None
    match iterable:
        case ir.Range(start=begin, stop=stop, step=step):
            return {names[0]: begin}, ir.Range(iterable.type, _plus(begin, step), stop, step)
        case ir.Name(type=List(item=item)) | ir.Field(type=List(item=item)) if len(names) == 1:
            return {names[0]: ir.Index(item, iterable, ir.Literal(INT, 0))}, iterable
        case ir.Enumerate(base=ir.Name(type=List(item=item)) as base):
            return {names[0]: ir.Literal(INT, 0), names[1]: ir.Index(item, base, ir.Literal(INT, 0))}, iterable
    return None


def _plus(expression: ir.Expression, number: int) -> ir.Expression:
    if isinstance(expression, ir.Literal) and isinstance(expression.value, int):
        return ir.Literal(INT, expression.value + number)
    return ir.Binary(INT, "+" if number > 0 else "-", expression, ir.Literal(INT, abs(number)))


def _turns_easily(condition: ir.Expression) -> bool:
    return isinstance(condition, ir.Compare | ir.IsNone) or (
        isinstance(condition, ir.Unary) and condition.operator == "not"
    )
