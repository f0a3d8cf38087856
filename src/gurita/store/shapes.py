"""Makes msgspec learn every struct before threads use them.

msgspec works out a struct's members at its first decoding and keeps them with the class. Two threads that do so for the
same class at the same moment can read what the other has half made: the process dies with a segmentation fault (seen
with msgspec 0.22 on CPython 3.11, in two readers of a store that has just been opened).
"""

from __future__ import annotations

import threading
from collections.abc import Iterator

import msgspec

__all__ = ["learn_structs"]

_lock = threading.Lock()
_learned: set[type] = set()


def learn_structs() -> None:
    """Learns all structs that are imported by now and were not learned yet. Call it before threads are started."""
    with _lock:
        for kind in list(_structs(msgspec.Struct)):
            if kind in _learned or not kind.__module__.startswith("gurita."):
                continue
            _learned.add(kind)
            if not getattr(kind, "__parameters__", ()):
                msgspec.json.Decoder(kind)


def _structs(kind: type) -> Iterator[type]:
    known: list[type] = kind.__subclasses__()
    for below in known:
        yield below
        yield from _structs(below)
