"""Secrets inside documents: stored when they come in, replaced by their ids, hidden when they go out.

A sensitive value is any struct with the members `has_value`, `new_value`, `hint` and `secret_id`
(`gurita.http.sensitive_value.SensitiveValue`). Which members of a struct can hold one is worked out once a
type, so that documents without secrets cost nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any, TypeVar

import msgspec
from msgspec import UNSET
from msgspec import inspect as shapes

from gurita.kernel.errors import Invalid
from gurita.kernel.sensitive import Sensitive
from gurita.secrets.vault import Secrets
from gurita.store.tx import Tx

__all__ = ["hide", "is_clear", "keep_in", "secret_ids"]

T = TypeVar("T")
Change = Callable[[Any, Any, str], Any]

_MEMBERS = {"has_value", "new_value", "hint", "secret_id"}


def keep_in(tx: Tx, secrets: Secrets, space: str, old: T | None, new: T) -> T:
    """`new` as it is to be stored: values that came in are encrypted, and only their ids stay.

    `NewValue` sets; `HasValue` without it keeps what `old` has in the same place (items of lists are the same
    by id, else by name, else by place when none has either); neither clears. A secret id in `new` is ignored.
    Raises Invalid naming a member that should keep what is not there.
    """
    problems: list[str] = []

    def keep(before: Any, given: Any, path: str) -> Any:
        kept = getattr(before, "secret_id", UNSET) or UNSET
        if given.new_value is not None:
            value = Sensitive(given.new_value)
            if kept is UNSET or secrets.open_in(tx, space, kept) != value:
                kept = secrets.store_in(tx, space, value)
            hint = given.hint
        elif not given.has_value:
            return msgspec.structs.replace(given, has_value=False, new_value=None, secret_id=UNSET)
        elif kept is UNSET:
            problems.append(f"{path}: there is no value to keep. Send it as NewValue, or HasValue false.")
            return given
        else:
            hint = before.hint
        return msgspec.structs.replace(given, has_value=True, new_value=None, hint=hint, secret_id=kept)

    stored: T = _walk(old, new, "", keep)
    if problems:
        raise Invalid(*problems)
    return stored


def hide(doc: T) -> T:
    """The document as it may go out: without secret ids, and without values that have just come in."""

    kind: type = type(doc)
    if is_clear(kind):
        return doc

    def cover(_before: Any, given: Any, _path: str) -> Any:
        return msgspec.structs.replace(given, new_value=None, secret_id=UNSET)

    hidden: T = _walk(None, doc, "", cover)
    return hidden


def secret_ids(doc: Any) -> dict[str, str]:
    """The ids of a stored document's secrets by the path of their member."""
    found: dict[str, str] = {}

    def note(_before: Any, given: Any, path: str) -> Any:
        if given.secret_id:
            found[path] = given.secret_id
        return given

    _walk(None, doc, "", note)
    return found


def _walk(old: Any, new: Any, path: str, change: Change) -> Any:
    """`new` with every sensitive value changed; the same object when nothing was."""
    if isinstance(new, msgspec.Struct):
        if _is_sensitive(type(new)):
            return change(old, new, path)
        return _walk_struct(old, new, path, change)
    if isinstance(new, dict):
        before = old if isinstance(old, Mapping) else {}
        items = {key: _walk(before.get(key), value, f"{path}[{key}]", change) for key, value in new.items()}
        return items if any(items[key] is not new[key] for key in new) else new
    if isinstance(new, list):
        pairs = zip(_partners(old, new), new, strict=True)
        values = [_walk(was, value, f"{path}[{n}]", change) for n, (was, value) in enumerate(pairs)]
        return values if any(a is not b for a, b in zip(values, new, strict=True)) else new
    return new


def _walk_struct(old: Any, new: msgspec.Struct, path: str, change: Change) -> Any:
    changed = {}
    for name, shown in _carriers(type(new)):
        value = getattr(new, name)
        below = _walk(getattr(old, name, None), value, f"{path}.{shown}".lstrip("."), change)
        if below is not value:
            changed[name] = below
    return msgspec.structs.replace(new, **changed) if changed else new


def _partners(old: Any, new: list[Any]) -> Iterator[Any]:
    """For each item of a list what it was before: found by `id`, by a `name` that is there once, or by place."""
    before = old if isinstance(old, list) else []
    for key in ("id", "name"):
        if any(getattr(item, key, None) for item in new):
            known: dict[Any, list[Any]] = {}
            for item in before:
                known.setdefault(getattr(item, key, None), []).append(item)
            for item in new:
                same = known.get(getattr(item, key, None), []) if getattr(item, key, None) else []
                yield same[0] if len(same) == 1 else None
            return
    for place, _ in enumerate(new):
        yield before[place] if len(before) == len(new) else None


@cache
def _is_sensitive(kind: type) -> bool:
    return set(getattr(kind, "__struct_fields__", ())) >= _MEMBERS


@cache
def is_clear(kind: type) -> bool:
    """Whether no member of a struct can hold a sensitive value."""
    return issubclass(kind, msgspec.Struct) and not _is_sensitive(kind) and not _carriers(kind)


@cache
def _carriers(kind: type) -> tuple[tuple[str, str], ...]:
    """The members of a struct that can hold a sensitive value: (name, name as clients read it)."""
    return tuple(
        (field.name, field.encode_name)
        for field in msgspec.structs.fields(kind)
        if _can_hold(shapes.type_info(field.type), set())
    )


def _can_hold(info: shapes.Type, seen: set[type]) -> bool:
    if isinstance(info, shapes.StructType):
        if _is_sensitive(info.cls):
            return True
        if info.cls in seen:
            return False
        seen.add(info.cls)
        return any(_can_hold(field.type, seen) for field in info.fields)
    below = [getattr(info, name, None) for name in ("type", "item_type", "value_type")]
    below += [*getattr(info, "types", ()), *getattr(info, "item_types", ())]
    return any(_can_hold(each, seen) for each in below if isinstance(each, shapes.Type))
