"""Telling, node by node and crash by crash, in a time of its own."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import update

from gurita.kernel.errors import Retryable
from gurita.outbound.client import Ask
from gurita.outbound.errors import Busy, NotLetIn, OutboundError, Rejected, Unreachable
from gurita.outbound.policy import PUBLIC_ONLY
from gurita.subscriptions.delivering import digests, webhooks
from gurita.subscriptions.positions import release_in
from gurita.subscriptions.records import subscription_delivery
from tests.looping import in_loop
from tests.unit.subscriptions.tellings import HOOK, Post, Telling, telling

EVE = {"Username": "eve", "EmailAddress": "eve@x.example"}
BOB = {"Username": "bob", "EmailAddress": "bob@x.example"}


@pytest.fixture(name="post")
def _post(monkeypatch: pytest.MonkeyPatch) -> Post:
    made = Post()
    monkeypatch.setattr(digests, "mail_session", made.session)
    return made


async def mail_is_set_up(here: Telling) -> None:
    await here.gurita.put("smtpconfiguration", {"SmtpHost": "mail.example", "SendEmailFrom": "g@x.example"})


@in_loop
async def test_each_event_after_the_subscription_is_posted_once_in_order(tmp_path: Path) -> None:
    async with telling(tmp_path) as here:
        await here.happen("Before")
        id = await here.subscribe(WebhookURI=HOOK)
        await here.happen("Dev", "Test")
        await here.happen("Prod")
        node = here.node()
        await node.settle()
        await node.settle()
        assert here.receiver.told == [f"Environment {name} was created" for name in ("Dev", "Test", "Prod")]
        first = here.receiver.asked[0]
        assert (first.method, first.url, first.policy, first.total) == ("POST", HOOK, PUBLIC_ONLY, 10.0)
        payloads = [body["Payload"] for body in here.receiver.bodies]
        assert [one["EventNumberInBatch"] for one in payloads] == [1, 2, 3]
        assert {one["TotalEventsInBatch"] for one in payloads} == {3}
        assert len({one["BatchId"] for one in payloads}) == 1
        assert {body["EventType"] for body in here.receiver.bodies} == {"SubscriptionPayload"}
        shown = await here.shown(id)
        assert shown["WebhookLastProcessedEventAutoId"] == int(payloads[2]["Event"]["Id"].split("-")[1])
        assert shown["WebhookDelivery"]["LastSuccess"] and shown["WebhookDelivery"]["Failures"] == 0


@in_loop
async def test_what_failed_is_tried_again_under_the_same_id_and_nothing_overtakes_it(tmp_path: Path) -> None:
    async with telling(tmp_path) as here:
        id = await here.subscribe(WebhookURI=HOOK)
        await here.happen("Dev", "Test")
        node = here.node()
        here.receiver.answer = lambda _: Unreachable("no")
        for _ in range(3):
            await node.settle()
        assert len(here.receiver.asked) == 1
        delivery = (await here.shown(id))["WebhookDelivery"]
        assert (delivery["Failures"], delivery["LastError"]) == (1, "no")
        assert delivery["NextTry"] == "2026-07-01T12:00:05.000+00:00"
        here.pass_(seconds=5)
        await node.settle()
        here.receiver.answer = lambda _: 200
        here.pass_(seconds=10)
        await node.settle()
        assert here.receiver.told == [
            "Environment Dev was created",
            "Environment Dev was created",
            "Environment Dev was created",
            "Environment Test was created",
        ]
        ids = [ask.headers["X-Gurita-Delivery"] for ask in here.receiver.asked]
        assert len(set(ids[:3])) == 1 and ids[3] != ids[0]


@in_loop
async def test_an_event_that_is_refused_again_and_again_lets_the_next_one_pass(tmp_path: Path) -> None:
    async with telling(tmp_path) as here:
        id = await here.subscribe(WebhookURI=HOOK)
        await here.happen("Poison", "Good")

        def answer(ask: Ask) -> int | OutboundError:
            return Rejected("no", status=400) if b"Poison" in ask.body else 200

        here.receiver.answer = answer
        node = here.node()
        for _ in range(8):
            await node.settle()
            here.pass_(minutes=10)
        assert here.receiver.told == ["Environment Poison was created"] * 5 + ["Environment Good was created"]
        delivery = (await here.shown(id))["WebhookDelivery"]
        assert delivery["GivenUpCount"] == 1 and delivery["Failures"] == 0
        (gone,) = delivery["GivenUp"]
        assert gone["DeliveryId"] == here.receiver.asked[0].headers["X-Gurita-Delivery"]


@in_loop
async def test_a_receiver_with_a_wrong_key_or_away_is_tried_for_three_days(tmp_path: Path) -> None:
    async with telling(tmp_path) as here:
        id = await here.subscribe(WebhookURI=HOOK)
        await here.happen("Dev")
        here.receiver.answer = lambda _: NotLetIn("no", status=401)
        node = here.node()
        for _ in range(20):
            await node.settle()
            here.pass_(minutes=10)
        assert (await here.shown(id))["WebhookDelivery"]["GivenUpCount"] == 0
        here.pass_(days=3)
        await node.settle()
        assert (await here.shown(id))["WebhookDelivery"]["GivenUpCount"] == 1


@in_loop
async def test_a_redirect_is_no_success_and_is_not_followed(tmp_path: Path) -> None:
    async with telling(tmp_path) as here:
        id = await here.subscribe(WebhookURI=HOOK)
        await here.happen("Dev")
        here.receiver.answer = lambda _: 302
        await here.node().settle()
        assert "redirects are not followed" in (await here.shown(id))["WebhookDelivery"]["LastError"]
        assert [ask.url for ask in here.receiver.asked] == [HOOK]


@in_loop
async def test_saving_a_subscription_tries_again_at_once(tmp_path: Path) -> None:
    async with telling(tmp_path) as here:
        id = await here.subscribe(WebhookURI=HOOK)
        await here.happen("Dev")
        here.receiver.answer = lambda _: Busy("later", status=503, after=300.0)
        node = here.node()
        await node.settle()
        here.receiver.answer = lambda _: 200
        body = await here.gurita.get(f"subscriptions/{id}")
        await here.gurita.put(f"subscriptions/{id}", {**body, "Name": "Mended"})
        await node.settle()
        assert here.receiver.told == ["Environment Dev was created"] * 2


class Killed(BaseException):
    """As if the node had been killed there."""


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(crashes=st.lists(st.integers(0, 5), max_size=3), before=st.booleans())
def test_no_crash_loses_an_event_or_changes_its_id(
    crashes: list[int], before: bool, tmp_path_factory: pytest.TempPathFactory
) -> None:
    @in_loop
    async def play() -> None:
        async with telling(tmp_path_factory.mktemp("crashes")) as here:
            await here.subscribe(WebhookURI=HOOK)
            names = [f"E {number}" for number in range(5)]
            await here.happen(*names[:3])
            await here.happen(*names[3:])
            for after in [*crashes, 1_000]:
                left = [after]

                def answer(_ask: Ask, left: list[int] = left) -> int:
                    left[0] -= 1
                    if left[0] < 0 and before:
                        raise Killed
                    return 200

                here.receiver.answer = answer
                with pytest.MonkeyPatch.context() as patch:
                    if not before:
                        patch.setattr(webhooks, "fault", lambda _, left=left: _killed(left[0]))
                    await asyncio.gather(*_tasks(here), return_exceptions=True)
                here.pass_(hours=1)  # the lease of a node that is gone ends
            told = list(dict.fromkeys(here.receiver.told))
            assert told == [f"Environment {name} was created" for name in names]
            ids: dict[str, set[str]] = {}
            for ask, message in zip(here.receiver.asked, here.receiver.told, strict=True):
                ids.setdefault(message, set()).add(ask.headers["X-Gurita-Delivery"])
            assert all(len(each) == 1 for each in ids.values())
            assert len(here.receiver.told) <= len(names) + len(crashes)

    play()


def _killed(left: int) -> None:
    if left < 0:
        raise Killed


def _tasks(here: Telling) -> list[asyncio.Task[None]]:
    async def one() -> None:
        try:
            await webhooks.Webhooks(here.node()._ctx, f"{id(object())}").tell(("Subscriptions-1", "Webhook"))
        except Killed:
            raise Retryable("killed") from None

    return [asyncio.ensure_future(one())]


@in_loop
async def test_two_nodes_do_not_tell_the_same_at_once(tmp_path: Path) -> None:
    async with telling(tmp_path) as here:
        await here.subscribe(WebhookURI=HOOK)
        await here.happen("Dev", "Test", "Prod")
        await asyncio.gather(*(here.node().settle() for _ in range(4)))
        assert here.receiver.told == [f"Environment {name} was created" for name in ("Dev", "Test", "Prod")]


@in_loop
async def test_a_space_tells_of_itself_and_the_system_of_itself(tmp_path: Path) -> None:
    async with telling(tmp_path) as here:
        other = (await here.gurita.post("spaces", {"Name": "Other", "SpaceManagersTeamMembers": []}))["Id"]
        for space, name in (("Spaces-1", "one"), (other, "other"), ("", "system")):
            await here.subscribe(space, WebhookURI=f"https://{name}.example/")
        await here.happen("Dev")
        await here.happen("Elsewhere", space=other)
        await here.gurita.post("users", {"Username": "new"})
        await here.sealer.seal()
        await here.node().settle()
        told = sorted(zip([ask.url for ask in here.receiver.asked], here.receiver.told, strict=True))
        assert told == [
            ("https://one.example/", "Environment Dev was created"),
            ("https://other.example/", "Environment Elsewhere was created"),
            *[each for each in told if each[0] == "https://system.example/"],
        ]
        assert any("User new was created" in message for _, message in told)
        assert not any("Environment" in message for url, message in told if "system" in url)


@in_loop
async def test_a_webhook_shows_what_its_teams_may_see_at_that_moment(tmp_path: Path) -> None:
    async with telling(tmp_path) as here:
        dev, _ = await here.happen("Dev", "Test")
        team = await here.team("Developers", EnvironmentIds=[dev])
        told = {"EventCategories": ["Modified"], "DocumentTypes": ["environments"]}
        await here.subscribe(WebhookURI=HOOK, WebhookTeams=[team], Filter=told)
        node = here.node()

        async def modify() -> None:
            for each in await here.gurita.get("environments/all"):
                body = {**each, "Description": f"{here.clock.moment}"}
                await here.gurita.put(f"environments/{each['Id']}", body)
            await here.sealer.seal()
            await node.settle()
            here.pass_(minutes=1)

        await modify()
        assert here.receiver.told == ["Environment Dev was modified"]
        (given,) = (await here.gurita.get(f"teams/{team}/scopeduserroles"))["Items"]
        await here.gurita.put(f"scopeduserroles/{given['Id']}", {**given, "EnvironmentIds": []})
        await modify()
        assert here.receiver.told[1:] == ["Environment Dev was modified", "Environment Test was modified"]
        await here.gurita.delete(f"scopeduserroles/{given['Id']}")
        await modify()
        assert len(here.receiver.told) == 3


@in_loop
async def test_a_digest_tells_everybody_what_their_teams_may_see(tmp_path: Path, post: Post) -> None:
    async with telling(tmp_path) as here:
        await mail_is_set_up(here)
        dev, _ = await here.happen("Dev", "Test")
        idle = {"Username": "idle", "EmailAddress": "idle@x.example", "IsActive": False}
        mute = {"Username": "mute"}
        odd = {"Username": "odd", "EmailAddress": "odd@x.example\r\nBcc: all@x.example"}
        everything = await here.team("All", EVE, idle, mute, odd)
        some = await here.team("Dev only", BOB, EnvironmentIds=[dev])
        id = await here.subscribe(EmailTeams=[everything, some], Filter={"EventCategories": ["Modified"]})
        for each in await here.gurita.get("environments/all"):
            await here.gurita.put(f"environments/{each['Id']}", {**each, "Description": "new"})
        await here.sealer.seal()
        node = here.node()
        await node.settle()
        assert post.sent == []
        here.pass_(hours=1)
        await node.settle()
        texts = {to: message.get_body(("plain",)).get_content() for to, message in post.sent}  # type: ignore[union-attr]
        assert sorted(texts) == ["bob@x.example", "eve@x.example"]
        assert "Environment Test was modified" in texts["eve@x.example"]
        assert (
            "Test" not in texts["bob@x.example"] and "Environment Dev was modified" in texts["bob@x.example"]
        )
        here.pass_(hours=1)
        await node.settle()
        assert len(post.sent) == 2
        shown = await here.shown(id)
        assert shown["EmailDelivery"]["LastSuccess"] == shown["EmailDigestLastProcessed"].replace(
            "14:", "13:"
        )


@in_loop
async def test_a_digest_goes_on_where_it_broke_off_and_keeps_its_ids(tmp_path: Path, post: Post) -> None:
    async with telling(tmp_path) as here:
        await mail_is_set_up(here)
        team = await here.team("All", EVE, BOB)
        id = await here.subscribe(EmailTeams=[team])
        await here.happen("Dev")
        here.pass_(hours=1)
        node = here.node()
        post.answer = lambda to: Busy("later", status=451) if to == "bob@x.example" else None
        await node.settle()
        assert [to for to, _ in post.sent] == ["eve@x.example"]
        await here.happen("Too late for this one")
        post.answer = lambda _: None
        here.pass_(minutes=1)
        await node.settle()
        assert [to for to, _ in post.sent] == ["eve@x.example", "bob@x.example"]
        assert "Too late" not in post.sent[1][1].as_string()
        assert len({message["Message-ID"] for _, message in post.sent}) == 2
        here.pass_(hours=1)
        await node.settle()
        assert len(post.sent) == 4 and "Too late" in post.sent[2][1].as_string()
        assert (await here.shown(id))["EmailDelivery"]["Failures"] == 0


@in_loop
async def test_a_digest_after_a_crash_has_the_same_ids_and_tells_nobody_twice_but_one(
    tmp_path: Path, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with telling(tmp_path) as here:
        await mail_is_set_up(here)
        team = await here.team("All", EVE, BOB)
        id = await here.subscribe(EmailTeams=[team])
        await here.happen("Dev")
        here.pass_(hours=1)
        with monkeypatch.context() as patch:
            patch.setattr(digests, "fault", lambda _: _killed(-1))
            with pytest.raises(Killed):
                await digests.Digests(here.node()._ctx, "gone/1").tell((id, "Email"))
        here.pass_(hours=1)
        await here.node().settle()
        assert [to for to, _ in post.sent] == ["eve@x.example", "eve@x.example", "bob@x.example"]
        assert post.sent[0][1]["Message-ID"] == post.sent[1][1]["Message-ID"]


@in_loop
async def test_an_address_refused_for_good_holds_nobody_up(tmp_path: Path, post: Post) -> None:
    async with telling(tmp_path) as here:
        await mail_is_set_up(here)
        team = await here.team("All", EVE, BOB)
        id = await here.subscribe(EmailTeams=[team])
        await here.happen("Dev")
        here.pass_(hours=1)
        post.answer = lambda to: Rejected("no such box", status=550) if to == "eve@x.example" else None
        await here.node().settle()
        assert [to for to, _ in post.sent] == ["bob@x.example"]
        delivery = (await here.shown(id))["EmailDelivery"]
        assert [each["What"][:6] for each in delivery["GivenUp"]] == ["Users-"]
        assert "x.example" not in str(delivery)


@in_loop
async def test_without_a_mail_server_the_digest_waits_and_says_why(tmp_path: Path, post: Post) -> None:
    async with telling(tmp_path) as here:
        team = await here.team("All", EVE)
        id = await here.subscribe(EmailTeams=[team])
        await here.happen("Dev")
        here.pass_(hours=1)
        node = here.node()
        await node.settle()
        assert "not set up" in (await here.shown(id))["EmailDelivery"]["LastError"]
        await mail_is_set_up(here)
        here.pass_(hours=1)
        await node.settle()
        assert len(post.sent) == 1


@in_loop
async def test_more_than_a_hundred_events_are_counted_in_a_digest(tmp_path: Path, post: Post) -> None:
    async with telling(tmp_path) as here:
        await mail_is_set_up(here)
        team = await here.team("All", EVE)
        await here.subscribe(EmailTeams=[team])
        await here.happen(*(f"E {number}" for number in range(60)))
        await here.happen(*(f"F {number}" for number in range(60)))
        here.pass_(hours=1)
        await here.node().settle()
        ((_, message),) = post.sent
        assert message["Subject"].startswith("120 events for the subscription")
        assert "and 20 more, which are not listed here" in message.as_string()


@in_loop
async def test_a_node_says_when_it_has_to_look_again_if_nothing_happens(tmp_path: Path, post: Post) -> None:
    async with telling(tmp_path) as here:
        node = here.node()
        assert await node.look() is None
        await here.subscribe(WebhookURI=HOOK)
        await node.settle()
        assert await node.look() is None, "a webhook waits for events, not for time"
        await mail_is_set_up(here)
        team = await here.team("T", EVE)
        await here.subscribe(EmailTeams=[team], EmailFrequencyPeriod="02:00:00")
        await node.settle()
        assert await node.look() == 7200
        here.pass_(minutes=30)
        assert await node.look() == 5400
        here.pass_(minutes=90)
        await node.settle()
        assert await node.look() == 7200


@in_loop
async def test_what_another_node_is_at_is_looked_at_when_its_time_ends(tmp_path: Path) -> None:
    async with telling(tmp_path) as here:
        await here.subscribe(WebhookURI=HOOK)
        await here.happen("Dev")
        node, now = here.node(), here.gurita.services.milliseconds()
        taken = {"owner": "other/1", "until": now + 40_000}
        await here.gurita.store.write(lambda tx: tx.run(update(subscription_delivery).values(taken)))
        assert await node.look() == 40
        await here.gurita.store.write(lambda tx: release_in(tx, "other/"))
        await node.settle()
        assert here.receiver.told == ["Environment Dev was created"]
