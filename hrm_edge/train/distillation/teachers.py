"""Teachers: the float HRM itself, or any larger Hugging Face causal model with the same tokenizer.

A causal model reads left to right and one text at a time: packed rows are taken apart into their examples for it, and
what it says about each answer token is put back in the order of the rows. Weights are safetensors, code from a
checkpoint is never run.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor
from transformers import AutoConfig, AutoModelForCausalLM, AutoTokenizer

from hrm_edge.architecture import MODEL_TYPE, Architecture
from hrm_edge.errors import CheckpointError
from hrm_edge.tokenizer import Tokenizer
from hrm_edge.train.answer_model import AnswerModel
from hrm_edge.train.config import DistillationSettings
from hrm_edge.train.distillation.loss import AnswerStates, Lesson, Reading, Teacher, before_answers
from hrm_edge.train.packed_rows import IGNORED_LABEL, Batch

TOKENS_AT_ONCE = 16_384
"""Tokens, padding included, that a causal teacher reads together."""
PROBE_TOKENS = 8
MEND = "distil its answers instead, which needs no common tokens: hrm-edge data distill"


class HrmTeacher:
    """The float HRM that a quantized one is to equal, at every depth: exit h is taught by exit h."""

    def __init__(self, model: AnswerModel) -> None:
        self._model = model.eval().requires_grad_(False)

    def is_of_sizes(self, student: Architecture) -> bool:
        """Whether its hidden states could be those of a student, pass by pass."""
        ours = Architecture.from_config(self._model.config.to_dict())
        return (ours.hidden_size, ours.l_cycles) == (student.hidden_size, student.l_cycles)

    @torch.no_grad()
    def read(self, rows: Batch, cycles: int) -> Reading:
        """See Teacher."""
        stacks = self._model.stack_states(rows, cycles)
        exits = self._model.exits_among(stacks)
        answers = [AnswerStates(hidden=before_answers(exit_BTD, rows), head=self._model.lm_head) for exit_BTD in exits]
        return Reading(answers=answers, stacks=stacks)


class CausalTeacher:
    """A causal language model of transformers.

    Raises:
        CheckpointError: a model that does more to its logits after its head (soft-capping, scaling).
    """

    def __init__(self, model: Any, name: str) -> None:
        self._model = model.eval().requires_grad_(False)
        self._head = model.get_output_embeddings()
        self._check_head(name)

    @torch.no_grad()
    def read(self, rows: Batch, cycles: int) -> Reading:
        """See Teacher. It has one depth, which teaches all of the student's."""
        return Reading(answers=[AnswerStates(hidden=self._hidden(rows), head=self._head)] * cycles)

    def _hidden(self, rows: Batch) -> Tensor:
        """[N, D]."""
        answer_count = int((rows["labels"][:, 1:] != IGNORED_LABEL).sum())
        hidden_ND: Tensor | None = None
        for group in _groups(list(unpack(rows))):
            ids_ET = torch.nn.utils.rnn.pad_sequence([example.ids for example in group], batch_first=True)
            lengths_E = torch.tensor([len(example.ids) for example in group], device=ids_ET.device)
            mask_ET = (torch.arange(ids_ET.shape[1], device=ids_ET.device) < lengths_E[:, None]).long()
            states_ETD = self._states(ids_ET, mask_ET)
            if hidden_ND is None:
                hidden_ND = states_ETD.new_zeros(answer_count, states_ETD.shape[-1])
            for states_TD, example in zip(states_ETD, group, strict=True):
                hidden_ND[example.rows] = states_TD[example.before]
        if hidden_ND is None:
            hidden_ND = torch.zeros(0, self._head.weight.shape[1], device=rows["labels"].device)
        return hidden_ND

    def _states(self, ids_ET: Tensor, mask_ET: Tensor) -> Tensor:
        output = self._model.base_model(input_ids=ids_ET, attention_mask=mask_ET, use_cache=False)
        states: Tensor = output.last_hidden_state
        return states

    @torch.no_grad()
    def _check_head(self, name: str) -> None:
        ids = torch.arange(PROBE_TOKENS, device=self._head.weight.device)[None]
        expected = self._model(input_ids=ids, use_cache=False).logits
        found = self._head(self._states(ids, torch.ones_like(ids)))
        if not torch.allclose(found, expected, rtol=1e-2, atol=1e-2 * float(expected.abs().max())):
            raise CheckpointError(
                f"{name} changes its logits after its head (soft-capping or scaling), which distillation by logits "
                f"does not follow: {MEND}"
            )


@dataclass(frozen=True, kw_only=True)
class UnpackedExample:
    """One example of a packed row, and where its A answer tokens stand among the N of the batch."""

    ids: Tensor
    """[T]."""
    before: Tensor
    """[A], places in `ids` that the answer tokens are predicted from."""
    rows: Tensor
    """[A], places among the N."""


def unpack(rows: Batch) -> Iterator[UnpackedExample]:
    """The examples of packed rows in order; those without an answer to learn from are left out."""
    is_answer_BT = rows["labels"] != IGNORED_LABEL
    is_answer_BT[:, 0] = False  # nothing stands before it
    number_BT = is_answer_BT.flatten().cumsum(0).reshape(is_answer_BT.shape) - 1
    for row, segments_T in enumerate(rows["segment_ids"]):
        for segment in range(1, int(segments_T.max()) + 1):
            [columns_T] = torch.nonzero(segments_T == segment, as_tuple=True)
            [places_A] = torch.nonzero(is_answer_BT[row, columns_T], as_tuple=True)
            if len(places_A):
                yield UnpackedExample(
                    ids=rows["input_ids"][row, columns_T],
                    before=places_A - 1,
                    rows=number_BT[row, columns_T[places_A]],
                )


