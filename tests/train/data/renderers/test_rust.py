"""Rust programs: compiled together once, run, and compared with what CPython returns."""

import shutil
import subprocess
from pathlib import Path

import pytest
from subset_programs import programs

from hrm_edge.problems.problem import Calls, Signature
from hrm_edge.sandbox.drivers.rust_parameters import arguments_for
from hrm_edge.train.data.ir.reader import read_source
from hrm_edge.train.data.renderers.renderer import Case
from hrm_edge.train.data.renderers.rust import RustRenderer

RENDERER = RustRenderer()
needs_rustc = pytest.mark.skipif(shutil.which("rustc") is None, reason="rustc is not installed")


@needs_rustc
def test_every_program_and_its_tests_compile_without_warnings_and_pass(tmp_path: Path) -> None:
    """The tests' expected values are CPython's, for programs that use every operation."""
    modules = [
        f"pub mod p{at} {{\n{RENDERER.solution(program)}\n{RENDERER.tests(program, cases)}\n}}"
        for at, (program, cases) in enumerate(programs())
    ]
    source = tmp_path / "all.rs"
    source.write_text("#![allow(dead_code)]\n" + "\n".join(modules))
    command = ["rustc", "--edition=2021", "--test", "-D", "warnings", "-o", str(tmp_path / "all"), str(source)]
    compiled = subprocess.run(command, capture_output=True, text=True, check=False)
    assert compiled.returncode == 0, compiled.stderr
    ran = subprocess.run([str(tmp_path / "all")], capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout


@needs_rustc
def test_a_wrong_expectation_fails(tmp_path: Path) -> None:
    program = read_source("def double(n: int) -> int:\n    return 2 * n\n", "double")
    source = tmp_path / "wrong.rs"
    source.write_text(f"{RENDERER.solution(program)}\n{RENDERER.tests(program, [Case((4,), 9)])}\n")
    subprocess.run(["rustc", "--test", "-o", str(tmp_path / "wrong"), str(source)], check=True)
    assert subprocess.run([str(tmp_path / "wrong")], capture_output=True, check=False).returncode != 0


@needs_rustc
def test_stdin_programs_read_a_line_per_parameter(tmp_path: Path) -> None:
    text = (
        "def scaled(numbers: list[int], k: int, word: str) -> list[int]:\n"
        "    return [x * k + len(word) for x in numbers]\n"
    )
    source = tmp_path / "main.rs"
    source.write_text(RENDERER.stdin_program(read_source(text, "scaled")))
    subprocess.run(["rustc", "-D", "warnings", "-o", str(tmp_path / "main"), str(source)], check=True)
    ran = subprocess.run([str(tmp_path / "main")], input="1 2 3\n10\nab\n", capture_output=True, text=True, check=True)
    assert ran.stdout == "12 22 32\n"
    ran = subprocess.run([str(tmp_path / "main")], input="\n10\nab\n", capture_output=True, text=True, check=True)
    assert ran.stdout == "\n"


SUM_OF_SQUARES = """
def sum_of_squares(numbers: list[int]) -> int:
    return sum(x * x for x in numbers if x > 0)
"""

COUNT_WORDS = """
def count_words(words: list[str]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for word in words:
        counts[word] = counts.get(word, 0) + 1
    return counts
"""


def test_comprehensions_are_iterator_chains() -> None:
    assert RENDERER.solution(read_source(SUM_OF_SQUARES, "sum_of_squares")) == (
        "fn sum_of_squares(numbers: &[i64]) -> i64 {\n    numbers.iter().filter(|&&x| x > 0).map(|&x| x * x).sum()\n}"
    )


def test_counting_uses_the_entry_of_a_map() -> None:
    assert RENDERER.solution(read_source(COUNT_WORDS, "count_words")) == (
        "use std::collections::HashMap;\n\n"
        "fn count_words(words: &[String]) -> HashMap<String, i64> {\n"
        "    let mut counts: HashMap<String, i64> = HashMap::new();\n"
        "    for word in words {\n"
        "        *counts.entry(word.clone()).or_insert(0) += 1;\n"
        "    }\n"
        "    counts\n"
        "}"
    )


def test_the_sandbox_knows_how_to_call_every_parameter() -> None:
    """The driver reads an argument of each type from the head."""
    text = (
        "def many(a: int, b: str, c: list[list[int]], d: dict[str, int], e: int | None, f: list[str]) -> int:\n"
        "    return a\n"
    )
    head = RENDERER.head(read_source(text, "many"))
    types = ("int", "str", "list[list[int]]", "map[str,int]", "optional[int]", "list[str]")
    signature = Signature(parameters=tuple(zip("abcdef", types, strict=True)), result="int")
    lets, passed = arguments_for(Calls(function="many", arguments=(), expected=(), signature=signature), head)
    assert passed == "a0, &a1, &a2, &a3, a4, &a5"
    assert "let mut a2: Vec<Vec<i64>>" in lets
    assert "let mut a4: Option<i64>" in lets


def test_reserved_words_get_an_underscore() -> None:
    text = "def match(type: int) -> int:\n    loop = type + 1\n    return loop\n"
    program = read_source(text.replace("def match", "def box"), "box")
    assert RENDERER.name(program) == "box_"
    assert RENDERER.solution(program).startswith("fn box_(type_: i64) -> i64 {\n    let loop_ = type_ + 1;")


def test_literals_of_expected_values() -> None:
    program = read_source(COUNT_WORDS, "count_words")
    assert RENDERER.literal({"a": 1}, program.entry.result) == 'HashMap::from([("a".to_string(), 1)])'
    assert RENDERER.literal({}, program.entry.result) == "HashMap::<String, i64>::new()"
    assert RENDERER.call(program, (["x", 'say "no"'],)) == (
        'count_words(&["x".to_string(), "say \\"no\\"".to_string()])'
    )


def test_a_stub_has_its_documentation_and_no_solution() -> None:
    program = read_source(COUNT_WORDS, "count_words")
    assert RENDERER.stub(program, "How often each word is there.\n\nIn any order.") == (
        "use std::collections::HashMap;\n\n"
        "/// How often each word is there.\n///\n/// In any order.\n"
        "fn count_words(words: &[String]) -> HashMap<String, i64> {\n    todo!()\n}"
    )
