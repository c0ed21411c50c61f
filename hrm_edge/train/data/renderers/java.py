"""Programs as Java 17: one `class Solution` of static methods, lists and maps of java.util, records for tuples."""

from collections.abc import Iterable, Sequence
from typing import Any

from hrm_edge.errors import DataError
from hrm_edge.train.data.ir import nodes as ir
from hrm_edge.train.data.ir.fresh_names import FreshNames
from hrm_edge.train.data.ir.traversal import every
from hrm_edge.train.data.ir.types import NOTHING, STR, Type
from hrm_edge.train.data.renderers.body_facts import ends, text_builders
from hrm_edge.train.data.renderers.java_containers import NONE, Containers
from hrm_edge.train.data.renderers.java_main import main_method
from hrm_edge.train.data.renderers.java_preparation import prepared, prepared_constructor
from hrm_edge.train.data.renderers.java_statements import JavaBody
from hrm_edge.train.data.renderers.java_tests import junit_test
from hrm_edge.train.data.renderers.java_unit import JavaUnit, index_variables
from hrm_edge.train.data.renderers.java_writing import JavaScope
from hrm_edge.train.data.renderers.renderer import Case, reads_lines
from hrm_edge.train.data.renderers.writer import Writer

STEP = "    "


class JavaRenderer:
    """The protocol's methods, for Java."""

    language = "java"

    def solution(self, program: ir.Program) -> str:
        """Imports and `class Solution`."""
        return _source(program, with_main=False)

    def name(self, program: ir.Program) -> str:
        """`two_words` as twoWords."""
        return JavaUnit(program).method(program.entry.name)

    def head(self, program: ir.Program) -> str:
        """`public static int f(List<Integer> xs, int n)`."""
        return _head(JavaUnit(program), program.entry, "public static ")

    def stub(self, program: ir.Program, documentation: str) -> str:
        """`class Solution` with the head under a documentation comment, a body that throws."""
        unit = JavaUnit(program)
        text = documentation.replace("*/", "*&#47;").splitlines()
        comment = ["/**", *(f" * {line.strip()}".rstrip() for line in text), " */"]
        body = [
            f"{_head(unit, program.entry, 'public static ')} {{",
            f'{STEP}throw new UnsupportedOperationException("not implemented");',
            "}",
        ]
        return _file(unit, ["\n".join([*comment, *body])])

    def literal(self, value: Any, type: Type) -> str:
        """A value that nothing changes; a number that needs 64 bits has its L."""
        return JavaUnit(_WIDE if _is_wide(value) else _NARROW).literal(value, type).text

    def call(self, program: ir.Program, arguments: Sequence[Any]) -> str:
        """`Solution.f(List.of(1, 2), 3)`."""
        unit = JavaUnit(program)
        pairs = zip(arguments, program.entry.parameters, strict=True)
        values = ", ".join(unit.literal(value, parameter.type).text for value, parameter in pairs)
        return f"Solution.{self.name(program)}({values})"

    def tests(self, program: ir.Program, cases: Sequence[Case]) -> str:
        """`class SolutionTest` of JUnit 5."""
        return junit_test(JavaUnit(program), cases)

    def stdin_program(self, program: ir.Program) -> str:
        """The solution with a `main` that reads lines.

        Raises:
            DataError: a parameter or the result does not fit a line.
        """
        if not reads_lines(program):
            raise DataError(f"{program.entry.name}: its values do not fit lines of input: take int, str and list[int]")
        return _source(program, with_main=True)


_NARROW = ir.Program((ir.Function("f", (), STR, ()),))
_WIDE = ir.Program(_NARROW.functions, facts=ir.Facts(wide=True))


def _is_wide(value: Any) -> bool:
    if isinstance(value, dict):
        return any(map(_is_wide, (*value, *value.values())))
    if isinstance(value, list | tuple):
        return any(map(_is_wide, value))
    return isinstance(value, int) and not -(2**31) <= value < 2**31


