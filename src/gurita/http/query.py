"""Query strings: names in any case, lists by commas or by repetition, empty means not given."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Annotated, Any
from urllib.parse import parse_qsl

import msgspec
from msgspec import inspect as shapes

from gurita.http.explaining import explain
from gurita.http.folding import folder
from gurita.http.wire import Whole, Wire
from gurita.kernel.errors import Invalid
from gurita.kernel.paging import DEFAULT_TAKE, Paging

__all__ = ["ListQuery", "read_query"]

_MOST_FIELDS = 1000
_NOTHING = {"", "null", "[null]", "[]", "undefined"}

Take = Annotated[Whole, msgspec.Meta(description="How many items at most; 2147483647 for all.")]


class ListQuery(Wire):
    """The query every list takes. Lists with more to filter by extend it."""

    skip: Whole = 0
    take: Take = DEFAULT_TAKE
    ids: list[str] = msgspec.field(default_factory=list)
    partial_name: str = ""
    name: str = ""

    @property
    def paging(self) -> Paging:
        """Which part of the list is wanted."""
        return Paging(self.skip, self.take)


def read_query(raw: bytes, kind: type[Wire]) -> Any:
    """The query string as `kind`. Raises Invalid naming the parameter. Unknown parameters are ignored."""
    given = _parsed(raw)
    readers = _readers(kind)
    value: dict[str, Any] = {}
    for name, texts in given.items():
        if reader := readers.get(name):
            reader(value, texts)
    if fold := folder(kind):
        value = fold(value)
    try:
        return msgspec.convert(value, kind, strict=False)
    except msgspec.ValidationError as error:
        raise Invalid(*explain(value, kind, error, strict=False)) from None


def _parsed(raw: bytes) -> dict[str, list[str]]:
    if not raw:
        return {}
    try:
        pairs = parse_qsl(raw.decode(), keep_blank_values=True, errors="strict", max_num_fields=_MOST_FIELDS)
    except UnicodeDecodeError:
        raise Invalid("The query is not UTF-8.") from None
    except ValueError:
        raise Invalid(f"The query has more than {_MOST_FIELDS} parameters.") from None
    given: dict[str, list[str]] = {}
    for name, value in pairs:
        if "\x00" in value:
            raise Invalid(f"{name}: holds a NUL character.")
        given.setdefault(name.lower(), []).append(value)
    return given


Reader = Callable[[dict[str, Any], list[str]], None]


@cache
def _readers(kind: type[Wire]) -> dict[str, Reader]:
    return {
        field.encode_name.lower(): _reader(field.encode_name, shapes.type_info(field.type))
        for field in msgspec.structs.fields(kind)
    }


def _reader(name: str, info: shapes.Type) -> Reader:
    if _holds(info, shapes.ListType):

        def read_list(value: dict[str, Any], texts: list[str]) -> None:
            parts = [part.strip() for text in texts for part in text.strip("[]").split(",")]
            if found := [part for part in parts if part.lower() not in _NOTHING]:
                value[name] = found

        return read_list

    nothing = {""} if _holds(info, shapes.StrType) else _NOTHING

    def read_one(value: dict[str, Any], texts: list[str]) -> None:
        text = next((text for text in texts if text.lower() not in nothing), None)
        if text is not None:
            value[name] = text

    return read_one


def _holds(info: shapes.Type, wanted: type[shapes.Type]) -> bool:
    match info:
        case shapes.Metadata(type=inner):
            return _holds(inner, wanted)
        case shapes.UnionType(types=types):
            return any(_holds(one, wanted) for one in types)
    return isinstance(info, wanted)
