"""Programs of everyday commands, in a few words: what each is for, and its commonest options."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True)
class Program:
    """One program."""

    what: str
    options: dict[str, str] = field(default_factory=dict)
    """Option with its dash → what it does."""


_TABLE = """
awk: runs a program on every line | -F splits fields at
basename: the last part of a path
bash: a shell | -c runs this text
cat: prints files | -n numbers the lines
cd: changes the folder
chmod: changes who may read, write and run files | -R everything below too
chown: changes whose files they are | -R everything below too
cp: copies files | -r folders too | -R folders too | -a folders too, with times and owners | -n never over a file \
| -i asks first | -v says what it does | -f without asking
crontab: lists or changes your timed jobs | -l lists | -e edits | -r deletes all
curl: fetches an address | -o writes to this file | -O keeps the remote name | -L follows redirections | -s is silent \
| -S shows errors | -f fails on HTTP errors | -I headers only | -X with this method | -H with this header \
| -d sends this | -F sends this form field | -u as this user
cut: cuts columns out of lines | -d separated by | -f these fields | -c these characters
date: shows the time
dd: copies bytes between files and devices
df: shows free disk space | -h in readable sizes
diff: shows how files differ | -u as a patch | -r folders too
du: shows how much files take | -s sums only | -h in readable sizes | -a files too | -c with a total
echo: prints its words | -n without a line end | -e with escapes
env: runs a program with variables set
find: finds files by rules | -name with this name | -iname with this name, whatever its case | -type of this type \
| -size of this size | -mtime changed so many days ago | -mmin changed so many minutes ago | -empty empty ones \
| -delete deletes them | -exec runs this for each | -maxdepth at most so deep | -mindepth at least so deep \
| -print prints them | -print0 prints them, ended by a zero byte | -path with this path | -not not \
| -newer newer than this file | -perm with these rights | -user of this user
fuser: shows which processes use a file or port | -k kills them
git: keeps versions of files
grep: prints lines that match | -r in all files below | -R in all files below | -i whatever the case \
| -n with line numbers | -l file names only | -L files without a match | -c counts | -v lines that do not match \
| -E extended patterns | -F plain text | -w whole words | -o the match only | -A so many lines after \
| -B so many lines before | -C so many lines around | -q says nothing | -h without file names
gzip: packs files | -d unpacks | -k keeps the original
head: prints the first lines | -n so many lines | -c so many bytes
ip: shows and changes network settings
jq: picks from JSON | -r without quotes
kill: sends a signal to a process | -9 ends it at once | -l lists the signals
killall: ends processes by name
less: shows text page by page
ln: makes a link | -s a symbolic one | -f over an existing file
ls: lists files | -l with details | -a hidden ones too | -h in readable sizes | -t newest first | -r in reverse \
| -S largest first | -R folders below too | -1 one a line | -d folders themselves | -A hidden ones too
lsof: lists open files | -i of the network | -t process numbers only
make: builds by the rules of a Makefile | -j so many at once
man: shows a manual page
mkdir: makes folders | -p with those above
mv: moves or renames files | -n never over a file | -i asks first | -f without asking | -v says what it does
nl: numbers lines
ping: asks whether a machine answers | -c so many times
pkill: ends processes by name | -f by the whole command line | -9 at once
ps: lists processes | -e all | -f with details
pwd: prints the current folder
rm: deletes files for good | -r folders with all that is in them | -R folders with all that is in them \
| -f without asking | -i asks first | -v says what it does
rmdir: deletes empty folders
rsync: makes one folder like another | -a with times, rights and owners | -v says what it does | -z packed on the way \
| -n only says what it would do | --delete deletes what the source lacks | --progress shows how far it is
scp: copies files between machines | -r folders too | -P at this port
sed: changes text line by line | -i in the file itself | -n prints only what is asked | -e this rule \
| -E extended patterns
sort: sorts lines | -n by number | -r in reverse | -u each once | -k by this field | -t separated by \
| -h by readable sizes
ssh: a shell on another machine | -p at this port | -i with this key
stat: shows what is known of a file
sudo: runs a command as root
tac: prints lines in reverse order
tail: prints the last lines | -n so many lines | -f and what is added | -c so many bytes
tar: packs and unpacks archives | -c packs | -x unpacks | -t lists | -z with gzip | -j with bzip2 | -J with xz \
| -f this archive | -v says what it does | -C in this folder | -r adds to it
tee: writes what passes through to a file too | -a adds to it
touch: makes files, or sets their time to now
tr: replaces characters | -d deletes them | -s only one of a run
truncate: sets the size of files | -s to this size
uniq: leaves out repeated lines | -c counts them | -d repeated ones only | -u others only
unzip: unpacks a zip archive | -l lists it | -d into this folder | -o over existing files
wc: counts | -l lines | -w words | -c bytes | -m characters
wget: downloads | -c goes on with a part | -O to this file | -i the addresses in this file | -q is silent \
| -r with what it links to
which: shows where a program is
xargs: runs a command with the words it reads | -0 ended by zero bytes | -n so many at a time | -I in place of this \
| -P so many at once
zip: packs a zip archive | -r folders too
"""


def _rows() -> Iterator[tuple[str, Program]]:
    for line in _TABLE.strip().splitlines():
        told, *options = line.split(" | ")
        name, _, what = told.partition(": ")
        pairs = (option.strip().partition(" ") for option in options)
        yield name, Program(what=what, options={option: meaning for option, _, meaning in pairs})


PROGRAMS: Mapping[str, Program] = dict(_rows())
