"""Programs as Go: gofmt leaves them alone, go vet has nothing to say, they give what was worked out by hand."""

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
from hrm_edge.train.data.renderers.go import GoRenderer
from hrm_edge.train.data.renderers.renderer import Case

GO = GoRenderer()
needs_go = pytest.mark.skipif(shutil.which("go") is None, reason="go is not installed")


def read(source: str) -> Program:
    """The program of a function `f`."""
    return read_source(source, "f")


def module(directory: Path) -> Path:
    """An empty module of Go 1.21."""
    directory.mkdir(exist_ok=True)
    (directory / "go.mod").write_text("module m\n\ngo 1.21\n")
    return directory


def go(directory: Path, *words: str, input: str = "") -> subprocess.CompletedProcess[str]:
    """A run of go in a module."""
    return subprocess.run(["go", *words], cwd=directory, input=input, capture_output=True, text=True, check=False)


@needs_go
def test_every_program_and_its_tests_pass_gofmt_vet_and_each_other(tmp_path: Path) -> None:
    """One test binary for all examples, whose results are worked out by hand; about 5 s alone."""
    module(tmp_path)
    runs = []
    for at, example in enumerate(EXAMPLES):
        program = read(example.source)
        program = replace(program, facts=observe(program, [arguments for arguments, _ in example.calls]))
        package = tmp_path / f"p{at}"
        package.mkdir()
        tests = GO.tests(program, [Case(*call) for call in example.calls])
        for name, text in (("answer.go", GO.solution(program)), ("cases.go", tests)):
            (package / name).write_text(text.replace("package main", f"package p{at}", 1) + "\n")
        runs.append(f'\tt.Run("{example.name}", p{at}.TestF)')
    imports = "".join(f'\t"m/p{at}"\n' for at in range(len(EXAMPLES)))
    lines = "\n".join(runs)
    (tmp_path / "all_test.go").write_text(
        f'package main\n\nimport (\n{imports}\t"testing"\n)\n\nfunc TestAll(t *testing.T) {{\n{lines}\n}}\n'
    )
    gofmt = Path(str(shutil.which("go"))).resolve().parent / "gofmt"
    if gofmt.exists():
        unformatted = subprocess.run([gofmt, "-l", str(tmp_path)], capture_output=True, text=True, check=True)
        assert not [line for line in unformatted.stdout.split() if not line.endswith("all_test.go")]
    ran = go(tmp_path, "test", "-vet=all", ".")
    assert ran.returncode == 0, ran.stdout + ran.stderr


@needs_go
def test_a_wrong_expectation_fails(tmp_path: Path) -> None:
    program = read("def f(n: int) -> tuple[int, int]:\n    return n, 2 * n\n")
    module(tmp_path)
    (tmp_path / "answer.go").write_text(GO.solution(program))
    (tmp_path / "answer_test.go").write_text(GO.tests(program, [Case((4,), (4, 9))]))
    ran = go(tmp_path, "test", "-vet=off", ".")
    assert ran.returncode != 0
    assert "f(4) = 4, 8, want 4, 9" in ran.stdout


@needs_go
def test_stdin_programs_and_stubs_compile_and_read_a_line_per_parameter(tmp_path: Path) -> None:
    """An empty line is an empty list."""
    program = read(
        "def f(numbers: list[int], k: int, word: str) -> list[int]:\n    return [x * k + len(word) for x in numbers]\n"
    )
    module(tmp_path)
    (tmp_path / "main.go").write_text(GO.stdin_program(program))
    stub = GO.stub(program, "Scales.\n\nAll of it.").replace("package main", "package stub")
    (tmp_path / "stub").mkdir()
    (tmp_path / "stub" / "stub.go").write_text(stub)
    assert "// Scales.\n//\n// All of it.\nfunc f(numbers []int, k int, word string) []int {" in stub
    assert go(tmp_path, "build", "-o", "main", ".").returncode == 0
    assert go(tmp_path, "build", "./stub").returncode == 0
    for text, printed in (("1 2 3\n10\nab\n", "12 22 32\n"), ("\n10\nab", "\n")):
        ran = subprocess.run([tmp_path / "main"], input=text, capture_output=True, text=True, check=True)
        assert ran.stdout == printed


def test_a_program_whose_values_fit_no_line_has_no_stdin_program() -> None:
    with pytest.raises(DataError, match="do not fit lines"):
        GO.stdin_program(read("def f(rows: list[list[int]]) -> int:\n    return len(rows)\n"))


@pytest.mark.parametrize(
    ("source", "head"),
    [
        (
            "def f(a: int, b: int, words: list[str]) -> bool:\n    return a < b\n",
            "func f(a, b int, words []string) bool",
        ),
        ("def f(x: int | None) -> tuple[int, str]:\n    return 0, 'a'\n", "func f(x *int) (int, string)"),
        ("def f(len: int, type: float) -> dict[str, int]:\n    return {}\n", None),
    ],
)
def test_heads_are_those_a_person_declares(source: str, head: str | None) -> None:
    """Parameters of one type stand together; reserved words have `_` behind them."""
    assert GO.head(read(source)) == (head or "func f(len_ int, type_ float64) map[string]int")


@pytest.mark.parametrize(
    ("value", "type_", "text"),
    [
        ([[1, -2], []], t.List(t.List(t.INT)), "[][]int{{1, -2}, {}}"),
        ({"a": [True]}, t.Map(t.STR, t.List(t.BOOL)), 'map[string][]bool{"a": {true}}'),
        ('say "hi"\\\n', t.STR, '"say \\"hi\\"\\\\\\n"'),
        (None, t.Optional(t.INT), "nil"),
        (1.5, t.FLOAT, "1.5"),
    ],
)
def test_literals_are_go(value: object, type_: t.Type, text: str) -> None:
    assert GO.literal(value, type_) == text


def test_calls_name_the_types_of_lists() -> None:
    program = read("def f(xs: list[int], word: str) -> int:\n    return 0\n")
    assert GO.call(program, ([1, 2], "a")) == 'f([]int{1, 2}, "a")'


@pytest.mark.parametrize(
    ("body", "line"),
    [
        (
            "    counts: dict[int, int] = {}\n    counts[n] = counts.get(n, 0) + 1\n    return len(counts)\n",
            "counts[n]++",
        ),
        ("    return (n + 1) * 2 + n * 3\n", "return (n+1)*2 + n*3"),
        (
            "    total = 0\n    for i in range(1, n + 1):\n        total += i\n    return total\n",
            "for i := 1; i <= n; i++ {",
        ),
        ("    for i in range(n - 1, -1, -1):\n        n += i\n    return n\n", "for i := n - 1; i >= 0; i-- {"),
    ],
)
def test_statements_read_like_a_persons(body: str, line: str) -> None:
    assert f"\t{line}" in GO.solution(read(f"def f(n: int) -> int:\n{body}"))
