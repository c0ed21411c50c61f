"""What fills the slots of the recipes: a function per kind of value, from random parts to (asked, typed)."""
# ruff: noqa: SIM905 — a pool of words reads better as a text than as a list with a quote around each.

import random
from collections.abc import Callable

from hrm_edge.shell_recipes.values import EXTENSIONS, LANGUAGES

Value = tuple[str, str]

_WORDS = (
    "access account alpha archive asset audit backup badge banner batch beta billing book branch bridge budget build "
    "cache camera canvas cargo catalog chapter chart client cloud cluster coffee config contact core crypto custom "
    "daily data debug demo deploy design device dialog draft driver editor email engine entry error event export "
    "feature feed field filter final flow form frame game garden gateway graph green grid guest handler header "
    "health history home hook image import index input invoice item job journal kernel key label lambda layer ledger "
    "letter level library lemon light limit link list local logger login main manager map market media member memo "
    "menu message meter metric mirror mobile model module monitor music network node note notes number ocean office "
    "order output owner page panel parser patch payment photo pilot pixel planet player plugin policy portal post "
    "price print profile project proxy query queue quota radar random raw reader record release render report "
    "request result review river robot router sales sample scan schema scope score search secret sensor server "
    "session setup shadow shop signal simple sketch socket source spider stage stats status storage stream student "
    "summary support survey sync system table target task team temp theme ticket timer token tools track train "
    "travel tree trial trigger update upload user utils vector vendor video view vision volume wallet water weather "
    "web widget window winter worker world yellow zone"
).split()
_TEXT_EXTENSIONS = "txt md log csv conf cfg ini yml html py js sh sql tsv list dat out".split()
_TOPS = "src docs tests lib app assets data build scripts public config backups downloads images logs tmp www".split()
_NAMES = (
    "alice bob carol dave erin frank grace heidi ivan judy karl laura mallory nina oscar peggy rupert sybil trent "
    "ursula victor wendy xavier yara zoe anna ben chris diana emil fatima george hana igor jonas kim lena marco"
).split()
_TLDS = "com org net io dev de co.uk app".split()
_PACKAGES = (
    "nginx htop curl vim git tmux jq ripgrep postgresql redis nodejs ffmpeg imagemagick pandoc zsh tree rsync nmap "
    "gcc cmake ninja-build clang valgrind gdb strace sqlite3 graphviz neovim fzf bat docker.io openssh-server ufw"
).split()
_PYTHON_PACKAGES = (
    "requests numpy pandas flask django pytest black ruff mypy scipy matplotlib httpx rich click pillow fastapi "
    "uvicorn sqlalchemy pydantic jinja2 torch scikit-learn beautifulsoup4 lxml tqdm poetry boto3 celery redis polars"
).split()
_NODE_PACKAGES = (
    "express react lodash axios typescript eslint prettier vite webpack jest vue svelte next chalk commander dotenv "
    "nodemon zod moment uuid cors mongoose tailwindcss rollup esbuild vitest"
).split()
_PROCESSES = (
    "firefox chrome nginx python3 node java postgres mysqld redis-server code slack vlc gunicorn celery ffmpeg sshd"
).split()
_SERVICES = (
    "nginx apache2 ssh docker postgresql mysql redis cron bluetooth NetworkManager cups ufw haproxy grafana mongod"
).split()
_IMAGES = "ubuntu debian alpine nginx redis postgres mysql python node golang httpd busybox mongo rabbitmq".split()


def _word(rng: random.Random) -> str:
    return rng.choice(_WORDS)


def _stem(rng: random.Random) -> str:
    """A name of one to three parts, as people name files."""
    first, second = _word(rng), _word(rng)
    return rng.choice(
        [
            first,
            f"{first}_{second}",
            f"{first}-{second}",
            f"{first}{rng.randint(1, 99)}",
            f"{first}_v{rng.randint(1, 12)}",
            f"{first}-{rng.randint(2015, 2029)}",
            f"{first}{second.capitalize()}",
            f"{second}_{first}{rng.randint(1, 40)}",
        ]
    )


def _same(text: str) -> Value:
    return text, text


def _counted(rng: random.Random, unit: str, largest: int) -> Value:
    n = rng.randint(2, largest)
    return f"{n} {unit}s", str(n)


def _size(rng: random.Random) -> Value:
    letter, long_name = rng.choice([("k", "kilobyte"), ("M", "megabyte"), ("M", "megabyte"), ("G", "gigabyte")])
    n = rng.randint(1, 20) if letter == "G" else rng.choice([1, 2, 5, 10, 50, 100, 200, 250, 500, rng.randint(1, 999)])
    short = letter.upper()
    asked = rng.choice([f"{n}{short}", f"{n} {short}B", f"{n}{short}B", f"{n} {short.lower()}b", f"{n} {long_name}s"])
    return (f"{n} {long_name}" if n == 1 and asked.endswith("bytes") else asked), f"{n}{letter}"


