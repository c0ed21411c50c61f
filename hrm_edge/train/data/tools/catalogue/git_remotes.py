"""Git: a bare repository beside the working copy as the remote."""

from hrm_edge.train.data.tools.catalogue.git_setup import STATUS, bash, commit, new
from hrm_edge.train.data.tools.draw import Draw
from hrm_edge.train.data.tools.scenario import Catalogue, Plan, Step, prints

CATALOGUE = Catalogue("git")
_scenario = CATALOGUE.scenario
_SUBJECTS = "git log --format=%s"


def _shared(project: str, name: str, message: str) -> str:
    """A clone whose main tracks the bare repository `hub/PROJECT.git`, with one commit."""
    return bash(
        f"git init -q --bare -b main hub/{project}.git",
        f"git clone -q hub/{project}.git {project}\ncd {project}",
        commit(f"{name}.txt", name, message),
        "git push -q origin main",
    )


def _colleague(project: str, path: str, line: str, message: str, person: str) -> str:
    """A commit that someone else pushes; ends where it began."""
    return bash(
        f"git clone -q ../hub/{project}.git ../{person}\ncd ../{person}",
        commit(path, line, message, by=person),
        f"git push -q origin main\ncd ../{project}",
    )


@_scenario("git")
def push_new_branch(draw: Draw) -> Plan:
    """The first push of a branch needs an upstream."""
    project, (one, two), messages, (branch,) = draw.project(), draw.names(2), draw.messages(2), draw.branches(1)
    return Plan(
        goals=(
            f"Push my new branch {branch}, which is checked out, to origin and track it.",
            f"Publish {branch} (current branch) on origin with an upstream.",
        ),
        setup=bash(
            _shared(project, one, messages[0]), f"git switch -q -c {branch}", commit(f"{two}.txt", two, messages[1])
        ),
        steps=(
            Step(command="git push", fails=True, says="has no upstream branch", needed=False),
            Step(command=f"git push -u origin {branch}", says="[new branch]"),
        ),
        look=STATUS,
        check=f"git ls-remote --heads origin | wc -l && git log -1 --format=%s origin/{branch}",
        proof=prints(f"2\n{messages[1]}"),
        predict=True,
    )


@_scenario("git")
def rejected_push(draw: Draw) -> Plan:
    """The remote has moved on: rebase, then push."""
    project, (one, two, three), messages, (person,) = draw.project(), draw.names(3), draw.messages(3), draw.people(1)
    return Plan(
        goals=(
            "Push my commit to origin/main; the remote has a commit that I lack, and history should stay linear.",
            f"Push main. {person.capitalize()} has pushed in the meantime; put my commit on top, no merge commit.",
        ),
        setup=bash(
            _shared(project, one, messages[0]),
            _colleague(project, f"{two}.txt", two, messages[1], person),
            commit(f"{three}.txt", three, messages[2]),
        ),
        steps=(
            Step(command="git push", fails=True, says="[rejected]", needed=False),
            Step(command="git pull --rebase", says="Successfully rebased"),
            Step(command="git push", says="main -> main"),
        ),
        look=STATUS,
        check="git log --format=%s origin/main",
        proof=prints("\n".join([messages[2], messages[1], messages[0]])),
        predict=True,
    )


@_scenario("git")
def rejected_push_conflict(draw: Draw) -> Plan:
    """The remote changed the same line: rebase, resolve, push."""
    project, (one,), messages, (person,) = draw.project(), draw.names(1), draw.messages(3), draw.people(1)
    theirs, mine = draw.words(2)
    return Plan(
        goals=(
            f"Push my change of {one}.txt. {person.capitalize()} pushed a change of the same line; the result "
            f"should be "
            f"'{theirs} {mine}'.",
            f"Get my commit onto origin/main by a rebase; resolve {one}.txt to '{theirs} {mine}'.",
        ),
        setup=bash(
            _shared(project, one, messages[0]),
            _colleague(project, f"{one}.txt", theirs, messages[1], person),
            commit(f"{one}.txt", mine, messages[2]),
        ),
        steps=(
            Step(command="git push", fails=True, says="Updates were rejected", needed=False),
            Step(command="git pull --rebase", fails=True, says="CONFLICT (content)"),
            Step(command=f"echo '{theirs} {mine}' > {one}.txt"),
            Step(command=f"git add {one}.txt"),
            Step(command="git rebase --continue", says="Successfully rebased"),
            Step(command="git push", says="main -> main"),
        ),
        look=STATUS,
        check=f"git show origin/main:{one}.txt && git log --format=%s origin/main",
        proof=prints("\n".join([f"{theirs} {mine}", messages[2], messages[1], messages[0]])),
        predict=True,
    )


