"""Subscriptions: the common behaviour of documents, and what they must be."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace
from sqlalchemy import select

from gurita.access.service import is_user, must_see_all_of_in, user_exists_in
from gurita.audit.service import AGENTS, CATEGORIES, DOCUMENT_TYPES, GROUPS
from gurita.catalog.collection import Collection
from gurita.http.sensitive_value import SensitiveValue
from gurita.kernel.clock import iso_of
from gurita.kernel.errors import Invalid
from gurita.store.kinds import KINDS
from gurita.subscriptions.positions import of_in, shown, switch_in
from gurita.subscriptions.records import EMAIL, SUBSCRIPTIONS, WEBHOOK
from gurita.subscriptions.resources import EventNotificationSubscription, Subscription
from gurita.subscriptions.rules import canonical, has_value, origin, problems

if TYPE_CHECKING:
    from gurita.http.context import Context
    from gurita.http.links import Links
    from gurita.store.tx import Tx

__all__ = ["subscriptions"]

_PLACE = "EventNotificationSubscription"


class Subscriptions(Collection[Subscription]):
    """Subscriptions of spaces and of the system."""

    kind, body, item = SUBSCRIPTIONS, Subscription, "Subscription"
    path, permission = "subscriptions", "Subscription"
    template = "{/id}{?skip,take,ids,partialName,spaces}"

    def problems(self, doc: Subscription) -> Sequence[str]:
        return problems(doc)

    def prepare(self, tx: Tx, ctx: Context, before: Subscription | None, after: Subscription) -> Subscription:
        _must_be_a_space(tx, ctx)
        earlier = before.event_notification_subscription if before else None
        told = _settled(earlier, after.event_notification_subscription)
        spelled, found = canonical(told.filter, CATEGORIES, GROUPS, AGENTS, {*DOCUMENT_TYPES, *KINDS})
        known = set(earlier.filter.users) if earlier else set()
        found += _unknown_users(tx, told.filter.users, known)
        if earlier and _keeps_for_another(earlier, told):
            found.append(
                f"{_PLACE}.WebhookHeaderValue: was entered for another address. Enter it again, or send null."
            )
        if found:
            raise Invalid(*found)
        told = replace(told, filter=replace(told.filter, **spelled))
        after = replace(after, space_id=ctx.space or None, event_notification_subscription=told)
        if told.webhook_uri and not after.is_disabled and _tells_more(before, after):
            must_see_all_of_in(tx, ctx, "EventView", told.webhook_teams)
        return after

    def created(self, tx: Tx, ctx: Context, doc: Subscription) -> None:
        switch_in(tx, None, doc, ctx.services.milliseconds())

    def modified(self, tx: Tx, ctx: Context, before: Subscription, after: Subscription) -> None:
        switch_in(tx, before, after, ctx.services.milliseconds())

    def present(self, tx: Tx, ctx: Context, docs: list[Subscription]) -> list[Subscription]:
        positions = of_in(tx, [doc.id for doc in docs])
        made = []
        for doc in docs:
            told: dict[str, Any] = {}
            for channel, name, digest in ((EMAIL, "email", "email_digest"), (WEBHOOK, "webhook", "webhook")):
                row = positions.get((doc.id, channel))
                if row is not None:
                    told[f"{name}_delivery"] = shown(row)
                    told[f"{digest}_last_processed"] = iso_of(row["processed"]) if row["processed"] else None
                    told[f"{digest}_last_processed_event_auto_id"] = row["processed_event"]
            changed = replace(doc.event_notification_subscription, **told)
            made.append(replace(doc, event_notification_subscription=changed))
        return made

    def links_of(self, links: Links, doc: Subscription) -> dict[str, str]:
        path = f"subscriptions/{doc.id}"
        return {"Self": links.space(path, doc.space_id) if doc.space_id else links.system(path)}


subscriptions = Subscriptions()


def _must_be_a_space(tx: Tx, ctx: Context) -> None:
    spaces = KINDS["Spaces"].c
    if ctx.space and tx.scalar(select(spaces.id).where(spaces.id == ctx.space)) is None:
        raise Invalid(f"SpaceId: there is no space '{ctx.space[:60]}'.")


def _settled(
    before: EventNotificationSubscription | None, after: EventNotificationSubscription
) -> EventNotificationSubscription:
    """As it is stored: spelled one way, secrets as such, without what only goes out."""
    value, secret = after.webhook_header_value, after.webhook_secret
    if isinstance(value, str):
        value = SensitiveValue(has_value=True, new_value=value) if value else None
    if secret is None:  # a client that does not know of it takes nothing away
        kept = before is not None and before.webhook_secret is not None and before.webhook_secret.has_value
        secret = SensitiveValue(has_value=kept)
    fresh = EventNotificationSubscription()
    only_out = (
        "email_digest_last_processed",
        "email_digest_last_processed_event_auto_id",
        "webhook_last_processed",
        "webhook_last_processed_event_auto_id",
        "slack_channel_ids",
        "slack_channel_names",
        "slack_digest_format",
        "slack_frequency_period",
        "teams_channels",
        "teams_frequency_period",
        "email_delivery",
        "webhook_delivery",
    )
    return replace(
        after,
        **{name: getattr(fresh, name) for name in only_out},
        email_teams=list(dict.fromkeys(after.email_teams)),
        webhook_teams=list(dict.fromkeys(after.webhook_teams)),
        email_show_dates_in_time_zone_id=after.email_show_dates_in_time_zone_id or "UTC",
        webhook_uri=(after.webhook_uri or "").strip() or None,
        webhook_header_key=after.webhook_header_key or None,
        webhook_header_value=value if has_value(value) else None,
        webhook_secret=secret,
    )


def _keeps_for_another(before: EventNotificationSubscription, after: EventNotificationSubscription) -> bool:
    """Whether a secret that was entered for one receiver would go to another."""
    value = after.webhook_header_value
    kept = isinstance(value, SensitiveValue) and value.has_value and value.new_value is None
    return kept and bool(after.webhook_uri) and origin(before.webhook_uri) != origin(after.webhook_uri)


def _tells_more(before: Subscription | None, after: Subscription) -> bool:
    """Whether a webhook is new, or sent elsewhere or other things than before."""
    if before is None or before.is_disabled:
        return True
    was, now = before.event_notification_subscription, after.event_notification_subscription
    return (was.webhook_uri, was.webhook_teams, was.filter) != (
        now.webhook_uri,
        now.webhook_teams,
        now.filter,
    )


def _unknown_users(tx: Tx, ids: Iterable[str], known: set[str]) -> list[str]:
    return [
        f"{_PLACE}.Filter.Users[{place}]: there is no user '{id[:60]}'."
        for place, id in enumerate(ids)
        if id not in known and id != "users-system" and not (is_user(id) and user_exists_in(tx, id))
    ]
