"""What a package says of itself: the nuspec of a `.nupkg`, the manifest of a `.jar`. Read with limits, since anybody may have made it.

Nothing is unpacked to disk; one small member is read into memory, and XML is parsed without DTD, entities or network.
"""

from __future__ import annotations

import struct
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from gurita.kernel.errors import Invalid

__all__ = ["Description", "read_archive"]

_LARGEST_MEMBER = 1 << 20
_LARGEST_DIRECTORY = 64 << 20
_LONGEST_TEXT = 200_000
_END, _END64_LOCATOR, _END64 = b"PK\x05\x06", b"PK\x06\x07", b"PK\x06\x06"
_BROKEN = (
    zipfile.BadZipFile,
    RuntimeError,
    NotImplementedError,
    zlib.error,
    EOFError,
    OSError,
    ValueError,
    struct.error,
)


@dataclass(frozen=True, slots=True)
class Description:
    """`package_id` and `version` are "" where the file's name alone counts."""

    package_id: str = ""
    version: str = ""
    title: str = ""
    summary: str = ""
    description: str = ""
    release_notes: str = ""


def read_archive(file: Path, extension: str, name: str) -> Description:
    """What the archive says. Raises Invalid, naming it, when a `.nupkg` cannot be read; other kinds then say nothing."""
    kind = extension.lower()
    if kind == ".nupkg":
        try:
            return _of_nuspec(_member(file, ".nuspec"))
        except _BROKEN as error:
            raise Invalid(
                f"{name}: is no NuGet package that can be read: {error}. Nothing of it was kept."
            ) from None
    if kind in (".jar", ".war", ".ear"):
        try:
            return _of_manifest(_member(file, "META-INF/MANIFEST.MF"))
        except _BROKEN:
            return Description()
    return Description()


def _member(file: Path, wanted: str) -> bytes:
    """The one member with this name, or with this extension at the root. Raises one of `_BROKEN`."""
    with file.open("rb") as opened:
        if _directory_size(opened) > _LARGEST_DIRECTORY:
            raise ValueError("its list of files is too large")
        with zipfile.ZipFile(opened) as archive:
            names = [one for one in archive.infolist() if _is(one.filename, wanted)]
            if len(names) != 1:
                raise ValueError(f"it has {len(names) or 'no'} {wanted} at its root, and must have one")
            with archive.open(names[0]) as member:
                content = member.read(_LARGEST_MEMBER + 1)
    if len(content) > _LARGEST_MEMBER:
        raise ValueError(f"its {wanted} is larger than 1 MiB")
    return content


def _is(name: str, wanted: str) -> bool:
    if not wanted.startswith("."):
        return name == wanted
    return "/" not in name and "\\" not in name and name.lower().endswith(wanted)


def _directory_size(file: IO[bytes]) -> int:
    """Bytes of a zip's central directory, before anything reads it whole. Raises ValueError for what is no zip."""
    file.seek(0, 2)
    size = file.tell()
    start = max(0, size - 65_557)
    file.seek(start)
    tail = file.read()
    end = tail.rfind(_END)
    if end < 0 or len(tail) - end < 22:
        raise ValueError("it is not a zip file, or was cut off")
    found = int(struct.unpack_from("<L", tail, end + 12)[0])
    locator = start + end - 20
    if found == 0xFFFFFFFF or (locator >= 0 and end >= 20 and tail[end - 20 : end - 16] == _END64_LOCATOR):
        file.seek(locator + 8)
        file.seek(int(struct.unpack("<Q", file.read(8))[0]))
        record = file.read(56)
        if record[:4] != _END64:
            raise ValueError("its zip64 record is missing")
        found = int(struct.unpack_from("<Q", record, 40)[0])
    file.seek(0)
    return found


def _of_nuspec(content: bytes) -> Description:
    from lxml import etree

    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, huge_tree=False
    )
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise ValueError(f"its nuspec is no XML ({error})") from None
    if root.getroottree().docinfo.internalDTD is not None:
        raise ValueError("its nuspec has a document type, which is not read")
    found: dict[str, str] = {}
    for one in root.iterfind("{*}metadata/*"):
        if isinstance(one.tag, str):
            found.setdefault(
                etree.QName(one).localname, "".join(map(str, one.itertext())).strip()[:_LONGEST_TEXT]
            )
    if not found.get("id") or not found.get("version"):
        raise ValueError("its nuspec has no id and version")
    return Description(
        found["id"],
        found["version"],
        found.get("title", ""),
        found.get("summary", ""),
        found.get("description", ""),
        found.get("releaseNotes", ""),
    )


def _of_manifest(content: bytes) -> Description:
    """The main section (the Java archive's manifest): `Name: value`, continued by lines that begin with a blank."""
    lines: list[str] = []
    for line in content.decode("utf-8", "replace").replace("\0", "").splitlines():
        if not line:
            break
        if line.startswith(" ") and lines:
            lines[-1] += line[1:]
        else:
            lines.append(line)
    found = {
        name.lower(): value.strip()[:_LONGEST_TEXT]
        for name, _, value in (one.partition(":") for one in lines)
    }
    return Description(
        title=found.get("implementation-title", ""), description=found.get("bundle-description", "")
    )
