"""Text: grep, sed, awk, sort, cut, diff and patch."""

from collections import Counter

from hrm_edge.train.data.tools.draw import Draw
from hrm_edge.train.data.tools.scenario import Catalogue, Plan, Step, prints

CATALOGUE = Catalogue("text")
_scenario = CATALOGUE.scenario


@_scenario()
def grep_recursive(draw: Draw) -> Plan:
    """A word in a tree, only in files of one ending."""
    (folder, inner), names, word = draw.folders(2), draw.names(3), draw.words(1)[0]
    return Plan(
        goals=(
            f"Find '{word}' in all .py files below {folder}, with line numbers.",
            f"Search {folder} recursively for '{word}', only in Python files, and print line numbers.",
        ),
        files={
            f"{folder}/{names[0]}.py": f"import os\n\n{word} = 1\n",
            f"{folder}/{inner}/{names[1]}.txt": f"{word}\n",
            f"{folder}/{inner}/{names[2]}.py": "pass\n",
        },
        steps=(
            Step(command=f"grep -n '{word}' {folder}", fails=True, says="Is a directory", needed=False),
            Step(command=f"grep -rn --include='*.py' '{word}' {folder}", says=f"{folder}/{names[0]}.py:3:"),
        ),
        look="find . -type f | sort",
        check=f"grep -rc --include='*.py' '{word}' {folder} | grep -v ':0$'",
        proof=prints(f"{folder}/{names[0]}.py:1"),
        predict=True,
        answer=f"{folder}/{names[0]}.py, line 3",
    )


@_scenario()
def grep_fixed_text(draw: Draw) -> Plan:
    """A search text with characters that mean something to grep."""
    (name,), (word, other), number = draw.names(1), draw.words(2), draw.number(0, 9)
    text = f"{word}[{number}]"
    return Plan(
        goals=(
            f"Show the lines of {name}.txt that contain exactly the text {text}.",
            f"Find the literal text {text} in {name}.txt.",
        ),
        files={f"{name}.txt": f"{other} = {text}\n{word}{number}\n{word}\n"},
        steps=(Step(command=f"grep -F '{text}' {name}.txt", says=text),),
        look=f"cat {name}.txt",
        check=f"grep -c -F '{text}' {name}.txt",
        proof=lambda record: (record.check.output, record.steps[-1].output) == ("1", f"{other} = {text}"),
        predict=True,
    )


@_scenario()
def replace_in_files(draw: Draw) -> Plan:
    """A word is replaced in every file that has it."""
    (folder,), names, (old, new, other) = draw.folders(1), draw.names(3), draw.words(3)
    return Plan(
        goals=(
            f"Replace {old} by {new} in all .txt files of {folder}.",
            f"In every .txt file under {folder}, change each {old} to {new}.",
        ),
        files={
            f"{folder}/{names[0]}.txt": f"{old} and {old}\n",
            f"{folder}/{names[1]}.txt": f"{other}\n{old}\n",
            f"{folder}/{names[2]}.md": f"{old}\n",
        },
        steps=(Step(command=f"sed -i 's/{old}/{new}/g' {folder}/*.txt"),),
        look=f"grep -r . {folder}",
        check=f"cat {folder}/{names[0]}.txt {folder}/{names[1]}.txt {folder}/{names[2]}.md",
        proof=prints(f"{new} and {new}\n{other}\n{new}\n{old}"),
        predict=True,
    )


@_scenario()
def replace_path(draw: Draw) -> Plan:
    """Slashes in a pattern break the usual delimiter."""
    (name,), (one, two, three) = draw.names(1), draw.words(3)
    return Plan(
        goals=(
            f"In {name}.cfg change the path {one}/{two} to {one}/{three}.",
            f"Replace {one}/{two} by {one}/{three} everywhere in {name}.cfg.",
        ),
        files={f"{name}.cfg": f"input = {one}/{two}\noutput = {two}\n"},
        steps=(
            Step(
                command=f"sed -i 's/{one}/{two}/{one}/{three}/' {name}.cfg",
                fails=True,
                says="unknown option to",
                needed=False,
            ),
            Step(command=f"sed -i 's|{one}/{two}|{one}/{three}|g' {name}.cfg"),
        ),
        look=f"cat {name}.cfg",
        check=f"cat {name}.cfg",
        proof=prints(f"input = {one}/{three}\noutput = {two}"),
        predict=True,
    )


