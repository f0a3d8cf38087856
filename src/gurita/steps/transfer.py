"""Transfer a package (`Octopus.TransferPackage`): the file itself, unopened, to a folder (docs/steps/transfer.md)."""

from __future__ import annotations

from collections.abc import Mapping

from gurita.runner.package_work import PackageWork
from gurita.steps.package import chosen
from gurita.steps.step_type import NotHere, PackagedWork, StepContext

__all__ = ["TransferPackage"]

_PATH = "Octopus.Action.Package.TransferPath"


class TransferPackage:
    """The primary package as a file."""

    name = "Octopus.TransferPackage"
    server_only = False
    idempotent = True

    def needs_python(self, properties: Mapping[str, str]) -> bool:
        """Always: packages are kept by the target's own program."""
        return True

    def check(self, properties: Mapping[str, str]) -> list[str]:
        """Package and path."""
        found = chosen(properties)
        if not properties.get(_PATH, "").strip():
            found.append(f"{_PATH} is empty. Name the folder the package goes to.")
        return found

    def work(self, context: StepContext) -> PackagedWork:
        """Which file goes where."""
        primary = context.primary
        if primary is None or primary.brought is None:
            raise NotHere(f"{context.action} has no package to transfer. Choose one in the step.")
        path = context.variables.evaluate(context.properties.get(_PATH, ""))
        if path.complaint or not path.text.strip():
            raise NotHere(f"{_PATH}: {path.complaint or 'it is empty'}. Name the folder the package goes to.")
        return PackagedWork(
            PackageWork(
                kind="transfer",
                package=primary.brought,
                environment=context.environment,
                tenant=context.tenant,
                installed_as=context.installed_as,
                transfer_path=path.text.strip(),
            )
        )
