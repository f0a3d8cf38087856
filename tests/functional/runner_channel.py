"""Ticket stores as tests ask them: the runner's channel and bare.sh behind the same few words."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import struct
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from gurita.formats import records
from gurita.formats.records import Record

TASK = "a1" * 16
SOURCE = str(Path(__file__).parents[2] / "src")
BARE = str(Path(SOURCE) / "gurita/runner/bare.sh")


class Refused(Exception):
    """A refusal of the store, by its code."""

    def __init__(self, code: str, message: str = "", **facts: object) -> None:
        super().__init__(code, message)
        self.code = code
        self.facts = facts


@dataclass
class Seen:
    """What a follow brought: text of both streams, messages, and the end."""

    text: str
    state: str
    rc: int | None
    message: str = ""
    next: int = 0
    messages: list[dict[str, Any]] = field(default_factory=list)
    records: list[Record] = field(default_factory=list)


def new_ticket() -> str:
    return os.urandom(16).hex()


def until(what: Any, seconds: float = 90.0) -> Any:
    """Wait until `what()` is true; its value."""
    deadline = time.monotonic() + seconds
    while True:
        if found := what():
            return found
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)


class Asked(Protocol):
    """One way to ask a store."""

    home: Path

    def start(self, ticket: str, script: str, **more: Any) -> str: ...
    def status(self, ticket: str, fence: int = 1) -> str: ...
    def cancel(self, ticket: str, fence: int = 1, grace: float = 5) -> str: ...
    def forget(self, ticket: str, fence: int = 1) -> str: ...
    def follow(self, ticket: str, offset: int = 0, fence: int = 1) -> Seen: ...
    def identity(self) -> dict[str, Any]: ...
    def close(self) -> None: ...


def folder_of(asked: Asked, ticket: str) -> Path:
    """The ticket's folder on disk."""
    return asked.home / "tickets-v1" / TASK / ticket


class Channel:
    """One `gurita-runner serve`."""

    def __init__(
        self,
        home: Path,
        command: Sequence[str] = (),
        environment: dict[str, str] | None = None,
        head: bytes = b"",
    ) -> None:
        self.home = home
        self.process = subprocess.Popen(
            command or [sys.executable, "-m", "gurita.runner", "serve"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "GURITA_HOME": str(home), "PYTHONPATH": SOURCE, **(environment or {})},
        )
        self._id = 0
        if head:
            self.write(head)

    def write(self, data: bytes) -> None:
        assert self.process.stdin
        self.process.stdin.write(data)
        self.process.stdin.flush()

    def read(self, size: int) -> bytes:
        assert self.process.stdout
        return self.process.stdout.read(size)

    def send(self, op: str, payload: bytes = b"", **fields: Any) -> int:
        self._id += 1
        header = json.dumps({"id": self._id, "op": op, **fields}).encode()
        self.write(struct.pack(">II", len(header), len(payload)) + header + payload)
        return self._id

    def receive(self) -> tuple[dict[str, Any], bytes]:
        head = self.read(8)
        assert len(head) == 8, "the channel ended"
        sizes = struct.unpack(">II", head)
        header = json.loads(self.read(sizes[0]))
        payload = self.read(sizes[1])
        if "error" in header:
            error = header["error"]
            raise Refused(error.pop("code"), error.pop("message"), **error)
        return header, payload

    def ask(self, op: str, payload: bytes = b"", **fields: Any) -> tuple[dict[str, Any], bytes]:
        number = self.send(op, payload, **fields)
        header, answer = self.receive()
        assert header["id"] == number
        return header, answer

    def start(
        self, ticket: str, script: str, *, fence: int = 1, mode: str = "write", installation: str = "one",
        interpreter: str = "bash", variables: dict[str, str] | None = None, sensitive: Sequence[str] = (),
        masks: Sequence[str] = (), **spec: Any,
    ) -> str:  # fmt: skip
        private = {
            "script": script,
            "variables": variables or {},
            "sensitive": list(sensitive),
            "masks": list(masks),
        }
        header, _ = self.ask(
            "start", json.dumps(private).encode(), task=TASK, ticket=ticket, fence=fence, mode=mode,
            installation=installation, holder=f"server {installation}", spec={"interpreter": interpreter, **spec},
        )  # fmt: skip
        return str(header["state"])

    def named(self, op: str, ticket: str, fence: int = 1, **fields: Any) -> tuple[dict[str, Any], bytes]:
        return self.ask(op, task=TASK, ticket=ticket, fence=fence, **fields)

    def status(self, ticket: str, fence: int = 1) -> str:
        return str(self.named("status", ticket, fence)[0]["state"])

    def cancel(self, ticket: str, fence: int = 1, grace: float = 5) -> str:
        return str(self.named("cancel", ticket, fence, grace=grace)[0]["state"])

    def forget(self, ticket: str, fence: int = 1) -> str:
        return str(self.named("forget", ticket, fence)[0]["state"])

    def identity(self) -> dict[str, Any]:
        found: dict[str, Any] = self.ask("hello")[0]["identity"]
        return found

    def follow(self, ticket: str, offset: int = 0, fence: int = 1) -> Seen:
        self.send("follow", task=TASK, ticket=ticket, fence=fence, offset=offset)
        found: list[Record] = []
        while True:
            header, payload = self.receive()
            batch, used = records.decode(payload)
            assert used == len(payload)
            found += batch
            if not header["more"]:
                break
            assert header["next"] == offset + len(found)
        text = "".join(each.data.decode() + "\n" for each in found if each.kind != records.MESSAGE)
        messages = [json.loads(each.data) for each in found if each.kind == records.MESSAGE]
        return Seen(text, header["state"], header["rc"], header["message"], header["next"], messages, found)

    def run(self, script: str, **more: Any) -> Seen:
        """Start a script under a new ticket and follow it to its end."""
        ticket = new_ticket()
        self.start(ticket, script, **more)
        return self.follow(ticket)

    def kill(self) -> None:
        self.process.kill()
        self.close()

    def close(self) -> None:
        assert self.process.stdin
        assert self.process.stdout
        with contextlib.suppress(BrokenPipeError):
            self.process.stdin.close()
        self.process.wait(90)
        self.process.stdout.close()


