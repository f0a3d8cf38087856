"""Messages that mention documents, and differences that never show a secret."""

from __future__ import annotations

import re
from collections.abc import Iterator
from copy import deepcopy
from html import escape
from typing import Any

import msgspec

from gurita.audit.resources import ChangeDetails, MessageReference

__all__ = ["MOST_DIFFERENCES", "changes", "document_type", "html", "mention", "undone", "unfolded"]

MOST_DIFFERENCES = 500

_MENTION = re.compile("\x02([^\x02\x03\x1f]+)\x1f([^\x02\x03\x1f]*)\x03")
_MARKS = re.compile("[\x02\x03\x1f]")


def mention(id: str, name: str) -> str:
    """A name inside a message that leads to its document. `unfolded` takes it apart."""
    return f"\x02{id}\x1f{_MARKS.sub('', name)}\x03"


def unfolded(message: str) -> tuple[str, list[MessageReference]]:
    """The message as people read it, and where it mentions documents."""
    text, found, at = "", [], 0
    for match in _MENTION.finditer(message):
        text += _MARKS.sub("", message[at : match.start()])
        found.append(
            MessageReference(referenced_document_id=match[1], start_index=len(text), length=len(match[2]))
        )
        text += match[2]
        at = match.end()
    return text + _MARKS.sub("", message[at:]), found


def html(text: str, references: list[MessageReference]) -> str:
    """The message with its mentions as links to the documents' ids; everything else escaped."""
    out, at = [], 0
    for one in references:
        end = one.start_index + one.length
        target = escape(one.referenced_document_id, quote=True)
        out.append(escape(text[at : one.start_index]))
        out.append(f"<a href='#/{target}'>{escape(text[one.start_index : end])}</a>")
        at = end
    return "".join(out) + escape(text[at:])


def document_type(id: str) -> str:
    """The kind of document an id names: `Environments` for `Environments-1`, the first word of derived ids."""
    return id.partition("-")[0]


def changes(before: Any, after: Any) -> ChangeDetails | None:
    """What differs between two versions of a document (structs or plain values); None without any version."""
    old, new = _plain(before), _plain(after)
    if old is None and new is None:
        return None
    if old is None or new is None:
        return ChangeDetails(document_context=new if old is None else old)
    found: list[dict[str, Any]] = []
    for difference in _differences(old, new, ""):
        if len(found) == MOST_DIFFERENCES:
            found.append({"Path": "", "Op": "more"})
            break
        found.append(difference)
    return ChangeDetails(differences=found)


def _plain(value: Any) -> Any:
    return None if value is None else _masked(msgspec.to_builtins(value, str_keys=True))


def _masked(value: Any) -> Any:
    if isinstance(value, dict):
        if "HasValue" in value:
            return {key: value[key] for key in ("HasValue", "SecretId") if key in value}
        return {key: _masked(item) for key, item in value.items() if key != "Version"}
    return [_masked(item) for item in value] if isinstance(value, list) else value


def _differences(old: Any, new: Any, path: str) -> Iterator[dict[str, Any]]:
    if old == new:
        return
    if isinstance(old, dict) and isinstance(new, dict) and "HasValue" not in old:
        yield from _members(old, new, path)
    elif (before := _by_id(old)) and (after := _by_id(new)):
        yield from _members(before, after, path)
        if [id for id in before if id in after] != [id for id in after if id in before]:
            yield {"Path": path, "Op": "reorder", "OldValue": list(before), "Value": list(after)}
    else:
        yield {"Path": path, "Op": "replace", "OldValue": old, "Value": new}


def _members(old: dict[str, Any], new: dict[str, Any], path: str) -> Iterator[dict[str, Any]]:
    for key in {**old, **new}:
        place = f"{path}/{key.replace('~', '~0').replace('/', '~1')}"
        if key not in new:
            yield {"Path": place, "Op": "remove", "OldValue": old[key]}
        elif key not in old:
            yield {"Path": place, "Op": "add", "Value": new[key]}
        else:
            yield from _differences(old[key], new[key], place)


def _by_id(value: Any) -> dict[str, Any] | None:
    """The items of a list by their ids, if all have one and no two the same."""
    if not isinstance(value, list) or not value:
        return None
    found = {item["Id"]: item for item in value if isinstance(item, dict) and item.get("Id")}
    return found if len(found) == len(value) else None


def undone(after: Any, change: ChangeDetails) -> Any:
    """What stood before a change, from what stood after it (plain values); None if the change made it.

    What was removed from a list comes back at its end, unless the order of the others changed, too. Raises ValueError for a
    change of which not all differences were kept, and for one of something else.
    """
    if change.document_context is not None:
        return None
    whole = {"": deepcopy(after)}
    try:
        for difference in change.differences:
            _undo(whole, difference)
    except (AttributeError, KeyError, TypeError) as error:
        raise ValueError("the change is one of something else") from error
    return _closed(whole[""])


def _undo(whole: dict[str, Any], difference: dict[str, Any]) -> None:
    kind, old = difference["Op"], difference.get("OldValue")
    if kind == "more":
        raise ValueError("not all differences were kept")
    *way, key = (part.replace("~1", "/").replace("~0", "~") for part in difference["Path"].split("/"))
    above = whole
    for part in way:
        above[part] = _opened(above[part])
        above = above[part]
    if kind == "add":
        del above[key]
    elif kind == "reorder":
        items = _opened(above[key])
        above[key] = _Items({id: items[id] for id in old or () if id in items})
    else:
        above[key] = deepcopy(old)


class _Items(dict[str, Any]):
    """The items of a list by their ids."""


def _opened(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else _Items({item["Id"]: item for item in value})


def _closed(value: Any) -> Any:
    if isinstance(value, _Items):
        return [_closed(item) for item in value.values()]
    return {key: _closed(item) for key, item in value.items()} if isinstance(value, dict) else value
