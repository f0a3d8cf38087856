"""Machine policies: the common behaviour, and the default one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from gurita.catalog.defaults import OneDefault
from gurita.machines import looks
from gurita.machines.records import MACHINE_POLICIES
from gurita.machines.resources import MachinePolicy
from gurita.machines.rules import policy_problems

if TYPE_CHECKING:
    from gurita.http.context import Context
    from gurita.store.tx import Tx

__all__ = ["DEFAULT_NAME", "create_default_in", "default_in", "get_in", "policies"]

DEFAULT_NAME = "Default Machine Policy"


class MachinePolicies(OneDefault[MachinePolicy]):
    """The machine policies of a space; one of them is the default."""

    kind, body, item, words = MACHINE_POLICIES, MachinePolicy, "MachinePolicy", "machine policy"
    path, permission = "machinepolicies", "MachinePolicy"
    links = {
        "Machines": "machinepolicies/{id}/machines{?skip,take,partialName}",
        "Workers": "machinepolicies/{id}/workers{?skip,take,partialName}",
        "Template": "machinepolicies/template",
    }

    def problems(self, doc: MachinePolicy) -> Sequence[str]:
        return policy_problems(doc)

    def modified(self, tx: Tx, ctx: Context, before: MachinePolicy, after: MachinePolicy) -> None:
        if before.machine_health_check_policy != after.machine_health_check_policy:
            looks.ask_of_policy_in(tx, ctx.space, after.id)


policies = MachinePolicies()


def get_in(tx: Tx, ctx: Context, id: str) -> MachinePolicy:
    """A machine policy by id, slug or name. Raises NotFound."""
    return policies.get_in(tx, ctx, id)


def default_in(tx: Tx, ctx: Context) -> MachinePolicy:
    """The default policy of the space. Raises NotFound where there is none."""
    return policies.default_in(tx, ctx)


def create_default_in(tx: Tx, ctx: Context) -> MachinePolicy:
    """Makes the default policy of a new space."""
    return policies.create_in(tx, ctx, MachinePolicy(name=DEFAULT_NAME, is_default=True))
