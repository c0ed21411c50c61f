"""The operations of the intermediate form as JavaScript."""

from hrm_edge.train.data.ir import nodes as ir
from hrm_edge.train.data.ir import types as t
from hrm_edge.train.data.renderers import javascript_folds as folds
from hrm_edge.train.data.renderers import javascript_order as order
from hrm_edge.train.data.renderers import javascript_sorting as sorting
from hrm_edge.train.data.renderers.javascript_levels import (
    ANY,
    ATOM,
    BIT_OR,
    CONDITIONAL,
    EQUALITY,
    NULLISH,
    SUM,
    UNARY,
    Written,
)
from hrm_edge.train.data.renderers.javascript_values import is_coded, is_scalar
from hrm_edge.train.data.renderers.javascript_writing import JavascriptWriting

METHODS = {
    "char_upper": "toUpperCase",
    "char_lower": "toLowerCase",
    "upper": "toUpperCase",
    "lower": "toLowerCase",
    "strip": "trim",
    "split": "split",
    "starts_with": "startsWith",
    "ends_with": "endsWith",
    "find": "indexOf",
    "contains_text": "includes",
    "contains_char": "includes",
    "repeat": "repeat",
    "append": "push",
    "pop": "pop",
    "pop_first": "shift",
    "reverse": "reverse",
}
"""`receiver.method(others)`."""

FUNCTIONS = {
    "sqrt": "Math.sqrt",
    "char_of": "String.fromCharCode",
    "digit_value": "Number",
    "text_of_int": "String",
    "parse_int": "Number",
}
"""`function(all)`."""

CLASSES = {
    "is_digit": "[0-9]",
    "is_alpha": "[a-zA-Z]",
    "is_alnum": "[a-zA-Z0-9]",
    "is_upper": "[A-Z]",
    "is_lower": "[a-z]",
    "is_space": r"\s",
}
"""Kinds of characters as regular expressions."""


def write_builtin(write: JavascriptWriting, node: ir.Builtin) -> Written:
    """An operation and how tightly it binds."""
    name, arguments = node.name, node.arguments
    if name in METHODS:
        return f"{write.receiver(arguments[0])}.{METHODS[name]}({write.commas(arguments[1:])})", ATOM
    if name in FUNCTIONS:
        return f"{FUNCTIONS[name]}({write.commas(arguments)})", ATOM
    if name in CLASSES:
        return f"/{CLASSES[name]}/.test({write.text(arguments[0])})", ATOM
    return _number(write, node) or _text(write, node) or _list(write, node) or _container(write, node)


def _number(write: JavascriptWriting, node: ir.Builtin) -> Written | None:
    match node.name, node.arguments:
        case "abs", (value,):
            return f"Math.abs({write.tolerant(value, ANY)})", ATOM
        case ("min" | "max") as name, (left, right):
            if isinstance(node.type, t.Int | t.Float):
                return f"Math.{name}({write.commas(_flat(name, node))})", ATOM
            if isinstance(left, ir.Name | ir.Literal) and isinstance(right, ir.Name | ir.Literal):
                first, second = write.text(left), write.text(right)
                return f"{second} {'<' if name == 'min' else '>'} {first} ? {second} : {first}", CONDITIONAL
            return f"[{write.commas(_flat(name, node))}].sort(){'[0]' if name == 'min' else '.at(-1)'}", ATOM
        case "isqrt", (value,):
            return f"Math.floor(Math.sqrt({write.text(value)}))", ATOM
        case "to_float", (value,):
            return write.write(value)
        case "truncate", (value,):
            text = f"Math.trunc({write.text(value)})"
            return (f"{text} || 0", NULLISH + 1) if write.facts.negative_zero else (text, ATOM)
        case "bit_count", (value,):
            return f'{write.receiver(value)}.toString(2).split("1").length - 1', SUM
        case "bit_length", (value,):
            if write.facts.wide:
                return f'{write.receiver(value)}.toString(2).replace(/^0$/, "").length', ATOM
            return f"32 - Math.clz32({write.text(value)})", SUM
    return None


def _text(write: JavascriptWriting, node: ir.Builtin) -> Written | None:
    match node.name, node.arguments:
        case "text_of_char", (character,):
            return write.write(character)
        case "code", (character,):
            return f"{write.receiver(character)}.charCodeAt(0)", ATOM
        case "words", (text,):
            return f"{write.receiver(text)}.split(/\\s+/).filter(Boolean)", ATOM
        case "join", (separator, texts):
            return f"{write.receiver(texts)}.join({write.text(separator)})", ATOM
        case "join_chars", (characters,):
            return f'{write.receiver(characters)}.join("")', ATOM
        case "replace", (text, old, new):
            return f"{write.receiver(text)}.{_replacement(write, old, new)}", ATOM
        case "count_text", (text, part):
            return f"{write.receiver(text)}.split({write.text(part)}).length - 1", SUM
        case "reversed_text", (text,):
            return f'[...{write.text(text)}].reverse().join("")', ATOM
        case "sorted_text", (text,):
            return f'[...{write.text(text)}].sort().join("")', ATOM
        case "chars", (text,):
            return f"[...{write.text(text)}]", ATOM
    return None


