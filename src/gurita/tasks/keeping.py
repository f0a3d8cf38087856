"""Files people give to tasks: made, named, filled, removed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, insert, select, update

from gurita.audit.service import mention, record
from gurita.engine.tables import action, artifact
from gurita.engine.transitions import tell
from gurita.kernel.errors import Invalid, NotFound
from gurita.store.blob_keeping import let_go_in
from gurita.tasks import finding
from gurita.tasks.artifacts import find_in
from gurita.tasks.resources import Artifact, ArtifactBody
from gurita.tasks.rules import node_id, number_of, task_id
from gurita.tasks.seeing import must_in

if TYPE_CHECKING:
    from gurita.http.context import Context
    from gurita.store.tx import Tx

__all__ = ["create_in", "delete_in", "fill_in", "rename_in"]


def create_in(tx: Tx, ctx: Context, body: ArtifactBody) -> Artifact:
    """A file without content yet. Raises Invalid for a task this space does not have."""
    name = _name(body)
    try:
        row = finding.find_in(tx, ctx, body.server_task_id)
    except NotFound:
        raise Invalid(f"ServerTaskId: there is no task '{body.server_task_id[:80]}' in this space.") from None
    must_in(tx, ctx, "ArtifactCreate", row)
    now = ctx.services.milliseconds()
    values = {
        "task": row["number"],
        "space": ctx.space,
        "action_row": _place_in(tx, row["number"], body.log_correlation_id or ""),
        "name": name,
        "source": body.source or ctx.viewer.username,
        "created": now,
    }
    number = tx.scalar(insert(artifact).values(values).returning(artifact.c.number))
    made = find_in(tx, ctx.whole, f"Artifacts-{number}")
    _tell(tx, ctx, made, "Created", "was added to")
    return made


def _name(body: ArtifactBody) -> str:
    """The file's name without the folders a client says it lies in."""
    name = body.filename.replace("\\", "/").rsplit("/", 1)[-1].strip()
    if not name or "\0" in name:
        raise Invalid(f"Filename: '{body.filename[:80]}' names no file.")
    return name


def _place_in(tx: Tx, number: int, correlation: str) -> int | None:
    """The attempt whose activity has that id; None for the task as a whole, and for ids nobody knows."""
    if "/" not in correlation:
        return None
    place = (action.c.step, action.c.action, action.c.target, action.c.attempt)
    for row in tx.all(select(action.c.number, *place).where(action.c.task == number)):
        if node_id(number, (row["step"], row["action"], row["target"], row["attempt"])) == correlation:
            return int(row["number"])
    return None


def rename_in(tx: Tx, ctx: Context, id: str, body: ArtifactBody) -> Artifact:
    """Another name for a file. Whose it is stays. Raises NotFound, Invalid."""
    name, before = _name(body), find_in(tx, ctx, id, "ArtifactEdit")
    if name == before.filename:
        return before
    tx.run(update(artifact).where(artifact.c.number == number_of(before.id, "Artifacts")).values(name=name))
    after = find_in(tx, ctx.whole, id)
    _tell(tx, ctx, after, "Modified", "was renamed in", before)
    return after


def fill_in(tx: Tx, ctx: Context, id: str, blob: str, size: int) -> Artifact:
    """Gives a file its content, which is stored already. Raises NotFound."""
    before = find_in(tx, ctx, id, "ArtifactEdit")
    number = number_of(before.id, "Artifacts")
    former = tx.scalar(select(artifact.c.blob).where(artifact.c.number == number))
    tx.run(update(artifact).where(artifact.c.number == number).values(blob=blob, size=size))
    let_go_in(tx, [former] if former != blob else [], ctx.services.milliseconds())
    after = find_in(tx, ctx.whole, id)
    _tell(tx, ctx, after, "Modified", "was uploaded to", before)
    return after


def delete_in(tx: Tx, ctx: Context, id: str) -> None:
    """Forgets a file. Raises NotFound."""
    before = find_in(tx, ctx, id, "ArtifactDelete")
    own = artifact.c.number == number_of(before.id, "Artifacts")
    let_go_in(tx, [tx.scalar(select(artifact.c.blob).where(own))], ctx.services.milliseconds())
    tx.run(delete(artifact).where(own))
    _tell(tx, ctx, before, "Deleted", "was removed from", before)


def _tell(
    tx: Tx, ctx: Context, one: Artifact, category: str, verb: str, before: Artifact | None = None
) -> None:
    message = f"Artifact {mention(one.id, one.filename)} {verb} task {one.server_task_id}"
    after = None if category == "Deleted" else one
    record(tx, ctx, category, message, [one.id, one.server_task_id], before=before, after=after)
    number = number_of(one.server_task_id) or 0
    tell(tx, "artifact", one.id, ctx.services.milliseconds(), {"task": task_id(number)}, ctx.space)
