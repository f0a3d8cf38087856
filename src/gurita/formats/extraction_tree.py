"""The folder an archive is written into: names are judged here, and nothing is ever written through a link."""

from __future__ import annotations

import os
import re
import unicodedata
from typing import Callable, Dict, Iterator, NamedTuple, NoReturn, Optional, Tuple

__all__ = [
    "FILE",
    "FOLDER",
    "HARD_LINK",
    "LINK",
    "ExtractionRefused",
    "Limits",
    "Member",
    "Meter",
    "Tree",
]

FILE, FOLDER, LINK, HARD_LINK = "file", "folder", "link", "hard link"

_CONTROL = re.compile("[\0-\x1f\x7f]")
_DRIVE = re.compile(r"[A-Za-z]:")
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
_INTO = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_MOST_HOPS = 40
_LAST_TIME = float(1 << 33)


class ExtractionRefused(Exception):
    """An archive that is not unpacked. `member` is the name of what is wrong with it, empty for the archive itself."""

    def __init__(self, reason: str, member: str = "") -> None:
        self.reason = reason
        self.member = member
        super().__init__(f"{_shown(member)} {reason}" if member else reason)


class Limits(NamedTuple):
    """What an archive may hold at most. Bytes, members, folders deep, bytes of a path; `ratio` is unpacked by packed
    bytes and counts from `ratio_from` unpacked bytes on."""

    total: int = 64 << 30
    members: int = 250_000
    depth: int = 100
    path: int = 2000
    name: int = 255
    ratio: float = 250.0
    ratio_from: int = 64 << 20


class Member(NamedTuple):
    """One entry of an archive. `mode` None is unknown; `mtime` in seconds since 1970; `target` of links, as written."""

    name: str
    kind: str
    size: int = 0
    mode: Optional[int] = None
    mtime: Optional[float] = None
    target: str = ""
    data: "Callable[[], Iterator[bytes]]" = lambda: iter(())


class Meter:
    """Counts what came out of an archive of `packed` bytes."""

    def __init__(self, limits: Limits, packed: int) -> None:
        self._limits = limits
        self._most = min(limits.total, max(limits.ratio_from, int(limits.ratio * packed)))
        self.members = 0
        self.bytes = 0

    def one_more(self) -> None:
        """Another member. Raises ExtractionRefused."""
        self.members += 1
        if self.members > self._limits.members:
            raise ExtractionRefused(f"The archive has more than {self._limits.members} members.")

    def count(self, size: int, member: str = "") -> None:
        """More unpacked bytes. Raises ExtractionRefused."""
        self.bytes += size
        self.promise(0, member)

    def promise(self, size: int, member: str = "") -> None:
        """As many bytes are to come. Raises ExtractionRefused when they would be too many."""
        if self.bytes + size <= self._most:
            return
        what = "makes the archive unpack" if member else "The archive unpacks"
        if self.bytes + size > self._limits.total:
            raise ExtractionRefused(f"{what} to more than {self._limits.total} bytes.", member)
        times = f"{self._limits.ratio:g} times its size ({self._most} bytes)"
        raise ExtractionRefused(f"{what} to more than {times}.", member)