def _source(program: ir.Program, *, with_main: bool) -> str:
    program, lists = prepared(program)
    unit = JavaUnit(program)
    methods = [
        _method(unit, function, _modifier(program, function), lists=lists[function.name])
        for function in program.functions
    ]
    classes = [_class(unit, kind) for kind in program.classes]
    if with_main:
        methods.append(main_method(unit))
    return _file(unit, [*unit.record_lines(), *classes, *methods])


def _modifier(program: ir.Program, function: ir.Function) -> str:
    return "public static " if function is program.entry else "private static "


def _file(unit: JavaUnit, parts: Sequence[str]) -> str:
    members = "\n\n".join(parts).splitlines()
    lines = ["class Solution {", *(STEP + line if line else "" for line in members), "}"]
    imports = unit.import_lines()
    return "\n".join([*imports, *([""] if imports else []), *lines])


def _head(unit: JavaUnit, function: ir.Function, modifier: str) -> str:
    parameters = unit.parameters(function.parameters)
    return f"{modifier}{unit.result(function.result)} {unit.method(function.name)}({parameters})"


def _method(
    unit: JavaUnit, function: ir.Function, modifier: str, fields: Iterable[str] = (), lists: Containers = NONE
) -> str:
    writer = Writer(STEP)
    names = FreshNames(function)
    scope = JavaScope(
        names=names,
        builders=text_builders(function),
        narrow=index_variables(function) if unit.whole == "long" else frozenset(),
        lists=lists,
        locals=frozenset(fields) & _local_names(function),
    )
    writer.line(f"{_head(unit, function, modifier)} {{")
    JavaBody(unit, function, scope, writer).block(function.body)
    if function.result != NOTHING and not ends(function.body):
        writer.line(f"{STEP}throw new IllegalStateException();")
    writer.line("}")
    return writer.text()


def _local_names(function: ir.Function) -> frozenset[str]:
    found = {parameter.name for parameter in function.parameters}
    for node in every(function.body):
        match node:
            case ir.Let(name=name):
                found.add(name)
            case ir.LetTuple(names=names):
                found.update(names)
            case ir.For(pattern=pattern):
                found.update(pattern.names)
    return frozenset(found)


def _class(unit: JavaUnit, kind: ir.Class) -> str:
    """A nested class: fields, constructor, methods."""
    name = unit.class_name(kind.name)
    fields = [field for field, _, _ in kind.fields]
    changed = _set_fields(unit.program)
    declared = [
        f"{STEP}private {'' if field in changed else 'final '}{unit.type(type_)} {unit.variable(field)};"
        for field, type_, _ in kind.fields
    ]
    parts = [_constructor(unit, kind), *(_method(unit, method, "", fields) for method in kind.methods)]
    text = "\n\n".join(parts).splitlines()
    lines = [f"private static class {name} {{", *declared, "", *(STEP + line if line else "" for line in text), "}"]
    return "\n".join(lines)


def _set_fields(program: ir.Program) -> frozenset[str]:
    """Fields that get another value after the constructor."""
    found = set()
    for node in every((program.functions, tuple(kind.methods for kind in program.classes))):
        match node:
            case ir.Assign(target=ir.Field(field=field)) | ir.Augment(target=ir.Field(field=field)):
                found.add(field)
            case ir.Swap(targets=targets):
                found.update(target.field for target in targets if isinstance(target, ir.Field))
    return frozenset(found)


def _constructor(unit: JavaUnit, kind: ir.Class) -> str:
    function = prepared_constructor(kind)
    *statements, last = function.body
    assert isinstance(last, ir.Return) and isinstance(last.value, ir.TupleDisplay)
    writer = Writer(STEP)
    scope = JavaScope(names=FreshNames(function))
    writer.line(f"{unit.class_name(kind.name)}({unit.parameters(kind.parameters)}) {{")
    body = JavaBody(unit, function, scope, writer)
    body.block(tuple(statements))
    with writer.indented():
        for (field, type_, _), value in zip(kind.fields, last.value.items, strict=True):
            writer.line(f"this.{unit.variable(field)} = {body.fitted(value, type_).text};")
    writer.line("}")
    return writer.text()
