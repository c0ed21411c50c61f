"""Training with `transformers.Trainer` from packed shards: PrefixLM, the loss on answers at every depth, bf16 autocast.

    hrm-edge train --preset nano --recipe small --max-steps 200

A run directory holds the resolved configuration (training.json), the tokenizer, `checkpoint-N` directories to resume
from (the newest two and the best), a tensorboard log, and at the end the model itself with its card.
"""

import json
import sys
from contextlib import redirect_stdout
from dataclasses import asdict
from pathlib import Path

import torch
from transformers import HrmTextConfig, PrinterCallback, set_seed

from hrm_edge.architecture import preset
from hrm_edge.errors import ArchitectureError, DataError
from hrm_edge.files import whole_file
from hrm_edge.tokenizer import END_TOKEN, PAD_TOKEN, Tokenizer
from hrm_edge.train.answer_model import AnswerModel
from hrm_edge.train.answer_trainer import AnswerTrainer, StepsOfThisRun
from hrm_edge.train.card import write_card
from hrm_edge.train.config import TrainingConfig
from hrm_edge.train.data.pipeline.shards import open_shards
from hrm_edge.train.held_out_loss import held_out_batches
from hrm_edge.train.interruption import SaveOnInterrupt
from hrm_edge.train.optimizer import MuonAdamW
from hrm_edge.train.packed_rows import PackedRows, collate
from hrm_edge.train.progress import TrainingProgress
from hrm_edge.train.training_arguments import training_arguments
from hrm_edge.train.weight_average import WeightAverage

TOKENIZER_NAME = "tokenizer.json"


def train(config: TrainingConfig) -> Path:
    """Train (or resume) and leave a Hugging Face checkpoint in `config.out`; returns it.

    Raises:
        ArchitectureError: no such preset, or the tokenizer does not fit it.
        DataError: the shards cannot be read, or `config.out` holds another training.
        TrainingError: the loss is no number.
    """
    newest = _resumed_from(config)
    if config.threads:
        torch.set_num_threads(config.threads)
    set_seed(config.seed)
    shards = open_shards(config.shards)
    tokenizer = shards.tokenizer()
    model = _model(config, tokenizer)
    _describe_run(config, tokenizer)
    held_out = held_out_batches(shards)
    arguments = training_arguments(config, measures=bool(held_out))
    rows_of_step = config.rows * config.accumulate * arguments.world_size
    average = WeightAverage(model, config.ema, resume_from=newest)
    trainer = AnswerTrainer(
        held_out=held_out,
        random_cycles=config.random_cycles,
        average=average,
        model=model,
        args=arguments,
        train_dataset=PackedRows(shards, config.max_steps * rows_of_step, seed=config.seed),
        eval_dataset=held_out or None,
        data_collator=collate,
        optimizers=(MuonAdamW(model, learning_rate=config.learning_rate, weight_decay=config.weight_decay), None),
    )
    trainer.remove_callback(PrinterCallback)
    for callback in (StepsOfThisRun(), TrainingProgress(), interrupt := SaveOnInterrupt()):
        trainer.add_callback(callback)
    with redirect_stdout(sys.stderr):  # the trainer and its reporters print to stdout, which belongs to results
        trainer.train(resume_from_checkpoint=str(newest) if newest else None)
    if interrupt.interrupted:
        print(f"stopped at step {trainer.state.global_step}; continue with --resume", file=sys.stderr)
        raise KeyboardInterrupt
    average.copy_to(model)
    trainer.save_model(str(config.out))
    if trainer.is_world_process_zero():
        write_card(config.out, name=f"hrm-edge {config.preset}", config=model.config.to_dict(), shards=shards,
                   history=trainer.state.log_history)  # fmt: skip
    return config.out


def _describe_run(config: TrainingConfig, tokenizer: Tokenizer) -> None:
    """Save what the weights will depend on before there are any: the tokenizer and the resolved configuration."""
    described = {key: str(value) if isinstance(value, Path) else value for key, value in asdict(config).items()}
    for name, text in (
        (TOKENIZER_NAME, tokenizer.to_json()),
        ("training.json", json.dumps(described, indent=2) + "\n"),
    ):
        with whole_file(config.out / name) as part:
            part.write_text(text, encoding="utf-8")


def _model(config: TrainingConfig, tokenizer: Tokenizer) -> AnswerModel:
    attention = "sdpa" if torch.cuda.is_available() else "eager"  # on a CPU its small products are the faster ones
    model: AnswerModel
    if config.init is not None:
        model = AnswerModel.from_pretrained(
            config.init, dtype=torch.float32, use_safetensors=True, attn_implementation=attention
        )
    else:
        sizes = preset(config.preset).to_config()
        ids = {"eos_token_id": tokenizer.token_id(END_TOKEN), "pad_token_id": tokenizer.token_id(PAD_TOKEN)}
        model = AnswerModel._from_config(HrmTextConfig(**sizes, **ids), attn_implementation=attention)
    if tokenizer.vocab_size > model.config.vocab_size:
        raise ArchitectureError(
            f"the tokenizer of {config.shards} has {tokenizer.vocab_size} tokens and the model has room for "
            f"{model.config.vocab_size}: build the data with another tokenizer or choose a larger preset"
        )
    if config.gradient_checkpointing:
        model.gradient_checkpointing_enable()
    if config.compile:
        for stack in (model.model.L_module, model.model.H_module):
            for layer in stack.layers:
                layer.compile(dynamic=False)
    return model


def _resumed_from(config: TrainingConfig) -> Path | None:
    """The newest checkpoint in the run directory if the run is to continue from it.

    Raises:
        DataError: there is a checkpoint and `resume` is false: a new training would delete it.
    """
    found = sorted(config.out.glob("checkpoint-*"), key=lambda path: int(path.name.rpartition("-")[2]))
    if found and not config.resume:
        raise DataError(f"{config.out} holds a training at {found[-1].name}: add --resume or choose another --out")
    return found[-1] if found else None
