"""The runner's channel: requests on stdin, answers on stdout, many at once, one thread.

A followed ticket that this process started tells of news through a pipe; one found running is looked at every 5 to 200 ms.
"""

from __future__ import annotations

import contextlib
import os
import selectors
import time
from typing import Any, Dict, Set, Tuple

from gurita.formats.records import BadRecord
from gurita.runner.channel import BadFrame, Reader, Writer
from gurita.runner.following import Follower
from gurita.runner.operations import Operations, no_space, number
from gurita.runner.refusals import Refusal
from gurita.runner.tickets import FINAL, Standing, Store, Ticket, store_root

__all__ = ["main"]

_READ = 1 << 18
_PLENTY = 4 << 20
_SOONEST, _LATEST = 0.005, 0.2
_LOOK = 1.0
_LAST_WORDS = 10.0


class _Follow:
    """One `follow` under way. `due` is when to look again, on the monotonic clock."""

    def __init__(self, request: int, ticket: Ticket, offset: int) -> None:
        self.request = request
        self.ticket = ticket
        self.follower = Follower(ticket, offset)
        self.due = 0.0
        self.pause = _SOONEST
        self._judged_at = 0.0

    def again(self, told: bool) -> None:
        """Nothing was found: plan the next look."""
        self.due = time.monotonic() + (_LOOK if told else self.pause)
        self.pause = min(_LATEST, self.pause * 1.5)

    def standing(self, store: Store, told: bool) -> Standing:
        """Where the ticket stands; while its launcher is heard, asked at most once a second."""
        now = time.monotonic()
        if told and now - self._judged_at < _LOOK:
            return Standing("running")
        self._judged_at = now
        return store.standing(self.ticket)


class _Serve:
    def __init__(self, store: Store, reading: int, writing: int) -> None:
        self._operations = Operations(store)
        self._store = store
        self._reading = reading
        self._reader = Reader()
        self._writer = Writer(writing)
        self._writing = writing
        self._selector = selectors.DefaultSelector()
        self._selector.register(reading, selectors.EVENT_READ)
        self._follows: Dict[int, _Follow] = {}
        self._launched: Dict[int, Tuple[str, int]] = {}
        self._heard: Set[str] = set()
        self._blocked = False

    def run(self) -> int:
        """Serve until stdin ends; 0, or 65 when what came was no frame."""
        while True:
            for key, _ in self._selector.select(self._patience()):
                if key.fd == self._reading:
                    code = self._take()
                    if code >= 0:
                        self._last_words()
                        return code
                elif key.fd != self._writing:
                    self._hear(key.fd)
            self._pump()
            self._send()

    def _patience(self) -> "float | None":
        if self._blocked or not self._follows:
            return None
        return max(0.0, min(follow.due for follow in self._follows.values()) - time.monotonic())

    def _take(self) -> int:
        """Read requests and do them; the exit code once there will be no more, else -1."""
        try:
            data = os.read(self._reading, _READ)
        except BlockingIOError:
            return -1
        if not data:
            return 0
        try:
            for header, payload in self._reader.feed(data):
                self._do(header, payload)
        except BadFrame as error:
            self._writer.put({"id": 0, "error": {"code": "bad-request", "message": str(error)}})
            return 65
        return -1

    def _do(self, request: Dict[str, Any], payload: bytes) -> None:
        name = request.get("id", 0)
        try:
            if request.get("op") == "follow":
                self._follow(name, request)
                return
            answer = self._operations.answer(request, payload)
        except Refusal as refusal:
            self._writer.put({"id": name, "error": refusal.answer()})
        except Exception as error:  # noqa: BLE001  one bad request must not take the others with it
            message = f"The runner failed: {type(error).__name__}: {error}"
            self._writer.put({"id": name, "error": {"code": "failed", "message": message}})
        else:
            if answer.started is not None:
                ticket, launched = answer.started
                self._selector.register(launched.told, selectors.EVENT_READ)
                self._launched[launched.told] = (ticket.folder, launched.pid)
                self._heard.add(ticket.folder)
            self._writer.put({"id": name, **answer.header}, answer.payload)

    def _follow(self, name: Any, request: Dict[str, Any]) -> None:
        try:
            ticket = self._operations.named(request)
        except OSError as error:
            raise no_space(error) from None
        offset = number(request, "offset")
        if not isinstance(name, int) or name in self._follows:
            raise Refusal("bad-request", "A follow needs an id of its own.")
        self._follows[name] = _Follow(name, ticket, offset)

    def _hear(self, told: int) -> None:
        """A launcher has news: its followers are due."""
        folder, pid = self._launched[told]
        if not os.read(told, 65536):
            self._selector.unregister(told)
            os.close(told)
            if pid:
                os.waitpid(pid, 0)
            del self._launched[told]
            self._heard.discard(folder)
        for follow in self._follows.values():
            if follow.ticket.folder == folder:
                follow.due = 0.0

    def _pump(self) -> None:
        """Send what the due followers find, until the other side is behind with reading."""
        now = time.monotonic()
        for follow in [each for each in self._follows.values() if each.due <= now]:
            while self._writer.waiting < _PLENTY:
                if not self._move(follow):
                    break
                self._send()

    def _move(self, follow: _Follow) -> bool:
        """Send the next records of a follower, or its end; whether there may be more at once."""
        told = follow.ticket.folder in self._heard
        final: Dict[str, Any] = {}
        try:
            data = follow.follower.read()
            if not data:
                standing = follow.standing(self._store, told)
                if standing.state in FINAL or standing.state == "unknown":
                    data = follow.follower.read()
                    final = {"state": standing.state, "rc": standing.rc, "message": standing.message}
        except (BadRecord, OSError) as error:
            data = b""
            final = {"error": {"code": "failed", "message": f"The log cannot be read: {error}"}}
        if data:
            header = {"id": follow.request, "next": follow.follower.next, "more": True}
            self._writer.put(header, data)
            follow.pause = _SOONEST
            return True
        if final:
            self._writer.put({"id": follow.request, **final, "next": follow.follower.next, "more": False})
            follow.follower.close()
            del self._follows[follow.request]
            return False
        follow.again(told)
        return False

    def _send(self) -> None:
        """Write what is taken; ask to be woken when the rest can go."""
        self._writer.send()
        if bool(self._writer.waiting) == self._blocked:
            return
        self._blocked = not self._blocked
        if self._blocked:
            self._selector.register(self._writing, selectors.EVENT_WRITE)
        else:
            self._selector.unregister(self._writing)

    def _last_words(self) -> None:
        """Give the other side a while to take what is queued."""
        until = time.monotonic() + _LAST_WORDS
        self._send()
        while self._blocked and time.monotonic() < until:
            self._selector.select(_LOOK)
            self._send()


def main() -> int:
    """Serve the store of this account on stdin and stdout."""
    reading, writing = os.dup(0), os.dup(1)
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.dup2(2, 1)
    os.set_blocking(writing, False)
    try:
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            return _Serve(Store(store_root()), reading, writing).run()
    finally:
        os.set_blocking(writing, True)
    return 0
