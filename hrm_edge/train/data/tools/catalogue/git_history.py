"""Git: reset, revert, rebase, cherry-pick, bisect, reflog, tags."""

from hrm_edge.train.data.tools.catalogue.git_setup import LOG, STATUS, bash, commit, new
from hrm_edge.train.data.tools.draw import Draw
from hrm_edge.train.data.tools.scenario import Catalogue, Plan, Step, prints

CATALOGUE = Catalogue("git")
_scenario = CATALOGUE.scenario
_SUBJECTS = "git log --format=%s"


def _line(project: str, names: list[str], messages: list[str]) -> str:
    """A commit per message, each with a file of its own."""
    return bash(new(project), *(commit(f"{name}.txt", name, text) for name, text in zip(names, messages, strict=True)))


@_scenario("git")
def squash_by_reset(draw: Draw) -> Plan:
    """The last commits become one, with a soft reset."""
    project, names, messages, count = draw.project(), draw.names(4), draw.messages(5), draw.number(2, 3)
    return Plan(
        goals=(
            f"Squash the last {count} commits into one called '{messages[4]}'.",
            f"Replace my {count} newest commits by a single commit '{messages[4]}' with the same changes.",
        ),
        setup=_line(project, names, messages[:4]),
        steps=(
            Step(command=f"git reset --soft HEAD~{count}"),
            Step(command=f"git commit -m '{messages[4]}'", says=f"{count} files changed"),
        ),
        look=LOG,
        check=f"{_SUBJECTS} && ls | wc -l",
        proof=prints("\n".join([messages[4], *reversed(messages[: 4 - count]), "4"])),
        predict=True,
    )


@_scenario("git")
def undo_commit_keep_changes(draw: Draw) -> Plan:
    """A mixed reset: the commit goes, the change stays unstaged."""
    project, (one,), (first, second), (old, added) = draw.project(), draw.names(1), draw.messages(2), draw.words(2)
    return Plan(
        goals=(
            f"Undo the last commit but keep its change in {one}.txt, unstaged.",
            "Take back my newest commit; the files must stay as they are and nothing should be staged.",
        ),
        setup=bash(new(project), commit(f"{one}.txt", old, first), commit(f"{one}.txt", added, second, append=True)),
        steps=(Step(command="git reset HEAD~1", says=f"M\t{one}.txt"),),
        look=LOG,
        check=f"git status --short && {_SUBJECTS} && tail -n 1 {one}.txt",
        proof=prints(f"M {one}.txt\n{first}\n{added}"),
        predict=True,
    )


@_scenario("git")
def undo_commit_keep_staged(draw: Draw) -> Plan:
    """A soft reset: the commit goes, the change stays staged."""
    project, (one,), (first, second), (old, added) = draw.project(), draw.names(1), draw.messages(2), draw.words(2)
    return Plan(
        goals=(
            "Undo the last commit and keep its changes staged.",
            f"Take '{second}', my newest commit, back into the index.",
        ),
        setup=bash(new(project), commit(f"{one}.txt", old, first), commit(f"{one}.txt", added, second, append=True)),
        steps=(Step(command="git reset --soft HEAD~1"),),
        look=LOG,
        check=f"git status --short && {_SUBJECTS}",
        proof=prints(f"M  {one}.txt\n{first}"),
        predict=True,
    )


@_scenario("git")
def drop_commits(draw: Draw) -> Plan:
    """A hard reset: commits and changes go."""
    project, names, messages, count = draw.project(), draw.names(4), draw.messages(4), draw.number(1, 3)
    plural = "s" * (count > 1)
    return Plan(
        goals=(
            f"Throw away the last {count} commit{plural} and everything uncommitted.",
            f"Go back {count} commit{plural} for good; local changes may go too.",
        ),
        setup=bash(_line(project, names, messages), f"echo draft >> {names[0]}.txt"),
        steps=(Step(command=f"git reset --hard HEAD~{count}", says="HEAD is now at"),),
        look=LOG,
        check=f"{_SUBJECTS} && git status --short && ls",
        proof=prints(
            "\n".join([*reversed(messages[: 4 - count]), *sorted(f"{name}.txt" for name in names[: 4 - count])])
        ),
        predict=True,
    )


