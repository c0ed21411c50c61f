"""Names out of requests and answers, and back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hrm_edge.delexicalization.delexicalize import delexicalize, delexicalize_answer
from hrm_edge.delexicalization.lexicalize import lexicalize
from hrm_edge.tokenizer import NAME_TOKENS
from hrm_edge.train.tokenizer_training import train_tokenizer

TOKENIZER = train_tokenizer(["find . -name '*.py'", "mv a b"] * 2, 300).with_names()


def shown(text):
    return "".join(part if isinstance(part, str) else f"<{part + 1}>" for part in text.parts)


@pytest.mark.parametrize(
    ("request_text", "answer", "asked", "answered"),
    [
        ("move jan.csv to old", "mv jan.csv old", "move <1>.csv to old", "mv <1> old"),
        ("first 20 lines of a.txt", "head -n20 a.txt 2>/x", "first <1># lines of <2>.txt", "head -n<1> <2> 2>/x"),
        ("last 2 lines of a.txt", "tail -2 a.txt 2>&1", "last <1># lines of <2>.txt", "tail -<1> <2> 2>&1"),
        ("column 2 of x.csv", "awk '{print $2}' x.csv", "column <1># of <2>.csv", "awk '{print $2}' <2>"),
        ("files over 10MB in src/lib", "find src/lib -size +10M", "files over <1>#MB in <2>/", "find <2> -size +<1>M"),
        ("grep foo in foo.txt", "grep foo foo.txt", "grep <1> in <2>.txt", "grep <1> <2>"),
        ("touch 1 to 10", "touch {1..10}", "touch <1># to <2>#", "touch {<1>..<2>}"),
        ("*.py below src", "find src -name '*.py'", "*.<1> below <2>", "find <2> -name '*.<1>'"),
    ],
)  # fmt: skip
def test_names_leave_both_texts(request_text, answer, asked, answered):
    request = delexicalize(request_text)
    assert shown(request) == asked
    assert shown(delexicalize_answer(answer, request.names)) == answered


def test_a_name_that_comes_twice_has_one_number():
    request = delexicalize("copy a1.txt to b1.txt, then remove a1.txt")
    assert request.names == ("a1.txt", "b1.txt")
    assert shown(request) == "copy <1>.txt to <2>.txt, then remove <1>.txt"


def test_names_beyond_the_tokens_stay_text():
    request = delexicalize(" ".join(f"f{number}.txt" for number in range(20)))
    assert len(request.names) == len(NAME_TOKENS) == 12
    assert shown(request).endswith("<12>.txt f12.txt f13.txt f14.txt f15.txt f16.txt f17.txt f18.txt f19.txt")


def test_the_line_that_opens_a_fence_is_left():
    answer = delexicalize_answer("```bash\nbash bash\n```", ["bash"])
    assert shown(answer) == "```bash\n<1> <1>\n```"


@pytest.mark.parametrize(
    ("answer", "has_part"), [("rm report_final", True), ("rm report_final.pdf", False), ("rm x", False)]
)
def test_part_of_a_name_in_an_answer_is_noticed(answer, has_part):
    names = delexicalize("remove report_final.pdf 'in bash_2'").names
    assert delexicalize_answer(f"```bash\n{answer}\n```", names).has_part_of_name == has_part


WORDS = st.lists(st.sampled_from(["a.txt", "b.txt", "src", "10", "7", "mira", "/tmp/x", "mv", "-n", "2>", "$1", "|"]))


@given(WORDS, WORDS)
def test_tokens_of_an_answer_give_the_answer_back(request_words, answer_words):
    request, answer = delexicalize(" ".join(request_words)), " ".join(answer_words)
    ids = delexicalize_answer(answer, request.names).encode(TOKENIZER)
    assert lexicalize(TOKENIZER.decode(ids), request.names) == answer


def test_a_user_cannot_forge_the_token_of_a_name():
    request = delexicalize("echo '<|name1|>' x1")
    names = {TOKENIZER.token_id(token) for token in NAME_TOKENS}
    assert [token for token in request.encode(TOKENIZER) if token in names] == [
        TOKENIZER.token_id(NAME_TOKENS[place]) for place in range(2)
    ]
    assert request.names == ("<|name1|>", "x1")
    assert not names & set(TOKENIZER.encode("<|name1|>"))
