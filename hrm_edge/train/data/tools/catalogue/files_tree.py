"""Files: finding, moving, linking, permissions, archives, checksums."""

import hashlib

from hrm_edge.train.data.tools.draw import Draw
from hrm_edge.train.data.tools.scenario import Catalogue, Plan, Step, prints

CATALOGUE = Catalogue("files")
_scenario = CATALOGUE.scenario
_TREE = "find . -type f | sort"


@_scenario()
def find_by_extension(draw: Draw) -> Plan:
    """Files of one ending, below a folder."""
    names, (one, two), (wanted, other) = draw.names(4), draw.folders(2), draw.extensions(2)
    paths = [f"{one}/{names[0]}.{wanted}", f"{one}/{two}/{names[1]}.{wanted}", f"{one}/{names[2]}.{other}"]
    return Plan(
        goals=(
            f"List all .{wanted} files under {one}, sorted by path.",
            f"Find every file below {one} that ends in .{wanted} and sort the paths.",
        ),
        files=dict.fromkeys([*paths, f"{two}/{names[3]}.{wanted}"], "x\n"),
        steps=(Step(command=f"find {one} -type f -name '*.{wanted}' | sort", says=paths[1]),),
        look="ls",
        check=f"find {one} -type f -name '*.{wanted}' | sort",
        proof=prints("\n".join(sorted(paths[:2]))),
        predict=True,
        answer="\n".join(sorted(paths[:2])),
    )


@_scenario()
def delete_by_pattern(draw: Draw) -> Plan:
    """Temporary files go, everything else stays."""
    names, (one, two) = draw.names(4), draw.folders(2)
    ending = draw.one(("tmp", "bak", "orig", "swp"))
    kept = sorted([f"{one}/{names[0]}.txt", f"{two}/{names[1]}.txt"])
    return Plan(
        goals=(
            f"Delete every .{ending} file below the current directory, nothing else.",
            f"Remove all *.{ending} files, also in subdirectories.",
        ),
        files=dict.fromkeys([*kept, f"{one}/{names[2]}.{ending}", f"{names[3]}.{ending}"], "x\n"),
        steps=(
            Step(command=f"rm */*.{ending} *.{ending}.old", fails=True, says="cannot remove", needed=False),
            Step(command=f"find . -type f -name '*.{ending}' -delete"),
        ),
        look=_TREE,
        check=_TREE,
        proof=prints("\n".join(f"./{path}" for path in kept)),
        predict=True,
    )


@_scenario()
def find_large_files(draw: Draw) -> Plan:
    """Files above a size."""
    names, (folder,) = draw.names(4), draw.folders(1)
    limit = draw.number(2, 8)
    sizes = [limit * 1024 + 500, limit * 1024 * 3, 100, 900]
    big = sorted(f"{folder}/{name}.bin" for name, size in zip(names, sizes, strict=True) if size > limit * 1024)
    fill = "\n".join(f"head -c {size} /dev/zero > {folder}/{name}.bin" for name, size in zip(names, sizes, strict=True))
    return Plan(
        goals=(
            f"Which files under {folder} are larger than {limit} KiB? Sort them by name.",
            f"List files in {folder} bigger than {limit}k, sorted.",
        ),
        setup=f"mkdir {folder}\n{fill}",
        steps=(Step(command=f"find {folder} -type f -size +{limit}k | sort"),),
        look=f"ls {folder}",
        check=f"find {folder} -type f -size +{limit}k | sort",
        proof=prints("\n".join(big)),
        predict=True,
        answer="\n".join(big),
    )


@_scenario()
def delete_empty_directories(draw: Draw) -> Plan:
    """Empty directories go, also those that become empty."""
    (one, two, three), (name,) = draw.folders(3), draw.names(1)
    return Plan(
        goals=(
            "Remove all empty directories below this one, also those that only hold empty directories.",
            "Delete every empty folder, nested ones too.",
        ),
        files={f"{one}/{name}.txt": "x\n"},
        setup=f"mkdir -p {two}/{three}/{one} {one}/{three}",
        steps=(
            Step(command=f"rmdir {two}", fails=True, says="Directory not empty", needed=False),
            Step(command="find . -mindepth 1 -type d -empty -delete"),
        ),
        look="find . -mindepth 1 | sort",
        check="find . -mindepth 1 | sort",
        proof=prints(f"./{one}\n./{one}/{name}.txt"),
        predict=True,
    )


