"""Training with `transformers.Trainer`: the request bidirectional, the loss on the answer only, bf16 autocast.

    hrm-edge train --preset nano --data tldr.jsonl.gz --data nl2bash.jsonl.gz --out runs/nano

A run directory holds the resolved configuration (training.json), the tokenizer, `checkpoint-N` directories to resume
from, a tensorboard log, and at the end the model itself.
"""

import json
import sys
from collections.abc import Sequence
from contextlib import redirect_stdout
from dataclasses import asdict
from pathlib import Path

import torch
from transformers import HrmTextConfig, HrmTextForCausalLM, TrainingArguments, set_seed

from hrm_edge.architecture import PRESETS, Architecture
from hrm_edge.errors import ArchitectureError, DataError
from hrm_edge.files import whole_file
from hrm_edge.tokenizer import END_TOKEN, PAD_TOKEN, Tokenizer
from hrm_edge.train.answer_trainer import AnswerTrainer, StepsOfThisRun
from hrm_edge.train.batches import Batch, BatchPlan, collate, cut_into_batches, tokenize
from hrm_edge.train.card import write_card
from hrm_edge.train.config import TrainingConfig
from hrm_edge.train.examples import Example, read_examples
from hrm_edge.train.held_out import held_out_examples
from hrm_edge.train.interruption import SaveOnInterrupt
from hrm_edge.train.mixture import Mixture
from hrm_edge.train.optimizer import MuonAdamW
from hrm_edge.train.recipes import load_recipes
from hrm_edge.train.tokenizer_training import train_tokenizer

HELD_OUT_BATCHES = 24
TOKENIZER_EXAMPLES = 80_000
WARMUP_STEPS = 50
TOKENIZER_NAME = "tokenizer.json"
ATTENTION = "eager"  # at 50 tokens a row its small products beat SDPA's flash kernel by a fifth on a CPU


def train(config: TrainingConfig) -> Path:
    """Train (or resume) and leave a Hugging Face checkpoint in `config.out`; returns it.

    Raises:
        ArchitectureError: no such preset.
        DataError: a data file cannot be read.
    """
    newest = _resumed_from(config)
    if config.threads:
        torch.set_num_threads(config.threads)
    set_seed(config.seed)
    recipes = load_recipes() if config.recipes else []
    examples = [example for path in config.data for example in read_examples(path)]
    shown = [example for example in examples if not example.held_out]
    if not shown and not recipes:
        raise DataError("the data holds no training examples: all of them are in the held-out share; give more data")
    mixture = Mixture(shown, recipes, config.seed)
    tokenizer = _tokenizer(config, mixture)
    model = _model(config, tokenizer)
    _describe_run(config, tokenizer)
    plan = BatchPlan(
        mixture,
        tokenizer,
        steps=config.steps,
        batch_tokens=config.batch_tokens,
        longest=config.longest,
        seed=config.seed,
    )
    held_out = _held_out_batches(held_out_examples(examples, recipes), tokenizer, config)
    trainer = AnswerTrainer(
        model=model,
        args=_arguments(config, has_held_out=bool(held_out)),
        train_dataset=plan,
        eval_dataset=held_out or None,
        data_collator=lambda batches: batches[0],
        optimizers=(MuonAdamW(model, learning_rate=config.learning_rate, weight_decay=config.weight_decay), None),
    )
    trainer.add_callback(StepsOfThisRun())
    trainer.add_callback(interrupt := SaveOnInterrupt())
    with redirect_stdout(sys.stderr):  # the trainer prints its log lines to stdout, which belongs to results
        trainer.train(resume_from_checkpoint=str(newest) if newest else None)
    if interrupt.interrupted:
        print(f"stopped at step {trainer.state.global_step}; continue with --resume", file=sys.stderr)
        raise KeyboardInterrupt
    trainer.save_model(str(config.out))
    write_card(
        config.out,
        name=f"hrm-edge {config.preset}",
        architecture=Architecture.from_config(model.config.to_dict()),
        examples=examples,
        history=trainer.state.log_history,
    )
    return config.out


