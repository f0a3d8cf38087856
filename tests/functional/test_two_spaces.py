"""Two spaces know nothing of each other: not by lists, counts, search, events and streams, not by refusals and their time.

What every route answers for the id of another space is in test_every_route.py; here is all that names no id.
"""

from __future__ import annotations

import re
import statistics
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import httpx2
import pytest

from gurita.http.routes import Route
from gurita.server.routes import ROUTES
from tests.contract_answers import paths
from tests.contract_content import Filled, filled
from tests.contract_table import QUERIES

pytestmark = pytest.mark.needs("sshd")

WORD = "zanzibar"
"""A word that stands in names of the other space alone."""

_ID = re.compile(r'"([A-Z][A-Za-z]+-\d+)"')
_SHARED = re.compile(r"(Users|UserRoles|Teams|OctopusServerNodes|ApiKeys|EventArchives)-")
_STREAM = "text/event-stream"


@dataclass
class Neighbours:
    """`client` is somebody who manages the default space and is nobody in the other; `theirs` are ids from there."""

    full: Filled
    client: httpx2.Client
    theirs: set[str]


@pytest.fixture(scope="module", name="two")
def _two(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Neighbours]:
    with filled(tmp_path_factory.mktemp("two")) as full:
        server, there = full.server, full.there
        for kind in ("environments", "projectgroups", "lifecycles", "machinepolicies"):
            there.post(kind, {"Name": f"{WORD} {kind}", "Description": WORD})
        user = server.post("users", {"Username": "neighbour", "DisplayName": "N", "IsService": True})
        key = server.post(f"users/{user['Id']}/apikeys", {"Purpose": "To look over the fence"})["ApiKey"]
        team = server.post("Spaces-1/teams", {"Name": "Ours", "MemberUserIds": [user["Id"]]})
        for role in ("userroles-spacemanager", "userroles-projectlead", "userroles-environmentmanager"):
            server.post("Spaces-1/scopeduserroles", {"UserRoleId": role, "TeamId": team["Id"]})
        with httpx2.Client(
            base_url=server.url, headers={"X-Octopus-ApiKey": key}, trust_env=False, timeout=120
        ) as client:
            yield Neighbours(full, client, only_there(full))


def only_there(full: Filled) -> set[str]:
    """Ids that stand in what an administrator reads in the other space, and in nothing they read in the default one."""
    found = []
    for made in (full.there, full.here):
        ids: set[str] = set()
        for route in reading():
            if route.level != "space" and made is full.here:
                continue  # such a route answers of all spaces where none is named
            for path in some_paths(route, made.ask, made.space):
                answer = made.client.get(path + query(route, full))
                ids |= {id for id in _ID.findall(answer.text) if not _SHARED.match(id)}
        found.append(ids)
    return found[0] - found[1]


def reading() -> list[Route]:
    """Routes of a space that answer a GET to the end."""
    return [
        one
        for one in ROUTES
        if one.method == "GET" and one.level in {"space", "mixed"} and one.media != _STREAM
    ]


def some_paths(route: Route, ask: Any, space: str) -> list[str]:
    try:
        return paths(route, lambda path: ask("GET", path), space)[:2]
    except AssertionError:
        return []


def query(route: Route, full: Filled) -> str:
    return QUERIES.get(route.path, "").format(port=full.host.port)


def test_whatever_is_read_in_one_space_names_nothing_of_another(two: Neighbours) -> None:
    assert len(two.theirs) > 40, two.theirs
    wrong, seen = [], 0
    for route in [one for one in ROUTES if one.method == "GET" and one.level in {"space", "mixed", "system"}]:
        if route.media == _STREAM:
            continue
        for path in some_paths(route, two.full.here.ask, "Spaces-1"):
            answer = two.client.get(path + query(route, two.full))
            seen += answer.status_code == 200
            shown = two.theirs.intersection(_ID.findall(answer.text))
            if shown or WORD in answer.text.lower():
                wrong.append(f"{path}: {sorted(shown)[:5]} {WORD in answer.text.lower()}")
    assert wrong == [], "\n".join(wrong)
    assert seen > 100


def test_nobody_of_a_space_is_let_into_another_by_any_of_its_names(two: Neighbours) -> None:
    space = two.full.there.space
    for name in (space, space.lower(), "Next%20door", "next-door"):
        for rest in ("projects", "search?keyword=web", "events", "tasks", "dashboard", "machines/all"):
            told, unknown = (two.client.get(f"/api/{one}/{rest}") for one in (name, "Spaces-987654"))
            refused = told.status_code in {403, 404} or told.json() == []
            assert refused, f"{name}/{rest}: {told.status_code} {told.text[:200]}"
            assert unknown.status_code == 404
            assert WORD not in told.text.lower()