@_scenario("git")
def divergent_pull(draw: Draw) -> Plan:
    """A pull that does not know how to reconcile; a merge is wanted."""
    project, (one, two, three), messages, (person,) = draw.project(), draw.names(3), draw.messages(3), draw.people(1)
    return Plan(
        goals=(
            "Pull from origin and merge; both sides have new commits.",
            f"Merge what {person.capitalize()} pushed to origin/main into my main with a merge commit.",
        ),
        setup=bash(
            _shared(project, one, messages[0]),
            _colleague(project, f"{two}.txt", two, messages[1], person),
            commit(f"{three}.txt", three, messages[2]),
        ),
        steps=(
            Step(command="git pull", fails=True, says="Need to specify how to reconcile", needed=False),
            Step(command="git pull --no-rebase --no-edit", says="Merge made by"),
        ),
        look=STATUS,
        check="git rev-list --count --merges HEAD && ls",
        proof=prints("\n".join(["1", *sorted(f"{name}.txt" for name in (one, two, three))])),
        predict=True,
    )


@_scenario("git")
def pull_fast_forward(draw: Draw) -> Plan:
    """Nothing local: a pull that only moves forward."""
    project, (one, two), messages, (person,) = draw.project(), draw.names(2), draw.messages(2), draw.people(1)
    return Plan(
        goals=(
            "Get the newest commits of origin/main, but only if that is a fast-forward.",
            "Update main from origin; never make a merge commit.",
        ),
        setup=bash(_shared(project, one, messages[0]), _colleague(project, f"{two}.txt", two, messages[1], person)),
        steps=(Step(command="git pull --ff-only", says="Fast-forward"),),
        look=STATUS,
        check=_SUBJECTS,
        proof=prints(f"{messages[1]}\n{messages[0]}"),
        predict=True,
    )


@_scenario("git")
def fetch_and_compare(draw: Draw) -> Plan:
    """What the remote has that we lack, without merging."""
    project, (one, two), messages, (person,) = draw.project(), draw.names(2), draw.messages(2), draw.people(1)
    return Plan(
        goals=(
            "Show the subjects of commits that origin/main has and my main lacks, without merging anything.",
            "Fetch from origin and list what is new on origin/main (subjects only); main must not move.",
        ),
        setup=bash(_shared(project, one, messages[0]), _colleague(project, f"{two}.txt", two, messages[1], person)),
        steps=(
            Step(command="git fetch", says="main       -> origin/main"),
            Step(command="git log --format=%s main..origin/main", says=messages[1]),
        ),
        look=STATUS,
        check="git rev-list --count main..origin/main && git rev-list --count main",
        proof=prints("1\n1"),
        predict=True,
        answer=messages[1],
    )


@_scenario("git")
def clone_branch(draw: Draw) -> Plan:
    """A clone of one branch under another name."""
    project, (one, two), messages, (branch,) = draw.project(), draw.names(2), draw.messages(2), draw.branches(1)
    target = f"{project}-copy"
    return Plan(
        goals=(
            f"Clone hub/{project}.git into {target} with the branch {branch} checked out.",
            f"Make a clone {target} of hub/{project}.git, on branch {branch}.",
        ),
        setup=bash(
            _shared(project, one, messages[0]),
            f"git switch -q -c {branch}",
            commit(f"{two}.txt", two, messages[1]),
            f"git push -q origin {branch}\ncd ..\nrm -rf {project}",
        ),
        steps=(
            Step(
                command=f"git clone -b {branch} {project}.git {target}", fails=True, says="does not exist", needed=False
            ),
            Step(command=f"git clone -b {branch} hub/{project}.git {target}", says="done."),
        ),
        look="ls . hub",
        check=f"git -C {target} branch --show-current && ls {target}",
        proof=prints("\n".join([branch, *sorted([f"{one}.txt", f"{two}.txt"])])),
        predict=True,
    )


@_scenario("git")
def add_remote(draw: Draw) -> Plan:
    """A local repository gets its remote."""
    project, (one,), (first,) = draw.project(), draw.names(1), draw.messages(1)
    return Plan(
        goals=(
            f"Add ../hub/{project}.git as remote origin and push main there, tracking it.",
            f"Connect this repository to ../hub/{project}.git (origin) and publish main.",
        ),
        setup=bash(f"git init -q --bare -b main hub/{project}.git", new(project), commit(f"{one}.txt", one, first)),
        steps=(
            Step(command="git push -u origin main", fails=True, says="'origin' does not appear", needed=False),
            Step(command=f"git remote add origin ../hub/{project}.git"),
            Step(command="git push -u origin main", says="[new branch]"),
        ),
        look=STATUS,
        check=f"git remote get-url origin && git -C ../hub/{project}.git log --format=%s main",
        proof=prints(f"../hub/{project}.git\n{first}"),
        predict=True,
    )


