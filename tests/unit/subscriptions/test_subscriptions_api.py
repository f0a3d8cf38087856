"""Subscriptions over REST: what they must be, who may set them up, and what stays hidden."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from gurita.access.rules.evaluating import Grant, Grants, may, scopes_of
from gurita.kernel.places import Scope
from tests.looping import in_loop
from tests.unit.subscriptions.tellings import HOOK, Telling, telling


def body(**told: Any) -> dict[str, Any]:
    return {"Name": "One", "EventNotificationSubscription": told}


WRONG: dict[str, tuple[str, dict[str, Any]]] = {
    "a category nobody knows": ("Filter.EventCategories[0]", {"Filter": {"EventCategories": ["Sunrise"]}}),
    "a group nobody knows": ("Filter.EventGroups[0]", {"Filter": {"EventGroups": ["Weather"]}}),
    "an agent nobody knows": ("Filter.EventAgents[0]", {"Filter": {"EventAgents": ["Smith"]}}),
    "a type nobody knows": ("Filter.DocumentTypes[0]", {"Filter": {"DocumentTypes": ["Clouds"]}}),
    "a user nobody knows": ("Filter.Users[0]", {"Filter": {"Users": ["Users-99"]}}),
    "a project nobody knows": ("Filter.Projects[0]", {"Filter": {"Projects": ["Projects-99"]}}),
    "a team nobody knows": ("EmailTeams[0]", {"EmailTeams": ["Teams-99"]}),
    "a header without a name": ("WebhookHeaderKey", {"WebhookHeaderValue": "word"}),
    "a secret that is not there": (
        "WebhookSecret",
        {"WebhookSecret": {"HasValue": True, "NewValue": None}},
    ),
}


@pytest.mark.parametrize("case", WRONG)
@in_loop
async def test_what_cannot_be_is_refused_by_name(case: str, tmp_path: Path) -> None:
    member, told = WRONG[case]
    async with telling(tmp_path) as here:
        refused = await here.gurita.refused(400, "POST", "Spaces-1/subscriptions", body(**told))
        assert f"EventNotificationSubscription.{member}: " in " ".join(refused["Errors"])


@in_loop
async def test_secrets_go_in_and_never_out_and_stay_with_their_receiver(tmp_path: Path) -> None:
    async with telling(tmp_path) as here:
        told: dict[str, Any] = {
            "WebhookURI": HOOK,
            "WebhookHeaderKey": "Authorization",
            "WebhookHeaderValue": "Bearer word",
        }
        told |= {"WebhookSecret": {"HasValue": True, "NewValue": "0123456789abcdef"}}
        made = await here.gurita.post("Spaces-1/subscriptions", body(**told))
        place, shown = f"subscriptions/{made['Id']}", made["EventNotificationSubscription"]
        assert made["Links"]["Self"] == f"/api/Spaces-1/{place}"
        assert shown["WebhookHeaderValue"] == {"HasValue": True, "NewValue": None, "Hint": None}
        assert "word" not in str(made) and "0123456789abcdef" not in str(made)
        moved = {**made, "EventNotificationSubscription": {**shown, "WebhookURI": "https://evil.example/"}}
        refused = await here.gurita.refused(400, "PUT", place, moved)
        assert "WebhookHeaderValue: was entered for another address" in " ".join(refused["Errors"])
        same = {**made, "EventNotificationSubscription": {**shown, "WebhookURI": f"{HOOK}/2"}}
        del same["EventNotificationSubscription"]["WebhookSecret"]  # an older client knows nothing of it
        kept = (await here.gurita.put(place, same))["EventNotificationSubscription"]
        assert kept["WebhookHeaderValue"]["HasValue"] and kept["WebhookSecret"]["HasValue"]
        cleared = {**shown, "WebhookHeaderValue": None, "WebhookSecret": {"HasValue": False}}
        after = await here.gurita.put(place, {**made, "Version": 2, "EventNotificationSubscription": cleared})
        assert after["EventNotificationSubscription"]["WebhookHeaderValue"] is None
        assert after["EventNotificationSubscription"]["WebhookSecret"]["HasValue"] is False
        messages = [one["Message"] for one in (await here.gurita.get("events?take=4"))["Items"]]
        assert messages[:3] == ["Subscription One was modified"] * 2 + ["Subscription One was created"]


@in_loop
async def test_kinds_are_spelled_as_they_are_known_and_spans_may_have_many_hours(tmp_path: Path) -> None:
    async with telling(tmp_path) as here:
        filter = {
            "EventCategories": ["created"],
            "EventGroups": ["MACHINE"],
            "DocumentTypes": ["environments"],
        }
        made = await here.gurita.post(
            "Spaces-1/subscriptions", body(Filter=filter, EmailFrequencyPeriod="36:00:00")
        )
        kept = made["EventNotificationSubscription"]["Filter"]
        assert (kept["EventCategories"], kept["EventGroups"], kept["DocumentTypes"]) == (
            ["Created"],
            ["Machine"],
            ["Environments"],
        )
        assert made["EventNotificationSubscription"]["EmailDelivery"] is None


@in_loop
async def test_a_space_shows_its_own_and_the_systems_and_another_spaces_are_not_there(tmp_path: Path) -> None:
    async with telling(tmp_path) as here:
        other = (await here.gurita.post("spaces", {"Name": "Other", "SpaceManagersTeamMembers": []}))["Id"]
        for path in ("Spaces-1/subscriptions", f"{other}/subscriptions", "subscriptions"):
            await here.gurita.post(path, body())
        listed = (await here.gurita.get("Spaces-1/subscriptions"))["Items"]
        assert sorted(one["SpaceId"] or "" for one in listed) == ["", "Spaces-1"]
        assert len((await here.gurita.get("subscriptions"))["Items"]) == 3
        (theirs,) = (await here.gurita.get(f"{other}/subscriptions?includeSystem=false"))["Items"]
        unknown = await here.gurita.refused(404, "GET", "Spaces-1/subscriptions/Subscriptions-99")
        refused = await here.gurita.refused(404, "GET", f"Spaces-1/subscriptions/{theirs['Id']}")
        assert str(refused).replace(theirs["Id"], "X") == str(unknown).replace("Subscriptions-99", "X")
        await here.gurita.refused(400, "POST", "subscriptions", {**body(), "SpaceId": "Spaces-77"})


def _limit(here: Telling, scope: Scope) -> None:
    """From now on the caller sets up subscriptions and sees events within a scope of the default space."""
    edits = frozenset({f"Subscription{verb}" for verb in ("View", "Create", "Edit")})
    grants = Grants(given=(Grant(edits, "Spaces-1"), Grant(frozenset({"EventView"}), "Spaces-1", scope)))
    here.gurita.viewer = replace(
        here.gurita.viewer,
        may=lambda permission, space: may(grants, permission, space),
        held=lambda permission, space: scopes_of(grants, permission, space),
    )


@in_loop
async def test_nobody_has_sent_to_themselves_what_they_may_not_see(tmp_path: Path) -> None:
    async with telling(tmp_path) as here:
        dev, _ = await here.happen("Dev", "Test")
        some, all_ = await here.team("Some", EnvironmentIds=[dev]), await here.team("All")
        _limit(here, Scope(environments=frozenset([dev])))
        for teams in ([], [all_], [some, all_]):
            await here.gurita.refused(
                403, "POST", "Spaces-1/subscriptions", body(WebhookURI=HOOK, WebhookTeams=teams)
            )
        made = await here.gurita.post("Spaces-1/subscriptions", body(WebhookURI=HOOK, WebhookTeams=[some]))
        told = {**made["EventNotificationSubscription"], "WebhookTeams": []}
        await here.gurita.refused(
            403, "PUT", f"subscriptions/{made['Id']}", {**made, "EventNotificationSubscription": told}
        )
        await here.gurita.put(f"subscriptions/{made['Id']}", {**made, "Name": "Another name"})


@in_loop
async def test_an_environment_that_a_filter_names_stays_as_long_as_it_does(tmp_path: Path) -> None:
    async with telling(tmp_path) as here:
        (dev,) = await here.happen("Dev")
        id = await here.subscribe(Filter={"Environments": [dev]})
        assert "S [" in str(await here.gurita.refused(409, "DELETE", f"environments/{dev}"))
        await here.gurita.delete(f"subscriptions/{id}")
        await here.gurita.delete(f"environments/{dev}")


@in_loop
async def test_the_mail_servers_setting_is_checked_and_its_password_stays_with_its_host(
    tmp_path: Path,
) -> None:
    async with telling(tmp_path) as here:
        good = {"SmtpHost": "mail.example", "SendEmailFrom": "Gurita <g@x.example>", "SmtpPort": 587}
        for member, value in (
            ("SmtpHost", "mail.example:25"),
            ("SmtpHost", "http://mail.example"),
            ("SendEmailFrom", "g@x.example\r\nBcc: all@x.example"),
            ("SendEmailFrom", None),
            ("SmtpPort", 0),
            ("Timeout", 5),
        ):
            refused = await here.gurita.refused(400, "PUT", "smtpconfiguration", {**good, member: value})
            assert member in " ".join(refused["Errors"])
        assert (await here.gurita.get("smtpconfiguration/isconfigured"))["IsConfigured"] is False
        word = {"HasValue": True, "NewValue": "secret word"}
        made = await here.gurita.put("smtpconfiguration", {**good, "SmtpPassword": word})
        assert "secret word" not in str(made) and made["SmtpPassword"]["HasValue"]
        refused = await here.gurita.refused(
            400, "PUT", "smtpconfiguration", {**made, "SmtpHost": "evil.example"}
        )
        assert "SmtpPassword: was entered for another host" in " ".join(refused["Errors"])
        await here.gurita.put("smtpconfiguration", {**made, "SmtpPort": 25})
        assert (await here.gurita.get("smtpconfiguration/isconfigured"))["IsConfigured"] is True
        await here.gurita.refused(400, "POST", "smtpconfiguration/test", {"EmailAddress": "a@b, c@d"})
