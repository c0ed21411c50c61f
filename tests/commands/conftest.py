"""`cli("info", path)`: a command line run in this process, exactly as the `hrm-edge` script runs it."""

import io
import sys
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from hrm_edge.cli import main


@dataclass(frozen=True)
class Result:
    """What a person gets: exit code, standard output, standard error."""

    code: int
    out: str
    err: str


@pytest.fixture
def cli(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """Run `hrm-edge` with arguments of any type; `stdin` is what is piped in."""

    def run(*arguments: object, stdin: bytes = b"") -> Result:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main([str(argument) for argument in arguments])
        captured = capsys.readouterr()
        return Result(int(ended.value.code or 0), captured.out, captured.err)

    return run
