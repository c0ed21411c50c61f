"""How fast a preset trains on this machine: tokens a second, and the share of its arithmetic that is the model's.

    python benchmarks/training_throughput.py --preset nano [--rows 8] [--longest 256] [--steps 5] [--compile]

The model's own arithmetic (model FLOPs, as in PaLM, arXiv:2204.02311, appendix B): 6 operations per weight, token and
use of the weight, with every cycle a use, and 12 per attention invocation, token pair seen and hidden unit; the head
counts on answer tokens at each exit. What is computed twice or masked away does not count. The peak is measured: the
best of a few large bfloat16 products on the same device. Steps of every depth alternate; medians of all. Ends with one
line of JSON.
"""

import argparse
import json
import platform
import statistics
import time
from collections.abc import Callable

import torch
from transformers import HrmTextConfig

from hrm_edge.architecture import PRESETS, Architecture
from hrm_edge.train.answer_model import AnswerModel, answers_of
from hrm_edge.train.optimizer import MuonAdamW
from hrm_edge.train.packed_rows import Batch, collate, row_of

REQUEST, ANSWER = 70, 50
"""Tokens of an example: what the curriculum's are like on average."""


def main() -> None:
    """Measure and print."""
    options = arguments()
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    architecture = PRESETS[options.preset]
    attention = "sdpa" if device.type == "cuda" else "eager"
    model = AnswerModel._from_config(HrmTextConfig(**architecture.to_config()), attn_implementation=attention)
    model.to(device)
    if options.compile:
        for layer in [*model.model.L_module.layers, *model.model.H_module.layers]:
            layer.compile(dynamic=False)
    optimizer = MuonAdamW(model, learning_rate=1e-4, weight_decay=0.0)
    rows = {name: column.to(device) for name, column in batch(options.rows, options.longest).items()}
    tokens = rows["input_ids"].numel()
    depths = range(1, architecture.h_cycles + 1)
    seconds: dict[int, list[float]] = {cycles: [] for cycles in depths}
    for number in range(options.steps + 2):
        for cycles in depths:
            took = timed(lambda cycles=cycles: step(model, optimizer, rows, cycles), device)
            if number >= 2:  # the first ones compile and allocate
                seconds[cycles].append(took)
    peak = peak_flops(device)
    found = {
        f"{cycles} cycles": {
            "tokens_per_s": tokens / (middle := statistics.median(seconds[cycles])),
            "spread_tokens_per_s": [tokens / max(seconds[cycles]), tokens / min(seconds[cycles])],
            "model_flops_utilisation": flops(architecture, rows, cycles) / middle / peak,
        }
        for cycles in depths
    }
    print("cycles      tokens/s  [slowest, fastest]  model FLOPs utilisation")
    for name, figures in found.items():
        low, high = figures["spread_tokens_per_s"]
        print(
            f"{name}  {figures['tokens_per_s']:10,.0f}  [{low:,.0f}, {high:,.0f}]  "
            f"{figures['model_flops_utilisation']:.1%}"
        )
    name = torch.cuda.get_device_name() if device.type == "cuda" else platform.processor() or platform.machine()
    print(
        json.dumps(
            {
                "preset": options.preset, "device": name, "threads": torch.get_num_threads(), "rows": options.rows,
                "longest": options.longest, "steps": options.steps, "compiled": options.compile,
                "measured_peak_bf16_flops": peak, "torch": torch.__version__, **found,
            }
        )
    )  # fmt: skip


def arguments() -> argparse.Namespace:
    """Of the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--preset", choices=PRESETS, default="nano")
    parser.add_argument("--rows", type=int, default=8)
    parser.add_argument("--longest", type=int, default=256)
    parser.add_argument("--steps", type=int, default=5)
    parser.add_argument("--compile", action="store_true")
    return parser.parse_args()


def batch(rows: int, longest: int) -> Batch:
    """Rows full of examples of random tokens."""
    generator = torch.Generator().manual_seed(0)
    count = longest // (REQUEST + ANSWER)
    drawn = torch.randint(3, 8192, (rows, count, REQUEST + ANSWER), generator=generator).tolist()
    return collate([row_of([(ids[:REQUEST], ids[REQUEST:]) for ids in examples]) for examples in drawn])


def step(model: AnswerModel, optimizer: MuonAdamW, rows: Batch, cycles: int) -> None:
    """One whole optimizer step."""
    with torch.autocast(model.device.type, dtype=torch.bfloat16):
        loss = model(cycles=cycles, **rows)["loss"]
    loss.backward()
    optimizer.step()
    optimizer.zero_grad()


def timed(work: Callable[[], None], device: torch.device) -> float:
    """Seconds until it is really done."""
    start = time.perf_counter()
    work()
    if device.type == "cuda":
        torch.cuda.synchronize()
    return time.perf_counter() - start


def flops(architecture: Architecture, rows: Batch, cycles: int) -> float:
    """Model FLOPs of one forward and backward pass."""
    tokens = int(rows["segment_ids"].count_nonzero())
    stacks = architecture.parameter_count(embeddings=False) - architecture.hidden_size
    uses = cycles * (architecture.l_cycles * stacks / 2 + stacks / 2)
    seen = REQUEST * REQUEST + sum(REQUEST + place + 1 for place in range(ANSWER))
    pairs = tokens / (REQUEST + ANSWER) * seen
    invocations = architecture.num_layers_per_stack * cycles * (architecture.l_cycles + 1)
    head = cycles * answers_of(rows).numel() * architecture.vocab_size * architecture.hidden_size
    return 6 * (uses * tokens + head) + 12 * invocations * pairs * architecture.attention_size


def peak_flops(device: torch.device) -> float:
    """Operations a second of the best of some large bfloat16 products."""
    size = 8192 if device.type == "cuda" else 2048
    left, right = (torch.randn(size, size, device=device, dtype=torch.bfloat16) for _ in range(2))
    best = min(timed(lambda: torch.mm(left, right), device) for _ in range(8))
    return 2 * size**3 / best


if __name__ == "__main__":
    main()