def test_counts_and_totals_are_of_ones_own_space(two: Neighbours) -> None:
    own = two.full.here
    for kind in (
        "tasks",
        "events",
        "environments",
        "machines",
        "projects",
        "releases",
        "deployments",
        "feeds",
    ):
        inside = two.client.get(f"/api/Spaces-1/{kind}?take=0").json()["TotalResults"]
        outside = two.client.get(f"/api/{kind}?take=0").json()["TotalResults"]
        # Asked last: more may come, and nothing goes.
        everything = own.ask("GET", f"/api/Spaces-1/{kind}?take=0")["TotalResults"]
        assert inside > 0, kind
        assert inside <= everything, kind
        assert outside <= everything or kind == "events", kind
    events = two.client.get("/api/events?take=1000").json()["Items"]
    assert {one["SpaceId"] for one in events} <= {"Spaces-1", None, ""}


def test_search_finds_nothing_next_door(two: Neighbours) -> None:
    assert two.full.there.get(f"search?keyword={WORD}")
    for path in (
        "/api/Spaces-1/search",
        f"/api/spaces/{two.full.there.space}/search",
        "/api/spaces/Spaces-1/search",
    ):
        told = two.client.get(f"{path}?keyword={WORD}")
        assert told.status_code in {403, 404} or told.json() == [], told.text
    for kind in ("environments", "projectgroups", "lifecycles"):
        for asked in (f"partialName={WORD}", f"name={WORD} {kind}", "ids=" + ",".join(sorted(two.theirs))):
            found = two.client.get(f"/api/Spaces-1/{kind}?{asked}").json()
            assert (found["TotalResults"], found["Items"]) == (0, []), f"{kind}?{asked}"


def test_streams_tell_nothing_of_another_space(two: Neighbours) -> None:
    there, here = two.full.there, two.full.here
    with two.client.stream("GET", "/api/Spaces-1/gurita/changes", timeout=240) as stream:
        told = stream.iter_text()
        assert "hello" in next(told)
        machines = [one["Id"] for one in there.get("machines/all")]
        foreign = there.post("tasks", {"Name": "Health", "Arguments": {"MachineIds": machines}})["Id"]
        there.wait(foreign)
        mine = [one["Id"] for one in here.get("machines/all")]
        own = here.post("tasks", {"Name": "Health", "Arguments": {"MachineIds": mine}})["Id"]
        text, ends = "", time.monotonic() + 240
        for part in told:
            text += part
            if own in text or time.monotonic() > ends:
                break
    assert own in text
    assert foreign not in text
    for path in (
        f"tasks/{foreign}/log/events",
        f"Spaces-1/tasks/{foreign}/log/events",
        f"{there.space}/gurita/changes",
    ):
        assert two.client.get(f"/api/{path}").status_code in {403, 404}, path


@pytest.mark.parametrize(
    "kind", ["environments", "projects", "machines", "releases", "accounts", "tasks", "variables"]
)
def test_a_refusal_for_what_another_space_has_takes_as_long_as_for_what_nobody_has(
    two: Neighbours, kind: str
) -> None:
    place = "variables/variableset-{}" if kind == "variables" else f"{kind}/{{}}"
    ids = "Projects" if kind == "variables" else "ServerTasks" if kind == "tasks" else kind.capitalize()
    foreign = next(id for id in sorted(two.theirs) if id.startswith(f"{ids}-"))
    lost = f"{ids}-987654"
    tries: list[list[float]] = []
    # Others use the machine too: once it must be as it should.
    while len(tries) < 20 and not (tries and max(tries[-1]) < 1.25 * min(tries[-1])):
        tries.append(medians(two.client, [f"/api/Spaces-1/{place.format(id)}" for id in (foreign, lost)]))
    assert max(tries[-1]) < 1.25 * min(tries[-1]), f"{foreign} and {lost}: {tries}"


def medians(client: httpx2.Client, asked: Sequence[str]) -> list[float]:
    """Seconds the quicker ones of sixty requests took for each path, asked by turns."""
    spent: dict[str, list[float]] = {path: [] for path in asked}
    for number in range(60):
        for path in asked if number % 2 else asked[::-1]:
            began = time.perf_counter()
            answer = client.get(path)
            spent[path].append(time.perf_counter() - began)
            assert answer.status_code == 404
    return [statistics.median(sorted(times)[:40]) for times in spent.values()]
