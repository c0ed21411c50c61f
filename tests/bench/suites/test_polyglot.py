"""The Aider polyglot benchmark: what of an exercise becomes the problem, and what a hostile checkout cannot do."""

import json
import os
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from miniature_polyglot import write_miniature_polyglot

from hrm_edge.bench.suites.polyglot import HARNESSES, load_polyglot, second_request
from hrm_edge.edits import parse_edits
from hrm_edge.errors import DataError, SandboxError
from hrm_edge.problems.problem import Problem, Scenario, SuiteTests
from hrm_edge.sandbox.judge import Judge
from hrm_edge.sandbox.open import open_sandbox
from hrm_edge.sandbox.toolchains import find_toolchains
from hrm_edge.sandbox.verdict import Outcome

COUNTS = {"cpp": 26, "go": 39, "java": 47, "javascript": 49, "python": 34, "rust": 30}
PRACTICE = Path("python/exercises/practice")
EXERCISE = PRACTICE / "double-it"


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    return write_miniature_polyglot(tmp_path / "checkout")


def problem_of(checkout: Path, language: str) -> Problem:
    return next(problem for problem in load_polyglot(checkout) if problem.language == language)


def suite_of(problem: Problem) -> SuiteTests:
    assert isinstance(problem.check, SuiteTests)
    return problem.check


def test_every_language_has_its_exercise(checkout: Path) -> None:
    problems = load_polyglot(checkout)
    assert [problem.id for problem in problems] == [f"{language}/double-it" for language in sorted(HARNESSES)]
    for problem in problems:
        assert problem.scenario is Scenario.EDIT
        assert problem.tries == 2
        assert suite_of(problem).harness == HARNESSES[problem.language]


@pytest.mark.parametrize(
    ("language", "solution", "beside"),
    [
        ("python", {"double_it.py"}, {"double_it_test.py"}),
        ("javascript", {"double-it.js"}, {"double-it.spec.js", "package.json"}),
        ("go", {"double_it.go"}, {"double_it_test.go", "cases_test.go", "go.mod"}),
        ("rust", {"src/lib.rs"}, {"tests/double_it.rs", "Cargo.toml"}),
        ("cpp", {"double_it.cpp", "double_it.h"}, {"double_it_test.cpp", "test/catch.hpp", "CMakeLists.txt"}),
        (
            "java",
            {"src/main/java/DoubleIt.java", "src/main/java/Twice.java"},
            {"src/test/java/DoubleItTest.java", "src/main/java/Given.java", "build.gradle"},
        ),
    ],
)
def test_reference_fills_the_solution_and_tests_stand_beside_it(
    checkout: Path, language: str, solution: set[str], beside: set[str]
) -> None:
    problem = problem_of(checkout, language)
    suite = suite_of(problem)
    assert isinstance(problem.reference, dict)
    assert isinstance(problem.stub, dict)
    assert set(problem.reference) == set(suite.solution_paths) == solution
    assert set(suite.files) == beside | set(problem.stub)
    assert set(problem.stub) == solution - {"src/main/java/Twice.java"}
    assert "2 *" in "".join(problem.reference.values()) or "TWO *" in "".join(problem.reference.values())


def test_request_has_instructions_and_stub_and_neither_tests_nor_reference(checkout: Path) -> None:
    request = problem_of(checkout, "python").request
    assert request.index("Numbers can be doubled.") < request.index("Return twice") < request.index("Use Python.")
    assert "double_it.py\n```\ndef double(number):\n    pass\n```" in request
    assert "assertEqual" not in request
    assert "2 * number" not in request


def test_request_names_the_edit_format(checkout: Path) -> None:
    whole, diff = (load_polyglot(checkout, edit_format=name)[0].request for name in ("whole", "diff"))  # type: ignore[arg-type]
    assert "<<<<<<< SEARCH" in diff
    assert "<<<<<<< SEARCH" not in whole


def test_second_request_has_the_first_lines_of_the_output_and_the_files_as_they_are(checkout: Path) -> None:
    problem = problem_of(checkout, "cpp")
    output = "\n".join(f"line {number}" for number in range(60))
    request = second_request(problem, {"double_it.h": "int twice();", "double_it.cpp": "", "x.txt": "extra"}, output)
    assert "line 49\n" in request
    assert "line 50" not in request
    assert "Return twice the number." in request
    assert "double_it.h\n```\nint twice();\n```" in request
    assert "extra" not in request


