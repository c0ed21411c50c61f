"""Branches written another way: conditional expressions, early returns, guards, the order of branches."""

from dataclasses import replace

from hrm_edge.train.data.ir import nodes as ir
from hrm_edge.train.data.ir.fold_loops import FALSE, TRUE, negated
from hrm_edge.train.data.ir.rewriting import Block, ends, has_fold, is_quiet, with_blocks
from hrm_edge.train.data.ir.traversal import every
from hrm_edge.train.data.ir.types import BOOL, Float, Int, Optional, Str


def conditionals_as_ifs(function: ir.Function) -> ir.Function | None:
    """`x = a if c else b` and `return a if c else b` become statements."""

    def change(body: Block) -> Block:
        return tuple(new for statement in body for new in _spelled(statement))

    return with_blocks(function, change)


def _spelled(statement: ir.Statement) -> Block:
    match statement:
        case ir.Return(ir.Conditional(condition=condition, then=then, otherwise=otherwise)):
            return ir.If(condition, (ir.Return(then),)), *_spelled(ir.Return(otherwise))
        case ir.Assign(target, ir.Conditional(condition=condition, then=then, otherwise=otherwise)) if is_quiet(target):
            return (ir.If(condition, (ir.Assign(target, then),), _spelled(ir.Assign(target, otherwise))),)
        case ir.Let(name, kind, ir.Conditional(condition=condition, then=then, otherwise=otherwise)):
            target = ir.Name(kind, name)
            if _is_simple(otherwise):
                return ir.Let(name, kind, otherwise), ir.If(condition, (ir.Assign(target, then),))
            if _is_simple(then):
                return ir.Let(name, kind, then), ir.If(negated(condition), (ir.Assign(target, otherwise),))
    return (statement,)


def ifs_as_conditionals(function: ir.Function) -> ir.Function | None:
    """Two branches that return, or set the same variable, become one conditional expression."""

    def change(body: Block) -> Block:
        for place, statement in enumerate(body):
            made = _merged(statement, body[place + 1 : place + 2])
            if made is not None:
                used = 1 if isinstance(statement, ir.If) and statement.otherwise else 2
                return (*body[:place], made, *body[place + used :])
        return body

    return with_blocks(function, change)


def _merged(statement: ir.Statement, following: Block) -> ir.Statement | None:
    match statement, following:
        case (ir.If(condition, (ir.Return(then),), (ir.Return(otherwise),)), _) | (
            ir.If(condition, (ir.Return(then),), ()),
            (ir.Return(otherwise),),
        ) if then is not None and otherwise is not None:
            chosen = _chosen(condition, then, otherwise)
            return None if chosen is None else ir.Return(chosen)
        case ir.If(condition, (ir.Assign(one, then),), (ir.Assign(other, otherwise),)), _ if one == other:
            chosen = _chosen(condition, then, otherwise)
            return None if chosen is None else ir.Assign(one, chosen)
    return None


def _chosen(condition: ir.Expression, then: ir.Expression, otherwise: ir.Expression) -> ir.Expression | None:
    """A conditional expression that a person would write: short, of one kind of value."""
    parts = every((condition, then, otherwise))
    known = any(isinstance(node, ir.IsNone | ir.Unwrap | ir.Conditional) for node in parts)
    if then.type != otherwise.type or isinstance(then.type, Optional) or known or len(parts) > 16:
        return None
    if then.type == BOOL or has_fold((condition, then, otherwise)):
        return None
    return ir.Conditional(then.type, condition, then, otherwise)


def truths_as_branches(function: ir.Function) -> ir.Function | None:
    """`return a < b` becomes `if a < b: return True` and `return False`."""

    def change(body: Block) -> Block:
        match body[-1:]:
            case (ir.Return(ir.Compare() | ir.Logical() as value),):
                return *body[:-1], ir.If(value, (ir.Return(TRUE),)), ir.Return(FALSE)
        return body

    return with_blocks(function, change)


def branches_as_truths(function: ir.Function) -> ir.Function | None:
    """`if c: return True` and `return False` become `return c`."""

    def change(body: Block) -> Block:
        match body[-2:]:
            case (
                ir.If(condition, (ir.Return(ir.Literal(value=bool(found))),), ()),
                ir.Return(ir.Literal(value=bool(other))),
            ):
                if found != other:
                    return *body[:-2], ir.Return(condition if found else negated(condition))
        return body

    return with_blocks(function, change)


