"""Which deployments wait for each other: at most one task of a tag runs at a time (product.md 3.4.8)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gurita.deployments.facts import place_values, release_values
from gurita.deployments.knowing import surrounding_in
from gurita.deployments.prompts import answered_in
from gurita.formats.variables import VariableError, Variables
from gurita.lifecycles.channels import service as channels
from gurita.variables import service as variables
from gurita.variables.rules import Book, here

if TYPE_CHECKING:
    from gurita.deployments.resources import Deployment
    from gurita.environments.resources import Environment
    from gurita.http.context import Context
    from gurita.projects.resources import Project
    from gurita.releases.resources import Release
    from gurita.store.tx import Tx

__all__ = ["TAG", "own_tag", "tag_in"]

TAG = "Octopus.Task.ConcurrencyTag"
"""The variable that gives a deployment another tag than `own_tag`."""

_LONGEST = 500


def own_tag(project: str, environment: str, tenant: str | None) -> str:
    """The tag a deployment has unless a variable says otherwise: `project/environment[/tenant]`."""
    return "/".join(filter(None, (project, environment, tenant)))


def tag_in(
    tx: Tx, ctx: Context, project: Project, release: Release, environment: Environment, body: Deployment
) -> tuple[str, list[str]]:
    """The tag of a new deployment, and what is wrong with the variable that says it.

    What steps and machines decide is not known yet, and sensitive values are not read. A tag of somebody's own counts within
    its space; one that begins with the project's id joins the tags that deployments have by themselves.
    """
    own = own_tag(project.id, environment.id, body.tenant_id)
    sets = [release.project_variable_set_snapshot_id, *release.library_variable_set_snapshot_ids]
    listed = variables.values_in(tx, ctx, sets)
    if all(each.name.casefold() != TAG.casefold() for each in listed):
        return own, []
    at = here(environment=environment.id, channel=release.channel_id, process=project.id)
    chosen = Book(listed).at(at).values
    plain = {name: each.value for name, each in chosen.items() if isinstance(each.value, str)}
    values = Variables(plain | dict(answered_in(tx, ctx, release, body).texts))
    if TAG not in values:
        return own, []
    channel = channels.get_in(tx, ctx, release.channel_id)
    around = surrounding_in(tx, ctx, project, environment, channel)
    for name, value in (place_values(around) | release_values(release, around)).items():
        values.set(name, value)
    try:
        found = values.evaluate(values[TAG])
    except VariableError as error:
        return own, [f"{TAG}: {error}"]
    text = found.text.strip()
    if found.complaint:
        return own, [f"{TAG}: {found.complaint} It is evaluated before any step and machine is known."]
    if not text.isprintable() or len(text) > _LONGEST:
        return own, [f"{TAG}: the value must be one line of at most {_LONGEST} characters."]
    if not text:
        return own, []
    return (text if text.startswith(f"{project.id}/") else f"{ctx.space}:{text}"), []
