"""Git: the working tree and the index."""

from hrm_edge.train.data.tools.catalogue.git_setup import STATUS, bash, commit, new
from hrm_edge.train.data.tools.draw import Draw
from hrm_edge.train.data.tools.scenario import Catalogue, Plan, Step, prints

CATALOGUE = Catalogue("git")
_scenario = CATALOGUE.scenario


@_scenario("git")
def init_and_commit(draw: Draw) -> Plan:
    """A folder becomes a repository with one commit."""
    project, (one, two), (message,) = draw.project(), draw.names(2), draw.messages(1)
    return Plan(
        goals=(
            f"Make {project} a git repository with branch main and commit everything in it as '{message}'.",
            f"Put the folder {project} under version control: branch main, first commit '{message}' with all files.",
            f"Initialise git in {project} (default branch main) and record all files as '{message}'.",
        ),
        files={f"{project}/{one}.py": "print(1)\n", f"{project}/{two}.py": "print(2)\n"},
        steps=(
            Step(command=f"cd {project}"),
            Step(command="git init -b main", says="Initialized empty Git repository"),
            Step(command="git add ."),
            Step(command=f"git commit -m '{message}'", says="2 files changed"),
        ),
        look="ls -A",
        check="git log --format=%s && git ls-files",
        proof=prints("\n".join([message, *sorted([f"{one}.py", f"{two}.py"])])),
        predict=True,
    )


@_scenario("git")
def commit_one_file(draw: Draw) -> Plan:
    """Two files changed, one goes into the commit."""
    project, (one, two), (first, message) = draw.project(), draw.names(2), draw.messages(2)
    old, new_line, other = draw.words(3)
    return Plan(
        goals=(
            f"Commit only {one}.txt as '{message}' and leave the changes of {two}.txt uncommitted.",
            f"Record the change of {one}.txt with message '{message}', but not that of {two}.txt.",
            f"I changed {one}.txt and {two}.txt; commit just {one}.txt ('{message}').",
        ),
        setup=bash(
            new(project),
            f"echo {old} > {one}.txt",
            commit(f"{two}.txt", old, first).replace(f"git add {two}.txt", "git add ."),
            f"echo {new_line} >> {one}.txt\necho {other} >> {two}.txt",
        ),
        steps=(Step(command=f"git add {one}.txt"), Step(command=f"git commit -m '{message}'", says="1 file changed")),
        look=STATUS,
        check="git show --name-only --format=%s HEAD && git status --short",
        proof=prints(f"{message}\n\n{one}.txt\n M {two}.txt"),
        predict=True,
    )


@_scenario("git")
def unstage_file(draw: Draw) -> Plan:
    """A file is taken out of the index."""
    project, (one, two), (first,) = draw.project(), draw.names(2), draw.messages(1)
    old, added = draw.words(2)
    return Plan(
        goals=(
            f"Unstage {two}.cfg but keep its changes.",
            f"I ran git add on {two}.cfg by mistake; take it out of the index without losing the change.",
            f"Remove {two}.cfg from the staging area, the file itself must stay as it is.",
        ),
        setup=bash(
            new(project),
            commit(f"{one}.cfg", old, first),
            commit(f"{two}.cfg", old, f"{first} again"),
            f"echo {added} >> {one}.cfg\necho {added} >> {two}.cfg\ngit add .",
        ),
        steps=(Step(command=f"git restore --staged {two}.cfg"),),
        look=STATUS,
        check="git status --short",
        proof=prints("\n".join(sorted([f"M  {one}.cfg", f" M {two}.cfg"], key=lambda line: line[3:]))),
        predict=True,
    )


@_scenario("git")
def discard_changes(draw: Draw) -> Plan:
    """A file goes back to its last commit."""
    project, (one,), (first,), (old, wrong) = draw.project(), draw.names(1), draw.messages(1), draw.words(2)
    return Plan(
        goals=(
            f"Throw away my uncommitted changes in {one}.py.",
            f"Reset {one}.py to the last committed version.",
            f"Undo everything I changed in {one}.py since the last commit.",
        ),
        setup=bash(new(project), commit(f"{one}.py", f"{old} = 1", first), f"echo '{wrong} = 2' > {one}.py"),
        steps=(Step(command=f"git restore {one}.py"),),
        look="git diff",
        check=f"cat {one}.py && git status --short",
        proof=prints(f"{old} = 1"),
        predict=True,
    )


