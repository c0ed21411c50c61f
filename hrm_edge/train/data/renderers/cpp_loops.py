"""C++'s loops and comprehensions: what stands after `for`, algorithms with a lambda."""

from typing import Any

from hrm_edge.train.data.ir import nodes as ir
from hrm_edge.train.data.ir.analysis import root
from hrm_edge.train.data.ir.builtins import MUTATING
from hrm_edge.train.data.ir.traversal import every
from hrm_edge.train.data.ir.types import INT, STR, List, Map, Type
from hrm_edge.train.data.renderers.cpp_pieces import variable
from hrm_edge.train.data.renderers.cpp_types import is_hashed, is_scalar
from hrm_edge.train.data.renderers.cpp_writer import ADD, ATOM, LESS, CppWriter, Written
from hrm_edge.train.data.renderers.usage import is_count_range


def loop_head(w: CppWriter, node: ir.For) -> tuple[str, list[str]]:
    """What stands between the brackets of a `for`, whose names are declared, and lines that begin its body."""
    used = {part.name for part in every(node.body) if isinstance(part, ir.Name)}
    names = tuple(name if name in used else "_" for name in node.pattern.names)
    pattern = ir.Pattern(names, node.pattern.types)
    match node.iterable:
        case ir.Range() as numbers:
            return _counting(w, numbers, names[0], node.body), []
        case ir.Enumerate(base=base):
            return _enumerated(w, base, pattern)
        case ir.Zip(left=left, right=right):
            return _zipped(w, left, right, pattern)
        case ir.Items(base=base):
            return f"{_binding(w, pattern)} : {w.text(base)}", []
        case ir.Builtin(name="keys" | "values" as part, arguments=(base,)):
            pair = (names[0], "_") if part == "keys" else ("_", names[0])
            return f"{_pair(w, pair)} : {w.text(base)}", []
        case ir.Builtin(name="sorted_keys" | "sorted_items" as part, arguments=(base,)):
            head = _binding(w, pattern) if part == "sorted_items" else _pair(w, (names[0], "_"))
            return f"{head} : {_in_order(w, base)}", []
        case ir.Builtin(name="sorted_set", arguments=(base,)):
            assert isinstance(node.iterable.type, List)
            return f"{_one(w, pattern)} : {_in_order(w, base)}", []
        case ir.Builtin(name="chars" | "copy", arguments=(base,)):
            return f"{_one(w, pattern)} : {w.text(base)}", []
        case ir.ListDisplay(items=items) if len(names) == 1 and (is_scalar(pattern.types[0]) or _all_texts(items)):
            return f"{_one(w, pattern)} : {w.whole(node.iterable)}", []
    if isinstance(node.iterable.type, Map):
        return f"{_pair(w, (names[0], '_'))} : {w.text(node.iterable)}", []
    if names == ("_",) and isinstance(node.iterable, ir.Name):
        index = w.fresh("i", "j", "k")
        return f"size_t {index} = 0; {index} < {w.text(node.iterable)}.size(); ++{index}", []
    head = _one(w, pattern) if len(names) == 1 else _binding(w, pattern)
    return f"{head} : {w.text(node.iterable)}", []


def _all_texts(items: tuple[Any, ...]) -> bool:
    return bool(items) and all(isinstance(item, ir.Literal) and item.type == STR for item in items)


def _in_order(w: CppWriter, base: Any) -> str:
    """A map or set that is walked from its least key."""
    key = base.type.key if isinstance(base.type, Map) else base.type.item
    if not is_hashed(key):
        return w.text(base)
    name = variable(w, base)
    return f"{w.type(base.type).replace('unordered_', '', 1)}({name}.begin(), {name}.end())"


def _one(w: CppWriter, pattern: ir.Pattern) -> str:
    name = w.fresh("item", "each") if pattern.names[0] == "_" else w.declare(pattern.names[0])
    unused = "[[maybe_unused]] " if pattern.names[0] == "_" else ""
    return f"{unused}{reference(w, pattern.types[0])} {name}"


def reference(w: CppWriter, kind: Type) -> str:
    """How something that is only looked at is declared."""
    if is_scalar(kind):
        return w.type(kind)
    return "const std::string&" if kind == STR else "const auto&"


def _binding(w: CppWriter, pattern: ir.Pattern) -> str:
    return _pair(w, pattern.names)


def _pair(w: CppWriter, names: tuple[str, ...]) -> str:
    return f"const auto& [{', '.join(bound(w, names))}]"


def bound(w: CppWriter, names: tuple[str, ...]) -> list[str]:
    """Names of a structured binding, each different."""
    texts: list[str] = []
    for name in names:
        text = w.declare(name) if name != "_" else "_"
        texts.append(text if text not in texts else f"{text}{len(texts)}")
    return texts


