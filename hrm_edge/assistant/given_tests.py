"""A test file that came with a request: which answer it tests, and how it is run.

    Python        test_*.py, *_test.py: unittest, or functions as pytest runs them (no fixtures)
    JavaScript    *.test.js, *.spec.js: jest
    Go            *_test.go

The answer takes the place of the module that the tests import. Test files share the answer's process, so a program
written to forge its results could (see hrm_edge.sandbox.judges.suites).
"""

import ast
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import PurePosixPath

from hrm_edge.function_heads import functions_of
from hrm_edge.problems.problem import SuiteTests
from hrm_edge.python_source import parsed

TIMEOUT_S = 10.0
_PYTHON = re.compile(r"(?:test_\w+|\w+_test|tests?)\.py")
_JAVASCRIPT = re.compile(r"[\w.-]+\.(?:test|spec)\.[cm]?js")
_GO = re.compile(r"\w+_test\.go")
_IMPORT = re.compile(r"""(?:\bfrom|\brequire\(|\bimport)\s*\(?\s*['"](\.{1,2}/[^'"]+)['"]""")
_EXPORTS = re.compile(r"^\s*export\b|\bmodule\.exports\b|\bexports\.\w", re.MULTILINE)


@dataclass(frozen=True, kw_only=True)
class GivenTests:
    """Tests that an answer must pass."""

    language: str
    check: SuiteTests
    module_exports: str = ""
    """What a JavaScript answer that exports nothing needs at its end, with `{names}` of its functions in it."""

    def importable(self, code: str) -> str:
        """The answer as the tests can import it."""
        if not self.module_exports or _EXPORTS.search(code):
            return code
        names = ", ".join(function.name for function in functions_of(code, "javascript"))
        return f"{code.rstrip()}\n\n{self.module_exports.format(names=names)}\n" if names else code


def given_tests(files: Mapping[str, str]) -> GivenTests | None:
    """The tests among the files of a request.

    Args:
        files: name (without folders) → text.

    Returns:
        None where no file is a test file, or none that can be run alone.
    """
    for name, text in files.items():
        if _PYTHON.fullmatch(name) and (found := _python(name, text, files)):
            return found
        if _JAVASCRIPT.fullmatch(name):
            return _javascript(name, text, files)
        if _GO.fullmatch(name):
            return _go(name, text, files)
    return None


def _python(name: str, text: str, files: Mapping[str, str]) -> GivenTests | None:
    tree = parsed(text)
    if tree is None:
        return None
    wrapped = _wrapped(tree)
    if not wrapped and not any(isinstance(node, ast.ClassDef) for node in tree.body):
        return None
    module = _tested_module(tree)
    imported = "" if module else "from answer import *  # noqa\n"
    solution = f"{(module or 'answer').replace('.', '/')}.py"
    others = {other: content for other, content in files.items() if other not in (name, solution)}
    stand_in = resources.files("hrm_edge.assistant").joinpath("pytest_stand_in.py").read_text(encoding="utf-8")
    check = SuiteTests(
        harness="unittest",
        solution_paths=(solution,),
        files={**others, "given_test.py": f"{imported}{text.rstrip()}\n\n\n{wrapped}", "pytest.py": stand_in},
        timeout_s=TIMEOUT_S,
    )
    return GivenTests(language="python", check=check)


def _wrapped(tree: ast.Module) -> str:
    """Test functions as a unittest class, which is what the sandbox's harness runs; empty where there are none."""
    names = [
        node.name
        for node in tree.body
        if isinstance(node, ast.FunctionDef)
        and node.name.startswith("test")
        and (not node.args.args or any("parametrize" in ast.unparse(each) for each in node.decorator_list))
    ]
    if not names:
        return ""
    methods = "\n".join(f"    def {name}(self):\n        {name}()\n" for name in names)
    return f"import unittest\n\n\nclass GivenFunctions(unittest.TestCase):\n{methods}"


def _tested_module(tree: ast.Module) -> str | None:
    """The first module that is neither Python's own nor a test library."""
    for node in ast.walk(tree):
        modules = []
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            modules = [node.module]
        elif isinstance(node, ast.Import):
            modules = [alias.name for alias in node.names]
        for module in modules:
            if module.partition(".")[0] not in {*sys.stdlib_module_names, "pytest"}:
                return module
    return None


def _javascript(name: str, text: str, files: Mapping[str, str]) -> GivenTests | None:
    imported = next((path for path in _IMPORT.findall(text)), None)
    if imported is None:
        return None
    solution = PurePosixPath(imported).name
    if not re.search(r"\.[cm]?js$", solution):
        solution += ".js"
    others = {other: content for other, content in files.items() if other != solution}
    exports = "module.exports = {{ {names} }};" if "require(" in text else "export {{ {names} }};"
    return GivenTests(
        language="javascript",
        check=SuiteTests(
            harness="jest",
            solution_paths=(solution,),
            files={**others, name: text.replace(imported, f"./{solution}")},
            timeout_s=TIMEOUT_S,
        ),
        module_exports=exports,
    )


def _go(name: str, text: str, files: Mapping[str, str]) -> GivenTests:
    solution = name.replace("_test.go", ".go")
    others = {other: content for other, content in files.items() if other != solution}
    package = re.search(r"^package[ \t]+\w+", text, re.MULTILINE)
    check = SuiteTests(
        harness="go-test",
        solution_paths=(solution,),
        files={**others, name: text},
        before=f"{package[0] if package else 'package main'}\n\n",
        timeout_s=TIMEOUT_S,
    )
    return GivenTests(language="go", check=check)
