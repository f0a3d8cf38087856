"""A ticket's private folder: clear text, readable by its owner only, in memory where the machine has a tmpfs."""

from __future__ import annotations

import contextlib
import os
import stat
from typing import Dict, Optional

from gurita.runner.durable import make_folder, read_text, write_new

__all__ = [
    "OUTPUTS",
    "clear_private",
    "keep_output",
    "make_private",
    "private_folder",
    "read_output",
    "remove_tree",
    "write_files",
]

OUTPUTS = "outputs"
_MEMORY = "/dev/shm"  # noqa: S108  the folder itself is made with a random name, 0700, and must not exist


def make_private(ticket_folder: str, files: Dict[str, bytes]) -> str:
    """Make the folder anew with these files; gives its real path. Raises OSError; nothing secret is left then."""
    link = os.path.join(ticket_folder, "private")
    clear_private(ticket_folder, keep_outputs=False)
    place = link
    if _memory_usable():
        place = os.path.join(_MEMORY, f"gurita-{os.urandom(12).hex()}")
        # The link comes first: a folder in memory without one would never be found again.
        os.symlink(place, link)
    try:
        os.mkdir(place, 0o700)
        write_files(place, files)
    except OSError:
        clear_private(ticket_folder, keep_outputs=False)
        raise
    return place


def write_files(place: str, files: Dict[str, bytes]) -> None:
    """Write files for their owner's eyes; a name may have a folder before it. Raises OSError."""
    for name, data in files.items():
        if "/" in name:
            os.makedirs(os.path.join(place, os.path.dirname(name)), 0o700, exist_ok=True)
        write_new(os.path.join(place, name), data)


def private_folder(ticket_folder: str) -> Optional[str]:
    """The real path of the private folder, or None when it is gone (or is not ours: a link another user filled)."""
    place = os.path.realpath(os.path.join(ticket_folder, "private"))
    try:
        facts = os.lstat(place)
    except OSError:
        return None
    return place if stat.S_ISDIR(facts.st_mode) and facts.st_uid == os.getuid() else None


def clear_private(ticket_folder: str, keep_outputs: bool = True) -> None:
    """Remove clear text; sensitive outputs stay if asked, until the server has them."""
    link = os.path.join(ticket_folder, "private")
    place = private_folder(ticket_folder)
    if place is not None:
        names = os.listdir(place)
        if keep_outputs and OUTPUTS in names:
            for name in names:
                if name != OUTPUTS:
                    remove_tree(os.path.join(place, name))
            return
        remove_tree(place)
    if os.path.islink(link):
        os.unlink(link)


def keep_output(place: str, number: int, value: str) -> None:
    """Store sensitive output `number` in the private folder `place`."""
    folder = os.path.join(place, OUTPUTS)
    make_folder(folder)
    write_new(os.path.join(folder, str(number)), value.encode("utf-8", "surrogatepass"))


def read_output(ticket_folder: str, number: int) -> Optional[bytes]:
    """A sensitive output, or None when there is none of that number any more."""
    place = private_folder(ticket_folder)
    if place is None:
        return None
    try:
        with open(os.path.join(place, OUTPUTS, str(number)), "rb") as handle:
            return handle.read()
    except FileNotFoundError:
        return None


def remove_tree(path: str) -> None:
    """Remove a file, a link, or a folder with all below it; links are never followed. Missing is fine."""
    with contextlib.suppress(FileNotFoundError):
        if os.path.islink(path) or not os.path.isdir(path):
            os.unlink(path)
            return
        with os.scandir(path) as entries:
            names = [entry.path for entry in entries]
        for name in names:
            remove_tree(name)
        os.rmdir(path)


def _memory_usable() -> bool:
    mounts = read_text("/proc/self/mounts") or ""
    return any(line.split(" ")[1:3] == [_MEMORY, "tmpfs"] for line in mounts.splitlines()) and os.access(
        _MEMORY, os.W_OK | os.X_OK
    )
