"""Asking feeds: one answer for all who ask within seconds, and every failure in words that name the feed."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from msgspec import UNSET

from gurita.feeds.clients import FeedClient, NotServed, Source, UnknownPackage, client_for
from gurita.feeds.errors import FeedRefuses, FeedUnavailable
from gurita.kernel.errors import Retryable
from gurita.outbound.errors import Busy, NotLetIn, OutboundError, WrongContent

if TYPE_CHECKING:
    from gurita.feeds.resources import Feed
    from gurita.http.context import Services
    from gurita.kernel.sensitive import Sensitive
    from gurita.store.tx import Tx

__all__ = ["asked_once", "client_of", "source_in", "telling"]

_FRESH = 15.0
_MOST_KEPT = 200

_answers: WeakKeyDictionary[Services, dict[tuple[Any, ...], tuple[float, asyncio.Future[Any]]]] = (
    WeakKeyDictionary()
)


def source_in(tx: Tx, services: Services, space: str, feed: Feed) -> Source:
    """What a client needs to know of a feed, its secrets opened."""

    def text(value: Any) -> str:
        return "" if value is UNSET or value is None else str(value)

    def secret(value: Any) -> Sensitive | None:
        if value is UNSET or not value.has_value or value.secret_id is UNSET:
            return None
        return services.secrets.open_in(tx, space, value.secret_id)

    return Source(
        feed_type=feed.feed_type,
        name=feed.name,
        uri=text(feed.feed_uri).rstrip("/"),
        username=text(feed.username),
        password=secret(feed.password),
        region=text(feed.region),
        access_key=text(feed.access_key),
        secret_key=secret(feed.secret_key),
        use_machine_credentials=feed.use_machine_credentials is True,
        repository=text(feed.repository),
        layout=text(feed.layout_regex),
    )


async def client_of(services: Services, space: str, feed: Feed) -> FeedClient:
    """The client that asks a feed. Raises FeedRefuses for types that are only kept."""
    source = await services.store.read(lambda tx: source_in(tx, services, space, feed))
    with telling(feed):
        return client_for(services.outbound, source)


@contextmanager
def telling(feed: Feed, about: str = "") -> Iterator[None]:
    """Turns what asking a feed raises into FeedUnavailable or FeedRefuses: feed, package, what is wrong, way out."""
    name = f"Feed '{feed.name}'{f', {about}' if about else ''}"
    try:
        yield
    except (UnknownPackage, NotServed) as error:
        raise FeedRefuses(f"{name}: {error}") from None
    except OutboundError as error:
        told = f"{name}: {error}{_way_out(error)}"
        if isinstance(error, Retryable):
            raise FeedUnavailable(told) from None
        raise FeedRefuses(told) from None
    except ValueError as error:
        raise FeedRefuses(
            f"{name}: its answer holds something that cannot be read. Check its address and type."
        ) from error


def _way_out(error: OutboundError) -> str:
    if isinstance(error, NotLetIn):
        return " Check the feed's user name and password, and what that user may read."
    if isinstance(error, WrongContent):
        return " Nothing was kept. Ask who runs the feed before using this version."
    if isinstance(error, Busy):
        return " Try again in a while."
    return (
        " Check the feed's address and type."
        if error.status != 404
        else " Check the feed's address and the name."
    )


async def asked_once(services: Services, key: tuple[Any, ...], ask: Callable[[], Awaitable[Any]]) -> Any:
    """What `ask` gives, shared by all who ask for the same within seconds. A failure is not kept.

    The question goes on when one of several askers goes away.
    """
    kept = _answers.setdefault(services, {})
    now = services.clock.monotonic()
    found = kept.get(key)
    if found is None or (found[1].done() and now - found[0] > _FRESH):
        for old in [k for k, (since, answer) in kept.items() if answer.done() and now - since > _FRESH]:
            del kept[old]
        while len(kept) >= _MOST_KEPT:
            del kept[next(iter(kept))]
        found = now, asyncio.ensure_future(ask())
        kept[key] = found
        found[1].add_done_callback(lambda answer: _drop_failed(kept, key, answer))
    return await asyncio.shield(found[1])


def _drop_failed(kept: dict[Any, Any], key: Any, answer: asyncio.Future[Any]) -> None:
    if (answer.cancelled() or answer.exception() is not None) and key in kept and kept[key][1] is answer:
        del kept[key]
