"""Statements in Go: what is put into variables, changed, branched on and returned; go_loops has the loops."""

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any

from hrm_edge.train.data.ir import nodes as ir
from hrm_edge.train.data.ir.hoisting import has_effects
from hrm_edge.train.data.ir.types import CHAR, FLOAT, INT, STR, Optional, Set, Tuple
from hrm_edge.train.data.renderers.body_facts import TRUE, assigned_names, read_names
from hrm_edge.train.data.renderers.go_building import write_building
from hrm_edge.train.data.renderers.go_effects import EFFECTS
from hrm_edge.train.data.renderers.go_expressions import GoExpressions
from hrm_edge.train.data.renderers.go_loops import GoLoops
from hrm_edge.train.data.renderers.go_preparation import is_zero
from hrm_edge.train.data.renderers.go_syntax import Source, call, element, member, prefix, show
from hrm_edge.train.data.renderers.go_unit import GoUnit
from hrm_edge.train.data.renderers.go_writing import GoScope
from hrm_edge.train.data.renderers.writer import Writer


class GoBody(GoExpressions):
    """Writes one function's statements."""

    def __init__(self, unit: GoUnit, function: ir.Function, scope: GoScope, writer: Writer) -> None:
        super().__init__(unit, scope, writer.line)
        self.writer = writer
        self.function = function
        self.read = read_names(function)
        self.loops = GoLoops(self)

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
        name, value = statement.name, statement.value
        target = self.unit.variable(name)
        if name in self.scope.builders:
            self.unit.imports.add("strings")
            self.lines(f"var {target} strings.Builder")
            return
        if name not in self.read and not has_effects(value) and not isinstance(value, ir.Call):
            if name in assigned_names(self.function):
                self.lines(f"var {target} {self.unit.type(statement.type)}", f"_ = {target}")
            return
        if isinstance(value, ir.Literal) and value.value is None:
            self.lines(f"var {target} {self.unit.type(statement.type)}")
        elif not write_building(self, ir.Name(statement.type, name), value, ":="):
            self.lines(f"{target} := {show(self._first(value, statement))}")
        if name not in self.read:
            self.lines(f"_ = {target}")

    def _first(self, value: Any, statement: ir.Let) -> Source:
        match value:
            case ir.MapDisplay(entries=()) | ir.Builtin(name="empty_set"):
                return call("make", self.unit.type(statement.type))
            case ir.Literal(type=type_) if type_ == CHAR and self.unit.char == "byte":
                return call("byte", self.expression(value))
        if isinstance(statement.type, Optional):
            return self.fitted(value, statement.type)
        return self.kept(value, statement.name)

    def _let_tuple(self, statement: ir.LetTuple) -> None:
        names = tuple(self.unit.variable(name) if name in self.read else "_" for name in statement.names)
        sign = ":=" if set(names) != {"_"} else "="
        value = statement.value
        if isinstance(value, ir.Call | ir.MethodCall):
            self.lines(f"{', '.join(names)} {sign} {show(self.expression(value))}")
            return
        if not isinstance(value, ir.Name | ir.TupleDisplay):
            name = self.scope.names.draw(("pair", "current", "parts"))
            self.read |= {name}
            self._let(ir.Let(name, value.type, value))
            value = ir.Name(value.type, name)
        kept = [(name, item) for name, item in zip(names, self.items(value), strict=True) if name != "_"]
        if kept:
            depth = 2 if len(kept) > 1 else 1
            values = ", ".join(show(item, depth) for _, item in kept)
            self.lines(f"{', '.join(name for name, _ in kept)} := {values}")

    # --- changes

    def target(self, target: Any) -> Source:
        """What is set."""
        return self.bare(target.name) if self._is_local(target) else self.expression(target)

    def _is_local(self, target: Any) -> bool:
        return isinstance(target, ir.Name) and target.name not in self.scope.pointers

    def _assign(self, statement: ir.Assign) -> None:
        target, value = statement.target, statement.value
        if isinstance(target, ir.Name) and target.name in self.scope.builders:
            self.lines(f"{self.unit.variable(target.name)}.Reset()")
            return
        if isinstance(target, ir.Name) and write_building(self, target, value, "="):
            return
        shorter = _as_augment(target, value)
        if shorter:
            self._augment(shorter)
            return
        name = target.name if isinstance(target, ir.Name) else None
        source = self.fitted(value, target.type) if isinstance(target.type, Optional) else self.kept(value, name)
        self.lines(f"{show(self.target(target))} = {show(source)}")

    def _swap(self, statement: ir.Swap) -> None:
        targets = ", ".join(show(self.target(target), 2) for target in statement.targets)
        values = ", ".join(show(self.kept(value, None), 2) for value in statement.values)
        self.lines(f"{targets} = {values}")

    def _augment(self, statement: ir.Augment) -> None:
        target, operator, value = statement.target, statement.operator, statement.value
        if isinstance(target, ir.Name) and target.name in self.scope.builders:
            self._write_text(self.unit.variable(target.name), value)
            return
        left = self.target(target)
        if isinstance(target.type, Set):
            self.unit.imports.add("maps")
            self.lines(show(call("maps.Copy", left, self.expression(value))))
            return
        if operator in ("//", "%"):
            if self.unit.program.facts.negative_division:
                helper = self.unit.helper("floor_div" if operator == "//" else "floor_mod")
                self.lines(f"{show(left)} = {show(call(helper, left, self.expression(value)))}")
                return
            operator = "/" if operator == "//" else "%"  # type: ignore[assignment]
        if operator in ("+", "-") and value == ir.Literal(INT, 1):
            self.lines(f"{show(left)}{operator}{operator}")
            return
        right = self._as_text(value) if target.type == STR else self.term(value, target)
        self.lines(f"{show(left)} {operator}= {show(right)}")

    def _write_text(self, builder: str, value: Any) -> None:
        match value:
            case ir.Binary(operator="+", left=left, right=right):
                self._write_text(builder, left)
                self._write_text(builder, right)
            case ir.Builtin(name="text_of_char", arguments=(char,)):
                self._write_text(builder, char)
            case _:
                letter = "WriteByte" if self.unit.char == "byte" else "WriteRune"
                method = letter if value.type == CHAR else "WriteString"
                self.lines(show(call(member(builder, method), self.expression(value))))

    def _do(self, statement: ir.Do) -> None:
        value = statement.value
        if isinstance(value, ir.Builtin):
            EFFECTS[value.name](self, value)
        else:
            self.lines(show(self.expression(value)))

    # --- branches and ends

    def _if(self, statement: ir.If, lead: str = "") -> None:
        self.lines(f"{lead}if {self._header(statement.condition)} {{")
        self.block(statement.then)
        match statement.otherwise:
            case (ir.If() as other,):
                self._if(other, "} else ")
                return
            case (_, *_):
                self.lines("} else {")
                self.block(statement.otherwise)
        self.lines("}")

    def _header(self, condition: Any) -> str:
        wanted = True
        inner = condition
        while isinstance(inner, ir.Unary) and inner.operator == "not":
            inner, wanted = inner.operand, not wanted
        if isinstance(inner, ir.Builtin) and inner.name == "has_key":
            entry = element(self.expression(inner.arguments[0]), self.expression(inner.arguments[1]))
            known = self.known
            return f"_, {known} := {show(entry)}; {'' if wanted else '!'}{known}"
        return show(self.expression(condition))

    @cached_property
    def known(self) -> str:
        """The variable that says whether a map has a key; `ok`, if the function has no other."""
        return self.unit.variable(self.scope.names.draw(("ok", "found", "known", "exists")))

    def _while(self, statement: ir.While) -> None:
        condition = "" if statement.condition == TRUE else f"{show(self.expression(statement.condition))} "
        self.lines(f"for {condition}{{")
        self.block(statement.body)
        self.lines("}")

    def _for(self, statement: ir.For) -> None:
        self.loops.write(statement)

    def _return(self, statement: ir.Return) -> None:
        value, result = statement.value, self.function.result
        if value is None:
            self.lines("return")
        elif isinstance(result, Tuple) and not isinstance(value, ir.Call | ir.MethodCall):
            if not isinstance(value, ir.Name | ir.TupleDisplay):
                name = self.scope.names.draw(("pair", "answer", "parts"))
                self.read |= {name}
                self._let(ir.Let(name, value.type, value))
                value = ir.Name(value.type, name)
            self.lines(f"return {', '.join(show(item) for item in self.items(value))}")
        elif isinstance(result, Optional) and isinstance(value, ir.Name) and not isinstance(value.type, Optional):
            self.lines(f"return {show(prefix('&', self.expression(value)))}")
        else:
            source = self.fitted(value, result) if isinstance(result, Optional) else self.kept(value, None)
            self.lines(f"return {show(source)}")


