"""Which model is loaded, and how."""

from dataclasses import dataclass

from hrm_edge.commands.run.answering import Answerer, model_path
from hrm_edge.commands.terminal import export_notice
from hrm_edge.runtimes.base import Cycles


@dataclass(frozen=True, kw_only=True)
class Opening:
    """What a model is opened with."""

    model: str | None
    """A path or a name of the store; None is the embedded one."""
    runtime: str
    device: str = "cpu"
    cycles: Cycles | None = None
    """None: as the model was trained."""
    threads: int | None = None

    def open(self) -> Answerer:
        """Load it. Errors as Answerer.load and model_path."""
        path = model_path(self.model, runtime=self.runtime if self.cycles is None else None)
        return Answerer.load(
            path,
            runtime=self.runtime,
            device=self.device,
            cycles=self.cycles,
            threads=self.threads,
            on_tensor=export_notice(path),
        )