@_scenario("git")
def restore_deleted_file(draw: Draw) -> Plan:
    """A tracked file that was deleted comes back."""
    project, (one, two), (first,), (old,) = draw.project(), draw.names(2), draw.messages(1), draw.words(1)
    return Plan(
        goals=(
            f"I deleted {one}.md by accident, it was committed. Bring it back.",
            f"Get the deleted file {one}.md back from git.",
            f"Recover {one}.md, which I removed with rm but did not commit.",
        ),
        setup=bash(
            new(project), commit(f"{one}.md", old, first), commit(f"{two}.md", old, f"{first} too"), f"rm {one}.md"
        ),
        steps=(
            Step(command=f"cat {one}.md", fails=True, says="No such file or directory", needed=False),
            Step(command=f"git restore {one}.md"),
        ),
        look=STATUS,
        check=f"cat {one}.md",
        proof=prints(old),
        predict=True,
    )


@_scenario("git")
def commit_tracked_changes(draw: Draw) -> Plan:
    """Nothing is staged: the commit fails, then takes all tracked files."""
    project, (one,), (first, message), (old, added) = draw.project(), draw.names(1), draw.messages(2), draw.words(2)
    return Plan(
        goals=(
            f"Commit all changes of tracked files as '{message}'.",
            f"Record what I changed in the tracked files with the message '{message}'.",
            f"Save my modifications in a commit '{message}'; nothing is staged yet.",
        ),
        setup=bash(new(project), commit(f"{one}.txt", old, first), f"echo {added} >> {one}.txt"),
        steps=(
            Step(command=f"git commit -m '{message}'", fails=True, says="no changes added to commit", needed=False),
            Step(command=f"git commit -am '{message}'", says="1 file changed"),
        ),
        look=STATUS,
        check="git log --format=%s && git status --short",
        proof=prints(f"{message}\n{first}"),
        predict=True,
    )


@_scenario("git")
def amend_message(draw: Draw) -> Plan:
    """The last message was wrong."""
    project, (one,), (first, right), (old,) = draw.project(), draw.names(1), draw.messages(2), draw.words(1)
    wrong = right.replace("e", "", 1).replace("d", "dd", 1)
    return Plan(
        goals=(
            f"Change the message of the last commit to '{right}'.",
            f"My last commit message has a typo ('{wrong}'); it should be '{right}'.",
            f"Reword the newest commit as '{right}'.",
        ),
        setup=bash(new(project), commit(f"{one}.txt", old, first), commit(f"{one}.txt", old, wrong, append=True)),
        steps=(Step(command=f"git commit --amend -m '{right}'"),),
        look="git log --format=%s",
        check="git log --format=%s",
        proof=prints(f"{right}\n{first}"),
        predict=True,
    )


@_scenario("git")
def amend_forgotten_file(draw: Draw) -> Plan:
    """A file belongs to the last commit."""
    project, (one, two), (message,), (old,) = draw.project(), draw.names(2), draw.messages(1), draw.words(1)
    return Plan(
        goals=(
            f"I forgot {two}.py in the last commit. Add it to that commit and keep the message.",
            f"Put {two}.py into the newest commit without a new message.",
            f"Extend my last commit by {two}.py, message unchanged.",
        ),
        setup=bash(new(project), commit(f"{one}.py", f"{old} = 1", message), f"echo '{old} = 2' > {two}.py"),
        steps=(Step(command=f"git add {two}.py"), Step(command="git commit --amend --no-edit", says="2 files changed")),
        look=STATUS,
        check="git show --name-only --format=%s HEAD && git rev-list --count HEAD",
        proof=prints("\n".join([message, "", *sorted([f"{one}.py", f"{two}.py"]), "1"])),
        predict=True,
    )


