"""Installs a package in the order of runtime formats 5.1 (docs/subsystems/packages.md, "Order of `deploy`")."""

from __future__ import annotations

import os
from typing import Callable, List, NamedTuple, Optional, Tuple

from gurita.runner.deployment_journal import Entry, Journal, JournalDamaged, entry_of
from gurita.runner.faults import fault
from gurita.runner.installing import Failure, copy_tree, home_of, purge, unpack, version_folder
from gurita.runner.on_files import OnFiles
from gurita.runner.package_work import STAGES, Package
from gurita.runner.private import remove_tree
from gurita.runner.refusals import Refusal
from gurita.runner.retention import remove_old
from gurita.runner.scene import Scene, Stopped
from gurita.runner.stage_script import Script

__all__ = ["Convention", "Deploy"]

_PACKAGED = ((".sh", "bash"), (".py", "python"), (".csx", ""), (".ps1", "pwsh"))
"""Extensions of packaged scripts: of a stage's scripts the first that is there runs."""


class Convention(NamedTuple):
    """One part of the order, by a name for the log."""

    name: str
    do: Callable[[], None]


class Deploy:
    """One installation. `to_the_end` does it all and gives the exit code."""

    def __init__(self, scene: Scene) -> None:
        assert scene.work.package is not None  # noqa: S101  read_package_work has seen to it
        self._scene = scene
        self._work = scene.work
        self._package: Package = scene.work.package
        self._told = scene.told
        self._journal = Journal(scene.place.root, scene.place.installation)
        self._source = ""
        self._extracted = ""
        self._folder = ""
        self._custom = ""

    def to_the_end(self) -> int:
        """0; 1, or a failed script's exit code. Raises Stopped once what was done is journaled."""
        try:
            self._look_back()
            if self._installed_already():
                return 0
            for convention in self._order():
                convention.do()
                if (
                    self._scene.values.get("Octopus.Action.SkipRemainingConventions").strip().lower()
                    == "true"
                ):
                    self._told.verbose(
                        f"What comes after {convention.name} is skipped, as a script has asked for."
                    )
                    break
            self._clean()
            fault("runner.installed")
            self._record(successful=True)
            self._remove_old()
        except Stopped:
            self._record_failure()
            raise
        except (Failure, JournalDamaged) as error:
            return self._failed(str(error), getattr(error, "rc", 1))
        except Refusal as refusal:
            return self._failed(refusal.message, 1)
        except OSError as error:
            return self._failed(f"{error.strerror or error}: {error.filename or self._folder}.", 1)
        return 0

    def _order(self) -> Tuple[Convention, ...]:
        return (
            Convention("extraction", self._extract),
            Convention("PreDeploy", lambda: self._stage("PreDeploy", packaged_first=False)),
            *(Convention(*each) for each in OnFiles(self._scene, lambda: self._folder).order()),
            Convention("the copy to the custom directory", self._copy_to_custom),
            Convention("Deploy", lambda: self._stage("Deploy", packaged_first=True)),
            Convention("PostDeploy", lambda: self._stage("PostDeploy", packaged_first=True)),
        )

    def _look_back(self) -> None:
        """Settle what broke off, and set the variables of earlier installations."""
        for entry in self._journal.settle():
            self._told.verbose(
                f"An installation of {entry.package} {entry.version} broke off earlier and counts as failed."
            )
        home = home_of(self._work.applications)
        self._scene.values.set("Octopus.Tentacle.Agent.ApplicationDirectoryPath", home)
        entries = [entry for entry in self._journal.entries() if entry.who == self._work.installed_as]
        self._remember("PreviousInstallation", entries)
        self._remember("PreviousSuccessfulInstallation", [entry for entry in entries if entry.successful])

    def _remember(self, which: str, entries: List[Entry]) -> None:
        if entries:
            name, last = f"Octopus.Tentacle.{which}.", entries[-1]
            self._scene.values.set(f"{name}CustomInstallationDirectory", last.custom_directory)
            self._scene.values.set(f"{name}OriginalInstalledPath", last.extracted_to)
            self._scene.values.set(f"{name}PackageFilePath", last.deployed_from)
            self._scene.values.set(f"{name}PackageVersion", last.version)

    def _installed_already(self) -> bool:
        if not self._work.skip_if_installed:
            return False
        last = self._journal.newest(self._is_same)
        if last is None:
            return False
        if not last.successful or not os.path.isdir(last.extracted_to):
            self._told.info("The last installation of this version failed or is gone; it is installed again.")
            return False
        self._told.info(
            f"{self._package.id} {self._package.version} is installed on this machine already; nothing is done."
        )
        self._tell_folder(last.custom_directory or last.extracted_to)
        return True

    def _is_same(self, entry: Entry) -> bool:
        wanted = (self._package.id.lower(), self._package.version.lower(), self._wanted_custom())
        return entry.who == self._work.installed_as and wanted == (
            entry.package.lower(),
            entry.version.lower(),
            entry.custom_directory,
        )

    def _extract(self) -> None:
        scene, package = self._scene, self._package
        self._source = scene.use(package)
        scene.values.set("Octopus.Tentacle.CurrentDeployment.PackageFilePath", self._source)
        scene.put_references(scene.place.work)
        wanted = version_folder(self._work, package)
        temporary = os.path.join(os.path.dirname(wanted), f".{scene.place.ticket[:12]}.part")
        self._journal.begin(scene.place.ticket, self._entry(successful=False), temporary)
        remove_tree(temporary)
        self._extracted, done = unpack(self._source, package, wanted, temporary)
        self._journal.begin(scene.place.ticket, self._entry(successful=False), temporary)
        self._folder = self._extracted
        self._told.info(
            f"Extracted {done.files} files of {package.id} {package.version} to {self._extracted}"
        )
        scene.describe(None, package, ExtractedPath=self._extracted, PackageFilePath=self._source,
                       PackageFileName=os.path.basename(self._source), OriginalPath=self._source)  # fmt: skip
        scene.values.set("OctopusOriginalPackageDirectoryPath", self._extracted)
        self._tell_folder(self._extracted)
        if self._work.run_packaged_scripts:
            for stage in STAGES:
                self._packaged(stage)

    def _tell_folder(self, folder: str) -> None:
        self._scene.output("Package.InstallationDirectoryPath", folder)
        self._scene.values.set("Octopus.Action.Package.InstallationDirectoryPath", folder)

    def _copy_to_custom(self) -> None:
        custom = self._wanted_custom()
        if not custom:
            return
        if not os.path.isabs(custom) or not custom.isprintable():
            raise Failure(f"The custom installation directory is {custom!r}; it must be an absolute path.")
        if self._work.purge:
            exclusions = [self._scene.values.filled(line) for line in self._work.purge_exclusions]
            kept = [os.path.expanduser("~"), self._scene.place.root, home_of(self._work.applications)]
            removed = purge(custom, exclusions, kept)
            self._told.info(f"Removed {removed} files from {custom}")
        copied = copy_tree(self._extracted, custom)
        self._told.info(f"Copied {copied} files to {custom}")
        self._custom = self._folder = custom
        self._tell_folder(custom)

    def _wanted_custom(self) -> str:
        custom = self._scene.values.filled(self._work.custom_directory).strip()
        return os.path.normpath(os.path.expanduser(custom)) if custom else ""

    def _stage(self, stage: str, *, packaged_first: bool) -> None:
        runs = [self._run_configured, self._run_packaged]
        for run in reversed(runs) if packaged_first else runs:
            code = run(stage)
            if code:
                raise Failure(self._scene.failure_told, code)

    def _run_configured(self, stage: str) -> int:
        for script in self._work.scripts:
            if script.stage == stage:
                text = self._scene.values.filled(script.text)
                found = Script(f"The {stage} script of the step", script.interpreter, text)
                code = self._scene.run(found, self._folder or self._scene.place.work)
                if code:
                    return code
        return 0

    def _run_packaged(self, stage: str) -> int:
        found = self._packaged(stage) if self._work.run_packaged_scripts and self._folder else None
        if found is None:
            return 0
        self._told.verbose(f"Running {found.name} of the package")
        try:
            return self._scene.run(found, self._folder)
        finally:
            if self._work.delete_scripts:
                remove_tree(found.path)

    def _packaged(self, stage: str) -> Optional[Script]:
        """The script of a stage in the root of the package, with plain line endings. Raises Failure for C#."""
        for extension, interpreter in _PACKAGED:
            path = os.path.join(self._folder, stage + extension)
            if not os.path.isfile(path):
                continue
            if not interpreter:
                raise Failure(
                    f"The package holds {stage}{extension}, and C# scripts are not run here. "
                    f"Put {stage}.sh, {stage}.py or {stage}.ps1 into it."
                )
            with open(path, "rb") as file:
                data = file.read()
            if interpreter == "bash" and b"\r\n" in data:
                data = data.replace(b"\r\n", b"\n")
                with open(path, "wb") as file:
                    file.write(data)
            return Script(stage + extension, interpreter, data.decode("utf-8", "replace"), path)
        return None

    def _clean(self) -> None:
        """Remove packaged scripts that did not run, and those the copy has left behind."""
        if self._work.delete_scripts and self._work.run_packaged_scripts:
            for folder in {self._folder, self._extracted} - {""}:
                for stage in STAGES:
                    for extension, _ in _PACKAGED:
                        remove_tree(os.path.join(folder, stage + extension))

    def _failed(self, reason: str, code: int) -> int:
        """DeployFailed, then the journal; the first reason is what the task shows."""
        self._told.error(reason)
        try:
            for run in (self._run_configured, self._run_packaged):
                code_of_it = run("DeployFailed")
                if code_of_it:
                    self._told.error(f"DeployFailed failed with exit code {code_of_it}")
        except (Failure, OSError) as error:
            self._told.error(f"DeployFailed could not run: {error}")
        finally:
            self._record_failure()
        self._told.message("resultMessage", message=reason)
        return code or 1

    def _entry(self, *, successful: bool) -> Entry:
        return entry_of(
            self._work.installed_as, self._package, self._source, self._extracted,
            self._custom or self._wanted_custom(), successful=successful,
        )  # fmt: skip

    def _remove_old(self) -> None:
        """By the lifecycle's policy; nothing that goes wrong here undoes the installation."""
        try:
            with self._scene.steady():
                remove_old(self._journal, self._work.installed_as, self._work.retained, self._told)
        except (OSError, JournalDamaged) as error:
            self._told.warning(f"Old installations were not removed: {error}")

    def _record(self, *, successful: bool) -> None:
        with self._scene.steady():
            self._journal.add(self._entry(successful=successful))
            self._journal.end(self._scene.place.ticket)

    def _record_failure(self) -> None:
        try:
            self._record(successful=False)
        except (OSError, JournalDamaged) as error:
            self._told.error(f"The failure was not journaled: {error}")
