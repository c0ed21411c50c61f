"""Examples are read back as they were written, and prose never becomes one."""

import ast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hrm_edge.assistant.examples import find_examples
from hrm_edge.assistant.literals import NoValueError, read_value, read_whole_value

SCALARS = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8)
)
KEYS = st.integers() | st.text(max_size=5)
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=4) | st.lists(inner, max_size=3).map(tuple) | st.dictionaries(KEYS, inner, max_size=3)
    ),
    max_leaves=8,
)
WRITTEN = {
    "second largest, f([3,1,2]) == 2": [("f", ([3, 1, 2],), 2)],
    "`f([3, 1, 2])` → `2`, and `f([])` returns `None`.": [("f", ([3, 1, 2],), 2), ("f", ([],), None)],
    "f(2) -> 4\nf(3) => 9": [("f", (2,), 4), ("f", (3,), 9)],
    "f(2) returns 4. It is fast": [("f", (2,), 4)],
    "f(2) should be 4 and f(3) must return 9": [("f", (2,), 4), ("f", (3,), 9)],
    "f('a', [1, 2]) is 'b', f(2) = 4": [("f", ("a", [1, 2]), "b"), ("f", (2,), 4)],
    "square(2)  # 4\nsquare(3); // => 9": [("square", (2,), 4), ("square", (3,), 9)],
    ">>> f(3)\n9\n>>> f(4)\n16\n": [("f", (3,), 9), ("f", (4,), 16)],
    "    >>> f(3) == 9\n    True": [("f", (3,), 9)],
    "assert f(1, k=2) == [1, 2], 'message'": [("f", (1,), [1, 2])],
    "assert is_even(2)\nassert not is_even(3)\nassert is_even(4) is True": [
        ("is_even", (2,), True),
        ("is_even", (3,), False),
        ("is_even", (4,), True),
    ],
    "assert_eq!(f(2), 4);": [("f", (2,), 4)],
    "assertEquals(4, f(2));\nself.assertEqual(f(3), 9)": [("f", (2,), 4), ("f", (3,), 9)],
    "expect(sum2([1, 2])).toEqual([3]);": [("sum2", ([1, 2],), [3])],
    "assert.deepStrictEqual(f([1]), [2])": [("f", ([1],), [2])],
    "Solution().twoSum([2, 7], 9) == [0, 1]": [("twoSum", ([2, 7], 9), [0, 1])],
    "It is wrong: f(2) returns 3 instead of 4": [("f", (2,), 4)],
    "`f(2)` returned 3, expected 4.": [("f", (2,), 4)],
    "f(2) gives 3 but should be 4": [("f", (2,), 4)],
    "f([1]) == 1 and len([1]) == 1": [("f", ([1],), 1)],
    "[3,1,2] -> 2\n[5, 5] -> None": [(None, ([3, 1, 2],), 2), (None, ([5, 5],), None)],
    "Examples:\n- 1, 2 -> 3\n- 4, 5 -> 9": [(None, (1, 2), 3), (None, (4, 5), 9)],
    "reverse it: 'abc' -> 'cba'": [],
    "'abc' -> 'cba'": [(None, ("abc",), "cba")],
    "reverse a text, e.g. 'abc' -> 'cba'": [(None, ("abc",), "cba")],
    "the second largest, [3, 1, 2] -> 2 please": [(None, ([3, 1, 2],), 2)],
    "Input: [1, 2]\nOutput: 3\n\nInput: []\nOutput: 0": [(None, ([1, 2],), 3), (None, ([],), 0)],
    "Input: [1, 2], Output: 3": [(None, ([1, 2],), 3)],
    "| input | output |\n|---|---|\n| [1, 2] | 3 |\n| `[4]` | `4` |": [(None, ([1, 2],), 3), (None, ([4],), 4)],
    "| a | b | result |\n| --- | --- | --- |\n| 1 | 2 | 3 |": [(None, (1, 2), 3)],
    "f(2) ==> 4, f(3) --> 9, f(4) ➞ 16": [("f", (2,), 4), ("f", (3,), 9), ("f", (4,), 16)],
    "def g(n):\n    Collatz(1) is 1.\n    g(2) is 3.": [("g", (2,), 3)],
    "| call | returns |\n|--|--|\n| f(2) | 4 |": [("f", (2,), 4)],
}
PROSE = [
    "upgrade Python 3.8 -> 3.9 and restart",
    "open http://localhost:8080/f(2)=4?x=[1]->2",
    "find . -name '*.py' -exec grep -l 'x' {} \\; -> files",
    "call f(x) == 2 where x is 3",
    "if f(2) == 4:\n    g()",
    "while read(3) == 4:",
    "f(2) is 4 times as fast as g(3)",
    "f(2) returns 4 items",
    "def f() -> None:\n    pass",
    "f(2) returns 4, not 5",
    "f(2) is not 4",
    "f(2) does not return 4",
    "assert f(2) != 4",
    "use 3 workers (or 4) and retry 2 times -> done",
    "map port 8080 -> 80 of the container",
    "in 2020 (see [1]) it was 4",
    "rename 'a.txt' -> 'b.txt' in every folder",
    "f(2) == 4 * n",
    "f(2) == x",
    "git log --since=2.weeks -> 3 commits in [main]",
    "matrix[0][1] -> 2 steps",
    "total(x) = 3",
    "| a | b |\n| 1 | 2 |",
    "",
]


def found(request, **options):
    return [(example.function, example.arguments, example.expected) for example in find_examples(request, **options)]


@pytest.mark.parametrize("request_text", WRITTEN)
def test_examples_are_found_as_they_are_written(request_text):
    assert found(request_text) == WRITTEN[request_text]


