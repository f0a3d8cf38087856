"""Which version of each package a release holds, for whoever plans a deployment of it."""

from __future__ import annotations

from collections.abc import Iterable

from gurita.kernel.ids import folded
from gurita.projects.resources import DeploymentProcess
from gurita.releases.resources import SelectedPackage
from gurita.releases.rules.packages import wanted_packages

__all__ = ["versions_of"]


def versions_of(
    process: DeploymentProcess, selected: Iterable[SelectedPackage]
) -> dict[tuple[str, str], str]:
    """The versions by action id and folded name of the reference. A version the process fixes counts where nothing is selected."""
    choices = list(selected)
    found: dict[tuple[str, str], str] = {}
    for wanted in wanted_packages(process):
        version = next((each.version for each in choices if wanted.is_chosen_by(each)), wanted.fixed)
        if version:
            found[wanted.action.id, folded(wanted.reference)] = version
    return found
