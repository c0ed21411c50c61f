"""Bash for repositories at the start of a scenario."""


def new(project: str) -> str:
    """An empty repository on main, entered."""
    return f"git init -q -b main {project}\ncd {project}"


def commit(path: str, line: str, message: str, *, append: bool = False, by: str = "") -> str:
    """A commit that writes one line to a file."""
    author = f" --author '{by.capitalize()} <{by}@example.com>'" if by else ""
    return f"echo '{line}' {'>>' if append else '>'} {path}\ngit add {path}\ngit commit -qm '{message}'{author}"


def bash(*parts: str) -> str:
    """Parts of a script, one after the other."""
    return "\n".join(part for part in parts if part)


STATUS = "git status --short --branch"
LOG = "git log --oneline"
