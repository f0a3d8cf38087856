"""Whole mappings and lists put into YAML: the value of a variable is read as YAML itself."""

from __future__ import annotations

from typing import Iterator, List, Optional

from gurita.formats.configuration.errors import ConfigurationError
from gurita.formats.configuration.values import Edit
from gurita.formats.configuration.yaml_scalars import double_quoted, scalar_text
from gurita.formats.configuration.yaml_spots import ALIAS, MAP, SCALAR, SEQUENCE, Spot, Yaml, read_yaml

__all__ = ["fragment_edit"]


def fragment_edit(document: Yaml, spot: Spot, value: str, end_of_line: str) -> Edit:
    """The container at `spot` becomes what `value` reads as; in double quotes if that is no YAML of one document that stands
    on its own. Flow styles keep to one line of the place, blocks take the indent of the place."""
    fragment = _read(value)
    text = document.text
    start, alone = _joined(document, spot)
    if fragment is None:
        return Edit(start, spot.end, alone + double_quoted(value))
    root = fragment.spots[0]
    in_block = spot.kind in (MAP, SEQUENCE) and not spot.style and not spot.in_flow
    is_block = root.kind != SCALAR and not root.style
    if not is_block or not in_block or _followed(text, spot.end):
        return Edit(start, spot.end, alone + _flow(fragment, spot))
    indent = _indent(spot, root)
    lines = _lines(fragment, root)
    body = end_of_line.join(
        f"{' ' * indent}{line}" if line and number else line for number, line in enumerate(lines)
    )
    return Edit(spot.start, spot.end, " " * (indent - spot.column) + body)


def _read(value: str) -> Optional[Yaml]:
    try:
        found = read_yaml(value)
    except ConfigurationError:
        return None
    anchors = {each.anchor for each in found.spots if each.kind != ALIAS}
    alone = all(each.anchor in anchors for each in found.spots if each.kind == ALIAS)
    return found if found.documents == 1 and found.bare and alone and found.spots[0].end else None


def _joined(document: Yaml, spot: Spot) -> "tuple[int, str]":
    """Where what fits on one line begins: behind the key when nothing but space is between, and what parts them."""
    between = document.text[spot.before : spot.start]
    if spot.style or between.strip() or "\n" not in between or not spot.before:
        return spot.start, ""
    return spot.before, " "


def _indent(spot: Spot, root: Spot) -> int:
    """A list may stand in the column of its key, a mapping may not."""
    if spot.column > spot.parent or root.kind == SEQUENCE:
        return spot.column
    return spot.parent + 2


def _followed(text: str, at: int) -> bool:
    rest = text[at : text.find("\n", at) if "\n" in text[at:] else len(text)]
    return bool(rest.strip())


def _lines(fragment: Yaml, root: Spot) -> List[str]:
    """The fragment's lines as from its first column."""
    lines = fragment.text[root.start - root.column : root.end].splitlines()
    return [line[min(root.column, len(line) - len(line.lstrip(" "))) :] if number else line[root.column :]
            for number, line in enumerate(lines)]  # fmt: skip


def _flow(fragment: Yaml, spot: Spot) -> str:
    """The fragment on one line: as it was written if it is, else anew in flow style."""
    root = fragment.spots[0]
    written = fragment.text[root.start : root.end]
    if root.kind == SCALAR:
        if root.style in ("'", '"') and "\n" not in written and root.tag is None:
            return written
        if root.style == "" and root.tag is None:
            return scalar_text("", root._replace(in_flow=spot.in_flow), root.value, "\n")
        return double_quoted(root.value)
    if root.style and not any(mark in written for mark in "\r\n#"):
        return written
    return _Flow(fragment).node()


class _Flow:
    """Writes values in flow style."""

    def __init__(self, fragment: Yaml) -> None:
        self._spots: Iterator[Spot] = iter(fragment.spots)
        self._following: Optional[Spot] = next(self._spots)

    def node(self) -> str:
        """The value that comes, and all in it."""
        spot = self._following
        assert spot is not None  # noqa: S101  asked for only where there is one
        self._following = next(self._spots, None)
        properties = f"&{spot.anchor} " if spot.anchor and spot.kind != ALIAS else ""
        if spot.kind == ALIAS:
            return f"*{spot.anchor} "
        if spot.kind == SCALAR:
            return properties + _scalar(spot)
        parts: List[str] = []
        while self._following is not None and self._following.start < spot.end:
            part = self.node()
            parts.append(f"{part}: {self.node()}" if spot.kind == MAP else part)
        return (
            f"{properties}{{{', '.join(parts)}}}" if spot.kind == MAP else f"{properties}[{', '.join(parts)}]"
        )


def _scalar(spot: Spot) -> str:
    if spot.style:
        return double_quoted(spot.value)
    return (spot.value and scalar_text("", spot._replace(in_flow=True), spot.value, "\n")) or "null"
