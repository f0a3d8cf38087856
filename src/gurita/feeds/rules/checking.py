"""Every fault of a feed a client sends that shows without the database."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

from msgspec import UNSET
from msgspec.structs import fields

from gurita.catalog.rules import name_problems, slug_problems, text_problems
from gurita.feeds.resources import Feed
from gurita.feeds.rules.layouts import LayoutError, read_layout
from gurita.feeds.rules.types import TYPES, canonical
from gurita.http.sensitive_value import SensitiveValue

__all__ = ["problems"]

_TYPE = re.compile(r"[A-Za-z][A-Za-z0-9]{0,59}", re.ASCII)
_REGION = re.compile(r"[a-z]{2,}(-[a-z0-9]+){1,4}", re.ASCII)
_PLACES = ("Server", "ExecutionTarget", "NotAcquired")
_LONGEST_URI = 2000
_LONGEST_SECRET = 64_000
_MOST_ATTEMPTS = 25
_LONGEST_BACKOFF = 3600
_MOST_EXTRAS = 100
_SHOWN = {each.name: each.encode_name for each in fields(Feed)}


def problems(feed: Feed) -> list[str]:
    """The faults, a sentence each."""
    found = [*name_problems(feed.name), *slug_problems(feed.slug), *text_problems(feed.description)]
    if not _TYPE.fullmatch(feed.feed_type):
        return [*found, "FeedType: is no name of a type. Types are: " + ", ".join(sorted(TYPES)) + "."]
    found += [
        f"PackageAcquisitionLocationOptions: '{place[:40]}' is no place. Places are: {', '.join(_PLACES)}."
        for place in feed.package_acquisition_location_options
        if place not in _PLACES
    ]
    kind = TYPES.get(canonical(feed.feed_type))
    if kind is None:
        return [*found, *_unknown(feed)]
    found += [
        f"{_SHOWN[name]}: must not be empty for a feed of type {kind.name}."
        for name in kind.needs
        if not (getattr(feed, name) or "").strip()
    ]
    for name in kind.members:
        value = getattr(feed, name)
        if value is not UNSET and value is not None:
            found += _member(name, value, kind.name)
    return found


def _member(name: str, value: Any, feed_type: str) -> list[str]:
    if isinstance(value, SensitiveValue):
        return _too_long(name, value.new_value or "", _LONGEST_SECRET)
    if name == "feed_uri" and value.strip():
        return _uri(value.strip(), feed_type)
    if name == "download_attempts" and not 1 <= value <= _MOST_ATTEMPTS:
        return [f"DownloadAttempts: is {value}. Use 1 to {_MOST_ATTEMPTS}."]
    if name == "download_retry_backoff_seconds" and not 0 <= value <= _LONGEST_BACKOFF:
        return [f"DownloadRetryBackoffSeconds: is {value}. Use 0 to {_LONGEST_BACKOFF}."]
    if name == "region" and value.strip() and not _REGION.fullmatch(value.strip()):
        return [f"Region: '{value[:60]}' is no region. Write it like eu-west-1."]
    if name == "layout_regex" and value.strip():
        try:
            read_layout(value)
        except LayoutError as error:
            return [f"LayoutRegex: {error}"]
    return _too_long(name, value, _LONGEST_URI) if isinstance(value, str) else []


def _too_long(name: str, value: str, most: int) -> list[str]:
    if len(value) > most:
        return [f"{_SHOWN[name]}: has {len(value)} characters. Use at most {most}."]
    if "\0" in value:
        return [f"{_SHOWN[name]}: holds a NUL character."]
    return []


def _uri(uri: str, feed_type: str) -> list[str]:
    schemes = ("http", "https", "oci") if feed_type == "OciRegistry" else ("http", "https")
    try:
        parts = urlsplit(uri)
        host, user = parts.hostname, parts.username
        _ = parts.port
    except ValueError:
        return ["FeedUri: is no address that can be read."]
    if parts.scheme.lower() not in schemes or not host or len(uri) > _LONGEST_URI or not uri.isprintable():
        return [
            f"FeedUri: '{uri[:100]}' is no address. It begins with {' or '.join(f'{s}://' for s in schemes)}."
        ]
    if user is not None or parts.password is not None:
        return ["FeedUri: holds a user name or password. Send them as Username and Password."]
    if parts.query or parts.fragment:
        return ["FeedUri: ends with a query. Leave out what comes after the path."]
    return []


def _unknown(feed: Feed) -> list[str]:
    """A type this server does not know is kept, but not its secrets: they would lie in the document in clear text."""
    extras = feed.extras if feed.extras is not UNSET else {}
    if len(extras) > _MOST_EXTRAS:
        return [
            f"FeedType: a feed of the unknown type '{feed.feed_type}' has at most {_MOST_EXTRAS} members more."
        ]
    return [
        f"{name[:60]}: is a secret of a feed of the type '{feed.feed_type}', which this server does not know, so that "
        "it cannot keep it safely. Leave it out, or upgrade the server."
        for name, value in extras.items()
        if _has_secret(value)
    ]


def _has_secret(value: Any) -> bool:
    if isinstance(value, dict):
        return any(str(key).lower() == "newvalue" and item for key, item in value.items()) or any(
            _has_secret(item) for item in value.values()
        )
    return isinstance(value, list) and any(_has_secret(item) for item in value)
