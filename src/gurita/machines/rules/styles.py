"""The `CommunicationStyle` of endpoints, and where machines belong."""

from __future__ import annotations

from gurita.machines.resources import Endpoint, Machine, MachineBase, Worker

__all__ = ["places", "style_of"]


def style_of(endpoint: Endpoint) -> str:
    """The word for how a machine is reached, such as `Ssh`."""
    return str(endpoint.__struct_config__.tag)


def places(machine: MachineBase) -> list[str]:
    """The environments of a target, the pools of a worker."""
    if isinstance(machine, Machine):
        return machine.environment_ids
    return machine.worker_pool_ids if isinstance(machine, Worker) else []
