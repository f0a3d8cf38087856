"""Packages kept on this machine: found by hash, brought once, verified, trimmed (docs/subsystems/packages.md, "The cache")."""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import time
from typing import Callable, Dict, Iterator, List, NamedTuple, Optional, Tuple

from gurita.formats.octodiff import DeltaRefused, apply_delta
from gurita.formats.package_names import PackageNameError, cache_name, read_cache_name
from gurita.runner.durable import sync_folder
from gurita.runner.faults import fault
from gurita.runner.package_work import Package
from gurita.runner.refusals import Refusal

__all__ = ["JUST_USED", "PackageCache", "Trimmed", "Upload", "sha256_of"]

JUST_USED = 3600.0
"""Seconds a package stays after its last use whatever the policy: time enough between bringing it and the ticket that uses it."""

_READ = 1 << 20
_STALE = 86400.0


class Trimmed(NamedTuple):
    """What a trim removed: files and bytes; `left` files are still there."""

    removed: int
    bytes: int
    left: int


class Upload:
    """A package on its way in: a file only this upload writes, locked as long as it is open."""

    def __init__(self, handle: int, path: str, package: Package, final: str) -> None:
        self._handle = handle
        self._path = path
        self._package = package
        self._final = final
        self._hash = hashlib.sha256()
        self.offset = 0

    def catch_up(self) -> None:
        """Hash what an earlier, cut upload has left; what is too long to be a beginning is thrown away."""
        if os.fstat(self._handle).st_size > self._package.size:
            os.ftruncate(self._handle, 0)
        os.lseek(self._handle, 0, os.SEEK_SET)
        for part in iter(lambda: os.read(self._handle, _READ), b""):
            self._hash.update(part)
            self.offset += len(part)

    def restart(self) -> None:
        """Forget what came so far."""
        os.ftruncate(self._handle, 0)
        os.lseek(self._handle, 0, os.SEEK_SET)
        self._hash, self.offset = hashlib.sha256(), 0

    def write(self, offset: int, data: bytes) -> None:
        """Add bytes at the end. Raises Refusal when they do not belong there, OSError when the disk is full."""
        if offset != self.offset:
            raise Refusal("bad-request", f"The upload is at {self.offset}, not at {offset}.")
        if offset + len(data) > self._package.size:
            self.drop()
            raise Refusal(
                "bad-package", f"{_named(self._package)}: more came than {self._package.size} bytes."
            )
        fault("runner.package")
        view = memoryview(data)
        try:
            while view:
                view = view[os.write(self._handle, view) :]
        except OSError:
            self.drop()
            raise
        self._hash.update(data)
        self.offset += len(data)

    def finish(self) -> None:
        """Verify, sync, and put the package in its place. Raises Refusal `bad-package`; nothing is left then."""
        found = self._hash.hexdigest()
        if (self.offset, found) != (self._package.size, self._package.sha256):
            self.drop()
            raise Refusal(
                "bad-package",
                f"{_named(self._package)} came as {self.offset} bytes with SHA-256 {found}; "
                f"promised were {self._package.size} bytes with {self._package.sha256}.",
            )
        os.fsync(self._handle)
        os.rename(self._path, self._final)
        sync_folder(os.path.dirname(self._final))
        os.close(self._handle)
        self._handle = -1

    def drop(self) -> None:
        """Give the upload up and remove what came; safe to call again."""
        if self._handle < 0:
            return
        with contextlib.suppress(OSError):
            os.unlink(self._path)
        os.close(self._handle)
        self._handle = -1


class _Rewritten:
    """An upload written from its beginning, one block after the other."""

    def __init__(self, upload: Upload) -> None:
        upload.restart()
        self._upload = upload

    def write(self, block: bytes) -> int:
        """Takes all of the block. Raises Refusal, OSError."""
        self._upload.write(self._upload.offset, block)
        return len(block)


