"""Counting machines for summaries. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from gurita.machines.resources import HEALTH_STATUSES, STYLES, MachineBase
from gurita.machines.rules.styles import style_of

__all__ = ["counted"]


def counted(machines: Sequence[MachineBase]) -> dict[str, Any]:
    """The members of `MachineCounts`. Every health status and style is named, also those of no machine."""
    health = Counter[str](machine.health_status for machine in machines)
    styles = Counter[str](style_of(machine.endpoint) for machine in machines)
    return {
        "total_machines": len(machines),
        "total_disabled_machines": sum(machine.is_disabled for machine in machines),
        "machine_health_status_summaries": {status: health[status] for status in HEALTH_STATUSES},
        "machine_endpoint_summaries": {style: styles[style] for style in STYLES},
    }
