"""Both engines beside llama.cpp's own Python class and transformers' generate, on the same weights.

    python benchmarks/engines.py [MODEL] [--what decode,prefill,kv,busy] [--rounds 7] [--json FILE]

MODEL is a .gguf, by default the embedded model. Every side runs in a process of its own (benchmarks/engine_sides.py);
in every round each takes its turn, and the first round warms up. Ratios are medians of the rounds' ratios.

    decode     tokens/s of a greedy answer after its first token, and the time of the whole answer: both engines with
               each type of KV cache, at all cycles and at one, `Llama` with as many threads as there are cores and as
               it comes, and transformers. Beside them the roofline: bytes read for a token over the bandwidth of a
               working set of the weights' size, and operations over the int8 peak (a large MatMulInteger)
    prefill    prompt tokens/s at each length
    kv         logits of an answer under each type of KV cache against the same engine's float32: largest difference
               over the largest logit, mean KL divergence, share of tokens whose most probable one is the same
    busy       decode on the quiet machine and with one more process that burns a core: our settings, and what one gets
               without them (as many threads as cores, idle ones spinning as long as the library has it)

`Llama` reads the prompt causally, so its answers differ; the work is the same. No answer ends before its last token.
"""

import argparse
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from engine_sides import Side, SideProcess
from int8_peak import int8_operations_per_s
from measurement import alternated, burning_core, ratio, spread, write_report
from numpy.typing import NDArray

from hrm_edge.architecture import Architecture
from hrm_edge.bench.bandwidth import bandwidth_at, memory_bandwidth
from hrm_edge.bench.roofline import hrm_weight_traffic, kv_bytes_read
from hrm_edge.checkpoint import open_checkpoint
from hrm_edge.export.onnx_graph import export_onnx
from hrm_edge.machine import describe_machine, usable_cores
from hrm_edge.models import embedded_model_path
from hrm_edge.runtimes.sampling import log_softmax

PARTS = ("decode", "prefill", "kv", "busy")
ORT_SPIN_US = 1000
"""What ONNX Runtime 1.31 spins where it is told nothing, about."""
TRANSFORMERS_TOKENS = 32
"""It takes ten times as long as the others: fewer tokens, of which the rate is taken."""
REFERENCES = {"llama-cpp": "llama-cpp f32", "onnx": "onnx f32"}

Files = Mapping[str, Path]
"""gguf, and the graphs made of it: onnx f32, onnx int8, onnx f32 1, onnx int8 1 (cycles)."""


@contextmanager
def exported(model: Path) -> Iterator[dict[str, Path]]:
    """Graphs of both KV types, at all cycles and at one."""
    with tempfile.TemporaryDirectory() as directory:
        files = {"gguf": model}
        for kv_type in ("f32", "int8"):
            for cycles in (None, 1):
                name = f"onnx {kv_type}" + ("" if cycles is None else " 1")
                files[name] = Path(directory) / f"{name.replace(' ', '-')}.onnx"
                with open_checkpoint(model) as checkpoint:
                    export_onnx(checkpoint, files[name], kv_type=kv_type, cycles=cycles)  # type: ignore[arg-type]
        yield files


def kv_sides(files: Files, *, exact: bool) -> list[Side]:
    """Both engines with each KV type; `exact` adds llama.cpp's float32."""
    llama_types = [*(["f32"] if exact else []), "f16", "q8_0", "q4_0"]
    return [
        *(Side(name=f"llama-cpp {kv}", engine="llama-cpp", model=files["gguf"], kv_type=kv) for kv in llama_types),
        *(Side(name=name, engine="onnx", model=files[name]) for name in ("onnx f32", "onnx int8")),
    ]


def llama_sides(files: Files) -> list[Side]:
    """`Llama` with every core, and as it comes."""
    return [
        Side(name="Llama", engine="Llama", model=files["gguf"], threads=usable_cores()),
        Side(name="Llama as it comes", engine="Llama", model=files["gguf"]),
    ]