@_scenario("git")
def revert_last(draw: Draw) -> Plan:
    """A commit is undone by another."""
    project, (one,), (first, second), (old, bad) = draw.project(), draw.names(1), draw.messages(2), draw.words(2)
    return Plan(
        goals=(
            "Undo the last commit by a new commit, since it is already pushed.",
            f"Revert the newest commit ('{second}') without rewriting history.",
        ),
        setup=bash(new(project), commit(f"{one}.txt", old, first), commit(f"{one}.txt", bad, second)),
        steps=(Step(command="git revert --no-edit HEAD", says="1 file changed"),),
        look=LOG,
        check=f"{_SUBJECTS} && cat {one}.txt",
        proof=prints(f'Revert "{second}"\n{second}\n{first}\n{old}'),
        predict=True,
    )


@_scenario("git")
def revert_by_hash(draw: Draw) -> Plan:
    """A commit in the middle is undone; its hash stands in the log."""
    project, names, messages, chosen = draw.project(), draw.names(4), draw.messages(4), draw.number(1, 2)
    return Plan(
        goals=(
            f"Revert the commit '{messages[chosen]}'.",
            f"Undo what '{messages[chosen]}' changed by a new commit.",
        ),
        setup=_line(project, names, messages),
        steps=(Step(command="git revert --no-edit @bad@"),),
        look=LOG,
        reads={"bad": f"git log --format=%h --grep '^{messages[chosen]}$'"},
        check="git log -1 --format=%s && ls",
        proof=prints(
            "\n".join(
                [f'Revert "{messages[chosen]}"', *sorted(f"{name}.txt" for name in names if name != names[chosen])]
            )
        ),
    )


@_scenario("git")
def revert_conflict_abort(draw: Draw) -> Plan:
    """A revert that conflicts is called off."""
    project, (one,), messages, words = draw.project(), draw.names(1), draw.messages(3), draw.words(3)
    commits = [commit(f"{one}.txt", word, text) for word, text in zip(words, messages, strict=True)]
    return Plan(
        goals=(
            "Try to revert the commit before the last one; if it conflicts, call it off and leave everything as "
            "it was.",
            f"See whether '{messages[1]}' (HEAD~1) can be reverted; abort if there is a conflict.",
        ),
        setup=bash(new(project), *commits),
        steps=(
            Step(command="git revert --no-edit HEAD~1", fails=True, says="CONFLICT (content)"),
            Step(command="git revert --abort"),
        ),
        look=STATUS,
        check=f"git status --short && {_SUBJECTS} && cat {one}.txt",
        proof=prints("\n".join([*reversed(messages), words[2]])),
        predict=True,
    )


@_scenario("git")
def reflog_rescue(draw: Draw) -> Plan:
    """Commits lost by a hard reset come back through the reflog."""
    project, names, messages, count = draw.project(), draw.names(3), draw.messages(3), draw.number(1, 2)
    return Plan(
        goals=(
            "I ran git reset --hard and lost commits. Bring the branch back to where it was before.",
            "Undo my last git reset --hard; the lost commits are still in the reflog.",
        ),
        setup=bash(_line(project, names, messages), f"git reset -q --hard HEAD~{count}"),
        steps=(Step(command="git reflog", says="reset: moving to"), Step(command="git reset --hard HEAD@{1}")),
        look=LOG,
        check=_SUBJECTS,
        proof=prints("\n".join(reversed(messages))),
        predict=True,
    )


@_scenario("git")
def deleted_branch_rescue(draw: Draw) -> Plan:
    """A deleted branch comes back from its hash in the reflog."""
    project, (one, two), (first, lost), (branch,) = draw.project(), draw.names(2), draw.messages(2), draw.branches(1)
    return Plan(
        goals=(
            f"I deleted the branch {branch} with git branch -D. Its last commit was '{lost}'. Make the branch again.",
            f"Recreate the deleted branch {branch} at its last commit '{lost}'.",
        ),
        setup=bash(
            new(project),
            commit(f"{one}.txt", one, first),
            f"git switch -q -c {branch}",
            commit(f"{two}.txt", two, lost),
            f"git switch -q main\ngit branch -D {branch}",
        ),
        steps=(Step(command=f"git branch {branch} @lost@"),),
        look="git reflog",
        reads={"lost": f"git log -g --format=%h --grep-reflog='commit: {lost}'"},
        check=f"git log --format=%s {branch}",
        proof=prints(f"{lost}\n{first}"),
    )


