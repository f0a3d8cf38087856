"""How a script is laid out in the private folder and called: bootstrap, variables, arguments."""

from __future__ import annotations

import base64
import json
import os
import sys
from types import MappingProxyType
from typing import Dict, List, Mapping, NamedTuple, Optional, Sequence

from gurita.runner.host import which
from gurita.runner.members import Members
from gurita.runner.package_work import PackageWork, read_package_work
from gurita.runner.refusals import Refusal
from gurita.runner.script_modules import modules_for
from gurita.runner.shell_bootstrap import MODULES, logs_environment, resource, shell_bootstrap

__all__ = [
    "PACKAGE",
    "Call",
    "Private",
    "Spec",
    "call_beside",
    "call_of",
    "files_beside",
    "files_of",
    "resource",
]

PACKAGE = "package"
"""The `interpreter` of a ticket that works with packages: this program itself (runner.conventions)."""


class Spec(NamedTuple):
    """The part of the work that may be seen. Times in seconds; a `timeout` of 0 is none."""

    interpreter: str
    arguments: List[str]
    timeout: float
    grace: float
    name: str
    workdir: Optional[str]
    fail_on_stderr: bool
    environment: Dict[str, str]

    @classmethod
    def read(cls, given: object) -> Spec:
        """From a request. Raises Refusal `bad-request` naming the member."""
        reader = Members("spec", given)
        interpreter = reader.text("interpreter", "bash")
        if interpreter not in _KNOWN:
            raise Refusal("bad-request", f"spec.interpreter must be one of {', '.join(_KNOWN)}.")
        workdir = reader.text("workdir", "")
        return cls(
            interpreter,
            reader.texts("arguments"),
            reader.seconds("timeout", 0),
            reader.seconds("grace", 10),
            reader.text("name", "The script"),
            os.path.expanduser(workdir) if workdir else None,
            bool(reader.member("fail_on_stderr", False)),
            reader.named_texts("environment"),
        )


class Private(NamedTuple):
    """The part of the work that must not be seen. `package` is the document of runner.package_work; `templates` are values as
    they were written, for work with packages, which evaluates them on this machine."""

    script: str
    variables: Dict[str, str]
    sensitive: List[str]
    masks: List[str]
    package: Optional[PackageWork] = None
    templates: Mapping[str, str] = MappingProxyType({})

    @classmethod
    def read(cls, payload: bytes) -> Private:
        """From a request's payload. Raises Refusal `bad-request`."""
        try:
            given = json.loads(payload.decode("utf-8"))
        except ValueError:
            raise Refusal("bad-request", "The payload of start must be JSON.") from None
        reader = Members("private", given)
        return cls(
            reader.text("script", ""),
            reader.named_texts("variables"),
            reader.texts("sensitive"),
            reader.texts("masks"),
            read_package_work(reader.member("package", None)) if reader.member("package", None) else None,
            reader.named_texts("templates"),
        )

    def secrets(self) -> List[str]:
        """Every value that must not show in the log."""
        wanted = {name.lower() for name in self.sensitive}
        return self.masks + [value for name, value in self.variables.items() if name.lower() in wanted]

    def __repr__(self) -> str:
        return "<Private>"


class Call(NamedTuple):
    """A program and its arguments; `problem` says why there is none."""

    path: str
    arguments: List[str]
    problem: str = ""


def files_of(spec: Spec, private: Private) -> Dict[str, bytes]:
    """The files of the private folder: the script with plain line endings, and what its bootstrap needs. Raises Refusal."""
    if spec.interpreter == PACKAGE:
        if private.package is None:
            raise Refusal("bad-request", "private.package is missing.")
        return {
            "work.json": json.dumps(private.package.as_json()).encode(),
            "variables.json": json.dumps(
                [private.variables, private.sensitive, dict(private.templates)]
            ).encode(),
        }
    text = private.script.replace("\r\n", "\n")
    text = text[1:] if text.startswith("\ufeff") else text
    script = text.encode("utf-8", "surrogatepass")
    beside = files_beside(spec.interpreter, text, private.variables, "")
    return {f"script.{_EXTENSIONS[spec.interpreter]}": script, **beside}


