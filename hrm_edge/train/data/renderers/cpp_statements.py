"""C++'s statements."""

from typing import Any

from hrm_edge.train.data.ir import nodes as ir
from hrm_edge.train.data.ir.analysis import root
from hrm_edge.train.data.ir.lowering import lower_folds
from hrm_edge.train.data.ir.traversal import every
from hrm_edge.train.data.ir.types import INT, STR, List, Set, Type
from hrm_edge.train.data.renderers.cpp_collections import SORTED, filling, sorted_lines
from hrm_edge.train.data.renderers.cpp_expressions import sort_by_lines
from hrm_edge.train.data.renderers.cpp_loops import algorithm, bound, loop_head, reference
from hrm_edge.train.data.renderers.cpp_mutations import dropping, place, taking
from hrm_edge.train.data.renderers.cpp_operators import floor_division
from hrm_edge.train.data.renderers.cpp_pieces import append_lines, is_string, piece, text_parts
from hrm_edge.train.data.renderers.cpp_prepare import is_algorithm
from hrm_edge.train.data.renderers.cpp_types import is_scalar
from hrm_edge.train.data.renderers.cpp_writer import EXPRESSIONS, CppWriter, Written
from hrm_edge.train.data.renderers.source_lines import operands_of
from hrm_edge.train.data.renderers.usage import refers_to_unchanged

_LINE_WIDTH = 100


def write_block(w: CppWriter, statements: tuple[Any, ...], result: Type) -> None:
    """Statements at the present depth of a function with this result."""
    at = 0
    while at < len(statements):
        following = statements[at + 1] if at + 1 < len(statements) else None
        if not _is_needless(statements[at], following):
            _write(w, statements[at], result)
        at += 1


def _is_needless(statement: Any, following: Any) -> bool:
    """`if k not in m: m[k] = []` before `m[k].append(…)`: the brackets make an entry where there is none."""
    match statement, following:
        case (
            ir.If(
                condition=ir.Unary(operator="not", operand=ir.Builtin(name="has_key", arguments=(base, key))),
                then=(ir.Assign(target=ir.Lookup(base=target, key=same), value=value),),
                otherwise=(),
            ),
            ir.Do(value=ir.Builtin(name="append" | "add", arguments=(ir.Lookup(base=other, key=again), _))),
        ):
            empty = isinstance(value, ir.ListDisplay) and not value.items
            empty = empty or (isinstance(value, ir.Builtin) and value.name == "empty_set")
            return empty and target == base == other and same == key == again
    return False


def _inside(w: CppWriter, statements: tuple[Any, ...], result: Type) -> None:
    with w.block():
        write_block(w, statements, result)


def _write(w: CppWriter, statement: Any, result: Type) -> None:
    match statement:
        case ir.Let():
            _let(w, statement)
        case ir.LetTuple():
            _let_tuple(w, statement)
        case ir.Assign():
            _assign(w, statement)
        case ir.Augment():
            _augment(w, statement)
        case ir.Swap():
            _swap(w, statement)
        case ir.If():
            _if(w, statement, result)
        case ir.While(condition=condition, body=body):
            with w.inline():
                head = w.text(condition)
            w.line(_broken(w, "while (", head, ") {"))
            _inside(w, body, result)
            w.line("}")
        case ir.For():
            with w.scope():
                head, lines = loop_head(w, statement)
                w.line(f"for ({head}) {{")
                with w.block():
                    for line in lines:
                        w.line(line)
                    write_block(w, statement.body, result)
            w.line("}")
        case ir.Return(value=value):
            w.line("return;" if value is None else _broken(w, "return ", w.value_for(value, result), ";"))
        case ir.Break():
            w.line("break;")
        case ir.Continue():
            w.line("continue;")
        case ir.Do(value=value):
            _do(w, value)


def _broken(w: CppWriter, before: str, text: str, after: str) -> str:
    """One line, or a long condition with one operand a line."""
    if 4 * w.depth + len(before) + len(text) + len(after) <= _LINE_WIDTH or "\n" in text:
        return before + text + after
    first, *others = operands_of(text)
    lines, sign = [first], ""
    for other in others:
        sign, _, rest = other.partition(" ")
        lines[-1] += f" {sign}"
        lines.append(rest)
    return before + ("\n" + " " * len(before)).join(lines) + after


