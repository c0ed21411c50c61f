"""Expressions in Go."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from hrm_edge.train.data.ir import nodes as ir
from hrm_edge.train.data.ir.analysis import root
from hrm_edge.train.data.ir.fold_loops import negated
from hrm_edge.train.data.ir.types import CHAR, INT, STR, Float, List, Optional, Set, Tuple
from hrm_edge.train.data.renderers.go_comparisons import write_comparison
from hrm_edge.train.data.renderers.go_operations import OPERATIONS
from hrm_edge.train.data.renderers.go_syntax import (
    Composite,
    Source,
    call,
    element,
    member,
    operation,
    part,
    prefix,
    show,
)
from hrm_edge.train.data.renderers.go_unit import GoUnit, is_array, member_of, scalar
from hrm_edge.train.data.renderers.go_writing import GoScope

_SAME_OPERATORS = frozenset(("+", "-", "*", "&", "|", "^", "<<", ">>"))


class GoExpressions:
    """Writes the expressions of one function. `emit` puts a line before the statement that is being written."""

    def __init__(self, unit: GoUnit, scope: GoScope, emit: Callable[[str], None]) -> None:
        self.unit, self.scope, self.emit = unit, scope, emit

    def expression(self, node: Any) -> Source:
        """An expression that gives a value of its own: a slice is copied where memory could be shared by mistake."""
        return _WRITERS[type(node)](self, node)

    def view(self, node: Any) -> Source:
        """An expression that is only looked at."""
        if isinstance(node, ir.Slice):
            return self._part(node)
        if isinstance(node, ir.Builtin) and node.name == "copy":
            return self.view(node.arguments[0])
        return self.expression(node)

    def kept(self, node: Any, name: str | None) -> Source:
        """An expression whose value a variable or list keeps."""
        if isinstance(node, ir.Slice) and root(node.base) not in self.scope.mutated and name not in self.scope.mutated:
            return self._part(node)
        return self.expression(node)

    def fitted(self, node: Any, type_: Any) -> Source:
        """An expression where a type is expected: the address of a value where that is an Optional."""
        if not isinstance(type_, Optional) or isinstance(node.type, Optional):
            return self.kept(node, None)
        name = self.scope.names.draw(("value", "some", "given"))
        self.emit(f"{self.unit.variable(name)} := {show(self.expression(node))}")
        return prefix("&", self.unit.variable(name))

    def bare(self, name: str) -> Source:
        """A variable's name."""
        if name == "self":
            return self.scope.receiver
        return self.scope.renamed.get(name) or self.unit.variable(name)

    # --- leaves

    def _literal(self, node: ir.Literal) -> Source:
        return "nil" if node.value is None else scalar(node.value, node.type)

    def _name(self, node: ir.Name) -> Source:
        if node.name in self.scope.builders:
            return call(member(self.bare(node.name), "String"))
        if node.name in self.scope.pointers:
            return prefix("*", self.bare(node.name))
        return self.bare(node.name)

    # --- operators

    def _unary(self, node: ir.Unary) -> Source:
        if node.operator == "not":
            opposite = negated(node.operand)
            if not isinstance(opposite, ir.Unary):
                return self.expression(opposite)
        return prefix("-" if node.operator == "-" else "!", self.expression(node.operand))

    def _binary(self, node: ir.Binary) -> Source:
        if isinstance(node.type, List):
            return self._concatenated(node)
        if isinstance(node.type, Set):
            raise AssertionError("operations on sets are loops by now")
        if node.type == STR:
            return operation("+", self._as_text(node.left), self._as_text(node.right))
        match node.operator:
            case "/":
                return operation("/", self._as_float(node.left), self._as_float(node.right))
            case "**":
                return self._power(node)
            case "//" | "%":
                return self._division(node.operator, node.left, node.right)
        return operation(node.operator, self.term(node.left, node.right), self.term(node.right, node.left))

    def term(self, node: Any, other: Any) -> Source:
        """An operand; beside a variable the code of a character that is written out is the character itself."""
        match node:
            case ir.Builtin(name="code", arguments=(ir.Literal() as char,)) if not _is_constant(other):
                return self.expression(char)
        return self.expression(node)

    def _division(self, operator: str, left: Any, right: Any) -> Source:
        first, second = self.expression(left), self.expression(right)
        if self.unit.program.facts.negative_division:
            return call(self.unit.helper("floor_div" if operator == "//" else "floor_mod"), first, second)
        return operation("/" if operator == "//" else "%", first, second)

    def _power(self, node: ir.Binary) -> Source:
        base, exponent = self.expression(node.left), self.expression(node.right)
        if base == "2":
            return operation("<<", "1", exponent)
        if exponent in ("2", "3") and isinstance(node.left, ir.Name):
            square = operation("*", base, base)
            return square if exponent == "2" else operation("*", square, base)
        return call(self.unit.helper("power"), base, exponent)

    def _as_float(self, node: Any) -> Source:
        if isinstance(node.type, Float):
            return self.expression(node)
        inner = self.expression(node)
        return call("float64", inner)

    def _as_text(self, node: Any) -> Source:
        if node.type != CHAR:
            return self.expression(node)
        if isinstance(node, ir.Literal):
            return scalar(node.value, STR)
        return call("string", self.expression(node))

    def _concatenated(self, node: ir.Binary) -> Source:
        left = node.left
        fresh = isinstance(left, ir.ListDisplay | ir.Binary)
        first = self.expression(left) if fresh else self.cloned(self.view(left))
        if isinstance(node.right, ir.ListDisplay):
            return call("append", first, *(self.kept(item, None) for item in node.right.items))
        return call("append", first, self.view(node.right), spread=True)

    def cloned(self, source: Source) -> Source:
        """A copy of a slice."""
        self.unit.imports.add("slices")
        return call("slices.Clone", source)

    def items(self, node: Any) -> list[Source]:
        """The parts of a tuple."""
        if isinstance(node, ir.TupleDisplay):
            return [self.expression(item) for item in node.items]
        base = self.expression(node)
        return [self._tuple_part(node.type, base, at) for at in range(len(node.type.items))]

    def _tuple_part(self, type_: Tuple, base: Source, at: int) -> Source:
        return element(base, str(at)) if is_array(type_) else member(base, member_of(at))

    def _logical(self, node: ir.Logical) -> Source:
        operator = "&&" if node.operator == "and" else "||"
        first, *others = (self.expression(operand) for operand in node.operands)
        for other in others:
            first = operation(operator, first, other)
        return first

    # --- parts

    def _index(self, node: ir.Index) -> Source:
        if isinstance(node.base.type, Tuple):
            assert isinstance(node.index, ir.Literal) and isinstance(node.index.value, int)
            if isinstance(node.base, ir.TupleDisplay):
                return self.expression(node.base.items[node.index.value])
            return self._tuple_part(node.base.type, self.expression(node.base), node.index.value)
        return element(self.view(node.base), self.expression(node.index))

    def _lookup(self, node: ir.Lookup) -> Source:
        return element(self.expression(node.base), self.expression(node.key))

    def _slice(self, node: ir.Slice) -> Source:
        return self._part(node) if node.type == STR else self.cloned(self._part(node))

    def _part(self, node: ir.Slice) -> Source:
        start = None if node.start is None or node.start == ir.Literal(INT, 0) else self.expression(node.start)
        stop = None if node.stop is None else self.expression(node.stop)
        if start is None and stop is None:
            return self.view(node.base)
        return part(self.view(node.base), start, stop)

    # --- calls

    def _call(self, node: ir.Call) -> Source:
        callee = self.unit.functions[node.function]
        return call(self.unit.variable(node.function), *self._arguments(callee, node.arguments))

    def _arguments(self, callee: ir.Function, values: Sequence[Any]) -> list[Source]:
        pointers = self.unit.pointers.get(callee.name, frozenset())
        written = []
        for value, parameter in zip(values, callee.parameters, strict=True):
            if parameter.name in pointers:
                written.append(prefix("&", self.expression(value)))
            elif isinstance(value, ir.Slice) and not parameter.shared and root(value.base) not in self.scope.mutated:
                written.append(self._part(value))
            else:
                written.append(self.fitted(value, parameter.type))
        return written

    def _method_call(self, node: ir.MethodCall) -> Source:
        name = str(node.receiver.type)
        methods = {method.name: method for method in self.unit.classes[name].methods}
        target = member(self.expression(node.receiver), self.unit.variable(node.method))
        return call(target, *self._arguments(methods[node.method], node.arguments))

    def _new(self, node: ir.New) -> Source:
        kind = self.unit.classes[node.type.name]
        values = (self.fitted(value, each.type) for value, each in zip(node.arguments, kind.parameters, strict=True))
        return call(f"new{self.unit.class_name(node.type.name)}", *values)

    def _field(self, node: ir.Field) -> Source:
        return member(self.expression(node.receiver), self.unit.variable(node.field))

    def _builtin(self, node: ir.Builtin) -> Source:
        return OPERATIONS[node.name](self, node)

    # --- displays

    def _list(self, node: ir.ListDisplay, *, typed: bool = True) -> Source:
        return Composite(self.unit.type(node.type) if typed else "", tuple(map(self._inner, node.items)))

    def _tuple(self, node: ir.TupleDisplay, *, typed: bool = True) -> Source:
        return Composite(self.unit.type(node.type) if typed else "", tuple(map(self.expression, node.items)))

    def _map(self, node: ir.MapDisplay, *, typed: bool = True) -> Source:
        keys = tuple(self._inner(key) for key, _ in node.entries)
        values = tuple(self._inner(value) for _, value in node.entries)
        return Composite(self.unit.type(node.type) if typed else "", values, keys)

    def _inner(self, node: Any) -> Source:
        """A value inside a composite, whose type is known there."""
        match node:
            case ir.ListDisplay():
                return self._list(node, typed=False)
            case ir.TupleDisplay():
                return self._tuple(node, typed=False)
            case ir.MapDisplay():
                return self._map(node, typed=False)
        return self.kept(node, None)

    # --- optionals

    def _unwrap(self, node: ir.Unwrap) -> Source:
        return prefix("*", self.expression(node.operand))

    def _is_none(self, node: ir.IsNone) -> Source:
        return operation("!=" if node.negated else "==", self.expression(node.operand), "nil")


_WRITERS: Mapping[type, Callable[[GoExpressions, Any], Source]] = {
    ir.Literal: GoExpressions._literal,
    ir.Name: GoExpressions._name,
    ir.Unary: GoExpressions._unary,
    ir.Binary: GoExpressions._binary,
    ir.Compare: write_comparison,
    ir.Logical: GoExpressions._logical,
    ir.Index: GoExpressions._index,
    ir.Lookup: GoExpressions._lookup,
    ir.Slice: GoExpressions._slice,
    ir.Call: GoExpressions._call,
    ir.MethodCall: GoExpressions._method_call,
    ir.New: GoExpressions._new,
    ir.Field: GoExpressions._field,
    ir.Builtin: GoExpressions._builtin,
    ir.ListDisplay: GoExpressions._list,
    ir.TupleDisplay: GoExpressions._tuple,
    ir.MapDisplay: GoExpressions._map,
    ir.Unwrap: GoExpressions._unwrap,
    ir.IsNone: GoExpressions._is_none,
}


def _is_constant(node: Any) -> bool:
    return isinstance(node, ir.Literal) or (
        isinstance(node, ir.Builtin) and node.name == "code" and isinstance(node.arguments[0], ir.Literal)
    )
