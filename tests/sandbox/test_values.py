"""Values cross with their exact types, nothing else crosses, and no text from outside does harm."""

import itertools
import json
import math
from collections import Counter, OrderedDict, defaultdict, deque, namedtuple
from datetime import timedelta, timezone
from enum import IntEnum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hrm_edge.sandbox import values
from hrm_edge.sandbox.values import (
    MAX_CHARACTERS,
    MAX_DEPTH,
    MAX_NODES,
    ValueRefusedError,
    decode,
    encode,
    livecodebench_equal,
    strictly_equal,
)

ZONES = st.none() | st.builds(timezone, st.timedeltas(timedelta(hours=-23), timedelta(hours=23)))
FLOATS = st.floats() | st.sampled_from([-0.0, math.nan, math.inf, 5e-324])
HASHABLE_SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.integers(0, 60_000).map(lambda bits: -(3 << bits)),  # past the 4,300 digits that int() reads
    FLOATS,
    st.complex_numbers(),
    st.text(st.characters(exclude_categories=()), max_size=10),  # lone surrogates too
    st.just("\ud83d\ude00"),  # two of them, which JSON alone would join
    st.binary(max_size=10),
    st.decimals().filter(lambda number: not number.is_snan()),  # that has no hash
    st.fractions(),
    st.dates(),
    st.times(timezones=ZONES),
    st.datetimes(timezones=ZONES),
    st.timedeltas(),
    st.builds(range, st.integers(), st.integers(), st.integers(1)),
)
HASHABLE = st.recursive(
    HASHABLE_SCALARS, lambda inner: st.tuples(inner, inner) | st.frozensets(inner, max_size=4), max_leaves=5
)
VALUES = st.recursive(
    HASHABLE | st.builds(bytearray, st.binary(max_size=5)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.tuples(inner),
        st.sets(HASHABLE, max_size=4),
        st.dictionaries(HASHABLE, inner, max_size=4),
        st.builds(OrderedDict, st.dictionaries(HASHABLE, inner, max_size=4)),
        st.builds(Counter, st.lists(HASHABLE, max_size=4)),
        st.builds(defaultdict, st.sampled_from([None, int, list]), st.dictionaries(HASHABLE, inner, max_size=4)),
        st.builds(deque, st.lists(inner, max_size=4), st.none() | st.integers(4, 9)),
    ),
    max_leaves=10,
)


@given(VALUES)
def test_every_value_crosses_as_plain_json_and_keeps_its_types(value):
    text = encode(value)
    json.loads(text, parse_constant=pytest.fail)
    back = decode(text)
    assert type(back) is type(value)
    assert strictly_equal(back, value)


def test_order_factory_length_and_fold_survive():
    assert list(decode(encode({2: 0, 1: 0}))) == [2, 1]
    assert decode(encode(defaultdict(list, {1: [2]})))[5] == []
    assert decode(encode(defaultdict(lambda: 7, {1: 2}))).default_factory is None
    assert decode(encode(deque([1, 2], 2))).maxlen == 2
    assert math.copysign(1, decode(encode(-0.0))) == -1


def test_iterators_are_drained_and_views_stay_views():
    assert list(decode(encode(i * i for i in range(3)))) == [0, 1, 4]
    assert list(decode(encode(map(str, [1, 2])))) == ["1", "2"]
    assert decode(encode({1: 2}.keys())) == {1}
    assert list(decode(encode({1: 2}.items()))) == [(1, 2)]
    assert list(decode(encode({1: 2}.values()))) == [2]


class Number(int):
    def __eq__(self, other: object) -> bool:
        return True

    __hash__ = int.__hash__


class Colour(IntEnum):
    RED = 1


class Words(list):
    pass


class Lies(type):
    def __instancecheck__(cls, instance: object) -> bool:
        return True

    def __eq__(cls, other: object) -> bool:
        return other is int

    __hash__ = type.__hash__


class LikeAnInt(metaclass=Lies):
    __class__ = int  # type: ignore[assignment]

    def __reduce__(self) -> str:
        return "exit"


@pytest.mark.parametrize(
    ("value", "name"),
    [
        (Number(3), "Number"),
        (Colour.RED, "Colour"),
        (Words(), "Words"),
        (namedtuple("Point", "x")(1), "Point"),
        (LikeAnInt(), "LikeAnInt"),
        (object(), "builtins.object"),
        (len, "builtin_function_or_method"),
        (int, "builtins.type"),
        ([{"a": (Number(1),)}], "Number"),
    ],
    ids=lambda value: value if isinstance(value, str) else type(value).__name__,  # repr has an address
)
def test_other_types_are_refused_by_name(value, name):
    with pytest.raises(ValueRefusedError, match=name):
        encode(value)


