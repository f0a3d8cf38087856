"""What actions are told of packages and images."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from gurita.deployments.rules import PlannedPackage
from gurita.deployments.rules.packages import as_data
from gurita.engine.plan import Plan, PlanAction, PlanStep
from gurita.execution.package_values import package_values
from gurita.feeds import service as feeds
from gurita.feeds.rules.registries import registry_place
from gurita.feeds.service import Registry
from gurita.kernel.sensitive import Sensitive
from gurita.secrets.opening import reveal
from tests.helpers import house
from tests.looping import in_loop

OPEN, CLOSED = Registry("images.example:5000"), Registry("hub.example", "robot", Sensitive("hunter2222"))


def action(name: str, *packages: PlannedPackage) -> PlanAction:
    return PlanAction(index=0, id=name, name=name, number="1", type="Octopus.Script", data=as_data(packages))


def plan(*actions: PlanAction) -> Plan:
    return Plan(
        steps=tuple(
            PlanStep(index=at, id=each.id, name=each.name, number=str(at), group=at, actions=(each,))
            for at, each in enumerate(actions)
        )
    )


def test_a_primary_package_stands_under_two_names_and_images_say_more() -> None:
    web = PlannedPackage(package_id="Acme.Web", feed_id="Feeds-1", version="1.0")
    image = PlannedPackage(name="app", package_id="acme/app", feed_id="Feeds-2", version="3-alpine")
    deploy, other = action("Deploy", web, image), action("Other")
    found = package_values(plan(deploy, other), deploy, {"Feeds-2": OPEN})
    assert (
        found["Octopus.Action.Package.PackageId"] == found["Octopus.Action.Package[].PackageId"] == "Acme.Web"
    )
    assert found["Octopus.Action[Deploy].Package[].PackageVersion"] == "1.0"
    for place in ("Octopus.Action.Package[app]", "Octopus.Action[Deploy].Package[app]"):
        assert found[f"{place}.Image"] == "images.example:5000/acme/app:3-alpine"
        assert (found[f"{place}.Registry"], found[f"{place}.Version"]) == ("images.example:5000", "3-alpine")
    assert not [name for name in found if "Feed.User" in name or name.endswith("Package.Image")]


def test_only_the_action_that_uses_an_image_is_told_how_to_fetch_it() -> None:
    image = PlannedPackage(package_id="acme/app", feed_id="Feeds-2", version="3")
    deploy, other = action("Deploy", image), action("Other")
    found = package_values(plan(deploy, other), deploy, {"Feeds-2": CLOSED})
    assert found["Octopus.Action.Package.Feed.UserName"] == "robot"
    password = found["Octopus.Action.Package[].Feed.Password"]
    assert isinstance(password, Sensitive)
    assert reveal(password) == "hunter2222"
    there = package_values(plan(deploy, other), other, {"Feeds-2": CLOSED})
    assert there["Octopus.Action[Deploy].Package.Image"] == "hub.example/acme/app:3"
    assert not [name for name in (*there, *found) if ".Feed." in name and name.startswith("Octopus.Action[")]
    assert not [name for name in there if ".Feed." in name]


@pytest.mark.parametrize(
    ("uri", "path", "place"),
    [
        ("https://hub.example", "", "hub.example"),
        ("https://Images.example:5000/v2/", "", "Images.example:5000"),
        ("https://user@images.example", "", "images.example"),
        ("images.example:5000", "", "images.example:5000"),
        ("https://images.example", "other.example/team/", "other.example/team"),
        ("https://images.example", "https://other.example", "other.example"),
        ("", "", ""),
    ],
)
def test_images_are_named_by_the_registry_path_or_the_host(uri: str, path: str, place: str) -> None:
    assert registry_place(uri, path) == place


@in_loop
async def test_registries_are_those_feeds_that_hold_images(tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:
        docker: dict[str, Any] = {"FeedType": "Docker", "FeedUri": "https://hub.example", "Username": "robot"}
        secret = {"Password": {"HasValue": True, "NewValue": "hunter2222"}}
        made = [
            await gurita.post("feeds", {"Name": "closed", **docker, **secret}),
            await gurita.post("feeds", {"Name": "web", "FeedType": "NuGet", "FeedUri": "https://n.example"}),
            await gurita.post("feeds", {"Name": "unused", **docker}),
        ]
        wanted = {each["Id"] for each in made[:2]}
        services = gurita.services
        found = await services.store.read(lambda tx: feeds.registries_in(tx, services, "Spaces-1", wanted))
        assert list(found) == [made[0]["Id"]]
        registry = found[made[0]["Id"]]
        assert (registry.place, registry.username) == ("hub.example", "robot")
        assert registry.password is not None
        assert reveal(registry.password) == "hunter2222"