@_scenario("git")
def stash_and_pop(draw: Draw) -> Plan:
    """Unfinished work is put aside for a fix on another branch, and taken back."""
    project, (one,), (first, fix), (branch,) = draw.project(), draw.names(1), draw.messages(2), draw.branches(1)
    old, work, mended = draw.words(3)
    return Plan(
        goals=(
            f"Put my unfinished change aside, switch to {branch}, append '{mended}' to fix.txt there, commit it as "
            f"'{fix}', go back to main and take my change up again.",
            f"Stash what I have, commit the line '{mended}' in fix.txt on branch {branch} as '{fix}', then return to "
            "main and restore my work.",
        ),
        setup=bash(new(project), commit(f"{one}.txt", old, first), f"git branch {branch}", f"echo {work} >> {one}.txt"),
        steps=(
            Step(command="git stash", says="Saved working directory"),
            Step(command=f"git switch {branch}"),
            Step(command=f"echo '{mended}' >> fix.txt"),
            Step(command="git add fix.txt"),
            Step(command=f"git commit -m '{fix}'"),
            Step(command="git switch main"),
            Step(command="git stash pop", says="Dropped"),
        ),
        look=STATUS,
        check=f"git status --short && tail -n 1 {one}.txt && git log -1 --format=%s {branch}",
        proof=prints(f"M {one}.txt\n{work}\n{fix}"),
        predict=True,
    )


@_scenario("git")
def stash_untracked(draw: Draw) -> Plan:
    """A new file is stashed too."""
    project, (one, two), (first,), (old, note) = draw.project(), draw.names(2), draw.messages(1), draw.words(2)
    return Plan(
        goals=(
            f"Stash everything including the new file {two}.txt, with the note '{note}'.",
            f"Put all my work aside, untracked files too, and call the stash '{note}'.",
            f"Make the working tree clean by a stash named '{note}' that also holds {two}.txt, which is untracked.",
        ),
        setup=bash(new(project), commit(f"{one}.txt", old, first), f"echo {note} > {two}.txt"),
        steps=(
            Step(command=f"git stash push -m '{note}'", says="No local changes to save", needed=False),
            Step(command=f"git stash push -u -m '{note}'", says="Saved working directory"),
        ),
        look=STATUS,
        check="git stash list && ls",
        proof=prints(f"stash@{{0}}: On main: {note}\n{one}.txt"),
        predict=True,
    )


@_scenario("git")
def apply_older_stash(draw: Draw) -> Plan:
    """One of several stashes is applied."""
    project, (one,), (first,), words = draw.project(), draw.names(1), draw.messages(1), draw.words(4)
    notes, wanted = words[:3], draw.number(0, 2)
    lines = [f"echo {note} >> {one}.txt\ngit stash push -q -m 'try {note}'" for note in notes]
    place = 2 - wanted
    return Plan(
        goals=(
            f"Apply the stash 'try {notes[wanted]}' and keep it in the list.",
            f"I have several stashes. Bring back the one called 'try {notes[wanted]}' without dropping it.",
        ),
        setup=bash(new(project), commit(f"{one}.txt", words[3], first), *lines),
        steps=(Step(command=f"git stash apply stash@{{{place}}}"),),
        look="git stash list",
        check=f"cat {one}.txt && git stash list | wc -l",
        proof=prints(f"{words[3]}\n{notes[wanted]}\n3"),
        context=True,
        predict=True,
    )


@_scenario("git")
def clean_untracked(draw: Draw) -> Plan:
    """Untracked files go, after a look at what would go."""
    project, (one, two), (first,), (old,), (folder,) = (
        draw.project(),
        draw.names(2),
        draw.messages(1),
        draw.words(1),
        draw.folders(1),
    )
    return Plan(
        goals=(
            "Delete all untracked files and directories; show first what would go.",
            "Remove everything git does not track, folders too, after a dry run.",
        ),
        setup=bash(
            new(project), commit(f"{one}.txt", old, first), f"mkdir {folder}\ntouch {folder}/{two}.tmp {two}.bak"
        ),
        steps=(
            Step(command="git clean -f", says=f"Removing {two}.bak", needed=False),
            Step(command="git clean -nd", says="Would remove"),
            Step(command="git clean -fd", says=f"Removing {folder}/"),
        ),
        look=STATUS,
        check="git status --short && ls",
        proof=prints(f"{one}.txt"),
        predict=True,
    )


