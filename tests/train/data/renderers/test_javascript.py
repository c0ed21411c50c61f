"""Programs as JavaScript, run by Node: they give what was worked out by hand, with no -0 and no wrong type."""

import shutil
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from javascript_programs import as_shown, run_javascript
from rendered_programs import EXAMPLES, Example

from hrm_edge.errors import DataError
from hrm_edge.train.data.ir import nodes as ir
from hrm_edge.train.data.ir import types as t
from hrm_edge.train.data.ir.interpreter import observe
from hrm_edge.train.data.ir.reader import read_source
from hrm_edge.train.data.renderers.javascript import JavascriptRenderer
from hrm_edge.train.data.renderers.renderer import Case, Renderer

JAVASCRIPT = JavascriptRenderer()


def read(example: Example) -> ir.Program:
    """The program with the facts of its calls."""
    program = read_source(example.source, "f")
    facts = observe(program, [arguments for arguments, _ in example.calls])
    return replace(program, facts=replace(facts, negative_zero=example.name == "zeros" or example.name == "truncate"))


def rendered(source: str, **facts: bool) -> str:
    """A function `f` of the subset as the renderer writes it."""
    return JAVASCRIPT.solution(replace(read_source(source, "f"), facts=ir.Facts(**facts)))


@pytest.fixture(scope="module")
def results() -> dict[str, dict[str, Any]]:
    """What each example gives for all its calls."""
    bodies = []
    for example in EXAMPLES:
        program = read(example)
        calls = ", ".join(JAVASCRIPT.call(program, arguments) for arguments, _ in example.calls)
        bodies.append(f'"use strict";\n{JAVASCRIPT.solution(program)}\nreturn [{calls}];')
    return dict(zip((example.name for example in EXAMPLES), run_javascript(bodies), strict=True))


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.name)
def test_node_gives_what_was_worked_out(example: Example, results: dict[str, dict[str, Any]]) -> None:
    """The rendered source, run, gives every result: 0 is not -0, numbers as keys are numbers."""
    assert results[example.name] == {"value": [as_shown(result) for _, result in example.calls]}


@pytest.mark.parametrize(
    ("line", "written"),
    [
        ("a - (b - c)", "a - (b - c)"),
        ("a % b + c", "(a % b) + c"),
        ("a * b // c", "Math.floor((a * b) / c)"),
        ("(-a) ** b", "(-a) ** b"),
        ("-a ** b", "-(a ** b)"),
        ("a & 1 | b", "(a & 1) | b"),
        ("max(a, b, c)", "Math.max(a, b, c)"),
        ("str(a)[1:].find('x')", 'String(a).slice(1).indexOf("x")'),
        ("m.get(a, 0) + 1", "(m.get(a) ?? 0) + 1"),
        ("5 .bit_count() + a", '(5).toString(2).split("1").length - 1 + a'),
    ],
)
def test_expressions(line: str, written: str) -> None:
    """Parentheses as formatters write them."""
    body = f"m: dict[int, int] = {{}}\n    x = {line}\n    return 1"
    source = rendered(f"def f(a: int, b: int, c: int) -> int:\n    {body}")
    assert source.splitlines()[2] == f"  const x = {written};"


