"""Artifactory's layouts: a regular expression that says which part of a path is the package and which the version."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

__all__ = ["LONGEST_PATH", "Layout", "LayoutError", "Named", "read_layout"]

_LONGEST = 1000
LONGEST_PATH = 512
"""Characters of a path that is matched at all."""

_NAMED = re.compile(r"\(\?<([A-Za-z][A-Za-z0-9_]*)>")


class LayoutError(ValueError):
    """A text is no layout; the message is a sentence."""


@dataclass(frozen=True, slots=True)
class Named:
    """What a path is the file of."""

    package_id: str
    version: str
    extension: str


@dataclass(frozen=True, slots=True)
class Layout:
    """A layout that has been read. `pattern` is in Python's spelling and is matched elsewhere, within a limit of time."""

    pattern: str

    def name(self, path: str, groups: Mapping[str, str | None]) -> Named | None:
        """The package and version of a path, by the groups that matched; None where one of them is empty.

        The id is the module below its organisation, `org/module`, where the layout has one.
        """
        text = {name: value or "" for name, value in groups.items()}
        owner = text.get("orgPath") or text.get("org") or ""
        module, version, build = text["module"], text["baseRev"], text.get("fileItegRev", "")
        extension = text.get("ext") or path.rpartition(".")[2]
        if not module or not version:
            return None
        id = f"{owner}/{module}" if owner else module
        return Named(id, f"{version}-{build}" if build else version, f".{extension}")


@lru_cache(maxsize=64)
def read_layout(text: str) -> Layout:
    """The layout of a regular expression as Artifactory shows it (Java's spelling of named groups). Raises LayoutError."""
    if len(text) > _LONGEST:
        raise LayoutError(f"has {len(text)} characters. Use at most {_LONGEST}.")
    try:
        pattern = re.compile(_NAMED.sub(r"(?P<\1>", text.strip()))
    except (re.error, RecursionError) as error:
        raise LayoutError(f"is no regular expression: {error}.") from None
    missing = [name for name in ("module", "baseRev") if name not in pattern.groupindex]
    if missing:
        raise LayoutError(
            f"has no group named {' and '.join(missing)}. Write it like (?<{missing[0]}>[^/]+)."
        )
    return Layout(pattern.pattern)
