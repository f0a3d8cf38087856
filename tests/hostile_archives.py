"""Archives built by hand, most of them hostile: each does one thing wrong."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import stat
import struct
import tarfile
import warnings
import zipfile
from collections.abc import Callable, Iterable

__all__ = ["HOSTILE", "Hostile", "entry", "link", "special", "tar_of", "zip_of"]

Hostile = tuple[str, Callable[[], bytes], str]
"""Extension, what makes the bytes, and a piece of the refusal."""


def zip_of(*members: tuple[str | zipfile.ZipInfo, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip of names (or entries) and contents."""
    out = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(out, "w", method) as archive:
        warnings.simplefilter("ignore", UserWarning)
        for name, data in members:
            archive.writestr(_plain(name) if isinstance(name, str) else name, data, compress_type=method)
    return out.getvalue()


def _plain(name: str) -> zipfile.ZipInfo:
    """An entry as zipfile makes it of a name, but for the time of day."""
    made = zipfile.ZipInfo(name)
    made.external_attr = 0o40775 << 16 | 0x10 if made.is_dir() else 0o600 << 16
    return made


def special(name: str, mode: int) -> zipfile.ZipInfo:
    """An entry with a Unix mode."""
    entry = zipfile.ZipInfo(name)
    entry.create_system = 3
    entry.external_attr = mode << 16
    return entry


def tar_of(*members: tarfile.TarInfo | tuple[str, bytes], pack: str = "") -> bytes:
    """A tar of entries or of names and contents; `pack` is gz, bz2 or xz."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.GNU_FORMAT) as archive:
        for member in members:
            if isinstance(member, tarfile.TarInfo):
                archive.addfile(member)
            else:
                entry = tarfile.TarInfo(member[0])
                entry.size = len(member[1])
                archive.addfile(entry, io.BytesIO(member[1]))
    plain = out.getvalue()
    packers = {"gz": lambda data: gzip.compress(data, mtime=0), "bz2": bz2.compress, "xz": lzma.compress}
    return packers[pack](plain) if pack else plain


def entry(name: str, kind: bytes, target: str = "") -> tarfile.TarInfo:
    """A tar entry without data."""
    found = tarfile.TarInfo(name)
    found.type, found.linkname = kind, target
    return found


def link(name: str, target: str) -> tarfile.TarInfo:
    """A symbolic link."""
    return entry(name, tarfile.SYMTYPE, target)


def _patched(data: bytes, before: bytes, after: bytes, *, count: int = -1) -> bytes:
    assert before in data
    assert len(before) == len(after)
    return data.replace(before, after, count)


def _flagged(data: bytes) -> bytes:
    """A zip whose directory says that its members are encrypted."""
    at = data.index(b"PK\1\2") + 8
    return data[:at] + b"\1\0" + data[at + 2 :]


def _method(data: bytes) -> bytes:
    at = data.index(b"PK\1\2") + 10
    return data[:at] + struct.pack("<H", 97) + data[at + 2 :]


def _overlapping() -> bytes:
    """Two entries of the directory that share one member's data."""
    data = zip_of(("a", b"x" * 100), ("b", b"y" * 100), method=zipfile.ZIP_STORED)
    at = data.rindex(b"PK\1\2") + 42
    return data[:at] + struct.pack("<I", 0) + data[at + 4 :]


def _many(count: int) -> bytes:
    return zip_of(*((f"f{number}", b"") for number in range(count)), method=zipfile.ZIP_STORED)


def _header_of(size: int) -> bytes:
    """A tar whose extended header claims to be larger than any header."""
    head = entry("x", tarfile.XHDTYPE)
    head.size = size
    return gzip.compress(head.tobuf(tarfile.USTAR_FORMAT) + b"1" * size + bytes(1024))


def _negative() -> bytes:
    raw = bytearray(tarfile.TarInfo("a").tobuf(tarfile.GNU_FORMAT))
    raw[124:136] = b"\xff" * 11 + b"\x00"
    raw[148:156] = b" " * 8
    raw[148:156] = b"%06o\0 " % sum(raw[:512])
    return bytes(raw) + bytes(1024)


def _zipped_bomb() -> bytes:
    return zip_of(("zeros", bytes(30_000_000)))