def files_beside(interpreter: str, script: str, variables: Dict[str, str], path: str) -> Dict[str, bytes]:
    """What the bootstrap of a script needs. `script` is its text; it stays at `path`, or lies beside when there is none.

    A name may have a folder before it.
    """
    modules = {
        f"{MODULES}/{name}": body.encode("utf-8", "surrogatepass")
        for name, body in modules_for(interpreter, variables).files.items()
    }
    if interpreter in _SHELLS:
        return {"bootstrap.sh": shell_bootstrap(interpreter, script, variables, path), **modules}
    name = "bootstrap.py" if interpreter == "python" else "bootstrap.ps1"
    return {
        name: resource(_BOOTSTRAPS[interpreter]),
        "variables.json": json.dumps(_told(interpreter, variables)).encode(),
        **modules,
    }


def _told(interpreter: str, variables: Dict[str, str]) -> Dict[str, object]:
    """What the helpers of Python and PowerShell read. PowerShell takes values in Base64: its reader of JSON makes dates of texts."""
    warnings = list(modules_for(interpreter, variables).warnings)
    told = variables
    if interpreter == "pwsh":
        told = {
            name: base64.b64encode(value.encode("utf-8", "replace")).decode()
            for name, value in variables.items()
        }
    return {"variables": told, "warnings": warnings, "environment": logs_environment(variables)}


def call_of(spec: Spec, place: str) -> Call:
    """What to execute for the files in the private folder `place`."""
    if spec.interpreter == PACKAGE:
        return Call(sys.executable, [sys.executable, *_itself(), "package", place])
    files = _CALLS[spec.interpreter][2]
    return _called(spec.interpreter, [os.path.join(place, file) for file in files], spec.arguments)


def call_beside(interpreter: str, place: str, path: str, arguments: Sequence[str]) -> Call:
    """What to execute for a script at `path` whose bootstrap lies in `place`."""
    bootstrap = os.path.join(place, _CALLS[interpreter][2][0])
    return _called(interpreter, [bootstrap] if interpreter in _SHELLS else [bootstrap, path], arguments)


def _called(interpreter: str, files: List[str], arguments: Sequence[str]) -> Call:
    names, before, _ = _CALLS[interpreter]
    path = next(filter(None, map(which, names)), "")
    if not path and interpreter == "python":
        path = sys.executable
    if not path:
        return Call(
            "", [], f"{names[0]} is not installed on this machine (looked for {', '.join(names)} in PATH)."
        )
    return Call(path, [path, *before, *files, *arguments])


def _itself() -> List[str]:
    """How this program is started again: from the shipped file, or as a module where it was started so."""
    archive = str(getattr(globals()["__loader__"], "archive", ""))
    shipped = archive.rfind(".pyz")
    return ["-IS", archive[: shipped + 4]] if shipped >= 0 else ["-m", "gurita.runner"]


_CALLS = {
    "sh": (["sh"], [], ["bootstrap.sh"]),
    "bash": (["bash"], [], ["bootstrap.sh"]),
    "python": (["python3", "python"], [], ["bootstrap.py", "script.py"]),
    "pwsh": (["pwsh"], ["-NoProfile", "-NonInteractive", "-File"], ["bootstrap.ps1", "script.ps1"]),
}
_KNOWN = (*sorted(_CALLS), PACKAGE)
_BOOTSTRAPS = {"python": "bootstraps/helpers.py", "pwsh": "bootstraps/powershell.ps1"}

_EXTENSIONS = {"sh": "sh", "bash": "sh", "python": "py", "pwsh": "ps1"}
_SHELLS = ("sh", "bash")
