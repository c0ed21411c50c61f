"""13 words in a row of an evaluation set are found, 12 are not, and boilerplate drops nothing."""

import gzip
import json
import random

import pytest
from data_pipeline_sources import recipe
from miniature_polyglot import write_miniature_polyglot

from hrm_edge.errors import DataError
from hrm_edge.train.data.pipeline.decontamination import GramIndex, gram_hashes, split_words
from hrm_edge.train.data.pipeline.evaluation_texts import EvaluationProblem, evaluation_sets

PHRASE = "return the largest even number that divides every other value of this list twice"
THIRTEEN, TWELVE = PHRASE.split()[:13], PHRASE.split()[:12]


def index(*texts: str, common_in: int = 4) -> GramIndex:
    problems = [EvaluationProblem(f"set {number}", (text,)) for number, text in enumerate(texts)]
    return GramIndex([("set", problems)], common_in=common_in)


def test_thirteen_words_are_found_and_twelve_are_not():
    grams = index(f"Some text before. {' '.join(THIRTEEN)} and more after it")
    hit = grams.find(f"Please {' '.join(THIRTEEN)}")
    assert hit is not None
    assert (hit.problem, hit.excerpt) == ("set 0", " ".join(THIRTEEN))
    assert grams.find(f"Please {' '.join(TWELVE)} please") is None


def test_case_and_punctuation_do_not_hide_an_overlap():
    grams = index(" ".join(THIRTEEN))
    assert grams.find(" ".join(THIRTEEN).upper().replace(" ", ",\n * ")) is not None


def test_run_does_not_reach_from_one_text_into_the_next():
    problem = EvaluationProblem("set 0", (" ".join(THIRTEEN[:7]), " ".join(THIRTEEN[7:])))
    assert GramIndex([("set", [problem])], common_in=4).find(" ".join(THIRTEEN)) is None


@pytest.mark.parametrize(
    "text", ["for i in range n " * 4, " ".join(map(str, range(20))), "a b c d e f g h i j k l m n"]
)
def test_run_that_says_nothing_drops_nothing(text):
    assert index(text).find(text) is None


def test_boilerplate_of_many_problems_of_one_file_drops_nothing():
    texts = [f"{' '.join(THIRTEEN)} problem{number} " * 2 for number in range(5)]
    assert index(*texts[:4], common_in=4).find(" ".join(THIRTEEN)) is not None
    many = index(*texts, common_in=4)
    assert many.find(" ".join(THIRTEEN)) is None
    assert many.boilerplate >= 1
    assert many.find(texts[3]) is not None, "what is one problem's own is still found"


def test_same_text_in_many_files_is_no_boilerplate():
    """HumanEval's texts come back in thirteen files."""
    sets = [(f"file {number}", [EvaluationProblem("p", (" ".join(THIRTEEN),))]) for number in range(13)]
    assert GramIndex(sets, common_in=4).find(" ".join(THIRTEEN)) is not None


def test_hits_are_those_of_a_search_by_sets_of_words():
    """Against tuples of words in a Python set, without hashes."""
    rng = random.Random(1)
    vocabulary = [f"word{number}" for number in range(6)]  # few words, so that runs meet by chance

    def text(length: int) -> str:
        start = rng.randrange(1000)
        return " ".join(f"{rng.choice(vocabulary)}x{(start + place) % 3}" for place in range(length))

    evaluation = [text(40) for _ in range(30)]
    shared = evaluation[7].split()
    asked = [text(30) for _ in range(30)] + [
        " ".join([*text(5).split(), *shared[4:n], *text(5).split()]) for n in range(14, 22)
    ]
    runs = {tuple(words[n : n + 13]) for words in map(split_words, evaluation) for n in range(len(words) - 12)}
    runs = {run for run in runs if len(set(run)) >= 6}
    grams = index(*evaluation, common_in=100)
    wanted = [
        any(tuple(words[n : n + 13]) in runs for n in range(len(words) - 12)) for words in map(split_words, asked)
    ]
    assert [grams.find(text) is not None for text in asked] == wanted
    assert any(wanted) and not all(wanted)


