"""Canonical data becomes typed calls, and tests that a right solution passes and a wrong one fails."""

import json
import shutil
import subprocess
import sys
from collections import Counter

import pytest
from source_files import drawn, write_lines

from hrm_edge.problems.problem import SuiteTests
from hrm_edge.sandbox.judge import Judge
from hrm_edge.sandbox.open import open_sandbox
from hrm_edge.sandbox.toolchains import find_toolchains
from hrm_edge.sandbox.verdict import Outcome
from hrm_edge.train.data.example import Task
from hrm_edge.train.data.renderers.registry import RENDERERS
from hrm_edge.train.data.renderers.renderer import Case
from hrm_edge.train.data.sources.canonical import CanonicalData
from hrm_edge.train.data.sources.canonical_cases import typed_calls
from hrm_edge.train.data.sources.rows import BadRow, RowReport


def leaf(expected, *, name="keepAbove", **given):
    return {"uuid": f"{given}{expected}", "property": name, "input": given, "expected": expected, "description": "d"}


CASES = {
    "exercise": "keep-above",
    "cases": [
        {"cases": [leaf([5, 9], numbers=[5, 1, 9], limit=3), leaf([], numbers=[], limit=0)]},
        leaf([], numbers=[1, 2], limit=7),
        leaf([-1], numbers=[-1, -5], limit=-2),
    ],
}
ROW = {
    "slug": "keep-above",
    "description_md": "# Description\n\nKeep the numbers above a limit.\n",
    "canonical_data": CASES,
    "in_aider_polyglot": [],
}
SOLUTIONS = {
    "python": "def keep_above(numbers, limit):\n    return [n for n in numbers if n > limit]",
    "javascript": "function keepAbove(numbers, limit) {\n  return numbers.filter((n) => n > limit);\n}",
    "go": (
        "package main\n\nfunc keepAbove(numbers []int, limit int) []int {\n\tkept := []int{}\n"
        "\tfor _, n := range numbers {\n\t\tif n > limit {\n\t\t\tkept = append(kept, n)\n\t\t}\n\t}\n\treturn kept\n}"
    ),
    "rust": (
        "fn keep_above(numbers: &[i64], limit: i64) -> Vec<i64> {\n"
        "    numbers.iter().copied().filter(|&n| n > limit).collect()\n}"
    ),
    "cpp": (
        "#include <vector>\nusing namespace std;\n\nvector<int> keep_above(const vector<int>& numbers, int limit) {\n"
        "    vector<int> kept;\n    for (int n : numbers)\n        if (n > limit) kept.push_back(n);\n"
        "    return kept;\n}"
    ),
    "java": (
        "import java.util.List;\n\nclass Solution {\n"
        "    static List<Integer> keepAbove(List<Integer> numbers, int limit) {\n"
        "        return numbers.stream().filter(n -> n > limit).toList();\n    }\n}"
    ),
}


COMMANDS = {
    "python": ("s.py", [[sys.executable, "s.py"]]),
    "javascript": ("s.js", [["node", "s.js"]]),
    "rust": ("s.rs", [["rustc", "-A", "warnings", "--test", "s.rs"], ["./s"]]),
    "cpp": ("s.cpp", [["g++", "-std=c++17", "-o", "s", "s.cpp"], ["./s"]]),
}
CALL_ALL = "for f in list(vars().values()):\n    callable(f) and f.__name__.startswith('test_') and f()"
"""What pytest would do."""
SUITES = {
    "go": ("go-test", "s.go", "s_test.go", {"go.mod": "module s\n\ngo 1.20\n"}),
    "java": ("junit", "src/main/java/Solution.java", "src/test/java/SolutionTest.java", {}),
}


@pytest.fixture(scope="module")
def judge():
    """A judge that knows the languages of this machine; None where there is no bubblewrap."""
    if shutil.which("bwrap") is None:
        yield None
        return
    toolchains = find_toolchains()
    with open_sandbox(toolchains=toolchains.values()) as sandbox, sandbox.session() as session:
        yield Judge(session, toolchains)


