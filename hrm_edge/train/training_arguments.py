"""From our configuration to the arguments of `transformers.Trainer`."""

from typing import Any

import torch
from transformers import TrainingArguments

from hrm_edge.train.config import TrainingConfig

LOG_EVERY = 20
LOWEST_LEARNING_RATE = 0.01
"""Of the peak, at the end of a schedule."""
DECAY_SHARE = 0.25
"""Of the steps, in which `wsd` falls."""


def training_arguments(config: TrainingConfig, *, measures: bool) -> TrainingArguments:
    """`measures`: whether there is held-out data to choose the best checkpoint by."""
    on_cpu = not torch.cuda.is_available() and not torch.backends.mps.is_available()
    return TrainingArguments(
        output_dir=str(config.out),
        max_steps=config.max_steps,
        per_device_train_batch_size=config.rows,
        gradient_accumulation_steps=config.accumulate,
        bf16=config.bf16,
        use_cpu=on_cpu,
        ddp_find_unused_parameters=False,
        max_grad_norm=1.0,
        learning_rate=config.learning_rate,
        weight_decay=config.weight_decay,
        **_schedule(config),
        **_division(config),
        logging_steps=LOG_EVERY,
        logging_nan_inf_filter=False,
        eval_strategy="steps" if measures else "no",
        eval_steps=config.save_every,
        save_steps=config.save_every,
        save_total_limit=None,  # AnswerTrainer removes the old ones when the new one is whole
        metric_for_best_model="loss" if measures else None,
        greater_is_better=False if measures else None,
        prediction_loss_only=True,
        remove_unused_columns=False,
        ignore_data_skip=True,  # a resumed run's rows begin where they must
        include_num_input_tokens_seen="all",
        report_to=["tensorboard", *(["wandb"] if config.wandb else [])],
        disable_tqdm=True,
        seed=config.seed,
        dataloader_num_workers=0,
        dataloader_pin_memory=not on_cpu,
        label_names=["labels"],
    )


def _schedule(config: TrainingConfig) -> dict[str, Any]:
    settings: dict[str, float | str]
    if config.schedule == "cosine":
        kind, settings = "cosine_with_min_lr", {"min_lr_rate": LOWEST_LEARNING_RATE}
    else:
        decay_steps = int(config.max_steps * DECAY_SHARE)
        kind = "warmup_stable_decay"
        settings = {"num_decay_steps": decay_steps, "decay_type": "linear", "min_lr_ratio": LOWEST_LEARNING_RATE}
    return {"lr_scheduler_type": kind, "lr_scheduler_kwargs": settings, "warmup_steps": config.warmup_steps}


def _division(config: TrainingConfig) -> dict[str, Any]:
    """FSDP2: every layer's weights divided among the processes, gathered when the layer runs."""
    if not config.fsdp:
        return {}
    return {"fsdp": True, "fsdp_config": {"version": 2, "transformer_layer_cls_to_wrap": ["HrmTextDecoderLayer"]}}