def _extension(rng: random.Random) -> Value:
    if rng.random() < 0.35:
        return rng.choice(list(LANGUAGES.items()))
    extension = rng.choice(EXTENSIONS)
    return rng.choice([f".{extension}", f".{extension}", extension, f"*.{extension}"]), extension


def _directory(rng: random.Random) -> Value:
    parts = [rng.choice([rng.choice(_TOPS), _stem(rng)]), _stem(rng), _word(rng)]
    return _same("/".join(parts[: rng.choice([1, 1, 1, 2, 2, 3])]))


def _file_of(*extensions: str) -> Callable[[random.Random], Value]:
    """A function that draws a file name with one of the extensions, now and then in a directory."""

    def draw(rng: random.Random) -> Value:
        folder = f"{_directory(rng)[0]}/" if rng.random() < 0.15 else ""
        return _same(f"{folder}{_stem(rng)}.{rng.choice(extensions)}")

    return draw


def _pattern(rng: random.Random) -> Value:
    plain = _word(rng)
    word = rng.choice(
        [plain, plain, plain.upper(), plain.capitalize(), _stem(rng), f"{plain}Id", f"get_{plain}", "TODO"]
    )
    return rng.choice([word, word, f'"{word}"', f"'{word}'"]), word


def _days(rng: random.Random) -> Value:
    named = [("a week", "7"), ("2 weeks", "14"), ("one week", "7"), ("30 days", "30"), ("two days", "2")]
    return rng.choice(named) if rng.random() < 0.25 else _counted(rng, "day", 120)


def _minutes(rng: random.Random) -> Value:
    named = [("an hour", "60"), ("1 hour", "60"), ("2 hours", "120"), ("half an hour", "30"), ("ten minutes", "10")]
    return rng.choice(named) if rng.random() < 0.25 else _counted(rng, "minute", 90)


def _column(rng: random.Random) -> Value:
    n = rng.randint(1, 9)
    ordinal = ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth"][n - 1]
    return rng.choice([f"column {n}", f"the {ordinal} column", f"field {n}", f"column number {n}"]), str(n)


def _address(rng: random.Random) -> str:
    return f"{rng.choice(['10.0', '192.168', '172.16'])}.{rng.randint(0, 255)}.{rng.randint(1, 254)}"


def _domain(rng: random.Random) -> str:
    return f"{rng.choice(['', 'www.', 'api.', f'{_word(rng)}.'])}{_word(rng)}{_word(rng)}.{rng.choice(_TLDS)}"


def _host(rng: random.Random) -> Value:
    return _same(rng.choice([_domain(rng), _address(rng), f"{_word(rng)}{rng.randint(1, 20)}"]))


def _url(rng: random.Random) -> Value:
    path = rng.choice(["", f"/{_word(rng)}", f"/{_word(rng)}/{_stem(rng)}", f"/{_stem(rng)}.{rng.choice(EXTENSIONS)}"])
    return _same(f"https://{_domain(rng)}{path}")


def _repository(rng: random.Random) -> Value:
    site = rng.choice(["github.com", "gitlab.com"])
    path = f"{rng.choice(_NAMES)}/{_stem(rng)}.git"
    return _same(rng.choice([f"https://{site}/{path}", f"git@{site}:{path}"]))


def _branch(rng: random.Random) -> Value:
    kind = rng.choice(["feature", "fix", "bugfix", "hotfix", "release", "chore", rng.choice(_NAMES)])
    return _same(
        rng.choice(["main", "develop", _stem(rng), f"{kind}/{_stem(rng)}", f"{kind}/{_word(rng)}-{_word(rng)}"])
    )


def _tag(rng: random.Random) -> Value:
    return _same(f"{rng.choice(['v', 'v', ''])}{rng.randint(0, 9)}.{rng.randint(0, 30)}.{rng.randint(0, 20)}")


def _commit(rng: random.Random) -> Value:
    return _same("".join(rng.choice("0123456789abcdef") for _ in range(rng.choice([7, 8]))))


def _message(rng: random.Random) -> Value:
    verb = rng.choice(["fix", "add", "remove", "update", "rename", "refactor", "improve", "clean up"])
    text = f"{verb} {_word(rng)} {_word(rng)}"
    return f'"{text}"', text


def _date(rng: random.Random) -> Value:
    return _same(f"{rng.randint(2015, 2029)}-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}")


def _mode(rng: random.Random) -> Value:
    return _same(rng.choice("644 755 600 700 640 750 664 775 400 444 500 555 660 770 666 711".split()))