@_scenario("git")
def stop_tracking(draw: Draw) -> Plan:
    """A file that should never have been committed."""
    project, (one, two), (first, message), (secret,) = draw.project(), draw.names(2), draw.messages(2), draw.words(1)
    return Plan(
        goals=(
            f"Stop tracking {two}.env but keep it on disk, ignore it from now on and commit that as '{message}'.",
            f"{two}.env was committed by mistake: untrack it (keep the file), add it to .gitignore, commit "
            f"'{message}'.",
        ),
        setup=bash(
            new(project), commit(f"{one}.py", "x = 1", first), commit(f"{two}.env", f"KEY={secret}", f"{first} safely")
        ),
        steps=(
            Step(command=f"git rm --cached {two}.env", says=f"rm '{two}.env'"),
            Step(command=f"echo '{two}.env' >> .gitignore"),
            Step(command="git add .gitignore"),
            Step(command=f"git commit -m '{message}'"),
        ),
        look=STATUS,
        check=f"git ls-files && cat {two}.env && git status --short",
        proof=prints(f".gitignore\n{one}.py\nKEY={secret}"),
        predict=True,
    )


@_scenario("git")
def ignore_pattern(draw: Draw) -> Plan:
    """Files of one ending are ignored, one of them is not."""
    project, (one, two, keep), (first,), (old,) = draw.project(), draw.names(3), draw.messages(1), draw.words(1)
    ending = draw.one(("log", "tmp", "bak", "out"))
    return Plan(
        goals=(
            f"Ignore all .{ending} files except {keep}.{ending} and stage what is left.",
            f"Make git ignore *.{ending}, but not {keep}.{ending}, and add everything else to the index.",
        ),
        setup=bash(
            new(project), commit("readme.txt", old, first), f"touch {one}.{ending} {two}.{ending} {keep}.{ending}"
        ),
        steps=(
            Step(command=f"printf '%s\\n' '*.{ending}' '!{keep}.{ending}' > .gitignore"),
            Step(command="git add -A"),
        ),
        look=STATUS,
        check=f"git status --short && git check-ignore *.{ending}",
        proof=prints(
            "\n".join(["A  .gitignore", f"A  {keep}.{ending}", *sorted([f"{one}.{ending}", f"{two}.{ending}"])])
        ),
        predict=True,
    )


@_scenario("git")
def add_ignored_file(draw: Draw) -> Plan:
    """The ignore file refuses an add."""
    project, (one,), (first, message), (old,) = draw.project(), draw.names(1), draw.messages(2), draw.words(1)
    return Plan(
        goals=(
            f"Commit {one}.log as '{message}' although .gitignore excludes *.log.",
            f"Add the ignored file {one}.log anyway and commit it with the message '{message}'.",
        ),
        setup=bash(new(project), commit(".gitignore", "*.log", first), f"echo {old} > {one}.log"),
        steps=(
            Step(command=f"git add {one}.log", fails=True, says="ignored by one of your .gitignore", needed=False),
            Step(command=f"git add -f {one}.log"),
            Step(command=f"git commit -m '{message}'"),
        ),
        look=STATUS,
        check="git ls-files",
        proof=prints(f".gitignore\n{one}.log"),
        predict=True,
    )


