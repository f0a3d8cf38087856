"""The data folder: one server at a time, readable by nobody else."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

from gurita.kernel.errors import Terminal

__all__ = ["DataFolder", "DataFolderInUse"]


class DataFolderInUse(Terminal):
    """Another server works in this folder."""


class DataFolder:
    """Holds the folder's lock as long as it is open. The kernel gives it up with the process, however it ends."""

    def __init__(self, path: Path) -> None:
        self.path = path.absolute()
        try:
            self.path.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._handle = os.open(self.path / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise DataFolderInUse(f"The data folder {self.path} cannot be used: {error.strerror}.") from error
        try:
            fcntl.flock(self._handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(self._handle)
            raise DataFolderInUse(
                f"Another Gurita server is using {self.path}. Stop it first, or give this one a folder of its own "
                "with --data."
            ) from None

    def close(self) -> None:
        """Lets others in."""
        os.close(self._handle)
