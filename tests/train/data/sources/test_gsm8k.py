"""Word problems become programs that print the answer; what each prints is asked of a Python of its own."""

import subprocess
import sys

import pytest
from source_files import WORD_PROBLEM, drawn, write_lines

from hrm_edge.prompt import parse_answer
from hrm_edge.train.data.sources.gsm8k import Gsm8k, NotComputedError, WordProblem, write_program


def program_of(question, answer, final):
    return write_program(WordProblem(question=question, answer=answer, final=final))[0]


def test_each_mark_becomes_a_line_and_results_their_names(tmp_path):
    (example,), report = drawn(Gsm8k(), write_lines(tmp_path / "g.jsonl", WORD_PROBLEM))
    assert parse_answer(example.response).text == (
        "# She keeps 48/2 = 24 clips.\nstep_1 = 48 // 2\n# Then she has 24+7 = 31.\nstep_2 = step_1 + 7\nprint(step_2)"
    )
    assert (example.executed, example.group, example.task) == (True, "gsm8k/1", "reasoning")
    assert not report.left_out


def test_number_that_the_question_gives_too_is_not_taken_for_a_result():
    program = program_of("He has 12 and gets 12.", "<<6*2=12>>12 and <<12+12=24>>24", "24")
    assert "step_2 = 12 + 12" in program


@pytest.mark.parametrize(
    ("mark", "line", "final"),
    [
        ("7/2=3.5", "7 / 2", "3.5"),
        ("20*.5=10", "20 * 0.5", "10"),
        ("20%*50=10", "20 // 100 * 50", None),
        ("1,000+05=1005", "1000 + 5", "1005"),
        ("-3+5=2", "-3 + 5", "2"),
        ("10/3=3.33", "10 / 3", "3.33"),
    ],
)
def test_arithmetic_of_every_form_prints_the_answer(mark, line, final):
    text = f"so <<{mark}>>"
    if final is None:
        line, final = "20 / 100 * 50", "10"
    program = program_of("?", text, final)
    assert line in program.replace("(", "").replace(")", "")
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert run.stdout == f"{final}\n"


@pytest.mark.parametrize(
    ("answer", "final", "reason"),
    [
        ("<<open('x')=1>>", "1", "no arithmetic"),
        ("<<2**9**9**9=1>>", "1", "no arithmetic"),
        ("<<1/0=1>>", "1", "divides by zero"),
        ("<<10000000*10000000=1>>", "1", "above"),
        ("<<2+2=5>>", "5", "another value"),
        ("<<2+2=four>>", "4", "states no number"),
        ("<<2+2=4>>", "9", "no step that gives"),
        ("nothing here", "9", "no step that gives"),
    ],
)
def test_answer_that_makes_no_program_says_why(answer, final, reason):
    with pytest.raises(NotComputedError, match=reason):
        program_of("?", answer, final)


def test_row_without_a_final_number_is_malformed(tmp_path):
    path = write_lines(tmp_path / "g.jsonl", WORD_PROBLEM, WORD_PROBLEM | {"answer": "31"}, "{")
    examples, report = drawn(Gsm8k(), path)
    assert len(examples) == 1
    assert [row.line for row in report.malformed] == [2, 3]


def test_prose_is_added_on_request_without_marks(tmp_path):
    examples, _ = drawn(Gsm8k(prose=True), write_lines(tmp_path / "g.jsonl", WORD_PROBLEM))
    assert examples[1].response.endswith("Then she has 24+7 = 31.\nThe answer is 31.")


def test_real_rows_all_become_programs_or_are_counted(data_directory):
    examples, report = drawn(Gsm8k(), data_directory)
    assert len(examples) + sum(report.left_out.values()) == sum(report.read.values()) == 7473
    assert len(examples) > 6900
    for example in examples[::1000]:
        program = parse_answer(example.response).text
        run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
        assert run.stdout.strip().replace("-", "").replace(".", "").isdigit()
