"""What is said of a probability."""

import pytest

from hrm_edge.assistant.sureness import sureness


@pytest.mark.parametrize(
    ("probability", "said"),
    [
        (1.0, "the model gives it 100 %"),
        (0.5, "the model gives it 50 %"),
        (0.49, "the model is unsure (49 %)"),
        (0.05, "the model is unsure (5 %)"),
        (0.04, "the model is guessing (4 %)"),
        (0.01, "the model is guessing (1 %)"),
        (0.009, "the model is guessing (under 1 %)"),
        (0.0, "the model is guessing (under 1 %)"),
    ],
)
def test_words_follow_the_probability(probability: float, said: str) -> None:
    assert sureness(probability) == said