def _held_out_batches(held_out: Sequence[Example], tokenizer: Tokenizer, config: TrainingConfig) -> list[Batch]:
    pairs = [tokenize(tokenizer, example) for example in held_out]
    pairs = [pair for pair in pairs if len(pair[0]) + len(pair[1]) <= config.longest]
    pairs.sort(key=lambda pair: len(pair[0]) + len(pair[1]))
    batches = cut_into_batches(pairs, config.batch_tokens)
    every = max(1, len(batches) // HELD_OUT_BATCHES)
    return [collate(batch, tokenizer.token_id(PAD_TOKEN)) for batch in batches[::every]]


def _tokenizer(config: TrainingConfig, mixture: Mixture) -> Tokenizer:
    """The tokenizer of the run, of the checkpoint it starts from, or one trained on the data."""
    for path in (config.out / TOKENIZER_NAME, config.init / TOKENIZER_NAME if config.init else None):
        if path is not None and path.exists():
            return Tokenizer.from_json(path.read_text(encoding="utf-8"))
    drawn = (mixture.example(index) for index in range(TOKENIZER_EXAMPLES))
    texts = (text for example in drawn for text in (example.request, example.response))
    return train_tokenizer(texts, _preset(config.preset).vocab_size)


def _describe_run(config: TrainingConfig, tokenizer: Tokenizer) -> None:
    """Save what the weights will depend on before there are any: the tokenizer and the resolved configuration."""
    described = {key: str(value) if isinstance(value, Path) else value for key, value in asdict(config).items()}
    described["data"] = [path.name for path in config.data]
    for name, text in (
        (TOKENIZER_NAME, tokenizer.to_json()),
        ("training.json", json.dumps(described, indent=2) + "\n"),
    ):
        with whole_file(config.out / name) as part:
            part.write_text(text, encoding="utf-8")


def _preset(name: str) -> Architecture:
    if name not in PRESETS:
        raise ArchitectureError(f"preset {name!r} is unknown: choose one of {', '.join(PRESETS)}")
    return PRESETS[name]


def _model(config: TrainingConfig, tokenizer: Tokenizer) -> HrmTextForCausalLM:
    if config.init is not None:
        return HrmTextForCausalLM.from_pretrained(
            config.init, dtype=torch.float32, use_safetensors=True, attn_implementation=ATTENTION
        )
    settings = _preset(config.preset).to_config()
    if tokenizer.vocab_size > settings["vocab_size"]:
        raise ArchitectureError(
            f"the tokenizer has {tokenizer.vocab_size} tokens and preset {config.preset} has room for "
            f"{settings['vocab_size']}: train another tokenizer or choose a larger preset"
        )
    model_config = HrmTextConfig(
        **settings,
        eos_token_id=tokenizer.token_id(END_TOKEN),
        pad_token_id=tokenizer.token_id(PAD_TOKEN),
    )
    return HrmTextForCausalLM._from_config(model_config, attn_implementation=ATTENTION)


def _resumed_from(config: TrainingConfig) -> Path | None:
    """The newest checkpoint in the run directory if the run is to continue from it.

    Raises:
        DataError: there is a checkpoint and `resume` is false: a new training would delete it.
    """
    found = sorted(config.out.glob("checkpoint-*"), key=lambda path: int(path.name.rpartition("-")[2]))
    if found and not config.resume:
        raise DataError(f"{config.out} holds a training at {found[-1].name}: add --resume or choose another --out")
    return found[-1] if found else None


def _arguments(config: TrainingConfig, *, has_held_out: bool) -> TrainingArguments:
    on_cpu = not torch.cuda.is_available() and not torch.backends.mps.is_available()
    return TrainingArguments(
        output_dir=str(config.out),
        max_steps=config.steps,
        per_device_train_batch_size=1,
        per_device_eval_batch_size=1,
        bf16=True,
        use_cpu=on_cpu,
        max_grad_norm=1.0,
        lr_scheduler_type="warmup_stable_decay",
        warmup_steps=WARMUP_STEPS,
        lr_scheduler_kwargs={"num_decay_steps": config.steps // 4, "decay_type": "linear", "min_lr_ratio": 0.01},
        logging_steps=20,
        eval_strategy="steps" if has_held_out else "no",
        eval_steps=config.save_every,
        save_steps=config.save_every,
        save_total_limit=2,
        prediction_loss_only=True,
        remove_unused_columns=False,
        include_num_input_tokens_seen="non_padding",
        report_to=["tensorboard"],
        seed=config.seed,
        dataloader_num_workers=0,
        label_names=["labels"],
    )