class PackageCache:
    """The packages below one root."""

    def __init__(self, root: str) -> None:
        self.folder = os.path.join(root, "packages-v1")
        self._incoming = os.path.join(self.folder, "incoming")

    def path(self, package: Package) -> str:
        """Where the package lies, or would. Raises Refusal for a name no file can have."""
        try:
            name = cache_name(package.id, package.version, package.extension, package.sha256)
        except PackageNameError as error:
            raise Refusal("bad-request", str(error)) from None
        return os.path.join(self.folder, name)

    def find(self, package: Package) -> bool:
        """Whether the package is here. It counts as just used then."""
        path = self.path(package)
        try:
            if os.stat(path).st_size != package.size:
                return False
            os.utime(path)
        except FileNotFoundError:
            return False
        return True

    @contextlib.contextmanager
    def use(self, package: Package) -> Iterator[str]:
        """Its path, locked against trimming and proved by its hash. Raises Refusal `not-found`, `bad-package`."""
        path = self.path(package)
        with self._locked(package) as handle:
            if sha256_of(handle) != package.sha256:
                with contextlib.suppress(OSError):
                    os.unlink(path)
                raise Refusal(
                    "bad-package",
                    f"{_named(package)} was damaged in this machine's package cache ({path}). It was removed; "
                    "run the step again, it will be brought anew.",
                )
            os.utime(path)
            yield path

    @contextlib.contextmanager
    def _locked(self, package: Package) -> Iterator[int]:
        """The open file, which no trim removes meanwhile. Raises Refusal `not-found`."""
        handle = _open(self.path(package))
        try:
            if handle >= 0:
                fcntl.flock(handle, fcntl.LOCK_SH)
            if handle < 0 or not os.fstat(handle).st_nlink:
                raise Refusal(
                    "not-found",
                    f"{_named(package)} is not in this machine's package cache (any more); run the step again.",
                )
            yield handle
        finally:
            if handle >= 0:
                os.close(handle)

    def upload(self, package: Package) -> Optional[Upload]:
        """Begin to bring a package, or go on with a cut upload; None when it is here already. Raises Refusal `no-space`."""
        if self.find(package):
            return None
        return self._begin(package, self.path(package))

    def upload_delta(self, delta: Package) -> Optional[Upload]:
        """The same for a delta, which `apply` uses up."""
        path = self._delta(delta)
        with contextlib.suppress(FileNotFoundError):
            if os.stat(path).st_size == delta.size:
                return None
        return self._begin(delta, path)

    def apply(self, package: Package, base: Package, delta: Package) -> None:
        """Make a package of another one and an uploaded delta; verified like an upload. Raises Refusal; the delta is gone then too.

        A base that turns out to be damaged is removed.
        """
        path = self._delta(delta)
        upload = self.upload(package)
        if upload is None:
            return
        try:
            with self._locked(base) as old, open(path, "rb") as changes, open(
                old, "rb", closefd=False
            ) as source:
                apply_delta(source, changes, _Rewritten(upload), verify=False)
            fault("runner.delta")
            upload.finish()
        except (Refusal, DeltaRefused) as error:
            self._drop_damaged(base)
            told = error.message if isinstance(error, Refusal) else str(error)
            raise Refusal(
                "bad-package", f"{_named(package)} could not be made of {base.version}: {told}"
            ) from None
        except FileNotFoundError:
            raise Refusal("not-found", f"The delta of {_named(package)} is not here (any more).") from None
        finally:
            upload.drop()
            with contextlib.suppress(FileNotFoundError):
                os.unlink(path)

    def _delta(self, delta: Package) -> str:
        return os.path.join(self._incoming, f"{delta.sha256}.delta")

    def _drop_damaged(self, package: Package) -> None:
        with contextlib.suppress(Refusal), self.use(package):
            pass

    def _begin(self, package: Package, final: str) -> Upload:
        os.makedirs(self._incoming, 0o700, exist_ok=True)
        handle, path = self._own_file(package)
        upload = Upload(handle, path, package, final)
        try:
            upload.catch_up()
            self._make_room(package, package.size - upload.offset)
        except BaseException:
            upload.drop()
            raise
        return upload

    def _own_file(self, package: Package) -> Tuple[int, str]:
        """The first upload file of this package that nobody writes."""
        for number in range(10_000):
            path = os.path.join(self._incoming, f"{package.sha256}.{number}")
            handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                if os.path.samestat(os.fstat(handle), os.stat(path)):
                    return handle, path
            except OSError:
                pass
            os.close(handle)
        raise Refusal("busy", f"{_named(package)} is being brought here by too many at once.")

    def _make_room(self, package: Package, wanted: int) -> None:
        free = self._free()[0]
        if free < wanted:
            self._remove_oldest(lambda: self._free()[0] >= wanted)
            free = self._free()[0]
        if free < wanted:
            raise Refusal(
                "no-space",
                f"{_named(package)} needs {wanted} more bytes in {self.folder}, and {free} are free. "
                "Free space on this machine, or let its policy keep fewer packages.",
            )

    def trim(self, keep: int, days: float, free_percent: float) -> Trimmed:
        """Remove what the policy does not keep: beyond the `keep` last used versions of a package id, unused for `days`, and
        the least recently used while less than `free_percent` of the disk is free. 0 switches a rule off. What is in use, or
        was within the last hour, stays."""
        removed = size = 0
        self._sweep_incoming()
        now = time.time()
        seen: Dict[str, int] = {}
        for used, path, name in reversed(self._entries()):
            seen[name] = seen.get(name, 0) + 1
            if (keep and seen[name] > keep) or (days and now - used > days * 86400):
                gone = _remove_unused(path)
                removed, size = removed + (gone >= 0), size + max(gone, 0)
        count, freed = self._remove_oldest(lambda: self._free()[1] >= free_percent)
        return Trimmed(removed + count, size + freed, len(self._entries()))

    def _remove_oldest(self, enough: Callable[[], bool]) -> Tuple[int, int]:
        removed = size = 0
        for _, path, _ in self._entries():
            if enough():
                break
            gone = _remove_unused(path)
            removed, size = removed + (gone >= 0), size + max(gone, 0)
        return removed, size

    def _entries(self) -> List[Tuple[float, str, str]]:
        """Last use (seconds since 1970), path and folded package id of every package, the least recently used first."""
        found = []
        with contextlib.suppress(FileNotFoundError), os.scandir(self.folder) as entries:
            for entry in entries:
                with contextlib.suppress(PackageNameError, FileNotFoundError):
                    found.append(
                        (entry.stat().st_mtime, entry.path, read_cache_name(entry.name).id.casefold())
                    )
        return sorted(found)

    def _free(self) -> Tuple[int, float]:
        """Bytes an ordinary user may still write here, and how much of the disk that is in percent."""
        space = os.statvfs(self.folder if os.path.isdir(self.folder) else os.path.dirname(self.folder))
        return space.f_bavail * space.f_frsize, 100.0 * space.f_bavail / max(1, space.f_blocks)

    def _sweep_incoming(self) -> None:
        """Remove uploads nobody has gone on with for a day."""
        with contextlib.suppress(FileNotFoundError):
            for name in os.listdir(self._incoming):
                path = os.path.join(self._incoming, name)
                with contextlib.suppress(FileNotFoundError):
                    if time.time() - os.stat(path).st_mtime > _STALE:
                        _remove_unlocked(path)


def sha256_of(handle: int) -> str:
    """The hash of an open file, in hex."""
    found = hashlib.sha256()
    os.lseek(handle, 0, os.SEEK_SET)
    for part in iter(lambda: os.read(handle, _READ), b""):
        found.update(part)
    return found.hexdigest()


def _named(package: Package) -> str:
    return f"Package {package.id} {package.version}"


def _open(path: str) -> int:
    try:
        return os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW)
    except FileNotFoundError:
        return -1


def _remove_unused(path: str) -> int:
    """Its size when the package was removed, -1 when it is in use or was just now."""
    try:
        if time.time() - os.stat(path).st_mtime < JUST_USED:
            return -1
    except FileNotFoundError:
        return -1
    return _remove_unlocked(path)


def _remove_unlocked(path: str) -> int:
    handle = _open(path)
    if handle < 0:
        return -1
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        size = os.fstat(handle).st_size
        os.unlink(path)
        return size
    except OSError:
        return -1
    finally:
        os.close(handle)
