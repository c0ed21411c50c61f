"""Loops written another way: counted or conditional, by item or by index, or as a comprehension."""

from collections.abc import Callable, Iterator
from dataclasses import replace

from hrm_edge.train.data.ir import nodes as ir
from hrm_edge.train.data.ir.analysis import changed
from hrm_edge.train.data.ir.fold_loops import negated
from hrm_edge.train.data.ir.fresh_names import FreshNames, singular
from hrm_edge.train.data.ir.rewriting import Block, binds, has_fold, is_quiet, own_jumps, replaced, uses, with_blocks
from hrm_edge.train.data.ir.traversal import every, substituted
from hrm_edge.train.data.ir.types import BOOL, INT, STR, Int, List, Map, Set, Tuple

_INDEXES = ("i", "j", "k", "index", "position")
_ZERO, _ONE = ir.Literal(INT, 0), ir.Literal(INT, 1)


def ranges_as_whiles(function: ir.Function) -> ir.Function | None:
    """`for i in range(n)` becomes `i = 0; while i < n`, the step last in the body."""
    names = FreshNames(function)
    bound = list(binds(function.body))

    def change(body: Block) -> Block:
        return tuple(new for statement in body for new in _counted(statement, names, bound))

    return with_blocks(function, change)


def _counted(loop: ir.Statement, names: FreshNames, bound: list[str]) -> Iterator[ir.Statement]:
    match loop:
        case ir.For(pattern=pattern, iterable=ir.Range(start=start, stop=stop, step=step), body=body) if _is_steady(
            stop, body
        ) and not any(isinstance(jump, ir.Continue) for jump in own_jumps(body)):
            old = pattern.names[0]
            name = old if bound.count(old) == 1 and old != "_" else names.draw(_INDEXES)
            index = ir.Name(INT, name)
            step_on = ir.Augment("+" if step > 0 else "-", index, ir.Literal(INT, abs(step)))
            yield ir.Let(name, INT, start)
            renamed: Block = body if name == old else tuple(substituted(each, {old: index}) for each in body)
            yield ir.While(ir.Compare("<" if step > 0 else ">", index, stop), (*renamed, step_on))
        case _:
            yield loop


def whiles_as_ranges(function: ir.Function) -> ir.Function | None:
    """The other way round, where the counter is not used after the loop and changes nowhere else."""

    def change(body: Block) -> Block:
        for place, statement in enumerate(body[:-1]):
            made = _range_loop(statement, body[place + 1])
            if made is not None and not uses(made.pattern.names[0], body[place + 2 :]):
                return (*body[:place], made, *change(body[place + 2 :]))
        return body

    return with_blocks(function, change)


def _range_loop(first: ir.Statement, second: ir.Statement) -> ir.For | None:
    match first, second:
        case (
            ir.Let(name=name, type=Int(), value=start),
            ir.While(
                condition=ir.Compare(operator="<" | ">" as sign, left=ir.Name(name=left), right=stop),
                body=(*body, ir.Augment(operator="+" | "-" as turn, target=ir.Name(name=target), value=step)),
            ),
        ) if name == left == target and (sign == "<") == (turn == "+"):
            inner = tuple(body)
            steady = _is_steady(stop, inner) and name not in changed(inner) and not uses(name, stop)
            if not steady or any(isinstance(jump, ir.Continue) for jump in own_jumps(inner)):
                return None
            if not isinstance(step, ir.Literal) or not isinstance(step.value, int) or step.value < 1:
                return None
            length = step.value if sign == "<" else -step.value
            return ir.For(ir.Pattern((name,), (INT,)), ir.Range(List(INT), start, stop, length), inner)
    return None


def enumerates_as_indexes(function: ir.Function) -> ir.Function | None:
    """`for i, x in enumerate(xs)` becomes `for i in range(len(xs))` with `x = xs[i]` first."""
    return _each_loop(function, _by_index_of_enumerate)


def _by_index_of_enumerate(loop: ir.For, names: FreshNames) -> ir.For | None:
    match loop:
        case ir.For(pattern=pattern, iterable=ir.Enumerate(base=ir.Name() as base)):
            index, item = pattern.names
            number = names.draw(_INDEXES) if index == "_" else index
            return _index_loop(loop, base, number, item)
    return None


def items_as_indexes(function: ir.Function) -> ir.Function | None:
    """`for x in xs` becomes `for i in range(len(xs))` with `x = xs[i]` first."""
    return _each_loop(function, _by_index)


def _by_index(loop: ir.For, names: FreshNames) -> ir.For | None:
    match loop:
        case ir.For(pattern=ir.Pattern(names=(item,)), iterable=ir.Name(type=kind) as base):
            if item != "_" and (isinstance(kind, List) or kind == STR):
                return _index_loop(loop, base, names.draw(_INDEXES), item)
    return None


def _index_loop(loop: ir.For, base: ir.Name, index: str, item: str) -> ir.For:
    numbers = ir.Range(List(INT), _ZERO, ir.Builtin(INT, "length", (base,)))
    body = loop.body
    if item != "_":
        kind = loop.pattern.types[-1]
        body = (ir.Let(item, kind, ir.Index(kind, base, ir.Name(INT, index))), *body)
    return ir.For(ir.Pattern((index,), (INT,)), numbers, body)


