"""What a program says of its function's parameters, and types of six languages and of values."""

import pytest

from hrm_edge.assistant.declared_types import declared_type, type_of
from hrm_edge.assistant.targets import choose_target, positional, targets_of
from hrm_edge.sandbox.typed_values import conform, parse_type

HEADS = {
    "python": "def look_up(names: list[str], k: int = 3, *, loud=False) -> dict[str, int] | None:\n    return None\n",
    "go": "package main\n\nfunc LookUp(names []string, k int) map[string]int {\n\treturn nil\n}\n",
    "rust": "pub fn look_up(names: &[String], k: usize) -> HashMap<String, i64> {\n    todo!()\n}\n",
    "cpp": "std::map<std::string, int> look_up(const std::vector<std::string>& names, int k) {\n    return {};\n}\n",
    "java": "class Solution {\n    static Map<String, Integer> lookUp(List<String> names, int k) {\n"
    "        return null;\n    }\n}\n",
}


@pytest.mark.parametrize("language", HEADS)
def test_types_are_read_from_the_head(language):
    (target,) = targets_of(HEADS[language], language)
    assert [(each.name, each.type) for each in target.parameters] == [("names", "list[str]"), ("k", "int")]
    assert target.result == ("optional[map[str,int]]" if language == "python" else "map[str,int]")
    assert choose_target([target], "look_up", 2) == target
    assert target.takes(2) and target.takes(1) == (language == "python")


def test_javascript_declares_no_types():
    (target,) = targets_of("const lookUp = (names, k = 3) => null;\n", "javascript")
    assert [(each.name, each.type) for each in target.parameters] == [("names", None), ("k", None)]
    assert target.takes(1) and target.takes(2) and not target.takes(3)


@pytest.mark.parametrize(
    ("language", "written", "kind"),
    [
        ("go", "a, b", None),
        ("go", "map[string][]float64", "map[str,list[float]]"),
        ("rust", "&mut Vec<(i32, Option<&'a str>)>", "list[tuple[int,optional[str]]]"),
        ("rust", "[u8; 4]", "list[int]"),
        ("cpp", "const std::vector<unsigned long long>&", "list[int]"),
        ("cpp", "std::pair<double, std::string>", "tuple[float,str]"),
        ("java", "int[][]", "list[list[int]]"),
        ("java", "Map<Integer, List<Double>>", "map[int,list[float]]"),
        ("python", "typing.Optional[List[int]]", "optional[list[int]]"),
        ("python", "str | None", "optional[str]"),
        ("python", "tuple[int, ...]", None),
        ("python", "Any", None),
        ("rust", "T", None),
        ("java", "Node", None),
    ],
)
def test_types_of_languages_are_types_of_signatures(language, written, kind):
    assert declared_type(language, written) == kind
    if kind is not None:
        parse_type(kind)


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        ([1, 2], "int"),
        ([1, 2.5], "float"),
        ([None, 1], "optional[int]"),
        ([[], [1]], "list[int]"),
        ([[], []], None),
        ([[[], ["a"]], []], "list[list[str]]"),
        ([{}, {"a": [1.5]}], "map[str,list[float]]"),
        ([(1, "a"), (2, "b")], "tuple[int,str]"),
        ([[1, None, 2]], "list[optional[int]]"),
        ([1, "a"], None),
        ([True, 1], None),
        ([], None),
    ],
    ids=repr,
)
def test_values_tell_their_type(values, kind):
    assert type_of(values) == kind
    if kind is not None:
        for value in values:
            conform(parse_type(kind), value)


def test_go_writes_a_shared_type_once():
    (target,) = targets_of("func add(a, b int) int {\n\treturn a + b\n}\n", "go")
    assert [each.type for each in target.parameters] == ["int", "int"]


def test_arguments_by_name_take_their_places():
    (target,) = targets_of("def f(a, b, c=1):\n    return a\n", "python")
    assert positional(target, (1,), {"b": 2}) == (1, 2)
    assert positional(target, (), {"b": 2, "a": 1}) == (1, 2)
    assert positional(target, (), {"x": 1, "y": 2}) == (1, 2)
    assert positional(target, ((1, 2),), {}) == (1, 2)
    assert positional(target, (1,), {}) is None


@pytest.mark.filterwarnings("error")
def test_odd_literals_of_an_answer_warn_nobody():
    assert [target.name for target in targets_of('def f(a):\n    return 1if a else "\\d"\n', "python")] == ["f"]
