"""YAML as plain text: every scalar stays the text it is, so that a version `1.10` is no number.

Bounded in depth and size, and without anchors' copies, tags and duplicate keys (security.md T20).
"""

from __future__ import annotations

from typing import Any

import yaml

__all__ = ["YamlError", "read_yaml"]

_DEEPEST = 40
_MOST_ALIASES = 1000

Node = str | list[Any] | dict[str, Any]


class YamlError(ValueError):
    """A text is no YAML that is read here; the message says why."""


def read_yaml(text: bytes) -> Node:
    """The first document: text, lists and maps. Raises YamlError."""
    loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
    try:
        return _Reader(yaml.parse(text, Loader=loader)).document()
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f" in line {mark.line + 1}" if mark else ""
        raise YamlError(f"it is no YAML{where}") from None
    except StopIteration:
        raise YamlError("it is empty") from None


class _Reader:
    def __init__(self, events: Any) -> None:
        self._events = iter(events)
        self._anchors: dict[str, Node] = {}
        self._aliases = 0

    def document(self) -> Node:
        event = next(self._events)
        while isinstance(event, (yaml.StreamStartEvent, yaml.DocumentStartEvent)):
            event = next(self._events)
        if isinstance(event, yaml.StreamEndEvent):
            raise YamlError("it is empty")
        return self._node(event, 0)

    def _node(self, event: Any, depth: int) -> Node:
        if depth > _DEEPEST:
            raise YamlError(f"it is nested deeper than {_DEEPEST} levels")
        if isinstance(event, yaml.AliasEvent):
            return self._alias(str(event.anchor))
        made: Node
        if isinstance(event, yaml.ScalarEvent):
            made = str(event.value)
        elif isinstance(event, yaml.SequenceStartEvent):
            made = self._sequence(depth)
        else:
            made = self._mapping(depth)
        if event.anchor:
            self._anchors[str(event.anchor)] = made
        return made

    def _alias(self, name: str) -> Node:
        """What an anchor holds: text only, since maps in maps in maps are how few bytes become many."""
        self._aliases += 1
        found = self._anchors.get(name)
        if not isinstance(found, str) or self._aliases > _MOST_ALIASES:
            raise YamlError("it uses aliases for more than a few texts")
        return found

    def _sequence(self, depth: int) -> list[Any]:
        items = []
        while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
            items.append(self._node(event, depth + 1))
        return items

    def _mapping(self, depth: int) -> dict[str, Any]:
        members: dict[str, Any] = {}
        while not isinstance(event := next(self._events), yaml.MappingEndEvent):
            key = self._node(event, depth + 1)
            if not isinstance(key, str):
                raise YamlError("a key is no text")
            if key in members:
                raise YamlError(f"the key '{key[:60]}' is there twice")
            members[key] = self._node(next(self._events), depth + 1)
        return members
