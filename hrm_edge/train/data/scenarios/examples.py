"""Every example of one problem: which scenarios, how often, in which languages."""

import random
from collections.abc import Callable, Iterator, Mapping
from itertools import permutations

from hrm_edge.train.data.curriculum.emission import Emission
from hrm_edge.train.data.example import TrainingExample
from hrm_edge.train.data.scenarios.editing import bug_fix, feature, refactoring, renaming
from hrm_edge.train.data.scenarios.explanation import explanation
from hrm_edge.train.data.scenarios.generation import generation
from hrm_edge.train.data.scenarios.prediction import execution, input_of_output, test_output
from hrm_edge.train.data.scenarios.repair import repair
from hrm_edge.train.data.scenarios.test_writing import test_writing
from hrm_edge.train.data.scenarios.transfer import transfer

Maker = Callable[[Emission, random.Random], TrainingExample | None]

TIMES: Mapping[Maker, int] = {
    generation: 6,
    repair: 3,
    execution: 3,
    test_output: 2,
    input_of_output: 1,
    explanation: 2,
    test_writing: 2,
    bug_fix: 2,
    feature: 1,
    refactoring: 1,
    renaming: 1,
}
"""Examples of each scenario per problem and language; each draws its own words, values and solution."""


def examples(emissions: Mapping[str, Emission], seed: int, rounds: int = 1) -> Iterator[TrainingExample]:
    """All examples of a problem, in the languages given: the same ones for the same seed and languages, and those of
    one language alike whatever others there are. Each further round tells the same programs in other words, about
    other values; what it repeats, deduplication drops."""
    for turn in range(rounds):
        for language, emission in emissions.items():
            rng = random.Random(f"examples {seed} {turn} {emission.problem.index} {language}")
            for make, times in TIMES.items():
                for _ in range(times):
                    made = make(emission, rng)
                    if made is not None:
                        yield made
        for origin, target in permutations(emissions, 2):
            rng = random.Random(f"transfer {seed} {turn} {emissions[origin].problem.index} {origin} {target}")
            made = transfer(emissions[origin], emissions[target], rng)
            if made is not None:
                yield made