def _do(w: CppWriter, value: Any) -> None:
    if isinstance(value, ir.Builtin) and value.name in ("pop", "pop_first"):
        w.line(f"{place(w, value.arguments[0])}.{dropping(value)};")
        return
    w.line(f"{w.text(value)};")


def _if(w: CppWriter, statement: ir.If, result: Type) -> None:
    w.line(_broken(w, "if (", w.text(statement.condition), ") {"))
    while True:
        _inside(w, statement.then, result)
        rest = statement.otherwise
        if len(rest) == 1 and isinstance(rest[0], ir.If):
            statement = rest[0]
            with w.inline():
                w.line(_broken(w, "} else if (", w.text(statement.condition), ") {"))
            continue
        if rest:
            w.line("} else {")
            _inside(w, rest, result)
        break
    w.line("}")


# --- new variables


def _let(w: CppWriter, statement: ir.Let) -> None:
    name, kind, value = statement.name, statement.type, statement.value
    if kind == INT and name in w.usage.indexes and w.is_count(value):
        text = w.count(value).text
        w.line(f"size_t {w.declare(name, index=True)} = {text};")
        return
    lines = _let_lines(w, statement)
    w.declare(name)
    for line in lines:
        w.line(line)


def _let_lines(w: CppWriter, statement: ir.Let) -> list[str]:
    name, kind, value = statement.name, statement.type, statement.value
    with w.scope():
        text = w.declare(name)
    type_ = w.type(kind)
    steady = name not in w.usage.changed
    match value:
        case ir.Builtin(name=sort) if sort in SORTED:
            return sorted_lines(w, text, value)
        case ir.SortBy():
            return [w.definition(kind, text, value.base), *sort_by_lines(w, text, value)]
        case ir.Builtin(name="pop" | "pop_first", arguments=(base,)):
            source = place(w, base)
            return [f"{type_} {text} = {source}.{taking(value)};", f"{source}.{dropping(value)};"]
        case ir.Builtin(name="filled", arguments=(item, count)):
            return [f"{type_} {text}({filling(w, item, count)});"]
        case ir.Builtin(name="queue_of", arguments=(ir.ListDisplay(items=items),)):
            return [f"{type_} {text};", *(f"{text}.push({w.whole(item)});" for item in items)]
        case ir.Binary(left=left, right=right) if isinstance(kind, List):
            return [*_let_lines(w, ir.Let(name, kind, left)), *append_lines(w, text, right)]
        case ir.Name() | ir.Index() | ir.Lookup() | ir.Field() | ir.Builtin(name="last"):
            if not is_scalar(kind) and kind == value.type and steady and refers_to_unchanged(value, w.usage.changed):
                return [f"{reference(w, kind)} {text} = {w.text(value)};"]
    if _is_empty(value):
        return [f"{type_} {text};"]
    const = "const " if kind == STR and isinstance(value, ir.Literal) and steady else ""
    return [const + w.definition(kind, text, value)]


def _is_empty(value: Any) -> bool:
    match value:
        case ir.ListDisplay(items=()) | ir.MapDisplay(entries=()) | ir.Builtin(name="empty_set"):
            return True
        case ir.Literal(value=""):
            return True
    return False


def _let_tuple(w: CppWriter, statement: ir.LetTuple) -> None:
    value = statement.value
    names = tuple(name if w.usage.occurrences.get(name, 0) else "_" for name in statement.names)
    steady = not w.usage.changed & set(names)
    if isinstance(value, ir.Builtin) and value.name in ("pop", "pop_first"):
        source = place(w, value.arguments[0])
        w.line(f"auto [{', '.join(bound(w, names))}] = {source}.{taking(value)};")
        w.line(f"{source}.{dropping(value)};")
        return
    text = w.text(value)
    lent = isinstance(value, ir.Name | ir.Index | ir.Lookup) and steady and refers_to_unchanged(value, w.usage.changed)
    w.line(f"{'const auto&' if lent else 'auto'} [{', '.join(bound(w, names))}] = {text};")


# --- new values


