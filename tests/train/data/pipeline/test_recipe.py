"""Recipes: every key checked, unknown ones named with the known, one clear line each."""

from datetime import date
from pathlib import Path

import pytest
from data_pipeline_sources import recipe

from hrm_edge.errors import DataError
from hrm_edge.train.data.pipeline.recipe import RECIPES, read_recipe

FULL = """
name = "full"
seed = 7
longest = 512
shards = 4
tokens = 2_000_000
data = "sets"
tokenizer = "tokenizer.json"
contests_before = 2023-05-01
deduplicate = false

[sources.finite]
weight = 2.5
examples = 100
paths = ["a.jsonl", "b.jsonl.gz"]
options = { count = 50 }

[tasks]
generation = 3
shell = 0
[languages]
python = 2
text = 0.5
[order]
kind = "staged"
stages = [0.3, 0.6]
[decontamination]
evaluation = ["humaneval", "builtin"]
polyglot = ["checkout"]
common_in = 6
[neighbours]
share = 0.3
most = 2
index = "index.sqlite"
"""


def test_every_key_is_read(tmp_path):
    (tmp_path / "full.toml").write_text(FULL)
    found = read_recipe(tmp_path / "full.toml")
    assert (found.name, found.seed, found.longest, found.shards, found.tokens) == ("full", 7, 512, 4, 2_000_000)
    assert found.contests_before == date(2023, 5, 1)
    assert not found.deduplicate
    (share,) = found.sources
    assert (share.name, share.weight, share.examples, share.paths) == ("finite", 2.5, 100, ("a.jsonl", "b.jsonl.gz"))
    assert dict(share.options) == {"count": 50}
    assert (found.tasks, found.languages) == ({"generation": 3, "shell": 0}, {"python": 2, "text": 0.5})
    assert (found.order.kind, found.order.stages) == ("staged", (0.3, 0.6))
    assert found.decontamination is not None
    assert found.decontamination.evaluation == ("humaneval", "builtin")
    assert (found.decontamination.polyglot, found.decontamination.common_in) == (("checkout",), 6)
    assert (found.neighbours.share, found.neighbours.most, found.neighbours.index) == (0.3, 2, "index.sqlite")
    assert found.path("x.jsonl") == tmp_path / "sets" / "x.jsonl"
    assert read_recipe(tmp_path / "full.toml", data=Path("/other")).path("x.jsonl") == Path("/other/x.jsonl")


def test_decontamination_is_off_where_it_is_switched_off_or_names_nothing():
    assert recipe().decontamination is None
    assert recipe(decontamination={"on": False, "evaluation": ["builtin"]}).decontamination is None
    assert recipe(decontamination={"evaluation": ["builtin"]}).decontamination is not None


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ({"token": 5}, r"test.toml: 'token' is no key of it: known ones are name, data, seed, .*tokens, .*"),
        ({"sources": {"finite": {"wieght": 1}}}, r"\[sources\] \[finite\]: 'wieght' is no key of it: known ones are"),
        ({"tasks": {"generatoin": 1}}, r"\[tasks\]: 'generatoin' is no key of it: known ones are generation, self-rep"),
        ({"languages": {"perl": 1}}, r"\[languages\]: 'perl' is no key of it: known ones are python, .*text"),
        ({"order": {"stage": [0.5]}}, r"\[order\]: 'stage' is no key of it: known ones are kind, steps, stages"),
        ({"decontamination": {"sets": []}}, r"\[decontamination\]: 'sets' is no key"),
        ({"neighbours": {"count": 3}}, r"\[neighbours\]: 'count' is no key"),
        ({"seed": -1}, r"seed is -1; it must be a whole number from 0"),
        ({"seed": True}, r"seed is True; it must be a whole number"),
        ({"longest": 8}, r"longest is 8; it must be a whole number from 16 to 32,768"),
        ({"shards": 0}, r"shards is 0; it must be a whole number from 1"),
        ({"tokens": 0.5}, r"tokens is 0.5; it must be a whole number"),
        ({"contests_before": "2023-05-01"}, r"contests_before is '2023-05-01'; it must be a date without quotes"),
        ({"deduplicate": 1}, r"deduplicate is 1; it must be true or false"),
        ({"sources": {"finite": 3}}, r"\[sources\]: finite is 3; it must be a table"),
        ({"sources": {"finite": {"weight": -1}}}, r"weight is -1; it must be a number from 0 up"),
        ({"sources": {"finite": {"weight": float("nan")}}}, r"weight is nan; it must be a number from 0 up"),
        ({"sources": {"finite": {"paths": "a"}}}, r"paths is 'a'; it must be a list of texts"),
        ({"sources": {"finite": {"weight": 0}}}, r"every source has weight 0"),
        ({"order": {"kind": "hardest"}}, r"kind is 'hardest'; it must be one of none, linear, exponential, staged"),
        ({"order": {"kind": "staged"}}, r"kind is staged, which needs stages"),
        ({"order": {"kind": "linear", "stages": [0.5]}}, r"stages are of kind staged, and kind is linear"),
        ({"order": {"kind": "staged", "stages": [0.6, 0.3]}}, r"stages is \[0.6, 0.3\]; it must be a list of rising"),
        ({"neighbours": {"share": 1.5}}, r"share is 1.5; it must be a number from 0 to 1"),
        ({"neighbours": {"share": 0.5}}, r"share is 0.5 and there is no index"),
        ({"neighbours": {"most": 4}}, r"most is 4; it must be a whole number from 1 to 3"),
    ],
)
def test_bad_recipe_is_one_line_that_names_key_and_rule(written, message):
    with pytest.raises(DataError, match=message) as raised:
        recipe(**written)
    assert "\n" not in str(raised.value)


def test_missing_file_names_the_recipes_that_come_along():
    with pytest.raises(DataError, match=r"absent is not there: give a recipe in TOML, or one .*small"):
        read_recipe(Path("absent"))


def test_broken_toml_is_one_line(tmp_path):
    (tmp_path / "broken.toml").write_text("name = ")
    with pytest.raises(DataError, match=r"broken.toml is no TOML \(.*\): repair that line"):
        read_recipe(tmp_path / "broken.toml")


@pytest.mark.parametrize("name", sorted(path.stem for path in RECIPES.glob("*.toml")))
def test_recipe_that_comes_along_is_valid(name):
    assert read_recipe(Path(name)).name == name
