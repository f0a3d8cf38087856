"""Respells the members of decoded JSON by the type they are meant for.

Members, words of enums and tags of unions are respelled; unknown members are dropped, or kept where a struct
declares `extras`; null is dropped where the member has a default and may not be null. Keys of free maps
(`Properties`, `Links`) are data and stay.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

from msgspec import inspect as shapes

__all__ = ["Fold", "accepts_null", "folder"]

Fold = Callable[[Any], Any]
_Open = dict[type, list[Fold]]
_Slot = tuple[str, Fold | None, bool]
"""The member's name, the respelling of its value, whether null is dropped."""

_NEVER_KEPT = {"links"}  # made anew on every output


@cache
def folder(kind: Any) -> Fold | None:
    """The respelling of a type, compiled once; None where there is nothing to respell."""
    return _fold(shapes.type_info(kind), {})


def accepts_null(info: shapes.Type) -> bool:
    """Whether null is a value of the type."""
    match info:
        case shapes.Metadata(type=inner):
            return accepts_null(inner)
        case shapes.UnionType(types=types):
            return any(accepts_null(one) for one in types)
        case shapes.NoneType() | shapes.AnyType() | shapes.RawType():
            return True
    return False


def _fold(info: shapes.Type, open_: _Open) -> Fold | None:
    match info:
        case shapes.Metadata(type=inner):
            return _fold(inner, open_)
        case shapes.StructType():
            return _named(info, open_)
        case (
            shapes.ListType(item_type=item)
            | shapes.SetType(item_type=item)
            | shapes.VarTupleType(item_type=item)
        ):
            return _each(_fold(item, open_))
        case shapes.DictType(value_type=item):
            return _values(_fold(item, open_))
        case shapes.EnumType(cls=words):
            return _words(member.value for member in words)
        case shapes.LiteralType(values=values):
            return _words(values)
        case shapes.UnionType(types=types):
            return _union(types, open_)
    return None


def _named(info: shapes.StructType, open_: _Open) -> Fold:
    if info.cls in open_:  # a type within itself: bound late, through the cell
        cell = open_[info.cls]
        return lambda value: cell[0](value)
    open_[info.cls] = cell = []
    cell.append(_struct(info, open_))
    del open_[info.cls]
    return cell[0]


def _each(one: Fold | None) -> Fold | None:
    return one and (lambda value: [one(item) for item in value] if type(value) is list else value)


def _values(one: Fold | None) -> Fold | None:
    return one and (
        lambda value: {key: one(item) for key, item in value.items()} if type(value) is dict else value
    )


def _words(values: Iterable[Any]) -> Fold | None:
    table = {word.lower(): word for word in values if isinstance(word, str)}
    if not table:
        return None
    return lambda value: table.get(value.lower(), value) if type(value) is str else value


def _union(types: tuple[shapes.Type, ...], open_: _Open) -> Fold | None:
    tagged = {one.tag: one for one in types if isinstance(one, shapes.StructType) and one.tag is not None}
    if tagged:
        return _tagged(tagged, open_)
    folds = [fold for one in types if (fold := _fold(one, open_))]
    return folds[0] if len(folds) == 1 else None


def _slots(info: shapes.StructType, open_: _Open) -> dict[str, _Slot]:
    slots: dict[str, _Slot] = {}
    for field in info.fields:
        if field.name != "extras":
            drops_null = not field.required and not accepts_null(field.type)
            slot = field.encode_name, _fold(field.type, open_), drops_null
            slots[field.encode_name] = slots[field.encode_name.lower()] = slot
    if info.tag_field:
        slots[info.tag_field] = slots[info.tag_field.lower()] = info.tag_field, _words([info.tag]), False
    return slots


def _struct(info: shapes.StructType, open_: _Open) -> Fold:
    look = _slots(info, open_).get
    keeps = any(field.name == "extras" for field in info.fields)

    def fold(value: Any) -> Any:
        if type(value) is not dict:
            return value
        out: dict[str, Any] = {}
        unknown: dict[str, Any] = {}
        for key, item in value.items():
            slot = look(key) or look(key.lower())
            if slot is None:
                unknown[key] = item
                continue
            name, inner, drops_null = slot
            if item is not None:
                out[name] = inner(item) if inner else item
            elif not drops_null:
                out[name] = None
        if keeps and (kept := {key: item for key, item in unknown.items() if key.lower() not in _NEVER_KEPT}):
            out["Extras"] = kept
        return out

    return fold


def _tagged(kinds: dict[str | int, shapes.StructType], open_: _Open) -> Fold:
    field = next(kind.tag_field for kind in kinds.values() if kind.tag_field)
    folds = {str(tag).lower(): (tag, _fold(kind, open_)) for tag, kind in kinds.items()}

    def fold(value: Any) -> Any:
        if type(value) is not dict:
            return value
        tag = value.get(field) or next((v for k, v in value.items() if k.lower() == field.lower()), None)
        known = folds.get(tag.lower()) if isinstance(tag, str) else None
        if known is None or known[1] is None:
            return value if field in value or tag is None else {**value, field: tag}
        return {**known[1](value), field: known[0]}

    return fold
