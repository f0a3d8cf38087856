"""Machines counted (api.md 4, 8)."""

from __future__ import annotations

from msgspec import field

from gurita.http.wire import Wire

__all__ = ["MachineCounts"]


class MachineCounts(Wire):
    """How many machines there are, by health and by how they are reached."""

    total_machines: int = 0
    total_disabled_machines: int = 0
    machine_health_status_summaries: dict[str, int] = field(default_factory=dict)
    machine_endpoint_summaries: dict[str, int] = field(default_factory=dict)
    tentacle_upgrades_required: bool = False
    machine_ids_for_calamari_upgrade: list[str] = field(default_factory=list)
    machine_ids_for_tentacle_upgrade: list[str] = field(default_factory=list)
