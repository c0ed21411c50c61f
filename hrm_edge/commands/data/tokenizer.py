"""`hrm-edge data tokenizer`: the byte-level BPE that fits a build's texts."""

from pathlib import Path
from typing import Annotated

import typer

from hrm_edge.commands.terminal import print_file


def tokenizer(
    directory: Annotated[Path, typer.Argument(metavar="DIR", help="A directory that `hrm-edge data build` made.")],
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="As in tokenizer.json.")],
    vocabulary: Annotated[
        int, typer.Option("--vocabulary", metavar="N", min=300, max=2**20, help="Tokens, special ones included.")
    ] = 8192,
) -> None:
    """Train a tokenizer on the texts of a build; name it in the recipe as `tokenizer`, and build again.

    A build of a few million tokens is enough. A tokenizer that knows the languages of a recipe makes its texts a sixth
    shorter than one of shell commands does.

    Example:

      hrm-edge data tokenizer runs/data/nano --out tokenizer.json
    """
    from hrm_edge.files import whole_file
    from hrm_edge.train.data.pipeline.shards import open_shards
    from hrm_edge.train.tokenizer_training import texts_of, train_tokenizer

    trained = train_tokenizer(texts_of(open_shards(directory)), vocabulary)
    with whole_file(out) as part:
        part.write_text(trained.to_json(), encoding="utf-8")
    print_file(out)
