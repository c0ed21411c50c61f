"""Programs as Java: javac has nothing to say, and they give what was worked out by hand."""

import re
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from rendered_programs import EXAMPLES

from hrm_edge.errors import DataError
from hrm_edge.train.data.ir import types as t
from hrm_edge.train.data.ir.interpreter import observe
from hrm_edge.train.data.ir.nodes import Program
from hrm_edge.train.data.ir.reader import read_source
from hrm_edge.train.data.renderers.java import JavaRenderer
from hrm_edge.train.data.renderers.renderer import Case

JAVA = JavaRenderer()
JARS = [
    Path("/usr/share/java") / f"{name}.jar"
    for name in ("junit-jupiter-api", "opentest4j", "junit-platform-commons", "apiguardian-api")
]
needs_java = pytest.mark.skipif(shutil.which("javac") is None, reason="javac is not installed")
needs_junit = pytest.mark.skipif(
    shutil.which("javac") is None or not all(jar.exists() for jar in JARS), reason="javac or JUnit 5 is not installed"
)
RUNNER = """
import java.lang.reflect.*;

public class Runner {
    public static void main(String[] names) throws Exception {
        int failures = 0;
        for (String name : names) {
            Constructor<?> constructor = Class.forName(name + ".SolutionTest").getDeclaredConstructor();
            constructor.setAccessible(true);
            for (Method method : constructor.getDeclaringClass().getDeclaredMethods()) {
                if (method.isAnnotationPresent(org.junit.jupiter.api.Test.class)) {
                    method.setAccessible(true);
                    try {
                        method.invoke(constructor.newInstance());
                        System.out.println("passed " + name);
                    } catch (InvocationTargetException error) {
                        failures++;
                        System.out.println("failed " + name + " " + error.getCause());
                    }
                }
            }
        }
        System.exit(failures > 0 ? 1 : 0);
    }
}
"""


def read(source: str, *, wide: bool = False) -> Program:
    """The program of a function `f`."""
    program = read_source(source, "f")
    return replace(program, facts=replace(program.facts, wide=wide))


def run_tests(directory: Path, programs: list[tuple[str, Program, list[Case]]]) -> subprocess.CompletedProcess[str]:
    """One run of javac and one of java over programs and their tests, each in a package of its name."""
    for name, program, cases in programs:
        (directory / name).mkdir()
        for file, text in (("Solution", JAVA.solution(program)), ("SolutionTest", JAVA.tests(program, cases))):
            (directory / name / f"{file}.java").write_text(f"package {name};\n\n{text}\n")
    (directory / "Runner.java").write_text(RUNNER)
    path = ":".join(map(str, [*JARS, directory]))
    sources = [*directory.glob("*/*.java"), directory / "Runner.java"]
    options = ("-Xlint:all,-processing,-classfile", "-Werror", "-proc:none", "-J-XX:TieredStopAtLevel=1")
    command = ["javac", *options, "-cp", path, "-d", str(directory), *map(str, sources)]
    compiled = subprocess.run(command, capture_output=True, text=True, check=False)
    assert compiled.returncode == 0, compiled.stderr
    names = [name for name, _, _ in programs]
    command = ["java", "-XX:TieredStopAtLevel=1", "-cp", path, "Runner", *names]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@needs_junit
def test_every_program_compiles_without_warnings_and_passes_its_tests(tmp_path: Path) -> None:
    """Results are worked out by hand; with int where that is enough and with long throughout; about 8 s alone."""
    programs = []
    for at, example in enumerate(EXAMPLES):
        program = read(example.source)
        facts = observe(program, [arguments for arguments, _ in example.calls])
        cases = [Case(*call) for call in example.calls]
        programs.append((f"p{at}", replace(program, facts=facts), cases))
        programs.append((f"wide{at}", replace(program, facts=replace(facts, wide=True)), cases))
    ran = run_tests(tmp_path, programs)
    assert ran.returncode == 0, "\n".join(line for line in ran.stdout.splitlines() if line.startswith("failed"))
    passed = {line.split()[1] for line in ran.stdout.splitlines() if line.startswith("passed")}
    assert passed == {name for name, _, _ in programs}


@needs_junit
def test_a_wrong_expectation_fails(tmp_path: Path) -> None:
    program = read("def f(n: int) -> tuple[int, str]:\n    return 2 * n, 'a'\n")
    ran = run_tests(tmp_path, [("wrong", program, [Case((4,), (9, "a"))])])
    assert ran.returncode == 1
    assert "expected: <9=a> but was: <8=a>" in ran.stdout