@_scenario()
def delete_lines(draw: Draw) -> Plan:
    """Comments and empty lines go."""
    (name,), (one, two, three) = draw.names(1), draw.words(3)
    mark = draw.one(("#", ";"))
    return Plan(
        goals=(
            f"Remove the lines of {name}.cfg that start with {mark}, and empty lines, in place.",
            f"Strip comments ({mark} at the start of a line) and blank lines from {name}.cfg.",
        ),
        files={f"{name}.cfg": f"{mark} {one}\n{two} = 1\n\n{mark}{three}\n{three} = 2\n"},
        steps=(Step(command=f"sed -i -e '/^{mark}/d' -e '/^$/d' {name}.cfg"),),
        look=f"cat {name}.cfg",
        check=f"cat {name}.cfg",
        proof=prints(f"{two} = 1\n{three} = 2"),
        predict=True,
    )


@_scenario()
def insert_line(draw: Draw) -> Plan:
    """A line goes in after one that matches."""
    (name,), words = draw.names(1), draw.words(5)
    at = draw.number(0, 3)
    result = [*words[: at + 1], words[4], *words[at + 1 : 4]]
    return Plan(
        goals=(
            f"Insert the line {words[4]} after the line {words[at]} in {name}.txt.",
            f"Add {words[4]} as a new line right below {words[at]} in {name}.txt.",
        ),
        files={f"{name}.txt": "".join(f"{word}\n" for word in words[:4])},
        steps=(Step(command=f"sed -i '/^{words[at]}$/a {words[4]}' {name}.txt"),),
        look=f"cat {name}.txt",
        check=f"cat {name}.txt",
        proof=prints("\n".join(result)),
        predict=True,
    )


@_scenario()
def line_range(draw: Draw) -> Plan:
    """Some lines from the middle."""
    (name,), start = draw.names(1), draw.number(3, 15)
    end = start + draw.number(2, 5)
    return Plan(
        goals=(
            f"Print lines {start} to {end} of {name}.txt.",
            f"Show me {name}.txt from line {start} to line {end}.",
        ),
        setup=f"seq -f 'row %g' 30 > {name}.txt",
        steps=(Step(command=f"sed -n '{start},{end}p' {name}.txt"),),
        look=f"wc -l {name}.txt",
        check=f"sed -n '{start},{end}p' {name}.txt",
        proof=prints("\n".join(f"row {number}" for number in range(start, end + 1))),
        predict=True,
    )


@_scenario()
def most_frequent(draw: Draw) -> Plan:
    """Words by how often they occur."""
    (name,), words = draw.names(1), draw.words(3)
    counts = draw.numbers(3, 1, 6)
    lines = [word for word, count in zip(words, counts, strict=True) for _ in range(count)]
    draw.rng.shuffle(lines)
    ranking = Counter(lines).most_common()
    return Plan(
        goals=(
            f"Count how often each line occurs in {name}.txt, most frequent first.",
            f"Rank the lines of {name}.txt by frequency.",
        ),
        files={f"{name}.txt": "".join(f"{line}\n" for line in lines)},
        steps=(Step(command=f"sort {name}.txt | uniq -c | sort -rn"),),
        look=f"wc -l {name}.txt",
        check=f"sort {name}.txt | uniq -c | sort -rn | awk '{{print $1, $2}}'",
        proof=prints("\n".join(f"{count} {word}" for word, count in ranking)),
        predict=True,
        answer=f"{ranking[0][0]} comes first, {ranking[0][1]} time{'s' * (ranking[0][1] > 1)}.",
    )


@_scenario()
def sum_column(draw: Draw) -> Plan:
    """A column of a table is summed per key."""
    (name,), people, amounts = draw.names(1), draw.people(2), draw.numbers(5, 5, 99)
    rows = [(people[at % 2], amount) for at, amount in enumerate(amounts)]
    sums = {person: sum(amount for who, amount in rows if who == person) for person in people}
    return Plan(
        goals=(
            f"{name}.csv has the columns name,amount and a header. Sum the amounts per name, sorted by name.",
            f"Add up the amount column of {name}.csv (name,amount; first line is a header) for each name, sorted.",
        ),
        files={f"{name}.csv": "name,amount\n" + "".join(f"{who},{amount}\n" for who, amount in rows)},
        steps=(
            Step(
                command="awk -F, 'NR > 1 { sum[$1] += $2 } END { for (name in sum) print name, sum[name] }' "
                f"{name}.csv | sort"
            ),
        ),
        look=f"head -n 3 {name}.csv",
        check="awk -F, 'NR > 1 { sum[$1] += $2 } END { for (name in sum) print name, sum[name] }' "
        f"{name}.csv | sort",
        proof=prints("\n".join(f"{person} {sums[person]}" for person in sorted(people))),
        predict=True,
        answer="\n".join(f"{person} {sums[person]}" for person in sorted(people)),
    )


