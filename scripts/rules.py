"""House rules no linter has: sizes, walls between features, where SQL and secrets may be touched, leaks.

`python scripts/rules.py` reads every file git knows and prints `path:line: rule: what is wrong`; exit 1 if any.
An exception stands on the line it concerns, with its reason: `# rules: function-length -- a table, not logic`.
The rules are functions from a file to findings, proved in tests/unit/test_house_rules.py.
"""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePosixPath

try:
    from scripts import web_rules
except ImportError:  # run as a program: its own folder is where modules are looked for
    import web_rules  # type: ignore[import-not-found, no-redef]

__all__ = ["FEATURES", "RULES", "File", "Finding", "check"]

LONGEST_FILE = 500
LONGEST_FUNCTION = 40
LONGEST_TEST = 80

# fmt: off
FEATURES = frozenset({
    "access", "accounts", "audit", "build_information", "certificates", "configuration", "dashboard",
    "deployments", "environments", "explanations", "feeds", "library", "lifecycles", "machines", "nodes", "packages",
    "projects", "releases", "runbooks", "spaces", "subscriptions", "tasks", "tenants", "triggers", "variables",
})
# fmt: on
_DOORS = frozenset({"service", "resources", "rules"})
# Shapes without behaviour that live below the features: rules make and read them.
_DATA = ("gurita.catalog.form.", "gurita.engine.plan.", "gurita.http.sensitive_value.")
_TRAVELS = ("src/gurita/runner/", "src/gurita/formats/")
_KEPT = "_text"  # rules: opened-secrets -- the word itself
_SECRETS = {"src/gurita/secrets/opening.py", "src/gurita/kernel/sensitive.py"}


@dataclass(frozen=True, slots=True)
class Finding:
    """One breach: where, which rule, and what to do about it."""

    line: int
    rule: str
    text: str


@dataclass(frozen=True)
class File:
    """A file as the rules see it. `path` is relative to the checkout, with forward slashes."""

    path: str
    text: str

    @cached_property
    def lines(self) -> list[str]:
        """Its lines, without their ends."""
        return self.text.splitlines()

    @cached_property
    def tree(self) -> ast.Module:
        """Its syntax. Files that travel to targets must parse on Python 3.8; raises SyntaxError."""
        travels = self.path.startswith(_TRAVELS)
        return ast.parse(self.text, self.path, feature_version=(3, 8) if travels else None)

    @property
    def module(self) -> list[str]:
        """`gurita.store.blobs` as a list; empty outside src."""
        path = PurePosixPath(self.path)
        if path.parts[:1] != ("src",):
            return []
        return [part for part in path.with_suffix("").parts[1:] if part != "__init__"]

    @property
    def in_source(self) -> bool:
        """Whether this is the product's own code."""
        return self.path.startswith("src/")


Rule = Callable[[File], Iterator[Finding]]


def _imports(file: File) -> Iterator[tuple[int, str]]:
    """Every absolute module a file imports, `from a import b` as `a.b` too; with its line."""
    for node in ast.walk(file.tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)


