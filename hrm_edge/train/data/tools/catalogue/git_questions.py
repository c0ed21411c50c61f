"""Git: questions whose answer stands in the output."""

from collections import Counter

from hrm_edge.train.data.tools.catalogue.git_setup import LOG, STATUS, bash, commit, new
from hrm_edge.train.data.tools.draw import Draw
from hrm_edge.train.data.tools.scenario import Catalogue, Plan, Step, prints

CATALOGUE = Catalogue("git")
_scenario = CATALOGUE.scenario


@_scenario("git")
def who_wrote_line(draw: Draw) -> Plan:
    """Blame of one line."""
    project, (one,), words, people = draw.project(), draw.names(1), draw.words(4), draw.people(4)
    line = draw.number(1, 4)
    commits = [
        commit(f"{one}.txt", word, f"Write line {number}", append=True, by=person)
        for number, (word, person) in enumerate(zip(words, people, strict=True), 1)
    ]
    return Plan(
        goals=(
            f"Who wrote line {line} of {one}.txt?",
            f"Find out the author of line {line} in {one}.txt.",
        ),
        setup=bash(new(project), *commits),
        steps=(Step(command=f"git blame -L {line},{line} {one}.txt", says=words[line - 1]),),
        check=f"git blame -p -L {line},{line} {one}.txt | grep '^author '",
        proof=prints(f"author {people[line - 1].capitalize()}"),
        predict=True,
        answer=people[line - 1].capitalize(),
    )


@_scenario("git")
def which_commit_added(draw: Draw) -> Plan:
    """The commit that brought a word in."""
    project, names, messages, words = draw.project(), draw.names(4), draw.messages(4), draw.words(4)
    chosen = draw.number(0, 3)
    commits = [commit(f"{name}.txt", word, text) for name, word, text in zip(names, words, messages, strict=True)]
    return Plan(
        goals=(
            f"Which commit introduced the word '{words[chosen]}'? Show its subject.",
            f"Find the commit whose change added '{words[chosen]}' (subject only).",
        ),
        setup=bash(new(project), *commits),
        steps=(Step(command=f"git log -S '{words[chosen]}' --format=%s", says=messages[chosen]),),
        check=f"git log -S '{words[chosen]}' --format= --name-only",
        proof=lambda record: (
            record.steps[-1].output == messages[chosen] and record.check.output == f"{names[chosen]}.txt"
        ),
        predict=True,
        answer=messages[chosen],
    )


@_scenario("git")
def commits_per_author(draw: Draw) -> Plan:
    """Who has made most commits."""
    project, people = draw.project(), draw.people(3)
    counts = draw.numbers(3, 1, 4)
    order = [person for person, count in zip(people, counts, strict=True) for _ in range(count)]
    draw.rng.shuffle(order)
    commits = [
        commit("log.txt", f"entry {number}", f"Entry {number}", append=True, by=by)
        for number, by in enumerate(order, 1)
    ]
    best, most = Counter(order).most_common(1)[0]
    ranking = [f"{count} {person.capitalize()}" for person, count in Counter(order).most_common()]
    return Plan(
        goals=("Who has made the most commits in this repository?", "Count the commits per author, most active first."),
        setup=bash(new(project), *commits),
        steps=(Step(command="git shortlog -sn HEAD", says=f"{most}\t{best.capitalize()}"),),
        check="git shortlog -sn HEAD | awk '{print $1, $2}'",
        proof=prints("\n".join(ranking)),
        predict=True,
        answer=f"{best.capitalize()}, with {most} commits.",
    )


@_scenario("git")
def changed_between_tags(draw: Draw) -> Plan:
    """Files that differ between two tags."""
    project, names, messages = draw.project(), draw.names(4), draw.messages(4)
    cut = draw.number(1, 2)
    commits = [commit(f"{name}.txt", name, text) for name, text in zip(names, messages, strict=True)]
    commits.insert(cut, "git tag v1.0")
    changed = sorted(f"{name}.txt" for name in names[cut:])
    return Plan(
        goals=("Which files changed between v1.0 and v2.0?", "List the names of files that differ from v1.0 to v2.0."),
        setup=bash(new(project), *commits, "git tag v2.0"),
        steps=(Step(command="git diff --name-only v1.0 v2.0", says=changed[0]),),
        check="git diff --name-only v1.0 v2.0",
        proof=prints("\n".join(changed)),
        predict=True,
        answer="\n".join(changed),
    )


@_scenario("git")
def grep_tracked(draw: Draw) -> Plan:
    """Search in tracked files only."""
    project, (one, two, three), word, (first,) = draw.project(), draw.names(3), draw.words(1)[0], draw.messages(1)
    return Plan(
        goals=(
            f"Where do tracked files contain '{word}'? Show file and line number.",
            f"Search the files that git tracks for '{word}', with line numbers.",
        ),
        files={
            f"{project}/{one}.py": f"x = 1\n{word} = x\n",
            f"{project}/{two}.py": "y = 2\n",
            f"{project}/{three}.log": f"{word}\n",
        },
        setup=f"cd {project}\ngit init -q -b main\ngit add *.py\ngit commit -qm '{first}'",
        steps=(Step(command=f"git grep -n '{word}'", says=f"{one}.py:2:"),),
        look=STATUS,
        check=f"git grep -n '{word}'",
        proof=prints(f"{one}.py:2:{word} = x"),
        predict=True,
        answer=f"{one}.py, line 2",
    )


