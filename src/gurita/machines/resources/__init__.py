"""API shapes of machines, their endpoints and their policies (api.md 8)."""

from __future__ import annotations

from gurita.machines.resources.endpoint import (
    STYLES,
    USABLE,
    AgentVersion,
    Endpoint,
    ListeningEndpoint,
    NoEndpoint,
    PollingEndpoint,
    SshEndpoint,
    UnusableEndpoint,
)
from gurita.machines.resources.endpoint_base import EndpointBase
from gurita.machines.resources.machine import (
    HEALTH_STATUSES,
    ConnectionLog,
    HealthStatus,
    Machine,
    MachineBase,
    MachineConnection,
    Worker,
)
from gurita.machines.resources.policy import MachinePolicy
from gurita.machines.resources.pool import WorkerPool
from gurita.machines.resources.summary import MachineCounts

__all__ = [
    "HEALTH_STATUSES",
    "STYLES",
    "USABLE",
    "AgentVersion",
    "ConnectionLog",
    "Endpoint",
    "EndpointBase",
    "HealthStatus",
    "ListeningEndpoint",
    "Machine",
    "MachineBase",
    "MachineConnection",
    "MachineCounts",
    "MachinePolicy",
    "NoEndpoint",
    "PollingEndpoint",
    "SshEndpoint",
    "UnusableEndpoint",
    "Worker",
    "WorkerPool",
]
