"""How machines and their policies are stored."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Boolean, Text

from gurita.machines.resources import ListeningEndpoint, Machine, MachinePolicy, SshEndpoint
from gurita.machines.rules import style_of
from gurita.store.documents import DocumentKind, Indexed, Reference

__all__ = ["MACHINES", "MACHINE_POLICIES"]


def _of_machine(machine: Machine) -> Iterator[Reference]:
    for place, id in enumerate(machine.environment_ids):
        yield Reference(f"EnvironmentIds[{place}]", "Environments", id)
    for place, id in enumerate(machine.tenant_ids):
        yield Reference(f"TenantIds[{place}]", "Tenants", id)
    yield Reference("MachinePolicyId", "MachinePolicies", machine.machine_policy_id)
    endpoint = machine.endpoint
    if isinstance(endpoint, SshEndpoint):
        yield Reference("Endpoint.AccountId", "Accounts", endpoint.account_id)
    if isinstance(endpoint, SshEndpoint | ListeningEndpoint):
        yield Reference("Endpoint.ProxyId", "Proxies", endpoint.proxy_id or "")


def _of_policy(policy: MachinePolicy) -> Iterator[Reference]:
    account = policy.machine_update_policy.tentacle_update_account_id
    yield Reference("MachineUpdatePolicy.TentacleUpdateAccountId", "Accounts", account or "")


MACHINES = DocumentKind(
    "Machines",
    Machine,
    columns=[
        Indexed("style", Text, lambda machine: style_of(machine.endpoint)),
        Indexed("thumbprint", Text, lambda machine: machine.thumbprint or ""),
        Indexed("is_disabled", Boolean, lambda machine: machine.is_disabled),
        Indexed("machine_policy_id", Text, lambda machine: machine.machine_policy_id),
    ],
    references=_of_machine,
)

MACHINE_POLICIES = DocumentKind("MachinePolicies", MachinePolicy, references=_of_policy)
