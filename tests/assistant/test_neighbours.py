"""The shipped index is asked in the right language, and who is leant on is named."""

import pytest

from hrm_edge.assistant.examples import find_examples
from hrm_edge.assistant.neighbours import Neighbours, look_up, shared_words
from hrm_edge.local_index import Entry, LocalIndex

CODE = "def total(numbers):\n    result = 0\n    for number in numbers:\n        result += number\n    return result\n"


def entry(code=CODE, **fields):
    given = {"request": "Sum numbers.", "code": code, "language": "python", "source": "curriculum"}
    return Entry(**(given | {"licence": "Apache-2.0", "group": "sum"} | fields))


@pytest.mark.parametrize("language", ["python", "rust", "bash"])
def test_neighbours_are_in_the_language_and_stand_before_the_request(language):
    with LocalIndex() as index:
        found = look_up(index, "sort the lines of a file", language)
    assert 0 < len(found.entries) <= 3
    assert {each.language for each in found.entries} == {language}
    prompted = found.prompted("sort the lines of a file")
    assert prompted.startswith("Possibly related:\n\n") and prompted.endswith("Task:\nsort the lines of a file")


def test_without_an_index_the_request_stays_as_it_is():
    assert look_up(None, "sort it", "python").prompted("sort it") == "sort it"


def test_the_values_of_examples_do_not_tell_what_is_asked():
    request = "do it: sort_words('undo the last git commit') == 'commit git last the undo'"
    with LocalIndex() as index:
        found = look_up(index, request, "python", examples=find_examples(request))
        assert found == look_up(index, "sort words", "python")
        assert found != look_up(index, request, "python")


def test_an_answer_that_is_mostly_a_neighbours_names_it_and_its_licence():
    copied = CODE.replace("total", "add_up")
    source = Neighbours(entries=(entry("def f():\n    return 1\n"), entry())).leant_on(copied)
    assert source is not None and source.share > 0.8
    assert str(source).endswith("as in curriculum (Apache-2.0): Sum numbers.")


@pytest.mark.parametrize(
    "code", ["def f(a):\n    return sorted(set(a))[-2] if len(a) > 1 else None\n", "return result", ""]
)
def test_an_answer_of_its_own_or_of_a_few_words_leans_on_nobody(code):
    assert Neighbours(entries=(entry(),)).leant_on(code) is None


def test_shared_words_is_the_part_that_lies_in_common_runs_of_four():
    assert shared_words("a b c d e f", "x a b c d y") == pytest.approx(4 / 6)
    assert shared_words("a b c d", "a b c x d") == 0
    assert shared_words(CODE, CODE) == 1
    assert shared_words("", CODE) == 0
