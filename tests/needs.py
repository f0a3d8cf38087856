"""The real things tests work with, where they are on this machine, and what it means when one is missing.

A test or fixture that works with a real program asks for it: `need("sshd")` answers where it is, or skips the
test with the reason. `@pytest.mark.needs("sshd")` does the same before the test. `tests/conftest.py` keeps count
and ends every run with a table. With `GURITA_REQUIRE_REAL=1` (CI) a skip is a failure, unless the thing is
marked `may_miss` here.
"""

from __future__ import annotations

import glob
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass

import pytest

__all__ = ["NEEDS", "Need", "listen", "need"]


@dataclass(frozen=True, slots=True)
class Need:
    """One real thing. `find` answers where it is, "" when it is missing."""

    name: str
    find: Callable[[], str]
    way_out: str
    may_miss: bool = False


def _first(*patterns: str) -> str:
    found = (path for pattern in patterns for path in sorted(glob.glob(pattern), reverse=True))
    return next((path for path in found if os.access(path, os.R_OK)), "")


def _runs(*command: str) -> bool:
    try:
        return subprocess.run(command, capture_output=True, timeout=20, check=False).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def _python38() -> str:
    """A CPython 3.8 that starts: on the PATH, or beside the one that runs the tests (version managers do that)."""
    kept = os.path.join(os.path.dirname(os.path.realpath(sys.base_prefix)), "3.8*", "bin", "python3.8")
    return next(
        (path for path in (shutil.which("python3.8") or "", _first(kept)) if path and _runs(path, "-V")), ""
    )


def _node() -> str:
    return shutil.which("node") or "" if shutil.which("npm") else ""


def _root() -> str:
    return "uid 0" if os.geteuid() == 0 else ""


def _namespaces() -> str:
    return "unshare" if _runs("unshare", "--mount", "true") else ""


NEEDS = {
    need.name: need
    for need in (
        Need(
            "sshd", lambda: _first("/usr/sbin/sshd", "/usr/local/sbin/sshd"), "apt-get install openssh-server"
        ),
        Need(
            "postgresql",
            lambda: _first("/usr/lib/postgresql/*/bin/postgres", "/usr/pgsql-*/bin/postgres"),
            "apt-get install postgresql",
        ),
        Need("chromium", lambda: shutil.which("chromium") or "", "apt-get install chromium"),
        Need(
            "faketime", lambda: _first("/usr/lib/*/faketime/libfaketime.so.1"), "apt-get install libfaketime"
        ),
        Need("nginx", lambda: _first("/usr/sbin/nginx"), "apt-get install nginx"),
        Need("haproxy", lambda: _first("/usr/sbin/haproxy"), "apt-get install haproxy"),
        Need("ps", lambda: shutil.which("ps") or "", "apt-get install procps"),
        Need("node", _node, "apt-get install nodejs npm"),
        Need("slapd", lambda: _first("/usr/sbin/slapd"), "apt-get install slapd"),
        Need(
            "docker-registry",
            lambda: shutil.which("docker-registry") or "",
            "apt-get install docker-registry",
        ),
        Need("root", _root, "run as root: other users and small disks are made for the test"),
        Need("namespaces", _namespaces, "run as root where a mount namespace may be made"),
        Need("python3.8", _python38, "an old Python, the oldest a target may have", may_miss=True),
        Need("pwsh", lambda: shutil.which("pwsh") or "", "PowerShell; Debian has no package", may_miss=True),
    )
}

_places: dict[str, str] = {}
_listeners: list[Callable[[str], None]] = []


def listen(listener: Callable[[str], None]) -> None:
    """Calls `listener(name)` each time a test or fixture gets a real thing."""
    _listeners.append(listener)


def need(name: str) -> str:
    """Where the real thing is. Skips the test when it is missing; KeyError for a name `NEEDS` does not have."""
    wanted = NEEDS[name]
    if name not in _places:
        _places[name] = wanted.find()
    if not _places[name]:
        pytest.skip(f"{name}: not on this machine ({wanted.way_out})")
    for listener in _listeners:
        listener(name)
    return _places[name]
