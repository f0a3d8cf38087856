"""API shapes of machines, their endpoints and their policies (api.md 8)."""

from __future__ import annotations

from gurita.machines.resources.endpoint import (
    STYLES,
    AgentVersion,
    Endpoint,
    ListeningEndpoint,
    NoEndpoint,
    PollingEndpoint,
    SshEndpoint,
)
from gurita.machines.resources.machine import (
    HEALTH_STATUSES,
    ConnectionLog,
    HealthStatus,
    Machine,
    MachineConnection,
)
from gurita.machines.resources.policy import MachinePolicy

__all__ = [
    "HEALTH_STATUSES",
    "STYLES",
    "AgentVersion",
    "ConnectionLog",
    "Endpoint",
    "HealthStatus",
    "ListeningEndpoint",
    "Machine",
    "MachineConnection",
    "MachinePolicy",
    "NoEndpoint",
    "PollingEndpoint",
    "SshEndpoint",
]
