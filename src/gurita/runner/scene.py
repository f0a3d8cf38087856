"""What every kind of package work shares: variables that grow, packages put in place, scripts run, the stop of a cancel."""

from __future__ import annotations

import contextlib
import os
import re
import signal
from typing import Callable, Dict, Iterator, NamedTuple, Optional

from gurita.formats.extraction import ExtractionRefused, extract
from gurita.formats.variables import Variables
from gurita.runner.installing import Failure, file_name, place_file, safe_name
from gurita.runner.package_cache import PackageCache
from gurita.runner.package_work import Package, PackageWork, Reference
from gurita.runner.stage_script import Ended, Script, run_script
from gurita.runner.told import Told

__all__ = ["Place", "Scene", "Stopped", "Values"]

_NAME = re.compile(r"#\{\s*([^{}|]+?)\s*\}")
_TRIES = 1000

Run = Callable[[Script, Dict[str, str], str, str, Callable[[str, str], None], Told], Ended]


class Stopped(BaseException):
    """The ticket was canceled or its time is over; nothing more is begun."""


class Place(NamedTuple):
    """Where the ticket lies: the store's root, the ticket's name, its private folder (clear text), its work folder."""

    root: str
    ticket: str
    private: str
    work: str
    installation: str


class Values:
    """Variables by name in any case. What is set here is known to this machine only, and may be put into texts.

    `templates` are the values as somebody wrote them of those that the server could not evaluate to the end, or in which
    what looks like a token is none.
    """

    def __init__(self, variables: Dict[str, str], templates: Optional[Dict[str, str]] = None) -> None:
        self.all = dict(variables)
        self._names = {name.lower(): name for name in variables}
        self._late: Dict[str, str] = {}
        self._templates = {name.lower(): text for name, text in (templates or {}).items()}

    def get(self, name: str) -> str:
        """A value; empty when there is none."""
        return self.all.get(self._names.get(name.lower(), name), "")

    def set(self, name: str, value: str) -> None:
        """Set a variable for all that runs from now on."""
        self.all[self._names.setdefault(name.lower(), name)] = value
        self._late[name.lower()] = value
        self._templates.pop(name.lower(), None)

    def language(self) -> Variables:
        """All of them for what the variable language does on this machine; templates are evaluated here, whole."""
        known = self._templates
        return Variables({name: known.get(name.lower(), value) for name, value in self.all.items()})

    def filled(self, text: str) -> str:
        """The text with `#{Name}` replaced for names set on this machine; the server has evaluated the rest."""
        return _NAME.sub(lambda found: self._late.get(found.group(1).lower(), found.group(0)), text)


class Scene:
    """One ticket's package work under way."""

    def __init__(
        self, work: PackageWork, values: Values, place: Place, told: Told, run: Run = run_script
    ) -> None:
        self.work = work
        self.values = values
        self.place = place
        self.told = told
        self.cache = PackageCache(place.root)
        self.held = contextlib.ExitStack()
        self.failure_told = ""
        self._run = run
        self._stopped = False
        self._may_raise = True

    def watch_stop(self) -> None:
        """Let TERM end the work: at once between scripts, and otherwise when the script under way has ended."""
        signal.signal(signal.SIGTERM, lambda *_: self._stop())

    def _stop(self) -> None:
        self._stopped = True
        if self._may_raise:
            raise Stopped

    @contextlib.contextmanager
    def steady(self) -> Iterator[None]:
        """What is done here is not broken off by a stop; `run` looks for it afterwards."""
        before, self._may_raise = self._may_raise, False
        try:
            yield
        finally:
            self._may_raise = before

    def use(self, package: Package) -> str:
        """The package's path in the cache, proved, and kept there until the work ends. Raises Refusal."""
        return self.held.enter_context(self.cache.use(package))

    def describe(self, name: Optional[str], package: Package, **more: str) -> None:
        """Set the variables of a reference; the primary package (None) has them without brackets too."""
        values = {"PackageId": package.id, "PackageVersion": package.version, "FeedId": package.feed, **more}
        for key, value in values.items():
            self.values.set(f"Octopus.Action.Package[{name or ''}].{key}", value)
            if name is None:
                self.values.set(f"Octopus.Action.Package.{key}", value)

    def put_references(self, folder: str) -> None:
        """Extract, or place as files, the named packages below `folder`. Raises Failure, Refusal, OSError."""
        for reference in self.work.references:
            self._put(reference, folder)

    def _put(self, reference: Reference, folder: str) -> None:
        package, source = reference.package, self.use(reference.package)
        if reference.extract:
            path = self.extracted(
                source, package, os.path.join(folder, safe_name(reference.name) or "package")
            )
            self.describe(reference.name, package, ExtractedPath=path, OriginalPath=source)
            self.told.verbose(f"Extracted package {package.id} {package.version} to {path}")
            return
        path = os.path.join(folder, file_name(package))
        place_file(source, path)
        self.describe(
            reference.name,
            package,
            PackageFilePath=path,
            PackageFileName=os.path.basename(path),
            OriginalPath=source,
        )
        self.told.verbose(f"Placed package {package.id} {package.version} at {path}")

    def extracted(self, archive: str, package: Package, wanted: str) -> str:
        """Extract to `wanted`, or the first of `wanted_1`… that is free. Raises Failure."""
        for number in range(_TRIES):
            path = f"{wanted}_{number}" if number else wanted
            try:
                extract(archive, path, extension=package.extension)
                return path
            except FileExistsError:
                continue
            except ExtractionRefused as error:
                raise Failure(f"Package {package.id} {package.version} was not extracted: {error}") from None
        raise Failure(f"There are {_TRIES} folders beside {wanted}.")

    def note(self, name: str, value: str) -> None:
        """An output variable was set: later scripts see it by its own name and by the action's."""
        if not name:
            return
        action, machine = self.values.get("Octopus.Action.Name"), self.values.get("Octopus.Machine.Name")
        self.values.set(name, value)
        if action:
            self.values.set(f"Octopus.Action[{action}].Output.{name}", value)
        if action and machine:
            self.values.set(f"Octopus.Action[{action}].Output[{machine}].{name}", value)

    def output(self, name: str, value: str) -> None:
        """Tell the server an output variable, and note it."""
        self.told.output(name, value)
        self.note(name, value)

    def run(self, script: Script, workdir: str) -> int:
        """Run a script in `workdir`; 0, or the exit code that makes the work fail (its reason is told then)."""
        with self.steady():
            ended = self._run(script, self.values.all, self.place.private, workdir, self.note, self.told)
        if self._stopped:
            raise Stopped
        self.values.set("Octopus.Action.Script.ExitCode", str(ended.rc))
        if ended.problem:
            self.failure_told = self.failure_told or ended.problem
        elif ended.rc:
            self.failure_told = (
                self.failure_told or ended.told or f"{script.name} failed with exit code {ended.rc}"
            )
        elif ended.errors_seen and self.work.fail_on_stderr:
            self.failure_told = f"{script.name} wrote to its error output, and the step is set to fail then."
            return 1
        return ended.rc
