"""Rust's expressions."""

from typing import Any

from hrm_edge.train.data.ir import nodes as ir
from hrm_edge.train.data.ir.analysis import root
from hrm_edge.train.data.ir.traversal import every
from hrm_edge.train.data.ir.types import CHAR, Float, List, Optional, Str, Tuple
from hrm_edge.train.data.renderers.rust_types import (
    char_literal,
    is_copy,
    number_literal,
    rust_name,
    text_literal,
)
from hrm_edge.train.data.renderers.rust_writer import (
    ATOM,
    BUILTINS,
    CAST,
    EITHER,
    UNARY,
    Form,
    RustWriter,
    Written,
    cast,
    writes,
)


@writes(ir.Literal)
def _literal(_: RustWriter, node: ir.Literal) -> Written:
    value = node.value
    if value is None:
        return Written("None", ATOM)
    if isinstance(value, bool):
        return Written("true" if value else "false", ATOM)
    if isinstance(value, int | float):
        return Written(number_literal(value), ATOM if value >= 0 else UNARY)
    if node.type == CHAR:
        return Written(char_literal(value), ATOM)
    return Written(text_literal(value), ATOM, Form.SLICE)


@writes(ir.Name)
def _name(w: RustWriter, node: ir.Name) -> Written:
    variable = w.variables.get(node.name)
    if variable is None:
        return Written(rust_name(node.name), ATOM, Form.PLACE)
    if variable.counts:
        return Written(f"{variable.text} as i64", CAST)
    if variable.form is Form.PLACE and id(node) in w.last_uses:
        return Written(variable.text, ATOM)
    return Written(variable.text, ATOM, variable.form)


def byte_of(w: RustWriter, node: Any) -> str | None:
    """A character that is an item of a text, as a `u8`."""
    if isinstance(node, ir.Index) and isinstance(node.base.type, Str):
        return f"{_bytes(w, node.base)}[{w.index(node.index)}]"
    return None


def _bytes(w: RustWriter, base: Any) -> str:
    if isinstance(base, ir.Name) and base.name in w.bytes_of:
        return w.bytes_of[base.name]
    return f"{w.receiver(base)}.as_bytes()"


@writes(ir.Index)
def _index(w: RustWriter, node: ir.Index) -> Written:
    if isinstance(node.base.type, Str):
        return cast(Written(byte_of(w, node) or "", ATOM), "char")
    base = w.receiver(node.base)
    if isinstance(node.base.type, Tuple):
        return Written(f"{base}.{w.write(node.index).text}", ATOM, Form.PLACE)
    return Written(f"{base}[{w.index(node.index)}]", ATOM, Form.PLACE)


@writes(ir.Lookup)
def _lookup(w: RustWriter, node: ir.Lookup) -> Written:
    return Written(f"{w.receiver(node.base)}[{w.key(node.key)}]", ATOM, Form.PLACE)


@writes(ir.Slice)
def _slice(w: RustWriter, node: ir.Slice) -> Written:
    start = w.index(node.start, EITHER) if node.start is not None else ""
    stop = w.index(node.stop, EITHER) if node.stop is not None else ""
    return Written(f"{w.receiver(node.base)}[{start}..{stop}]", ATOM, Form.UNSIZED)


@writes(ir.Call)
def _call(w: RustWriter, node: ir.Call) -> Written:
    function = w.shared.functions.get(node.function)
    if function is None:
        return Written(f"{rust_name(node.function)}({', '.join(w.borrowed(each) for each in node.arguments)})", ATOM)
    return Written(f"{rust_name(node.function)}({', '.join(_passed(w, function.parameters, node.arguments))})", ATOM)


def _passed(w: RustWriter, parameters: tuple[ir.Parameter, ...], arguments: tuple[Any, ...]) -> list[str]:
    pairs = list(zip(parameters, arguments, strict=True))
    lent = {name for parameter, value in pairs if parameter.shared and (name := root(value))}
    texts = []
    for parameter, value in pairs:
        if parameter.shared:
            written = w.write(value)
            texts.append(written.text if written.form is Form.EXCLUSIVE else f"&mut {written.at(UNARY)}")
            continue
        text = passed(w, parameter, value)
        if any(isinstance(part, ir.Name) and part.name in lent for part in every(value)):
            name = w.fresh("value", "argument")
            text = w.prepared([f"let {name} = {text};"], name).text
        texts.append(text)
    return texts