@_scenario("git")
def change_remote_url(draw: Draw) -> Plan:
    """The remote has moved."""
    project, (one, two), messages, (place,) = draw.project(), draw.names(2), draw.messages(2), draw.words(1)
    return Plan(
        goals=(
            f"origin has moved to ../{place}/{project}.git. Point it there and push main.",
            f"Change the URL of origin to ../{place}/{project}.git and push my commit.",
        ),
        setup=bash(
            _shared(project, one, messages[0]),
            commit(f"{two}.txt", two, messages[1]),
            f"mkdir ../{place}\nmv ../hub/{project}.git ../{place}",
        ),
        steps=(
            Step(command="git push", fails=True, says="does not appear to be a git repository", needed=False),
            Step(command=f"git remote set-url origin ../{place}/{project}.git"),
            Step(command="git push", says="main -> main"),
        ),
        look="git remote -v",
        check=f"git -C ../{place}/{project}.git log --format=%s",
        proof=prints(f"{messages[1]}\n{messages[0]}"),
        predict=True,
    )


@_scenario("git")
def delete_remote_branch(draw: Draw) -> Plan:
    """A branch goes on both sides."""
    project, (one,), (first,), (branch,) = draw.project(), draw.names(1), draw.messages(1), draw.branches(1)
    return Plan(
        goals=(
            f"Delete the branch {branch} on origin and locally.",
            f"{branch} is merged: remove it from origin and from this repository.",
        ),
        setup=bash(_shared(project, one, first), f"git branch {branch}\ngit push -q origin {branch}"),
        steps=(
            Step(command=f"git push origin --delete {branch}", says="[deleted]"),
            Step(command=f"git branch -d {branch}", says="Deleted branch"),
        ),
        look="git branch -a",
        check="git branch -a --format='%(refname:short)'",
        proof=prints("main\norigin/main"),
        predict=True,
    )


@_scenario("git")
def prune_stale_branches(draw: Draw) -> Plan:
    """Remote branches that are gone leave the local list."""
    project, (one,), (first,), (branch,) = draw.project(), draw.names(1), draw.messages(1), draw.branches(1)
    return Plan(
        goals=(
            f"origin/{branch} was deleted on the server but is still listed here. Clean up such references.",
            "Remove remote-tracking branches whose branch no longer exists on origin.",
        ),
        setup=bash(
            _shared(project, one, first),
            f"git push -q origin main:{branch}\ngit fetch -q",
            f"git -C ../hub/{project}.git branch -D {branch}",
        ),
        steps=(Step(command="git fetch --prune", says="[deleted]"),),
        look="git branch -r",
        check="git branch -r",
        proof=prints("origin/main"),
        predict=True,
    )


@_scenario("git")
def push_tag(draw: Draw) -> Plan:
    """A tag is not pushed by itself."""
    project, (one,), (first,) = draw.project(), draw.names(1), draw.messages(1)
    tag = f"v{draw.number(0, 5)}.{draw.number(0, 9)}.{draw.number(0, 20)}"
    return Plan(
        goals=(f"Tag HEAD as {tag} and push the tag to origin.", f"Create {tag} on the current commit and publish it."),
        setup=_shared(project, one, first),
        steps=(Step(command=f"git tag {tag}"), Step(command=f"git push origin {tag}", says="[new tag]")),
        look=STATUS,
        check="git ls-remote --tags origin | cut -f 2",
        proof=prints(f"refs/tags/{tag}"),
        predict=True,
    )


@_scenario("git")
def force_with_lease(draw: Draw) -> Plan:
    """An amended commit that is pushed already."""
    project, (one, two), messages, (branch,) = draw.project(), draw.names(2), draw.messages(3), draw.branches(1)
    return Plan(
        goals=(
            f"Reword the last commit of {branch} (checked out, already pushed) to '{messages[2]}' and push that "
            f"safely.",
            f"Change the message of the newest commit on {branch} to '{messages[2]}' and overwrite "
            f"origin/{branch}, but not "
            "if someone else has pushed.",
        ),
        setup=bash(
            _shared(project, one, messages[0]),
            f"git switch -q -c {branch}",
            commit(f"{two}.txt", two, messages[1]),
            f"git push -q -u origin {branch}",
        ),
        steps=(
            Step(command=f"git commit --amend -m '{messages[2]}'"),
            Step(command="git push", fails=True, says="non-fast-forward", needed=False),
            Step(command="git push --force-with-lease", says="forced update"),
        ),
        look=STATUS,
        check=f"git log --format=%s origin/{branch}",
        proof=prints(f"{messages[2]}\n{messages[0]}"),
        predict=True,
    )
