"""What is wrong with a body, in sentences: one a member, naming the member, the problem and the way out."""

from __future__ import annotations

import re
from functools import cache
from typing import Any, get_type_hints

import msgspec
from msgspec import inspect as shapes

__all__ = ["explain", "sentence"]

_PLACE = re.compile(r" - at `(?:key in )?\$\.?(.*)`$", re.DOTALL)
_MISSING = re.compile(r"^Object missing required field `(.+)`$")
_STEP = re.compile(r"[^.\[\]]+|\[(?:\d+|\.\.\.)\]")


def explain(value: Any, kind: Any, first: Exception, *, strict: bool = True) -> list[str]:
    """One sentence for each top-level member of `value` that does not fit `kind`; at least one in all."""
    info = shapes.type_info(kind)
    if not isinstance(info, shapes.StructType) or not isinstance(value, dict):
        return [sentence(first, kind)]
    found: list[str] = []
    for field in info.fields:
        if field.encode_name not in value:
            if field.required:
                found.append(f"{field.encode_name}: required")
            continue
        annotation = _hints(info.cls)[field.name]
        try:
            msgspec.convert(value[field.encode_name], annotation, str_keys=True, strict=strict)
        except msgspec.ValidationError as error:
            found.append(sentence(error, annotation, field.encode_name))
    return found or [sentence(first, kind)]


def sentence(error: Exception, kind: Any, under: str = "") -> str:
    """One validation error of msgspec as `Path.To.Member: problem`."""
    text = str(error)
    place = _PLACE.search(text)
    path = place[1] if place else ""
    text = text[: place.start()] if place else text
    if missing := _MISSING.match(text):
        path, text = f"{path}.{missing[1]}" if path else missing[1], "required"
    elif text.startswith(("Invalid enum value", "Invalid value")) and (
        words := _words(shapes.type_info(kind), _STEP.findall(path))
    ):
        text = f"{text}; it must be one of {', '.join(words)}"
    whole = ".".join(part for part in (under, path) if part).replace(".[", "[")
    return f"{whole}: {text}" if whole else text


@cache
def _hints(cls: type) -> dict[str, Any]:
    return get_type_hints(cls, include_extras=True)


def _words(info: shapes.Type, steps: list[str]) -> list[str]:
    """The words allowed at a place inside a type."""
    match info:
        case shapes.Metadata(type=inner):
            return _words(inner, steps)
        case shapes.UnionType(types=types) if len(steps) == 1 and (tags := _tags(types, steps[0])):
            return tags
        case shapes.UnionType(types=types):
            return next((found for one in types if (found := _words(one, steps))), [])
        case shapes.EnumType(cls=words) if not steps:
            return [str(member.value) for member in words]
        case shapes.LiteralType(values=values) if not steps:
            return [str(value) for value in values]
        case shapes.ListType(item_type=item) | shapes.DictType(value_type=item) if steps:
            return _words(item, steps[1:])
        case shapes.StructType(fields=fields) if steps:
            inside = next((field.type for field in fields if field.encode_name == steps[0]), None)
            return _words(inside, steps[1:]) if inside else []
    return []


def _tags(types: tuple[shapes.Type, ...], member: str) -> list[str]:
    """The words a union's `member` may be, if that is what tells its structs apart."""
    return sorted(
        str(one.tag)
        for one in types
        if isinstance(one, shapes.StructType) and one.tag is not None and one.tag_field == member
    )
