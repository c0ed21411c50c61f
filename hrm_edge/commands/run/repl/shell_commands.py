"""/run and /bench: programs that are started from the prompt."""

import shlex
import sys

from hrm_edge.commands.run.answer_output import harmless
from hrm_edge.commands.run.confirmation import confirmed
from hrm_edge.commands.run.repl.dangers import dangers
from hrm_edge.commands.run.repl.explanation import explain
from hrm_edge.commands.run.repl.foreground import run_in_foreground, shell_command
from hrm_edge.commands.run.repl.session import Session
from hrm_edge.commands.terminal import print_status
from hrm_edge.errors import PromptError
from hrm_edge.local_index import LocalIndex


def run(session: Session, argument: str) -> None:
    """Explain the last answer, and run it in the user's own shell, outside the sandbox, after a yes."""
    if argument:
        raise PromptError("/run takes nothing: it runs the last answer")
    answered = None if session.last is None else session.last.answered
    if answered is None or answered.language != "bash" or not answered.answer.strip():
        raise PromptError("the last answer is no shell command: ask for one, or choose /language bash")
    command = answered.answer
    with LocalIndex() as index:
        lines = explain(command, session.asked, index if session.asking.settings.looked_up else None)
    shell, *_ = shell_command(command)
    print_status(harmless("\n".join([command, "", *lines, f"it runs in {shell} as you, not in the sandbox"])))
    found = dangers(command)
    for reason in found:
        _warn(reason)
    if not confirmed("Run it?", word="yes" if found else "y"):
        print_status("it was not run")
        return
    _start(session, shell_command(command))


def bench(session: Session, argument: str) -> None:
    """`hrm-edge bench` with the model, runtime, cycles and threads of this conversation."""
    try:
        given = shlex.split(argument)
    except ValueError as error:
        raise PromptError(f"/bench cannot read its options ({error}): close the quotes") from error
    options = session.opening.options
    command = [
        sys.executable, "-m", "hrm_edge", "bench", str(session.answerer.path),
        "--runtime", options.runtime, "--device", options.device,
    ]  # fmt: skip
    for option, value in (("--cycles", options.cycles), ("--threads", options.threads)):
        if value is not None:
            command += [option, str(value)]
    _start(session, [*command, *given])


def _start(session: Session, command: list[str]) -> None:
    sys.stdout.flush()
    try:
        status = run_in_foreground(command)
    except OSError as error:
        raise PromptError(f"{command[0]} cannot be started ({error.strerror}): check SHELL") from error
    finally:
        session.answerer.restart_sandboxes()  # Ctrl-C in the terminal reached them too
    if status:
        print_status(f"it ended with {status}" if status > 0 else f"it was ended by signal {-status}")


def _warn(reason: str) -> None:
    import typer

    typer.secho(harmless(f"! {reason}"), fg="red", bold=True, err=True)
