"""A model card beside every training: what it learned from, how long, and its loss curve as a picture.

The card says what was measured and nothing else; accuracy is added by whoever measures the finished file.
"""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from hrm_edge.architecture import Architecture
from hrm_edge.train.examples import Example

SOURCES = {
    "tldr": ("tldr-pages, English pages for common, Linux and macOS", "CC-BY-4.0, tldr-pages team and contributors"),
    "nl2bash": ("NL2Bash (Lin et al. 2018)", "MIT"),
    "cheatsheets": ("cheat/cheatsheets and chubin/cheat.sheets", "CC0-1.0 and MIT"),
    "mbpp": ("MBPP, train split (Austin et al. 2021)", "CC-BY-4.0, Google Research"),
    "recipes": ("hrm-edge's own shell recipes", "Apache-2.0"),
}
"""Source name → (what it is, licence and attribution)."""


def write_card(
    out: Path, *, name: str, architecture: Architecture, examples: Sequence[Example], history: list[dict[str, Any]]
) -> None:
    """Write README.md and loss.png into `out`. `history` is the trainer's log, one dict per entry."""
    _draw_loss(out / "loss.png", history)
    millions = architecture.parameter_count() / 1e6
    inner_millions = architecture.parameter_count(embeddings=False) / 1e6
    tokens = max((int(entry.get("num_input_tokens_seen", 0)) for entry in history), default=0)
    held_out = [(entry["step"], entry["eval_loss"]) for entry in history if "eval_loss" in entry]
    final = f"{held_out[-1][1]:.3f} nats per answer token at step {held_out[-1][0]}" if held_out else "not measured"
    text = f"""# {name}

{millions:.1f}M parameters ({inner_millions:.1f}M without embeddings): two stacks of
{architecture.num_layers_per_stack} layers, hidden size {architecture.hidden_size},
{architecture.h_cycles}×{architecture.l_cycles} cycles, vocabulary {architecture.vocab_size}.

Tokens seen in training: {tokens:,} (padding not counted). Loss on the held-out share: {final}.

![training and held-out loss](loss.png)

## Data

{_data_table(examples)}

Held out by the hash of its request, never trained on: 5 % of every source. No evaluation set was trained on.
"""
    (out / "README.md").write_text(text, encoding="utf-8")


def _data_table(examples: Sequence[Example]) -> str:
    shown = Counter(example.source for example in examples if not example.held_out)
    held = Counter(example.source for example in examples if example.held_out)
    rows = ["| data | licence | examples | held out |", "|---|---|---|---|"]
    for source in sorted(shown | held):
        what, licence = SOURCES.get(source, (source, "as its owner says"))
        rows.append(f"| {what} | {licence} | {shown[source]:,} | {held[source]:,} |")
    what, licence = SOURCES["recipes"]
    rows.append(f"| {what} | {licence} | generated | – |")
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
