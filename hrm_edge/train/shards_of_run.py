"""The shards of a training that was given a recipe or files instead: built once, in the run's own directory."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from hrm_edge.errors import DataError
from hrm_edge.machine import usable_cores
from hrm_edge.train.data.indexing.neighbours import open_neighbours
from hrm_edge.train.data.pipeline.build import OnState, build
from hrm_edge.train.data.pipeline.manifest import BUILD, read_layout
from hrm_edge.train.data.pipeline.recipe import SourceShare, read_recipe

OWN_WEIGHT = 1.0
"""Of the user's own lines beside a recipe's sources; there are rarely as many as that asks for, so all are used."""
SHARDS_NAME = "data"


def shards_of_run(
    recipe: str, data: Sequence[Path], out: Path, *, tokenizer: Path | None = None, on_state: OnState
) -> Path:
    """The directory of shards that `--recipe` and `--data` mean.

    Args:
        recipe: a recipe's file or name.
        data: one directory of shards, which is taken as it is; or one directory of data sets that the recipe's paths
            start from, and files of the user's own.
        out: the run's directory.
        tokenizer: a checkpoint whose tokenizer a recipe that names none is built with.
        on_state: told how far the build is.

    Raises:
        DataError: the recipe or the data cannot be read, or more than one directory was given.
    """
    directories = [path for path in data if path.is_dir()]
    if len(directories) > 1:
        raise DataError(f"--data names {len(directories)} directories: give one, of shards or of data sets")
    if directories and (directories[0] / BUILD).is_file():
        if len(data) > 1:
            raise DataError(f"{directories[0]} holds packed shards, which take no more files: leave the files out")
        return directories[0]
    read = read_recipe(Path(recipe), data=directories[0] if directories else None)
    files = tuple(str(path.absolute()) for path in data if not path.is_dir())
    for path in data:
        if not path.exists():
            raise DataError(f"{path} is not there: give the path of a data set in JSON lines, or a directory")
    if files:
        own = SourceShare(name="own", weight=OWN_WEIGHT, paths=files, options={})
        read = replace(read, sources=(*read.sources, own), written={**read.written, "own": list(files)})
    if tokenizer is not None and read.tokenizer is None:
        read = replace(read, tokenizer=str(tokenizer.absolute()))
    build(read, out / SHARDS_NAME, workers=usable_cores(), neighbours=open_neighbours(read), on_state=on_state)
    return out / SHARDS_NAME


def tokens_of_rows(recipe: str, data: Sequence[Path]) -> int:
    """The length of the rows that `shards_of_run` gives, before anything is built.

    Raises:
        DataError: the recipe or the shards cannot be read.
    """
    directory = next((path for path in data if path.is_dir()), None)
    if directory is not None and (directory / BUILD).is_file():
        _, layout, _ = read_layout(directory)
        return layout.longest
    return read_recipe(Path(recipe), data=directory).longest
