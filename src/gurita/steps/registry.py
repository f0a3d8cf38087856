"""The step types this server can run."""

from __future__ import annotations

from gurita.steps.form import StepForm
from gurita.steps.forms.package import DEPLOY, TRANSFER
from gurita.steps.forms.script import SCRIPT
from gurita.steps.package import DeployPackage
from gurita.steps.script import Script
from gurita.steps.step_type import StepType
from gurita.steps.transfer import TransferPackage

__all__ = ["FORMS", "STEP_TYPES"]

_KINDS: tuple[StepType, ...] = (Script(), DeployPackage(), TransferPackage())

STEP_TYPES: dict[str, StepType] = {kind.name.lower(): kind for kind in _KINDS}
"""By name in lower case. A process may hold other types; a deployment that needs one is refused in its plan."""

FORMS: tuple[StepForm, ...] = (SCRIPT, DEPLOY, TRANSFER)
"""How each of them is filled in."""
