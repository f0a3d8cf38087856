"""Subscriptions as the API shows them (api.md 10), and what a webhook is sent."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from msgspec import Meta, field

from gurita.catalog.resource import SystemResource
from gurita.http.sensitive_value import SensitiveValue
from gurita.http.wire import Moment, Name, Wire

__all__ = [
    "Delivery",
    "EventFilter",
    "EventNotificationSubscription",
    "GivenUp",
    "Subscription",
]

_Ids = Annotated[list[Annotated[str, Meta(min_length=1, max_length=300)]], Meta(max_length=1_000)]
_Span = Annotated[str, Meta(max_length=40)]
_Members = Annotated[list[Any], Meta(max_length=1_000)]


class EventFilter(Wire):
    """Which events are told of. An empty list lets everything through; of each list that is not, one must fit.

    Projects and project groups together are one list, and so are event groups and event categories.
    """

    users: _Ids = field(default_factory=list)
    projects: _Ids = field(default_factory=list)
    project_groups: _Ids = field(default_factory=list)
    environments: _Ids = field(default_factory=list)
    event_groups: _Ids = field(default_factory=list)
    event_categories: _Ids = field(default_factory=list)
    event_agents: _Ids = field(default_factory=list)
    tenants: _Ids = field(default_factory=list)
    tags: _Ids = field(default_factory=list)
    document_types: _Ids = field(default_factory=list)


class GivenUp(Wire, kw_only=True):
    """Something that could not be delivered and is not tried any more."""

    what: str
    delivery_id: str
    given_up: Moment
    error: str


class Delivery(Wire):
    """How telling goes on one way. `failures` counts those in a row; the oldest of `given_up` are forgotten."""

    last_success: Moment | None = None
    last_failure: Moment | None = None
    last_error: str = ""
    failures: int = 0
    next_try: Moment | None = None
    given_up_count: int = 0
    given_up: list[GivenUp] = field(default_factory=list)


class EventNotificationSubscription(Wire):
    """Who is told of which events, and how. Spans are written `hh:mm:ss`.

    Members that say what was last done, and both of `…Delivery`, only go out. Slack and Teams are not served: what is said
    of them must be empty.
    """

    filter: EventFilter = field(default_factory=EventFilter)
    email_teams: _Ids = field(default_factory=list)
    email_frequency_period: _Span = "01:00:00"
    email_priority: Literal["Low", "Normal", "High"] = "Normal"
    email_digest_last_processed: Moment | None = None
    email_digest_last_processed_event_auto_id: int | None = None
    email_show_dates_in_time_zone_id: Annotated[str, Meta(max_length=100)] | None = "UTC"
    webhook_uri: Annotated[str, Meta(max_length=2_000)] | None = field(default=None, name="WebhookURI")
    webhook_teams: _Ids = field(default_factory=list)
    webhook_timeout: _Span = "00:00:10"
    webhook_header_key: Annotated[str, Meta(max_length=200)] | None = None
    webhook_header_value: str | SensitiveValue | None = None
    webhook_secret: SensitiveValue | None = None
    webhook_last_processed: Moment | None = None
    webhook_last_processed_event_auto_id: int | None = None
    slack_channel_ids: _Members | None = None
    slack_channel_names: _Members | None = None
    slack_digest_format: str | None = None
    slack_frequency_period: _Span | None = None
    teams_channels: _Members | None = None
    teams_frequency_period: _Span | None = None
    email_delivery: Delivery | None = None
    webhook_delivery: Delivery | None = None


class Subscription(SystemResource, kw_only=True):
    """Events of a space (of the system without one) that are told of."""

    name: Name
    slug: str = ""
    type: Literal["Event"] = "Event"
    is_disabled: bool = False
    event_notification_subscription: EventNotificationSubscription = field(
        default_factory=EventNotificationSubscription
    )
    space_id: str | None = None
