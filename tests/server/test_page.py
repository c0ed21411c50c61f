"""The page in a real browser, headless: what a person types is answered, and nothing that is shown is read as HTML."""

import shutil

import pytest
from answer_model import AnswerModel
from running_server import GatedModel, RunningServer, gated, loader
from sandboxes import needs_bubblewrap

from hrm_edge.local_index import LocalIndex
from hrm_edge.prompt import fenced

sync_api = pytest.importorskip("playwright.sync_api", reason="pip install playwright")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine: apt install chromium"),
]
EVIL = "<img src=x onerror=\"document.title='run'\"><script>document.title='run'</script>"


@pytest.fixture(scope="module")
def browser():
    with sync_api.sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser):
    context = browser.new_context(viewport={"width": 900, "height": 560})
    page = context.new_page()
    page.problems = []
    page.on("console", lambda message: message.type == "error" and page.problems.append(message.text))
    page.on("pageerror", lambda error: page.problems.append(str(error)))
    page.asked = []
    page.on("request", lambda request: page.asked.append(request.url))
    yield page
    context.close()


def submit(page, request, language=""):
    page.fill("#request", request)
    page.select_option("#language", language)
    page.click("#ask")


def finished(page):
    sync_api.expect(page.locator("#status")).to_contain_text("tokens in", timeout=60_000)


def test_a_request_is_answered_in_the_language_that_was_chosen(server, page):
    page.goto(server.url)
    submit(page, "list the files", "python")
    finished(page)
    assert page.inner_text("#model") == "tiny"
    assert page.inner_text("#answer-language") == "python"
    assert page.inner_text("#verified").startswith("not verified")
    answer = server.client().chat.completions.create(
        model="tiny", messages=[{"role": "user", "content": "list the files"}], extra_body={"language": "python"}
    )
    assert "```python\n" + page.text_content("#answer") == answer.choices[0].message.content.split("\n```")[0]
    assert page.problems == []
    assert all(url.startswith((server.url, "data:")) for url in page.asked)


def test_what_the_model_says_is_shown_and_never_read_as_html(page, tmp_path):
    model = GatedModel(open_gate=True)
    with RunningServer(gated(model, tmp_path)) as server:
        server.ready()
        ids = [*server.engine.model.tokenizer.encode(EVIL), server.engine.model.tokenizer.token_id("<|end|>")]
        prompts = {}

        def logits(context):
            start = prompts.setdefault("length", len(context)) if len(context) > 2 else len(context)
            row = model.plain(context) * 0
            row[ids[min(len(context) - start, len(ids) - 1)]] = 50
            return row

        model.plain, model.logits = model.logits, logits
        page.goto(server.url)
        submit(page, "say it")
        finished(page)
        assert page.text_content("#answer") == EVIL
        assert page.query_selector("#answer *") is None
        assert page.title() == "hrm-edge"
        assert page.problems == []


EXAMPLES = "write a function that returns the second largest number in a list, f([3, 1, 2]) == 2, f([5, 9, 9]) == 9"
RIGHT = "def f(numbers):\n    return sorted(numbers)[-2]"
WRONG = "def f(numbers):\n    return sorted(numbers)[-1]"
RETURNED = "<img src=x onerror=document.title=1><b>"
EVIL_RETURNED = f"def f(numbers):\n    return {RETURNED!r}"


@needs_bubblewrap
def test_a_verified_answer_is_called_so_and_what_was_tried_before_is_told(page):
    model = AnswerModel({fenced(WRONG, "python"): 1.0}, repairs={fenced(RIGHT, "python"): 1.0})
    with RunningServer(model.load) as server:  # the page sends no seed: what is drawn must not matter
        page.goto(server.ready().url)
        submit(page, EXAMPLES)
        finished(page)
        assert page.text_content("#answer") == RIGHT
        assert page.inner_text("#verified") == "verified (2 of 2 examples)"
        trials = page.locator("#trials li").all_inner_texts()
        assert trials[0] == "1 of 2: `f([3, 1, 2])` returned 3, expected 2."
        assert trials[-1] == "repair of 1: all examples hold"
        submit(page, "a function that sorts")
        finished(page)
        assert page.inner_text("#verified") == "not verified: the request has no example"
        assert page.locator("#trials li").count() == 0
        assert page.problems == []


@needs_bubblewrap
def test_what_a_program_returns_is_shown_and_never_read_as_html(page):
    model = AnswerModel({fenced(EVIL_RETURNED, "python"): 1.0})
    with RunningServer(model.load) as server:
        page.goto(server.ready().url)
        submit(page, EXAMPLES)
        finished(page)
        assert RETURNED in page.text_content("#verified") and RETURNED in page.text_content("#trials")
        assert page.query_selector("#verified *, #trials li *") is None
        assert page.title() == "hrm-edge"
        assert page.problems == []


def test_what_an_answer_leans_on_is_named(page):
    request = "sort the words of a text by their length"
    with LocalIndex() as index:
        entry = index.find(request, language="python", count=1)[0]
    with RunningServer(AnswerModel({fenced(entry.code, "python"): 1.0}).load, index=True) as server:
        page.goto(server.ready().url)
        submit(page, request, "python")
        finished(page)
        assert page.inner_text("#source") == f"leans on {entry.source} ({entry.licence}): {entry.request}"


def test_an_error_is_shown_as_text(server, page):
    page.goto(server.url)
    submit(page, "list " * 1000)
    page.wait_for_selector("#status.error")
    assert "context" in page.inner_text("#status")


def test_an_answer_can_be_stopped(page, tmp_path):
    model = GatedModel(open_gate=True)
    with RunningServer(gated(model, tmp_path)) as server:
        server.ready()
        model.gate.clear()
        page.goto(server.url)
        submit(page, "wait")
        page.click("#stop:enabled")
        sync_api.expect(page.locator("#status")).to_have_text("stopped")
        model.gate.set()
        assert page.is_enabled("#ask")


def test_the_page_asks_for_the_key_of_a_server_that_has_one(random_model, page):
    with RunningServer(loader(random_model("plain")), api_key="secret") as server:
        server.ready()
        page.goto(server.url)
        page.wait_for_selector("#key", state="visible")
        page.fill("#key", "secret")
        submit(page, "list")
        finished(page)


def test_a_script_from_elsewhere_is_not_run(server, page):
    page.goto(server.url)
    page.evaluate(
        "s = document.createElement('script'); s.textContent = \"document.title = 'run'\"; document.body.append(s)"
    )
    assert page.title() == "hrm-edge"
    assert any("Content Security Policy" in problem for problem in page.problems)
