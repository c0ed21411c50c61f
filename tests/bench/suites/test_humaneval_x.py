"""HumanEval-X and HumanEvalPack: six languages, each assembled so that a whole file is the answer."""

import shutil
import subprocess

import pytest
from suite_rows import PACK, PACK_CPP, PACK_GO, PACK_PYTHON, PACK_RUST, ids, read_raw, write_rows

from hrm_edge.bench.suites import Filters, load_suite
from hrm_edge.errors import DataError
from hrm_edge.problems.problem import PythonTests, Scenario

LANGUAGES = ("python", "cpp", "java", "javascript", "go", "rust")
SUITES = ("humaneval-x", "humanevalpack", "humanevalfix")
COMMANDS = {
    "cpp": ("g++", "g++ -std=c++17 main.cpp -o main && ./main"),
    "java": ("javac", "javac Main.java && java Main"),
    "javascript": ("node", "node main.js 2>&1 | grep -c 'Assertion failed' | grep -qx 0"),
    "rust": ("rustc", "rustc --test main.rs -o main && ./main"),
}


@pytest.fixture
def load(tmp_path):
    """`load(suite)`: language → the problem of its hand-written row."""

    def load(suite):
        problems = load_suite(suite, write_rows(tmp_path / "rows.jsonl.gz", *PACK))
        return {problem.language: problem for problem in problems}

    return load


@pytest.mark.parametrize("suite", SUITES)
def test_language_is_told_by_the_id(load, suite):
    assert tuple(load(suite)) == LANGUAGES


def test_fix_task_shows_bug_and_tests_and_starts_from_the_bug(load):
    problem = load("humanevalfix")["cpp"]
    assert problem.scenario is Scenario.REPAIR
    assert problem.stub == PACK_CPP["declaration"] + PACK_CPP["buggy_solution"]
    assert problem.reference == PACK_CPP["declaration"] + PACK_CPP["canonical_solution"]
    assert problem.stub.strip() in problem.request and PACK_CPP["test"].strip() in problem.request
    assert "\n\nFix bugs in twice." in problem.request


def test_fix_task_in_python_has_no_docstring(load):
    """The tests alone say what is right: HumanEvalFixTests."""
    problem = load("humanevalfix")["python"]
    assert "Twice a number" not in problem.request
    assert problem.stub == PACK_PYTHON["declaration"] + PACK_PYTHON["buggy_solution"]


def test_synthesize_task_gives_instruction_and_start(load):
    problem = load("humanevalpack")["java"]
    assert problem.scenario is Scenario.GENERATION
    assert problem.request.startswith("Write a Java function `public int twice(int x)`.\n")
    assert "public int twice(int x) {\n```" in problem.request


def test_python_tests_are_judged_apart(load):
    check = load("humanevalpack")["python"].check
    assert isinstance(check, PythonTests)
    assert (check.entry_point, check.prefix, check.setup) == ("twice", PACK_PYTHON["prompt"], "")
    assert check.tests == (PACK_PYTHON["test"] + "\n",)


def test_prompt_of_documentation_alone_is_followed_by_the_signature(load):
    assert "/*\n Twice a number.\n*/\nfn twice(x: i32) -> i32{" in load("humaneval-x")["rust"].request


def test_go_files_import_what_they_use_and_nothing_else(load):
    """Go refuses both: the solution uses strings (math stands in a comment), the test math, testing and assert."""
    problem = load("humanevalpack")["go"]
    assert problem.reference.startswith('import (\n    "strings"\n)\n\nfunc Repeated(')
    assert load("humanevalfix")["go"].stub.startswith('import (\n    "math"\n    "strings"\n)\n\n')
    test = problem.check.files["solution_test.go"]
    assert test.startswith(
        'package main\n\nimport (\n    "github.com/stretchr/testify/assert"\n    "math"\n    "testing"\n)\n\nfunc Test'
    )
    assert (problem.check.before, problem.check.after) == ("package main\n\n", "")


def test_rust_crates_that_are_not_there_are_not_imported(load):
    problem = load("humanevalfix")["rust"]
    assert "rand" not in problem.reference + problem.check.before and "md5" not in problem.request


