"""A recipe: which data, in which shares and order, filtered how. One TOML file, checked whole before anything is read.

    name = "example"
    seed = 1
    longest = 1024                   # tokens of a packed row; a longer example is dropped, and counted
    shards = 8                       # files, each made from (seed, number) alone
    tokens = 2_000_000               # of all shards together; without it: everything the sources have
    contests_before = 2023-05-01     # examples of contests on that day or later are dropped

    [sources.curriculum]
    weight = 4                       # share of the tokens, relative to the other sources
    options = { last = 20_000 }      # the source's own

    [sources.tldr]
    weight = 1
    examples = 5_000                 # at most; without it as many as the weight asks for
    paths = ["tldr.jsonl.gz"]        # relative to the data directory; without it the names the source looks for

    [tasks]                          # within each source; 1 where not named, 0 leaves a task out
    generation = 3
    [languages]                      # within each task
    python = 2

    [order]
    kind = "exponential"             # none, linear, exponential or staged
    [decontamination]
    evaluation = ["humaneval"]       # files, or directories of files

docs/data.md describes every key. Weights are shares of *tokens*: an MBPP answer is eight commands long.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Literal, get_args

from hrm_edge.errors import DataError
from hrm_edge.languages import LANGUAGES
from hrm_edge.train.data.example import Task
from hrm_edge.train.data.pipeline.tables import Table

OrderKind = Literal["none", "linear", "exponential", "staged"]
DEFAULT_STEPS = {"none": 1, "linear": 16, "exponential": 5, "staged": 1}
SMALLEST_ROW, LARGEST_ROW = 16, 32_768
MOST_SHARDS = 100_000
MOST_NEIGHBOURS = 3
COMMON_IN = 4
RECIPES = Path(__file__).parents[1] / "recipes"
PROSE = "text"


@dataclass(frozen=True, kw_only=True)
class SourceShare:
    """One source of a recipe."""

    name: str
    weight: float = 1.0
    examples: int | None = None
    """At most so many of it, over all shards."""
    paths: tuple[str, ...] = ()
    """As written: relative to the data directory."""
    options: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Order:
    """How difficulty rises (pipeline/order.py)."""

    kind: OrderKind = "none"
    steps: int = 1
    """Of linear and exponential."""
    stages: tuple[float, ...] = ()
    """Of staged: the difficulty at which each next stage begins."""


@dataclass(frozen=True, kw_only=True)
class Decontamination:
    """Which evaluation sets training examples may not overlap (pipeline/decontamination.py)."""

    evaluation: tuple[str, ...] = ()
    """Files or directories, as written; `builtin` is the suite that comes with hrm-edge."""
    polyglot: tuple[str, ...] = ()
    """Checkouts of exercises, as written."""
    common_in: int = COMMON_IN
    """A 13-gram in more problems of one file than this is boilerplate and drops nothing."""


@dataclass(frozen=True, kw_only=True)
class NeighbourSettings:
    """How often retrieved examples stand before a request (pipeline/neighbours.py)."""

    share: float = 0.0
    """Of the examples."""
    most: int = MOST_NEIGHBOURS
    index: str | None = None
    """Path of the local index, as written."""


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """A whole recipe, all values checked."""

    name: str
    seed: int
    longest: int
    shards: int
    tokens: int | None
    sources: tuple[SourceShare, ...]
    """Empty: every source that is used by default."""
    tasks: Mapping[str, float]
    languages: Mapping[str, float]
    order: Order
    deduplicate: bool
    contests_before: date | None
    decontamination: Decontamination | None
    """None where it is off."""
    neighbours: NeighbourSettings
    tokenizer: str | None
    """A tokenizer.json or a checkpoint, as written; None: the embedded model's."""
    delexicalize: bool
    """Whether names are taken out of requests and answers (hrm_edge.delexicalization)."""
    base: Path
    """The directory that relative paths start from."""
    written: Mapping[str, Any]
    """The file as it was read: what two builds must agree on."""

    def path(self, written: str) -> Path:
        """A path of the recipe on this machine."""
        return self.base / Path(written).expanduser()


