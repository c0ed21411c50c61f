"""How sure a model is of a command that nothing can check, in words.

A model's own probability of its whole answer tells right commands from wrong ones: of a right and a wrong one of the
embedded model's, the right one has the higher probability in 83 to 88 of 100 pairs (its card has the figures).
"""

UNSURE, GUESS = 0.5, 0.05
"""Probabilities. Below them the embedded model's commands are right word for word one time in six, and one in 76."""


def sureness(probability: float) -> str:
    """`the model gives it 74 %`, `the model is unsure (17 %)`, or `the model is guessing (3 %)`."""
    share = f"{probability:.0%}".replace("%", " %") if probability >= 0.01 else "under 1 %"
    if probability >= UNSURE:
        return f"the model gives it {share}"
    return f"the model is {'unsure' if probability >= GUESS else 'guessing'} ({share})"
