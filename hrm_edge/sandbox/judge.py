"""The one door to every judge: a check, a language and an answer in, a verdict out."""

from collections.abc import Mapping

from hrm_edge.languages import LANGUAGES
from hrm_edge.problems.problem import (
    Answer,
    Calls,
    Check,
    Prediction,
    PythonTests,
    ShellCommand,
    StdinTests,
    SuiteTests,
    TestOutput,
)
from hrm_edge.sandbox.build import Builder
from hrm_edge.sandbox.compile_cache import CompileCache
from hrm_edge.sandbox.session import Session
from hrm_edge.sandbox.toolchain import Toolchain
from hrm_edge.sandbox.verdict import Mode, Outcome, Verdict


class Judge:
    """Judges answers with one session."""

    def __init__(
        self, session: Session, toolchains: Mapping[str, Toolchain], cache: CompileCache | None = None
    ) -> None:
        self._builder = Builder(session, toolchains, cache)

    def judge(self, check: Check, language: str, answer: Answer) -> Verdict:
        """The verdict on one answer. Where the isolation itself fails it is asked once more, and then never scored."""
        if _runs(check) and self._builder.toolchain(language) is None:
            row = LANGUAGES[language]
            return Verdict(
                outcome=Outcome.UNSCORED,
                mode=_mode(check),
                message=f"{row.title} is not on this machine: {row.install}",
            )
        verdict = _dispatch(self._builder, check, language, answer)
        if verdict.outcome is Outcome.SANDBOX_ERROR:
            verdict = _dispatch(self._builder, check, language, answer)
        return verdict


def _runs(check: Check) -> bool:
    return not isinstance(check, ShellCommand | TestOutput)


def _mode(check: Check) -> Mode:
    if isinstance(check, SuiteTests):
        return "suite"
    return "text" if isinstance(check, ShellCommand) else "call"


def _dispatch(builder: Builder, check: Check, language: str, answer: Answer) -> Verdict:
    """Each judge is imported when its kind of check is met."""
    match check:
        case Calls():
            from hrm_edge.sandbox.judges.calls import judge_calls

            return judge_calls(builder, check, language, answer)
        case StdinTests():
            from hrm_edge.sandbox.judges.stdin_tests import judge_stdin_tests

            return judge_stdin_tests(builder, check, language, answer)
        case PythonTests():
            from hrm_edge.sandbox.judges.python_tests import judge_python_tests

            return judge_python_tests(builder, check, language, answer)
        case SuiteTests():
            from hrm_edge.sandbox.judges.suites import judge_suite

            return judge_suite(builder, check, language, answer)
        case Prediction():
            from hrm_edge.sandbox.judges.predictions import judge_prediction

            return judge_prediction(builder, check, language, answer)
        case TestOutput():
            from hrm_edge.sandbox.judges.predictions import judge_test_output

            return judge_test_output(builder, check, language, answer)
        case ShellCommand():
            from hrm_edge.sandbox.judges.texts import judge_shell_command

            return judge_shell_command(builder, check, language, answer)
