"""Details and log of a task for one viewer, within bounds whatever the task's size."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, true

from gurita.engine.log_reader import LogReader
from gurita.engine.logs import CATEGORIES
from gurita.kernel.errors import Invalid
from gurita.tasks.finding import find_in, tasks_in
from gurita.tasks.loading import Loaded, load_in
from gurita.tasks.log_lines import MOST_LINES, range_of
from gurita.tasks.log_search import MOST_HITS, Search, level_of, places_of, runs_in
from gurita.tasks.newest import Newest, chunks_in
from gurita.tasks.resources import (
    FINAL_STATES,
    ActivityElement,
    ActivityLogElement,
    LogHits,
    LogLines,
    LogMap,
    Task,
)
from gurita.tasks.rules import Tree, node_id, task_id
from gurita.tasks.seeing import sees_in

if TYPE_CHECKING:
    from sqlalchemy import RowMapping

    from gurita.http.context import Context, Services
    from gurita.store.tx import Tx

__all__ = ["lines", "loaded", "log_reader", "map_of", "search", "with_logs"]


def log_reader(services: Services) -> LogReader:
    """Reads logs of tasks."""
    return LogReader(services.store, services.blobs)


async def loaded(ctx: Context, id: str, permission: str) -> tuple[Task, Loaded]:
    """A task and all that was journaled of it, in one snapshot. Raises NotFound, Forbidden."""

    def query(tx: Tx) -> tuple[Task, Loaded]:
        row = find_in(tx, ctx, id, permission)
        return tasks_in(tx, [row], ctx.services.milliseconds())[0], load_in(tx, row)

    return await ctx.services.store.read(query)


async def with_logs(ctx: Context, found: Loaded, *, verbose: bool, tail: int | None) -> Tree:
    """The tree with the newest lines of each activity, for who may see logs; the bare tree for others."""
    tree, number = found.tree(), int(found.row["number"])
    store = ctx.services.store
    if not await store.read(lambda tx: sees_in(tx, ctx.viewer, "TaskViewLog", found.row)):
        return tree
    chunks = await store.read(lambda tx: chunks_in(tx, number, verbose=verbose, tail=tail))
    newest = Newest(number, verbose, tail)
    await newest.read(log_reader(ctx.services), chunks)
    for place, elements in newest.elements(found.logs).items():
        _add(tree.at(place), elements)
    return tree


def _add(node: ActivityElement, elements: list[ActivityLogElement]) -> None:
    """Several places share an activity while one of them is not journaled yet."""
    node.log_elements = sorted([*node.log_elements, *elements], key=lambda each: each.number)


async def lines(ctx: Context, id: str, first: int, take: int, tail: int | None) -> LogLines:
    """Lines `first` and on, or the last `tail`. Raises NotFound, Forbidden."""

    def query(tx: Tx) -> RowMapping:
        return find_in(tx, ctx, id, "TaskViewLog")

    row = await ctx.services.store.read(query)
    total: int = row["log_lines"]
    take = min(take if tail is None else tail, MOST_LINES)
    first = first if tail is None else max(0, total - take)
    found, following = await range_of(log_reader(ctx.services), row["number"], first, take)
    return LogLines(
        task_id=task_id(row["number"]),
        first=first,
        next=following,
        total=total,
        is_completed=row["state"] in FINAL_STATES,
        lines=found,
    )


def _level(name: str) -> int:
    try:
        return level_of(name)
    except ValueError:
        raise Invalid(f"level: '{name}' is no level of a log. Known: {', '.join(CATEGORIES)}.") from None


def _of_node(tx: Tx, number: int, node: str) -> ColumnElement[bool] | None:
    """The condition for an activity's chunks; None where it wrote nothing."""
    return true() if node in ("", node_id(number)) else places_of(tx, number, node)


async def search(
    ctx: Context, id: str, *, text: str, level: str, node: str, first: int, take: int, context: int
) -> LogHits:
    """Lines that hold a text or are as grave as asked for. Raises NotFound, Forbidden, Invalid."""
    least = _level(level)

    def begin(tx: Tx) -> tuple[RowMapping, ColumnElement[bool] | None]:
        row = find_in(tx, ctx, id, "TaskViewLog")
        return row, _of_node(tx, row["number"], node)

    store = ctx.services.store
    row, where = await store.read(begin)
    looking = Search(
        store=store,
        reader=log_reader(ctx.services),
        task=row["number"],
        text=text,
        level=least,
        where=where,
        first=first,
        take=min(take, MOST_HITS),
        context=context,
    )
    found, following = ([], -1) if where is None else await looking.hits()
    return LogHits(
        task_id=task_id(row["number"]),
        total=row["log_lines"],
        next=following,
        is_completed=row["state"] in FINAL_STATES,
        lines=found,
    )


async def map_of(ctx: Context, id: str, node: str, first: int) -> LogMap:
    """Which lines an activity wrote, from line `first` on. Raises NotFound, Forbidden."""

    def query(tx: Tx) -> LogMap:
        row = find_in(tx, ctx, id, "TaskViewLog")
        where = _of_node(tx, row["number"], node)
        runs, following = ([], -1) if where is None else runs_in(tx, row["number"], where, first)
        return LogMap(
            task_id=task_id(row["number"]), node=node, total=row["log_lines"], next=following, runs=runs
        )

    return await ctx.services.store.read(query)