@_scenario()
def rename_extension(draw: Draw) -> Plan:
    """Many files get another ending."""
    names, (old, new) = draw.names(draw.number(3, 5)), draw.extensions(2)
    return Plan(
        goals=(
            f"Rename every .{old} file here to .{new}.",
            f"Change the extension of all *.{old} files in this directory to .{new}.",
        ),
        files={f"{name}.{old}": f"{name}\n" for name in names},
        steps=(
            Step(command=f"mv *.{old} *.{new}", fails=True, says="target", needed=False),
            Step(command=f'for file in *.{old}; do mv "$file" "${{file%.{old}}}.{new}"; done'),
        ),
        look="ls",
        check="ls",
        proof=prints("\n".join(sorted(f"{name}.{new}" for name in names))),
        predict=True,
    )


@_scenario()
def number_files(draw: Draw) -> Plan:
    """Files get a running number in front."""
    names, prefix = sorted(draw.words(3)), draw.words(1)[0]
    return Plan(
        goals=(
            f"Rename the .jpg files here to {prefix}-1.jpg, {prefix}-2.jpg and so on, in alphabetical order.",
            f"Give all jpg files running names: {prefix}-1.jpg, {prefix}-2.jpg, …, sorted by their old names.",
        ),
        files={f"{name}.jpg": f"{name}\n" for name in names},
        setup="mkdir -p .",
        steps=(Step(command=f'n=1; for file in *.jpg; do mv "$file" "{prefix}-$n.jpg"; n=$((n + 1)); done'),),
        look="ls",
        check=f"head -v -n 1 {prefix}-*.jpg",
        proof=prints("\n\n".join(f"==> {prefix}-{at}.jpg <==\n{name}" for at, name in enumerate(names, 1))),
        predict=prefix not in names,
    )


@_scenario()
def spaces_in_names(draw: Draw) -> Plan:
    """Blanks in names become underscores."""
    (one, two, three, four), ending = draw.words(4), draw.extensions(1)[0]
    return Plan(
        goals=(
            "Replace the spaces in all file names here by underscores.",
            "Rename files so that no name contains a blank; use _ instead.",
        ),
        files={f"{one} {two}.{ending}": "1\n", f"{three} {four} {one}.{ending}": "2\n"},
        steps=(
            Step(
                command=f"mv {one} {two}.{ending} {one}_{two}.{ending}",
                fails=True,
                says="target",
                needed=False,
            ),
            Step(command='for file in *" "*; do mv "$file" "${file// /_}"; done'),
        ),
        look="ls",
        check="ls",
        proof=prints("\n".join(sorted([f"{one}_{two}.{ending}", f"{three}_{four}_{one}.{ending}"]))),
        predict=True,
    )


@_scenario()
def nested_directories(draw: Draw) -> Plan:
    """mkdir needs -p for parents."""
    (one, two, three), (name,) = draw.folders(3), draw.names(1)
    return Plan(
        goals=(
            f"Create {one}/{two}/{three} and move {name}.txt into it.",
            f"Move {name}.txt to the new directory {one}/{two}/{three}.",
        ),
        files={f"{name}.txt": "x\n"},
        steps=(
            Step(command=f"mkdir {one}/{two}/{three}", fails=True, says="No such file or directory", needed=False),
            Step(command=f"mkdir -p {one}/{two}/{three}"),
            Step(command=f"mv {name}.txt {one}/{two}/{three}/"),
        ),
        look="ls",
        check=_TREE,
        proof=prints(f"./{one}/{two}/{three}/{name}.txt"),
        predict=True,
    )


@_scenario()
def copy_directory(draw: Draw) -> Plan:
    """cp needs -r for directories."""
    (one, two), names = draw.folders(2), draw.names(2)
    return Plan(
        goals=(
            f"Copy the directory {one} with everything in it to {two}.",
            f"Make a full copy of the folder {one} called {two}.",
        ),
        files={f"{one}/{name}.txt": f"{name}\n" for name in names},
        steps=(
            Step(command=f"cp {one} {two}", fails=True, says="omitting directory", needed=False),
            Step(command=f"cp -r {one} {two}"),
        ),
        look="ls",
        check=f"diff -r {one} {two} && ls {two}",
        proof=prints("\n".join(sorted(f"{name}.txt" for name in names))),
        predict=True,
    )