def _as_augment(target: Any, value: Any) -> ir.Augment | None:
    """`m[k] = m.get(k, 0) + v` and `x = x + v` as `+=`."""
    if not isinstance(value, ir.Binary) or value.type not in (INT, FLOAT) or value.operator in ("/", "**", "//", "%"):
        return None
    match target, value.left:
        case ir.Lookup(base=base, key=key), ir.Builtin(name="get", arguments=(other, same, default)):
            if (base, key) == (other, same) and is_zero(default):
                return ir.Augment(value.operator, target, value.right)  # type: ignore[arg-type]
        case ir.Name(), left if left == target:
            return ir.Augment(value.operator, target, value.right)  # type: ignore[arg-type]
    return None


_STATEMENTS: Mapping[type, Callable[[GoBody, Any], None]] = {
    ir.Let: GoBody._let,
    ir.LetTuple: GoBody._let_tuple,
    ir.Assign: GoBody._assign,
    ir.Swap: GoBody._swap,
    ir.Augment: GoBody._augment,
    ir.If: GoBody._if,
    ir.While: GoBody._while,
    ir.For: GoBody._for,
    ir.Return: GoBody._return,
    ir.Break: lambda body, _: body.lines("break"),
    ir.Continue: lambda body, _: body.lines("continue"),
    ir.Do: GoBody._do,
}
