"""Run a script (`Octopus.Script`): Bash or Python, PowerShell where the target has `pwsh` (docs/steps/script.md)."""

from __future__ import annotations

import shlex
from collections.abc import Mapping

from gurita.steps.step_type import NotHere, ScriptWork, StepContext

__all__ = ["INTERPRETERS", "Script"]

_BODY = "Octopus.Action.Script.ScriptBody"
_SYNTAX = "Octopus.Action.Script.Syntax"
_SOURCE = "Octopus.Action.Script.ScriptSource"
_PARAMETERS = "Octopus.Action.Script.ScriptParameters"
_FAIL_ON_STDERR = "Octopus.Action.FailScriptOnErrorOutput"

INTERPRETERS = {"bash": "bash", "python": "python", "powershell": "pwsh"}
"""Syntax in lower case, and the interpreter the runner is asked for."""


class Script:
    """An inline script, with `#{…}` replaced before it runs."""

    name = "Octopus.Script"
    server_only = False
    idempotent = False

    def needs_python(self, properties: Mapping[str, str]) -> bool:
        """Python itself does, and whoever must tell the two streams of a script apart."""
        syntax, strict = properties.get(_SYNTAX, ""), properties.get(_FAIL_ON_STDERR, "")
        return syntax.strip().lower() == "python" or _is_true(strict)

    def check(self, properties: Mapping[str, str]) -> list[str]:
        """Source, syntax and body."""
        found = []
        source = properties.get(_SOURCE, "Inline") or "Inline"
        if source.lower() != "inline":
            found.append(
                f"{_SOURCE} is '{source}'. This server runs inline scripts only; paste the script into the step."
            )
        syntax = properties.get(_SYNTAX, "")
        if syntax and syntax.lower() not in INTERPRETERS and "#{" not in syntax:
            found.append(f"{_SYNTAX} is '{syntax}'. Use Bash, Python or PowerShell.")
        if source.lower() == "inline" and not properties.get(_BODY, "").strip():
            found.append(f"{_BODY} is empty. Write the script the step is to run.")
        return found

    def work(self, context: StepContext) -> ScriptWork:
        """The evaluated script and its arguments."""
        syntax = _text(context, _SYNTAX) or "Bash"
        interpreter = INTERPRETERS.get(syntax.strip().lower())
        if interpreter is None:
            raise NotHere(f"{_SYNTAX} is '{syntax}'. Use Bash, Python or PowerShell.")
        interpreter = _present(interpreter, context)
        strict = _is_true(_text(context, _FAIL_ON_STDERR))
        if strict and not context.has_runner:
            raise NotHere(
                f"{_FAIL_ON_STDERR} needs Python 3.8 or newer on the target, and this one has none."
            )
        body = context.variables.evaluate(context.properties.get(_BODY, ""))
        warnings = (f"{body.complaint}.",) if body.complaint else ()
        return ScriptWork(
            interpreter,
            body.text,
            _arguments(_text(context, _PARAMETERS)),
            strict,
            tuple(warning.replace("..", ".") for warning in warnings),
        )


def _is_true(text: str) -> bool:
    return text.strip().lower() == "true"


def _text(context: StepContext, name: str) -> str:
    return context.variables.evaluate(context.properties.get(name, "")).text


def _arguments(text: str) -> tuple[str, ...]:
    """Words as a POSIX shell parts them."""
    try:
        return tuple(shlex.split(text))
    except ValueError as error:
        raise NotHere(f"{_PARAMETERS} cannot be read: {error}. Close every quote.") from error


def _present(interpreter: str, context: StepContext) -> str:
    """The interpreter, if the target has it. Without Bash a plain sh runs what was written for Bash."""
    names = {"python": "python3"}
    if names.get(interpreter, interpreter) in context.shells:
        return interpreter
    if interpreter == "bash":
        return "sh"
    what = {"python": "Python 3.8 or newer", "pwsh": "PowerShell (pwsh)"}[interpreter]
    raise NotHere(f"This target has no {what}. Install it there, or write the step for Bash.")
