"""Programs as JavaScript: const and let, array methods, Map and Set, no dependency.

What JavaScript cannot do to a whole range of values without a comprehension, people write as a loop: comprehensions
over numbers (other than plain lists) become loops here too.
"""

from collections.abc import Sequence
from typing import Any

from hrm_edge.errors import DataError
from hrm_edge.train.data.ir import nodes as ir
from hrm_edge.train.data.ir import types as t
from hrm_edge.train.data.ir.lowering import lower_folds
from hrm_edge.train.data.ir.traversal import every
from hrm_edge.train.data.renderers.cases import grouped
from hrm_edge.train.data.renderers.javascript_expressions import JavascriptExpressions
from hrm_edge.train.data.renderers.javascript_helpers import HELPERS
from hrm_edge.train.data.renderers.javascript_names import names_in
from hrm_edge.train.data.renderers.javascript_statements import JavascriptStatements, function_head
from hrm_edge.train.data.renderers.javascript_values import has_objects, is_scalar, javascript_literal
from hrm_edge.train.data.renderers.names import camel, clear_of
from hrm_edge.train.data.renderers.renderer import Case, reads_lines
from hrm_edge.train.data.renderers.writer import Writer

STEP = "  "


class JavascriptRenderer:
    """The protocol's methods, for Node 18 and later, as a script."""

    language = "javascript"

    def solution(self, program: ir.Program) -> str:
        """What JavaScript lacks, classes, helpers, the entry function."""
        helpers: dict[str, str] = {}
        expressions = _expressions(program, helpers)
        parts = []
        for made in program.classes:
            out = Writer(STEP)
            JavascriptStatements(program, expressions, out).of_class(made)
            parts.append(out.text())
        for function in program.functions:
            out = Writer(STEP)
            JavascriptStatements(program, expressions, out).function(_with_loops(function))
            parts.append(out.text())
        return "\n\n".join([*(HELPERS[key].format(name=name) for key, name in helpers.items()), *parts])

    def name(self, program: ir.Program) -> str:
        """In camelCase."""
        return _expressions(program, {}).name(program.entry.name)

    def head(self, program: ir.Program) -> str:
        """`function f(xs, n)`."""
        return function_head(_expressions(program, {}), program.entry)

    def stub(self, program: ir.Program, documentation: str) -> str:
        """A JSDoc comment, the head, an empty body."""
        lines = [line.strip().replace("*/", "*\\/") for line in documentation.splitlines()]
        comment = "\n".join(f" * {line}".rstrip() for line in lines)
        return f"/**\n{comment}\n */\n{self.head(program)} {{\n}}"

    def literal(self, value: Any, type: t.Type) -> str:
        """A value; maps from texts are plain objects."""
        return javascript_literal(value, type)

    def call(self, program: ir.Program, arguments: Sequence[Any]) -> str:
        """`f([1, 2], 3)`."""
        pairs = zip(arguments, program.entry.parameters, strict=True)
        return f"{self.name(program)}({', '.join(javascript_literal(each, one.type) for each, one in pairs)})"

    def tests(self, program: ir.Program, cases: Sequence[Case]) -> str:
        """One `test(…)` for each kind of case, with an assertion for each; it stands in the solution's file."""
        kind = program.entry.result
        same = "strictEqual" if is_scalar(kind) else "deepStrictEqual"
        out = Writer(STEP)
        out.line('const test = require("node:test");')
        out.line('const assert = require("node:assert");')
        for words, group in grouped(cases):
            out.line()
            out.line(f'test("{self.name(program)}: {words}", () => {{')
            with out.indented():
                for case in group:
                    expected = javascript_literal(case.result, kind)
                    out.line(f"assert.{same}({self.call(program, case.arguments)}, {expected});")
            out.line("});")
        return out.text()

    def stdin_program(self, program: ir.Program) -> str:
        """The solution, and lines that read all of standard input and print.

        Raises:
            DataError: a parameter or the result does not fit a line.
        """
        if not reads_lines(program):
            raise DataError(f"{program.entry.name}: its values do not fit lines of input: take int, str and list[int]")
        arguments = [
            _READ[str(parameter.type)].format(f"lines[{place}]")
            for place, parameter in enumerate(program.entry.parameters)
        ]
        result = f"{self.name(program)}({', '.join(arguments)})"
        if isinstance(program.entry.result, t.List):
            result += '.join(" ")'
        read = 'const lines = require("node:fs").readFileSync(0, "utf8").split("\\n");'
        return f"{self.solution(program)}\n\n{read}\nconsole.log({result});"


_READ = {"int": "Number({})", "str": "{}", "list[int]": '{}.split(" ").filter(Boolean).map(Number)'}


def _expressions(program: ir.Program, helpers: dict[str, str]) -> JavascriptExpressions:
    """A writer for the program; the helpers that it needs are gathered by the name that the program leaves free."""
    taken: set[str] = set()

    def helper(key: str) -> str:
        if key not in helpers:
            if not taken:
                taken.update(camel(name) for name in names_in(program))
            helpers[key] = clear_of(taken, camel(key))
        return helpers[key]

    return JavascriptExpressions(program.facts, objects=has_objects(program), helper=helper)


def _with_loops(function: ir.Function) -> ir.Function:
    """Loops for comprehensions over numbers; making a list of a range is the one that is written as an expression."""
    kinds = {
        node.kind
        for node in every(function.body)
        if isinstance(node, ir.Fold)
        and isinstance(node.iterable, ir.Range)
        and (node.kind != "list" or node.condition is not None)
    }
    return lower_folds(function, kinds=frozenset(kinds)) if kinds else function
