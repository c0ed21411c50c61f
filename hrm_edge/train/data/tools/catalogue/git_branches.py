"""Git: branches, merges, worktrees."""

from hrm_edge.train.data.tools.catalogue.git_setup import STATUS, bash, commit, new
from hrm_edge.train.data.tools.draw import Draw
from hrm_edge.train.data.tools.scenario import Catalogue, Plan, Step, prints

CATALOGUE = Catalogue("git")
_scenario = CATALOGUE.scenario
_SUBJECTS = "git log --format=%s"
_GRAPH = "git log --oneline --graph --all"


def _diverged(project: str, name: str, branch: str, lines: list[str], messages: list[str]) -> str:
    """main and a branch that both rewrite one file."""
    return bash(
        new(project),
        commit(f"{name}.txt", lines[0], messages[0]),
        f"git switch -q -c {branch}",
        commit(f"{name}.txt", lines[1], messages[1]),
        "git switch -q main",
        commit(f"{name}.txt", lines[2], messages[2]),
    )


@_scenario("git")
def create_branch_and_commit(draw: Draw) -> Plan:
    """A branch with a commit."""
    project, (one,), (first, message), (branch,) = draw.project(), draw.names(1), draw.messages(2), draw.branches(1)
    old, added = draw.words(2)
    return Plan(
        goals=(
            f"On a new branch {branch}, append '{added}' to {one}.txt and commit as '{message}'.",
            f"Start the branch {branch}, add the line '{added}' to {one}.txt there and record it as '{message}'.",
        ),
        setup=bash(new(project), commit(f"{one}.txt", old, first)),
        steps=(
            Step(command=f"git switch {branch}", fails=True, says="invalid reference", needed=False),
            Step(command=f"git switch -c {branch}", says="Switched to a new branch"),
            Step(command=f"echo '{added}' >> {one}.txt"),
            Step(command=f"git commit -am '{message}'"),
        ),
        look=STATUS,
        check=f"git log --format=%s main..{branch} && git show main:{one}.txt",
        proof=prints(f"{message}\n{old}"),
        predict=True,
    )


@_scenario("git")
def merge_fast_forward(draw: Draw) -> Plan:
    """A branch ahead of main is merged."""
    project, (one, two), (first, second), (branch,) = draw.project(), draw.names(2), draw.messages(2), draw.branches(1)
    return Plan(
        goals=(
            f"Merge {branch} into main; I am on {branch}.",
            f"Bring main up to {branch} (currently checked out) by a merge.",
        ),
        setup=bash(
            new(project),
            commit(f"{one}.txt", one, first),
            f"git switch -q -c {branch}",
            commit(f"{two}.txt", two, second),
        ),
        steps=(Step(command="git switch main"), Step(command=f"git merge {branch}", says="Fast-forward")),
        look=_GRAPH,
        check=f"git branch --show-current && {_SUBJECTS}",
        proof=prints(f"main\n{second}\n{first}"),
        predict=True,
    )


@_scenario("git")
def merge_with_commit(draw: Draw) -> Plan:
    """A merge that could fast-forward gets a commit of its own."""
    project, (one, two), messages, (branch,) = draw.project(), draw.names(2), draw.messages(2), draw.branches(1)
    title = f"Merge {branch} for {draw.words(1)[0]}"
    return Plan(
        goals=(
            f"Merge {branch} into main with a merge commit '{title}' even though it could fast-forward.",
            f"On main: merge {branch} without fast-forward, message '{title}'.",
        ),
        setup=bash(
            new(project),
            commit(f"{one}.txt", one, messages[0]),
            f"git switch -q -c {branch}",
            commit(f"{two}.txt", two, messages[1]),
            "git switch -q main",
        ),
        steps=(Step(command=f"git merge --no-ff -m '{title}' {branch}", says="1 file changed"),),
        look=_GRAPH,
        check="git log --format=%s --first-parent && git rev-list --count --merges HEAD",
        proof=prints(f"{title}\n{messages[0]}\n1"),
        predict=True,
    )


