"""Bodies of new documents for a filled server: all of them different."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.contract_content import Filled, _certificate

__all__ = ["MADE", "SPECIAL", "Deed", "any_of", "copy", "deed", "deployment", "new", "number"]


@dataclass
class Deed:
    """One request."""

    method: str
    path: str
    body: Any = None
    more: dict[str, Any] = field(default_factory=dict)


SPECIAL: dict[str, Callable[[Filled], Deed]] = {}


def deed(method: str, route: str) -> Callable[[Callable[[Filled], Deed]], Callable[[Filled], Deed]]:
    def register(make: Callable[[Filled], Deed]) -> Callable[[Filled], Deed]:
        SPECIAL[f"{method} {route}"] = make
        return make

    return register


def new() -> str:
    return uuid.uuid4().hex[:8]


def number() -> int:
    return uuid.uuid4().int % 2_000_000_000


MADE: dict[str, Callable[[Filled], dict[str, Any]]] = {
    "/api/users": lambda _: {"Username": f"u{new()}", "DisplayName": "Somebody", "IsService": True},
    "/api/teams": lambda _: {"Name": f"Team {new()}"},
    "/api/userroles": lambda _: {"Name": f"Role {new()}", "GrantedSpacePermissions": ["ProjectView"]},
    "/api/scopeduserroles": lambda full: {
        "TeamId": full.here.ask("POST", "/api/teams", {"Name": f"T {new()}", "SpaceId": "Spaces-1"})["Id"],
        "UserRoleId": "userroles-projectviewer", "SpaceId": "Spaces-1",
    },
    "/api/subscriptions": lambda _: {"Name": f"S {new()}", "SpaceId": "Spaces-1"},
    "/api/spaces": lambda full: {
        "Name": f"S {new()}"[:20], "SpaceManagersTeamMembers": [full.server.get("users/me")["Id"]]
    },
    "/api/Spaces-1/projects": lambda full: {
        "Name": f"P {new()}", "ProjectGroupId": full.here.get("projectgroups/all")[0]["Id"],
        "LifecycleId": full.here.get("lifecycles/all")[0]["Id"],
    },
    "/api/Spaces-1/channels": lambda full: {
        "Name": f"C {new()}", "ProjectId": full.here.get("projects/all")[0]["Id"]
    },
    "/api/Spaces-1/accounts": lambda _: {
        "AccountType": "UsernamePassword", "Name": f"A {new()}", "Username": "u",
        "Password": {"HasValue": True, "NewValue": "p"},
    },
    "/api/Spaces-1/certificates": lambda _: {
        "Name": f"C {new()}", "CertificateData": {"HasValue": True, "NewValue": _certificate()},
        "Password": {"HasValue": False},
    },
    "/api/Spaces-1/releases": lambda full: {
        "ProjectId": full.here.get("releases")["Items"][0]["ProjectId"], "Version": f"7.{number()}.0"
    },
    "/api/Spaces-1/deployments": lambda full: deployment(full),
    "/api/Spaces-1/feeds": lambda _: {"Name": f"F {new()}", "FeedType": "Maven", "FeedUri": "https://maven.example/"},
    "/api/Spaces-1/proxies": lambda _: {
        "Name": f"P {new()}",
        "Host": "proxy.example",
        "Port": 3128,
        "Password": {"HasValue": False},
    },
    "/api/Spaces-1/workerpools": lambda _: {"Name": f"W {new()}", "WorkerPoolType": "StaticWorkerPool"},
}  # fmt: skip


def copy(full: Filled, collection: str) -> dict[str, Any]:
    if make := MADE.get(collection):
        return make(full)
    told = full.here.ask("GET", collection)
    one = (told["Items"] if isinstance(told, dict) else told)[-1]
    kept = {key: item for key, item in one.items() if key not in ("Id", "Slug", "Links", "Version")}
    return {**kept, "Name": f"Copy {new()}"}


def deployment(full: Filled) -> dict[str, Any]:
    done = full.here.get("deployments")["Items"][-1]
    return {"ReleaseId": done["ReleaseId"], "EnvironmentId": done["EnvironmentId"]}


def any_of(full: Filled, kind: str) -> Any:
    return full.here.get(f"{kind}/all")[0]