@_scenario()
def make_executable(draw: Draw) -> Plan:
    """A script without the execute bit."""
    (name,), (word,) = draw.names(1), draw.words(1)
    return Plan(
        goals=(
            f"Run ./{name}.sh; it must stay executable for its owner only.",
            f"Make {name}.sh executable for the owner (nobody else) and start it.",
        ),
        files={f"{name}.sh": f"#!/bin/sh\necho {word}\n"},
        setup=f"chmod 644 {name}.sh",
        steps=(
            Step(command=f"./{name}.sh", fails=True, says="Permission denied", needed=False),
            Step(command=f"chmod u+x {name}.sh"),
            Step(command=f"./{name}.sh", says=word),
        ),
        look=f"stat -c '%A %n' {name}.sh",
        check=f"stat -c '%a %n' {name}.sh",
        proof=prints(f"744 {name}.sh"),
        predict=True,
    )


@_scenario()
def private_files(draw: Draw) -> Plan:
    """Directories and files of a tree get different modes."""
    (one, two), names = draw.folders(2), draw.names(2)
    directory, file = draw.one((("700", "600"), ("750", "640"), ("755", "644")))
    return Plan(
        goals=(
            f"Set all directories under {one} (itself included) to mode {directory} and all files to {file}.",
            f"Fix the permissions of {one}: {directory} for directories, {file} for files, recursively.",
        ),
        files={f"{one}/{names[0]}.txt": "x\n", f"{one}/{two}/{names[1]}.txt": "y\n"},
        setup=f"chmod -R 777 {one}",
        steps=(
            Step(command=f"find {one} -type d -exec chmod {directory} {{}} +"),
            Step(command=f"find {one} -type f -exec chmod {file} {{}} +"),
        ),
        look=f"find {one} -printf '%m %p\\n' | sort",
        check=f"find {one} -printf '%m %p\\n' | sort",
        proof=prints(
            "\n".join(
                sorted(
                    [
                        f"{directory} {one}",
                        f"{directory} {one}/{two}",
                        f"{file} {one}/{names[0]}.txt",
                        f"{file} {one}/{two}/{names[1]}.txt",
                    ]
                )
            )
        ),
        predict=True,
    )


@_scenario()
def switch_symlink(draw: Draw) -> Plan:
    """A link is pointed at another release."""
    project, (old, new), (word,) = draw.project(), draw.numbers(2, 1, 30), draw.words(1)
    return Plan(
        goals=(
            f"Point the symbolic link current at {project}-{new} instead of {project}-{old}.",
            f"The link current leads to {project}-{old}; make it lead to {project}-{new}.",
        ),
        files={f"{project}-{old}/version": f"{old} {word}\n", f"{project}-{new}/version": f"{new} {word}\n"},
        setup=f"ln -s {project}-{old} current",
        steps=(
            Step(
                command=f"ln -s {project}-{new}/version current/version", fails=True, says="File exists", needed=False
            ),
            Step(command=f"ln -sfn {project}-{new} current"),
        ),
        look="readlink current",
        check="readlink current && cat current/version",
        proof=prints(f"{project}-{new}\n{new} {word}"),
        predict=True,
    )


@_scenario()
def broken_links(draw: Draw) -> Plan:
    """Links whose target is gone."""
    (one, two, three), (name,) = draw.words(3), draw.names(1)
    return Plan(
        goals=(
            "Find all broken symbolic links here, delete them and leave the good ones.",
            "Remove every symlink whose target does not exist.",
        ),
        files={f"{name}.txt": "x\n"},
        setup=f"ln -s {name}.txt {one}\nln -s gone.txt {two}\nln -s nowhere/at-all {three}",
        steps=(
            Step(command=f"cat {two}", fails=True, says="No such file or directory", needed=False),
            Step(command="find . -xtype l"),
            Step(command="find . -xtype l -delete"),
        ),
        look="find . -type l -printf '%p -> %l\\n' | sort",
        check="find . -type l -printf '%p -> %l\\n'",
        proof=prints(f"./{one} -> {name}.txt"),
        predict=True,
    )


@_scenario("tar")
def pack_and_unpack(draw: Draw) -> Plan:
    """A gzipped tar goes into another directory, which must exist."""
    (one, target), names = draw.folders(2), draw.names(2)
    return Plan(
        goals=(
            f"Pack {one} as {one}.tar.gz and unpack that into the new directory {target}.",
            f"Archive {one} ({one}.tar.gz), then extract the archive inside {target}, which does not exist yet.",
        ),
        files={f"{one}/{name}.txt": f"{name}\n" for name in names},
        steps=(
            Step(command=f"tar -czf {one}.tar.gz {one}"),
            Step(command=f"tar -xzf {one}.tar.gz -C {target}", fails=True, says="Cannot open", needed=False),
            Step(command=f"mkdir {target}"),
            Step(command=f"tar -xzf {one}.tar.gz -C {target}"),
        ),
        look="ls",
        check=f"tar -tzf {one}.tar.gz | sort && diff -r {one} {target}/{one} && echo same",
        proof=prints("\n".join([f"{one}/", *sorted(f"{one}/{name}.txt" for name in names), "same"])),
        predict=True,
    )


