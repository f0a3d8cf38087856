"""Package ids and versions in file names: of uploads, and in a target's cache (runtime-formats.md 6.4)."""

from __future__ import annotations

import re
from typing import NamedTuple, Optional
from urllib.parse import quote, unquote

__all__ = [
    "LONGEST_NAME",
    "CachedName",
    "PackageName",
    "PackageNameError",
    "cache_name",
    "read_cache_name",
    "read_file_name",
]

LONGEST_NAME = 255
"""Characters of a file name; in the cache, bytes as well."""

_TAR = re.compile(r"\.tar(?:\.[A-Za-z0-9]+)?", re.IGNORECASE)
_ID = re.compile(r"\w+(?:[.\-]\w+)*")
_LABELS = r"[0-9A-Za-z\-]+(?:\.[0-9A-Za-z\-]+)*"
_VERSION = re.compile(r"\d+(?:\.\d+){0,3}(?:-" + _LABELS + r")?(?:\+" + _LABELS + r")?", re.ASCII)
_NUMBERS = re.compile(r"\d+(?:\.\d+){0,3}(?![0-9A-Za-z])", re.ASCII)
_EXTENSION = re.compile(r"(?:\.(?:[A-Za-z][A-Za-z0-9]*|7[zZ]))+")
_HASH = re.compile(r"[0-9a-f]{32}")


class PackageNameError(ValueError):
    """A file name holds no package id and version; the message is a sentence that says what to do."""


class PackageName(NamedTuple):
    """What a file name says. `extension` has its dot in front: `.zip`, `.tar.gz`."""

    id: str
    version: str
    extension: str


class CachedName(NamedTuple):
    """What a name in a target's package cache says. `hash` is the first 32 hexadecimal digits of the SHA-256."""

    id: str
    version: str
    extension: str
    hash: str


def read_file_name(name: str) -> PackageName:
    """Id, version and extension of `My.App.1.2.3-beta.1.tar.gz`: the version starts at the first number between dots
    that leaves something to read. For `.nupkg` what is inside the archive counts, not this. Raises PackageNameError.
    """
    if len(name) > LONGEST_NAME:
        raise PackageNameError(
            "A file name has at most {} characters, this one {}. Rename the file.".format(
                LONGEST_NAME, len(name)
            )
        )
    at = name.find(".", 1)
    while at != -1:
        if name[at + 1 : at + 2] in tuple("0123456789"):
            split = _version_length(name[at + 1 :])
            if split is not None and _ID.fullmatch(name, 0, at):
                end = at + 1 + split
                return PackageName(name[:at], name[at + 1 : end], name[end:])
        at = name.find(".", at + 1)
    raise PackageNameError(
        "'{}' does not say which package and version it is. "
        "Rename the file to Id.Version.extension, such as Acme.Web.1.2.3.zip.".format(name)
    )


def _version_length(rest: str) -> Optional[int]:
    """How much of a text is the version; the remainder is the extension. None if it cannot be read so."""
    dots = [dot.start() for dot in re.finditer(r"\.", rest)]
    tar = next((dot for dot in dots if _TAR.fullmatch(rest, dot)), None)
    if tar is not None:
        return tar if _VERSION.fullmatch(rest, 0, tar) else None
    numbers = _NUMBERS.match(rest)
    if numbers is None:
        return None
    if rest[numbers.end() : numbers.end() + 1] in ("-", "+"):
        last = dots[-1] if dots else -1
        return last if _VERSION.fullmatch(rest, 0, last) and _EXTENSION.fullmatch(rest, last) else None
    return numbers.end() if _EXTENSION.fullmatch(rest, numbers.end()) else None


def cache_name(id: str, version: str, extension: str, sha256: str) -> str:
    """The file name of a package in a target's cache, `Id@Version@hash.extension` with escaped parts.

    `sha256` is in hexadecimal; its first 32 digits count; `extension` has its dot. Raises
    PackageNameError for a name no file system takes.
    """
    digits = sha256[:32].lower()
    if not _HASH.fullmatch(digits):
        raise PackageNameError("'{}' is no SHA-256 in hexadecimal.".format(sha256))
    suffix = "." + quote(extension[1:], safe="") if extension else ""
    name = "{}@{}@{}{}".format(quote(id, safe=""), quote(version, safe=""), digits, suffix)
    if not id or not version or len(name) > LONGEST_NAME:
        raise PackageNameError(
            "Package '{}' version '{}' makes a file name of {} characters; 1 to {} for each part and all.".format(
                id, version, len(name), LONGEST_NAME
            )
        )
    return name


def read_cache_name(name: str) -> CachedName:
    """What a name in the cache says. Raises PackageNameError for any other file's name."""
    id, _, rest = name.partition("@")
    version, _, rest = rest.partition("@")
    digits, dot, extension = rest[:32], rest[32:33], rest[33:]
    if not (id and version and _HASH.fullmatch(digits) and dot in ("", ".")) or (dot and not extension):
        raise PackageNameError("'{}' is no name of the package cache.".format(name))
    return CachedName(unquote(id), unquote(version), dot + unquote(extension), digits)
