"""Commands on the server's own machine leave no child behind, however early they are given up."""

from __future__ import annotations

import asyncio
import contextlib
from pathlib import Path

import pytest

from gurita.transport.children import Child
from gurita.transport.errors import ConnectionLost
from gurita.transport.local import LocalConnection
from tests.looping import in_loop, until


def _running(marker: str) -> list[str]:
    found = []
    for place in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):
            if marker.encode() in place.read_bytes() + place.with_name("environ").read_bytes():
                found.append(place.parent.name)
    return found


@pytest.mark.parametrize("turns", range(12))
@in_loop
async def test_a_start_that_is_canceled_at_any_turn_leaves_no_child(turns: int, tmp_path: Path) -> None:
    marker = f"gurita-{tmp_path.name}-{turns}."
    starting = asyncio.ensure_future(Child.start("sleep 600\n:", {"MARKER": marker}, tmp_path))
    for _ in range(turns):
        await asyncio.sleep(0)
    starting.cancel()
    try:
        child = await starting
    except asyncio.CancelledError:
        pass
    else:
        await child.destroy()
    await until(lambda: not _running(marker))


@in_loop
async def test_a_command_opened_while_the_connection_closes_is_ended_and_refused(tmp_path: Path) -> None:
    connection = LocalConnection(tmp_path)
    marker = f"gurita-closing-{tmp_path.name}"
    opening = asyncio.ensure_future(connection.open(f"sleep 600 # {marker}\n:"))
    await asyncio.sleep(0)
    await connection.close()
    with pytest.raises(ConnectionLost):
        await opening
    await until(lambda: not _running(marker))
