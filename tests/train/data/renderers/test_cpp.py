"""C++ programs: compiled together once, run, and compared with what CPython returns."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from subset_programs import programs

from hrm_edge.train.data.ir.reader import read_source
from hrm_edge.train.data.renderers.cpp import CppRenderer
from hrm_edge.train.data.renderers.renderer import Case

RENDERER = CppRenderer()
COMPILE = ("g++", "-std=c++17", "-O0", "-Wall", "-Werror", "-Wno-unused-function", "-D_GLIBCXX_ASSERTIONS")
needs_gxx = pytest.mark.skipif(shutil.which("g++") is None, reason="g++ is not installed")


@needs_gxx
def test_every_program_and_its_tests_compile_without_warnings_and_pass(tmp_path: Path) -> None:
    """The tests' expected values are CPython's, for programs that use every operation; 4 s alone."""
    made = programs()
    includes, parts = set(), []
    for at, (program, cases) in enumerate(made):
        tests = RENDERER.tests(program, cases).replace("int main()", "void run()").replace("    return 0;\n", "")
        text = f"{RENDERER.solution(program)}\n{tests}"
        includes.update(re.findall(r"^#include.*", text, re.MULTILINE))
        parts.append(f"namespace p{at} {{\n{re.sub(r'(?m)^#include.*', '', text)}\n}}")
    calls = "".join(f"p{at}::run();" for at in range(len(made)))
    source = tmp_path / "all.cpp"
    source.write_text("\n".join([*sorted(includes), *parts, f"int main() {{ {calls} }}"]))
    compiled = subprocess.run([*COMPILE, "-o", str(tmp_path / "all"), str(source)], capture_output=True, text=True)
    assert compiled.returncode == 0, compiled.stderr
    ran = subprocess.run([str(tmp_path / "all")], capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr


@needs_gxx
def test_a_wrong_expectation_fails(tmp_path: Path) -> None:
    program = read_source("def double(n: int) -> int:\n    return 2 * n\n", "double")
    source = tmp_path / "wrong.cpp"
    source.write_text(f"{RENDERER.solution(program)}\n{RENDERER.tests(program, [Case((4,), 9)])}\n")
    subprocess.run([*COMPILE, "-o", str(tmp_path / "wrong"), str(source)], check=True)
    assert subprocess.run([str(tmp_path / "wrong")], capture_output=True, check=False).returncode != 0


@needs_gxx
def test_stdin_programs_read_a_line_per_parameter(tmp_path: Path) -> None:
    text = (
        "def scaled(numbers: list[int], k: int, word: str) -> list[int]:\n"
        "    return [x * k + len(word) for x in numbers]\n"
    )
    source = tmp_path / "main.cpp"
    source.write_text(RENDERER.stdin_program(read_source(text, "scaled")))
    subprocess.run([*COMPILE, "-o", str(tmp_path / "main"), str(source)], check=True)
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


def test_sums_are_loops() -> None:
    assert RENDERER.solution(read_source(SUM_OF_SQUARES, "sum_of_squares")) == (
        "#include <vector>\n\n"
        "int sum_of_squares(const std::vector<int>& numbers) {\n"
        "    int total = 0;\n"
        "    for (int x : numbers) {\n"
        "        if (x > 0) {\n"
        "            total += x * x;\n"
        "        }\n"
        "    }\n"
        "    return total;\n"
        "}"
    )


def test_counting_lets_the_brackets_make_the_entry() -> None:
    assert RENDERER.solution(read_source(COUNT_WORDS, "count_words")) == (
        "#include <string>\n#include <unordered_map>\n#include <vector>\n\n"
        "std::unordered_map<std::string, int> count_words(const std::vector<std::string>& words) {\n"
        "    std::unordered_map<std::string, int> counts;\n"
        "    for (const std::string& word : words) {\n"
        "        ++counts[word];\n"
        "    }\n"
        "    return counts;\n"
        "}"
    )


@pytest.mark.parametrize("name", ["index", "remove", "round", "delete", "union"])
def test_names_of_the_language_and_of_c_get_an_underscore(name: str) -> None:
    program = read_source(f"def {name}(n: int) -> int:\n    return n\n", name)
    assert RENDERER.head(program) == f"int {name}_(int n)"


def test_expected_values_with_commas_are_asserted_in_brackets() -> None:
    program = read_source("def twice(n: int) -> list[int]:\n    return [n, n]\n", "twice")
    assert "    assert((twice(2) == std::vector<int>{2, 2}));" in RENDERER.tests(program, [Case((2,), [2, 2])])


def test_calls_and_literals() -> None:
    program = read_source(COUNT_WORDS, "count_words")
    assert RENDERER.call(program, (["x", 'say "no"'],)) == 'count_words({"x", "say \\"no\\""})'
    assert RENDERER.literal({"a": 1}, program.entry.result) == 'std::unordered_map<std::string, int>{{"a", 1}}'


def test_a_stub_compiles_in_the_readers_head_and_has_no_solution() -> None:
    program = read_source(COUNT_WORDS, "count_words")
    assert RENDERER.stub(program, "How often each word is there.").endswith(
        "// How often each word is there.\n"
        "std::unordered_map<std::string, int> count_words(const std::vector<std::string>& words) {\n"
        "    return {};\n}"
    )


def test_a_member_is_told_from_a_parameter_of_its_name() -> None:
    text = (
        "class Sum:\n"
        "    def __init__(self) -> None:\n"
        "        self.total = 0\n"
        "    def add(self, total: int) -> None:\n"
        "        self.total += total\n"
        "def summed(numbers: list[int]) -> int:\n"
        "    held = Sum()\n"
        "    for number in numbers:\n"
        "        held.add(number)\n"
        "    return held.total\n"
    )
    solution = RENDERER.solution(read_source(text, "summed"))
    assert "        this->total += total;" in solution
    assert "    Sum held;" in solution
