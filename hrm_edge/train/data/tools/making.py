"""From one run to examples: the block, the next command, the way out of an error, what is printed, a whole session."""

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass

from hrm_edge.prompt import fenced
from hrm_edge.train.data.example import Task, TrainingExample
from hrm_edge.train.data.tools.scenario import Plan, Ran, Record

LICENCE = "Apache-2.0"
LONGEST_REQUEST = 2600
"""Characters; what needs more state than that is no longer about the commands."""
LONGEST_PREDICTION = 300
_HASH = re.compile(r"\b[0-9a-f]{7,64}\b")
"""A commit's hash, or a checksum: nothing to predict by hand."""

_ASK_BLOCK = ("{goal}", "{goal}", "{goal} Give the commands.", "{goal} Which commands do that?")
_ASK_SINGLE = ("{goal}", "{goal}", "{goal} Give the command.", "{goal} One command.")
_ASK_NEXT = ("What is the next command?", "Which command comes next?", "Give the next command.")
_ASK_RECOVERY = (
    "What now?",
    "That failed. How do I go on?",
    "How do I get past this error?",
    "Give the commands that mend this.",
)
_ASK_OUTPUT = ("What does `{check}` print then?", "What is the output of `{check}` after that?")
_ASK_CHECK = ("Which command shows whether it worked?", "How do I check the result?", "Check that the goal is reached.")
_ASK_SESSION = (
    "Give the commands and a check at the end.",
    "Do it and then prove that it worked.",
    "Commands first, then a check of the result.",
)


@dataclass(frozen=True, kw_only=True)
class Session:
    """A plan, its run with everything that fails on the way, and its shortest run."""

    plan: Plan
    whole: Record
    direct: Record
    """Only the steps that are needed; the same as `whole` where all are."""
    group: str


def examples(session: Session, source: str, rng: random.Random) -> Iterator[TrainingExample]:
    """Every example of one variant, each with a wording of its own."""
    for request, response, task, language in _pairs(session, rng):
        if len(request) <= LONGEST_REQUEST:
            yield TrainingExample(
                request=request,
                response=response,
                task=task,
                language=language,
                source=source,
                licence=LICENCE,
                group=session.group,
                executed=True,
            )


def _pairs(session: Session, rng: random.Random) -> Iterator[tuple[str, str, Task, str]]:
    """(request, response, task, language)"""
    plan, whole = session.plan, session.whole
    commands = _commands(session.direct.steps)
    single = len(session.direct.steps) == 1 and "\n" not in commands
    task = Task.SHELL if single else Task.TOOL_USE
    wordings = rng.sample(plan.goals, min(2, len(plan.goals)))
    for goal in wordings:
        asked = rng.choice(_ASK_SINGLE if single else _ASK_BLOCK).format(goal=goal)
        yield _with_state(asked, session), fenced(commands, "bash"), task, "bash"
    yield from _next_commands(session, rng)
    yield from _recoveries(session, rng)
    if plan.predict:
        yield from _predictions(session, rng)
    if plan.answer:
        shown = _terminal(whole.steps[-1:])
        yield f"{rng.choice(plan.goals)}\n{shown}", plan.answer, Task.TOOL_USE, "text"
    else:
        request = f"{_with_state(rng.choice(plan.goals), session)}\nDone so far:\n{fenced(commands, 'bash')}"
        yield f"{request}\n{rng.choice(_ASK_CHECK)}", fenced(whole.check.command, "bash"), Task.TOOL_USE, "bash"
        asked = f"{rng.choice(plan.goals)} {rng.choice(_ASK_SESSION)}"
        body = fenced(f"{commands}\n# check\n{whole.check.command}", "bash")
        if plan.predict and _is_predictable(whole.check.output):
            body += f"\nThe check prints:\n{fenced(whole.check.output, 'text')}"
        yield _with_state(asked, session), body, Task.TOOL_USE, "bash"


def _next_commands(session: Session, rng: random.Random) -> Iterator[tuple[str, str, Task, str]]:
    """From the goal, what was done and the state to the next command, at up to two places of the shortest run."""
    steps = session.direct.steps
    if not session.plan.look:
        return
    for number in sorted(rng.sample(range(len(steps)), min(2, len(steps)))):
        state = _terminal([*steps[max(0, number - 2) : number], _looked(session.plan, steps[number])])
        request = f"{rng.choice(session.plan.goals)}\n{state}\n{rng.choice(_ASK_NEXT)}"
        yield request, fenced(steps[number].command, "bash"), Task.TOOL_USE, "bash"


def _recoveries(session: Session, rng: random.Random) -> Iterator[tuple[str, str, Task, str]]:
    """From a command and its real error to the rest of the way."""
    steps = session.whole.steps
    for number, (step, ran) in enumerate(zip(session.plan.steps, steps, strict=True)):
        if step.fails and number + 1 < len(steps):
            rest = [
                later
                for later, planned in zip(steps[number + 1 :], session.plan.steps[number + 1 :], strict=True)
                if planned.needed
            ]
            shown = _terminal([_looked(session.plan, ran), ran] if session.plan.needs_context else [ran])
            yield (
                f"{rng.choice(session.plan.goals)}\n{shown}\n{rng.choice(_ASK_RECOVERY)}",
                fenced(_commands(rest), "bash"),
                Task.TOOL_USE,
                "bash",
            )


def _predictions(session: Session, rng: random.Random) -> Iterator[tuple[str, str, Task, str]]:
    """From the files, the setup and the commands to what the check prints."""
    plan, check = session.plan, session.direct.check
    if not _is_predictable(check.output):
        return
    parts = [f"{path}:\n{fenced(content.rstrip(), '')}" for path, content in plan.files.items()]
    done = "\n".join(part for part in (plan.setup.strip(), _commands(session.direct.steps)) if part)
    parts.append(f"Commands:\n{fenced(done, 'bash')}")
    asked = rng.choice(_ASK_OUTPUT).format(check=check.command)
    yield "\n".join([*parts, asked]), fenced(check.output, "text"), Task.TOOL_USE, "text"


def _is_predictable(output: str) -> bool:
    return 0 < len(output) <= LONGEST_PREDICTION and not _HASH.search(output)


def _with_state(asked: str, session: Session) -> str:
    """A request, with the state before the first step where nothing can be done without it."""
    if not session.plan.needs_context:
        return asked
    return f"{asked}\n{_terminal([_looked(session.plan, session.direct.steps[0])])}"


def _looked(plan: Plan, ran: Ran) -> Ran:
    """The look before a step, as a command of its own."""
    return Ran(command=plan.look, output=ran.before, code=0)


def _terminal(steps: "list[Ran] | tuple[Ran, ...]") -> str:
    """Commands and outputs as a terminal shows them."""
    lines = []
    for step in steps:
        if step.command:
            lines.append("$ " + step.command)
            lines += [step.output] if step.output else []
    return fenced("\n".join(lines), "console") if lines else ""


def _commands(steps: "list[Ran] | tuple[Ran, ...]") -> str:
    return "\n".join(step.command for step in steps)