@_scenario("git")
def rename_tracked_file(draw: Draw) -> Plan:
    """A rename that git knows of."""
    project, (one, two), (first, message), (old,) = draw.project(), draw.names(2), draw.messages(2), draw.words(1)
    (folder,) = draw.folders(1)
    return Plan(
        goals=(
            f"Move {one}.py to {folder}/{two}.py in git and commit as '{message}'.",
            f"Rename the tracked file {one}.py to {folder}/{two}.py (the folder is new) and record it as '{message}'.",
        ),
        setup=bash(new(project), commit(f"{one}.py", f"{old} = 1", first)),
        steps=(
            Step(command=f"git mv {one}.py {folder}/{two}.py", fails=True, says="fatal: renaming", needed=False),
            Step(command=f"mkdir {folder}"),
            Step(command=f"git mv {one}.py {folder}/{two}.py"),
            Step(command=f"git commit -m '{message}'", says=f"rename {one}.py => {folder}/{two}.py (100%)"),
        ),
        look="ls",
        check="git ls-files",
        proof=prints(f"{folder}/{two}.py"),
        predict=True,
    )


@_scenario("git")
def remove_tracked_file(draw: Draw) -> Plan:
    """A changed file is not removed without force."""
    project, (one, two), (first, message), (old,) = draw.project(), draw.names(2), draw.messages(2), draw.words(1)
    return Plan(
        goals=(
            f"Delete {two}.txt from the repository although it has local changes, and commit as '{message}'.",
            f"Remove {two}.txt from disk and from git, its uncommitted changes do not matter. Message: '{message}'.",
        ),
        setup=bash(
            new(project),
            commit(f"{one}.txt", old, first),
            commit(f"{two}.txt", old, f"{first} more"),
            f"echo changed >> {two}.txt",
        ),
        steps=(
            Step(command=f"git rm {two}.txt", fails=True, says="local modifications", needed=False),
            Step(command=f"git rm -f {two}.txt"),
            Step(command=f"git commit -m '{message}'", says=f"delete mode 100644 {two}.txt"),
        ),
        look=STATUS,
        check="ls && git ls-files",
        proof=prints(f"{one}.txt\n{one}.txt"),
        predict=True,
    )


@_scenario("git")
def old_version_of_file(draw: Draw) -> Plan:
    """One file as it was some commits ago."""
    project, (one,), (first,), words = draw.project(), draw.names(1), draw.messages(1), draw.words(4)
    back = draw.number(1, 3)
    commits = [commit(f"{one}.txt", word, f"{first}, part {number}") for number, word in enumerate(words, 1)]
    return Plan(
        goals=(
            f"Bring {one}.txt back to its content of {back} commit{'s' * (back > 1)} ago, without moving the branch.",
            f"Restore the version of {one}.txt from {back} commit{'s' * (back > 1)} before HEAD.",
        ),
        setup=bash(new(project), *commits),
        steps=(Step(command=f"git restore --source HEAD~{back} {one}.txt"),),
        look="git log --format=%s",
        check=f"cat {one}.txt && git rev-list --count HEAD",
        proof=prints(f"{words[3 - back]}\n4"),
        predict=True,
    )


@_scenario("git")
def switch_blocked_by_changes(draw: Draw) -> Plan:
    """Local changes are in the way of a switch."""
    project, (one,), (first, other), (branch,) = draw.project(), draw.names(1), draw.messages(2), draw.branches(1)
    old, theirs, mine = draw.words(3)
    return Plan(
        goals=(
            f"Switch to {branch}; keep my uncommitted change of {one}.txt for later.",
            f"Go to branch {branch} although {one}.txt has changes, which must not be lost.",
        ),
        setup=bash(
            new(project),
            commit(f"{one}.txt", old, first),
            f"git switch -q -c {branch}",
            commit(f"{one}.txt", theirs, other),
            f"git switch -q main\necho {mine} > {one}.txt",
        ),
        steps=(
            Step(command=f"git switch {branch}", fails=True, says="would be overwritten by checkout", needed=False),
            Step(command="git stash"),
            Step(command=f"git switch {branch}"),
        ),
        look=STATUS,
        check=f"git branch --show-current && cat {one}.txt && git stash list | wc -l",
        proof=prints(f"{branch}\n{theirs}\n1"),
        predict=True,
    )
