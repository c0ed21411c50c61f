"""Programs as Go 1.21: slices, maps, several results, the layout of gofmt."""

from collections.abc import Iterable, Sequence
from typing import Any

from hrm_edge.errors import DataError
from hrm_edge.train.data.ir import nodes as ir
from hrm_edge.train.data.ir.fresh_names import FreshNames
from hrm_edge.train.data.ir.types import Str, Type
from hrm_edge.train.data.renderers.body_facts import ends, mutated, text_builders
from hrm_edge.train.data.renderers.go_preparation import prepared, prepared_constructor
from hrm_edge.train.data.renderers.go_statements import GoBody
from hrm_edge.train.data.renderers.go_syntax import show
from hrm_edge.train.data.renderers.go_tests import table_test
from hrm_edge.train.data.renderers.go_unit import GoUnit, aligned
from hrm_edge.train.data.renderers.go_writing import GoScope
from hrm_edge.train.data.renderers.renderer import Case, reads_lines
from hrm_edge.train.data.renderers.writer import Writer


class GoRenderer:
    """The protocol's methods, for Go."""

    language = "go"

    def solution(self, program: ir.Program) -> str:
        """Package clause, imports, types, helpers, the entry function."""
        return _source(program, ())

    def name(self, program: ir.Program) -> str:
        """`two_words` as twoWords."""
        return GoUnit(program).variable(program.entry.name)

    def head(self, program: ir.Program) -> str:
        """`func f(xs []int, n int) bool`."""
        return _head(GoUnit(program), program.entry)

    def stub(self, program: ir.Program, documentation: str) -> str:
        """The head under a comment, a body that panics."""
        unit = GoUnit(program)
        comment = [f"// {line.strip()}".rstrip() for line in documentation.splitlines()]
        lines = [*comment, f"{_head(unit, program.entry)} {{", '\tpanic("not implemented")', "}"]
        return "package main\n\n" + "\n".join(lines)

    def literal(self, value: Any, type: Type) -> str:
        """A value with its type; that of an Optional is made by a function `ptr` that tests bring along."""
        return show(GoUnit(_EMPTY).literal(value, type))

    def call(self, program: ir.Program, arguments: Sequence[Any]) -> str:
        """`f([]int{1, 2}, 3)`."""
        unit = GoUnit(program)
        pairs = zip(arguments, program.entry.parameters, strict=True)
        values = tuple(show(unit.literal(value, parameter.type), min(len(arguments), 2)) for value, parameter in pairs)
        return f"{self.name(program)}({', '.join(values)})"

    def tests(self, program: ir.Program, cases: Sequence[Case]) -> str:
        """A table test in a file of its own."""
        return table_test(GoUnit(program), cases)

    def stdin_program(self, program: ir.Program) -> str:
        """The solution, and a `main` that reads lines.

        Raises:
            DataError: a parameter or the result does not fit a line.
        """
        if not reads_lines(program):
            raise DataError(f"{program.entry.name}: its values do not fit lines of input: take int, str and list[int]")
        return _source(program, _main(program))


_EMPTY = ir.Program((ir.Function("f", (), Str(), ()),))


def _source(program: ir.Program, main: Sequence[str]) -> str:
    program = prepared(program)
    unit = GoUnit(program)
    parts = [lines for kind in program.classes for lines in _class(unit, kind)]
    parts.extend(_function(unit, function) for function in program.functions)
    if main:
        unit.imports.update(_MAIN_IMPORTS)
        if any("strconv" in line for line in main):
            unit.imports.add("strconv")
        parts.append("\n".join(main))
    types = ["\n".join(lines) for lines in unit.struct_lines()]
    helpers = ["\n".join(lines) for lines in unit.helper_lines()]
    return "\n\n".join(["package main", *_imports(unit.imports), *types, *helpers, *parts])


def _imports(paths: Iterable[str]) -> list[str]:
    match sorted(paths):
        case []:
            return []
        case [path]:
            return [f'import "{path}"']
        case several:
            return ["\n".join(["import (", *(f'\t"{path}"' for path in several), ")"])]


