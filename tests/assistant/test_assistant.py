"""From requests to answers, with a model that writes a script and real sandboxes."""

from collections.abc import Iterator
from itertools import count as counting
from pathlib import Path

import pytest
from sandboxes import needs_bubblewrap
from scripted_runtime import scripted, tiny_tokenizer

from hrm_edge.assistant.assistant import answer
from hrm_edge.assistant.drawing import Drawing, Model
from hrm_edge.assistant.executor import Executor
from hrm_edge.assistant.pursuit import Means, Pursuit, Settings
from hrm_edge.errors import PromptError
from hrm_edge.local_index import Entry, LocalIndex
from hrm_edge.models import Taught
from hrm_edge.prompt import fenced
from hrm_edge.repair_request import repair_request
from hrm_edge.train.data.indexing.writing import write_index

REQUEST = "write a function that returns the second largest number in a list, f([3,1,2]) == 2, f([5,9,9]) == 9"
RIGHT = "def f(numbers):\n    return sorted(numbers)[-2]"
WRONG = "def f(numbers):\n    return sorted(numbers)[-1]"
WORSE = "def f(numbers):\n    return None"


@pytest.fixture(scope="module")
def executor() -> Iterator[Executor]:
    with Executor(call_timeout_s=1.0) as opened:
        yield opened


EVERYTHING = Taught()
SHELL_ONLY = Taught(languages=frozenset({"bash"}), neighbours=False)
YIELDS = Taught(yields_to_recipes=True)


def asked(
    executor,
    *answers,
    request=REQUEST,
    index=None,
    clock=lambda: 0.0,
    language="python",
    context=8192,
    count=3,
    on_trial=None,
    taught=EVERYTHING,
    **given,
):
    runtime, tokenizer = scripted(*answers, language=language, context_length=context)
    settings = Settings(candidates=count, drawing=Drawing(max_tokens=400, seed=1), **given)
    means = Means(model=Model(runtime, tokenizer, taught=taught), executor=executor, index=index, clock=clock)
    return answer(Pursuit.begin(means, request, settings, on_trial=on_trial)), runtime


@needs_bubblewrap
def test_the_first_candidate_that_passes_is_the_answer_and_no_more_are_drawn(executor):
    answered, runtime = asked(executor, WRONG, RIGHT, WORSE)
    assert (answered.answer, answered.verified, answered.language) == (RIGHT, True, "python")
    assert answered.label == "verified (2 of 2 examples)"
    assert len(runtime.prompts) == len(answered.trials) == 2


@needs_bubblewrap
def test_the_best_failing_candidate_is_repaired_with_its_error(executor):
    answered, runtime = asked(executor, WORSE, WRONG, WORSE, RIGHT)
    assert answered.verified and answered.answer == RIGHT
    assert [(trial.origin, trial.parent) for trial in answered.trials] == [("sample", None)] * 3 + [("repair", 1)]
    assert runtime.prompts[3] == (
        f"Fix this Python code.\n```python\n{WRONG}\n```\n{REQUEST}\n`f([3, 1, 2])` returned 3, expected 2."
    )


@needs_bubblewrap
def test_where_nothing_passes_the_best_is_given_with_its_first_failure(executor):
    answered, _ = asked(executor, WORSE, WRONG, WORSE, repairs=1)
    assert (answered.answer, answered.verified) == (WRONG, False)
    assert answered.label == "not verified: 1 of 2 examples; `f([3, 1, 2])` returned 3, expected 2."
    assert len(answered.trials) == 6


@needs_bubblewrap
def test_without_examples_the_most_agreed_candidate_is_given(executor):
    other = "def g(numbers):\n    numbers = sorted(numbers)\n    return numbers[-2]"
    answered, _ = asked(executor, WRONG, RIGHT, other, request="the second largest number with a function")
    assert answered.answer in (RIGHT, other) and answered.verified is None
    assert answered.reason == "2 of 3 candidates behave alike on 12 inputs; the request has no example"


def test_without_a_sandbox_the_answer_comes_with_the_install_line(monkeypatch):
    monkeypatch.setenv("PATH", "/nonexistent")
    with Executor() as executor:
        answered, _ = asked(executor, WRONG, RIGHT)
    assert answered.verified is None and answered.answer in (WRONG, RIGHT)
    assert "apt install bubblewrap" in answered.label


def test_with_no_verify_nothing_is_run(executor):
    answered, _ = asked(executor, WRONG, verify=False)
    assert (answered.verified, answered.label) == (None, "not verified: answers are not run")


