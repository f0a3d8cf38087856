"""Finding packages for their routes, and deleting them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, delete, func, or_, select

from gurita.audit import service as audit
from gurita.kernel.errors import NotFound
from gurita.kernel.ids import folded
from gurita.kernel.paging import Page
from gurita.packages.records import PREFIX, PackageRow, package, row_of
from gurita.packages.resources import PackageQuery
from gurita.store.blob_keeping import let_go_in

if TYPE_CHECKING:
    from gurita.http.context import Context
    from gurita.store.tx import Tx

__all__ = ["delete_in", "get_in", "list_in", "named", "newest_in"]


def named(id: str) -> str:
    """`packages-Acme.Web.1.2.3` as `name_folded` has it. Older clients leave the first word out."""
    text = folded(id)
    return text.removeprefix(PREFIX)


def get_in(tx: Tx, ctx: Context, id: str) -> PackageRow:
    """A version by its public id, in any case. Raises NotFound."""
    row = tx.one(select(package).where(package.c.space == ctx.space, package.c.name_folded == named(id)))
    if row is None:
        raise NotFound(id)
    return row_of(row)


def newest_in(tx: Tx, ctx: Context, count: int) -> list[PackageRow]:
    """What was pushed last."""
    wanted = select(package).where(package.c.space == ctx.space).order_by(package.c.published.desc())
    return [row_of(row) for row in tx.all(wanted.limit(count))]


def list_in(tx: Tx, ctx: Context, query: PackageQuery) -> Page[PackageRow]:
    """By package, the highest version first."""
    place = func.row_number().over(
        partition_by=package.c.package_folded,
        order_by=(package.c.version_key.desc(), package.c.number.desc()),
    )
    inner = select(package, place.label("place")).where(package.c.space == ctx.space, *_filters(query))
    found = inner.subquery()
    where = [found.c.place == 1] if query.latest else []
    total = int(tx.scalar(select(func.count()).select_from(found).where(*where)))
    order = (found.c.package_folded, found.c.version_key.desc(), found.c.number.desc())
    wanted = select(found).where(*where).order_by(*order).offset(query.skip).limit(query.take)
    return Page([row_of(row) for row in tx.all(wanted)], total, query.paging)


def _filters(query: PackageQuery) -> Iterator[ColumnElement[bool]]:
    for text in filter(None, (query.filter, query.partial_name)):
        part = folded(text)
        yield or_(
            package.c.package_folded.contains(part, autoescape=True),
            func.lower(package.c.title).contains(part, autoescape=True),
        )
    for id in filter(None, (query.nu_get_package_id, query.name)):
        yield package.c.package_folded == folded(id)
    if query.ids:
        yield package.c.name_folded.in_([named(id) for id in query.ids])


def delete_in(tx: Tx, ctx: Context, rows: Sequence[PackageRow], why: str = "") -> None:
    """Removes versions, with an event each; their files go when nobody names them any more."""
    for row in rows:
        tx.run(delete(package).where(package.c.number == row.number))
        message = f"Package {audit.mention(row.id, f'{row.package_id} {row.version}')} was deleted{why}"
        audit.record(
            tx,
            ctx,
            "Deleted",
            message,
            [row.id],
            before={"PackageId": row.package_id, "Version": row.version, "Sha256": row.sha256},
        )
    let_go_in(tx, [row.sha256 for row in rows], ctx.services.milliseconds())
