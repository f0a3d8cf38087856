"""What whoever asks for a deployment chose, checked against what there is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from gurita.deployments.resources import Deployment
from gurita.http.context import Context
from gurita.http.wire import moment
from gurita.kernel.errors import Invalid
from gurita.machines import service as machines
from gurita.projects.resources import DeploymentProcess
from gurita.store.tx import Tx

__all__ = ["actions_by_name", "check_machines_in", "check_times", "machines_by_name_in"]

_DAYS_AHEAD = 30


def check_machines_in(tx: Tx, ctx: Context, deployment: Deployment) -> list[str]:
    """Problems with the machines a deployment names: each must be a target of the environment."""
    known = {each.id for each in machines.in_environment_in(tx, ctx, deployment.environment_id)}
    found = []
    for member, ids in (
        ("SpecificMachineIds", deployment.specific_machine_ids),
        ("ExcludedMachineIds", deployment.excluded_machine_ids),
    ):
        for place, id in enumerate(ids):
            if id not in known:
                found.append(
                    f"{member}[{place}]: '{id}' is not a deployment target of {deployment.environment_id}. "
                    "Name targets of the environment the deployment goes to."
                )
    return found


def check_times(deployment: Deployment, now: int) -> tuple[int | None, int | None]:
    """Not before and not after, in milliseconds. Raises Invalid for times that make no sense (product.md 3.4.11)."""
    start = _milliseconds(deployment.queue_time, "QueueTime")
    expiry = _milliseconds(deployment.queue_time_expiry, "QueueTimeExpiry")
    if start is not None and start > now + _DAYS_AHEAD * 86_400_000:
        raise Invalid(f"QueueTime: is more than {_DAYS_AHEAD} days ahead. Schedule it closer to its time.")
    if expiry is not None and expiry <= max(now, start or 0):
        raise Invalid("QueueTimeExpiry: must be in the future, and after QueueTime.")
    return (start if start is not None and start > now else None), expiry


def _milliseconds(text: str | None, member: str) -> int | None:
    if not text:
        return None
    return int(moment(text, member).timestamp() * 1000)


def machines_by_name_in(
    tx: Tx, ctx: Context, environment: str, names: Iterable[str] | None, member: str
) -> list[str]:
    """Ids of an environment's machines by name, slug or id, in any case. Raises Invalid naming what is unknown."""
    wanted = [name for name in names or [] if name]
    if not wanted:
        return []
    known: dict[str, str] = {}
    for each in machines.in_environment_in(tx, ctx, environment):
        known |= {each.id.casefold(): each.id, each.slug.casefold(): each.id, each.name.casefold(): each.id}
    return _chosen(wanted, known, member, "deployment target of this environment")


def actions_by_name(process: DeploymentProcess, names: Sequence[str] | None) -> list[str]:
    """Ids of actions by the name, slug or id of the action or its step. Raises Invalid naming what is unknown."""
    found: list[str] = []
    for name in [each for each in names or [] if each]:
        ids = [
            action.id
            for step in process.steps
            for action in step.actions
            if name.casefold()
            in {text.casefold() for text in (action.id, action.name, action.slug, step.name, step.slug)}
        ]
        if not ids:
            raise Invalid(f"SkipStepNames: the process of this release has no step '{name}'.")
        found += ids
    return found


def _chosen(names: Iterable[str], known: dict[str, str], member: str, what: str) -> list[str]:
    unknown = [name for name in names if name.casefold() not in known]
    if unknown:
        raise Invalid(*[f"{member}: '{name}' is no {what}." for name in unknown])
    return [known[name.casefold()] for name in names]
