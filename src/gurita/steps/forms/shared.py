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


def _with(feature: str) -> list[FormCondition]:
    return when(_FEATURE + feature) if feature else []


def _box(name: str, label: str, says: str, *, on: bool = False, of: str = "") -> FormField:
    """A box to tick; with `of`, one that is shown where that feature is on."""
    return FormField(
        name=name, label=label, help=says, kind="checkbox", default=str(on), shown_when=_with(of)
    )


def _lines(name: str, label: str, says: str, *, of: str, required: bool = False) -> FormField:
    """An entry a line, shown where the feature `of` is on."""
    return FormField(name=name, label=label, help=says, kind="lines", required=required, shown_when=_with(of))


STDERR = _box(
    "Octopus.Action.FailScriptOnErrorOutput",
    "Fail on error output",
    "Anything a script writes to stderr fails the action. Needs Python on the target.",
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
    _lines(
        _SUBSTITUTE + "TargetFiles",
        "Files to substitute in",
        "Patterns, one a line, relative to the package: `*` and `?` within a name, `**` across folders.",
        of="SubstituteInFiles",
        required=True,
    ),
    FormField(
        name=_SUBSTITUTE + "OutputEncoding",
        label="Encoding to write",
        help="As in .NET: `utf-8`, `utf-16`, `windows-1252`. Left empty, each file keeps its own.",
        shown_when=when(_FEATURE + "SubstituteInFiles"),
    ),
    _box(
        _SUBSTITUTE + "EnableNoMatchWarning",
        "Warn where a pattern fits no file",
        "A pattern without a file is a warning in the log.",
        on=True,
        of="SubstituteInFiles",
    ),
]

_STRUCTURED = [
    _feature(
        "JsonConfigurationVariables",
        "Structured configuration variables",
        "Variables named after a place in a JSON, YAML, XML or properties file replace what stands there.",
    ),
    _lines(
        _PACKAGE + "JsonConfigurationVariablesTargets",
        "Structured files",
        "Patterns, one a line. A variable `Db:Port` replaces `Port` within `Db`.",
        of="JsonConfigurationVariables",
        required=True,
    ),
    _box(
        "Octopus.Action.StructuredConfigurationFallbackFlag",
        "Read as JSON only",
        "Files are read as JSON whatever their ending says.",
        of="JsonConfigurationVariables",
    ),
]

_TRANSFORMS = [
    _feature(
        "ConfigurationTransforms",
        "Configuration transforms",
        "XDT files such as `Web.Release.config` are applied to the XML files of .NET beside them.",
    ),
    _box(
        _PACKAGE + "AutomaticallyRunConfigurationTransformationFiles",
        "Apply transforms of environment and tenant",
        "`X.Release.config`, then `X.<environment>.config` and `X.<tenant>.config` for every `X.config`.",
        of="ConfigurationTransforms",
    ),
    _lines(
        _PACKAGE + "AdditionalXmlConfigurationTransforms",
        "Further transforms",
        "One a line: `Web.Extra.config => Web.config`.",
        of="ConfigurationTransforms",
    ),
    _box(
        _PACKAGE + "IgnoreConfigTransformationErrors",
        "Go on after errors of transforms",
        "What fails in a transform is a warning, and the rest is applied.",
        of="ConfigurationTransforms",
    ),
    _box(
        _PACKAGE + "TreatConfigTransformationWarningsAsErrors",
        "Fail on warnings of transforms",
        "A warning, such as nothing to remove, fails the transform.",
        of="ConfigurationTransforms",
    ),
]

_SETTINGS = [
    _feature(
        "ConfigurationVariables",
        ".NET configuration variables",
        "Settings and connection strings in `*.config` that have the name of a variable take its value.",
    ),
    _box(
        _PACKAGE + "AutomaticallyUpdateAppSettingsAndConnectionStrings",
        "Replace settings and connection strings",
        "In `appSettings`, `connectionStrings` and `applicationSettings` of every `*.config`.",
        of="ConfigurationVariables",
    ),
    _box(
        _PACKAGE + "IgnoreVariableReplacementErrors",
        "Go on after files that cannot be read",
        "A file that substitution or structured variables cannot read is a warning instead of a failure.",
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
