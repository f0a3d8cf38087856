"""How long something may take, on a machine that has other work to do."""

from __future__ import annotations

import contextlib
import os
import threading
import time
from collections.abc import Iterator

__all__ = ["within"]

_PERIOD = 0.05


@contextlib.contextmanager
def within(seconds: float) -> Iterator[None]:
    """Fails when the block took longer than a machine with nothing else to do may take for it.

    A thread that works a little all the time tells how much slower this one is meanwhile.
    """
    ended = threading.Event()
    slower: list[float] = []
    watching = threading.Thread(target=_watch, args=(ended, slower), daemon=True)
    began = time.monotonic()
    watching.start()
    try:
        yield
    finally:
        took = time.monotonic() - began
        ended.set()
        watching.join()
    # Most of the work is that of programs that work by turns: each waits for its turn as this one did.
    limit = seconds * max(1.0, _load(), sum(slower) / max(1, len(slower)))
    assert took < limit, (
        f"it took {took:.1f} s, more than {seconds:g} s on a machine {limit / seconds:.1f} times as busy"
    )


def _watch(ended: threading.Event, slower: list[float]) -> None:
    while not ended.wait(_PERIOD):
        began, worked = time.monotonic(), time.thread_time()
        while time.thread_time() - worked < 0.002:
            pass
        slower.append((time.monotonic() - began) / 0.002)


def _load() -> float:
    """How many programs want each processor."""
    return os.getloadavg()[0] / (os.cpu_count() or 1)
