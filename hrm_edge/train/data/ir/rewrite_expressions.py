"""Conditions, assignments and intermediate values written another way."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, get_args

from hrm_edge.train.data.ir import nodes as ir
from hrm_edge.train.data.ir.fold_loops import negated
from hrm_edge.train.data.ir.fresh_names import FreshNames
from hrm_edge.train.data.ir.rewriting import Block, has_fold, is_quiet, uses, with_blocks, with_nodes
from hrm_edge.train.data.ir.traversal import every, parts, substituted
from hrm_edge.train.data.ir.types import BOOL, INT, Bool, Float, Int, List, Map, Nothing, Optional, Str

_MIRRORED = {"<": ">", ">": "<", "<=": ">=", ">=": "<=", "==": "==", "!=": "!="}
_AUGMENTED = frozenset(get_args(ir.Augment.__annotations__["operator"]))
_ZERO = ir.Literal(INT, 0)
_LONGEST = 24
"""Nodes of an expression that a value is put into."""


def augmented_as_plain(function: ir.Function) -> ir.Function | None:
    """`x += a` becomes `x = x + a`."""

    def change(node: Any) -> Any:
        match node:
            case ir.Augment(
                operator=operator, target=ir.Name(type=Int() | Float() | Str() as kind) as target, value=value
            ):
                return ir.Assign(target, ir.Binary(kind, operator, target, value))
        return node

    return with_nodes(function, change)


def plain_as_augmented(function: ir.Function) -> ir.Function | None:
    """`x = x + a` becomes `x += a`."""

    def change(node: Any) -> Any:
        match node:
            case ir.Assign(target, ir.Binary(type=Int() | Float() | Str(), operator=operator, left=left, right=right)):
                if left == target and operator in _AUGMENTED and is_quiet(target):
                    return ir.Augment(operator, target, right)  # type: ignore[arg-type]
        return node

    return with_nodes(function, change)


def comparisons_mirrored(function: ir.Function) -> ir.Function | None:
    """`a < b` becomes `b > a`; a literal stays on the right, a chain stays a chain."""
    kept = {
        id(operand)
        for node in every(function.body)
        if isinstance(node, ir.Logical) and node.operator == "and"
        for operand in node.operands
    }

    def change(node: Any) -> Any:
        match node:
            case ir.Compare(operator=operator, left=left, right=right) if id(node) not in kept:
                if not isinstance(right, ir.Literal) and is_quiet(node) and not has_fold(node):
                    return ir.Compare(_MIRRORED[operator], right, left)  # type: ignore[arg-type]
        return node

    return with_nodes(function, change)


def operands_commuted(function: ir.Function) -> ir.Function | None:
    """`a + b` of numbers becomes `b + a`, and so for `*`; a literal stays on the right."""

    def change(node: Any) -> Any:
        match node:
            case ir.Binary(
                type=Int() | Float(), operator="+" | "*", left=ir.Name() | ir.Index() | ir.Lookup(), right=right
            ):
                if not isinstance(right, ir.Literal | ir.Binary) and is_quiet(node) and not has_fold(node):
                    return replace(node, left=right, right=node.left)
        return node

    return with_nodes(function, change)


def negations_inward(function: ir.Function) -> ir.Function | None:
    """`not (a and b)` becomes `not a or not b`, as De Morgan has it, and `not a < b` becomes `a >= b`."""

    def change(node: Any) -> Any:
        match node:
            case ir.Unary(operator="not", operand=ir.Logical(operator=operator, operands=operands)):
                return ir.Logical("or" if operator == "and" else "and", tuple(map(negated, operands)))
            case ir.Unary(operator="not", operand=ir.Compare() | ir.IsNone() as operand):
                return negated(operand)
        return node

    return with_nodes(function, change)


def negations_outward(function: ir.Function) -> ir.Function | None:
    """`a != b or c != d` becomes `not (a == b and c == d)`."""

    def change(node: Any) -> Any:
        match node:
            case ir.Logical(operator=operator, operands=operands) if all(map(_is_negative, operands)):
                turned = tuple(map(negated, operands))
                return ir.Unary(BOOL, "not", ir.Logical("or" if operator == "and" else "and", turned))
        return node

    return with_nodes(function, change)


def _is_negative(node: ir.Expression) -> bool:
    match node:
        case ir.Unary(operator="not") | ir.Compare(operator="!=") | ir.IsNone(negated=True):
            return True
    return False


def emptiness_as_length(function: ir.Function) -> ir.Function | None:
    """`not xs` becomes `len(xs) == 0`."""

    def change(node: Any) -> Any:
        match node:
            case ir.Builtin(name="is_empty", arguments=arguments):
                return ir.Compare("==", ir.Builtin(INT, "length", arguments), _ZERO)
            case ir.Unary(
                operator="not",
                operand=ir.Compare(
                    operator="==", left=ir.Builtin(name="length") as length, right=ir.Literal(value=0) as zero
                ),
            ):
                return ir.Compare(">", length, zero)
        return node

    return with_nodes(function, change)


def length_as_emptiness(function: ir.Function) -> ir.Function | None:
    """`len(xs) == 0` becomes `not xs`, `len(xs) > 0` becomes `xs` where a condition stands."""

    def change(node: Any) -> Any:
        match node:
            case ir.Compare(
                operator="==" | ">" | "!=" as operator,
                left=ir.Builtin(name="length", arguments=(base,)),
                right=ir.Literal(value=0),
            ) if not isinstance(base.type, Str):
                empty = ir.Builtin(BOOL, "is_empty", (base,))
                return empty if operator == "==" else ir.Unary(BOOL, "not", empty)
        return node

    return with_nodes(function, change)


def values_reordered(function: ir.Function) -> ir.Function | None:
    """Of two new variables in a row, the second comes first where neither says anything of the other."""

    def change(body: Block) -> Block:
        for place in range(len(body) - 1):
            match body[place : place + 2]:
                case (ir.Let(name=one, value=first), ir.Let(value=second)) if not uses(one, second):
                    if is_quiet((first, second)):
                        return *body[:place], body[place + 1], body[place], *change(body[place + 2 :])
        return body

    return with_blocks(function, change)


def results_named(function: ir.Function) -> ir.Function | None:
    """`return a * b` becomes `result = a * b` and `return result`."""
    names = FreshNames(function)

    def change(body: Block) -> Block:
        match body[-1:]:
            case (ir.Return(value=ir.Binary() | ir.Builtin() | ir.Fold() | ir.SortBy() | ir.Call() as value),):
                if not isinstance(value.type, Optional | Nothing):
                    name = names.draw(_names_of_results(value))
                    kind = value.type
                    return *body[:-1], ir.Let(name, kind, value), ir.Return(ir.Name(kind, name))
        return body

    return with_blocks(function, change)


def _names_of_results(value: ir.Expression) -> tuple[str, ...]:
    match value:
        case ir.Fold(kind="sum") | ir.Builtin(name="sum"):
            return ("total", "result")
        case ir.Fold(kind="count") | ir.Builtin(name="length" | "count_item" | "count_text"):
            return ("count", "result")
        case ir.SortBy() | ir.Builtin(name="sorted" | "sorted_descending"):
            return ("ordered", "result")
    match value.type:
        case List() | Map():
            return ("result", "found", "output")
        case Bool():
            return ("answer", "result")
    return ("result", "answer", "value")


def values_inlined(function: ir.Function) -> ir.Function | None:
    """A value that is used once, by the next statement, stands there itself."""

    def change(body: Block) -> Block:
        for place in range(len(body) - 1):
            made = _inlined(body[place], body[place + 1], body[place + 2 :])
            if made is not None:
                return change((*body[:place], made, *body[place + 2 :]))
        return body

    return with_blocks(function, change)


def _inlined(first: ir.Statement, second: ir.Statement, rest: Block) -> ir.Statement | None:
    match first, second:
        case ir.Let(name=name, value=value), (
            ir.Return(value=place)
            | ir.Let(value=place)
            | ir.Assign(target=ir.Name(), value=place)
            | ir.If(condition=place)
        ) if place is not None:
            if isinstance(second, ir.Assign) and uses(name, second.target):
                return None
            if uses(name, rest) or uses(name, second) != 1 or len(every((place, value))) > _LONGEST:
                return None
            if not _is_evaluated(name, place) or _has_bare_type(value) or not _commute(value, place, name):
                return None
            changed = substituted(place, {name: value})
            field = "condition" if isinstance(second, ir.If) else "value"
            return replace(second, **{field: changed})
    return None


def _commute(value: ir.Expression, place: ir.Expression, name: str) -> bool:
    """Whether a value may be computed where it is used: one of the two has no effects, or it is all there is."""
    return place == ir.Name(value.type, name) or (is_quiet(value) and is_quiet(place))


def _has_bare_type(value: ir.Expression) -> bool:
    """Whether a value needs its variable to show a type, or to be one that can be changed or unwrapped."""
    match value:
        case (
            ir.ListDisplay(items=())
            | ir.MapDisplay()
            | ir.New()
            | ir.Literal()
            | ir.Builtin(name="empty_set" | "queue_of")
        ):
            return True
    return isinstance(value.type, Optional)


def _is_evaluated(name: str, place: ir.Expression) -> bool:
    """Whether a variable is read exactly once whenever the expression is: not in a loop or branch inside it."""
    if isinstance(place, ir.Name):
        return place.name == name
    return any(_is_evaluated(name, part) for part in _always(place))


def _always(node: ir.Expression) -> Iterator[ir.Expression]:
    match node:
        case ir.Logical(operands=(first, *_)):
            yield first
        case ir.Conditional(condition=condition):
            yield condition
        case ir.Fold(iterable=iterable):
            yield iterable
        case ir.SortBy(base=base):
            yield base
        case ir.MethodCall(arguments=arguments):
            yield from arguments
        case ir.Field() | ir.Unwrap() | ir.IsNone():
            return
        case _:
            for part in parts(node):
                inner = getattr(node, part)
                yield from (
                    inner if isinstance(inner, tuple) else [inner] if isinstance(inner, get_args(ir.Expression)) else []
                )
