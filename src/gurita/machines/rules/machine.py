"""What a machine must be like."""

from __future__ import annotations

from collections.abc import Callable

from msgspec.structs import replace

from gurita.catalog.rules import list_problems, name_problems, slug_problems, text_problems, without_doubles
from gurita.kernel.errors import Invalid
from gurita.machines.resources import (
    ListeningEndpoint,
    Machine,
    NoEndpoint,
    PollingEndpoint,
    SshEndpoint,
)
from gurita.machines.rules.addresses import agent_address, host_problems, port_problems, subscription
from gurita.machines.rules.fingerprints import fingerprint_problems

__all__ = ["kept", "problems", "settled", "status_of"]

LONGEST_ROLE = 100
MOST_ROLES = 100


def problems(machine: Machine) -> list[str]:
    """Every fault of a machine a client sends, except references to what does not exist."""
    return [
        *name_problems(machine.name),
        *slug_problems(machine.slug),
        *text_problems(machine.description),
        *_environment_problems(machine),
        *_role_problems(machine.roles),
        *list_problems(machine.tenant_tags, "TenantTags"),
        *_endpoint_problems(machine),
    ]


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


def _endpoint_problems(machine: Machine) -> list[str]:
    endpoint = machine.endpoint
    if isinstance(endpoint, NoEndpoint):
        return []
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


def _refusals(read: Callable[[str | None], object], uri: str | None) -> list[str]:
    try:
        read(uri)
    except Invalid as refusal:
        return refusal.errors
    return []


def settled(machine: Machine) -> Machine:
    """The machine with address and thumbprint in one spelling, in the endpoint and on the machine itself.

    Clients may send them in either place; the endpoint wins.
    """
    endpoint = machine.endpoint
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
    return replace(
        machine,
        endpoint=endpoint,
        uri=uri,
        thumbprint=thumbprint,
        roles=without_doubles(role.strip() for role in machine.roles),
        environment_ids=list(dict.fromkeys(machine.environment_ids)),
    )


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


def kept(machine: Machine) -> Machine:
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