def _groups(examples: Sequence[UnpackedExample]) -> Iterator[list[UnpackedExample]]:
    """Examples of about one length together, as many as fit TOKENS_AT_ONCE once padded."""
    group: list[UnpackedExample] = []
    for example in sorted(examples, key=lambda example: len(example.ids)):
        if group and len(example.ids) * (len(group) + 1) > TOKENS_AT_ONCE:
            yield group
            group = []
        group.append(example)
    if group:
        yield group


def load_teacher(
    name: str, tokenizer: Tokenizer, *, device: str = "cpu", dtype: torch.dtype = torch.float32
) -> Teacher:
    """Load a teacher of logits: a directory or a name on the Hugging Face hub.

    Args:
        name: of an hrm_text checkpoint in float, or of any causal model of transformers.
        tokenizer: the student's, which must be the teacher's too.
        device: torch's name of it.
        dtype: of the teacher's weights.

    Raises:
        CheckpointError: nothing there, no safetensors, a model that needs code of its own, another tokenizer.
    """
    check_same_tokenizer(tokenizer, tokenizer_json(name), name)
    settings = {"dtype": dtype, "use_safetensors": True}
    try:
        config = AutoConfig.from_pretrained(name, trust_remote_code=False)
        if config.model_type == MODEL_TYPE:
            return HrmTeacher(AnswerModel.from_pretrained(name, **settings).to(device))
        model = AutoModelForCausalLM.from_pretrained(name, trust_remote_code=False, **settings)
    except (OSError, ValueError) as error:
        raise CheckpointError(unloadable(name, error)) from error
    return CausalTeacher(model.to(device), name)


def lessons(
    settings: DistillationSettings, tokenizer: Tokenizer, student: Architecture, *, device: str
) -> Callable[[Batch, int], Lesson]:
    """What a teacher says of packed rows at a number of cycles.

    Raises:
        CheckpointError: as load_teacher; or its states are to be learned and it is not of the student's sizes.
    """
    teacher = load_teacher(settings.teacher, tokenizer, device=device)
    if settings.states_weight and not (isinstance(teacher, HrmTeacher) and teacher.is_of_sizes(student)):
        raise CheckpointError(
            f"{settings.teacher} is not of the student's sizes, so that its hidden states cannot be the student's: "
            "leave out --distill-states"
        )

    def lesson(rows: Batch, cycles: int) -> Lesson:
        return Lesson(
            reading=teacher.read(rows, cycles),
            weight=settings.weight,
            temperature=settings.temperature,
            states_weight=settings.states_weight,
        )

    return lesson


def unloadable(name: str, error: Exception) -> str:
    """One line for what transformers says in several."""
    reason = str(error).strip().split("\n")[0]
    return f"{name} cannot be a teacher ({reason}): give a causal model in safetensors that transformers itself knows"


def tokenizer_json(name: str) -> str:
    """The tokenizer.json of a directory or of a model on the hub.

    Raises:
        CheckpointError: it has none.
    """
    local = Path(name) / "tokenizer.json"
    if local.is_file():
        return local.read_text(encoding="utf-8")
    try:
        found = AutoTokenizer.from_pretrained(name, trust_remote_code=False)
        return str(found.backend_tokenizer.to_str())
    except (OSError, ValueError, AttributeError, ImportError) as error:
        raise CheckpointError(f"{name} has no tokenizer that can be read as tokenizer.json: {MEND}") from error


def check_same_tokenizer(ours: Tokenizer, theirs_json: str, name: str) -> None:
    """The same token for every id, and the same merges; else logits of one say nothing about tokens of the other.

    Raises:
        CheckpointError: they differ; the message says where, and what to do instead.
    """
    difference = _difference(json.loads(ours.to_json()), json.loads(Tokenizer.from_json(theirs_json).to_json()))
    if difference:
        raise CheckpointError(f"{name} has another tokenizer ({difference}): {MEND}")


def _difference(ours: Mapping[str, Any], theirs: Mapping[str, Any]) -> str | None:
    our_tokens, their_tokens = _tokens(ours), _tokens(theirs)
    for token_id in sorted(our_tokens.keys() | their_tokens.keys()):
        our, their = our_tokens.get(token_id), their_tokens.get(token_id)
        if our != their:
            return f"its token {token_id} is {their!r} and the student's {our!r}"
    our_merges, their_merges = _merges(ours), _merges(theirs)
    if our_merges != their_merges:
        same = sum(1 for _ in _common_start(our_merges, their_merges))
        return f"{len(their_merges)} merges to the student's {len(our_merges)}, the first {same} alike"
    return None


def _tokens(tokenizer: Mapping[str, Any]) -> dict[int, str]:
    """Id → token, added ones included; a Unigram vocabulary is a list."""
    vocabulary = tokenizer["model"].get("vocab", {})
    if isinstance(vocabulary, list):
        found = {token_id: str(entry[0]) for token_id, entry in enumerate(vocabulary)}
    else:
        found = {token_id: token for token, token_id in vocabulary.items()}
    return found | {added["id"]: added["content"] for added in tokenizer.get("added_tokens", ())}


def _merges(tokenizer: Mapping[str, Any]) -> list[tuple[str, str]]:
    merges = tokenizer["model"].get("merges") or []
    pairs = (merge.split(" ", 1) if isinstance(merge, str) else merge for merge in merges)
    return [(left, right) for left, right in pairs]


def _common_start(ours: Sequence[Any], theirs: Sequence[Any]) -> Iterator[Any]:
    for our, their in zip(ours, theirs, strict=False):
        if our != their:
            return
        yield our
