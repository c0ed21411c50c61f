"""Which problems of a suite are taken: by language, contest date, platform, difficulty, release, and the first N."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from hrm_edge.errors import DataError
from hrm_edge.languages import language
from hrm_edge.problems.problem import Problem


@dataclass(frozen=True, kw_only=True)
class Release:
    """A release of LiveCodeBench: all problems of contests up to a day, from May 2023 on."""

    until: date
    """Inclusive."""
    problems: int
    """How many the official data set has up to here."""


_LISTED = 7
"""Values in a message; of more, the first and the last."""
FIRST_CONTEST = date(2023, 5, 1)
RELEASES: Mapping[str, Release] = {
    "v1": Release(until=date(2024, 3, 31), problems=400),
    "v2": Release(until=date(2024, 5, 31), problems=511),
    "v3": Release(until=date(2024, 7, 31), problems=612),
    "v4": Release(until=date(2024, 9, 30), problems=713),
    "v5": Release(until=date(2025, 1, 31), problems=880),
    "v6": Release(until=date(2025, 4, 30), problems=1055),
}
"""Cumulative, as the data set's card has it (huggingface.co/datasets/livecodebench/code_generation_lite)."""


class NothingLeftError(DataError):
    """Filters that no problem passes."""


@dataclass(kw_only=True)
class _Stage:
    """One filter at work, and what it met: what to say where it keeps nothing."""

    option: str
    """As the user wrote it."""
    keeps: Callable[[Problem], bool]
    met: int = 0
    kept: int = 0
    values: set[str] = field(default_factory=set)

    def passes(self, problem: Problem) -> bool:
        """Whether the filter keeps a problem."""
        self.met += 1
        if not self.keeps(problem):
            value = _value(problem, self.option.split(" ", 1)[0])
            self.values.update(() if value is None else (value,))
            return False
        self.kept += 1
        return True

    def choices(self) -> str:
        """What the filter could have been, from the problems it took out."""
        if not self.values:
            return "they do not say theirs"
        values = sorted(self.values)
        return f"they have {', '.join(values) if len(values) <= _LISTED else f'{values[0]} to {values[-1]}'}"


def _value(problem: Problem, option: str) -> str | None:
    match option:
        case "--language":
            return problem.language
        case "--platform":
            return problem.platform
        case "--difficulty":
            return problem.difficulty
    return None if problem.contest_date is None else problem.contest_date.isoformat()


@dataclass(frozen=True, kw_only=True)
class Filters:
    """What to keep. A problem that does not say its date, platform or difficulty is not kept by such a filter."""

    languages: tuple[str, ...] = ()
    """Names or aliases of languages.LANGUAGES; empty: all."""
    since: date | None = None
    """First contest day, inclusive."""
    until: date | None = None
    """Last contest day, inclusive."""
    platforms: tuple[str, ...] = ()
    difficulties: tuple[str, ...] = ()
    release: str | None = None
    """A name of RELEASES, with or without the official `release_` before it."""
    limit: int | None = None
    """The first so many of those that are left, in the order of the data set."""

    def __post_init__(self) -> None:
        if self.release is not None and self.release_name not in RELEASES:
            raise DataError(f"release {self.release!r} of LiveCodeBench is not known: choose of {', '.join(RELEASES)}")
        if self.since is not None and self.until is not None and self.since > self.until:
            raise DataError(f"--since {self.since} is after --until {self.until}: no contest is in between")
        if self.limit is not None and self.limit < 1:
            raise DataError(f"--limit {self.limit}: at least 1 problem must be taken")

    @property
    def release_name(self) -> str:
        """`v3`; empty without a release."""
        return "" if self.release is None else self.release.removeprefix("release_")

    def apply(self, problems: Iterable[Problem], suite: str) -> list[Problem]:
        """The problems to take. They are read one by one, and no further than the limit.

        Raises:
            NothingLeftError: there are none; the message names the filter that took the last ones out.
        """
        stages = [_Stage(option=option, keeps=keeps) for option, keeps in self._tests()]
        taken: list[Problem] = []
        read = 0
        for problem in problems:
            read += 1
            if all(stage.passes(problem) for stage in stages):
                taken.append(problem)
                if len(taken) == self.limit:
                    break
        if not taken:
            emptied = next((stage for stage in stages if not stage.kept), None)
            raise NothingLeftError(
                f"suite {suite}: its data holds no problems"
                if emptied is None or not read
                else f"suite {suite}: {emptied.option} leaves none of {emptied.met} problems; {emptied.choices()}"
            )
        return taken

    def _tests(self) -> Iterable[tuple[str, Callable[[Problem], bool]]]:
        """(as the user wrote it, what it keeps) of each filter that is set."""
        if self.languages:
            names = {language(name).name for name in self.languages}
            yield f"--language {','.join(self.languages)}", lambda problem: problem.language in names
        if self.platforms:
            yield f"--platform {','.join(self.platforms)}", lambda problem: problem.platform in self.platforms
        if self.difficulties:
            yield f"--difficulty {','.join(self.difficulties)}", lambda problem: problem.difficulty in self.difficulties
        if self.release is not None:
            window = (FIRST_CONTEST, RELEASES[self.release_name].until)
            yield f"--release {self.release}", lambda problem: _within(problem.contest_date, *window)
        if self.since is not None or self.until is not None:
            bounds = (self.since or date.min, self.until or date.max)
            option = " ".join(
                f"{name} {day}" for name, day in (("--since", self.since), ("--until", self.until)) if day is not None
            )
            yield option, lambda problem: _within(problem.contest_date, *bounds)


def _within(day: date | None, first: date, last: date) -> bool:
    return day is not None and first <= day <= last
