"""The mix of a build as one figure: shares of sources, tasks and languages, difficulty, length, what was dropped."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from hrm_edge.errors import DataError, RuntimeUnavailableError
from hrm_edge.files import whole_file
from hrm_edge.train.data.pipeline.stats import DIFFICULTY_BINS, Share, Stats

if TYPE_CHECKING:
    from matplotlib.axes import Axes

FORMATS = (".svg", ".png")
_BLUE, _GREEN, _RED = "#3b6ea8", "#4f9d69", "#b8493f"
_MOST_BARS = 12
_SETTINGS = {
    "svg.fonttype": "none",
    "svg.hashsalt": "hrm-edge",  # the same build gives the same file
    "text.parse_math": False,
    "font.size": 9,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.titlesize": 10,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
}


def require_plot(path: Path) -> None:
    """Before anything long, see that a plot could be written.

    Raises:
        DataError: the name ends in neither .svg nor .png.
        RuntimeUnavailableError: matplotlib is not installed.
    """
    if path.suffix not in FORMATS:
        raise DataError(f"--plot {path}: the name must end in {' or '.join(FORMATS)}")
    try:
        import matplotlib.figure  # noqa: F401
    except ImportError:
        raise RuntimeUnavailableError(
            'the plot needs matplotlib, which is not installed: pip install "hrm-edge[train]"'
        ) from None


def plot_stats(stats: Stats, path: Path) -> None:
    """Write the figure. Raises ExportError where it cannot be written."""
    import matplotlib
    from matplotlib.figure import Figure

    with matplotlib.rc_context(_SETTINGS):
        figure = Figure(figsize=(11, 9), layout="constrained")
        axes = figure.subplots(3, 2)
        _shares(axes[0, 0], "Tokens by source", stats.sources, stats.tokens)
        _shares(axes[0, 1], "Tokens by task", stats.tasks, stats.tokens)
        _shares(axes[1, 0], "Tokens by language", stats.languages, stats.tokens)
        _difficulty(axes[1, 1], stats)
        _bars(axes[2, 0], "Examples by length in tokens", list(stats.lengths), list(stats.lengths.values()), _GREEN)
        _dropped(axes[2, 1], stats)
        figure.suptitle(
            f"{stats.name}: {stats.tokens:,} tokens, {stats.examples:,} examples, {stats.padding_share:.1%} padding"
        )
        with whole_file(path) as part:
            figure.savefig(part, format=path.suffix[1:], dpi=120, metadata=_metadata(path))


def _metadata(path: Path) -> dict[str, None]:
    """No date in the file."""
    return {"Date": None} if path.suffix == ".svg" else {}


def _shares(axes: "Axes", title: str, mix: Mapping[str, Share], total: int) -> None:
    names = list(mix)[:_MOST_BARS]
    shares = [100 * mix[name].tokens / max(total, 1) for name in names]
    _horizontal(axes, title, names, shares, "% of the tokens", _BLUE, "{:.1f} %")


def _dropped(axes: "Axes", stats: Stats) -> None:
    totals = {rule: sum(counts.values()) for rule, counts in stats.dropped.items()}
    names = sorted(totals, key=lambda rule: -totals[rule])
    if not names:
        axes.set_title("Nothing was dropped")
        axes.set_axis_off()
        return
    _horizontal(axes, "Examples dropped", names, [totals[name] for name in names], "examples", _RED, "{:,.0f}")


def _horizontal(
    axes: "Axes", title: str, names: Sequence[str], values: Sequence[float], unit: str, color: str, form: str
) -> None:
    places = range(len(names))
    axes.barh(places, values, color=color)
    axes.set_yticks(places, names)
    axes.set_ylim(max(len(names), 5) - 0.5, -0.5)
    axes.set_title(title)
    axes.set_xlabel(unit)
    axes.margins(x=0.18)
    for place, value in zip(places, values, strict=True):
        axes.text(value, place, f" {form.format(value)}", va="center")


def _difficulty(axes: "Axes", stats: Stats) -> None:
    width = 1 / DIFFICULTY_BINS
    middles = [width * (place + 0.5) for place in range(DIFFICULTY_BINS)]
    axes.bar(middles, stats.difficulty, width=0.9 * width, color=_GREEN)
    axes.set_xlim(0, 1)
    axes.set_title("Examples by difficulty")
    axes.set_xlabel(f"0 easiest, 1 hardest; unknown of {stats.difficulty_unknown:,}")


def _bars(axes: "Axes", title: str, names: Sequence[str], values: Sequence[int], color: str) -> None:
    places = range(len(names))
    axes.bar(places, values, color=color)
    axes.set_xticks(places, [name.removeprefix("up to ").replace("more than ", ">") for name in names])
    axes.set_title(title)
    axes.set_xlabel("up to")
