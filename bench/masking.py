"""Row `masking`: what scripts print, on its way into the log with 500 secrets to look for, against plain copies of it."""

from __future__ import annotations

import os
import random
import string
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from bench.measured import Measured, median
from bench.references import ssh_options
from gurita.formats.records import STDOUT
from gurita.formats.script_log import Lines, ScriptLog
from tests.fixtures_sshd import sshd

__all__ = ["masking"]

LINES, SECRETS = 700_000, 500
_BLOCK = 64 * 1024


def masking(rounds: int) -> Iterator[Measured]:
    """Reads a file as the runner reads a script's output, masks it into lines, and writes those to another.

    The references: the same way with no secret to look for, which is what masking adds to; `ssh` of the same into a file,
    which is the plain way to have a script's output; and `cat` through a pipe on the spot, which does nothing at all with it.
    """
    with tempfile.TemporaryDirectory(prefix="gurita-bench-") as name, sshd(Path(name)) as (host,):
        said, log = Path(name, "said"), Path(name, "log")
        said.write_bytes(_output())
        size = said.stat().st_size / 1e6
        secrets = _secrets()
        ssh = ["ssh", *ssh_options(Path(name), host), "-p", str(host.port), "127.0.0.1"]
        ours, opening = [], []
        copies: dict[str, list[float]] = {"no secrets": [], "ssh to a file": [], "cat through a pipe": []}
        for _ in range(rounds):
            copies["no secrets"].append(_masked(ScriptLog([]), said, log))
            copies["ssh to a file"].append(_copied([*ssh, "cat", str(said)], log))
            copies["cat through a pipe"].append(_copied(["cat", str(said)], log))
            began = time.perf_counter()
            script = ScriptLog(secrets)
            script.feed(STDOUT, b"first\n")
            opening.append(time.perf_counter() - began)
            ours.append(_masked(script, said, log))
            if log.stat().st_size < said.stat().st_size:
                raise RuntimeError("text without secrets was changed")
        seconds = median(ours)
        told = f"{size / seconds:.0f} MB/s ({median(opening) * 1000:.0f} ms to begin)"
        for reference, times in copies.items():
            other = median(times)
            against = f"{reference}: {size / other:.0f} MB/s"
            yield Measured(
                "masking", f"{SECRETS} secrets", told, against, other / seconds, 0.3, at_least=True
            )


def _output() -> bytes:
    """Lines as programs write them: dates, levels, words, paths, numbers, some ids in hexadecimal."""
    drawn = random.Random(7)
    words = [
        "copied",
        "deployed",
        "started",
        "stopped",
        "loading",
        "migrating",
        "table",
        "index",
        "static",
        "image",
        "worker",
        "queue",
        "cache",
        "from",
        "into",
    ]
    return "".join(
        f"2026-11-22 07:{n % 60:02d}:{n % 59:02d},{n % 997:03d} INFO [worker-{n % 13}] {drawn.choice(words)} {drawn.choice(words)} "
        f"/var/www/app/{drawn.choice(words)}/{n}.png ({n * 37 % 99_991} bytes, {drawn.getrandbits(32):08x})\n"
        for n in range(LINES)
    ).encode()


def _secrets() -> list[str]:
    drawn = random.Random(11)
    letters = string.ascii_letters + string.digits + "!$%&/+"
    return ["".join(drawn.choice(letters) for _ in range(drawn.randint(8, 40))) for _ in range(SECRETS)]


def _masked(script: ScriptLog, said: Path, log: Path) -> float:
    began = time.perf_counter()
    with said.open("rb", buffering=0) as reading, log.open("wb") as writing:
        while data := os.read(reading.fileno(), _BLOCK):
            for output in script.feed(STDOUT, data):
                if isinstance(output, Lines):
                    writing.write(output.data + b"\n")
        for output in script.finish(STDOUT):
            if isinstance(output, Lines):
                writing.write(output.data + b"\n")
    return time.perf_counter() - began


def _copied(command: list[str], log: Path) -> float:
    began = time.perf_counter()
    with log.open("wb") as writing:
        reading = subprocess.Popen(command, stdout=subprocess.PIPE)
        subprocess.run(["cat"], stdin=reading.stdout, stdout=writing, check=True)
        if reading.stdout is not None:
            reading.stdout.close()
        if reading.wait():
            raise RuntimeError(f"{command[0]} failed")
    return time.perf_counter() - began
