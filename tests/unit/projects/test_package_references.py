"""The primary package of an action is in its properties and among its packages, whichever a client sends."""

from __future__ import annotations

from typing import Any

import pytest

from gurita.projects.resources import Action, DeploymentProcess, PackageReference, Step
from gurita.projects.rules import check, completed, with_feeds

ID = "Octopus.Action.Package.PackageId"
FEED = "Octopus.Action.Package.FeedId"
DOWNLOAD = "Octopus.Action.Package.DownloadOnTentacle"


def saved(*packages: PackageReference, **properties: str) -> Action:
    keys = {"id": ID, "feed": FEED, "download": DOWNLOAD}
    given = Action(
        id="a",
        name="Deploy",
        action_type="Octopus.TentaclePackage",
        packages=list(packages),
        properties={keys[key]: value for key, value in properties.items()},
    )
    process = DeploymentProcess(steps=[Step(id="s", name="Deploy", actions=[given])])
    whole = completed(process, lambda: "new")
    assert completed(whole, lambda: "never") == whole
    return whole.steps[0].actions[0]


def test_properties_make_the_primary_reference() -> None:
    made = saved(id="Acme.Web", feed="feeds-builtin", download="False")
    assert made.packages == [
        PackageReference(
            id="new",
            package_id="Acme.Web",
            feed_id="feeds-builtin",
            acquisition_location="Server",
            properties={"SelectionMode": "immediate"},
        )
    ]


def test_the_reference_makes_the_properties_and_wins() -> None:
    listed = PackageReference(
        package_id="Acme.Web", feed_id="Feeds-2", acquisition_location="executiontarget"
    )
    made = saved(listed, id="Old", feed="Feeds-1", download="False")
    assert made.properties == {ID: "Acme.Web", FEED: "Feeds-2", DOWNLOAD: "True"}
    assert made.packages[0].acquisition_location == "ExecutionTarget"


@pytest.mark.parametrize(
    ("said", "location"),
    [("True", "ExecutionTarget"), ("NotAcquired", "NotAcquired"), ("#{Where}", "#{Where}"), ("", "Server")],
)
def test_where_it_is_downloaded_goes_both_ways(said: str, location: str) -> None:
    made = saved(id="A", feed="F", download=said)
    assert made.packages[0].acquisition_location == location
    assert made.properties[DOWNLOAD] == (said or "False")


def test_named_references_stay_where_they_are() -> None:
    tool = PackageReference(name="tool", package_id="Tool", feed_id="F")
    made = saved(tool, id="A", feed="F")
    assert [each.name for each in made.packages] == ["", "tool"]
    assert saved(tool).properties == {}


WRONG: list[tuple[list[dict[str, Any]], str]] = [
    ([{"name": "a", "package_id": "A"}, {"name": "A ", "package_id": "B"}], "Packages[1].Name"),
    ([{"name": "a"}], "Packages[0].PackageId"),
    ([{"package_id": "A", "acquisition_location": "Moon"}], "Packages[0].AcquisitionLocation"),
]


@pytest.mark.parametrize(("packages", "member"), WRONG)
def test_what_is_wrong_is_named(packages: list[dict[str, Any]], member: str) -> None:
    made = saved(*(PackageReference(**each) for each in packages))
    problems = check(DeploymentProcess(steps=[Step(id="s", name="Deploy", actions=[made])]))
    assert [each.split(":")[0] for each in problems] == [f"Steps[0].Actions[0].{member}"]


def test_a_package_chosen_later_may_be_open() -> None:
    open_ = PackageReference(name="a", properties={"SelectionMode": "deferred", "PackageParameterName": "P"})
    made = saved(open_)
    assert check(DeploymentProcess(steps=[Step(id="s", name="Deploy", actions=[made])])) == []


def test_feeds_are_kept_by_id_however_they_were_named() -> None:
    known = {"": "feeds-builtin", "nuget": "Feeds-2", "feeds-2": "Feeds-2"}
    named = [
        PackageReference(package_id="A", feed_id=""),
        PackageReference(name="b", package_id="B", feed_id="NuGet"),
        PackageReference(name="c", package_id="C", feed_id="#{Feed}"),
        PackageReference(name="d", package_id="D", feed_id="Gone"),
    ]
    process = DeploymentProcess(steps=[Step(id="s", name="s", actions=[saved(*named)])])
    found, problems = with_feeds(process, lambda text: known.get(text.lower()))
    action = found.steps[0].actions[0]
    assert [each.feed_id for each in action.packages] == ["feeds-builtin", "Feeds-2", "#{Feed}", "Gone"]
    assert action.properties[FEED] == "feeds-builtin"
    assert [each.split(":")[0] for each in problems] == ["Steps[0].Actions[0].Packages[3].FeedId"]
