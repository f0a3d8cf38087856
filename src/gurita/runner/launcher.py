"""Begins a ticket's script in a process that outlives the channel, and stays with it until its result is stored.

One fork is enough: the launcher leads a session of its own, and when the channel's process ends the system adopts it.
"""

from __future__ import annotations

import os
import signal
import sys
from typing import List, NamedTuple, NoReturn

from gurita.runner.faults import forked
from gurita.runner.run import Run, Work
from gurita.runner.tickets import Standing

__all__ = ["Launched", "launch"]


class Launched(NamedTuple):
    """A launcher's process, to be reaped, and the handle it tells news by; the handle ends when the process does."""

    pid: int
    told: int


def launch(work: Work, lock: int) -> Launched:
    """Fork the launcher of a ticket that has just begun.

    `lock` is the store's lock, held by the caller: the launcher inherits it and lets go when it has said who it is, so that
    nobody takes a beginning ticket for a lost one.
    """
    told, telling = os.pipe()
    os.set_blocking(telling, False)
    try:
        pid = os.fork()
    except OSError as error:
        work.ticket.finish(
            Standing("ended", 71, f"No process could be made for the script: {error.strerror}.")
        )
        os.close(telling)
        return Launched(0, told)
    if pid == 0:
        _detach(work, lock, telling)
    os.close(telling)
    return Launched(pid, told)


def _detach(work: Work, lock: int, telling: int) -> NoReturn:
    """Become the launcher: in a session of its own, holding nothing of the channel."""
    try:
        os.setsid()
        for number in (signal.SIGHUP, signal.SIGINT, signal.SIGPIPE):
            signal.signal(number, signal.SIG_IGN)
        _let_go([lock, telling])
        forked(work.ticket.name)
        Run(work, telling).to_the_end(lock)
    except BaseException:  # noqa: BLE001  a fork must never return into its parent's code
        os._exit(70)
    os._exit(0)


def _let_go(kept: List[int]) -> None:
    """Close every inherited handle but `kept`; stdin, stdout and stderr become /dev/null."""
    nothing = os.open(os.devnull, os.O_RDWR)
    for number in range(3):
        os.dup2(nothing, number)
    listing = "/proc/self/fd" if sys.platform.startswith("linux") else "/dev/fd"
    for name in os.listdir(listing):
        if int(name) > 2 and int(name) not in kept:
            try:
                os.close(int(name))
            except OSError:
                continue
