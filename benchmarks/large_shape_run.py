"""The shape of HRM-Text-1B at 4 bits in both engines: load, memory at a full context, speed against the bandwidth.

    python benchmarks/convert_large_shape.py --directory /tmp/large
    python benchmarks/large_shape_run.py /tmp/large/1b-4bit [--context 2048] [--rounds 3] [--json FILE]

The directory holds model.gguf and model.onnx; the graph with an int8 KV cache is written beside them once.
For each engine (and `Llama`, by itself without the trained mask), in fresh processes, one model in memory at a time:

    load, cold and warm    importing the library and opening the model, its file dropped from the page cache or in it
    decode, short          tokens/s behind a prompt of SHORT_PROMPT tokens
    decode, full context   behind a prompt that leaves room for the answer alone, and the time to read that prompt
    peak RSS               of the process that did all this
    share of bandwidth     bytes that a token reads (weights and KV cache) times tokens/s over the measured bandwidth
    parity                 logits of a few tokens against transformers in bfloat16 and in float32, on the weights that
                           the 4-bit file dequantizes to; the second says how much of the first is bfloat16's own

Targets: peak RSS < 2 GB, warm load < 3 s, share of bandwidth >= 80 %.
"""

import argparse
import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from engine_sides import Side, SideProcess
from engines import deviation, random_ids
from measurement import spread, write_report

from hrm_edge.bench.bandwidth import Bandwidth, memory_bandwidth
from hrm_edge.bench.roofline import hrm_weight_traffic, kv_bytes_read
from hrm_edge.checkpoint import open_checkpoint
from hrm_edge.machine import describe_machine, usable_cores

SHORT_PROMPT, ANSWER = 32, 16
PARITY_PROMPT, PARITY_ANSWER = 16, 4
TARGET_BYTES, TARGET_LOAD_S, TARGET_SHARE = 2_000_000_000, 3.0, 0.8
ENGINES_TRAFFIC = {"Llama": "llama-cpp"}
"""Whose way of holding weights an engine has, where it is not its own."""


def sides_of(directory: Path, context: int) -> list[Side]:
    """Both engines of ours, ONNX Runtime with each KV type, and `Llama` with every core."""
    gguf = directory / "model.gguf"
    return [
        Side(name="llama-cpp q8_0", engine="llama-cpp", model=gguf, context_length=context),
        Side(name="onnx int8", engine="onnx", model=int8_graph(directory), context_length=context),
        Side(name="onnx f32", engine="onnx", model=directory / "model.onnx", context_length=context),
        Side(name="Llama", engine="Llama", model=gguf, threads=usable_cores(), context_length=context),
    ]


def int8_graph(directory: Path) -> Path:
    """The graph with a KV cache of 8 bits, exported if it is not there."""
    out = directory / "int8" / "model.onnx"
    if not out.exists():
        from hrm_edge.export.onnx_graph import export_onnx

        out.parent.mkdir(exist_ok=True)
        with open_checkpoint(directory) as checkpoint:
            export_onnx(checkpoint, out, kv_type="int8")
    return out


def files_of(side: Side) -> list[Path]:
    """What the engine reads."""
    return [path for path in (side.model, side.model.with_name(f"{side.model.name}.data")) if path.exists()]


def drop_from_page_cache(paths: Iterable[Path]) -> None:
    """So that the next reader gets them from the disk; pages that another process maps stay."""
    for path in paths:
        with path.open("rb") as file:
            os.fsync(file.fileno())
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def warm(paths: Iterable[Path]) -> None:
    for path in paths:
        with path.open("rb") as file:
            while file.read(2**24):
                pass


def measure_load(side: Side) -> dict[str, float]:
    """Seconds, cold and warm."""
    drop_from_page_cache(files_of(side))
    with SideProcess(side) as process:
        cold = process.loaded["load_s"]
    warm(files_of(side))
    with SideProcess(side) as process:
        return {"cold_s": cold, "warm_s": process.loaded["load_s"]}