def _assign(w: CppWriter, statement: ir.Assign) -> None:
    target, value = statement.target, statement.value
    match target, value:
        case ir.Name(), ir.Binary(operator="+", left=left, right=right) if left == target and _grows(value):
            if not _mentions(right, target.name):
                _augment(w, ir.Augment("+", target, right))
                return
        case ir.Name(), ir.Builtin(name="sorted", arguments=(base,)) if base == target:
            w.line(f"std::sort({w.text(target)}.begin(), {w.text(target)}.end());")
            return
        case (
            ir.Lookup(base=base, key=key),
            ir.Binary(operator="+" | "-" as sign, left=ir.Builtin(name="get", arguments=(found, same, start))),
        ) if (found, same) == (base, key) and _is_zero(start) and not _mentions(value.right, root(base)):
            _augment(w, ir.Augment(sign, target, value.right))
            return
        case ir.Name(), _ if _is_empty(value):
            w.line(f"{w.text(target)}.clear();")
            return
    written = w.value_for(value, target.type)
    w.line(f"{place(w, target)} = {written};")


def _is_zero(value: Any) -> bool:
    return _is_empty(value) or (isinstance(value, ir.Literal) and value.value == 0 and value.value is not False)


def _grows(value: ir.Binary) -> bool:
    return value.type == STR or isinstance(value.type, List)


def _mentions(tree: Any, name: str | None) -> bool:
    return any(isinstance(node, ir.Name) and node.name == name for node in every(tree))


def _augment(w: CppWriter, statement: ir.Augment) -> None:
    target, operator, value = statement.target, statement.operator, statement.value
    text = place(w, target)
    if target.type == STR:
        parts = text_parts(value)
        if len(parts) > 1 and (is_string(parts[0]) or is_string(parts[1])):
            w.line(f"{text} += {w.text(value)};")
        else:
            for part in parts:
                w.line(f"{text} += {piece(w, part).text};")
    elif isinstance(target.type, List):
        for line in append_lines(w, text, value):
            w.line(line)
    elif isinstance(target.type, Set):
        source = w.fresh("others", "more")
        if isinstance(value, ir.Name):
            source = w.text(value)
        else:
            w.line(w.definition(value.type, source, value))
        w.line(f"{text}.insert({source}.begin(), {source}.end());")
    elif target.type == INT and operator in ("//", "%") and w.shared.negative_division:
        w.line(f"{text} = {floor_division(w, operator, target, value).text};")
    elif value == ir.Literal(INT, 1) and operator in ("+", "-"):
        w.line(f"{operator * 2}{text};")
    else:
        sign = "/" if operator == "//" else operator
        counted = isinstance(target, ir.Name) and target.name in w.indexes and w.is_count(value)
        w.line(f"{text} {sign}= {w.count(value).text if counted else w.text(value)};")


def _swap(w: CppWriter, statement: ir.Swap) -> None:
    targets, values = statement.targets, statement.values
    if len(targets) == 2 and targets == values[::-1] and not any(isinstance(each, ir.Lookup) for each in targets):
        w.line(f"std::swap({place(w, targets[0])}, {place(w, targets[1])});")
        return
    texts = []
    for at, (target, value) in enumerate(zip(targets, values, strict=True)):
        earlier = {root(each) for each in targets[:at]}
        if at and any(isinstance(part, ir.Name) and part.name in earlier for part in every((value, target))):
            wished = f"next_{target.name}" if isinstance(target, ir.Name) else "next"
            name = w.fresh(wished, "next")
            w.line(f"{w.type(target.type)} {name} = {w.whole(value)};")
            texts.append(name)
        else:
            texts.append(w.whole(value))
    for target, text in zip(targets, texts, strict=True):
        w.line(f"{place(w, target)} = {text};")


# --- comprehensions where no line can come before


def _fold(w: CppWriter, node: ir.Fold) -> Written:
    if is_algorithm(node):
        return algorithm(w, node)
    made = lower_folds(ir.Function("made", (), node.type, (ir.Return(node),)), texts=True)
    return w.lambda_of(lambda: _inside(w, made.body, node.type))


EXPRESSIONS[ir.Fold] = _fold
