"""C++'s expressions."""

from typing import Any

from hrm_edge.train.data.ir import nodes as ir
from hrm_edge.train.data.ir.traversal import every
from hrm_edge.train.data.ir.types import CHAR, INT, STR, List, Tuple
from hrm_edge.train.data.renderers.cpp_pieces import as_string, is_string, operands, span, variable
from hrm_edge.train.data.renderers.cpp_types import char_literal, cpp_name, function_name, is_scalar, text_literal
from hrm_edge.train.data.renderers.cpp_writer import (
    ATOM,
    BUILTINS,
    LESS,
    UNARY,
    CppWriter,
    Written,
    writes,
)
from hrm_edge.train.data.renderers.usage import is_last


@writes(ir.Literal)
def _literal(_: CppWriter, node: ir.Literal) -> Written:
    value = node.value
    if value is None:
        return Written("std::nullopt", ATOM)
    if isinstance(value, bool):
        return Written("true" if value else "false", ATOM)
    if isinstance(value, str):
        return Written(char_literal(value) if node.type == CHAR else text_literal(value), ATOM)
    return Written(repr(value), ATOM if value >= 0 else UNARY)


@writes(ir.Name)
def _name(w: CppWriter, node: ir.Name) -> Written:
    text = w.variables.get(node.name) or cpp_name(node.name)
    if node.name in w.indexes:
        return w.int_cast(text)
    return Written("(*this)" if text == "self" else text, ATOM)


@writes(ir.Index)
def _index(w: CppWriter, node: ir.Index) -> Written:
    base = w.text(node.base, ATOM)
    if isinstance(node.base.type, Tuple):
        assert isinstance(node.index, ir.Literal)
        if len(node.base.type.items) == 2:
            return Written(f"{base}.{'second' if node.index.value else 'first'}", ATOM)
        return Written(f"std::get<{node.index.value}>({w.text(node.base)})", ATOM)
    if is_last(node.base, node.index):
        return Written(f"{base}.back()", ATOM)
    return Written(f"{base}[{w.index(node.index)}]", ATOM)


@writes(ir.Lookup)
def _lookup(w: CppWriter, node: ir.Lookup) -> Written:
    return Written(f"{w.text(node.base, ATOM)}.at({w.whole(node.key)})", ATOM)


@writes(ir.Slice)
def _slice(w: CppWriter, node: ir.Slice) -> Written:
    if node.type == STR:
        base = as_string(w, node.base) if not is_string(node.base) else w.text(node.base, ATOM)
        return Written(f"{base}.substr({_extent(w, node)})", ATOM)
    first, last = span(w, node)
    return Written(f"{w.type(node.type)}({first}, {last})", ATOM)


def _extent(w: CppWriter, node: ir.Slice) -> str:
    """`start, length` of a part of a text."""
    start, stop = node.start, node.stop
    if stop is None:
        return w.index(start) if start is not None else "0"
    if start is None or start == ir.Literal(INT, 0):
        return f"0, {w.index(stop)}"
    match stop:
        case ir.Binary(operator="+", left=left, right=right) if left == start:
            return f"{w.index(start)}, {w.index(right)}"
        case ir.Literal(value=int(end)) if isinstance(start, ir.Literal):
            return f"{start.value}, {end - int(start.value or 0)}"
    length = ir.Binary(INT, "-", stop, start)
    return f"{w.index(start)}, {w.index(length)}"


def call_arguments(w: CppWriter, parameters: tuple[ir.Parameter, ...], arguments: tuple[Any, ...]) -> str:
    """What stands between the brackets of a call."""
    shared = [parameter.shared for parameter in parameters]

    def write(w: CppWriter, node: Any) -> Written:
        return Written(w.whole(node), 0) if isinstance(node, ir.ListDisplay | ir.MapDisplay) else w.write(node)

    if any(shared):
        lent = []
        for parameter, node in zip(parameters, arguments, strict=True):
            if parameter.shared and not isinstance(node, ir.Name | ir.Index | ir.Field | ir.Lookup):
                lent.append(variable(w, node))
            else:
                lent.append(write(w, node).text)
        return ", ".join(lent)
    return ", ".join(written.text for written in operands(w, arguments, write))


