"""Structs are learned before the store's threads use them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

_OPEN = """
import asyncio, sys
import gurita.server.routes
from gurita.store import shapes
from gurita.store.db import Store
from gurita.store.kinds import KINDS

async def run():
    store = await Store.open("sqlite:///" + sys.argv[1])
    await store.close()

assert not shapes._learned
asyncio.run(run())
missing = [kind.name for kind in KINDS.values() if isinstance(kind.struct, type) and kind.struct not in shapes._learned]
assert KINDS and not missing, missing
"""


def test_opening_a_store_learns_the_structs_of_all_kinds_first(tmp_path: Path) -> None:
    command = [sys.executable, "-c", _OPEN, str(tmp_path / "gurita.db")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=110, check=False)
    assert done.returncode == 0, done.stderr
