"""Runs programs of the intermediate form, strictly: the reference that every emitted solution is compared with.

A tree becomes nested Python closures once, then runs on any arguments. What languages do not agree on is an error, not
a value: indexes and slices out of range, numbers past 2**53, bit operations past 32 bits, characters beyond ASCII, a
map or set whose order shows. The last is seen by running twice: with `turned`, what has no order comes the other way
round.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from hrm_edge.train.data.ir import nodes as ir
from hrm_edge.train.data.ir.execution import BUILTIN_FUNCTIONS, Fault, arithmetic, item_at, part_of
from hrm_edge.train.data.ir.types import INT, Map, Set

Frame = dict[str, Any]
Expression = Callable[[Frame], Any]
Effect = Callable[[Frame], Any]

_BREAK: Final = object()
_CONTINUE: Final = object()
DEEPEST_CALL = 200


@dataclass
class Run:
    """What a run may use, and what it saw."""

    steps: int
    turned: bool = False
    depth: int = 0
    wide: bool = False
    negative_division: bool = False
    negative_zero: bool = False

    @property
    def facts(self) -> ir.Facts:
        """What renderers must know of it."""
        return ir.Facts(wide=self.wide, negative_division=self.negative_division, negative_zero=self.negative_zero)


@dataclass(frozen=True)
class _Returned:
    value: Any


@dataclass
class Instance:
    """An object of a program's class."""

    kind: str
    fields: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class _Body:
    parameters: tuple[str, ...]
    statements: Sequence[Effect]


