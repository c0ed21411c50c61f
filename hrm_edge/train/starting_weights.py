"""The model that a training starts from: a preset with random weights, a checkpoint of the user's, or the run's own."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from transformers import HrmTextConfig

from hrm_edge.architecture import Architecture, preset
from hrm_edge.checkpoint import Checkpoint, open_checkpoint
from hrm_edge.errors import ArchitectureError, CheckpointError, DataError
from hrm_edge.tokenizer import END_TOKEN, NAME_TOKENS, PAD_TOKEN, Tokenizer
from hrm_edge.train.answer_model import AnswerModel

ROWS_FOR_NAMES = 32
"""More than there are tokens for names, so that sizes stay multiples of a quantization block."""
_OF_TOKENS = ("model.embed_tokens.weight", "lm_head.weight")
"""One row per token."""


def starting_model(
    preset_name: str, *, init: Path | None, resume_from: Path | None, tokenizer: Tokenizer, shards: Path
) -> AnswerModel:
    """An AnswerModel in float32 on the CPU.

    Args:
        preset_name: the sizes, where neither a checkpoint nor a run says them.
        init: a checkpoint to start from.
        resume_from: the run's own checkpoint to go on from, which comes first.
        tokenizer: of the shards.
        shards: where they are, for messages.

    Raises:
        ArchitectureError: no such preset, another model type, or a vocabulary smaller than the tokenizer's.
        CheckpointError: the checkpoint is damaged, quantized, or holds numbers that are not finite.
        DataError: the checkpoint's tokenizer is not that of the shards, or the run is of another shape.
    """
    architecture = _with_room_for_names(architecture_to_train(preset_name, init), tokenizer)
    if tokenizer.vocab_size > architecture.vocab_size:
        raise ArchitectureError(
            f"the tokenizer of {shards} has {tokenizer.vocab_size} tokens and the model has room for "
            f"{architecture.vocab_size}: build the data with another tokenizer or choose a larger preset"
        )
    ids = {"eos_token_id": tokenizer.token_id(END_TOKEN), "pad_token_id": tokenizer.token_id(PAD_TOKEN)}
    start = resume_from or init
    if start is None:
        return _empty_model(HrmTextConfig(**architecture.to_config(), **ids))
    with open_checkpoint(start) as checkpoint:
        if resume_from is not None and checkpoint.architecture != architecture:
            raise DataError(
                f"{resume_from} has other sizes than {init or preset_name}: resume it as it was started, "
                "or choose another --out"
            )
        if init is not None:
            _check_tokenizer(init, checkpoint, tokenizer, shards)
        config = (
            HrmTextConfig.from_pretrained(start)
            if start.is_dir()
            else HrmTextConfig(**checkpoint.architecture.to_config(), **ids)
        )
        config.vocab_size = architecture.vocab_size
        config.tie_word_embeddings = checkpoint.architecture.tie_word_embeddings
        model = _empty_model(config)
        _fill(model, checkpoint)
        return model


def architecture_to_train(preset_name: str, init: Path | None) -> Architecture:
    """The sizes of `init`, or of the preset. Only headers are read.

    Raises:
        ArchitectureError, CheckpointError: see `starting_model`.
    """
    if init is None:
        return preset(preset_name)
    with open_checkpoint(init) as checkpoint:
        if checkpoint.bits < 16:
            raise CheckpointError(
                f"{init} is quantized to {checkpoint.bits} bits and training starts from float weights: "
                "give the checkpoint that it was quantized from"
            )
        return checkpoint.architecture


def _with_room_for_names(architecture: Architecture, tokenizer: Tokenizer) -> Architecture:
    """Rows of the embedding for the tokens of names too, where nothing else is missing."""
    missing = tokenizer.vocab_size - architecture.vocab_size
    if not tokenizer.has_names or not 0 < missing <= len(NAME_TOKENS):
        return architecture
    return replace(architecture, vocab_size=architecture.vocab_size + ROWS_FOR_NAMES)


def _check_tokenizer(init: Path, checkpoint: Checkpoint, tokenizer: Tokenizer, shards: Path) -> None:
    """The ids of the shards must mean to the checkpoint what they mean to the data; names may be new to either."""
    if checkpoint.tokenizer_json is None:
        return
    if _meaning(Tokenizer.from_json(checkpoint.tokenizer_json)) != _meaning(tokenizer):
        raise DataError(
            f"{init} has another tokenizer than {shards}: build the data with tokenizer = {str(init)!r} in the recipe"
        )


def _meaning(tokenizer: Tokenizer) -> tuple[Any, Any]:
    parts = json.loads(tokenizer.without_names().to_json())
    return parts["model"], {token["content"]: token["id"] for token in parts["added_tokens"]}


def _empty_model(config: HrmTextConfig) -> AnswerModel:
    """With random weights."""
    attention = "sdpa" if torch.cuda.is_available() else "eager"  # on a CPU its small products are the faster ones
    model: AnswerModel = AnswerModel._from_config(config, dtype=torch.float32, attn_implementation=attention)
    return model


@torch.no_grad()
def _fill(model: AnswerModel, checkpoint: Checkpoint) -> None:
    """Every tensor of the checkpoint into its place; rows of the embedding for new tokens stay random."""
    places = model.state_dict()
    for name, tensor in checkpoint.tensors():
        assert isinstance(tensor, np.ndarray), "quantized checkpoints are refused before"
        if not np.isfinite(tensor).all():
            raise CheckpointError(
                f"{checkpoint.path}: {name} holds numbers that are not finite: start from another checkpoint"
            )
        weight = torch.from_numpy(tensor.astype(np.float32))
        if name in _OF_TOKENS:
            places[name][: len(weight)].copy_(weight)
        else:
            places[name].copy_(weight)