def _dotted(node: ast.expr) -> str:
    """`subprocess.run` of an attribute chain; "" for anything else."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute) and (before := _dotted(node.value)):
        return f"{before}.{node.attr}"
    return ""


def file_length(file: File) -> Iterator[Finding]:
    """A file longer than 500 lines is two files."""
    if len(file.lines) > LONGEST_FILE:
        yield Finding(1, "file-length", f"{len(file.lines)} lines; at most {LONGEST_FILE}")


def function_length(file: File) -> Iterator[Finding]:
    """A function longer than 40 lines (tests: 80) has parts that want names. Its docstring does not count."""
    most = LONGEST_TEST if file.path.startswith("tests/") else LONGEST_FUNCTION
    for node in ast.walk(file.tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            size = _length(node)
            if size > most:
                yield Finding(node.lineno, "function-length", f"{node.name} has {size} lines; at most {most}")


def _length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    first = node.body[0]
    size = (node.end_lineno or node.lineno) - node.lineno + 1
    if ast.get_docstring(node, clean=False) is not None:
        size -= (first.end_lineno or first.lineno) - first.lineno + 1
    return size


_SHELLS = {
    "os.system",
    "os.popen",
    "subprocess.getoutput",
    "subprocess.getstatusoutput",
    "asyncio.create_subprocess_shell",
    "asyncio.subprocess.create_subprocess_shell",
}


def no_shell(file: File) -> Iterator[Finding]:
    """Programs are started with a list of arguments, never through a shell that reads them again."""
    shells = {name.rpartition(".")[2]: name for name in _SHELLS}
    imported = {shells[name.rpartition(".")[2]] for _, name in _imports(file) if name in _SHELLS}
    for node in ast.walk(file.tree):
        if not isinstance(node, ast.Call):
            continue
        called = _dotted(node.func)
        if called in _SHELLS or shells.get(called) in imported:
            yield Finding(node.lineno, "no-shell", f"{called} goes through a shell; give a list of arguments")
        for word in node.keywords:
            if word.arg == "shell" and not (
                isinstance(word.value, ast.Constant) and word.value.value is False
            ):
                yield Finding(word.value.lineno, "no-shell", "shell=…; give a list of arguments instead")


_SQL = re.compile(
    r"\s*(SELECT\s.+?\sFROM\s|INSERT\s+(OR\s+\w+\s+)?INTO\s|UPDATE\s+\S+\s+SET\s|DELETE\s+FROM\s|WITH\s+\w+\s+AS\s*\("
    r"|CREATE\s+(UNIQUE\s+)?(TABLE|INDEX|VIEW)\s|ALTER\s+TABLE\s|DROP\s+(TABLE|INDEX)\s|PRAGMA\s|SAVEPOINT\s|LISTEN\s|NOTIFY\s)",
    re.DOTALL,
)
_RAW = {
    "sqlalchemy.text",
    "sqlalchemy.sql.text",
    "sqlalchemy.literal_column",
    "sqlalchemy.sql.expression.text",
}
_DRIVERS = {"sqlite3", "psycopg", "asyncpg", "aiosqlite"}


def sql_in_store(file: File) -> Iterator[Finding]:
    """SQL as text, and database drivers, are the store's; everybody else builds statements from columns."""
    if not file.in_source or file.path.startswith("src/gurita/store/"):
        return
    for line, name in _imports(file):
        if name in _RAW or name.split(".")[0] in _DRIVERS:
            yield Finding(line, "sql-in-store", f"{name} belongs to gurita.store")
    for node in ast.walk(file.tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and _SQL.match(node.value):
            yield Finding(
                node.lineno, "sql-in-store", "SQL as text; build the statement with SQLAlchemy Core"
            )
        elif isinstance(node, ast.Attribute) and node.attr in {"exec_driver_sql", "literal_column"}:
            yield Finding(node.lineno, "sql-in-store", f"{node.attr} belongs to gurita.store")
        elif isinstance(node, ast.Attribute) and _dotted(node) in {"sa.text", "sqlalchemy.text"}:
            yield Finding(node.lineno, "sql-in-store", "text() belongs to gurita.store")


def opened_secrets(file: File) -> Iterator[Finding]:
    """Only gurita.secrets.opening reads what a Sensitive holds; so the name `_text` is kept for that alone."""
    if file.path in _SECRETS:
        return
    for node in ast.walk(file.tree):
        by_name = isinstance(node, ast.Attribute) and node.attr == _KEPT
        by_text = isinstance(node, ast.Constant) and node.value == _KEPT
        if isinstance(node, ast.Attribute | ast.Constant) and (by_name or by_text):
            yield Finding(node.lineno, "opened-secrets", "only gurita.secrets.opening opens a Sensitive")


def feature_doors(file: File) -> Iterator[Finding]:
    """A feature reaches another only through its `service`, `resources` or `rules`."""
    module = file.module
    if len(module) < 2 or module[1] not in FEATURES:
        return
    for line, name in _imports(file):
        parts = name.split(".")
        if parts[0] != "gurita" or len(parts) < 3 or parts[1] not in FEATURES - {module[1]}:
            continue
        if not _DOORS & set(parts[2:4]):
            yield Finding(
                line, "feature-doors", f"{name}: enter {parts[1]} by its service, resources or rules"
            )


def pure_rules(file: File) -> Iterator[Finding]:
    """A feature's `rules` import only kernel, formats, resources, other rules and plain shapes: data to data."""
    module = file.module
    if len(module) < 3 or module[1] not in FEATURES | {"catalog"} or module[2] != "rules":
        return
    for line, name in _imports(file):
        parts = name.split(".")
        if parts[0] in sys.stdlib_module_names or parts[0] == "msgspec":
            continue
        if parts[:2] in (["gurita", "kernel"], ["gurita", "formats"]) or name.startswith(_DATA):
            continue
        if parts[0] != "gurita" or len(parts) < 3 or parts[2] not in {"rules", "resources"}:
            yield Finding(line, "pure-rules", f"{name}: rules import kernel, formats, resources and rules")


# Pure Python that runner/bundle.py puts beside our own.
_CARRIED = {"lark", "markdown_it", "mdurl", "yaml"}


def travels_light(file: File) -> Iterator[Finding]:
    """What is shipped to targets stands on the standard library, formats, runner and kernel alone."""
    if not file.path.startswith(_TRAVELS):
        return
    for line, name in _imports(file):
        parts = name.split(".")
        ours = parts[0] == "gurita" and (
            len(parts) < 2 or parts[1] in {"kernel", "formats", "runner", "__version__"}
        )
        if parts[0] not in sys.stdlib_module_names | _CARRIED and not ours:
            yield Finding(line, "travels-light", f"{name} is not on a target")


_WEB_CLIENTS = {"httpx2", "httpcore2", "requests", "urllib.request", "http.client", "smtplib", "aiosmtplib"}
# The command line and an agent that registers are clients of Gurita itself, not of somebody else's server.
_MAY_DIAL = ("src/gurita/outbound/", "src/gurita/cli/", "src/gurita/agent/register.py")


def one_way_out(file: File) -> Iterator[Finding]:
    """The server asks other servers through gurita.outbound alone: one place for addresses, limits and credentials."""
    if not file.in_source or file.path.startswith(_MAY_DIAL):
        return
    for line, name in _imports(file):
        if any(f"{name}.".startswith(f"{each}.") for each in _WEB_CLIENTS):
            yield Finding(line, "one-way-out", f"{name}: ask through gurita.outbound")


_NO_MODULES = re.compile(r"/migrations/(env\.py|versions/)|/bootstraps/")


def names(file: File) -> Iterator[Finding]:
    """A module with public names says which they are: `__all__`. What is no module (a prelude to scripts) has none."""
    if not file.in_source or file.path.endswith("__main__.py") or _NO_MODULES.search(file.path):
        return
    assigned: set[str] = set()
    public: list[str] = []
    for node in file.tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) and node.name[0] != "_":
            public.append(node.name)
        elif isinstance(node, ast.Assign):
            assigned |= {target.id for target in node.targets if isinstance(target, ast.Name)}
    if public and "__all__" not in assigned:
        yield Finding(1, "names", f"no __all__, though {', '.join(public[:3])} can be imported")


