"""Row `delta`: the next version of a package, 200 MB with 1 % changed, to targets that have the one before, against `rsync`.

Both go over OpenSSH and are synced before the clock stops; ours is verified by its SHA-256, and its connection is kept, as
the server keeps it. Only the first target pays for making the delta. Bytes are those that go to the target; rsync tells how
many it sent and received.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import mmap
import os
import random
import re
import shlex
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from bench.measured import Measured, median
from bench.references import ssh_options
from gurita.formats.octodiff import build_delta
from gurita.runner.package_operations import DELTA
from gurita.runner.package_work import Package
from gurita.store.blobs import Blobs
from gurita.transport.tickets import Earlier, PackageData, Tickets
from tests.fixtures_carriers import Carrier, carried
from tests.fixtures_sshd import SshHost

__all__ = ["delta"]

SIZE = 200_000_000
_SPOTS, _LENGTH = 200, 10_000
_BUDGET = 1.1


def delta(rounds: int) -> Iterator[Measured]:
    """First target, later targets, and bytes."""
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="gurita-bench-")))
        (folder / "hosts").mkdir()
        carrier = stack.enter_context(carried("openssh", folder / "hosts"))
        old, new = folder / "Bench.1.0.0.zip", folder / "Bench.1.0.1.zip"
        _write(old, new)
        found = asyncio.run(_rounds(rounds, folder, carrier, old, new))
    theirs, sent = median(found["theirs"]), found["bytes"][0]
    for name in ("first", "later"):
        mine = median(found[name])
        yield Measured(
            "delta", f"{name} target", f"{mine:.2f} s", f"rsync {theirs:.2f} s", mine / theirs, _BUDGET
        )
    told = f"{found['sent'][0] / 1e6:.2f} MB"
    yield Measured("delta", "bytes", told, f"rsync {sent / 1e6:.2f} MB", found["sent"][0] / sent, _BUDGET)


def _write(old: Path, new: Path) -> None:
    random_ = random.Random(7)
    content = bytearray(random_.randbytes(SIZE))
    old.write_bytes(content)
    for _ in range(_SPOTS):
        at = random_.randrange(SIZE - _LENGTH)
        content[at : at + _LENGTH] = random_.randbytes(_LENGTH)
    new.write_bytes(content)


async def _rounds(
    rounds: int, folder: Path, carrier: Carrier, old: Path, new: Path
) -> dict[str, list[float]]:
    found: dict[str, list[float]] = {"first": [], "later": [], "theirs": [], "sent": [], "bytes": []}
    blobs = Blobs.open(folder / "blobs")
    base, package = await _kept(blobs, old), await _kept(blobs, new)
    host = carrier.host
    assert host is not None
    async with carrier.hub() as hub:
        tickets = await hub.tickets("bench", carrier.endpoint)
        await tickets.bring_package(base, lambda offset: blobs.stream(base.sha256, offset))
        for _ in range(rounds):
            made = _Delta(folder, blobs, old, new)
            for name in ("first", "later"):
                took, sent = await _brought(tickets, blobs, package, Earlier([base], made.of))
                found[name].append(took)
                found["sent"].append(sent)
                for path in (carrier.home / "packages-v1").glob(f"*@{package.version}@*"):
                    path.unlink()
            took, sent = await asyncio.to_thread(_rsync, folder, host, old, new)
            found["theirs"].append(took)
            found["bytes"].append(sent)
    return found


async def _kept(blobs: Blobs, file: Path) -> Package:
    with file.open("rb") as opened:
        key = await blobs.put(opened.read())
    return Package("Bench", file.name[6:-4], ".zip", key, SIZE)


class _Delta:
    """As the server does it: made for the first who asks, and kept among the blobs."""

    def __init__(self, folder: Path, blobs: Blobs, old: Path, new: Path) -> None:
        self._file, self._blobs, self._old, self._new = folder / "delta", blobs, old, new
        self._made: Package | None = None

    async def of(self, _base: Package) -> tuple[Package, PackageData]:
        if self._made is None:
            size = await asyncio.to_thread(self._build)
            key = await self._blobs.put(self._file.read_bytes())
            self._made = Package("Bench", "1.0.1", DELTA, key, size)
        made = self._made
        return made, lambda offset: self._blobs.stream(made.sha256, offset)

    def _build(self) -> int:
        with (
            self._old.open("rb") as old,
            self._new.open("rb") as new,
            mmap.mmap(old.fileno(), 0, access=mmap.ACCESS_READ) as before,
            mmap.mmap(new.fileno(), 0, access=mmap.ACCESS_READ) as after,
            self._file.open("wb") as into,
        ):
            return build_delta(before, after, into, SIZE)


async def _brought(tickets: Tickets, blobs: Blobs, package: Package, earlier: Earlier) -> tuple[float, int]:
    began = time.monotonic()
    done = await tickets.bring_package(package, lambda offset: blobs.stream(package.sha256, offset), earlier)
    took = time.monotonic() - began
    if not done.base:
        raise RuntimeError("the whole package was sent")
    return took, done.sent


def _rsync(folder: Path, host: SshHost, old: Path, new: Path) -> tuple[float, int]:
    """Seconds, and bytes both ways, of bringing the new file over a copy of the old one, through a kept connection."""
    there = folder / "there.zip"
    shutil.copyfile(old, there)
    options = [*ssh_options(folder, host), "-p", str(host.port)]
    shell = "ssh " + " ".join(map(shlex.quote, options))
    command = ["rsync", "--stats", "--no-whole-file", "-e", shell, str(new), f"127.0.0.1:{there}"]
    began = time.monotonic()
    told = subprocess.run(command, check=True, capture_output=True, text=True, timeout=300).stdout
    with there.open("rb") as opened:
        os.fsync(opened.fileno())
    took = time.monotonic() - began
    with there.open("rb") as one, new.open("rb") as other:
        if hashlib.file_digest(one, "sha256").digest() != hashlib.file_digest(other, "sha256").digest():
            raise RuntimeError("rsync brought something else")
    return took, sum(
        int(number.replace(",", ""))
        for number in re.findall(r"Total bytes (?:sent|received): ([\d,]+)", told)
    )
