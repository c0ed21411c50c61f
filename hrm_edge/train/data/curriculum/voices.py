"""The ways a problem is told: documentation, a terse line, an exercise, an interview, a contest.

Each voice writes a request from a Telling. What it says about values it takes from the tests, so it cannot contradict
them; tests read the examples back out of thousands of requests and compare them with the references of the atoms.
"""

import random
from collections.abc import Callable, Mapping

from hrm_edge.prompt import fenced
from hrm_edge.train.data.curriculum.problem import CurriculumProblem
from hrm_edge.train.data.curriculum.telling import Telling, kind_words
from hrm_edge.train.data.ir.types import INT, STR, List
from hrm_edge.train.data.renderers.renderer import Case, Renderer, reads_lines

Voice = Callable[[Telling], str]


def tell(
    problem: CurriculumProblem, renderer: Renderer, rng: random.Random, *, whole_program: bool = False
) -> tuple[str, str]:
    """(voice, request) in a voice drawn for it.

    Args:
        problem, renderer: what is told, for which language.
        rng: draws the voice and its words.
        whole_program: whether there is a program that reads its input, which the contest voice asks for.
    """
    names = [name for name in VOICES if name != "contest" or (whole_program and reads_lines(problem.program))]
    name = rng.choices(names, [_WEIGHTS[name] for name in names])[0]
    return name, VOICES[name](Telling(problem, renderer, rng))


def _documentation(telling: Telling) -> str:
    lines = [telling.sentence(telling.rng.choice(("Return", "Returns", "Compute", "Gives")))]
    if claim := telling.claims():
        lines.append(claim)
    if telling.rng.random() < 0.7:
        lines.extend(["", *_calls(telling, telling.rng.randint(1, 3))])
    stub = fenced(telling.renderer.stub(telling.problem.program, "\n".join(lines)), telling.renderer.language)
    lead = telling.rng.choice(("Complete this function.", "Fill in the body.", f"Finish the {telling.title} code.", ""))
    return f"{lead}\n\n{stub}" if lead else stub


def _terse(telling: Telling) -> str:
    first, phrase = telling.result()
    told = f"{first} {phrase[:1].upper()}{phrase[1:]}" if first else phrase
    return telling.rng.choice(
        (
            f"{telling.title}: `{telling.head}`: {told}",
            f"{told}, in {telling.title}, as `{telling.name}`",
            f"{telling.title} function {telling.name}: {told}",
            f"`{telling.head}` in {telling.title}\n{told}",
        )
    )


def _asserted(telling: Telling) -> str:
    verb = telling.rng.choice(("to return", "that returns", "which gives", "to find"))
    first, phrase = telling.result()
    lines = [f"Write a {telling.title} function {verb} {phrase}."]
    if first:
        lines = [f"{first} Write a {telling.title} function {verb} {phrase}."]
    count = telling.rng.randint(1, 3)
    if telling.renderer.language == "python":
        lines.extend(f"assert {telling.call(c)} == {telling.value(c)}" for c in telling.draw_examples(count))
    else:
        lines.extend(_calls(telling, count))
    return "\n".join(lines)


def _exercise(telling: Telling) -> str:
    heading = telling.problem.program.entry.name.replace("_", " ").capitalize()
    lines = [
        f"# {heading}",
        "",
        telling.rng.choice(
            (
                f"Your task is the {telling.title} function `{telling.name}`. It takes {telling.parameters()}.",
                f"Implement `{telling.name}` in {telling.title}. You are given {telling.parameters()}.",
            )
        ),
        "",
        telling.sentence(telling.rng.choice(("It returns", "Return", "The result is"))),
    ]
    if claim := telling.claims():
        lines.append(claim)
    if telling.rng.random() < 0.7:
        lines.extend(["", "## Examples", "", *(f"- {line}" for line in _calls(telling, telling.rng.randint(1, 3)))])
    lines.extend(["", fenced(telling.head, telling.renderer.language)])
    return "\n".join(lines)