_MACHINE = re.compile(r"(?<![\w.])/(?:root|work|workspace|Users)/[\w.]")
_ADDRESS = re.compile(r"\b(?:https?|wss?)://(?:[^/\s@\"']*@)?(\[[^\]]*\]|[A-Za-z0-9][A-Za-z0-9.-]*)")
_KNOWN = re.compile(
    r"(localhost|127(\.\d+){3}|\[::1\]|0\.0\.0\.0|\d+(\.\d+){3}|\[.*\]|[a-z0-9-]+"
    r"|(.+\.)?example(\.(com|org|net))?|.+\.(test|invalid|local|internal|localhost)"
    r"|(www\.)?(apache|w3|rfc-editor|json-schema|spec\.openapis|openapis)\.org|www\.(postgresql|sqlite)\.org)\.?$",
    re.IGNORECASE,
)


def no_places(file: File) -> Iterator[Finding]:
    """No path of somebody's machine, and no address but loopback, reserved examples and standards' own."""
    here = [
        place for place in (os.path.expanduser("~"), _checkout()) if place.count("/") > 1 or place == "/root"
    ]
    for number, line in enumerate(file.lines, 1):
        if _MACHINE.search(line) or any(f"{place}/" in line for place in here):
            yield Finding(number, "no-places", "a path that exists on one machine only")
        for host in _ADDRESS.findall(line):
            if not _KNOWN.match(host):
                yield Finding(number, "no-places", f"the address of {host}; nothing here may depend on it")


