"""Statements in Java: what is put into variables, changed, branched on and returned; java_loops has the loops."""

from collections.abc import Callable, Mapping
from typing import Any

from hrm_edge.train.data.ir import nodes as ir
from hrm_edge.train.data.ir.analysis import root
from hrm_edge.train.data.ir.traversal import every
from hrm_edge.train.data.ir.types import INT, Float, Int, Optional, Set, Tuple
from hrm_edge.train.data.renderers.body_facts import read_names
from hrm_edge.train.data.renderers.java_building import SET_METHODS, write_array, write_building, write_stack
from hrm_edge.train.data.renderers.java_effects import EFFECTS
from hrm_edge.train.data.renderers.java_expressions import JavaExpressions
from hrm_edge.train.data.renderers.java_loops import JavaLoops
from hrm_edge.train.data.renderers.java_syntax import Java, cast, function, invoke
from hrm_edge.train.data.renderers.java_tuples import parts_of, returned_tuple, tuple_items
from hrm_edge.train.data.renderers.java_unit import JavaUnit, is_array
from hrm_edge.train.data.renderers.java_writing import JavaScope
from hrm_edge.train.data.renderers.writer import Writer


class JavaBody(JavaExpressions):
    """Writes one function's statements."""

    def __init__(self, unit: JavaUnit, function: ir.Function, scope: JavaScope, writer: Writer) -> None:
        super().__init__(unit, scope, writer.line)
        self.writer = writer
        self.function = function
        self.read = read_names(function)
        self.loops = JavaLoops(self)

    def block(self, statements: tuple[ir.Statement, ...]) -> None:
        """Statements one step deeper."""
        with self.writer.indented():
            for statement in statements:
                self.statement(statement)

    def statement(self, statement: ir.Statement) -> None:
        """One statement."""
        _STATEMENTS[type(statement)](self, statement)

    def lines(self, *lines: str) -> None:
        """Lines at the present depth."""
        for line in lines:
            self.writer.line(line)

    # --- new variables

    def _let(self, statement: ir.Let) -> None:
        name = self.unit.variable(statement.name)
        if statement.name in self.scope.builders:
            self.lines(f"StringBuilder {name} = new StringBuilder();")
        elif statement.name in self.scope.lists.arrays:
            write_array(self, name, statement.type, statement.value)
        elif statement.name in self.scope.lists.stacks:
            write_stack(self, name, statement.type, statement.value)
        else:
            self._declare(name, statement)

    def _declare(self, name: str, statement: ir.Let) -> None:
        value = statement.value
        kind = "int" if statement.name in self.scope.narrow else self.unit.type(statement.type)
        if isinstance(value, ir.Literal) and value.value is None:
            start = f" = {self.expression(value).text}" if isinstance(statement.type, Optional) else ""
            self.lines(f"{kind} {name}{start};")
        elif not write_building(self, name, f"{kind} {name}", value):
            self.lines(f"{kind} {name} = {self.fitted(value, statement.type).text};")

    def _let_tuple(self, statement: ir.LetTuple) -> None:
        value = statement.value
        names = [name if name in self.read else "_" for name in statement.names]
        if isinstance(value, ir.Call | ir.MethodCall):
            self._unpack_result(names, statement.types, value)
            return
        if not isinstance(value, ir.Name | ir.TupleDisplay | ir.Unwrap):
            name = self.scope.names.draw(("pair", "current", "parts"))
            self._let(ir.Let(name, value.type, value))
            value = ir.Name(value.type, name)
        self.unpack(names, statement.types, tuple_items(self, value))

    def unpack(self, names: Any, types: Any, values: list[Java]) -> None:
        """Variables for the parts of a tuple that are read."""
        for name, type_, value in zip(names, types, values, strict=True):
            if name != "_":
                self.lines(f"{self.unit.type(type_)} {self.unit.variable(name)} = {value.text};")

    def _unpack_result(self, names: list[str], types: tuple[Any, ...], value: Any) -> None:
        """What a function with several results gave."""
        type_ = Tuple(types)
        made = self.unit.variable(self.scope.names.draw(("pair", "results", "parts")))
        self.lines(f"{self.unit.result(type_)} {made} = {self.expression(value).text};")
        if is_array(type_):
            values = [Java(f"{made}[{at}]") for at in range(len(types))]
        else:
            values = parts_of(self, Java(made), type_)
        self.unpack(names, types, values)

    # --- changes

    def _assign(self, statement: ir.Assign) -> None:
        target, value = statement.target, statement.value
        if isinstance(target, ir.Name) and target.name in self.scope.builders:
            self.lines(f"{self.unit.variable(target.name)}.setLength(0);")
            return
        if isinstance(target, ir.Name):
            if self._built_anew(target, value):
                return
            if isinstance(value, ir.Binary) and value.left == target and value.operator in ("+", "-", "*"):
                self._augment(ir.Augment(value.operator, target, value.right))
                return
        added = _added(target, value)
        if added is not None and isinstance(target, ir.Lookup):
            self._merge(target, added)
        else:
            self._store(target, self._value(value, target))

    def _built_anew(self, target: ir.Name, value: Any) -> bool:
        """`xs = sorted(xs)` and the like: built beside the old value where that is looked at meanwhile."""
        name = self.unit.variable(target.name)
        again = isinstance(value, ir.Binary) and any(part == target for part in every(value.right))
        if not again:
            return write_building(self, name, name, value)
        new = self.scope.names.draw(("joined", "combined", "result"))
        made = self.unit.variable(new)
        if not write_building(self, made, f"{self.unit.type(target.type)} {made}", value):
            return False
        self.lines(f"{name} = {made};")
        return True

    def _value(self, value: Any, target: Any) -> Java:
        boxed = isinstance(target, ir.Index | ir.Lookup) and not self.is_array(target)
        return self.boxed(value) if boxed else self.fitted(value, target.type)

    def _store(self, target: Any, value: Java) -> None:
        match target:
            case ir.Index(base=base, index=index) if not self.is_array(base):
                self.lines(f"{invoke(self.expression(base), 'set', self.index(index), value).text};")
            case ir.Lookup(base=base, key=key):
                self.lines(f"{invoke(self.expression(base), 'put', self.boxed(key), value).text};")
            case _:
                self.lines(f"{self.expression(target).text} = {value.text};")

    def _merge(self, target: ir.Lookup, value: Any) -> None:
        box = self.unit.boxed(target.type)
        arguments = (self.boxed(target.key), self.boxed(value), Java(f"{box}::sum"))
        self.lines(f"{invoke(self.expression(target.base), 'merge', *arguments).text};")

    def _swap(self, statement: ir.Swap) -> None:
        match statement:
            case ir.Swap(
                targets=(ir.Index(base=base, index=first) as one, ir.Index(index=second) as other),
                values=(value, last),
            ) if (value, last) == (other, one) and one.base == other.base and not self.is_array(base):
                arguments = (self.expression(base), self.index(first), self.index(second))
                swap = f"{self.unit.library('Collections')}.swap"
                self.lines(f"{function(swap, *arguments).text};")
                return
        values = [self._saved(statement, at) for at in range(len(statement.values))]
        for target, value in zip(statement.targets, values, strict=True):
            if target != value:
                self.statement(ir.Assign(target, value))

    def _saved(self, statement: ir.Swap, at: int) -> ir.Expression:
        """A value, in a variable of its own where what it is made of is set before its turn comes."""
        value = statement.values[at]
        earlier = statement.targets[:at]
        read = {node.name for node in every(value) if isinstance(node, ir.Name)} - {"self"}
        fields = _fields(value) & {field for target in earlier for field in _fields(target)}
        if not fields and not read & {root(target) for target in earlier}:
            return value
        name = self.scope.names.draw(("next", "temp", "saved"))
        self._let(ir.Let(name, value.type, value))
        return ir.Name(value.type, name)

    def _augment(self, statement: ir.Augment) -> None:
        target, operator, value = statement.target, statement.operator, statement.value
        if isinstance(target, ir.Name) and target.name in self.scope.builders:
            self._append_text(self.unit.variable(target.name), value)
        elif isinstance(target.type, Set):
            self.lines(f"{self.expression(target).text}.{SET_METHODS[operator]}({self.expression(value).text});")
        elif isinstance(target, ir.Lookup) and operator == "+" and isinstance(target.type, Int | Float):
            self._merge(target, value)
        elif (isinstance(target, ir.Index | ir.Lookup) and not self.is_array(target)) or (
            operator in ("//", "%") and self.unit.program.facts.negative_division
        ):
            self._store(target, self._value(ir.Binary(target.type, operator, target, value), target))
        else:
            self._compound(target, operator, value)

    def _compound(self, target: Any, operator: str, value: Any) -> None:
        name = self.expression(target).text
        if operator in ("+", "-") and value == ir.Literal(INT, 1):
            self.lines(f"{name}{operator}{operator};")
            return
        if isinstance(value, ir.Builtin) and value.name == "text_of_char":
            value = value.arguments[0]
        self.lines(f"{name} {'/' if operator == '//' else operator}= {self.expression(value).text};")

    def _append_text(self, builder: str, value: Any) -> None:
        self.lines(f"{builder}{''.join(f'.append({part.text})' for part in self._pieces(value))};")

    def _pieces(self, value: Any) -> list[Java]:
        match value:
            case ir.Binary(operator="+", left=left, right=right):
                return [*self._pieces(left), *self._pieces(right)]
            case ir.Builtin(name="text_of_char", arguments=(char,)):
                return [self.expression(char)]
            case ir.Builtin(name="text_of_int", arguments=(number,)):
                made = self.expression(number)
                return [cast("int", made) if made.kind == "char" else made]
        return [self.expression(value)]

    def _do(self, statement: ir.Do) -> None:
        value = statement.value
        if isinstance(value, ir.Builtin) and value.name in EFFECTS:
            EFFECTS[value.name](self, value)
        else:
            self.lines(f"{self.expression(value).text};")

    # --- branches and ends

    def _if(self, statement: ir.If, lead: str = "") -> None:
        self.lines(f"{lead}if ({self.expression(statement.condition).text}) {{")
        self.block(statement.then)
        match statement.otherwise:
            case (ir.If() as other,):
                self._if(other, "} else ")
                return
            case (_, *_):
                self.lines("} else {")
                self.block(statement.otherwise)
        self.lines("}")

    def _while(self, statement: ir.While) -> None:
        self.lines(f"while ({self.expression(statement.condition).text}) {{")
        self.block(statement.body)
        self.lines("}")

    def _for(self, statement: ir.For) -> None:
        self.loops.write(statement)

    def _return(self, statement: ir.Return) -> None:
        value, result = statement.value, self.function.result
        if value is None:
            self.lines("return;")
        elif isinstance(result, Tuple) and not isinstance(value, ir.Call | ir.MethodCall):
            if not isinstance(value, ir.Name | ir.TupleDisplay):
                name = self.scope.names.draw(("pair", "answer", "parts"))
                self._let(ir.Let(name, value.type, value))
                value = ir.Name(value.type, name)
            self.lines(f"return {returned_tuple(self, value, result).text};")
        elif isinstance(value, ir.ListDisplay) and value.items and self.function is self.unit.program.entry:
            self.lines(f"return {self.view(value).text};")
        else:
            self.lines(f"return {self.fitted(value, result).text};")


def _added(target: Any, value: Any) -> Any:
    """v in `m[k] = m.get(k, 0) + v` of numbers."""
    match target, value:
        case (
            ir.Lookup(base=base, key=key, type=Int() | Float()),
            ir.Binary(operator="+", left=ir.Builtin(name="get", arguments=(other, same, default)), right=right),
        ):
            if (base, key) == (other, same) and isinstance(default, ir.Literal) and default.value == 0:
                return right
    return None


def _fields(tree: Any) -> set[str]:
    return {node.field for node in every(tree) if isinstance(node, ir.Field)}


_STATEMENTS: Mapping[type, Callable[[JavaBody, Any], None]] = {
    ir.Let: JavaBody._let,
    ir.LetTuple: JavaBody._let_tuple,
    ir.Assign: JavaBody._assign,
    ir.Swap: JavaBody._swap,
    ir.Augment: JavaBody._augment,
    ir.If: JavaBody._if,
    ir.While: JavaBody._while,
    ir.For: JavaBody._for,
    ir.Return: JavaBody._return,
    ir.Break: lambda body, _: body.lines("break;"),
    ir.Continue: lambda body, _: body.lines("continue;"),
    ir.Do: JavaBody._do,
}
