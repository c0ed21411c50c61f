"""Where arguments come from: small sets of values, drawn at random, with the edges that tests should not miss."""

import random
import string
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Protocol

LARGEST_ITEM = 10_000
MOST_CHARACTERS = 80


class Domain(Protocol):
    """Values of one parameter."""

    def draw(self, rng: random.Random) -> Any:
        """One value; a new object each time."""
        ...

    def edges(self) -> list[Any]:
        """Values at the border: the smallest, the empty."""
        ...

    def admits(self, value: Any) -> bool:
        """Whether a value that was computed elsewhere may stand here, inside a list of its kind or alone."""
        ...


@dataclass(frozen=True)
class Whole:
    """Whole numbers, both ends included."""

    least: int
    most: int

    def draw(self, rng: random.Random) -> int:
        """Uniform."""
        return rng.randint(self.least, self.most)

    def edges(self) -> list[Any]:
        """Both ends."""
        return [self.least, self.most]

    def admits(self, value: Any) -> bool:
        """Between the ends."""
        return type(value) is int and self.least <= value <= self.most

    def admits_item(self, value: Any) -> bool:
        """In a list, larger numbers do no harm where the domain is not one of digits; signs do."""
        if self.most <= 10:
            return self.admits(value)
        return type(value) is int and abs(value) <= LARGEST_ITEM and (self.least < 0 or value >= self.least)


@dataclass(frozen=True)
class Quarters:
    """Floats that are multiples of a quarter: their sums and products are exact in every language."""

    least: int
    most: int

    def draw(self, rng: random.Random) -> float:
        """Uniform."""
        return rng.randint(4 * self.least, 4 * self.most) / 4

    def edges(self) -> list[Any]:
        """Both ends."""
        return [float(self.least), float(self.most)]

    def admits(self, value: Any) -> bool:
        """Multiples of a quarter, a little beyond the ends where the sign allows it."""
        return (
            type(value) is float
            and (4 * value).is_integer()
            and abs(value) <= 10 * max(abs(self.least), abs(self.most))
            and (self.least < 0 or value >= self.least)
        )


@dataclass(frozen=True)
class Truth:
    """True and false."""

    def draw(self, rng: random.Random) -> bool:
        """A coin."""
        return rng.random() < 0.5

    def edges(self) -> list[Any]:
        """Both."""
        return [False, True]

    def admits(self, value: Any) -> bool:
        """A truth value."""
        return type(value) is bool


@dataclass(frozen=True)
class OneOf:
    """One of some values."""

    values: tuple[Any, ...]

    def draw(self, rng: random.Random) -> Any:
        """Uniform."""
        return rng.choice(self.values)

    def edges(self) -> list[Any]:
        """The first."""
        return [self.values[0]]

    def admits(self, value: Any) -> bool:
        """One of them."""
        return value in self.values


@dataclass(frozen=True)
class Text:
    """Texts of the characters given."""

    alphabet: str = string.ascii_lowercase
    shortest: int = 0
    longest: int = 10

    def draw(self, rng: random.Random) -> str:
        """A length, then characters."""
        return "".join(rng.choices(self.alphabet, k=rng.randint(self.shortest, self.longest)))

    def edges(self) -> list[Any]:
        """The shortest."""
        return [self.alphabet[0] * self.shortest]

    def admits(self, value: Any) -> bool:
        """Of the same characters, up to twice as long."""
        return (
            type(value) is str and self.shortest <= len(value) <= 2 * self.longest and set(value) <= set(self.alphabet)
        )


WORDS = (
    *("apple", "banana", "cherry", "date", "fig", "grape", "lemon", "mango", "olive", "peach", "pear", "plum"),
    *("ant", "bear", "cat", "deer", "eagle", "fox", "goat", "heron", "ibis", "koala", "level", "noon", "radar"),
    *("red", "green", "blue", "stone", "river", "cloud", "stats", "book", "letter", "coffee", "balloon", "tree"),
)


@dataclass(frozen=True)
class Sentence:
    """Common words with single blanks between them."""

    fewest: int = 0
    most: int = 6
    capitals: bool = False

    def draw(self, rng: random.Random) -> str:
        """Words, some of them capitalised where that is asked for."""
        words = rng.choices(WORDS, k=rng.randint(self.fewest, self.most))
        if self.capitals:
            words = [word.capitalize() if rng.random() < 0.4 else word for word in words]
        return " ".join(words)

    def edges(self) -> list[Any]:
        """The fewest words."""
        return [" ".join(WORDS[: self.fewest])]

    def admits(self, value: Any) -> bool:
        """Words of letters with single blanks between them."""
        if type(value) is not str or len(value) > MOST_CHARACTERS:
            return False
        words = value.split(" ") if value else []
        letters = all(word.isalpha() and (self.capitals or word.islower()) for word in words)
        return letters and self.fewest <= len(words) <= 2 * self.most