@_scenario()
def sort_numerically(draw: Draw) -> Plan:
    """A table is sorted by its number column."""
    (name,), people, scores = draw.names(1), draw.people(4), draw.numbers(4, 5, 120)
    ranked = sorted(zip(scores, people, strict=True), reverse=True)
    return Plan(
        goals=(
            f"Sort {name}.txt (name and score, separated by a blank) by score, highest first, and save as ranked.txt.",
            f"Write ranked.txt: the lines of {name}.txt by their second column, numerically, descending.",
        ),
        files={f"{name}.txt": "".join(f"{who} {score}\n" for who, score in zip(people, scores, strict=True))},
        steps=(Step(command=f"sort -k2,2nr {name}.txt > ranked.txt"),),
        look=f"cat {name}.txt",
        check="cat ranked.txt",
        proof=prints("\n".join(f"{who} {score}" for score, who in ranked)),
        predict=True,
    )


@_scenario()
def cut_columns(draw: Draw) -> Plan:
    """A column of a table with another separator."""
    (name,), words, people = draw.names(1), draw.words(3), draw.people(3)
    mark = draw.one((":", ";", "|"))
    return Plan(
        goals=(
            f"Print the third column of {name}.txt; columns are separated by '{mark}'.",
            f"Show only field 3 of {name}.txt (separator '{mark}').",
        ),
        files={
            f"{name}.txt": "".join(
                f"{at}{mark}{who}{mark}{word}\n" for at, (who, word) in enumerate(zip(people, words, strict=True))
            )
        },
        steps=(Step(command=f"cut -d '{mark}' -f 3 {name}.txt"),),
        look=f"head -n 1 {name}.txt",
        check=f"cut -d '{mark}' -f 3 {name}.txt",
        proof=prints("\n".join(words)),
        predict=True,
    )


@_scenario()
def common_lines(draw: Draw) -> Plan:
    """Lines that two lists share; comm wants them sorted."""
    (one, two), words = draw.names(2), draw.words(6)
    first, second = words[:4], words[2:]
    draw.rng.shuffle(first)
    draw.rng.shuffle(second)
    first.sort(reverse=True)
    return Plan(
        goals=(
            f"Which lines are in both {one}.txt and {two}.txt? Sort them.",
            f"Print the sorted lines common to {one}.txt and {two}.txt.",
        ),
        files={f"{one}.txt": "\n".join(first) + "\n", f"{two}.txt": "\n".join(second) + "\n"},
        steps=(
            Step(command=f"comm -12 {one}.txt {two}.txt", fails=True, says="not in sorted order", needed=False),
            Step(command=f"comm -12 <(sort {one}.txt) <(sort {two}.txt)"),
        ),
        look=f"wc -l {one}.txt {two}.txt",
        check=f"comm -12 <(sort {one}.txt) <(sort {two}.txt)",
        proof=prints("\n".join(sorted(words[2:4]))),
        predict=True,
    )


@_scenario()
def join_tables(draw: Draw) -> Plan:
    """Two tables are joined by their first column."""
    (one, two), people, words = draw.names(2), sorted(draw.people(3)), draw.words(3)
    numbers = draw.numbers(3, 1, 99)
    return Plan(
        goals=(
            f"Join {one}.txt and {two}.txt by their first column into joined.txt (both are sorted).",
            f"Merge the columns of {one}.txt and {two}.txt on the name in column 1; result in joined.txt.",
        ),
        files={
            f"{one}.txt": "".join(f"{who} {word}\n" for who, word in zip(people, words, strict=True)),
            f"{two}.txt": "".join(f"{who} {number}\n" for who, number in zip(people, numbers, strict=True)),
        },
        steps=(Step(command=f"join {one}.txt {two}.txt > joined.txt"),),
        look=f"head -n 1 {one}.txt {two}.txt",
        check="cat joined.txt",
        proof=prints("\n".join(f"{who} {word} {at}" for who, word, at in zip(people, words, numbers, strict=True))),
        predict=True,
    )


