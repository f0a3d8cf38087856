"""Ports of loopback for the programs tests start: nobody else takes one between asking for it and using it."""

from __future__ import annotations

import os
import random
import socket
from collections import deque
from pathlib import Path

__all__ = ["free_port"]

_FIRST, _LAST = 12_000, 32_000
_HELD_AT_ONCE = 100

_draw = random.SystemRandom()
"""Tests of all processes begin with the same seed; two must not draw alike."""
_held: deque[int] = deque()


def free_port() -> int:
    """A port of loopback nobody listens on, and which no other test gets for a while.

    Connections that go out never have it: a program that is down for a moment finds its port as it left it, and who dials
    before it is there does not meet himself.
    """
    for _ in range(1000):
        port = _draw.randrange(_FIRST, _end())
        if _hold(port):
            return port
    raise RuntimeError("no port of loopback is free")


def _end() -> int:
    """Where the ports begin that the system gives to connections that go out."""
    try:
        lowest = int(Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split()[0])
    except (OSError, ValueError, IndexError):
        return _LAST
    return lowest if _FIRST + 1000 < lowest < _LAST else _LAST


def _hold(port: int) -> bool:
    """Keeps a port from other tests by a name of the same number that goes with the process."""
    mark = socket.socket(socket.AF_UNIX)
    try:
        mark.bind(f"\0gurita-tests-port-{port}")
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", port))
    except OSError:
        mark.close()
        return False
    _held.append(mark.detach())
    if len(_held) > _HELD_AT_ONCE:
        os.close(_held.popleft())
    return True