@_scenario("git")
def bisect_run(draw: Draw) -> Plan:
    """The first bad commit is found by a script."""
    project, (one,), word, count = draw.project(), draw.names(1), draw.words(1)[0], draw.number(5, 8)
    bad = draw.number(2, count)
    commits = [
        commit(f"{one}.txt", "broken" if number == bad else f"{word} {number}", f"Step {number}", append=True)
        for number in range(1, count + 1)
    ]
    return Plan(
        goals=(
            f"Find the first commit in which {one}.txt contains 'broken'; HEAD~{count - 1} is good, HEAD is bad.",
            f"Bisect between HEAD~{count - 1} (good) and HEAD (bad): which commit brought 'broken' into {one}.txt?",
        ),
        setup=bash(new(project), *commits),
        steps=(
            Step(
                command=f"git bisect start HEAD HEAD~{count - 1}", says="left to test after this" if count > 2 else ""
            ),
            Step(command=f"git bisect run sh -c '! grep -q broken {one}.txt'", says="is the first bad commit"),
        ),
        look="git log --format=%s",
        check="git log -1 --format=%s refs/bisect/bad",
        proof=prints(f"Step {bad}"),
        predict=True,
        answer=f"Step {bad}",
    )


@_scenario("git")
def rebase_branch(draw: Draw) -> Plan:
    """A branch is put on top of main."""
    project, (one, two, three), messages, (branch,) = draw.project(), draw.names(3), draw.messages(3), draw.branches(1)
    return Plan(
        goals=(
            f"Put my branch {branch} on top of the current main.",
            f"Rebase {branch} onto main.",
            f"main has moved on; replay the commits of {branch} on it.",
        ),
        setup=bash(
            new(project),
            commit(f"{one}.txt", one, messages[0]),
            f"git switch -q -c {branch}",
            commit(f"{two}.txt", two, messages[1]),
            "git switch -q main",
            commit(f"{three}.txt", three, messages[2]),
        ),
        steps=(Step(command=f"git switch {branch}"), Step(command="git rebase main", says="Successfully rebased")),
        look="git log --oneline --all",
        check=f"git log --format=%s {branch}",
        proof=prints("\n".join([messages[1], messages[2], messages[0]])),
        predict=True,
    )


@_scenario("git")
def rebase_conflict(draw: Draw) -> Plan:
    """A rebase stops at a conflict, which is resolved by hand."""
    project, (one,), messages, (branch,) = draw.project(), draw.names(1), draw.messages(3), draw.branches(1)
    old, mine, theirs = draw.words(3)
    return Plan(
        goals=(
            f"Rebase {branch}, which is checked out, onto main. If {one}.txt conflicts, it should hold "
            f"'{theirs} {mine}'.",
            f"Bring {branch} up to date with main by a rebase; resolve a conflict in {one}.txt to the line "
            f"'{theirs} {mine}'.",
        ),
        setup=bash(
            new(project),
            commit(f"{one}.txt", old, messages[0]),
            f"git switch -q -c {branch}",
            commit(f"{one}.txt", mine, messages[1]),
            "git switch -q main",
            commit(f"{one}.txt", theirs, messages[2]),
            f"git switch -q {branch}",
        ),
        steps=(
            Step(command="git rebase main", fails=True, says=f"CONFLICT (content): Merge conflict in {one}.txt"),
            Step(command=f"echo '{theirs} {mine}' > {one}.txt"),
            Step(command=f"git add {one}.txt"),
            Step(command="git rebase --continue", says="Successfully rebased"),
        ),
        look=STATUS,
        check=f"cat {one}.txt && {_SUBJECTS}",
        proof=prints("\n".join([f"{theirs} {mine}", messages[1], messages[2], messages[0]])),
        predict=True,
    )