def _interview(telling: Telling) -> str:
    kind = kind_words(telling.problem.program.entry.result)
    first, phrase = telling.result()
    if first:
        asked = telling.rng.choice((f".\n{first} Compute {phrase}.", f".\n{first} I would like to have {phrase}."))
    else:
        asked = telling.rng.choice((f", how would you compute {phrase}?", f", I would like to have {phrase}."))
    lines = [
        f"Given {telling.parameters()}{asked}",
        f"Write it in {telling.title} as `{telling.head}`; the result is {kind}.",
    ]
    if telling.rng.random() < 0.5:
        lines.append(f"For instance, {' and '.join(_calls(telling, telling.rng.randint(1, 2)))}.")
    if claim := telling.claims():
        lines.append(claim)
    return "\n".join(lines)


def _chat(telling: Telling) -> str:
    first, phrase = telling.result()
    asked = telling.rng.choice(
        (
            f"please write me a {telling.title} function that gives {phrase}",
            f"I need a function in {telling.title} for {phrase}",
            f"can you show me how to get {phrase} in {telling.title}",
            f"write {telling.title} code for {phrase}",
        )
    )
    text = f"{asked}, call it `{telling.name}`"
    if telling.rng.random() < 0.4:
        text += f" ({', '.join(_calls(telling, 1))})"
    return f"{text}\n{first}" if first else text


def _contest(telling: Telling) -> str:
    entry = telling.problem.program.entry
    lines = [telling.sentence(telling.rng.choice(("Find", "Compute", "Print"))), "", "Input", ""]
    for place, parameter in enumerate(entry.parameters):
        what = "The input has one line" if len(entry.parameters) == 1 else f"Line {place + 1}"
        lines.append(
            f"{what}{':' if len(entry.parameters) == 1 else ' holds'} {_line_words(parameter.type)}, "
            f"`{telling.parameter(parameter.name)}`."
        )
    lines.extend(["", "Output", "", _output_words(entry.result)])
    for number, case in enumerate(telling.draw_examples(telling.rng.randint(1, 2)), start=1):
        lines.extend(["", f"Sample Input {number}", "", *stdin_lines(case)])
        lines.extend(["", f"Sample Output {number}", "", stdout_line(case.result)])
    lines.extend(["", f"Write the whole program in {telling.title}; it reads standard input."])
    return "\n".join(lines)


def _calls(telling: Telling, count: int) -> list[str]:
    form = telling.rng.choice(("{} == {}", "{} returns {}", "{} → {}", "{} gives {}"))
    return [form.format(telling.call(case), telling.value(case)) for case in telling.draw_examples(count)]


def stdin_lines(case: Case) -> list[str]:
    """The input of a program that reads the arguments, one a line."""
    return [_line(value) for value in case.arguments]


def stdout_line(value: object) -> str:
    """What that program prints."""
    return str(value).lower() if isinstance(value, bool) else _line(value)


def _line(value: object) -> str:
    return " ".join(map(str, value)) if isinstance(value, list) else str(value)


def _line_words(kind: object) -> str:
    words = {
        INT: "an integer",
        STR: "a string",
        List(INT): "integers with blanks between them (it is empty if there are none)",
    }
    return words[kind]


def _output_words(kind: object) -> str:
    words = {
        "int": "Print one integer.",
        "str": "Print one line with the string.",
        "bool": "Print `true` or `false`.",
        "list[int]": "Print the integers on one line, with blanks between them.",
    }
    return words[str(kind)]


VOICES: Mapping[str, Voice] = {
    "documentation": _documentation,
    "terse": _terse,
    "asserted": _asserted,
    "exercise": _exercise,
    "interview": _interview,
    "chat": _chat,
    "contest": _contest,
}
_WEIGHTS: Mapping[str, float] = {
    "documentation": 4,
    "terse": 2,
    "asserted": 3,
    "exercise": 2,
    "interview": 1.5,
    "chat": 2,
    "contest": 1.5,
}
