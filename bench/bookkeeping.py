"""Row `bookkeeping`: what the journal costs an action, nothing else being done."""

from __future__ import annotations

import contextlib
import json
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from bench.measured import Measured, median
from bench.processes import timed_run
from tests import fixtures_postgres

__all__ = ["bookkeeping"]


def bookkeeping(rounds: int) -> Iterator[Measured]:
    """Units and processor time an action with fifty in flight, on both databases."""
    for database in ("SQLite", "PostgreSQL"):
        found = [_one(database) for _ in range(rounds)]
        actions = found[0]["actions"]
        units = median(one["units"] / actions for one in found)
        cpu = median(one["cpu"] * 1000 / one["actions"] for one in found)
        per_second = median(one["actions"] / one["seconds"] for one in found)
        what = f"{actions:.0f} actions on {database}"
        yield Measured("bookkeeping", what, f"{per_second:.0f} actions/s", "", units, 3, "units")
        yield Measured("bookkeeping", what, f"{per_second:.0f} actions/s", "", cpu, 0.2, "ms CPU")


def _one(database: str) -> dict[str, float]:
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="gurita-bench-")))
        url = f"sqlite:///{folder}/bench.db"
        if database == "PostgreSQL":
            url = stack.enter_context(stack.enter_context(fixtures_postgres.server()).fresh())
        _, out = timed_run(sys.executable, "-m", "bench.bookkeeping_child", url, str(folder / "blobs"))
        told: dict[str, float] = json.loads(out)
        return told
