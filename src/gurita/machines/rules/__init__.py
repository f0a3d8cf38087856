"""What machines and machine policies must be like."""

from __future__ import annotations

from gurita.machines.rules.addresses import (
    DEFAULT_AGENT_PORT,
    agent_address,
    host_problems,
    port_problems,
    subscription,
)
from gurita.machines.rules.choosing import chosen_worker
from gurita.machines.rules.counting import counted
from gurita.machines.rules.fingerprints import fingerprint_problems, split_fingerprints
from gurita.machines.rules.machine import kept, problems, settled, status_of
from gurita.machines.rules.policy import policy_problems
from gurita.machines.rules.styles import places, style_of

__all__ = [
    "DEFAULT_AGENT_PORT",
    "agent_address",
    "chosen_worker",
    "counted",
    "fingerprint_problems",
    "host_problems",
    "kept",
    "places",
    "policy_problems",
    "port_problems",
    "problems",
    "settled",
    "split_fingerprints",
    "status_of",
    "style_of",
    "subscription",
]
