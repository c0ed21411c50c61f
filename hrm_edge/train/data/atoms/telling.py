"""Domains that draw few and telling values (short, repetitive) and take any computed value of a wider kind.

A palindrome is not met among random words, so its atom draws from a list; yet it may be asked of any text. Only for
atoms whose function, reference and words are right for the whole wider kind.
"""

import random
import string
from dataclasses import dataclass
from typing import Any

from hrm_edge.train.data.atoms.domains import Domain, ListOf, Text, Whole


@dataclass(frozen=True)
class Telling:
    """Draws from one domain; takes what another admits."""

    drawn: Domain
    admitted: Domain

    def draw(self, rng: random.Random) -> Any:
        """As the narrow domain."""
        return self.drawn.draw(rng)

    def edges(self) -> list[Any]:
        """As the narrow domain."""
        return self.drawn.edges()

    def admits(self, value: Any) -> bool:
        """As either."""
        return self.drawn.admits(value) or self.admitted.admits(value)


_ANY_TEXT = Text(string.ascii_letters + string.digits + string.punctuation + " ", 0, 30)
_ANY_NUMBERS = ListOf(Whole(-20, 30), 0, 6)
_ANY_COUNTS = ListOf(Whole(0, 30), 0, 6)


def any_text(drawn: Domain) -> Telling:
    """Texts of printable ASCII characters."""
    return Telling(drawn, _ANY_TEXT)


def any_words(drawn: Domain) -> Telling:
    """Lists of texts."""
    return Telling(drawn, ListOf(_ANY_TEXT, 0, 6))


def any_numbers(drawn: Domain) -> Telling:
    """Lists of whole numbers of either sign."""
    return Telling(drawn, _ANY_NUMBERS)


def any_counts(drawn: Domain) -> Telling:
    """Lists of whole numbers none of which is negative."""
    return Telling(drawn, _ANY_COUNTS)


def any_ascending(drawn: Domain) -> Telling:
    """Ascending lists of whole numbers."""
    return Telling(drawn, ListOf(Whole(-20, 30), 0, 6, ascending=True))
