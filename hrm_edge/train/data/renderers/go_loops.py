"""Loops over things in Go."""

from typing import Any

from hrm_edge.train.data.ir import nodes as ir
from hrm_edge.train.data.ir.analysis import reassigned, root
from hrm_edge.train.data.ir.builtins import MUTATING
from hrm_edge.train.data.ir.traversal import every
from hrm_edge.train.data.ir.types import STR, Tuple
from hrm_edge.train.data.renderers.go_syntax import Operation, Source, call, element, operation, show
from hrm_edge.train.data.renderers.go_writing import GoBodyWriting

_INDEXES = ("i", "j", "k", "index", "at")


class GoLoops:
    """Writes the For loops of one function."""

    def __init__(self, body: GoBodyWriting) -> None:
        self._body = body

    def write(self, loop: ir.For) -> None:
        """One loop."""
        match loop.iterable:
            case ir.Range() as numbers:
                self._range(loop, numbers)
            case ir.Zip() as pairs:
                self._zip(loop, pairs)
            case ir.Enumerate(base=base):
                self._over(loop, self._items(base), (self._name(loop, 0), self._name(loop, 1)))
            case ir.Items(base=base):
                self._over(loop, self._body.view(base), (self._name(loop, 0), self._name(loop, 1)))
            case ir.Builtin(name="keys", arguments=(base,)):
                self._over(loop, self._body.view(base), (self._name(loop, 0), "_"))
            case ir.Builtin(name="values", arguments=(base,)):
                self._over(loop, self._body.view(base), ("_", self._name(loop, 0)))
            case ir.Builtin(name="reversed" | "reversed_text", arguments=(base,)):
                self._backwards(loop, base)
            case ir.Builtin(name="chars", arguments=(base,)):
                self._sequence(loop, self._items(base))
            case iterable if str(iterable.type).startswith("set["):
                self._over(loop, self._body.view(iterable), (self._name(loop, 0), "_"))
            case iterable:
                self._sequence(loop, self._items(iterable))

    def _name(self, loop: ir.For, at: int) -> str:
        name = loop.pattern.names[at]
        return self._body.unit.variable(name) if name in self._body.read else "_"

    def _items(self, base: Any) -> Source:
        """What `range` goes through item by item; characters as the program has them."""
        source = self._body.view(base)
        return call("[]byte", source) if base.type == STR and self._body.unit.char == "byte" else source

    def _over(self, loop: ir.For, source: Source, names: tuple[str, str]) -> None:
        match names:
            case "_", "_":
                bound = ""
            case first, "_":
                bound = f"{first} := "
            case first, second:
                bound = f"{first}, {second} := "
        self._body.lines(f"for {bound}range {show(source)} {{")
        self._body.block(loop.body)
        self._body.lines("}")

    def _sequence(self, loop: ir.For, source: Source) -> None:
        if len(loop.pattern.names) == 1:
            self._over(loop, source, ("_", self._name(loop, 0)))
            return
        body = self._body
        item = body.scope.names.draw(("pair", "entry", "item"))
        body.lines(f"for _, {body.unit.variable(item)} := range {show(source)} {{")
        with body.writer.indented():
            self._unpack(loop, ir.Name(Tuple(loop.pattern.types), item))
        body.block(loop.body)
        body.lines("}")

    def _unpack(self, loop: ir.For, item: ir.Name) -> None:
        self._body.statement(ir.LetTuple(loop.pattern.names, loop.pattern.types, item))

    def _range(self, loop: ir.For, numbers: ir.Range) -> None:
        body = self._body
        name = loop.pattern.names[0]
        if name not in body.read:
            name = body.scope.names.draw(_INDEXES)
        variable = body.unit.variable(name)
        stop = self._fixed(loop, numbers.stop)
        test = _test(variable, stop, numbers.step)
        step = {1: "++", -1: "--"}.get(numbers.step)
        step = step or (f" += {numbers.step}" if numbers.step > 0 else f" -= {-numbers.step}")
        start = show(body.expression(numbers.start))
        body.lines(f"for {variable} := {start}; {test}; {variable}{step} {{")
        body.block(loop.body)
        body.lines("}")

    def _fixed(self, loop: ir.For, stop: Any) -> Source:
        """The end of a range, which must not change while the loop runs."""
        body = self._body
        source = body.expression(stop)
        mentioned = {node.name for node in every(stop) if isinstance(node, ir.Name)}
        called = any(isinstance(node, ir.Call | ir.MethodCall | ir.Field) for node in every(stop))
        if called or mentioned & self._resized(loop.body):
            name = body.unit.variable(body.scope.names.draw(("n", "limit", "stop", "end")))
            body.lines(f"{name} := {show(source)}")
            return name
        return source

    def _resized(self, statements: tuple[ir.Statement, ...]) -> set[str]:
        """Variables with another value afterwards, or another length."""
        found = set(reassigned(statements))
        for node in every(statements):
            match node:
                case ir.Builtin(name=name, arguments=(target, *_)) if name in MUTATING - {"sort", "reverse"}:
                    found.add(root(target) or "")
                case ir.Call(function=name, arguments=arguments) if pointers := self._body.unit.pointers.get(name):
                    pairs = zip(arguments, self._body.unit.functions[name].parameters, strict=True)
                    found.update(root(value) or "" for value, parameter in pairs if parameter.name in pointers)
        return found

    def _zip(self, loop: ir.For, pairs: ir.Zip) -> None:
        body = self._body
        index = body.unit.variable(body.scope.names.draw(_INDEXES))
        left, right = pairs.left, pairs.right
        match right:
            case ir.Slice(base=base, start=ir.Literal(value=1), stop=None) if base == left:
                items = body.view(left)
                header = f"{index} := 1; {show(operation('<', index, call('len', items)))}; {index}++"
                values = (element(items, operation("-", index, "1")), element(items, index))
            case _:
                first, second = (self._named(side) for side in (left, right))
                shorter = call("min", call("len", first), call("len", second))
                header = f"{index} := 0; {show(operation('<', index, shorter))}; {index}++"
                values = (element(first, index), element(second, index))
        body.lines(f"for {header} {{")
        named = [(self._name(loop, at), value) for at, value in enumerate(values) if self._name(loop, at) != "_"]
        if named:
            shown = ", ".join(show(value, min(len(named), 2)) for _, value in named)
            body.lines(f"\t{', '.join(name for name, _ in named)} := {shown}")
        body.block(loop.body)
        body.lines("}")

    def _named(self, side: Any) -> Source:
        """A list that is asked for more than once, in a variable where it is not in one."""
        if isinstance(side, ir.Name | ir.Field):
            return self._body.view(side)
        name = self._body.unit.variable(self._body.scope.names.draw(("others", "items", "parts")))
        self._body.lines(f"{name} := {show(self._body.view(side))}")
        return name

    def _backwards(self, loop: ir.For, base: Any) -> None:
        body = self._body
        index = body.unit.variable(body.scope.names.draw(_INDEXES))
        items = self._named(base)
        last = show(operation("-", call("len", items), "1"))
        body.lines(f"for {index} := {last}; {index} >= 0; {index}-- {{")
        value = element(items, index)
        if len(loop.pattern.names) > 1:
            item = body.scope.names.draw(("pair", "entry", "item"))
            with body.writer.indented():
                body.lines(f"{body.unit.variable(item)} := {show(value)}")
                self._unpack(loop, ir.Name(Tuple(loop.pattern.types), item))
        elif self._name(loop, 0) != "_":
            body.lines(f"\t{self._name(loop, 0)} := {show(value)}")
        body.block(loop.body)
        body.lines("}")


def _test(variable: str, stop: Source, step: int) -> str:
    """`i < n`; where the end is `n + 1`, `i <= n`, and the other way round downwards."""
    strict, loose, moved = ("<", "<=", "+") if step > 0 else (">", ">=", "-")
    if isinstance(stop, Operation) and stop.operator == moved and stop.right == "1":
        return show(operation(loose, variable, stop.left))
    if step < 0 and show(stop) == "-1":
        return f"{variable} >= 0"
    return show(operation(strict, variable, stop))
