"""Unpacks archives: the only code of the product that does (docs/subsystems/packages.md, "Archives")."""

from __future__ import annotations

import contextlib
import errno
import lzma
import os
import shutil
import struct
import tarfile
import zipfile
import zlib
from typing import BinaryIO, Callable, Iterator, NamedTuple, TypeVar

from gurita.formats.extraction_tree import ExtractionRefused, Limits, Member, Meter, Tree
from gurita.formats.tar_members import TARS, tar_members
from gurita.formats.zip_members import ZIPS, zip_members

__all__ = ["DEFAULT", "EXTENSIONS", "Extracted", "ExtractionRefused", "Limits", "extract"]

_T = TypeVar("_T")

DEFAULT = Limits()
EXTENSIONS = (*ZIPS, *TARS)
"""What can be unpacked, by the extension of its name in lower case."""

_DAMAGED = (
    EOFError,
    zlib.error,
    lzma.LZMAError,
    tarfile.TarError,
    zipfile.BadZipFile,
    struct.error,
    ValueError,
    RuntimeError,
    OverflowError,
    LookupError,
    MemoryError,
)


class Extracted(NamedTuple):
    """What was unpacked: files (links too) and bytes."""

    files: int
    bytes: int


def extract(archive: str, into: str, *, extension: str, limits: Limits = DEFAULT) -> Extracted:
    """Unpack `archive` into the folder `into`, which must not exist; its parent must.

    Raises ExtractionRefused, naming the member and the reason, for anything that is not a plain tree of files, folders and
    links inside, or is damaged; FileExistsError; OSError for the disk. In every case but success nothing is left.
    """
    extension = extension.lower()
    if extension not in EXTENSIONS:
        raise ExtractionRefused(
            f"{extension or 'A file without extension'} cannot be unpacked; use {', '.join(EXTENSIONS)}."
        )
    with open(archive, "rb") as file:
        os.mkdir(into)
        try:
            return _extract(file, into, extension, limits)
        except BaseException:
            shutil.rmtree(into, ignore_errors=True)
            raise


def _extract(file: BinaryIO, into: str, extension: str, limits: Limits) -> Extracted:
    meter = Meter(limits, os.fstat(file.fileno()).st_size)
    members = (
        zip_members(file, limits, meter, extension)
        if extension in ZIPS
        else tar_members(file, TARS[extension], meter)
    )
    with contextlib.closing(Tree(into, limits, meter)) as tree:
        for member in _guarded(members, ""):
            tree.add(member._replace(data=_reading(member)))
        tree.finish()
        return Extracted(tree.files, meter.bytes)


def _reading(member: Member) -> Callable[[], Iterator[bytes]]:
    return lambda: _guarded(member.data(), member.name)


def _guarded(parts: Iterator[_T], member: str) -> Iterator[_T]:
    """What goes wrong with reading is a refusal; what goes wrong with writing is not met here."""
    try:
        yield from parts
    except _DAMAGED as error:
        raise _damaged(error, member) from None
    except OSError as error:
        if error.errno not in (None, errno.EINVAL):
            raise
        raise _damaged(error, member) from None


def _damaged(error: Exception, member: str) -> ExtractionRefused:
    what = str(error) or ("it ends in the middle" if isinstance(error, EOFError) else type(error).__name__)
    return ExtractionRefused(f"{'is' if member else 'The archive is'} damaged: {what.rstrip('.')}.", member)