def test_files_shown_in_a_request_are_read_back_as_whole_files(checkout: Path) -> None:
    """The request shows files in the very format it asks for."""
    for problem in load_polyglot(checkout):
        assert isinstance(problem.stub, dict)
        edits = parse_edits(problem.request, problem.stub, "whole")
        assert {edit.path: edit.text for edit in edits} == problem.stub  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "path", ["../../../../secret.txt", "/etc/passwd", "missing.py", "a\x00b", "", "gradle/wrapper.jar"]
)
@pytest.mark.parametrize("role", ["solution", "test", "example"])
def test_path_that_is_no_file_of_the_exercise_is_refused(checkout: Path, tmp_path: Path, role: str, path: str) -> None:
    (tmp_path / "secret.txt").write_text("secret")
    file = checkout / EXERCISE / ".meta/config.json"
    config = json.loads(file.read_text())
    config["files"][role] = [path]
    file.write_text(json.dumps(config))
    with pytest.raises(DataError, match=rf"files\.{role} names .* which is no file of the exercise"):
        load_polyglot(checkout)


def _link_file(checkout: Path) -> None:
    (checkout / EXERCISE / "double_it.py").unlink()
    (checkout / EXERCISE / "double_it.py").symlink_to("/etc/passwd")


def _link_folder(checkout: Path) -> None:
    (checkout / EXERCISE / "test").symlink_to("/etc")


def _link_exercise(checkout: Path) -> None:
    (checkout / PRACTICE / "other").symlink_to("/etc")


def _link_language(checkout: Path) -> None:
    (checkout / "python").rename(checkout.parent / "elsewhere")
    (checkout / "python").symlink_to(checkout.parent / "elsewhere")


def _pipe(checkout: Path) -> None:
    os.mkfifo(checkout / EXERCISE / "pipe.py")


def _huge_file(checkout: Path) -> None:
    with (checkout / EXERCISE / "huge.py").open("wb") as file:
        file.truncate(3 * 2**20)


def _huge_exercise(checkout: Path) -> None:
    for number in range(5):
        with (checkout / EXERCISE / f"large{number}.py").open("wb") as file:
            file.truncate(2 * 2**20)


def _many_files(checkout: Path) -> None:
    for number in range(501):
        (checkout / EXERCISE / f"file{number}.py").touch()


@pytest.mark.parametrize(
    "attack",
    [_link_file, _link_folder, _link_exercise, _link_language, _pipe, _huge_file, _huge_exercise, _many_files],
    ids=lambda attack: attack.__name__.strip("_"),
)
def test_hostile_checkout_is_refused(checkout: Path, attack: Callable[[Path], None]) -> None:
    attack(checkout)
    with pytest.raises(DataError, match=r"is a link|link or a device|more than"):
        load_polyglot(checkout)


@pytest.mark.parametrize("config", ["", "[]", "{}", '{"files": {"solution": "double_it.py"}}', "[" * 100_000])
def test_broken_configuration_is_a_data_error(checkout: Path, config: str) -> None:
    (checkout / EXERCISE / ".meta/config.json").write_text(config)
    with pytest.raises(DataError, match=r"config\.json"):
        load_polyglot(checkout)


def test_directory_that_is_no_checkout_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="is no checkout of the Aider polyglot benchmark"):
        load_polyglot(tmp_path)


@pytest.fixture(scope="module")
def real_problems() -> list[Problem]:
    if "HRM_EDGE_POLYGLOT" not in os.environ:
        pytest.skip("needs a checkout of Aider-AI/polyglot-benchmark: set HRM_EDGE_POLYGLOT to it")
    return load_polyglot(Path(os.environ["HRM_EDGE_POLYGLOT"]))


def test_real_checkout_has_225_exercises(real_problems: list[Problem]) -> None:
    """Counts as the benchmark's own description gives them."""
    assert Counter(problem.language for problem in real_problems) == COUNTS
    assert len({problem.id for problem in real_problems}) == 225
    assert all(problem.stub != problem.reference for problem in real_problems)


@pytest.mark.slow
def test_real_references_pass(real_problems: list[Problem]) -> None:
    """95 of 100; the others need crates or jars that a machine without a network does not have."""
    toolchains = find_toolchains()
    missing = COUNTS.keys() - toolchains.keys()
    if missing:
        pytest.skip(f"needs {', '.join(sorted(missing))}")
    try:
        opened = open_sandbox(toolchains=toolchains.values())
    except SandboxError as error:
        pytest.skip(f"needs a sandbox: {error}")
    with opened as sandbox, sandbox.session() as session:
        judge = Judge(session, toolchains)
        failed = {}
        for problem in real_problems:
            assert problem.reference is not None
            verdict = judge.judge(problem.check, problem.language, problem.reference)
            if verdict.outcome is not Outcome.PASSED:
                failed[problem.id] = verdict
    assert len(failed) <= 0.05 * len(real_problems), failed
