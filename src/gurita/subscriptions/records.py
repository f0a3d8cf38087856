"""Subscriptions as documents, and how far telling is."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import BigInteger, Column, ForeignKey, Integer, Table, Text

from gurita.store.documents import DocumentKind, Reference
from gurita.store.tables import metadata
from gurita.subscriptions.resources import Subscription

__all__ = ["EMAIL", "SUBSCRIPTIONS", "WEBHOOK", "subscription_delivery"]

EMAIL, WEBHOOK = "Email", "Webhook"


def _references(doc: Subscription) -> Iterator[Reference]:
    told = doc.event_notification_subscription
    for member, kind, ids in (
        ("Filter.Projects", "Projects", told.filter.projects),
        ("Filter.ProjectGroups", "ProjectGroups", told.filter.project_groups),
        ("Filter.Environments", "Environments", told.filter.environments),
        ("Filter.Tenants", "Tenants", told.filter.tenants),
        ("EmailTeams", "Teams", told.email_teams),
        ("WebhookTeams", "Teams", told.webhook_teams),
    ):
        for place, id in enumerate(ids):
            yield Reference(f"EventNotificationSubscription.{member}[{place}]", kind, id)


SUBSCRIPTIONS = DocumentKind("Subscriptions", Subscription, references=_references)

subscription_delivery = Table(
    "subscription_delivery",
    metadata,
    Column("subscription", Text, ForeignKey("entity.id", ondelete="CASCADE"), primary_key=True),
    Column("channel", Text, primary_key=True),
    Column("seal", Integer, nullable=False),
    Column("place", Integer, nullable=False),
    Column("above", BigInteger, nullable=False),
    Column("target", Integer, nullable=False),
    Column("done", Text, nullable=False),
    Column("due", BigInteger, nullable=False),
    Column("owner", Text, nullable=False),
    Column("until", BigInteger, nullable=False),
    Column("processed", BigInteger),
    Column("processed_event", BigInteger),
    Column("succeeded", BigInteger),
    Column("failed", BigInteger),
    Column("error", Text, nullable=False),
    Column("failures", Integer, nullable=False),
    Column("given_up", Integer, nullable=False),
    Column("last_given_up", Text, nullable=False),
)
"""How far telling is, one way (`channel`), while that is on. Times are milliseconds since 1970 in UTC.

Everything up to `seal`, and the first `place` events of the next one, was dealt with; events with numbers up to `above` are
from before it was switched on. `due` is when there may be something to do: a digest's time, or that of the next try.
`target` is the last seal of a digest that is being sent (0: none), `done` (JSON) whom it was sent to. `owner` tells until
`until`. `failures` are those in a row; `given_up` counts what was not delivered, `last_given_up` (JSON) are the newest."""
