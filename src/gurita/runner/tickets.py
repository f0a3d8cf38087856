"""The ticket store on this machine: who may begin, what began, what became of it (docs/subsystems/tickets.md, "On disk").

Store-wide facts (fences, the count of begun tickets, who runs here, beginning and poisoning) change only under one lock. The
one atomic step is `mkdir began`: whoever makes it may start the child, nobody else ever.
"""

from __future__ import annotations

import contextlib
import json
import os
import pwd
import re
import time
from typing import Dict, Iterator, NamedTuple

from gurita.runner.durable import (
    locked,
    make_folder,
    overwrite_number,
    read_line,
    read_text,
    replace,
    sync_folder,
    write_new,
)
from gurita.runner.host import alive, boot_id
from gurita.runner.private import clear_private, remove_tree
from gurita.runner.refusals import Refusal

__all__ = ["FINAL", "Standing", "Store", "Ticket", "store_root"]

FINAL = frozenset({"ended", "canceled", "timedout", "lost", "forgotten"})
_RESERVED = 4096
_ID = re.compile(r"[0-9a-f]{32}\Z")


class Standing(NamedTuple):
    """Where a ticket stands. `rc` is None until the script ended; `records` is the count of a final log, else -1."""

    state: str
    rc: "int | None" = None
    message: str = ""
    records: int = -1


def store_root() -> str:
    """`$GURITA_HOME`, else `.gurita` in the account's home."""
    home = os.environ.get("GURITA_HOME")
    if home:
        return os.path.abspath(home)
    return os.path.join(os.environ.get("HOME") or pwd.getpwuid(os.getuid()).pw_dir, ".gurita")


class Ticket:
    """One ticket's folder."""

    def __init__(self, task_folder: str, name: str) -> None:
        self.name = name
        self.task = os.path.basename(task_folder)
        self.folder = os.path.join(task_folder, name)

    def path(self, name: str) -> str:
        """A file of the ticket."""
        return os.path.join(self.folder, name)

    def has(self, name: str) -> bool:
        """Whether the ticket has that file."""
        return os.path.lexists(self.path(name))

    def result(self) -> "Standing | None":
        """The stored result, or None while there is none."""
        text = read_text(self.path("result"))
        if text is None:
            return None
        try:
            found = json.loads(text)
            return Standing(
                found["state"], found.get("rc"), found.get("message", ""), found.get("records", -1)
            )
        except (ValueError, KeyError, AttributeError, TypeError):
            return Standing("lost", None, "The stored result cannot be read.")

    def reserve(self) -> None:
        """Lay out, while a refusal is still possible, the files that must be writable when the disk is full later."""
        write_new(self.path("proc"), b" " * 127 + b"\n")
        write_new(self.path("child"), b" " * 127 + b"\n")
        write_new(self.path("result.reserve"), b" " * _RESERVED)
        write_new(self.path("records"), b"")
        with contextlib.suppress(FileExistsError):
            os.mkfifo(self.path("wake"), 0o600)
        make_folder(self.path("work"))

    def overwrite(self, name: str, text: str) -> None:
        """Write into a reserved file, in place."""
        handle = os.open(self.path(name), os.O_WRONLY)
        os.pwrite(handle, text.ljust(127).encode(), 0)
        os.close(handle)

    def finish(self, standing: Standing) -> None:
        """Store the result, durably; the first one stays."""
        if self.has("result"):
            return
        entry = {**standing._asdict(), "message": standing.message[:500]}
        handle = os.open(self.path("result.reserve"), os.O_WRONLY | os.O_CREAT, 0o600)
        data = json.dumps(entry).encode() + b"\n"
        os.pwrite(handle, data, 0)
        os.ftruncate(handle, len(data))
        os.fsync(handle)
        os.close(handle)
        os.rename(self.path("result.reserve"), self.path("result"))
        sync_folder(self.folder)

    def wake(self) -> None:
        """Let the launcher look at the poison at once (it also looks every second)."""
        with contextlib.suppress(OSError):
            handle = os.open(self.path("wake"), os.O_WRONLY | os.O_NONBLOCK)
            os.write(handle, b"!")
            os.close(handle)


