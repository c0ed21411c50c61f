"""Programs as Python: type hints, comprehensions, and the standard library where it has what is needed."""

from collections.abc import Sequence
from typing import Any

from hrm_edge.errors import DataError
from hrm_edge.train.data.ir import types as t
from hrm_edge.train.data.ir.nodes import Program
from hrm_edge.train.data.renderers.cases import grouped
from hrm_edge.train.data.renderers.names import clear_of
from hrm_edge.train.data.renderers.python_expressions import PythonExpressions
from hrm_edge.train.data.renderers.python_statements import PythonStatements, function_head
from hrm_edge.train.data.renderers.python_values import python_literal
from hrm_edge.train.data.renderers.renderer import Case, reads_lines
from hrm_edge.train.data.renderers.writer import Writer

STEP = "    "


class PythonRenderer:
    """The protocol's methods, for Python 3.11."""

    language = "python"

    def solution(self, program: Program) -> str:
        """Imports, classes, helpers, the entry function."""
        expressions = PythonExpressions()
        parts = []
        for made in program.classes:
            out = Writer(STEP)
            PythonStatements(expressions, out).of_class(made)
            parts.append(out.text())
        for function in program.functions:
            out = Writer(STEP)
            PythonStatements(expressions, out).function(function)
            parts.append(out.text())
        return "\n\n\n".join([*_imports(expressions), *parts])

    def name(self, program: Program) -> str:
        """As the program has it."""
        return PythonExpressions().name(program.entry.name)

    def head(self, program: Program) -> str:
        """`def f(xs: list[int]) -> int:`."""
        return function_head(PythonExpressions(), program.entry)

    def stub(self, program: Program, documentation: str) -> str:
        """The head, a docstring, `pass`."""
        expressions = PythonExpressions()
        out = Writer(STEP)
        head = function_head(expressions, program.entry)
        out.line(head)
        with out.indented():
            text = documentation.replace("\\", "\\\\").replace('"""', r"\"\"\"")
            first, *rest = (line.strip() for line in text.splitlines())
            end = ' """' if not rest and first.endswith('"') else '"""'
            out.line(f'"""{first}{"" if rest else end}')
            for line in rest:
                out.line(line)
            if rest:
                out.line('"""')
            out.line("pass")
        return "\n\n\n".join([*_imports(expressions), out.text()])

    def literal(self, value: Any, type: t.Type) -> str:  # noqa: ARG002 - Python's values show their types
        """A value with double quotes around texts."""
        return python_literal(value)

    def call(self, program: Program, arguments: Sequence[Any]) -> str:
        """`f([1, 2], 3)`."""
        return f"{self.name(program)}({', '.join(map(python_literal, arguments))})"

    def tests(self, program: Program, cases: Sequence[Case]) -> str:
        """One `def test_…` for each kind of case, with an assert for each."""
        parts = []
        for words, group in grouped(cases):
            out = Writer(STEP)
            out.line(f"def test_{program.entry.name}_{words.replace(' ', '_')}() -> None:")
            with out.indented():
                for case in group:
                    same = "is" if case.result is None or isinstance(case.result, bool) else "=="
                    out.line(f"assert {self.call(program, case.arguments)} {same} {python_literal(case.result)}")
            parts.append(out.text())
        return "\n\n\n".join(parts)

    def stdin_program(self, program: Program) -> str:
        """The solution, and a `main` that reads with `input()`.

        Raises:
            DataError: a parameter or the result does not fit a line.
        """
        if not reads_lines(program):
            raise DataError(f"{program.entry.name}: its values do not fit lines of input: take int, str and list[int]")
        expressions = PythonExpressions()
        out = Writer(STEP)
        out.line("def main() -> None:")
        taken = {self.name(program)}
        names = [clear_of(taken, expressions.name(parameter.name)) for parameter in program.entry.parameters]
        with out.indented():
            for name, parameter in zip(names, program.entry.parameters, strict=True):
                out.line(f"{name} = {_READ[str(parameter.type)]}")
            out.line(_PRINT[str(program.entry.result)].format(f"{self.name(program)}({', '.join(names)})"))
        return f'{self.solution(program)}\n\n\n{out.text()}\n\n\nif __name__ == "__main__":\n{STEP}main()'


_READ = {"int": "int(input())", "str": "input()", "list[int]": "[int(word) for word in input().split()]"}
_PRINT = {
    "int": "print({})",
    "str": "print({})",
    "list[int]": "print(*{})",
    "bool": 'print("true" if {} else "false")',
}


def _imports(expressions: PythonExpressions) -> list[str]:
    """The import lines as one part, if there are any; `import x` before `from x import y`."""
    lines = sorted(expressions.imports, key=lambda line: (line.startswith("from"), line))
    return ["\n".join(lines)] if lines else []