class Interpreter:
    """One program, ready to run."""

    def __init__(self, program: ir.Program) -> None:
        self._run = Run(0)
        self._functions: dict[str, _Body] = {}
        self._methods: dict[tuple[str, str], _Body] = {}
        self._constructors: dict[str, tuple[tuple[str, ...], list[tuple[str, Expression]]]] = {}
        self._entry = program.entry.name
        for function in program.functions:
            self._functions[function.name] = self._body(function)
        for kind in program.classes:
            fields = [(name, self._expression(value)) for name, _, value in kind.fields]
            self._constructors[kind.name] = tuple(p.name for p in kind.parameters), fields
            for method in kind.methods:
                self._methods[kind.name, method.name] = self._body(method)

    def __call__(self, *arguments: Any, steps: int = 100_000) -> Any:
        """What the entry function returns.

        Args:
            arguments: its arguments; they are not changed.
            steps: rounds of loops and calls it may take.

        Raises:
            Fault: it does what the six languages do not agree on, or takes too long.
        """
        return self.run(arguments, Run(steps))

    def run(self, arguments: Sequence[Any], run: Run) -> Any:
        """The same, with what the run saw left in `run`."""
        self._run = run
        try:
            return self._invoke(self._functions[self._entry], [_copied(argument) for argument in arguments])
        except (KeyError, IndexError, ValueError, TypeError, ZeroDivisionError, OverflowError) as error:
            raise Fault(f"{type(error).__name__}: {error}") from error

    def _invoke(self, body: _Body, arguments: Sequence[Any], instance: Instance | None = None) -> Any:
        run = self._run
        run.depth += 1
        self._step()
        if run.depth > DEEPEST_CALL:
            raise Fault(f"calls more than {DEEPEST_CALL} deep")
        frame = dict(zip(body.parameters, arguments, strict=True))
        if instance is not None:
            frame["self"] = instance
        result = _block(body.statements, frame)
        run.depth -= 1
        return result.value if isinstance(result, _Returned) else None

    def _step(self) -> None:
        self._run.steps -= 1
        if self._run.steps < 0:
            raise Fault("too many steps")

    def _body(self, function: ir.Function) -> _Body:
        return _Body(tuple(p.name for p in function.parameters), self._block(function.body))

    def _block(self, statements: Sequence[ir.Statement]) -> list[Effect]:
        return [self._statement(statement) for statement in statements]

    # --- statements: each gives None, _BREAK, _CONTINUE or what is returned

    def _statement(self, statement: ir.Statement) -> Effect:
        match statement:
            case ir.Let(name=name, value=value) | ir.Assign(target=ir.Name(name=name), value=value):
                return _setting(name, self._expression(value))
            case ir.LetTuple(names=names, value=value):
                return _taking_apart(names, self._expression(value))
            case ir.Assign(target=target, value=value):
                return self._storing(target, self._expression(value))
            case ir.Swap(targets=targets, values=values):
                return self._swapping(targets, values)
            case ir.Augment(operator=operator, target=target, value=value):
                combined = ir.Binary(target.type, operator, target, value)
                return self._statement(ir.Assign(target, combined))
            case ir.If(condition=condition, then=then, otherwise=otherwise):
                return _branching(self._expression(condition), self._block(then), self._block(otherwise))
            case ir.While(condition=condition, body=body):
                return self._repeating(self._expression(condition), self._block(body))
            case ir.For(pattern=pattern, iterable=iterable, body=body):
                return self._iterating(pattern, self._iterable(iterable), self._block(body))
            case ir.Return(value=value):
                inner = self._optional(value)
                return lambda frame: _Returned(inner(frame))
            case ir.Break():
                return lambda _: _BREAK
            case ir.Continue():
                return lambda _: _CONTINUE
        effect = self._expression(statement.value)

        def do(frame: Frame) -> None:
            effect(frame)

        return do

    def _storing(self, target: ir.Target, value: Expression) -> Effect:
        if isinstance(target, ir.Name):
            return _setting(target.name, value)
        if isinstance(target, ir.Field):
            receiver, name = self._expression(target.receiver), target.field

            def set_field(frame: Frame) -> None:
                receiver(frame).fields[name] = value(frame)

            return set_field
        base = self._expression(target.base)
        key = self._expression(target.key if isinstance(target, ir.Lookup) else target.index)
        is_map = isinstance(target, ir.Lookup)

        def store(frame: Frame) -> None:
            container, place = base(frame), key(frame)
            if not is_map and not 0 <= place < len(container):
                raise Fault(f"index {place} of {len(container)} items")
            container[place] = value(frame)

        return store

    def _swapping(self, targets: Sequence[ir.Target], values: Sequence[ir.Expression]) -> Effect:
        inner = [self._expression(value) for value in values]
        parts = [self._storing(target, _held(number)) for number, target in enumerate(targets)]

        def swap(frame: Frame) -> None:
            for number, value in enumerate([value(frame) for value in inner]):
                frame[_held_name(number)] = value
            for part in parts:
                part(frame)

        return swap

    def _repeating(self, condition: Expression, body: Sequence[Effect]) -> Effect:
        def repeat(frame: Frame) -> Any:
            while condition(frame):
                self._step()
                result = _block(body, frame)
                if result is _BREAK:
                    break
                if isinstance(result, _Returned):
                    return result
            return None

        return repeat

    def _iterating(self, pattern: ir.Pattern, iterable: Expression, body: Sequence[Effect]) -> Effect:
        bind = _binding(pattern)

        def iterate(frame: Frame) -> Any:
            for item in iterable(frame):
                self._step()
                bind(frame, item)
                result = _block(body, frame)
                if result is _BREAK:
                    break
                if isinstance(result, _Returned):
                    return result
            return None

        return iterate

    # --- expressions

    def _expression(self, node: ir.Expression) -> Expression:
        match node:
            case ir.Literal(value=value):
                return lambda _: value
            case ir.Name(name=name):
                return lambda frame: frame[name]
            case ir.Unary(operator=operator, operand=operand):
                inner = self._expression(operand)
                return self._negated(inner) if operator == "-" else (lambda frame: not inner(frame))
            case ir.Binary(type=kind, operator=operator, left=left, right=right):
                return self._binary(kind == INT, operator, self._expression(left), self._expression(right))
            case ir.Compare(operator=operator, left=left, right=right):
                return _comparing(operator, self._expression(left), self._expression(right))
            case ir.Logical(operator=operator, operands=operands):
                parts = [self._expression(operand) for operand in operands]
                if operator == "and":
                    return lambda frame: all(part(frame) for part in parts)
                return lambda frame: any(part(frame) for part in parts)
            case ir.Conditional(condition=condition, then=then, otherwise=otherwise):
                test, first, second = map(self._expression, (condition, then, otherwise))
                return lambda frame: first(frame) if test(frame) else second(frame)
            case ir.Index(base=base, index=index):
                whole, place = self._expression(base), self._expression(index)
                return lambda frame: item_at(whole(frame), place(frame))
            case ir.Lookup(base=base, key=key):
                table, wanted = self._expression(base), self._expression(key)
                return lambda frame: table(frame)[wanted(frame)]
            case ir.Slice(base=base, start=start, stop=stop):
                whole = self._expression(base)
                first, last = self._optional(start), self._optional(stop)
                return lambda frame: part_of(whole(frame), first(frame), last(frame))
            case ir.Unwrap(operand=operand):
                inner = self._expression(operand)
                return lambda frame: _present(inner(frame))
            case ir.IsNone(operand=operand, negated=negated):
                inner = self._expression(operand)
                return lambda frame: (inner(frame) is None) != negated
            case ir.Fold():
                return self._fold(node)
            case ir.SortBy():
                return self._sort(node)
        return self._construction(node)

    def _optional(self, node: ir.Expression | None) -> Expression:
        """What gives None where there is no expression."""
        return (lambda _: None) if node is None else self._expression(node)

    def _construction(self, node: ir.Expression) -> Expression:
        match node:
            case ir.Call(function=function, arguments=arguments):
                values = [self._expression(argument) for argument in arguments]
                return lambda frame: self._invoke(self._functions[function], [value(frame) for value in values])
            case ir.MethodCall(receiver=receiver, method=method, arguments=arguments):
                owner = self._expression(receiver)
                values = [self._expression(argument) for argument in arguments]
                return lambda frame: self._send(owner(frame), method, [value(frame) for value in values])
            case ir.New(type=kind, arguments=arguments):
                kind_name = str(kind)
                values = [self._expression(argument) for argument in arguments]
                return lambda frame: self._new(kind_name, [value(frame) for value in values])
            case ir.Field(receiver=receiver, field=name):
                owner = self._expression(receiver)
                return lambda frame: owner(frame).fields[name]
            case ir.Builtin(type=kind, name=name, arguments=arguments):
                return self._builtin(kind == INT, name, [self._expression(argument) for argument in arguments])
            case ir.ListDisplay(items=items):
                parts = [self._expression(item) for item in items]
                return lambda frame: [part(frame) for part in parts]
            case ir.TupleDisplay(items=items):
                parts = [self._expression(item) for item in items]
                return lambda frame: tuple(part(frame) for part in parts)
            case ir.MapDisplay(entries=entries):
                pairs = [(self._expression(key), self._expression(value)) for key, value in entries]
                return lambda frame: {key(frame): value(frame) for key, value in pairs}
        raise AssertionError(f"{type(node).__name__} stands only where something is iterated over")

    def _binary(self, whole: bool, operator: str, left: Expression, right: Expression) -> Expression:
        operation = arithmetic(operator)
        if not whole:
            return lambda frame: operation(left(frame), right(frame))
        divides = operator in ("//", "%")
        scales = divides or operator == "*"

        def compute(frame: Frame) -> int:
            first, second = left(frame), right(frame)
            result = operation(first, second)
            if scales and (first < 0 or second < 0):
                self._run.negative_division |= divides
                self._run.negative_zero |= result == 0
            return self._checked(result)

        return compute

    def _negated(self, inner: Expression) -> Expression:
        def negate(frame: Frame) -> Any:
            value = inner(frame)
            self._run.negative_zero |= value == 0
            return -value

        return negate

    def _checked(self, value: int) -> int:
        if not -(2**31) <= value < 2**31:
            self._run.wide = True
            if abs(value) >= 2**53:
                raise Fault("a number past 2**53")
        return value

    def _builtin(self, whole: bool, name: str, arguments: Sequence[Expression]) -> Expression:
        operation = BUILTIN_FUNCTIONS[name]
        if name in ("keys", "values"):
            return lambda frame: self._unordered(operation(arguments[0](frame)))
        if name == "truncate":
            return lambda frame: self._truncated(arguments[0](frame))
        if whole:
            return lambda frame: self._checked(operation(*[argument(frame) for argument in arguments]))
        return lambda frame: operation(*[argument(frame) for argument in arguments])

    def _truncated(self, value: float) -> int:
        self._run.negative_zero |= -1 < value < 0
        return self._checked(int(value))

    def _unordered(self, items: list[Any]) -> list[Any]:
        return items[::-1] if self._run.turned else items

    def _iterable(self, node: ir.Expression) -> Expression:
        match node:
            case ir.Range(start=start, stop=stop, step=step):
                first, last = self._expression(start), self._expression(stop)
                return lambda frame: range(first(frame), last(frame), step)
            case ir.Enumerate(base=base):
                whole = self._expression(base)
                return lambda frame: enumerate(whole(frame))
            case ir.Zip(left=left, right=right):
                first, second = self._expression(left), self._expression(right)
                return lambda frame: zip(first(frame), second(frame), strict=False)
            case ir.Items(base=base):
                table = self._expression(base)
                return lambda frame: self._unordered(list(table(frame).items()))
        inner = self._expression(node)
        if isinstance(node.type, Set | Map):
            return lambda frame: self._unordered(list(inner(frame)))
        return inner

    def _fold(self, node: ir.Fold) -> Expression:
        iterable, bind = self._iterable(node.iterable), _binding(node.pattern)
        element = self._expression(node.element)
        key = self._expression(node.key) if node.key is not None else None
        condition = self._expression(node.condition) if node.condition is not None else None

        def items(frame: Frame) -> Any:
            inner = dict(frame)
            for item in iterable(frame):
                self._step()
                bind(inner, item)
                if condition is None or condition(inner):
                    yield (key(inner), element(inner)) if key is not None else element(inner)

        collect = _COLLECT[node.kind]
        if node.type == INT:
            return lambda frame: self._checked(collect(items(frame)))
        return lambda frame: collect(items(frame))

    def _sort(self, node: ir.SortBy) -> Expression:
        base, key, name = self._expression(node.base), self._expression(node.key), node.parameter

        def ordered(frame: Frame) -> list[Any]:
            inner = dict(frame)

            def key_of(item: Any) -> Any:
                inner[name] = item
                return key(inner)

            return sorted(base(frame), key=key_of, reverse=node.descending)

        return ordered

    def _send(self, owner: Instance, method: str, arguments: Sequence[Any]) -> Any:
        return self._invoke(self._methods[owner.kind, method], arguments, owner)

    def _new(self, kind: str, arguments: Sequence[Any]) -> Instance:
        names, fields = self._constructors[kind]
        frame = dict(zip(names, arguments, strict=True))
        return Instance(kind, {name: value(frame) for name, value in fields})


