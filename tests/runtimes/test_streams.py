import codecs

import pytest
from context_model import ContextModel
from hypothesis import given
from hypothesis import strategies as st

from hrm_edge.prompt import parse_answer
from hrm_edge.runtimes.decoding_loop import DecodingLoop
from hrm_edge.runtimes.generation import Sampling, Step, generate
from hrm_edge.runtimes.sampling import Sampler
from hrm_edge.runtimes.streams import AnswerStream, CodeStream, StopStream, TextStream

SPECIAL = 256  # a token without text


def decode_bytes(ids):
    """A byte-level decoder as `tokenizers` has it: special tokens left out, U+FFFD for what is no UTF-8."""
    return bytes(i for i in ids if i != SPECIAL).decode("utf-8", errors="replace")


def stream(ids, decode=decode_bytes):
    text_stream = TextStream(decode)
    pieces = [text_stream.add(token_id) for token_id in ids]
    return [*pieces, text_stream.finish()]


@given(st.lists(st.integers(0, 256), max_size=40))
def test_text_stream_gives_the_whole_text_for_any_bytes(ids):
    """The pieces joined are the decoded whole, broken UTF-8 and special tokens included."""
    assert "".join(stream(ids)) == decode_bytes(ids)


@given(st.text(max_size=30))
def test_text_stream_never_gives_half_a_character(text):
    """Byte by byte, a piece comes exactly when Python's own incremental decoder has one."""
    reference = codecs.getincrementaldecoder("utf-8")()
    pieces = stream(text.encode())
    if "\ufffd" not in text:
        assert pieces == [reference.decode(bytes([byte])) for byte in text.encode()] + [""]


def test_text_stream_keeps_a_space_that_a_decoder_strips_from_a_first_token():
    """SentencePiece-style decoders drop the leading space of what they take for the start."""
    words = {0: " find", 1: " .", 2: ""}

    def decode(ids):
        return "".join(words[i] for i in ids).removeprefix(" ")

    assert "".join(stream([0, 2, 1, 1, 2, 0], decode)) == "find . . find"


FENCE_TEXT = st.lists(st.sampled_from(["`", "``", "```", "\n", "a", "bash", " ", "\n```", "```sh\n", "é"]), max_size=14)


@given(FENCE_TEXT)
def test_code_stream_agrees_with_parse_answer_on_any_text(pieces):
    """Streamed in pieces, the code shown in the end is parse_answer's."""
    code_stream = CodeStream()
    shown = "".join([*(code_stream.add(piece) for piece in pieces), code_stream.finish()])
    assert shown == parse_answer("".join(pieces)).text


def test_code_stream_shows_code_before_the_fence_closes():
    """Streaming is streaming: each piece of code comes at once."""
    code_stream = CodeStream()
    pieces = ["```bash", "\nfind", " .", "\n", "ls", "\n``", "`"]
    assert [code_stream.add(piece) for piece in pieces] == ["", "find", " .", "", "\nls", "", ""]
    assert code_stream.finish() == ""


STOPS = st.lists(st.text("abc", min_size=1, max_size=4), max_size=4)


def cut_by_hand(text, stops):
    """Character by character: the text up to the stop string that is complete first (the longest of those), or all."""
    for end in range(len(text) + 1):
        complete = [stop for stop in stops if text[:end].endswith(stop)]
        if complete:
            return text[: end - max(map(len, complete))], True
    return text, False


@given(st.lists(st.text("abcd", max_size=5), max_size=10), STOPS)
def test_stop_stream_cuts_the_text_where_the_first_stop_string_begins_however_it_comes(pieces, stops):
    stream = StopStream(stops)
    shown = "".join(stream.add(piece) for piece in pieces)
    assert (shown + stream.finish(), stream.stopped) == cut_by_hand("".join(pieces), stops)


@given(st.text("abcd", max_size=20), STOPS)
def test_stop_stream_never_shows_what_may_become_a_stop_string_and_holds_back_nothing_else(text, stops):
    stream, shown = StopStream(stops), ""
    for end, character in enumerate(text, start=1):
        shown += stream.add(character)
        if stream.stopped:
            return
        held = text[len(shown) : end]
        possible = [stop[:length] for stop in stops for length in range(1, len(stop))]
        assert held == max((start for start in possible if text[:end].endswith(start)), key=len, default="")


def test_stop_stream_refuses_an_empty_stop_string():
    with pytest.raises(ValueError, match="a stop string is empty"):
        StopStream(["a", ""])