def measure_decode(files: Files, prompt: Sequence[int], options: argparse.Namespace) -> dict[str, Any]:
    """Rates, whole answers, ratios to the better `Llama` and to transformers, and the roofline."""
    one_cycle = [
        Side(name="llama-cpp f16, 1 cycle", engine="llama-cpp", model=files["gguf"], kv_type="f16", cycles=1),
        Side(name="onnx f32, 1 cycle", engine="onnx", model=files["onnx f32 1"]),
        Side(name="onnx int8, 1 cycle", engine="onnx", model=files["onnx int8 1"]),
    ]
    sides = [*llama_sides(files), *kv_sides(files, exact=False), *one_cycle]
    if not options.without_transformers:
        sides.append(Side(name="transformers", engine="transformers", model=files["gguf"]))
    problems: dict[str, list[float]] = {side.name: [] for side in sides}

    def rate(side: Side, process: SideProcess) -> float:
        count = min(options.answer_tokens, TRANSFORMERS_TOKENS if side.engine == "transformers" else 10**9)
        ttft_s, decode_s = process.answer(prompt, count)
        problems[side.name].append(ttft_s + decode_s * (options.answer_tokens - 1) / (count - 1))
        return (count - 1) / decode_s

    with ExitStack() as stack:
        opened = {side.name: stack.enter_context(SideProcess(side)) for side in sides}
        rates = alternated(
            {side.name: partial(rate, side, opened[side.name]) for side in sides}, options.rounds
        )  # fmt: skip
        loaded = {name: process.loaded for name, process in opened.items()}
    better = max(("Llama", "Llama as it comes"), key=lambda name: spread(rates[name])["median"])
    rows = {
        side.name: {
            **loaded[side.name],
            "tokens_per_s": spread(rates[side.name]),
            "problem_s": spread(problems[side.name][1:]),
            "to_llama": ratio(rates[side.name], rates[better]),
            "to_transformers": ratio(rates[side.name], rates["transformers"]) if "transformers" in rates else None,
        }
        for side in sides
    }
    add_roofline(rows, files["gguf"], options)
    return {"better_llama": better, "sides": rows}


def add_roofline(rows: dict[str, dict[str, Any]], model: Path, options: argparse.Namespace) -> None:
    """Bytes and operations of a token, and the shares of bandwidth and peak, into the rows of our engines."""
    machine = describe_machine()
    memory, peak = memory_bandwidth(machine), int8_operations_per_s(machine.usable_cores)
    with open_checkpoint(model) as checkpoint:
        whole, bits = checkpoint.architecture, checkpoint.bits
    for name, row in rows.items():
        engine = next((engine for engine in REFERENCES if name.startswith(engine)), None)
        if engine is None:
            continue
        architecture = whole.with_cycles(1) if name.endswith("1 cycle") else whole
        weights = hrm_weight_traffic(architecture, bits, engine)
        kv_bytes = kv_bytes_read(
            architecture.kv_bytes_per_token(row["kv_type"]),
            prompt_tokens=options.prompt_tokens,
            answer_tokens=options.answer_tokens,
        )
        bandwidth = bandwidth_at(weights.held, machine, memory)
        per_s = row["tokens_per_s"]["median"]
        row["roofline"] = {
            "bytes_per_token": weights.per_token + kv_bytes,
            "bandwidth": bandwidth.to_json(),
            "share_of_bandwidth": per_s * (weights.per_token + kv_bytes) / bandwidth.bytes_per_s,
            "operations_per_token": operations_per_token(architecture),
            "int8_operations_per_s": peak,
            "share_of_int8_peak": per_s * operations_per_token(architecture) / peak,
        }


def operations_per_token(architecture: Architecture) -> int:
    """Multiplications and additions of the weights: both stacks are of one size, and each runs as its cycles say."""
    stack = architecture.parameter_count(embeddings=False) // 2
    head = architecture.vocab_size * architecture.hidden_size
    return 2 * (stack * architecture.h_cycles * (architecture.l_cycles + 1) + head)


def measure_prefill(files: Files, vocab_size: int, options: argparse.Namespace) -> dict[str, Any]:
    """Prompt tokens/s at each length."""
    sides = [*llama_sides(files)[:1], *(s for s in kv_sides(files, exact=False) if "q" not in s.name)]
    found: dict[str, Any] = {}
    for length in options.lengths:
        prompt = random_ids(vocab_size, length, options.seed)
        with ExitStack() as stack:
            opened = {side.name: stack.enter_context(SideProcess(side)) for side in sides}
            rates = alternated(
                {name: partial(prefill_rate, process, prompt) for name, process in opened.items()}, options.rounds
            )
        found[str(length)] = {
            name: {"tokens_per_s": spread(values), "to_llama": ratio(values, rates["Llama"])}
            for name, values in rates.items()
        }
    return found


def prefill_rate(process: SideProcess, prompt: Sequence[int]) -> float:
    return len(prompt) / process.answer(prompt, 1)[0]


