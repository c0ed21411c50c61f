"""The page: well-formed, of one file, safe against names from outside, told in words where it draws."""

import re
import subprocess
import sys
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from bench_reports import report, subject, suite

from hrm_edge.bench.pairing import PairedLoss
from hrm_edge.bench.report import to_html

HOSTILE = "</title><script>alert(1)</script>\"'&$\\frac{\x00\x1b[31m.gguf"
VOID = {"meta", "br", "hr", "img", "input", "link"}


class Page(HTMLParser):
    """Elements that open and close in order; what they are called and carry."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []
        self.feed(text)
        self.close()
        assert not self.open

    def handle_starttag(self, tag, attrs):
        assert len({name for name, _ in attrs}) == len(attrs)
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text.append(data)

    def tags(self):
        return [tag for tag, _ in self.elements]


LOSS = PairedLoss(
    suite="humaneval", reference="float onnx", candidate="m.gguf onnx", problems=164, reference_score=0.13,
    candidate_score=0.12, standard_error=0.008, better=1, worse=3, is_quantization=True,
)  # fmt: skip


@pytest.fixture(scope="module")
def whole():
    made = report(
        subject(),
        subject(runtime="llama-cpp"),
        suites=[suite(), suite(answerer="other"), suite("polyglot", mode="suite")],
        losses=[LOSS, replace(LOSS, group=("language", "go"))],
    )
    return to_html(made)


def test_comparisons_and_their_verdicts_are_on_the_page(whole):
    for said in ("<h3>Paired comparisons</h3>", "<h3>Paired comparisons per language</h3>", "not shown", "−1.0 ± 0.8"):
        assert said in whole


def test_page_is_well_formed_and_every_id_is_used_once(whole):
    page = Page(whole)
    ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    assert len(ids) == len(set(ids)) > 10
    assert {"html", "head", "body", "main", "h1", "table", "svg"} <= set(page.tags())


def test_page_needs_nothing_from_outside(whole):
    """No address, no script, no element that loads; references stay on the page and their targets are there."""
    assert not re.search(r"https?:|//[a-z]", whole)
    page = Page(whole)
    assert not {"script", "link", "img", "iframe", "object", "embed", "image", "foreignobject"} & set(page.tags())
    ids = {attributes.get("id") for _, attributes in page.elements}
    for _, attributes in page.elements:
        assert not any(name.startswith("on") for name in attributes)
        assert attributes.get("href", "#")[:1] == "#"
        if "href" in attributes:
            assert attributes["href"][1:] in ids
    for target in re.findall(r"url\(([^)]*)\)", whole):
        assert target[:1] == "#" and target[1:] in ids


def test_figures_are_told_in_words(whole):
    page = Page(whole)
    figures = [attributes for tag, attributes in page.elements if tag == "svg"]
    assert len(figures) >= 3
    ids = {attributes.get("id") for _, attributes in page.elements}
    for figure in figures:
        assert figure["role"] == "img"
        assert set(figure["aria-labelledby"].split()) <= ids
    assert "m.gguf onnx: 100 MB; m.gguf llama-cpp: 100 MB" in page.text


def test_figures_have_the_pages_colours_in_light_and_dark(whole):
    drawn = "".join(re.findall(r"<svg.*?</svg>", whole, re.DOTALL))
    used = set(re.findall(r"var\((--[a-z0-9-]+)\)", drawn))
    assert {"--ink", "--muted", "--grid", "--line", "--series-1"} <= used
    assert not re.search(r"#[0-9a-f]{6}\b", drawn)
    light, dark = whole.split("prefers-color-scheme: dark")
    for name in used:
        assert f"{name}:" in light
        assert f"{name}:" in dark


@pytest.mark.parametrize("made", [lambda: report(subject()), lambda: report(suites=[suite()])], ids=["speed", "scores"])
def test_page_has_only_the_parts_that_were_run(made):
    text = to_html(made())
    Page(text)
    assert ("Speed and memory" in text) != ("Accuracy" in text)


def test_names_from_outside_are_text_and_nothing_else():
    made = report(subject(model=HOSTILE), suites=[suite(HOSTILE, answerer=f"{HOSTILE} onnx")])
    page = Page(to_html(made))
    assert "script" not in page.tags()
    text = "".join(page.text)
    assert "</title><script>alert(1)</script>\"'&$\\frac{\ufffd\ufffd[31m" in text
    assert not {"\x00", "\x1b"} & set(to_html(made))


def test_same_report_gives_the_same_page():
    made = report(subject(), suites=[suite()])
    assert to_html(made) == to_html(made)


def test_page_shows_scores_targets_machine_and_command(whole):
    text = "".join(Page(whole).text)
    for said in (
        "12.0 % ± 2.0",
        "MISSED",
        "Example CPU",
        "hrm-edge bench --seed 7",
        "empty answer (baseline)",
        "2.4.0",
    ):
        assert said in text


def test_absent_matplotlib_is_one_clear_line():
    code = (
        "import sys; sys.modules['matplotlib'] = None\n"
        "from hrm_edge.bench.report.svg import require_matplotlib\n"
        "from hrm_edge.errors import HrmEdgeError\n"
        "try: require_matplotlib()\nexcept HrmEdgeError as error: print(error)"
    )
    finished = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert finished.stdout == (
        "the HTML report needs matplotlib, which is not installed: pip install 'hrm-edge[bench]'\n"
    )
