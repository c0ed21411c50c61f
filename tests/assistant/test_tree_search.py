"""UCT by its formula, and searches whose best is known."""

import math

import pytest

from hrm_edge.assistant.tree_search import Limits, TreeSearch, uct


@pytest.mark.parametrize(
    ("total", "visits", "parent_visits", "exploration"),
    [(0.0, 1, 1, 1.0), (3.0, 4, 10, 2**0.5), (0.5, 2, 100, 0.7), (5.0, 5, 5, 0.0)],
)
def test_uct_is_the_mean_and_the_exploration_term(total, visits, parent_visits, exploration):
    """Kocsis & Szepesvári 2006, section 2.2: the mean, and C times the root of ln n over the visits."""
    mean, term = total / visits, math.sqrt(math.log(parent_visits) / visits)
    assert uct(total=total, visits=visits, parent_visits=parent_visits, exploration=exploration) == pytest.approx(
        mean + exploration * term
    )


class Word:
    """A word is spelled letter by letter; a state is worth the share of the goal that it has right from its start."""

    def __init__(self, goal, letters="abcdef"):
        self.goal, self.letters, self.tried = goal, letters, []

    def actions(self, state):
        return list(self.letters) if len(state) < len(self.goal) and self.goal.startswith(state) else []

    def apply(self, state, action):
        self.tried.append(state + action)
        return state + action

    def value(self, state):
        right = next((n for n, (a, b) in enumerate(zip(state, self.goal, strict=False)) if a != b), len(state))
        return right / len(self.goal)


@pytest.mark.parametrize("goal", ["fade", "beef", "decade"])
def test_a_word_is_found_in_far_fewer_rounds_than_there_are_words(goal):
    domain = Word(goal)
    found = TreeSearch(domain, "", Limits(rounds=400, patience=400)).run()
    assert (found.state, found.value, found.why) == (goal, 1.0, "a goal was found")
    assert len(domain.tried) < 6 ** len(goal) / 10
    assert len(found.trace) == len(domain.tried)


def test_every_visit_of_a_node_is_its_own_or_a_childs():
    search = TreeSearch(Word("fadefade"), "", Limits(rounds=60, patience=60))
    found = search.run()
    nodes = [search.root]
    for node in nodes:
        nodes += node.children
        assert node.visits == 1 + sum(child.visits for child in node.children)
        assert node.total == pytest.approx(
            Word("fadefade").value(node.state) + sum(child.total for child in node.children)
        )
    assert search.root.visits == len(found.trace) + 1


def test_a_node_widens_no_faster_than_the_root_of_its_visits():
    search = TreeSearch(Word("fadefade", letters="abcdefghijklmnop"), "", Limits(rounds=40, patience=40, widening=1.0))
    search.run()
    assert len(search.root.children) <= math.ceil(math.sqrt(41))
    assert any(child.children for child in search.root.children)


class Arms:
    """One-armed: each of some arms can be pulled again and again, and always gives the same."""

    def __init__(self, gains):
        self.gains = gains

    def actions(self, state):
        return list(range(len(self.gains))) if state == () else [state[0]] * 100

    def apply(self, state, action):
        return (*state, action)

    def value(self, state):
        return self.gains[state[0]] if state else 0.0


def test_better_arms_are_pulled_more_and_none_is_forgotten():
    limits = Limits(rounds=150, patience=150, widening=100.0, exploration=0.5)
    search = TreeSearch(Arms([0.2, 0.9, 0.5]), (), limits)
    search.run()
    visits = {child.state[0]: child.visits for child in search.root.children}
    assert visits[1] > visits[2] > visits[0] > 1


def test_the_limits_stop_a_search_and_say_so():
    domain = Arms([0.5])
    assert TreeSearch(domain, (), Limits(rounds=5)).run().why == "5 rounds are done"
    assert TreeSearch(domain, (), Limits(patience=3)).run().why == "nothing better in 3 rounds"
    assert TreeSearch(domain, (), expired=lambda: True).run().why == "the budget is spent"
    assert TreeSearch(Arms([]), ()).run().why == "everything was tried"


class Nothing(Arms):
    """Nothing comes of any action."""

    def apply(self, *_):
        return None


def test_actions_of_which_nothing_comes_are_rounds_too():
    found = TreeSearch(Nothing([0.5, 0.5]), ()).run()
    assert (found.why, found.value) == ("everything was tried", 0.0)
    assert [each.node for each in found.trace] == [None, None]


def test_planted_states_are_the_first_to_go_on_from():
    search = TreeSearch(Word("fade"), "", Limits(rounds=300, patience=300))
    search.plant(["f", "a"])
    assert search.run().value == 1.0
    already = TreeSearch(Word("fade"), "")
    already.plant(["a", "fade"])
    found = already.run()
    assert (found.state, found.trace) == ("fade", ())
