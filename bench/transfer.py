"""Row `transfer`: a package of 512 MiB brought from the server's blobs to a target's cache, against `scp` of the same bytes.

Ours is verified by its hash and synced when it counts as there; scp's file is synced before its clock stops.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import os
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

from bench.measured import Measured, median
from bench.packages import BUDGET, SIZE, scp
from gurita.runner.package_work import Package
from gurita.store.blobs import Blobs
from gurita.transport.tickets import Tickets
from tests.fixtures_carriers import Carrier, carried

__all__ = ["transfer"]


def transfer(rounds: int) -> Iterator[Measured]:
    """Whole, over OpenSSH."""
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="gurita-bench-")))
        (folder / "hosts").mkdir()
        carrier = stack.enter_context(carried("openssh", folder / "hosts"))
        file = folder / "Bench.1.0.0.zip"
        with file.open("wb") as out:
            for _ in range(SIZE >> 20):
                out.write(os.urandom(1 << 20))
        ours, theirs = asyncio.run(_rounds(rounds, folder, carrier, file))
        mine, other = median(ours), median(theirs)
        told = f"{mine:.2f} s ({SIZE / mine / 1e6:.0f} MB/s)"
        yield Measured(
            "transfer", "whole package to a target", told, f"scp {other:.2f} s", mine / other, BUDGET
        )


async def _rounds(rounds: int, folder: Path, carrier: Carrier, file: Path) -> tuple[list[float], list[float]]:
    ours, theirs = list[float](), list[float]()
    blobs = Blobs.open(folder / "blobs")
    key = await blobs.put(_parts(file))
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    assert carrier.host is not None
    async with carrier.hub() as hub:
        tickets = await hub.tickets("bench", carrier.endpoint)
        for number in range(rounds):
            package = Package(f"Bench{number}", "1.0.0", ".zip", digest, SIZE)
            ours.append(await _brought(tickets, blobs, key, package))
            for path in (carrier.home / "packages-v1").glob("*@*"):
                path.unlink()
            there = folder / "there"
            theirs.append(
                await asyncio.to_thread(scp, folder, carrier.host, str(file), f"127.0.0.1:{there}", there)
            )
    return ours, theirs


async def _brought(tickets: Tickets, blobs: Blobs, key: str, package: Package) -> float:
    began = time.monotonic()
    sent = (await tickets.bring_package(package, lambda offset: blobs.stream(key, offset))).sent
    took = time.monotonic() - began
    if sent != SIZE:
        raise RuntimeError(f"{sent} bytes were sent, not {SIZE}")
    return took


async def _parts(file: Path) -> AsyncIterator[bytes]:
    with file.open("rb") as opened:
        while part := opened.read(1 << 20):
            yield part