@_scenario("git")
def last_change_of_file(draw: Draw) -> Plan:
    """The newest commit that touched a file."""
    project, (one, two), messages = draw.project(), draw.names(2), draw.messages(4)
    commits = [commit(f"{draw.one((one, two))}.txt", text, text, append=True) for text in messages[2:]]
    commits = [commit(f"{one}.txt", one, messages[0]), commit(f"{two}.txt", two, messages[1]), *commits]
    last = max((number for number, text in enumerate(commits) if f"git add {one}.txt" in text))
    return Plan(
        goals=(
            f"What was the last commit that changed {one}.txt? Show its subject.",
            f"Show the subject of the newest commit touching {one}.txt.",
        ),
        setup=bash(new(project), *commits),
        steps=(Step(command=f"git log -1 --format=%s -- {one}.txt", says=messages[last]),),
        look=LOG,
        check=f"git log -1 --format=%s -- {one}.txt",
        proof=prints(messages[last]),
        predict=True,
        answer=messages[last],
    )


@_scenario("git")
def lines_added(draw: Draw) -> Plan:
    """How much a commit added and removed."""
    project, (one,), messages = draw.project(), draw.names(1), draw.messages(2)
    before, after = draw.number(2, 6), draw.number(7, 15)
    return Plan(
        goals=(
            f"How many lines did the last commit add to {one}.txt, and how many did it remove?",
            f"Count the lines that HEAD added and deleted in {one}.txt.",
        ),
        setup=bash(
            new(project),
            f"seq {before} > {one}.txt\ngit add {one}.txt\ngit commit -qm '{messages[0]}'",
            f"seq 2 {after} > {one}.txt\ngit commit -qam '{messages[1]}'",
        ),
        steps=(Step(command="git show --numstat --format= HEAD"),),
        look=LOG,
        check="git show --numstat --format= HEAD",
        proof=prints(f"{after - before}\t1\t{one}.txt"),
        predict=True,
        answer=f"{after - before} added, 1 removed",
    )


@_scenario("git")
def file_at_tag(draw: Draw) -> Plan:
    """A file's content in an older release."""
    project, (one,), messages, words = draw.project(), draw.names(1), draw.messages(3), draw.words(3)
    chosen = draw.number(0, 2)
    commits = [
        bash(commit(f"{one}.cfg", f"{one} = {word}", text), f"git tag v{number}.0")
        for number, (word, text) in enumerate(zip(words, messages, strict=True), 1)
    ]
    return Plan(
        goals=(
            f"What did {one}.cfg contain in v{chosen + 1}.0? Do not check it out.",
            f"Print {one}.cfg as of the tag v{chosen + 1}.0.",
        ),
        setup=bash(new(project), *commits),
        steps=(Step(command=f"git show v{chosen + 1}.0:{one}.cfg"),),
        look="git tag",
        check=f"git show v{chosen + 1}.0:{one}.cfg",
        proof=prints(f"{one} = {words[chosen]}"),
        predict=True,
        answer=f"{one} = {words[chosen]}",
    )


@_scenario("git")
def which_branch_has_commit(draw: Draw) -> Plan:
    """Branches that contain a tag's commit."""
    project, (one, two), messages, branches = draw.project(), draw.names(2), draw.messages(2), draw.branches(2)
    return Plan(
        goals=(
            "Which branches contain the tag hotfix?",
            "List the branches that already have the commit tagged hotfix.",
        ),
        setup=bash(
            new(project),
            commit(f"{one}.txt", one, messages[0]),
            f"git branch {branches[0]}",
            f"git switch -q -c {branches[1]}",
            commit(f"{two}.txt", two, messages[1]),
            "git tag hotfix\ngit switch -q main",
        ),
        steps=(Step(command="git branch --contains hotfix"),),
        look="git branch",
        check="git branch --contains hotfix --format='%(refname:short)'",
        proof=prints(branches[1]),
        predict=True,
        answer=branches[1],
    )


@_scenario("git")
def staged_difference(draw: Draw) -> Plan:
    """What the next commit would hold, as against what would stay."""
    project, (one,), (first,), words = draw.project(), draw.names(1), draw.messages(1), draw.words(3)
    return Plan(
        goals=(
            f"Show only what is staged in {one}.txt, without context lines.",
            f"What would a commit now change in {one}.txt? No context lines.",
        ),
        setup=bash(
            new(project),
            commit(f"{one}.txt", words[0], first),
            f"echo {words[1]} >> {one}.txt\ngit add {one}.txt\necho {words[2]} >> {one}.txt",
        ),
        steps=(Step(command=f"git diff --staged -U0 {one}.txt", says=f"+{words[1]}"),),
        look=STATUS,
        check=f"git diff --staged -U0 {one}.txt | tail -n 1",
        proof=lambda record: record.check.output == f"+{words[1]}" and words[2] not in record.steps[-1].output,
        predict=True,
        answer=f"The line `{words[1]}` is added; `{words[2]}` is not staged.",
    )
