"""How sources word a request: several ways for each task, among them those of the benchmarks the model will meet."""

import random
from collections.abc import Sequence

from hrm_edge.languages import LANGUAGES
from hrm_edge.prompt import fenced


def complete_function(start: str, language: str, rng: random.Random) -> str:
    """Documentation and signature are given, the whole code is asked for."""
    title = LANGUAGES[language].title
    ask = rng.choice(
        (
            f"Complete this {title} function. Answer with the whole code.",
            f"Write the whole {title} function that this begins.",
            f"Implement this in {title}.",
        )
    )
    return f"{ask}\n{fenced(start.strip(), language)}"


def write_with_tests(task: str, tests: Sequence[str], language: str, rng: random.Random) -> str:
    """A task in words and the tests it must pass; some of them, or only the first."""
    title = LANGUAGES[language].title
    match rng.randrange(3):
        case 0:
            return f"{task}\n{tests[0]}"
        case 1:
            listed = "\n".join(tests)
            return (
                f"You are an expert {title} programmer, and here is your task: {task}\n"
                f"Your code should pass these tests:\n\n{listed}"
            )
    return f"{task}\nFor example:\n{fenced(tests[0], language)}"


def translate(code: str, source: str, target: str, head: str, rng: random.Random) -> str:
    """Code in one language is given, the same is asked for in another, with this head."""
    here, there = LANGUAGES[source].title, LANGUAGES[target].title
    ask = rng.choice(
        (
            f"Translate this {here} code to {there}.",
            f"Rewrite this {here} code in {there}.",
            f"Port this from {here} to {there}.",
        )
    )
    return f"{ask} Begin with `{head}`.\n{fenced(code, source)}"


def complete_assertion(task: str, start: str, call: str, rng: random.Random) -> str:
    """A function is described and its head given; what a call returns is asked for."""
    if rng.random() < 0.5:
        return (
            f"Problem:\n{task}\nFunction:\n```\n{start}\n```\n"
            f"Please complete the following test case:\n\n```\nassert {call} == # TODO\n```"
        )
    return f"{task}\n{fenced(start, 'python')}\nComplete the test: assert {call} == ??"


def predict_output(code: str, call: str, rng: random.Random) -> str:
    """Python code is given; what a call returns is asked for."""
    if rng.random() < 0.5:
        return f"What does this return? Complete the assertion.\n[PYTHON]\n{code}\nassert {call} == ??\n[/PYTHON]"
    return f"{fenced(code, 'python')}\nRun it in your head and complete: assert {call} == ??"


def write_tests(task: str, start: str, language: str, rng: random.Random) -> str:
    """A function is described and its head given; tests are asked for."""
    title = LANGUAGES[language].title
    ask = rng.choice(
        (
            f"Write {title} tests for this function.",
            f"Write tests in {title} for what is described here.",
            f"Which tests would you write for this {title} function? Give the code.",
        )
    )
    return f"{ask}\n{task}\n{fenced(start, language)}"


def describe(code: str, language: str, rng: random.Random) -> str:
    """Code is given, what it does is asked for."""
    asks = (
        "Say in one sentence what this code is for.",
        "Which task does this code solve?",
        "Describe what this does.",
    )
    if language == "bash":
        asks = ("What does this command do?", "Explain this command in one sentence.", "Describe what this does.")
    return f"{rng.choice(asks)}\n{fenced(code, language)}"
