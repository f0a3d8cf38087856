"""Features of steps with packages: which are on, and which this server does not know.

A feature counts where it would do something: one that is switched on without anything to work on is let through.
"""

from __future__ import annotations

from collections.abc import Mapping

from gurita.formats.configuration.encodings import known_encoding
from gurita.runner.files_work import FilesWork
from gurita.steps.step_type import NotHere, StepContext, late_text

__all__ = ["FEATURES", "enabled", "files_work", "unbuilt"]

FEATURES = "Octopus.Action.EnabledFeatures"
_PREFIX = "octopus.features."
_PACKAGE = "Octopus.Action.Package."
_SUBSTITUTE = "Octopus.Action.SubstituteInFiles."
_JSON = _PACKAGE + "JsonConfigurationVariables"
_JSON_ONLY = "Octopus.Action.StructuredConfigurationFallbackFlag"
_HAS = {
    "customscripts",
    "customdirectory",
    "substituteinfiles",
    "jsonconfigurationvariables",
    "configurationtransforms",
    "configurationvariables",
}


def enabled(properties: Mapping[str, str]) -> set[str]:
    """The features of an action, in lower case and without their prefix. The list may begin with a comma."""
    listed = properties.get(FEATURES, "").split(",")
    return {each.strip().lower().removeprefix(_PREFIX) for each in listed if each.strip()}


def unbuilt(properties: Mapping[str, str]) -> list[str]:
    """What of an action's features this server cannot do, a sentence each."""
    return [
        f"{FEATURES} has '{each}', which this server does not know. Switch it off."
        for each in sorted(enabled(properties) - _HAS)
    ]


def files_work(context: StepContext) -> FilesWork:
    """What the action's features do with files, every text evaluated as far as the server can. Raises NotHere."""
    features = enabled(context.properties)
    transforms = "configurationtransforms" in features
    substitute = "substituteinfiles" in features or context.flag(_SUBSTITUTE + "Enabled")
    structured = "jsonconfigurationvariables" in features or context.flag(_JSON + "Enabled")
    settings = "configurationvariables" in features
    return FilesWork(
        substitute=_lines(context, _SUBSTITUTE + "TargetFiles") if substitute else [],
        output_encoding=_known_encoding(context) if substitute else "",
        warn_unmatched=context.flag(_SUBSTITUTE + "EnableNoMatchWarning", instead=True),
        transforms=transforms and context.flag(_PACKAGE + "AutomaticallyRunConfigurationTransformationFiles"),
        further_transforms=late_text(context, _PACKAGE + "AdditionalXmlConfigurationTransforms")
        if transforms
        else "",
        transform_errors_ignored=context.flag(_PACKAGE + "IgnoreConfigTransformationErrors"),
        transform_warnings_fail=context.flag(_PACKAGE + "TreatConfigTransformationWarningsAsErrors"),
        settings=settings and context.flag(_PACKAGE + "AutomaticallyUpdateAppSettingsAndConnectionStrings"),
        structured=_lines(context, _JSON + "Targets") if structured else [],
        json_only=context.flag(_JSON_ONLY),
        replacement_errors_ignored=context.flag(_PACKAGE + "IgnoreVariableReplacementErrors"),
    )


def _lines(context: StepContext, name: str) -> list[str]:
    return [line.strip() for line in late_text(context, name).splitlines() if line.strip()]


def _known_encoding(context: StepContext) -> str:
    name = context.text(_SUBSTITUTE + "OutputEncoding").strip()
    if name and known_encoding(name) is None:
        raise NotHere(
            f"{_SUBSTITUTE}OutputEncoding is '{name}', which is no encoding known here. Use utf-8, say."
        )
    return name