def passes(language, solution, tests, directory, judge):
    """Whether the language's own tools say that the tests pass."""
    if language in SUITES:
        return suite_passes(language, solution, tests, judge)
    name, commands = COMMANDS[language]
    if shutil.which(commands[0][0]) is None:
        pytest.skip(f"needs {commands[0][0]}")
    text = f"{solution}\n\n\n{tests}\n"
    (directory / name).write_text(text + (CALL_ALL if language == "python" else ""))
    *compilations, run = commands
    for each in compilations:
        compiled = subprocess.run(each, cwd=directory, capture_output=True, text=True, check=False)
        assert compiled.returncode == 0, compiled.stderr
    return subprocess.run(run, cwd=directory, capture_output=True, check=False).returncode == 0


def suite_passes(language, solution, tests, judge):
    """The same in the sandbox, whose compilers are warm."""
    if judge is None:
        pytest.skip("needs bubblewrap: apt install bubblewrap")
    harness, path, test_path, others = SUITES[language]
    check = SuiteTests(harness=harness, solution_paths=(path,), files={path: "", test_path: tests, **others})
    verdict = judge.judge(check, language, {path: solution})
    if not verdict.scored:
        pytest.skip(verdict.message)
    assert verdict.outcome in (Outcome.PASSED, Outcome.FAILED), verdict.message
    return verdict.outcome is Outcome.PASSED


@pytest.mark.parametrize(
    "renderer",
    [pytest.param(each, marks=[pytest.mark.slow] * (name == "java"), id=name) for name, each in RENDERERS.items()],
)
def test_right_solution_passes_the_tests_and_wrong_one_fails_them(tmp_path, renderer, judge):
    (calls,) = typed_calls(CASES, Counter())
    tests = renderer.tests(calls.program, calls.cases)
    right = SOLUTIONS[renderer.language]
    assert passes(renderer.language, right, tests, tmp_path, judge)
    assert not passes(renderer.language, right.replace("n > limit", "n >= -1"), tests, tmp_path, judge)


def test_exercise_becomes_tests_in_every_language_and_test_outputs(tmp_path):
    examples, report = drawn(CanonicalData(), write_lines(tmp_path / "c.jsonl", ROW))
    written = [example.language for example in examples if example.task is Task.TEST_WRITING]
    assert written == [renderer.language for renderer in RENDERERS.values()]
    asked = [example for example in examples if example.task is Task.TEST_OUTPUT]
    assert "assert keep_above([5, 1, 9], 3) == [5, 9]" in asked[0].response
    assert len(asked) == 4 and "Keep the numbers above a limit." in asked[0].request
    assert not report.malformed and not report.left_out


def test_single_file_is_read_with_the_description_beside_it(tmp_path):
    exercise = tmp_path / "keep-above"
    exercise.mkdir()
    (exercise / "canonical-data.json").write_text(json.dumps(CASES))
    (exercise / "description.md").write_text("Keep what is above.")
    examples, _ = drawn(CanonicalData(), exercise / "canonical-data.json")
    assert examples[0].group == "exercism-canonical/keep-above"
    assert "Keep what is above." in examples[0].request


def test_exercise_of_the_polyglot_benchmark_is_refused_by_its_slug(tmp_path):
    path = write_lines(tmp_path / "c.jsonl", ROW | {"slug": "wordy"})
    examples, report = drawn(CanonicalData(), path)
    assert (examples, list(report.left_out.values())) == ([], [1])
    assert drawn(CanonicalData(polyglot=True), path)[0]


@pytest.mark.parametrize(
    ("cases", "kinds"),
    [
        ([leaf(True, word="a"), leaf(False, word="b")], "str bool"),
        ([leaf(1, x=1), leaf(1, x=0.5)], "float int"),
        ([leaf(None, x=1), leaf("a", x=2)], "int optional[str]"),
        ([leaf({"a": 1}, words=[["a"]]), leaf({}, words=[[]])], "list[list[str]] map[str,int]"),
        ([leaf(1, scores={"1": ["a"]}), leaf(2, scores={"2": []})], "map[int,list[str]] int"),
    ],
)
def test_types_are_inferred_from_every_case(cases, kinds):
    (calls,) = typed_calls({"cases": cases}, Counter())
    entry = calls.program.entry
    assert " ".join([*(str(parameter.type) for parameter in entry.parameters), str(entry.result)]) == kinds


