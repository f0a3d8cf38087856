"""The variables an action sees: scoped values, prompted ones, output variables, system variables (runtime formats 1).

Later ones win: scoped values below prompted ones, output variables on top; the server's own names are never
taken from a variable set.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import bindparam, or_, select

from gurita.engine.plan import PlanAction, PlanStep, Target
from gurita.engine.tables import action, output_variable
from gurita.execution.scenery import Scenery
from gurita.formats.variables import Variables
from gurita.kernel.sensitive import Sensitive
from gurita.secrets.opening import reveal
from gurita.secrets.vault import Secrets
from gurita.store.prepared import Prepared
from gurita.store.tx import Tx
from gurita.variables.rules import ScopedVariable, SecretRef, evaluate, here

__all__ = ["Output", "Values", "outputs_in", "values_for"]


_OUTPUTS = Prepared(
    select(output_variable)
    .join(action, action.c.number == output_variable.c.action_row)
    .where(
        output_variable.c.task == bindparam("task"),
        or_(action.c.state == "success", action.c.resolution == "ignore"),
    )
    .order_by(output_variable.c.number)
)


@dataclass(frozen=True, slots=True)
class Output:
    """An output variable of an action that has ended. `sensitive` is set instead of `value` for a secret."""

    step_name: str
    target: str
    target_name: str
    name: str
    value: str
    sensitive: Sensitive | None = None


@dataclass(frozen=True, slots=True)
class Values:
    """What an action sees: names and texts (secrets in clear, never to be shown), and which are secret."""

    variables: Variables
    sensitive: frozenset[str]
    secrets: tuple[Sensitive, ...]


def outputs_in(tx: Tx, task: int, space: str, secrets: Secrets) -> list[Output]:
    """What the ended actions of a task have set, in the order it was set. Only accepted attempts count."""
    found = []
    for row in tx.all(_OUTPUTS, {"task": task}):
        opened = secrets.open_in(tx, space, row["secret"]) if row["secret"] else None
        value = row["value"] or ""
        found.append(Output(row["step_name"], row["target"], row["target_name"], row["name"], value, opened))
    return found


def values_for(
    scenery: Scenery,
    step: PlanStep,
    planned: PlanAction,
    target: Target,
    outputs: Iterable[Output],
    task: int,
    packages: Mapping[str, str] = {},
) -> Values:
    """The variables of one action on one target. `packages` are those that tell of packages."""
    at = here(
        environment=scenery.environment.id,
        machine=target.id,
        machine_roles=target.roles,
        step_roles=step.roles,
        action=planned.id,
        channel=scenery.channel.id,
        process=scenery.project.id,
    )
    made = _Made()
    for name, variable in evaluate(scenery.variables, at).items():
        made.put(name, variable, scenery.secrets)
    for name, value in scenery.prompted.items():
        made.put_prompted(name, value)
    for name, value in system_values(scenery, task).items():
        made.variables.set(name, value)
    for name, value in (*_place_values(step, planned, target).items(), *packages.items()):
        made.variables.set(name, value)
    for output in outputs:
        made.put_output(output, target.id)
    secrets = tuple(each for each in scenery.secrets.values() if each)
    return Values(made.variables, frozenset(made.sensitive), (*secrets, *made.secrets))


class _Made:
    """Variables in the making."""

    def __init__(self) -> None:
        self.variables = Variables()
        self.sensitive: set[str] = set()
        self.secrets: list[Sensitive] = []
        self._own: set[str] = set()

    def put(self, name: str, variable: ScopedVariable, secrets: Mapping[str, Sensitive]) -> None:
        if isinstance(variable.value, SecretRef):
            self.variables.set(name, reveal(secrets[variable.value.id]))
        else:
            self.variables.set(name, variable.value)
        if variable.is_sensitive:
            self.sensitive.add(name)

    def put_prompted(self, name: str, value: str) -> None:
        """A prompted value for a sensitive variable is as secret as the variable."""
        self.variables.set(name, value)
        if name.casefold() in {each.casefold() for each in self.sensitive}:
            self.secrets.append(Sensitive(value))

    def put_output(self, output: Output, target: str) -> None:
        """Under the machine's name always; without it, an action's own machine wins over the last one."""
        text = output.value if output.sensitive is None else reveal(output.sensitive)
        plain = f"Octopus.Action[{output.step_name}].Output.{output.name}"
        named = [f"Octopus.Action[{output.step_name}].Output[{output.target_name}].{output.name}"]
        if plain.casefold() not in self._own:
            named.append(plain)
        if output.target == target:
            self._own.add(plain.casefold())
        for name in named:
            self.variables.set(name, text)
            if output.sensitive is not None:
                self.sensitive.add(name)
        if output.sensitive is not None:
            self.secrets.append(output.sensitive)


def system_values(scenery: Scenery, task: int) -> dict[str, str]:
    """The documented system variables that have a source today (runtime formats 1.2)."""
    deployment, release = scenery.deployment, scenery.release
    return {
        "Octopus.Release.Id": release.id,
        "Octopus.Release.Number": release.number,
        "Octopus.Release.Notes": release.release_notes or "",
        "Octopus.Release.Created": str(release.assembled or ""),
        "Octopus.Release.Channel.Id": scenery.channel.id,
        "Octopus.Release.Channel.Name": scenery.channel.name,
        "Octopus.Deployment.Id": deployment.id,
        "Octopus.Deployment.Name": deployment.name,
        "Octopus.Deployment.Comments": deployment.comments or "",
        "Octopus.Deployment.Created": str(deployment.created),
        "Octopus.Deployment.CreatedBy.Id": deployment.deployed_by_id,
        "Octopus.Deployment.CreatedBy.Username": deployment.deployed_by,
        "Octopus.Deployment.CreatedBy.DisplayName": deployment.deployed_by,
        "Octopus.Deployment.ForcePackageDownload": str(deployment.force_package_download),
        "Octopus.Deployment.SpecificMachines": ",".join(deployment.specific_machine_ids),
        "Octopus.Deployment.ExcludedMachines": ",".join(deployment.excluded_machine_ids),
        "Octopus.Environment.Id": scenery.environment.id,
        "Octopus.Environment.Name": scenery.environment.name,
        "Octopus.Environment.SortOrder": str(scenery.environment.sort_order),
        "Octopus.Project.Id": scenery.project.id,
        "Octopus.Project.Name": scenery.project.name,
        "Octopus.Project.Slug": scenery.project.slug,
        "Octopus.ProjectGroup.Id": scenery.project.project_group_id,
        "Octopus.Space.Id": scenery.space,
        "Octopus.Space.Name": scenery.space_name,
        "Octopus.Task.Id": f"ServerTasks-{task}",
        "Octopus.Task.Name": deployment.name,
        "Octopus.Web.ServerUri": scenery.web,
        "Octopus.Web.BaseUrl": scenery.web,
    }


def _place_values(step: PlanStep, planned: PlanAction, target: Target) -> dict[str, str]:
    found = {
        "Octopus.Step.Id": step.id,
        "Octopus.Step.Name": step.name,
        "Octopus.Step.Number": step.number,
        "Octopus.Action.Id": planned.id,
        "Octopus.Action.Name": planned.name,
        "Octopus.Action.Number": planned.number,
        "Octopus.Action.TargetRoles": ",".join(step.roles),
        "Octopus.Machine.Id": target.id,
        "Octopus.Machine.Name": target.name,
        "Octopus.Machine.Roles": ",".join(target.roles),
    }
    return found | {name: value for name, value in planned.properties.items() if name.startswith("Octopus.")}
