"""The built portal as it lies in the package: files with their compressed forms, read once."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from functools import cache
from pathlib import Path

__all__ = ["PortalFile", "PortalFiles", "portal_files"]

_FOLDER = Path(os.environ.get("GURITA_PORTAL") or Path(__file__).with_name("portal"))
"""Where the build lies. GURITA_PORTAL names another one, for work on the portal itself."""
_MEDIA = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".woff2": "font/woff2",
}
_CODINGS = (("br", ".br"), ("gzip", ".gz"))


@dataclass(frozen=True, slots=True)
class PortalFile:
    """One file. `forms` are its contents by content coding, as the build compressed them."""

    media: str
    plain: bytes
    forms: dict[str, bytes]

    def packed(self, accepted: str) -> tuple[str, bytes]:
        """The coding and the bytes for a client that sent `Accept-Encoding: accepted`; "" is no coding.

        A coding with q=0 is refused by the client (RFC 9110, 12.5.3).
        """
        offers = [each.strip().lower().replace(" ", "") for each in accepted.split(",")]
        wanted = {each.partition(";")[0] for each in offers if not each.endswith((";q=0", ";q=0.0"))}
        for coding in self.forms:
            if coding in wanted:
                return coding, self.forms[coding]
        return "", self.plain


@dataclass(frozen=True, slots=True)
class PortalFiles:
    """All files by their path below `/app/`, and a name for exactly this build; no files where none was built."""

    files: dict[str, PortalFile]
    build: str


def _read(folder: Path) -> dict[str, PortalFile]:
    packed = {suffix for _, suffix in _CODINGS}
    found: dict[str, PortalFile] = {}
    for file in sorted(folder.rglob("*")):
        media = _MEDIA.get(file.suffix)
        if file.suffix in packed or media is None or not file.is_file():
            continue
        beside = ((coding, file.with_name(file.name + suffix)) for coding, suffix in _CODINGS)
        forms = {coding: other.read_bytes() for coding, other in beside if other.is_file()}
        found[file.relative_to(folder).as_posix()] = PortalFile(media, file.read_bytes(), forms)
    return found


@cache
def portal_files(folder: Path = _FOLDER) -> PortalFiles:
    """The portal in `folder`."""
    files = _read(folder)
    page = files.get("index.html")
    return PortalFiles(files, hashlib.sha256(page.plain).hexdigest()[:12] if page else "")