class Bare:
    """`bare.sh`, one process a request."""

    def __init__(
        self, home: Path, shell: Sequence[str] = ("sh",), environment: dict[str, str] | None = None
    ) -> None:
        self.home = home
        self._command = [*shell, BARE]
        self._environment = {**os.environ, "GURITA_HOME": str(home), **(environment or {})}

    def _ask(self, *words: object, given: str = "") -> tuple[str, str]:
        done = subprocess.run(
            [*self._command, *map(str, words)], input=given.encode(), capture_output=True, env=self._environment, timeout=240,
            check=False,
        )  # fmt: skip
        if done.returncode:
            _, code, *rest = done.stderr.decode().strip().splitlines()[-1].split(" ", 2)
            raise Refused(code, *rest)
        return done.stdout.decode(), done.stderr.decode()

    def start(self, ticket: str, script: str, **more: Any) -> str:
        given = {
            "fence": 1,
            "interpreter": "sh",
            "timeout": 0,
            "grace": 5,
            "mode": "write",
            "installation": "one",
        } | more
        words = [given[name] for name in ("fence", "interpreter", "timeout", "grace", "mode", "installation")]
        holder = f"server {given['installation']}"
        return self._ask("start", TASK, ticket, *words, holder, given=script)[0].split()[0]

    def status(self, ticket: str, fence: int = 1) -> str:
        return self._ask("status", TASK, ticket, fence)[0].split()[0]

    def cancel(self, ticket: str, fence: int = 1, grace: float = 5) -> str:
        return self._ask("cancel", TASK, ticket, fence, grace)[0].split()[0]

    def forget(self, ticket: str, fence: int = 1) -> str:
        return self._ask("forget", TASK, ticket, fence)[0].split()[0]

    def identity(self) -> dict[str, Any]:
        lines = dict(line.split(" ", 1) for line in self._ask("hello")[0].splitlines())
        return {"store_id": lines["store_id"], "boot_id": lines["boot_id"], "begun": int(lines["begun"])}

    def follow(self, ticket: str, offset: int = 0, fence: int = 1) -> Seen:
        text, last = self._ask("follow", TASK, ticket, fence, offset)
        state, rc, size, *_ = last.split()
        return Seen(text, state, None if rc == "-" else int(rc), next=int(size))

    def close(self) -> None:
        pass


def launcher_pid(asked: Asked, ticket: str) -> int:
    """The process that stays with a running ticket."""
    return int(until(lambda: (folder_of(asked, ticket) / "proc").read_text().split("|")[0].strip()))


def cleaned(home: Path) -> Iterator[Path]:
    """A home for stores; afterwards what still runs is ended and clear text in memory is removed."""
    yield home
    for mark in [*home.rglob("proc"), *home.rglob("child")]:
        with contextlib.suppress(OSError, ValueError):
            pid, start, _ = mark.read_text().split("|")
            stat = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            if stat[19] == start:
                (os.killpg if mark.name == "child" else os.kill)(int(pid), signal.SIGKILL)
    for link in home.rglob("private"):
        if link.is_symlink():
            shutil.rmtree(link.resolve(), ignore_errors=True)