def test_number_beyond_32_bits_is_a_fact_of_the_program():
    for number, wide in ((2**31 - 1, False), (2**31, True)):
        (calls,) = typed_calls({"cases": [leaf([number], x=1), leaf([0], x=2)]}, Counter())
        assert calls.program.facts.wide == wide


def test_values_take_the_form_of_their_types():
    (calls,) = typed_calls({"cases": [leaf(1, m={"1": ["a"]}, x=1), leaf(2, m={"-2": ["b"]}, x=0.5)]}, Counter())
    assert calls.cases == (Case(({1: ["a"]}, 1.0), 1), Case(({-2: ["b"]}, 0.5), 2))
    assert type(calls.cases[0].arguments[1]) is float


@pytest.mark.parametrize(
    ("cases", "rule"),
    [
        ([leaf({"error": "no"}, x=1)], "an error is expected"),
        ([leaf(1, x=1), leaf(2, y=2)], "calls with different parameters"),
        ([leaf(1, x=1), leaf(2, x=1)], "one call with different results"),
        ([leaf(1, x=1)], "fewer than 2 cases of one function"),
        ([leaf(0.5, x=1), leaf(1.5, x=2)], "a float as the result, which tests compare with a tolerance"),
        ([leaf(1, x=[1, [2]]), leaf(1, x=[1])], "values of several types in one place"),
        ([leaf(1, x=[None, 1]), leaf(1, x=[1])], "null inside a list or map"),
        ([leaf(1, x=None), leaf(2, x=[1])], "null beside lists, maps or floats"),
        ([leaf(1, x=[]), leaf(2, x=[])], "a list or map that is always empty"),
        ([leaf(None, x=1), leaf(None, x=2)], "nothing but null"),
        ([leaf(2**53, x=1)], "a number of more than 53 bits"),
        ([leaf("é", x=1)], "text beyond ASCII, which languages index differently"),
        ([leaf(1, x="fn(x) -> x")], "a function as an argument"),
        ([leaf(1, name="no name", x=1), leaf(2, name="no name", x=2)], "a name that is no identifier"),
    ],
)
def test_cases_without_a_type_are_counted_by_rule(cases, rule):
    left_out = Counter()
    assert typed_calls({"cases": cases}, left_out) == []
    assert +left_out == {rule: len(cases)}


def test_case_that_a_later_one_takes_the_place_of_is_not_used():
    old, new, other = leaf(1, x=1), leaf(2, x=1) | {"uuid": "new"}, leaf(3, x=3)
    (calls,) = typed_calls({"cases": [old, new | {"reimplements": old["uuid"]}, other]}, Counter())
    assert [case.result for case in calls.cases] == [2, 3]


@pytest.mark.parametrize("data", [{"cases": [5]}, {"cases": [{"property": "f"}]}, {"cases": "none"}, {}])
def test_file_that_is_none_is_malformed(tmp_path, data):
    with pytest.raises(BadRow, match="a case has property, input and expected"):
        typed_calls(data, Counter())
    examples, report = drawn(CanonicalData(), write_lines(tmp_path / "c.jsonl", ROW | {"canonical_data": data}, ROW))
    assert examples and [row.line for row in report.malformed] == [1]


def test_every_real_exercise_is_converted_or_counted_with_its_reason(data_directory):
    report = RowReport()
    used = list(CanonicalData().read([data_directory], report))
    counted = Counter({rule: count for (_, rule), count in report.left_out.items()})
    polyglot, none = "an exercise of the Aider polyglot benchmark", "an exercise without a case that has a type"
    assert (sum(report.read.values()), len(report.malformed), counted[polyglot]) == (151, 0, 92)
    assert len(used) + counted[polyglot] + counted[none] == 151
    assert len(used) >= 45
