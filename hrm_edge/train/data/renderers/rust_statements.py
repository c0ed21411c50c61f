"""Rust's statements."""

from collections.abc import Callable
from typing import Any

from hrm_edge.train.data.ir import nodes as ir
from hrm_edge.train.data.ir.analysis import root
from hrm_edge.train.data.ir.traversal import every
from hrm_edge.train.data.ir.types import FLOAT, INT, List, Map, Optional, Str, Type
from hrm_edge.train.data.renderers.rust_assignments import assign, augment, swap
from hrm_edge.train.data.renderers.rust_collections import sorted_lines
from hrm_edge.train.data.renderers.rust_expressions import sort_by_line
from hrm_edge.train.data.renderers.rust_folds import bind, source
from hrm_edge.train.data.renderers.rust_layout import laid_out, room_at, without_turbofish
from hrm_edge.train.data.renderers.rust_operators import bind_some
from hrm_edge.train.data.renderers.rust_types import is_copy, owned_type, rust_name
from hrm_edge.train.data.renderers.rust_writer import Form, RustWriter
from hrm_edge.train.data.renderers.usage import refers_to_unchanged

_EMPTY = ("Vec::new()", "HashMap::new()", "HashSet::new()", "VecDeque::new()")


class Statements:
    """Writes the statements of one function."""

    def __init__(self, writer: RustWriter, result: Type) -> None:
        self.w = writer
        self._result = result

    def block(self, statements: tuple[Any, ...], *, tail: bool = False) -> None:
        """Statements at the present depth; with `tail` the last is the function's value."""
        at = 0
        while at < len(statements):
            last = tail and at == len(statements) - 1
            at += self._idiom(statements, at) or self._one(statements[at], last)

    def _one(self, statement: Any, last: bool) -> int:
        match statement:
            case ir.If():
                self._if(statement, last)
            case ir.Return(value=value):
                self._return(value, last)
            case _:
                _STATEMENTS[type(statement)](self, statement)
        return 1

    def _inside(self, statements: tuple[Any, ...], *, tail: bool = False) -> None:
        with self.w.block():
            self.block(statements, tail=tail)

    # --- several statements that are one in Rust

    def _idiom(self, statements: tuple[Any, ...], at: int) -> int:
        """Writes one and returns how many statements it covers, or 0."""
        statement = statements[at]
        match statement:
            case ir.If(condition=ir.IsNone(operand=ir.Name() as operand, negated=False), then=then, otherwise=()) if (
                then and isinstance(then[-1], ir.Return | ir.Break | ir.Continue)
            ):
                return self._let_else(operand, then)
            case ir.If(
                condition=ir.Unary(operator="not", operand=ir.Builtin(name="has_key", arguments=(base, key))),
                then=(ir.Assign(target=ir.Lookup(base=target, key=same), value=value),),
                otherwise=(),
            ) if (target, same) == (base, key):
                return self._entry(base, key, value, statements[at + 1] if at + 1 < len(statements) else None)
        return 0

    def _let_else(self, operand: ir.Name, then: tuple[Any, ...]) -> int:
        w = self.w
        before = w.variables[operand.name]
        if not isinstance(before.type, Optional) or operand.name in w.usage.reassigned:
            return 0
        lines, w.lines = w.lines, []
        self._inside(then)
        body, w.lines = w.lines, lines
        binding = bind_some(w, operand)
        w.line(f"let {binding} else {{")
        w.lines.extend(body)
        w.line("};")
        return 1

    def _entry(self, base: Any, key: Any, value: Any, following: Any) -> int:
        w = self.w
        if _mentions(value, root(base)) or _mentions(key, root(base)):
            return 0
        place = f"{w.receiver(base)}.entry({w.owned(key)})"
        made = w.owned(value)
        match following:
            case ir.Do(
                value=ir.Builtin(name="append" | "add" as name, arguments=(ir.Lookup(base=other, key=same), item))
            ) if (other, same) == (base, key) and made in _EMPTY and not _mentions(item, root(base)):
                method = (
                    "insert"
                    if name == "add"
                    else "push"
                    if isinstance(other.type, Map) and isinstance(value.type, List)
                    else "push_back"
                )
                w.line(f"{place}.or_default().{method}({w.owned(item)});")
                return 2
        rest = "or_default()" if made in _EMPTY else f"or_insert({made})"
        w.line(f"{place}.{rest};")
        return 1

    # --- control flow

    def _if(self, statement: ir.If, last: bool) -> None:
        w = self.w
        last = last and bool(statement.otherwise)
        word = "if"
        while True:
            absent = self._if_head(statement, word)
            if absent is None:
                self._inside(statement.then, tail=last)
                rest = statement.otherwise
            else:
                rest = absent
            if not rest:
                break
            if len(rest) == 1 and isinstance(rest[0], ir.If) and (not last or rest[0].otherwise):
                statement, word = rest[0], "} else if"
                continue
            w.line("} else {")
            self._inside(rest, tail=last)
            break
        w.line("}")

    def _if_head(self, statement: ir.If, word: str) -> tuple[Any, ...] | None:
        """The line before a branch; for a test of an Optional also the branch, and returns the other."""
        w = self.w
        match statement.condition:
            case ir.IsNone(operand=ir.Name() as operand, negated=negated) if isinstance(
                w.variables[operand.name].type, Optional
            ) and (statement.otherwise or negated):
                there, absent = (
                    (statement.then, statement.otherwise) if negated else (statement.otherwise, statement.then)
                )
                with w.scope():
                    w.line(f"{word} let {bind_some(w, operand)} {{")
                    self._inside(there)
                return absent
        if word == "if":
            condition = w.condition(statement.condition)
        else:
            with w.inline():
                condition = w.condition(statement.condition)
        w.line(laid_out(f"{word} ", condition, " {", room_at(w.depth)))
        return None

    def _while(self, statement: ir.While) -> None:
        w = self.w
        condition, body = statement.condition, statement.body
        match condition, body[:1]:
            case ir.Literal(value=True), _:
                head = "loop"
            case (
                ir.Unary(operator="not", operand=ir.Builtin(name="is_empty", arguments=(base,))),
                (ir.Let() | ir.LetTuple() as first,),
            ) if (
                isinstance(first.value, ir.Builtin)
                and first.value.name
                in (
                    "pop",
                    "pop_first",
                )
                and first.value.arguments == (base,)
            ):
                self._while_let(base, first, body[1:])
                return
            case _:
                with w.inline():
                    text = w.condition(condition)
                head = laid_out("while ", text, " {", room_at(w.depth)).removesuffix(" {")
        w.line(head if head.endswith("\n{") else f"{head} {{")
        self._inside(body)
        w.line("}")

    def _while_let(self, base: Any, first: Any, body: tuple[Any, ...]) -> None:
        w = self.w
        method = "pop" if first.value.name == "pop" else "pop_front"
        with w.scope():
            receiver = w.receiver(base)
            if isinstance(first, ir.Let):
                names, types = (first.name,), (first.type,)
            else:
                names, types = first.names, first.types
            texts = [self._binding(name, kind) for name, kind in zip(names, types, strict=True)]
            pattern = texts[0] if isinstance(first, ir.Let) else f"({', '.join(texts)})"
            w.line(f"while let Some({pattern}) = {receiver}.{method}() {{")
            self._inside(body)
        w.line("}")

    def _binding(self, name: str, kind: Type) -> str:
        """A new variable in a pattern that takes values."""
        if name == "_" or not self.w.usage.occurrences.get(name, 0):
            return "_"
        text = self.w.declare(name, kind, Form.PLACE)
        return f"mut {text}" if name in self.w.usage.changed else text

    def _for(self, statement: ir.For) -> None:
        w = self.w
        given = source(w, statement.iterable, statement.pattern)
        with w.scope():
            pattern = bind(w, given, statement.pattern, statement.body)
            w.line(laid_out(f"for {pattern} in ", given.loop, " {", room_at(w.depth)))
            self._inside(statement.body)
        w.line("}")

    def _return(self, value: Any, last: bool) -> None:
        w = self.w
        if value is None:
            if not last:
                w.line("return;")
            return
        if last and isinstance(value, ir.Conditional) and not isinstance(value.condition, ir.IsNone):
            self._if(ir.If(value.condition, (ir.Return(value.then),), (ir.Return(value.otherwise),)), True)
            return
        text, _ = without_turbofish(w.owned_for(value, self._result))
        before, after = ("", "") if last else ("return ", ";")
        w.line(laid_out(before, text, after, room_at(w.depth)))

    def _break(self, _: ir.Break) -> None:
        self.w.line("break;")

    def _continue(self, _: ir.Continue) -> None:
        self.w.line("continue;")

    def _do(self, statement: ir.Do) -> None:
        value = statement.value
        text = self.w.write(value).text
        if isinstance(value, ir.Builtin) and value.name in ("pop", "pop_first"):
            text = text.removesuffix(".unwrap()")
        self.w.line(f"{text};")

    # --- new variables

    def _let(self, statement: ir.Let) -> None:
        w = self.w
        name, kind, value = statement.name, statement.type, statement.value
        text = rust_name(name)
        sorts = isinstance(value, ir.SortBy) or (
            isinstance(value, ir.Builtin) and value.name in ("sorted", "sorted_descending", "sorted_keys", "sorted_set")
        )
        if sorts:
            lines = (
                [f"let mut {text} = {w.owned(value.base)};", sort_by_line(w, text, value)]
                if isinstance(value, ir.SortBy)
                else sorted_lines(w, text, value)  # type: ignore[arg-type]
            )
            for line in lines:
                w.line(line)
            w.declare(name, kind, Form.PLACE)
        elif kind == INT and name in w.usage.indexes and w.is_count(value):
            written = w.count(value).text
            w.line(f"let {self._mut(name)}{w.declare(name, kind, Form.PLACE, index=True)} = {written};")
        elif not is_copy(kind) and name not in w.usage.changed and self._lent(statement):
            pass
        else:
            self._let_owned(statement)
        if isinstance(kind, Str):
            self.hoist_bytes(name)

    def _let_owned(self, statement: ir.Let) -> None:
        w = self.w
        name, kind, value = statement.name, statement.type, statement.value
        text, chain = without_turbofish(w.owned_for(value, kind))
        annotation = ""
        if chain or self._needs_type(statement, text):
            annotation = f": {owned_type(kind)}"
        before = f"let {self._mut(name)}{rust_name(name)}{annotation} = "
        w.line(laid_out(before, text, ";", room_at(w.depth)))
        untyped = not annotation and kind in (INT, FLOAT) and w.is_untyped(value)
        w.declare(name, kind, Form.PLACE)
        if untyped:
            w.untyped.add(name)

    def _needs_type(self, statement: ir.Let, text: str) -> bool:
        w = self.w
        name, kind, value = statement.name, statement.type, statement.value
        if isinstance(kind, Optional):
            return text == "None"
        if text in _EMPTY:
            return not (isinstance(kind, List) and _is_only_filled(w, name))
        if not (w.shared.program.facts.wide or name in w.before_dots):
            return False
        match value:
            case ir.Builtin(name="filled", arguments=(item, _)):
                return w.is_untyped(item)
            case ir.ListDisplay(items=items):
                return all(map(w.is_untyped, items))
            case ir.Fold(kind="list"):
                return text.startswith("vec!")
        return is_copy(kind) and w.is_untyped(value)

    def _mut(self, name: str) -> str:
        return "mut " if name in self.w.usage.changed else ""

    def _lent(self, statement: ir.Let) -> bool:
        """Writes a variable that refers to a part of another, where neither changes."""
        w = self.w
        value = statement.value
        if isinstance(statement.type, Optional) or not refers_to_unchanged(value, w.usage.changed):
            return False
        written = w.write(value)
        if written.form is Form.VALUE or (written.form is Form.PLACE and isinstance(value, ir.Name)):
            return False
        form = Form.SLICE if written.form in (Form.SLICE, Form.UNSIZED) else Form.REFERENCE
        w.line(f"let {rust_name(statement.name)} = {w.borrow(written)};")
        w.declare(statement.name, statement.type, form)
        owner = root(value) or next((part.name for part in every(value) if isinstance(part, ir.Name)), None)
        returned = {id(node.value) for node in w.usage.nodes if isinstance(node, ir.Return)}
        w.last_uses -= {
            id(node) for node in w.usage.nodes if isinstance(node, ir.Name) and node.name == owner
        } - returned
        return True

    def _let_tuple(self, statement: ir.LetTuple) -> None:
        w = self.w
        value = statement.value
        pairs = list(zip(statement.names, statement.types, strict=True))
        text = w.write(value)
        copied = all(map(is_copy, statement.types))
        if not copied and text.form in (Form.PLACE, Form.REFERENCE) and refers_to_unchanged(value, w.usage.changed):
            names = [
                w.declare(name, kind, Form.REFERENCE) if w.usage.occurrences.get(name, 0) else "_"
                for name, kind in pairs
            ]
            w.line(f"let ({', '.join(names)}) = {w.borrow(text)};")
            return
        written = w.own(text, value.type).text
        w.line(f"let ({', '.join(self._binding(name, kind) for name, kind in pairs)}) = {written};")

    def hoist_bytes(self, name: str) -> None:
        """`let bytes = s.as_bytes();` for a text whose characters are named by position more than once."""
        w = self.w
        if name in w.usage.changed:
            return
        count = sum(
            isinstance(node, ir.Index) and isinstance(node.base, ir.Name) and node.base.name == name
            for node in w.usage.nodes
        )
        if count > 1:
            text = w.fresh("bytes", f"{name}_bytes")
            w.line(f"let {text} = {rust_name(name)}.as_bytes();")
            w.bytes_of[name] = text


