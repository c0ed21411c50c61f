"""Every example of a source with an end is in exactly one shard; every index of an endless one too."""

from collections import Counter

import pytest
from data_pipeline_sources import Endless, example, find, recipe

from hrm_edge.errors import DataError
from hrm_edge.train.data.pipeline.identity import identity
from hrm_edge.train.data.pipeline.supply import OwnedIndices, load_supply, open_sources


def requests(supply) -> dict[int, list[str]]:
    return {shard: [e.request for es in of.values() for e in es] for shard, of in supply.examples.items()}


def test_identity_ignores_white_space_and_the_case_of_the_request_only():
    assert identity("List  files\n", "ls\t-l") == identity("list files", "ls -l")
    assert identity("list files", "ls -l") != identity("list files", "ls -L")
    assert identity("ab", "c") != identity("a", "bc")


@pytest.mark.parametrize("shards", [1, 2, 7])
def test_shards_divide_the_examples_and_equal_ones_meet(shards):
    asked = recipe(shards=shards)
    supply = load_supply(asked, open_sources(asked, find), range(shards))
    found = [request for of in requests(supply).values() for request in of]
    assert sorted(found) == sorted(example(number).request for number in range(200))
    assert (supply.given["finite"], supply.duplicates["finite"]) == (220, 20)


def test_a_command_for_some_shards_finds_what_a_command_for_all_finds():
    asked = recipe(shards=5, sources={"finite": {"examples": 120}})
    whole = requests(load_supply(asked, open_sources(asked, find), range(5)))
    some = requests(load_supply(asked, open_sources(asked, find), [1, 3]))
    assert some == {1: whole[1], 3: whole[3]}
    assert sum(map(len, whole.values())) == 120


def test_without_deduplication_equal_examples_stay():
    asked = recipe(deduplicate=False)
    supply = load_supply(asked, open_sources(asked, find), range(3))
    assert sum(map(len, requests(supply).values())) == 220


def test_owned_indices_divide_an_endless_source_and_equal_keys_meet():
    source = Endless(first=3, last=2000)
    owned = OwnedIndices(source, seed=5, shards=4)
    by_shard = [list(owned.of(shard)) for shard in range(4)]
    assert Counter(index for indices in by_shard for index in indices) == Counter(range(3, 2001))
    keys = [{source.key(index, seed=5) for index in indices} for indices in by_shard]
    assert all(not keys[a] & keys[b] for a in range(4) for b in range(a))


def test_endless_source_needs_a_bound():
    with pytest.raises(DataError, match="source 'endless' has no end: give the recipe tokens, or the source examples"):
        open_sources(recipe(sources={"endless": {}}), find)
    assert open_sources(recipe(sources={"endless": {"options": {"last": 5}}}), find)
