"""Every source of real data by name, and how a recipe sets a source's options."""

from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any

from hrm_edge.errors import DataError
from hrm_edge.train.data.scenarios.curriculum_source import Curriculum
from hrm_edge.train.data.sources.canonical import CanonicalData
from hrm_edge.train.data.sources.conala import Conala
from hrm_edge.train.data.sources.contests import Contests
from hrm_edge.train.data.sources.exercism import Exercism
from hrm_edge.train.data.sources.finds import Finds
from hrm_edge.train.data.sources.gsm8k import Gsm8k
from hrm_edge.train.data.sources.mbpp import Mbpp
from hrm_edge.train.data.sources.own import Own
from hrm_edge.train.data.sources.puzzles import Puzzles
from hrm_edge.train.data.sources.recipes import Recipes
from hrm_edge.train.data.sources.shell import CheatSheets, Nl2Bash, Tldr
from hrm_edge.train.data.sources.source import SourceKind
from hrm_edge.train.data.tools.source import ToolUse

SOURCES: Mapping[str, SourceKind] = {
    kind.name: kind
    for kind in (
        Curriculum(),
        Mbpp(),
        Puzzles(),
        Gsm8k(),
        Contests(),
        CanonicalData(),
        Exercism(),
        Tldr(),
        Nl2Bash(),
        CheatSheets(),
        Recipes(),
        Finds(),
        Conala(),
        ToolUse(),
        Own(),
    )
}
"""With their default options."""


def source(name: str, options: Mapping[str, Any] | None = None) -> SourceKind:
    """The source of that name with options of a recipe.

    Raises:
        DataError: no source has that name, it has no such option, or an option has a value of another type.
    """
    if name not in SOURCES:
        raise DataError(f"source {name!r} is not known: choose of {', '.join(SOURCES)}")
    return with_options(SOURCES[name], options or {})


def with_options(kind: SourceKind, options: Mapping[str, Any]) -> SourceKind:
    """The source with some options changed. A list of a recipe file stands for a tuple.

    Raises:
        DataError: the source has no such option, or the value is of another type than the default.
    """
    known = {option.name: getattr(kind, option.name) for option in fields(kind)}  # type: ignore[arg-type]
    values: dict[str, Any] = {}
    for name, value in options.items():
        if name not in known:
            has = f"its options are {', '.join(known)}" if known else "it has no options"
            raise DataError(f"source {kind.name!r} has no option {name!r}: {has}")
        values[name] = tuple(value) if isinstance(value, list) else value
        default = known[name]
        if default is not None and value is not None and type(values[name]) is not type(default):
            wanted = "list" if isinstance(default, tuple) else type(default).__name__
            raise DataError(f"source {kind.name!r}, option {name!r} is {value!r:.80}: it takes a {wanted}")
    return replace(kind, **values)  # type: ignore[type-var]
