"""How fast the torch runtime answers, against transformers' own `generate` with the same weights.

    python benchmarks/pytorch_decode.py [--model PATH | --preset 1b] [--device cuda] [--compiled] [--prompt 128]
        [--answer 128] [--rounds 5] [--threads N]

One sequence, greedy, PrefixLM through `token_type_ids`; without --model or --preset the embedded model. A preset has
random weights and needs no file. The two sides alternate in one process, each with a copy of the model; both are warmed
up; medians of all rounds and their ratio. A decode rate is what the answer takes beyond its first token. On a GPU the
ceiling is printed too: the bytes that a token reads (weights once for every cycle that uses them, and the keys and
values) over the bandwidth of a large copy on the same card. Ends with one line of JSON.
"""

import argparse
import json
import platform
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
from transformers import HrmTextConfig, HrmTextForCausalLM

from hrm_edge.architecture import PRESETS, Architecture
from hrm_edge.bench.roofline import hrm_weight_traffic, kv_bytes_read
from hrm_edge.checkpoint import open_checkpoint
from hrm_edge.models import embedded_model_path
from hrm_edge.runtimes.pytorch.batch import PyTorchBatch
from hrm_edge.runtimes.pytorch.compiled import compile_layers
from hrm_edge.runtimes.pytorch.passes import ModelPasses
from hrm_edge.runtimes.pytorch.runtime import load_model, require_device

COPY_BYTES, COPIES = 2**30, 10

Answer = Callable[[list[int], int], list[int]]
"""Greedy tokens after a prompt, so many."""


def main() -> None:
    """Measure and print."""
    options = arguments()
    require_device(options.device)
    if options.threads is not None:
        torch.set_num_threads(options.threads)
    architecture, make = model_maker(options)
    prompt = torch.randint(3, architecture.vocab_size, (options.prompt,), generator=torch.manual_seed(0)).tolist()
    sides = {
        "hrm-edge": ours(make(), architecture, options, compiled=options.compiled),
        "transformers": theirs(make(), options.device),
    }
    for answer in sides.values():
        answer(prompt, options.answer)  # compiles and records, where it does
    found: dict[str, dict[str, list[float]]] = {name: {"first": [], "whole": []} for name in sides}
    answers: dict[str, list[int]] = {}
    for _ in range(options.rounds):
        for name, answer in sides.items():
            found[name]["first"].append(timed(lambda answer=answer: answer(prompt, 1), options.device)[0])
            seconds, answers[name] = timed(lambda answer=answer: answer(prompt, options.answer), options.device)
            found[name]["whole"].append(seconds)
    report(options, architecture, found, same=answers["hrm-edge"] == answers["transformers"])


