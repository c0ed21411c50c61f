"""What a command needs beyond the base installation, said in one line before anything is imported."""

import importlib.util

from hrm_edge.errors import RuntimeUnavailableError


def require_libraries(what: str, *names: str, extra: str = "train") -> None:
    """Raise RuntimeUnavailableError with the pip command unless all of `names`, which that extra of hrm-edge brings,
    are installed; `what` needs them."""
    for name in names:
        if importlib.util.find_spec(name) is None:
            raise RuntimeUnavailableError(
                f'{what} needs {name}, which is not installed: pip install "hrm-edge[{extra}]"'
            )
