"""What passes that rewrite a function ask and do: blocks changed from the inside out, what an expression may do."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from hrm_edge.train.data.ir import nodes as ir
from hrm_edge.train.data.ir.builtins import MUTATING
from hrm_edge.train.data.ir.traversal import every, rebuilt

Block = tuple[ir.Statement, ...]
Pass = Callable[[ir.Function], ir.Function | None]


def with_blocks(function: ir.Function, change: Callable[[Block], Block]) -> ir.Function | None:
    """The function with every block changed, inner ones first; None where no block is."""
    body = _block(function.body, change)
    return replace(function, body=body) if body != function.body else None


def with_nodes(function: ir.Function, change: Callable[[Any], Any]) -> ir.Function | None:
    """The function with every statement and expression changed, parts first; None where nothing is."""
    body = tuple(_node(statement, change) for statement in function.body)
    return replace(function, body=body) if body != function.body else None


def is_quiet(tree: Any) -> bool:
    """Whether evaluating an expression later, twice or not at all makes no difference but to time and faults."""
    return not any(
        isinstance(node, ir.Call | ir.MethodCall | ir.New) or (isinstance(node, ir.Builtin) and node.name in MUTATING)
        for node in every(tree)
    )


def has_fold(tree: Any) -> bool:
    """Whether there is something that a language may have to write as a loop before the statement."""
    return any(isinstance(node, ir.Fold | ir.SortBy) for node in every(tree))


def uses(name: str, tree: Any) -> int:
    """How often a variable is read or written."""
    return sum(isinstance(node, ir.Name) and node.name == name for node in every(tree))


def replaced(tree: Any, old: ir.Expression, new: ir.Expression) -> Any:
    """A statement or expression with one expression for another, wherever it stands."""
    return new if tree == old else rebuilt(tree, lambda part: replaced(part, old, new))


def binds(tree: Any) -> Iterator[str]:
    """Names that statements and expressions of a tree bring in."""
    for node in every(tree):
        match node:
            case ir.Let(name=name) | ir.SortBy(parameter=name):
                yield name
            case ir.LetTuple(names=names):
                yield from names
            case ir.For(pattern=pattern) | ir.Fold(pattern=pattern):
                yield from pattern.names


def ends(body: Block) -> bool:
    """Whether what follows a block in its own block is never reached from it."""
    match body[-1:]:
        case (ir.Return() | ir.Break() | ir.Continue(),):
            return True
        case (ir.If(then=then, otherwise=otherwise),):
            return ends(then) and ends(otherwise)
    return False


def own_jumps(body: Block) -> Iterator[ir.Break | ir.Continue]:
    """Breaks and continues of the loop whose body this is."""
    for statement in body:
        match statement:
            case ir.Break() | ir.Continue():
                yield statement
            case ir.If(then=then, otherwise=otherwise):
                yield from own_jumps(then)
                yield from own_jumps(otherwise)


def _block(body: Block, change: Callable[[Block], Block]) -> Block:
    return change(tuple(_inside(statement, change) for statement in body))


def _inside(statement: ir.Statement, change: Callable[[Block], Block]) -> ir.Statement:
    match statement:
        case ir.If(then=then, otherwise=otherwise):
            # an elif is no block of its own
            other = tuple(_inside(each, change) for each in otherwise) if _is_elif(otherwise) else None
            return replace(
                statement,
                then=_block(then, change),
                otherwise=other if other is not None else _block(otherwise, change),
            )
        case ir.While(body=body) | ir.For(body=body):
            return replace(statement, body=_block(body, change))
    return statement


def _is_elif(otherwise: Block) -> bool:
    return len(otherwise) == 1 and isinstance(otherwise[0], ir.If)


def _node(node: Any, change: Callable[[Any], Any]) -> Any:
    return change(rebuilt(node, lambda part: _node(part, change)))
