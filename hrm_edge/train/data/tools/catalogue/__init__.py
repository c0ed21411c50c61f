"""Every scenario, by area."""

from hrm_edge.train.data.tools.catalogue import (
    builds,
    debuggers,
    files_text,
    files_tree,
    git_branches,
    git_history,
    git_questions,
    git_remotes,
    git_work,
    python_tools,
)
from hrm_edge.train.data.tools.scenario import Scenario

SCENARIOS: tuple[Scenario, ...] = tuple(
    scenario
    for module in (
        git_work,
        git_history,
        git_branches,
        git_remotes,
        git_questions,
        files_tree,
        files_text,
        builds,
        python_tools,
        debuggers,
    )
    for scenario in module.CATALOGUE.scenarios
)
assert len({scenario.name for scenario in SCENARIOS}) == len(SCENARIOS), "two scenarios have the same name"
