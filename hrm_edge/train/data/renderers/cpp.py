"""Programs as C++17."""

import re
from collections.abc import Sequence
from typing import Any

# what these register in cpp_writer's tables is how nodes and builtins are written
import hrm_edge.train.data.renderers.cpp_builtins
import hrm_edge.train.data.renderers.cpp_collections
import hrm_edge.train.data.renderers.cpp_mutations
import hrm_edge.train.data.renderers.cpp_operators  # noqa: F401
from hrm_edge.train.data.ir import nodes as ir
from hrm_edge.train.data.ir.traversal import every
from hrm_edge.train.data.ir.types import BOOL, INT, STR, List, Nothing, Object, Type
from hrm_edge.train.data.renderers.cases import grouped
from hrm_edge.train.data.renderers.cpp_expressions import field_name
from hrm_edge.train.data.renderers.cpp_helpers import helper_source
from hrm_edge.train.data.renderers.cpp_prepare import prepared
from hrm_edge.train.data.renderers.cpp_statements import write_block
from hrm_edge.train.data.renderers.cpp_types import (
    braced,
    cpp_name,
    cpp_type,
    function_name,
    is_scalar,
    parameter_type,
    typed,
)
from hrm_edge.train.data.renderers.cpp_writer import CppWriter, Shared
from hrm_edge.train.data.renderers.renderer import Case
from hrm_edge.train.data.renderers.usage import Usage, mutating_methods, usage_of

_HEADERS: tuple[tuple[str, str], ...] = (
    (
        "algorithm",
        r"std::(sort|stable_sort|reverse|find|count|count_if|any_of|all_of|min|max|min_element|max_element)\b",
    ),
    ("cassert", r"\bassert\("),
    ("cctype", r"std::(isdigit|isalpha|isalnum|isupper|islower|isspace|toupper|tolower)\b"),
    ("cmath", r"std::(sqrt|pow)\b"),
    ("cstddef", r"\bsize_t\b"),
    ("cstdlib", r"std::abs\b"),
    ("deque", r"std::deque\b"),
    ("functional", r"std::greater\b"),
    ("iostream", r"std::(cin|cout|getline)\b"),
    ("map", r"std::map\b"),
    ("numeric", r"std::accumulate\b"),
    ("optional", r"std::(optional|nullopt)\b"),
    ("queue", r"std::queue\b"),
    ("set", r"std::set\b"),
    ("sstream", r"std::istringstream\b"),
    ("string", r"std::(string|to_string|stoi|stoll|getline)\b"),
    ("tuple", r"std::(tuple|make_tuple|get)\b"),
    ("unordered_map", r"std::unordered_map\b"),
    ("unordered_set", r"std::unordered_set\b"),
    ("utility", r"std::(pair|make_pair|swap)\b"),
    ("vector", r"std::vector\b"),
)
_PATTERNS = tuple((name, re.compile(pattern)) for name, pattern in _HEADERS)