class Store:
    """The tickets below one root. Raises Refusal with the codes of the protocol."""

    def __init__(self, root: str) -> None:
        self.root = root
        self.folder = os.path.join(root, "tickets-v1")
        for folder in (self.folder, self._at("tombstones"), self._at("active"), self._at("trash")):
            os.makedirs(folder, 0o700, exist_ok=True)
        if not read_line(self._at("store")):
            with self.lock():
                if not read_line(self._at("store")):
                    replace(self._at("store"), os.urandom(16).hex() + "\n")

    def _at(self, *names: str) -> str:
        return os.path.join(self.folder, *names)

    @contextlib.contextmanager
    def lock(self) -> Iterator[int]:
        """Hold the store's lock; gives its handle."""
        with locked(self._at("lock")) as handle:
            yield handle

    def identity(self) -> Dict[str, object]:
        """What tells the engine that this is still the store it knew."""
        return {"store_id": read_line(self._at("store")), "boot_id": boot_id(), "begun": self._begun()}

    def ticket(self, task: str, name: str) -> Ticket:
        """A ticket by its names. Raises Refusal `bad-ticket`."""
        if not (_ID.match(task) and _ID.match(name)):
            raise Refusal("bad-ticket", "Task and ticket are 32 hex digits each.")
        return Ticket(self._at(task), name)

    def admit(self, ticket: Ticket, fence: int) -> None:
        """Refuse a fence lower than the highest seen for the task; remember a higher one. Takes the lock if it must."""
        if fence != self._fence(ticket):
            with self.lock():
                self.admit_locked(ticket, fence)

    def admit_locked(self, ticket: Ticket, fence: int) -> None:
        """As `admit`, for who holds the lock."""
        seen = self._fence(ticket)
        if fence < seen:
            raise Refusal("fenced", f"Another owner has taken the task over with fence {seen}.", fence=seen)
        if fence > seen or not os.path.isdir(self._at(ticket.task)):
            make_folder(self._at(ticket.task))
            replace(self._at(ticket.task, "fence"), f"{fence}\n")
            sync_folder(self.folder)

    def _fence(self, ticket: Ticket) -> int:
        text = read_line(self._at(ticket.task, "fence"))
        return int(text) if text.isdigit() else -1

    def standing(self, ticket: Ticket, under_lock: bool = False) -> Standing:
        """Where the ticket stands now. Waits for the lock while one is just beginning."""
        if not os.path.isdir(ticket.folder):
            return Standing("forgotten" if os.path.exists(self._tombstone(ticket)) else "unknown")
        found = ticket.result()
        if found is not None:
            return found
        if not ticket.has("began"):
            return Standing("canceled" if ticket.has("poison") else "pending")
        mark = read_line(ticket.path("proc"))
        if alive(mark):
            return Standing("running")
        if not mark and not under_lock:
            with self.lock():
                return self.standing(ticket, under_lock=True)
        return ticket.result() or Standing("lost", None, _why_lost(mark))

    def refuse_if_busy(self, mode: str, installation: str) -> None:
        """Refuse when another installation's ticket runs here in a conflicting mode. For who holds the lock."""
        for name in os.listdir(self._at("active")):
            task, other_mode, other, holder = (read_line(self._at("active", name)).split("|") + [""] * 4)[:4]
            if (
                not _ID.match(task)
                or self.standing(Ticket(self._at(task), name), under_lock=True).state != "running"
            ):
                with contextlib.suppress(FileNotFoundError):
                    os.unlink(self._at("active", name))
            elif other != installation and "write" in (mode, other_mode):
                raise Refusal("busy", f"{holder or 'Another installation'} is at work here.", holder=holder)

    def begin(self, ticket: Ticket, mode: str, installation: str, holder: str) -> None:
        """The ticket begins: durable before this returns. For who holds the lock and has stored the work."""
        words = [
            word.replace("|", " ").replace("\n", " ") for word in (ticket.task, mode, installation, holder)
        ]
        write_new(self._at("active", ticket.name), "|".join(words).encode())
        overwrite_number(self._at("begun"), self._begun() + 1)
        os.mkdir(ticket.path("began"), 0o700)
        sync_folder(ticket.folder)
        sync_folder(self._at(ticket.task))

    def _begun(self) -> int:
        text = read_line(self._at("begun"))
        return int(text) if text.isdigit() else 0

    def ended(self, ticket: Ticket) -> None:
        """The ticket no longer runs: others may."""
        with contextlib.suppress(FileNotFoundError):
            os.unlink(self._at("active", ticket.name))

    def discard(self, ticket: Ticket) -> None:
        """Take back a ticket that could not be stored and never began."""
        with contextlib.suppress(OSError):
            clear_private(ticket.folder, keep_outputs=False)
        with contextlib.suppress(OSError):
            remove_tree(ticket.folder)
        self.ended(ticket)

    def poison(self, ticket: Ticket, grace: float) -> None:
        """The ticket can never begin, and one that runs is to end. Durable. For who holds the lock."""
        make_folder(ticket.folder)
        write_new(ticket.path("poison"), f"{grace:g}\n".encode(), sync=True)
        sync_folder(ticket.folder)
        sync_folder(self._at(ticket.task))

    def _tombstone(self, ticket: Ticket) -> str:
        return self._at("tombstones", ticket.name)

    def forget(self, ticket: Ticket) -> None:
        """Remove a final ticket, leaving a tombstone. For who holds the lock. Raises Refusal `running`."""
        state = self.standing(ticket, under_lock=True).state
        if state in ("running", "pending"):
            raise Refusal("running", f"The ticket is {state}; only a final one can be forgotten.")
        # The bulk goes first: a full disk could not take the tombstone otherwise, and would stay full.
        for name in ("records", "log", "work"):
            with contextlib.suppress(OSError):
                remove_tree(ticket.path(name))
        if state != "forgotten":
            replace(self._tombstone(ticket), f"{ticket.task} {int(time.time())}\n")
        if os.path.isdir(ticket.folder):
            clear_private(ticket.folder, keep_outputs=False)
            aside = self._at("trash", f"{ticket.name}.{os.urandom(4).hex()}")
            os.rename(ticket.folder, aside)
            with contextlib.suppress(OSError):
                remove_tree(aside)
        self.ended(ticket)

    def sweep(self, days: float) -> int:
        """Remove tombstones older than `days`, clear text of dead tickets, and what a broken removal left; count them."""
        removed = 0
        with self.lock():
            for name in os.listdir(self._at("tombstones")):
                when = read_line(self._at("tombstones", name)).split(" ")[-1]
                if when.isdigit() and int(when) < time.time() - days * 86400:
                    os.unlink(self._at("tombstones", name))
                    removed += 1
            for name in os.listdir(self._at("trash")):
                with contextlib.suppress(OSError):
                    remove_tree(self._at("trash", name))
            for task in filter(_ID.match, os.listdir(self.folder)):
                for name in filter(_ID.match, os.listdir(self._at(task))):
                    removed += self._sweep_ticket(Ticket(self._at(task), name))
        return removed

    def _sweep_ticket(self, ticket: Ticket) -> int:
        state = self.standing(ticket, under_lock=True).state
        if state not in FINAL or not ticket.has("private"):
            return 0
        self.ended(ticket)
        before = os.path.islink(ticket.path("private")) and not os.path.exists(ticket.path("private"))
        clear_private(ticket.folder, keep_outputs=state != "lost")
        return int(before or not ticket.has("private"))


def _why_lost(mark: str) -> str:
    if not mark:
        return "The runner ended while the ticket was beginning."
    if mark.rpartition("|")[2] != boot_id():
        return "The machine was started anew while the script ran, or the files are another machine's."
    return "The runner was ended while the script ran; what the script did is not known."
