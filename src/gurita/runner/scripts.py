"""How a script is laid out in the private folder and called: bootstrap, variables, arguments."""

from __future__ import annotations

import json
import os
import sys
from typing import Any, Callable, Dict, List, Mapping, NamedTuple, Optional, Sequence

from gurita.runner.host import which
from gurita.runner.refusals import Refusal

__all__ = ["Call", "Private", "Spec", "call_of", "files_of", "resource"]


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
        reader = _Reader("spec", given)
        interpreter = reader.text("interpreter", "bash")
        if interpreter not in _CALLS:
            raise Refusal("bad-request", f"spec.interpreter must be one of {', '.join(sorted(_CALLS))}.")
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
    """The part of the work that must not be seen."""

    script: str
    variables: Dict[str, str]
    sensitive: List[str]
    masks: List[str]

    @classmethod
    def read(cls, payload: bytes) -> Private:
        """From a request's payload. Raises Refusal `bad-request`."""
        try:
            given = json.loads(payload.decode("utf-8"))
        except ValueError:
            raise Refusal("bad-request", "The payload of start must be JSON.") from None
        reader = _Reader("private", given)
        return cls(
            reader.text("script", ""),
            reader.named_texts("variables"),
            reader.texts("sensitive"),
            reader.texts("masks"),
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


class _Reader:
    def __init__(self, where: str, given: object) -> None:
        if not isinstance(given, Mapping):
            raise Refusal("bad-request", f"{where} must be an object.")
        self._where = where
        self._given: Mapping[str, Any] = given

    def member(self, name: str, otherwise: object) -> Any:
        found = self._given.get(name)
        return otherwise if found is None else found

    def _checked(self, name: str, otherwise: object, what: str, fits: Callable[[Any], bool]) -> Any:
        found = self.member(name, otherwise)
        if not fits(found):
            raise Refusal("bad-request", f"{self._where}.{name} must be {what}.")
        return found

    def text(self, name: str, otherwise: str) -> str:
        return str(self._checked(name, otherwise, "a text", lambda value: isinstance(value, str)))

    def texts(self, name: str) -> List[str]:
        return list(self._checked(name, [], "a list of texts", lambda value: _are_texts(value, list)))

    def named_texts(self, name: str) -> Dict[str, str]:
        fits = lambda value: _are_texts(value, dict) and _are_texts(list(value.values()), list)  # noqa: E731
        return dict(self._checked(name, {}, "an object of texts", fits))

    def seconds(self, name: str, otherwise: float) -> float:
        fits = lambda value: isinstance(value, (int, float)) and 0 <= value < 1e8  # noqa: E731
        return float(self._checked(name, otherwise, "a number of seconds, not below 0", fits))


def _are_texts(value: object, kind: type) -> bool:
    return isinstance(value, kind) and all(
        isinstance(item, str) and "\0" not in item for item in _items(value)
    )


def _items(value: Any) -> Sequence[object]:
    return list(value)


def resource(name: str) -> bytes:
    """A file that lies beside this module, from a folder or from the shipped file."""
    path = os.path.join(os.path.dirname(__file__), *name.split("/"))
    loader = globals()["__loader__"]
    return bytes(loader.get_data(path))


def files_of(spec: Spec, private: Private) -> Dict[str, bytes]:
    """The files of the private folder: the script with plain line endings, and what its bootstrap needs."""
    script = private.script.replace("\r\n", "\n").encode("utf-8", "surrogatepass")
    if spec.interpreter == "sh":
        return {"script.sh": script}
    if spec.interpreter == "bash":
        return {"script.sh": script, "bootstrap.sh": _bash(private)}
    variables = json.dumps(private.variables).encode()
    if spec.interpreter == "python":
        return {
            "script.py": script,
            "bootstrap.py": resource("bootstraps/helpers.py"),
            "variables.json": variables,
        }
    return {
        "script.ps1": script,
        "bootstrap.ps1": resource("bootstraps/powershell.ps1"),
        "variables.json": variables,
    }


def call_of(spec: Spec, place: str) -> Call:
    """What to execute for the files in the private folder `place`."""
    names, before, files = _CALLS[spec.interpreter]
    path = next(filter(None, map(which, names)), "")
    if not path and spec.interpreter == "python":
        path = sys.executable
    if not path:
        return Call(
            "", [], f"{names[0]} is not installed on this machine (looked for {', '.join(names)} in PATH)."
        )
    return Call(path, [path, *before, *(os.path.join(place, file) for file in files), *spec.arguments])


_CALLS = {
    "sh": (["sh"], [], ["script.sh"]),
    "bash": (["bash"], [], ["bootstrap.sh"]),
    "python": (["python3", "python"], [], ["bootstrap.py", "script.py"]),
    "pwsh": (["pwsh"], ["-NoProfile", "-NonInteractive", "-File"], ["bootstrap.ps1", "script.ps1"]),
}


def _bash(private: Private) -> bytes:
    lines = [
        resource("bootstraps/bash.sh").decode(),
        "get_octopusvariable() {",
        "  local _value=",
        "  local _nocase",
    ]
    lines += ["  _nocase=$(shopt -p nocasematch) || :", "  shopt -s nocasematch", '  case "${1-}" in']
    for name, value in private.variables.items():
        lines.append(f"    {_quoted(name)}) _value={_quoted(value)} ;;")
    lines += ["  esac", '  eval "$_nocase"', "  printf '%s' \"$_value\"", "}"]
    if "octopus_parameters" in private.script:
        lines.append(
            "if ((BASH_VERSINFO[0] * 100 + BASH_VERSINFO[1] >= 402)); then declare -A octopus_parameters"
        )
        for name, value in private.variables.items():
            if name:
                lines.append(f"  octopus_parameters[{_quoted(name)}]={_quoted(value)}")
        lines.append("fi")
    lines.append('. "${BASH_SOURCE[0]%/*}/script.sh"')
    return ("\n".join(lines) + "\n").encode("utf-8", "surrogatepass")


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "'\\''") + "'"
