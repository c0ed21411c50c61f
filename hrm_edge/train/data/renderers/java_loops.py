"""Loops over things in Java."""

from typing import Any

from hrm_edge.train.data.ir import nodes as ir
from hrm_edge.train.data.ir.analysis import reassigned, root
from hrm_edge.train.data.ir.builtins import MUTATING
from hrm_edge.train.data.ir.traversal import every
from hrm_edge.train.data.ir.types import INT, STR, Set, Tuple
from hrm_edge.train.data.renderers.java_syntax import Java, cast, function, invoke, operation
from hrm_edge.train.data.renderers.java_texts import split_array
from hrm_edge.train.data.renderers.java_unit import member_of
from hrm_edge.train.data.renderers.java_writing import JavaBodyWriting

_INDEXES = ("i", "j", "k", "index", "at")


class JavaLoops:
    """Writes the For loops of one function."""

    def __init__(self, body: JavaBodyWriting) -> None:
        self._body = body

    def write(self, loop: ir.For) -> None:
        """One loop."""
        match loop.iterable:
            case ir.Range() as numbers:
                self._range(loop, numbers)
            case ir.Zip(left=left, right=right):
                self._zip(loop, left, right)
            case ir.Enumerate(base=base):
                self._enumerate(loop, base)
            case ir.Items(base=base):
                self._entries(loop, self._body.expression(base))
            case ir.Builtin(name="sorted_items", arguments=(base,)):
                sorted_map = f"new {self._body.unit.library('TreeMap')}<>({self._body.expression(base).text})"
                self._entries(loop, Java(sorted_map))
            case ir.Builtin(name="reversed" | "reversed_text", arguments=(base,)):
                self._backwards(loop, base)
            case ir.Builtin(name="split") as split:
                self._each(loop, split_array(self._body, split))
            case iterable if iterable.type == STR:
                self._each(loop, invoke(self._body.expression(iterable), "toCharArray"))
            case iterable if isinstance(iterable.type, Set):
                self._each(loop, self._body.expression(iterable))
            case iterable:
                self._each(loop, self._body.view(iterable))

    def _each(self, loop: ir.For, source: Java) -> None:
        body = self._body
        names, types = loop.pattern.names, loop.pattern.types
        if len(names) == 1:
            name = names[0] if names[0] != "_" else body.scope.names.draw(("item", "each", "ignored"))
            body.lines(f"for ({body.unit.type(types[0])} {body.unit.variable(name)} : {source.text}) {{")
        else:
            item = body.unit.variable(body.scope.names.draw(("pair", "entry", "item")))
            body.lines(f"for ({body.unit.record(Tuple(types))} {item} : {source.text}) {{")
            with body.writer.indented():
                body.unpack(self._read(loop), types, [Java(f"{item}.{member_of(at)}()") for at in range(len(names))])
        body.block(loop.body)
        body.lines("}")

    def _read(self, loop: ir.For) -> list[str]:
        return [name if name in self._body.read else "_" for name in loop.pattern.names]

    def _entries(self, loop: ir.For, source: Java) -> None:
        body = self._body
        names, types = self._read(loop), loop.pattern.types
        if names[1] == "_":
            name = names[0] if names[0] != "_" else body.scope.names.draw(("key", "each"))
            kind, view = types[0], "keySet"
        elif names[0] == "_":
            name, kind, view = names[1], types[1], "values"
        else:
            entry = body.unit.variable(body.scope.names.draw(("entry", "pair", "item")))
            kinds = f"{body.unit.library('Map')}.Entry<{body.unit.boxed(types[0])}, {body.unit.boxed(types[1])}>"
            body.lines(f"for ({kinds} {entry} : {invoke(source, 'entrySet').text}) {{")
            with body.writer.indented():
                body.unpack(names, types, [Java(f"{entry}.getKey()"), Java(f"{entry}.getValue()")])
            body.block(loop.body)
            body.lines("}")
            return
        body.lines(f"for ({body.unit.type(kind)} {body.unit.variable(name)} : {invoke(source, view).text}) {{")
        body.block(loop.body)
        body.lines("}")

    # --- counting

    def _range(self, loop: ir.For, numbers: ir.Range) -> None:
        body = self._body
        name = loop.pattern.names[0]
        narrow = name in body.scope.narrow or name not in body.read
        if name == "_":
            name = body.scope.names.draw(_INDEXES)
        variable = Java(body.unit.variable(name), "int" if narrow else body.unit.whole)
        start = body.index(numbers.start) if narrow else body.expression(numbers.start)
        test = self._test(variable, self._fixed(loop, numbers.stop), numbers.stop, numbers.step)
        step = {1: "++", -1: "--"}.get(numbers.step)
        step = step or (f" += {numbers.step}" if numbers.step > 0 else f" -= {-numbers.step}")
        self._counting(f"{variable.kind} {variable.text} = {start.text}", test, f"{variable.text}{step}")
        body.block(loop.body)
        body.lines("}")

    def _counting(self, start: str, test: str, step: str) -> None:
        self._body.lines(f"for ({start}; {test}; {step}) {{")

    def _test(self, variable: Java, stop: Java, node: Any, step: int) -> str:
        """`i < n`; where the end is `n + 1`, `i <= n`, and the other way round downwards."""
        strict, loose, moved = ("<", "<=", "+") if step > 0 else (">", ">=", "-")
        ahead = isinstance(node, ir.Binary) and node.operator == moved and stop.operator == moved
        if ahead and stop.sides[1].text == "1":
            return operation(loose, variable, stop.sides[0], "boolean").text
        if step < 0 and stop.text == "-1":
            return f"{variable.text} >= 0"
        return operation(strict, variable, stop, "boolean").text

    def _fixed(self, loop: ir.For, stop: Any) -> Java:
        """The end of a range, which must not change while the loop runs."""
        body = self._body
        source = body.expression(stop)
        mentioned = {node.name for node in every(stop) if isinstance(node, ir.Name)}
        called = any(isinstance(node, ir.Call | ir.MethodCall | ir.Field) for node in every(stop))
        if called or mentioned & _resized(loop.body):
            name = body.unit.variable(body.scope.names.draw(("n", "limit", "stop", "end")))
            body.lines(f"{source.plain} {name} = {source.text};")
            return Java(name, source.plain)
        return source

    def _enumerate(self, loop: ir.For, base: Any) -> None:
        body = self._body
        name = loop.pattern.names[0]
        narrow = name in body.scope.narrow or name not in body.read or body.unit.whole == "int"
        if name not in body.read:
            name = body.scope.names.draw(_INDEXES)
        items = self._named(base)
        index = Java(body.unit.variable(name), "int" if narrow else "long")
        self._counting(f"{index.kind} {index.text} = 0", f"{index.text} < {self._size(items, base)}", f"{index.text}++")
        with body.writer.indented():
            body.unpack(self._read(loop)[1:], loop.pattern.types[1:], [self._at(items, base, index)])
        body.block(loop.body)
        body.lines("}")

    def _zip(self, loop: ir.For, left: Any, right: Any) -> None:
        body = self._body
        index = Java(body.unit.variable(body.scope.names.draw(_INDEXES)), "int")
        match right:
            case ir.Slice(base=base, start=ir.Literal(value=1), stop=None) if base == left and isinstance(
                left, ir.Name
            ):
                items = body.expression(left)
                self._counting(f"int {index.text} = 1", f"{index.text} < {self._size(items, left)}", f"{index.text}++")
                before = operation("-", index, Java("1", "int"), "int")
                values = [self._at(items, left, before), self._at(items, left, index)]
            case _:
                first, second = self._named(left), self._named(right)
                shorter = function("Math.min", Java(self._size(first, left)), Java(self._size(second, right)))
                self._counting(f"int {index.text} = 0", f"{index.text} < {shorter.text}", f"{index.text}++")
                values = [self._at(first, left, index), self._at(second, right, index)]
        with body.writer.indented():
            body.unpack(self._read(loop), loop.pattern.types, values)
        body.block(loop.body)
        body.lines("}")

    def _backwards(self, loop: ir.For, base: Any) -> None:
        body = self._body
        index = Java(body.unit.variable(body.scope.names.draw(_INDEXES)), "int")
        items = self._named(base)
        self._counting(f"int {index.text} = {self._size(items, base)} - 1", f"{index.text} >= 0", f"{index.text}--")
        value = self._at(items, base, index)
        names, types = self._read(loop), loop.pattern.types
        with body.writer.indented():
            if len(names) == 1:
                body.unpack(names, types, [value])
            else:
                body.statement(ir.LetTuple(loop.pattern.names, types, ir.Index(Tuple(types), base, _index_of(index))))
        body.block(loop.body)
        body.lines("}")

    def _named(self, side: Any) -> Java:
        """A list that is asked for more than once, in a variable where it is not in one."""
        body = self._body
        if isinstance(side, ir.Name | ir.Field) and not (
            isinstance(side, ir.Name) and side.name in body.scope.builders
        ):
            return body.expression(side)
        name = body.unit.variable(body.scope.names.draw(("others", "items", "parts")))
        body.lines(f"{body.unit.type(side.type)} {name} = {body.view(side).text};")
        return Java(name)

    def _size(self, items: Java, base: Any) -> str:
        return invoke(items, "length" if base.type == STR else "size").text

    def _at(self, items: Java, base: Any, index: Java) -> Java:
        if index.kind == "long":
            index = cast("int", index)
        return invoke(items, "charAt" if base.type == STR else "get", index)


def _index_of(index: Java) -> ir.Name:
    return ir.Name(INT, index.text)


def _resized(statements: tuple[ir.Statement, ...]) -> set[str]:
    """Variables with another value afterwards, or another length."""
    found = set(reassigned(statements))
    for node in every(statements):
        if isinstance(node, ir.Builtin) and node.name in MUTATING - {"sort", "reverse"}:
            found.add(root(node.arguments[0]) or "")
    return found
