"""What people are told of a program that did not pass: the compiler's first error, or what the program died of."""

import re

from hrm_edge.problems.problem import Answer
from hrm_edge.sandbox.harness.transcript import shortened, transcript
from hrm_edge.sandbox.job import Raw

_COMPILER_ERROR = re.compile(r"^(?:\S+:\d+(?::\d+)?: .*|.*\berror\b.*)$", re.MULTILINE | re.IGNORECASE)
_DEATH = re.compile(
    r"^(?:thread .* panicked at .*|panic: .*|fatal error: .*|runtime: .*|Exception in thread .*"
    r"|(?:[\w.]+\.)?\w*(?:Error|Exception|Interrupt|Exit)\b.*|terminate called .*|  what\(\): .*)$",
    re.MULTILINE,
)
_SIGNALS = {4: "SIGILL", 6: "SIGABRT", 8: "SIGFPE", 9: "SIGKILL", 11: "SIGSEGV", 14: "SIGALRM"}


def single_text(answer: Answer) -> str:
    """The one text of an answer to a problem of one file."""
    if isinstance(answer, str):
        return answer
    return "\n".join(answer.values())


def compile_failure(compiled: Raw | None) -> str:
    """The compiler's first error."""
    if compiled is None:
        return ""
    printed = transcript(compiled)
    found = _COMPILER_ERROR.search(printed)
    return found[0].strip() if found else next(iter(printed.splitlines()), "the compiler ended without a word")


def error_line(ran: Raw) -> str:
    """What the program died of, in a line; empty where it ended well."""
    if ran.sandbox_error is not None:
        return ran.sandbox_error
    if ran.exit_code == 0:
        return ""
    deaths: list[str] = _DEATH.findall(transcript(ran))
    if deaths:
        first_word = deaths[0].split()[0]
        return (deaths[0] if first_word in ("panic:", "thread", "Exception", "fatal") else deaths[-1]).strip()
    if ran.signal is not None:
        return f"ended by {_SIGNALS.get(ran.signal, f'signal {ran.signal}')}"
    return f"ended by the limit of {ran.killed_by}" if ran.killed_by else f"exit code {ran.exit_code}"


def run_message(compiled: Raw | None, ran: Raw | None, error: str) -> str:
    """The error, and what was printed around it."""
    last = ran if ran is not None else compiled
    if last is None or last.sandbox_error is not None:
        return last.sandbox_error or error if last is not None else error
    printed = transcript(last) if last.exit_code != 0 else ""
    return shortened("\n".join([error, *([printed] if printed and printed != error else [])]))
