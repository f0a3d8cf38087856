"""What somebody may do changes while they look on: streams end, refusals say whom to ask, and `explain` says why."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx2
import pytest

from tests.fixtures_postgres import Postgres
from tests.fixtures_server import GuritaServer, gurita_server
from tests.patience import within

SOON = 10.0
"""Seconds within which a stream must end: what was proved is forgotten at once, and asked again every three."""


@pytest.fixture(scope="module", name="server", params=["sqlite", "postgresql"])
def _server(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[GuritaServer]:
    folder = tmp_path_factory.mktemp("permissions") / "server"
    if request.param == "sqlite":
        with gurita_server(folder) as server:
            yield server
        return
    postgres: Postgres = request.getfixturevalue("postgres")
    with postgres.fresh() as url, gurita_server(folder, database=url) as server:
        yield server


@contextmanager
def somebody(
    server: GuritaServer, name: str, *roles: str, **scope: list[str]
) -> Iterator[tuple[httpx2.Client, dict[str, Any], list[str]]]:
    """A client, the user, and the ids of the scoped roles their team has in the default space."""
    user = server.post("users", {"Username": name, "DisplayName": name, "IsService": True})
    key = server.post(f"users/{user['Id']}/apikeys", {"Purpose": "To look on"})["ApiKey"]
    team = server.post("Spaces-1/teams", {"Name": f"Team {name}", "MemberUserIds": [user["Id"]]})
    given = [
        server.post("Spaces-1/scopeduserroles", {"UserRoleId": role, "TeamId": team["Id"], **scope})["Id"]
        for role in roles
    ]
    headers = {"X-Octopus-ApiKey": key}
    with httpx2.Client(base_url=server.url, headers=headers, trust_env=False, timeout=120) as client:
        yield client, user, given


def test_a_stream_ends_soon_after_its_viewer_lost_the_permission(server: GuritaServer) -> None:
    with somebody(server, "onlooker", "userroles-environmentviewer") as (client, _, given):
        with client.stream("GET", "/api/Spaces-1/gurita/changes", timeout=120) as stream:
            assert stream.status_code == 200
            told = stream.iter_text()
            assert "hello" in next(told)
            assert server.client.delete(f"/api/Spaces-1/scopeduserroles/{given[0]}").status_code == 200
            with within(SOON):
                for _ in told:
                    pass
        assert client.get("/api/Spaces-1/gurita/changes").status_code == 403


def test_a_stream_tells_of_nothing_outside_the_scope(server: GuritaServer) -> None:
    mine = server.post("Spaces-1/environments", {"Name": "Mine"})["Id"]
    theirs = server.post("Spaces-1/environments", {"Name": "Theirs"})["Id"]
    scope = {"EnvironmentIds": [mine]}
    with (
        somebody(server, "limited", "userroles-environmentmanager", **scope) as (client, _, _given),
        client.stream("GET", "/api/Spaces-1/gurita/changes", timeout=120) as stream,
    ):
        told = stream.iter_text()
        assert "hello" in next(told)
        for environment in (theirs, mine):
            machine = {
                "Name": f"in {environment}",
                "EnvironmentIds": [environment],
                "Roles": ["web"],
                "Endpoint": {"CommunicationStyle": "None"},
            }
            server.post("Spaces-1/machines", machine)
        text = ""
        for part in told:
            text += part
            if '"task"' in text:
                break
        assert len(client.get("/api/Spaces-1/machines").json()["Items"]) == 1
        number = client.get("/api/Spaces-1/tasks").json()["Items"]
        assert len(number) == 1 and number[0]["Id"] in text
        everyones = {one["Id"] for one in server.get("Spaces-1/tasks")["Items"]}
        assert all(id not in text for id in everyones - {number[0]["Id"]})


def test_a_refusal_names_the_teams_that_may_to_who_belongs_to_the_space(server: GuritaServer) -> None:
    scope = {"EnvironmentIds": [server.post("Spaces-1/environments", {"Name": "Own"})["Id"]]}
    other = server.post("Spaces-1/environments", {"Name": "Other"})["Id"]
    with (
        somebody(server, "holders", "userroles-environmentmanager"),
        somebody(server, "asker", "userroles-environmentmanager", **scope) as (client, _, _given),
        somebody(server, "stranger") as (stranger, _, _none),
    ):
        told = client.get(f"/api/Spaces-1/environments/{other}")
        assert told.status_code == 403
        assert "'Team holders'" in "\n".join(told.json()["Errors"])
        assert told.json()["Details"]["Permission"] == "EnvironmentView"
        assert "Team holders" in [one["Name"] for one in told.json()["Details"]["Teams"]]
        assert "Team" not in stranger.get(f"/api/Spaces-1/environments/{other}").text


def test_explain_says_of_every_grant_whether_it_is_enough_and_why(server: GuritaServer) -> None:
    own = server.post("Spaces-1/environments", {"Name": "Explained"})["Id"]
    other = server.post("Spaces-1/environments", {"Name": "Unexplained"})["Id"]
    roles = ("userroles-environmentmanager", "userroles-projectviewer")
    with somebody(server, "doubter", *roles, EnvironmentIds=[own]) as (client, user, _given):
        asked = f"/api/Spaces-1/permissions/explain?permission=machineedit&environment={own}"
        told = client.get(asked).json()
        assert told["IsAllowed"] and [one["Fits"] for one in told["Grants"]] == [True, False]
        assert told["Grants"][1]["Why"] == "The role does not have MachineEdit."
        asked = f"permissions/explain?permission=MachineEdit&environment={other}&user={user['Id']}"
        told = server.client.get(f"/api/Spaces-1/{asked}").json()
        assert not told["IsAllowed"]
        assert "environment scope does not reach there" in told["Grants"][0]["Why"]
        assert [one["Name"] for one in told["Teams"]]
        assert client.get("/api/Spaces-1/permissions/explain?permission=Nothing").status_code == 400