@pytest.mark.parametrize(
    ("loop", "written"),
    [
        ("for i in range(n):", "for (let i = 0; i < n; i++) {"),
        ("for i in range(1, n + 1):", "for (let i = 1; i <= n; i++) {"),
        ("for i in range(n - 1, -1, -1):", "for (let i = n - 1; i >= 0; i--) {"),
        ("for i in range(0, n, 5):", "for (let i = 0; i < n; i += 5) {"),
        ("for _ in range(n):", "for (let i = 0; i < n; i++) {"),
        ("for i, x in enumerate(xs):", "for (const [i, x] of xs.entries()) {"),
        ("for _, x in enumerate(xs):", "for (const [, x] of xs.entries()) {"),
        ("for i, x in enumerate(s):", "for (let i = 0; i < s.length; i++) {"),
        ("for c in s:", "for (const c of s) {"),
        ("for _ in xs:", "for (const _ of xs) {"),
        ("for k, v in m.items():", "for (const [k, v] of m) {"),
        ("while len(s) < n:", "while (s.length < n) {"),
    ],
)
def test_loops(loop: str, written: str) -> None:
    """Each kind of iteration in its common form."""
    head = "def f(n: int, xs: list[int], s: str, m: dict[int, int]) -> int:\n    total = 0"
    source = rendered(f"{head}\n    {loop}\n        total += 1\n    return total")
    assert source.splitlines()[1:3] == ["  let total = 0;", f"  {written}"]


def test_const_and_let_follow_use() -> None:
    """let is for what gets a new value later in its block, const for the rest, changed containers too."""
    source = rendered(
        "def f(n: int) -> list[int]:\n    out: list[int] = []\n    last = n\n    if n > 0:\n        once = n + 1\n"
        "        last = once\n    out.append(last)\n    return out"
    )
    assert [line.split(" =")[0].strip() for line in source.splitlines() if " = " in line] == [
        "const out",
        "let last",
        "const once",
        "last",
    ]


def test_floor_of_negative_numbers_only_where_they_occur() -> None:
    """% is plain where no operand was negative."""
    source = "def f(a: int, b: int) -> int:\n    return a % b"
    assert "return a % b;" in rendered(source)
    assert "return ((a % b) + b) % b;" in rendered(source, negative_division=True)
    assert "function mod(a, b)" in rendered(source.replace("% b", "% (b + 1)"), negative_division=True)


def test_helpers_step_around_the_programs_names() -> None:
    """A function that JavaScript lacks does not hide one of the program's."""
    source = rendered(
        "def mod(a: int) -> int:\n    return a\n\ndef f(a: int, b: int) -> int:\n    return mod(a) % (b + 1)",
        negative_division=True,
    )
    assert "function mod_(a, b)" in source and "return mod_(mod(a), b + 1);" in source


def test_names_are_camel_case_and_not_reserved() -> None:
    """Two words, reserved words, a leading underscore."""
    helper = "def _help_it(new: int) -> int:\n    return new\n\n"
    source = f"{helper}def f(two_words: int) -> int:\n    return _help_it(two_words)"
    assert rendered(source) == (
        "function _helpIt(new_) {\n  return new_;\n}\n\nfunction f(twoWords) {\n  return _helpIt(twoWords);\n}"
    )


def test_maps_from_texts_are_objects_where_callers_see_them() -> None:
    """A Map inside a function; an object where the head has one; a Map for numbers always."""
    body = "\n    m: dict[str, int] = {}\n    for c in s:\n        m[str(c)] = m.get(str(c), 0) + 1\n    return "
    inside = rendered(f"def f(s: str) -> int:{body}len(m)")
    assert "m.set(c, (m.get(c) ?? 0) + 1);" in inside and "return m.size;" in inside
    outside = rendered(f"def f(s: str) -> dict[str, int]:{body}m")
    assert "const m = {};" in outside and "m[c] = (m[c] ?? 0) + 1;" in outside
    assert "new Map(" in rendered("def f(n: int) -> dict[int, str]:\n    return {n: 'a'}")


def test_arguments_are_not_changed() -> None:
    """Sorting and reversing copy what the caller may still use, and nothing else."""
    assert "[...xs].sort((a, b) => a - b)" in rendered("def f(xs: list[int]) -> list[int]:\n    return sorted(xs)")
    assert "[...xs].reverse()" in rendered("def f(xs: list[int]) -> list[int]:\n    return xs[::-1]")
    source = rendered("def f(s: str) -> list[str]:\n    return sorted(s.split())")
    assert r"s.split(/\s+/).filter(Boolean).sort()" in source