def _image(rng: random.Random) -> Value:
    image = rng.choice([rng.choice(_IMAGES), f"{_word(rng)}-{_word(rng)}"])
    return _same(f"{image}{rng.choice(['', f':{rng.randint(3, 24)}.{rng.randint(0, 12)}', ':latest'])}")


def _container(rng: random.Random) -> Value:
    return _same(rng.choice([_stem(rng), f"{_word(rng)}-{rng.choice(['db', 'web', 'api', 'cache'])}", _commit(rng)[0]]))


def _from(values: list[str]) -> Callable[[random.Random], Value]:
    """A function that draws one of the values, written the same in request and command."""
    return lambda rng: _same(rng.choice(values))


def _number(smallest: int, largest: int) -> Callable[[random.Random], Value]:
    """A function that draws a number of that range."""
    return lambda rng: _same(str(rng.randint(smallest, largest)))


def _known_or_made(values: list[str]) -> Callable[[random.Random], Value]:
    """A function that draws a well-known name, or one of our own that no model can know."""
    return lambda rng: _same(rng.choice(values) if rng.random() < 0.6 else f"{_word(rng)}-{_word(rng)}")


_text_file = _file_of(*_TEXT_EXTENSIONS)

SLOTS: dict[str, Callable[[random.Random], Value]] = {
    "size": _size,
    "ext": _extension,
    "dir": _directory,
    "newdir": _directory,
    "file": _text_file,
    "newfile": _text_file,
    "csv": _file_of("csv"),
    "json": _file_of("json"),
    "log": _file_of("log"),
    "script": _file_of("sh"),
    "program": _file_of("py"),
    "tar": _file_of("tar.gz", "tgz"),
    "plaintar": _file_of("tar"),
    "zip": _file_of("zip"),
    "gz": _file_of("gz", "txt.gz", "log.gz", "csv.gz"),
    "patch": _file_of("patch", "diff"),
    "word": _pattern,
    "n": _number(2, 100),
    "small": _number(2, 9),
    "days": _days,
    "minutes": _minutes,
    "column": _column,
    "user": lambda rng: _same(
        rng.choice([rng.choice(_NAMES), f"{rng.choice(_NAMES)}{rng.randint(1, 99)}", "www-data"])
    ),
    "group": lambda rng: _same(
        rng.choice(["staff", "www-data", "docker", "sudo", "users", _word(rng), f"{_word(rng)}s"])
    ),
    "person": lambda rng: _same(rng.choice([rng.choice(_NAMES), rng.choice(_NAMES).capitalize()])),
    "email": lambda rng: _same(f"{rng.choice(_NAMES)}@{_word(rng)}{_word(rng)}.{rng.choice(_TLDS)}"),
    "host": _host,
    "domain": lambda rng: _same(_domain(rng)),
    "port": lambda rng: _same(
        rng.choice(["80", "443", "22", "3000", "5432", "8000", "8080", str(rng.randint(1024, 65535))])
    ),
    "pid": _number(300, 99999),
    "url": _url,
    "repo": _repository,
    "branch": _branch,
    "newbranch": _branch,
    "remote": lambda rng: _same(rng.choice(["origin", "upstream", "fork", "backup", rng.choice(_NAMES), _word(rng)])),
    "newremote": lambda rng: _same(rng.choice(["origin", "upstream", "fork", rng.choice(_NAMES), _word(rng)])),
    "tag": _tag,
    "newtag": _tag,
    "commit": _commit,
    "message": _message,
    "package": _known_or_made(_PACKAGES),
    "pypackage": _known_or_made(_PYTHON_PACKAGES),
    "nodepackage": _known_or_made(_NODE_PACKAGES),
    "module": lambda rng: _same(rng.choice([_word(rng), f"{_word(rng)}.{_word(rng)}", f"{_word(rng)}_{_word(rng)}"])),
    "version": lambda rng: _same(f"{rng.randint(0, 20)}.{rng.randint(0, 30)}.{rng.randint(0, 12)}"),
    "process": _known_or_made(_PROCESSES),
    "service": _known_or_made(_SERVICES),
    "image": _image,
    "newimage": _image,
    "container": _container,
    "newcontainer": _container,
    "mode": _mode,
    "name": lambda rng: _same(_stem(rng)),
    "newname": lambda rng: _same(_stem(rng)),
    "key": lambda rng: _same(rng.choice([_word(rng), f"{_word(rng)}_{_word(rng)}"])),
    "variable": lambda rng: _same(rng.choice([_word(rng), f"{_word(rng)}_{_word(rng)}"]).upper()),
    "date": _date,
    "interface": lambda rng: _same(rng.choice(["eth", "wlan", "enp3s", "wlp2s", "tun", "br"]) + str(rng.randint(0, 9))),
}
"""Slot name → function that draws (as asked, as typed)."""