def _head(unit: GoUnit, function: ir.Function, receiver: str = "") -> str:
    pointers = unit.pointers.get(function.name, frozenset()) if not receiver else frozenset()
    parameters = unit.parameters(function.parameters, pointers)
    return f"func {receiver}{unit.variable(function.name)}({parameters}){unit.result(function.result)}"


def _function(unit: GoUnit, function: ir.Function, receiver: str = "", head: str = "") -> str:
    writer = Writer("\t")
    pointers = unit.pointers.get(function.name, frozenset()) if not head else frozenset()
    scope = GoScope(
        names=FreshNames(function),
        mutated=mutated(function, unit.program),
        pointers=pointers,
        builders=text_builders(function),
        receiver=receiver,
    )
    writer.line(f"{head or _head(unit, function)} {{")
    body = GoBody(unit, function, scope, writer)
    body.block(function.body)
    if unit.result(function.result) and not ends(function.body):
        writer.line('\tpanic("unreachable")')
    writer.line("}")
    return writer.text()


def _class(unit: GoUnit, kind: ir.Class) -> Iterable[str]:
    """The struct, its constructor, its methods."""
    name = unit.class_name(kind.name)
    fields = [(unit.variable(field), unit.type(type_)) for field, type_, _ in kind.fields]
    yield "\n".join([f"type {name} struct {{", *aligned(fields), "}"])
    yield _constructor(unit, kind)
    for method in kind.methods:
        taken = {unit.variable(each) for each in (*FreshNames(method).taken_names(), *unit.functions)}
        receiver = next(each for each in (name[0].lower(), name[:2].lower(), "it", "object") if each not in taken)
        head = _head(unit, method, f"({receiver} *{name}) ")
        yield _function(unit, method, receiver, head)


def _constructor(unit: GoUnit, kind: ir.Class) -> str:
    function = prepared_constructor(kind)
    name = unit.class_name(kind.name)
    writer = Writer("\t")
    *statements, last = function.body
    assert isinstance(last, ir.Return) and isinstance(last.value, ir.TupleDisplay)
    scope = GoScope(names=FreshNames(function), mutated=frozenset())
    writer.line(f"func new{name}({unit.parameters(kind.parameters)}) *{name} {{")
    body = GoBody(unit, function, scope, writer)
    body.block(tuple(statements))
    with writer.indented():
        pairs = zip(kind.fields, last.value.items, strict=True)
        values = [f"{unit.variable(field)}: {show(body.expression(value))}" for (field, _, _), value in pairs]
        writer.line(f"return &{name}{{{', '.join(values)}}}")
    writer.line("}")
    return writer.text()


_MAIN_IMPORTS = ("bufio", "fmt", "os", "strings")


def _main(program: ir.Program) -> list[str]:
    unit = GoUnit(program)
    names = FreshNames(program.entry)
    reader, line_of = names.draw(("reader", "input")), names.draw(("read_line", "next_line"))
    lines = [
        f"func {unit.variable(line_of)}(reader *bufio.Reader) string {{",
        "\tline, _ := reader.ReadString('\\n')",
        '\treturn strings.TrimRight(line, "\\r\\n")',
        "}",
        "",
        "func main() {",
        f"\t{reader} := bufio.NewReader(os.Stdin)",
    ]
    line = f"{unit.variable(line_of)}({reader})"
    for parameter in program.entry.parameters:
        name = unit.variable(parameter.name)
        match str(parameter.type):
            case "int":
                lines.append(f"\t{name}, _ := strconv.Atoi(strings.TrimSpace({line}))")
            case "str":
                lines.append(f"\t{name} := {line}")
            case _:
                word, value = names.draw(("word", "field")), names.draw(("value", "number"))
                lines.extend(
                    (
                        f"\t{name} := []int{{}}",
                        f"\tfor _, {word} := range strings.Fields({line}) {{",
                        f"\t\t{value}, _ := strconv.Atoi({word})",
                        f"\t\t{name} = append({name}, {value})",
                        "\t}",
                    )
                )
    arguments = ", ".join(unit.variable(parameter.name) for parameter in program.entry.parameters)
    call = f"{unit.variable(program.entry.name)}({arguments})"
    if str(program.entry.result) == "list[int]":
        call = f'strings.Trim(fmt.Sprint({call}), "[]")'
    return [*lines, f"\tfmt.Println({call})", "}"]