_COLLECT: Mapping[str, Callable[[Any], Any]] = {
    "list": list,
    "set": set,
    "map": dict,
    "sum": lambda items: _sum(items),
    "count": lambda items: sum(1 for _ in items),
    "any": any,
    "all": all,
    "min": min,
    "max": max,
}


def _sum(items: Any) -> Any:
    total = None
    for item in items:
        total = item if total is None else total + item
    return 0 if total is None else total


def _block(statements: Sequence[Effect], frame: Frame) -> Any:
    for statement in statements:
        result = statement(frame)
        if result is not None:
            return result
    return None


def _setting(name: str, value: Expression) -> Effect:
    def set_variable(frame: Frame) -> None:
        frame[name] = value(frame)

    return set_variable


def _held_name(number: int) -> str:
    """Where a swap keeps a value: no variable of a program has a blank in its name."""
    return f"swap {number}"


def _held(number: int) -> Expression:
    return lambda frame: frame[_held_name(number)]


def _taking_apart(names: Sequence[str], value: Expression) -> Effect:
    def take_apart(frame: Frame) -> None:
        frame.update(zip(names, value(frame), strict=True))

    return take_apart


def _branching(condition: Expression, then: Sequence[Effect], otherwise: Sequence[Effect]) -> Effect:
    return lambda frame: _block(then if condition(frame) else otherwise, frame)


