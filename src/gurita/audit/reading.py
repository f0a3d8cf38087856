"""Finding events: filters compiled to SQL."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import msgspec
from msgspec import field
from sqlalchemy import ColumnElement, RowMapping, and_, func, or_, select

from gurita.audit.categories import CATEGORIES
from gurita.audit.groups import AGENTS, GROUPS
from gurita.audit.records import event, event_related
from gurita.audit.resources import ChangeDetails, Event, MessageReference
from gurita.audit.rules import html
from gurita.audit.seeing import seen
from gurita.http.query import ListQuery
from gurita.http.wire import moment
from gurita.kernel.clock import iso_of
from gurita.kernel.paging import Page
from gurita.store.tables import entity

if TYPE_CHECKING:
    from gurita.http.context import Context
    from gurita.store.tx import Tx

__all__ = ["EventQuery", "as_event", "block", "find", "last_about", "list_events"]

_MOST_SPACES = 10_000


class EventQuery(ListQuery):
    """What events may be filtered by. `regarding` wants all of its documents, `regarding_any` one of them.

    `partial_name` is found in the message, in any case.
    """

    regarding: list[str] = field(default_factory=list)
    regarding_any: list[str] = field(default_factory=list)
    user: str = ""
    users: list[str] = field(default_factory=list)
    projects: list[str] = field(default_factory=list)
    project_groups: list[str] = field(default_factory=list)
    environments: list[str] = field(default_factory=list)
    tenants: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    event_groups: list[str] = field(default_factory=list)
    event_categories: list[str] = field(default_factory=list)
    event_agents: list[str] = field(default_factory=list)
    internal: bool | None = None
    as_csv: bool = False
    as_json: bool = False
    document_types: list[str] = field(default_factory=list)
    from_: str = field(default="", name="From")
    to: str = ""
    from_auto_id: int | None = None
    to_auto_id: int | None = None
    spaces: list[str] = field(default_factory=list)
    include_system: bool | None = None
    exclude_difference: bool = False


def list_events(tx: Tx, ctx: Context, query: EventQuery) -> Page[Event]:
    """The newest events first, of the spaces the viewer may see events of."""
    where = [_seen(tx, ctx, query), *_conditions(query)]
    total = int(tx.scalar(select(func.count()).select_from(event).where(*where)))
    rows = tx.all(
        select(event).where(*where).order_by(event.c.number.desc()).offset(query.skip).limit(query.take)
    )
    return Page([as_event(row, whole=not query.exclude_difference) for row in rows], total, query.paging)


def block(
    tx: Tx, ctx: Context, query: EventQuery, before: int | None, most: int, *, whole: bool = False
) -> list[Event]:
    """At most so many of the newest events whose number is lower than `before`; `whole` with their differences."""
    where = [_seen(tx, ctx, query), *_conditions(query)]
    if before is not None:
        where.append(event.c.number < before)
    rows = tx.all(select(event).where(*where).order_by(event.c.number.desc()).limit(most))
    return [as_event(row, whole=whole) for row in rows]


def find(tx: Tx, ctx: Context, id: str) -> Event | None:
    """One event, if there is one in a space whose events the viewer may see. Raises Forbidden for one out of their scope."""
    number = _number(id)
    row = None if number is None else tx.one(select(event).where(event.c.number == number))
    if row is None or (ctx.space and row["space"] != ctx.space):
        return None
    place = "" if _gone(tx, [row["space"]]) else row["space"]
    if not ctx.viewer.may("EventView", place):
        return None
    mine = select(event.c.number).where(event.c.number == number, seen(ctx.viewer, [place]))
    if place == row["space"] and tx.scalar(mine) is None:
        raise ctx.viewer.refusal("EventView", row["space"])
    return as_event(row, whole=True)


def _seen(tx: Tx, ctx: Context, query: EventQuery) -> ColumnElement[bool]:
    """The condition for events the viewer sees; those of a space that was deleted are seen by who sees the system's."""
    asked = _asked(tx, ctx, query)
    gone = _gone(tx, asked)
    mine = seen(
        ctx.viewer, [each for each in asked if each not in gone and ctx.viewer.may("EventView", each)]
    )
    return or_(mine, event.c.space.in_(sorted(gone))) if gone and ctx.viewer.may("EventView", "") else mine


def _gone(tx: Tx, spaces: Sequence[str]) -> set[str]:
    """Those of the spaces that were deleted."""
    there = {row["id"] for row in tx.all(select(entity.c.id).where(entity.c.id.in_(spaces)))}
    return {space for space in spaces if space} - there