def measure_side(side: Side, vocab_size: int, options: argparse.Namespace) -> dict[str, Any]:
    """Loads, then speeds and memory of one more process."""
    loads = [measure_load(side) for _ in range(options.rounds)]
    short = random_ids(vocab_size, SHORT_PROMPT, options.seed)
    full = random_ids(vocab_size, options.context - ANSWER, options.seed)
    with SideProcess(side) as process:
        process.answer(short, 2)
        decoded = [(ANSWER - 1) / process.answer(short, ANSWER)[1] for _ in range(options.rounds)]
        short_peak = process.peak_rss_bytes()
        read = [process.answer(full, ANSWER) for _ in range(options.full_rounds)]
        peak, kv_type = process.peak_rss_bytes(), process.loaded["kv_type"]
    return {
        "kv_type": kv_type,
        "load": {name: spread([load[name] for load in loads]) for name in ("cold_s", "warm_s")},
        "short": {"tokens_per_s": spread(decoded), "peak_rss_bytes": short_peak},
        "full": {
            "prefill_s": spread([ttft_s for ttft_s, _ in read]),
            "tokens_per_s": spread([(ANSWER - 1) / decode_s for _, decode_s in read]),
            "peak_rss_bytes": peak,
        },
    }


def add_shares(
    rows: dict[str, dict[str, Any]], sides: Sequence[Side], bandwidth: Bandwidth, directory: Path, context: int
) -> None:
    """Bytes a token reads and the share of the bandwidth, into each row; the verdicts too."""
    with open_checkpoint(directory) as checkpoint:
        architecture, bits = checkpoint.architecture, checkpoint.bits
    for side in sides:
        row = rows[side.name]
        weights = hrm_weight_traffic(architecture, bits, ENGINES_TRAFFIC.get(side.engine, side.engine)).per_token
        for name, prompt_tokens in (("short", SHORT_PROMPT), ("full", context - ANSWER)):
            kv_bytes = kv_bytes_read(
                architecture.kv_bytes_per_token(row["kv_type"]), prompt_tokens=prompt_tokens, answer_tokens=ANSWER
            )
            per_s = row[name]["tokens_per_s"]["median"]
            row[name] |= {
                "bytes_per_token": weights + kv_bytes,
                "share_of_bandwidth": per_s * (weights + kv_bytes) / bandwidth.bytes_per_s,
            }
        row["met"] = {
            "peak_rss": row["full"]["peak_rss_bytes"] < TARGET_BYTES,
            "load": row["load"]["warm_s"]["median"] < TARGET_LOAD_S,
            "bandwidth": row["short"]["share_of_bandwidth"] >= TARGET_SHARE,
        }


def measure_parity(sides: Sequence[Side], vocab_size: int, seed: int) -> dict[str, Any]:
    """Deviation of each engine of ours from transformers in both types, on given tokens."""
    prompt = random_ids(vocab_size, PARITY_PROMPT, seed)
    answer = random_ids(vocab_size, PARITY_ANSWER, seed + 1)
    exact = {}
    for dtype in ("bfloat16", "float32"):
        with SideProcess(Side(name=dtype, engine="transformers", model=sides[0].model, dtype=dtype)) as process:
            exact[dtype] = process.logits(prompt, answer)
    found = {"transformers bfloat16": {"float32": deviation(exact["float32"], exact["bfloat16"])}}
    for side in (side for side in sides if side.engine != "Llama"):
        with SideProcess(side) as process:
            ours = process.logits(prompt, answer)
        found[side.name] = {dtype: deviation(logits, ours) for dtype, logits in exact.items()}
    return found


def main() -> None:
    """Measure one side after the other and write the report."""
    options = arguments()
    sides = sides_of(options.directory, options.context)
    with open_checkpoint(sides[0].model) as checkpoint:
        vocab_size = checkpoint.architecture.vocab_size
    before = memory_bandwidth(describe_machine())
    rows = {side.name: measure_side(side, vocab_size, options) for side in sides if options.only in ("", side.name)}
    after = memory_bandwidth(describe_machine())
    bandwidth = max(before, after, key=lambda found: found.bytes_per_s)
    add_shares(rows, [side for side in sides if side.name in rows], bandwidth, options.directory, options.context)
    parity = None if options.without_parity else measure_parity(sides, vocab_size, options.seed)
    targets = {"peak_rss_bytes": TARGET_BYTES, "warm_load_s": TARGET_LOAD_S, "share_of_bandwidth": TARGET_SHARE}
    write_report(
        options.json,
        "large-shape",
        {name: value for name, value in vars(options).items() if name != "json"},
        {"bandwidth": bandwidth.to_json(), "targets": targets, "sides": rows, "parity": parity},
    )


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("directory", type=Path)
    parser.add_argument("--context", type=int, default=2048)
    parser.add_argument("--rounds", type=int, default=3, help="of loads and short answers")
    parser.add_argument("--full-rounds", type=int, default=1, help="of the full context, which takes a minute or two")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only", default="", help="the name of one side")
    parser.add_argument("--without-parity", action="store_true")
    parser.add_argument("--json", type=Path)
    return parser.parse_args()


if __name__ == "__main__":
    main()