class CppRenderer:
    """C++17 with every name of the library written out."""

    language = "cpp"

    def solution(self, program: ir.Program) -> str:
        """Includes, helpers, classes, functions; the entry function last."""
        methods = mutating_methods(program)
        shared = Shared(program, methods, _open_classes(program))
        functions = [prepared(function) for function in program.functions]
        usages = [usage_of(function, program, methods) for function in functions]
        shared.taken.update(*(usage.names for usage in usages))
        parts = [_class(made, shared) for made in program.classes]
        parts.extend(_function(function, usage, shared) for function, usage in zip(functions, usages, strict=True))
        helpers = []
        for name, used in shared.helpers.items():
            source = helper_source(name, wide=shared.wide)
            helpers.append(source if used == name else re.sub(rf"\b{name}\(", f"{used}(", source))
        return with_includes("\n\n".join([*helpers, *parts]))

    def name(self, program: ir.Program) -> str:
        """The entry function's name."""
        return function_name(program.entry.name)

    def head(self, program: ir.Program) -> str:
        """`int f(const std::vector<int>& xs)`."""
        return _head(program.entry, program.facts.wide, frozenset())

    def stub(self, program: ir.Program, documentation: str) -> str:
        """A function with a comment that returns an empty value."""
        comment = "\n".join(f"// {line}".rstrip() for line in documentation.splitlines())
        kind = program.entry.result
        value = "false" if kind == BOOL else "0" if is_scalar(kind) else '""' if kind == STR else "{}"
        return with_includes(f"{comment}\n{self.head(program)} {{\n    return {value};\n}}")

    def literal(self, value: Any, type: Type) -> str:
        """A value with its type; ints of containers are `int` unless one of them is too large."""
        return typed(value, type, wide=_is_wide(value))

    def call(self, program: ir.Program, arguments: Sequence[Any]) -> str:
        """The entry function called with literals."""
        pairs = zip(arguments, program.entry.parameters, strict=True)
        wide = program.facts.wide
        texts = (braced(value, parameter.type, wide=wide) for value, parameter in pairs)
        return f"{self.name(program)}({', '.join(texts)})"

    def tests(self, program: ir.Program, cases: Sequence[Case]) -> str:
        """A `main` with assertions."""
        lines = ["int main() {"]
        for words, group in grouped(cases):
            lines.append(f"    // {words}")
            lines += [f"    {self._assertion(program, case)}" for case in group]
        return with_includes("\n".join([*lines, "    return 0;", "}"]))

    def _assertion(self, program: ir.Program, case: Case) -> str:
        call = self.call(program, case.arguments)
        if program.entry.result == BOOL:
            return f"assert({'' if case.result else '!'}{call});"
        expected = typed(case.result, program.entry.result, wide=program.facts.wide)
        comparison = f"{call} == {expected}"
        # the preprocessor takes a comma between braces for one between arguments
        return f"assert(({comparison}));" if "{" in expected and "," in expected else f"assert({comparison});"

    def stdin_program(self, program: ir.Program) -> str:
        """The solution and a main that reads its arguments line by line."""
        wide = program.facts.wide
        lines, passed = ["int main() {", "    std::string line;"], []
        taken = {"line", "number", "stream", "result", self.name(program)}
        for parameter in program.entry.parameters:
            name = cpp_name(parameter.name)
            while name in taken:
                name += "_"
            taken.add(name)
            passed.append(name)
            lines += [f"    {line}" for line in _read(name, parameter.type, wide)]
        call = f"{self.name(program)}({', '.join(passed)})"
        lines += [*(f"    {line}" for line in _print(call, program.entry.result)), "    return 0;", "}"]
        body = "\n".join(line for line in self.solution(program).splitlines() if not line.startswith("#include"))
        return with_includes(body.strip() + "\n\n" + "\n".join(lines))


def with_includes(text: str) -> str:
    """The text after the headers that it needs."""
    headers = [f"#include <{name}>" for name, pattern in _PATTERNS if pattern.search(text)]
    return "\n".join(headers) + "\n\n" + text if headers else text


def _is_wide(value: Any) -> bool:
    match value:
        case bool():
            return False
        case int():
            return abs(value) >= 2**31
        case list() | tuple():
            return any(map(_is_wide, value))
        case dict():
            return any(map(_is_wide, value.values()))
    return False


def _read(name: str, kind: Type, wide: bool) -> list[str]:
    read = "std::getline(std::cin, line);"
    if kind == INT:
        return [read, f"{cpp_type(kind, wide=wide)} {name} = std::{'stoll' if wide else 'stoi'}(line);"]
    if kind == STR:
        return [f"std::string {name};", f"std::getline(std::cin, {name});"]
    number = cpp_type(INT, wide=wide)
    return [
        read,
        f"std::istringstream {name}_line(line);",
        f"std::vector<{number}> {name};",
        f"for ({number} number; {name}_line >> number;) {{",
        f"    {name}.push_back(number);",
        "}",
    ]


def _print(call: str, kind: Type) -> list[str]:
    if kind == BOOL:
        return [f'std::cout << ({call} ? "true" : "false") << "\\n";']
    if not isinstance(kind, List):
        return [f'std::cout << {call} << "\\n";']
    return [
        f"auto result = {call};",
        "for (size_t i = 0; i < result.size(); ++i) {",
        '    std::cout << (i > 0 ? " " : "") << result[i];',
        "}",
        'std::cout << "\\n";',
    ]


