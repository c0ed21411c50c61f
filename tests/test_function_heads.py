"""Functions by their heads in six languages, and changes of name that change nothing else."""

import sqlite3
from collections import Counter

import pytest

from hrm_edge.bench.suites import load_suite
from hrm_edge.function_heads import Function, functions_of, with_function_name
from hrm_edge.local_index import shipped_index

PROGRAMS = {
    "python": """\
def part(a):
    return a


def whole(a: int, b: dict[str, int] = {}, *c: tuple[int, int]) -> int:
    return part(a)
""",
    "javascript": """\
function part(a) {
  return a;
}

const whole = (a, b, [c, d]) => part(a);
""",
    "go": """\
package main

func part(a int) int {
	return a
}

func whole(a, b interface{}, c map[string]int) int {
	return part(1)
}
""",
    "rust": """\
fn part(a: i64) -> i64 {
    a
}

pub fn whole<T>(a: &[i64], b: HashMap<i64, T>, c: i64) -> i64 {
    part(a[0])
}
""",
    "cpp": """\
#include <map>

int part(int a) {
    return a;
}

std::map<int, int> whole(const std::map<int, int>& a,
                         int b, int c) {
    if (b) {
        return a;
    }
    return a;
}
""",
    "java": """\
import java.util.*;

class Solution {
    private static int part(int a) {
        return a;
    }

    public static Map<String, Integer> whole(Map<String, Integer> a, int b, int[] c) throws Exception {
        return new HashMap<>(a);
    }
}
""",
}


@pytest.mark.parametrize("language", PROGRAMS)
def test_functions_are_found_with_their_number_of_parameters(language):
    found = functions_of(PROGRAMS[language], language)
    private = [] if language == "java" else [Function("part", 1)]
    assert found == [*private, Function("whole", 3)]


@pytest.mark.parametrize(
    ("language", "parameters", "result"),
    [
        ("python", ("a: int", "b: dict[str, int] = {}", "*c: tuple[int, int]"), "int"),
        ("javascript", ("a", "b", "[c, d]"), ""),
        ("go", ("a", "b interface{}", "c map[string]int"), "int"),
        ("rust", ("a: &[i64]", "b: HashMap<i64, T>", "c: i64"), "i64"),
        ("cpp", ("const std::map<int, int>& a", "int b", "int c"), "std::map<int, int>"),
        ("java", ("Map<String, Integer> a", "int b", "int[] c"), "Map<String, Integer>"),
    ],
    ids=str,
)
def test_parameters_and_result_are_as_the_head_writes_them(language, parameters, result):
    found = functions_of(PROGRAMS[language], language)[-1]
    assert (found.parameters, found.result) == (parameters, result)


@pytest.mark.parametrize("language", PROGRAMS)
def test_the_last_function_takes_the_name_where_it_has_as_many_parameters(language):
    code = PROGRAMS[language]
    assert with_function_name(code, language, Function("total", 3)) == code.replace("whole", "total")
    assert with_function_name(code, language, Function("total", 2)) == code


def test_calls_of_itself_are_renamed_and_methods_and_longer_names_are_not():
    code = "def count(a):\n    counted = a.count(1)\n    return counted + count(a[1:])\n"
    renamed = "def ones(a):\n    counted = a.count(1)\n    return counted + ones(a[1:])\n"
    assert with_function_name(code, "python", Function("ones", 1)) == renamed


VARIABLES = {
    "python": "def cut(a):\n    parts: list[int] = []\n    parts.append(a.parts)\n    return parts\n",
    "javascript": "function cut(a) {\n  const parts = [];\n  parts.push(a);\n  return parts;\n}\n",
    "go": "func cut(a int) []int {\n\tparts := []int{}\n\tparts = append(parts, a)\n\treturn parts\n}\n",
    "rust": "fn cut(a: i64) -> Vec<i64> {\n    let mut parts = Vec::new();\n    parts.push(a);\n    parts\n}\n",
    "cpp": "std::vector<int> cut(int a) {\n    std::vector<int> parts;\n    parts.push_back(a);\n"
    "    return parts;\n}\n",
    "java": "class Solution {\n    static List<Integer> cut(int a) {\n"
    "        List<Integer> parts = new ArrayList<>();\n        return parts;\n    }\n}\n",
}


@pytest.mark.parametrize("language", VARIABLES)
def test_a_variable_of_the_function_may_have_its_new_name(language):
    code = VARIABLES[language]
    assert with_function_name(code, language, Function("parts", 1)) == code.replace("cut(", "parts(")


@pytest.mark.parametrize(
    "code",
    [
        "def cut(a):\n    return max(a)\n",
        "def cut(a):\n    return sorted(a, key=max)\n",
        "def cut(a):\n    max = 1\n    return cut(a) + max\n",
        "def cut(a):\n    max = 1\n    return max(a)\n",
        "max = 3\ndef cut(a):\n    return a + max\n",
        "def cut(a):\n    b = max\n    max = b\n    return max\n",
    ],
)
def test_another_function_or_value_of_that_name_changes_nothing(code):
    assert with_function_name(code, "python", Function("max", 1)) == code


@pytest.mark.parametrize("name", ["part", "a", "whole"])
def test_a_name_that_is_taken_changes_nothing(name):
    assert with_function_name(PROGRAMS["python"], "python", Function(name, 3)) == PROGRAMS["python"]


@pytest.mark.parametrize(
    ("code", "language"), [("ls -l", "bash"), ("", "python"), ("x = 1", "python"), ("a ~> b", "ml")]
)
def test_what_has_no_known_function_stays(code, language):
    assert with_function_name(code, language, Function("f", 0)) == code


def test_every_stub_of_the_builtin_suite_has_its_function():
    for problem in load_suite("builtin"):
        if problem.id.startswith(("function/", "repair/")):
            asked = Function(problem.check.function, len(problem.check.arguments[0]))
            assert functions_of(problem.stub, problem.language)[-1] == asked


def test_every_program_of_the_shipped_index_has_one():
    missing: Counter[str] = Counter()
    connection = sqlite3.connect(f"{shipped_index().as_uri()}?mode=ro", uri=True)
    for language, code in connection.execute("SELECT language, code FROM answers WHERE language <> 'bash'"):
        missing[language] += not functions_of(code, language)
    connection.close()
    assert set(missing.values()) <= {0}
