"""Webhooks: one POST an event, in the order of the trail, each at least once and under the same delivery id."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec

from gurita.audit.resources import Event, EventFact
from gurita.audit.service import events_at_in
from gurita.configuration.service import public_url_in
from gurita.http.sensitive_value import SensitiveValue
from gurita.kernel.clock import parse_iso
from gurita.kernel.faults import fault
from gurita.outbound.client import Ask
from gurita.outbound.errors import Gone, NotLetIn, NotUnderstood, OutboundError, Rejected
from gurita.outbound.policy import PUBLIC_ONLY
from gurita.secrets.opening import reveal
from gurita.subscriptions.delivering.noting import failure_of, given_up_of, show_in
from gurita.subscriptions.delivering.payloads import Batch, body_of, delivery_id, headers_of
from gurita.subscriptions.delivering.scanning import (
    Place,
    Progress,
    Told,
    scanned_in,
    told_in,
    viewer_in,
    wanted_in,
)
from gurita.subscriptions.positions import Key, change_in, claim_in
from gurita.subscriptions.rules import after_failure, span_of

if TYPE_CHECKING:
    from gurita.http.context import Context
    from gurita.kernel.sensitive import Sensitive
    from gurita.store.tx import Tx

__all__ = ["Webhooks"]

MOST_AT_ONCE = 50
MOST_ROUNDS = 1_000
_SPARE = 60_000
_LARGEST_BODY = 512 * 1024
_MOST_ANSWER = 64 * 1024
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_encode = msgspec.json.Encoder().encode


@dataclass(frozen=True, slots=True)
class _Next:
    """What is sent next; `end` is where telling is when all of it was."""

    told: Told
    found: list[tuple[EventFact, Place]]
    end: Place
    more: bool
    value: Sensitive | None
    secret: Sensitive | None
    url: str


class Webhooks:
    """Those of one node. `me` is what it claims subscriptions as."""

    def __init__(self, system: Context, me: str) -> None:
        self._ctx, self._store, self._me = system, system.services.store, me

    async def tell(self, key: Key) -> None:
        """Sends what there is until nothing is left, or something failed."""
        for _ in range(MOST_ROUNDS):
            coming = await self._store.read(lambda tx: self._next_in(tx, key))
            if coming is None or not await self._store.write(lambda tx: self._take_in(tx, coming)):  # noqa: B023
                return
            if coming.found and not await self._send_all(key, coming):
                return
            if not coming.more and not coming.found:
                return

    def _next_in(self, tx: Tx, key: Key) -> _Next | None:
        told = told_in(tx, key)
        if told is None or told.row["due"] > self._now():
            return None
        given = told.doc.event_notification_subscription
        start = (told.row["seal"], told.row["place"])
        viewer, filter = viewer_in(tx, given.webhook_teams), wanted_in(tx, given.filter)
        found, end, more = scanned_in(tx, told, start, viewer, filter)
        if not found and end == start:
            return None
        if len(found) > MOST_AT_ONCE:
            found, more = found[:MOST_AT_ONCE], True
            end = found[-1][1]
        value = given.webhook_header_value
        secret = given.webhook_secret
        return _Next(
            told,
            found,
            end,
            more,
            self._opened(tx, told.space, value if isinstance(value, SensitiveValue) else None),
            self._opened(tx, told.space, secret),
            public_url_in(tx, self._ctx),
        )

    def _opened(self, tx: Tx, space: str, value: SensitiveValue | None) -> Sensitive | None:
        if value is None or not value.has_value or not value.secret_id:
            return None
        return self._ctx.services.secrets.open_in(tx, space, value.secret_id)

    def _take_in(self, tx: Tx, coming: _Next) -> bool:
        """Whether this node sends it. Where nothing is to be sent, telling only goes on."""
        row, now = coming.told.row, self._now()
        if coming.found:
            return claim_in(tx, row, self._me, now, self._lease(coming.told))
        seal, place = coming.end
        return claim_in(tx, row, "", now, 0, seal=seal, place=place)

    async def _send_all(self, key: Key, coming: _Next) -> bool:
        """Whether all of it arrived (or was given up), and this node may go on."""
        facts = [fact.number for fact, _ in coming.found]
        events = await self._store.read(lambda tx: events_at_in(tx, facts, whole=True))
        now = self._now()
        name = f"gurita:{key[0]}/{facts[0]}/{coming.told.row['seal']}"
        prefix = self._ctx.services.settings.prefix
        batch = Batch(str(uuid.uuid5(uuid.NAMESPACE_URL, name)), len(facts), now, prefix, coming.url)
        for number, (fact, after) in enumerate(coming.found, 1):
            last = number == len(coming.found)
            place = coming.end if last else after
            if fact.number not in events:  # archived since it was found
                continue
            event, content = events[fact.number]
            delivery = delivery_id(self._ctx.services.installation_id, key[0], event.id, content)
            try:
                await self._send(coming, event, number, batch, delivery)
            except OutboundError as error:
                told = error
                await self._store.write(
                    lambda tx: self._failed_in(tx, key, event, delivery, told, place)  # noqa: B023
                )
                return False
            fault("subscriptions.delivered")
            if not await self._store.write(lambda tx: self._arrived_in(tx, coming, fact, place, last=last)):  # noqa: B023
                return False
        return True

    async def _send(self, coming: _Next, event: Event, number: int, batch: Batch, delivery: str) -> None:
        """One POST. Raises OutboundError."""
        given, now = coming.told.doc.event_notification_subscription, self._now()
        body = body_of(coming.told, event, number, batch, now)
        if len(body) > _LARGEST_BODY:
            light = msgspec.structs.replace(event, change_details=type(event.change_details)())
            body = body_of(coming.told, light, number, batch, now)
        value = reveal(coming.value) if coming.value else ""
        secret = reveal(coming.secret) if coming.secret else ""
        ask = Ask(
            given.webhook_uri or "",
            "POST",
            headers_of(coming.told.doc, delivery, event, value, secret, body, now),
            body=body,
            total=_timeout(coming.told),
            policy=PUBLIC_ONLY,
            also=_REDIRECTS,
        )
        async with self._ctx.services.outbound.stream(ask) as reply:
            if reply.status in _REDIRECTS:
                raise Gone(
                    f"The server answered {reply.status}: redirects are not followed. Set the new address.",
                    ask.url,
                    status=reply.status,
                )
            read = 0
            async for part in reply.parts:  # so that the connection may be used again
                read += len(part)
                if read > _MOST_ANSWER:
                    break

    def _arrived_in(self, tx: Tx, coming: _Next, fact: EventFact, place: Place, *, last: bool) -> bool:
        key, now = (coming.told.doc.id, coming.told.row["channel"]), self._now()
        if last:
            show_in(tx, coming.told, now)
        held = {"owner": "", "until": 0} if last else {"until": now + self._lease(coming.told)}
        return change_in(
            tx,
            key,
            self._me,
            seal=place[0],
            place=place[1],
            processed=now,
            processed_event=fact.number,
            succeeded=now,
            failures=0,
            due=now,
            done="[]",
            **held,
        )

    def _failed_in(
        self, tx: Tx, key: Key, event: Event, delivery: str, error: OutboundError, place: Place
    ) -> None:
        told, now = told_in(tx, key), self._now()
        if told is None:
            return
        row, kept, number = told.row, told.progress, int(event.id.partition("-")[2])
        before = kept.refusals if kept.event == number else 0
        refusals = before + 1 if _is_about_this(error) else before
        age = now - int(parse_iso(event.occurred).timestamp() * 1000)
        failures = int(row["failures"]) + 1
        step = after_failure(failures, refusals, age, asked=getattr(error, "after", None))
        values = failure_of(str(error), failures, now, now + step.pause)
        if step.give_up:
            values |= given_up_of(row, event.id, delivery, str(error), now)
            values |= {"seal": place[0], "place": place[1], "processed": now, "processed_event": number}
            values["done"] = "[]"
        else:
            values["done"] = _encode(Progress(event=number, refusals=refusals)).decode()
        show_in(tx, told, now)
        change_in(tx, key, self._me, **values, owner="", until=0)

    def _now(self) -> int:
        return self._ctx.services.milliseconds()

    @staticmethod
    def _lease(told: Told) -> int:
        return int(_timeout(told) * 1000) + _SPARE


def _timeout(told: Told) -> float:
    """Seconds a receiver has."""
    span = span_of(told.doc.event_notification_subscription.webhook_timeout)
    return span.total_seconds() if span else 10.0


def _is_about_this(error: OutboundError) -> bool:
    """Whether a receiver refuses one event, rather than everything (a wrong key, a wrong address)."""
    return isinstance(error, Rejected | NotUnderstood) and not isinstance(error, NotLetIn | Gone)