def assembled(problem, answer):
    return problem.check.before + answer + problem.check.after


def passes(tmp_path, problem, answer):
    program, command = COMMANDS[problem.language]
    if shutil.which(program) is None:
        pytest.skip(f"needs {program}")
    (tmp_path / problem.check.solution_paths[0]).write_text(assembled(problem, answer))
    return subprocess.run(command, shell=True, cwd=tmp_path, capture_output=True, timeout=60).returncode == 0


@pytest.mark.parametrize("language", COMMANDS)
def test_reference_passes_and_bug_fails_with_the_language_itself(tmp_path, load, language):
    problem = load("humanevalfix")[language]
    assert passes(tmp_path, problem, problem.reference)
    assert not passes(tmp_path, problem, problem.stub)


@pytest.mark.parametrize(
    ("language", "answer"),
    [
        ("cpp", "#include <cstdlib>\n#include <vector>\nint twice(int x) { return std::vector<int>(2, x)[0] * 2; }\n"),
        (
            "java",
            "import java.util.*;\nimport java.util.List;\nclass Solution { int twice(int x) { return x + x; } }\n",
        ),
        (
            "rust",
            "use std::collections::HashMap;\nuse std::cmp::max;\nfn twice(x: i32) -> i32 {\n"
            "    let mut m = HashMap::new();\n    m.insert(1, 2 * x);\n    max(m[&1], m[&1])\n}\n",
        ),
        ("rust", "fn twice(x: i32) -> i32 { HashMap::from([(1, 2 * x)])[&1] }\n"),
    ],
    ids=["cpp", "java", "rust with imports", "rust without"],
)
def test_answer_may_bring_the_imports_it_was_shown_or_leave_them_out(tmp_path, load, language, answer):
    assert passes(tmp_path, load("humaneval-x")[language], answer)


@pytest.mark.parametrize("task_id", ["Cobol/1", "HumanEval/1", "", "bash/1"])
def test_unknown_language_is_named(tmp_path, task_id):
    path = write_rows(tmp_path / "rows.jsonl", PACK_CPP | {"task_id": task_id})
    with pytest.raises(DataError, match=r"'task_id' is .*; every row needs Python/, CPP/, Java/"):
        load_suite("humaneval-x", path)


@pytest.mark.parametrize(
    ("row", "field"), [(PACK_RUST, "declaration"), (PACK_GO, "test_setup"), (PACK_CPP, "buggy_solution")]
)
def test_missing_field_is_named(tmp_path, row, field):
    path = write_rows(tmp_path / "rows.jsonl", {name: value for name, value in row.items() if name != field})
    with pytest.raises(DataError, match=rf"rows\.jsonl:1 has no field '{field}'"):
        load_suite("humanevalfix", path)


def test_python_prompt_without_a_function_is_named(tmp_path):
    path = write_rows(tmp_path / "rows.jsonl", PACK_PYTHON | {"prompt": "x = 1\n"})
    with pytest.raises(DataError, match=r"'prompt' is .*; every row needs a Python function there"):
        load_suite("humanevalpack", path)


@pytest.mark.parametrize("suite", SUITES)
def test_every_language_has_its_164_problems(data_directory, suite):
    problems = load_suite(suite, data_directory)
    assert [sum(problem.language == name for problem in problems) for name in LANGUAGES] == [164] * 6
    assert len(set(ids(problems))) == 6 * 164


def test_data_of_one_language_is_a_file(data_directory):
    problems = load_suite("humanevalfix", data_directory / "humanevalpack/js.jsonl.gz")
    assert ids(problems) == [f"JavaScript/{number}" for number in range(164)]


def test_fields_of_a_published_row(data_directory):
    raw = read_raw(data_directory / "humanevalpack/go.jsonl.gz")[32]
    problem = load_suite("humanevalfix", data_directory, Filters(languages=("go",)))[32]
    assert (problem.id, problem.source) == ("Go/32", raw)
    assert "func Poly(" in problem.reference and problem.reference.endswith(raw["canonical_solution"])
    assert problem.check.files["solution_test.go"].endswith(raw["test"])
    assert '"math/rand"' in problem.check.files["solution_test.go"]
