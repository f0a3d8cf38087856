"""Variables put into YAML (runtime formats 5.3): values by their place, all that stands around them as it was."""

from __future__ import annotations

from typing import Dict, List, Mapping, Optional

from gurita.formats.configuration.encodings import line_end
from gurita.formats.configuration.errors import ConfigurationError, Unfit, Unreadable
from gurita.formats.configuration.values import Change, Edit, Wanted, by_structure, spliced
from gurita.formats.configuration.yaml_fragments import fragment_edit
from gurita.formats.configuration.yaml_scalars import scalar_text
from gurita.formats.configuration.yaml_spots import ALIAS, SCALAR, Spot, Yaml, read_yaml

__all__ = ["yaml_text"]


def yaml_text(text: str, variables: Mapping[str, str], *, guessed: bool = False) -> Change:
    """Replace what variables name, in every document. Comments, indents, anchors, tags and the style of each scalar stay. An
    alias is replaced where it stands, what it stands for is not. A text that is `guessed` to be YAML must hold a mapping or a list: every
    word is YAML. Raises Unreadable."""
    found = read_yaml(text)
    if guessed and all(spot.kind == SCALAR for spot in found.spots):
        raise Unreadable("it holds no mapping and no list")
    wanted = Wanted(variables, by_structure)
    edits = _Edits(found, wanted)
    changed = spliced(text, edits.all()) if wanted else text
    if edits.restructures:
        try:
            read_yaml(changed)
        except ConfigurationError as error:
            raise Unfit(f"with the values put in it would not be YAML any more: {error}") from None
    return wanted.change(changed)


class _Edits:
    """`restructures` tells afterwards that a whole container was put in, whose text was somebody else's."""

    def __init__(self, document: Yaml, wanted: Wanted) -> None:
        self._document = document
        self._wanted = wanted
        self._end = line_end(document.text)
        self._anchored: Dict[str, Spot] = {}
        self.restructures = False

    def all(self) -> List[Edit]:
        """What to do, from the top down; what lies in something replaced is gone with it."""
        edits: List[Edit] = []
        until = -1
        for spot in self._document.spots:
            if spot.anchor and spot.kind != ALIAS:
                self._anchored[spot.anchor] = spot
            named = self._wanted.find(spot.place) if spot.place else None
            if named is None or spot.start < until:
                continue
            name, value = named
            edit = self._edit(spot, name, value)
            if edit is not None:
                edits.append(edit)
                until = spot.end
                self._wanted.use(name)
        return edits

    def _edit(self, spot: Spot, name: str, value: str) -> Optional[Edit]:
        text = self._document.text
        like = self._like(spot)
        if like.kind != SCALAR:
            if self._is_needed(spot):
                self._wanted.warn(
                    f"'{name}' was not used: an anchor within '{spot.place}' is used elsewhere in the file."
                )
                return None
            self.restructures = True
            return fragment_edit(self._document, spot, value, self._end)
        if not spot.open:
            self._wanted.warn(f"'{name}' was not used: '{spot.place}' has no ':' to put a value behind.")
            return None
        new = scalar_text(text, like, value, self._end)
        if spot.start == spot.end and text[spot.start - 1 : spot.start] not in " \t\n":
            new = f" {new}"
        return Edit(spot.start, spot.end, new)

    def _like(self, spot: Spot) -> Spot:
        """What an alias stands for, at the alias's own place; a block scalar cannot be there and becomes quoted."""
        if spot.kind != ALIAS:
            return spot
        stands_for = self._anchored.get(spot.anchor or "", spot)
        style = '"' if stands_for.style in ("|", ">") else stands_for.style
        kind = stands_for.kind if stands_for is not spot else SCALAR
        return stands_for._replace(style=style, kind=kind, tag=None, in_flow=spot.in_flow, parent=spot.parent)

    def _is_needed(self, spot: Spot) -> bool:
        """Whether an alias behind a container is defined in it."""
        holds: Dict[str, bool] = {}
        for other in self._document.spots:
            inside = spot.start <= other.start < spot.end and other is not spot
            if other.kind != ALIAS and other.anchor:
                holds[other.anchor] = inside
            elif other.kind == ALIAS and other.start >= spot.end and holds.get(other.anchor or ""):
                return True
        return False
