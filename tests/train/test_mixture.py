"""The stream of examples: reproducible, in the asked shares, rare programs named."""

from collections import Counter

import pytest

from hrm_edge.train.examples import Example
from hrm_edge.train.mixture import SOURCE_WEIGHTS, Mixture
from hrm_edge.train.recipes import load_recipes


@pytest.fixture(scope="module")
def mixture() -> Mixture:
    rare = Example(request="Show system speed", code="pyrit benchmark", language="bash", source="tldr", command="pyrit")
    common = Example(request="List files", code="ls", language="bash", source="nl2bash")
    return Mixture([rare, common], load_recipes(), seed=3)


def test_example_is_the_same_for_the_same_index(mixture):
    assert [mixture.example(n) for n in range(50)] == [mixture.example(n) for n in range(50)]


def test_sources_come_in_their_shares(mixture):
    count = Counter(mixture.example(n).source for n in range(4000))
    weights = {name: SOURCE_WEIGHTS[name] for name in ("nl2bash", "recipes", "tldr")}
    for name, weight in weights.items():
        assert count[name] / 4000 == pytest.approx(weight / sum(weights.values()), abs=0.03)


def test_rare_program_is_named_in_the_request(mixture):
    rare = [example for n in range(500) if (example := mixture.example(n)).source == "tldr"]
    assert rare
    assert all("pyrit" in example.request for example in rare)