@_scenario("git")
def rebase_with_changes(draw: Draw) -> Plan:
    """Uncommitted changes stop a rebase."""
    project, (one, two), messages, (branch,) = draw.project(), draw.names(2), draw.messages(3), draw.branches(1)
    (added,) = draw.words(1)
    return Plan(
        goals=(
            f"Rebase {branch}, which is checked out, onto main and keep my uncommitted change.",
            "Put the current branch on top of main although I have unstaged changes, which must survive.",
        ),
        setup=bash(
            new(project),
            commit(f"{one}.txt", one, messages[0]),
            f"git switch -q -c {branch}",
            commit(f"{two}.txt", two, messages[1]),
            "git switch -q main",
            commit("main.md", two, messages[2]),
            f"git switch -q {branch}\necho {added} >> {two}.txt",
        ),
        steps=(
            Step(command="git rebase main", fails=True, says="cannot rebase: You have unstaged changes", needed=False),
            Step(command="git rebase --autostash main", says="Applied autostash"),
        ),
        look=STATUS,
        check=f"git status --short && {_SUBJECTS}",
        proof=prints("\n".join([f"M {two}.txt", messages[1], messages[2], messages[0]])),
        predict=True,
    )


@_scenario("git")
def fixup_autosquash(draw: Draw) -> Plan:
    """A correction is folded into an older commit."""
    project, (one, two), messages, (old, right) = draw.project(), draw.names(2), draw.messages(3), draw.words(2)
    return Plan(
        goals=(
            f"Fold my staged correction into the commit '{messages[1]}' (HEAD~1) without keeping an extra commit.",
            f"The staged change belongs to HEAD~1 ('{messages[1]}'): put it there.",
        ),
        setup=bash(
            new(project),
            commit(f"{one}.txt", one, messages[0]),
            commit(f"{two}.txt", old, messages[1]),
            commit(f"{one}.txt", right, messages[2], append=True),
            f"echo {right} > {two}.txt\ngit add {two}.txt",
        ),
        steps=(
            Step(command="git commit --fixup HEAD~1", says=f"fixup! {messages[1]}"),
            Step(command="GIT_SEQUENCE_EDITOR=true git rebase -i --autosquash HEAD~3", says="Successfully rebased"),
        ),
        look=LOG,
        check=f"{_SUBJECTS} && git show HEAD~1:{two}.txt",
        proof=prints("\n".join([*reversed(messages), right])),
        predict=True,
    )


@_scenario("git")
def drop_middle_commit(draw: Draw) -> Plan:
    """One older commit is cut out."""
    project, names, messages = draw.project(), draw.names(4), draw.messages(4)
    return Plan(
        goals=(
            f"Remove the commit '{messages[2]}' (HEAD~1) from the history and keep the one after it.",
            f"Cut HEAD~1 ('{messages[2]}') out of the branch.",
        ),
        setup=_line(project, names, messages),
        steps=(Step(command="git rebase --onto HEAD~2 HEAD~1", says="Successfully rebased"),),
        look=LOG,
        check=f"{_SUBJECTS} && ls",
        proof=prints(
            "\n".join([messages[3], messages[1], messages[0], *sorted(f"{names[at]}.txt" for at in (0, 1, 3))])
        ),
        predict=True,
    )


@_scenario("git")
def cherry_pick(draw: Draw) -> Plan:
    """The last commit of another branch is taken over."""
    project, (one, two, three), messages, (branch,) = draw.project(), draw.names(3), draw.messages(3), draw.branches(1)
    return Plan(
        goals=(
            f"Take only the last commit of {branch} over to main.",
            f"Cherry-pick the tip of {branch} onto main, which is checked out.",
        ),
        setup=bash(
            new(project),
            commit(f"{one}.txt", one, messages[0]),
            f"git switch -q -c {branch}",
            commit(f"{two}.txt", two, messages[1]),
            commit(f"{three}.txt", three, messages[2]),
            "git switch -q main",
        ),
        steps=(Step(command=f"git cherry-pick {branch}", says="1 file changed"),),
        look="git log --oneline --all",
        check=f"{_SUBJECTS} && ls",
        proof=prints("\n".join([messages[2], messages[0], *sorted([f"{one}.txt", f"{three}.txt"])])),
        predict=True,
    )


