"""How documents are written to and read from their JSON column.

What an older or a newer version wrote must be readable: a member this version does not know goes to `extras`
when the document's struct has such a member (and back to where it was on the next save), and is left out where
it does not. Structs may forbid unknown members, which is for what clients send, not for what is stored.
"""

from __future__ import annotations

import re
from typing import Any, TypeVar

import msgspec

__all__ = ["JSON", "JsonCodec", "StoredFormat"]

T = TypeVar("T")

_UNKNOWN = re.compile(r"Object contains unknown field `(?P<name>.*?)`(?: - at `\$(?P<path>.*)`)?$", re.DOTALL)
_STEP = re.compile(r"\[\.\.\.\]|\[\d+\]|\.([^.\[]+)")
_MOST_UNKNOWN = 200


class StoredFormat(Exception):
    """A stored document cannot be read as what it should be. Names the document's kind and the member."""


class JsonCodec:
    """msgspec's JSON."""

    def __init__(self) -> None:
        self._encode = msgspec.json.Encoder().encode
        self._decoders: dict[type, msgspec.json.Decoder[Any]] = {}

    def write(self, doc: msgspec.Struct) -> str:
        """The document as JSON text, members of `extras` among its own."""
        extras = getattr(doc, "extras", None)
        if not extras:
            return self._encode(doc).decode()
        plain = msgspec.to_builtins(msgspec.structs.replace(doc, extras=_empty(type(doc))), str_keys=True)
        plain.pop(_names(type(doc))["extras"], None)
        return self._encode({**extras, **plain}).decode()

    def read(self, text: str, kind: type[T]) -> T:
        """The document a JSON text holds. Raises StoredFormat."""
        decoder = self._decoders.get(kind)
        if decoder is None:
            decoder = self._decoders[kind] = msgspec.json.Decoder(kind)
        try:
            value: T = decoder.decode(text)
        except msgspec.ValidationError:
            return _read_tolerantly(text, kind)
        return value


JSON = JsonCodec()


def _names(kind: type) -> dict[str, str]:
    return {each.name: each.encode_name for each in msgspec.structs.fields(kind)}


def _empty(kind: type) -> Any:
    for each in msgspec.structs.fields(kind):
        if each.name == "extras":
            return each.default if each.default is not msgspec.NODEFAULT else {}
    return {}


def _read_tolerantly(text: str, kind: type[T]) -> T:
    plain = msgspec.json.decode(text)
    names = _names(kind)
    extras: dict[str, Any] = {}
    if "extras" in names:
        known = set(names.values())
        extras = {name: plain.pop(name) for name in list(plain) if name not in known}
    for _ in range(_MOST_UNKNOWN):
        try:
            value = msgspec.convert(plain, kind, str_keys=True)
        except msgspec.ValidationError as error:
            if not _forget(plain, str(error)):
                raise StoredFormat(f"A stored {kind.__name__} cannot be read: {error}") from error
        else:
            if not extras:
                return value
            with_extras: T = msgspec.structs.replace(value, extras=extras)  # type: ignore[type-var]
            return with_extras
    raise StoredFormat(f"A stored {kind.__name__} has too many members this version does not know.")


def _forget(plain: Any, message: str) -> bool:
    """Leaves out the unknown member an error of msgspec names; False when it names none."""
    match = _UNKNOWN.match(message)
    if match is None:
        return False
    return _drop(plain, [step.group(1) for step in _STEP.finditer(match["path"] or "")], match["name"])


def _drop(node: Any, path: list[str | None], name: str) -> bool:
    if not path:
        return isinstance(node, dict) and node.pop(name, _drop) is not _drop
    if path[0] is None:
        members = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    else:
        members = [node[path[0]]] if isinstance(node, dict) and path[0] in node else []
    dropped = [_drop(member, path[1:], name) for member in members]
    return any(dropped)