def measure_kv(files: Files, prompt: Sequence[int], options: argparse.Namespace) -> dict[str, Any]:
    """Deviations from the same engine's float32 along its own greedy answer."""
    found: dict[str, Any] = {}
    with ExitStack() as stack:
        opened = {
            side.name: (side, stack.enter_context(SideProcess(side))) for side in kv_sides(files, exact=True)
        }  # fmt: skip
        for name, (side, process) in opened.items():
            reference = opened[REFERENCES[side.engine]][1]
            if process is not reference:
                answer = reference.tokens(prompt, options.answer_tokens)
                exact, ours = reference.logits(prompt, answer), process.logits(prompt, answer)
                found[name] = {"reference": REFERENCES[side.engine], "tokens": len(answer), **deviation(exact, ours)}
    return found


def deviation(exact_TV: NDArray[np.float32], ours_TV: NDArray[np.float32]) -> dict[str, float]:
    """Largest relative difference, mean KL divergence in nats, agreement of the most probable token."""
    exact, ours = (np.stack([log_softmax(row) for row in logits]) for logits in (exact_TV, ours_TV))
    return {
        "relative_error": float(np.abs(exact_TV - ours_TV).max() / np.abs(exact_TV).max()),
        "kl": float((np.exp(exact) * (exact - ours)).sum(-1).mean()),
        "top1": float((exact.argmax(-1) == ours.argmax(-1)).mean()),
    }


def measure_busy(files: Files, prompt: Sequence[int], options: argparse.Namespace) -> dict[str, Any]:
    """Decode tokens/s of our settings and of naive ones, on the quiet machine and beside a process that computes."""
    cores, onnx = usable_cores(), files["onnx int8"]
    sides = [
        Side(name="onnx", engine="onnx", model=onnx),
        Side(name="onnx naive", engine="onnx", model=onnx, threads=cores, spin_us=ORT_SPIN_US),
        Side(name="onnx 1 thread", engine="onnx", model=onnx, threads=1),
        Side(name="llama-cpp", engine="llama-cpp", model=files["gguf"]),
        Side(name="llama-cpp 1 thread", engine="llama-cpp", model=files["gguf"], threads=1),
        Side(name="Llama naive", engine="Llama", model=files["gguf"], threads=cores),
        Side(name="Llama as it comes", engine="Llama", model=files["gguf"]),
    ]
    count = min(options.answer_tokens, 50)
    with ExitStack() as stack:
        turns = {
            side.name: partial(decode_rate, stack.enter_context(SideProcess(side)), prompt, count) for side in sides
        }
        quiet = alternated(turns, options.rounds)
        with burning_core():
            busy = alternated(turns, options.rounds)
    return {
        name: {"quiet": spread(quiet[name]), "busy": spread(busy[name]), "kept": ratio(busy[name], quiet[name])}
        for name in turns
    }


def decode_rate(process: SideProcess, prompt: Sequence[int], count: int) -> float:
    return (count - 1) / process.answer(prompt, count)[1]


def random_ids(vocab_size: int, count: int, seed: int) -> list[int]:
    found: list[int] = np.random.default_rng(seed).integers(0, vocab_size, count).tolist()
    return found


def main() -> None:
    """Measure what was asked for and write the report."""
    options = arguments()
    with open_checkpoint(options.model) as checkpoint:
        vocab_size = checkpoint.architecture.vocab_size
    prompt = random_ids(vocab_size, options.prompt_tokens, options.seed)
    figures: dict[str, Any] = {}
    with exported(options.model) as files:
        if "decode" in options.what:
            figures["decode"] = measure_decode(files, prompt, options)
        if "prefill" in options.what:
            figures["prefill"] = measure_prefill(files, vocab_size, options)
        if "kv" in options.what:
            figures["kv"] = measure_kv(files, prompt, options)
        if "busy" in options.what:
            figures["busy"] = measure_busy(files, prompt, options)
    write_report(options.json, "engines", {n: v for n, v in vars(options).items() if n != "json"}, figures)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", type=Path, nargs="?", default=embedded_model_path())
    parser.add_argument("--what", type=lambda text: text.split(","), default=list(PARTS))
    parser.add_argument("--prompt-tokens", type=int, default=128)
    parser.add_argument("--answer-tokens", type=int, default=200)
    parser.add_argument("--lengths", type=lambda text: [int(n) for n in text.split(",")], default=[128, 512, 2048])
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--seed", type=int, default=0, help="of the prompt's random tokens")
    parser.add_argument("--without-transformers", action="store_true")
    parser.add_argument("--json", type=Path)
    return parser.parse_args()


if __name__ == "__main__":
    main()
