"""Training with `transformers.Trainer` from packed shards: PrefixLM, the loss on answers at every depth, bf16 autocast.

    hrm-edge train --preset nano --recipe small --max-steps 200

A run directory holds the resolved configuration (training.json), the tokenizer, `checkpoint-N` directories to resume
from (the newest two and the best), a tensorboard log, and at the end the model itself with its card: the weights of the
last step, where a schedule has come to rest, and in best/ those of an earlier one if they measured better.
"""

import json
import shutil
import sys
import warnings
from contextlib import ExitStack, redirect_stdout
from dataclasses import asdict
from pathlib import Path

import pyarrow.compute as pc
import torch
from transformers import PrinterCallback, TrainerState, set_seed
from transformers.utils import logging as transformers_logging

from hrm_edge.architecture import Architecture
from hrm_edge.errors import DataError, TrainingError
from hrm_edge.files import whole_file
from hrm_edge.tokenizer import Tokenizer
from hrm_edge.train.answer_model import AnswerModel
from hrm_edge.train.answer_trainer import AnswerTrainer, StepsOfThisRun
from hrm_edge.train.card import write_card
from hrm_edge.train.config import TrainingConfig
from hrm_edge.train.data.pipeline.shards import Shards, open_shards
from hrm_edge.train.distillation.teachers import lessons
from hrm_edge.train.grid.run import QUANTIZED_NAME, leave_quantized, put_on_grid
from hrm_edge.train.held_out import is_held_out
from hrm_edge.train.interruption import SaveOnInterrupt
from hrm_edge.train.memory import refuse_what_cannot_fit
from hrm_edge.train.packed_rows import PackedRows, collate
from hrm_edge.train.processes import is_first_process, process_count
from hrm_edge.train.progress import TrainingProgress
from hrm_edge.train.quality.held_out_loss import held_out_batches
from hrm_edge.train.run_directory import (
    BEST_NAME,
    checkpoints_in,
    damage_of,
    model_files,
    newest_whole_checkpoint,
    step_of,
    the_only_training_in,
)
from hrm_edge.train.starting_weights import architecture_to_train, starting_model
from hrm_edge.train.training_arguments import training_arguments
from hrm_edge.train.weight_average import WeightAverage

TOKENIZER_NAME = "tokenizer.json"


def train(config: TrainingConfig) -> Path:
    """Train (or resume) and leave a Hugging Face checkpoint in `config.out`; returns it. On the grid, the float masters
    lie there, and what is returned is the quantized checkpoint in `config.out`/quantized.

    Raises:
        ArchitectureError: no such preset, or the tokenizer does not fit it.
        CheckpointError: `config.init` cannot be trained further.
        DataError: the shards cannot be read, or `config.out` holds another training.
        TrainingError: not enough memory, another training in `config.out`, a full disk, or a loss that is no number.
        KeyboardInterrupt: a signal asked to stop; a checkpoint was saved.
    """
    if config.fsdp and config.qat:
        raise TrainingError("--fsdp divides the weights that --bits rounds as a whole: leave one of them out")
    if config.fsdp and process_count() == 1:
        raise TrainingError(
            "--fsdp divides the model among processes and there is one: start them with "
            "torchrun --nproc-per-node N -m hrm_edge train …"
        )
    transformers_logging.disable_progress_bar()
    with ExitStack() as held:
        if is_first_process():
            held.enter_context(the_only_training_in(config.out))
        return _train(config)


def _train(config: TrainingConfig) -> Path:
    newest = _resumed_from(config)
    if config.threads:
        torch.set_num_threads(config.threads)
    set_seed(config.seed)
    shards = open_shards(config.shards)
    _check_there_is_something_to_learn(shards)
    refuse_what_cannot_fit(
        architecture_to_train(config.preset, config.init), config, tokens=shards.layout.longest, says=is_first_process()
    )
    tokenizer = shards.tokenizer()
    model = starting_model(
        config.preset, init=config.init, resume_from=newest, tokenizer=tokenizer, shards=config.shards
    )
    _prepare_layers(model, config)
    if config.qat is not None:
        put_on_grid(model, config.qat, newest)
    if is_first_process():
        _describe_run(config, tokenizer)
    trainer, average, interrupt = _trainer(config, model, shards, newest)
    try:
        with redirect_stdout(sys.stderr):  # the trainer and its reporters print to stdout, which belongs to results
            trainer.train(resume_from_checkpoint=str(newest) if newest else None)
    finally:
        interrupt.stop_listening()
    if interrupt.interrupted:
        if trainer.is_world_process_zero():
            print(f"stopped at step {trainer.state.global_step}; continue with --resume", file=sys.stderr)
        raise KeyboardInterrupt
    average.copy_to(trainer.model)
    _save(config, trainer, shards)
    if config.qat is None:
        return config.out
    return leave_quantized(model, config.out) if trainer.is_world_process_zero() else config.out / QUANTIZED_NAME