def _counting(w: CppWriter, node: ir.Range, name: str, body: Any) -> str:
    index = name in w.usage.indexes and node.step > 0 and is_count_range(node, w.indexes)
    changing = _changed_in(body)
    fixed = not any(isinstance(part, ir.Call | ir.MethodCall) for part in every(node.stop)) and not any(
        isinstance(part, ir.Name) and part.name in changing for part in every(node.stop)
    )
    stop: Any = node.stop
    if not fixed:
        text = w.fresh("stop", "end", "limit")
        w.line(f"const {w.type(INT)} {text} = {w.whole(stop)};")
        stop, index = ir.Name(INT, text), False
    start = w.count(node.start).text if index else w.text(node.start)
    condition = _until(w, stop, index) if node.step > 0 else _down_to(w, stop)
    counter = w.fresh("i", "j", "k", "round") if name == "_" else w.declare(name, index=index)
    step = {1: f"++{counter}", -1: f"--{counter}"}.get(
        node.step, f"{counter} {'+' if node.step > 0 else '-'}= {abs(node.step)}"
    )
    return f"{'size_t' if index else w.type(INT)} {counter} = {start}; {condition.format(counter)}; {step}"


def _changed_in(body: Any) -> set[str]:
    found: set[str] = set()
    for node in every(body):
        match node:
            case ir.Assign(target=target) | ir.Augment(target=target):
                found.add(root(target) or "")
            case ir.Swap(targets=targets):
                found.update(root(target) or "" for target in targets)
            case ir.Builtin(name=name, arguments=arguments) if name in MUTATING:
                found.add(root(arguments[0]) or "")
            case ir.Call(arguments=arguments):
                found.update(root(argument) or "" for argument in arguments if not is_scalar(argument.type))
    return found


def _until(w: CppWriter, stop: Any, index: bool) -> str:
    def write(node: Any, level: int) -> str:
        return (w.count(node) if index else w.write(node)).at(level).replace("{", "{{").replace("}", "}}")

    match stop:
        case ir.Binary(operator="+", left=left, right=ir.Literal(value=1)):
            return f"{{}} <= {write(left, LESS + 1)}"
        case ir.Binary(operator="-", left=left, right=right) if index:
            return f"{{}} + {write(right, ADD + 1)} < {write(left, LESS + 1)}"
    return f"{{}} < {write(stop, LESS + 1)}"


def _down_to(w: CppWriter, stop: Any) -> str:
    if stop == ir.Literal(INT, -1):
        return "{} >= 0"
    match stop:
        case ir.Binary(operator="-", left=left, right=ir.Literal(value=1)):
            return f"{{}} >= {w.text(left, LESS + 1)}"
    return f"{{}} > {w.text(stop, LESS + 1)}"


def _enumerated(w: CppWriter, base: Any, pattern: ir.Pattern) -> tuple[str, list[str]]:
    if isinstance(base, ir.Builtin) and base.name == "chars":
        base = base.arguments[0]
    source = variable(w, base)
    (counter, item), (_, kind) = pattern.names, pattern.types
    sized = counter == "_" or counter in w.usage.indexes
    text = w.fresh("i", "j", "k") if counter == "_" else w.declare(counter, index=sized)
    size = f"{source}.size()" if sized else w.int_cast(f"{source}.size()").text
    lines = [] if item == "_" else [f"{reference(w, kind)} {w.declare(item)} = {source}[{text}];"]
    return f"{'size_t' if sized else w.type(INT)} {text} = 0; {text} < {size}; ++{text}", lines


def _zipped(w: CppWriter, left: Any, right: Any, pattern: ir.Pattern) -> tuple[str, list[str]]:
    first, second = variable(w, left), variable(w, right)
    counter = w.fresh("i", "j", "k")
    lines = [
        f"{reference(w, kind)} {w.declare(name)} = {source}[{counter}];"
        for name, kind, source in zip(pattern.names, pattern.types, (first, second), strict=True)
        if name != "_"
    ]
    bounds = f"{counter} < {first}.size() && {counter} < {second}.size()"
    return f"size_t {counter} = 0; {bounds}; ++{counter}", lines


def algorithm(w: CppWriter, node: ir.Fold) -> Written:
    """`any_of`, `all_of` or `count_if`."""
    predicate = node.condition if node.kind == "count" else node.element
    inside = {part.name for part in every(predicate) if isinstance(part, ir.Name)}
    name = node.pattern.names[0]
    source = w.text(node.iterable, ATOM)
    capture = "&" if inside - {name} else ""
    with w.scope(), w.inline():
        kind = node.pattern.types[0]
        parameter = reference(w, kind) if is_scalar(kind) or kind == STR else f"const {w.type(kind)}&"
        parameter += f" {w.declare(name)}" if name in inside else ""
        text = f"[{capture}]({parameter}) {{ return {w.text(predicate)}; }}"
    word = {"any": "any_of", "all": "all_of", "count": "count_if"}[node.kind]
    written = Written(f"std::{word}({source}.begin(), {source}.end(), {text})", ATOM)
    return w.int_cast(written.text) if node.kind == "count" else written
