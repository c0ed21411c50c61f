"""Distillation: the loss is the papers' formula, whatever its pieces, and a teacher says what it says to one text."""

import numpy as np
import pytest
import torch
from random_models import random_ids, save_random_model, write_tiny_tokenizer
from torch import nn
from transformers import Gemma2Config, Gemma2ForCausalLM, HrmTextForCausalLM, LlamaConfig, LlamaForCausalLM

from hrm_edge.errors import CheckpointError, DataError
from hrm_edge.tokenizer import Tokenizer
from hrm_edge.train.answer_model import AnswerModel, answers_of
from hrm_edge.train.distillation import loss as distillation
from hrm_edge.train.distillation import teachers
from hrm_edge.train.distillation.loss import AnswerStates, distillation_loss
from hrm_edge.train.distillation.teachers import CausalTeacher, HrmTeacher, check_same_tokenizer, load_teacher
from hrm_edge.train.grid.quantization_aware import prepare_for_qat
from hrm_edge.train.packed_rows import collate, row_of

EXAMPLES = [
    (random_ids(7, seed=1), random_ids(5, seed=2)),
    (random_ids(3, seed=3), random_ids(11, seed=4)),
    (random_ids(9, seed=5), random_ids(2, seed=6)),
]
ROWS = collate([row_of(EXAMPLES[:2]), row_of(EXAMPLES[2:])])
ANSWERS = [token for _, answer in EXAMPLES for token in answer]
LLAMA = {"hidden_size": 32, "intermediate_size": 64, "num_hidden_layers": 2, "num_attention_heads": 4}


def states(count=13, vocabulary=17, seed=0) -> tuple[torch.Tensor, nn.Linear]:
    torch.manual_seed(seed)
    return torch.randn(count, 8, requires_grad=True), nn.Linear(8, vocabulary, bias=False)


def log_softmax(logits: np.ndarray) -> np.ndarray:
    return logits - np.log(np.exp(logits).sum(-1, keepdims=True))


def in_numpy(student: np.ndarray, teacher: np.ndarray, labels, weight: float, temperature: float) -> float:
    """Hinton et al. 2015 in double precision, summed over rows."""
    entropy = -log_softmax(student.astype(float))[np.arange(len(labels)), labels].sum()
    p, q = (np.exp(log_softmax(logits.astype(float) / temperature)) for logits in (teacher, student))
    return weight * temperature**2 * (p * np.log(p / q)).sum() + (1 - weight) * entropy


@pytest.mark.parametrize(("weight", "temperature"), [(1.0, 1.0), (0.0, 1.0), (0.3, 2.5)])
@pytest.mark.parametrize("at_once", [2**24, 60], ids=["whole", "three_rows_at_a_time"])
def test_loss_is_the_formula(weight, temperature, at_once, monkeypatch):
    monkeypatch.setattr(distillation, "LOGITS_AT_ONCE", at_once)
    (ours, our_head), (theirs, their_head) = states(), states(seed=1)
    labels = torch.tensor(random_ids(13, 17))
    found = distillation_loss(
        AnswerStates(hidden=ours, head=our_head),
        AnswerStates(hidden=theirs, head=their_head),
        labels,
        weight=weight,
        temperature=temperature,
    )
    logits = our_head(ours).detach().numpy(), their_head(theirs).detach().numpy()
    assert found.loss.item() == pytest.approx(in_numpy(*logits, labels.numpy(), weight, temperature), rel=1e-5)
    assert found.cross_entropy.item() == pytest.approx(in_numpy(*logits, labels.numpy(), 0, 1), rel=1e-5)
    assert found.divergence.item() * temperature**2 == pytest.approx(
        in_numpy(*logits, labels.numpy(), 1, temperature), rel=1e-5
    )


def test_gradients_of_the_pieces_are_those_of_the_whole(monkeypatch):
    """∂/∂logits of the divergence is softmax(s) − softmax(t), of the cross-entropy softmax(s) − onehot."""
    monkeypatch.setattr(distillation, "LOGITS_AT_ONCE", 60)
    (ours, our_head), (theirs, their_head) = states(), states(seed=1)
    labels = torch.tensor(random_ids(13, 17))
    student, teacher = AnswerStates(hidden=ours, head=our_head), AnswerStates(hidden=theirs, head=their_head)
    distillation_loss(student, teacher, labels, weight=0.25).loss.backward()
    s, t = (np.exp(log_softmax(x.logits(slice(None)).detach().double().numpy())) for x in (student, teacher))
    slopes = 0.25 * (s - t) + 0.75 * (s - np.eye(17)[labels.numpy()])
    np.testing.assert_allclose(our_head.weight.grad.numpy(), slopes.T @ ours.detach().numpy(), rtol=1e-4, atol=1e-6)
    np.testing.assert_allclose(ours.grad.numpy(), slopes @ our_head.weight.detach().numpy(), rtol=1e-4, atol=1e-6)
    assert theirs.grad is None
    assert their_head.weight.grad is None