def test_hash_of_a_run_depends_on_the_order_of_its_words():
    import numpy as np

    words = np.arange(1, 14, dtype=np.uint64)
    assert gram_hashes(words)[0] != gram_hashes(words[::-1].copy())[0]


def test_every_text_of_every_row_counts_and_rows_of_one_problem_are_one(tmp_path):
    rows = [
        {"question_id": "q1", "test": {"cases": [["nested text"]], "n": 3}, "title": "T"},
        {"question_id": "q1", "test": "again"},
        {"question_id": "q2", "test": "other", "packed": "A" * 2_000_000},
    ]
    with gzip.open(tmp_path / "set.jsonl.gz", "wt") as file:
        file.writelines(json.dumps(row) + "\n" for row in rows)
    (tmp_path / "list.json").write_text('[{"name": "only", "text": "in a list"}]')
    asked = recipe(decontamination={"evaluation": [str(tmp_path)]})
    found = dict(evaluation_sets(asked.decontamination, asked))
    assert [problem.texts for problem in found[f"{tmp_path}/set.jsonl.gz"]] == [
        ("q1", "nested text", "T", "again"),
        ("q2", "other"),
    ]
    assert [problem.texts for problem in found[f"{tmp_path}/list.json"]] == [("only", "in a list")]


def test_every_text_file_of_every_exercise_counts(tmp_path):
    write_miniature_polyglot(tmp_path)
    exercise = tmp_path / "python" / "exercises" / "practice" / "double-it"
    (exercise / ".approaches").mkdir()
    (exercise / ".approaches" / "content.md").write_text(" ".join(THIRTEEN))
    (exercise / "picture.png").write_bytes(b"\x89PNG\xff\xfe")
    (exercise / "secret").symlink_to("/etc/passwd")
    asked = recipe(decontamination={"polyglot": [str(tmp_path)]})
    found = dict(evaluation_sets(asked.decontamination, asked))
    assert "polyglot/python" in found and "polyglot/go" in found
    grams = GramIndex.of_recipe(asked)
    assert grams is not None
    hit = grams.find(" ".join(THIRTEEN))
    assert hit is not None and hit.problem == "polyglot/python double-it"
    assert not any("root:" in text for problem in found["polyglot/python"] for text in problem.texts)


def test_suite_that_comes_along_is_there_without_data():
    asked = recipe(decontamination={"evaluation": ["builtin"]})
    names = [name for name, _ in evaluation_sets(asked.decontamination, asked)]
    assert "builtin/shell.jsonl" in names


@pytest.mark.parametrize("kind", ["evaluation", "polyglot"])
def test_missing_set_is_one_line(tmp_path, kind):
    asked = recipe(decontamination={kind: [str(tmp_path / "absent")]})
    with pytest.raises(DataError, match=r"absent (is not there|holds no exercises/practice): .*\[decontamination\]"):
        GramIndex.of_recipe(asked)


def test_real_sets_leave_the_training_sets_almost_whole(data_directory):
    """Nothing of HumanEval is lost to boilerplate, and ordinary commands are not taken for it."""
    sets = ["humaneval", "humaneval-x", "cruxeval.jsonl"]
    written = {"decontamination": {"evaluation": [str(data_directory / name) for name in sets]}}
    grams = GramIndex.of_recipe(recipe(**written))
    assert grams is not None
    with gzip.open(data_directory / "humaneval" / "HumanEval.jsonl.gz", "rt", encoding="utf-8") as file:
        prompts = [json.loads(line)["prompt"] for line in file]
    assert all(grams.find(prompt) for prompt in prompts)
    with gzip.open(data_directory / "nl2bash.jsonl.gz", "rt", encoding="utf-8") as file:
        commands = [json.loads(line) for line in file][:2000]
    assert not any(grams.find(row["nl"]) or grams.find(row["cmd"]) for row in commands)
