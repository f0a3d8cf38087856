"""Run a script (`Octopus.Script`): Bash or Python, PowerShell where the target has `pwsh`; written in the step or out of a
package (docs/steps/script.md)."""

from __future__ import annotations

from collections.abc import Mapping

from gurita.formats.variables import VariableError
from gurita.runner.package_work import PackageWork, RunScript
from gurita.steps.arguments import words_of
from gurita.steps.features import files_work, unbuilt
from gurita.steps.package import chosen, references
from gurita.steps.step_type import NotHere, PackagedWork, ScriptWork, StepContext

__all__ = ["INTERPRETERS", "Script"]

_BODY = "Octopus.Action.Script.ScriptBody"
_SYNTAX = "Octopus.Action.Script.Syntax"
_SOURCE = "Octopus.Action.Script.ScriptSource"
_FILE = "Octopus.Action.Script.ScriptFileName"
_PARAMETERS = "Octopus.Action.Script.ScriptParameters"
_FAIL_ON_STDERR = "Octopus.Action.FailScriptOnErrorOutput"

_SUFFIXES = {"sh": "bash", "bash": "bash", "py": "python", "ps1": "pwsh"}

INTERPRETERS = {"bash": "bash", "python": "python", "powershell": "pwsh"}
"""Syntax in lower case, and the interpreter the runner is asked for."""


class Script:
    """A script written in the step, with `#{…}` replaced before it runs, or one of a package as it is there."""

    name = "Octopus.Script"
    server_only = False
    idempotent = False

    def needs_python(self, properties: Mapping[str, str]) -> bool:
        """Python itself does, scripts of packages do, and whoever must tell the two streams of a script apart."""
        syntax, strict = properties.get(_SYNTAX, ""), properties.get(_FAIL_ON_STDERR, "")
        return syntax.strip().lower() == "python" or _is_true(strict) or _source(properties) == "package"

    def check(self, properties: Mapping[str, str]) -> list[str]:
        """Source, syntax, body or file."""
        found = unbuilt(properties)
        source = _source(properties)
        if source == "package":
            return found + chosen(properties) + _file_problems(properties.get(_FILE, ""))
        if source != "inline":
            found.append(
                f"{_SOURCE} is '{properties[_SOURCE]}'. This server runs scripts written in the step and scripts of packages; "
                "use Inline or Package."
            )
            return found
        syntax = properties.get(_SYNTAX, "")
        if syntax and syntax.lower() not in INTERPRETERS and "#{" not in syntax:
            found.append(f"{_SYNTAX} is '{syntax}'. Use Bash, Python or PowerShell.")
        if not properties.get(_BODY, "").strip():
            found.append(f"{_BODY} is empty. Write the script the step is to run.")
        return found

    def work(self, context: StepContext) -> ScriptWork | PackagedWork:
        """The evaluated script and its arguments; with packages, what the target must put in place before."""
        strict = _is_true(_text(context, _FAIL_ON_STDERR))
        if strict and not context.has_runner:
            raise NotHere(
                f"{_FAIL_ON_STDERR} needs Python 3.8 or newer on the target, and this one has none."
            )
        arguments, warnings = _arguments(context)
        if _source(context.properties) == "package":
            return _with_packages(context, _script_of_package(context, arguments), strict, warnings)
        interpreter = _interpreter(context)
        body = context.variables.evaluate(context.properties.get(_BODY, ""))
        warnings += context.warnings(body.complaint)
        if any(each.brought for each in context.packages):
            script = RunScript(_full(interpreter), body.text, arguments=list(arguments))
            return _with_packages(context, script, strict, warnings)
        return ScriptWork(interpreter, body.text, arguments, strict, warnings)


def _source(properties: Mapping[str, str]) -> str:
    return (properties.get(_SOURCE) or "Inline").strip().lower()


def _file_problems(file: str) -> list[str]:
    if not file.strip():
        return [f"{_FILE} is empty. Name the script within the package."]
    suffix = file.strip().rpartition(".")[2].lower()
    if "#{" not in file and suffix not in _SUFFIXES:
        return [f"{_FILE} is '{file.strip()}'. Use a script that ends in .sh, .py or .ps1."]
    return []


def _script_of_package(context: StepContext, arguments: tuple[str, ...]) -> RunScript:
    """A file of the primary package. Its ending says which interpreter it needs."""
    file = _text(context, _FILE).strip()
    if problems := _file_problems(file):
        raise NotHere(problems[0])
    primary = context.primary
    if primary is None or primary.brought is None:
        raise NotHere(f"{context.action} has no package with its script. Choose one in the step.")
    interpreter = _present(_SUFFIXES[file.rpartition(".")[2].lower()], context)
    return RunScript(_full(interpreter), file=file, arguments=list(arguments))


def _with_packages(
    context: StepContext, script: RunScript, strict: bool, warnings: tuple[str, ...] = ()
) -> PackagedWork:
    if not context.has_runner:
        raise NotHere("Packages need Python 3.8 or newer on the target, and this one has none.")
    primary = context.primary
    document = PackageWork(
        kind="script",
        package=primary.brought if primary else None,
        references=references(context),
        environment=context.environment,
        tenant=context.tenant,
        installed_as=context.installed_as,
        script=script,
        fail_on_stderr=strict,
        files=files_work(context),
    )
    return PackagedWork(document, warnings)


def _full(interpreter: str) -> str:
    """Beside packages no plain sh stands in for Bash: their scripts are not written for this server."""
    return "bash" if interpreter == "sh" else interpreter


def _interpreter(context: StepContext) -> str:
    syntax = _text(context, _SYNTAX) or "Bash"
    interpreter = INTERPRETERS.get(syntax.strip().lower())
    if interpreter is None:
        raise NotHere(f"{_SYNTAX} is '{syntax}'. Use Bash, Python or PowerShell.")
    return _present(interpreter, context)


def _is_true(text: str) -> bool:
    return text.strip().lower() == "true"


def _text(context: StepContext, name: str) -> str:
    return context.variables.evaluate(context.properties.get(name, "")).text


def _arguments(context: StepContext) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The script's arguments, and warnings about references in them."""
    try:
        words, complaint = words_of(context.properties.get(_PARAMETERS, ""), context.variables)
    except VariableError:
        raise
    except ValueError as error:
        raise NotHere(f"{_PARAMETERS} cannot be read: {error}. Close every quote.") from error
    if any("\0" in word for word in words):
        raise NotHere(f"{_PARAMETERS} holds a NUL character, which no program can be given.")
    return words, context.warnings(complaint)


def _present(interpreter: str, context: StepContext) -> str:
    """The interpreter, if the target has it. Without Bash a plain sh runs what was written for Bash."""
    names = {"python": "python3"}
    if names.get(interpreter, interpreter) in context.shells:
        return interpreter
    if interpreter == "bash":
        return "sh"
    what = {"python": "Python 3.8 or newer", "pwsh": "PowerShell (pwsh)"}[interpreter]
    raise NotHere(f"This target has no {what}. Install it there, or write the step for Bash.")