def _check_there_is_something_to_learn(shards: Shards) -> None:
    """Raises DataError where no row has an example that is not held out."""
    for shard in shards.shards:
        for batch in shard.batches:
            if not all(is_held_out(group) for group in pc.unique(batch.column("group").flatten()).to_pylist()):
                return
    held = f"nothing but held-out groups in its {len(shards)} rows" if len(shards) else "no row"
    raise DataError(f"{shards.directory} has {held}: there is nothing to learn from; build it from more data")


def _trainer(
    config: TrainingConfig, model: AnswerModel, shards: Shards, newest: Path | None
) -> tuple[AnswerTrainer, WeightAverage, SaveOnInterrupt]:
    held_out = held_out_batches(shards)
    arguments = training_arguments(config, measures=bool(held_out))
    rows_of_step = config.rows * config.accumulate * arguments.world_size
    first = step_of(newest) * rows_of_step if newest else 0
    rows = PackedRows(shards, config.max_steps * rows_of_step, seed=config.seed, first=first, mixed=config.mixed)
    average = WeightAverage(model, config.ema, resume_from=newest)
    teach = None
    if config.distillation is not None:
        device = "cuda" if torch.cuda.is_available() else "cpu"
        student = Architecture.from_config(model.config.to_dict())
        teach = lessons(config.distillation, shards.tokenizer(), student, device=device)
    trainer = AnswerTrainer(
        held_out=held_out,
        random_cycles=config.random_cycles,
        average=average,
        on_grid=config.qat is not None,
        teach=teach,
        model=model,
        args=arguments,
        train_dataset=rows,
        eval_dataset=held_out or None,
        data_collator=collate,
    )
    trainer.remove_callback(PrinterCallback)
    for callback in (StepsOfThisRun(), TrainingProgress(), interrupt := SaveOnInterrupt()):
        trainer.add_callback(callback)
    return trainer, average, interrupt


def _save(config: TrainingConfig, trainer: AnswerTrainer, shards: Shards) -> None:
    """The weights of the last step: a schedule ends at its best. Where another step measured better, say which."""
    with ExitStack() as files:
        first = trainer.is_world_process_zero()
        part = files.enter_context(model_files(config.out)) if first else config.out  # only the first one writes
        trainer.save_model(str(part))
    if first:
        _save_best(config, trainer.state)
        write_card(config.out, name=f"hrm-edge {config.preset}", config=trainer.model.config.to_dict(), shards=shards,
                   history=trainer.state.log_history)  # fmt: skip


def _save_best(config: TrainingConfig, state: TrainerState) -> None:
    """As a model of its own, where another step measured better than the last."""
    measured = [entry["eval_loss"] for entry in state.log_history if "eval_loss" in entry]
    checkpoint = config.out / f"checkpoint-{state.best_global_step}"
    shutil.rmtree(config.out / BEST_NAME, ignore_errors=True)
    if not measured or measured[-1] <= state.best_metric or damage_of(checkpoint) is not None:
        return
    model = AnswerModel.from_pretrained(checkpoint, dtype=torch.float32, use_safetensors=True)
    model.model.z_L_init.requires_grad_(False)  # as it was in training; it has no average
    WeightAverage(model, config.ema, resume_from=checkpoint).copy_to(model)  # which is what was measured
    with model_files(config.out / BEST_NAME) as part:
        model.save_pretrained(part)
        shutil.copy(config.out / TOKENIZER_NAME, part)
    print(
        f"the held-out loss was lower at step {state.best_global_step} ({state.best_metric:.3f}) than at the end "
        f"({measured[-1]:.3f}): {config.out / BEST_NAME} holds those weights",
        file=sys.stderr,
    )


def _describe_run(config: TrainingConfig, tokenizer: Tokenizer) -> None:
    """Save what the weights will depend on before there are any: the tokenizer and the resolved configuration."""
    for name, text in (
        (TOKENIZER_NAME, tokenizer.to_json()),
        ("training.json", json.dumps(asdict(config), indent=2, default=str) + "\n"),
    ):
        with whole_file(config.out / name) as part:
            part.write_text(text, encoding="utf-8")


def _prepare_layers(model: AnswerModel, config: TrainingConfig) -> None:
    if config.gradient_checkpointing:
        with warnings.catch_warnings():  # transformers 5.23 has a new name for it, which 5.9 does not know
            warnings.simplefilter("ignore", FutureWarning)
            model.gradient_checkpointing_enable()
    if config.compile:
        for stack in (model.model.L_module, model.model.H_module):
            for layer in stack.layers:
                layer.compile(dynamic=False)


def _resumed_from(config: TrainingConfig) -> Path | None:
    """The newest whole checkpoint in the run directory if the run is to continue from it.

    Raises:
        DataError: there is a checkpoint and `resume` is false: a new training would delete it.
    """
    if config.resume:
        return newest_whole_checkpoint(config.out)
    found = checkpoints_in(config.out)
    if found:
        raise DataError(f"{config.out} holds a training at {found[-1].name}: add --resume or choose another --out")
    return None