ZIP_NAMES: Iterable[tuple[str, str]] = (
    ("../evil", "'..'"),
    ("a/../../evil", "'..'"),
    ("..\\evil", "'..'"),
    ("/etc/evil", "absolute"),
    ("\\evil", "absolute"),
    ("C:/evil", "drive letter"),
    ("c:evil", "drive letter"),
    ("a/\x01b", "control character"),
    ("a\nb", "control character"),
    ("d/" * 101 + "f", "deep"),
    ("n" * 256, "longer"),
    ("/".join(["n" * 250] * 9), "longer"),
)

HOSTILE: dict[str, Hostile] = {
    **{
        f"zip name {name[:30]!r}": (".zip", lambda name=name: zip_of((name, b"x")), why)  # type: ignore[misc]
        for name, why in ZIP_NAMES
    },
    **{
        f"tar name {name[:30]!r}": (".tar", lambda name=name: tar_of((name, b"x")), why)  # type: ignore[misc]
        for name, why in ZIP_NAMES
        if "\\" not in name
    },
    "nupkg name that is coded": (".nupkg", lambda: zip_of(("lib/%2e%2e/%2e%2e/evil", b"x")), "'..'"),
    "zip name with NUL": (
        ".zip",
        lambda: _patched(zip_of(("evilX.txt", b"x")), b"evilX.txt", b"evil\0.txt"),
        "control character",
    ),
    "zip link out": (".zip", lambda: zip_of((special("l", stat.S_IFLNK | 0o777), b"../../etc")), "leads out"),
    "zip absolute link": (
        ".zip",
        lambda: zip_of((special("l", stat.S_IFLNK | 0o777), b"/etc/passwd")),
        "only relative",
    ),
    "zip device": (".zip", lambda: zip_of((special("d", stat.S_IFCHR | 0o666), b"")), "device"),
    "zip fifo": (".zip", lambda: zip_of((special("d", stat.S_IFIFO | 0o666), b"")), "device, a FIFO"),
    "zip through a link": (
        ".zip",
        lambda: zip_of((special("l", stat.S_IFLNK | 0o777), b"sub"), ("l/evil", b"x")),
        "below",
    ),
    "zip twice": (
        ".zip",
        lambda: _patched(zip_of(("a.txt", b"1"), ("b.txt", b"2")), b"b.txt", b"a.txt"),
        "twice",
    ),
    "zip in case only": (".zip", lambda: zip_of(("Web.config", b"1"), ("web.config", b"2")), "case only"),
    "zip folders in case only": (".zip", lambda: zip_of(("Lib/a", b"1"), ("lib/b", b"2")), "case only"),
    "zip in form only": (".zip", lambda: zip_of(("\u00e9", b"1"), ("e\u0301", b"2")), "case only"),
    "zip file as folder": (".zip", lambda: zip_of(("a", b"1"), ("a/b", b"2")), "below"),
    "zip encrypted": (".zip", lambda: _flagged(zip_of(("a", b"secret"))), "encrypted"),
    "zip unknown method": (".zip", lambda: _method(zip_of(("a", b"x"))), "method 97"),
    "zip bomb": (".zip", _zipped_bomb, "times its size"),
    "zip with too many": (".zip", lambda: _many(2001), "more than 2000 members"),
    "zip overlapping": (".zip", _overlapping, "overlaps"),
    "zip cut": (".zip", lambda: zip_of(("a", b"x" * 1000))[:-60], "end is missing"),
    "zip without beginning": (".zip", lambda: zip_of(("a", b"x" * 5000), method=0)[2000:], "damaged"),
    "zip empty file": (".zip", lambda: b"", "end is missing"),
    "zip with wrong checksum": (
        ".zip",
        lambda: _patched(zip_of(("a", b"hello"), method=0), b"hello", b"hellx"),
        "damaged",
    ),
    "zip local name differs": (
        ".zip",
        lambda: _patched(zip_of(("name1", b"x")), b"name1", b"name2", count=1),
        "damaged",
    ),
    "tar link out": (".tar", lambda: tar_of(link("l", "../x")), "leads out"),
    "tar absolute link": (".tar", lambda: tar_of(link("l", "/etc")), "only relative"),
    "tar link out through links": (
        ".tar",
        lambda: tar_of(link("d/up", "../"), link("out", "d/up/../x")),
        "leads out",
    ),
    "tar links in circles": (".tar", lambda: tar_of(link("a", "b/x"), link("b", "a/x")), "circles"),
    "tar through a link": (".tar", lambda: tar_of(link("l", "sub"), ("l/evil", b"x")), "below"),
    "tar over a link": (".tar", lambda: tar_of(link("l", "sub"), ("l", b"x")), "twice"),
    "tar link over a folder": (".tar", lambda: tar_of(("d/a", b"x"), link("d", "e")), "twice"),
    "tar hard link out": (
        ".tar",
        lambda: tar_of(entry("h", tarfile.LNKTYPE, "../../etc/passwd")),
        "'..'",
    ),
    "tar hard link to nothing": (
        ".tar",
        lambda: tar_of(entry("h", tarfile.LNKTYPE, "etc/passwd")),
        "no file of the archive",
    ),
    "tar hard link to a link": (
        ".tar",
        lambda: tar_of(link("l", "a"), entry("h", tarfile.LNKTYPE, "l")),
        "no file of the archive",
    ),
    "tar character device": (".tar", lambda: tar_of(entry("d", tarfile.CHRTYPE)), "a device"),
    "tar block device": (".tar.gz", lambda: tar_of(entry("d", tarfile.BLKTYPE), pack="gz"), "a device"),
    "tar fifo": (".tar", lambda: tar_of(entry("d", tarfile.FIFOTYPE)), "a FIFO"),
    "tar unknown kind": (".tar", lambda: tar_of(entry("d", b"Q")), "no file or folder"),
    "tar twice": (".tar", lambda: tar_of(("a", b"1"), ("a", b"2")), "twice"),
    "tar in case only": (".tar", lambda: tar_of(("a", b"1"), ("A", b"2")), "case only"),
    "tar bomb": (".tar.gz", lambda: tar_of(("zeros", bytes(30_000_000)), pack="gz"), "times its size"),
    "bz2 bomb": (".tar.bz2", lambda: tar_of(("zeros", bytes(30_000_000)), pack="bz2"), "times its size"),
    "xz bomb": (".tar.xz", lambda: tar_of(("zeros", bytes(30_000_000)), pack="xz"), "times its size"),
    "bomb behind the end": (
        ".tgz",
        lambda: gzip.compress(tar_of(("a", b"x")) + bytes(30_000_000)),
        "times its size",
    ),
    "tar with too many": (".tar", lambda: tar_of(*((f"f{n}", b"") for n in range(2001))), "more than 2000"),
    "tar header too large": (".tgz", lambda: _header_of(2_000_000), "header of the archive is too large"),
    "tar size below zero": (".tar", _negative, "a"),
    "tar cut in a file": (".tar", lambda: tar_of(("a", b"x" * 5000))[:2000], "damaged"),
    "tar cut between files": (".tar", lambda: tar_of(("a", b"x"), ("b", b"y"))[:1024], "ends in the middle"),
    "tar damaged header": (
        ".tar",
        lambda: tar_of(("a", b"x"), ("b", b"y"))[:1024] + b"junk" * 256,
        "ends in the middle, or is damaged",
    ),
    "tar.gz cut": (".tar.gz", lambda: tar_of(("a", bytes(range(256)) * 40), pack="gz")[:-20], "middle"),
    "tar.gz wrong checksum": (
        ".tar.gz",
        lambda: tar_of(("a", b"x"), pack="gz")[:-8] + b"\0\0\0\0\0\0\0\0",
        "damaged",
    ),
    "tar.gz with garbage behind": (".tgz", lambda: tar_of(("a", b"x"), pack="gz") + b"garbage", "damaged"),
    "tar.bz2 cut": (".tar.bz2", lambda: tar_of(("a", bytes(5000)), pack="bz2")[:-20], "middle"),
    "tar.xz cut": (".tar.xz", lambda: tar_of(("a", bytes(5000)), pack="xz")[:-20], "middle"),
    "tar that is a zip": (".tar.gz", lambda: zip_of(("a", b"x")), "damaged"),
    "zip that is a tar": (".zip", lambda: tar_of(("a", b"x")), "no zip file"),
    "tar empty file": (".tar", lambda: b"", "damaged"),
    "tar.gz empty file": (".tar.gz", lambda: b"", "middle"),
    "unknown extension": (".7z", lambda: b"7z", ".7z cannot be unpacked"),
}
"""By what is wrong; for limits of 2000 members and a ratio of 100 from 3 MB on."""