SIGNATURES = read_source(
    "def make_it(xs: list[int], m: dict[str, float], n: dict[int, str], k: int | None) -> tuple[bool, str]:\n"
    "    return True, 'a'",
    "make_it",
)


def test_head_and_stub() -> None:
    """The head is a declaration; the stub answers undefined and keeps every word of its comment."""
    head = "function makeIt(xs, m, n, k)"
    assert JAVASCRIPT.head(SIGNATURES) == head
    stub = JAVASCRIPT.stub(SIGNATURES, "One */ line.\n\nAnother.")
    assert stub == f"/**\n * One *\\/ line.\n *\n * Another.\n */\n{head} {{\n}}"
    assert run_javascript([stub + "\nreturn makeIt();"]) == [{"value": {"undefined": True}}]


def test_literals_and_calls() -> None:
    """Values as source; keys are quoted where they are no names."""
    arguments = ([1, -2], {"a": 0.5, "a b": 2.0}, {1: "x"}, None)
    call = 'makeIt([1, -2], { a: 0.5, "a b": 2 }, new Map([[1, "x"]]), null)'
    assert JAVASCRIPT.call(SIGNATURES, arguments) == call
    assert JAVASCRIPT.literal((True, 'say "a"\n'), t.Tuple((t.BOOL, t.STR))) == '[true, "say \\"a\\"\\n"]'
    with pytest.raises(DataError, match="is no int"):
        JAVASCRIPT.literal([1], t.INT)


def test_tests_pass_on_the_solution_and_fail_on_another(tmp_path: Path) -> None:
    """Node's own runner passes the solution with its tests and fails a wrong one."""
    node = shutil.which("node") or pytest.skip("needs node: apt install nodejs")
    program = read_source("def f(xs: list[str]) -> dict[int, int]:\n    return {len(x): 1 for x in xs}", "f")
    tests = JAVASCRIPT.tests(program, [Case(([],), {}), Case((["a", "bb", "c"],), {1: 1, 2: 1})])
    right, wrong = tmp_path / "right.js", tmp_path / "wrong.js"
    right.write_text(f"{JAVASCRIPT.solution(program)}\n\n{tests}\n")
    wrong.write_text(f"function f(xs) {{\n  return new Map();\n}}\n\n{tests}\n")
    assert tests.count("assert.deepStrictEqual(") == 2
    assert subprocess.run([node, right], capture_output=True).returncode == 0
    ran = subprocess.run([node, wrong], capture_output=True, text=True)
    assert ran.returncode == 1 and "# fail 1" in ran.stdout


@pytest.mark.parametrize(
    ("source", "given", "printed"),
    [
        ("def f(xs: list[int], n: int) -> list[int]:\n    return [x * n for x in xs]", "3 -1\n2\n", "6 -2\n"),
        ("def f(xs: list[int], n: int) -> list[int]:\n    return [x * n for x in xs]", "\n2\n", "\n"),
        ("def f(s: str) -> bool:\n    return s == ' a '", " a \n", "true\n"),
    ],
)
def test_program_of_lines(source: str, given: str, printed: str, tmp_path: Path) -> None:
    """The whole program reads a line per parameter and prints one."""
    node = shutil.which("node") or pytest.skip("needs node: apt install nodejs")
    file = tmp_path / "main.js"
    file.write_text(JAVASCRIPT.stdin_program(read_source(source, "f")))
    ran = subprocess.run([node, file], input=given, capture_output=True, text=True)
    assert (ran.stdout, ran.stderr) == (printed, "")


def test_program_of_lines_refuses_other_values() -> None:
    """Maps do not fit a line."""
    with pytest.raises(DataError, match="lines of input"):
        JAVASCRIPT.stdin_program(SIGNATURES)


def test_renderer_is_one() -> None:
    """It keeps the protocol."""
    renderer: Renderer = JAVASCRIPT
    assert renderer.language == "javascript"