@_scenario("gzip")
def gzip_and_read(draw: Draw) -> Plan:
    """A log is compressed and still read."""
    (name,), (word,), count = draw.names(1), draw.words(1), draw.number(3, 9)
    lines = "".join(f"{word if number % 2 else 'other'} {number}\n" for number in range(count))
    return Plan(
        goals=(
            f"Compress {name}.log with gzip and count the lines with '{word}' without unpacking it.",
            f"Gzip {name}.log, then say how many lines of the compressed file contain '{word}'.",
        ),
        files={f"{name}.log": lines},
        steps=(
            Step(command=f"gzip {name}.log"),
            Step(command=f"grep -c '{word}' {name}.log", fails=True, says="No such file", needed=False),
            Step(command=f"zcat {name}.log.gz | grep -c '{word}'", says=str(count // 2)),
        ),
        look="ls",
        check=f"zcat {name}.log.gz | grep -c '{word}' && ls",
        proof=prints(f"{count // 2}\n{name}.log.gz"),
        predict=True,
    )


@_scenario("gzip")
def gunzip_plain_file(draw: Draw) -> Plan:
    """A file that only pretends to be compressed."""
    (name,), (word,) = draw.names(1), draw.words(1)
    return Plan(
        goals=(
            f"Unpack {name}.txt.gz to {name}.txt; if it is no gzip file, it is plain text with a wrong name.",
            f"Get the text of {name}.txt.gz as {name}.txt, even if the file is not really compressed.",
        ),
        files={f"{name}.txt.gz": f"{word}\n"},
        steps=(
            Step(command=f"gunzip {name}.txt.gz", fails=True, says="not in gzip format", needed=True),
            Step(command=f"mv {name}.txt.gz {name}.txt"),
        ),
        look="ls",
        check=f"cat {name}.txt",
        proof=prints(word),
        predict=True,
    )


@_scenario("sha256sum")
def verify_checksums(draw: Draw) -> Plan:
    """One of the files does not fit its checksum."""
    names, words = draw.names(3), draw.words(3)
    bad = draw.number(0, 2)
    sums = "".join(
        f"{hashlib.sha256((word + chr(10)).encode()).hexdigest()}  {name}.txt\n"
        for name, word in zip(names, words, strict=True)
    )
    contents = {f"{name}.txt": f"{word}\n" for name, word in zip(names, words, strict=True)}
    return Plan(
        goals=(
            "Which files do not match the checksums in SHA256SUMS?",
            "Verify the files against SHA256SUMS and show only those that fail.",
        ),
        files={**contents, f"{names[bad]}.txt": "damaged\n", "SHA256SUMS": sums},
        steps=(Step(command="sha256sum --quiet -c SHA256SUMS", fails=True, says=f"{names[bad]}.txt: FAILED"),),
        look="ls",
        check="sha256sum -c SHA256SUMS 2>/dev/null",
        proof=prints("\n".join(f"{name}.txt: {'FAILED' if at == bad else 'OK'}" for at, name in enumerate(names))),
        answer=f"{names[bad]}.txt",
    )


@_scenario("sha256sum")
def find_duplicates(draw: Draw) -> Plan:
    """Files with the same content."""
    names, (word, other) = draw.names(4), draw.words(2)
    twin = draw.number(1, 3)
    files = {f"{name}.txt": f"{other} {at}\n" for at, name in enumerate(names)}
    files[f"{names[0]}.txt"] = files[f"{names[twin]}.txt"] = f"{word}\n"
    pair = sorted([f"{names[0]}.txt", f"{names[twin]}.txt"])
    return Plan(
        goals=("Which files here have the same content?", "Find files with identical content in this directory."),
        files=files,
        steps=(Step(command="sha256sum * | sort | uniq -w 64 -D", says=pair[0]),),
        look="ls",
        check="sha256sum * | sort | uniq -w 64 -D | cut -c 67-",
        proof=prints("\n".join(pair)),
        predict=True,
        answer=" and ".join(pair),
    )


@_scenario()
def disk_usage(draw: Draw) -> Plan:
    """The folder that takes most bytes."""
    folders, sizes = draw.folders(3), draw.numbers(3, 10, 900)
    fill = "\n".join(
        f"mkdir {folder}\nhead -c {size}000 /dev/zero > {folder}/data"
        for folder, size in zip(folders, sizes, strict=True)
    )
    ranked = sorted(zip(sizes, folders, strict=True), reverse=True)
    return Plan(
        goals=(
            "Which directory here holds the most bytes? Show all, largest first, in bytes of file content.",
            "Rank the directories by the bytes of their files, largest first.",
        ),
        setup=fill,
        steps=(
            Step(
                command="for folder in */; do printf '%s %s\\n' \"$(find \"$folder\" -type f -printf '%s\\n' | "
                'awk \'{ sum += $1 } END { print sum }\')" "$folder"; done | sort -rn'
            ),
        ),
        look="ls",
        check="wc -c */data | sort -rn | sed -n 2p",
        proof=lambda record: (
            record.steps[-1].output == "\n".join(f"{size}000 {folder}/" for size, folder in ranked)
            and record.check.output.split() == [f"{ranked[0][0]}000", f"{ranked[0][1]}/data"]
        ),
        predict=True,
        answer=f"{ranked[0][1]}, with {ranked[0][0]}000 bytes",
    )


@_scenario()
def split_and_join(draw: Draw) -> Plan:
    """A file is cut in pieces and put together."""
    (name,), count, size = draw.names(1), draw.number(10, 30), draw.number(3, 7)
    pieces = -(-count // size)
    return Plan(
        goals=(
            f"Cut {name}.txt into pieces of {size} lines called part-aa, part-ab, …, join them as joined.txt "
            f"and compare.",
            f"Split {name}.txt every {size} lines (prefix part-), then rebuild it as joined.txt and make sure "
            f"it is equal.",
        ),
        setup=f"seq {count} > {name}.txt",
        steps=(
            Step(command=f"split -l {size} {name}.txt part-"),
            Step(command="cat part-* > joined.txt"),
            Step(command=f"cmp {name}.txt joined.txt"),
        ),
        look="ls",
        check=f"ls part-* | wc -l && cmp {name}.txt joined.txt && echo equal",
        proof=prints(f"{pieces}\nequal"),
        predict=True,
    )


@_scenario()
def newest_file_by_name(draw: Draw) -> Plan:
    """The backup with the latest date in its name."""
    (name,), days = draw.names(1), sorted(draw.numbers(4, 10, 28))
    files = {f"{name}-2024-05-{day}.sql": f"{day}\n" for day in days}
    keep = draw.number(1, 2)
    kept = [f"{name}-2024-05-{day}.sql" for day in days[-keep:]]
    return Plan(
        goals=(
            f"Keep only the {keep} newest of the {name}-DATE.sql backups (by the date in the name), delete the others.",
            f"Delete old {name} backups; the {keep} with the latest date in the name stay.",
        ),
        files=files,
        steps=(Step(command=f"ls {name}-*.sql | sort | head -n -{keep} | xargs rm --"),),
        look="ls",
        check="ls",
        proof=prints("\n".join(kept)),
        predict=True,
    )


@_scenario()
def move_by_list(draw: Draw) -> Plan:
    """A list of names says what to move."""
    names, (folder,) = draw.names(5), draw.folders(1)
    chosen = sorted(names[:3])
    return Plan(
        goals=(
            f"Move the files named in list.txt into the new directory {folder}.",
            f"list.txt holds file names, one per line. Put those files into {folder}, which has to be made.",
        ),
        files={**{f"{name}.dat": "x\n" for name in names}, "list.txt": "".join(f"{name}.dat\n" for name in chosen)},
        steps=(
            Step(
                command=f"xargs mv -t {folder} < list.txt", fails=True, says="No such file or directory", needed=False
            ),
            Step(command=f"mkdir {folder}"),
            Step(command=f"xargs mv -t {folder} < list.txt"),
        ),
        look="ls",
        check=f"ls {folder}",
        proof=prints("\n".join(sorted(f"{name}.dat" for name in chosen))),
        predict=True,
    )


@_scenario()
def odd_file_name(draw: Draw) -> Plan:
    """A name that starts with a hyphen looks like an option."""
    (word, other) = draw.words(2)
    return Plan(
        goals=(f"Delete the file called -{word}.", f"Remove the file whose name is '-{word}'."),
        setup=f"touch -- -{word} {other}",
        steps=(
            Step(command=f"rm -{word}", fails=True, says="rm:", needed=False),
            Step(command=f"rm -- -{word}"),
        ),
        look="ls",
        check="ls",
        proof=prints(other),
        predict=True,
    )
