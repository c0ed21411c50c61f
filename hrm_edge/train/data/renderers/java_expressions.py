"""Expressions in Java."""

from collections.abc import Callable, Mapping
from typing import Any

from hrm_edge.train.data.ir import nodes as ir
from hrm_edge.train.data.ir.fold_loops import negated
from hrm_edge.train.data.ir.types import INT, STR, Bool, Char, Float, Int, List, Optional, Tuple
from hrm_edge.train.data.renderers.java_comparisons import write_comparison
from hrm_edge.train.data.renderers.java_operations import OPERATIONS
from hrm_edge.train.data.renderers.java_syntax import (
    CHOICE,
    Java,
    arithmetic_kind,
    cast,
    function,
    invoke,
    minus,
    negation,
    operation,
)
from hrm_edge.train.data.renderers.java_tuples import collected_tuple, tuple_items
from hrm_edge.train.data.renderers.java_unit import JavaUnit, member_of, scalar
from hrm_edge.train.data.renderers.java_writing import JavaScope


class JavaExpressions:
    """Writes the expressions of one function. `emit` puts a line before the statement that is being written."""

    def __init__(self, unit: JavaUnit, scope: JavaScope, emit: Callable[[str], None]) -> None:
        self.unit, self.scope, self.emit = unit, scope, emit

    def expression(self, node: Any) -> Java:
        """An expression."""
        return _WRITERS[type(node)](self, node)

    def view(self, node: Any) -> Java:
        """An expression that is only looked at: a part of a list, a display, a copy need not be a new list."""
        match node:
            case ir.Slice(type=List()):
                return self._part(node)
            case ir.Builtin(name="copy", arguments=(items,)):
                return self.view(items)
            case ir.ListDisplay(items=(_, *_)):
                return self._fixed(node)
        return self.expression(node)

    def boxed(self, node: Any) -> Java:
        """An expression where an object is due: a number as the program's box has it."""
        made = self.expression(node)
        if self.unit.whole == "long" and isinstance(node.type, Int) and made.plain != "long":
            return Java(f"{made.text}L", "long") if made.text.isdigit() else cast("long", made)
        if isinstance(node.type, Int) and made.kind == "char":
            return cast("int", made)
        return made

    def index(self, node: Any) -> Java:
        """A number where Java wants an int."""
        made = self.expression(node)
        return cast("int", made) if made.plain == "long" else made

    def fitted(self, node: Any, type_: Any) -> Java:
        """An expression where a type is expected."""
        if not isinstance(type_, Optional) or isinstance(node.type, Optional):
            made = self.expression(node)
            return cast("int", made) if isinstance(type_, Int) and made.kind == "char" else made
        made = collected_tuple(self, node, node.type) if isinstance(node.type, Tuple) else self.boxed(node)
        return Java(f"{self.unit.library('Optional')}.of({made.text})")

    # --- leaves

    def _literal(self, node: ir.Literal) -> Java:
        if node.value is None:
            return Java(f"{self.unit.library('Optional')}.empty()")
        return scalar(node.value, node.type, self.unit.whole)

    def _name(self, node: ir.Name) -> Java:
        if node.name in self.scope.renamed:
            return self.scope.renamed[node.name]
        if node.name == "self":
            return Java("this")
        name = self.unit.variable(node.name)
        if node.name in self.scope.builders:
            return Java(f"{name}.toString()")
        return Java(name, "int" if node.name in self.scope.narrow else self.kind(node.type))

    def kind(self, type_: Any) -> str:
        """The static kind of a variable of a type."""
        return self.unit.type(type_) if isinstance(type_, Int | Float | Bool | Char) else ""

    def box(self, type_: Any) -> str:
        """The static kind of what a collection gives."""
        return self.unit.boxed(type_) if isinstance(type_, Int | Float | Bool | Char) else ""

    # --- operators

    def _unary(self, node: ir.Unary) -> Java:
        if node.operator == "-":
            return minus(self.expression(node.operand))
        opposite = negated(node.operand)
        return (
            self.expression(opposite) if not isinstance(opposite, ir.Unary) else negation(self.expression(node.operand))
        )

    def _binary(self, node: ir.Binary) -> Java:
        left, right = self.expression(node.left), self.expression(node.right)
        if node.type == STR:
            return self._joined(node, left, right)
        match node.operator:
            case "/":
                first = left if left.plain == "double" else cast("double", left)
                return operation("/", first, right, "double")
            case "**":
                return self._power(node, left, right)
            case "//" | "%" if self.unit.program.facts.negative_division:
                name = "Math.floorDiv" if node.operator == "//" else "Math.floorMod"
                return function(name, left, right, kind=self.division_kind(node.operator, left, right))
            case "//":
                return operation("/", left, right, arithmetic_kind(left, right))
            case "<<" if self.unit.whole == "long" and left.plain == "int":
                left = Java(f"{left.text}L", "long") if left.text.isdigit() else cast("long", left)
                return operation("<<", left, right, "long")
            case "<<" | ">>":
                return operation(node.operator, left, right, left.plain)
        return operation(node.operator, left, right, arithmetic_kind(left, right))

    def division_kind(self, operator: str, left: Java, right: Java) -> str:
        """What Math.floorDiv and Math.floorMod give: the second an int for an int divisor."""
        return right.plain if operator == "%" and right.plain == "int" else arithmetic_kind(left, right)

    def _power(self, node: ir.Binary, left: Java, right: Java) -> Java:
        if isinstance(node.left, ir.Name) and node.right in (ir.Literal(INT, 2), ir.Literal(INT, 3)):
            square = operation("*", left, left, left.plain)
            return square if node.right == ir.Literal(INT, 2) else operation("*", square, left, left.plain)
        return cast(self.unit.whole, function("Math.pow", left, right, kind="double"))

    def _joined(self, node: ir.Binary, left: Java, right: Java) -> Java:
        """Texts one after another; a text must be among the first two."""
        if left.kind == "char" and right.kind == "char":
            left = function("String.valueOf", left)
        if isinstance(node.left, ir.Builtin) and node.left.name == "text_of_char" and node.right.type == STR:
            char = self.expression(node.left.arguments[0])
            left = left if _is_char(node.right) else char
        if isinstance(node.right, ir.Builtin) and node.right.name == "text_of_char" and not _is_char(node.left):
            right = self.expression(node.right.arguments[0])
        return operation("+", left, right, "")

    def _logical(self, node: ir.Logical) -> Java:
        operator = "&&" if node.operator == "and" else "||"
        first, *others = (self.expression(operand) for operand in node.operands)
        for other in others:
            first = operation(operator, first, other, "boolean")
        return first

    def _conditional(self, node: ir.Conditional) -> Java:
        condition = self.expression(node.condition)
        then, otherwise = self.fitted(node.then, node.type), self.fitted(node.otherwise, node.type)
        kind = self.kind(node.type)
        if isinstance(node.type, Int):
            kind = arithmetic_kind(then, otherwise)
        text = f"{condition.at(CHOICE + 1)} ? {then.at(CHOICE)} : {otherwise.at(CHOICE)}"
        return Java(text, kind, CHOICE, "?")

    # --- parts

    def _index(self, node: ir.Index) -> Java:
        base = node.base
        if isinstance(base.type, Tuple):
            assert isinstance(node.index, ir.Literal) and isinstance(node.index.value, int)
            if isinstance(base, ir.TupleDisplay | ir.Unwrap):
                return tuple_items(self, base)[node.index.value]
            return invoke(self.expression(base), member_of(node.index.value), kind=self.kind(node.type))
        if self.is_array(base):
            return Java(f"{self.expression(base).text}[{self.index(node.index).text}]", self.kind(node.type))
        if base.type == STR:
            return invoke(self.expression(base), "charAt", self.index(node.index), kind="char")
        return invoke(self.view(base), "get", self.index(node.index), kind=self.box(node.type))

    def is_array(self, node: Any) -> bool:
        """Whether a list is written as an array: a table, or a row of one."""
        if isinstance(node, ir.Index):
            return self.is_array(node.base)
        return isinstance(node, ir.Name) and node.name in self.scope.lists.arrays

    def is_stack(self, node: Any) -> bool:
        """Whether a list is written as a Deque."""
        return isinstance(node, ir.Name) and node.name in self.scope.lists.stacks

    def _lookup(self, node: ir.Lookup) -> Java:
        return invoke(self.expression(node.base), "get", self.boxed(node.key), kind=self.box(node.type))

    def _slice(self, node: ir.Slice) -> Java:
        if node.type == STR:
            return self._part(node)
        return self.copied(self._part(node))

    def copied(self, items: Java) -> Java:
        """A new list of the items of a collection."""
        return Java(f"new {self.unit.library('ArrayList')}<>({items.text})")

    def _part(self, node: ir.Slice) -> Java:
        base = self.view(node.base)
        start = self.index(node.start) if node.start is not None else Java("0", "int")
        if node.type == STR:
            ends = (start,) if node.stop is None else (start, self.index(node.stop))
            return invoke(base, "substring", *ends)
        stop = invoke(base, "size", kind="int") if node.stop is None else self.index(node.stop)
        return invoke(base, "subList", start, stop)

    # --- calls

    def _call(self, node: ir.Call) -> Java:
        callee = self.unit.functions[node.function]
        return function(
            self.unit.method(node.function), *self._arguments(callee, node.arguments), kind=self.kind(node.type)
        )

    def _arguments(self, callee: Any, values: Any) -> list[Java]:
        pairs = zip(values, callee.parameters, strict=True)
        return [
            self.view(value) if isinstance(value, ir.Slice) and not it.shared else self.fitted(value, it.type)
            for value, it in pairs
        ]

    def _method_call(self, node: ir.MethodCall) -> Java:
        methods = {method.name: method for method in self.unit.classes[str(node.receiver.type)].methods}
        arguments = self._arguments(methods[node.method], node.arguments)
        kind = self.kind(node.type)
        if node.receiver == ir.Name(node.receiver.type, "self"):
            return function(self.unit.method(node.method), *arguments, kind=kind)
        return invoke(self.expression(node.receiver), self.unit.method(node.method), *arguments, kind=kind)

    def _new(self, node: ir.New) -> Java:
        kind = self.unit.classes[node.type.name]
        return function(f"new {self.unit.class_name(node.type.name)}", *self._arguments(kind, node.arguments))

    def _field(self, node: ir.Field) -> Java:
        name = self.unit.variable(node.field)
        if isinstance(node.receiver, ir.Name) and node.receiver.name == "self" and node.field not in self.scope.locals:
            return Java(name, self.kind(node.type))
        return Java(f"{self.expression(node.receiver).text}.{name}", self.kind(node.type))

    def _builtin(self, node: ir.Builtin) -> Java:
        return OPERATIONS[node.name](self, node)

    # --- displays

    def _list(self, node: ir.ListDisplay) -> Java:
        if not node.items:
            return Java(f"new {self.unit.library('ArrayList')}<>()")
        return self.copied(self._fixed(node))

    def _fixed(self, node: ir.ListDisplay) -> Java:
        return function(f"{self.unit.library('List')}.of", *(self.boxed(item) for item in node.items))

    def _tuple(self, node: ir.TupleDisplay) -> Java:
        assert isinstance(node.type, Tuple)
        pairs = zip(node.items, node.type.items, strict=True)
        return function(f"new {self.unit.record(node.type)}", *(self.fitted(item, type_) for item, type_ in pairs))

    def _map(self, node: ir.MapDisplay) -> Java:
        new = f"new {self.unit.library('HashMap')}<>"
        if not node.entries:
            return Java(f"{new}()")
        pairs = [(self.boxed(key), self.boxed(value)) for key, value in node.entries]
        name = self.unit.library("Map")
        if len(pairs) <= 10:
            return Java(f"{new}({name}.of({', '.join(f'{key.text}, {value.text}' for key, value in pairs)}))")
        entries = ", ".join(f"{name}.entry({key.text}, {value.text})" for key, value in pairs)
        return Java(f"{new}({name}.ofEntries({entries}))")

    # --- optionals

    def _unwrap(self, node: ir.Unwrap) -> Java:
        if isinstance(node.type, Tuple):
            return function(f"new {self.unit.record(node.type)}", *tuple_items(self, node))
        return invoke(self.expression(node.operand), "get", kind=self.box(node.type))

    def _is_none(self, node: ir.IsNone) -> Java:
        return invoke(self.expression(node.operand), "isPresent" if node.negated else "isEmpty", kind="boolean")