def passed(w: RustWriter, parameter: ir.Parameter, value: Any) -> str:
    """An argument of a parameter that is only read."""
    if isinstance(parameter.type, Optional):
        return w.owned_for(value, parameter.type)
    if isinstance(value, ir.ListDisplay) and value.items:
        return f"&[{', '.join(w.owned(item) for item in value.items)}]"
    return w.borrowed(value)


@writes(ir.MethodCall)
def _method_call(w: RustWriter, node: ir.MethodCall) -> Written:
    made = w.shared.classes.get(str(node.receiver.type))
    methods = {method.name: method for method in made.methods} if made else {}
    receiver = w.receiver(node.receiver)
    if node.method not in methods:
        return Written(f"{receiver}.{rust_name(node.method)}({', '.join(map(w.borrowed, node.arguments))})", ATOM)
    arguments = _passed(w, methods[node.method].parameters, node.arguments)
    return Written(f"{receiver}.{method_name(node.method)}({', '.join(arguments)})", ATOM)


def method_name(name: str) -> str:
    """A method; `new` is the constructor's."""
    return "new_" if name == "new" else rust_name(name)


@writes(ir.New)
def _new(w: RustWriter, node: ir.New) -> Written:
    made = w.shared.classes[node.type.name]
    return Written(f"{node.type.name}::new({', '.join(_passed(w, made.parameters, node.arguments))})", ATOM)


@writes(ir.Field)
def _field(w: RustWriter, node: ir.Field) -> Written:
    return Written(f"{w.receiver(node.receiver)}.{rust_name(node.field)}", ATOM, Form.PLACE)


@writes(ir.Builtin)
def _builtin(w: RustWriter, node: ir.Builtin) -> Written:
    return BUILTINS[node.name](w, node)


@writes(ir.ListDisplay)
def _list(w: RustWriter, node: ir.ListDisplay) -> Written:
    if not node.items:
        return Written("Vec::new()", ATOM)
    return Written(f"vec![{', '.join(w.owned(item) for item in node.items)}]", ATOM)


@writes(ir.TupleDisplay)
def _tuple(w: RustWriter, node: ir.TupleDisplay) -> Written:
    items = ", ".join(w.owned(item) for item in node.items)
    return Written(f"({items},)" if len(node.items) == 1 else f"({items})", ATOM)


@writes(ir.MapDisplay)
def _map(w: RustWriter, node: ir.MapDisplay) -> Written:
    if not node.entries:
        return Written("HashMap::new()", ATOM)
    entries = (f"({w.owned(key)}, {w.owned(value)})" for key, value in node.entries)
    return Written(f"HashMap::from([{', '.join(entries)}])", ATOM)


@writes(ir.Unwrap)
def _unwrap(w: RustWriter, node: ir.Unwrap) -> Written:
    written = w.write(node.operand)
    if isinstance(node.operand, ir.Name) and not isinstance(w.variables[node.operand.name].type, Optional):
        return written
    if is_copy(node.type):
        return Written(f"{written.at(ATOM)}.unwrap()", ATOM)
    return Written(f"{written.at(ATOM)}.as_ref().unwrap()", ATOM, Form.REFERENCE)


@writes(ir.IsNone)
def _is_none(w: RustWriter, node: ir.IsNone) -> Written:
    return Written(f"{w.receiver(node.operand)}.{'is_some' if node.negated else 'is_none'}()", ATOM)


@writes(ir.SortBy)
def _sort_by(w: RustWriter, node: ir.SortBy) -> Written:
    name = w.fresh("sorted", "ordered")
    return w.prepared([f"let mut {name} = {w.owned(node.base)};", sort_by_line(w, name, node)], name)


def sort_by_line(w: RustWriter, name: str, node: ir.SortBy) -> str:
    """The statement that sorts a list by a key."""
    assert isinstance(node.type, List)
    item = node.type.item
    with w.scope(), w.inline():
        if is_copy(item) and not isinstance(item, Tuple | Float):
            parameter = f"&{w.declare(node.parameter, item, Form.PLACE)}"
        else:
            parameter = w.declare(node.parameter, item, Form.REFERENCE)
        key = w.owned(node.key)
    if node.descending:
        w.shared.uses.add("std::cmp::Reverse")
        key = f"Reverse({key})"
    return f"{name}.sort_by_key(|{parameter}| {key});"