def steps_of_bytes(text, *, forced=0, last="stop"):
    """One token per byte; the last is the special token with `stop`, the text's own with another reason."""
    ids = [*text.encode(), SPECIAL] if last == "stop" else list(text.encode())
    return [
        Step(
            token_id=token_id,
            log_probability=0.0,
            forced=place < forced,
            finish_reason=last if place == len(ids) - 1 else None,
        )
        for place, token_id in enumerate(ids)
    ]


def shown_of(steps, stops):
    stream = AnswerStream(decode_bytes, stops)
    return [stream.add(step) for step in steps], stream.finish_reason


@pytest.mark.parametrize(
    ("steps", "stops", "shown", "reason"),
    [
        (steps_of_bytes("abcd"), ["bc"], ["a", "", "", "", ""], "stop"),
        (steps_of_bytes("abd"), ["bc"], ["a", "", "bd", ""], "stop"),
        (steps_of_bytes("ab", last="length"), ["bc"], ["a", "b"], "length"),
        (steps_of_bytes("ab", last="context"), ["b"], ["a", ""], "stop"),
        (steps_of_bytes("aé!é"), ["é"], ["a", "", "", "", "", "", ""], "stop"),
        (steps_of_bytes("bcbc", forced=2), ["bc"], ["b", "c", "", "", ""], "stop"),
        (steps_of_bytes("bca", forced=1), ["bc"], ["b", "c", "a", ""], "stop"),
        (steps_of_bytes("é", last="length")[:1] + steps_of_bytes("é", last="length")[:1], [], ["", "\ufffd"], None),
    ],
    ids=["cut", "held back in vain", "held back at the end", "stop string at the end", "bytes", "forced", "half forced",
         "goes on"],
)  # fmt: skip
def test_answer_stream_shows_the_text_before_a_stop_string(steps, stops, shown, reason):
    assert shown_of(steps, stops) == (shown, reason)


@given(st.text(max_size=12), st.sampled_from(["stop", "length"]))
def test_answer_stream_without_stop_strings_shows_the_whole_text(text, last):
    steps = steps_of_bytes(text, last=last)
    if steps:
        pieces, reason = shown_of(steps, [])
        assert ("".join(pieces), reason) == (text, last)


def test_answer_stream_shows_a_character_that_was_cut_off():
    """An answer that ends inside a character shows what its bytes decode to."""
    steps = steps_of_bytes("aé", last="length")
    cut = [steps[0], Step(token_id=steps[1].token_id, log_probability=0.0, forced=False, finish_reason="length")]
    assert shown_of(cut, []) == (["a", "\ufffd"], "length")


def test_answer_stream_puts_names_back_before_it_looks_for_stop_strings():
    texts = ["```bash\n", "rm ", "<|name1|>", "<|name2|>", "x"]

    def decode(ids):
        return "".join(texts[token_id] for token_id in ids)

    def shown(stops):
        stream = AnswerStream(decode, stops, ["a b", "STOP"])
        steps = (Step(token_id=each, log_probability=0.0, forced=False, finish_reason=None) for each in range(5))
        return [stream.add(step) for step in steps], stream.finish_reason

    assert shown([]) == (["```bash\n", "rm ", "'a b'", "STOP", "x"], None)
    assert shown(["TOP"]) == (["```bash\n", "rm ", "'a b'", "S", ""], "stop")
    assert shown(["name1"]) == shown([])


def text_of(ids):
    return "".join("abcdefghijkl"[token_id] for token_id in ids)


@pytest.mark.parametrize("lookup", [False, True])
def test_a_stop_string_ends_an_answer_of_a_loop_as_it_ends_one_alone(lookup):
    """The consumer leaves `generate`, or cancels its ticket: both show the same, and the batch is empty."""
    model = ContextModel(copying=4.0)
    options = {"stop_ids": (), "max_tokens": 60}
    whole = text_of(step.token_id for step in generate(model, [1, 2, 1], sampler=Sampler(), **options))
    stop = whole[20:23]  # three tokens make the stop string
    alone = AnswerStream(text_of, [stop])
    shown = ""
    for step in generate(model, [1, 2, 1], sampler=Sampler(), **options):
        shown += alone.add(step)
        if alone.finish_reason is not None:
            break
    assert (shown, alone.finish_reason) == (whole[: whole.index(stop)], "stop")
    batch, stream, streamed = model.batch(capacity=2), AnswerStream(text_of, [stop]), ""
    with DecodingLoop(batch, lookup=lookup) as loop:
        ticket = loop.add([1, 2, 1], Sampling(sampler=Sampler(), **options))
        while not loop.done:
            for event in loop.step():
                streamed += stream.add(event.step)
            if stream.finish_reason is not None:
                loop.cancel(ticket)
        assert batch.sequences == {}
    assert (streamed, stream.finish_reason) == (shown, "stop")
