"""Monte Carlo tree search with UCT over any domain whose states can be valued between 0 and 1.

Each round goes down the tree by the largest

    UCT = value / visits + exploration · sqrt(ln(visits of the parent) / visits)

(Kocsis & Szepesvári 2006, https://doi.org/10.1007/11871842_29) to a node that may try another action, tries it, and
adds the new node's value to all nodes above it. There are more answers to draw than rounds to draw them in, so a node
may have only widening · sqrt(visits) children before the search goes on below them (progressive widening, Couëtoux et
al. 2011, https://doi.org/10.1007/978-3-642-25566-3_32). As in SWE-Search (Antoniades et al. 2024,
https://arxiv.org/abs/2410.20285) an action is an answer that was written and run, and the value is what its tests say:
there is no random play to the end. What is left out of it: the critic's hindsight and the debate, which need a second
model.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Generic, Protocol, TypeVar

State = TypeVar("State")
Action = TypeVar("Action")


class Domain(Protocol[State, Action]):
    """What is searched."""

    def actions(self, state: State) -> Sequence[Action]:
        """What can be tried from a state, the most promising first."""
        ...

    def apply(self, state: State, action: Action) -> State | None:
        """Try it; None where nothing comes of it."""
        ...

    def value(self, state: State) -> float:
        """How good a state is, from 0 to 1; 1 is a goal."""
        ...


@dataclass(frozen=True, kw_only=True)
class Limits:
    """When a search stops: at a goal, or when one of these is reached."""

    rounds: int = 32
    patience: int = 16
    """Rounds in a row that find nothing better."""
    exploration: float = math.sqrt(2)
    """sqrt(2) is UCB1's for values from 0 to 1."""
    widening: float = 1.5


@dataclass(eq=False)
class Node(Generic[State, Action]):
    """A state that was reached."""

    number: int
    state: State
    parent: "Node[State, Action] | None"
    untried: list[Action]
    tried: int = 0
    children: list["Node[State, Action]"] = field(default_factory=list)
    visits: int = 0
    total: float = 0.0
    """Sum of the values that were found in it and below."""

    def path(self) -> "Iterator[Node[State, Action]]":
        """The node and all above it."""
        node: Node[State, Action] | None = self
        while node is not None:
            yield node
            node = node.parent


@dataclass(frozen=True, kw_only=True)
class Round:
    """One round of a search, for its trace."""

    round: int
    node: int | None
    """The node that it made; None where nothing came of its action."""
    parent: int
    value: float
    best: float


@dataclass(frozen=True, kw_only=True)
class Found(Generic[State]):
    """The best state, and how it was found."""

    state: State
    value: float
    why: str
    """Why the search stopped."""
    trace: tuple[Round, ...]


def uct(*, total: float, visits: int, parent_visits: int, exploration: float) -> float:
    """The upper bound by which a child is chosen; both have been visited."""
    return total / visits + exploration * math.sqrt(math.log(parent_visits) / visits)


class TreeSearch(Generic[State, Action]):
    """One search."""

    def __init__(
        self,
        domain: Domain[State, Action],
        start: State,
        limits: Limits | None = None,
        *,
        expired: Callable[[], bool] = lambda: False,
    ) -> None:
        self._domain, self._limits, self._expired = domain, limits or Limits(), expired
        self.root = Node[State, Action](number=0, state=start, parent=None, untried=list(domain.actions(start)))
        self._nodes = 1

    def plant(self, states: Sequence[State]) -> None:
        """Begin with states that were reached already, each by an action of its own from the start."""
        self.root.tried += len(states)
        for state in states:
            self._credit(self._added(self.root, state), self._domain.value(state))

    def run(self) -> Found[State]:
        """Search to a goal or a limit; of equally good states the first is the best."""
        best, value = self.root, self._domain.value(self.root.state)
        self._credit(self.root, value)
        for planted in self.root.children:
            if planted.total > value:
                best, value = planted, planted.total
        trace: list[Round] = []
        stale = 0
        while not (why := self._why_stop(value, len(trace), stale)):
            parent = self._selected()
            node = self._expanded(parent)
            found = 0.0 if node is None else self._domain.value(node.state)
            self._credit(node or parent, found)
            stale += 1
            if node is not None and found > value:
                best, value, stale = node, found, 0
            number = None if node is None else node.number
            trace.append(Round(round=len(trace) + 1, node=number, parent=parent.number, value=found, best=value))
        return Found(state=best.state, value=value, why=why, trace=tuple(trace))

    def _why_stop(self, value: float, rounds: int, stale: int) -> str:
        if value >= 1:
            return "a goal was found"
        if self._expired():
            return "the budget is spent"
        if rounds >= self._limits.rounds:
            return f"{rounds} rounds are done"
        if stale >= self._limits.patience:
            return f"nothing better in {stale} rounds"
        return "" if _open(self.root) else "everything was tried"

    def _selected(self) -> Node[State, Action]:
        """Down the tree to a node that may widen; subtrees where all is tried are passed over."""
        node = self.root
        while not self._widens(node):
            node = max(filter(_open, node.children), key=self._uct)
        return node

    def _widens(self, node: Node[State, Action]) -> bool:
        if not node.untried:
            return False
        return node.tried < self._limits.widening * math.sqrt(node.visits) or not any(map(_open, node.children))

    def _uct(self, node: Node[State, Action]) -> float:
        assert node.parent is not None, "the root is no child"
        return uct(
            total=node.total,
            visits=node.visits,
            parent_visits=node.parent.visits,
            exploration=self._limits.exploration,
        )

    def _expanded(self, parent: Node[State, Action]) -> Node[State, Action] | None:
        parent.tried += 1
        state = self._domain.apply(parent.state, parent.untried.pop(0))
        return None if state is None else self._added(parent, state)

    def _added(self, parent: Node[State, Action], state: State) -> Node[State, Action]:
        node = Node[State, Action](
            number=self._nodes, state=state, parent=parent, untried=list(self._domain.actions(state))
        )
        self._nodes += 1
        parent.children.append(node)
        return node

    def _credit(self, node: Node[State, Action], value: float) -> None:
        for each in node.path():
            each.visits += 1
            each.total += value


def _open(node: Node[State, Action]) -> bool:
    """Whether anything is left to try in it or below."""
    return bool(node.untried) or any(_open(child) for child in node.children)