def test_head_with_spare_rows_is_compared_on_the_tokens_both_have():
    (ours, our_head), (theirs, their_head) = states(), states(seed=1, vocabulary=24)
    labels = torch.tensor(random_ids(13, 17))
    cut = nn.Linear(8, 17, bias=False)
    cut.weight = nn.Parameter(their_head.weight[:17].detach())
    student = AnswerStates(hidden=ours, head=our_head)
    found, expected = (
        distillation_loss(student, AnswerStates(hidden=theirs, head=head), labels).loss for head in (their_head, cut)
    )
    assert found.item() == pytest.approx(expected.item())


def test_batch_without_answers_gives_a_loss_of_zero_with_a_gradient():
    (ours, our_head), (theirs, their_head) = states(0), states(0)
    student, teacher = AnswerStates(hidden=ours, head=our_head), AnswerStates(hidden=theirs, head=their_head)
    losses = distillation_loss(student, teacher, torch.zeros(0, dtype=torch.long))
    losses.loss.backward()
    assert losses.loss.item() == 0
    assert ours.grad is not None


@pytest.mark.parametrize(
    ("settings", "message"), [({"weight": 1.5}, "is 1.5: it must be from 0"), ({"temperature": 0.0}, "is 0.0: it must")]
)
def test_setting_out_of_range_is_refused(settings, message):
    (ours, head), labels = states(), torch.zeros(13, dtype=torch.long)
    same = AnswerStates(hidden=ours, head=head)
    with pytest.raises(DataError, match=message):
        distillation_loss(same, same, labels, **settings)


def test_quantized_student_learns_from_its_float_self(tmp_path):
    """The whole: divergence falls, through exits, packed rows, the tied head and gradients of the pieces."""
    directory = save_random_model(tmp_path)
    teacher = load_teacher(str(directory), tokenizer_of(directory))
    model = AnswerModel.from_pretrained(directory, dtype=torch.float32)
    prepare_for_qat(model, 4, learned_scales=False, activations=False)
    optimizer = torch.optim.Adam([p for p in model.parameters() if p.requires_grad], lr=5e-4)
    history = []
    for _ in range(12):
        hidden = distillation.before_answers(model.exits(ROWS, 2)[-1], ROWS)
        losses = distillation_loss(
            AnswerStates(hidden=hidden, head=model.lm_head), teacher.read(ROWS, 2).answers[-1], answers_of(ROWS)
        )
        optimizer.zero_grad()
        losses.loss.backward()
        optimizer.step()
        history.append(losses.divergence.item())
    assert 0 < history[-1] < history[0] * 0.6


def test_hrm_teacher_answers_at_every_depth_as_it_does_for_one_example_at_a_time(tmp_path):
    directory = save_random_model(tmp_path)
    found = HrmTeacher(AnswerModel.from_pretrained(directory, dtype=torch.float32)).read(ROWS, 3).answers
    for cycles, states in enumerate(found, 1):
        model = HrmTextForCausalLM.from_pretrained(directory, dtype=torch.float32, H_cycles=cycles)
        assert_answers_one_by_one(model, states)


