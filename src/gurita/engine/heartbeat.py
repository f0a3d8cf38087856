"""A node's sign of life, from a thread and a connection of its own: a busy event loop does not stop it."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable

__all__ = ["Heartbeat"]

_log = logging.getLogger(__name__)


class Heartbeat:
    """Calls `beat` five times a lease. `holds()` is true while less than 70 % of the lease has passed since the
    last success began: what is begun then ends before anybody else may take over.

    `beat` gives False when this life of the node is over; `holds()` is false ever after.
    `mended` becomes true for one lease after a gap: a node that was cut off waits before it judges others.
    """

    def __init__(self, beat: Callable[[], bool], lease: float) -> None:
        self.lease = lease
        self._beat = beat
        self._last = float("-inf")
        self._gap_ended = float("-inf")
        self._over = False
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="heartbeat", daemon=True)

    def start(self) -> None:
        """Beats once in the caller's thread, then goes on by itself."""
        self._once()
        self._thread.start()

    def stop(self) -> None:
        """Ends the thread."""
        self._stop.set()
        self._thread.join(self.lease)

    def holds(self) -> bool:
        """Whether this node may still begin and write things."""
        return not self._over and time.monotonic() - self._last < 0.7 * self.lease

    def may_judge(self) -> bool:
        """Whether this node has seen the database long enough to call others silent."""
        return self.holds() and time.monotonic() - self._gap_ended > self.lease

    def _run(self) -> None:
        while not self._stop.wait(self.lease / 5):
            self._once()
            if self._over:
                return

    def _once(self) -> None:
        begun = time.monotonic()
        try:
            alive = self._beat()
        except Exception as error:  # noqa: BLE001 - whatever it was, the lease tells
            _log.warning("no heartbeat: %s", error)
            return
        self._over = not alive
        if begun - self._last > 0.7 * self.lease:
            self._gap_ended = begun
        self._last = begun
