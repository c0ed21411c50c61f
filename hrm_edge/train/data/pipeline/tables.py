"""A table of a TOML file, every value checked where it is read, and unknown keys refused with the known ones."""

import math
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from hrm_edge.errors import DataError


class Table:
    """One table: read each key by a method, then call `finish`.

    Every method raises DataError that names file, table and key, what stands there and what should.
    """

    def __init__(self, values: Mapping[str, Any], place: str) -> None:
        self._values = values
        self._place = place
        self._known: list[str] = []

    def text(self, name: str, default: str | None = None) -> str | None:
        """A text that is not empty."""
        value = self._take(name)
        if value is None:
            return default
        if not isinstance(value, str) or not value.strip():
            raise self._wrong(name, "a text")
        return value

    def whole(self, name: str, default: int | None, *, least: int, most: int = 2**53) -> int | None:
        """A whole number from `least` to `most`."""
        value = self._take(name)
        if value is None:
            return default
        if type(value) is not int or not least <= value <= most:
            raise self._wrong(name, f"a whole number from {least:,} to {most:,}")
        return value

    def number(self, name: str, default: float, *, most: float = math.inf) -> float:
        """A finite number from 0 to `most`."""
        value = self._take(name)
        if value is None:
            return default
        if type(value) not in (int, float) or not 0 <= value <= most or math.isinf(value):
            raise self._wrong(name, "a number from 0 up" if math.isinf(most) else f"a number from 0 to {most:g}")
        return float(value)

    def truth(self, name: str, default: bool) -> bool:
        """true or false."""
        value = self._take(name)
        if value is None:
            return default
        if not isinstance(value, bool):
            raise self._wrong(name, "true or false")
        return value

    def texts(self, name: str) -> tuple[str, ...]:
        """A list of texts; empty where the key is absent."""
        value = self._take(name)
        if value is None:
            return ()
        if not isinstance(value, list) or not all(isinstance(item, str) and item.strip() for item in value):
            raise self._wrong(name, "a list of texts")
        return tuple(value)

    def shares(self, name: str) -> tuple[float, ...]:
        """A list of numbers between 0 and 1, each larger than the one before; empty where the key is absent."""
        value = self._take(name)
        if value is None:
            return ()
        fits = isinstance(value, list) and all(type(item) in (int, float) and 0 < item < 1 for item in value)
        if not fits or list(value) != sorted(set(value)):
            raise self._wrong(name, "a list of rising numbers between 0 and 1")
        return tuple(map(float, value))

    def choice(self, name: str, default: str, choices: Sequence[str]) -> str:
        """One of a few words."""
        value = self._take(name)
        if value is None:
            return default
        if value not in choices:
            raise self._wrong(name, f"one of {', '.join(choices)}")
        return str(value)

    def day(self, name: str) -> date | None:
        """A date as TOML writes it, 2023-05-01."""
        value = self._take(name)
        if value is None:
            return None
        if not isinstance(value, date) or isinstance(value, datetime):
            raise self._wrong(name, "a date without quotes, 2023-05-01")
        return value

    def mapping(self, name: str) -> Mapping[str, Any]:
        """A table below this one, as it is; empty where it is absent."""
        value = self._take(name)
        if value is None:
            return {}
        if not isinstance(value, dict):
            raise self._wrong(name, "a table")
        return value

    def table(self, name: str) -> "Table":
        """A table below this one; empty where it is absent."""
        return Table(self.mapping(name), f"{self._place} [{name}]")

    def weights(self, name: str, choices: Sequence[str]) -> dict[str, float]:
        """A table of name → number from 0 up, whose names are among `choices`."""
        below = self.table(name)
        found = {choice: below.number(choice, -1.0) for choice in choices}
        below.finish()
        return {choice: weight for choice, weight in found.items() if weight >= 0}

    def finish(self) -> None:
        """Raise DataError if a key has not been asked for."""
        unknown = [name for name in self._values if name not in self._known]
        if unknown:
            raise DataError(f"{self._place}: {unknown[0]!r} is no key of it: known ones are {', '.join(self._known)}")

    def _take(self, name: str) -> Any:
        self._known.append(name)
        return self._values.get(name)

    def _wrong(self, name: str, wanted: str) -> DataError:
        return DataError(f"{self._place}: {name} is {self._values[name]!r:.80}; it must be {wanted}")
