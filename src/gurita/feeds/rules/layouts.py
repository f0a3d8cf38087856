"""Artifactory's layouts: a regular expression that says which part of a path is the package and which the version."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

__all__ = ["LayoutError", "Named", "read_layout"]

_LONGEST = 1000
_LONGEST_PATH = 512
_NAMED = re.compile(r"\(\?<([A-Za-z][A-Za-z0-9_]*)>")
# A group that repeats and holds something that repeats: the shape that takes time exponential in the path.
_RUNAWAY = re.compile(r"[+*}]\??\)+[+*{]")


class LayoutError(ValueError):
    """A text is no layout; the message is a sentence."""


@dataclass(frozen=True, slots=True)
class Named:
    """What a path is the file of."""

    package_id: str
    version: str
    extension: str


class Layout:
    """A layout that has been read."""

    def __init__(self, pattern: re.Pattern[str]) -> None:
        self._pattern = pattern

    def read(self, path: str) -> Named | None:
        """The package and version of a path below the repository; None for a file of another layout.

        The id is the module below its organisation, `org/module`, where the layout has one.
        """
        path = path.lstrip("/")
        match = self._pattern.fullmatch(path) if len(path) <= _LONGEST_PATH else None
        if match is None:
            return None
        groups = {name: text or "" for name, text in match.groupdict().items()}
        owner = groups.get("orgPath") or groups.get("org") or ""
        module, version = groups["module"], groups["baseRev"]
        integration = groups.get("fileItegRev", "")
        extension = groups.get("ext") or path.rpartition(".")[2]
        whole = f"{version}-{integration}" if integration else version
        return (
            Named(f"{owner}/{module}" if owner else module, whole, f".{extension}")
            if module and version
            else None
        )


@lru_cache(maxsize=64)
def read_layout(text: str) -> Layout:
    """The layout of a regular expression as Artifactory shows it (Java's spelling of named groups). Raises LayoutError."""
    if len(text) > _LONGEST:
        raise LayoutError(f"has {len(text)} characters. Use at most {_LONGEST}.")
    if _RUNAWAY.search(text):
        raise LayoutError("repeats a group that itself repeats, which may run for ever. Write it without.")
    try:
        pattern = re.compile(_NAMED.sub(r"(?P<\1>", text.strip()))
    except (re.error, RecursionError) as error:
        raise LayoutError(f"is no regular expression: {error}.") from None
    missing = [name for name in ("module", "baseRev") if name not in pattern.groupindex]
    if missing:
        raise LayoutError(
            f"has no group named {' and '.join(missing)}. Write it like (?<{missing[0]}>[^/]+)."
        )
    return Layout(pattern)
