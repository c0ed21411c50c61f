"""Which model is loaded, and how."""

from dataclasses import dataclass

from hrm_edge.commands.model_path import model_path
from hrm_edge.commands.run.answering import Answerer
from hrm_edge.commands.terminal import export_notice
from hrm_edge.runtimes.options import RuntimeOptions


@dataclass(frozen=True, kw_only=True)
class Opening:
    """What a model is opened with."""

    model: str | None
    """A path or a name of the store; None is the embedded one."""
    options: RuntimeOptions

    def open(self) -> Answerer:
        """Load it. Errors as Answerer.load and model_path."""
        path = model_path(self.model, self.options)
        return Answerer.load(path, self.options, on_tensor=export_notice(path))
