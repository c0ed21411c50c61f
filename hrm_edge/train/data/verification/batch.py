"""Many programs of one language in one: each with its own tests, compiled together, run once.

A compiler starts once for a hundred programs, which is what makes it possible to run everything that is taught. Each
program lives in a space of its own (module, namespace, package), so that two may use the same names. The batch runs in
the sandbox and prints `pass <number>` for each program all of whose tests pass; what is not printed did not.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from hrm_edge.sandbox.toolchain import Toolchain


@dataclass(frozen=True)
class Item:
    """One program of a batch."""

    solution: str
    tests: str
    """As Renderer.tests writes them."""


@dataclass(frozen=True, kw_only=True)
class Batch:
    """What is run."""

    files: Mapping[str, str]
    """Relative path → text."""
    script: str
    """For /bin/sh: compile, then run."""


class Batcher(Protocol):
    """One language."""

    language: str

    def batch(self, items: Sequence[Item], toolchain: Toolchain) -> Batch:
        """One program of all items."""
        ...


def passed_line(number: int) -> str:
    """What the batch prints for a program that passes."""
    return f"pass {number}"


def read_passed(output: str) -> frozenset[int]:
    """Numbers of the programs that passed."""
    lines = (line.split() for line in output.splitlines())
    return frozenset(int(words[1]) for words in lines if len(words) == 2 and words[0] == "pass" and words[1].isdigit())
