"""Runs plans in the sandbox, each in an empty home with a fixed author, date, locale and no network.

One bash runs a whole plan, so that `cd` and variables last from step to step as in a terminal. It sends every command
with its output and exit code in frames:

    RS kind US command US exit code US output

Messages are those of an interactive shell: bash's own prefix with a line number is cut to `bash: `, and the home
appears as /home/dev wherever it lies.
"""

import re
import shlex
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from pathlib import Path

from hrm_edge.errors import DataError, SandboxError
from hrm_edge.sandbox.job import Job, Limits
from hrm_edge.sandbox.open import open_sandbox
from hrm_edge.sandbox.toolchain import Toolchain
from hrm_edge.sandbox.toolchains import find_toolchain
from hrm_edge.train.data.tools.scenario import Plan, Ran, Record, Step

HOME = "/home/dev"
_DAY = "2024-03-05T10:00:00+00:00"
_ENVIRONMENT = {
    "LC_ALL": "C",
    "TZ": "UTC",
    "TERM": "dumb",
    "PAGER": "cat",
    "GIT_PAGER": "cat",
    "GIT_EDITOR": "true",
    "EDITOR": "true",
    "GIT_CONFIG_GLOBAL": "/dev/null",
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_AUTHOR_NAME": "Dana Weber",
    "GIT_AUTHOR_EMAIL": "dana@example.com",
    "GIT_AUTHOR_DATE": _DAY,
    "GIT_COMMITTER_NAME": "Dana Weber",
    "GIT_COMMITTER_EMAIL": "dana@example.com",
    "GIT_COMMITTER_DATE": _DAY,
    "PYTHONHASHSEED": "0",
    "PYTHONDONTWRITEBYTECODE": "1",  # an edit of the same size within a second would not be seen
    "PIP_DISABLE_PIP_VERSION_CHECK": "1",
    "PIP_NO_INDEX": "1",
    "NO_COLOR": "1",
    "npm_config_offline": "true",
    "npm_config_update_notifier": "false",
    "npm_config_fund": "false",
    "npm_config_audit": "false",
}
_LIMITS = Limits(wall_s=120, cpu_s=60, memory_bytes=2**31, processes=128, output_bytes=2**20)
_HEAD = r"""
umask 022
mkdir home programs
__out=$PWD/out
__programs=$PWD/programs
export HOME=$PWD/home
exec 9>&1
__show() {
    eval "$2" >"$__out" 2>&1 </dev/null 9>&-
    __code=$?
    printf '\036%s\037%s\037%s\037' "$1" "$2" "$__code" >&9
    cat "$__out" >&9
}
__fill() {
    __text=$1
    for __name in "${!__values[@]}"; do
        __text=${__text//"@$__name@"/${__values[$__name]}}
    done
}
declare -A __values=()
cd "$HOME"
"""
_LINE = re.compile(r"^(?:/bin/bash|bash|environment): (?:eval: )?line \d+: (?:eval: line \d+: )?", re.MULTILINE)
_KILLED = re.compile(r"^bash: +\d+ (Segmentation fault|Aborted|Floating point exception).*$", re.MULTILINE)
_FIXED = (
    (re.compile(r"[^\n]*\r(?!\n)"), ""),
    (re.compile(r"\S*/cc[A-Za-z0-9]{6}\.o"), "/tmp/ccXk3v9Q.o"),
    (re.compile(r"^(Ran \d+ tests? in )[\d.]+s$", re.MULTILINE), r"\g<1>0.001s"),
    (re.compile(r"\bthread 0x[0-9a-f]+"), "thread 0x00007f2b8c1a4740"),
)
"""What no terminal shows (progress that is written over) and what differs from run to run: gcc's temporary files, the
time that tests took, addresses of threads."""
_TOOLCHAINS = ("java", "go", "rust")
"""Those that a sandbox does not find under /usr, or not whole."""


