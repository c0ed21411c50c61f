"""Programs as Rust: edition 2021, standard library only."""

import re
from collections.abc import Sequence
from typing import Any

# what these register in rust_writer's tables is how nodes and builtins are written
import hrm_edge.train.data.renderers.rust_builtins
import hrm_edge.train.data.renderers.rust_collections
import hrm_edge.train.data.renderers.rust_mutations
import hrm_edge.train.data.renderers.rust_operators  # noqa: F401
from hrm_edge.train.data.ir import nodes as ir
from hrm_edge.train.data.ir.types import BOOL, INT, STR, List, Nothing, Object, Optional, Type
from hrm_edge.train.data.renderers.cases import grouped
from hrm_edge.train.data.renderers.renderer import Case
from hrm_edge.train.data.renderers.rust_expressions import method_name
from hrm_edge.train.data.renderers.rust_layout import without_turbofish
from hrm_edge.train.data.renderers.rust_moves import last_uses
from hrm_edge.train.data.renderers.rust_statements import Statements
from hrm_edge.train.data.renderers.rust_types import (
    COLLECTIONS,
    argument_literal,
    borrowed_type,
    expected_literal,
    is_copy,
    owned_type,
    rust_name,
)
from hrm_edge.train.data.renderers.rust_writer import Form, RustWriter, Shared, Variable
from hrm_edge.train.data.renderers.usage import Usage, mutating_methods, usage_of

_HELPERS = {
    "floor_div": """fn floor_div(a: i64, b: i64) -> i64 {
    let quotient = a / b;
    if a % b != 0 && (a < 0) != (b < 0) {
        quotient - 1
    } else {
        quotient
    }
}""",
    "floor_mod": """fn floor_mod(a: i64, b: i64) -> i64 {
    ((a % b) + b) % b
}""",
}
_COLLECTION = re.compile(rf"\b({'|'.join(COLLECTIONS)})\b")


class RustRenderer:
    """Rust."""

    language = "rust"

    def solution(self, program: ir.Program) -> str:
        """Uses, classes, helpers, the entry function; every function is private to its file but the entry."""
        shared = Shared(program, mutating_methods(program))
        parts = [_class(made, shared) for made in program.classes]
        parts.extend(_function(function, shared) for function in program.functions)
        parts = [*(_HELPERS[name] for name in sorted(shared.helpers)), *parts]
        return "\n\n".join([*_uses("\n".join(parts), shared.uses), *parts])

    def name(self, program: ir.Program) -> str:
        """The entry function's name."""
        return rust_name(program.entry.name)

    def head(self, program: ir.Program) -> str:
        """`fn f(xs: &[i64]) -> i64`."""
        return _head(program.entry, frozenset())

    def stub(self, program: ir.Program, documentation: str) -> str:
        """A function with `///` lines whose body is `todo!()`."""
        uses = _uses(self.head(program), set())
        comment = "\n".join(f"/// {line}".rstrip() for line in documentation.splitlines())
        return "\n\n".join([*uses, f"{comment}\n{self.head(program)} {{\n    todo!()\n}}"])

    def literal(self, value: Any, type: Type) -> str:
        """A value as it stands right of an `assert_eq!`."""
        return expected_literal(value, type)

    def call(self, program: ir.Program, arguments: Sequence[Any]) -> str:
        """The entry function called with literals."""
        pairs = zip(arguments, program.entry.parameters, strict=True)
        texts = (argument_literal(value, parameter.type) for value, parameter in pairs)
        return f"{self.name(program)}({', '.join(texts)})"

    def tests(self, program: ir.Program, cases: Sequence[Case]) -> str:
        """A `mod tests` with one function per kind of case."""
        lines = ["#[cfg(test)]", "mod tests {", "    use super::*;"]
        for words, group in grouped(cases):
            lines += ["", "    #[test]", f"    fn {words.replace(' ', '_')}() {{"]
            lines += [f"        {self._assertion(program, case)}" for case in group]
            lines.append("    }")
        lines.append("}")
        if uses := _uses("\n".join(lines), set()):
            lines[3:3] = [f"    {uses[0]}"]
        return "\n".join(lines)

    def _assertion(self, program: ir.Program, case: Case) -> str:
        call = self.call(program, case.arguments)
        if program.entry.result == BOOL:
            return f"assert!({'' if case.result else '!'}{call});"
        return f"assert_eq!({call}, {self.literal(case.result, program.entry.result)});"

    def stdin_program(self, program: ir.Program) -> str:
        """The solution and a main that reads its arguments line by line."""
        lines = ["fn main() {", "    let mut lines = io::stdin().lines().map(|line| line.unwrap());"]
        passed = []
        names = {"lines", *(parameter.name for parameter in program.entry.parameters)}
        for parameter in program.entry.parameters:
            name = rust_name(parameter.name)
            if name == "lines":
                name = "line" if "line" not in names else "given"
            read, argument = _read(name, parameter.type)
            lines.append(f"    {read}")
            passed.append(argument)
        call = f"{self.name(program)}({', '.join(passed)})"
        lines += [*(f"    {line}" for line in _print(call, program.entry.result)), "}"]
        solution = self.solution(program)
        uses = "use std::io;\n" if solution.startswith("use ") else "use std::io;\n\n"
        return f"{uses}{solution}\n\n" + "\n".join(lines)


