"""What a machine must be like."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import msgspec
from msgspec.structs import replace

from gurita.catalog.rules import list_problems, name_problems, slug_problems, text_problems, without_doubles
from gurita.kernel.errors import Invalid
from gurita.machines.resources import (
    USABLE,
    ListeningEndpoint,
    Machine,
    MachineBase,
    NoEndpoint,
    PollingEndpoint,
    SshEndpoint,
    UnusableEndpoint,
    Worker,
)
from gurita.machines.rules.addresses import agent_address, host_problems, port_problems, subscription
from gurita.machines.rules.fingerprints import fingerprint_problems

__all__ = ["kept", "problems", "settled", "status_of"]

M = TypeVar("M", bound=MachineBase)

LONGEST_FREE = 100_000
LONGEST_ROLE = 100
MOST_ROLES = 100


def problems(machine: MachineBase) -> list[str]:
    """Every fault of a machine a client sends, except references to what does not exist."""
    found = [
        *name_problems(machine.name),
        *slug_problems(machine.slug),
        *text_problems(machine.description),
    ]
    if isinstance(machine, Machine):
        found += _environment_problems(machine)
        found += _role_problems(machine.roles)
        found += list_problems(machine.tenant_tags, "TenantTags")
    elif isinstance(machine, Worker):
        found += _pool_problems(machine)
    return [*found, *_endpoint_problems(machine)]


def _pool_problems(worker: Worker) -> list[str]:
    if not worker.worker_pool_ids:
        return ["WorkerPoolIds: must not be empty. Name at least one worker pool the worker belongs to."]
    return list_problems(worker.worker_pool_ids, "WorkerPoolIds")


def _environment_problems(machine: Machine) -> list[str]:
    if not machine.environment_ids:
        return ["EnvironmentIds: must not be empty. Name at least one environment the machine belongs to."]
    return list_problems(machine.environment_ids, "EnvironmentIds")


def _role_problems(roles: list[str]) -> list[str]:
    if not roles:
        return ["Roles: must not be empty. Give the machine at least one target tag, for example 'web'."]
    found = list_problems(roles, "Roles", MOST_ROLES)
    for place, role in enumerate(roles):
        if len(role) > LONGEST_ROLE:
            found.append(f"Roles[{place}]: has {len(role)} characters. Use at most {LONGEST_ROLE}.")
        elif "," in role or ";" in role:
            found.append(
                f"Roles[{place}]: '{role}' has a comma or semicolon. Send each target tag as its own entry."
            )
    return found


def _endpoint_problems(machine: MachineBase) -> list[str]:
    endpoint = machine.endpoint
    if isinstance(endpoint, NoEndpoint):
        if isinstance(machine, Worker):
            return [
                f"Endpoint.CommunicationStyle: a worker must be reached. Use one of {', '.join(USABLE[1:])}."
            ]
        return []
    if isinstance(endpoint, UnusableEndpoint):
        return _free_problems(endpoint)
    if isinstance(endpoint, SshEndpoint):
        found = (
            []
            if endpoint.account_id
            else ["Endpoint.AccountId: must not be empty. Name an account to sign in with."]
        )
        return [
            *found,
            *host_problems(endpoint.host or "", "Endpoint.Host"),
            *port_problems(endpoint.port, "Endpoint.Port"),
            *fingerprint_problems(endpoint.fingerprint, "Endpoint.Fingerprint"),
        ]
    if isinstance(endpoint, ListeningEndpoint):
        return [
            *_refusals(agent_address, endpoint.uri),
            *fingerprint_problems(endpoint.thumbprint, "Endpoint.Thumbprint"),
        ]
    return [
        *_refusals(subscription, endpoint.uri),
        *fingerprint_problems(endpoint.thumbprint, "Endpoint.Thumbprint"),
    ]


def _free_problems(endpoint: UnusableEndpoint) -> list[str]:
    """Secrets are kept only in members that are known to be secret; free ones would show them."""
    found: list[str] = []
    for name, value in msgspec.structs.asdict(endpoint).items():
        if isinstance(value, dict):
            shown = next(one.encode_name for one in msgspec.structs.fields(endpoint) if one.name == name)
            if _holds_secret(value):
                found.append(
                    f"Endpoint.{shown}: holds a sensitive value, which would be stored readable. Use an account instead."
                )
            if len(msgspec.json.encode(value)) > LONGEST_FREE:
                found.append(f"Endpoint.{shown}: is longer than {LONGEST_FREE} bytes.")
    return found


def _holds_secret(value: object) -> bool:
    if isinstance(value, dict):
        names = {str(name).lower() for name in value}
        return bool(names & {"newvalue", "hasvalue"}) or any(_holds_secret(one) for one in value.values())
    return isinstance(value, list) and any(_holds_secret(one) for one in value)


def _refusals(read: Callable[[str | None], object], uri: str | None) -> list[str]:
    try:
        read(uri)
    except Invalid as refusal:
        return refusal.errors
    return []


def settled(machine: M) -> M:
    """The machine with address and thumbprint in one spelling, in the endpoint and on the machine itself.

    Clients may send them in either place; the endpoint wins.
    """
    endpoint = replace(machine.endpoint, id=None, name=None, space_id=None, links={})
    if isinstance(endpoint, (ListeningEndpoint, PollingEndpoint)):
        uri = (endpoint.uri or machine.uri or "").strip()
        thumbprint = (endpoint.thumbprint or machine.thumbprint or "").strip()
        endpoint = replace(endpoint, uri=uri, thumbprint=thumbprint)
    elif isinstance(endpoint, SshEndpoint):
        host = (endpoint.host or "").strip()
        thumbprint = (endpoint.fingerprint or machine.thumbprint or "").strip()
        uri = f"ssh://[{host}]:{endpoint.port}/" if ":" in host else f"ssh://{host}:{endpoint.port}/"
        endpoint = replace(endpoint, host=host, fingerprint=thumbprint, uri=uri)
    else:
        uri, thumbprint = None, None
    machine = replace(machine, endpoint=endpoint, uri=uri, thumbprint=thumbprint)
    if isinstance(machine, Machine):
        return replace(
            machine,
            roles=without_doubles(role.strip() for role in machine.roles),
            environment_ids=list(dict.fromkeys(machine.environment_ids)),
        )
    if isinstance(machine, Worker):
        return replace(machine, worker_pool_ids=list(dict.fromkeys(machine.worker_pool_ids)))
    return machine


_FRESH = dict(
    status="Unknown",
    health_status="Unknown",
    status_summary="",
    has_latest_calamari=True,
    is_in_process=False,
    operating_system="Unknown",
    operating_system_version="",
    shell_name="Unknown",
    shell_version="",
    architecture="",
)


def kept(machine: M) -> M:
    """The machine as it is stored: what health checks find is kept elsewhere and ignored on input."""
    return replace(machine, **_FRESH)


def status_of(health: str, *, disabled: bool) -> str:
    """The older `Status` word for a health status."""
    if disabled:
        return "Disabled"
    return {
        "Healthy": "Online",
        "HasWarnings": "Online",
        "Unhealthy": "Online",
        "Unavailable": "Offline",
    }.get(health, "Unknown")
