"""The joint optimizer does what torch's own Muon and AdamW do, each on its parameters."""

import copy

import torch
from torch import nn
from torch.optim import AdamW, Muon

from hrm_edge.train.optimizer import MuonAdamW


class _Model(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        torch.manual_seed(0)
        self.embed_tokens = nn.Embedding(10, 8)
        self.L_module = nn.Linear(8, 8, bias=False)


def _step(model: _Model, *optimizers: torch.optim.Optimizer, seed: int) -> None:
    generator = torch.Generator().manual_seed(seed)
    for parameter in model.parameters():
        parameter.grad = torch.randn(parameter.shape, generator=generator)
    for optimizer in optimizers:
        optimizer.step()


def test_steps_equal_torchs_muon_on_stacks_and_adamw_on_the_embedding():
    ours, theirs = _Model(), _Model()
    joint = MuonAdamW(ours, learning_rate=0.01, weight_decay=0.1)
    muon = Muon([theirs.L_module.weight], lr=0.01, weight_decay=0.1, adjust_lr_fn="match_rms_adamw")
    adamw = AdamW([theirs.embed_tokens.weight], lr=0.01, weight_decay=0.1, betas=(0.9, 0.95))
    for seed in range(3):
        _step(ours, joint, seed=seed)
        _step(theirs, muon, adamw, seed=seed)
    torch.testing.assert_close(ours.state_dict(), theirs.state_dict())


def test_saved_state_continues_as_if_never_stopped():
    straight = _Model()
    optimizer = MuonAdamW(straight, learning_rate=0.01, weight_decay=0.1)
    _step(straight, optimizer, seed=0)
    resumed = copy.deepcopy(straight)
    other = MuonAdamW(resumed, learning_rate=0.01, weight_decay=0.1)
    other.load_state_dict(copy.deepcopy(optimizer.state_dict()))
    _step(straight, optimizer, seed=1)
    _step(resumed, other, seed=1)
    torch.testing.assert_close(straight.state_dict(), resumed.state_dict(), rtol=0, atol=0)
    assert other.param_groups[0]["lr"] == 0.01


def test_scheduler_reaches_both_parts():
    model = _Model()
    optimizer = MuonAdamW(model, learning_rate=1.0, weight_decay=0.0)
    scheduler = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: 0.5**step)
    before = model.embed_tokens.weight.clone()
    optimizer.step()
    scheduler.step()
    assert [group["lr"] for group in optimizer.param_groups] == [0.5, 0.5]
    torch.testing.assert_close(model.embed_tokens.weight, before)  # no gradient, no decay: no change