@_scenario("git")
def merge_conflict(draw: Draw) -> Plan:
    """A conflict is resolved to a given line."""
    project, (one,), messages, (branch,) = draw.project(), draw.names(1), draw.messages(3), draw.branches(1)
    old, theirs, ours = draw.words(3)
    return Plan(
        goals=(
            f"Merge {branch} into main. Resolve the conflict in {one}.txt so that it holds '{ours} and {theirs}'.",
            f"On main, merge {branch}; {one}.txt will conflict and must end up with the line '{ours} and {theirs}'.",
        ),
        setup=_diverged(project, one, branch, [old, theirs, ours], messages),
        steps=(
            Step(command=f"git merge {branch}", fails=True, says="Automatic merge failed; fix conflicts"),
            Step(command=f"echo '{ours} and {theirs}' > {one}.txt"),
            Step(command=f"git add {one}.txt"),
            Step(command="git commit --no-edit"),
        ),
        look=f"{STATUS} && cat {one}.txt",
        check=f"cat {one}.txt && git log -1 --format=%s && git status --short",
        proof=prints(f"{ours} and {theirs}\nMerge branch '{branch}'"),
        predict=True,
    )


@_scenario("git")
def merge_unfinished_commit(draw: Draw) -> Plan:
    """A commit is refused while a conflict is open."""
    project, (one,), messages, (branch,) = draw.project(), draw.names(1), draw.messages(3), draw.branches(1)
    old, theirs, ours = draw.words(3)
    return Plan(
        goals=(
            f"I resolved {one}.txt by keeping our version. Finish the merge.",
            f"Conclude the merge that is going on; in {one}.txt our side ('{ours}') wins.",
        ),
        setup=bash(
            _diverged(project, one, branch, [old, theirs, ours], messages),
            f"git merge {branch} || true\necho {ours} > {one}.txt",
        ),
        steps=(
            Step(command="git commit --no-edit", fails=True, says="Committing is not possible", needed=False),
            Step(command=f"git add {one}.txt"),
            Step(command="git commit --no-edit"),
        ),
        look=STATUS,
        check=f"cat {one}.txt && git log -1 --format=%s",
        proof=prints(f"{ours}\nMerge branch '{branch}'"),
        predict=True,
    )


@_scenario("git")
def merge_abort(draw: Draw) -> Plan:
    """A merge that conflicts is called off."""
    project, (one,), messages, (branch,) = draw.project(), draw.names(1), draw.messages(3), draw.branches(1)
    lines = draw.words(3)
    return Plan(
        goals=(
            f"Try to merge {branch}; if there is a conflict, go back to the state before.",
            f"Merge {branch} into main, and abort the merge should it conflict.",
        ),
        setup=_diverged(project, one, branch, lines, messages),
        steps=(
            Step(command=f"git merge {branch}", fails=True, says="CONFLICT"),
            Step(command="git merge --abort"),
        ),
        look=STATUS,
        check=f"git status --short && cat {one}.txt && git log -1 --format=%s",
        proof=prints(f"{lines[2]}\n{messages[2]}"),
        predict=True,
    )


@_scenario("git")
def merge_take_side(draw: Draw) -> Plan:
    """A conflict is resolved by one side as a whole."""
    project, (one,), messages, (branch,) = draw.project(), draw.names(1), draw.messages(3), draw.branches(1)
    lines, side = draw.words(3), draw.one(("theirs", "ours"))
    winner = {"theirs": branch, "ours": "main"}[side]
    return Plan(
        goals=(
            f"Merge {branch} into main; take the version of {winner} for {one}.txt in the conflict.",
            f"Merge {branch}. Where {one}.txt conflicts, {winner} wins.",
        ),
        setup=_diverged(project, one, branch, lines, messages),
        steps=(
            Step(command=f"git merge {branch}", fails=True, says="CONFLICT (content)"),
            Step(command=f"git checkout --{side} {one}.txt", says="Updated 1 path"),
            Step(command=f"git add {one}.txt"),
            Step(command="git commit --no-edit"),
        ),
        look=STATUS,
        check=f"cat {one}.txt && git rev-list --count --merges HEAD",
        proof=prints(f"{lines[1] if side == 'theirs' else lines[2]}\n1"),
        predict=True,
    )


