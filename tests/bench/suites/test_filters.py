"""Filters keep what they say, at their very bounds, and an empty selection names the filter that made it."""

from datetime import date, timedelta

import pytest
from suite_rows import ids

from hrm_edge.bench.suites.filters import RELEASES, Filters, NothingLeftError
from hrm_edge.errors import DataError
from hrm_edge.problems.problem import Problem, Scenario, ShellCommand


def problem(name, *, language="python", platform=None, difficulty=None, contest_date=None):
    return Problem(
        suite="s",
        id=name,
        scenario=Scenario.GENERATION,
        language=language,
        request="?",
        check=ShellCommand(references=("ls",)),
        platform=platform,
        difficulty=difficulty,
        contest_date=contest_date,
    )


FIRST, LAST = date(2024, 3, 1), date(2024, 3, 31)
DAY = timedelta(days=1)
DATED = [
    problem("before", contest_date=FIRST - DAY),
    problem("first", contest_date=FIRST),
    problem("last", contest_date=LAST),
    problem("after", contest_date=LAST + DAY),
    problem("undated"),
]


@pytest.mark.parametrize(
    ("filters", "kept"),
    [
        (Filters(), ["before", "first", "last", "after", "undated"]),
        (Filters(since=FIRST), ["first", "last", "after"]),
        (Filters(until=LAST), ["before", "first", "last"]),
        (Filters(since=FIRST, until=LAST), ["first", "last"]),
        (Filters(since=FIRST, until=FIRST), ["first"]),
        (Filters(limit=2), ["before", "first"]),
        (Filters(since=FIRST, limit=1), ["first"]),
        (Filters(limit=99), ["before", "first", "last", "after", "undated"]),
        (Filters(release="v1"), ["before", "first", "last"]),
        (Filters(release="release_v2"), ["before", "first", "last", "after"]),
    ],
    ids=repr,
)
def test_dates_are_inclusive_and_the_limit_counts_what_is_left(filters, kept):
    assert ids(filters.apply(DATED, "s")) == kept


@pytest.mark.parametrize(("name", "release"), RELEASES.items())
def test_release_has_the_contests_from_may_2023_to_its_last_day(name, release):
    days = [date(2023, 4, 30), date(2023, 5, 1), release.until, release.until + DAY]
    kept = Filters(release=name).apply([problem(str(day), contest_date=day) for day in days], "s")
    assert ids(kept) == [str(days[1]), str(days[2])]


def test_releases_are_those_of_the_data_sets_card():
    table = {name: (release.until.strftime("%b %Y"), release.problems) for name, release in RELEASES.items()}
    assert table == {
        "v1": ("Mar 2024", 400),
        "v2": ("May 2024", 511),
        "v3": ("Jul 2024", 612),
        "v4": ("Sep 2024", 713),
        "v5": ("Jan 2025", 880),
        "v6": ("Apr 2025", 1055),
    }


def test_languages_go_by_alias():
    problems = [problem("a", language="cpp"), problem("b"), problem("c", language="go")]
    assert ids(Filters(languages=("c++", "Golang")).apply(problems, "s")) == ["a", "c"]


def test_platform_and_difficulty_apply_together():
    problems = [
        problem("a", platform="atcoder", difficulty="easy"),
        problem("b", platform="leetcode", difficulty="easy"),
        problem("c", platform="atcoder", difficulty="hard"),
        problem("d"),
    ]
    filters = Filters(platforms=("atcoder", "codeforces"), difficulties=("easy",))
    assert ids(filters.apply(problems, "s")) == ["a"]


@pytest.mark.parametrize(
    ("filters", "message"),
    [
        (Filters(languages=("rust",)), "suite s: --language rust leaves none of 2 problems; they have python"),
        (Filters(platforms=("x",)), "suite s: --platform x leaves none of 2 problems; they have atcoder"),
        (
            Filters(platforms=("atcoder",), difficulties=("hard",)),
            "suite s: --difficulty hard leaves none of 1 problems; they have easy",
        ),
        (Filters(release="v1"), "suite s: --release v1 leaves none of 2 problems; they have 2025-01-02"),
        (
            Filters(until=date(2025, 1, 1)),
            "suite s: --until 2025-01-01 leaves none of 2 problems; they have 2025-01-02",
        ),
    ],
    ids=repr,
)
def test_empty_selection_names_the_filter_and_what_there_is(filters, message):
    problems = [problem("a", platform="atcoder", difficulty="easy", contest_date=date(2025, 1, 2)), problem("b")]
    with pytest.raises(NothingLeftError) as caught:
        filters.apply(problems, "s")
    assert str(caught.value) == message


def test_filter_on_what_problems_do_not_say_tells_so():
    with pytest.raises(NothingLeftError, match="leaves none of 1 problems; they do not say theirs"):
        Filters(difficulties=("easy",)).apply([problem("a")], "s")


def test_data_without_problems_is_an_error_of_its_own():
    with pytest.raises(NothingLeftError, match="suite s: its data holds no problems"):
        Filters(languages=("python",)).apply([], "s")


def test_no_more_is_read_than_the_limit_needs():
    def endless():
        number = 0
        while True:
            yield problem(str(number))
            number += 1

    assert ids(Filters(limit=3).apply(endless(), "s")) == ["0", "1", "2"]


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"release": "v7"}, "release 'v7' of LiveCodeBench is not known: choose of v1, v2, v3, v4, v5, v6"),
        ({"since": LAST, "until": FIRST}, "--since 2024-03-31 is after --until 2024-03-01"),
        ({"limit": 0}, "--limit 0: at least 1"),
    ],
    ids=str,
)
def test_impossible_filter_is_refused(fields, message):
    with pytest.raises(DataError, match=message):
        Filters(**fields)


def test_unknown_language_is_refused():
    with pytest.raises(DataError, match="language 'cobol' is not known"):
        Filters(languages=("cobol",)).apply(DATED, "s")
