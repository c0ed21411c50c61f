"""One training example, whatever it comes from: a request, a response, and what is known about both."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Task(StrEnum):
    """What an example teaches; the scenario of recipes, shards and statistics."""

    GENERATION = "generation"
    REPAIR = "self-repair"
    TEST_OUTPUT = "test-output-prediction"
    EXECUTION = "execution"
    EDIT = "edit"
    TRANSFER = "transfer"
    TEST_WRITING = "test-writing"
    REVERSE = "reverse"
    SHELL = "shell"
    TOOL_USE = "tool-use"
    REASONING = "reasoning"


@dataclass(frozen=True, kw_only=True)
class TrainingExample:
    """A request and the whole response, fence included, as render_prompt and render_answer take them."""

    request: str
    response: str
    task: Task
    language: str
    """A name of languages.LANGUAGES, or `text` for prose."""
    source: str
    """The data set's name, as in recipes, statistics and model cards; `curriculum` for our own."""
    licence: str
    """SPDX identifier of the source's licence."""
    group: str
    """What the example is about (`mbpp/602`, `curriculum/17`). Examples of one group stay on one side of every
    split."""
    difficulty: float | None = None
    """0 easiest to 1 hardest; None where nobody knows."""
    executed: bool | None = None
    """Whether the code in the response has been run and did what it should; None where there is nothing to run, or no
    one has."""
    contest_date: date | None = None