@_scenario("patch")
def make_and_apply_patch(draw: Draw) -> Plan:
    """A difference is saved and applied to another copy."""
    (name,), words = draw.names(1), draw.words(5)
    changed = [*words[:2], words[4], *words[3:4]]
    return Plan(
        goals=(
            f"Save the difference from old/{name}.txt to new/{name}.txt as change.patch and apply it to {name}.txt.",
            f"Make change.patch (unified) of old/{name}.txt and new/{name}.txt, then patch {name}.txt with it.",
        ),
        files={
            f"old/{name}.txt": "".join(f"{word}\n" for word in words[:4]),
            f"new/{name}.txt": "".join(f"{word}\n" for word in changed),
            f"{name}.txt": "".join(f"{word}\n" for word in words[:4]),
        },
        steps=(
            Step(
                command=f"diff -u --label a/{name}.txt --label b/{name}.txt old/{name}.txt new/{name}.txt > "
                f"change.patch",
                fails=True,
            ),
            Step(command=f"patch {name}.txt change.patch", says=f"patching file {name}.txt"),
        ),
        look="ls",
        check=f"cat {name}.txt",
        proof=prints("\n".join(changed)),
        predict=True,
    )


@_scenario("patch")
def failing_hunk(draw: Draw) -> Plan:
    """The file has changed since the patch was made; the hunk is put in by hand."""
    (name,), words = draw.names(1), draw.words(6)
    patch = f"--- a/{name}.txt\n+++ b/{name}.txt\n@@ -1,3 +1,3 @@\n {words[0]}\n-{words[1]}\n+{words[2]}\n {words[3]}\n"
    return Plan(
        goals=(
            f"Apply fix.patch to {name}.txt. If the hunk fails, make its change ({words[1]} becomes {words[2]}) "
            f"by sed and "
            "delete what patch left behind.",
            f"Patch {name}.txt with fix.patch; should it be rejected, replace {words[1]} by {words[2]} in the "
            f"file yourself "
            "and remove the .rej and .orig files.",
        ),
        files={f"{name}.txt": f"{words[4]}\n{words[1]} {words[5]}\n", "fix.patch": patch},
        steps=(
            Step(command=f"patch {name}.txt fix.patch", fails=True, says="1 out of 1 hunk FAILED"),
            Step(command=f"cat {name}.txt.rej", says=f"+{words[2]}"),
            Step(command=f"sed -i 's/{words[1]}/{words[2]}/' {name}.txt"),
            Step(command=f"rm -f {name}.txt.rej {name}.txt.orig"),
        ),
        look=f"cat {name}.txt",
        check=f"cat {name}.txt && ls",
        proof=prints("\n".join([f"{words[4]}\n{words[2]} {words[5]}", *sorted(["fix.patch", f"{name}.txt"])])),
        predict=True,
    )


@_scenario("patch")
def undo_patch(draw: Draw) -> Plan:
    """A patch that is in already is taken out."""
    (name,), words = draw.names(1), draw.words(4)
    patch = f"--- a/{name}.txt\n+++ b/{name}.txt\n@@ -1,2 +1,2 @@\n {words[0]}\n-{words[1]}\n+{words[2]}\n"
    return Plan(
        goals=(
            f"fix.patch has been applied to {name}.txt. Take it out again.",
            f"Undo fix.patch in {name}.txt.",
        ),
        files={f"{name}.txt": f"{words[0]}\n{words[2]}\n", "fix.patch": patch},
        steps=(
            Step(command=f"patch -N -r - {name}.txt fix.patch", fails=True, says="previously applied", needed=False),
            Step(command=f"patch -R {name}.txt fix.patch", says="patching file"),
        ),
        look=f"cat {name}.txt",
        check=f"cat {name}.txt",
        proof=prints(f"{words[0]}\n{words[1]}"),
        predict=True,
    )


@_scenario()
def windows_line_ends(draw: Draw) -> Plan:
    """A script with carriage returns does not run."""
    (name,), (word,) = draw.names(1), draw.words(1)
    return Plan(
        goals=(
            f"./{name}.sh does not start since it has Windows line ends. Convert it and run it.",
            f"Strip the carriage returns from {name}.sh, then run it.",
        ),
        files={f"{name}.sh": f"#!/bin/sh\r\necho {word}\r\n"},
        setup=f"chmod +x {name}.sh",
        steps=(
            Step(command=f"./{name}.sh", fails=True, needed=False),
            Step(command=f"sed -i 's/\\r$//' {name}.sh"),
            Step(command=f"./{name}.sh", says=word),
        ),
        look=f"head -n 1 {name}.sh | cat -A",
        check=f"grep -c $'\\r' {name}.sh; ./{name}.sh",
        proof=prints(f"0\n{word}"),
        predict=True,
    )


