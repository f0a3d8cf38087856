"""How machines, workers, their pools and policies are stored."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Boolean, Integer, Text

from gurita.catalog.visibility import Lying, Many
from gurita.machines.resources import Machine, MachineBase, MachinePolicy, Worker, WorkerPool
from gurita.machines.rules import style_of
from gurita.store.documents import DocumentKind, Indexed, Reference

__all__ = ["MACHINES", "MACHINE_POLICIES", "WORKERS", "WORKER_POOLS"]


def _of_machine(machine: Machine) -> Iterator[Reference]:
    for place, id in enumerate(machine.environment_ids):
        yield Reference(f"EnvironmentIds[{place}]", "Environments", id)
    for place, id in enumerate(machine.tenant_ids):
        yield Reference(f"TenantIds[{place}]", "Tenants", id)
    yield from _of_either(machine)


def _of_worker(worker: Worker) -> Iterator[Reference]:
    for place, id in enumerate(worker.worker_pool_ids):
        yield Reference(f"WorkerPoolIds[{place}]", "WorkerPools", id)
    yield from _of_either(worker)


def _of_either(machine: MachineBase) -> Iterator[Reference]:
    yield Reference("MachinePolicyId", "MachinePolicies", machine.machine_policy_id)
    for member, name, kind in (
        ("account_id", "AccountId", "Accounts"),
        ("proxy_id", "ProxyId", "Proxies"),
        ("default_worker_pool_id", "DefaultWorkerPoolId", "WorkerPools"),
    ):
        yield Reference(f"Endpoint.{name}", kind, getattr(machine.endpoint, member, None) or "")
    authentication = getattr(machine.endpoint, "authentication", None)
    account = authentication.get("AccountId") if isinstance(authentication, dict) else None
    if isinstance(account, str):
        yield Reference("Endpoint.Authentication.AccountId", "Accounts", account)


def _of_policy(policy: MachinePolicy) -> Iterator[Reference]:
    account = policy.machine_update_policy.tentacle_update_account_id
    yield Reference("MachineUpdatePolicy.TentacleUpdateAccountId", "Accounts", account or "")


_COLUMNS: list[Indexed[Any]] = [
    Indexed("style", Text, lambda machine: style_of(machine.endpoint)),
    Indexed("thumbprint", Text, lambda machine: machine.thumbprint or ""),
    Indexed("is_disabled", Boolean, lambda machine: machine.is_disabled),
    Indexed("machine_policy_id", Text, lambda machine: machine.machine_policy_id),
]

MACHINES = DocumentKind(
    "Machines",
    Machine,
    columns=_COLUMNS,
    references=_of_machine,
    visible=Lying("MachineView", environments=Many("EnvironmentIds"), tenants=Many("TenantIds")),
)

WORKERS = DocumentKind("Workers", Worker, columns=_COLUMNS, references=_of_worker)

WORKER_POOLS = DocumentKind(
    "WorkerPools",
    WorkerPool,
    columns=[Indexed("sort_order", Integer, lambda pool: pool.sort_order)],
    order=("sort_order", "folded"),
)

MACHINE_POLICIES = DocumentKind("MachinePolicies", MachinePolicy, references=_of_policy)
