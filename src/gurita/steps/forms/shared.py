"""Sections that several step types have."""

from __future__ import annotations

from gurita.steps.form import FormChoice, FormCondition, FormField, FormSection

__all__ = ["ATTEMPTS", "FILES", "FURTHER_PACKAGES", "STDERR", "when"]

_PACKAGE = "Octopus.Action.Package."
_SUBSTITUTE = "Octopus.Action.SubstituteInFiles."
_FEATURE = "Octopus.Features."


def when(name: str, *values: str) -> list[FormCondition]:
    """Shown if another field has one of these values; True if none is given."""
    return [FormCondition(name=name, values=list(values) or ["True"])]


def _feature(name: str, label: str, says: str) -> FormField:
    return FormField(name=_FEATURE + name, label=label, help=says, kind="feature")


STDERR = FormField(
    name="Octopus.Action.FailScriptOnErrorOutput",
    label="Fail on error output",
    help="Anything a script writes to stderr fails the action. Needs Python on the target.",
    kind="checkbox",
    default="False",
)

FURTHER_PACKAGES = FormSection(
    name="packages",
    title="Further packages",
    summary="Put beside the script or the primary package.",
    fields=[
        FormField(
            name="Packages",
            label="Packages by name",
            help="Put where the step runs, before it does: extracted, or as files. A script finds them by "
            "`Octopus.Action.Package[name].ExtractedPath` or `.PackageFilePath`.",
            kind="packages",
        )
    ],
)

_SUBSTITUTION = [
    _feature(
        "SubstituteInFiles",
        "Substitute variables in files",
        "Replaces `#{…}` in files of the package before its Deploy script runs.",
    ),
    FormField(
        name=_SUBSTITUTE + "TargetFiles",
        label="Files to substitute in",
        help="Patterns, one a line, relative to the package: `*` and `?` within a name, `**` across folders.",
        kind="lines",
        required=True,
        shown_when=when(_FEATURE + "SubstituteInFiles"),
    ),
    FormField(
        name=_SUBSTITUTE + "OutputEncoding",
        label="Encoding to write",
        help="As in .NET: `utf-8`, `utf-16`, `windows-1252`. Left empty, each file keeps its own.",
        shown_when=when(_FEATURE + "SubstituteInFiles"),
    ),
    FormField(
        name=_SUBSTITUTE + "EnableNoMatchWarning",
        label="Warn where a pattern fits no file",
        help="A pattern without a file is a warning in the log.",
        kind="checkbox",
        default="True",
        shown_when=when(_FEATURE + "SubstituteInFiles"),
    ),
]

_STRUCTURED = [
    _feature(
        "JsonConfigurationVariables",
        "Structured configuration variables",
        "Variables named after a place in a JSON, YAML, XML or properties file replace what stands there.",
    ),
    FormField(
        name=_PACKAGE + "JsonConfigurationVariablesTargets",
        label="Structured files",
        help="Patterns, one a line. A variable `Db:Port` replaces `Port` within `Db`.",
        kind="lines",
        required=True,
        shown_when=when(_FEATURE + "JsonConfigurationVariables"),
    ),
    FormField(
        name="Octopus.Action.StructuredConfigurationFallbackFlag",
        label="Read as JSON only",
        help="Files are read as JSON whatever their ending says.",
        kind="checkbox",
        default="False",
        shown_when=when(_FEATURE + "JsonConfigurationVariables"),
    ),
]

_TRANSFORMS = [
    _feature(
        "ConfigurationTransforms",
        "Configuration transforms",
        "XDT files such as `Web.Release.config` are applied to the XML files of .NET beside them.",
    ),
    FormField(
        name=_PACKAGE + "AutomaticallyRunConfigurationTransformationFiles",
        label="Apply transforms of environment and tenant",
        help="`X.Release.config`, then `X.<environment>.config` and `X.<tenant>.config` for every `X.config`.",
        kind="checkbox",
        default="False",
        shown_when=when(_FEATURE + "ConfigurationTransforms"),
    ),
    FormField(
        name=_PACKAGE + "AdditionalXmlConfigurationTransforms",
        label="Further transforms",
        help="One a line: `Web.Extra.config => Web.config`.",
        kind="lines",
        shown_when=when(_FEATURE + "ConfigurationTransforms"),
    ),
    FormField(
        name=_PACKAGE + "IgnoreConfigTransformationErrors",
        label="Go on after errors of transforms",
        help="What fails in a transform is a warning, and the rest is applied.",
        kind="checkbox",
        default="False",
        shown_when=when(_FEATURE + "ConfigurationTransforms"),
    ),
    FormField(
        name=_PACKAGE + "TreatConfigTransformationWarningsAsErrors",
        label="Fail on warnings of transforms",
        help="A warning, such as nothing to remove, fails the transform.",
        kind="checkbox",
        default="False",
        shown_when=when(_FEATURE + "ConfigurationTransforms"),
    ),
]

_SETTINGS = [
    _feature(
        "ConfigurationVariables",
        ".NET configuration variables",
        "Settings and connection strings in `*.config` that have the name of a variable take its value.",
    ),
    FormField(
        name=_PACKAGE + "AutomaticallyUpdateAppSettingsAndConnectionStrings",
        label="Replace settings and connection strings",
        help="In `appSettings`, `connectionStrings` and `applicationSettings` of every `*.config`.",
        kind="checkbox",
        default="False",
        shown_when=when(_FEATURE + "ConfigurationVariables"),
    ),
    FormField(
        name=_PACKAGE + "IgnoreVariableReplacementErrors",
        label="Go on after files that cannot be read",
        help="A file that substitution or structured variables cannot read is a warning instead of a failure.",
        kind="checkbox",
        default="False",
    ),
]

FILES = FormSection(
    name="files",
    title="Configuration files",
    summary="What differs between environments is put into files on the target.",
    fields=[*_SUBSTITUTION, *_STRUCTURED, *_TRANSFORMS, *_SETTINGS],
)

ATTEMPTS = FormSection(
    name="attempts",
    title="Retries and time limit",
    summary="What happens when the action fails or takes too long.",
    fields=[
        FormField(
            name="Octopus.Action.AutoRetry.MaximumCount",
            label="Retries",
            help="How many further attempts follow a failure, 3 at most.",
            kind="select",
            default="0",
            choices=[
                FormChoice(value=value, title=title)
                for value, title in (("0", "None"), ("1", "1"), ("2", "2"), ("3", "3"))
            ],
        ),
        FormField(
            name="Octopus.Action.AutoRetry.MinimumBackoff",
            label="Seconds between attempts",
            help="How long to wait before each further attempt.",
            kind="number",
            default="0",
            most=86_400,
            shown_when=when("Octopus.Action.AutoRetry.MaximumCount", "1", "2", "3"),
        ),
        FormField(
            name="Octopus.Action.ExecutionTimeout.Minutes",
            label="Time limit in minutes",
            help="The action is asked to end after so long, and then made to. 0 is no limit.",
            kind="number",
            default="0",
            most=60 * 24 * 30,
        ),
    ],
)