@writes(ir.Call)
def _call(w: CppWriter, node: ir.Call) -> Written:
    function = w.shared.functions.get(node.function)
    parameters = function.parameters if function else tuple(ir.Parameter("_", each.type) for each in node.arguments)
    return Written(f"{function_name(node.function)}({call_arguments(w, parameters, node.arguments)})", ATOM)


@writes(ir.MethodCall)
def _method_call(w: CppWriter, node: ir.MethodCall) -> Written:
    made = w.shared.classes[str(node.receiver.type)]
    method = next(each for each in made.methods if each.name == node.method)
    arguments = call_arguments(w, method.parameters, node.arguments)
    name = cpp_name(node.method)
    if isinstance(node.receiver, ir.Name) and node.receiver.name == "self":
        return Written(f"{_own(w, name)}({arguments})", ATOM)
    return Written(f"{w.text(node.receiver, ATOM)}.{name}({arguments})", ATOM)


@writes(ir.New)
def _new(w: CppWriter, node: ir.New) -> Written:
    made = w.shared.classes[node.type.name]
    return Written(f"{node.type.name}({call_arguments(w, made.parameters, node.arguments)})", ATOM)


def field_name(w: CppWriter, owner: str, field: str) -> str:
    """A field: with `_` behind it in a class that keeps its fields to itself."""
    return cpp_name(field) if owner in w.shared.open_classes else f"{field}_"


def _own(w: CppWriter, name: str) -> str:
    """A member inside its class: with `this->` where a variable has its name."""
    return f"this->{name}" if name in w.variables.values() else name


@writes(ir.Field)
def _field(w: CppWriter, node: ir.Field) -> Written:
    name = field_name(w, str(node.receiver.type), node.field)
    if isinstance(node.receiver, ir.Name) and node.receiver.name == "self":
        return Written(_own(w, name), ATOM)
    return Written(f"{w.text(node.receiver, ATOM)}.{name}", ATOM)


@writes(ir.Builtin)
def _builtin(w: CppWriter, node: ir.Builtin) -> Written:
    return BUILTINS[node.name](w, node)


@writes(ir.ListDisplay)
@writes(ir.TupleDisplay)
@writes(ir.MapDisplay)
def _display(w: CppWriter, node: Any) -> Written:
    return Written(f"{w.type(node.type)}{w.whole(node)}", ATOM)


@writes(ir.Unwrap)
def _unwrap(w: CppWriter, node: ir.Unwrap) -> Written:
    return Written(f"*{w.text(node.operand, UNARY)}", UNARY)


@writes(ir.IsNone)
def _is_none(w: CppWriter, node: ir.IsNone) -> Written:
    text = f"{w.text(node.operand, ATOM)}.has_value()"
    return Written(text, ATOM) if node.negated else Written(f"!{text}", UNARY)


def sort_by_lines(w: CppWriter, name: str, node: ir.SortBy) -> list[str]:
    """The statement that sorts a list by a key."""
    assert isinstance(node.type, List)
    kind = w.type(node.type.item)
    kind = kind if is_scalar(node.type.item) else f"const {kind}&"
    keys = []
    with w.inline():
        names = ("a", "b") if not {"a", "b"} & _names(node.key) else (w.fresh("left"), w.fresh("right"))
        for each in names:
            with w.scope():
                w.variables[node.parameter] = each
                keys.append(_key(w, node.key))
    sign = ">" if node.descending else "<"
    outer = _names(node.key) - {node.parameter}
    capture = "&" if outer & w.variables.keys() else ""
    head = f"[{capture}]({kind} {names[0]}, {kind} {names[1]})"
    return [f"std::stable_sort({name}.begin(), {name}.end(), {head} {{\n    return {keys[0]} {sign} {keys[1]};\n}});"]


def _key(w: CppWriter, node: Any) -> str:
    if isinstance(node, ir.TupleDisplay):
        maker = "make_pair" if len(node.items) == 2 else "make_tuple"
        return f"std::{maker}({', '.join(map(w.text, node.items))})"
    return w.text(node, LESS + 1)


def _names(tree: Any) -> set[str]:
    return {node.name for node in every(tree) if isinstance(node, ir.Name)}


@writes(ir.SortBy)
def _sort_by(w: CppWriter, node: ir.SortBy) -> Written:
    name = w.fresh("sorted", "ordered")
    return w.prepared([w.definition(node.type, name, node.base), *sort_by_lines(w, name, node)], name)