@dataclass(frozen=True)
class ListOf:
    """Lists of another domain's values."""

    item: Domain
    shortest: int = 0
    longest: int = 8
    distinct: bool = False
    ascending: bool = False

    def draw(self, rng: random.Random) -> list[Any]:
        """A length, then items; distinct ones may be fewer."""
        items = [self.item.draw(rng) for _ in range(rng.randint(self.shortest, self.longest))]
        if self.distinct:
            kept = list(dict.fromkeys(items))
            while len(kept) < self.shortest:
                kept = list(dict.fromkeys([*kept, self.item.draw(rng)]))
            items = kept
        return sorted(items) if self.ascending else items

    def edges(self) -> list[Any]:
        """The shortest, and equal items where they may be."""
        edge = self.item.edges()[0]
        if self.distinct:
            return [[]] if self.shortest == 0 else []
        return [[edge] * self.shortest, [edge] * max(self.shortest, 2)]

    def admits(self, value: Any) -> bool:
        """Items that may stand in a list of this kind, in its order."""
        most = 3 * self.longest if self.shortest < self.longest else self.longest
        if type(value) is not list or not self.shortest <= len(value) <= most:
            return False
        if self.ascending and any(first > second for first, second in pairwise(value)):
            return False
        if self.distinct and any(item in value[:place] for place, item in enumerate(value)):
            return False
        admits = self.item.admits_item if isinstance(self.item, Whole) else self.item.admits
        return all(map(admits, value))


@dataclass(frozen=True)
class GridOf:
    """Rectangular lists of lists."""

    item: Domain
    rows: tuple[int, int] = (1, 4)
    columns: tuple[int, int] = (1, 4)
    square: bool = False

    def draw(self, rng: random.Random) -> list[list[Any]]:
        """A size, then items."""
        rows = rng.randint(*self.rows)
        columns = rows if self.square else rng.randint(*self.columns)
        return [[self.item.draw(rng) for _ in range(columns)] for _ in range(rows)]

    def edges(self) -> list[Any]:
        """The smallest."""
        columns = self.rows[0] if self.square else self.columns[0]
        return [[[self.item.edges()[0]] * columns for _ in range(self.rows[0])]]

    def admits(self, value: Any) -> bool:
        """Rectangular, square where that is asked for, of admitted items."""
        if type(value) is not list or not value or any(type(row) is not list for row in value):
            return False
        rows, columns = len(value), len(value[0])
        if any(len(row) != columns for row in value) or (self.square and rows != columns):
            return False
        if not (self.rows[0] <= rows <= self.rows[1] and self.columns[0] <= columns <= self.columns[1]):
            return False
        admits = self.item.admits_item if isinstance(self.item, Whole) else self.item.admits
        return all(admits(item) for row in value for item in row)


@dataclass(frozen=True)
class MapOf:
    """Maps from one domain to another."""

    key: Domain
    value: Domain
    most: int = 5

    def draw(self, rng: random.Random) -> dict[Any, Any]:
        """Up to `most` entries."""
        return {self.key.draw(rng): self.value.draw(rng) for _ in range(rng.randint(0, self.most))}

    def edges(self) -> list[Any]:
        """The empty map."""
        return [{}]

    def admits(self, value: Any) -> bool:
        """Admitted keys and values."""
        return (
            type(value) is dict
            and len(value) <= 3 * self.most
            and all(self.key.admits(key) and self.value.admits(item) for key, item in value.items())
        )


@dataclass(frozen=True)
class Maybe:
    """Another domain's values, or None."""

    item: Domain

    def draw(self, rng: random.Random) -> Any:
        """None one time in four."""
        return None if rng.random() < 0.25 else self.item.draw(rng)

    def edges(self) -> list[Any]:
        """None."""
        return [None, *self.item.edges()]

    def admits(self, value: Any) -> bool:
        """None or an admitted value."""
        return value is None or self.item.admits(value)


@dataclass(frozen=True)
class Made:
    """Values of a function of the generator: structures such as trees and graphs."""

    make: Callable[[random.Random], Any]
    border: Sequence[Any] = ()

    def draw(self, rng: random.Random) -> Any:
        """What the function makes."""
        return self.make(rng)

    def edges(self) -> list[Any]:
        """The values given."""
        return list(self.border)

    def admits(self, value: Any) -> bool:  # noqa: ARG002 - what a structure must meet is known to its maker alone
        """Nothing that was not made for it."""
        return False
