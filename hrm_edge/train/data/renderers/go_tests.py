"""Table tests in Go."""

from collections.abc import Sequence
from typing import Any

from hrm_edge.train.data.ir.types import List, Map, Optional, Tuple, Type
from hrm_edge.train.data.renderers.go_syntax import Composite, show
from hrm_edge.train.data.renderers.go_unit import GoUnit
from hrm_edge.train.data.renderers.names import pascal
from hrm_edge.train.data.renderers.renderer import Case

_POINTER = ("func ptr[T any](value T) *T {", "\treturn &value", "}")


def table_test(unit: GoUnit, cases: Sequence[Case]) -> str:
    """The test file: a struct per case, one loop over them."""
    entry = unit.program.entry
    results = _results(entry.result)
    inputs = [(_field(unit, parameter.name), parameter.type) for parameter in entry.parameters]
    wants = [("want" if len(results) == 1 else f"want{at}", type_) for at, type_ in enumerate(results, 1)]
    deep = any(isinstance(type_, List | Map | Optional) for type_ in results)
    pointers = any(isinstance(type_, Optional) for _, type_ in (*inputs, *wants))
    lines = ["package main", "", *_imports(deep), ""]
    if pointers:
        lines += [*_POINTER, ""]
    lines += [f"func Test{pascal(entry.name)}(t *testing.T) {{", "\ttests := []struct {"]
    lines += [f"\t{line}" for line in _fields(unit, [*inputs, *wants])]
    lines.append("\t}{")
    lines += [f"\t\t{_row(unit, case, results)}," for case in cases]
    lines += ["\t}", "\tfor _, test := range tests {", *_check(unit, inputs, wants), "\t}", "}"]
    return "\n".join(lines)


def _imports(deep: bool) -> list[str]:
    return ["import (", '\t"reflect"', '\t"testing"', ")"] if deep else ['import "testing"']


def _results(type_: Type) -> tuple[Type, ...]:
    return type_.items if isinstance(type_, Tuple) else (type_,)


def _field(unit: GoUnit, name: str) -> str:
    field = unit.variable(name)
    return f"{field}Input" if field.startswith("want") else field


def _fields(unit: GoUnit, fields: list[tuple[str, Type]]) -> list[str]:
    """Fields of a struct: those in a row that have one type on one line, types under each other."""
    groups: list[tuple[list[str], str]] = []
    for name, type_ in fields:
        text = unit.type(type_)
        if (
            groups
            and groups[-1][1] == text
            and not (name.startswith("want") and not groups[-1][0][0].startswith("want"))
        ):
            groups[-1][0].append(name)
        else:
            groups.append(([name], text))
    width = max(len(", ".join(names)) for names, _ in groups)
    return [f"\t{', '.join(names):<{width}} {text}" for names, text in groups]


def _row(unit: GoUnit, case: Case, results: tuple[Type, ...]) -> str:
    parameters = unit.program.entry.parameters
    values = [unit.literal(value, parameter.type) for value, parameter in zip(case.arguments, parameters, strict=True)]
    given = case.result if len(results) > 1 else (case.result,)
    values += [unit.literal(value, type_) for value, type_ in zip(given, results, strict=True)]
    return show(Composite("", tuple(values)))


def _check(unit: GoUnit, inputs: list[tuple[str, Type]], wants: list[tuple[str, Type]]) -> list[str]:
    arguments = [f"test.{name}" for name, _ in inputs]
    name = unit.variable(unit.program.entry.name)
    gots = [want.replace("want", "got") for want, _ in wants]
    differs = [_differs(got, f"test.{want}", type_) for got, (want, type_) in zip(gots, wants, strict=True)]
    verbs = ", ".join(["%v"] * len(arguments))
    got_verbs, want_verbs = (", ".join(["%v"] * len(wants)) for _ in range(2))
    shown = ", ".join([*arguments, *gots, *(f"test.{want}" for want, _ in wants)])
    head = f"{', '.join(gots)} := {name}({', '.join(arguments)})"
    report = f't.Errorf("{name}({verbs}) = {got_verbs}, want {want_verbs}", {shown})'
    return [f"\t\tif {head}; {' || '.join(differs)} {{", f"\t\t\t{report}", "\t\t}"]


def _differs(got: str, want: str, type_: Any) -> str:
    if isinstance(type_, List | Map | Optional):
        return f"!reflect.DeepEqual({got}, {want})"
    return f"{got} != {want}"