class Tree:
    """A fresh folder being filled. Raises ExtractionRefused for a member that may not be in it, OSError for the disk."""

    def __init__(self, root: str, limits: Limits, meter: Meter) -> None:
        self._root = os.open(root, _INTO)
        self._limits = limits
        self._meter = meter
        self._seen: Dict[str, Tuple[str, str]] = {}
        self._links: Dict[str, Tuple[str, str]] = {}
        self._at: Tuple[str, int] = ("", -1)
        self.files = 0

    def close(self) -> None:
        """Let go of the folder."""
        self._leave()
        os.close(self._root)

    def add(self, member: Member) -> None:
        """Write one member; a link waits for `finish`."""
        self._meter.one_more()
        path = self._path(member)
        if not path:
            return
        parent, _, name = path.rpartition("/")
        self._enter_seen(parent, member)
        self._note(path, member.kind, member)
        if member.kind == FOLDER:
            self._folder(path)
        elif member.kind == FILE:
            self._file(self._folder(parent), name, member)
        elif member.kind == HARD_LINK:
            self._hard_link(path, member)
        else:
            self._links[_folded(path)] = (path, member.target)

    def finish(self) -> None:
        """Make the links, once it is known where each leads."""
        for path, target in self._links.values():
            self._judge(path, target)
        for path, target in self._links.values():
            parent, _, name = path.rpartition("/")
            os.symlink(target, name, dir_fd=self._folder(parent))
            self.files += 1

    def _path(self, member: Member) -> str:
        name = member.name
        if _CONTROL.search(name):
            _refuse(member, "has a control character in its name.")
        if name.startswith("/"):
            _refuse(member, "has an absolute name.")
        if _DRIVE.match(name):
            _refuse(member, "has a drive letter in its name.")
        parts = [part for part in name.split("/") if part not in ("", ".")]
        if ".." in parts:
            _refuse(member, "leads out of the folder with '..'.")
        if len(parts) > self._limits.depth:
            _refuse(member, f"lies more than {self._limits.depth} folders deep.")
        longest = max((len(os.fsencode(part)) for part in parts), default=0)
        path = "/".join(parts)
        if longest > self._limits.name or len(os.fsencode(path)) > self._limits.path:
            _refuse(
                member, f"has a name longer than {self._limits.name} bytes, or {self._limits.path} in all."
            )
        if not parts and member.kind != FOLDER:
            _refuse(member, "has no name.")
        return path

    def _enter_seen(self, folder: str, member: Member) -> None:
        """Note the folders above a member, from the top."""
        at = folder.find("/")
        while folder:
            part = folder if at < 0 else folder[:at]
            self._note(part, FOLDER, member)
            if at < 0:
                return
            at = folder.find("/", at + 1)

    def _note(self, path: str, kind: str, member: Member) -> None:
        key = _folded(path)
        before = self._seen.get(key)
        if before is None:
            self._seen[key] = (path, kind)
        elif before[0] != path:
            _refuse(member, f"differs from {_shown(before[0])} in case only.")
        elif before[1] != FOLDER and kind == FOLDER:
            _refuse(member, f"lies below {_shown(path)}, which is a {before[1]}.")
        elif before[1] != FOLDER or kind != FOLDER:
            _refuse(member, "is there twice.")

    def _folder(self, path: str) -> int:
        """A handle of a folder below the root, made where it is missing; valid until the next call."""
        if path == self._at[0] and self._at[1] >= 0:
            return self._at[1]
        self._leave()
        handle = os.dup(self._root)
        for part in path.split("/") if path else ():
            above = handle
            try:
                try:
                    handle = os.open(part, _INTO, dir_fd=above)
                except FileNotFoundError:
                    os.mkdir(part, dir_fd=above)
                    handle = os.open(part, _INTO, dir_fd=above)
            finally:
                os.close(above)
        self._at = (path, handle)
        return handle

    def _leave(self) -> None:
        if self._at[1] >= 0:
            os.close(self._at[1])
        self._at = ("", -1)

    def _file(self, parent: int, name: str, member: Member) -> None:
        self._meter.promise(member.size, member.name)
        permissions = 0o666 if member.mode is None else (member.mode & 0o777) | 0o600
        handle = os.open(name, _NEW, permissions, dir_fd=parent)
        try:
            written = 0
            for part in member.data():
                self._meter.count(len(part), member.name)
                written += len(part)
                view = memoryview(part)
                while view:
                    view = view[os.write(handle, view) :]
            if written != member.size:
                _refuse(member, f"has {written} bytes where {member.size} were announced.")
            if member.mtime is not None and 0 <= member.mtime < _LAST_TIME:
                os.utime(handle, (member.mtime, member.mtime))
        finally:
            os.close(handle)
        self.files += 1

    def _hard_link(self, path: str, member: Member) -> None:
        source = self._path(member._replace(name=member.target))
        known = self._seen.get(_folded(source)) in ((source, FILE), (source, HARD_LINK))
        if not known or source == path:
            _refuse(
                member,
                f"is a hard link to {_shown(member.target)}, which is no file of the archive before it.",
            )
        (parent, _, name), (above, _, last) = path.rpartition("/"), source.rpartition("/")
        here = os.dup(self._folder(parent))
        try:
            os.link(last, name, src_dir_fd=self._folder(above), dst_dir_fd=here, follow_symlinks=False)
        finally:
            os.close(here)
        self.files += 1

    def _judge(self, path: str, target: str) -> None:
        """Follow a link through the tree as the system would, links on its way included."""
        member = Member(path, LINK)
        if not target or target.startswith("/") or _CONTROL.search(target) or _DRIVE.match(target):
            _refuse(
                member, f"is a link to {_shown(target)}; only relative links inside the archive are made."
            )
        if len(os.fsencode(target)) > self._limits.path:
            _refuse(member, "is a link to a name that is too long.")
        stack, ahead, hops = path.split("/")[:-1], target.split("/")[::-1], 0
        while ahead:
            part = ahead.pop()
            if part in ("", "."):
                continue
            if part == "..":
                if not stack:
                    _refuse(member, f"is a link that leads out of the folder, to {_shown(target)}.")
                stack.pop()
                continue
            stack.append(part)
            further = self._links.get(_folded("/".join(stack)))
            if further is not None:
                hops += 1
                if hops > _MOST_HOPS or len(ahead) > 10_000:
                    _refuse(member, "is a link that leads in circles.")
                stack.pop()
                ahead.extend(further[1].split("/")[::-1])
                if further[1].startswith("/"):
                    _refuse(member, f"is a link that leads out of the folder, by {_shown(further[0])}.")


def _refuse(member: Member, reason: str) -> NoReturn:
    raise ExtractionRefused(reason, member.name)


def _folded(path: str) -> str:
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", path).casefold())


def _shown(name: str) -> str:
    """A name for a message: short, and without what could disturb a log."""
    short = name if len(name) <= 200 else name[:197] + "..."
    return repr(short) if short.isprintable() else ascii(short)
