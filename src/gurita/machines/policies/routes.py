"""`machinepolicies` (api.md 8)."""

from __future__ import annotations

from gurita.catalog.serving import listed, serve
from gurita.http.api import Call
from gurita.http.envelope import Listing
from gurita.http.links import with_links
from gurita.http.routes import Routes
from gurita.http.wire import write
from gurita.kernel.paging import Page
from gurita.machines.policies.service import get_in, policies
from gurita.machines.resources import Machine, MachinePolicy, Worker
from gurita.machines.service import MachineQuery, machines
from gurita.machines.workers.service import WorkerQuery, workers
from gurita.store.tx import Tx

__all__ = ["routes"]

_space = Routes("space")


@_space.get("/machinepolicies/template", permission="MachinePolicyView", returns=MachinePolicy)
async def template(call: Call) -> bytes:
    """A policy to begin a new one from."""
    links = {"Self": call.links.space("machinepolicies/template")}
    return with_links(write(MachinePolicy(name="", space_id=call.space)), links)


@_space.get("/machinepolicies/{id}/machines", permission="MachineView", returns=Listing[Machine])
async def machines_of(call: Call, id: str, query: MachineQuery) -> bytes:
    """The machines a policy is for."""

    def read(tx: Tx) -> tuple[str, Page[Machine]]:
        policy = get_in(tx, call.context, id).id
        return policy, machines.list_in(
            tx, call.context, query, where=[machines.kind.c.machine_policy_id == policy]
        )

    policy, page = await call.services.store.read(read)
    return listed(call, machines, page, f"machinepolicies/{policy}/machines")


@_space.get("/machinepolicies/{id}/workers", permission="WorkerView", returns=Listing[Worker])
async def workers_of(call: Call, id: str, query: WorkerQuery) -> bytes:
    """The workers a policy is for."""

    def read(tx: Tx) -> tuple[str, Page[Worker]]:
        policy = get_in(tx, call.context, id).id
        where = [workers.kind.c.machine_policy_id == policy]
        return policy, workers.list_in(tx, call.context, query, where=where)

    policy, page = await call.services.store.read(read)
    return listed(call, workers, page, f"machinepolicies/{policy}/workers")


routes = [*_space.items, *serve(policies)]
