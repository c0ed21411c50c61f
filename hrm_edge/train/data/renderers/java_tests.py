"""JUnit 5 tests in Java."""

from collections.abc import Sequence

from hrm_edge.train.data.ir.types import Bool, Tuple
from hrm_edge.train.data.renderers.cases import grouped
from hrm_edge.train.data.renderers.java_unit import JavaUnit, is_array
from hrm_edge.train.data.renderers.names import pascal
from hrm_edge.train.data.renderers.renderer import Case

_STEP = "    "


def junit_test(unit: JavaUnit, cases: Sequence[Case]) -> str:
    """`class SolutionTest`: a method for each kind of case, an assertion for each case."""
    methods: list[str] = []
    assertions: set[str] = set()
    for words, group in grouped(cases):
        name = pascal(words.replace(" ", "_"))
        methods += ["", f"{_STEP}@Test", f"{_STEP}void {unit.method(unit.program.entry.name)}{name}() {{"]
        for case in group:
            assertion, arguments = _assertion(unit, case)
            assertions.add(assertion)
            methods.append(f"{_STEP * 2}{assertion}({arguments});")
        methods.append(f"{_STEP}}}")
    static = [f"import static org.junit.jupiter.api.Assertions.{name};" for name in sorted(assertions)]
    imports = [*unit.import_lines(), "import org.junit.jupiter.api.Test;"]
    return "\n".join([*static, "", *imports, "", "class SolutionTest {", *methods[1:], "}"])


def _assertion(unit: JavaUnit, case: Case) -> tuple[str, str]:
    entry = unit.program.entry
    pairs = zip(case.arguments, entry.parameters, strict=True)
    values = ", ".join(unit.literal(value, parameter.type).text for value, parameter in pairs)
    call = f"Solution.{unit.method(entry.name)}({values})"
    if isinstance(entry.result, Bool):
        return ("assertTrue" if case.result else "assertFalse"), call
    wanted = unit.literal(case.result, entry.result).text
    arrays = isinstance(entry.result, Tuple) and is_array(entry.result)
    return ("assertArrayEquals" if arrays else "assertEquals"), f"{wanted}, {call}"
