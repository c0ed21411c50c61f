"""`transformers.Trainer` for answers: the loss on their tokens, batches in planned order, resumption that holds."""

from typing import Any

import torch
from torch.utils.data import Sampler, SequentialSampler
from transformers import (
    HrmTextForCausalLM,
    Trainer,
    TrainerCallback,
    TrainerControl,
    TrainerState,
    TrainingArguments,
)

from hrm_edge.train.batches import IGNORED_LABEL, Batch


class AnswerTrainer(Trainer):  # type: ignore[misc]
    """A trainer that projects only answer positions onto the vocabulary: half the tokens are request, and the head is
    a third of nano's arithmetic."""

    def compute_loss(
        self,
        model: Any,
        inputs: Batch,
        return_outputs: bool = False,
        num_items_in_batch: torch.Tensor | None = None,  # noqa: ARG002 - the trainer's signature
    ) -> Any:
        """Mean cross-entropy in nats over the answer tokens of a batch."""
        labels_BT = inputs["labels"][:, 1:]
        is_answer_BT = labels_BT != IGNORED_LABEL
        hidden_BTD = model.model(
            input_ids=inputs["input_ids"],
            attention_mask=inputs["attention_mask"],
            token_type_ids=inputs["token_type_ids"],
            use_cache=False,
        ).last_hidden_state[:, :-1]
        logits_NV = model.lm_head(hidden_BTD[is_answer_BT])
        loss = torch.nn.functional.cross_entropy(logits_NV.float(), labels_BT[is_answer_BT])
        return (loss, {"loss": loss}) if return_outputs else loss

    def _load_from_checkpoint(self, resume_from_checkpoint: str, model: Any = None) -> None:
        """Weights through `from_pretrained`: the trainer's own loader does not know that transformers saves hrm_text
        in the fused layout, warns of missing keys and goes on with random stacks."""
        saved = HrmTextForCausalLM.from_pretrained(resume_from_checkpoint, dtype=torch.float32, use_safetensors=True)
        (self.model if model is None else model).load_state_dict(saved.state_dict())

    def _get_train_sampler(self, train_dataset: Any = None) -> Sampler[int]:
        """Batches are planned and shuffled by BatchPlan."""
        return SequentialSampler(train_dataset if train_dataset is not None else self.train_dataset)


class StepsOfThisRun(TrainerCallback):  # type: ignore[misc]
    """A resumed run saves, measures and logs as often as it was told to, not as the interrupted one was."""

    def on_train_begin(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **_: Any
    ) -> TrainerControl:
        """Undo what loading the trainer's state did."""
        state.save_steps, state.eval_steps, state.logging_steps = args.save_steps, args.eval_steps, args.logging_steps
        return control
