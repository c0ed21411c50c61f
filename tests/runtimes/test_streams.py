import codecs

from hypothesis import given
from hypothesis import strategies as st

from hrm_edge.prompt import parse_answer
from hrm_edge.runtimes.streams import CodeStream, TextStream

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