def _assign(statements: Statements, statement: ir.Assign) -> None:
    assign(statements.w, statement)


def _augment(statements: Statements, statement: ir.Augment) -> None:
    augment(statements.w, statement)


def _swap(statements: Statements, statement: ir.Swap) -> None:
    swap(statements.w, statement)


_STATEMENTS: dict[type, Callable[[Statements, Any], None]] = {
    ir.Let: Statements._let,
    ir.LetTuple: Statements._let_tuple,
    ir.Assign: _assign,
    ir.Swap: _swap,
    ir.Augment: _augment,
    ir.While: Statements._while,
    ir.For: Statements._for,
    ir.Break: Statements._break,
    ir.Continue: Statements._continue,
    ir.Do: Statements._do,
}


def _mentions(tree: Any, name: str | None) -> bool:
    return any(isinstance(node, ir.Name) and node.name == name for node in every(tree))


def _is_only_filled(w: RustWriter, name: str) -> bool:
    """Whether a list is returned and otherwise only appended to, so that its type follows."""
    appended = returned = 0
    for node in w.usage.nodes:
        match node:
            case ir.Builtin(name="append" | "extend", arguments=(ir.Name(name=found), *_)) if found == name:
                appended += 1
            case ir.Return(value=ir.Name(name=found)) if found == name:
                returned += 1
    return returned > 0 and appended + returned == w.usage.occurrences.get(name, 0)