def test_sizes_and_depth_are_bounded(monkeypatch):
    monkeypatch.setattr(values, "MAX_NODES", 10_000)
    monkeypatch.setattr(values, "MAX_CHARACTERS", 10_000)
    inside: list[object] = []
    inside.append(inside)
    wide: list[object] = []
    for _ in range(60):
        wide = [wide, wide]
    deep: list[object] = []
    for _ in range(MAX_DEPTH):
        deep = [deep]
    for value in (inside, wide, [deep], itertools.repeat(None), "a" * 10_001, 1 << 80_000):
        with pytest.raises(ValueRefusedError, match="more than"):
            encode(value)
    assert decode(encode(deep)) == deep


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{}",
        "NaN",
        "[Infinity]",
        '{"int": 1}',
        '{"int": "1 or 2"}',
        '{"tuple": 1}',
        '{"tuple": [1], "list": []}',
        '{"os.system": ["true"]}',
        '{"dict": [[1]]}',
        '{"dict": [[[1], 2]]}',
        '{"set": [[1]]}',
        '{"date": ["\\u0007\\u0001\\u0001\\u0001"]}',
        '{"date": [{"bytes": "07e80101"}, 1, 1]}',
        '{"datetime": [1, 2, 3]}',
        '{"range": [1, 2, 0]}',
        '{"Fraction": [1, 0]}',
        '{"timezone": ["x"]}',
        '{"str": [-1]}',
        '{"str": [1114112]}',
        '{"defaultdict": ["exit", []]}',
        '{"defaultdict": [[], []]}',
        '{"dict_items": [1]}',
        '{"dict_items": [[]]}',
        '{"dict_items": [{"tuple": []}]}',
        '{"dict_items": [{"tuple": [1, 2, 3]}]}',
        "[" * 100_000,
        '{"tuple":[' * 500 + "1" + "]}" * 500,
        "1" * 5000,
        "[" + "1," * (MAX_NODES + 1) + "1]",
        '"' + "a" * MAX_CHARACTERS + '"',
    ],
    ids=lambda text: text[:30],
)
def test_text_that_encode_does_not_write_is_refused(text):
    with pytest.raises(ValueRefusedError):
        decode(text)


NAMES = st.text() | st.sampled_from(["tuple", "dict", "int", "date", "deque", "Counter", "dict_items", "iterator"])
TREES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(NAMES, inner, max_size=1),
    max_leaves=8,
)


@given(TREES)
def test_any_json_is_a_value_or_refused(tree):
    try:
        value = decode(json.dumps(tree))
    except ValueRefusedError:
        return
    encode(value)  # made of values that cross, and of nothing else


@pytest.mark.parametrize("name", ["set", "dict"])
def test_keys_with_chosen_equal_hashes_are_refused(name):
    """Ints that differ by 2**61 - 1 have one hash: 100,000 of them would keep a dict busy for minutes."""
    keys = [hex(i * (2**61 - 1)) for i in range(1000)]
    packed = [{"int": key} if name == "set" else [{"int": key}, 0] for key in keys]
    with pytest.raises(ValueRefusedError, match="hash"):
        decode(json.dumps({name: packed}))


@pytest.mark.parametrize(
    "value", [1 << 60_000, "\ud83d", "a" * 1000, [1 << 60_000]], ids=lambda value: type(value).__name__
)
def test_any_value_can_be_shown_in_a_report(value):
    text = values.shown(value)
    assert len(text) <= 300
    text.encode()


@pytest.mark.parametrize(
    ("a", "b", "equal"),
    [
        (1, 1, True),
        (1, True, False),
        (1, 1.0, False),
        ([1], (1,), False),
        ([[1, 2.0]], [[1, 2]], False),
        (math.nan, float("nan"), True),
        ([math.nan], [float("nan")], True),
        (0.0, -0.0, True),
        ({1: "a", 2: "b"}, {2: "b", 1: "a"}, True),
        ({1: 1}, {1: True}, False),
        ({1}, {True}, False),
        ({(1, 2)}, {(1, 2.0)}, False),
        (frozenset({1}), {1}, False),
        (Counter("aa"), {"a": 2}, True),
        (defaultdict(int, a=2), OrderedDict(a=2), True),
        ("1", 1, False),
        (None, 0, False),
        (b"a", "a", False),
    ],
)
def test_strict_equality(a, b, equal):
    assert strictly_equal(a, b) is equal
    assert strictly_equal(b, a) is equal


@pytest.mark.parametrize(
    ("returned", "expected", "equal"),
    [
        ((1, 2), [1, 2], True),
        ([(1, 2)], [[1, 2]], False),
        (1.0, 1, True),
        (True, 1, True),
        (0.1 + 0.2, 0.3, False),
        ({1, 2}, [1, 2], False),
        (decode('{"Decimal": ["sNaN"]}'), 1, False),
    ],
)
def test_livecodebench_equality(returned, expected, equal):
    """The three lines of the official checker, by hand: tuple at the top, `==`, no tolerance."""
    assert livecodebench_equal(returned, expected) is equal
