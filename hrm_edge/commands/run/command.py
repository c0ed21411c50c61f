"""`hrm-edge run`: one request, one answer; without a request and with a terminal, the interactive prompt."""

import sys
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any

import typer

from hrm_edge.commands.options import Cycles, Device, Json, Seed, Threads
from hrm_edge.commands.run import options
from hrm_edge.commands.terminal import export_notice, print_json

if TYPE_CHECKING:
    from hrm_edge.commands.run.answering import Answerer, Asking, Outcome
    from hrm_edge.commands.run.request import Request

NOT_VERIFIED = 3
"""Exit code of --require-verified."""


def run(
    prompt: options.Prompt = None,
    model: options.Model = None,
    runtime: options.Runtime = "onnx",
    device: Device = "cpu",
    language: options.Language = None,
    file: options.Files = None,
    samples: options.Samples = None,
    no_verify: options.NoVerify = False,
    no_index: options.NoIndex = False,
    budget: options.Budget = None,
    search: options.Search = False,
    require_verified: options.RequireVerified = False,
    cycles: Cycles = None,
    max_tokens: options.MaxTokens = 512,
    temperature: options.Temperature = None,
    top_p: options.TopP = 1.0,
    seed: Seed = None,
    threads: Threads = None,
    yes: options.Yes = False,
    quiet: options.Quiet = False,
    as_json: Json = False,
) -> None:
    """Ask the model for code and get it on stdout.

    Calls and what they return, as in f(2) == 4, doctests or tables, are found in the request; several answers are run
    against them in a sandbox, and the first that passes is given, marked verified. Without them, or without a sandbox
    or a toolchain, the answer comes all the same, not verified, and says why.

    Examples:

      hrm-edge run "find all files larger than 100 MB"

      hrm-edge run "a function that returns the second largest number, f([3,1,2]) == 2" --json

      hrm-edge run --file test_queue.py "write the module that these tests import" --budget 5s --require-verified

      hrm-edge run --file queue.py "rename pop to take" --yes

      git diff | hrm-edge run "write a commit message"

    Times in --json: load_s is from the start of the command to a loaded model, the one-time export of a new model
    included; ttft_s from the request to the first token, null where the answer was looked up and the model not asked;
    total_s from the start of the command to the end.
    """
    start = perf_counter()
    interactive = prompt is None and sys.stdin.isatty()
    asking = _asking(
        language=language, samples=samples, max_tokens=max_tokens, temperature=temperature, top_p=top_p, seed=seed,
        looks_up=not no_index, verify=not no_verify, budget_s=budget, searches=search,
    )  # fmt: skip
    if interactive and as_json:
        raise typer.BadParameter("--json answers one request: give a PROMPT or pipe one in")
    if interactive and Path("-") in (file or []):
        raise typer.BadParameter("--file - is what you type at this terminal: pipe it in and give a PROMPT")

    from hrm_edge.runtimes.options import RuntimeOptions

    opened_with = RuntimeOptions(runtime=runtime, device=device, cycles=cycles, threads=threads)
    if interactive:
        from hrm_edge.commands.run.interactive import Opening, converse

        converse(Opening(model=model, options=opened_with), asking, file or [], yes=yes)
        return

    from hrm_edge.commands.model_path import model_path
    from hrm_edge.commands.run.answer_output import show_nothing, write_code
    from hrm_edge.commands.run.answering import Answerer
    from hrm_edge.commands.run.request import read_request

    request = read_request(prompt, file or [])
    path = model_path(model, opened_with)
    with Answerer.load(path, opened_with, on_tensor=None if quiet else export_notice(path)) as answerer:
        load_s = perf_counter() - start
        streams = not (as_json or require_verified or request.files)
        outcome = answerer.answer(
            request.text, asking, tests=request.tests, on_code=(lambda code, _: write_code(code)) if streams else None
        )
        missing = require_verified and outcome.answered.verified is not True
        if as_json:
            ended = perf_counter() - start
            print_json(_report(outcome, answerer, load_s, ended) | _edits(outcome, request, apply=yes and not missing))
        elif missing:
            show_nothing(outcome)
        else:
            _show(outcome, request, max_tokens=max_tokens, yes=yes, quiet=quiet)
        if missing:
            raise typer.Exit(NOT_VERIFIED)


