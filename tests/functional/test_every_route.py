"""The rules of the contract, asked of every route there is: who adds one gets these tests with it.

All requests are made from what the routes declare. A route that may answer otherwise stands in `OTHERWISE`, with the reason.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any

import httpx2
import pytest

from gurita.http.openapi import describe
from gurita.http.permissions import PUBLIC, known
from gurita.http.routes import Route
from tests.contract_answers import paths, reading
from tests.contract_content import Filled, filled
from tests.contract_table import QUERIES
from tests.every_route import (
    BELOW_API,
    BESIDE_API,
    fitting,
    foreign,
    guarded,
    name_of,
    unknown,
    with_body,
    with_values,
    wrong_bodies,
)
from tests.functional.rooms import at_rest, tables

pytestmark = pytest.mark.needs("sshd")

OTHERWISE: dict[tuple[str, str], str] = {
    (
        "unknown",
        "POST /api/{spaceId}/certificates/{id}/replace",
    ): "reads the file before it looks for the old one",
    (
        "unknown",
        "GET /api/{spaceId}/packages/{package_id}/{version}/delta-signature",
    ): "answers for the nearest version that is there: that is what it is asked for",
    (
        "forms",
        "GET /api/{spaceId}/releases/{id}/deployments/preview/{environment}/{tenant}",
    ): "there are no tenants yet, which is a 404 in every form",
    ("unknown", "POST /api/gurita/identities/{provider}"): "wants a browser's session, whatever the provider",
    ("stale", "PUT /api/{spaceId}/certificates/{id}"): "Version is the X.509 version, as the contract has it",
    ("forms", "GET /api/{spaceId}/interruptions/{id}/responsible"): "nobody is, which is a 404 in every form",
}
"""A rule and a route that does not keep it, and why."""


_RESTLESS = {"sign_in"}
"""Tables that change with what is refused: attempts."""


def fails(rule: str, found: dict[str, str]) -> None:
    """Fails with all routes that broke a rule and may not, and all that keep it and need no exception."""
    broken = [f"{route}: {what}" for route, what in found.items() if (rule, route) not in OTHERWISE]
    stale = [route for named, route in OTHERWISE if named == rule and route not in found]
    assert broken == [], f"{len(broken)} routes:\n" + "\n".join(broken)
    assert stale == [], f"kept by now, so no exceptions: {stale}"


@pytest.fixture(scope="module", name="full")
def _full(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Filled]:
    with filled(tmp_path_factory.mktemp("filled")) as made:
        yield made


class Asking:
    """Asks, and notes what was answered otherwise than it had to be."""

    def __init__(self, full: Filled, client: httpx2.Client | None = None) -> None:
        self.full, self.client = full, client or full.server.client
        self.found: dict[str, str] = {}

    def get(self, path: str) -> Any:
        """What a GET answers that must succeed, to find out what there is."""
        return self.full.here.ask("GET", path)

    def send(self, route: Route, path: str, body: Any = None) -> httpx2.Response:
        """One request."""
        if body is None and route.body not in {None, bytes}:
            body = fitting(route.body)
        query = QUERIES.get(route.path, "").format(port=self.full.host.port)
        return self.client.request(route.method, path + query, json=body)

    def note(self, route: Route, what: object) -> None:
        """A route breaks the rule; the first of its answers is kept."""
        self.found.setdefault(name_of(route), str(what)[:300])

    def refusal(self, route: Route, answer: httpx2.Response, status: int, *mentions: str) -> None:
        """Notes an answer that is not this refusal, in the shape of the contract."""
        try:
            told = answer.json()
            text = "\n".join([told["ErrorMessage"], *told["Errors"]])
        except (ValueError, KeyError, TypeError) as error:
            self.note(route, f"{answer.status_code} {answer.text[:200]!r} ({error!r})")
            return
        if answer.status_code != status or answer.headers["Content-Type"] != "application/json":
            self.note(route, f"{answer.request.url.path}: {answer.status_code} instead of {status}: {text}")
        elif missing := [word for word in mentions if word.lower() not in text.lower()]:
            self.note(route, f"does not name {missing}: {text}")

    def unchanged(self, before: dict[str, str], route: Route | None = None) -> None:
        """Asserts that the database is as it was."""
        after = tables(self.full.server)
        changed = [name for name in before if before[name] != after[name] and name not in _RESTLESS]
        assert changed == [], f"refused, but changed {changed} {name_of(route) if route else ''}"


def test_every_route_is_described_with_a_sentence_and_a_permission() -> None:
    described = describe(BELOW_API, "Gurita", "1")["paths"]
    found = {}
    for route in BELOW_API:
        operation = described[route.public_path][route.method.lower()]
        if not re.fullmatch(r"[A-Z`].{6,}[.)]", operation["summary"]):
            found[name_of(route)] = f"summary '{operation['summary']}'"
        if not known(operation["x-permission"]):
            found[name_of(route)] = f"permission '{operation['x-permission']}'"
    fails("described", found)


def test_nobody_is_sent_away_everywhere(full: Filled) -> None:
    with httpx2.Client(base_url=full.server.url, trust_env=False, timeout=120) as nobody:
        asking = Asking(full, nobody)
        before = at_rest(full.server)
        for route in (*BELOW_API, *BESIDE_API):
            if route.permission != PUBLIC:
                path = route.public_path.replace("{spaceId}", "Spaces-1").replace("{", "").replace("}", "")
                asking.refusal(route, asking.send(route, path), 401, "logged in")
        asking.unchanged(before)
    fails("nobody", asking.found)


def test_somebody_who_may_nothing_is_told_what_is_missing(full: Filled) -> None:
    body = {"Username": "stranger", "DisplayName": "Stranger", "IsService": True}
    user = full.server.post("users", body)
    key = full.server.post(f"users/{user['Id']}/apikeys", {"Purpose": "To be refused"})["ApiKey"]
    with httpx2.Client(
        base_url=full.server.url, headers={"X-Octopus-ApiKey": key}, trust_env=False, timeout=120
    ) as stranger:
        asking = Asking(full, stranger)
        before = at_rest(full.server)
        for route in guarded():
            path = paths(route, asking.get)[0]
            asking.refusal(route, asking.send(route, path), 403, f"Missing permission: {route.permission}")
        asking.unchanged(before)
    fails("stranger", asking.found)


def test_an_id_nobody_has_is_not_found_and_named(full: Filled) -> None:
    asking = Asking(full)
    before = at_rest(full.server)
    for route in with_values():
        path = paths(route, asking.get)[0]
        last = max(at for at, part in enumerate(route.path.split("/")) if part.startswith("{"))
        parts = path.split("/")
        at = last + len(parts) - len(route.path.split("/"))
        lost = unknown(parts[at])
        asked = "/".join([*parts[:at], lost, *parts[at + 1 :]])
        asking.refusal(
            route, asking.send(route, asked), 404, lost.rpartition("settings-")[2], "was not found"
        )
        asking.unchanged(before, route)
    fails("unknown", asking.found)


def test_what_another_space_has_is_answered_as_if_it_never_was(full: Filled) -> None:
    asking = Asking(full)
    before = at_rest(full.server)
    for route in with_values():
        if route.level == "system":
            continue
        for theirs, nobodys, ids in foreign(route, asking.get, full.here.space, full.there.space):
            told = [_anonymous(asking.send(route, path), ids) for path in (theirs, nobodys)]
            if told[0] != told[1] or told[0][0] < 400:
                asking.note(route, f"{theirs}: {told[0]} but {told[1]}")
        asking.unchanged(before, route)
    fails("foreign", asking.found)


def _anonymous(answer: httpx2.Response, ids: Sequence[str]) -> tuple[int, str]:
    text = answer.text
    for id in sorted(ids, key=len, reverse=True):
        text = text.replace(id, "?")
    return answer.status_code, re.sub(r"(?<=\w-)\d+", "?", text)


def test_a_member_of_a_wrong_type_is_named(full: Filled) -> None:
    asking = Asking(full)
    before = at_rest(full.server)
    for route in with_body():
        path = paths(route, asking.get)[0]
        asking.refusal(route, asking.client.request(route.method, path, content=b"not JSON"), 400, "not JSON")
        for member, body in wrong_bodies(route.body):
            asking.refusal(route, asking.send(route, path, body), 400, member)
        asking.unchanged(before, route)
    fails("bad body", asking.found)


def test_a_stale_version_is_refused(full: Filled) -> None:
    asking = Asking(full)
    before = at_rest(full.server)
    seen = 0
    readable = {(route.level, route.path) for route in reading()}
    for route in with_body():
        if route.method != "PUT" or (route.level, route.path) not in readable:
            continue
        path = paths(route, asking.get)[0]
        current = asking.get(path)
        if isinstance(current, dict) and isinstance(current.get("Version"), int):
            seen += 1
            body = {**current, "Version": current["Version"] + 7}
            asking.refusal(route, asking.send(route, path, body), 409, "Version")
            asking.unchanged(before, route)
    assert seen > 8
    fails("stale", asking.found)


def test_a_list_of_nothing_is_an_empty_page(full: Filled) -> None:
    asking = Asking(full)
    for route in reading():
        if "ids" not in getattr(route.query, "__struct_fields__", ()):
            continue
        path = paths(route, asking.get)[0]
        told = asking.get(f"{path}?ids=Nobodys-1&take=7")
        if isinstance(told, list):
            if told:
                asking.note(route, told)
            continue
        if "Items" not in told:
            continue
        links = told.pop("Links")
        shape = {name: told.get(name) for name in _EMPTY}
        if shape != _EMPTY or not told["ItemType"] or set(links) != _PAGES:
            asking.note(route, {**told, "Links": links})
    fails("empty", asking.found)


_EMPTY = {"TotalResults": 0, "ItemsPerPage": 7, "NumberOfPages": 1, "LastPageNumber": 0, "Items": []}
_PAGES = {"Self", "Template", "Page.All", "Page.Current", "Page.Last"}


def test_a_space_is_named_in_four_ways_in_any_case_and_with_a_slash_at_the_end(full: Filled) -> None:
    asking = Asking(full)
    for route in reading():
        if route.level != "space" or not route.path:
            continue
        path = paths(route, asking.get)[0]
        rest = path.removeprefix("/api/Spaces-1")
        usual, *others = _forms(rest, route)
        first = _plain(asking.send(route, usual))
        for form in others:
            told = _plain(asking.send(route, form))
            if told != first:  # what changes by itself may have changed between the two
                first, told = (_plain(asking.send(route, each)) for each in (usual, form))
            if told != first:
                asking.note(route, f"{form}: {_difference(first, told)}")
        if not first.startswith("200 "):
            asking.note(route, first)
    fails("forms", asking.found)


def _difference(one: str, other: str) -> str:
    """What differs first, with a little around it."""
    at = next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), 0)
    return f"…{one[max(0, at - 60) : at + 60]}… but …{other[max(0, at - 60) : at + 60]}…"


def _forms(rest: str, route: Route) -> list[str]:
    names = route.path.split("/")
    shouted = "/".join(
        part if name.startswith("{") else part.upper()
        for part, name in zip(rest.split("/"), names, strict=True)
    )
    below = ["/api/Spaces-1", "/api/spaces/Spaces-1", "/api/default", "/api"]
    return [
        *(f"{before}{rest}" for before in below),
        f"/api/Spaces-1{rest}/",
        f"/API/SPACES-1{shouted}",
    ]


def _plain(answer: httpx2.Response) -> str:
    """An answer without what differs from one moment to the next."""
    text = f"{answer.status_code} {json.dumps(answer.json(), sort_keys=True)}"
    text = re.sub(r'"[^"]*\d+ (second|minute)s?[^"]*"', '"a while"', text)
    return re.sub(r"\d{4}-\d\d-\d\dT[\d:.+]+", "moment", text)
