"""What the documents point at is there, and every dependency has its reason."""

from __future__ import annotations

import os
import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
DECISIONS = ROOT / "docs/decisions"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_inside_the_checkout_leads_somewhere(page: Path) -> None:
    targets = re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", page.read_text())
    inside = [target for target in targets if "://" not in target]
    assert [target for target in inside if not (page.parent / target).exists()] == []


def test_every_script_the_documents_name_exists_and_runs() -> None:
    named = {
        name
        for page in PAGES
        for name in re.findall(r"\bscripts/([a-z]+)\b(?!\.(?:py|mjs))", page.read_text())
    }
    assert {"run", "test", "check"} <= named
    assert [name for name in sorted(named) if not os.access(ROOT / "scripts" / name, os.X_OK)] == []


def test_every_script_begins_with_what_it_does() -> None:
    scripts = [path for path in (ROOT / "scripts").iterdir() if path.is_file() and path.suffix == ""]
    assert len(scripts) >= 6
    assert [path.name for path in scripts if not path.read_text().splitlines()[1].startswith("# ")] == []


def test_every_dependency_has_its_reason_in_the_decisions() -> None:
    wanted: list[str] = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dependencies"]
    names = {re.split(r"[\[<>=~! ]", line)[0] for line in wanted}
    reasons = (DECISIONS / "2026-11-22-dependencies.md").read_text()
    rows = dict(re.findall(r"^\| ([a-z0-9-]+) \| [^|]+ \| ([^|]+) \|$", reasons, re.MULTILINE))
    assert {name for name in names if not rows.get(name)} == set()
    assert {name for name in rows if name not in names | {"package", "setuptools"}} == set()


def test_every_decision_is_dated_and_listed() -> None:
    files = {path.name for path in DECISIONS.glob("*.md")} - {"README.md"}
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\d-[a-z0-9-]+\.md", name) for name in files)
    listed = set(re.findall(r"\]\(([^)]+\.md)\)", (DECISIONS / "README.md").read_text()))
    assert listed == files
