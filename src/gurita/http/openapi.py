"""The OpenAPI 3.1 description of a set of routes, made from what they declare."""

from __future__ import annotations

import inspect
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

import msgspec
from starlette.responses import Response

from gurita.http.call import Call
from gurita.http.permissions import PUBLIC
from gurita.http.root import PRODUCT_VERSION
from gurita.http.routes import Route, Routes
from gurita.http.wire import Wire, encode

__all__ = ["Refusal", "describe", "routes"]

_REFUSAL = "#/components/schemas/Refusal"

Json = dict[str, Any]


class Refusal(Wire):
    """What every refused request is answered with."""

    error_message: str
    errors: list[str] = msgspec.field(default_factory=list)
    details: Any = None


def describe(routes: Iterable[Route], title: str, version: str) -> Json:
    """The whole description. A route of a space is shown once, with the space first in its path."""
    shown = [route for route in routes if route.method != "WEBSOCKET" and route.level != "root"]
    kinds = {kind for route in shown for kind in (route.body, route.query, route.returns) if _described(kind)}
    order: list[Any] = [Refusal, *sorted(kinds, key=repr)]
    schemas, components = msgspec.json.schema_components(order, ref_template="#/components/schemas/{name}")
    schema_of: dict[Any, Json] = dict(zip(order, schemas, strict=True))
    for component in components.values():
        _loosen(component)
    paths: dict[str, Json] = {}
    for route in shown:
        for path in _paths(route):
            paths.setdefault(path, {})[route.method.lower()] = _operation(route, path, schema_of, components)
    spoken = {kind for route in shown for kind in (route.body, route.returns)}
    for query in {route.query for route in shown if route.query} - spoken:
        components.pop(_name(schema_of[query]), None)
    keys = {
        "apiKey": {"type": "apiKey", "in": "header", "name": "X-Octopus-ApiKey"},
        "bearer": {"type": "http", "scheme": "bearer"},
    }
    return {
        "openapi": "3.1.0",
        "info": {"title": title, "version": version},
        "servers": [{"url": "/"}],
        "paths": paths,
        "components": {"schemas": components, "securitySchemes": keys},
    }


def _described(kind: Any) -> bool:
    if kind in (None, type(None), bytes, Any):
        return False
    return not (isinstance(kind, type) and issubclass(kind, Response))


def _loosen(component: Json) -> None:
    """Unknown members are ignored or kept, whatever the structs say of themselves; an empty text is no default date."""
    if component.get("additionalProperties") is False:
        del component["additionalProperties"]
    properties: Json = component.get("properties", {})
    properties.pop("Extras", None)
    for member in properties.values():
        if member.get("format") and member.get("default") == "":
            del member["default"]


def _name(schema: Json) -> str:
    return str(schema.get("$ref", "")).rpartition("/")[2]


def _paths(route: Route) -> list[str]:
    return (
        [route.public_path, "/api/{spaceId}" + route.path] if route.level == "mixed" else [route.public_path]
    )


def _operation(route: Route, path: str, schema_of: dict[Any, Json], components: Json) -> Json:
    text = inspect.getdoc(route.handler) or ""
    done: Json = {"description": "Done"}
    if route.returns in schema_of if _described(route.returns) else False:
        done["content"] = {route.media: {"schema": schema_of[route.returns]}}
        done["content"] |= {media: {"schema": {"type": "string"}} for media in route.also}
    in_space = "{spaceId}" in path
    operation: Json = {
        "operationId": _operation_id(route, in_space=in_space),
        "summary": text.partition("\n")[0] or route.handler.__name__.replace("_", " "),
        "tags": [route.path.strip("/").partition("/")[0] or "root"],
        "x-permission": str(route.permission),
        "parameters": [_path_parameter(name) for name in (*(["spaceId"] if in_space else []), *route.names)],
        "responses": {
            str(route.status): done,
            "default": {
                "description": "Refused",
                "content": {"application/json": {"schema": {"$ref": _REFUSAL}}},
            },
        },
    }
    if route.query:
        operation["parameters"] += _query_parameters(components[_name(schema_of[route.query])])
    if route.body:
        operation["requestBody"] = {"required": True, "content": _body_content(route, schema_of)}
    if route.permission != PUBLIC:
        operation["security"] = [{"apiKey": []}, {"bearer": []}]
    return operation


def _operation_id(route: Route, *, in_space: bool) -> str:
    words = route.path.replace("{", "by_").replace("}", "").replace("/", "_").replace("-", "_").split("_")
    name = "".join(word[:1].upper() + word[1:] for word in words if word) or "Root"
    inside = (
        "InSpace" if in_space and route.level == "mixed" else "Space" if in_space and name == "Root" else ""
    )
    return route.method.capitalize() + name + inside


def _path_parameter(name: str) -> Json:
    return {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}


def _query_parameters(wanted: Json) -> list[Json]:
    needed = wanted.get("required", ())
    found: list[Json] = []
    for name, schema in wanted.get("properties", {}).items():
        parameter = {
            "name": name[0].lower() + name[1:],
            "in": "query",
            "required": name in needed,
            "schema": schema,
        }
        if schema.get("type") == "array":
            parameter |= {"style": "form", "explode": False}
        found.append(parameter)
    return found


def _body_content(route: Route, schema_of: dict[Any, Json]) -> Json:
    if route.body is bytes:
        return {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}
    return {"application/json": {"schema": schema_of.get(route.body, {})}}


system = Routes("system")


@system.get("/openapi.json", permission=PUBLIC, returns=None)
async def description(call: Call) -> bytes:
    """This description."""
    return _text(call.api.routes)


@lru_cache(maxsize=2)
def _text(routes: tuple[Route, ...]) -> bytes:
    return encode(describe(routes, "Gurita", PRODUCT_VERSION))


routes: list[Route] = system.items
