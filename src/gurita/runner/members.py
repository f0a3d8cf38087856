"""Reads the members of an object that came as JSON, refusing what does not fit by its name."""

from __future__ import annotations

from typing import Any, Callable, Dict, List, Mapping, Sequence

from gurita.runner.refusals import Refusal

__all__ = ["Members"]


class Members:
    """An object of a request. `where` names it in refusals. Raises Refusal `bad-request`."""

    def __init__(self, where: str, given: object) -> None:
        if not isinstance(given, Mapping):
            raise Refusal("bad-request", f"{where} must be an object.")
        self.where = where
        self._given: Mapping[str, Any] = given

    def member(self, name: str, otherwise: object) -> Any:
        """A member as it came; null counts as missing."""
        found = self._given.get(name)
        return otherwise if found is None else found

    def checked(self, name: str, otherwise: object, what: str, fits: Callable[[Any], bool]) -> Any:
        """A member that `fits`; `what` says what it should have been."""
        found = self.member(name, otherwise)
        if not fits(found):
            raise Refusal("bad-request", f"{self.where}.{name} must be {what}.")
        return found

    def text(self, name: str, otherwise: str = "") -> str:
        """A text without NUL."""
        return str(self.checked(name, otherwise, "a text", lambda value: _are_texts([value], list)))

    def one_of(self, name: str, otherwise: str, known: Sequence[str]) -> str:
        """One of a few words."""
        return str(self.checked(name, otherwise, f"one of {', '.join(known)}", lambda value: value in known))

    def flag(self, name: str, otherwise: bool) -> bool:
        """True or false."""
        return bool(self.checked(name, otherwise, "true or false", lambda value: isinstance(value, bool)))

    def texts(self, name: str) -> List[str]:
        """A list of texts."""
        return list(self.checked(name, [], "a list of texts", lambda value: _are_texts(value, list)))

    def named_texts(self, name: str) -> Dict[str, str]:
        """An object of texts."""
        fits = lambda value: _are_texts(value, dict) and _are_texts(list(value.values()), list)  # noqa: E731
        return dict(self.checked(name, {}, "an object of texts", fits))

    def objects(self, name: str) -> List["Members"]:
        """A list of objects."""
        found = self.checked(name, [], "a list of objects", lambda value: isinstance(value, list))
        return [Members(f"{self.where}.{name}[{number}]", each) for number, each in enumerate(found)]

    def object(self, name: str) -> "Members":
        """An object; an empty one when it is missing."""
        return Members(f"{self.where}.{name}", self.member(name, {}))

    def seconds(self, name: str, otherwise: float) -> float:
        """A number of seconds, not below 0."""
        fits = lambda value: isinstance(value, (int, float)) and 0 <= value < 1e8  # noqa: E731
        return float(self.checked(name, otherwise, "a number of seconds, not below 0", fits))

    def whole(self, name: str, otherwise: int = 0) -> int:
        """A whole number, not below 0."""
        fits = lambda value: isinstance(value, int) and not isinstance(value, bool) and value >= 0  # noqa: E731
        return int(self.checked(name, otherwise, "a whole number, not below 0", fits))


def _are_texts(value: object, kind: type) -> bool:
    return isinstance(value, kind) and all(
        isinstance(item, str) and "\0" not in item for item in _items(value)
    )


def _items(value: Any) -> Sequence[object]:
    return list(value)