def early_returns_as_else(function: ir.Function) -> ir.Function | None:
    """What follows an `if` that ends in a return becomes its else, to the end of the function."""

    def change(body: Block) -> Block:
        for place in reversed(range(len(body) - 1)):
            statement, rest = body[place], body[place + 1 :]
            if isinstance(statement, ir.If) and not statement.otherwise and ends(statement.then) and _returns(rest):
                return *body[:place], replace(statement, otherwise=rest)
        return body

    return with_blocks(function, change)


def else_as_early_returns(function: ir.Function) -> ir.Function | None:
    """The else of an `if` that ends in a return follows it, a level less deep."""

    def change(body: Block) -> Block:
        match body[-1:]:
            case (ir.If(then=then, otherwise=otherwise) as last,) if otherwise and ends(then):
                return *body[:-1], replace(last, otherwise=()), *change(otherwise)
        return body

    return with_blocks(function, change)


def guards_as_continues(function: ir.Function) -> ir.Function | None:
    """A loop's body that is all under one condition skips the other rounds with `continue`."""

    def change(body: Block) -> Block:
        return tuple(_skipping(statement) for statement in body)

    return with_blocks(function, change)


def _skipping(loop: ir.Statement) -> ir.Statement:
    match loop:
        case ir.For(body=(*before, ir.If(condition=condition, then=(_, _, *_) as then, otherwise=()))):
            return replace(loop, body=(*before, ir.If(negated(condition), (ir.Continue(),)), *then))
    return loop


def continues_as_guards(function: ir.Function) -> ir.Function | None:
    """What follows `if c: continue` in a loop is done where c is not true."""

    def change(body: Block) -> Block:
        return tuple(_guarding(statement) for statement in body)

    return with_blocks(function, change)


def _guarding(loop: ir.Statement) -> ir.Statement:
    if not isinstance(loop, ir.For | ir.While):
        return loop
    for place, statement in enumerate(loop.body[:-1]):
        match statement:
            case ir.If(condition=condition, then=(ir.Continue(),), otherwise=()):
                rest = loop.body[place + 1 :]
                return replace(loop, body=(*loop.body[:place], ir.If(negated(condition), rest)))
    return loop


def branches_swapped(function: ir.Function) -> ir.Function | None:
    """`if a == b: … else: …` becomes `if a != b:` with the branches the other way round."""

    def change(body: Block) -> Block:
        return tuple(_swapped(statement) for statement in body)

    return with_blocks(function, change)


def _swapped(statement: ir.Statement) -> ir.Statement:
    match statement:
        case ir.If(condition=ir.Compare() | ir.Unary() as condition, then=then, otherwise=(_, *_) as otherwise):
            if not isinstance(otherwise[0], ir.If) and not isinstance(then[0], ir.If):
                return ir.If(negated(condition), tuple(otherwise), then)
    return statement


def extremes_as_ifs(function: ir.Function) -> ir.Function | None:
    """`best = max(best, x)` becomes `if x > best: best = x`."""

    def change(body: Block) -> Block:
        return tuple(_as_if(statement) for statement in body)

    return with_blocks(function, change)


def _as_if(statement: ir.Statement) -> ir.Statement:
    match statement:
        case ir.Assign(ir.Name() as target, ir.Builtin(name="min" | "max" as name, arguments=(first, second))):
            if first == target and _is_simple(second):
                better = ir.Compare("<" if name == "min" else ">", second, target)
                return ir.If(better, (ir.Assign(target, second),))
    return statement


def ifs_as_extremes(function: ir.Function) -> ir.Function | None:
    """`if x > best: best = x` becomes `best = max(best, x)`."""

    def change(body: Block) -> Block:
        return tuple(_as_extreme(statement) for statement in body)

    return with_blocks(function, change)


def _as_extreme(statement: ir.Statement) -> ir.Statement:
    match statement:
        case ir.If(
            ir.Compare(operator="<" | ">" as sign, left=left, right=right), (ir.Assign(ir.Name() as target, value),), ()
        ) if {left, right} == {target, value} and left != right:
            if isinstance(target.type, Int | Float | Str) and value.type == target.type and is_quiet(value):
                name = "max" if (sign == ">") == (left == value) else "min"
                return ir.Assign(target, ir.Builtin(target.type, name, (target, value)))
    return statement


def _is_simple(node: ir.Expression) -> bool:
    """Whether reading a value twice, or for nothing, is no more than reading a variable."""
    match node:
        case ir.Name() | ir.Literal():
            return not isinstance(node.type, Optional)
        case ir.Builtin(name="length", arguments=(ir.Name(),)):
            return True
    return False


def _returns(body: Block) -> bool:
    """Whether a block always returns."""
    match body[-1:]:
        case (ir.Return(),):
            return True
        case (ir.If(then=then, otherwise=otherwise),):
            return _returns(then) and _returns(otherwise)
    return False