def _head(function: ir.Function, wide: bool, reassigned: frozenset[str], name: str | None = None) -> str:
    parameters = ", ".join(
        f"{kind} {cpp_name(parameter.name)}"
        for parameter in function.parameters
        for kind in [
            parameter_type(parameter.type, wide=wide, shared=parameter.shared, reassigned=parameter.name in reassigned)
        ]
    )
    result = cpp_type(function.result, wide=wide)
    return f"{result} {name or function_name(function.name)}({parameters})"


def _function(function: ir.Function, usage: Usage, shared: Shared) -> str:
    w = CppWriter(shared, usage)
    w.line(f"{_head(function, shared.wide, usage.reassigned)} {{")
    _body(w, function)
    w.line("}")
    return "\n".join(w.lines)


def _body(w: CppWriter, function: ir.Function) -> None:
    with w.block():
        for parameter in function.parameters:
            w.declare(parameter.name)
        write_block(w, function.body, function.result)


# --- classes


def _open_classes(program: ir.Program) -> frozenset[str]:
    """Classes whose fields are named from outside."""
    return frozenset(
        str(node.receiver.type)
        for function in program.functions
        for node in every(function.body)
        if isinstance(node, ir.Field)
    )


def _class(made: ir.Class, shared: Shared) -> str:
    is_open = made.name in shared.open_classes
    lines = [f"struct {made.name} {{" if is_open else f"class {made.name} {{\npublic:"]
    fields = [
        f"    {cpp_type(kind, wide=shared.wide)} {field_name(_bare(made, shared), made.name, name)};"
        for name, kind, _ in made.fields
    ]
    if is_open:
        lines += [*fields, ""]
    members = [*_constructor(made, shared), *(_method(made, method, shared) for method in made.methods)]
    lines.append("\n\n".join(members))
    if not is_open and fields:
        lines += ["\nprivate:", *fields]
    return "\n".join([*lines, "};"])


def _bare(made: ir.Class, shared: Shared) -> CppWriter:
    function = ir.Function(made.name, made.parameters, Nothing(), ())
    w = CppWriter(shared, usage_of(function, shared.program, frozenset()))
    for parameter in made.parameters:
        w.declare(parameter.name)
    return w


def _constructor(made: ir.Class, shared: Shared) -> list[str]:
    w = _bare(made, shared)
    started = []
    later: list[ir.Statement] = []
    for name, kind, value in made.fields:
        if any(isinstance(part, ir.Fold) for part in every(value)):
            later.append(ir.Assign(ir.Field(kind, ir.Name(Object(made.name), "self"), name), value))
        elif not _starts_empty(value):
            with w.inline():
                started.append(f"{field_name(w, made.name, name)}({w.value_for(value, kind)})")
    if not made.parameters and not started and not later:
        return []
    parameters = ", ".join(
        f"{parameter_type(parameter.type, wide=shared.wide)} {cpp_name(parameter.name)}"
        for parameter in made.parameters
    )
    explicit = "explicit " if len(made.parameters) == 1 else ""
    rest = f" : {', '.join(started)}" if started else ""
    head = f"    {explicit}{made.name}({parameters}){rest} {{"
    if later:
        function = prepared(ir.Function(made.name, made.parameters, Nothing(), tuple(later)))
        body = CppWriter(shared, usage_of(function, shared.program, shared.mutating_methods))
        body.depth = 1
        _body(body, function)
        return ["\n".join([head, *body.lines, "    }"])]
    return [head + "}"]


def _starts_empty(value: Any) -> bool:
    match value:
        case ir.ListDisplay(items=()) | ir.MapDisplay(entries=()) | ir.Builtin(name="empty_set"):
            return True
        case ir.Builtin(name="queue_of", arguments=(ir.ListDisplay(items=()),)):
            return True
    return False


def _method(made: ir.Class, method: ir.Function, shared: Shared) -> str:
    method = prepared(method)
    usage = usage_of(method, shared.program, shared.mutating_methods)
    shared.taken.update(usage.names)
    w = CppWriter(shared, usage)
    w.depth = 1
    const = "" if (made.name, method.name) in shared.mutating_methods else " const"
    w.line(f"{_head(method, shared.wide, usage.reassigned, cpp_name(method.name))}{const} {{")
    _body(w, method)
    w.line("}")
    return "\n".join(w.lines)
