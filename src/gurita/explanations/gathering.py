"""Reads what an explanation stands on: the place, all values with where they were listed, and what lies above them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqlalchemy import or_, select

from gurita.deployments import service as deployments
from gurita.engine.tables import action as action_table
from gurita.engine.tables import output_variable
from gurita.environments import service as environments
from gurita.explanations.then import AS_OF, Then, then_in
from gurita.kernel.errors import Invalid, NotFound
from gurita.kernel.places import Place
from gurita.lifecycles.channels import service as channels
from gurita.machines import service as machines
from gurita.projects import service as projects
from gurita.projects.rules import roles as roles_of
from gurita.releases import service as releases
from gurita.variables import service
from gurita.variables.resources import Variable
from gurita.variables.rules import Book, ScopedVariable, here, scoped

if TYPE_CHECKING:
    from gurita.deployments.resources import Deployment
    from gurita.environments.resources import Environment
    from gurita.explanations.resources import ExplainQuery
    from gurita.formats.scoping import Surroundings
    from gurita.http.context import Context
    from gurita.lifecycles.resources import Channel
    from gurita.machines.resources import Machine
    from gurita.projects.resources import Action, DeploymentProcess, Project, Step
    from gurita.releases.resources import Release
    from gurita.store.tx import Tx

__all__ = ["Gathered", "Row", "gathered_in"]


@dataclass(frozen=True, slots=True)
class Row:
    """Where a value was listed, and whether the viewer sees it."""

    variable: Variable
    set_id: str
    set_name: str
    row: int
    seen: bool


@dataclass(frozen=True, slots=True)
class Above:
    """What lies above the values of sets: a text, or None for one that nobody may see."""

    source: str
    value: str | None
    sentence: str


@dataclass(frozen=True, slots=True)
class Gathered:
    """Everything about one place. `above` is by folded name, `names` are those of ids that scopes name, `gone` ids of sets
    that were included and are no more."""

    place: dict[str, str]
    at: Surroundings
    book: Book
    rows: Mapping[tuple[int, int], Row]
    above: Mapping[str, tuple[str, Above]] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    gone: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class _There:
    """The documents a query names."""

    then: Then
    process: DeploymentProcess
    release: Release | None = None
    deployment: Deployment | None = None
    environment: Environment | None = None
    channel: Channel | None = None
    machine: Machine | None = None
    step: Step | None = None
    action: Action | None = None
    roles: tuple[str, ...] = ()

    @property
    def project(self) -> Project:
        return self.then.project


def gathered_in(tx: Tx, ctx: Context, query: ExplainQuery) -> Gathered:
    """Reads it all. Raises Invalid, NotFound, and Forbidden unless variables may be seen at the place."""
    there = _there_in(tx, ctx, query)
    variables, rows = _values_in(tx, ctx, there.then)
    machine, step_roles = there.machine, roles_of(there.step) if there.step else ()
    at = here(
        environment=there.environment.id if there.environment else "",
        machine=machine.id if machine else "",
        machine_roles=[*(machine.roles if machine else ()), *there.roles],
        step_roles=[*step_roles, *there.roles],
        action=there.action.id if there.action else "",
        channel=there.channel.id if there.channel else "",
        tenant=query.tenant,
        process=there.project.id,
    )
    return Gathered(
        _named(there),
        at,
        Book(variables),
        rows,
        _above_in(tx, ctx, there),
        _names_in(tx, ctx, there),
        there.then.gone,
    )


def _there_in(tx: Tx, ctx: Context, query: ExplainQuery) -> _There:
    deployment = deployments.get_in(tx, ctx, query.deployment) if query.deployment else None
    named = deployment.release_id if deployment else query.release
    release = releases.get_in(tx, ctx, named) if named else None
    if release is not None and query.as_of:
        raise Invalid(
            f"{AS_OF}: a release has its values frozen. Leave out {AS_OF}, or name the project only."
        )
    if release is None and not query.project:
        raise Invalid("project: name a project, a release or a deployment, for example ?project=Projects-1.")
    whole = ctx.whole
    project = projects.get_in(tx, whole, release.project_id if release else query.project)
    wanted = deployment.environment_id if deployment else query.environment
    environment = environments.get_in(tx, whole, wanted) if wanted else None
    spot = frozenset([environment.id]) if environment else None
    ctx.must("VariableView", Place(project.id, project.project_group_id, spot))
    process = (
        releases.process_in(tx, whole, release)
        if release
        else projects.process_in(tx, whole, project.deployment_process_id)
    )
    step, action = _step(process, query)
    channel = release.channel_id if release else query.channel
    return _There(
        then=Then(None, project, _sets(release)) if release else then_in(tx, ctx, project, query.as_of),
        process=process,
        release=release,
        deployment=deployment,
        environment=environment,
        channel=_channel_in(tx, whole, project, channel) if channel else None,
        machine=machines.get_in(tx, ctx, query.machine) if query.machine else None,
        step=step,
        action=action,
        roles=tuple(query.role),
    )


def _sets(release: Release) -> list[str]:
    return [release.project_variable_set_snapshot_id, *release.library_variable_set_snapshot_ids]


def _channel_in(tx: Tx, ctx: Context, project: Project, wanted: str) -> Channel:
    found = channels.channels.open(tx, ctx).find(wanted, project.id)
    if found is None:
        raise NotFound(wanted)
    return found


def _step(process: DeploymentProcess, query: ExplainQuery) -> tuple[Step | None, Action | None]:
    """The step and action that are named; a step with one action means that one. Raises Invalid."""

    def means(text: str, *known: str) -> bool:
        return text.casefold() in {each.casefold() for each in known if each}

    if query.action:
        for step in process.steps:
            for action in step.actions:
                if means(query.action, action.id, action.name, action.slug):
                    return step, action
        raise Invalid(f"action: the process has no action '{query.action[:80]}'.")
    if query.step:
        for step in process.steps:
            if means(query.step, step.id, step.name, step.slug):
                return step, step.actions[0] if len(step.actions) == 1 else None
        raise Invalid(f"step: the process has no step '{query.step[:80]}'.")
    return None, None


def _values_in(tx: Tx, ctx: Context, then: Then) -> tuple[list[ScopedVariable], dict[tuple[int, int], Row]]:
    """All values, seen or not: which one applies does not depend on who asks."""
    found: list[ScopedVariable] = []
    rows: dict[tuple[int, int], Row] = {}
    owners: dict[str, str] = {}
    for source, id in enumerate(then.sets):
        one = then.set_in(tx, ctx.whole, id)
        owners[id] = service.owner_in(tx, ctx.whole, one.owner_id).name
        sees = service.seeing_in(tx, ctx, one.owner_id)
        found += scoped(one.variables, source=source, from_project=source == 0)
        for row, variable in enumerate(one.variables):
            rows[source, row] = Row(variable, id, owners[id], row + 1, sees(variable))
    return found, rows


def _above_in(tx: Tx, ctx: Context, there: _There) -> dict[str, tuple[str, Above]]:
    """Prompted values, system variables and output variables, the later the stronger."""
    found: dict[str, tuple[str, Above]] = {}

    def put(name: str, above: Above) -> None:
        found[name.casefold()] = (found.get(name.casefold(), (name,))[0], above)

    if there.release is not None and there.deployment is not None:
        by = f"a value was given for it by {there.deployment.deployed_by} when the deployment was asked for"
        answered = deployments.answered_in(tx, ctx.whole, there.release, there.deployment)
        for name, value in answered.texts.items():
            put(name, Above("Prompt", value, by))
        for name in answered.secrets:
            put(name, Above("Prompt", None, by))
    around = deployments.surrounding_in(tx, ctx, there.project, there.environment, there.channel)
    system = deployments.system_values_in(tx, ctx, around, there.release, there.deployment)
    if not ctx.viewer.may("UserView", ""):
        system.pop("Octopus.Deployment.CreatedBy.EmailAddress", None)
    project = Place(there.project.id, there.project.project_group_id)
    settings = ctx.viewer.may_at("ProcessView", ctx.space, project)
    for name, value in (system | _of_place(there, settings=settings)).items():
        put(name, Above("System", value, "the server says it itself"))
    if there.deployment is not None:
        for name, above in _outputs_in(tx, there.deployment, there.machine):
            put(name, above)
    return found


def _of_place(there: _There, *, settings: bool) -> dict[str, str]:
    """What is known of machine and step; the settings of the action, such as its script, only for who sees processes."""
    found: dict[str, str] = {}
    if there.machine is not None:
        found |= {
            "Octopus.Machine.Id": there.machine.id,
            "Octopus.Machine.Name": there.machine.name,
            "Octopus.Machine.Roles": ",".join(there.machine.roles),
        }
    if there.step is not None:
        found |= {"Octopus.Step.Id": there.step.id, "Octopus.Step.Name": there.step.name}
    if there.action is not None:
        found |= {"Octopus.Action.Id": there.action.id, "Octopus.Action.Name": there.action.name}
        properties = there.action.properties.items()
        if settings:
            found |= {k: v for k, v in properties if k.startswith("Octopus.") and isinstance(v, str)}
    return found


def _outputs_in(tx: Tx, deployment: Deployment, machine: Machine | None) -> list[tuple[str, Above]]:
    """Output variables of actions that have ended well, also under the name of their machine."""
    o, a = output_variable.c, action_table.c
    number = int(deployment.task_id.partition("-")[2] or 0)
    query = (
        select(output_variable)
        .join(action_table, a.number == o.action_row)
        .where(o.task == number, or_(a.state == "success", a.resolution == "ignore"))
        .order_by(o.number)
    )
    found: list[tuple[str, Above]] = []
    own: set[str] = set()
    for row in tx.all(query):
        value = None if row["secret"] else str(row["value"] or "")
        above = Above("Output", value, f"the action '{row['step_name']}' set it on {row['target_name']}")
        plain = f"Octopus.Action[{row['step_name']}].Output.{row['name']}"
        found.append(
            (f"Octopus.Action[{row['step_name']}].Output[{row['target_name']}].{row['name']}", above)
        )
        if plain not in own:
            found.append((plain, above))
        if machine is not None and row["target"] == machine.id:
            own.add(plain)
    return found


def _named(there: _There) -> dict[str, str]:
    """The place in names, for whoever reads the answer."""
    known = {
        "Project": there.project.name,
        "Release": there.release.number if there.release else "",
        "Deployment": there.deployment.id if there.deployment else "",
        "Environment": there.environment.name if there.environment else "",
        "Channel": there.channel.name if there.channel else "",
        "Machine": there.machine.name if there.machine else "",
        "Step": there.step.name if there.step else "",
        "Action": there.action.name if there.action else "",
        "Roles": ",".join(there.roles),
    }
    return {name: value for name, value in known.items() if value}


def _names_in(tx: Tx, ctx: Context, there: _There) -> dict[str, str]:
    """The names of what scopes may name, as far as the viewer sees them; others keep their ids."""
    found = {each.id: each.name for each in environments.all_in(tx, ctx)}
    found |= {each.id: each.name for step in there.process.steps for each in step.actions}
    found |= {each.id: each.name for each in channels.of_project_in(tx, ctx.whole, there.project.id)}
    found[there.project.id] = there.project.name
    for each in machines.list_in(tx, ctx, machines.MachineQuery()):
        found[each.id] = each.name
    return found
