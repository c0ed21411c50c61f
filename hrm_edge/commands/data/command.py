"""`hrm-edge data`: from a recipe to shards, what is in them, and what they look like."""

import importlib.util
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from hrm_edge.commands.data import curriculum, distill, tokenizer
from hrm_edge.commands.terminal import print_json
from hrm_edge.errors import RuntimeUnavailableError

data = typer.Typer(
    name="data",
    help="The data a model is trained on: build it from a recipe, see what is in it.\n\n"
    "Example:\n\n  hrm-edge data build --recipe small --out runs/data/small",
    no_args_is_help=True,
    rich_markup_mode=None,
)

Directory = Annotated[Path, typer.Argument(metavar="DIR", help="A directory that `hrm-edge data build` made.")]
Json = Annotated[bool, typer.Option("--json", help="One JSON object on standard output.")]


@data.command()
def build(
    recipe: Annotated[
        Path, typer.Option("--recipe", metavar="FILE", help="A recipe in TOML, or `small` or `embedded`.")
    ],
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Where the shards go.")],
    data_sets: Annotated[
        Path | None,
        typer.Option("--data", metavar="DIR", help="The directory of data sets that the recipe's paths start from."),
    ] = None,
    workers: Annotated[
        int | None, typer.Option("--workers", metavar="N", min=1, help="Processes; by default one per usable core.")
    ] = None,
    shards: Annotated[
        str | None,
        typer.Option("--shards", metavar="A:B", help="Only these, B not included: several machines divide a recipe."),
    ] = None,
    json: Json = False,
) -> None:
    """Make the shards of a recipe: tokenized, packed, ordered, filtered, the same bytes whatever --workers is.

    Finished shards are kept, so that the same command goes on after Ctrl-C or a crash. docs/data.md describes recipes.

    Examples:

      hrm-edge data build --recipe small --out runs/data/small

      hrm-edge data build --recipe embedded --data data-sets --out runs/data/embedded --shards 0:64
    """
    _require_pyarrow()
    from hrm_edge.commands.data.report import build_progress, print_built, to_json
    from hrm_edge.machine import usable_cores
    from hrm_edge.train.data.indexing.neighbours import open_neighbours
    from hrm_edge.train.data.pipeline.build import build as run_build
    from hrm_edge.train.data.pipeline.recipe import read_recipe

    chosen = curriculum.number_range(shards, "--shards") if shards is not None else None
    read = read_recipe(recipe, data=data_sets)
    with build_progress() as on_state:
        result = run_build(
            read,
            out,
            workers=workers or usable_cores(),
            shards=chosen,
            neighbours=open_neighbours(read),
            on_state=on_state,
        )
    if json:
        print_json(to_json(result, out))
    else:
        print_built(result, read, out)


@data.command()
def stats(
    directory: Directory,
    json: Json = False,
    plot: Annotated[
        Path | None, typer.Option("--plot", metavar="FILE", help="Also draw the mix, as .svg or .png.")
    ] = None,
) -> None:
    """Say what is in a build: tokens, tasks, languages, sources, difficulty, length, and what was dropped and why.

    Every file is checked first, digests and numbers. Example:

      hrm-edge data stats runs/data/small --plot mix.svg
    """
    _require_pyarrow()
    from hrm_edge.commands.data.report import print_stats
    from hrm_edge.train.data.pipeline.shards import open_shards
    from hrm_edge.train.data.pipeline.stats import collect_stats
    from hrm_edge.train.data.pipeline.stats_plot import plot_stats, require_plot

    if plot is not None:
        require_plot(plot)
    found = collect_stats(open_shards(directory))
    if plot is not None:
        plot_stats(found, plot)
    if json:
        print_json(found.to_json())
    else:
        print_stats(found)


@data.command()
def sample(
    directory: Directory,
    count: Annotated[int, typer.Option("-n", "--count", metavar="N", min=1, help="How many.")] = 5,
    one_of_each: Annotated[
        bool, typer.Option("--one-of-each", help="Go through the tasks and languages in turn.")
    ] = False,
    seed: Annotated[int, typer.Option("--seed", metavar="N", min=0, help="Another seed draws others.")] = 0,
    json: Json = False,
) -> None:
    """Print random examples as they were built, as Markdown.

    Example:

      hrm-edge data sample runs/data/small -n 20 --one-of-each
    """
    _require_pyarrow()
    from hrm_edge.commands.data.report import print_samples
    from hrm_edge.train.data.pipeline.samples import draw_samples
    from hrm_edge.train.data.pipeline.shards import open_shards

    drawn = draw_samples(open_shards(directory), count, seed=seed, one_of_each=one_of_each)
    if json:
        print_json({"examples": [asdict(example) for example in drawn]})
    else:
        print_samples(drawn)


data.command()(curriculum.verify)
data.command()(curriculum.index)
data.command()(curriculum.find)
data.command()(tokenizer.tokenizer)
data.command()(distill.distill)


def _require_pyarrow() -> None:
    if importlib.util.find_spec("pyarrow") is None:
        raise RuntimeUnavailableError(
            'shards are Arrow files, and pyarrow is not installed: pip install "hrm-edge[train]"'
        )
