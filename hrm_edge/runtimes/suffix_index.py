"""Where the end of a growing text stood before: the longest suffix that occurs earlier, after every token.

A suffix automaton built token by token (Blumer et al. 1985, https://doi.org/10.1016/0304-3975(85)90157-4): a state is
a set of substrings that end in the same places, and its link leads to the longest suffix of them that ends in more.
The state of the whole text ends in one place only, so its link is the longest suffix that stood somewhere before.
A token costs constant time on average, whatever the length of the text; there are at most 2 states per token.
"""

from collections.abc import Iterable


class SuffixIndex:
    """Tokens, and the earlier occurrence of their end."""

    def __init__(self, tokens: Iterable[int] = ()) -> None:
        self.tokens: list[int] = []
        self._next: list[dict[int, int]] = [{}]
        self._link = [-1]
        self._length = [0]
        """Of the longest substring of each state."""
        self._end = [0]
        """Tokens up to the first place where each state's substrings end."""
        self._whole = 0
        for token in tokens:
            self.append(token)

    def append(self, token: int) -> None:
        """The text is one token longer."""
        self.tokens.append(token)
        new = self._add_state({}, self._length[self._whole] + 1, len(self.tokens))
        state = self._whole
        while state >= 0 and token not in self._next[state]:
            self._next[state][token] = new
            state = self._link[state]
        self._link[new] = 0 if state < 0 else self._suffix_state(state, token)
        self._whole = new

    @property
    def repeated_suffix(self) -> tuple[int, int]:
        """(length, end): the last `length` tokens also stand before `tokens[end]`, for the first time there.

        A length of 0 says that the last token is new.
        """
        state = max(0, self._link[self._whole])
        return self._length[state], self._end[state]

    def _suffix_state(self, state: int, token: int) -> int:
        """The state that ends with `state`'s longest substring and `token`, split off from longer ones if need be."""
        found = self._next[state][token]
        if self._length[found] == self._length[state] + 1:
            return found
        split = self._add_state(dict(self._next[found]), self._length[state] + 1, self._end[found])
        self._link[split] = self._link[found]
        self._link[found] = split
        while state >= 0 and self._next[state].get(token) == found:
            self._next[state][token] = split
            state = self._link[state]
        return split

    def _add_state(self, following: dict[int, int], length: int, end: int) -> int:
        self._next.append(following)
        self._link.append(0)
        self._length.append(length)
        self._end.append(end)
        return len(self._next) - 1
