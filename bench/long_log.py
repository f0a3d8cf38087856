"""Row `log`: a script that prints a million lines of 60 bytes, until the last one can be read by range."""

from __future__ import annotations

import contextlib
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from bench.measured import Measured, median
from bench.processes import MemoryWatch
from bench.references import ssh_options
from tests.fixtures_server import GuritaServer, gurita_server
from tests.fixtures_sshd import SshHost, sshd
from tests.scenario import Scenario, script, step

__all__ = ["log"]

LINES = 1_000_000
SCRIPT = f'seq -f "line %054.0f" 1 {LINES}'
LAST = f"line {LINES:054d}"


def log(rounds: int) -> Iterator[Measured]:
    """Against the same through ssh into a file; and the server's memory meanwhile."""
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="gurita-bench-")))
        (folder / "hosts").mkdir()
        (host,) = stack.enter_context(sshd(folder / "hosts"))
        server = stack.enter_context(gurita_server(folder / "server"))
        made = Scenario(server.client)
        environment = made.environment("Bench")
        made.ssh_machine(host, made.ssh_account(host), [environment], ["web"], "host")
        project = made.project("Log", [step("Say", script("echo warm"))])
        made.wait(made.deploy(made.release(project["Id"], "1.0"), environment))
        made.set_process(project["Id"], [step("Say", script(SCRIPT))])
        release = made.release(project["Id"], "2.0")
        ours, theirs, growth = [], [], []
        for _ in range(rounds):
            took, more = _deployed(server, made, release, environment)
            ours.append(took)
            growth.append(more)
            theirs.append(_through_ssh(folder, host))
        seconds, other, memory = median(ours), median(theirs), max(growth)
        told = f"{seconds:.1f} s ({LINES / seconds / 1000:.0f},000 lines/s)"
        reference = f"ssh to a file {other:.2f} s"
        yield Measured("log", f"{LINES:,} lines", told, reference, other / seconds, 0.3, at_least=True)
        yield Measured("log", "memory of the server", f"{memory:.0f} MB more", "", memory, 50, "MB")


def _deployed(server: GuritaServer, made: Scenario, release: str, environment: str) -> tuple[float, float]:
    """Seconds until the last line was there, and the MB the server grew by while all this went on.

    Raises RuntimeError when a line is missing.
    """
    with MemoryWatch(server.pid) as memory:
        began = time.monotonic()
        task = made.deploy(release, environment)
        while not _has_last(made, task):
            if time.monotonic() - began > 240:
                raise RuntimeError(f"the last line of {task} did not come: {made.task(task)}")
            time.sleep(0.05)
        took = time.monotonic() - began
        ended = made.wait(task, 120)
        time.sleep(3)
    if ended["State"] != "Success":
        raise RuntimeError(f"{task} ended {ended['State']}")
    numbers = [int(line[-54:]) for line in made.raw(task).splitlines() if "line 0" in line]
    if numbers != list(range(1, LINES + 1)):
        raise RuntimeError(
            f"the log of {task} has {len(numbers)} lines, not each of {LINES} once and in order"
        )
    return took, memory.growth


def _has_last(made: Scenario, task: str) -> bool:
    found = made.ask("GET", f"/api/tasks/{task}/log?tail=4")["Lines"]
    return any(line["Text"] == LAST for line in found)


def _through_ssh(folder: Path, host: SshHost) -> float:
    """Seconds of `ssh host script > file`."""
    command = ["ssh", *ssh_options(folder, host), "-p", str(host.port), "127.0.0.1", SCRIPT]
    file = folder / "log.txt"
    with file.open("wb") as out:
        began = time.monotonic()
        subprocess.run(command, stdout=out, check=True, timeout=300)
        took = time.monotonic() - began
    if file.stat().st_size != LINES * 60:
        raise RuntimeError(f"ssh brought {file.stat().st_size} bytes, not {LINES * 60}")
    return took