def _asked(tx: Tx, ctx: Context, query: EventQuery) -> list[str]:
    """The spaces asked for; "" among them for the system's own events."""
    if ctx.space:
        asked = [ctx.space, ""] if query.include_system else [ctx.space]
    else:
        wanted = {space.lower() for space in query.spaces}
        asked = [space for space in _spaces(tx) if space and (not wanted or space.lower() in wanted)]
        if query.include_system or (query.include_system is None and not wanted):
            asked.append("")
    return asked


def _spaces(tx: Tx) -> Iterator[str]:
    """Every space there are events of, one jump in the index each."""
    last = ""
    for _ in range(_MOST_SPACES):
        found = tx.scalar(select(func.min(event.c.space)).where(event.c.space > last))
        if found is None:
            return
        yield found
        last = found


def _conditions(query: EventQuery) -> Iterator[ColumnElement[bool]]:
    for document in query.regarding:
        yield _about([document])
    related = (
        query.regarding_any,
        query.projects,
        query.project_groups,
        query.environments,
        query.tenants,
        query.tags,
    )
    for documents in filter(None, related):
        yield _about(documents)
    columns = (
        (
            event.c.number,
            [number for id in query.ids if (number := _number(id)) is not None] or [-1] * bool(query.ids),
        ),
        (event.c.user_id, [*query.users, *filter(None, [query.user])]),
        (event.c.document_type, query.document_types),
    )
    for column, values in columns:
        if values:
            yield column.in_(values)
    if query.partial_name.strip():
        yield event.c.message.icontains(query.partial_name.strip(), autoescape=True)
    if query.event_categories or query.event_groups:
        yield event.c.category.in_(_categories(query))
    if query.event_agents:
        yield or_(*(_caused_by(agent) for agent in query.event_agents))
    yield from _ranges(query)


def _categories(query: EventQuery) -> list[str]:
    """The categories asked for, and those of the groups asked for, in whatever case. An unknown one finds nothing."""
    known = {name.lower(): name for name in CATEGORIES}
    groups = {name.lower(): inside for name, (_, inside) in GROUPS.items()}
    found = [known.get(each.lower(), each) for each in query.event_categories]
    return found + [each for group in query.event_groups for each in groups.get(group.lower(), ())]


def _caused_by(agent: str) -> ColumnElement[bool]:
    """The condition that a kind of program caused an event; an unknown kind is a beginning of user agents itself."""
    column = event.c.user_agent
    known = {name.lower(): name for name in AGENTS}
    name = known.get(agent.lower())
    if name == "Other":
        return and_(*(~_caused_by(each) for each in AGENTS if each != "Other"))
    beginnings = AGENTS[name][1] if name else (agent,)
    return or_(
        *(column == "" if not each else column.istartswith(each, autoescape=True) for each in beginnings)
    )


def _ranges(query: EventQuery) -> Iterator[ColumnElement[bool]]:
    if query.from_:
        yield event.c.occurred >= _milliseconds(query.from_, "from")
    if query.to:
        yield event.c.occurred <= _milliseconds(query.to, "to")
    if query.from_auto_id is not None:
        yield event.c.number >= query.from_auto_id
    if query.to_auto_id is not None:
        yield event.c.number <= query.to_auto_id


def _about(documents: list[str]) -> ColumnElement[bool]:
    return event.c.number.in_(select(event_related.c.event).where(event_related.c.document.in_(documents)))


def _milliseconds(text: str, member: str) -> int:
    return int(moment(text, member).timestamp() * 1000)


def _number(id: str) -> int | None:
    kind, _, number = id.partition("-")
    return int(number) if kind.lower() == "events" and number.isdecimal() and len(number) < 19 else None


def as_event(row: RowMapping, *, whole: bool) -> Event:
    """The resource of a row; `whole` with its differences."""
    references = _read(row["mentions"], list[MessageReference])
    difference = row["changes"] if whole else None
    return Event(
        id=f"Events-{row['number']}",
        space_id=row["space"] or None,
        category=row["category"],
        user_id=row["user_id"],
        username=row["username"],
        is_service=bool(row["is_service"]),
        identity_established_with=row["established_with"],
        user_agent=row["user_agent"],
        ip_address=row["ip"],
        occurred=iso_of(row["occurred"]),
        message=row["message"],
        message_html=html(row["message"], references),
        message_references=references,
        related_document_ids=_read(row["related"], list[str]),
        change_details=_read(difference, ChangeDetails) if difference else ChangeDetails(),
    )


def _read(text: str, kind: Any) -> Any:
    return msgspec.json.decode(text, type=kind)


def last_about(tx: Tx, document: str) -> Event | None:
    """The newest event about a document."""
    number = select(func.max(event_related.c.event)).where(event_related.c.document == document)
    row = tx.one(select(event).where(event.c.number == number.scalar_subquery()))
    return None if row is None else as_event(row, whole=True)
