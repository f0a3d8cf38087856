"""Deploy a package (`Octopus.TentaclePackage`): unpack it on the target, run its scripts, keep a journal (docs/steps/package.md)."""

from __future__ import annotations

from collections.abc import Mapping

from gurita.formats.variables import Evaluation
from gurita.runner.package_work import STAGES, PackageWork, Reference, StageScript
from gurita.steps.features import enabled, files_work, unbuilt
from gurita.steps.step_type import NotHere, PackagedWork, StepContext, late_text

__all__ = ["DeployPackage", "chosen", "references"]

PREFIX = "Octopus.Action.Package."
_ID = PREFIX + "PackageId"
_LOCATION = PREFIX + "DownloadOnTentacle"
_DIRECTORY = PREFIX + "CustomInstallationDirectory"
_SCRIPT = "Octopus.Action.CustomScripts."
_FEATURE = "customscripts"
_INTERPRETERS = {"sh": "bash", "py": "python", "ps1": "pwsh"}
_UNKNOWN = ("csx", "fsx")


class DeployPackage:
    """The primary package, installed in a folder of its own or a custom one."""

    name = "Octopus.TentaclePackage"
    server_only = False
    idempotent = False

    def needs_python(self, properties: Mapping[str, str]) -> bool:
        """Always: the target's own program unpacks and keeps the journal."""
        return True

    def check(self, properties: Mapping[str, str]) -> list[str]:
        """Package, features, languages of scripts."""
        found = chosen(properties)
        found += unbuilt(properties)
        if _FEATURE in enabled(properties):
            found += [
                f"{_SCRIPT}{stage}.{suffix}: C# and F# scripts do not run here. Use Bash, Python or PowerShell."
                for stage in STAGES
                for suffix in _UNKNOWN
                if properties.get(f"{_SCRIPT}{stage}.{suffix}", "").strip()
            ]
        return found

    def work(self, context: StepContext) -> PackagedWork:
        """The conventions, with every text evaluated as far as the server can."""
        primary = context.primary
        if primary is None or primary.brought is None:
            raise NotHere(f"{context.action} has no package to deploy. Choose one in the step.")
        scripts, warnings = _scripts(context)
        skip = context.flag(PREFIX + "SkipIfAlreadyInstalled") or context.skip_if_installed
        exclusions = late_text(context, _DIRECTORY + "PurgeExclusions")
        return PackagedWork(
            PackageWork(
                kind="deploy",
                package=primary.brought,
                references=references(context),
                applications=context.variables.value("Octopus.Tentacle.Agent.ApplicationDirectoryPath") or "",
                environment=context.environment,
                tenant=context.tenant,
                installed_as=context.installed_as,
                skip_if_installed=skip and not context.redeploy,
                custom_directory=late_text(context, _DIRECTORY).strip(),
                purge=context.flag(_DIRECTORY + "ShouldBePurgedBeforeDeployment"),
                purge_exclusions=[line.strip() for line in exclusions.splitlines() if line.strip()],
                scripts=scripts,
                run_packaged_scripts=context.flag(PREFIX + "RunScripts", instead=True),
                delete_scripts=context.flag("OctopusDeleteScriptsOnCleanup", instead=True),
                fail_on_stderr=context.flag("Octopus.Action.FailScriptOnErrorOutput"),
                files=files_work(context),
                retained=context.retained,
            ),
            tuple(warnings),
        )


def chosen(properties: Mapping[str, str]) -> list[str]:
    """Whether a package is chosen, and is to be fetched at all."""
    if not properties.get(_ID, "").strip():
        return [f"{_ID} is empty. Choose the package in the step."]
    if properties.get(_LOCATION, "").strip().lower() == "notacquired":
        return [f"{_LOCATION} is NotAcquired: a package that nobody fetches cannot be used here."]
    return []


def references(context: StepContext) -> list[Reference]:
    """The named packages that were brought to the target."""
    return [
        Reference(each.name, each.brought, each.extract)
        for each in context.packages
        if each.name and each.brought is not None
    ]


def _here(evaluated: Evaluation) -> Evaluation:
    """Without the tokens that only the target may know."""
    missing = (each for each in evaluated.missing if not each.lower().startswith("#{octopus."))
    return evaluated._replace(missing=tuple(missing))


def _scripts(context: StepContext) -> tuple[list[StageScript], list[str]]:
    """The configured scripts of every stage, and what somebody should know of them."""
    found: list[StageScript] = []
    warnings: list[str] = []
    on = _FEATURE in enabled(context.properties)
    for stage in STAGES:
        texts = {suffix: context.properties.get(f"{_SCRIPT}{stage}.{suffix}", "") for suffix in _INTERPRETERS}
        given = {suffix: text for suffix, text in texts.items() if text.strip()}
        if given and not on:
            warnings.append(
                f"The {stage} script does not run: the feature Octopus.Features.CustomScripts is off."
            )
            continue
        if "ps1" in given and "pwsh" not in context.shells:
            del given["ps1"]
            if not given:
                raise NotHere(
                    f"The {stage} script is for PowerShell, and this target has no pwsh. "
                    "Install it there, or write the script for Bash or Python."
                )
            warnings.append(f"The {stage} script for PowerShell does not run: this target has no pwsh.")
        for suffix, text in given.items():
            evaluated = context.variables.evaluate(text)
            found.append(StageScript(stage, _INTERPRETERS[suffix], evaluated.text))
            warnings += [f"{stage}: {told}" for told in context.warnings(_here(evaluated).complaint)]
    return found, warnings