@_scenario()
def count_by_file(draw: Draw) -> Plan:
    """Lines of each file, and the total."""
    names, counts = sorted(draw.names(3)), draw.numbers(3, 2, 40)
    fill = "\n".join(f"seq {count} > {name}.txt" for name, count in zip(names, counts, strict=True))
    return Plan(
        goals=(
            "Count the lines of each .txt file here, with a total.",
            "How many lines do the .txt files have, each and all?",
        ),
        setup=fill,
        steps=(Step(command="wc -l *.txt", says="total"),),
        look="ls",
        check="cat *.txt | wc -l",
        proof=lambda record: (
            record.check.output.strip() == str(sum(counts))
            and [line.split() for line in record.steps[-1].output.splitlines()]
            == [
                *([str(count), f"{name}.txt"] for name, count in zip(names, counts, strict=True)),
                [str(sum(counts)), "total"],
            ]
        ),
        predict=True,
        answer=f"{sum(counts)} lines in all.",
    )


@_scenario()
def extract_pattern(draw: Draw) -> Plan:
    """Mail addresses are picked out of text."""
    (name,), people, words = draw.names(1), draw.people(3), draw.words(3)
    mails = [f"{who}@{word}.example" for who, word in zip(people, words, strict=True)]
    return Plan(
        goals=(
            f"Write all mail addresses in {name}.txt to mails.txt, one per line, sorted, each once.",
            f"Extract the e-mail addresses of {name}.txt into mails.txt (sorted, no duplicates).",
        ),
        files={f"{name}.txt": f"Ask {mails[0]} or {mails[1]}.\nNot at home.\n{mails[1]}, {mails[2]}: both\n"},
        steps=(Step(command=f"grep -oE '[a-z]+@[a-z]+\\.example' {name}.txt | sort -u > mails.txt"),),
        look=f"cat {name}.txt",
        check="cat mails.txt",
        proof=prints("\n".join(sorted(mails))),
        context=True,
        predict=True,
    )


@_scenario()
def write_protected(draw: Draw) -> Plan:
    """A read-only file cannot be appended to."""
    (name,), (old, new) = draw.names(1), draw.words(2)
    return Plan(
        goals=(
            f"Append the line {new} to {name}.txt, which is read-only, and make it read-only again.",
            f"Add {new} at the end of the write-protected {name}.txt; its mode must be 444 afterwards.",
        ),
        files={f"{name}.txt": f"{old}\n"},
        setup=f"chmod 444 {name}.txt",
        steps=(
            Step(command=f"chmod u+w {name}.txt"),
            Step(command=f"echo {new} >> {name}.txt"),
            Step(command=f"chmod 444 {name}.txt"),
        ),
        look=f"stat -c '%A %n' {name}.txt",
        check=f"cat {name}.txt && stat -c %a {name}.txt",
        proof=prints(f"{old}\n{new}\n444"),
        predict=True,
    )


@_scenario()
def same_file_redirect(draw: Draw) -> Plan:
    """A pipeline must not write to the file it reads."""
    (name,), words = draw.names(1), draw.words(4)
    return Plan(
        goals=(
            f"Sort {name}.txt in place and drop double lines.",
            f"Make {name}.txt sorted and free of duplicates (same file).",
        ),
        files={f"{name}.txt": "".join(f"{word}\n" for word in [*words, words[0], words[2]])},
        steps=(Step(command=f"sort -u -o {name}.txt {name}.txt"),),
        look=f"cat {name}.txt",
        check=f"cat {name}.txt",
        proof=prints("\n".join(sorted(words))),
        predict=True,
    )


@_scenario()
def lookup_in_json_lines(draw: Draw) -> Plan:
    """A field of JSON lines, by Python where no jq is."""
    (name,), people, ages = draw.names(1), draw.people(3), draw.numbers(3, 20, 70)
    rows = "".join(f'{{"name": "{who}", "age": {age}}}\n' for who, age in zip(people, ages, strict=True))
    limit = sorted(ages)[1]
    wanted = [who for who, age in zip(people, ages, strict=True) if age >= limit]
    return Plan(
        goals=(
            f"Print the names in {name}.jsonl whose age is at least {limit}.",
            f"{name}.jsonl has one object per line with name and age. Which names have age >= {limit}?",
        ),
        files={f"{name}.jsonl": rows},
        steps=(
            Step(
                command='python3 -c \'import json, sys; [print(row["name"]) for row in map(json.loads, sys.stdin) '
                f'if row["age"] >= {limit}]\' < {name}.jsonl'
            ),
        ),
        look=f"head -n 1 {name}.jsonl",
        check=f"grep -c . {name}.jsonl",
        proof=lambda record: record.steps[-1].output == "\n".join(wanted),
        answer="\n".join(wanted),
    )
