"""The file that runs before a shell script: helpers, variables, script modules, then the script itself.

Values stand in the file as quoted words, never in arguments or in the environment, which other users of the machine could see.
"""

from __future__ import annotations

import os
import re
import string
from typing import Dict, List

from gurita.runner.script_modules import modules_for

__all__ = ["MODULES", "logs_environment", "resource", "shell_bootstrap", "single_script"]

MODULES = "modules"
"""The folder with script modules, beside the bootstrap."""

_ACTION = "octopus.action.name"
_SUPPRESS = "octopus.action.script.suppressenvironmentlogging"
_ARRAY = "octopus_parameters"
_LOWER = str.maketrans(string.ascii_uppercase, string.ascii_lowercase)
_HERE = {"bash": "${BASH_SOURCE[0]%/*}", "sh": "${0%/*}"}


def resource(name: str) -> bytes:
    """A file that lies beside this module, from a folder or from the shipped file."""
    path = os.path.join(os.path.dirname(__file__), *name.split("/"))
    loader = globals()["__loader__"]
    return bytes(loader.get_data(path))


def logs_environment(variables: Dict[str, str]) -> bool:
    """Whether a script begins with a verbose line on where it runs: those of actions do, unless it is suppressed."""
    folded = {name.lower(): value for name, value in variables.items()}
    return _ACTION in folded and folded.get(_SUPPRESS, "").strip().lower() != "true"


def shell_bootstrap(interpreter: str, script: str, variables: Dict[str, str], path: str) -> bytes:
    """For `bash` or `sh`. The script, whose text is `script`, lies at `path`, or is `script.sh` beside the bootstrap."""
    here = _HERE[interpreter]
    lines = _before(interpreter, script, variables, here)
    lines.append(f". {_quoted(path)}" if path else f'. "{here}/script.sh"')
    return _bytes(lines)


def single_script(interpreter: str, script: str, variables: Dict[str, str]) -> str:
    """All in one text, for hosts that take nothing but a script: it writes its modules into its own folder first."""
    here = "${0%/*}"
    modules = modules_for(interpreter, variables).files
    lines = [f'mkdir -p "{here}/{MODULES}"'] if modules else []
    for file, body in modules.items():
        lines.append(f"printf '%s' {_quoted(body)} >\"{here}/{MODULES}/{file}\"")
    lines += _before(interpreter, script, variables, here)
    return _bytes(lines).decode("utf-8", "surrogatepass") + script


def _before(interpreter: str, script: str, variables: Dict[str, str], here: str) -> List[str]:
    lines = [resource("bootstraps/helpers.sh").decode()]
    if interpreter == "bash":
        lines.append(resource("bootstraps/bash.sh").decode())
        lines += _lookup_bash(variables)
    else:
        lines += _lookup_sh(variables)
    modules = modules_for(interpreter, variables)
    texts = [script, *modules.files.values()]
    if interpreter == "bash" and any(_ARRAY in text for text in texts):
        lines += _array(variables)
    if logs_environment(variables):
        lines.append("log_environment_information")
    lines += [f"write_warning {_quoted(warning)}" for warning in modules.warnings]
    if modules.files:
        lines.append(f'PATH="{here}/{MODULES}:$PATH"')
    lines += [f'. "{here}/{MODULES}/{file}"' for file in modules.files if not _loads(script, file)]
    return lines


def _loads(script: str, file: str) -> bool:
    """Whether the script loads a module itself, by its file name."""
    return re.search(rf"(?<!\w){re.escape(file)}", script) is not None


def _lookup_bash(variables: Dict[str, str]) -> List[str]:
    lines = [
        "get_octopusvariable() {",
        "  local _value= _nocase",
        "  _nocase=$(shopt -p nocasematch) || :",
        "  shopt -s nocasematch",
        '  case "${1-}" in',
    ]
    lines += [f"    {_quoted(name)}) _value={_quoted(value)} ;;" for name, value in variables.items()]
    return [*lines, "  esac", '  eval "$_nocase"', "  printf '%s' \"$_value\"", "}"]


def _lookup_sh(variables: Dict[str, str]) -> List[str]:
    lines = [
        "get_octopusvariable() {",
        "  local _value=",
        '  case "$(printf \'%s\' "${1-}" | tr ABCDEFGHIJKLMNOPQRSTUVWXYZ abcdefghijklmnopqrstuvwxyz)" in',
    ]
    for name, value in variables.items():
        lines.append(f"    {_quoted(name.translate(_LOWER))}) _value={_quoted(value)} ;;")
    return [*lines, "  esac", "  printf '%s' \"$_value\"", "}"]


def _array(variables: Dict[str, str]) -> List[str]:
    lines = [
        "if [ $((BASH_VERSINFO[0] * 100 + BASH_VERSINFO[1])) -ge 402 ]; then",
        "  declare -A octopus_parameters",
    ]
    for name, value in variables.items():
        if name:
            lines.append(f"  octopus_parameters[{_quoted(name)}]={_quoted(value)}")
    return [
        *lines,
        "else",
        '  write_warning "octopus_parameters needs Bash 4.2; this is Bash $BASH_VERSION"',
        "fi",
    ]


def _quoted(text: str) -> str:
    """One word of a shell, whatever is in it; a shell knows no NUL."""
    return "'" + text.replace("\0", "").replace("'", "'\\''") + "'"


def _bytes(lines: List[str]) -> bytes:
    return ("\n".join(lines) + "\n").encode("utf-8", "surrogatepass")
