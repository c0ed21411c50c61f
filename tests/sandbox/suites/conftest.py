"""One sandbox and one cache of compilations for all suites."""

from collections.abc import Callable, Iterator

import pytest

from hrm_edge.errors import SandboxError
from hrm_edge.languages import LANGUAGES
from hrm_edge.problems.problem import Answer, SuiteTests
from hrm_edge.sandbox.build import Builder
from hrm_edge.sandbox.compile_cache import CompileCache
from hrm_edge.sandbox.judges.suites import judge_suite
from hrm_edge.sandbox.verdict import Verdict

JudgeSuite = Callable[[SuiteTests, str, Answer], Verdict]


@pytest.fixture(scope="session")
def suite_builder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Builder]:
    from hrm_edge.sandbox.open import open_sandbox
    from hrm_edge.sandbox.toolchains import find_toolchains

    toolchains = find_toolchains()
    cache = CompileCache(tmp_path_factory.mktemp("compiled"))
    try:
        sandbox = open_sandbox(toolchains=toolchains.values())
    except SandboxError as error:
        pytest.skip(f"needs a sandbox: {error}")
    with sandbox, sandbox.session() as session:
        yield Builder(session, toolchains, cache)


@pytest.fixture
def judge(suite_builder: Builder) -> JudgeSuite:
    """Judges one answer; the test is skipped where the language's toolchain is missing."""

    def judge_where_possible(check: SuiteTests, language: str, answer: Answer) -> Verdict:
        if suite_builder.toolchain(language) is None:
            pytest.skip(f"needs {LANGUAGES[language].title}: {LANGUAGES[language].install}")
        return judge_suite(suite_builder, check, language, answer)

    return judge_where_possible
