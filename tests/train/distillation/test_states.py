"""Distillation of states: the formula, the states of transformers' own model, and what is no teacher for it."""

import dataclasses

import numpy as np
import pytest
import torch
from random_models import random_ids, save_random_model
from transformers import HrmTextForCausalLM

from hrm_edge.architecture import Architecture
from hrm_edge.errors import CheckpointError
from hrm_edge.tokenizer import Tokenizer
from hrm_edge.train.answer_model import AnswerModel
from hrm_edge.train.config import DistillationSettings
from hrm_edge.train.distillation.loss import Lesson
from hrm_edge.train.distillation.states import state_error
from hrm_edge.train.distillation.teachers import HrmTeacher, lessons
from hrm_edge.train.packed_rows import Batch, collate, row_of

EXAMPLES = [
    (random_ids(7, seed=1), random_ids(5, seed=2)),
    (random_ids(3, seed=3), random_ids(11, seed=4)),
    (random_ids(9, seed=5), random_ids(2, seed=6)),
]
ROWS = collate([row_of(EXAMPLES[:2]), row_of(EXAMPLES[2:])])


def test_error_is_the_mean_squared_relative_one_over_passes_and_tokens():
    torch.manual_seed(0)
    student = [torch.randn(2, 5, 8, requires_grad=True) for _ in range(3)]
    teacher = [torch.randn(2, 5, 8, requires_grad=True) for _ in range(3)]
    is_token = torch.tensor([[True] * 5, [True, True, False, False, False]])
    found = state_error(student, teacher, is_token)
    errors = []
    for ours, theirs in zip(student, teacher, strict=True):
        for row, column in np.argwhere(is_token.numpy()):
            z, wanted = ours[row, column].detach().numpy(), theirs[row, column].detach().numpy()
            errors.append((np.linalg.norm(z - wanted) / np.linalg.norm(wanted)) ** 2)
    assert found.item() == pytest.approx(np.mean(errors), rel=1e-5)
    found.backward()
    assert student[0].grad[1, 2:].abs().sum() == 0
    assert student[0].grad[0].abs().min() > 0
    assert all(state.grad is None for state in teacher)


def test_padding_alone_has_no_error():
    states = [torch.randn(1, 4, 8)]
    assert state_error(states, [state + 1 for state in states], torch.zeros(1, 4, dtype=torch.bool)).item() == 0


def test_states_of_packed_rows_are_those_of_each_example_alone_in_transformers(tmp_path):
    directory = save_random_model(tmp_path)
    model = AnswerModel.from_pretrained(directory, dtype=torch.float32).eval()
    with torch.inference_mode():
        packed = model.stack_states(ROWS, model.config.H_cycles)
    reference = HrmTextForCausalLM.from_pretrained(directory, dtype=torch.float32).eval()
    heard: list[torch.Tensor] = []
    for stack in (reference.model.L_module, reference.model.H_module):
        stack.register_forward_hook(lambda _module, _inputs, output: heard.append(output[0]))
    assert len(packed) == reference.config.H_cycles * (reference.config.L_cycles + 1)
    place = {0: (0, 0), 1: (0, len(EXAMPLES[0][0]) + len(EXAMPLES[0][1])), 2: (1, 0)}
    for number, (request, answer) in enumerate(EXAMPLES):
        heard.clear()
        block = torch.tensor([[1] * len(request) + [0] * len(answer)])
        with torch.inference_mode():
            reference(torch.tensor([request + answer]), token_type_ids=block, use_cache=False)
        row, start = place[number]
        for ours, theirs in zip(packed, heard, strict=True):
            found = ours[row, start : start + len(request) + len(answer)]
            torch.testing.assert_close(found, theirs, rtol=1e-4, atol=1e-4)


def changed(directory) -> AnswerModel:
    """A student that is not its teacher."""
    torch.manual_seed(3)
    model = AnswerModel.from_pretrained(directory, dtype=torch.float32).eval()
    with torch.no_grad():
        for weight in model.parameters():
            weight.add_(0.02 * torch.randn_like(weight))
    return model


def part(rows: Batch, row: int) -> Batch:
    return {name: column[row : row + 1] for name, column in rows.items()}


def test_parts_of_a_step_add_up_and_states_come_on_top_of_the_answers(tmp_path):
    directory = save_random_model(tmp_path)
    teacher, student = HrmTeacher(AnswerModel.from_pretrained(directory, dtype=torch.float32)), changed(directory)
    with torch.inference_mode():
        reading = teacher.read(ROWS, 2)
        plain = student(lesson=Lesson(reading=reading), cycles=2, **ROWS)["loss"]
        taught = student(lesson=Lesson(reading=reading, states_weight=10), cycles=2, **ROWS)["loss"]
        error = state_error(student.stack_states(ROWS, 2), reading.stacks, ROWS["segment_ids"] > 0)
        of_parts = [
            student(
                lesson=Lesson(reading=teacher.read(part(ROWS, row), 2), states_weight=10),
                cycles=2, num_items_in_batch=18, **part(ROWS, row),
            )["loss"]
            for row in range(2)
        ]  # fmt: skip
        errors = [
            state_error(
                student.stack_states(part(ROWS, row), 2), teacher.read(part(ROWS, row), 2).stacks,
                part(ROWS, row)["segment_ids"] > 0,
            )
            for row in range(2)
        ]  # fmt: skip
    assert error.item() > 0
    assert taught.item() == pytest.approx((plain + 10 * error).item(), rel=1e-5)
    assert sum(of_parts).item() == pytest.approx((plain + 10 * (16 * errors[0] + 2 * errors[1]) / 18).item(), rel=1e-5)


def test_teacher_of_other_sizes_has_no_states_for_the_student(tmp_path):
    directory = save_random_model(tmp_path)
    tokenizer = Tokenizer.from_json((directory / "tokenizer.json").read_text(encoding="utf-8"))
    sizes = Architecture.from_config(AnswerModel.from_pretrained(directory).config.to_dict())
    settings = DistillationSettings(teacher=str(directory), states_weight=1)
    lesson = lessons(settings, tokenizer, sizes, device="cpu")(ROWS, 1)
    assert len(lesson.reading.stacks) == sizes.l_cycles + 1
    other = dataclasses.replace(sizes, l_cycles=sizes.l_cycles + 1)
    with pytest.raises(CheckpointError, match="is not of the student's sizes, so that its hidden states"):
        lessons(settings, tokenizer, other, device="cpu")
