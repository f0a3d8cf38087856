"""A project made like another one: settings, process, variables and channels (api.md 4, `projects?clone=`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from gurita.catalog.visibility import must_at
from gurita.kernel.errors import Invalid
from gurita.lifecycles.channels import service as channels
from gurita.projects import processes
from gurita.projects.records import PROCESSES, PROJECTS
from gurita.projects.resources import DeploymentProcess, Project
from gurita.projects.service import find_in, projects
from gurita.variables import service as variables

if TYPE_CHECKING:
    from gurita.http.context import Context
    from gurita.store.tx import Tx

__all__ = ["clone_in"]

_NEEDED = ("ProjectView", "ProcessView", "VariableView")
_OWN = {
    "id",
    "space_id",
    "version",
    "name",
    "slug",
    "description",
    "project_group_id",
    "lifecycle_id",
    "is_disabled",
    "variable_set_id",
    "deployment_process_id",
}


def clone_in(tx: Tx, ctx: Context, source_id: str, wanted: Project) -> Project:
    """A new project with the name of `wanted` and everything else like the source. Secrets come along, unseen.

    Releases, runs and the picture stay with the source. Steps keep their ids: variables name them. Raises Invalid,
    Forbidden for who may not see all that is copied.
    """
    source = find_in(tx, ctx, source_id)
    if source is None:
        raise Invalid(f"clone: there is no project '{source_id[:80]}' in this space.")
    for permission in _NEEDED:
        must_at(tx, ctx, permission, PROJECTS, source)
    copied = {name: getattr(source, name) for name in Project.__struct_fields__ if name not in _OWN}
    made = projects.create_in(
        tx,
        ctx,
        replace(
            wanted,
            **copied
            | {"cloned_from_project_id": source.id, "auto_deploy_release_overrides": [], "templates": []},
            description=wanted.description or source.description,
            project_group_id=wanted.project_group_id or source.project_group_id,
            lifecycle_id=wanted.lifecycle_id or source.lifecycle_id,
        ),
    )
    asking, ctx = ctx, ctx.whole
    process = processes.get_in(tx, ctx, processes.id_of(source.id))
    known = _channels_in(tx, ctx, source, made)
    _process_in(tx, ctx, process, made, known)
    variables.copy_in(tx, asking, source.id, made.id, {**known, source.id: made.id})
    for channel in channels.of_project_in(tx, ctx, source.id):
        _rules_in(tx, ctx, channel.id, known)
    return _whole_in(tx, ctx, source, made, known)


def _whole_in(tx: Tx, ctx: Context, source: Project, made: Project, known: dict[str, str]) -> Project:
    """What could not be said before: the templates with their secrets, and the channel releases are made in."""
    strategy = source.release_creation_strategy
    strategy = replace(strategy, channel_id=known.get(strategy.channel_id or "", strategy.channel_id))
    whole = replace(made, templates=source.templates, release_creation_strategy=strategy)
    return made if whole == made else projects.save_in(tx, ctx, made, whole)


def _channels_in(tx: Tx, ctx: Context, source: Project, made: Project) -> dict[str, str]:
    """Makes the channels, still without rules, and gives their new ids by the old ones. The default one is there."""
    known: dict[str, str] = {}
    default = channels.default_in(tx, ctx, made.id)
    for channel in channels.of_project_in(tx, ctx, source.id):
        own = replace(channel, id="", version=0, slug="", project_id=made.id, rules=[])
        if channel.is_default:
            own = replace(own, id=default.id, slug=default.slug, version=default.version)
            known[channel.id] = channels.channels.modify_in(tx, ctx, default.id, own).id
        else:
            known[channel.id] = channels.channels.create_in(tx, ctx, own).id
    return known


def _rules_in(tx: Tx, ctx: Context, channel_id: str, known: dict[str, str]) -> None:
    """Gives a copied channel its rules, once the steps they name are there."""
    rules = [replace(rule, id="") for rule in channels.get_in(tx, ctx, channel_id).rules]
    if rules:
        twin = channels.get_in(tx, ctx, known[channel_id])
        channels.channels.modify_in(tx, ctx, twin.id, replace(twin, rules=rules))


def _process_in(
    tx: Tx, ctx: Context, process: DeploymentProcess, made: Project, known: dict[str, str]
) -> None:
    steps = [
        replace(
            step,
            actions=[
                replace(action, channels=[known.get(one, one) for one in action.channels])
                for action in step.actions
            ],
        )
        for step in process.steps
    ]
    before = PROCESSES.open(tx, ctx.space).get(processes.id_of(made.id))
    if steps:
        processes.processes.save_in(tx, ctx, before, replace(before, steps=steps))
