"""The tokenizer of a recipe, as the text of a tokenizer.json."""

from pathlib import Path

from hrm_edge.checkpoint.open import open_checkpoint
from hrm_edge.errors import DataError
from hrm_edge.models import embedded_model_path
from hrm_edge.tokenizer import Tokenizer
from hrm_edge.train.data.pipeline.recipe import Recipe

LARGEST_TOKENIZER_BYTES = 256 * 2**20


def open_tokenizer(recipe: Recipe) -> str:
    """A tokenizer.json, or a checkpoint's; without either the embedded model's.

    It has tokens for names where the recipe takes names out, and none where it does not: what the tokenizer has decides
    how a request is read, by training and by whoever asks the model.

    Raises:
        DataError: the file cannot be read, or the checkpoint brings no tokenizer.
        CheckpointError: the checkpoint cannot be read.
    """
    found = Tokenizer.from_json(_read(recipe))
    if found.has_names == recipe.delexicalize:
        return found.to_json()
    return (found.with_names() if recipe.delexicalize else found.without_names()).to_json()


def _read(recipe: Recipe) -> str:
    path = embedded_model_path() if recipe.tokenizer is None else recipe.path(recipe.tokenizer)
    if path.suffix == ".json":
        return read_tokenizer(path)
    found = open_checkpoint(path).tokenizer_json
    if found is None:
        raise DataError(f"{path} brings no tokenizer: name a tokenizer.json in the recipe")
    return found


def read_tokenizer(path: Path) -> str:
    """The text of a tokenizer.json. Raises DataError where it cannot be read or is far too large."""
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST_TOKENIZER_BYTES + 1)
    except OSError as error:
        raise DataError(f"{path} cannot be read ({error.strerror}): check the path") from None
    if len(content) > LARGEST_TOKENIZER_BYTES:
        raise DataError(f"{path} has more than {LARGEST_TOKENIZER_BYTES:,} bytes: no tokenizer has as many")
    return content.decode("utf-8", "replace")
