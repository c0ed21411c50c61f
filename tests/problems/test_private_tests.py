"""Packed texts come out; a pickle that holds anything else is refused, and none is ever executed."""

import base64
import builtins
import os
import pickle
import zlib
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hrm_edge.errors import DataError
from hrm_edge.problems import private_tests
from hrm_edge.problems.private_tests import unpack_text, unpickle_text

PROTOCOLS = range(pickle.HIGHEST_PROTOCOL + 1)
PLACE = "rows.jsonl:1, field 'private_test_cases'"


def packed(pickled: bytes) -> str:
    return base64.b64encode(zlib.compress(pickled)).decode()


class Calls:
    """Pickles as a call."""

    def __init__(self, function, *arguments):
        self.call = (function, arguments)

    def __reduce__(self):
        return self.call


class Text(str):
    """A str that is not only a str."""


@pytest.mark.parametrize("protocol", PROTOCOLS)
@given(text=st.text())
@settings(max_examples=50)
def test_text_of_every_protocol_comes_back(protocol, text):
    assert unpack_text(packed(pickle.dumps(text, protocol)), PLACE) == text


@pytest.mark.parametrize("protocol", PROTOCOLS)
@pytest.mark.parametrize("length", [255, 256, 70_000], ids=["short", "long", "outside of frames"])
def test_text_of_every_length_comes_back(protocol, length):
    assert unpickle_text(pickle.dumps("é" * length, protocol), PLACE) == "é" * length


@pytest.mark.parametrize("protocol", PROTOCOLS)
@pytest.mark.parametrize(
    "value",
    [
        Text("[]"),
        b"[]",
        ["[]"],
        ("[]",),
        {"a": "b"},
        None,
        True,
        7,
        1.5,
        [[["x"]]],
        eval,
        builtins.print,
        os.system,
        Path("x"),
        Calls(print, "hello"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_pickle_of_anything_else_is_refused(protocol, value):
    with pytest.raises(DataError, match=r"rows\.jsonl:1, field 'private_test_cases' holds a pickle"):
        unpack_text(packed(pickle.dumps(value, protocol)), PLACE)


@given(
    value=st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.binary(),
        lambda inner: st.lists(inner | st.text()) | st.dictionaries(st.text(), inner) | st.tuples(inner, st.text()),
    ),
    protocol=st.sampled_from(PROTOCOLS),
)
def test_no_other_value_passes_for_a_text(value, protocol):
    with pytest.raises(DataError):
        unpickle_text(pickle.dumps(value, protocol), PLACE)


@pytest.mark.parametrize("protocol", PROTOCOLS)
@pytest.mark.parametrize("nested", [False, True], ids=["alone", "beside a text"])
@pytest.mark.parametrize("function", [os.system, os.mkdir, eval, exec], ids=lambda function: function.__name__)
def test_calls_are_not_made(tmp_path, function, protocol, nested):
    mark = tmp_path / "ran"
    argument = {
        "system": f"touch {mark}",
        "mkdir": str(mark),
    }.get(function.__name__, f"__import__('os').mkdir({str(mark)!r})")
    value = Calls(function, argument)
    pickled = pickle.dumps(["[]", value] if nested else value, protocol)
    with pytest.raises(DataError, match="which may run code"):
        unpickle_text(pickled, PLACE)
    assert not mark.exists()
    pickle.loads(pickled)  # what was refused does run
    assert mark.exists()


TEXT = pickle.dumps("[]", 4)


@pytest.mark.parametrize(
    "pickled",
    [
        b"",
        b".",
        b"N.",
        TEXT[:-1],
        TEXT + b".",
        TEXT + TEXT,
        b"\x80\x04\x8c\x02[]\x8c\x02[].",
        b"\x80\x04\x8c\x02[]0\x8c\x02[].",
        b"\x80\x04\x8c\x02[]2.",
        b"\x80\x04\x8c\xff[].",
        b"\x80\x04\x8d\xff\xff\xff\xff\xff\xff\xff\xff[].",
        b"X\xff\xff\xff\x7f[].",
        b"\x80\x04\x8c\x02\xff\xff.",
        b"Pid\n.",
        b"\x80\x02U\x02[]Q.",
        b"U\x02[].",
        b"S'[]'\n.",
        b"cos\nsystem\n(S'true'\ntR.",
        b"\x80\x04\x8c\x02os\x8c\x06system\x93.",
        b"\x80\x02\x82\x01.",
        b"(i__main__\nText\n.",
        b"}.",
        b"\x80\x04\x8c\x02[]\x94h\x00.",
        b"[]",
    ],
    ids=repr,
)
def test_hand_written_pickle_is_refused(pickled):
    """Empty, cut, followed by more, two texts, POP, DUP, lengths past the end, persistent ids, STRING, GLOBAL, …"""
    with pytest.raises(DataError):
        unpickle_text(pickled, PLACE)


@given(noise=st.binary())
def test_noise_is_refused_or_a_text(noise):
    with suppress(DataError):
        assert type(unpickle_text(noise, PLACE)) is str


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("no base64!", "is neither JSON nor base64"),
        ("é", "is neither JSON nor base64"),
        (base64.b64encode(b"no zlib").decode(), "is no zlib stream"),
        (base64.b64encode(zlib.compress(TEXT)[:-3]).decode(), "is no whole zlib stream"),
        (base64.b64encode(zlib.compress(TEXT) + b"more").decode(), "is no whole zlib stream"),
    ],
)
def test_damaged_packing_is_named(text, message):
    with pytest.raises(DataError, match=rf"rows\.jsonl:1, field 'private_test_cases' {message}"):
        unpack_text(text, PLACE)


def test_what_unpacks_without_end_is_refused(monkeypatch):
    monkeypatch.setattr(private_tests, "LARGEST_BYTES", 2**16)
    fits = pickle.dumps("x" * (2**16 - 100))
    assert len(unpack_text(packed(fits), PLACE)) == 2**16 - 100
    with pytest.raises(DataError, match="unpacks to more than 65,536 bytes"):
        unpack_text(packed(pickle.dumps("x" * 2**26)), PLACE)


def test_line_breaks_in_base64_are_allowed():
    assert unpack_text("\n".join(packed(TEXT)[i : i + 8] for i in range(0, 99, 8)), PLACE) == "[]"
