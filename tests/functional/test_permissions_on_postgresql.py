"""Who may do what on a real PostgreSQL: a smaller run of the permission matrix, and the walls between two spaces."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from gurita.access.teams.builtin import ROLES, SPACE_MANAGER
from tests.contract_content import Filled, fill
from tests.fixtures_postgres import Postgres
from tests.fixtures_server import gurita_server
from tests.fixtures_sshd import sshd
from tests.functional.asking import HERE, Asked, all_as_they_were, guarded, role_may, somebody
from tests.functional.rooms import tables
from tests.scenario import Scenario

pytestmark = pytest.mark.needs("sshd")

_LISTS = ("environments", "projects", "machines", "releases", "deployments", "tasks", "accounts", "events")


@pytest.fixture(scope="module", name="full")
def _full(tmp_path_factory: pytest.TempPathFactory, postgres: Postgres) -> Iterator[Filled]:
    """The default space is full, and there is another one, as empty as it was made."""
    folder = tmp_path_factory.mktemp("matrix")
    with (
        postgres.fresh() as url,
        sshd(folder) as (host,),
        gurita_server(folder / "server", database=url) as server,
    ):
        me = server.get("users/me")["Id"]
        space = server.post("spaces", {"Name": "Next door", "SpaceManagersTeamMembers": [me]})["Id"]
        here = Scenario(server.client)
        fill(here, host)
        yield Filled(server, host, here, Scenario(server.client, space))
        assert "Traceback" not in server.log.read_text()


@pytest.mark.parametrize("role", ["userroles-projectviewer", "userroles-environmentmanager"])
def test_a_role_is_refused_what_it_does_not_say_and_changes_nothing(full: Filled, role: str) -> None:
    asked = Asked(full, real=False)
    (built_in,) = (one for one in ROLES if one.id == role)
    with somebody(full, f"has-{role}", role, HERE) as client:
        before = tables(full.server)
        for route in guarded():
            if not role_may(built_in, route, HERE):
                answer = asked.send(client, route)
                if answer.status_code != 403 or f"Missing permission: {route.permission}" not in answer.text:
                    asked.note(role, route, answer, 403)
        asked.fine()
        all_as_they_were(full, before)


def test_a_manager_of_another_space_is_refused_everything_here(full: Filled) -> None:
    asked = Asked(full, real=False)
    with somebody(full, "neighbour", SPACE_MANAGER, full.there.space) as client:
        before = tables(full.server)
        for route in guarded():
            answer = asked.send(client, route)
            if answer.status_code != 403:
                asked.note("neighbour", route, answer, 403)
        asked.fine()
        all_as_they_were(full, before)


def test_who_is_limited_to_another_part_of_the_space_sees_nothing_of_the_rest(full: Filled) -> None:
    project = full.here.project("Elsewhere", [])["Id"]
    environment = full.here.environment("Elsewhere")
    scope = {"ProjectIds": [project], "EnvironmentIds": [environment]}
    with somebody(full, "elsewhere", SPACE_MANAGER, HERE, **scope) as client:
        told = {kind: client.get(f"/api/{HERE}/{kind}?take=1").json() for kind in _LISTS}
        machines = full.here.get("machines")["Items"]
        assert client.get(f"/api/{HERE}/machines/{machines[0]['Id']}").status_code == 403
    seen = {kind: (answer["TotalResults"], len(answer["Items"])) for kind, answer in told.items()}
    assert seen == {
        "environments": (1, 1),
        "projects": (1, 1),
        "machines": (0, 0),
        "releases": (0, 0),
        "deployments": (0, 0),
        "tasks": (0, 0),
        "accounts": (0, 0),
        "events": (0, 0),
    }


def test_pages_of_twenty_scoped_roles_are_full_and_their_totals_count_what_is_seen(full: Filled) -> None:
    environments = [full.here.environment(f"One of many {n}") for n in range(40)]
    with somebody(
        full, "many", "userroles-environmentviewer", HERE, EnvironmentIds=environments[:1]
    ) as client:
        server = full.server
        team = next(
            one["Id"] for one in server.get(f"{HERE}/teams", take=100)["Items"] if one["Name"] == "many"
        )
        for one in environments[2:40:2]:
            given = {"UserRoleId": "userroles-environmentviewer", "TeamId": team, "EnvironmentIds": [one]}
            server.post(f"{HERE}/scopeduserroles", given)
        server.until(lambda: client.get(f"/api/{HERE}/environments").json()["TotalResults"] == 20)
        page = client.get(f"/api/{HERE}/environments?skip=3&take=5").json()

    assert (page["TotalResults"], [one["Id"] for one in page["Items"]]) == (20, environments[6:16:2])
