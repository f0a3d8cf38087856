"""The members of a tar archive, plain or packed, read once from front to back with bounded memory."""

from __future__ import annotations

import bz2
import lzma
import tarfile
import zlib
from typing import Any, BinaryIO, Callable, Dict, Iterator

from gurita.formats.extraction_tree import FILE, FOLDER, HARD_LINK, LINK, ExtractionRefused, Member, Meter

__all__ = ["TARS", "tar_members"]

_READ = 1 << 18
_BLOCK = 1 << 20
_HEADERS = 1 << 20
_LZMA_MEMORY = 256 << 20


class _Gzip:
    """zlib with the manners of the other two decompressors."""

    def __init__(self) -> None:
        self._inner = zlib.decompressobj(31)

    @property
    def eof(self) -> bool:
        return self._inner.eof

    @property
    def needs_input(self) -> bool:
        return not self._inner.unconsumed_tail

    @property
    def unused_data(self) -> bytes:
        return self._inner.unused_data

    def decompress(self, data: bytes, most: int) -> bytes:
        return self._inner.decompress(self._inner.unconsumed_tail + data, most)


def _plain(file: BinaryIO) -> Iterator[bytes]:
    return iter(lambda: file.read(_READ), b"")


def _packed(make: Callable[[], Any]) -> Callable[[BinaryIO], Iterator[bytes]]:
    """Unpacks one stream after another, at most a block at a time. Raises EOFError for a cut one."""

    def unpack(file: BinaryIO) -> Iterator[bytes]:
        data = file.read(_READ)
        if not data:
            raise EOFError
        while data:
            inner = make()
            while not inner.eof:
                out = inner.decompress(data, _BLOCK)
                data = b""
                if out:
                    yield out
                elif inner.needs_input and not inner.eof:
                    data = file.read(_READ)
                    if not data:
                        raise EOFError
            data = inner.unused_data.lstrip(b"\0")
            while not data:
                more = file.read(_READ)
                data = more.lstrip(b"\0")
                if not more:
                    return

    return unpack


_GZIP = _packed(_Gzip)
_BZIP2 = _packed(bz2.BZ2Decompressor)
_XZ = _packed(lambda: lzma.LZMADecompressor(memlimit=_LZMA_MEMORY))

TARS: Dict[str, Callable[[BinaryIO], Iterator[bytes]]] = {
    ".tar": _plain,
    ".tar.gz": _GZIP,
    ".tgz": _GZIP,
    ".tar.bz2": _BZIP2,
    ".tbz2": _BZIP2,
    ".tbz": _BZIP2,
    ".tar.xz": _XZ,
    ".txz": _XZ,
}
"""How a file is unpacked into a tar stream, by extension."""


class _Tape:
    """A stream as `tarfile` wants it: read and sought forward only. What it reads for one header is bounded."""

    def __init__(self, parts: Iterator[bytes], meter: Meter) -> None:
        self._parts = parts
        self._meter = meter
        self._held = b""
        self._at = 0
        self.headers = _HEADERS
        self.in_header = True
        self.last = b""

    def tell(self) -> int:
        return self._at

    def seek(self, to: int) -> None:
        if to < self._at:
            raise ValueError("backwards")
        while self._at < to:
            if not self._take(min(_BLOCK, to - self._at)):
                return

    def read(self, size: int) -> bytes:
        if self.in_header:
            self.headers -= size
            if self.headers < 0:
                raise ExtractionRefused("A header of the archive is too large.")
        found = self._take(size)
        if self.in_header:
            self.last = found
        return found

    def drain(self) -> None:
        """Read to the end, so that checksums are proved."""
        while self._take(_BLOCK):
            pass

    def _take(self, size: int) -> bytes:
        found = []
        wanted = size
        while wanted:
            if not self._held:
                self._held = next(self._parts, b"")
                if not self._held:
                    break
            part = self._held[:wanted]
            self._held = self._held[wanted:]
            wanted -= len(part)
            found.append(part)
        self._at += size - wanted
        return b"".join(found)


def tar_members(
    file: BinaryIO, unpack: Callable[[BinaryIO], Iterator[bytes]], meter: Meter
) -> Iterator[Member]:
    """The members in order. A member's data must be read before the next is asked for. Raises ExtractionRefused, and what
    `tarfile` and the decompressors raise for damaged input."""
    tape = _Tape(_metered(unpack(file), meter), meter)
    archive = tarfile.TarFile(fileobj=tape, mode="r", encoding="utf-8", errors="surrogateescape")  # type: ignore[arg-type]
    while True:
        tape.headers, tape.in_header = _HEADERS, True
        entry = archive.next()
        tape.in_header = False
        if entry is None:
            break
        yield _member(archive, entry)
        archive.members = []  # type: ignore[attr-defined]
    if tape.last != bytes(512):
        raise ExtractionRefused("The archive ends in the middle, or is damaged.")
    tape.drain()


def _metered(parts: Iterator[bytes], meter: Meter) -> Iterator[bytes]:
    """Nothing a stream unpacks to goes uncounted, whether it ends up in a file or not."""
    seen = 0
    for part in parts:
        seen += len(part)
        meter.promise(max(0, seen - meter.bytes))
        yield part


def _member(archive: tarfile.TarFile, entry: tarfile.TarInfo) -> Member:
    found = Member(entry.name, FOLDER, entry.size, entry.mode, float(entry.mtime))
    if entry.isdir():
        return found
    if entry.issym():
        return found._replace(kind=LINK, target=entry.linkname)
    if entry.islnk():
        return found._replace(kind=HARD_LINK, target=entry.linkname)
    if not entry.isreg():
        what = (
            "a device"
            if entry.isdev() and not entry.isfifo()
            else "a FIFO"
            if entry.isfifo()
            else "no file or folder"
        )
        raise ExtractionRefused(f"is {what}.", entry.name)
    if entry.size < 0:
        raise ExtractionRefused("has a size below 0.", entry.name)
    return found._replace(kind=FILE, data=lambda: _data(archive, entry))


def _data(archive: tarfile.TarFile, entry: tarfile.TarInfo) -> Iterator[bytes]:
    with archive.extractfile(entry) as file:  # type: ignore[union-attr]
        for part in iter(lambda: file.read(_READ), b""):
            yield part
