"""Sorting what refers to an account into what clients ask for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from gurita.accounts.usage_resources import (
    AccountInProject,
    AccountUsages,
    LibraryUsage,
    StepUsage,
    TargetUsage,
    Usage,
)
from gurita.catalog.usage import User, users_of_in
from gurita.store.kinds import KINDS

if TYPE_CHECKING:
    from gurita.http.context import Context
    from gurita.store.tx import Tx

__all__ = ["usages_in"]


def usages_in(tx: Tx, ctx: Context, id: str) -> AccountUsages:
    """Who uses the account with this id."""
    found = AccountUsages()
    for user in users_of_in(tx, ctx, id):
        _note(tx, ctx, found, user)
    return found


def _note(tx: Tx, ctx: Context, found: AccountUsages, user: User) -> None:
    owner = user.id.partition("-")[2]
    if user.kind in ("Machines", "Workers"):
        found.targets.append(TargetUsage(target_id=user.id, target_name=user.name))
    elif owner.startswith("Projects-") and user.kind in ("deploymentprocess", "variableset"):
        name, slug = _project(tx, ctx, owner)
        if user.kind == "variableset":
            found.project_variable_sets.append(
                AccountInProject(project_id=owner, project_name=name, project_slug=slug)
            )
        else:
            found.deployment_processes.append(
                StepUsage(project_id=owner, project_name=name, project_slug=slug)
            )
    elif owner.startswith("LibraryVariableSets-"):
        usage = LibraryUsage(
            library_variable_set_id=owner, library_variable_set_name=_library(tx, ctx, owner)
        )
        found.library_variable_sets.append(usage)
    else:
        found.others.append(Usage(id=user.id, name=user.name))


def _library(tx: Tx, ctx: Context, id: str) -> str:
    kind = KINDS["LibraryVariableSets"]
    query = select(kind.c.name).where(kind.c.id == id, kind.c.space_id == ctx.space)
    return str(tx.scalar(query) or id)


def _project(tx: Tx, ctx: Context, id: str) -> tuple[str, str]:
    """Name and slug of a project, if there is one and the viewer may see it."""
    kind = KINDS.get("Projects")
    if kind is None or not ctx.viewer.may("ProjectView", ctx.space):
        return "", ""
    row = tx.one(select(kind.c.name, kind.c.slug).where(kind.c.id == id, kind.c.space_id == ctx.space))
    return ("", "") if row is None else (row["name"], row["slug"])
