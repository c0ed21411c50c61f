"""Values that go into a program of each language and come back: they are what they were."""

import json
import math
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hrm_edge.errors import DataError
from hrm_edge.problems.problem import Calls, Signature
from hrm_edge.sandbox.typed_values import Type, WireError, conform, parse_type, unwire, words
from hrm_edge.sandbox.verdict import Outcome, Verdict

JudgeAnswer = Callable[[Calls, str, str], Verdict]
PAIR = "map[str,list[tuple[float,int]]]"
VALUES: tuple[dict[str, Any], ...] = (
    {},
    {"": []},
    {'a\nb " \\ é 𝄞 \0': [(0.1, 2**63 - 1), (-0.0, -(2**63)), (5e-324, 0)]},
    {"inf": [(math.inf, 1), (-math.inf, 2)], "nan": [(math.nan, 3)], "big": [(1.7976931348623157e308, 4)]},
)
SAME = {
    "python": "def f(v):\n    return v\n",
    "javascript": "function f(v) { return v; }\n",
    "rust": "use std::collections::HashMap;\nfn f(v: HashMap<String, Vec<(f64, i64)>>) -> HashMap<String, Vec<(f64, i64)>> { v }\n",  # noqa: E501
    "cpp": "using M = map<string, vector<pair<double, long long>>>;\nM f(const M &v) { return v; }\n",
    "go": (
        "type Pair struct {\n\tA float64\n\tB int64\n}\n\nfunc f(v map[string][]Pair) map[string][]Pair { return v }\n"
    ),
}


@pytest.mark.parametrize("language", SAME)
def test_values_come_back_from_every_language_as_they_went_in(judge: JudgeAnswer, language: str) -> None:
    check = Calls(
        function="f",
        arguments=tuple((value,) for value in VALUES),
        expected=VALUES,
        signature=Signature(parameters=(("v", PAIR),), result=PAIR),
    )
    verdict = judge(check, language, SAME[language])
    assert verdict.outcome is Outcome.PASSED, (verdict.failure, verdict.message)


OPTIONALS = {
    "go": "func f(v *bool, s string) (string, *bool) { return s, v }\n",
    "rust": "fn f(v: Option<bool>, s: &str) -> (String, Option<bool>) { (s.to_string(), v) }\n",
    "cpp": "tuple<string, optional<bool>> f(optional<bool> v, string s) { return {s, v}; }\n",
    "java": "static List<Object> f(Optional<Boolean> v, String s) { return Arrays.asList(s, v); }\n",
    "javascript": "const f = (v, s) => [s, v];\n",
}


@pytest.mark.parametrize("language", OPTIONALS)
def test_optional_values_and_tuples_come_back(judge: JudgeAnswer, language: str) -> None:
    check = Calls(
        function="f",
        arguments=((None, "x"), (True, ""), (False, "é")),
        expected=(("x", None), ("", True), ("é", False)),
        signature=Signature(parameters=(("v", "optional[bool]"), ("s", "str")), result="tuple[str,optional[bool]]"),
    )
    verdict = judge(check, language, OPTIONALS[language])
    assert verdict.outcome is Outcome.PASSED, (verdict.failure, verdict.message)


def test_javascript_keeps_integers_past_2_53_apart(judge: JudgeAnswer) -> None:
    signature = Signature(parameters=(("v", "int"),), result="int")
    check = Calls(function="f", arguments=((2**60,),), expected=(2**60 + 1,), signature=signature)
    assert judge(check, "javascript", "const f = (v) => v + 1n;\n").outcome is Outcome.PASSED
    assert judge(check, "javascript", "const f = (v) => Number(v) + 1;\n").outcome is Outcome.FAILED


@pytest.mark.parametrize(
    ("kind", "wire", "value"),
    [
        ("int", "7", 7),
        ("float", '"f1.5"', 1.5),
        ("float", "3", 3.0),
        ("str", '"s6869"', "hi"),
        ("list[bool]", "[true]", [True]),
        ("tuple[int,str]", '[1,"s"]', (1, "")),
        ("map[int,int]", '{"m":[[1,2]]}', {1: 2}),
        ("optional[int]", "null", None),
    ],
)
def test_wire_form_is_read_by_its_type(kind: str, wire: str, value: object) -> None:
    read = unwire(json.loads(wire), parse_type(kind))
    assert (read, type(read)) == (value, type(value))


@pytest.mark.parametrize(
    ("kind", "wire"),
    [
        ("int", '"f1.0"'),
        ("int", "true"),
        ("bool", "1"),
        ("str", '"6869"'),
        ("str", "null"),
        ("float", '"f"'),
        ("list[int]", '{"m":[]}'),
        ("list[int]", '[1,"s"]'),
        ("tuple[int,int]", "[1]"),
        ("map[int,int]", '{"m":[[1,2],[1,3]]}'),
        ("map[int,int]", '{"m":[[1]]}'),
        ("map[int,int]", '{"x":[]}'),
        ("float", "9" * 400),
    ],
)
def test_wire_form_of_another_type_is_refused(kind: str, wire: str) -> None:
    with pytest.raises(WireError):
        unwire(json.loads(wire), parse_type(kind))


@pytest.mark.parametrize(
    "text", ["", "in", "list", "list[", "list[int", "list[int]]", "map[float,int]", "tuple[]", "x"]
)
def test_type_that_is_none_is_refused_with_its_name(text: str) -> None:
    with pytest.raises(DataError):
        parse_type(text)


@pytest.mark.parametrize(("kind", "value"), [("int", 2**63), ("int", True), ("int", 1.0), ("list[int]", [None])])
def test_argument_that_is_not_of_its_type_is_refused(kind: str, value: object) -> None:
    with pytest.raises(DataError, match="is no int"):
        conform(parse_type(kind), value)


KINDS = st.recursive(
    st.sampled_from([Type("int"), Type("float"), Type("bool"), Type("str")]),
    lambda inner: st.one_of(
        inner.map(lambda kind: Type("list", (kind,))),
        st.lists(inner, min_size=1, max_size=3).map(lambda kinds: Type("tuple", tuple(kinds))),
        inner.map(lambda kind: Type("map", (Type("str"), kind))),
    ),
    max_leaves=4,
)


@settings(max_examples=50)
@given(KINDS)
def test_type_is_read_as_it_is_written(kind: Type) -> None:
    assert parse_type(str(kind)) == kind


def test_words_have_no_white_space_of_their_own() -> None:
    assert words(parse_type("map[str,list[float]]"), {"a b": [1.5, math.inf]}) == ["1", "s612062", "2", "1.5", "inf"]
