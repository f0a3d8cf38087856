"""What planning knows of each step type."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gurita.deployments.rules import Kind
from gurita.steps.registry import STEP_TYPES

if TYPE_CHECKING:
    from gurita.projects.resources import Action
    from gurita.steps.step_type import StepType

__all__ = ["KINDS"]


def _kind(kind: StepType) -> Kind:
    return Kind(
        server_only=kind.server_only,
        needs_python=lambda action: kind.needs_python(_plain(action)),
        idempotent=kind.idempotent,
        check=lambda action: kind.check(_plain(action)),
    )


def _plain(action: Action) -> dict[str, str]:
    return {name: value for name, value in action.properties.items() if isinstance(value, str)}


KINDS = {name: _kind(kind) for name, kind in STEP_TYPES.items()}
"""By name in lower case, as `STEP_TYPES`."""
