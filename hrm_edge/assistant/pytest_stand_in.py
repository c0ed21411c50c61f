"""The part of pytest that test files of one function use. Its text goes beside a given test file as `pytest.py`, into
the sandbox, where there is no pytest; so it imports the standard library alone.

`raises` (also with `match`), `approx`, `mark.parametrize`; other marks do nothing. Fixtures are left out.
"""

import re
from collections.abc import Callable, Iterable
from types import TracebackType
from typing import Any


class raises:  # noqa: N801 - pytest's name
    """A block that must raise."""

    def __init__(
        self, expected: type[BaseException] | tuple[type[BaseException], ...], match: str | None = None
    ) -> None:
        self.expected, self.match, self.value = expected, match, BaseException()

    def __enter__(self) -> "raises":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        if error is None:
            raise AssertionError(f"did not raise {self.expected}")
        if not isinstance(error, self.expected):
            return False
        self.value = error
        assert self.match is None or re.search(self.match, str(error)), f"{error} does not match {self.match}"
        return True


class approx:  # noqa: N801 - pytest's name
    """Numbers, alone or in lists, tuples and maps, that are equal but for rounding."""

    def __init__(self, expected: Any, rel: float = 1e-6, abs: float = 1e-12) -> None:
        self.expected, self.rel, self.abs = expected, rel, abs

    def __eq__(self, other: object) -> bool:
        return self._close(other, self.expected)

    def __repr__(self) -> str:
        return f"approximately {self.expected!r}"

    def _close(self, got: Any, expected: Any) -> bool:
        if isinstance(expected, dict):
            return got.keys() == expected.keys() and all(self._close(got[key], expected[key]) for key in expected)
        if isinstance(expected, list | tuple):
            return len(got) == len(expected) and all(map(self._close, got, expected))
        return bool(got == expected or abs(got - expected) <= max(self.rel * abs(expected), self.abs))


class _Marks:
    def parametrize(
        self, names: str | Iterable[str], cases: Iterable[Any], **_: Any
    ) -> Callable[[Callable[..., None]], Callable[..., None]]:
        """One test of all cases."""
        count = len(names.split(",")) if isinstance(names, str) else len(list(names))
        given = list(cases)

        def decorate(test: Callable[..., None]) -> Callable[..., None]:
            def test_all(*before: Any) -> None:
                for case in given:
                    test(*before, *(case if count > 1 else (case,)))

            return test_all

        return decorate

    def __getattr__(self, name: str) -> Callable[..., Any]:
        def mark(*given: Any, **_: Any) -> Any:
            return given[0] if len(given) == 1 and callable(given[0]) else lambda test: test

        return mark


mark = _Marks()


def fail(reason: str = "") -> None:
    """Fail the test."""
    raise AssertionError(reason)
