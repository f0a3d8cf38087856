"""What a ticket does with packages: the JSON document in the `package` member of `private` (docs/subsystems/packages.md).

The server builds a `PackageWork` and sends `as_json()`; the target reads it back with `read_package_work`. Every text in it is
evaluated already, but for names only the target knows (`#{Name}` of output variables of earlier stages and of the variables the
conventions set), which are put in on the target.
"""

from __future__ import annotations

import re
from typing import Any, Dict, List, NamedTuple, Optional

from gurita.runner.files_work import FilesWork, read_files_work
from gurita.runner.members import Members
from gurita.runner.refusals import Refusal

__all__ = [
    "KINDS",
    "STAGES",
    "STRICT",
    "InstalledAs",
    "Package",
    "PackageWork",
    "Reference",
    "Retained",
    "RunScript",
    "StageScript",
    "read_package",
    "read_package_work",
]

KINDS = ("deploy", "transfer", "script")
STAGES = ("PreDeploy", "Deploy", "PostDeploy", "DeployFailed")
STRICT = "OctopusShouldFailDeploymentOnSubstitutionFails"
"""The variable that makes a failure of tokens that cannot be evaluated, in scripts, settings and files."""

_INTERPRETERS = ("bash", "python", "pwsh")
_SHA256 = re.compile(r"[0-9a-f]{64}\Z")
_EXTENSION = re.compile(r"(\.[A-Za-z0-9]+){1,3}\Z")


class Package(NamedTuple):
    """A package as the target's cache knows it. `extension` begins with its dot; `sha256` is hex in lower case; `size` bytes."""

    id: str
    version: str
    extension: str
    sha256: str
    size: int
    feed: str = ""


class Reference(NamedTuple):
    """A named package reference of the step. Not extracted: placed as a file."""

    name: str
    package: Package
    extract: bool = True


class StageScript(NamedTuple):
    """A script configured in the step (`Octopus.Action.CustomScripts.<Stage>.<ext>`)."""

    stage: str
    interpreter: str
    text: str


class RunScript(NamedTuple):
    """What kind `script` runs: `file` in the primary package, or else `text`. `interpreter` may be empty for a file: its
    extension says it."""

    interpreter: str
    text: str = ""
    file: str = ""
    arguments: List[str] = []


class InstalledAs(NamedTuple):
    """What the deployment journal keeps of who installed: ids, empty where there is none.

    `policy_set` tells installations of different steps and targets apart (environment, project, step, machine); skip-if-installed
    and retention look only at entries with the same one.
    """

    environment: str = ""
    tenant: str = ""
    project: str = ""
    policy_set: str = ""


class Retained(NamedTuple):
    """How many installations of a step stay on a machine: the newest `items`, or those of the last `days`; all when both are 0."""

    items: int = 0
    days: int = 0


class PackageWork(NamedTuple):
    """One piece of work.

    `deploy`: the order of runtime formats 5.1. `transfer`: the package file goes to `transfer_path`. `script`: packages are put
    in place and `script` runs; `package` may be missing there.
    `applications` is the root of installations, empty for `$HOME/Applications`; `environment` and `tenant` are names, parts of the
    path. `purge_exclusions` are globs below the custom directory.
    """

    kind: str
    package: Optional[Package] = None
    references: List[Reference] = []
    applications: str = ""
    environment: str = ""
    tenant: str = ""
    installed_as: InstalledAs = InstalledAs()
    skip_if_installed: bool = False
    custom_directory: str = ""
    purge: bool = False
    purge_exclusions: List[str] = []
    scripts: List[StageScript] = []
    run_packaged_scripts: bool = True
    delete_scripts: bool = True
    transfer_path: str = ""
    script: Optional[RunScript] = None
    fail_on_stderr: bool = False
    files: FilesWork = FilesWork()
    retained: Retained = Retained()

    def as_json(self) -> Dict[str, Any]:
        """The document."""
        found: Dict[str, Any] = dict(self._asdict())
        found["package"] = self.package._asdict() if self.package else None
        found["references"] = [
            {**each._asdict(), "package": each.package._asdict()} for each in self.references
        ]
        found["installed_as"] = self.installed_as._asdict()
        found["scripts"] = [each._asdict() for each in self.scripts]
        found["files"] = self.files._asdict()
        found["retained"] = self.retained._asdict()
        found["script"] = self.script._asdict() if self.script else None
        return found


def read_package(given: Members) -> Package:
    """A package of a request. Raises Refusal `bad-request` naming the member."""
    found = Package(
        given.text("id"),
        given.text("version"),
        given.text("extension"),
        given.text("sha256"),
        given.whole("size"),
        given.text("feed"),
    )
    if not found.id or not found.version:
        raise Refusal("bad-request", f"{given.where} needs an id and a version.")
    if not _SHA256.match(found.sha256):
        raise Refusal("bad-request", f"{given.where}.sha256 must be 64 hex digits in lower case.")
    if not _EXTENSION.match(found.extension):
        raise Refusal("bad-request", f"{given.where}.extension must be like .zip or .tar.gz.")
    return found


def read_package_work(given: object) -> PackageWork:
    """The document of a request. Raises Refusal `bad-request` naming the member."""
    reader = Members("private.package", given)
    who = reader.object("installed_as")
    found = PackageWork(
        kind=reader.one_of("kind", "", KINDS),
        package=read_package(reader.object("package")) if reader.member("package", None) else None,
        references=[_reference(each) for each in reader.objects("references")],
        applications=reader.text("applications"),
        environment=reader.text("environment"),
        tenant=reader.text("tenant"),
        installed_as=InstalledAs(*(who.text(name) for name in InstalledAs._fields)),
        skip_if_installed=reader.flag("skip_if_installed", False),
        custom_directory=reader.text("custom_directory"),
        purge=reader.flag("purge", False),
        purge_exclusions=reader.texts("purge_exclusions"),
        scripts=[_stage_script(each) for each in reader.objects("scripts")],
        run_packaged_scripts=reader.flag("run_packaged_scripts", True),
        delete_scripts=reader.flag("delete_scripts", True),
        transfer_path=reader.text("transfer_path"),
        script=_run_script(reader.object("script")) if reader.member("script", None) else None,
        fail_on_stderr=reader.flag("fail_on_stderr", False),
        files=read_files_work(reader.object("files")),
        retained=Retained(reader.object("retained").whole("items"), reader.object("retained").whole("days")),
    )
    _check(found)
    return found


def _check(work: PackageWork) -> None:
    if work.kind != "script" and work.package is None:
        raise Refusal("bad-request", f"private.package of kind {work.kind} needs a package.")
    if work.kind == "transfer" and not work.transfer_path:
        raise Refusal("bad-request", "private.package.transfer_path is missing.")
    if work.kind == "script":
        if work.script is None or not (work.script.file or work.script.interpreter):
            raise Refusal("bad-request", "private.package.script needs a file, or an interpreter and a text.")
        if work.script.file and work.package is None:
            raise Refusal("bad-request", "private.package.script.file needs a package.")


def _reference(given: Members) -> Reference:
    return Reference(given.text("name"), read_package(given.object("package")), given.flag("extract", True))


def _stage_script(given: Members) -> StageScript:
    return StageScript(
        given.one_of("stage", "", STAGES), given.one_of("interpreter", "", _INTERPRETERS), given.text("text")
    )


def _run_script(given: Members) -> RunScript:
    return RunScript(
        given.one_of("interpreter", "", ("", *_INTERPRETERS)),
        given.text("text"),
        given.text("file"),
        given.texts("arguments"),
    )
