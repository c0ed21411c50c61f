"""Where the model is that a command is to open."""

from pathlib import Path

from hrm_edge.runtimes.options import RuntimeOptions


def model_path(model: str | None, options: RuntimeOptions) -> Path:
    """The embedded model for None, else a path or what the store has under a name for these options.

    Raises:
        ModelStoreError: the name means nothing here.
    """
    if model is None:
        from hrm_edge.models import embedded_model_path

        return embedded_model_path()
    from hrm_edge.model_store import resolve_model

    # A conversion's files are of the model's own depth; another depth is exported from its directory.
    return resolve_model(model, runtime=options.runtime if options.cycles is None else None)
