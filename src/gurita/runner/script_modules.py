"""Script modules: functions a library keeps for scripts of many projects (runtime formats, section 4.3).

They come as variables, `Octopus.Script.Module[Name]` with the body and `Octopus.Script.Module.Language[Name]`, and become files
that scripts of the same language load by name.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Dict, Mapping, NamedTuple

__all__ = ["Modules", "module_name", "modules_for"]

_BODY = re.compile(r"octopus\.script\.module\[(.*)\]\Z", re.IGNORECASE | re.DOTALL)
_LANGUAGE = "octopus.script.module.language[{}]"
_INTERPRETERS = {"bash": "bash", "python": "python", "powershell": "pwsh"}
_EXTENSIONS = {"bash": ".sh", "python": ".py", "pwsh": ".ps1"}
_OTHERWISE = "powershell"


class Modules(NamedTuple):
    """Bodies by file name, and a sentence for each module that cannot be had."""

    files: Dict[str, str]
    warnings: "tuple[str, ...]"


def module_name(name: str) -> str:
    """What a module is loaded by: its name without blanks and signs, fit for `import`. Empty when nothing is left."""
    kept = "".join(each for each in unicodedata.normalize("NFKC", name) if ("_" + each).isidentifier())
    return kept if not kept or kept.isidentifier() else "_" + kept


def modules_for(interpreter: str, variables: Mapping[str, str]) -> Modules:
    """The modules a script of an interpreter may load. A module that names no language is PowerShell."""
    wanted = "bash" if interpreter == "sh" else interpreter
    folded = {name.lower(): value for name, value in variables.items()}
    files: Dict[str, str] = {}
    warnings = []
    for variable, body in variables.items():
        found = _BODY.match(variable)
        if not found:
            continue
        name = found.group(1)
        language = folded.get(_LANGUAGE.format(name.lower()), "").strip().lower() or _OTHERWISE
        if _INTERPRETERS.get(language) != wanted:
            continue
        file = module_name(name) + _EXTENSIONS[wanted]
        if file in files or not module_name(name):
            reason = f"another one is {file}" if file in files else "no letter or digit is in its name"
            warnings.append(f"The script module '{name}' was left out: {reason}.")
            continue
        files[file] = body.replace("\r\n", "\n")
    return Modules(files, tuple(warnings))
