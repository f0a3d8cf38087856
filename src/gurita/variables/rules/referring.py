"""Which variables a text mentions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from gurita.formats.variables import references

__all__ = ["named_by", "references"]


def named_by(path: str, known: Mapping[str, str]) -> str | None:
    """The variable a path leads to: the one of that name, else the one whose text is read on from there as JSON.

    `known` maps folded names to names.
    """
    return next((known[each.casefold()] for each in _shorter(path) if each.casefold() in known), None)


def _shorter(path: str) -> Iterator[str]:
    """The path, then without its last part each time: `A[b].C`, `A[b]`, `A`."""
    while path:
        yield path
        if path.endswith("]"):
            path = path[: _opening(path)]
        else:
            cut = path.rfind(".")
            path = path[:cut] if cut > 0 else ""


def _opening(path: str) -> int:
    depth = 0
    for place in range(len(path) - 1, -1, -1):
        depth += (path[place] == "]") - (path[place] == "[")
        if depth == 0:
            return place
    return 0