def _read(name: str, kind: Type) -> tuple[str, str]:
    """(statement that reads a line, what is passed)."""
    line = "lines.next().unwrap_or_default()"
    if kind == INT:
        return f"let {name}: i64 = {line}.trim().parse().unwrap();", name
    if kind == STR:
        return f"let {name} = {line};", f"&{name}"
    numbers = f"{line}.split_whitespace().map(|word| word.parse().unwrap()).collect()"
    return f"let {name}: Vec<i64> = {numbers};", f"&{name}"


def _print(call: str, kind: Type) -> list[str]:
    if not isinstance(kind, List):
        return [f'println!("{{}}", {call});']
    return [
        f"let words: Vec<String> = {call}.iter().map(|value| value.to_string()).collect();",
        'println!("{}", words.join(" "));',
    ]


def _uses(text: str, others: set[str]) -> list[str]:
    """The `use` lines of a text, as one part; none where it needs none."""
    found = sorted(set(_COLLECTION.findall(text)))
    lines = sorted(f"use {path};" for path in others)
    if found:
        lines.append(f"use std::collections::{found[0] if len(found) == 1 else '{' + ', '.join(found) + '}'};")
    return ["\n".join(lines)] if lines else []


def _head(function: ir.Function, reassigned: frozenset[str], receiver: str = "", room: int = 100) -> str:
    parameters = [receiver] if receiver else []
    for parameter in function.parameters:
        name = rust_name(parameter.name)
        if parameter.shared:
            parameters.append(f"{name}: &mut {owned_type(parameter.type)}")
        else:
            own = is_copy(parameter.type) or isinstance(parameter.type, Optional)
            mut = "mut " if parameter.name in reassigned and own else ""
            parameters.append(f"{mut}{name}: {borrowed_type(parameter.type)}")
    result = "" if isinstance(function.result, Nothing) else f" -> {owned_type(function.result)}"
    name = method_name(function.name) if receiver else rust_name(function.name)
    head = f"fn {name}({', '.join(parameters)}){result}"
    if len(head) + 2 <= room:
        return head
    return f"fn {name}(\n{''.join(f'    {parameter},{chr(10)}' for parameter in parameters)}){result}"


def _function(function: ir.Function, shared: Shared) -> str:
    usage = usage_of(function, shared.program, shared.mutating_methods)
    w = RustWriter(shared, usage, last_uses(function))
    w.line(f"{_head(function, usage.reassigned)} {{")
    _body(w, function, usage)
    w.line("}")
    return "\n".join(w.lines)


def _body(w: RustWriter, function: ir.Function, usage: Usage) -> None:
    statements = Statements(w, function.result)
    with w.block():
        for parameter in function.parameters:
            _declare(w, parameter, usage)
        for parameter in function.parameters:
            if parameter.type == STR:
                statements.hoist_bytes(parameter.name)
        statements.block(function.body, tail=True)


def _declare(w: RustWriter, parameter: ir.Parameter, usage: Usage) -> None:
    kind = parameter.type
    if parameter.shared:
        form = Form.EXCLUSIVE
    elif is_copy(kind) or isinstance(kind, Optional):
        form = Form.PLACE
    elif parameter.name in usage.reassigned:
        form = Form.PLACE
        name = rust_name(parameter.name)
        copied = "to_string" if kind == STR else "to_vec" if isinstance(kind, List) else "clone"
        w.line(f"let mut {name} = {name}.{copied}();")
    else:
        form = Form.SLICE if kind == STR or isinstance(kind, List) else Form.REFERENCE
    w.declare(parameter.name, kind, form)


def _class(made: ir.Class, shared: Shared) -> str:
    fields = "\n".join(f"    {rust_name(name)}: {owned_type(kind)}," for name, kind, _ in made.fields)
    parts = [_constructor(made, shared), *(_method(made, method, shared) for method in made.methods)]
    inner = "\n\n".join(parts)
    struct = f"struct {made.name} {{\n{fields}\n}}" if made.fields else f"struct {made.name};"
    return f"{struct}\n\nimpl {made.name} {{\n{inner}\n}}"


def _constructor(made: ir.Class, shared: Shared) -> str:
    values = tuple(ir.Assign(ir.Name(kind, name), value) for name, kind, value in made.fields)
    function = ir.Function("new", made.parameters, Nothing(), values)
    usage = usage_of(function, shared.program, frozenset())
    w = RustWriter(shared, usage, frozenset())
    w.depth = 1
    w.line(f"{_head(function, frozenset())} -> Self {{")
    with w.block():
        for parameter in made.parameters:
            _declare(w, parameter, Usage(**{**vars(usage), "reassigned": frozenset()}))
        written = []
        for name, kind, value in made.fields:
            text, field = without_turbofish(w.owned_for(value, kind))[0], rust_name(name)
            written.append(field if text == field else f"{field}: {text}")
        inner = f" {{ {', '.join(written)} }}" if written else ""
        if len(inner) > 18 + 4:  # rustfmt's struct_lit_width
            inner = f" {{\n{''.join(f'    {field},{chr(10)}' for field in written)}}}"
        w.line(f"{made.name}{inner}")
    w.line("}")
    return "\n".join(w.lines)


def _method(made: ir.Class, method: ir.Function, shared: Shared) -> str:
    usage = usage_of(method, shared.program, shared.mutating_methods)
    w = RustWriter(shared, usage, last_uses(method))
    w.depth = 1
    receiver = "&mut self" if (made.name, method.name) in shared.mutating_methods else "&self"
    w.line(f"{_head(method, usage.reassigned, receiver, 96)} {{")
    w.variables["self"] = _self(made)
    _body(w, method, usage)
    w.line("}")
    return "\n".join(w.lines)


def _self(made: ir.Class) -> Variable:
    return Variable("self", Object(made.name), Form.PLACE)
