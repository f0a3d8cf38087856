"""Programs of the npm registry for tests: what a folder's `package-lock.json` names, installed once for a lock.

    modules = npm_modules(Path("tests/contract"))
    node("program.js", modules=modules, environment={"SERVER": server.url})

Nothing an npm package brings is run while it is installed. A lock holds hashes and no address; `scripts/lock` writes it.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.needs import need

__all__ = ["node", "npm_modules"]

_ROOT = Path(__file__).parent.parent
_KEPT = _ROOT / "var" / "npm"
_QUIET = {"npm_config_audit": "false", "npm_config_fund": "false", "npm_config_update_notifier": "false"}


def npm_modules(folder: Path) -> Path:
    """The `node_modules` made from a folder's lock. Skips the test when node or the registry is out of reach."""
    need("node")
    lock = folder / "package-lock.json"
    digest = hashlib.sha256(lock.read_bytes() + (folder / "package.json").read_bytes()).hexdigest()[:16]
    kept = _KEPT / digest
    _KEPT.mkdir(parents=True, exist_ok=True)
    with (_KEPT / f"{digest}.lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        if not kept.is_dir():
            _install(folder, kept)
    return kept / "node_modules"


def _install(folder: Path, kept: Path) -> None:
    with tempfile.TemporaryDirectory(dir=kept.parent) as made:
        aside = Path(made) / "made"
        aside.mkdir()
        for name in ("package.json", "package-lock.json"):
            shutil.copy(folder / name, aside)
        command = ["npm", "ci", "--ignore-scripts", "--no-bin-links", "--prefer-offline"]
        done = subprocess.run(
            command,
            cwd=aside,
            capture_output=True,
            text=True,
            env={**os.environ, **_QUIET},
            timeout=500,
            check=False,
        )
        if done.returncode:
            pytest.skip(f"node: npm ci did not install {folder.name}'s lock: {done.stderr[-2000:]}")
        aside.rename(kept)


def node(
    program: Path,
    *arguments: str,
    modules: Path,
    environment: Mapping[str, str] | None = None,
    folder: Path | None = None,
    seconds: float = 400,
) -> subprocess.CompletedProcess[str]:
    """What a JavaScript program says, run with these modules and nothing of this machine's settings for a proxy."""
    values = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
    values |= {"NODE_PATH": str(modules), "NO_COLOR": "1", **(environment or {})}
    return subprocess.run(
        ["node", str(program), *arguments],
        cwd=folder,
        env=values,
        capture_output=True,
        text=True,
        timeout=seconds,
        check=False,
        stdin=subprocess.DEVNULL,
    )
