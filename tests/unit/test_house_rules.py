"""The house rules of scripts/rules.py find what they are for, and leave alone what is meant."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from scripts.rules import FEATURES, RULES, File, check

ROOT = Path(__file__).parents[2]
HEAD = "from __future__ import annotations\n\n__all__ = ['f']\n"


def found(path: str, text: str) -> set[str]:
    """Names of the rules a file breaks."""
    return {finding.rule for finding in check(File(path, text))}


def source(body: str) -> str:
    return HEAD + body + "\n"


BREACHES = {
    "a feature of the portal that reaches into another": (
        "web/src/features/tasks/List.tsx",
        'import { grid } from "../variables/grid";',
        "web-doors",
    ),
    "a shared part of the portal that knows a feature": (
        "web/src/parts/Page.tsx",
        'const Log = lazy(() => import("../features/tasks/Log"));',
        "web-doors",
    ),
    "a text that becomes HTML in the portal": (
        "web/src/features/tasks/Log.tsx",
        "element.innerHTML = line;",
        "web-raw-html",
    ),
    "a style that names a side": ("web/src/parts/Page.module.css", "  margin-left: 1rem;", "web-sides"),
    "a side as a property": ("web/src/parts/Page.tsx", '<Group ml="auto">', "web-sides"),
    "a call of the system's shell": ("src/gurita/cli/x.py", "import os\nos.system('ls')", "no-shell"),
    "a shell by its imported name": ("src/gurita/cli/x.py", "from os import popen\npopen('ls')", "no-shell"),
    "a shell asked for by keyword": (
        "tests/x.py",
        "import subprocess\nsubprocess.run('ls', shell=True)",
        "no-shell",
    ),
    "a shell decided at run time": (
        "bench/x.py",
        "import subprocess\nsubprocess.run('ls', shell=bool(1))",
        "no-shell",
    ),
    "an asyncio shell": (
        "src/gurita/cli/x.py",
        "import asyncio\nasyncio.create_subprocess_shell('ls')",
        "no-shell",
    ),
    "a query as text": ("src/gurita/engine/x.py", "Q = 'SELECT id FROM task'", "sql-in-store"),
    "an insert in an f-string": (
        "src/gurita/engine/x.py",
        "t = 'a'\nQ = f'INSERT INTO {t} VALUES (1)'",
        "sql-in-store",
    ),
    "a statement over lines": (
        "src/gurita/tasks/x.py",
        "Q = '''\n  UPDATE task\n  SET a=1'''",
        "sql-in-store",
    ),
    "SQLAlchemy's text": ("src/gurita/tasks/x.py", "from sqlalchemy import text", "sql-in-store"),
    "a web client of one's own": ("src/gurita/feeds/x.py", "import httpx2", "one-way-out"),
    "a web client by a part of it": (
        "src/gurita/feeds/x.py",
        "from urllib.request import urlopen",
        "one-way-out",
    ),
    "a driver outside the store": ("src/gurita/tasks/x.py", "import sqlite3", "sql-in-store"),
    "an opened secret": ("src/gurita/http/x.py", "def f(s):\n    return s._text", "opened-secrets"),
    "a secret opened by getattr": (
        "src/gurita/http/x.py",
        "def f(s):\n    return getattr(s, '_text')",
        "opened-secrets",
    ),
    "a secret opened in a test": ("tests/unit/x.py", "def f(s):\n    return s._text", "opened-secrets"),
    "another feature's routes": (
        "src/gurita/projects/service.py",
        "from gurita.spaces import routes",
        "feature-doors",
    ),
    "another feature's records": (
        "src/gurita/projects/service.py",
        "from gurita.spaces.records import SPACES",
        "feature-doors",
    ),
    "rules that reach the store": (
        "src/gurita/projects/rules.py",
        "from gurita.store import Store",
        "pure-rules",
    ),
    "rules that reach a service": (
        "src/gurita/projects/rules/a.py",
        "from gurita.spaces import service",
        "pure-rules",
    ),
    "rules that need a library": ("src/gurita/projects/rules.py", "import asyncssh", "pure-rules"),
    "a library on a target": ("src/gurita/runner/x.py", "import msgspec", "travels-light"),
    "the server on a target": ("src/gurita/formats/x.py", "from gurita.store import Store", "travels-light"),
    "public names without a list": ("src/gurita/tasks/x.py", "", "names"),
    "a path of one machine": ("docs/a.md", "see /" + "root/notes", "no-places"),
    "an address": ("README.md", "get it from https://" + "downloads.acme.io/x", "no-places"),
    "an address with a password": ("a.toml", "index = 'https://u:p@" + "mirror.acme.io/simple'", "no-places"),
}


@pytest.mark.parametrize(("path", "body", "rule"), BREACHES.values(), ids=BREACHES.keys())
def test_a_breach_is_found_by_its_rule(path: str, body: str, rule: str) -> None:
    text = body if rule in {"names", "no-places"} else source(body)
    if rule == "names":
        text = "def f():\n    return 1\n"
    assert found(path, text) == {rule}


MEANT = {
    "a program with a list of arguments": (
        "src/gurita/cli/x.py",
        "import subprocess\nsubprocess.run(['ls'])",
    ),
    "shell=False said aloud": (
        "src/gurita/cli/x.py",
        "import subprocess\nsubprocess.run(['ls'], shell=False)",
    ),
    "a sentence that selects": ("src/gurita/tasks/x.py", "T = 'Select an environment from the list.'"),
    "SQL in the store": ("src/gurita/store/x.py", "Q = 'SELECT id FROM task'"),
    "SQL in a test": ("tests/unit/x.py", "Q = 'SELECT id FROM task'"),
    "the opening itself": ("src/gurita/secrets/opening.py", "def f(s):\n    return s._text"),
    "another feature's service": ("src/gurita/projects/service.py", "from gurita.spaces import service"),
    "a feature's own records": ("src/gurita/projects/service.py", "from gurita.projects.records import KIND"),
    "the composition root": ("src/gurita/server/app.py", "from gurita.spaces.routes import ROUTES"),
    "rules over shapes": (
        "src/gurita/projects/rules.py",
        "import re\nfrom gurita.spaces.resources import Space",
    ),
    "rules over the plan": ("src/gurita/deployments/rules.py", "from gurita.engine.plan import Plan"),
    "the standard library on a target": (
        "src/gurita/runner/x.py",
        "import json\nfrom gurita.kernel import faults",
    ),
    "loopback and reserved names": (
        "docs/a.md",
        "http://127.0.0.1:8065 https://gurita.example.com http://[::1]/",
    ),
    "a standard's own address": ("docs/a.md", "https://www.rfc-editor.org/rfc/rfc6570"),
    "a path every machine has": ("docs/a.md", "/usr/sbin/sshd /etc/gurita /tmp/x /roots"),
}


@pytest.mark.parametrize(("path", "body"), MEANT.values(), ids=MEANT.keys())
def test_what_is_meant_is_left_alone(path: str, body: str) -> None:
    assert found(path, source(body) if path.endswith(".py") else body) == set()


def test_a_file_of_501_lines_is_too_long_and_one_of_500_is_not() -> None:
    assert found("tests/x.py", "a = 1\n" * 501) == {"file-length"}
    assert found("tests/x.py", "a = 1\n" * 500) == set()


@pytest.mark.parametrize(("path", "most"), [("src/gurita/cli/x.py", 40), ("tests/unit/x.py", 80)])
def test_a_function_may_fill_the_limit_and_no_more(path: str, most: int) -> None:
    whole = "def f():\n" + "    a = 1\n" * (most - 1)
    assert found(path, source(whole)) == set()
    assert found(path, source(whole + "    a = 2\n")) == {"function-length"}


def test_a_docstring_does_not_count_as_length() -> None:
    text = "def f():\n" + '    """One\n' + "    line\n" * 30 + '    """\n' + "    a = 1\n" * 39
    assert found("src/gurita/cli/x.py", source(text)) == set()


def test_an_exception_needs_a_reason_and_stands_on_its_line() -> None:
    call = "import os\nos.system('ls')  # rules: no-shell"
    assert found("tests/x.py", call + " -- the shell itself is under test") == set()
    assert found("tests/x.py", call) == {"no-shell"}
    assert found("tests/x.py", call + " --") == {"no-shell"}
    assert found("tests/x.py", "# rules: no-shell -- elsewhere\n" + call) == {"no-shell"}


def test_newer_syntax_is_refused_where_the_code_travels_to_targets() -> None:
    text = source("def f(a):\n    match a:\n        case 1:\n            return a\n")
    assert found("src/gurita/runner/x.py", text) == {"syntax"}
    assert found("src/gurita/tasks/x.py", text) == set()


def test_every_rule_is_proved_by_a_breach() -> None:
    proved = {rule for _, _, rule in BREACHES.values()} | {"file-length", "function-length"}
    assert proved == set(RULES)


def test_the_rules_and_the_layers_agree_on_what_a_feature_is() -> None:
    described = tomllib.loads((ROOT / "pyproject.toml").read_text())
    layers: list[str] = described["tool"]["importlinter"]["contracts"][0]["layers"]
    first, last = (
        next(n for n, each in enumerate(layers) if name in each) for name in ("dashboard", "steps")
    )
    named = {name for layer in layers[first : last + 1] for name in re.findall(r"\w+", layer)}
    assert named == FEATURES - {"audit"} | {"steps"}
