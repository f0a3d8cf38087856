"""The members of a zip archive, judged by its directory before any of them is unpacked."""

from __future__ import annotations

import calendar
import os
import stat
import struct
import zipfile
from typing import BinaryIO, Iterator, List, Optional
from urllib.parse import unquote

from gurita.formats.extraction_tree import FILE, FOLDER, LINK, ExtractionRefused, Limits, Member, Meter

__all__ = ["ZIPS", "zip_members"]

ZIPS = (".zip", ".nupkg", ".jar", ".war", ".ear")

_READ = 1 << 18
_LONGEST_LINK = 4096
_ENCRYPTED = 0x1 | 0x40 | 0x2000
_LOCAL = 30
_END = struct.Struct("<4s4H2LH")
_END64 = struct.Struct("<4sQ2H2L4Q")
_METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA}


def zip_members(file: BinaryIO, limits: Limits, meter: Meter, extension: str) -> Iterator[Member]:
    """The members in the order of their data. Raises ExtractionRefused, and what `zipfile` raises for damaged input.

    A `.nupkg` names its members like parts of an address, and holds parts of its own format that are no content.
    """
    _count_directory(file, limits)
    with zipfile.ZipFile(file) as archive:
        entries = sorted(archive.infolist(), key=lambda entry: entry.header_offset)
        if len(entries) > limits.members:
            raise ExtractionRefused(f"The archive has more than {limits.members} members.")
        _judge(entries, archive.start_dir, meter)
        for entry in entries:
            name = _name(entry)
            if extension == ".nupkg":
                name = unquote(name, errors="strict")
                if _is_packaging(name):
                    continue
            yield _member(archive, entry, name)


def _count_directory(file: BinaryIO, limits: Limits) -> None:
    """Refuse by count before the directory is read into memory."""
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - _END.size - 65535))
    tail = file.read()
    at = tail.rfind(b"PK\5\6")
    if at < 0 or len(tail) - at < _END.size:
        raise ExtractionRefused("The archive is no zip file, or its end is missing.")
    end = size - len(tail) + at
    directory = int(_END.unpack_from(tail, at)[5])
    if directory == 0xFFFFFFFF and end >= 76:
        file.seek(end - 76)
        found = file.read(_END64.size)
        if found[:4] == b"PK\6\6":
            directory, end = int(_END64.unpack(found)[8]), end - 76
    if directory > end:
        raise ExtractionRefused("The archive's directory is larger than the archive.")
    at, count = end - directory, 0
    while at + 46 <= end:
        file.seek(at)
        head = file.read(46)
        if head[:4] != b"PK\1\2":
            break
        at += 46 + sum(struct.unpack_from("<3H", head, 28))
        count += 1
        if count > limits.members:
            raise ExtractionRefused(f"The archive has more than {limits.members} members.")


def _judge(entries: List[zipfile.ZipInfo], directory: int, meter: Meter) -> None:
    """What can be refused by the directory alone: encryption, unknown methods, members within members, sizes."""
    total = 0
    for number, entry in enumerate(entries):
        if entry.flag_bits & _ENCRYPTED:
            raise ExtractionRefused("is encrypted.", entry.filename)
        if entry.compress_type not in _METHODS:
            raise ExtractionRefused(
                f"is packed with method {entry.compress_type}, which is not known.", entry.filename
            )
        end = entry.header_offset + _LOCAL + len(entry.orig_filename) + entry.compress_size
        following = entries[number + 1].header_offset if number + 1 < len(entries) else directory
        if end > following:
            raise ExtractionRefused("overlaps what comes after it.", entry.filename)
        total += entry.file_size
        meter.promise(total, entry.filename)


def _name(entry: zipfile.ZipInfo) -> str:
    """The whole name, also behind a NUL, with forward slashes (some writers use the others)."""
    return entry.orig_filename.replace("\\", "/")


def _is_packaging(name: str) -> bool:
    parts = name.lower().split("/")
    return (
        parts[0] == "_rels"
        or parts[:3] == ["package", "services", "metadata"]
        or parts == ["[content_types].xml"]
    )


def _member(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, name: str) -> Member:
    mode = entry.external_attr >> 16
    kind = stat.S_IFMT(mode)
    found = Member(name, FILE, entry.file_size, stat.S_IMODE(mode) if mode else None, _time(entry))
    if name.endswith("/") or kind == stat.S_IFDIR:
        return found._replace(kind=FOLDER)
    if kind == stat.S_IFLNK:
        if entry.file_size > _LONGEST_LINK:
            raise ExtractionRefused("is a link to a name that is too long.", name)
        return found._replace(kind=LINK, target=os.fsdecode(b"".join(_data(archive, entry))))
    if kind not in (0, stat.S_IFREG):
        raise ExtractionRefused("is a device, a FIFO or the like.", name)
    return found._replace(data=lambda: _data(archive, entry))


def _data(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    with archive.open(entry) as file:
        for part in iter(lambda: file.read(_READ), b""):
            yield part


def _time(entry: zipfile.ZipInfo) -> Optional[float]:
    """The archive does not say which zone its times are of; UTC is taken, the same on every machine."""
    year, month, day, hour, minute, second = entry.date_time
    if not (1 <= month <= 12 and 1 <= day <= 31):
        return None
    return float(calendar.timegm((year, month, day, hour, minute, second)))
