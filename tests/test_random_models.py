"""The reference itself: logits that tell models apart, and cached decoding that equals one uncached pass."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from random_models import SHAPES, random_ids, reference_logits, relative_error
from tokenizers import Tokenizer
from transformers import HrmTextForCausalLM


def test_reference_logits_equal_one_uncached_pass_for_every_shape(
    random_model: Callable[[str], Path], shape: str
) -> None:
    prompt, answer = random_ids(7), random_ids(5, seed=2)
    model = HrmTextForCausalLM.from_pretrained(random_model(shape)).eval()
    block = torch.tensor([[1] * len(prompt) + [0] * len(answer)]) if model.config.prefix_lm else None
    with torch.inference_mode():
        whole = model(torch.tensor([prompt + answer]), token_type_ids=block).logits[0, len(prompt) - 1 :].numpy()
    logits = reference_logits(random_model(shape), prompt, answer)
    assert logits.dtype == np.float32
    assert relative_error(logits, whole) < 1e-5


def test_logits_spread_and_differ_between_shapes(random_model: Callable[[str], Path]) -> None:
    """A degenerate reference would pass every tolerance."""
    prompt = random_ids(7)
    plain = reference_logits(random_model("plain"), prompt)
    assert plain.std() > 0.5
    for name in sorted(SHAPES.keys() - {"plain", "vocabulary_no_multiple_of_32"}):
        assert relative_error(reference_logits(random_model(name), prompt), plain) > 0.05, name


def test_tiny_tokenizer_fits_the_vocabulary_and_round_trips(random_model: Callable[[str], Path]) -> None:
    tokenizer = Tokenizer.from_file(str(random_model("plain") / "tokenizer.json"))
    assert tokenizer.get_vocab_size() <= 320
    text = "def f(x):\r\n\treturn x  # æøå 漢字 🙂"
    assert tokenizer.decode(tokenizer.encode(text).ids) == text