def indexes_as_items(function: ir.Function) -> ir.Function | None:
    """`for i in range(len(xs))` that only reads `xs[i]` becomes `for x in xs`, or enumerate where i has other uses."""
    return _each_loop(function, _by_item)


def _by_item(loop: ir.For, names: FreshNames) -> ir.For | None:
    match loop:
        case ir.For(
            pattern=ir.Pattern(names=(index,)),
            iterable=ir.Range(
                start=ir.Literal(value=0), stop=ir.Builtin(name="length", arguments=(ir.Name() as base,)), step=1
            ),
        ) if isinstance(base.type, List) and base.name not in changed(loop.body):
            place = ir.Index(base.type.item, base, ir.Name(INT, index))
            count = sum(node == place for node in every(loop.body))
            passed_on = any(
                isinstance(node, ir.Call | ir.MethodCall) and base in node.arguments for node in every(loop.body)
            )
            if not count or passed_on:
                return None
            item = names.draw(tuple(filter(None, (singular(base.name), "item", "value"))))
            body = tuple(replaced(statement, place, ir.Name(place.type, item)) for statement in loop.body)
            if not uses(index, body):
                return ir.For(ir.Pattern((item,), (place.type,)), base, body)
            types = (INT, place.type)
            return ir.For(ir.Pattern((index, item), types), ir.Enumerate(List(Tuple(types)), base), body)
    return None


def loops_as_comprehensions(function: ir.Function) -> ir.Function | None:
    """An empty container and a loop that only fills it become a comprehension; so do counting, any and all."""

    def change(body: Block) -> Block:
        for place in range(len(body) - 1):
            made = _gathered(body[place], body[place + 1]) or _decided(body[place], body[place + 1])
            if made is not None:
                return change((*body[:place], made, *body[place + 2 :]))
        return body

    return with_blocks(function, change)


def _gathered(first: ir.Statement, loop: ir.Statement) -> ir.Let | None:
    if not isinstance(first, ir.Let) or not isinstance(loop, ir.For):
        return None
    condition, action = _guarded(loop.body)
    name, kind = first.name, first.type
    element: ir.Expression
    key: ir.Expression | None = None
    match first.value, action:
        case (ir.ListDisplay(items=()), ir.Do(ir.Builtin(name="append", arguments=(ir.Name(name=target), element)))):
            fold = "list"
        case (ir.Builtin(name="empty_set"), ir.Do(ir.Builtin(name="add", arguments=(ir.Name(name=target), element)))):
            fold = "set"
        case (
            ir.MapDisplay(entries=()),
            ir.Assign(ir.Lookup(base=ir.Name(name=target), key=key), element),
        ):
            fold = "map"
        case (ir.Literal(value=0), ir.Augment("+", ir.Name(name=target), element)) if kind == INT:
            fold = "count" if element == _ONE and condition is not None else "sum"
        case _:
            return None
    parts = (
        loop.iterable,
        element,
        *([key] if key is not None else []),
        *([condition] if condition is not None else []),
    )
    inner = parts[1:]
    if target != name or uses(name, parts) or any(map(has_fold, inner)) or not isinstance(kind, List | Set | Map | Int):
        return None
    return replace(
        first,
        value=ir.Fold(kind, fold, element, loop.pattern, loop.iterable, condition, key),  # type: ignore[arg-type]
    )


def _decided(loop: ir.Statement, last: ir.Statement) -> ir.Return | None:
    """`for …: if c: return True` and `return False` are `return any(c …)`; the other way round all."""
    match loop, last:
        case (
            ir.For(
                pattern=pattern, iterable=iterable, body=(ir.If(condition, (ir.Return(ir.Literal(value=found)),), ()),)
            ),
            ir.Return(ir.Literal(value=otherwise)),
        ) if {found, otherwise} == {True, False} and type(found) is bool and not has_fold(condition):
            element = condition if found else negated(condition)
            return ir.Return(ir.Fold(BOOL, "any" if found else "all", element, pattern, iterable))
    return None


def _guarded(body: Block) -> tuple[ir.Expression | None, ir.Statement | None]:
    match body:
        case (ir.If(condition=condition, then=(action,), otherwise=()),):
            return condition, action
        case (action,):
            return None, action
    return None, None


def _each_loop(function: ir.Function, change: Callable[[ir.For, FreshNames], ir.For | None]) -> ir.Function | None:
    """The function with every For changed that the change knows."""
    names = FreshNames(function)

    def block(body: Block) -> Block:
        return tuple((isinstance(each, ir.For) and change(each, names)) or each for each in body)

    return with_blocks(function, block)


def _is_steady(stop: ir.Expression, body: Block) -> bool:
    """Whether an end is the same in every round, and cheap."""
    passed_on = {
        name.name
        for node in every(body)
        if isinstance(node, ir.Call)
        for name in every(node.arguments)
        if isinstance(name, ir.Name) and isinstance(name.type, List | Map | Set)
    }
    moving = changed(body) | passed_on
    return is_quiet(stop) and not has_fold(stop) and not any(uses(name, stop) for name in moving)
