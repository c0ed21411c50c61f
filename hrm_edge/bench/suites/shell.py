"""Shell commands from words: the held-out share of tldr pages and of NL2Bash (Lin et al. 2018, arXiv:1802.08979).

Scored is exactly what no training of ours sees: the split is the training's own, by the hash of a request's words. A
request that several commands answer is one problem with several references. Problems come in the order of a hash, so
that the first few are a mixed selection and the same on every machine.
"""

import hashlib
import re
from collections.abc import Iterable
from pathlib import Path

from hrm_edge.errors import DataError
from hrm_edge.problems.problem import Problem, Scenario, ShellCommand
from hrm_edge.train.data.data_sets import Example, read_examples


def load_shell(path: Path, suite: str) -> list[Problem]:
    """The held-out commands of a data file; placeholders and platforms as in training.

    Args:
        path: the data file.
        suite: `tldr` or `nl2bash`: which of them it must be.

    Raises:
        DataError: the file cannot be read, is another data set, or holds nothing that is held out.
    """
    examples = read_examples(path)
    other = next((example.source for example in examples if example.source != suite), None)
    if other is not None:
        raise DataError(f"{path} has rows of {other}: suite {suite} needs the data set of that name")
    problems = shell_problems(examples, suite)
    if not problems:
        raise DataError(f"{path}: none of {len(examples)} commands is held out; give the whole data set")
    return problems


def shell_problems(examples: Iterable[Example], suite: str) -> list[Problem]:
    """The held-out ones among `examples`, one for each request."""
    commands: dict[str, dict[str, None]] = {}
    requests: dict[str, str] = {}
    for example in examples:
        if example.held_out and example.code:
            request = request_of(example)
            key = spoken(request)
            requests.setdefault(key, request)
            commands.setdefault(key, {})[example.code] = None
    keys = {hashlib.sha256(key.encode()).hexdigest()[:12]: key for key in requests}
    return [
        Problem(
            suite=suite,
            id=f"{suite}/{identifier}",
            scenario=Scenario.SHELL,
            language="bash",
            request=requests[key],
            check=ShellCommand(references=tuple(commands[key])),
            reference=next(iter(commands[key])),
        )
        for identifier, key in sorted(keys.items())
    ]


def request_of(example: Example) -> str:
    """The request with its program named where the data set knows it: nobody guesses `pyrit` from "show speed"."""
    named = re.search(rf"(?<!\w){re.escape(example.command)}(?!\w)", example.request, re.IGNORECASE)
    return example.request if not example.command or named else f"{example.command}: {example.request}"


def spoken(request: str) -> str:
    """The words of a request in lower case, as the held-out split reads them: what makes two requests the same."""
    return " ".join(re.findall(r"[a-z0-9]+", request.lower()))