@pytest.mark.parametrize("request_text", PROSE)
def test_prose_code_and_commands_are_no_examples(request_text):
    assert found(request_text) == []


def test_arguments_by_name_keep_their_names():
    (call,) = find_examples("assert f(1, k=2, m=[3]) == 4")
    assert (call.arguments, call.named) == ((1,), {"k": 2, "m": [3]})
    (told,) = find_examples("For lst = [1.5, 2], k = 3 the output should be 6")
    assert (told.named, told.expected) == ({"lst": [1.5, 2], "k": 3}, 6)
    (line,) = find_examples("Input: numbers = [2, 7], target = 9\nOutput: [0, 1]")
    assert (line.arguments, line.named, line.expected) == ((), {"numbers": [2, 7], "target": 9}, [0, 1])


@pytest.mark.parametrize(
    ("request_text", "expected"),
    [
        ("second largest in C++, f({4, 9, 4}) == 4", [("f", ([4, 9, 4],), 4)]),
        ("in C++: f({{1, 2}, {}}, {}) == {3}", [("f", ([[1, 2], []], []), [3])]),
        ('in Java, f("{a}", {"b"}) == "{c}"', [("f", ("{a}", ["b"]), "{c}")]),
        ("a set in Python, f({4, 9, 4}) == 4", [("f", ({4, 9},), 4)]),
        ('in C++, f({{"a", 1}}) == 1', []),  # a map's pairs as well as lists
        ('in C++, f({"a": 1}) == 1', [("f", ({"a": 1},), 1)]),
    ],
)
def test_braces_are_lists_where_the_language_says_so(request_text, expected):
    assert found(request_text) == expected


def test_an_example_keeps_its_text_where_braces_are_lists():
    (example,) = find_examples("the largest, f({1, 2}) == 2", language="cpp")
    assert example.text == "f({1, 2}) == 2"


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("vec![3, 1]", [3, 1]), ("&[3, 1]", [3, 1]), ("&vec![vec![1], vec![]]", [[1], []]),
        ("[]int{3, 1, 3}", [3, 1, 3]),
        ("[][]int{{1, 2}, {3}}", [[1, 2], [3]]), ('[]string{"a"}', ["a"]), ('map[string]int{"a": 1}', {"a": 1}),
        ("new int[]{3, 1}", [3, 1]), ("new int[][]{{1}, {2}}", [[1], [2]]), ("std::vector<int>{3, 3}", [3, 3]),
        ("vector<vector<int>>{{1}, {}}", [[1], []]), ("List.of(3)", [3]), ("Arrays.asList(3, 1)", [3, 1]),
        ("List.of(List.of(1), List.of())", [[1], []]),
    ],
)  # fmt: skip
def test_lists_are_read_as_compiled_languages_write_them(written, value):
    assert found(f"write it, f({written}, 1) == {written}") == [("f", (value, 1), value)]


def test_a_shell_command_has_no_example():
    assert found("f(2) == 4", language="bash") == []


def test_inputs_of_a_program_that_reads_standard_input_are_no_arguments():
    assert found("Read from standard input.\nInput: 3\nOutput: 4") == []


@settings(max_examples=40)
@given(st.lists(VALUES, max_size=3), VALUES)
def test_written_calls_are_read_back(arguments, expected):
    call = f"check({', '.join(map(repr, arguments))})"
    for request in (
        f"Write it. {call} == {expected!r}",
        f"assert {call} == {expected!r}\n",
        f"It should hold that `{call}` returns `{expected!r}`.",
        f">>> {call}\n{expected!r}\n",
    ):
        assert [repr(example) for example in found(request)] == [repr(("check", tuple(arguments), expected))], request


@given(st.lists(st.integers() | st.text(max_size=5), max_size=4), VALUES)
def test_written_lines_are_read_back(items, expected):
    assert [repr(example) for example in found(f"- {items!r} -> {expected!r}")] == [repr((None, (items,), expected))]


@given(VALUES)
def test_values_are_read_as_python_reads_them(value):
    assert repr(read_whole_value(repr(value))) == repr(ast.literal_eval(repr(value)))


@given(st.text(alphabet="[](){},:'\" 1a.-+eNone\\\n", max_size=30))
def test_no_text_breaks_the_reader(text):
    try:
        value, end = read_value(text)
    except NoValueError:
        return
    assert repr(value) == repr(read_value(text[:end])[0])


def test_of_a_request_longer_than_any_context_the_start_is_searched():
    assert len(found("f(1) == 1\n" + "f(2) " * 10_000 + "f(3) == 3")) == 1


@given(st.text(max_size=80))
def test_any_text_is_searched_without_an_error(text):
    find_examples(text)


WORDS = st.sampled_from(
    [
        "write",
        "a",
        "function",
        "(x)",
        "[1]",
        "3",
        "->",
        "4.",
        "2.5",
        "==",
        "f(",
        ")",
        "list,",
        "https://a.b/c?d=1",
        "'a'",
        "ls",
        "-l",
        "|",
        "wc",
        "10:30",
        "v1.2",
        "v1.3",
        "--k=3",
        "i.e.",
        "returns",
        "5",
        "items",
        "=>",
        "n",
        "=",
        "2",
    ]
)


@given(st.lists(WORDS, max_size=12))
def test_words_of_requests_in_any_order_are_no_examples(words):
    """Brackets with a value in them before an arrow and a value would be one, rightly."""
    text = "do " + " ".join(words)
    assert all("[1] ->" in text or "[1] =>" in text for _ in found(text))
