"""One run of a script under its ticket, seen by its launcher: output, deadline, cancel, end, result.

Messages are parsed and secrets masked before anything is written to the log. The order of the last steps matters: log synced,
clear text removed, result stored, place freed.
"""

from __future__ import annotations

import contextlib
import os
import selectors
import signal
import time
from typing import Dict, List, NamedTuple, Optional, Sequence, Tuple

from gurita.formats.records import STDERR, STDOUT
from gurita.formats.script_log import ScriptLog
from gurita.runner.child import Child
from gurita.runner.durable import read_line
from gurita.runner.faults import fault, without_faults
from gurita.runner.host import process_mark
from gurita.runner.private import clear_private
from gurita.runner.record_writer import RecordWriter
from gurita.runner.script_output import ScriptOutput
from gurita.runner.scripts import PACKAGE, Spec, call_of
from gurita.runner.tickets import Standing, Store, Ticket

__all__ = ["Run", "Work"]

_READ = 1 << 20
_LOOK = 1.0
_IDLE = 1.0
_DRAIN = 2.0
_NO_END = float("inf")


class Work(NamedTuple):
    """A begun ticket and all its run needs. `private` is the real path of the private folder; `secrets` are to be masked."""

    store: Store
    ticket: Ticket
    spec: Spec
    private: str
    secrets: List[str]
    umask: int

    def __repr__(self) -> str:
        return f"<Work {self.ticket.name}>"


