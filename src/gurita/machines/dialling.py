"""What to dial for a machine: its endpoint with its account's and proxy's secrets."""

from __future__ import annotations

from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from sqlalchemy import bindparam, select

from gurita.accounts import service as accounts
from gurita.accounts.proxies import service as proxies
from gurita.catalog.rules import parse_span
from gurita.kernel.errors import NotFound
from gurita.machines.policies import service as policies
from gurita.machines.records import MACHINE_POLICIES
from gurita.machines.resources import (
    ListeningEndpoint,
    MachineBase,
    MachinePolicy,
    PollingEndpoint,
    SshEndpoint,
    UnusableEndpoint,
)
from gurita.machines.rules import agent_address, split_fingerprints, style_of, subscription
from gurita.store.prepared import Prepared
from gurita.transport import endpoints

if TYPE_CHECKING:
    from gurita.http.context import Context, Services
    from gurita.store.tx import Tx

__all__ = ["endpoint_in", "proxy_in", "refusal_of", "timing_of"]

_VERSION = Prepared(select(MACHINE_POLICIES.c.version).where(MACHINE_POLICIES.c.id == bindparam("id")))
_known: WeakKeyDictionary[Services, dict[tuple[str, bool], tuple[int, endpoints.Timing]]] = (
    WeakKeyDictionary()
)

_LEAST_PAUSE = 0.2
"""Seconds: what the first pause between two attempts is anyway."""


def refusal_of(machine: MachineBase) -> str:
    """Why nothing can run on a machine, whatever its health; "" for one that can be reached."""
    if isinstance(machine.endpoint, UnusableEndpoint):
        return (
            f"'{machine.name}' has the communication style {style_of(machine.endpoint)}, which this server keeps but "
            "cannot reach. Use a target with Ssh, TentaclePassive or TentacleActive."
        )
    return ""


def endpoint_in(tx: Tx, ctx: Context, machine: MachineBase) -> endpoints.Endpoint:
    """What to dial for a machine, with its account's secrets. A machine without endpoint is the server itself.

    Raises NotFound for a machine that cannot be reached at all.
    """
    told, timing = machine.endpoint, _timing_in(tx, ctx, machine)
    fingerprints = split_fingerprints(machine.thumbprint)
    if isinstance(told, ListeningEndpoint):
        host, port = agent_address(told.uri)
        return endpoints.ListeningAgent(host, port, fingerprints, proxy_in(tx, ctx, told.proxy_id), timing)
    if isinstance(told, PollingEndpoint):
        return endpoints.PollingAgent(subscription(told.uri), fingerprints, timing)
    if isinstance(told, SshEndpoint):
        signs = accounts.sign_in_in(tx, ctx.whole, told.account_id)
        return endpoints.OpenSsh(
            (told.host or "").strip("[]"),
            told.port,
            signs.username,
            signs.private_key,
            signs.passphrase,
            signs.password,
            fingerprints,
            proxy_in(tx, ctx, told.proxy_id),
            timing,
        )
    if refused := refusal_of(machine):
        raise NotFound(refused)
    return endpoints.Local()


def _timing_in(tx: Tx, ctx: Context, machine: MachineBase) -> endpoints.Timing:
    """Asked for every action: a policy is read again only when its version is another one."""
    polling = isinstance(machine.endpoint, PollingEndpoint)
    version = tx.scalar(_VERSION, {"id": machine.machine_policy_id})
    if version is None:
        return endpoints.OWN_TIMING
    known = _known.setdefault(ctx.services, {})
    key = machine.machine_policy_id, polling
    found = known.get(key)
    if found is None or found[0] != version:
        policy = policies.get_in(tx, ctx, machine.machine_policy_id)
        found = known[key] = version, timing_of(policy, polling=polling)
    return found[1]


def timing_of(policy: MachinePolicy, *, polling: bool) -> endpoints.Timing:
    """What a policy says of connecting. A polling agent is waited for as long as requests to it may queue; a dial is
    tried again as long as calls may be repeated, or, where they may not, as often as connections may be. Pure."""
    connect = parse_span(policy.connection_connect_timeout).total_seconds()
    pause = parse_span(policy.connection_retry_sleep_interval).total_seconds()
    retry = policy.machine_rpc_call_retry_policy
    if polling:
        patience = parse_span(policy.polling_request_queue_timeout).total_seconds()
    elif retry.enabled:
        patience = parse_span(retry.retry_duration).total_seconds()
    else:
        limit = parse_span(policy.connection_retry_time_limit).total_seconds()
        patience = min(limit, policy.connection_retry_count_limit * max(pause, _LEAST_PAUSE))
    return endpoints.Timing(connect, max(patience, _LEAST_PAUSE), pause)


def proxy_in(tx: Tx, ctx: Context, id: str | None) -> endpoints.Proxy | None:
    """The proxy a machine is reached through; None for none. Raises NotFound."""
    if not id:
        return None
    proxy = proxies.proxies.get_in(tx, ctx, id)
    return endpoints.Proxy(proxy.host, proxy.port, proxy.username or "", proxies.password_in(tx, ctx, proxy))