def assert_answers_one_by_one(model, states) -> None:
    expected = []
    for request, answer in EXAMPLES:
        block = torch.tensor([[1] * len(request) + [0] * len(answer)])
        with torch.no_grad():
            logits = model(torch.tensor([request + answer]), token_type_ids=block, use_cache=False).logits[0]
        expected.append(logits[len(request) - 1 : -1])
    torch.testing.assert_close(states.logits(slice(None)), torch.cat(expected), rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("at_once", [10, 2**14], ids=["one_at_a_time", "padded_together"])
def test_causal_teacher_answers_as_it_does_for_one_example_at_a_time(at_once, monkeypatch):
    monkeypatch.setattr(teachers, "TOKENS_AT_ONCE", at_once)
    torch.manual_seed(0)
    model = LlamaForCausalLM(LlamaConfig(vocab_size=320, **LLAMA))
    found, again = CausalTeacher(model, "tiny").read(ROWS, 2).answers
    assert again is found
    expected = []
    for request, answer in EXAMPLES:
        with torch.no_grad():
            logits = model(torch.tensor([request + answer])).logits[0]
        expected.append(logits[len(request) - 1 : -1])
    torch.testing.assert_close(found.logits(slice(None)), torch.cat(expected), rtol=1e-4, atol=1e-5)
    assert answers_of(ROWS).tolist() == ANSWERS


def test_example_whose_answer_is_not_learned_from_is_left_out():
    rows = {name: column.clone() for name, column in ROWS.items()}
    rows["labels"][rows["segment_ids"] == 2] = -100
    examples = list(teachers.unpack(rows))
    assert [example.ids.tolist() for example in examples] == [a + b for a, b in EXAMPLES[::2]]
    assert [example.rows.tolist() for example in examples] == [[0, 1, 2, 3, 4], [5, 6]]


def test_rows_without_answers_give_no_states():
    rows = {**ROWS, "labels": torch.full_like(ROWS["labels"], -100)}
    model = LlamaForCausalLM(LlamaConfig(vocab_size=320, **LLAMA))
    assert CausalTeacher(model, "tiny").read(rows, 1).answers[0].hidden.shape == (0, 32)


def test_teacher_that_caps_its_logits_is_refused():
    config = Gemma2Config(vocab_size=320, num_key_value_heads=2, head_dim=8, final_logit_softcapping=0.5, **LLAMA)
    with pytest.raises(CheckpointError, match=r"big changes its logits after its head .* data distill"):
        CausalTeacher(Gemma2ForCausalLM(config), "big")


def tokenizer_of(directory) -> Tokenizer:
    return Tokenizer.from_json((directory / "tokenizer.json").read_text(encoding="utf-8"))


@pytest.fixture
def llama_dir(tmp_path):
    directory = tmp_path / "llama"
    LlamaForCausalLM(LlamaConfig(vocab_size=320, **LLAMA)).save_pretrained(directory)
    write_tiny_tokenizer(directory, 320)
    return directory


def test_causal_teacher_is_loaded_from_a_directory(llama_dir):
    assert isinstance(load_teacher(str(llama_dir), tokenizer_of(llama_dir)), CausalTeacher)


def test_tokenizer_as_transformers_writes_it_is_the_same(llama_dir):
    from transformers import PreTrainedTokenizerFast

    tokenizer = tokenizer_of(llama_dir)
    PreTrainedTokenizerFast(tokenizer_file=str(llama_dir / "tokenizer.json")).save_pretrained(llama_dir)
    check_same_tokenizer(tokenizer, teachers.tokenizer_json(str(llama_dir)), "llama")


def test_other_tokenizer_is_refused_with_the_first_difference_and_the_mend(llama_dir, tmp_path):
    smaller = Tokenizer.from_json(write_tiny_tokenizer(tmp_path, 300).read_text(encoding="utf-8"))
    with pytest.raises(
        CheckpointError, match=r"another tokenizer \(its token 300 is '.+' and the student's None\)"
    ) as e:
        load_teacher(str(llama_dir), smaller)
    assert str(e.value).endswith("hrm-edge data distill")
    assert "\n" not in str(e.value)


def test_other_merges_of_the_same_tokens_are_refused(llama_dir):
    import json

    parts = json.loads((llama_dir / "tokenizer.json").read_text(encoding="utf-8"))
    parts["model"]["merges"].reverse()
    with pytest.raises(CheckpointError, match=r"merges to the student's \d+, the first 0 alike"):
        check_same_tokenizer(tokenizer_of(llama_dir), json.dumps(parts), "llama")


def test_pickled_teacher_is_refused(llama_dir):
    torch.save({}, llama_dir / "pytorch_model.bin")
    (llama_dir / "model.safetensors").unlink()
    with pytest.raises(CheckpointError, match=r"cannot be a teacher .*safetensors"):
        load_teacher(str(llama_dir), tokenizer_of(llama_dir))


def test_teacher_that_wants_to_run_code_is_refused(llama_dir):
    (llama_dir / "config.json").write_text(
        '{"model_type": "own", "auto_map": {"AutoConfig": "own.Config", "AutoModelForCausalLM": "own.Model"}}'
    )
    (llama_dir / "own.py").write_text("raise SystemExit('the code was run')")
    with pytest.raises(CheckpointError, match="cannot be a teacher"):
        load_teacher(str(llama_dir), tokenizer_of(llama_dir))


def test_teacher_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(CheckpointError, match="nowhere has no tokenizer that can be read"):
        load_teacher(str(tmp_path / "nowhere"), tokenizer_of(save_random_model(tmp_path / "hrm")))