class Run:
    """The life of one script. `to_the_end` does it all."""

    def __init__(self, work: Work, telling: int) -> None:
        self._work = work
        self._ticket = work.ticket
        self._telling = telling
        self._selector = selectors.DefaultSelector()
        self._pipes: Dict[int, int] = {}
        self._child: Optional[Child] = None
        self._rc: Optional[int] = None
        self._stopping = ""
        self._trouble = ""
        self._kill_at = _NO_END
        self._killed = False
        self._deadline = _NO_END
        self._drained_at = _NO_END
        self._heard_at = time.monotonic()

    def to_the_end(self, lock: int) -> None:
        """Say who runs the ticket, release the store's lock, run the script, store the result."""
        self._ticket.overwrite("proc", process_mark(os.getpid()))
        os.close(lock)
        writer: Optional[RecordWriter] = None
        try:
            fault("runner.began")
            writer = RecordWriter(self._ticket.path("records"), self._tell)
            log = ScriptLog(self._work.secrets)
            self._output = ScriptOutput(log, writer, self._work.private, self._ticket.path("artifacts"))
            standing = self._supervise()
        except Exception as error:  # noqa: BLE001  whatever it is, the ticket must end with a result
            self._kill()
            standing = Standing("ended", 70, f"The runner failed: {_sentence(error)}.")
        with contextlib.suppress(OSError):
            if writer is not None:
                writer.close()
        with contextlib.suppress(OSError):
            clear_private(self._ticket.folder)
        fault("runner.result")
        self._ticket.finish(standing._replace(records=writer.count if writer is not None else 0))
        self._work.store.ended(self._ticket)
        self._tell()

    def _supervise(self) -> Standing:
        call = call_of(self._work.spec, self._work.private)
        if call.problem:
            return Standing("ended", 127, call.problem)
        workdir = self._work.spec.workdir or self._ticket.path("work")
        if not os.path.isdir(workdir):
            return Standing("ended", 1, f"The working directory {workdir} does not exist on this machine.")
        self._watch_signals()
        environment = {**os.environ, **self._work.spec.environment}
        if self._work.spec.interpreter != PACKAGE:
            environment = without_faults(environment)
        child = Child(call.path, call.arguments, environment, workdir, self._work.umask)
        self._child = child
        self._ticket.overwrite("child", process_mark(child.pid))
        fault("runner.child")
        if self._ticket.has("poison"):
            child.signal_leader(signal.SIGKILL)
            self._reap(wait=True)
            return Standing("canceled", None, "Canceled before the script ran.")
        for handle, kind in ((child.out, STDOUT), (child.err, STDERR)):
            self._pipes[handle] = kind
            self._selector.register(handle, selectors.EVENT_READ)
        if self._work.spec.timeout:
            self._deadline = time.monotonic() + self._work.spec.timeout
        child.go()
        while not self._over():
            self._turn()
        return self._standing()

    def _watch_signals(self) -> None:
        reading, writing = os.pipe()
        os.set_blocking(writing, False)
        os.set_blocking(reading, False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(writing, warn_on_full_buffer=False)
        self._selector.register(reading, selectors.EVENT_READ)
        with contextlib.suppress(OSError):
            wake = os.open(self._ticket.path("wake"), os.O_RDWR | os.O_NONBLOCK)
            self._selector.register(wake, selectors.EVENT_READ)

    def _turn(self) -> None:
        """Wait for output or the next deadline, and do what is due."""
        now = time.monotonic()
        until = min(self._output.due(), self._deadline, self._kill_at, self._drained_at, now + _LOOK)
        said = self._said(max(0.0, until - now))
        # Ends come last: what one stream still holds may be the beginning of what the other says in this turn.
        pipes = [handle for handle in said if handle in self._pipes]
        self._take([(self._pipes[handle], said[handle]) for handle in pipes if said[handle]])
        for handle in pipes:
            if not said[handle]:
                self._end(handle)
        now = time.monotonic()
        self._write(now)
        if self._rc is None:
            self._reap()
        if not self._stopping and self._rc is None:
            self._look_for_end(now)
        if now >= self._kill_at:
            self._kill()

    def _said(self, wait: float) -> Dict[int, bytes]:
        """What every handle has that is ready. When a pipe has something the other is asked once more: what was written to it
        before the last of that is read in the same turn."""
        said: Dict[int, bytes] = {}
        for seconds in (wait, 0.0):
            for key, _ in self._selector.select(seconds):
                if key.fd not in said:
                    said[key.fd] = os.read(key.fd, _READ) if key.fd in self._pipes else _drain(key.fd)
            heard = [handle for handle in self._pipes if handle in said]
            if not any(said[handle] for handle in heard) or len(heard) == len(self._pipes):
                break
        return said

    def _take(self, parts: Sequence[Tuple[int, bytes]]) -> None:
        """What the pipes had in one turn."""
        if not parts:
            return
        self._heard_at = time.monotonic()
        try:
            if not self._trouble:
                self._output.take(parts)
        except OSError as error:
            self._fail(error)

    def _end(self, handle: int) -> None:
        """A pipe has ended."""
        self._heard_at = time.monotonic()
        self._selector.unregister(handle)
        os.close(handle)
        kind = self._pipes.pop(handle)
        try:
            if not self._trouble:
                self._output.end(kind)
        except OSError as error:
            self._fail(error)

    def _write(self, now: float) -> None:
        if self._trouble:
            return
        try:
            if now - self._heard_at >= _IDLE:
                self._output.idle()
            self._output.turn()
        except OSError as error:
            self._fail(error)

    def _fail(self, error: OSError) -> None:
        """The log cannot be written: the script must not go on unseen."""
        self._trouble = f"The log of this script cannot be written on this machine: {_sentence(error)}. The script was ended."
        self._kill()

    def _look_for_end(self, now: float) -> None:
        """Begin to stop the script when it was canceled or its time is over."""
        if self._ticket.has("poison"):
            self._stopping = "canceled"
            grace = _seconds(read_line(self._ticket.path("poison")), self._work.spec.grace)
        elif now >= self._deadline:
            self._stopping = "timedout"
            grace = self._work.spec.grace
        else:
            return
        self._deadline = _NO_END
        self._kill_at = now + grace
        if self._child is not None and not self._child.signal(signal.SIGTERM):
            self._child.signal_leader(signal.SIGTERM)

    def _kill(self) -> None:
        self._kill_at = _NO_END
        self._killed = True
        if self._child is not None and not self._child.signal(signal.SIGKILL) and self._rc is None:
            self._child.signal_leader(signal.SIGKILL)

    def _reap(self, *, wait: bool = False) -> None:
        while self._child is not None and self._rc is None:
            self._rc = self._child.reap()
            if self._rc is None and not wait:
                return
            if self._rc is None:
                time.sleep(0.001)
        self._drained_at = time.monotonic() + _DRAIN

    def _over(self) -> bool:
        """The script has ended; so has its output, or others hold its pipes longer than the grace; a stop has left nobody."""
        if self._rc is None:
            return False
        if self._trouble:
            return True
        now = time.monotonic()
        if self._pipes and now < self._drained_at:
            return False
        if self._stopping and not self._killed and self._child is not None and self._child.signal(0):
            self._drained_at = max(self._drained_at, min(self._kill_at, now + 0.05))
            return False
        self._end_output()
        return True

    def _end_output(self) -> None:
        if self._trouble:
            return
        try:
            for handle in list(self._pipes):
                self._end(handle)
            self._output.flush()
        except OSError as error:
            self._fail(error)

    def _standing(self) -> Standing:
        rc = self._rc
        if self._trouble:
            return Standing("ended", rc or 74, self._trouble)
        if self._stopping == "canceled":
            return Standing("canceled", rc, "Canceled.")
        if self._stopping == "timedout":
            return Standing(
                "timedout",
                rc,
                f"{self._work.spec.name} did not end within {self._work.spec.timeout:g} seconds.",
            )
        if rc == 0 and self._work.spec.fail_on_stderr and self._output.errors_seen:
            return Standing(
                "ended", 1, "The script wrote to its error output, and the step is set to fail then."
            )
        if rc:
            return Standing(
                "ended", rc, self._output.told_failure or f"The remote script failed with exit code {rc}"
            )
        return Standing("ended", rc, "")

    def _tell(self) -> None:
        """Let the channel that started the ticket know there is more; it may be gone, or behind."""
        with contextlib.suppress(OSError):
            os.write(self._telling, b"!")


def _drain(handle: int) -> bytes:
    try:
        return os.read(handle, 65536)
    except BlockingIOError:
        return b""


def _seconds(text: str, otherwise: float) -> float:
    try:
        return max(0.0, float(text))
    except ValueError:
        return otherwise


def _sentence(error: BaseException) -> str:
    return (
        (error.strerror or type(error).__name__)
        if isinstance(error, OSError)
        else f"{type(error).__name__}: {error}"
    )
