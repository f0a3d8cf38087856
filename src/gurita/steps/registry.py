"""The step types this server can run."""

from __future__ import annotations

from gurita.steps.package import DeployPackage
from gurita.steps.script import Script
from gurita.steps.step_type import StepType
from gurita.steps.transfer import TransferPackage

__all__ = ["STEP_TYPES"]

_KINDS: tuple[StepType, ...] = (Script(), DeployPackage(), TransferPackage())

STEP_TYPES: dict[str, StepType] = {kind.name.lower(): kind for kind in _KINDS}
"""By name in lower case. A process may hold other types; a deployment that needs one is refused in its plan."""
