"""Which package and version a file is, and how versions sort in a database."""

from __future__ import annotations

import re
from dataclasses import dataclass

from gurita.formats.package_names import LONGEST_NAME, PackageNameError, read_file_name
from gurita.formats.versions import Version, VersionError, parse
from gurita.kernel.errors import Invalid
from gurita.kernel.ids import folded

__all__ = ["Identity", "identity", "identity_of_file", "version_key"]

_ID = re.compile(r"\w[\w.\-]*")


@dataclass(frozen=True, slots=True)
class Identity:
    """A package's id and version, as written and as they are compared."""

    package_id: str
    version: str
    extension: str
    key: bytes
    is_pre_release: bool

    @property
    def package_folded(self) -> str:
        return folded(self.package_id)

    @property
    def version_folded(self) -> str:
        return folded(self.version)

    @property
    def name_folded(self) -> str:
        return folded(f"{self.package_id}.{self.version}")


def identity_of_file(file_name: str) -> Identity:
    """From a file's name. Raises Invalid for one that holds a path, or says no id and version."""
    if not file_name:
        raise Invalid("The file has no name. Its name says which package and version it is.")
    if "/" in file_name or "\\" in file_name or any(ord(each) < 32 for each in file_name):
        raise Invalid(
            f"'{_shown(file_name)}' is a path. Send the file's name alone, such as Acme.Web.1.2.3.zip."
        )
    try:
        name = read_file_name(file_name)
    except PackageNameError as error:
        raise Invalid(str(error)) from None
    if not name.extension:
        raise Invalid(f"'{_shown(file_name)}' has no extension. Rename it, such as Acme.Web.1.2.3.zip.")
    return identity(name.id, name.version, name.extension)


def identity(package_id: str, version: str, extension: str = "") -> Identity:
    """Raises Invalid for an id or a version that cannot be."""
    if not _ID.fullmatch(package_id):
        raise Invalid(
            f"'{_shown(package_id)}' is no package id. Use letters, digits, dots, dashes and underscores."
        )
    if len(package_id) + len(version) + len(extension) + 1 > LONGEST_NAME:
        raise Invalid(f"The package id and version have more than {LONGEST_NAME - 1} characters together.")
    try:
        read = parse(version)
    except VersionError as error:
        raise Invalid(f"Version of {package_id}: {error}.") from None
    return Identity(package_id, version.strip(), extension, version_key(read), read.is_pre_release)


def version_key(version: Version) -> bytes:
    """Bytes that sort like the versions: four numbers, pre-releases first, then their labels, piece by piece.

    Every database compares bytes alike, texts not. Numbers of labels are as long as one likes, so their length comes first.
    """
    numbers, stable, labels = version.precedence
    pieces = [b"".join(number.to_bytes(4, "big") for number in numbers), bytes([stable])]
    for is_word, number, word in labels:
        if is_word:
            pieces.append(b"\x03" + word.encode() + b"\x00")
        else:
            digits = str(number).encode()
            pieces.append(b"\x02" + len(digits).to_bytes(2, "big") + digits)
    return b"".join((*pieces, b"\x01"))


def _shown(text: str) -> str:
    return "".join(each if each.isprintable() else "?" for each in text[:100])
