"""Somebody whose roles reach a part of a space sees and changes that part, and is told what is missing for the rest."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from gurita.access.rules.evaluating import Grant
from tests.helpers import House, house
from tests.unit.catalog.scoped import EVERYTHING, Two, limit, limited, machine, scope, two_of_everything

pytestmark = pytest.mark.anyio


@pytest.fixture(name="here")
async def _here(tmp_path: Path) -> AsyncIterator[tuple[House, Two]]:
    async with house(tmp_path) as server:
        yield server, await two_of_everything(server)


async def ids(server: House, path: str) -> list[str]:
    """The ids of a list, which must be as many as it says."""
    found = await server.get(path)
    assert found["TotalResults"] == len(found["Items"]), path
    return [item["Id"] for item in found["Items"]]


async def test_lists_show_what_lies_within_the_scope_in_full_pages(here: tuple[House, Two]) -> None:
    server, two = here
    (dev, prod), (one, other) = two.environments, two.projects
    limit(server, scope(environments=[dev], projects=[one]))
    assert await ids(server, "environments") == [dev]
    assert await ids(server, "machines") == [two.machines[2], two.machines[0]]
    assert (await server.get("machines?take=1"))["TotalResults"] == 2
    assert await ids(server, "projects") == [one]
    assert await ids(server, "releases") == [two.releases[0]]
    assert len(await ids(server, "channels")) == 1
    assert [board["Id"] for board in (await server.get("dashboard"))["Environments"]] == [dev]
    assert [each["Id"] for each in (await server.get("dashboard"))["Projects"]] == [one]
    summary = await server.get("environments/summary")
    assert [each["Environment"]["Id"] for each in summary["EnvironmentSummaries"]] == [dev]
    assert {each["OwnerId"] for each in await server.get("variables/all")} == {one}
    assert prod not in str(await server.get("search?keyword=Pr")) and other


async def test_groups_and_projects_are_one_dimension(here: tuple[House, Two]) -> None:
    server, two = here
    limit(server, scope(groups=[two.groups[1]]))
    assert await ids(server, "projects") == [two.projects[1]]
    assert await ids(server, "projectgroups") == [two.groups[1]]
    limit(server, scope(groups=[two.groups[1]], projects=[two.projects[0]]))
    assert sorted(await ids(server, "projects")) == sorted(two.projects)


@pytest.mark.parametrize(
    ("kind", "permission"),
    [
        ("environments", "EnvironmentView"),
        ("machines", "MachineView"),
        ("projects", "ProjectView"),
        ("projectgroups", "ProjectGroupView"),
        ("releases", "ReleaseView"),
    ],
)
async def test_what_lies_outside_is_refused_with_permission_and_scope(
    here: tuple[House, Two], kind: str, permission: str
) -> None:
    server, two = here
    mine = scope(environments=[two.environments[0]], projects=[two.projects[0]], groups=[two.groups[0]])
    limit(server, mine)
    outside = {
        "environments": two.environments[1],
        "machines": two.machines[1],
        "projects": two.projects[1],
        "projectgroups": two.groups[1],
        "releases": two.releases[1],
    }[kind]
    told = await server.refused(403, "GET", f"{kind}/{outside}")
    assert told["Errors"][0] == f"Missing permission: {permission}"
    assert "yours reaches" in told["Errors"][1]
    await server.refused(404, "GET", f"{kind}/{kind.capitalize()}-98765")


async def test_what_lies_outside_is_neither_changed_nor_deleted(here: tuple[House, Two]) -> None:
    server, two = here
    projects = [await server.get(f"projects/{id}") for id in two.projects]
    environments = [await server.get(f"environments/{id}") for id in two.environments]
    own = scope(environments=[two.environments[0]], projects=[two.projects[0]])
    server.viewer = limited(
        server.viewer,
        Grant(EVERYTHING, "Spaces-1", own),
        Grant(frozenset(name for name in EVERYTHING if name.endswith("View")), "Spaces-1"),
    )
    await server.put(f"projects/{two.projects[0]}", {**projects[0], "Description": "Mine."})
    await server.put(f"environments/{two.environments[0]}", {**environments[0], "Description": "Mine."})
    for path, body in (
        (f"projects/{two.projects[1]}", {**projects[1], "Description": "Mine."}),
        (f"projects/{two.projects[1]}/deploymentprocesses", {"Steps": []}),
        (f"environments/{two.environments[1]}", {**environments[1], "Description": "Mine."}),
    ):
        told = await server.refused(403, "PUT", path, body)
        assert told["Errors"][0].endswith("Edit"), told
    for path in (f"machines/{two.machines[1]}", f"releases/{two.releases[1]}", f"projects/{two.projects[1]}"):
        told = await server.refused(403, "DELETE", path)
        assert told["Errors"][0].endswith("Delete"), told
    await server.refused(403, "POST", "environments", {"Name": "Test"})
    await server.refused(403, "POST", "releases", {"ProjectId": two.projects[1], "Version": "2.0.0"})
    assert (await server.post("releases", {"ProjectId": two.projects[0], "Version": "2.0.0"}))["Id"]


async def test_a_machine_of_two_environments_is_changed_by_who_has_both(here: tuple[House, Two]) -> None:
    server, two = here
    dev, prod = two.environments
    stored = [await server.get(f"machines/{id}") for id in two.machines]
    limit(server, scope(environments=[dev]))
    await server.refused(403, "PUT", f"machines/{two.machines[2]}", {**stored[2], "Roles": ["mine"]})
    await server.refused(
        403, "PUT", f"machines/{two.machines[0]}", {**stored[0], "EnvironmentIds": [dev, prod]}
    )
    await server.refused(403, "POST", "machines", machine("third", [prod]))
    await server.refused(403, "POST", "machines", machine("third", [dev, prod]))
    await server.post("machines", machine("third", [dev]))
    limit(server, scope(environments=[dev]), scope(environments=[prod]))
    await server.put(f"machines/{two.machines[2]}", {**stored[2], "Roles": ["mine"]})


def variable(name: str, *environments: str) -> dict[str, Any]:
    """A variable for some environments, or for all."""
    return {"Name": name, "Value": "x", "Scope": {"Environment": list(environments)} if environments else {}}


async def test_variables_are_seen_and_changed_as_far_as_the_scope_goes(here: tuple[House, Two]) -> None:
    server, two = here
    dev, prod = two.environments
    path = f"projects/{two.projects[0]}/variables"
    whole = await server.get(path)
    given = [variable("all"), variable("prod", prod), variable("dev", dev), variable("both", dev, prod)]
    await server.put(path, {**whole, "Variables": given})
    limit(server, scope(environments=[dev]))
    seen = await server.get(path)
    assert [one["Name"] for one in seen["Variables"]] == ["all", "dev", "both"]
    assert [one["IsEditable"] for one in seen["Variables"]] == [True, True, False]
    changed = [{**one, "Value": "y"} if one["Name"] == "dev" else one for one in seen["Variables"]]
    await server.put(path, {**seen, "Variables": changed})
    seen = await server.get(path)
    both = [{**one, "Value": "y"} if one["Name"] == "both" else one for one in seen["Variables"]]
    told = await server.refused(403, "PUT", path, {**seen, "Variables": both})
    assert told["Errors"][0] == "Missing permission: VariableEdit"
    await server.refused(403, "PUT", path, {**seen, "Variables": [*seen["Variables"], variable("new", prod)]})
    limit(server, scope())
    now = await server.get(path)
    assert [(one["Name"], one["Value"]) for one in now["Variables"]] == [
        ("all", "x"),
        ("prod", "x"),
        ("dev", "y"),
        ("both", "x"),
    ]
    assert all(one["IsEditable"] for one in now["Variables"])


async def test_variables_without_scope_take_permissions_of_their_own(here: tuple[House, Two]) -> None:
    server, two = here
    dev, _ = two.environments
    path = f"projects/{two.projects[0]}/variables"
    whole = await server.get(path)
    await server.put(path, {**whole, "Variables": [variable("all"), variable("dev", dev)]})
    limit(server, scope(), permissions=EVERYTHING - {"VariableViewUnscoped", "VariableEditUnscoped"})
    seen = await server.get(path)
    assert [one["Name"] for one in seen["Variables"]] == ["dev"]
    told = await server.refused(403, "PUT", path, {**seen, "Variables": [variable("more")]})
    assert told["Errors"][0] == "Missing permission: VariableEditUnscoped"
    await server.refused(403, "POST", f"projects?clone={two.projects[0]}", {"Name": "Copy", **_place(two)})


def _place(two: Two) -> dict[str, str]:
    return {"ProjectGroupId": two.groups[0], "LifecycleId": "Lifecycles-1"}


async def test_a_deployment_takes_the_permission_in_the_project_and_every_environment(
    here: tuple[House, Two],
) -> None:
    server, two = here
    dev, prod = two.environments
    limit(server, scope(environments=[dev], projects=[two.projects[0]]))
    body = {"ReleaseId": two.releases[0], "EnvironmentId": prod}
    told = await server.refused(403, "POST", "deployments", body)
    assert told["Errors"][0] == "Missing permission: DeploymentCreate"
    both = {"ProjectName": "One", "ReleaseVersion": "1.0.0", "EnvironmentNames": ["Dev", "Prod"]}
    await server.refused(403, "POST", "deployments/create/untenanted/v1", both)


async def test_events_of_what_lies_outside_are_not_told(here: tuple[House, Two]) -> None:
    server, two = here
    everything = (await server.get("events?take=100"))["Items"]
    limit(server, scope(projects=[two.projects[0]]))
    mine = (await server.get("events?take=100"))["Items"]
    assert mine and all(two.projects[0] in each["RelatedDocumentIds"] for each in mine)
    lost = next(each["Id"] for each in everything if two.projects[1] in each["RelatedDocumentIds"])
    told = await server.refused(403, "GET", f"events/{lost}")
    assert told["Errors"][0] == "Missing permission: EventView"
