"""The suites: `load_suite("humaneval", "HumanEval.jsonl.gz")` gives problems (hrm_edge.problems) of any of them.

What there is stands in hrm_edge.bench.suites.registry. A loader is imported when its suite is loaded.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from importlib import import_module
from pathlib import Path

from hrm_edge.bench.suites.filters import RELEASES, Filters, NothingLeftError
from hrm_edge.bench.suites.registry import ALL, OFFICIAL_RELEASE_FILES, SUITES, Suite, find_suite
from hrm_edge.bench.suites.source import Data, HubDataset, find_files, parse_data, read_hub_rows, read_rows
from hrm_edge.errors import DataError
from hrm_edge.problems.problem import Problem

__all__ = ["ALL", "SUITES", "Filters", "Suite", "find_suite", "load_suite", "notices", "suites_with_data"]


def load_suite(name: str, data: Path | str | None = None, filters: Filters | None = None) -> list[Problem]:
    """The problems of a suite, or with `all` of every suite whose data is found (the limit is of each suite then).

    Args:
        name: a name of SUITES, or `all`.
        data: a file, a directory, or `hf:OWNER/NAME[:CONFIG][@REVISION][#SPLIT]`.
        filters: which problems to keep; None: all.

    Raises:
        DataError: the suite is not known, its data is missing or damaged, or the filters leave nothing.
    """
    filters = filters or Filters()
    source = parse_data(data) if isinstance(data, str) else data
    if name == ALL:
        return _load_all(source, filters)
    suite = find_suite(name)
    problems, filters = _read(suite, source, filters)
    return filters.apply(_distinct(problems), name)


def suites_with_data(data: Path) -> tuple[str, ...]:
    """Names of `builtin` and of the suites whose files are in a directory."""
    return tuple(
        suite.name
        for suite in SUITES.values()
        if suite.needs == "nothing" or _data_files(suite, data, must_exist=False)
    )


def notices(problems: Sequence[Problem]) -> tuple[str, ...]:
    """What a reader of scores on these problems should know, a sentence each."""
    from hrm_edge.bench.suites.mbpp import is_training_row
    from hrm_edge.bench.suites.polyglot import PASS_UNTOUCHED

    said = []
    trained = sum(problem.suite.startswith("mbpp") and is_training_row(problem) for problem in problems)
    if trained:
        said.append(f"{trained} MBPP problems (1-10, 601-974) are training data of the embedded model.")
    untouched = [problem.id for problem in problems if problem.suite.startswith("polyglot")]
    untouched = [name for name in untouched if name in PASS_UNTOUCHED]
    if untouched:
        names = ", ".join(untouched)
        said.append(
            f"Files left as they are pass in {names}: they count, as in Aider, and the empty answer has them too."
        )
    return tuple(said)


def _load_all(data: Data | None, filters: Filters) -> list[Problem]:
    """Every suite that has data; one that the filters leave empty is left out, unless nothing is left at all."""
    if isinstance(data, HubDataset):
        raise DataError(f"hf:{data.name}: suite {ALL!r} needs a directory with the data of many suites")
    problems, empty = [], ""
    for name in ("builtin",) if data is None else suites_with_data(data):
        loaded, left_filters = _read(SUITES[name], data, filters)
        try:
            problems += left_filters.apply(_distinct(loaded), name)
        except NothingLeftError as error:
            empty = str(error)
    if not problems:
        raise NothingLeftError(empty)
    return problems


def _read(suite: Suite, data: Data | None, filters: Filters) -> tuple[Iterable[Problem], Filters]:
    """All problems of a suite, read as they are asked for, and the filters that are left to apply."""
    load = _loader(suite)
    if suite.needs == "nothing":
        return load(), filters
    if data is None:
        raise DataError(f"suite {suite.name} needs its data: give it with --data; {_where(suite)}")
    if isinstance(data, HubDataset):
        if suite.needs != "rows" or suite.beside:
            raise DataError(f"suite {suite.name} is not read from Hugging Face: {_where(suite)}")
        return load(read_hub_rows(data, suite.hub_split)), filters
    paths = _data_files(suite, data)
    if suite.needs == "directory":
        return load(data), filters
    if suite.needs == "file":
        return load(paths[0], suite.name), filters
    paths, filters = _official_release(paths, filters)
    return load(read_rows(paths)), filters


def _distinct(problems: Iterable[Problem]) -> Iterator[Problem]:
    """The problems as they come; samples are told apart by the id alone."""
    seen: set[str] = set()
    for problem in problems:
        if problem.id in seen:
            raise DataError(f"suite {problem.suite}: problem {problem.id} comes twice in its data: give it once")
        seen.add(problem.id)
        yield problem


def _data_files(suite: Suite, data: Path, *, must_exist: bool = True) -> list[Path]:
    """The files of a suite at a path, those beside included; with `must_exist` never none."""
    paths = find_files(data, suite.files, suite.folder)
    beside = find_files(data if data.is_dir() else data.parent, suite.beside, suite.folder) if suite.beside else []
    if paths and (beside or not suite.beside):
        return paths + [path for path in beside if path not in paths]
    if must_exist:
        raise DataError(f"{data} holds no data of suite {suite.name}: {_where(suite)}")
    return []


def _official_release(paths: list[Path], filters: Filters) -> tuple[list[Path], Filters]:
    """Of LiveCodeBench's own files those that make up the release, which says more than the dates do."""
    names = [path.name for path in paths]
    if not filters.release or "test.jsonl" not in names or not set(names) <= set(OFFICIAL_RELEASE_FILES):
        return paths, filters
    wanted = OFFICIAL_RELEASE_FILES[: list(RELEASES).index(filters.release_name) + 1]
    missing = [name for name in wanted if name not in names]
    if missing:
        raise DataError(f"{paths[0].parent}: release {filters.release} also needs {', '.join(missing)}: download them")
    return [path for path in paths if path.name in wanted], replace(filters, release=None)


def _where(suite: Suite) -> str:
    names = ", ".join(dict.fromkeys(name for entry in suite.files for name in entry[:1]))
    return f"it is looked for as {names}; published at {suite.published}"


def _loader(suite: Suite) -> Callable[..., Iterable[Problem]]:
    """The function that the registry names; what it takes is said by `suite.needs`."""
    module, _, function = suite.loader.partition(".")
    loader: Callable[..., Iterable[Problem]] = getattr(import_module(f"{__name__}.{module}"), function)
    return loader