def _list(write: JavascriptWriting, node: ir.Builtin) -> Written | None:
    match node.name, node.arguments:
        case "length", (base,):
            return write.size(base), ATOM
        case "is_empty", (base,):
            return f"{write.size(base)} === 0", EQUALITY
        case "last", (base,):
            return f"{write.receiver(base)}.at(-1)", ATOM
        case "sum", (base,):
            return f"{folds.sequence(write, base)}.reduce((sum, x) => sum + x, 0)", ATOM
        case ("smallest" | "largest") as name, (base,):
            return folds.extreme(write, base, most=name == "largest"), ATOM
        case (("sorted" | "sorted_descending" | "sorted_keys" | "sorted_items" | "sorted_set"), _):
            return sorting.write_sorted(write, node), ATOM
        case "reversed", (base,):
            return f"{folds.new_array(write, base)}.reverse()", ATOM
        case "copy", (base,):
            return f"[...{write.text(base)}]", ATOM
        case "contains", (base, item):
            if is_scalar(item.type):
                return f"{write.receiver(base)}.includes({write.text(item)})", ATOM
            return f"{write.receiver(base)}.some({folds.same_as(write, item)})", ATOM
        case "index_of", (base, item):
            if is_scalar(item.type):
                return f"{write.receiver(base)}.indexOf({write.text(item)})", ATOM
            return f"{write.receiver(base)}.findIndex({folds.same_as(write, item)})", ATOM
        case "count_item", (base, item):
            return f"{write.receiver(base)}.filter({folds.same_as(write, item)}).length", ATOM
        case "filled", (item, count):
            return f"new Array({write.tolerant(count, ANY)}).fill({write.text(item)})", ATOM
        case "insert", (base, index, item):
            return f"{write.receiver(base)}.splice({write.text(index)}, 0, {write.text(item)})", ATOM
        case "extend", (base, items):
            return f"{write.receiver(base)}.push({write.spread(items)})", ATOM
        case "sort", (base,):
            assert isinstance(base.type, t.List)
            return f"{write.receiver(base)}.sort({order.comparator(write, base.type.item)})", ATOM
        case "queue_of", (items,):
            return folds.new_array(write, items), ATOM
    return None


def _container(write: JavascriptWriting, node: ir.Builtin) -> Written:
    name, arguments = node.name, node.arguments
    match name, arguments:
        case "empty_set", _:
            return "new Set()", ATOM
        case "set_of", (items,):
            return f"new Set({_members(write, items)})", ATOM
        case (("keys" | "values"), _):
            return folds.sequence(write, node), ATOM
    base = arguments[0]
    if isinstance(base.type, t.Set):
        method = {"has": "has", "add": "add", "discard": "delete"}[name]
        return f"{write.receiver(base)}.{method}({write.key(base.type.item, arguments[1])})", ATOM
    assert isinstance(base.type, t.Map), f"JavaScript has no form of the operation {name}"
    key = write.key(base.type.key, arguments[1])
    as_object = write.is_object(base.type)
    match name:
        case "get":
            return f"{write.entry(base, arguments[1])} ?? {write.text(arguments[2], BIT_OR)}", NULLISH
        case "has_key" if as_object:
            return f"Object.hasOwn({write.text(base)}, {key})", ATOM
        case "has_key":
            return f"{write.receiver(base)}.has({key})", ATOM
    if as_object:
        return f"delete {write.member(base, arguments[1])}", UNARY
    return f"{write.receiver(base)}.delete({key})", ATOM


def _members(write: JavascriptWriting, items: ir.Expression) -> str:
    """What a new set is made of; nothing where it is empty."""
    match items:
        case ir.ListDisplay(items=()):
            return ""
        case ir.ListDisplay(items=parts, type=t.List(item)):
            return f"[{', '.join(write.key(item, part) for part in parts)}]"
    if isinstance(items.type, t.List) and is_coded(items.type.item):
        coded = write.key(items.type.item, ir.Name(items.type.item, "item"))
        return f"{folds.sequence(write, items)}.map((item) => {coded})"
    return folds.source(write, items).text


def _replacement(write: JavascriptWriting, old: ir.Expression, new: ir.Expression) -> str:
    """`$` has a meaning in replaceAll's second argument, so only a literal without it stands there."""
    if isinstance(new, ir.Literal) and "$" not in str(new.value):
        return f"replaceAll({write.commas((old, new))})"
    return f"split({write.text(old)}).join({write.text(new)})"


def _flat(name: str, node: ir.Expression) -> tuple[ir.Expression, ...]:
    """The arguments of a `min` of `min`s as one."""
    if isinstance(node, ir.Builtin) and node.name == name:
        return tuple(part for argument in node.arguments for part in _flat(name, argument))
    return (node,)
