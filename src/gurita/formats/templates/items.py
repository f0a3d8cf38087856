"""Where a path leads: places in the tree of variables, pieces of JSON, and what a loop has bound (runtime formats 2.3)."""

from __future__ import annotations

from typing import Any, Dict, Iterable, List, Mapping, NamedTuple, Optional, Union

from gurita.formats.templates.dotnet.integers import read_int32
from gurita.formats.templates.nodes import First, Index, Name, Path, Step
from gurita.formats.templates.paths import folded, read_path, shown
from gurita.formats.templates.printing import printed_path

__all__ = ["Data", "Item", "Pair", "Place", "Scope", "Tree", "child_key", "step_into"]


class Place(NamedTuple):
    """A place in the tree. `key` is its path folded, `path` as it was written, `own` the text of its index."""

    key: str
    path: Union[str, Path]
    own: Optional[str]

    @property
    def shown(self) -> str:
        """The path for people."""
        return self.path if isinstance(self.path, str) else printed_path(self.path)


class Data(NamedTuple):
    """A piece of JSON, or a text."""

    value: Any


class Pair(NamedTuple):
    """A member of a JSON object, as a loop gives it."""

    name: str
    value: Any


Item = Union[Place, Data, Pair]


class Scope:
    """What one turn of a loop has bound."""

    __slots__ = ("flat", "item", "name", "parent")

    def __init__(self, name: str, item: Item, turn: int, last: bool, parent: Optional[Scope]) -> None:
        self.name, self.item, self.parent = f".{folded(name)}", item, parent
        self.flat = {
            ".octopus.template.each.index": str(turn),
            ".octopus.template.each.first": str(turn == 0),
            ".octopus.template.each.last": str(last),
        }


class Tree:
    """The places that the names of variables make, in the order of the variables. Made once, and only if something asks
    for a place that has no variable of its own."""

    def __init__(self, names: Iterable[str]) -> None:
        self._children: Dict[str, Dict[str, Place]] = {}
        for name in names:
            path = read_path(name)
            if path is not None:
                self._add(path.steps)

    def _add(self, steps: Iterable[Step]) -> None:
        key = written = ""
        for step in steps:
            own = shown(step)
            name = child_key(key, step)
            written = f"{written}[{own}]" if not isinstance(step, Name) else f"{written}.{own}".lstrip(".")
            around = self._children.setdefault(key, {})
            if name not in around:
                around[name] = Place(name, written, None if isinstance(step, Name) else own)
            key = name

    def child(self, key: str, name: str) -> Optional[Place]:
        """The place of that key below another."""
        return self._children.get(key, {}).get(name)

    def elements(self, key: str) -> List[Place]:
        """The places with an index right below another."""
        return [place for place in self._children.get(key, {}).values() if place.own is not None]


def child_key(key: str, step: Step) -> str:
    """The key of a place one step further."""
    return f"{key}.{folded(step.text)}" if isinstance(step, Name) else f"{key}[{folded(shown(step))}]"


def step_into(value: Any, step: Step) -> Optional[Item]:
    """One step into JSON. A missing member or element is an empty text; None when the value has neither, and for a step
    into an array that is no number."""
    if isinstance(value, Mapping):
        if isinstance(step, First):
            return Data(next(iter(value.values()), ""))
        return Data(value.get(shown(step), ""))
    if isinstance(value, list):
        if isinstance(step, First):
            return Data(value[0] if value else "")
        at = read_int32(shown(step)) if isinstance(step, (Index, Name)) else None
        if at is None:
            return None
        return Data(value[at] if 0 <= at < len(value) else "")
    return None
