"""An answer and its driver as one program, for each language whose functions are called with words or JSON.

The answer keeps its own line numbers in the compiler's messages. Drivers take the parameters' types from the answer
itself (`vector<int>` and `vector<long long>` both read a list[int]), so that a program is the same for all arguments.
"""

import json
import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hrm_edge.errors import DataError
from hrm_edge.languages import LANGUAGES
from hrm_edge.problems.problem import Calls
from hrm_edge.sandbox.drivers.rust_parameters import arguments_for

_DIRECTORY = Path(__file__).parent


@dataclass(frozen=True, kw_only=True)
class CallProgram:
    """Sources, and how they are run."""

    files: Mapping[str, str]
    run: tuple[str, ...] = ()
    """Instead of the table's command."""
    arguments: tuple[str, ...] = ()
    """More words for it."""


def call_program(language: str, check: Calls, answer: str) -> CallProgram:
    """The program that makes the calls of a check, whose arguments it reads from a file `arguments`."""
    if language not in _PROGRAMS:
        raise DataError(f"calls in {language} are not known: choose of python, javascript, {', '.join(_PROGRAMS)}")
    return _PROGRAMS[language](check, answer)


def _seconds(check: Calls) -> int:
    return max(1, math.ceil(check.timeout_s))


# --- C++

_USES_STD = re.compile(r"\bstd\s*::|\bnamespace\s+std\b")


def _cpp(check: Calls, answer: str) -> CallProgram:
    using = "" if _USES_STD.search(answer) else "using namespace std;\n"
    owner = check.method_of
    target = f"object, &{owner}::{check.function}" if owner else f"&::{check.function}"
    instance = f"static {owner} object; " if owner else ""
    main = (
        # a precompiled header counts only as the first include of the main file
        f'#include <bits/stdc++.h>\n#include "hrm_edge_calls.h"\n{using}'
        '#define main hrm_edge_answer_main\n#include "answer.inc"\n'
        "#undef main\n#undef int\n#undef return\n"
        f"int main() {{ {instance}hrm_edge::call({_seconds(check)}, {target}); }}\n"
    )
    return CallProgram(files={"main.cpp": main, "hrm_edge_calls.h": _driver("cpp_calls.h"), "answer.inc": answer})


# --- Go

_GO_PACKAGE = re.compile(r"^\s*package[ \t]+\w+[ \t]*;?", re.MULTILINE)
_GO_MAIN = re.compile(r"^func[ \t]+main[ \t]*\([ \t]*\)", re.MULTILINE)
_GO_IMPORT = re.compile(r"^\s*import\b", re.MULTILINE)
_GO_QUALIFIED = re.compile(r"\b([a-z][a-z0-9]*)\.[A-Z]")
_GO_PACKAGES = (
    *("bufio", "bytes", "errors", "fmt", "math", "os", "regexp", "slices", "sort", "strconv", "strings", "sync"),
    *("time", "unicode", "math/big", "math/bits", "container/heap", "container/list", "maps"),
)


def _go(check: Calls, answer: str) -> CallProgram:
    target = f"new({check.method_of}).{check.function}" if check.method_of else check.function
    timeout = f"{round(check.timeout_s * 1000)} * time.Millisecond"
    driver = f"{_driver('go_calls.go')}\nvar hrmEdgeFunction any = {target}\n\nconst hrmEdgeTimeout = {timeout}\n"
    return CallProgram(files={"answer.go": go_answer(answer), "hrm_edge_calls.go": driver})


def go_answer(answer: str) -> str:
    """The answer as a file of package main whose own `main` does not run, on the lines it had."""
    text = _GO_MAIN.sub("func hrmEdgeAnswerMain()", _GO_PACKAGE.sub("", answer, count=1))
    imports = ""
    if not _GO_IMPORT.search(text):
        used = set(_GO_QUALIFIED.findall(text))
        imports = "".join(f'import "{path}"; ' for path in _GO_PACKAGES if path.rpartition("/")[2] in used)
    return f"package main; {imports}{text}"


# --- Rust

_RUST_MAIN = re.compile(r"^(\s*(?:pub\s+)?)fn\s+main\s*\(", re.MULTILINE)


