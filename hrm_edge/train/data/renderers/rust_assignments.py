"""Rust's assignments: new values of variables, items, fields and keys."""

from typing import Any

from hrm_edge.train.data.ir import nodes as ir
from hrm_edge.train.data.ir.analysis import root
from hrm_edge.train.data.ir.traversal import every
from hrm_edge.train.data.ir.types import CHAR, INT, STR, List, Set
from hrm_edge.train.data.renderers.rust_collections import sort_call
from hrm_edge.train.data.renderers.rust_folds import items_by_value
from hrm_edge.train.data.renderers.rust_layout import laid_out, room_at, without_turbofish
from hrm_edge.train.data.renderers.rust_mutations import changed_place, changing_index
from hrm_edge.train.data.renderers.rust_operators import floor_division, text_parts
from hrm_edge.train.data.renderers.rust_types import is_copy
from hrm_edge.train.data.renderers.rust_writer import ATOM, Form, RustWriter
from hrm_edge.train.data.renderers.usage import is_last


def assign(w: RustWriter, node: ir.Assign) -> None:
    """`target = value`."""
    target, value = node.target, node.value
    match target, value:
        case ir.Lookup(), _:
            _put(w, target, value)
            return
        case ir.Name(), ir.Binary(operator="+", left=left, right=right) if left == target and _grows(value):
            if target.name not in {part.name for part in every(right) if isinstance(part, ir.Name)}:
                _grow(w, target, right)
                return
        case ir.Name(), ir.Builtin(name="sorted" | "sorted_descending" as order, arguments=(base,)) if base == target:
            assert isinstance(target.type, List)
            w.line(f"{w.receiver(target)}.{sort_call(target.type.item, descending=order != 'sorted')};")
            return
    if isinstance(target, ir.Name) and w.variables[target.name].counts:
        w.line(f"{w.variables[target.name].text} = {w.count(value).text};")
        return
    if _needs_order(target, value):
        name = w.fresh("value", "item")
        w.line(f"let {name} = {w.owned_for(value, target.type)};")
        w.line(f"{place(w, target)} = {name};")
        return
    text, _ = without_turbofish(w.owned_for(value, target.type))
    w.line(laid_out(f"{place(w, target)} = ", text, ";", room_at(w.depth)))


def _needs_order(target: Any, value: Any) -> bool:
    """Whether the item's place is found through what the value changes."""
    return not isinstance(target, ir.Name | ir.Field) and any(
        isinstance(part, ir.Builtin) and part.name in ("pop", "pop_first") for part in every(value)
    )


def place(w: RustWriter, target: Any) -> str:
    """What stands left of an assignment."""
    match target:
        case ir.Name(name=name):
            variable = w.variables[name]
            return f"*{variable.text}" if variable.form is Form.EXCLUSIVE else variable.text
        case ir.Lookup(base=base, key=key):
            return f"*{changed_place(w, base)}.get_mut({w.key(key)}).unwrap()"
        case ir.Index(base=base, index=index) if is_last(base, index):
            return f"*{changed_place(w, base)}.last_mut().unwrap()"
        case ir.Index(base=base, index=index):
            return f"{changed_place(w, base)}[{changing_index(w, base, index)}]"
    return w.receiver(target)


def _put(w: RustWriter, target: ir.Lookup, value: Any) -> None:
    base, key = target.base, target.key
    owner = root(base)
    match value:
        case ir.Binary(operator=operator, left=ir.Builtin(name="get", arguments=(found, same, default)), right=right):
            mentioned = any(isinstance(part, ir.Name) and part.name == owner for part in every((right, key)))
            plain = operator in "+-*&|^" and not (isinstance(value.type, Set))
            if (found, same) == (base, key) and not mentioned and plain:
                entry = f"{changed_place(w, base)}.entry({w.owned(key)})"
                _grow_entry(w, entry, operator, default, right)
                return
    texts = [w.owned(key), w.owned(value)]
    inside = [any(isinstance(part, ir.Name) and part.name == owner for part in every(each)) for each in (key, value)]
    if not isinstance(base, ir.Name) and any(inside):
        name = w.fresh("value", "entry")
        w.line(f"let {name} = {texts[1]};")
        texts[1] = name
    w.line(f"{changed_place(w, base)}.insert({texts[0]}, {texts[1]});")


