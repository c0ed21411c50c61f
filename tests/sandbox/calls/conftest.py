"""One sandbox with every toolchain of this machine; compilations are not cached, so that every test compiles."""

from collections.abc import Callable, Iterator

import pytest

from hrm_edge.errors import SandboxError
from hrm_edge.languages import LANGUAGES
from hrm_edge.problems.problem import Answer, Check
from hrm_edge.sandbox.build import Builder
from hrm_edge.sandbox.judge import Judge
from hrm_edge.sandbox.session import Session
from hrm_edge.sandbox.toolchain import Toolchain
from hrm_edge.sandbox.toolchains import find_toolchains
from hrm_edge.sandbox.verdict import Verdict

JudgeAnswer = Callable[[Check, str, Answer], Verdict]


@pytest.fixture(scope="session")
def toolchains() -> dict[str, Toolchain]:
    return find_toolchains()


@pytest.fixture(scope="session")
def session(toolchains: dict[str, Toolchain]) -> Iterator[Session]:
    from hrm_edge.sandbox.open import open_sandbox

    try:
        sandbox = open_sandbox(toolchains=toolchains.values())
    except SandboxError as error:
        pytest.skip(f"needs a sandbox: {error}")
    with sandbox, sandbox.session() as session:
        yield session


@pytest.fixture
def judge(session: Session, toolchains: dict[str, Toolchain]) -> JudgeAnswer:
    """Judges one answer; the test is skipped where the language's toolchain is missing."""
    judge = Judge(session, toolchains)

    def judge_where_possible(check: Check, language: str, answer: Answer) -> Verdict:
        if language not in toolchains:
            pytest.skip(f"needs {LANGUAGES[language].title}: {LANGUAGES[language].install}")
        return judge.judge(check, language, answer)

    return judge_where_possible


@pytest.fixture
def builder(session: Session, toolchains: dict[str, Toolchain]) -> Builder:
    return Builder(session, toolchains)
