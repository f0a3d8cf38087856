"""Variables as the formats take them, and the splicing of values into texts."""

from __future__ import annotations

from typing import Callable, Dict, Iterable, List, Mapping, NamedTuple, Tuple

__all__ = ["Change", "Edit", "Wanted", "by_structure", "spliced"]


class Edit(NamedTuple):
    """Characters `start` to `end` of a text become `text`."""

    start: int
    end: int
    text: str


class Change(NamedTuple):
    """A text after replacement: the names of the variables used, in their order, and what somebody should know."""

    text: str
    names: Tuple[str, ...] = ()
    warnings: Tuple[str, ...] = ()


class Wanted:
    """Variables a format may use, found by names in any case. Notes which were used."""

    def __init__(self, variables: Mapping[str, str], fits: Callable[[str], bool]) -> None:
        self._found: Dict[str, Tuple[str, str]] = {}
        self._used: Dict[str, None] = {}
        self.warnings: List[str] = []
        for name, value in variables.items():
            if fits(name):
                self._found[name.lower()] = (name, value)

    def __bool__(self) -> bool:
        return bool(self._found)

    def find(self, place: str) -> "Tuple[str, str] | None":
        """The name as it was written and the value for a place; None when there is none."""
        return self._found.get(place.lower())

    def use(self, name: str) -> None:
        """A variable has replaced something."""
        self._used.setdefault(name)

    def warn(self, text: str) -> None:
        """Something to tell, once."""
        if text not in self.warnings:
            self.warnings.append(text)

    def change(self, text: str) -> Change:
        """What came of it."""
        order = {name: number for number, (name, _) in enumerate(self._found.values())}
        return Change(text, tuple(sorted(self._used, key=order.__getitem__)), tuple(self.warnings))


def by_structure(name: str) -> bool:
    """Whether a variable may name a place in JSON or YAML: those of the server itself do not, but `Octopus:…` does."""
    return not name.lower().startswith("octopus") or name.lower().startswith("octopus:")


def spliced(text: str, edits: Iterable[Edit]) -> str:
    """The text with edits made. They do not overlap."""
    out: List[str] = []
    at = 0
    for edit in sorted(edits):
        out += (text[at : edit.start], edit.text)
        at = edit.end
    out.append(text[at:])
    return "".join(out)
