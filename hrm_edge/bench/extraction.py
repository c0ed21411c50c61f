"""From a response to what is judged.

LiveCodeBench's rules are its own, so that the same response is judged the same way there and here:
https://github.com/LiveCodeBench/LiveCodeBench/blob/28fef95/lcb_runner/utils/extraction_utils.py. CRUXEval's are those
of its post-processing: https://github.com/facebookresearch/cruxeval/blob/190faf1/inference/tasks. Everywhere else an
answer is the first fenced block, and without a fence the text itself. Text that continues a function the prompt began,
as base models write it, ends where HumanEval's stop sequences end it.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from hrm_edge.bench.samples import Form
from hrm_edge.edits import edit_files, line_distance
from hrm_edge.problems.problem import Answer, Prediction, Problem, PythonTests, Scenario, SuiteTests
from hrm_edge.prompt import parse_answer

FENCE = "```"
STOP_SEQUENCES = ("\nclass", "\ndef", "\n#", "\nif", "\nprint")
"""What follows a function that is done (Chen et al. 2021, section 2.2)."""
LONGEST_COMPARISON = 10**8
"""Lines before times lines after; a second of computing."""


@dataclass(frozen=True, kw_only=True)
class Extracted:
    """What a response comes to."""

    answer: Answer
    """What is judged. Of edits: the files as far as they could be made."""
    complaints: tuple[str, ...] = ()
    """Of edits: why some could not be made, a line each."""
    well_formed: bool | None = None
    """Of edits: whether there were any and all could be made. None for other answers."""
    distance: int | None = None
    """Of well-formed edits: lines added, removed or changed from the files the exercise gave."""


def extract(problem: Problem, text: str, form: Form, files: Mapping[str, str] | None = None) -> Extracted:
    """What is judged of a sample's text.

    Args:
        files: the files that edits change, where an earlier try has changed them; None for the problem's own.
    """
    text = _encodable(text)
    if problem.scenario is Scenario.EDIT and isinstance(problem.stub, Mapping):
        return _edited(problem, text, problem.stub, problem.stub if files is None else files)
    if form == "solution":
        return Extracted(answer=text)
    if problem.suite.startswith("livecodebench"):
        return Extracted(answer=_livecodebench(problem, text, form))
    return Extracted(answer=_ours(problem, text, form))


def _edited(problem: Problem, text: str, stub: Mapping[str, str], files: Mapping[str, str]) -> Extracted:
    report = edit_files(text, files, problem.source.get("edit_format", "whole"))
    after = {path: content for path, content in report.files.items() if not _is_test(problem, path)}
    return Extracted(
        answer=after,
        complaints=report.errors,
        well_formed=report.is_well_formed,
        distance=_distance(stub, after) if report.is_well_formed else None,
    )


def _is_test(problem: Problem, path: str) -> bool:
    """Whether the path is a file of the exercise that is not the answer's to change."""
    check = problem.check
    return isinstance(check, SuiteTests) and path in check.files and path not in check.solution_paths


def _distance(before: Mapping[str, str], after: Mapping[str, str]) -> int | None:
    """Lines changed in all files together; None for files so long that comparing them would take minutes."""
    pairs = [(before.get(path, ""), after.get(path, "")) for path in before.keys() | after.keys()]
    if any((old.count("\n") + 1) * (new.count("\n") + 1) > LONGEST_COMPARISON for old, new in pairs):
        return None
    return sum(line_distance(old, new) for old, new in pairs if old != new)


def code_between_last_fences(response: str) -> str:
    """LiveCodeBench's `extract_code`: the lines between the last two that hold a fence; nothing with fewer than two."""
    lines = response.split("\n")
    fences = [index for index, line in enumerate(lines) if FENCE in line]
    return "\n".join(lines[fences[-2] + 1 : fences[-1]]) if len(fences) >= 2 else ""


def last_assertion(response: str) -> str:
    """LiveCodeBench's `extract_test_output_code`: the last line that starts with assert, else the first Python fence.

    The first fence of any kind where none names Python; nothing where a fence is never closed.
    """
    lines = response.split("\n")
    assertions = [line for line in lines if line.startswith("assert")]
    if assertions:
        return assertions[-1]
    fences = [index for index, line in enumerate(lines) if FENCE in line]
    python = [index for index in fences if f"{FENCE}python" in lines[index] or f"{FENCE}Python" in lines[index]]
    if python:
        fences = [index for index in fences if index >= python[0]]
    return "\n".join(lines[fences[0] + 1 : fences[1]]) if len(fences) >= 2 else ""


def predicted_output(response: str, *, after_thought: bool = False) -> str:
    """LiveCodeBench's `extract_execution_code`: what follows the first ==, up to [/ANSWER] or the end of the line.

    `after_thought`: the prompt asks for a chain of thought, and the answer starts with [ANSWER].
    """
    if after_thought and "[ANSWER]" in response:
        response = response.split("[ANSWER]")[1].strip()
    if "==" in response:
        response = response.split("==")[1].strip()
    end = "[/ANSWER]" if "[/ANSWER]" in response else "\n"
    return response.split(end)[0].strip()


def predicted_input(response: str, *, after_thought: bool = False) -> str:
    """CRUXEval's call whose value is given: what stands before the first ==, from `f` on."""
    if after_thought and "[ANSWER]" in response:
        response = response.split("[ANSWER]")[1]
    call = response.split("[/ANSWER]")[0].split("==")[0].strip()
    if "assert f" in call:
        call = "f" + call.split("assert f")[1].strip()
    return call


def _livecodebench(problem: Problem, text: str, form: Form) -> str:
    if problem.scenario is Scenario.TEST_OUTPUT:
        return last_assertion(text)
    if problem.scenario is Scenario.EXECUTION:
        return predicted_output(text, after_thought=_asks_for_thought(problem))
    return text if form == "completion" and FENCE not in text else code_between_last_fences(text)


def _ours(problem: Problem, text: str, form: Form) -> str:
    code = _first_fence(text)
    if isinstance(problem.check, Prediction):
        predicted = predicted_input if problem.check.asks == "input" else predicted_output
        return predicted(text if code is None else code, after_thought=_asks_for_thought(problem))
    if code is not None:
        return code
    if form == "response" and isinstance(problem.check, PythonTests) and not _defines(problem.check.entry_point, text):
        return _cut(text)
    return text


def _asks_for_thought(problem: Problem) -> bool:
    return "[THOUGHT]" in problem.request


def _first_fence(text: str) -> str | None:
    """The first fenced block; None where no line opens one."""
    return parse_answer(text).text if re.search(rf"^\s*{FENCE}", text, re.MULTILINE) else None


def _defines(function: str, text: str) -> bool:
    return re.search(rf"^(?:async\s+)?def\s+{re.escape(function)}\b", text, re.MULTILINE) is not None


def _cut(continuation: str) -> str:
    ends = [end for stop in STOP_SEQUENCES if (end := continuation.find(stop)) >= 0]
    return continuation[: min(ends)] if ends else continuation


def _encodable(text: str) -> str:
    """The text without halves of surrogate pairs, which no file and no pipe takes."""
    return text.encode("utf-8", "replace").decode("utf-8")


def judged_text(answer: Answer, text: str) -> str:
    """What samples.jsonl gives other evaluators: the code that is judged, or the response where it is several files."""
    return answer if isinstance(answer, str) else text
