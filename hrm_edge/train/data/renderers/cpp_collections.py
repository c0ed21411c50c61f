"""C++'s words for what lists, maps, sets and queues are asked."""

from typing import Any

from hrm_edge.train.data.ir import nodes as ir
from hrm_edge.train.data.ir.types import FLOAT, List, Queue
from hrm_edge.train.data.renderers.cpp_algorithms import over, receiver
from hrm_edge.train.data.renderers.cpp_pieces import variable
from hrm_edge.train.data.renderers.cpp_writer import (
    ADD,
    ATOM,
    BUILTINS,
    EQUAL,
    LESS,
    TERNARY,
    UNARY,
    CppWriter,
    Written,
    writes_builtin,
)


@writes_builtin("reversed_text", "reversed")
def _reversed(w: CppWriter, node: ir.Builtin) -> Written:
    base = node.arguments[0]
    kind = w.type(node.type)
    if isinstance(base, ir.Name | ir.Field | ir.Index | ir.Lookup):
        text = w.text(base)
        return Written(f"{kind}({text}.rbegin(), {text}.rend())", ATOM)
    name = w.fresh("turned", "reversed")
    lines = [w.definition(node.type, name, base), f"std::reverse({name}.begin(), {name}.end());"]
    return w.prepared(lines, name)


@writes_builtin("sorted_text")
def _sorted_text(w: CppWriter, node: ir.Builtin) -> Written:
    name = w.fresh("sorted", "letters")
    return w.prepared(sorted_lines(w, name, node), name)


# --- lists


@writes_builtin("length")
def _length(w: CppWriter, node: ir.Builtin) -> Written:
    return w.int_cast(f"{receiver(w, node.arguments[0])}.size()")


@writes_builtin("is_empty")
def _is_empty(w: CppWriter, node: ir.Builtin) -> Written:
    return Written(f"{receiver(w, node.arguments[0])}.empty()", ATOM)


@writes_builtin("last")
def _last(w: CppWriter, node: ir.Builtin) -> Written:
    return Written(f"{receiver(w, node.arguments[0])}.back()", ATOM)


@writes_builtin("sum")
def _sum(w: CppWriter, node: ir.Builtin) -> Written:
    zero = "0.0" if node.type == FLOAT else "0LL" if w.shared.wide else "0"
    return over(f"std::accumulate({{0}}, {{1}}, {zero})")(w, node)


BUILTINS["smallest"] = over("*std::min_element({0}, {1})", UNARY)
BUILTINS["largest"] = over("*std::max_element({0}, {1})", UNARY)
BUILTINS["set_of"] = lambda w, node: over(w.type(node.type) + "({0}, {1})")(w, node)


@writes_builtin("contains")
def _contains(w: CppWriter, node: ir.Builtin) -> Written:
    base, item = node.arguments
    if isinstance(base, ir.ListDisplay) and isinstance(item, ir.Name) and 0 < len(base.items) <= 6:
        tests = tuple(ir.Compare("==", item, each) for each in base.items)
        return w.write(tests[0] if len(tests) == 1 else ir.Logical("or", tests))
    return over("std::find({0}, {1}, {2}) != {1}", EQUAL)(w, node)


@writes_builtin("copy")
def _copy(w: CppWriter, node: ir.Builtin) -> Written:
    return w.write(node.arguments[0])


def sorted_lines(w: CppWriter, name: str, node: ir.Builtin) -> list[str]:
    """Statements that leave something sorted in a new variable."""
    base, kind = node.arguments[0], w.type(node.type)
    whole = f"{name}.begin(), {name}.end()"
    match node.name:
        case "sorted_keys":
            table = variable(w, base)
            loop = f"for (const auto& entry : {table}) {{\n    {name}.push_back(entry.first);\n}}"
            return [f"{kind} {name};", loop, f"std::sort({whole});"]
        case "sorted_items" | "sorted_set":
            table = variable(w, base)
            return [f"{kind} {name}({table}.begin(), {table}.end());", f"std::sort({whole});"]
    descending = ""
    if node.name == "sorted_descending":
        assert isinstance(node.type, List)
        descending = f", std::greater<{w.type(node.type.item)}>()"
    return [w.definition(node.type, name, base), f"std::sort({whole}{descending});"]