def _grow_entry(w: RustWriter, entry: str, operator: str, default: Any, right: Any) -> None:
    if isinstance(default.type, List):
        start = "or_default()" if default == ir.ListDisplay(default.type, ()) else f"or_insert({w.owned(default)})"
        match right:
            case ir.ListDisplay(items=(item,)):
                w.line(f"{entry}.{start}.push({w.owned(item)});")
            case _:
                w.line(f"{entry}.{start}.extend({items_by_value(w, right, argument=True)});")
    elif default.type == STR:
        w.line(f"{entry}.or_insert_with(|| {w.owned(default)}).push_str(&{w.owned(right, ATOM)});")
    else:
        w.line(f"*{entry}.or_insert({w.owned(default)}) {operator}= {w.owned(right)};")


def _grows(value: ir.Binary) -> bool:
    return value.type == STR or isinstance(value.type, List)


def _grow(w: RustWriter, target: Any, more: Any) -> None:
    """`+` to a text or list that is there."""
    receiver = changed_place(w, target)
    if target.type != STR:
        match more:
            case ir.ListDisplay(items=(item,)):
                w.line(f"{receiver}.push({w.owned(item)});")
            case _:
                w.line(f"{receiver}.extend({items_by_value(w, more, argument=True)});")
        return
    for part in text_parts(more):
        if isinstance(part, ir.Builtin) and part.name == "text_of_char":
            part = part.arguments[0]
        if part.type == CHAR:
            w.line(f"{receiver}.push({w.owned(part)});")
        elif isinstance(part, ir.Literal) and len(str(part.value)) == 1:
            w.line(f"{receiver}.push({w.write(ir.Literal(CHAR, part.value)).text});")
        else:
            w.line(f"{receiver}.push_str({w.borrow(w.write(part))});")


def augment(w: RustWriter, node: ir.Augment) -> None:
    """`target op= value`."""
    target, operator, value = node.target, node.operator, node.value
    if target.type == STR or isinstance(target.type, List):
        name = root(target)
        if any(isinstance(part, ir.Name) and part.name == name for part in every(value)):
            w.line(f"let addition = {w.owned(value)};")
            w.line(f"{changed_place(w, target)}.{'push_str(&addition)' if target.type == STR else 'extend(addition)'};")
            return
        _grow(w, target, value)
        return
    if isinstance(target.type, Set):
        if operator == "|":
            w.line(f"{changed_place(w, target)}.extend({items_by_value(w, value, argument=True)});")
        else:
            w.line(f"{place(w, target)} = {w.write(ir.Binary(target.type, operator, target, value)).text};")
        return
    if isinstance(target, ir.Name) and w.variables[target.name].counts:
        sign = "/" if operator == "//" else operator
        w.line(f"{w.variables[target.name].text} {sign}= {w.count(value).text};")
        return
    if target.type == INT and operator in ("//", "%") and w.shared.negative_division:
        w.line(f"{place(w, target)} = {floor_division(w, operator, target, value).text};")
        return
    text, _ = without_turbofish(w.owned(value)) if target.type != INT else (w.owned(value), False)
    w.line(f"{place(w, target)} {'/' if operator == '//' else operator}= {text};")


def swap(w: RustWriter, node: ir.Swap) -> None:
    """`a, b = b, a`."""
    targets, values = node.targets, node.values
    if len(targets) == 2 and targets == values[::-1]:
        match targets:
            case (ir.Index(base=base, index=first), ir.Index(base=other, index=second)) if base == other:
                ends = changing_index(w, base, first), changing_index(w, base, second)
                w.line(f"{changed_place(w, base)}.swap({ends[0]}, {ends[1]});")
                return
            case (ir.Name(), ir.Name()) if not is_copy(targets[0].type):
                w.line(f"std::mem::swap(&mut {place(w, targets[0])}, &mut {place(w, targets[1])});")
                return
    written = ", ".join(w.owned_for(value, target.type) for target, value in zip(targets, values, strict=True))
    if not any(isinstance(target, ir.Lookup) for target in targets):
        w.line(f"({', '.join(place(w, target) for target in targets)}) = ({written});")
        return
    names = [w.fresh("first", "left"), w.fresh("second", "right"), *(w.fresh("next") for _ in targets[2:])]
    w.line(f"let ({', '.join(names)}) = ({written});")
    for target, name in zip(targets, names, strict=True):
        if isinstance(target, ir.Lookup):
            w.line(f"{changed_place(w, target.base)}.insert({w.owned(target.key)}, {name});")
        else:
            w.line(f"{place(w, target)} = {name};")
