"""What names mean: bindings of loops first, then variables, then what their JSON holds (runtime formats 2.3)."""

from __future__ import annotations

from typing import Any, Dict, List, Mapping, Optional, Protocol, Tuple

from gurita.formats.templates.items import Data, Item, Pair, Place, Scope, Tree, child_key, step_into
from gurita.formats.templates.json_texts import as_text, read_json
from gurita.formats.templates.nodes import First, Index, Name, NestedIndex, Path, Step
from gurita.formats.templates.paths import shown

__all__ = ["Known", "Looking", "Values"]

_REMEMBERED = 8 * 1024 * 1024
_JSON_KEPT = 64
_ROOT = Place("", "", None)


class Known(Protocol):
    """A value evaluated before."""

    text: Optional[str]
    missing: Tuple[str, ...]
    errors: Tuple[str, ...]


class Values(Protocol):
    """Evaluates the value of a place."""

    def value(self, place: Place, template: str) -> Optional[str]:
        """The text; None when there is none."""

    def spend(self, steps: int) -> None:
        """Counts work. Raises TooMuch."""


class Looking:
    """The meaning of names among variables that do not change. `values` has keys of paths; `names` are the variables' own."""

    def __init__(self, values: Mapping[str, str], names: Mapping[str, str]) -> None:
        self._values, self._names = values, names
        self._tree: Optional[Tree] = None
        self._known: Dict[str, Any] = {}
        self._remembered = 0
        self._json: Dict[str, Any] = {}

    def known(self, key: str) -> Optional[Any]:
        """What evaluating a place gave before."""
        return self._known.get(key)

    def remember(self, key: str, known: Any) -> None:
        """Keep what evaluating a place gave, while there is room."""
        self._remembered += len(known.text or "") + 200
        if self._remembered < _REMEMBERED:
            self._known[key] = known

    def text(self, path: Path, scope: Optional[Scope], by: Values) -> Optional[str]:
        """The text at a path; None when there is none."""
        if path.key is not None and scope is None:
            found = self._values.get(path.key)
            if found is not None:
                return by.value(Place(path.key, path, None), found) if "#{" in found else found
        item = self.item(path, scope, by)
        return None if item is None else self._text_of(item, by)

    def item(self, path: Path, scope: Optional[Scope], by: Values) -> Optional[Item]:
        """Where a path leads: loops from the inside out, then the variables."""
        steps = self._settled(path, scope, by)
        if steps is None:
            return None
        whole = "".join(child_key("", step) for step in steps)
        while scope is not None:
            found: Optional[Item] = None
            if child_key("", steps[0]) == scope.name:
                found = self._walk(scope.item, steps[1:], by)
            elif whole in scope.flat:
                found = Data(scope.flat[whole])
            if found is not None:
                return found
            scope = scope.parent
        if whole in self._values:
            last = steps[-1]
            return Place(whole, Path(steps, whole), None if isinstance(last, Name) else shown(last))
        return self._walk(_ROOT, steps, by)

    def elements(self, path: Path, scope: Optional[Scope], by: Values) -> List[Item]:
        """What a loop runs over: places with an index, else elements or members of JSON, else pieces between commas."""
        item = self.item(path, scope, by)
        if item is None:
            return []
        if isinstance(item, Place):
            places = self.tree.elements(item.key)
            if places:
                return list(places)
        text = self._text_of(item, by)
        if text is None:
            return []
        value = self._data(item, text, by)
        if isinstance(value, dict):
            return [Pair(name, each) for name, each in value.items()]
        if isinstance(value, list):
            return [Data(each) for each in value]
        by.spend(text.count(","))
        return [Data(each) for each in text.split(",")]

    @property
    def tree(self) -> Tree:
        """The places that names make."""
        if self._tree is None:
            self._tree = Tree(self._names.values())
        return self._tree

    def _settled(self, path: Path, scope: Optional[Scope], by: Values) -> Optional[Tuple[Step, ...]]:
        """The steps, inner paths replaced by their texts; None when one of those is missing."""
        if path.key is not None:
            return path.steps
        found: List[Step] = []
        for step in path.steps:
            if isinstance(step, NestedIndex):
                text = self.text(step.path, scope, by)
                if text is None:
                    return None
                step = Index(text.strip())
            found.append(step)
        return tuple(found)

    def _walk(self, item: Item, steps: Tuple[Step, ...], by: Values) -> Optional[Item]:
        for step in steps:
            following = self._step(item, step, by)
            if following is None:
                return None
            item = following
        return item

    def _step(self, item: Item, step: Step, by: Values) -> Optional[Item]:
        if isinstance(item, Pair):
            name = shown(step).lower()
            return Data(item.name) if name == "key" else Data(item.value) if name == "value" else None
        if isinstance(item, Place):
            places = self.tree.elements(item.key) if isinstance(step, First) else []
            found = places[0] if places else self.tree.child(item.key, child_key(item.key, step))
            if found is not None:
                return found
            text = self._text_of(item, by)
            return None if text is None else step_into(self._read(by, text), step)
        value = item.value
        return step_into(self._read(by, value) if isinstance(value, str) else value, step)

    def _text_of(self, item: Item, by: Values) -> Optional[str]:
        if isinstance(item, Place):
            template = self._values.get(item.key)
            return item.own if template is None else by.value(item, template)
        return as_text(item.name if isinstance(item, Pair) else item.value)

    def _data(self, item: Item, text: str, by: Values) -> Any:
        if isinstance(item, Data) and not isinstance(item.value, str):
            return item.value
        return self._read(by, text)

    def _read(self, by: Values, text: str) -> Any:
        if text in self._json:
            return self._json[text]
        if len(self._json) >= _JSON_KEPT:
            self._json.clear()
        by.spend(len(text) // 50)
        value = self._json[text] = read_json(text)
        return value