def _binding(pattern: ir.Pattern) -> Callable[[Frame, Any], None]:
    if len(pattern.names) == 1:
        name = pattern.names[0]

        def bind(frame: Frame, item: Any) -> None:
            frame[name] = item

        return bind

    def bind_parts(frame: Frame, item: Any) -> None:
        frame.update(zip(pattern.names, item, strict=True))

    return bind_parts


def _comparing(operator: str, left: Expression, right: Expression) -> Expression:
    match operator:
        case "==":
            return lambda frame: left(frame) == right(frame)
        case "!=":
            return lambda frame: left(frame) != right(frame)
        case "<":
            return lambda frame: left(frame) < right(frame)
        case "<=":
            return lambda frame: left(frame) <= right(frame)
        case ">":
            return lambda frame: left(frame) > right(frame)
    return lambda frame: left(frame) >= right(frame)


def _present(value: Any) -> Any:
    if value is None:
        raise Fault("None where a value is needed")
    return value


def _copied(value: Any) -> Any:
    """A list or map of the caller's, which the program may do anything with."""
    if isinstance(value, list):
        return [_copied(item) for item in value]
    if isinstance(value, dict):
        return {key: _copied(item) for key, item in value.items()}
    return value


def observe(program: ir.Program, inputs: Sequence[Sequence[Any]], *, steps: int = 100_000) -> ir.Facts:
    """What renderers must know, seen over inputs of the program's domain.

    Raises:
        Fault: the program fails on one of them, or the order of a map or set shows in a result.
    """
    interpreter = Interpreter(program)
    facts = ir.Facts()
    for arguments in inputs:
        run, turned = Run(steps), Run(steps, turned=True)
        if interpreter.run(arguments, run) != interpreter.run(arguments, turned):
            raise Fault("the order of a map or set shows in the result")
        run.wide |= any(map(_wide, arguments))
        facts = united(facts, run.facts)
    return facts


def united(one: ir.Facts, other: ir.Facts) -> ir.Facts:
    """What either has seen."""
    return ir.Facts(
        wide=one.wide or other.wide,
        negative_division=one.negative_division or other.negative_division,
        negative_zero=one.negative_zero or other.negative_zero,
    )


def _wide(value: Any) -> bool:
    if isinstance(value, list):
        return any(map(_wide, value))
    if isinstance(value, dict):
        return any(_wide(key) or _wide(item) for key, item in value.items())
    return type(value) is int and not -(2**31) <= value < 2**31
