"""The locks install the same files everywhere, and name no place to get them from."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LOCKS = sorted((ROOT / "requirements").glob("*.txt"))
NPM_LOCKS = sorted((ROOT / "tests").glob("*/package-lock.json"))


def pins(lock: Path) -> dict[str, str]:
    """Version by package, extras and case aside."""
    found = re.findall(r"^([A-Za-z0-9._-]+)(?:\[[^]]*\])?==(\S+)", lock.read_text(), re.MULTILINE)
    return {re.sub(r"[-_.]+", "-", name).lower(): version for name, version in found}


def test_there_are_three_locks_each_with_its_source() -> None:
    assert [lock.name for lock in LOCKS] == ["base.txt", "bench.txt", "dev.txt"]
    assert all(lock.with_suffix(".in").exists() for lock in LOCKS)


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.stem)
def test_every_line_of_a_lock_is_a_pin_a_hash_or_a_remark(lock: Path) -> None:
    shape = re.compile(
        r"[A-Za-z0-9._-]+(\[[a-z0-9, -]+\])?==[0-9a-zA-Z.+!]+( ; .*)? \\|    --hash=sha256:[0-9a-f]{64}( \\)?| +# .*"
    )
    odd = [line for line in lock.read_text().splitlines() if not shape.fullmatch(line)]
    assert odd == []


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.stem)
def test_every_pin_of_a_lock_has_a_hash(lock: Path) -> None:
    blocks = re.split(r"^(?=\S)", lock.read_text(), flags=re.MULTILINE)[1:]
    assert len(blocks) > 5
    assert [block.split()[0] for block in blocks if "--hash=sha256:" not in block] == []


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.stem)
def test_a_lock_names_no_address_and_no_path(lock: Path) -> None:
    text = lock.read_text()
    assert "://" not in text
    assert not re.search(r"(index-url|find-links|\s/|~/)", text)


def test_the_locks_agree_with_each_other() -> None:
    base, bench, dev = (pins(lock) for lock in LOCKS)
    assert {name: dev.get(name) for name in base} == base
    assert {name: version for name, version in bench.items() if dev.get(name, version) != version} == {}


def test_the_lock_holds_what_the_package_asks_for() -> None:
    wanted: list[str] = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dependencies"]
    names = {re.split(r"[\[<>=~! ]", line)[0] for line in wanted}
    assert names <= pins(ROOT / "requirements/base.txt").keys()


@pytest.mark.parametrize("lock", NPM_LOCKS, ids=lambda lock: lock.parent.name)
def test_a_lock_of_npm_packages_names_no_address_and_a_hash_for_every_file(lock: Path) -> None:
    text = lock.read_text()
    assert "://" not in text
    packages = json.loads(text)["packages"]
    assert packages.pop("")["name"].startswith("gurita-")
    assert [name for name, package in packages.items() if "integrity" not in package] == []
    assert [name for name, package in packages.items() if {"resolved", "link"} & package.keys()] == []
