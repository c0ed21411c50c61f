"""What a scenario is: a goal, a directory to start from, commands, and a check with its own proof.

A scenario draws a `Plan` per variant. The plan is only text; `runner.py` runs it and `making.py` turns what really
happened into examples. The proof looks at the check's output and compares it with what Python worked out from the
drawn values alone, so a run is not only recorded but shown to have reached its goal.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from hrm_edge.train.data.tools.draw import Draw


@dataclass(frozen=True, kw_only=True)
class Step:
    """One command of a plan."""

    command: str
    """Bash; several lines where they belong together. `@name@` stands for a value of `Plan.reads`."""
    fails: bool = False
    """It must end with another exit code than 0; a step that does not say so must end with 0."""
    says: str = ""
    """What its output must contain."""
    needed: bool = True
    """Whether the shortest way to the goal includes it; False for an attempt that fails and leaves nothing behind."""


@dataclass(frozen=True, kw_only=True)
class Ran:
    """A command and what it did. Paths of the machine are replaced by those of a fixed home."""

    command: str
    output: str
    """stdout and stderr as they came, without the last newline."""
    code: int
    before: str = ""
    """What the plan's `look` printed just before."""


@dataclass(frozen=True, kw_only=True)
class Record:
    """A plan's run."""

    steps: tuple[Ran, ...]
    check: Ran


Proof = Callable[[Record], bool]


@dataclass(frozen=True, kw_only=True)
class Plan:
    """A scenario with its values drawn."""

    goals: tuple[str, ...]
    """Several ways to ask for the same; each names everything that the commands need."""
    steps: tuple[Step, ...]
    check: str
    """A command whose output shows that the goal is reached."""
    proof: Proof
    files: Mapping[str, str] = field(default_factory=dict)
    """Relative path → content of the directory at the start."""
    setup: str = ""
    """Bash that runs after the files are there and may change the directory; it must succeed."""
    look: str = ""
    """A command that only reads and shows the state; run before each step. Empty: nothing worth showing."""
    reads: Mapping[str, str] = field(default_factory=dict)
    """Name → command that prints a value which only the state shows (a commit's hash): asked after the setup."""
    context: bool = False
    """Whether the goal cannot be reached without having seen what `look` prints; always so where there are `reads`."""
    predict: bool = False
    """Whether the check's output follows from files, setup and commands by hand."""
    answer: str = ""
    """For a question: the answer that the last step's output shows."""

    @property
    def needs_context(self) -> bool:
        """Whether a request must show what `look` prints."""
        return bool(self.reads) or self.context


@dataclass(frozen=True, kw_only=True)
class Scenario:
    """A kind of task, from which plans are drawn."""

    name: str
    """`git-amend-message`."""
    area: str
    """`git`, `files`, `text`, `build`, `python` or `debug`."""
    needs: tuple[str, ...]
    """Programs beside those every system has."""
    plan: Callable[[Draw], Plan]
    most: int | None = None
    """The most variants worth running, where one takes seconds; None for as many as are asked for."""


Drawer = Callable[[Draw], Plan]


class Catalogue:
    """Scenarios in the order in which they are written down."""

    def __init__(self, area: str) -> None:
        self._area = area
        self.scenarios: list[Scenario] = []

    def scenario(self, *needs: str, most: int | None = None) -> Callable[[Drawer], Drawer]:
        """Enter a function as a scenario; its name, with hyphens, follows the area's."""

        def enter(plan: Drawer) -> Drawer:
            name = f"{self._area}-{plan.__name__.replace('_', '-')}"
            self.scenarios.append(Scenario(name=name, area=self._area, needs=needs, plan=plan, most=most))
            return plan

        return enter


def prints(text: str) -> Proof:
    """The check prints exactly this, spaces at both ends of the whole aside."""
    return lambda record: record.check.output.strip() == text.strip()


def shows(*texts: str) -> Proof:
    """The check's output has each of the texts."""
    return lambda record: all(text in record.check.output for text in texts)
