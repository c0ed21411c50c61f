"""A model card beside every training: what it learned from, how long, and its loss curve as a picture.

The card says what was measured and nothing else; accuracy is added by whoever measures the finished file.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from hrm_edge.architecture import Architecture
from hrm_edge.train.data.pipeline.shards import Shards
from hrm_edge.train.held_out import HELD_OUT_SHARE

SOURCES = {
    "curriculum": "hrm-edge's own curriculum",
    "recipes": "hrm-edge's own shell recipes",
    "tool-use": "hrm-edge's own tool use, run in temporary repositories",
    "tldr": "tldr-pages, English pages for common, Linux and macOS (tldr-pages team and contributors)",
    "nl2bash": "NL2Bash (Lin et al. 2018)",
    "cheatsheets": "cheat/cheatsheets and chubin/cheat.sheets",
    "mbpp": "MBPP, train split (Austin et al. 2021, Google Research)",
    "python-puzzles": "Python Programming Puzzles (Schuster et al. 2021)",
    "gsm8k": "GSM8K, train split (Cobbe et al. 2021)",
    "exercism-canonical": "Exercism's problem specifications",
    "own": "lines of the user's own",
}
"""Source name → what it is and whom to thank."""


def write_card(
    out: Path, *, name: str, config: Mapping[str, Any], shards: Shards, history: list[dict[str, Any]]
) -> None:
    """Write README.md and loss.png into `out`.

    Args:
        config: the model's config.json.
        shards: what it was trained on.
        history: the trainer's log, one dict per entry.
    """
    _draw_loss(out / "loss.png", history)
    architecture = Architecture.from_config(config)
    millions = architecture.parameter_count() / 1e6
    inner_millions = architecture.parameter_count(embeddings=False) / 1e6
    tokens = max((int(entry.get("num_input_tokens_seen", 0)) for entry in history), default=0)
    text = f"""# {name}

{millions:.1f}M parameters ({inner_millions:.1f}M without embeddings): two stacks of
{architecture.num_layers_per_stack} layers, hidden size {architecture.hidden_size},
{architecture.h_cycles}×{architecture.l_cycles} cycles, vocabulary {architecture.vocab_size}.

Tokens seen in training: {tokens:,}, padding included.

![training and held-out loss](loss.png)

## Held-out loss

{_loss_table(history)}

## Data

{_data_table(shards)}

Held out by the hash of its group, never learned from: {HELD_OUT_SHARE:.0%} of the groups of every source. No evaluation
set was trained on; docs/data.md says how overlaps are found and dropped.
"""
    (out / "README.md").write_text(text, encoding="utf-8")


def _loss_table(history: Sequence[Mapping[str, Any]]) -> str:
    measured = [entry for entry in history if "eval_loss" in entry]
    if not measured:
        return "Not measured."
    last = measured[-1]
    best = min(measured, key=lambda entry: float(entry["eval_loss"]))
    rows = [f"Nats per answer token at step {last['step']}, the last.", "", "| part | loss |", "|---|---|"]
    names = {"eval_loss": "all"} | {key: key.removeprefix("eval_loss_").replace("_", " ") for key in sorted(last)
                                    if key.startswith("eval_loss_")}  # fmt: skip
    rows += [f"| {label} | {last[key]:.3f} |" for key, label in names.items()]
    if best["eval_loss"] < last["eval_loss"]:
        rows += ["", f"It was lower at step {best['step']}, {best['eval_loss']:.3f}: best/ holds those weights."]
    return "\n".join(rows)


def _data_table(shards: Shards) -> str:
    counts: Counter[tuple[str, str]] = Counter()
    for shard in shards.shards:
        for batch in shard.batches:
            sources, licences = (batch.column(name).flatten().to_pylist() for name in ("source", "licence"))
            counts.update(zip(sources, licences, strict=True))
    rows = ["| data | licence | examples |", "|---|---|---|"]
    for (source, licence), count in sorted(counts.items()):
        rows.append(f"| {SOURCES.get(source, source)} | {licence} | {count:,} |")
    return "\n".join(rows)


def _draw_loss(path: Path, history: list[dict[str, Any]]) -> None:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(7, 3.5), layout="constrained")
    axes = figure.subplots()
    for key, label in (("loss", "training"), ("eval_loss", "held out")):
        points = [(entry["step"], entry[key]) for entry in history if key in entry]
        axes.plot([step for step, _ in points], [loss for _, loss in points], label=label)
    axes.set_xlabel("step")
    axes.set_ylabel("cross-entropy, nats per answer token")
    axes.grid(alpha=0.3)
    axes.legend()
    figure.savefig(path, dpi=110)
