"""The forms of the two step types that bring a package to a target."""

from __future__ import annotations

from gurita.runner.package_work import STAGES
from gurita.steps.form import FormChoice, FormField, FormSection, StepForm
from gurita.steps.forms.shared import ATTEMPTS, FILES, FURTHER_PACKAGES, STDERR, when

__all__ = ["DEPLOY", "TRANSFER"]

_PACKAGE = "Octopus.Action.Package."
_DIRECTORY = _PACKAGE + "CustomInstallationDirectory"
_CUSTOM = "Octopus.Features.CustomDirectory"
_SCRIPTS = "Octopus.Features.CustomScripts"

_PRIMARY = FormField(
    name=_PACKAGE + "PackageId",
    label="Package",
    help="The primary package: its feed, its id, and where it is fetched. The same as the reference without a name in `Packages`, "
    "which wins. The id may be an expression.",
    kind="package",
    required=True,
)

_WHEN = {
    "PreDeploy": "before files are changed",
    "Deploy": "once files are in place",
    "PostDeploy": "after the deploy scripts",
    "DeployFailed": "if something before it failed",
}


def _stage(name: str) -> FormField:
    return FormField(
        name=f"Octopus.Action.CustomScripts.{name}",
        label=f"{name} script",
        help=f"Runs on the target {_WHEN[name]}, with `#{{…}}` replaced. PowerShell needs `pwsh` there.",
        kind="stage",
        choices=[
            FormChoice(value=value, title=title)
            for value, title in (("sh", "Bash"), ("py", "Python"), ("ps1", "PowerShell"))
        ],
        shown_when=when(_SCRIPTS),
    )


_INSTALLATION = FormSection(
    name="installation",
    title="Installation",
    summary="Where the package is put, and when that is left out.",
    fields=[
        FormField(
            name=_PACKAGE + "SkipIfAlreadyInstalled",
            label="Skip if already installed",
            help="Nothing happens if the target's journal says that this very installation was the last and went well. A deployment's "
            "`ForcePackageRedeployment` overrules it. Left out, the project's `DefaultToSkipIfAlreadyInstalled` counts.",
            kind="checkbox",
            default="False",
        ),
        FormField(
            name=_CUSTOM,
            label="Custom folder",
            help="The package is also copied to a folder that stays the same.",
            kind="feature",
        ),
        FormField(
            name=_DIRECTORY,
            label="Path of the custom folder",
            help="Evaluated for each target; names beginning `Octopus.` that only the target knows are put in there.",
            required=True,
            shown_when=when(_CUSTOM),
        ),
        FormField(
            name=_DIRECTORY + "ShouldBePurgedBeforeDeployment",
            label="Empty the folder before",
            help="Removes what is in the custom folder first.",
            kind="checkbox",
            default="False",
            shown_when=when(_CUSTOM),
        ),
        FormField(
            name=_DIRECTORY + "PurgeExclusions",
            label="Keep when emptying",
            help="Patterns, one a line, of what stays in the folder.",
            kind="lines",
            shown_when=[*when(_CUSTOM), *when(_DIRECTORY + "ShouldBePurgedBeforeDeployment")],
        ),
    ],
)

_STAGES = FormSection(
    name="scripts",
    title="Scripts",
    summary="Scripts of the package and of the step.",
    fields=[
        FormField(
            name=_PACKAGE + "RunScripts",
            label="Run the package's own scripts",
            help="PreDeploy, Deploy, PostDeploy and DeployFailed scripts found in the package.",
            kind="checkbox",
            default="True",
        ),
        FormField(
            name="OctopusDeleteScriptsOnCleanup",
            label="Remove the package's scripts afterwards",
            help="Off, the package's scripts stay where they ran.",
            kind="checkbox",
            default="True",
        ),
        STDERR,
        FormField(
            name=_SCRIPTS,
            label="Scripts of this step",
            help="Scripts written here, run beside those of the package.",
            kind="feature",
        ),
        *(_stage(each) for each in STAGES),
    ],
)

DEPLOY = StepForm(
    name="Octopus.TentaclePackage",
    title="Deploy a package",
    summary="Unpacks a package on every target, runs its scripts, and keeps a journal.",
    category="Packages",
    has_primary_package=True,
    sections=[
        FormSection(name="package", title="Package", summary="What is deployed.", fields=[_PRIMARY]),
        _INSTALLATION,
        FILES,
        _STAGES,
        FURTHER_PACKAGES,
        ATTEMPTS,
    ],
)

TRANSFER = StepForm(
    name="Octopus.TransferPackage",
    title="Transfer a package",
    summary="Puts a package on every target as a file, unopened.",
    category="Packages",
    has_primary_package=True,
    sections=[
        FormSection(
            name="package",
            title="Package",
            summary="What is transferred, and where to.",
            fields=[
                _PRIMARY,
                FormField(
                    name=_PACKAGE + "TransferPath",
                    label="Folder on the target",
                    help="The folder the file goes to, evaluated for each target; a name without a value fails the action.",
                    required=True,
                ),
            ],
        ),
        ATTEMPTS,
    ],
)
