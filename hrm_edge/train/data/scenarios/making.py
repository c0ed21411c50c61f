"""What every scenario needs: examples about a problem, and failures as people see them."""

from hrm_edge.prompt import fenced
from hrm_edge.train.data.curriculum.emission import Emission
from hrm_edge.train.data.curriculum.problem import LICENCE, SOURCE
from hrm_edge.train.data.example import Task, TrainingExample

LONGEST_TEXT = 6000
"""Characters of request and response together: what is longer teaches little for its length."""


def example(
    emission: Emission, task: Task, request: str, response: str, *, language: str = ""
) -> TrainingExample | None:
    """An example about a problem; None where it is too long."""
    if len(request) + len(response) > LONGEST_TEXT:
        return None
    return TrainingExample(
        request=request,
        response=response,
        task=task,
        language=language or emission.renderer.language,
        source=SOURCE,
        licence=LICENCE,
        group=emission.problem.group,
        difficulty=emission.problem.difficulty,
        executed=True,
    )


def code_block(emission: Emission, code: str) -> str:
    """Code of the emission's language in its fence."""
    return fenced(code, emission.renderer.language)