def web_doors(file: File) -> Iterator[Finding]:
    """The rooms of the portal have doors too."""
    yield from (Finding(line, "web-doors", text) for line, text in web_rules.doors(file.path, file.lines))


def web_raw_html(file: File) -> Iterator[Finding]:
    """No text becomes HTML."""
    yield from (
        Finding(line, "web-raw-html", text) for line, text in web_rules.raw_html(file.path, file.lines)
    )


def web_sides(file: File) -> Iterator[Finding]:
    """Pages can be turned around for languages written from right to left."""
    yield from (Finding(line, "web-sides", text) for line, text in web_rules.sides(file.path, file.lines))


def _checkout() -> str:
    return os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


RULES: dict[str, Rule] = {
    "feature-doors": feature_doors,
    "file-length": file_length,
    "function-length": function_length,
    "names": names,
    "no-places": no_places,
    "no-shell": no_shell,
    "one-way-out": one_way_out,
    "opened-secrets": opened_secrets,
    "pure-rules": pure_rules,
    "sql-in-store": sql_in_store,
    "travels-light": travels_light,
    "web-doors": web_doors,
    "web-raw-html": web_raw_html,
    "web-sides": web_sides,
}
_ANY_TEXT = ("no-places",)
_SIZED = ("file-length", "no-places")
_WEB = ("file-length", "no-places", "web-doors", "web-raw-html", "web-sides")
_CATALOGUES = "web/src/text/languages/"


def _rules_for(path: str) -> Iterable[str]:
    if path.endswith(".py"):
        return (name for name in RULES if not name.startswith("web-"))
    if path.startswith(_CATALOGUES):
        return _ANY_TEXT
    if path.startswith("web/src/"):
        return _WEB
    return _SIZED if path.startswith(("scripts/", ".ci/")) else _ANY_TEXT


def check(file: File) -> list[Finding]:
    """Every breach in a file, in the order of its lines, less the exceptions that give a reason."""
    wanted = _rules_for(file.path)
    try:
        found = [finding for name in wanted for finding in RULES[name](file)]
    except SyntaxError as error:
        travels = " (it travels to targets: Python 3.8)" if file.path.startswith(_TRAVELS) else ""
        found = [Finding(error.lineno or 1, "syntax", f"{error.msg}{travels}")]
    kept = {
        (finding.line, finding.rule): finding for finding in reversed(found) if not _allowed(file, finding)
    }
    return sorted(kept.values(), key=lambda each: each.line)


def _allowed(file: File, finding: Finding) -> bool:
    line = file.lines[finding.line - 1] if file.lines else ""
    return re.search(rf"rules: {finding.rule} -- \S", line) is not None


def _tracked() -> Iterator[File]:
    """Every text file git knows or would add, but locks of other tools and licences."""
    command = [
        "git",
        "-c",
        "safe.directory=*",
        "ls-files",
        "--cached",
        "--others",
        "--exclude-standard",
        "-z",
    ]
    listed = subprocess.run(command, cwd=_checkout(), capture_output=True, check=True).stdout
    for path in filter(None, listed.decode().split("\0")):
        whole = os.path.join(_checkout(), path)
        if not os.path.isfile(whole):
            continue
        with open(whole, "rb") as stream:
            content = stream.read()
        if b"\0" not in content[:8192]:
            yield File(path, content.decode("utf-8", "replace"))


def main() -> int:
    """Prints every breach; 1 if there is one."""
    breaches = 0
    for file in _tracked():
        for finding in check(file):
            print(f"{file.path}:{finding.line}: {finding.rule}: {finding.text}")
            breaches += 1
    return 1 if breaches else 0


if __name__ == "__main__":
    sys.exit(main())