@_scenario("git")
def merge_modify_delete(draw: Draw) -> Plan:
    """One side deleted the file that the other changed."""
    project, (one, two), messages, (branch,) = draw.project(), draw.names(2), draw.messages(3), draw.branches(1)
    return Plan(
        goals=(
            f"Merge {branch}, which changed {one}.txt; main deleted it, and it shall stay deleted.",
            f"Merge {branch} into main. {one}.txt conflicts (modify/delete): delete it.",
        ),
        setup=bash(
            new(project),
            commit(f"{two}.txt", two, messages[0]),
            commit(f"{one}.txt", one, f"{messages[0]} more"),
            f"git switch -q -c {branch}",
            commit(f"{one}.txt", two, messages[1]),
            "git switch -q main",
            f"git rm -q {one}.txt\ngit commit -qm '{messages[2]}'",
        ),
        steps=(
            Step(command=f"git merge {branch}", fails=True, says="CONFLICT (modify/delete)"),
            Step(command=f"git rm {one}.txt"),
            Step(command="git commit --no-edit"),
        ),
        look=STATUS,
        check="git ls-files && git log -1 --format=%s",
        proof=prints(f"{two}.txt\nMerge branch '{branch}'"),
        predict=True,
    )


@_scenario("git")
def squash_merge(draw: Draw) -> Plan:
    """A branch arrives as one commit."""
    project, (one, two, three), messages, (branch,) = draw.project(), draw.names(3), draw.messages(4), draw.branches(1)
    return Plan(
        goals=(
            f"Bring all changes of {branch} to main as a single commit '{messages[3]}'.",
            f"Squash-merge {branch} into main with the message '{messages[3]}'.",
        ),
        setup=bash(
            new(project),
            commit(f"{one}.txt", one, messages[0]),
            f"git switch -q -c {branch}",
            commit(f"{two}.txt", two, messages[1]),
            commit(f"{three}.txt", three, messages[2]),
            "git switch -q main",
        ),
        steps=(
            Step(command=f"git merge --squash {branch}", says="Squash commit -- not updating HEAD"),
            Step(command=f"git commit -m '{messages[3]}'", says="2 files changed"),
        ),
        look=_GRAPH,
        check=f"{_SUBJECTS} && ls",
        proof=prints("\n".join([messages[3], messages[0], *sorted(f"{name}.txt" for name in (one, two, three))])),
        predict=True,
    )


@_scenario("git")
def delete_merged_branch(draw: Draw) -> Plan:
    """A branch cannot be deleted while it is checked out."""
    project, (one,), (first,), (branch, other) = draw.project(), draw.names(1), draw.messages(1), draw.branches(2)
    return Plan(
        goals=(
            f"Delete the branch {branch}, which is checked out and has nothing that main lacks.",
            f"Get rid of {branch}; I am on it and it is fully merged into main.",
        ),
        setup=bash(
            new(project), commit(f"{one}.txt", one, first), f"git branch {other}-old\ngit switch -q -c {branch}"
        ),
        steps=(
            Step(command=f"git branch -d {branch}", fails=True, says="Cannot delete branch", needed=False),
            Step(command="git switch main"),
            Step(command=f"git branch -d {branch}", says="Deleted branch"),
        ),
        look="git branch",
        check="git branch --format='%(refname:short)'",
        proof=prints("\n".join(sorted([f"{other}-old", "main"]))),
        predict=True,
    )


@_scenario("git")
def delete_unmerged_branch(draw: Draw) -> Plan:
    """-d refuses what is not merged."""
    project, (one, two), messages, (branch,) = draw.project(), draw.names(2), draw.messages(2), draw.branches(1)
    return Plan(
        goals=(
            f"Delete the branch {branch} even though it is not merged.",
            f"Drop {branch} and the commits that only it has.",
        ),
        setup=bash(
            new(project),
            commit(f"{one}.txt", one, messages[0]),
            f"git switch -q -c {branch}",
            commit(f"{two}.txt", two, messages[1]),
            "git switch -q main",
        ),
        steps=(
            Step(command=f"git branch -d {branch}", fails=True, says="is not fully merged", needed=False),
            Step(command=f"git branch -D {branch}", says="Deleted branch"),
        ),
        look="git branch",
        check="git branch --format='%(refname:short)'",
        proof=prints("main"),
        predict=True,
    )


@_scenario("git")
def rename_branch(draw: Draw) -> Plan:
    """A branch gets another name."""
    project, (one,), (first,), (old, name) = draw.project(), draw.names(1), draw.messages(1), draw.branches(2)
    old, name = old.replace("/", "-"), name.replace("/", "-")
    return Plan(
        goals=(
            f"Rename the branch {old} to {name}.",
            f"The branch {old} should be called {name} instead.",
        ),
        setup=bash(new(project), commit(f"{one}.txt", one, first), f"git branch {old}"),
        steps=(Step(command=f"git branch -m {old} {name}"),),
        look="git branch",
        check="git branch --format='%(refname:short)'",
        proof=prints("\n".join(sorted(["main", name]))),
        predict=True,
    )


