"""The form of scripts."""

from __future__ import annotations

from gurita.steps.form import FormChoice, FormField, FormSection, StepForm
from gurita.steps.forms.shared import ATTEMPTS, FILES, FURTHER_PACKAGES, STDERR, when

__all__ = ["SCRIPT"]

_SCRIPT = "Octopus.Action.Script."
_SOURCE = _SCRIPT + "ScriptSource"
_SYNTAX = _SCRIPT + "Syntax"

SCRIPT = StepForm(
    name="Octopus.Script",
    title="Run a script",
    summary="Bash, Python or PowerShell, written here or out of a package.",
    category="Scripts",
    sections=[
        FormSection(
            name="script",
            title="Script",
            summary="What runs.",
            fields=[
                FormField(
                    name=_SOURCE,
                    label="Where the script is",
                    help="`Inline` is written here; `Package` is a file of a package. Scripts from Git are refused in the plan.",
                    kind="select",
                    default="Inline",
                    choices=[
                        FormChoice(value="Inline", title="Written here"),
                        FormChoice(value="Package", title="A file of a package"),
                    ],
                ),
                FormField(
                    name=_SYNTAX,
                    label="Language",
                    help="`Bash`, `Python`, or `PowerShell`, which needs `pwsh` on the target.",
                    kind="select",
                    default="Bash",
                    choices=[FormChoice(value=each, title=each) for each in ("Bash", "Python", "PowerShell")],
                    shown_when=when(_SOURCE, "Inline"),
                ),
                FormField(
                    name=_SCRIPT + "ScriptBody",
                    label="Script",
                    help="`#{…}` is replaced before it runs.",
                    kind="code",
                    required=True,
                    language_from=_SYNTAX,
                    shown_when=when(_SOURCE, "Inline"),
                ),
                FormField(
                    name="Octopus.Action.Package.PackageId",
                    label="Package",
                    help="The package the script is in: its feed and id. The id may be an expression.",
                    kind="package",
                    required=True,
                    shown_when=when(_SOURCE, "Package"),
                ),
                FormField(
                    name=_SCRIPT + "ScriptFileName",
                    label="File in the package",
                    help="The script's path within the package; its ending (`.sh`, `.py`, `.ps1`) says its language. It runs as it is, "
                    "unless the step substitutes in files.",
                    required=True,
                    shown_when=when(_SOURCE, "Package"),
                ),
                FormField(
                    name=_SCRIPT + "ScriptParameters",
                    label="Arguments",
                    help="Parted as a shell does, but no shell sees them. A reference in quotes is one argument.",
                ),
                STDERR,
                FormField(
                    name=_SCRIPT + "SuppressEnvironmentLogging",
                    label="No line on where the script runs",
                    help="Leaves out the verbose line on the machine and its shells. May also be a variable.",
                    kind="checkbox",
                    default="False",
                ),
            ],
        ),
        FURTHER_PACKAGES,
        FILES,
        ATTEMPTS,
    ],
)