def arguments() -> argparse.Namespace:
    """Of the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    source = parser.add_mutually_exclusive_group()
    source.add_argument("--model", type=Path, default=embedded_model_path())
    source.add_argument("--preset", choices=PRESETS)
    parser.add_argument("--device", choices=["cpu", "cuda", "mps"], default="cpu")
    parser.add_argument("--compiled", action="store_true")
    parser.add_argument("--prompt", type=int, default=128, help="tokens")
    parser.add_argument("--answer", type=int, default=128, help="tokens, at least 2")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--threads", type=int)
    return parser.parse_args()


def model_maker(options: argparse.Namespace) -> tuple[Architecture, Callable[[], Any]]:
    """The sizes, and what makes another copy of the model, float32 on the CPU and bfloat16 on a GPU."""
    dtype = type_on(options.device)
    if options.preset is None:
        with open_checkpoint(options.model) as checkpoint:
            architecture = checkpoint.architecture

        def read() -> Any:
            with open_checkpoint(options.model) as checkpoint:
                return load_model(checkpoint, architecture, options.device, dtype=str(dtype).removeprefix("torch."))

        return architecture, read
    architecture = PRESETS[options.preset]

    def draw() -> Any:
        torch.manual_seed(0)
        with torch.device(options.device):
            config = HrmTextConfig(**architecture.to_config(), dtype=dtype)
            return HrmTextForCausalLM._from_config(config, dtype=dtype).eval()

    return architecture, draw


def type_on(device: str) -> torch.dtype:
    """Of weights, keys and values."""
    return torch.float32 if device == "cpu" else torch.bfloat16


def ours(model: Any, architecture: Architecture, options: argparse.Namespace, *, compiled: bool) -> Answer:
    """The passes of PyTorchRuntime over a cache that stays from answer to answer."""
    if compiled:
        compile_layers(model)
    passes = ModelPasses(model, architecture, device=options.device, dtype=type_on(options.device), compiled=compiled)
    batch = PyTorchBatch(passes, capacity=1, context_length=options.prompt + options.answer)

    def answer(prompt: list[int], count: int) -> list[int]:
        sequence, logits_V = batch.prefill(prompt)
        found = [int(logits_V.argmax())]
        while len(found) < count:
            found.append(int(batch.decode({sequence: found[-1:]})[sequence][0].argmax()))
        batch.free(sequence)
        return found

    return answer


def theirs(model: Any, device: str) -> Answer:
    """`generate` as its documentation calls it."""

    def answer(prompt: list[int], count: int) -> list[int]:
        ids = torch.tensor([prompt], device=device)
        whole = model.generate(
            ids, token_type_ids=torch.ones_like(ids), attention_mask=torch.ones_like(ids), do_sample=False,
            max_new_tokens=count, eos_token_id=None, pad_token_id=0,
        )  # fmt: skip
        tokens: list[int] = whole[0, len(prompt) :].tolist()
        return tokens

    return answer


def timed(work: Callable[[], list[int]], device: str) -> tuple[float, list[int]]:
    """Seconds until it is really done, and what it gave."""
    start = time.perf_counter()
    tokens = work()
    if device == "cuda":
        torch.cuda.synchronize()
    return time.perf_counter() - start, tokens


def report(
    options: argparse.Namespace, architecture: Architecture, found: dict[str, dict[str, list[float]]], *, same: bool
) -> None:
    """The table and the line of JSON."""
    rows = {}
    for name, seconds in found.items():
        first, whole = statistics.median(seconds["first"]), statistics.median(seconds["whole"])
        rows[name] = {"ttft_s": first, "decode_tokens_per_s": (options.answer - 1) / (whole - first)}
    ratio = rows["hrm-edge"]["decode_tokens_per_s"] / rows["transformers"]["decode_tokens_per_s"]
    print("                 first token   decode")
    for name, row in rows.items():
        print(f"{name:14} {row['ttft_s'] * 1e3:10.1f} ms {row['decode_tokens_per_s']:8.1f} tokens/s")
    print(f"decode ratio {ratio:.2f}; the same tokens: {'yes' if same else 'no'}")
    ceiling = roofline(options, architecture) if options.device == "cuda" else None
    if ceiling is not None:
        share = rows["hrm-edge"]["decode_tokens_per_s"] / ceiling
        print(f"the card's bandwidth allows {ceiling:.1f} tokens/s: hrm-edge reaches {share:.0%}")
    name = torch.cuda.get_device_name() if options.device == "cuda" else platform.processor() or platform.machine()
    print(
        json.dumps(
            {
                "model": options.preset or str(options.model.name), "device": name, "threads": torch.get_num_threads(),
                "prompt": options.prompt, "answer": options.answer, "rounds": options.rounds,
                "compiled": options.compiled, "dtype": str(type_on(options.device)), "torch": torch.__version__,
                "same_tokens": same, "decode_ratio": ratio, "ceiling_tokens_per_s": ceiling, **rows,
            }
        )
    )  # fmt: skip


def roofline(options: argparse.Namespace, architecture: Architecture) -> float:
    """Tokens a second at which reading alone takes all of the card's bandwidth."""
    weights = hrm_weight_traffic(architecture, 32, "torch").per_token * type_on("cuda").itemsize / 4
    kv_bytes = kv_bytes_read(
        architecture.kv_bytes_per_token("f16"), prompt_tokens=options.prompt, answer_tokens=options.answer
    )
    source = torch.ones(COPY_BYTES, dtype=torch.uint8, device="cuda")
    target = torch.empty_like(source)

    def copy() -> list[int]:
        target.copy_(source)
        return []

    best = min(timed(copy, "cuda")[0] for _ in range(COPIES))
    return 2 * COPY_BYTES / best / (weights + kv_bytes)


if __name__ == "__main__":
    main()