SORTED = frozenset(("sorted", "sorted_descending", "sorted_keys", "sorted_items", "sorted_set", "sorted_text"))


@writes_builtin("sorted", "sorted_descending", "sorted_keys", "sorted_items", "sorted_set")
def _sorted(w: CppWriter, node: ir.Builtin) -> Written:
    name = w.fresh({"sorted_keys": "keys", "sorted_items": "items"}.get(node.name, "sorted"), "ordered")
    return w.prepared(sorted_lines(w, name, node), name)


@writes_builtin("index_of")
def _index_of(w: CppWriter, node: ir.Builtin) -> Written:
    written = over("std::find({0}, {1}, {2}) - {0}", ADD)(w, node)
    return w.int_cast(written.text)


@writes_builtin("count_item")
def _count_item(w: CppWriter, node: ir.Builtin) -> Written:
    return w.int_cast(over("std::count({0}, {1}, {2})")(w, node).text)


@writes_builtin("filled")
def _filled(w: CppWriter, node: ir.Builtin) -> Written:
    item, count = node.arguments
    return Written(f"{w.type(node.type)}({filling(w, item, count)})", ATOM)


def filling(w: CppWriter, item: Any, count: Any) -> str:
    """What a vector of equal items is made with."""
    zero = (isinstance(item, ir.Literal) and not item.value) or item == ir.ListDisplay(item.type, ())
    return w.index(count) if zero else f"{w.index(count)}, {w.text(item)}"


# --- maps, sets, queues


@writes_builtin("get")
def _get(w: CppWriter, node: ir.Builtin) -> Written:
    base, key, default = node.arguments
    table = w.text(base, ATOM)
    with w.inline():
        otherwise = w.text(default, TERNARY)
    if w.is_inline or isinstance(key, ir.Name | ir.Literal):
        text = w.whole(key)
        return Written(f"{table}.count({text}) > 0 ? {table}.at({text}) : {otherwise}", TERNARY)
    name = w.fresh("found", "entry", "it")
    w.line(f"auto {name} = {table}.find({w.whole(key)});")
    return Written(f"{name} != {table}.end() ? {name}->second : {otherwise}", TERNARY)


@writes_builtin("has_key", "has")
def _has(w: CppWriter, node: ir.Builtin) -> Written:
    base, key = node.arguments
    return Written(f"{w.text(base, ATOM)}.count({w.whole(key)}) > 0", LESS)


@writes_builtin("keys", "values")
def _parts(w: CppWriter, node: ir.Builtin) -> Written:
    name = w.fresh(node.name, "parts")
    table = variable(w, node.arguments[0])
    part = "first" if node.name == "keys" else "second"
    loop = f"for (const auto& entry : {table}) {{\n    {name}.push_back(entry.{part});\n}}"
    return w.prepared([f"{w.type(node.type)} {name};", loop], name)


@writes_builtin("empty_set")
def _empty_set(w: CppWriter, node: ir.Builtin) -> Written:
    return Written(f"{w.type(node.type)}()", ATOM)


@writes_builtin("queue_of")
def _queue_of(w: CppWriter, node: ir.Builtin) -> Written:
    assert isinstance(node.type, Queue)
    first = node.arguments[0]
    kind = w.type(node.type)
    if isinstance(first, ir.ListDisplay):
        inner = f"{{{', '.join(map(w.element, first.items))}}}"
        return Written(f"{kind}({inner})" if first.items else f"{kind}()", ATOM)
    base = variable(w, first)
    return Written(f"{kind}(std::deque<{w.type(node.type.item)}>({base}.begin(), {base}.end()))", ATOM)
