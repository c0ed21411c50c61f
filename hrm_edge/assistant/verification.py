"""Whether an answer does what the examples of its request say: it is called in the sandbox, the host compares.

What an example says is Python's `==`, except that True is not 1: `f(4) == 2` holds where 2.0 comes back. In languages
that have one kind of sequence a list and a tuple are the same.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from hrm_edge.assistant.declared_types import type_of
from hrm_edge.assistant.example_calls import Example
from hrm_edge.assistant.executor import Executor
from hrm_edge.assistant.given_tests import GivenTests
from hrm_edge.assistant.targets import Target, choose_target, positional, targets_of
from hrm_edge.errors import DataError, SandboxError
from hrm_edge.function_heads import Function, with_function_name
from hrm_edge.languages import LANGUAGES
from hrm_edge.problems.problem import Signature
from hrm_edge.repair_request import failure_in_words
from hrm_edge.sandbox.judges.python_calls import CallResult
from hrm_edge.sandbox.typed_values import conform, parse_type
from hrm_edge.sandbox.values import equal, shown
from hrm_edge.sandbox.verdict import Outcome

CALLED_LANGUAGES = ("python", "javascript", "go", "rust", "cpp", "java")
"""Whose functions can be called with the values of an example."""
_STATIC = ("go", "rust", "cpp", "java")


@dataclass(frozen=True, kw_only=True)
class Verification:
    """What became of one answer."""

    code: str
    """The answer that was run: as it was given, or with its function called as the examples call it."""
    passed: int = 0
    total: int = 0
    failure: str = ""
    """The first example that does not hold, in words for people and for a repair; empty where all do."""
    unverified: str = ""
    """Why nothing could be run: no sandbox, no toolchain (with the line that installs it), nothing to call."""

    @property
    def verified(self) -> bool:
        """Whether there were examples and all of them hold."""
        return not self.unverified and 0 < self.passed == self.total

    @property
    def share(self) -> float:
        """Of the examples that hold."""
        return self.passed / self.total if self.total else 0.0


def verify(executor: Executor, code: str, language: str, examples: Sequence[Example]) -> Verification:
    """Call the answer as the examples do.

    Never raises for want of a sandbox or a toolchain: the verification then says why it is none.
    """
    total = len(examples)
    if not examples:
        return Verification(code=code, unverified="the request has no example")
    if language not in CALLED_LANGUAGES:
        title = LANGUAGES[language].title if language in LANGUAGES else language
        return Verification(code=code, total=total, unverified=f"{title} answers are not run")
    code = renamed(code, language, examples)
    results: list[tuple[Example, str]] = []
    try:
        for name in dict.fromkeys(example.function for example in examples):
            group = [example for example in examples if example.function == name]
            results += zip(group, _failures(executor, code, language, name, group), strict=True)
    except SandboxError as error:
        return Verification(code=code, total=total, unverified=str(error))
    failures = [failure for _, failure in results if failure]
    return Verification(code=code, passed=total - len(failures), total=total, failure=failures[0] if failures else "")


def verify_with_tests(executor: Executor, code: str, tests: GivenTests) -> Verification:
    """Run a test file against the answer. Never raises for want of a sandbox or a toolchain."""
    code = tests.importable(code)
    try:
        verdict = executor.judge(tests.check, tests.language, code)
    except SandboxError as error:
        return Verification(code=code, unverified=str(error))
    if not verdict.scored:
        return Verification(code=code, total=verdict.tests, unverified=verdict.message)
    if verdict.outcome is Outcome.PASSED:
        return Verification(code=code, passed=verdict.tests, total=verdict.tests)
    failed = verdict.failure.error if verdict.failure is not None and verdict.failure.error else verdict.message
    passed = min(verdict.passed, max(0, verdict.tests - 1))
    return Verification(code=code, passed=passed, total=max(1, verdict.tests), failure=failed or str(verdict.outcome))


def renamed(code: str, language: str, examples: Sequence[Example]) -> str:
    """The answer with its function called as the examples call it, where only the name is another."""
    names = {example.function for example in examples}
    if len(names) != 1 or (name := names.pop()) is None:
        return code
    count = len(examples[0].arguments) + len(examples[0].named)
    if choose_target(targets_of(code, language), name, count) is not None:
        return code
    return with_function_name(code, language, Function(name, count))


def _failures(executor: Executor, code: str, language: str, name: str | None, examples: Sequence[Example]) -> list[str]:
    """For each example why it does not hold; empty where it does."""
    targets = targets_of(code, language)
    count = len(examples[0].arguments) + len(examples[0].named)
    target = _target_for(targets, examples[0])
    if target is None:
        return [_missing(targets, name, count)] * len(examples)
    calls = [positional(target, example.arguments, example.named) for example in examples]
    made = [call for call in calls if call is not None]
    signature = signature_for(target, made, [example.expected for example in examples], language)
    if signature is None and language in _STATIC:
        return [f"the types of {target.name} cannot be told from the answer and the examples"] * len(examples)
    results = iter(executor.call(code, language, target, made, signature))
    return [
        f"{target.name} cannot be called with {count} arguments"
        if call is None
        else _failure(example, target, call, next(results), language, signature)
        for example, call in zip(examples, calls, strict=True)
    ]


def fits(code: str, language: str, examples: Sequence[Example]) -> bool:
    """Whether an answer takes and returns what the examples do, by its head alone: if not, it need not be run."""
    targets = targets_of(renamed(code, language, examples), language)
    return all(_fits(targets, example) for example in examples)


def _fits(targets: Sequence[Target], example: Example) -> bool:
    target = _target_for(targets, example)
    call = None if target is None else positional(target, example.arguments, example.named)
    if target is None or call is None:
        return False
    typed = [(parameter.type, value) for parameter, value in zip(target.parameters, call, strict=False)]
    return all(_is_of(kind, value) for kind, value in [*typed, (target.result, example.expected)])


def _is_of(kind: str | None, value: Any) -> bool:
    """Whether a value is of a type, as far as that is known."""
    if kind is not None:
        try:
            conform(parse_type(kind), value)
        except DataError:
            return False
    return True


def _target_for(targets: Sequence[Target], example: Example) -> Target | None:
    """The function that an example calls."""
    target = choose_target(targets, example.function, len(example.arguments) + len(example.named))
    whole = example.arguments
    if target is None and example.function is None and len(whole) == 1 and isinstance(whole[0], tuple):
        return choose_target(targets, None, len(whole[0]))
    return target


def _missing(targets: Sequence[Target], name: str | None, count: int) -> str:
    defined = ", ".join(target.name for target in targets) or "no function"
    asked = name if name is not None else f"a function of {count} {'argument' if count == 1 else 'arguments'}"
    return f"the code should define {asked}, but it defines {defined}"


def _failure(
    example: Example,
    target: Target,
    call: Sequence[Any],
    result: CallResult,
    language: str,
    signature: Signature | None,
) -> str:
    """Why an example does not hold, in the words that repairs were taught with."""
    written = f"{target.name}({', '.join(map(shown, call))})"
    if result.timed_out:
        return failure_in_words(written, "nothing in time", shown(example.expected))
    if result.error is not None:
        return failure_in_words(written, f"an error ({result.error})", shown(example.expected))
    if _holds(result.value, example.expected, language, signature):
        return ""
    return failure_in_words(written, shown(result.value), shown(example.expected))


def _holds(returned: Any, expected: Any, language: str, signature: Signature | None) -> bool:
    if language == "python":
        return python_equal(returned, expected)
    if signature is not None:
        try:
            expected = conform(parse_type(signature.result), expected)
        except DataError:
            return False
    return python_equal(_listed(returned), _listed(expected))


def python_equal(returned: Any, expected: Any) -> bool:
    """Python's `==`, with True and 1 apart at every depth."""
    if isinstance(returned, bool) != isinstance(expected, bool):
        return False
    if type(returned) is type(expected) and isinstance(expected, list | tuple):
        return len(returned) == len(expected) and all(map(python_equal, returned, expected))
    if isinstance(returned, dict) and isinstance(expected, dict):
        return equal(set(returned), set(expected)) and all(
            python_equal(returned[key], expected[key]) for key in expected
        )
    return equal(returned, expected)


def _listed(value: Any) -> Any:
    """With lists in place of tuples and sets, at every depth."""
    if isinstance(value, list | tuple):
        return [_listed(item) for item in value]
    if isinstance(value, dict):
        return {key: _listed(item) for key, item in value.items()}
    return value


def signature_for(
    target: Target, calls: Sequence[Sequence[Any]], expected: Sequence[Any], language: str
) -> Signature | None:
    """The types of a function: as it declares them, else those of the values. None where neither tells."""
    if language not in _STATIC:
        return None
    parameters = []
    for index, parameter in enumerate(target.parameters):
        values = [call[index] for call in calls if index < len(call)]
        parameters.append((parameter.name, parameter.type or type_of(values)))
    result = target.result or type_of(expected)
    if result is None or any(kind is None for _, kind in parameters):
        return None
    return Signature(parameters=tuple((name, str(kind)) for name, kind in parameters), result=result)
