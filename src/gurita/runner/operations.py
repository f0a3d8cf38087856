"""The operations of the runner's channel, but for `follow`. Each takes a request and gives the answer's header and payload."""

from __future__ import annotations

import errno
import json
import os
import signal
import stat
from typing import Any, Callable, Dict, NamedTuple, Tuple

from gurita.runner import FORMAT, VERSION, host
from gurita.runner.durable import make_folder, read_line, read_text, write_new
from gurita.runner.following import Follower
from gurita.runner.launcher import Launched, launch
from gurita.runner.package_operations import PackageOperations
from gurita.runner.private import clear_private, make_private, read_output
from gurita.runner.refusals import Refusal
from gurita.runner.run import Work
from gurita.runner.scripts import PACKAGE, Private, Spec, files_of
from gurita.runner.tickets import FINAL, Standing, Store, Ticket

__all__ = ["Answer", "Operations", "no_space"]

_MOST = 16 * 1024 * 1024
_FULL = (errno.ENOSPC, errno.EDQUOT)

Header = Dict[str, Any]


class Answer(NamedTuple):
    """What goes back. `started`: the ticket and its new launcher."""

    header: Header
    payload: bytes = b""
    started: "Tuple[Ticket, Launched] | None" = None


class Operations:
    """What a channel can ask of a store. Raises Refusal."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self._umask = os.umask(0o077)
        self._known: Dict[str, Callable[[Header, bytes], Answer]] = {
            "hello": self._hello,
            "start": self._start,
            "cancel": self._cancel,
            "status": self._status,
            "forget": self._forget,
            "fetch": self._fetch,
            "secret": self._secret,
            "sweep": self._sweep,
        }
        self._packages = PackageOperations(store.root).operations()

    def answer(self, request: Header, payload: bytes) -> Answer:
        """Do what a request asks. Raises Refusal, `no-space` when the disk is full."""
        name = str(request.get("op"))
        try:
            if name in self._packages:
                return Answer(self._packages[name](request, payload))
            if name not in self._known:
                raise Refusal("bad-request", f"There is no operation {name!r}.")
            return self._known[name](request, payload)
        except OSError as error:
            raise no_space(error) from None

    def named(self, request: Header) -> Ticket:
        """The ticket a request names, after its fence was admitted."""
        ticket = self.store.ticket(str(request.get("task")), str(request.get("ticket")))
        self.store.admit(ticket, number(request, "fence"))
        return ticket

    def _hello(self, _request: Header, _payload: bytes) -> Answer:
        facts = host.facts(self.store.root)
        return Answer({"format": FORMAT, "runner": VERSION, "identity": self.store.identity(), **facts})

    def _start(self, request: Header, payload: bytes) -> Answer:
        spec = Spec.read(request.get("spec"))
        private = Private.read(payload)
        mode = request.get("mode", "write")
        if mode not in ("read", "write"):
            raise Refusal("bad-request", "mode must be read or write.")
        ticket = self.store.ticket(str(request.get("task")), str(request.get("ticket")))
        with self.store.lock() as lock:
            self.store.admit_locked(ticket, number(request, "fence"))
            standing = self.store.standing(ticket, under_lock=True)
            if standing.state == "forgotten":
                raise Refusal("forgotten", "This ticket has ended and was forgotten.")
            if standing.state not in ("unknown", "pending"):
                return self._stands(standing)
            installation = str(request.get("installation", ""))
            self.store.refuse_if_busy(str(mode), installation)
            files = files_of(spec, private)
            if spec.interpreter == PACKAGE:
                where = {"root": self.store.root, "ticket": ticket.folder, "installation": installation}
                files["where.json"] = json.dumps(where).encode()
            place = self._store_work(ticket, request["spec"], files)
            self._begin(ticket, str(mode), installation, str(request.get("holder", "")))
            launched = launch(Work(self.store, ticket, spec, place, private.secrets(), self._umask), lock)
        return self._stands(Standing("running"))._replace(started=(ticket, launched))

    def _store_work(self, ticket: Ticket, shown: Header, files: Dict[str, bytes]) -> str:
        try:
            make_folder(ticket.folder)
            write_new(ticket.path("kind"), b"runner\n")
            write_new(ticket.path("spec"), json.dumps(shown).encode())
            ticket.reserve()
            return make_private(ticket.folder, files)
        except OSError:
            self.store.discard(ticket)
            raise

    def _begin(self, ticket: Ticket, mode: str, installation: str, holder: str) -> None:
        try:
            self.store.begin(ticket, mode, installation, holder)
        except OSError:
            if not ticket.has("began"):
                self.store.discard(ticket)
            raise

    def _stands(self, standing: Standing) -> Answer:
        return Answer({"state": standing.state, "identity": self.store.identity()})

    def _cancel(self, request: Header, _payload: bytes) -> Answer:
        ticket = self.store.ticket(str(request.get("task")), str(request.get("ticket")))
        grace = request.get("grace", 10)
        if isinstance(grace, bool) or not isinstance(grace, (int, float)) or not 0 <= grace < 1e8:
            raise Refusal("bad-request", "grace must be a number of seconds, not below 0.")
        with self.store.lock():
            self.store.admit_locked(ticket, number(request, "fence"))
            state = self.store.standing(ticket, under_lock=True).state
            if state == "lost":
                _end_orphans(ticket)
            elif state not in FINAL:
                self.store.poison(ticket, grace)
                state = self.store.standing(ticket, under_lock=True).state
        if state == "running":
            ticket.wake()
        elif state == "canceled":
            clear_private(ticket.folder)
        return Answer({"state": state})

    def _status(self, request: Header, _payload: bytes) -> Answer:
        ticket = self.named(request)
        standing = self.store.standing(ticket)
        records = standing.records if standing.records >= 0 else Follower(ticket, 0).count()
        header = {"state": standing.state, "rc": standing.rc, "message": standing.message, "records": records}
        return Answer({**header, "identity": self.store.identity()})

    def _forget(self, request: Header, _payload: bytes) -> Answer:
        ticket = self.named(request)
        with self.store.lock():
            self.store.admit_locked(ticket, number(request, "fence"))
            self.store.forget(ticket)
        return Answer({"state": "forgotten"})

    def _secret(self, request: Header, _payload: bytes) -> Answer:
        ticket = self.named(request)
        wanted = number(request, "n")
        value = read_output(ticket.folder, wanted)
        if value is None:
            raise Refusal("not-found", f"Sensitive output {wanted} is not here (any more).")
        return Answer({"n": wanted}, value)

    def _fetch(self, request: Header, _payload: bytes) -> Answer:
        ticket = self.named(request)
        path = str(request.get("path"))
        offset, length = number(request, "offset"), min(number(request, "length"), _MOST)
        declared = (read_text(ticket.path("artifacts")) or "").splitlines()
        if json.dumps(path) not in declared:
            raise Refusal("not-found", "The ticket declared no artifact of that path.")
        workdir = json.loads(read_text(ticket.path("spec")) or "{}").get("workdir") or ticket.path("work")
        data, size = _part(os.path.join(os.path.expanduser(workdir), path), offset, length)
        return Answer({"size": size, "more": offset + len(data) < size}, data)

    def _sweep(self, request: Header, _payload: bytes) -> Answer:
        return Answer({"removed": self.store.sweep(number(request, "days"))})


def number(request: Header, name: str) -> int:
    """A whole number of a request, not below 0. Raises Refusal."""
    value = request.get(name)
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise Refusal("bad-request", f"{name} must be a whole number, not below 0.")
    return value


def no_space(error: OSError) -> Refusal:
    """What a failed system call is to the one who asks."""
    code = "no-space" if error.errno in _FULL else "bad-request"
    return Refusal(code, f"{error.strerror or error}: {error.filename or 'the ticket store'}")


def _part(path: str, offset: int, length: int) -> "tuple[bytes, int]":
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    except OSError as error:
        raise Refusal("not-found", f"{path}: {error.strerror}.") from None
    try:
        facts = os.fstat(handle)
        if not stat.S_ISREG(facts.st_mode):
            raise Refusal("not-found", f"{path} is not a file.")
        return os.pread(handle, length, offset), facts.st_size
    finally:
        os.close(handle)


def _end_orphans(ticket: Ticket) -> None:
    """Kill what a lost launcher left, if it can still be told for sure that it is ours."""
    mark = read_line(ticket.path("child"))
    if host.alive(mark):
        os.killpg(int(mark.partition("|")[0]), signal.SIGKILL)
