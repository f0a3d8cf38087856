"""How far telling is: the rows of `subscription_delivery`, made when a way is switched on and gone when it is off."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import RowMapping, and_, case, delete, func, insert, or_, select, update

from gurita.audit.service import highest_number_in, newest_seal_in
from gurita.kernel.clock import iso_of
from gurita.subscriptions.records import EMAIL, WEBHOOK, subscription_delivery
from gurita.subscriptions.resources import Delivery, GivenUp, Subscription
from gurita.subscriptions.rules import span_of

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement

    from gurita.store.tx import Tx

__all__ = [
    "MOST_GIVEN_UP",
    "RELEASED",
    "Key",
    "change_in",
    "claim_in",
    "due_in",
    "find_in",
    "next_in",
    "of_in",
    "period_of",
    "release_in",
    "shown",
    "switch_in",
]

RELEASED = "subscriptions"
"""The channel on which it is told that what a node was at is free again."""

MOST_GIVEN_UP = 20
"""How many of what was given up are remembered."""

Key = tuple[str, str]
"""A subscription's id and a way."""

_c = subscription_delivery.c
_given_up = msgspec.json.Decoder(list[GivenUp])


def period_of(doc: Subscription) -> int:
    """Milliseconds from digest to digest."""
    span = span_of(doc.event_notification_subscription.email_frequency_period) or timedelta(hours=1)
    return int(span.total_seconds() * 1000)


def switch_in(tx: Tx, before: Subscription | None, after: Subscription, now: int) -> None:
    """Begins and ends telling as a subscription says. What is on stays where it is, and is tried again at once."""
    told = after.event_notification_subscription
    wanted = set()
    if not after.is_disabled:
        wanted |= {EMAIL} if told.email_teams else set()
        wanted |= {WEBHOOK} if told.webhook_uri else set()
    present = {row["channel"] for row in tx.all(select(_c.channel).where(_c.subscription == after.id))}
    tx.run(delete(subscription_delivery).where(_c.subscription == after.id, _c.channel.in_(present - wanted)))
    tx.run(
        update(subscription_delivery)
        .where(_c.subscription == after.id, _c.channel == WEBHOOK)
        .values(due=now, failures=0)
    )
    if before is not None and period_of(before) != period_of(after):
        mine = and_(_c.subscription == after.id, _c.channel == EMAIL)
        tx.run(update(subscription_delivery).where(mine).values(due=now + period_of(after)))
    for channel in sorted(wanted - present):
        tx.run(
            insert(subscription_delivery).values(
                subscription=after.id,
                channel=channel,
                seal=newest_seal_in(tx),
                place=0,
                above=highest_number_in(tx),
                target=0,
                done="[]",
                due=now + period_of(after) if channel == EMAIL else now,
                owner="",
                until=0,
                error="",
                failures=0,
                given_up=0,
                last_given_up="[]",
            )
        )


def due_in(tx: Tx, me: str, now: int, newest: int) -> list[Key]:
    """What there may be something to do for, and nobody else is at it."""
    rows = tx.all(
        select(_c.subscription, _c.channel)
        .where(_c.due <= now, _free(me, now), _waits(newest))
        .order_by(_c.due, _c.subscription)
    )
    return [(row["subscription"], row["channel"]) for row in rows]


def next_in(tx: Tx, me: str, now: int, newest: int) -> int | None:
    """When there may be something to do next, if nothing happens until then."""
    taken = and_(~_free(me, now), _c.until > _c.due)
    found = tx.scalar(select(func.min(case((taken, _c.until), else_=_c.due))).where(_waits(newest)))
    return None if found is None else int(found)


def _waits(newest: int) -> ColumnElement[bool]:
    """What has events to tell of. A digest is due whether something happened or not."""
    return or_(_c.channel == EMAIL, _c.seal < newest)


def find_in(tx: Tx, key: Key) -> RowMapping | None:
    """How far telling is; None when it was switched off."""
    return tx.one(select(subscription_delivery).where(_is(key)))


def claim_in(tx: Tx, row: RowMapping, me: str, now: int, lease: int, **values: Any) -> bool:
    """Takes what was found for `lease` milliseconds; False when somebody else did, or it changed since."""
    same = and_(_is(_key(row)), _c.seal == row["seal"], _c.place == row["place"], _free(me, now))
    taken = tx.run(update(subscription_delivery).where(same).values(owner=me, until=now + lease, **values))
    return taken.rowcount == 1


def change_in(tx: Tx, key: Key, me: str, **values: Any) -> bool:
    """Writes how far telling is; False when it is not this node's any more, or was switched off."""
    done = tx.run(update(subscription_delivery).where(_is(key), _c.owner == me).values(**values))
    return done.rowcount == 1


def release_in(tx: Tx, owners: str) -> None:
    """Lets go of everything of those whose names begin so."""
    tx.run(
        update(subscription_delivery)
        .where(_c.owner.startswith(owners, autoescape=True))
        .values(owner="", until=0)
    )
    tx.notify(RELEASED)


def of_in(tx: Tx, ids: Sequence[str]) -> dict[Key, RowMapping]:
    """How far telling is for some subscriptions."""
    rows = tx.all(select(subscription_delivery).where(_c.subscription.in_(ids)))
    return {_key(row): row for row in rows}


def shown(row: RowMapping) -> Delivery:
    """How telling goes on, as the API shows it."""
    return Delivery(
        last_success=iso_of(row["succeeded"]) if row["succeeded"] else None,
        last_failure=iso_of(row["failed"]) if row["failed"] else None,
        last_error=row["error"],
        failures=row["failures"],
        next_try=iso_of(row["due"]) if row["failures"] else None,
        given_up_count=row["given_up"],
        given_up=_given_up.decode(row["last_given_up"]),
    )


def _is(key: Key) -> ColumnElement[bool]:
    return and_(_c.subscription == key[0], _c.channel == key[1])


def _key(row: RowMapping) -> Key:
    return row["subscription"], row["channel"]


def _free(me: str, now: int) -> ColumnElement[bool]:
    """Nobody else is at it. A lease that ends too far away means the clock was set back."""
    return or_(_c.owner == me, _c.until <= now, _c.until > now + _LONGEST_LEASE)


_LONGEST_LEASE = 3_600_000
