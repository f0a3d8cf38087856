"""Everybody asks for every route: who they are, how they ask, and what they were answered otherwise than they had to be."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

import httpx2

from gurita.access.rules.evaluating import Grant, Grants, may
from gurita.access.teams.builtin import BuiltInRole
from gurita.http.permissions import PUBLIC, SIGNED_IN
from gurita.http.routes import Route
from tests.contract_answers import paths
from tests.contract_content import Filled
from tests.every_route import BELOW_API, fitting, name_of
from tests.functional.rooms import at_rest, tables

__all__ = ["HERE", "Asked", "all_as_they_were", "guarded", "role_may", "somebody"]

HERE = "Spaces-1"
_RESTLESS = {"sign_in", "engine_beat", "node"}


def guarded() -> list[Route]:
    """The routes of spaces that ask for a permission."""
    return [
        one
        for one in BELOW_API
        if one.level in {"space", "mixed"} and one.permission not in {PUBLIC, SIGNED_IN}
    ]


@contextmanager
def somebody(full: Filled, name: str, role: str, space: str, **scope: list[str]) -> Iterator[httpx2.Client]:
    """A client of somebody whose team has one role in a space, within a scope."""
    server = full.server
    user = server.post("users", {"Username": name, "DisplayName": name, "IsService": True})
    key = server.post(f"users/{user['Id']}/apikeys", {"Purpose": "To be asked with"})["ApiKey"]
    team = server.post(f"{space}/teams", {"Name": name, "MemberUserIds": [user["Id"]], "SpaceId": space})
    given = {"UserRoleId": role, "TeamId": team["Id"], "SpaceId": space, **scope}
    server.post(f"{space}/scopeduserroles", given)
    headers = {"X-Octopus-ApiKey": key}
    with httpx2.Client(base_url=server.url, headers=headers, trust_env=False, timeout=120) as client:
        at_rest(server)
        yield client


class Asked:
    """Answers that were not as they had to be, by route; and the path of each route, found once.

    Not `real`, paths name what there never was: enough where everybody is refused before anything is looked for.
    """

    def __init__(self, full: Filled, *, real: bool = True) -> None:
        self.full = full
        self.wrong: dict[str, str] = {}
        path = self._path if real else _anything
        self.paths = {name_of(route): path(route) for route in guarded()}

    def _path(self, route: Route) -> str:
        """Below the default space, also where a route is found below none."""
        if route.level != "mixed":
            return paths(route, lambda path: self.full.here.ask("GET", path))[0]
        return _here(paths(route, lambda path: self.full.here.ask("GET", _here(path)))[0])

    def send(self, client: httpx2.Client, route: Route) -> httpx2.Response:
        body = fitting(route.body) if route.body not in {None, bytes} else None
        return client.request(route.method, self.paths[name_of(route)], json=body)

    def note(self, who: str, route: Route, answer: httpx2.Response, wanted: object) -> None:
        told = f"{who}: {answer.status_code}, not {wanted}: {answer.text[:160]}"
        self.wrong.setdefault(name_of(route), told)

    def fine(self) -> None:
        """Fails with every route that answered otherwise."""
        assert not self.wrong, "\n".join(f"{route}: {told}" for route, told in self.wrong.items())


def _anything(route: Route) -> str:
    return f"/api/{HERE}{re.sub(r'{[^}]*}', 'Nothing-1', route.path)}"


def _here(path: str) -> str:
    return path if path.startswith(f"/api/{HERE}") else path.replace("/api/", f"/api/{HERE}/", 1)


def all_as_they_were(full: Filled, before: dict[str, str]) -> None:
    after = tables(full.server)
    changed = [name for name in before if before[name] != after[name] and name not in _RESTLESS]
    assert changed == [], f"refused, but changed {changed}"


def role_may(role: BuiltInRole, route: Route, space: str) -> bool:
    grants = Grants(given=(Grant(role.permissions, space),))
    return may(grants, route.permission, HERE)
