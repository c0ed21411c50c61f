"""Shell commands as text: the same words pass, the same template is noted."""

import pytest

from hrm_edge.problems.problem import ShellCommand
from hrm_edge.sandbox.build import Builder
from hrm_edge.sandbox.judges.texts import judge_shell_command
from hrm_edge.sandbox.unsafe import UnsafeSession
from hrm_edge.sandbox.verdict import Outcome


@pytest.mark.parametrize(
    ("answer", "outcome", "template"),
    [
        ("find . -name '*.py'", Outcome.PASSED, 1.0),
        ('find  .  -name "*.py"', Outcome.PASSED, 1.0),
        ("ls -l", Outcome.PASSED, 1.0),
        ("find /tmp -name x", Outcome.FAILED, 1.0),
        ("find . -iname '*.py'", Outcome.FAILED, 0.0),
        ("", Outcome.FAILED, 0.0),
        ("find . -name '*.py", Outcome.FAILED, 1.0),
    ],
)
def test_command_is_compared_with_every_reference(answer, outcome, template):
    check = ShellCommand(references=("find . -name '*.py'", "ls -l"))
    verdict = judge_shell_command(Builder(UnsafeSession(), {}), check, "bash", answer)
    assert (verdict.outcome, verdict.scores, verdict.mode) == (outcome, {"template": template}, "text")