class Runner:
    """Holds a sandbox while plans are run."""

    def __init__(self) -> None:
        """Open the sandbox; without one on this machine, plain processes: the programs are our own.

        Raises:
            DataError: neither starts.
        """
        self._stack = ExitStack()
        found = (find_toolchain(name) for name in _TOOLCHAINS)
        self._toolchains: list[Toolchain] = [toolchain for toolchain in found if toolchain is not None]
        try:
            sandbox = self._stack.enter_context(open_sandbox(toolchains=self._toolchains))
        except SandboxError:
            sandbox = self._stack.enter_context(open_sandbox(unsafe=True))
        self._session = self._stack.enter_context(sandbox.session())

    def close(self) -> None:
        """End the sandbox."""
        self._stack.close()

    def __enter__(self) -> "Runner":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def missing(self, programs: Iterable[str]) -> list[str]:
        """Those of the programs that plans cannot use here."""
        words = sorted(set(programs))
        tests = "\n".join(
            f"command -v {shlex.quote(word)} >/dev/null || printf '%s ' {shlex.quote(word)}" for word in words
        )
        return self._run(f"{_HEAD}{self._programs()}{tests}\n").split()

    def record(self, plan: Plan, steps: Iterable[Step]) -> Record:
        """Run some of a plan's steps and its check.

        Raises:
            DataError: the setup failed, a step did not do what it says, or the proof does not hold.
        """
        chosen = tuple(steps)
        ran = _frames(self._run(_script(plan, chosen, self._programs())))
        if len(ran) != 2 * len(chosen) + 1:
            raise DataError(f"the setup of {plan.goals[0]!r:.80} failed: mend the scenario")
        done = [
            Ran(command=frame.command, output=frame.output, code=frame.code, before=look.output)
            for look, frame in zip(ran[:-1:2], ran[1::2], strict=True)
        ]
        for step, frame in zip(chosen, done, strict=True):
            if (frame.code != 0) != step.fails or step.says not in frame.output:
                raise DataError(
                    f"{frame.command!r:.200} ended with {frame.code}: {frame.output!r:.600}; mend the scenario"
                )
        record = Record(steps=tuple(done), check=ran[-1])
        if not plan.proof(record):
            raise DataError(
                f"{plan.check!r:.200} does not prove the goal: {record.check.output!r:.600}; mend the scenario"
            )
        return record

    def _run(self, script: str) -> str:
        environment = {**_ENVIRONMENT}
        for toolchain in self._toolchains:
            environment.update({key: value for key, value in toolchain.environment.items() if key.startswith("GO")})
        job = Job(argv=("/bin/bash", "-c", script, "bash"), environment=environment, limits=_LIMITS)
        raw = self._session.run(job)
        if raw.sandbox_error is not None:
            raise DataError(f"the sandbox failed ({raw.sandbox_error}): see that it runs (hrm-edge info)")
        return raw.stdout.decode("utf-8", "replace")

    def _programs(self) -> str:
        """Bash that puts the programs of the toolchains first in the search path."""
        lines = ['PATH="$__programs:/usr/local/bin:/usr/bin:/bin"']
        for toolchain in self._toolchains:
            libraries = toolchain.environment.get("LD_LIBRARY_PATH", "")
            for name, path in sorted({**toolchain.programs, **_cargo(toolchain)}.items()):
                prefix = f"LD_LIBRARY_PATH={shlex.quote(libraries)} " if libraries else ""
                call = f'#!/bin/sh\n{prefix}exec {shlex.quote(path)} "$@"\n'
                lines.append(f'printf %s {shlex.quote(call)} >"$__programs/{name}"')
        return "\n".join([*lines, 'chmod -R +x "$__programs"', "export PATH", ""])


def _cargo(toolchain: Toolchain) -> dict[str, str]:
    """Cargo lies beside the compiler."""
    compiler = toolchain.programs.get("rustc")
    beside = Path(compiler).with_name("cargo") if compiler else None
    return {"cargo": str(beside)} if beside and beside.is_file() else {}


def _script(plan: Plan, steps: Iterable[Step], programs: str) -> str:
    """The whole bash script of a plan."""
    lines = [_HEAD, programs, "set -e", "{", *_file_lines(plan.files), "true"]
    lines += [f"eval {shlex.quote(plan.setup)}", '} >"$__out" 2>&1 </dev/null 9>&-']
    lines += [f"__values[{name}]=$(eval {shlex.quote(command)})" for name, command in plan.reads.items()]
    lines.append("set +e")
    for step in steps:
        lines.append(f"__show look {shlex.quote(plan.look or 'true')}")
        lines.append(f"__fill {shlex.quote(step.command)}")
        lines.append('__show step "$__text"')
    lines += [f"__fill {shlex.quote(plan.check)}", '__show check "$__text"']
    return "\n".join(lines) + "\nprintf '\\036%s' \"${HOME}\" >&9\n"


def _file_lines(files: Mapping[str, str]) -> Iterable[str]:
    for path, content in files.items():
        if "/" in path:
            yield f"mkdir -p {shlex.quote(path.rpartition('/')[0])}"
        yield f"printf %s {shlex.quote(content)} >{shlex.quote(path)}"


def _frames(text: str) -> list[Ran]:
    """What a script sent; empty where it ended early."""
    frames = text.split("\x1e")[1:]
    if not frames or "\x1f" in frames[-1]:
        return []
    home = frames.pop()
    found = []
    for frame in frames:
        _, command, code, output = frame.split("\x1f", 3)
        found.append(Ran(command=command, output=_plain(output, home).rstrip("\n"), code=int(code)))
    return found


def _plain(output: str, home: str) -> str:
    """Output without this machine in it."""
    output = _KILLED.sub(r"\1", _LINE.sub("bash: ", output.replace(home, HOME)))
    for pattern, fixed in _FIXED:
        output = pattern.sub(fixed, output)
    return output
