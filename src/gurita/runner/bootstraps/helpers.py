"""Helpers for Python scripts; runs the script named by the first argument as `__main__`.

Not imported by the runner: copied into the ticket's private folder and run by the Python found on the target. Names and
effects: runtime formats, section 4.2.
"""

from __future__ import annotations

import base64
import getpass
import json
import os
import platform
import sys
import types
from typing import Dict, Optional


class _Variables(Dict[str, str]):
    """Variables by name; a name is found in any case. A missing one is an empty text."""

    def __init__(self, values: Dict[str, str]) -> None:
        super().__init__(values)
        self._folded = {name.lower(): value for name, value in values.items()}

    def __setitem__(self, name: str, value: str) -> None:
        super().__setitem__(name, value)
        self._folded[name.lower()] = value

    def __missing__(self, name: str) -> str:
        return self._folded.get(name.lower(), "")

    def __contains__(self, name: object) -> bool:
        return str(name).lower() in self._folded


def encode(value: object) -> str:
    return base64.b64encode(str(value).encode("utf-8", "surrogateescape")).decode("ascii")


def decode(value: str) -> str:
    return base64.b64decode(value).decode("utf-8")


def _message(_kind: str, **attributes: object) -> None:
    coded = "".join(f" {key}='{encode(value)}'" for key, value in attributes.items())
    sys.stdout.write(f"##octopus[{_kind}{coded}]\n")
    sys.stdout.flush()


def _level(level: str, text: object) -> None:
    sys.stdout.write(f"##octopus[stdout-{level}]\n{text}\n##octopus[stdout-default]\n")
    sys.stdout.flush()


def get_octopusvariable(key: str) -> str:
    return octopusvariables[key]


def set_octopusvariable(name: str, value: object, sensitive: bool = False) -> None:
    octopusvariables[name] = str(value)
    if sensitive:
        _message("setVariable", name=name, value=value, sensitive="True")
    else:
        _message("setVariable", name=name, value=value)


def createartifact(path: str, fileName: Optional[str] = None) -> None:
    path = os.path.abspath(path)
    name = fileName or os.path.basename(path)
    length = os.path.getsize(path) if os.path.isfile(path) else 0
    printverbose(f"Artifact {name} will be collected from {path} after this step completes")
    _message("createArtifact", path=path, name=name, length=length)


def updateprogress(progress: object, message: Optional[str] = None) -> None:
    _message("progress", percentage=progress, message=message or "")


def failstep(message: Optional[str] = None) -> None:
    if message is not None:
        _message("resultMessage", message=message)
    sys.exit(-1)


def printverbose(message: object) -> None:
    _level("verbose", message)


def printhighlight(message: object) -> None:
    _level("highlight", message)


def printwait(message: object) -> None:
    _level("wait", message)


def printwarning(message: object) -> None:
    _level("warning", message)


def set_environmentstate(key: str, value: object, sensitive: bool = False) -> None:
    if sensitive:
        _message("set-environmentstate", key=key, value=value, type="State", sensitive="True")
    else:
        _message("set-environmentstate", key=key, value=value, type="State")


def set_environmenturl(key: str, url: object) -> None:
    _message("set-environmentstate", key=key, value=url, type="Url")


def log_environment_information() -> None:
    try:
        user = getpass.getuser()
    except (KeyError, OSError):
        user = str(os.getuid())
    version = platform.python_version()
    printverbose(f"Python {version} as {user} on {platform.node()}, process {os.getpid()}, in {os.getcwd()}")


_PLACE = os.path.dirname(os.path.abspath(__file__))

with open(os.path.join(_PLACE, "variables.json"), encoding="utf-8") as _handle:
    _told = json.load(_handle)
octopusvariables = _Variables(_told["variables"])


def _run(path: str) -> None:
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="surrogateescape", line_buffering=True)
    if _told["environment"]:
        log_environment_information()
    for warning in _told["warnings"]:
        printwarning(warning)
    with open(path, "rb") as handle:
        code = compile(handle.read(), path, "exec", dont_inherit=True)
    module = types.ModuleType("__main__")
    module.__file__ = path
    for name, value in list(globals().items()):
        if not name.startswith("_") and name != "annotations":
            setattr(module, name, value)
    sys.argv = [path, *sys.argv[2:]]
    folder = os.path.dirname(os.path.abspath(path))
    sys.path[0] = os.getcwd() if folder == _PLACE else folder
    sys.path.insert(1, os.path.join(_PLACE, "modules"))
    sys.modules["__main__"] = module
    exec(code, module.__dict__)


_run(sys.argv[1])
