"""Prompt lookup: what an answer copies is guessed from its prompt, and the model checks several tokens in one pass.

Where the last tokens stood before, what followed them then is likely to follow now; an edit or a repair repeats most
of its prompt. The guess never decides anything: the tokens it holds are read together, each is kept only if the
model chooses it, and the rest is taken back. (Saxena 2023, https://github.com/apoorvumang/prompt-lookup-decoding; the
check of guesses is that of Leviathan et al. 2022, https://arxiv.org/abs/2211.17192, for a draft without a model of
its own.)

How long a guess may be is learned while the answer is written. After every token it is known whether the earlier
occurrence would have been right, whether it was used or not, so the share of right guesses is counted for each length
of the match, at no cost: text without repetition is never guessed at, and a copy is guessed in long pieces.
"""

from collections.abc import Sequence

from hrm_edge.runtimes.suffix_index import SuffixIndex

LONGEST_DRAFT = 24
"""Tokens guessed at once."""
LONGEST_COUNTED = 8
"""Matches of this length and longer are counted together."""


class PromptLookup:
    """Guesses of what comes next in one answer, from its prompt and itself."""

    def __init__(self, prompt_ids: Sequence[int]) -> None:
        self._index = SuffixIndex(prompt_ids)
        # A match of m tokens starts as one that was right m times in m + 2.
        self._right = [float(length) for length in range(LONGEST_COUNTED + 1)]
        self._seen = [float(length + 2) for length in range(LONGEST_COUNTED + 1)]

    def append(self, token_id: int) -> None:
        """The answer is one token longer."""
        length, end = self._index.repeated_suffix
        if length:
            counted = min(length, LONGEST_COUNTED)
            self._seen[counted] += 1
            self._right[counted] += self._index.tokens[end] == token_id
        self._index.append(token_id)

    def draft(self, longest: int, worthwhile: float) -> list[int]:
        """At most `longest` tokens, each of which is right with a chance of at least `worthwhile`, all before it too.

        The end may overlap its earlier occurrence: what repeats is then copied round and round.
        """
        length, end = self._index.repeated_suffix
        if not length:
            return []
        text, found, chance = self._index.tokens, list[int](), 1.0
        for place in range(end, end + min(longest, LONGEST_DRAFT)):
            counted = min(length + len(found), LONGEST_COUNTED)
            chance *= self._right[counted] / self._seen[counted]
            if chance < worthwhile:
                break
            found.append(text[place] if place < len(text) else found[place - len(text)])
        return found


def worthwhile_chance(token_cost: float, answers: int) -> float:
    """How likely a guessed token must be to save time where `answers` are decoded together.

    A pass over n tokens takes 1 + `token_cost`·(n − 1) times what a pass over one takes (measured by
    benchmarks/decoding.py). One more guessed token adds `token_cost` to a pass; if it is right it saves its answer a
    place in a later pass, which costs its share 1/`answers` of that pass.
    """
    share_of_pass = (1 + token_cost * (answers - 1)) / answers
    return min(1.0, token_cost / share_of_pass)
