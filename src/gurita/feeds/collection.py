"""Feeds as documents: the common behaviour, and the built-in one every space has."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from msgspec import UNSET
from msgspec.structs import replace
from sqlalchemy import ColumnElement, select

from gurita.audit import service as audit
from gurita.catalog.collection import Collection
from gurita.feeds import downloads
from gurita.feeds.records import FEEDS
from gurita.feeds.resources import Feed, FeedQuery
from gurita.feeds.rules import BUILT_IN, BUILT_IN_ID, canonical, problems, settled
from gurita.kernel.errors import Conflict, Invalid, NotFound
from gurita.kernel.ids import folded
from gurita.store.tables import entity

if TYPE_CHECKING:
    from gurita.http.context import Context
    from gurita.http.links import Links
    from gurita.store.tx import Tx

__all__ = ["BUILT_IN_NAME", "built_in_in", "ensure_built_in_in", "feeds"]

BUILT_IN_NAME = "Octopus Server (built-in)"
_RETURNED = {"lastmodifiedon", "lastmodifiedby"}
_VERSIONS = (
    "?packageId,take,skip,includePreRelease,versionRange,preReleaseTag,filter,includeReleaseNotes,"
    "versioningStrategy,versionTagRegex"
)
_OLD = "?packageId,partialMatch,includeMultipleVersions,includeNotes,includePreRelease,versionRange,preReleaseTag,take,skip"


class Feeds(Collection[Feed]):
    """The feeds of a space."""

    kind, body, item, query = FEEDS, Feed, "Feed", FeedQuery
    path, permission = "feeds", "Feed"
    template = "{/id}{?skip,take,ids,partialName,feedType}"
    links = {
        "NotesTemplate": "feeds/{id}/packages/notes{?packageId,version}",
        "Packages": "feeds/{id}/packages{?packageId}",
        "SearchPackageVersionsTemplate": f"feeds/{{id}}/packages/versions{{{_VERSIONS}}}",
        "SearchPackagesTemplate": "feeds/{id}/packages/search{?term,take,skip}",
        "SearchTemplate": f"feeds/{{id}}/packages{{{_OLD}}}",
        "Test": "feeds/{id}/test",
        "VersionsTemplate": f"feeds/{{id}}/packages/versions{{{_VERSIONS}}}",
    }

    def permission_to(self, verb: str) -> str:
        return "FeedView" if verb == "View" else "FeedEdit"

    def problems(self, doc: Feed) -> Sequence[str]:
        return problems(doc)

    def get_in(self, tx: Tx, ctx: Context, id: str) -> Feed:
        if folded(id) == BUILT_IN_ID:
            return built_in_in(tx, ctx.space)
        return super().get_in(tx, ctx, id)

    def prepare(self, tx: Tx, ctx: Context, before: Feed | None, after: Feed) -> Feed:
        if before is None and canonical(after.feed_type) == BUILT_IN:
            raise Invalid(
                "FeedType: every space has its BuiltIn feed already. Use that one, or another type."
            )
        if before is not None and canonical(after.feed_type) != before.feed_type:
            raise Invalid(
                f"FeedType: '{before.name}' is a {before.feed_type} feed, which stays so. Create another feed."
            )
        kept = settled(after)
        if kept.extras is UNSET and before is not None and before.extras is not UNSET:
            return replace(kept, extras=before.extras)
        if kept.extras is not UNSET:
            extras = {name: value for name, value in kept.extras.items() if name.lower() not in _RETURNED}
            kept = replace(kept, extras=extras or UNSET)
        return kept

    def modified(self, tx: Tx, ctx: Context, before: Feed, after: Feed) -> None:
        if downloads.place_of(before) != downloads.place_of(after):
            downloads.forget_in(tx, ctx, after.id)

    def deleting(self, tx: Tx, ctx: Context, doc: Feed) -> None:
        if doc.feed_type == BUILT_IN:
            raise Conflict(
                f"'{doc.name}' is the built-in feed of this space and goes with it. Delete its packages instead."
            )
        downloads.forget_in(tx, ctx, doc.id)

    def filters(self, tx: Tx, ctx: Context, query: Any) -> Sequence[ColumnElement[bool]]:
        types = [canonical(each) for each in query.feed_type]
        return [FEEDS.table.c.feed_type.in_(types)] if types else ()

    def links_of(self, links: Links, doc: Feed) -> dict[str, str]:
        found = {**super().links_of(links, doc), "BuiltInStatus": links.space("feeds/stats")}
        if doc.feed_type == BUILT_IN:
            found |= {
                "ApiPush": links.space("packages/raw{?replace,overwriteMode}"),
                "NuGetPush": f"{links.prefix}/{links.space_id}/nuget/packages",
            }
        return found


feeds = Feeds()


def built_in_in(tx: Tx, space: str) -> Feed:
    """The built-in feed of a space. Raises NotFound where there is none."""
    found = FEEDS.open(tx, space).all(where=[FEEDS.table.c.feed_type == BUILT_IN])
    if not found:
        raise NotFound(BUILT_IN_ID)
    return found[0]


def ensure_built_in_in(tx: Tx, ctx: Context, *, default: bool) -> Feed:
    """The built-in feed of the context's space, made where there is none; `default` says that it is the default space."""
    try:
        return built_in_in(tx, ctx.space)
    except NotFound:
        pass
    taken = tx.scalar(select(entity.c.id).where(entity.c.id == BUILT_IN_ID)) is not None
    id = BUILT_IN_ID if default and not taken else ""
    made = feeds.open(tx, ctx).insert(settled(Feed(id=id, name=_free_name(tx, ctx), feed_type=BUILT_IN)))
    audit.record(
        tx, ctx, "Created", f"Feed {audit.mention(made.id, made.name)} was created", [made.id], after=made
    )
    return made


def _free_name(tx: Tx, ctx: Context) -> str:
    """The usual name, unless a feed of an older space has it."""
    taken = {folded(feed.name) for feed in feeds.open(tx, ctx).all()}
    names = [BUILT_IN_NAME, *(f"{BUILT_IN_NAME} {number}" for number in range(2, len(taken) + 3))]
    return next(name for name in names if folded(name) not in taken)