@needs_java
def test_stdin_programs_and_stubs_compile_and_read_a_line_per_parameter(tmp_path: Path) -> None:
    """An empty line is an empty list."""
    program = read(
        "def f(numbers: list[int], k: int, word: str) -> list[int]:\n    return [x * k + len(word) for x in numbers]\n"
    )
    (tmp_path / "stub").mkdir()
    stub = JAVA.stub(program, "Scales.\n\nAll of it.")
    assert "    /**\n     * Scales.\n     *\n     * All of it.\n     */\n    public static List<Integer> f(" in stub
    (tmp_path / "stub" / "Solution.java").write_text(f"package stub;\n{stub}")
    source = tmp_path / "Solution.java"
    source.write_text(JAVA.stdin_program(program))
    subprocess.run(["javac", "-d", str(tmp_path), str(source), str(tmp_path / "stub" / "Solution.java")], check=True)
    for text, printed in (("1 2 3\n10\nab\n", "12 22 32\n"), ("\n10\nab", "\n")):
        command = ["java", "-cp", str(tmp_path), "Solution"]
        ran = subprocess.run(command, input=text, capture_output=True, text=True, check=True)
        assert ran.stdout == printed


def test_a_program_whose_values_fit_no_line_has_no_stdin_program() -> None:
    with pytest.raises(DataError, match="do not fit lines"):
        JAVA.stdin_program(read("def f(rows: list[list[int]]) -> int:\n    return len(rows)\n"))


@pytest.mark.parametrize(
    ("source", "wide", "head"),
    [
        ("def f(xs: list[int], n: int) -> bool:\n    return n in xs\n", False, "boolean f(List<Integer> xs, int n)"),
        ("def f(xs: list[int], n: int) -> bool:\n    return n in xs\n", True, "boolean f(List<Long> xs, long n)"),
        ("def f(x: int | None) -> tuple[int, int]:\n    return 0, 0\n", False, "int[] f(Optional<Integer> x)"),
        ("def f(new: str) -> dict[str, float]:\n    return {}\n", False, "Map<String, Double> f(String new_)"),
    ],
)
def test_heads_are_those_a_person_declares(source: str, wide: bool, head: str) -> None:
    """Numbers are long where some need it; reserved words have `_` behind them."""
    assert JAVA.head(read(source, wide=wide)) == f"public static {head}"


@pytest.mark.parametrize(
    ("value", "type_", "text"),
    [
        ([[1, -2], []], t.List(t.List(t.INT)), "List.of(List.of(1, -2), List.of())"),
        ([2**40], t.List(t.INT), "List.of(1099511627776L)"),
        ({"a": True}, t.Map(t.STR, t.BOOL), 'Map.of("a", true)'),
        ('say "hi"\\\n', t.STR, '"say \\"hi\\"\\\\\\n"'),
        (None, t.Optional(t.INT), "Optional.empty()"),
        ((1, "a"), t.Tuple((t.INT, t.STR)), 'Map.entry(1, "a")'),
        ((1, 2), t.Tuple((t.INT, t.INT)), "new int[] {1, 2}"),
    ],
)
def test_literals_are_java(value: object, type_: t.Type, text: str) -> None:
    assert JAVA.literal(value, type_) == text


def test_imports_are_exactly_those_used() -> None:
    for example in EXAMPLES:
        source = JAVA.solution(read(example.source))
        head, _, body = source.partition("class Solution")
        names = [line.rsplit(".", 1)[1].rstrip(";") for line in head.splitlines() if line]
        assert all(re.search(rf"\b{name}\b", body) for name in names), source


def test_calls_go_to_the_class() -> None:
    program = read("def f(xs: list[int], word: str) -> int:\n    return 0\n")
    assert JAVA.call(program, ([1, 2], "a")) == 'Solution.f(List.of(1, 2), "a")'


@pytest.mark.parametrize(
    ("body", "line"),
    [
        (
            "    counts: dict[int, int] = {}\n    counts[n] = counts.get(n, 0) + 1\n    return len(counts)\n",
            "counts.merge(n, 1, Integer::sum);",
        ),
        (
            "    xs = [n]\n    xs.append(1)\n    xs[0], xs[1] = xs[1], xs[0]\n    return xs[0]\n",
            "Collections.swap(xs, 0, 1);",
        ),
        (
            "    table = [[0] * n for _ in range(3)]\n    table[1][0] += n\n    return table[1][0]\n",
            "int[][] table = new int[3][n];",
        ),
        ("    cells = [1] * n\n    return cells[0]\n", "Arrays.fill(cells, 1);"),
        ("    stack = [n]\n    while stack:\n        n += stack.pop()\n    return n\n", "n += stack.pop();"),
        ("    total = 0\n    for i in range(1, n + 1):\n        total += i\n    return total\n", "i <= n; i++) {"),
    ],
)
def test_statements_read_like_a_persons(body: str, line: str) -> None:
    assert line in JAVA.solution(read(f"def f(n: int) -> int:\n{body}"))
