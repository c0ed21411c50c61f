"""Values of scenarios: names, files, branches, messages and numbers from pools, all by one seeded generator."""

import random
from collections.abc import Sequence
from typing import TypeVar

Item = TypeVar("Item")

_PROJECTS = [
    "shop",
    "atlas",
    "ledger",
    "beacon",
    "harbor",
    "meadow",
    "parser",
    "kettle",
    "orbit",
    "garden",
    "pocket",
    "lantern",
    "weather",
    "library",
    "recipes",
    "planner",
    "invoice",
    "tracker",
    "gallery",
    "compass",
    "notebook",
    "scheduler",
    "billing",
    "inbox",
    "survey",
    "playlist",
]
_WORDS = [
    "apple",
    "river",
    "stone",
    "cloud",
    "maple",
    "tiger",
    "copper",
    "violet",
    "amber",
    "falcon",
    "silver",
    "cedar",
    "ocean",
    "lemon",
    "pepper",
    "walnut",
    "ginger",
    "marble",
    "cotton",
    "saddle",
    "basket",
    "candle",
    "hammer",
    "ladder",
    "mirror",
    "needle",
    "ribbon",
    "rocket",
    "window",
    "button",
    "feather",
    "bridge",
]
_NAMES = [
    "main",
    "utils",
    "config",
    "report",
    "server",
    "client",
    "parser",
    "loader",
    "model",
    "router",
    "cache",
    "logger",
    "worker",
    "index",
    "store",
    "session",
    "format",
    "metrics",
    "backlog",
    "filter",
    "export",
    "search",
    "render",
    "backup",
]
_PEOPLE = [
    "alice",
    "bruno",
    "carla",
    "deniz",
    "elena",
    "farid",
    "greta",
    "hugo",
    "ines",
    "jonas",
    "kira",
    "luca",
    "mara",
    "nils",
    "olga",
    "pavel",
    "rosa",
    "sven",
]
_TOPICS = [
    "login",
    "search",
    "export",
    "cache",
    "retry",
    "sorting",
    "upload",
    "signup",
    "theme",
    "invoice",
    "paging",
    "rename",
    "logging",
    "backup",
    "report",
    "avatar",
    "checkout",
    "tagging",
    "sync",
    "locale",
]
_VERBS = ("Add", "Fix", "Improve", "Update", "Rework", "Simplify", "Document", "Test")
_KINDS = ("feature", "fix", "topic", "work")
_FOLDERS = ["src", "docs", "data", "assets", "scripts", "notes", "logs", "reports", "tools", "archive", "drafts"]
_EXTENSIONS = ("txt", "md", "log", "csv", "json", "cfg", "yml")


class Draw:
    """Draws for one variant of one scenario. What a pool gives twice in one call is distinct."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng

    def one(self, options: Sequence[Item]) -> Item:
        """One of them."""
        return self.rng.choice(options)

    def some(self, options: Sequence[Item], count: int) -> list[Item]:
        """Distinct ones."""
        return self.rng.sample(options, count)

    def number(self, low: int, high: int) -> int:
        """A whole number, both ends included."""
        return self.rng.randint(low, high)

    def numbers(self, count: int, low: int, high: int) -> list[int]:
        """Distinct whole numbers."""
        return self.rng.sample(range(low, high + 1), count)

    def project(self) -> str:
        """A project's name, for a directory."""
        return self.one(_PROJECTS)

    def words(self, count: int) -> list[str]:
        """Distinct lower-case words."""
        return self.some(_WORDS, count)

    def names(self, count: int) -> list[str]:
        """Distinct names of modules, without an ending."""
        return self.some(_NAMES, count)

    def people(self, count: int) -> list[str]:
        """Distinct first names in lower case."""
        return self.some(_PEOPLE, count)

    def folders(self, count: int) -> list[str]:
        """Distinct names of directories."""
        return self.some(_FOLDERS, count)

    def extensions(self, count: int) -> list[str]:
        """Distinct endings of text files, without a dot."""
        return self.some(_EXTENSIONS, count)

    def branches(self, count: int) -> list[str]:
        """Distinct names of branches, `fix/login` or `login`."""
        topics = self.some(_TOPICS, count)
        return [f"{self.one(_KINDS)}/{topic}" if self.rng.random() < 0.5 else topic for topic in topics]

    def messages(self, count: int) -> list[str]:
        """Distinct messages of commits: `Fix the login`."""
        return [f"{self.one(_VERBS)} the {topic}" for topic in self.some(_TOPICS, count)]

    def text(self, lines: int) -> str:
        """Lines of two words each, all distinct, with a newline at the end."""
        return "".join(
            f"{first} {second}\n" for first, second in zip(self.words(lines), self.words(lines), strict=True)
        )
