"""HumanEval-X: HumanEval in Python, C++, Java, JavaScript, Go and Rust (Zheng et al. 2023, arXiv:2303.17568).

HumanEvalPack (hrm_edge.bench.suites.humanevalpack) has the same rows with more fields, so that it assembles its
programs here. Programs are declaration + solution + test, as the official evaluation puts them together
(github.com/THUDM/CodeGeeX/blob/2838420/codegeex/benchmark/evaluate_humaneval_x.py), with these differences, because
an answer here is a whole file and not a continuation:

- Imports that an answer may leave out stand before it in a form that it may repeat (Rust: a module imported by `*`,
  which explicit imports shadow). Rust's crates (rand, regex, md5) are not there: their unused imports are taken out.
- Go's tests get a file of their own, since each Go file must import what it uses and nothing else.
"""

import re
from collections.abc import Iterable, Iterator, Mapping

from hrm_edge.bench.suites.humaneval import STUB_BODY, code_before
from hrm_edge.bench.suites.requests import complete_function
from hrm_edge.bench.suites.rows import Row
from hrm_edge.languages import LANGUAGES, find_language
from hrm_edge.problems.problem import Check, Harness, Problem, PythonTests, Scenario, SuiteTests

HARNESSES: Mapping[str, Harness] = {
    "cpp": "asserts",
    "java": "asserts",
    "javascript": "asserts",
    "go": "go-test",
    "rust": "rust-test",
}
_STUB_BODIES = {
    "python": STUB_BODY,
    "cpp": "    throw 0;\n}\n",
    "java": "        throw new UnsupportedOperationException();\n    }\n}\n",
    "javascript": "}\n",
    "go": '    panic("not written")\n}\n',
    "rust": "    unimplemented!()\n}\n",
}
_RUST_PRELUDE = """\
#[allow(unused_imports)]
mod humaneval_imports {
    pub use std::any::{Any, TypeId};
    pub use std::cmp::{self, max};
    pub use std::collections::{HashMap, HashSet};
    pub use std::mem::replace;
    pub use std::ops::Index;
    pub use std::slice::Iter;
}
#[allow(unused_imports)]
use humaneval_imports::*;
"""
_RUST_USES = re.compile(r"^use .*;\n", re.MULTILINE)
_GO_IMPORTS = re.compile(r"^import \(\n.*?^\)\n?", re.MULTILINE | re.DOTALL)
_GO_PACKAGE = re.compile(r'"([\w./-]+)"')
_HEADER_LINES = {"cpp": ("#include", "using namespace"), "java": ("import ",), "javascript": ("import ",)}
_PYTHON_DEFINITION = re.compile(r"^def (\w+)", re.MULTILINE)


def load_humaneval_x(rows: Iterable[Row]) -> Iterator[Problem]:
    """The problems of any of the six files, or of all of them one after another.

    Raises:
        DataError: a row lacks a field, or is of a language that HumanEval-X does not have.
    """
    return map(_problem, rows)


def _problem(row: Row) -> Problem:
    language = language_of(row)
    start = start_of(row, language)
    return Problem(
        suite="humaneval-x",
        id=row.text("task_id"),
        scenario=Scenario.GENERATION,
        language=language,
        request=complete_function(_documented(row, language, start), language),
        check=check_of(row, language),
        reference=program(row, language, row.text("canonical_solution")),
        stub=stub_of(row, language),
        source=row.fields,
    )


def language_of(row: Row) -> str:
    """The language that the task's id starts with: `CPP/0` is C++.

    Raises:
        DataError: the id starts with no language of the six.
    """
    found = find_language(row.text("task_id").partition("/")[0])
    if found is None or found.name not in _STUB_BODIES:
        raise row.wrong("task_id", "Python/, CPP/, Java/, JavaScript/, Go/ or Rust/ and a number")
    return found.name


def start_of(row: Row, language: str) -> str:
    """The code up to the body to be written: helpers and signature, without imports where `program` adds them."""
    match language:
        case "python":
            return row.text("prompt")
        case "go":  # helpers stand in the prompt alone
            prompt = row.text("prompt")
            declaration = row.text("declaration").lstrip("\n")
            return _GO_IMPORTS.sub("", prompt).lstrip("\n") if prompt.count("func ") > 1 else declaration
        case "rust":
            return _RUST_USES.sub("", row.text("declaration")).lstrip("\n")
        case _:
            return row.text("declaration").lstrip("\n")


def program(row: Row, language: str, body: str) -> str:
    """The whole file of an answer with this body: imports, helpers, signature, body."""
    code = start_of(row, language) + body
    return _go_imports(row, code) + code if language == "go" else code


def stub_of(row: Row, language: str) -> str:
    """The program whose body does nothing or raises."""
    return program(row, language, _STUB_BODIES[language])


def check_of(row: Row, language: str) -> Check:
    """How an answer is judged: Python's tests in a process of their own, the others' beside the answer.

    Raises:
        DataError: a field is missing, or a Python prompt defines no function.
    """
    if language == "python":
        return _python_tests(row)
    if language == "go":
        return _go_tests(row)
    return SuiteTests(
        harness=HARNESSES[language],
        solution_paths=(LANGUAGES[language].source,),
        before=_RUST_PRELUDE if language == "rust" else _header(row, language),
        after="\n" + row.text("test"),
    )


def _python_tests(row: Row) -> PythonTests:
    prompt = row.text("prompt")
    defined = _PYTHON_DEFINITION.findall(prompt)
    if not defined:
        raise row.wrong("prompt", "a Python function")
    return PythonTests(
        entry_point=defined[-1],
        tests=(row.text("test") + "\n",),
        setup=code_before(prompt, defined[-1], row.place),
        prefix=prompt,
    )


def _go_tests(row: Row) -> SuiteTests:
    test = row.text("test")
    return SuiteTests(
        harness=HARNESSES["go"],
        solution_paths=("solution.go",),
        files={"solution_test.go": f"package main\n\n{_go_imports(row, test)}{test}"},
        before="package main\n\n",
    )


def _go_imports(row: Row, code: str) -> str:
    """The import block of a Go file: of the packages that the row names, those that `code` uses."""
    named = _GO_PACKAGE.findall(row.text("import") + row.text("test_setup"))
    used = [
        package
        for package in sorted(set(named))
        if re.search(rf"(?<![\w.]){re.escape(package.rpartition('/')[2])}\.[A-Z]", _without_go_comments(code))
    ]
    lines = "".join(f'    "{package}"\n' for package in used)
    return f"import (\n{lines})\n\n" if used else ""


def _without_go_comments(code: str) -> str:
    return re.sub(r"//[^\n]*", "", code)


def _header(row: Row, language: str) -> str:
    """The lines of a declaration that a C++ or Java file may have twice; JavaScript's have none."""
    lines = row.text("declaration").split("\n")
    return "".join(f"{line}\n" for line in lines if line.startswith(_HEADER_LINES[language]))


def _documented(row: Row, language: str, start: str) -> str:
    """What the model is shown: the prompt, and the start as well where the prompt is documentation alone."""
    prompt = row.text("prompt")
    signature = start.rstrip().rpartition("\n")[2].strip()
    return prompt if signature in prompt else f"{prompt.rstrip()}\n{program(row, language, '')}"
