"""Planning, pure: who runs what, where, in which order, and why something does not run (product.md 3.4.7)."""

from __future__ import annotations

from gurita.deployments.rules.guidance import Guidance, guidance
from gurita.deployments.rules.packages import (
    PlannedPackage,
    is_acquisition,
    is_package,
    packages_at,
    settle_acquisition,
    wanted_by,
)
from gurita.deployments.rules.planning import plan
from gurita.deployments.rules.previewing import preview
from gurita.deployments.rules.scene import Choice, Kind, Machine, Scene
from gurita.deployments.rules.skipping import SKIP_CODES, SkipCode
from gurita.deployments.rules.targeting import Selection, select, settle

__all__ = [
    "SKIP_CODES",
    "Choice",
    "Guidance",
    "Kind",
    "Machine",
    "PlannedPackage",
    "Scene",
    "Selection",
    "SkipCode",
    "guidance",
    "is_acquisition",
    "is_package",
    "packages_at",
    "plan",
    "preview",
    "select",
    "settle",
    "settle_acquisition",
    "wanted_by",
]
