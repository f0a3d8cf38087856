"""What is wrong with a subscription a client sends, as far as that shows without the database. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from datetime import timedelta
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from gurita.catalog.rules import name_problems, parse_span, slug_problems, span_problems
from gurita.http.sensitive_value import SensitiveValue
from gurita.subscriptions.resources import EventFilter, EventNotificationSubscription, Subscription

__all__ = ["canonical", "has_value", "origin", "problems", "span_of", "zone_of"]

SHORTEST_PERIOD = timedelta(seconds=10)
LONGEST_PERIOD = timedelta(days=31)
LONGEST_TIMEOUT = timedelta(minutes=5)
SHORTEST_SECRET = 16

_PLACE = "EventNotificationSubscription"
_TOKEN = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+", re.ASCII)
_HOURS = re.compile(r"(\d{2,4}):(\d{2}):(\d{2})", re.ASCII)
_OURS = frozenset({"host", "connection", "content-length", "content-type", "content-encoding", "transfer-encoding", "te",
                   "trailer", "upgrade", "keep-alive", "expect", "proxy-authorization", "proxy-connection",
                   "user-agent", "accept-encoding"})  # fmt: skip


def problems(doc: Subscription) -> list[str]:
    """The faults, a sentence each."""
    told = doc.event_notification_subscription
    return [
        *name_problems(doc.name),
        *slug_problems(doc.slug),
        *_email(told),
        *_webhook(told),
        *_elsewhere(told),
    ]


def _email(told: EventNotificationSubscription) -> Iterator[str]:
    yield from _span(told.email_frequency_period, "EmailFrequencyPeriod", SHORTEST_PERIOD, LONGEST_PERIOD)
    zone = told.email_show_dates_in_time_zone_id
    if zone and zone_of(zone) is None:
        yield (
            f"{_PLACE}.EmailShowDatesInTimeZoneId: '{zone[:60]}' is not a time zone. serverstatus/timezones lists them."
        )


def _webhook(told: EventNotificationSubscription) -> Iterator[str]:
    yield from _span(told.webhook_timeout, "WebhookTimeout", timedelta(seconds=1), LONGEST_TIMEOUT)
    uri = (told.webhook_uri or "").strip()
    if uri and not _is_address(uri):
        yield (
            f"{_PLACE}.WebhookURI: '{uri[:100]}' is no address. Write it as https://chat.example.com/hook, without user, "
            "password and fragment."
        )
    key, value = told.webhook_header_key or "", told.webhook_header_value
    if key and (not _TOKEN.fullmatch(key) or key.lower() in _OURS or key.lower().startswith("x-gurita-")):
        yield f"{_PLACE}.WebhookHeaderKey: '{key[:60]}' is no header that may be set. Use one like Authorization."
    new = value.new_value if isinstance(value, SensitiveValue) else value
    if new and (len(new) > 8_000 or not new.isascii() or not new.isprintable()):
        yield f"{_PLACE}.WebhookHeaderValue: use at most 8000 printable ASCII characters."
    if has_value(value) and not key:
        yield f"{_PLACE}.WebhookHeaderKey: must not be empty where there is a WebhookHeaderValue."
    secret = told.webhook_secret.new_value if told.webhook_secret else None
    if secret is not None and not SHORTEST_SECRET <= len(secret) <= 1_000:
        yield f"{_PLACE}.WebhookSecret: use {SHORTEST_SECRET} to 1000 characters."


def _elsewhere(told: EventNotificationSubscription) -> Iterator[str]:
    for member, value in (
        ("SlackChannelIds", told.slack_channel_ids),
        ("SlackChannelNames", told.slack_channel_names),
        ("TeamsChannels", told.teams_channels),
    ):
        if value:
            yield f"{_PLACE}.{member}: is not served here. Leave it empty, and use a webhook of the other side."


def has_value(value: str | SensitiveValue | None) -> bool:
    """Whether there is, or is to be, a secret."""
    return value.has_value if isinstance(value, SensitiveValue) else bool(value)


def _span(text: str, member: str, least: timedelta, most: timedelta) -> list[str]:
    name = f"{_PLACE}.{member}"
    span = span_of(text)
    if span is None:
        return span_problems(text, name)
    if not least <= span <= most:
        return [f"{name}: is {text}. It must be from {least} to {most}."]
    return []


def span_of(text: str) -> timedelta | None:
    """The span a text names; hours may be more than 23, as some clients write days. None for what is no span."""
    if (match := _HOURS.fullmatch(text.strip())) and int(match[2]) < 60 and int(match[3]) < 60:
        return timedelta(hours=int(match[1]), minutes=int(match[2]), seconds=int(match[3]))
    try:
        return parse_span(text)
    except ValueError:
        return None


def zone_of(name: str | None) -> ZoneInfo | None:
    """The time zone of a name; UTC for none. None for an unknown one."""
    try:
        return ZoneInfo(name or "UTC")
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def _is_address(uri: str) -> bool:
    try:
        parts = urlsplit(uri)
        _ = parts.port
    except ValueError:
        return False
    return (
        parts.scheme.lower() in {"http", "https"}
        and bool(parts.hostname)
        and parts.username is None
        and parts.password is None
        and not parts.fragment
        and uri.isprintable()
        and " " not in uri
    )


def origin(uri: str | None) -> tuple[str, str, int | None]:
    """Scheme, host and port of an address that is one: secrets for it must not go to another."""
    parts = urlsplit((uri or "").strip())
    return parts.scheme.lower(), (parts.hostname or "").lower(), parts.port


def canonical(
    given: EventFilter,
    categories: Collection[str],
    groups: Collection[str],
    agents: Collection[str],
    types: Collection[str],
) -> tuple[dict[str, list[str]], list[str]]:
    """The members of a filter that name kinds of things, spelled as they are known, and what is wrong with them."""
    spelled, found = {}, []
    for member, shown, known in (
        ("event_categories", "EventCategories", categories),
        ("event_groups", "EventGroups", groups),
        ("event_agents", "EventAgents", agents),
        ("document_types", "DocumentTypes", types),
    ):
        by_case = {each.lower(): each for each in known}
        named = list(dict.fromkeys(getattr(given, member)))
        spelled[member] = [by_case.get(each.lower(), each) for each in named]
        found += [
            f"{_PLACE}.Filter.{shown}[{place}]: there is no '{each[:60]}'. events/{shown.removeprefix('Event').lower()} "
            "lists them."
            for place, each in enumerate(named)
            if each.lower() not in by_case
        ]
    return spelled, found
