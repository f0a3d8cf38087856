"""The script's process: forked behind a gate, in a session and process group of its own."""

from __future__ import annotations

import contextlib
import fcntl
import os
import signal
from typing import Dict, List, NoReturn, Optional

__all__ = ["Child"]

_PIPE_SIZE = 1 << 20
_F_SETPIPE_SZ = 1031


class Child:
    """A process that exists but does nothing until `go()`. It ends by itself when its parent dies before that."""

    def __init__(
        self, path: str, arguments: List[str], environment: Dict[str, str], workdir: str, umask: int
    ) -> None:
        self.out, out = _wide_pipe()
        self.err, err = _wide_pipe()
        gate, self._gate = os.pipe()
        self.pid = os.fork()
        if self.pid == 0:
            os.close(self._gate)
            _become(path, arguments, environment, workdir, umask, (gate, out, err))
        for handle in (out, err, gate):
            os.close(handle)

    def go(self) -> None:
        """Let the process run the script."""
        with contextlib.suppress(BrokenPipeError):
            os.write(self._gate, b"!")
        os.close(self._gate)

    def reap(self) -> Optional[int]:
        """The exit code once the process ended (128 + N for signal N), else None. Call it once with success."""
        pid, status = os.waitpid(self.pid, os.WNOHANG)
        if not pid:
            return None
        return 128 + os.WTERMSIG(status) if os.WIFSIGNALED(status) else os.WEXITSTATUS(status)

    def signal(self, number: int) -> bool:
        """Signal all processes of the group; False when none is left."""
        try:
            os.killpg(self.pid, number)
        except ProcessLookupError:
            return False
        except PermissionError:
            return True
        return True

    def signal_leader(self, number: int) -> None:
        """Signal the process itself, which must not have been reaped; for the moment before it leads its group."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, number)


def _wide_pipe() -> "tuple[int, int]":
    """A pipe that takes a megabyte where the system lets it, so that script and launcher switch less often."""
    reading, writing = os.pipe()
    with contextlib.suppress(OSError):
        fcntl.fcntl(writing, _F_SETPIPE_SZ, _PIPE_SIZE)
    return reading, writing


def _become(
    path: str,
    arguments: List[str],
    environment: Dict[str, str],
    workdir: str,
    umask: int,
    handles: "tuple[int, int, int]",
) -> NoReturn:
    gate, out, err = handles
    try:
        os.setsid()
        os.dup2(out, 1)
        os.dup2(err, 2)
        if os.read(gate, 1) != b"!":
            os._exit(125)
        for number in (
            signal.SIGPIPE,
            signal.SIGHUP,
            signal.SIGINT,
            signal.SIGQUIT,
            signal.SIGCHLD,
            signal.SIGXFSZ,
            signal.SIGTERM,
        ):
            signal.signal(number, signal.SIG_DFL)
        os.umask(umask)
        os.chdir(workdir)
        os.execve(path, arguments, environment)  # noqa: S606  no shell is meant here
    except OSError as error:
        os.write(2, f"{error.strerror}: {error.filename}\n".encode())
    finally:
        os._exit(126)
