"""What `datasets.load_from_disk` looks for beside Arrow files, so that a finished directory is a data set of it."""

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from hrm_edge.train.data.pipeline.manifest import write_json


def write_dataset_files(directory: Path, files: Sequence[str]) -> None:
    """Write state.json and dataset_info.json. The features are the files' own schema."""
    state: dict[str, Any] = {
        "_data_files": [{"filename": name} for name in files],
        "_fingerprint": hashlib.sha256("\n".join(files).encode()).hexdigest()[:16],
        "_format_columns": None,
        "_format_kwargs": {},
        "_format_type": None,
        "_output_all_columns": False,
        "_split": None,
    }
    write_json(directory / "dataset_info.json", {})
    write_json(directory / "state.json", state)
