import pytest

from hrm_edge.assistant.asked_language import asked_language


@pytest.mark.parametrize(
    ("request_text", "language"),
    [
        ("write a function in Rust that adds", "rust"),
        ("a Python function that adds", "python"),
        ("Reverse a list in C++.", "cpp"),
        ("a JavaScript one-liner", "javascript"),
        ("sort a map with Go", "go"),
        ("a Java class for points", "java"),
        ("list open ports in the terminal", "bash"),
        ("a function that lists the moves to go", "python"),
        ("translate this Python function to Rust", "rust"),
        ("explain:\n```js\nlet a;\n```", "javascript"),
        ("a function that adds", "python"),
        ("find all files larger than 100 MB", None),
        ("show what java processes run", None),
        ("a command that returns my address", None),
        ("", None),
    ],
)
def test_the_language_is_read_from_the_request(request_text, language):
    assert asked_language(request_text) == language


def test_an_example_without_a_language_is_python():
    assert asked_language("add, f(1) == 1", has_examples=True) == "python"
