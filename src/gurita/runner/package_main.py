"""`gurita-runner package PLACE`: the child of a ticket that works with packages. Documents lie in the private folder PLACE."""

from __future__ import annotations

import json
import os
from typing import Any

from gurita.runner.conventions import Deploy
from gurita.runner.durable import read_text
from gurita.runner.installing import Failure, file_name, place_file
from gurita.runner.on_files import OnFiles
from gurita.runner.package_cache import sha256_of
from gurita.runner.package_work import PackageWork, RunScript, read_package_work
from gurita.runner.refusals import Refusal
from gurita.runner.scene import Place, Scene, Stopped, Values
from gurita.runner.stage_script import Script
from gurita.runner.told import Told

__all__ = ["main", "run_script_work", "transfer"]

_STOPPED = 143
_SYNTAX = {".sh": "bash", ".py": "python", ".ps1": "pwsh"}


def main(private: str) -> int:
    """Do the work; its exit code is the script's that failed, or 1."""
    work: PackageWork = read_package_work(_read(private, "work.json"))
    where = _read(private, "where.json")
    ticket = str(where["ticket"])
    place = Place(
        str(where["root"]),
        os.path.basename(ticket),
        private,
        os.path.join(ticket, "work"),
        str(where["installation"]),
    )
    told = Told()
    variables, _, templates = _read(private, "variables.json")
    scene = Scene(work, Values(variables, templates), place, told)
    scene.watch_stop()
    try:
        with scene.held:
            if work.kind == "deploy":
                return Deploy(scene).to_the_end()
            return transfer(scene) if work.kind == "transfer" else run_script_work(scene)
    except Stopped:
        return _STOPPED
    except Failure as error:
        return _said(told, str(error), error.rc)
    except Refusal as refusal:
        return _said(told, refusal.message, 1)
    except OSError as error:
        return _said(told, f"{error.strerror or error}: {error.filename or work.kind}.", 1)


def transfer(scene: Scene) -> int:
    """Put the package file into a folder of the target, under its own name. Raises Failure, Refusal, OSError."""
    package = scene.work.package
    assert package is not None  # noqa: S101  read_package_work has seen to it
    folder = os.path.normpath(os.path.expanduser(scene.values.filled(scene.work.transfer_path).strip()))
    if not os.path.isabs(folder):
        raise Failure(f"Octopus.Action.Package.TransferPath is '{folder}'; it must be an absolute path.")
    source = scene.use(package)
    os.makedirs(folder, exist_ok=True)
    path = os.path.join(folder, file_name(package))
    if _same(path, package.size, package.sha256):
        scene.told.info(f"{path} is there already, with the same content")
    else:
        place_file(source, path)
        scene.told.info(f"Copied package {package.id} {package.version} to {path}")
    scene.output("Package.DirectoryPath", folder)
    scene.output("Package.FileName", os.path.basename(path))
    scene.output("Package.FilePath", path)
    return 0


def run_script_work(scene: Scene) -> int:
    """Put packages in place and run the script. It works in the primary package, or in the ticket's folder when there is
    none. Raises Failure, Refusal, OSError."""
    wanted, package, folder = scene.work.script, scene.work.package, scene.place.work
    assert wanted is not None  # noqa: S101  read_package_work has seen to it
    if package is not None:
        source = scene.use(package)
        folder = scene.extracted(source, package, os.path.join(folder, "package"))
        scene.describe(None, package, ExtractedPath=folder, PackageFilePath=source,
                       PackageFileName=os.path.basename(source), OriginalPath=source)  # fmt: skip
    scene.put_references(folder)
    for _, do in OnFiles(scene, lambda: folder).order():
        do()
    code = scene.run(_script(scene, wanted, folder), folder)
    if code and scene.failure_told:
        scene.told.message("resultMessage", message=scene.failure_told)
    return code


def _script(scene: Scene, wanted: RunScript, folder: str) -> Script:
    arguments = [scene.values.filled(word) for word in wanted.arguments]
    if not wanted.file:
        return Script(
            "The remote script", wanted.interpreter, scene.values.filled(wanted.text), "", arguments
        )
    path = os.path.normpath(os.path.join(folder, scene.values.filled(wanted.file).replace("\\", "/")))
    if not path.startswith(folder + os.sep):
        raise Failure(f"{wanted.file} is no file of the package.")
    if not os.path.isfile(path):
        raise Failure(f"The package holds no file {wanted.file}.")
    interpreter = wanted.interpreter or _SYNTAX.get(os.path.splitext(path)[1].lower(), "")
    if not interpreter:
        raise Failure(f"{wanted.file} cannot be run here; .sh, .py and .ps1 can.")
    with open(path, "rb") as file:
        data = file.read()
    if interpreter == "bash" and b"\r\n" in data:
        data = data.replace(b"\r\n", b"\n")
        with open(path, "wb") as file:
            file.write(data)
    return Script("The remote script", interpreter, data.decode("utf-8", "replace"), path, arguments)


def _same(path: str, size: int, sha256: str) -> bool:
    try:
        with open(path, "rb") as file:
            return os.fstat(file.fileno()).st_size == size and sha256_of(file.fileno()) == sha256
    except OSError:
        return False


def _said(told: Told, reason: str, code: int) -> int:
    told.error(reason)
    told.message("resultMessage", message=reason)
    return code


def _read(private: str, name: str) -> Any:
    return json.loads(read_text(os.path.join(private, name)) or "null")
