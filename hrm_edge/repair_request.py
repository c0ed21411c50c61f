"""How a model is asked to mend a program: the wrong code, the test it fails, and what it should do.

Training draws one of these forms for every example (hrm_edge.train.data.scenarios.repair), so whoever asks a trained
model for a repair is to use the same words.
"""

from hrm_edge.languages import LANGUAGES
from hrm_edge.prompt import fenced

REPAIR_REQUESTS = (
    "{task}\n{block}\nThis code is wrong. {failure}\nAnswer with the whole code, mended.",
    "Fix this {title} code.\n{block}\n{task}\n{failure}",
    "{block}\n{failure}\n{task} Find the bug and mend it.",
    "{task}\n\n{block}\n\nThe above code is incorrect and got a wrong answer.\n{failure}",
)
"""`task` says what the code should do, `block` is the wrong code in its fence, `failure` is one of FAILURES."""
FAILURES = (
    "`{call}` returned {got}, expected {expected}.",
    "Failing test: {call} should be {expected} but is {got}.",
    "Input: {call}\nGenerated Output: {got}\nExpected: {expected}",
    "assertion failed: {call} == {expected}\n  left: {got}\n right: {expected}",
)
"""The test that fails, in words."""


def repair_request(task: str, code: str, language: str, failure: str) -> str:
    """The request to mend one answer; `language` is a name of LANGUAGES."""
    block = fenced(code.rstrip(), language)
    return REPAIR_REQUESTS[1].format(task=task, block=block, failure=failure, title=LANGUAGES[language].title)


def failure_in_words(call: str, got: str, expected: str) -> str:
    """A call that returned something else than it should."""
    return FAILURES[0].format(call=call, got=got, expected=expected)
