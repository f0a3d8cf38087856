"""Features of package steps this server does not have yet: named in the plan, so that none is left out in silence.

A feature counts where it would do something: one that is switched on without anything to work on is let through.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

__all__ = ["FEATURES", "enabled", "unbuilt"]

FEATURES = "Octopus.Action.EnabledFeatures"
_PREFIX = "octopus.features."
_PACKAGE = "Octopus.Action.Package."
_TARGETS = "Octopus.Action.SubstituteInFiles.TargetFiles"
_JSON = _PACKAGE + "JsonConfigurationVariables"

Properties = Mapping[str, str]


def enabled(properties: Properties) -> set[str]:
    """The features of an action, in lower case and without their prefix. The list may begin with a comma."""
    listed = properties.get(FEATURES, "").split(",")
    return {each.strip().lower().removeprefix(_PREFIX) for each in listed if each.strip()}


def _on(properties: Properties, name: str) -> bool:
    """Whether a switch is on, or only a deployment can tell."""
    said = properties.get(name, "").strip().lower()
    return said == "true" or "#{" in said


def _substitutes(properties: Properties, features: set[str]) -> bool:
    on = "substituteinfiles" in features or _on(properties, "Octopus.Action.SubstituteInFiles.Enabled")
    return on and bool(properties.get(_TARGETS, "").strip())


def _replaces(properties: Properties, features: set[str]) -> bool:
    on = "jsonconfigurationvariables" in features or _on(properties, _JSON + "Enabled")
    return on and bool(properties.get(_JSON + "Targets", "").strip())


def _transforms(properties: Properties, features: set[str]) -> bool:
    automatic = _on(properties, _PACKAGE + "AutomaticallyRunConfigurationTransformationFiles")
    further = properties.get(_PACKAGE + "AdditionalXmlConfigurationTransforms", "").strip()
    return "configurationtransforms" in features and (automatic or bool(further))


def _settings(properties: Properties, features: set[str]) -> bool:
    name = _PACKAGE + "AutomaticallyUpdateAppSettingsAndConnectionStrings"
    return "configurationvariables" in features and _on(properties, name)


_WORKS: tuple[tuple[str, Callable[[Properties, set[str]], bool]], ...] = (
    ("substituting variables in files", _substitutes),
    ("structured configuration variables", _replaces),
    ("configuration transforms", _transforms),
    ("configuration variables (appSettings and connectionStrings)", _settings),
)
_HAS = {
    "customscripts",
    "customdirectory",
    "substituteinfiles",
    "jsonconfigurationvariables",
    "configurationtransforms",
    "configurationvariables",
}


def unbuilt(properties: Properties) -> list[str]:
    """What of an action's features this server cannot do, a sentence each."""
    features = enabled(properties)
    found = [
        f"{what} is not supported by this server yet. Switch it off, or do it in a PreDeploy script."
        for what, works in _WORKS
        if works(properties, features)
    ]
    found += [
        f"{FEATURES} has '{each}', which this server does not know. Switch it off."
        for each in sorted(features - _HAS)
    ]
    return found