@_scenario("git")
def keep_detached_commit(draw: Draw) -> Plan:
    """Work done on a detached HEAD gets a branch."""
    project, (one, two), messages, (branch,) = draw.project(), draw.names(2), draw.messages(3), draw.branches(1)
    return Plan(
        goals=(
            f"I committed on a detached HEAD. Keep that commit on a new branch {branch} and go back to main.",
            f"Save the commit I made while HEAD was detached as branch {branch}, then return to main.",
        ),
        setup=bash(
            new(project),
            commit(f"{one}.txt", one, messages[0]),
            commit(f"{one}.txt", two, messages[1]),
            "git switch -q --detach HEAD~1",
            commit(f"{two}.txt", two, messages[2]),
        ),
        steps=(Step(command=f"git switch -c {branch}"), Step(command="git switch main")),
        look="git status --short --branch && git log --oneline",
        check=f"git log --format=%s {branch} && git branch --show-current",
        proof=prints(f"{messages[2]}\n{messages[0]}\nmain"),
        predict=True,
    )


@_scenario("git")
def move_commit_to_branch(draw: Draw) -> Plan:
    """Commits made on main by mistake move to a branch."""
    project, names, messages, (branch,) = draw.project(), draw.names(3), draw.messages(3), draw.branches(1)
    count = draw.number(1, 2)
    plural = "s" * (count > 1)
    commits = [commit(f"{name}.txt", name, text) for name, text in zip(names, messages, strict=True)]
    return Plan(
        goals=(
            f"I made the last {count} commit{plural} on main by mistake. Move them to a new branch {branch}; "
            f"main goes back.",
            f"The {count} newest commit{plural} of main belong on a new branch {branch} and must leave main.",
        ),
        setup=bash(new(project), *commits),
        steps=(Step(command=f"git branch {branch}"), Step(command=f"git reset --hard HEAD~{count}")),
        look="git log --oneline --decorate",
        check=f"git log --format=%s main..{branch} && git rev-list --count main",
        proof=prints("\n".join([*reversed(messages[3 - count :]), str(3 - count)])),
        predict=True,
    )


@_scenario("git")
def worktree_for_branch(draw: Draw) -> Plan:
    """A second working tree, since a branch can only be checked out once."""
    project, (one, two), messages, (branch,) = draw.project(), draw.names(2), draw.messages(2), draw.branches(1)
    place = f"../{project}-{branch.rpartition('/')[2]}"
    return Plan(
        goals=(
            f"Check out {branch} in {place} beside the current working tree.",
            f"I want {branch} in a second directory, {place}, without touching this one.",
        ),
        setup=bash(
            new(project),
            commit(f"{one}.txt", one, messages[0]),
            f"git switch -q -c {branch}",
            commit(f"{two}.txt", two, messages[1]),
            "git switch -q main",
        ),
        steps=(Step(command=f"git worktree add {place} {branch}", says="Preparing worktree"),),
        look="git branch",
        check=f"git -C {place} branch --show-current && ls {place} && git branch --show-current",
        proof=prints("\n".join([branch, *sorted([f"{one}.txt", f"{two}.txt"]), "main"])),
        predict=True,
    )


@_scenario("git")
def worktree_in_the_way(draw: Draw) -> Plan:
    """A branch that another worktree has cannot be switched to."""
    project, (one,), (first,), (branch,) = draw.project(), draw.names(1), draw.messages(1), draw.branches(1)
    place = f"../{project}-{branch.rpartition('/')[2]}"
    return Plan(
        goals=(
            f"Switch this working tree to {branch}; the worktree {place} is not needed any more.",
            f"Check out {branch} here and remove the worktree {place} that holds it.",
        ),
        setup=bash(new(project), commit(f"{one}.txt", one, first), f"git worktree add {place} -b {branch}"),
        steps=(
            Step(command=f"git switch {branch}", fails=True, says="already checked out at", needed=False),
            Step(command=f"git worktree remove {place}"),
            Step(command=f"git switch {branch}"),
        ),
        look="git branch",
        check="git branch --show-current && git worktree list | wc -l",
        proof=prints(f"{branch}\n1"),
        predict=True,
    )