def test_a_spent_budget_leaves_one_candidate_that_was_not_run(executor):
    seconds = counting()
    answered, runtime = asked(executor, WRONG, RIGHT, budget_s=1.0, clock=lambda: float(next(seconds)))
    assert len(runtime.prompts) == len(answered.trials) == 1
    assert answered.reason == "the budget of 1 s ended before it was run"


@needs_bubblewrap
def test_a_budget_that_ends_after_the_candidates_leaves_repairs_out(executor):
    passed_s = [0.0]
    answered, _ = asked(
        executor, WRONG, count=1, budget_s=1.0, clock=lambda: passed_s[0], on_trial=lambda _: passed_s.insert(0, 2.0)
    )
    assert [trial.origin for trial in answered.trials] == ["sample"]
    assert answered.verified is False


@needs_bubblewrap
def test_entries_are_looked_at_as_long_as_the_budget_lasts(executor, tmp_path):
    """The first two fail; the model's own answer comes when time is up."""
    entries = [
        Entry(
            request=f"the second largest {words}",
            code=code,
            language="python",
            source="mine",
            licence="MIT",
            group=words,
        )
        for words, code in [("a", WRONG), ("b b", WORSE), ("c c c", RIGHT.replace("f(", "second("))]
    ]
    write_index(tmp_path / "index.sqlite", entries)
    with LocalIndex(tmp_path / "index.sqlite") as index:
        answered, runtime = asked(executor, WRONG, index=index, budget_s=100.0)
        assert (answered.answer, answered.verified, runtime.prompts) == (RIGHT, True, [])
        answered, _ = asked(executor, WRONG, index=index, count=1, repairs=0, looked_up=2)
        assert (answered.answer, answered.verified) == (WRONG, False)
        seconds = counting()
        answered, _ = asked(executor, WRONG, index=index, count=1, budget_s=4.0, clock=lambda: float(next(seconds)))
        assert (answered.answer, answered.verified) == (WRONG, None)


RENAME = "rename the file old.txt to new.txt"


@pytest.fixture
def empty_index(tmp_path: Path) -> Iterator[LocalIndex]:
    write_index(tmp_path / "index.sqlite", [])
    with LocalIndex(tmp_path / "index.sqlite") as index:
        yield index


@pytest.mark.parametrize("language", [None, "bash"])
def test_a_request_that_reads_as_a_recipe_is_answered_with_its_command_and_no_model_is_asked(
    executor, empty_index, language
):
    runtime, tokenizer = scripted("false", language="bash")
    means = Means(model=Model(runtime, tokenizer, taught=YIELDS), executor=executor, index=empty_index)
    answered = answer(Pursuit.begin(means, RENAME, Settings(language=language)))
    assert (answered.answer, answered.language, runtime.prompts) == ("mv old.txt new.txt", "bash", [])
    assert answered.label == "not verified: the request has no example"
    assert answered.chosen.origin == "index"
    assert str(answered.source) == "taken from recipes (Apache-2.0): rename {file} to {newfile}"


@pytest.mark.parametrize(
    ("request_", "given", "taught"),
    [
        (RENAME, {"language": "python"}, YIELDS),
        (RENAME, {"looked_up": 0}, YIELDS),
        (f"{RENAME}, f(1) == 2", {"language": "python"}, YIELDS),
        (f"{RENAME} unless it is old", {}, YIELDS),
        (RENAME, {}, EVERYTHING),  # somebody's own model is what they want to hear
    ],
)
def test_what_is_no_recipe_is_the_models(executor, empty_index, request_, given, taught):
    runtime, tokenizer = scripted("false", language=given.get("language", "bash"))
    means = Means(model=Model(runtime, tokenizer, taught=taught), executor=executor, index=empty_index)
    answered = answer(Pursuit.begin(means, request_, Settings(verify=False, candidates=1, **given)))
    assert answered.answer == "false" and runtime.prompts


