"""Whether a token can be read at all."""

from hrm_edge.errors import PromptError


def check_token_id(token_id: int, vocab_size: int) -> None:
    """Raise PromptError unless the token is of this vocabulary."""
    if not 0 <= token_id < vocab_size:
        raise PromptError(
            f"token {token_id} is outside the vocabulary of {vocab_size}: the tokenizer belongs to another model"
        )