def _show(outcome: "Outcome", request: "Request", *, max_tokens: int, yes: bool, quiet: bool) -> None:
    """The answer, or the diff of the files that it edits.

    Raises:
        EditError: the edits do not fit the files; the answer is shown before.
        ExportError: a file cannot be written.
    """
    from hrm_edge.commands.run.answer_output import show_end, show_status
    from hrm_edge.commands.run.change_output import settle
    from hrm_edge.commands.run.file_changes import changes_in
    from hrm_edge.errors import EditError

    try:
        changes = changes_in(outcome.text, request)
    except EditError:
        show_end(outcome, max_tokens=max_tokens, quiet=quiet)
        raise
    if not changes:
        show_end(outcome, max_tokens=max_tokens, quiet=quiet)
        return
    if not quiet:
        show_status(outcome, max_tokens=max_tokens)
    settle(changes, yes=yes, quiet=quiet)


def _edits(outcome: "Outcome", request: "Request", *, apply: bool) -> dict[str, Any]:
    """What `--json` says of edits; nothing where the answer has none."""
    from hrm_edge.commands.run.file_changes import apply_changes, changes_in, unified_diff
    from hrm_edge.errors import EditError, ExportError

    try:
        changes = changes_in(outcome.text, request)
        if apply:
            apply_changes(changes)
    except (EditError, ExportError) as error:
        return {"edits": [], "edit_error": str(error)}
    return (
        {"edits": [{"path": str(change.path), "diff": unified_diff(change), "applied": apply} for change in changes]}
        if changes
        else {}
    )


def _asking(
    *,
    language: str | None,
    samples: int | None,
    max_tokens: int,
    temperature: float | None,
    top_p: float,
    seed: int | None,
    looks_up: bool,
    verify: bool,
    budget_s: float | None,
    searches: bool,
) -> "Asking":
    from hrm_edge.assistant.neighbours import COUNT, LOOKED_UP
    from hrm_edge.assistant.pursuit import Settings
    from hrm_edge.commands.run.answering import Asking, drawing_of

    if temperature == 0 and samples is not None and samples > 1:
        raise typer.BadParameter(f"--samples {samples} at --temperature 0 draws the same answer every time")
    if top_p == 0:
        raise typer.BadParameter("--top-p 0 leaves no token to choose: it must be above 0")
    if searches and not verify:
        raise typer.BadParameter("--search is guided by what answers do when they are run: leave --no-verify out")
    drawing = drawing_of(max_tokens=max_tokens, temperature=temperature, top_p=top_p, seed=seed)
    settings = Settings(
        language=language,
        candidates=samples,
        drawing=drawing,
        neighbours=COUNT if looks_up else 0,
        looked_up=LOOKED_UP if looks_up else 0,
        budget_s=budget_s,
        verify=verify,
    )
    return Asking(settings=settings, searches=searches)


def _report(outcome: "Outcome", answerer: "Answerer", load_s: float, total_s: float) -> dict[str, Any]:
    from hrm_edge.bench.memory import peak_rss_bytes

    runtime, answered = answerer.runtime, outcome.answered
    candidate = answered.chosen.candidate
    found = (outcome.searched or answered).to_json()
    report = {name: found.pop(name) for name in ("answer", "language", "verified")}
    return report | {
        "model": str(answerer.path),
        "runtime": runtime.name,
        "device": runtime.device,
        "bits": runtime.bits,
        "cycles": answered.chosen.depth,
        "prompt_tokens": candidate.prompt_tokens,
        "completion_tokens": candidate.tokens,
        "load_s": load_s,
        "ttft_s": outcome.ttft_s,
        "total_s": total_s,
        "decode_tokens_per_s": candidate.completion and candidate.completion.decode_tokens_per_s,
        "peak_rss_bytes": peak_rss_bytes(),
    } | found  # fmt: skip