def read_recipe(path: Path, *, data: Path | None = None) -> Recipe:
    """The recipe of a TOML file, or of a name that comes with hrm-edge (`small`).

    Args:
        path: the file, or such a name.
        data: the directory of data sets; it goes before the recipe's own `data`.

    Raises:
        DataError: it is not there, no TOML, or a key or value is not what it must be.
    """
    file = path if path.is_file() or path.suffix else RECIPES / f"{path.name}.toml"
    try:
        written = tomllib.loads(file.read_bytes().decode("utf-8"))
    except FileNotFoundError:
        known = ", ".join(sorted(found.stem for found in RECIPES.glob("*.toml")))
        raise DataError(f"{path} is not there: give a recipe in TOML, or one that comes along: {known}") from None
    except OSError as error:
        raise DataError(f"{path} cannot be read ({error.strerror}): check the path") from error
    except (ValueError, RecursionError) as error:
        raise DataError(f"{path} is no TOML ({error}): repair that line") from error
    return parse_recipe(written, str(path), file.parent, data)


def parse_recipe(written: Mapping[str, Any], place: str, folder: Path, data: Path | None) -> Recipe:
    """The recipe that a TOML file says; `folder` is where the file lies. Errors as read_recipe."""
    table = Table(written, place)
    name = table.text("name", Path(place).stem)
    own_data = table.text("data")
    base = data if data is not None else folder / Path(own_data).expanduser() if own_data else folder
    seed = table.whole("seed", 0, least=0)
    longest = table.whole("longest", 1024, least=SMALLEST_ROW, most=LARGEST_ROW)
    shards = table.whole("shards", 8, least=1, most=MOST_SHARDS)
    assert name and seed is not None and longest and shards  # they have defaults
    recipe = Recipe(
        name=name,
        seed=seed,
        longest=longest,
        shards=shards,
        tokens=table.whole("tokens", None, least=1),
        sources=_sources(table.mapping("sources"), place),
        tasks=table.weights("tasks", tuple(Task)),
        languages=table.weights("languages", (*LANGUAGES, PROSE)),
        order=_order(table.table("order"), place),
        deduplicate=table.truth("deduplicate", True),
        contests_before=table.day("contests_before"),
        decontamination=_decontamination(table.table("decontamination")),
        neighbours=_neighbours(table.table("neighbours"), place),
        tokenizer=table.text("tokenizer"),
        delexicalize=table.truth("delexicalize", False),
        base=base,
        written=written,
    )
    table.finish()
    if recipe.sources and not any(share.weight for share in recipe.sources):
        raise DataError(f"{place}: every source has weight 0, so nothing would be drawn: give one a weight above 0")
    return recipe


def _sources(tables: Mapping[str, Any], place: str) -> tuple[SourceShare, ...]:
    every = Table(tables, f"{place} [sources]")
    shares = []
    for name in tables:
        table = every.table(name)
        shares.append(
            SourceShare(
                name=name,
                weight=table.number("weight", 1.0),
                examples=table.whole("examples", None, least=1),
                paths=table.texts("paths"),
                options=table.mapping("options"),
            )
        )
        table.finish()
    return tuple(shares)


def _order(table: Table, place: str) -> Order:
    kind = table.choice("kind", "none", get_args(OrderKind))
    steps = table.whole("steps", DEFAULT_STEPS[kind], least=1, most=64)
    stages = table.shares("stages")
    table.finish()
    if kind == "staged" and not stages:
        raise DataError(f"{place} [order]: kind is staged, which needs stages, as stages = [0.3, 0.6]")
    if kind != "staged" and stages:
        raise DataError(f"{place} [order]: stages are of kind staged, and kind is {kind}: leave one of them out")
    assert steps is not None
    return Order(kind=kind, steps=steps, stages=stages)  # type: ignore[arg-type]


def _decontamination(table: Table) -> Decontamination | None:
    on = table.truth("on", True)
    common_in = table.whole("common_in", COMMON_IN, least=1)
    assert common_in is not None
    found = Decontamination(evaluation=table.texts("evaluation"), polyglot=table.texts("polyglot"), common_in=common_in)
    table.finish()
    return found if on and (found.evaluation or found.polyglot) else None


def _neighbours(table: Table, place: str) -> NeighbourSettings:
    most = table.whole("most", MOST_NEIGHBOURS, least=1, most=MOST_NEIGHBOURS)
    assert most is not None
    found = NeighbourSettings(share=table.number("share", 0.0, most=1.0), most=most, index=table.text("index"))
    table.finish()
    if found.share and found.index is None:
        raise DataError(f"{place} [neighbours]: share is {found.share:g} and there is no index: name the local index")
    return found
