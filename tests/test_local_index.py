"""The local index: what is found, in which order, and files that are none."""

import math
import re
import sqlite3
from pathlib import Path

import pytest

from hrm_edge.errors import DataError
from hrm_edge.local_index import Entry, LocalIndex, query_words, shipped_index
from hrm_edge.train.data.indexing.writing import write_index

REQUESTS = (
    ("find files larger than a size", "find . -size +1M", "bash"),
    ("undo the last commit", "git reset --soft HEAD~1", "bash"),
    ("delete merged branches", "git branch --merged | xargs git branch -d", "bash"),
    ("the greatest common divisor of two numbers", "def gcd(a, b): ...", "python"),
    ("show the largest directories", "du -sh * | sort -rh", "bash"),
    ("commit with a message", "git commit -m message", "bash"),
)


def entries(rows=REQUESTS) -> list[Entry]:
    return [
        Entry(request=request, code=code, language=language, source="own", licence="MIT", group=f"own/{number}")
        for number, (request, code, language) in enumerate(rows)
    ]


@pytest.fixture
def index(tmp_path: Path):
    write_index(tmp_path / "index.sqlite", entries())
    with LocalIndex(tmp_path / "index.sqlite") as opened:
        yield opened


def test_the_best_match_comes_first_whatever_the_form_of_its_words(index):
    assert index.find("undoing my last commits please")[0].code == "git reset --soft HEAD~1"
    assert index.find("which file is large?", count=1)[0].request in ("find files larger than a size",)


def test_language_and_group_are_left_out_as_asked(index):
    assert [entry.language for entry in index.find("divisor of numbers", language="python")] == ["python"]
    assert index.find("divisor of numbers", language="bash") == []
    assert all(entry.group != "own/1" for entry in index.find("undo the last commit", without_group="own/1"))


@pytest.mark.parametrize("text", ["", "the of and", '"" OR NEAR(', "zzzz", "💥 *:^-"])
def test_texts_that_share_no_word_find_nothing(index, text):
    assert index.find(text) == []


def test_query_syntax_is_text(index):
    assert index.find('commit" OR "branches', count=9) == index.find("commit or branches", count=9)


def bm25(query: list[str], documents: list[list[str]], k1: float = 1.2, b: float = 0.75) -> list[float]:
    """Robertson and Zaragoza, The Probabilistic Relevance Framework (2009), with SQLite's constants."""
    average = sum(map(len, documents)) / len(documents)
    scores = []
    for document in documents:
        score = 0.0
        for word in query:
            have = sum(word in other for other in documents)
            inverse = max(math.log((len(documents) - have + 0.5) / (have + 0.5)), 1e-6)
            count = document.count(word)
            score += inverse * count * (k1 + 1) / (count + k1 * (1 - b + b * len(document) / average))
        scores.append(score)
    return scores


def test_the_order_is_that_of_bm25(tmp_path: Path):
    words = re.findall(r"\w+", "alpha beta gamma delta epsilon zeta eta theta iota kappa")
    texts = [" ".join(words[i : i + 1 + i % 4] + words[: i % 3]) for i in range(10)]
    rows = [(f"{text} filler{number}", str(number), "bash") for number, text in enumerate(texts)]
    write_index(tmp_path / "i.sqlite", entries(rows))
    documents = [re.findall(r"\w+", row[0]) for row in rows]
    with LocalIndex(tmp_path / "i.sqlite") as opened:
        for query in (["alpha"], ["delta", "kappa"], ["beta", "eta", "theta"]):
            expected = bm25(query, documents)
            found = [int(entry.code) for entry in opened.find(" ".join(query), count=10)]
            assert set(found) == {number for number, score in enumerate(expected) if score > 0}
            scores = [expected[number] for number in found]
            assert scores == sorted(scores, reverse=True)


def test_several_languages_of_one_request_are_one_request(tmp_path: Path):
    one = entries()[3]
    both = [one, Entry(**{**vars(one), "language": "rust", "code": "fn gcd() {}"})]
    assert write_index(tmp_path / "i.sqlite", both) == 1
    with LocalIndex(tmp_path / "i.sqlite") as opened:
        assert {entry.language for entry in opened.find("common divisor")} == {"python", "rust"}


def test_a_size_is_kept(tmp_path: Path):
    rows = [(f"request number{n} about thing{n}", "x" * 400, "bash") for n in range(5000)]
    count = write_index(tmp_path / "i.sqlite", entries(rows), most_bytes=500_000)
    assert 200 < count < 5000
    assert (tmp_path / "i.sqlite").stat().st_size <= 500_000


def test_equal_entries_give_equal_bytes(tmp_path: Path):
    for name in ("one", "two"):
        write_index(tmp_path / name, entries())
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


def test_files_that_are_no_index_are_refused(tmp_path: Path):
    with pytest.raises(DataError, match="is not there: make an index"):
        LocalIndex(tmp_path / "none.sqlite")
    (tmp_path / "text").write_text("not a database at all, but long enough to be looked at" * 40)
    with pytest.raises(DataError, match="is no index of ours"):
        LocalIndex(tmp_path / "text")
    connection = sqlite3.connect(tmp_path / "other.sqlite")
    connection.execute("CREATE TABLE requests(id)")
    connection.commit()
    connection.close()
    with pytest.raises(DataError, match="is no index of ours"):
        LocalIndex(tmp_path / "other.sqlite")


def test_a_trigger_or_view_is_refused(tmp_path: Path):
    write_index(tmp_path / "i.sqlite", entries())
    connection = sqlite3.connect(tmp_path / "i.sqlite")
    connection.execute("CREATE VIEW more AS SELECT * FROM requests")
    connection.commit()
    connection.close()
    with pytest.raises(DataError, match="has other tables than an index"):
        LocalIndex(tmp_path / "i.sqlite")


@pytest.mark.parametrize("kept", [0, 50, 1000, 5000])
def test_a_cut_file_is_refused_or_finds_nothing_but_never_breaks(tmp_path: Path, kept):
    write_index(tmp_path / "i.sqlite", entries())
    (tmp_path / "i.sqlite").write_bytes((tmp_path / "i.sqlite").read_bytes()[:kept])
    with pytest.raises(DataError):
        LocalIndex(tmp_path / "i.sqlite").find("commit")


def test_words_of_a_query_are_those_that_tell():
    assert query_words("Return the LIST of prime numbers, in prime order!") == ["prime", "order"]


def test_the_index_that_is_shipped_is_small_and_knows_programs_and_commands():
    assert shipped_index().stat().st_size <= 10_000_000
    with LocalIndex() as opened:
        assert opened.count() > 1000
        assert any("divisor" in entry.request for entry in opened.find("greatest common divisor", language="rust"))
        assert opened.find("undo the last commit", language="bash")
        assert {entry.source for entry in opened.find("find large files", count=30)} <= {"recipes", "curriculum"}


def test_what_every_request_for_code_says_finds_nothing():
    text = "Complete the Python function: def gcd(a: int, b: int) -> int that passes assert gcd(12, 18) == 6"
    assert query_words(text, for_code=True) == ["gcd", "passes"]
    assert query_words("test 1 archive a with 7z, port 8080") == ["test", "archive", "7z", "port"]


def test_names_are_taken_apart_where_code_is_asked_for():
    assert query_words("countVowels(s), is_prime(n)", for_code=True) == ["count", "vowels", "prime"]
    assert query_words("turn off the macOS firewall") == ["turn", "off", "macos", "firewall"]