def _rust(check: Calls, answer: str) -> CallProgram:
    lets, passed = arguments_for(check, answer)
    owner = check.method_of
    declared = owner is None or re.search(rf"\b(?:struct|enum|trait)\s+{owner}\b", answer)
    main = (
        f"\n{'' if declared else f'struct {owner};'}\n"
        "fn main() {\n"
        '    let text = std::fs::read_to_string("arguments").unwrap();\n'
        "    let mut words = hrm_edge_calls::Words::of(&text);\n"
        "    let mut results = hrm_edge_calls::Results::open();\n"
        "    let calls: usize = words.read();\n"
        "    for index in 0..calls {\n"
        f"{lets}"
        f"        hrm_edge_calls::limit({_seconds(check)});\n"
        f"        let result = {f'{owner}::' if owner else ''}{check.function}({passed});\n"
        "        hrm_edge_calls::limit(0);\n"
        "        results.send(index, result);\n"
        "    }\n"
        "}\n"
    )
    text = _RUST_MAIN.sub(r"\1fn hrm_edge_answer_main(", answer)
    return CallProgram(files={"main.rs": text + main})


# --- Java

_JAVA_PACKAGE = re.compile(r"^\s*package\s+[\w.]+\s*;", re.MULTILINE)
_JAVA_TYPE = re.compile(
    r"^(?:(?:public|final|abstract|strictfp|sealed)\s+)*(?:class|record|enum|interface)\s+(\w+)", re.MULTILINE
)
_JAVA_PUBLIC = re.compile(
    r"^public\s+(?:(?:final|abstract|strictfp|sealed)\s+)*(?:class|record|enum|interface)\s+(\w+)", re.M
)
_JAVA_IMPORTS = "import java.util.*; import java.util.function.*; import java.util.stream.*; import java.math.*; "
_JAVA_LEADING = re.compile(r"(?:\s*(?:import\s+[^;]+;|//[^\n]*\n|/\*.*?\*/))*", re.DOTALL)


def _java(check: Calls, answer: str) -> CallProgram:
    text = _JAVA_IMPORTS + _JAVA_PACKAGE.sub("", answer, count=1)
    names = _JAVA_TYPE.findall(answer)
    if not names:  # a bare method
        start = _JAVA_LEADING.match(answer)
        head = answer[: start.end()] if start else ""
        text = f"{_JAVA_IMPORTS}{head}class Solution {{ {answer[len(head) :]}\n}}\n"
        names = ["Solution"]
    if check.method_of in names:
        names = [check.method_of]
    public = _JAVA_PUBLIC.search(answer)
    row = LANGUAGES["java"]
    options = ("--add-opens", "java.base/java.io=ALL-UNNAMED", "-cp", "{binary}:{support}/java.jar")
    parameters = str(len(check.signature.parameters)) if check.signature else "-1"
    return CallProgram(
        files={f"{public[1] if public else 'Answer'}.java": text},
        run=(*row.run[: row.run.index("-cp")], *options, "HrmEdgeCalls"),
        arguments=(str(round(check.timeout_s * 1000)), check.function, parameters, *names),
    )


_JAVA_VOID_MAIN = re.compile(r"\bvoid\s+main\b")


def java_program(answer: str) -> tuple[str, str]:
    """(file name, main class) of a whole program: a public class must be in the file of its name."""
    public, main = _JAVA_PUBLIC.search(answer), _JAVA_VOID_MAIN.search(answer)
    before_main = _JAVA_TYPE.findall(answer[: main.start()]) if main else []
    name = before_main[-1] if before_main else "Main"
    return f"{public[1] if public else name}.java", name


# --- JavaScript, which has no types to read by: arguments are JSON, numbers past 2**53 are BigInts

_SAFE_INTEGER = 2**53


def javascript_calls(check: Calls, answer: str) -> dict[str, bytes]:
    """Files of the program that makes the calls."""
    calls = {
        "function": check.function,
        "method_of": check.method_of,
        "timeout_ms": round(check.timeout_s * 1000),
        "arguments": [[_javascript_tree(value) for value in arguments] for arguments in check.arguments],
    }
    return {
        "main.js": _driver("javascript_calls.js").encode(),
        "answer.js": answer.encode("utf-8", "replace"),
        "calls.json": json.dumps(calls).encode(),
    }


def _javascript_tree(value: Any) -> Any:
    if type(value) in (list, tuple):
        return [_javascript_tree(item) for item in value]
    if type(value) is dict:
        return {"m": [[_javascript_tree(key), _javascript_tree(item)] for key, item in value.items()]}
    if type(value) is int and abs(value) > _SAFE_INTEGER:
        return {"n": str(value)}
    if type(value) is float and not math.isfinite(value):
        return {"f": repr(value)}
    if value is None or type(value) in (bool, int, float, str):
        return value
    raise DataError(f"{value!r:.80} is no value of JavaScript: use numbers, texts, lists and maps")


_PROGRAMS: Mapping[str, Callable[[Calls, str], CallProgram]] = {"cpp": _cpp, "go": _go, "rust": _rust, "java": _java}


def _driver(name: str) -> str:
    return (_DIRECTORY / name).read_text(encoding="utf-8")