@_scenario("git")
def cherry_pick_by_hash(draw: Draw) -> Plan:
    """A commit in the middle of another branch is taken over; the log shows its hash."""
    project, (one, two, three), messages, (branch,) = draw.project(), draw.names(3), draw.messages(3), draw.branches(1)
    return Plan(
        goals=(
            f"Take the commit '{messages[1]}' of {branch} over to main, nothing else.",
            f"Main needs '{messages[1]}' from {branch}, but not the commits after it.",
        ),
        setup=bash(
            new(project),
            commit(f"{one}.txt", one, messages[0]),
            f"git switch -q -c {branch}",
            commit(f"{two}.txt", two, messages[1]),
            commit(f"{three}.txt", three, messages[2]),
            "git switch -q main",
        ),
        steps=(Step(command="git cherry-pick @wanted@"),),
        look=f"git log --oneline {branch}",
        reads={"wanted": f"git log --format=%h --grep '^{messages[1]}$' {branch}"},
        check=f"{_SUBJECTS} && ls",
        proof=prints("\n".join([messages[1], messages[0], *sorted([f"{one}.txt", f"{two}.txt"])])),
    )


@_scenario("git")
def cherry_pick_conflict(draw: Draw) -> Plan:
    """A cherry-pick conflicts; their side is taken."""
    project, (one,), messages, (branch,) = draw.project(), draw.names(1), draw.messages(3), draw.branches(1)
    old, theirs, ours = draw.words(3)
    return Plan(
        goals=(
            f"Cherry-pick the tip of {branch} onto main; where {one}.txt conflicts take the version of {branch}.",
            f"Bring the last commit of {branch} to main. In a conflict {branch} wins.",
        ),
        setup=bash(
            new(project),
            commit(f"{one}.txt", old, messages[0]),
            f"git switch -q -c {branch}",
            commit(f"{one}.txt", theirs, messages[1]),
            "git switch -q main",
            commit(f"{one}.txt", ours, messages[2]),
        ),
        steps=(
            Step(command=f"git cherry-pick {branch}", fails=True, says="could not apply"),
            Step(command=f"git checkout --theirs {one}.txt"),
            Step(command=f"git add {one}.txt"),
            Step(command="git cherry-pick --continue"),
        ),
        look=STATUS,
        check=f"cat {one}.txt && {_SUBJECTS}",
        proof=prints("\n".join([theirs, messages[1], messages[2], messages[0]])),
        predict=True,
    )


@_scenario("git")
def annotated_tag(draw: Draw) -> Plan:
    """An older commit gets an annotated tag."""
    project, names, messages, back = draw.project(), draw.names(3), draw.messages(3), draw.number(0, 2)
    tag, note = f"v{draw.number(1, 4)}.{draw.number(0, 9)}.{draw.number(0, 9)}", f"Release of {draw.words(1)[0]}"
    place = f"HEAD~{back}" if back else "HEAD"
    return Plan(
        goals=(
            f"Tag the commit {place} as {tag} with the annotation '{note}'.",
            f"Create the annotated tag {tag} ('{note}') on {place}.",
        ),
        setup=_line(project, names, messages),
        steps=(Step(command=f"git tag -a {tag} -m '{note}'" + (f" {place}" if back else "")),),
        look=LOG,
        check=f"git tag -n && git log -1 --format=%s {tag}",
        proof=lambda record: record.check.output.split("\n") == [f"{tag:15} {note}", messages[2 - back]],
        predict=True,
    )


@_scenario("git")
def move_tag(draw: Draw) -> Plan:
    """A tag that exists is moved."""
    project, names, messages = draw.project(), draw.names(2), draw.messages(2)
    tag = f"v{draw.number(1, 4)}.{draw.number(0, 9)}"
    return Plan(
        goals=(f"Move the tag {tag} to the newest commit.", f"The tag {tag} sits on an old commit; put it on HEAD."),
        setup=bash(_line(project, names, messages), f"git tag {tag} HEAD~1"),
        steps=(
            Step(command=f"git tag {tag}", fails=True, says="already exists", needed=False),
            Step(command=f"git tag -f {tag}", says="Updated tag"),
        ),
        look="git log --oneline --decorate",
        check=f"git log -1 --format=%s {tag}",
        proof=prints(messages[1]),
        predict=True,
    )