@needs_bubblewrap
@pytest.mark.parametrize(
    ("request_", "verified", "reason"),
    [
        (REQUEST.replace("== 2", "== 3"), False, "1 of 2 examples; "),
        ("a function for the second largest", None, "the request has no example; "),
    ],
)
def test_in_a_language_that_it_was_not_taught_the_nearest_entry_is_given_for_noise(
    executor, tmp_path, request_, verified, reason
):
    second = RIGHT.replace("f(", "second(")
    entry = Entry(request="the second largest", code=second, language="python", source="mine", licence="MIT", group="a")
    write_index(tmp_path / "index.sqlite", [entry])
    with LocalIndex(tmp_path / "index.sqlite") as index:
        answered, runtime = asked(executor, "noise", request=request_, index=index, taught=SHELL_ONLY)
        assert runtime.prompts == [] and answered.source is not None
        assert (answered.answer.replace("second(", "f("), answered.verified) == (RIGHT, verified)
        assert answered.reason.startswith(reason) and "the model writes shell alone" in answered.reason
        answered, _ = asked(executor, "pwd", request="where am I", language="bash", index=index, taught=SHELL_ONLY)
        assert answered.answer == "pwd"
        answered, _ = asked(executor, "noise", request=request_, index=index, taught=SHELL_ONLY, looked_up=0)
        assert answered.answer == "noise"


def test_neighbours_are_not_shown_to_a_model_that_never_saw_any(executor):
    with LocalIndex() as index:
        answered, runtime = asked(executor, RIGHT, index=index, verify=False, count=1, taught=Taught(neighbours=False))
    assert answered.neighbours == 0 and runtime.prompts == [REQUEST]


def test_a_shell_command_is_not_run(executor):
    answered, _ = asked(executor, "ls -la", "ls", "ls  -la", request="list files with a shell command", language="bash")
    assert (answered.answer, answered.language, answered.verified) == ("ls -la", "bash", None)
    assert answered.reason.startswith("2 of 3 candidates are the same text; the request has no example; the model ")


def test_neighbours_are_shown_and_named_where_the_answer_leans_on_one(executor):
    with LocalIndex() as index:
        entry = index.find(REQUEST, language="python", count=1)[0]
        answered, runtime = asked(executor, entry.code, index=index, verify=False, count=1)
    assert runtime.prompts[0].startswith(f"Possibly related:\n\n{entry.request}\n```python\n")
    assert runtime.prompts[0].endswith(f"Task:\n{REQUEST}")
    assert answered.source is not None
    assert (answered.source.name, answered.source.licence) == (entry.source, entry.licence)


def test_neighbours_that_do_not_fit_the_context_are_left_out(executor):
    with LocalIndex() as index:
        answered, runtime = asked(executor, RIGHT, index=index, verify=False, count=1, context=330)
    assert answered.neighbours == 0 and runtime.prompts == [REQUEST]


def test_a_request_longer_than_the_context_is_refused(executor):
    with pytest.raises(PromptError, match="the context holds 50"):
        asked(executor, RIGHT, context=50)


@needs_bubblewrap
def test_a_repair_that_does_not_fit_the_context_is_not_asked_for(executor):
    answered, runtime = asked(executor, WRONG, count=1, context=150)
    assert answered.verified is False and len(runtime.prompts) == 1


@needs_bubblewrap
def test_a_repair_that_does_not_fit_leaves_its_round_to_the_next_best(executor):
    """The better of two is too long to be asked about."""
    longer = WRONG + "\n# a remark that goes on" * 12
    asking = repair_request(REQUEST, longer, "python", "`f([3, 1, 2])` returned 3, expected 2.")
    context = len(tiny_tokenizer().encode(asking))
    answered, runtime = asked(executor, longer, WORSE, RIGHT, count=2, context=context, repairs=1)
    assert [(trial.origin, trial.parent) for trial in answered.trials] == [("sample", None)] * 2 + [("repair", 1)]
    assert answered.verified and WORSE in runtime.prompts[2]


@needs_bubblewrap
def test_the_trace_is_plain_json(executor):
    answered, _ = asked(executor, WRONG, RIGHT)
    first, second = answered.to_json()["trials"]
    assert (first["passed"], first["examples"], first["failure"]) == (1, 2, "`f([3, 1, 2])` returned 3, expected 2.")
    assert (second["passed"], second["failure"], second["parent"]) == (2, "", None)


def test_a_model_that_reads_requests_without_names_answers_with_them(executor):
    runtime, tokenizer = scripted("grep <|name1|> <|name2|>", language="bash", names=True)
    means = Means(model=Model(runtime, tokenizer), executor=executor)
    settings = Settings(language="bash", drawing=Drawing(max_tokens=60))
    answered = answer(Pursuit.begin(means, 'find "low tide" in log-7.txt', settings))
    assert runtime.prompts == ['find "<|name1|>" in <|name2|>.txt']
    assert answered.answer == "grep 'low tide' log-7.txt"
    assert answered.chosen.candidate.text == fenced(answered.answer, "bash")