def _is_char(node: Any) -> bool:
    """Whether an operand of a text may be written as a character."""
    return isinstance(node.type, Char) or (isinstance(node, ir.Builtin) and node.name == "text_of_char")


_WRITERS: Mapping[type, Callable[[JavaExpressions, Any], Java]] = {
    ir.Literal: JavaExpressions._literal,
    ir.Name: JavaExpressions._name,
    ir.Unary: JavaExpressions._unary,
    ir.Binary: JavaExpressions._binary,
    ir.Compare: write_comparison,
    ir.Logical: JavaExpressions._logical,
    ir.Conditional: JavaExpressions._conditional,
    ir.Index: JavaExpressions._index,
    ir.Lookup: JavaExpressions._lookup,
    ir.Slice: JavaExpressions._slice,
    ir.Call: JavaExpressions._call,
    ir.MethodCall: JavaExpressions._method_call,
    ir.New: JavaExpressions._new,
    ir.Field: JavaExpressions._field,
    ir.Builtin: JavaExpressions._builtin,
    ir.ListDisplay: JavaExpressions._list,
    ir.TupleDisplay: JavaExpressions._tuple,
    ir.MapDisplay: JavaExpressions._map,
    ir.Unwrap: JavaExpressions._unwrap,
    ir.IsNone: JavaExpressions._is_none,
}
