"""Statistics against counts made another way, and the plot."""

import json
import shutil
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree

import pytest
from data_pipeline_sources import example, find, recipe

from hrm_edge.errors import DataError
from hrm_edge.train.data.pipeline.build import build
from hrm_edge.train.data.pipeline.samples import draw_samples
from hrm_edge.train.data.pipeline.shards import Shards, open_shards
from hrm_edge.train.data.pipeline.stats import Stats, collect_stats
from hrm_edge.train.data.pipeline.stats_plot import plot_stats, require_plot


@pytest.fixture(scope="module")
def shards(tmp_path_factory) -> Shards:
    out = tmp_path_factory.mktemp("built") / "data"
    sources = {"finite": {"options": {"dated": True}}, "endless": {"options": {"last": 60}}}
    from datetime import date

    build(
        recipe(sources=sources, contests_before=date(2023, 4, 28), order={"kind": "linear", "steps": 3}), out, find=find
    )
    return open_shards(out)


@pytest.fixture(scope="module")
def stats(shards) -> Stats:
    return collect_stats(shards)


def test_counts_are_those_of_the_examples(shards, stats):
    found = [packed for place in shards.training_order(0) for packed in shards.examples(*place)]
    lengths = [len(packed.request) + len(packed.answer) for packed in found]
    assert (stats.examples, stats.tokens, stats.rows) == (len(found), sum(lengths), len(shards))
    assert stats.answer_tokens == sum(len(packed.answer) for packed in found)
    assert stats.padding_share == pytest.approx(1 - sum(lengths) / (256 * len(shards)))
    for name, mix in (("source", stats.sources), ("task", stats.tasks), ("language", stats.languages)):
        examples = Counter(getattr(packed, name) for packed in found)
        tokens: Counter = Counter()
        for packed, length in zip(found, lengths, strict=True):
            tokens[getattr(packed, name)] += length
        assert {key: share.examples for key, share in mix.items()} == examples
        assert {key: share.tokens for key, share in mix.items()} == tokens
    assert sum(sum(counts.values()) for counts in stats.by_task_and_language.values()) == sum(lengths)
    tenths = Counter(min(int(packed.difficulty * 10 + 1e-6), 9) for packed in found)
    assert list(stats.difficulty) == [tenths[place] for place in range(10)]
    assert stats.difficulty_by_step == sorted(stats.difficulty_by_step)
    assert sum(stats.lengths.values()) == len(found)
    assert stats.lengths["up to 32"] == sum(length <= 32 for length in lengths)
    assert stats.lengths["up to 64"] == sum(32 < length <= 64 for length in lengths)
    assert (stats.repeated, stats.executed_share) == (0, 1.0)


def test_what_was_dropped_is_there_by_rule_and_source(stats):
    late = sum(number % 30 >= 27 for number in range(200))
    assert stats.dropped["contest too late"] == {"finite": late}
    assert stats.dropped["duplicate"]["finite"] == 20
    assert stats.malformed == ["finite: 3 left out, a rule of the source"]


def test_prose_counts_as_nothing_to_run(tmp_path):
    """Of code that nobody ran the share falls; prose without code does not touch it."""
    from data_pipeline_sources import Fixed

    given = [
        example(0, executed=True),
        example(1, executed=None, language="bash"),
        example(2, executed=None, language="text"),
        example(3, executed=False),
    ]
    build(recipe(shards=1), tmp_path, find=lambda name, options: Fixed(given=tuple(given)))  # noqa: ARG005
    assert collect_stats(open_shards(tmp_path)).executed_share == pytest.approx(1 / 3)


def test_repeated_examples_are_seen(tmp_path):
    build(recipe(deduplicate=False), tmp_path, find=find)
    assert collect_stats(open_shards(tmp_path)).repeated == 20


def test_json_is_json(stats):
    assert json.loads(json.dumps(stats.to_json(), allow_nan=False))["tokens"] == stats.tokens


def test_damaged_report_of_the_sources_is_one_line(shards, tmp_path):
    copy = shutil.copytree(shards.directory, tmp_path / "copy")
    (copy / "sources.json").write_text('{"duplicates": {"a": "b"}}')
    with pytest.raises(DataError, match="'duplicates' is no object of whole numbers"):
        collect_stats(open_shards(copy))


def test_plot_shows_the_mix_and_is_the_same_for_the_same_build(stats, tmp_path):
    plot_stats(stats, tmp_path / "a.svg")
    plot_stats(stats, tmp_path / "b.svg")
    assert (tmp_path / "a.svg").read_bytes() == (tmp_path / "b.svg").read_bytes()
    texts = {"".join(text.itertext()).strip() for text in ElementTree.parse(tmp_path / "a.svg").findall(".//{*}text")}
    assert {"Tokens by source", "finite", "self-repair", "rust", "contest too late", "Examples by difficulty"} <= texts
    plot_stats(stats, tmp_path / "a.png")
    assert (tmp_path / "a.png").read_bytes().startswith(b"\x89PNG")


def test_plot_of_another_kind_is_refused():
    with pytest.raises(DataError, match=r"--plot mix.pdf: the name must end in .svg or .png"):
        require_plot(Path("mix.pdf"))


def test_samples_are_different_examples_as_built(shards):
    drawn = draw_samples(shards, 50, seed=1, one_of_each=False)
    assert len({sample.request for sample in drawn}) == 50
    assert drawn == draw_samples(shards, 50, seed=1, one_of_each=False)
    assert drawn != draw_samples(shards, 50, seed=2, one_of_each=False)
    own = {made.request: made.response for made in map(example, range(200))}
    assert all(own[sample.request] == sample.response for sample in drawn if sample.source == "finite")
    assert len(draw_samples(shards, 10_000, seed=1, one_of_each=False)) == collect_stats(shards).examples


def test_one_of_each_goes_through_tasks_and_languages(shards):
    kinds = [(sample.task, sample.language) for sample in draw_samples(shards, 9, seed=1, one_of_each=True)]
    assert len(set(kinds)) == 9
    assert kinds == sorted(kinds)
