"""Project groups: the common behaviour, and the default one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from gurita.catalog.collection import Collection
from gurita.kernel.errors import NotFound
from gurita.projects.groups.records import PROJECT_GROUPS
from gurita.projects.groups.resources import ProjectGroup
from gurita.projects.groups.rules import problems

if TYPE_CHECKING:
    from gurita.http.context import Context
    from gurita.store.tx import Tx

__all__ = ["DEFAULT_NAME", "create_default_in", "default_in", "get_in", "groups"]

DEFAULT_NAME = "Default Project Group"


class ProjectGroups(Collection[ProjectGroup]):
    """The project groups of a space."""

    kind, body, item, words = PROJECT_GROUPS, ProjectGroup, "ProjectGroup", "project group"
    path, permission = "projectgroups", "ProjectGroup"
    links = {"Projects": "projectgroups/{id}/projects{?skip,take,partialName}"}

    def problems(self, doc: ProjectGroup) -> Sequence[str]:
        return problems(doc)


groups = ProjectGroups()


def get_in(tx: Tx, ctx: Context, id: str) -> ProjectGroup:
    """A project group by id, slug or name. Raises NotFound."""
    return groups.get_in(tx, ctx, id)


def default_in(tx: Tx, ctx: Context) -> ProjectGroup:
    """The oldest group of the space: where a project goes that names none. Raises NotFound."""
    found = groups.open(tx, ctx.whole).all()
    if not found:
        raise NotFound("default project group")
    return min(found, key=lambda one: int(one.id.rpartition("-")[2]))


def create_default_in(tx: Tx, ctx: Context) -> ProjectGroup:
    """Makes the group of a new space."""
    return groups.create_in(tx, ctx, ProjectGroup(name=DEFAULT_NAME))
