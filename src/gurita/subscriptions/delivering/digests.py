"""Digests: what happened since the last one, to everybody in the teams, each as far as their teams may see it."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

import msgspec

from gurita.access.service import TeamPerson, people_of_in, viewer_of_in
from gurita.audit.resources import Event
from gurita.audit.service import events_at_in, newest_seal_in
from gurita.configuration.rules import address_of
from gurita.configuration.service import Sender, public_url_in, sender_in
from gurita.kernel.faults import fault
from gurita.outbound.errors import NotLetIn, OutboundError, Rejected, Unreachable
from gurita.outbound.mail import MailSession, mail_session
from gurita.subscriptions.delivering.messages import message_id, message_of
from gurita.subscriptions.delivering.noting import failure_of, given_up_of, show_in
from gurita.subscriptions.delivering.payloads import audit_link
from gurita.subscriptions.delivering.scanning import (
    Place,
    Progress,
    Told,
    scanned_in,
    told_in,
    wanted_in,
)
from gurita.subscriptions.positions import Key, change_in, claim_in, period_of
from gurita.subscriptions.rules import Digest, after_failure, composed, zone_of

if TYPE_CHECKING:
    from gurita.http.context import Context
    from gurita.store.tx import Tx

__all__ = ["Digests"]

_LEASE = 600_000
_MOST_ROUNDS = 100_000
_encode = msgspec.json.Encoder().encode


@dataclass(frozen=True, slots=True)
class _Found:
    """The numbers of some more events, and those of them that are listed."""

    numbers: list[int]
    listed: list[Event]


@dataclass(slots=True)
class _Plan:
    """A digest that is due: of the seals up to `target`, to these people. `last` is its newest event."""

    told: Told
    target: int
    people: list[TeamPerson]
    sender: Sender | None
    url: str
    progress: Progress
    digests: dict[frozenset[str], Digest] = field(default_factory=dict)
    last: int = 0

    @property
    def key(self) -> Key:
        """The subscription and the way."""
        return self.told.doc.id, self.told.row["channel"]

    @property
    def waiting(self) -> list[TeamPerson]:
        """Who is told something and was not yet."""
        sent = set(self.progress.sent)
        return [one for one in self.people if one.number not in sent and self.digests[one.teams].count]


class Digests:
    """Those of one node. `me` is what it claims subscriptions as."""

    def __init__(self, system: Context, me: str) -> None:
        self._ctx, self._store, self._me = system, system.services.store, me

    async def tell(self, key: Key) -> None:
        """Sends the digest that is due, if anything happened."""
        plan = await self._store.read(lambda tx: self._plan_in(tx, key))
        if plan is None or not await self._store.write(lambda tx: self._take_in(tx, plan)):
            return
        for teams in {one.teams for one in plan.people}:
            await self._collect(plan, teams)
        try:
            if plan.waiting:
                await self._send_all(plan)
        except OutboundError as error:
            told = error
            await self._store.write(lambda tx: self._failed_in(tx, plan, told))
            return
        await self._store.write(lambda tx: self._finished_in(tx, plan))

    def _plan_in(self, tx: Tx, key: Key) -> _Plan | None:
        told = told_in(tx, key)
        if told is None or told.row["due"] > self._now():
            return None
        people = [
            one
            for one in people_of_in(tx, told.doc.event_notification_subscription.email_teams)
            if address_of(one.email) is not None
        ]
        progress = told.progress
        return _Plan(
            told,
            int(told.row["target"]) or newest_seal_in(tx),
            people,
            sender_in(tx, self._ctx.services.secrets),
            public_url_in(tx, self._ctx),
            progress if progress.began else Progress(began=self._now()),
        )

    def _take_in(self, tx: Tx, plan: _Plan) -> bool:
        """Whether this node sends it. What belongs to the digest is settled now, and stays so over crashes."""
        kept = _encode(plan.progress).decode()
        return claim_in(tx, plan.told.row, self._me, self._now(), _LEASE, target=plan.target, done=kept)

    async def _collect(self, plan: _Plan, teams: frozenset[str]) -> None:
        """What these teams are told, a few seals at a time."""
        digest = plan.digests.setdefault(teams, Digest())
        place: Place = (plan.told.row["seal"], plan.told.row["place"])
        for _ in range(_MOST_ROUNDS):
            if place[0] >= plan.target:
                return
            look = partial(self._look_in, plan=plan, teams=teams, room=digest.room, start=place)
            found, reached = await self._store.read(look)
            digest.add(len(found.numbers), found.listed)
            plan.last = max([plan.last, *found.numbers])
            if reached == place:
                return
            place = reached

    def _look_in(
        self, tx: Tx, *, plan: _Plan, teams: frozenset[str], room: int, start: Place
    ) -> tuple[_Found, Place]:
        given = plan.told.doc.event_notification_subscription
        viewer, filter = viewer_of_in(tx, teams), wanted_in(tx, given.filter)
        found, end, _ = scanned_in(tx, plan.told, start, viewer, filter, plan.target)
        numbers = [fact.number for fact, _ in found]
        events = events_at_in(tx, numbers[:room], whole=False)
        return _Found(numbers, [events[number][0] for number in numbers if number in events]), end

    async def _send_all(self, plan: _Plan) -> None:
        """To everybody who waits. Raises OutboundError when that must be tried again."""
        if plan.sender is None:
            raise Unreachable("E-mail is not set up: SmtpHost and SendEmailFrom are missing.")
        sender = plan.sender
        async with mail_session(self._ctx.services.outbound, sender.relay) as session:
            for person in plan.waiting:
                try:
                    await self._send(plan, sender, session, person)
                except NotLetIn:
                    raise
                except Rejected as error:
                    if not await self._note(plan, person, str(error)):
                        return
                    continue
                fault("subscriptions.mailed")
                if not await self._note(plan, person):
                    return

    async def _send(self, plan: _Plan, sender: Sender, session: MailSession, person: TeamPerson) -> None:
        given, now = plan.told.doc.event_notification_subscription, self._now()
        link = audit_link(plan.url, plan.told, now)
        zone = zone_of(given.email_show_dates_in_time_zone_id) or zone_of("UTC")
        assert zone is not None  # noqa: S101 - UTC is always known
        text = composed(plan.digests[person.teams], plan.told.doc.name, zone, link)
        message = message_of(text, sender.address, person, self._id(plan, person), given.email_priority, now)
        await session.send(message, sender.address.addr_spec, person.email)

    def _id(self, plan: _Plan, person: TeamPerson) -> str:
        installation = self._ctx.services.installation_id
        return message_id(installation, plan.key[0], plan.told.row["seal"], plan.target, person.number)

    async def _note(self, plan: _Plan, person: TeamPerson, refused: str = "") -> bool:
        """Whether this node may go on, after somebody was told, or their address was refused for good."""
        plan.progress.sent.append(person.number)
        delivery, who = self._id(plan, person), f"Users-{person.number}"

        def unit(tx: Tx) -> bool:
            told, now = told_in(tx, plan.key), self._now()
            if told is None:
                return False
            values = {"done": _encode(plan.progress).decode(), "until": now + _LEASE}
            if refused:
                values |= {"failed": now, "error": refused[:500]}
                values |= given_up_of(told.row, who, delivery, refused, now)
            else:
                values |= {"succeeded": now}
            return change_in(tx, plan.key, self._me, **values)

        return await self._store.write(unit)

    def _failed_in(self, tx: Tx, plan: _Plan, error: OutboundError) -> None:
        told, now = told_in(tx, plan.key), self._now()
        if told is None:
            return
        failures = int(told.row["failures"]) + 1
        age = now - plan.progress.began
        step = after_failure(failures, 0, age, asked=getattr(error, "after", None))
        values = failure_of(str(error), failures, now, now + step.pause)
        if step.give_up:
            what = f"digest of {len(plan.waiting)} messages"
            values |= given_up_of(told.row, what, "", str(error), now)
            values |= {
                "seal": plan.target,
                "place": 0,
                "target": 0,
                "done": "{}",
                "due": now + period_of(told.doc),
            }
        show_in(tx, told, now)
        change_in(tx, plan.key, self._me, **values, owner="", until=0)

    def _finished_in(self, tx: Tx, plan: _Plan) -> None:
        told, now = told_in(tx, plan.key), self._now()
        if told is None:
            return
        period = period_of(told.doc)
        due = int(plan.told.row["due"]) + period
        values: dict[str, object] = {"processed": now, "due": due if due > now else now + period}
        if plan.last:
            values["processed_event"] = plan.last
        if not plan.people:
            values["error"] = "Nobody in these teams is active and has an e-mail address."
        show_in(tx, told, now)
        change_in(
            tx,
            plan.key,
            self._me,
            seal=plan.target,
            place=0,
            target=0,
            done="{}",
            failures=0,
            owner="",
            until=0,
            **values,
        )

    def _now(self) -> int:
        return self._ctx.services.milliseconds()
