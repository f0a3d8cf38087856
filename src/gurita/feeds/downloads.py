"""What was fetched from feeds, remembered: rows in the database, files among the blobs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from gurita.engine.schedules import Recurring
from gurita.feeds.records import feed_download
from gurita.kernel.ids import folded
from gurita.store.blob_keeping import let_go_in

if TYPE_CHECKING:
    from gurita.feeds.resources import Feed
    from gurita.http.context import Context
    from gurita.store.tx import Tx

__all__ = [
    "Acquired",
    "Limits",
    "downloaded_in",
    "find_in",
    "forget_in",
    "keep_in",
    "place_of",
    "touch_in",
    "trim_in",
    "trimming",
]

_T = feed_download
_DAY = 86_400_000
_HOUR = 3600.0


@dataclass(frozen=True, slots=True)
class Acquired:
    """A version of a package as this server has it. `blob` is its key among the blobs, `extension` has its dot."""

    package_id: str
    version: str
    extension: str
    size: int
    sha256: str
    blob: str


@dataclass(frozen=True, slots=True)
class Limits:
    """How long and how much is remembered: days since the last use, bytes of all together. 0 is no limit."""

    days: int = 30
    size: int = 20 << 30


def place_of(feed: Feed) -> tuple[object, ...]:
    """What decides which file a version is: with another address, what was fetched before counts no more."""
    return feed.feed_uri, feed.region, feed.repository, feed.layout_regex


def find_in(tx: Tx, space: str, feed: str, package_id: str, version: str) -> Acquired | None:
    """What was fetched before."""
    row = tx.one(select(_T).where(*_key(space, feed, package_id, version)))
    if row is None:
        return None
    return _acquired(row)


def _acquired(row: Mapping[Any, Any]) -> Acquired:
    return Acquired(
        row["package_id"], row["version"], row["extension"], row["size"], row["sha256"], row["blob"]
    )


def downloaded_in(tx: Tx, space: str, feed: str, package_id: str, most: int) -> list[Acquired]:
    """What was fetched of a package, the last used first."""
    mine = (_T.c.space == space, _T.c.feed == feed, _T.c.package == folded(package_id))
    return [_acquired(row) for row in tx.all(select(_T).where(*mine).order_by(_T.c.used.desc()).limit(most))]


def touch_in(tx: Tx, space: str, feed: str, package_id: str, version: str, now: int) -> None:
    """Notes that it was used now."""
    tx.run(update(_T).where(*_key(space, feed, package_id, version)).values(used=now))


def keep_in(tx: Tx, space: str, feed: str, got: Acquired, now: int) -> None:
    """Remembers what was fetched, in place of what was remembered of this version before."""
    values = {
        "package_id": got.package_id,
        "blob": got.blob,
        "sha256": got.sha256,
        "size": got.size,
        "extension": got.extension,
        "used": now,
    }
    key = {"space": space, "feed": feed, "package": folded(got.package_id), "version": got.version}
    was = tx.scalar(select(_T.c.blob).where(*_key(space, feed, got.package_id, got.version)))
    insert = sqlite.insert(_T) if tx.dialect == "sqlite" else postgresql.insert(_T)
    tx.run(insert.values(**key, **values).on_conflict_do_update(index_elements=list(key), set_=values))
    if was != got.blob:
        let_go_in(tx, [was], now)


def forget_in(tx: Tx, ctx: Context, feed: str) -> None:
    """Forgets what came from a feed. The files go later, as far as nobody else needs them."""
    mine = (_T.c.space == ctx.space) & (_T.c.feed == feed)
    blobs = [row["blob"] for row in tx.all(select(_T.c.blob).where(mine))]
    tx.run(delete(_T).where(mine))
    let_go_in(tx, blobs, ctx.services.milliseconds())


def trim_in(tx: Tx, limits: Limits, now: int) -> int:
    """Forgets what has not been used for long, and the oldest beyond the size. Returns how many versions."""
    size, forgotten = 0, 0
    for row in tx.all(select(_T).order_by(_T.c.used.desc())):
        size += row["size"]
        late = limits.days and row["used"] < now - limits.days * _DAY
        if late or (limits.size and size > limits.size):
            tx.run(delete(_T).where(*_key(row["space"], row["feed"], row["package"], row["version"])))
            let_go_in(tx, [row["blob"]], now)
            forgotten += 1
    return forgotten


def trimming(limits: Limits) -> Recurring:
    """Once an hour, on one node of the cluster."""

    def begin(tx: Tx, now: int) -> None:
        trim_in(tx, limits, now)

    return Recurring("feeds-trim-downloads", _HOUR, begin)


def _key(space: str, feed: str, package_id: str, version: str) -> tuple[ColumnElement[bool], ...]:
    return (
        _T.c.space == space,
        _T.c.feed == feed,
        _T.c.package == folded(package_id),
        _T.c.version == version,
    )
