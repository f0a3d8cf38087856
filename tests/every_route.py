"""Requests to every route the server has, made from what the route declares: paths, bodies that fit, bodies that do not."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any, get_type_hints

import msgspec
from msgspec import inspect as shapes

from gurita.http.folding import folder
from gurita.http.permissions import PUBLIC, SIGNED_IN
from gurita.http.routes import Route
from gurita.server.routes import ROUTES
from tests.contract_answers import Get, paths

__all__ = [
    "BELOW_API",
    "BESIDE_API",
    "fitting",
    "foreign",
    "guarded",
    "name_of",
    "unknown",
    "with_body",
    "with_values",
    "wrong_bodies",
]

BELOW_API = [
    route for route in ROUTES if route.level not in {"root", "beside"} and route.method != "WEBSOCKET"
]
BESIDE_API = [route for route in ROUTES if route.level == "beside"]
_NOTHING: dict[type[shapes.Type], Any] = {
    shapes.ListType: [],
    shapes.DictType: {},
    shapes.BoolType: False,
    shapes.NoneType: None,
}
_NOTHING_LIKE_IT = (5, "text", [5], {"no": 5}, True, None)


def name_of(route: Route) -> str:
    """A route as people write it."""
    return f"{route.method} {route.public_path}"


def guarded() -> list[Route]:
    """Routes that ask for a permission."""
    return [route for route in BELOW_API if route.permission not in {PUBLIC, SIGNED_IN}]


def with_values() -> list[Route]:
    """Routes with a value in their path that names something."""
    return [route for route in BELOW_API if route.names]


def with_body() -> list[Route]:
    """Routes that read a body of JSON."""
    return [route for route in BELOW_API if route.body not in {None, bytes}]


def unknown(value: str) -> str:
    """An id, version or name like this one that nobody has."""
    if re.fullmatch(r"[\d.]+", value):
        return "98.7.6"
    return re.sub(r"\d+(?!.*\d)", "987654", value) if re.search(r"\d", value) else f"nobodys-{value}"


def foreign(route: Route, get: Get, here: str, there: str) -> Iterator[tuple[str, str, Sequence[str]]]:
    """Paths in one space with the ids of another, the same paths with ids nobody has, and the ids that differ."""
    ours = list(_values(route, get, here))
    theirs = [values for values in _values(route, get, there) if values not in ours]
    for values in theirs[:2]:
        path = _path(route, here, values)
        lost = [unknown(value) for value in values]
        yield path, _path(route, here, lost), [*values, *lost]


def _values(route: Route, get: Get, space: str) -> Iterator[list[str]]:
    places = [at for at, part in enumerate(route.path.split("/")) if part.startswith("{")]
    for path in paths(route, get, space):
        below = path.removeprefix("/api").removeprefix(f"/{space}").split("/")
        yield [below[at] for at in places]


def _path(route: Route, space: str, values: Sequence[str]) -> str:
    given = iter(values)
    rest = "/".join(next(given) if part.startswith("{") else part for part in route.path.split("/"))
    return f"/api{'' if route.level == 'system' else f'/{space}'}{rest}"


def fitting(kind: Any) -> Any:
    """The smallest JSON value a type takes."""
    return _smallest(shapes.type_info(kind))


def _smallest(info: shapes.Type) -> Any:
    match info:
        case shapes.Metadata(type=inner):
            return _smallest(inner)
        case shapes.StructType():
            tag = {info.tag_field: info.tag} if info.tag_field else {}
            return {**tag, **{one.encode_name: _smallest(one.type) for one in info.fields if one.required}}
        case shapes.UnionType(types=types):
            return _smallest(types[0])
        case shapes.ListType() | shapes.DictType() | shapes.BoolType() | shapes.NoneType():
            return _NOTHING[type(info)]
        case shapes.IntType(ge=least):
            return least or 1
        case shapes.EnumType(cls=words):
            return next(iter(words)).value
        case shapes.LiteralType(values=values):
            return values[0]
    return "1.0.0"


def wrong_bodies(kind: Any) -> Iterator[tuple[str, Any]]:
    """The members of a body, each with a body in which only it is of a wrong type; "" stands for the whole."""
    fits = fitting(kind)
    yield "", 5
    structs = [one for one in _alternatives(shapes.type_info(kind)) if isinstance(one, shapes.StructType)]
    for info in structs[:1]:
        hints = get_type_hints(info.cls, include_extras=True)
        for field in info.fields:
            if field.name != "extras" and (wrong := _unfit(hints[field.name])) is not msgspec.UNSET:
                yield field.encode_name, {**fits, field.encode_name: wrong}
            if field.required:
                yield field.encode_name, {key: item for key, item in fits.items() if key != field.encode_name}


def _alternatives(info: shapes.Type) -> Sequence[shapes.Type]:
    match info:
        case shapes.Metadata(type=inner):
            return _alternatives(inner)
        case shapes.UnionType(types=types):
            return types
    return [info]


def _unfit(annotation: Any) -> Any:
    """A value the type refuses even after its spelling was mended; UNSET where it takes anything."""
    fold = folder(annotation)
    for value in _NOTHING_LIKE_IT:
        if value is None:
            continue  # null stands for a member that is absent
        try:
            msgspec.convert(fold(value) if fold else value, annotation, str_keys=True)
        except msgspec.ValidationError:
            return value
    return msgspec.UNSET
