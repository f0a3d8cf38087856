"""Every member a request can carry a secret in, found in the types of the routes: who adds one gets the canary with it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import inspect as shapes

from gurita.http.sensitive_value import SensitiveValue
from gurita.server.routes import ROUTES

__all__ = ["NO_SECRETS", "all_members", "secret_members"]

_WORDS = re.compile(
    r"password|passphrase|secret|token|credential|assertion|privatekey|apikey|accesskey|jsonkey|invitationcode"
    r"|certificate(data|bytes)",
    re.IGNORECASE,
)

NO_SECRETS: dict[str, str] = {
    "AwsAccount.AccessKey": "the id of a key",
    "Deployment.FormSecrets": "ids of secrets, of the stored document; ignored when a client sends it",
    "Feed.AccessKey": "the id of a key",
    "GitDependency.GitCredentialId": "the id of a document",
    "GitDependency.GitCredentialType": "one of a few words",
    "ServiceFabricEndpoint.AadUserCredentialUsername": "a name",
    "Variable.SecretId": "of the stored document; ignored when a client sends it",
}
"""Members that sound like secrets and are none, and why."""


def secret_members() -> dict[str, set[str]]:
    """All but those that only sound like secrets."""
    return {member: routes for member, routes in all_members().items() if member not in NO_SECRETS}


def all_members() -> dict[str, set[str]]:
    """`Struct.Member` of every member of a body or query that is a `SensitiveValue` or a text that sounds like a secret,

    and the routes that take it.
    """
    found: dict[str, set[str]] = {}
    for route in ROUTES:
        for given in (route.body, route.query):
            if given not in {None, bytes}:
                for member in _members(shapes.type_info(given), set()):
                    found.setdefault(member, set()).add(f"{route.method} {route.public_path}")
    return found


def _members(info: shapes.Type, seen: set[type]) -> Iterator[str]:
    if isinstance(info, shapes.StructType):
        if info.cls is SensitiveValue or info.cls in seen:
            return
        seen.add(info.cls)
        for field in info.fields:
            if _holds(field.type, SensitiveValue) or (
                _WORDS.search(field.encode_name) and _holds(field.type, str)
            ):
                yield f"{info.cls.__name__}.{field.encode_name}"
            yield from _members(field.type, seen)
    for below in _below(info):
        yield from _members(below, seen)


def _below(info: shapes.Type) -> list[shapes.Type]:
    found = [getattr(info, name, None) for name in ("type", "item_type", "value_type")]
    found += [*getattr(info, "types", ()), *getattr(info, "item_types", ())]
    return [each for each in found if isinstance(each, shapes.Type)]


def _holds(info: shapes.Type, kind: type) -> bool:
    """Whether a value of the type may be, or have in a list or map, one of this kind."""
    if isinstance(info, shapes.StructType):
        return info.cls is kind
    if isinstance(info, shapes.StrType):
        return kind is str
    return any(_holds(each, kind) for each in _below(info))
