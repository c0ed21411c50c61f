"""Answers that are compared as text: shell commands. Nothing is run."""

from hrm_edge.problems.problem import Answer, ShellCommand
from hrm_edge.sandbox.build import Builder
from hrm_edge.sandbox.judges.messages import single_text
from hrm_edge.sandbox.verdict import Failure, Outcome, Verdict
from hrm_edge.shell_match import template, words


def judge_shell_command(builder: Builder, check: ShellCommand, language: str, answer: Answer) -> Verdict:  # noqa: ARG001 - every judge takes the same
    """Passed where the words are those of a reference; `scores["template"]` is 1.0 where the template is (else 0.0)."""
    command = single_text(answer)
    exact = any(words(command) == words(reference) for reference in check.references)
    alike = any(template(command) == template(reference) for reference in check.references)
    return Verdict(
        outcome=Outcome.PASSED if exact else Outcome.FAILED,
        mode="text",
        tests=1,
        passed=int(exact),
        failure=None if exact else Failure(test=0, output=command[:500], expected="\n".join(check.references)),
        scores={"template": float(alike)},
    )
