"""Package steps and scripts with packages: what is refused in the plan, and what a target is told to do."""

from __future__ import annotations

from typing import Any

import pytest

from gurita.formats.variables import Variables
from gurita.runner.files_work import FilesWork
from gurita.runner.members import Members
from gurita.runner.package_work import InstalledAs, Package, RunScript, StageScript, read_package_work
from gurita.steps.package import DeployPackage
from gurita.steps.script import Script
from gurita.steps.step_type import NotHere, PackagedWork, ScriptWork, StepContext, StepPackage
from gurita.steps.transfer import TransferPackage

P = "Octopus.Action.Package."
S = "Octopus.Action.Script."
FEATURES = "Octopus.Action.EnabledFeatures"
CUSTOM = "Octopus.Action.CustomScripts."
WEB = Package("Web", "1.0", ".zip", "a" * 64, 3, "Feeds-1")
TOOL = Package("Tool", "2.0", ".nupkg", "b" * 64, 3, "Feeds-1")
PRIMARY = StepPackage("", "Web", "1.0", brought=WEB)
NAMED = StepPackage("tool", "Tool", "2.0", extract=False, brought=TOOL)
LATER = StepPackage("image", "nginx", "3.0")
CHOSEN = {P + "PackageId": "Web", P + "FeedId": "Feeds-1"}


def context(properties: dict[str, str], *packages: StepPackage, **more: Any) -> StepContext:
    values = {"Here": "web-1", "Octopus.Machine.Name": "web-1", **more.pop("values", {})}
    given: dict[str, Any] = {
        "shells": {"bash": "5", "python3": "3.11"},
        "environment": "Dev",
        "installed_as": InstalledAs("Environments-1", "", "Projects-1", "set"),
    }
    return StepContext("A", properties, Variables(values), packages=packages, **given | more)


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({P + "PackageId": " "}, "PackageId is empty"),
        ({P + "DownloadOnTentacle": "NotAcquired"}, "nobody fetches"),
        ({FEATURES: "Octopus.Features.IISWebSite"}, "'iiswebsite', which this server does not know"),
        (
            {FEATURES: "Octopus.Features.CustomScripts", CUSTOM + "Deploy.csx": "Console"},
            "C# and F# scripts do not run",
        ),
    ],
)
def test_what_a_package_step_cannot_do_is_named(more: dict[str, str], told: str) -> None:
    (problem,) = DeployPackage().check({**CHOSEN, **more})
    assert told in problem


def test_a_feature_with_nothing_to_do_is_let_through() -> None:
    features = (
        "CustomDirectory ConfigurationTransforms ConfigurationVariables SubstituteInFiles CustomScripts"
    )
    listed = ",".join(["", *(f"Octopus.Features.{each}" for each in features.split())])
    off = {P + "AutomaticallyRunConfigurationTransformationFiles": "False", FEATURES: listed}
    assert DeployPackage().check({**CHOSEN, **off}) == []
    assert DeployPackage().needs_python(CHOSEN)


def test_a_package_step_tells_the_target_everything_it_needs() -> None:
    properties = {
        **CHOSEN,
        FEATURES: "Octopus.Features.CustomScripts",
        CUSTOM + "PreDeploy.sh": "echo #{Here} #{Nothing}",
        CUSTOM + "Deploy.py": "print(1)",
        CUSTOM + "Deploy.ps1": "Write-Host",
        P + "CustomInstallationDirectory": "/srv/#{Here}/#{Octopus.Action.Package.PackageVersion} ",
        P + "CustomInstallationDirectoryShouldBePurgedBeforeDeployment": "True",
        P + "CustomInstallationDirectoryPurgeExclusions": "logs/**\n\n keep.txt\n",
        P + "RunScripts": "False",
    }
    values = {
        "Octopus.Tentacle.Agent.ApplicationDirectoryPath": "/apps",
        "OctopusDeleteScriptsOnCleanup": "false",
    }
    work = DeployPackage().work(context(properties, PRIMARY, NAMED, LATER, values=values))
    document = work.document
    assert (document.kind, document.package, document.references[0][:2]) == ("deploy", WEB, ("tool", TOOL))
    assert len(document.references) == 1
    assert document.custom_directory == "/srv/web-1/#{Octopus.Action.Package.PackageVersion}"
    assert (document.purge, document.purge_exclusions) == (True, ["logs/**", "keep.txt"])
    assert (document.run_packaged_scripts, document.delete_scripts) == (False, False)
    assert (document.applications, document.environment) == ("/apps", "Dev")
    assert document.scripts == [
        StageScript("PreDeploy", "bash", "echo web-1 #{Nothing}"),
        StageScript("Deploy", "python", "print(1)"),
    ]
    assert any("Nothing" in warning for warning in work.warnings)
    assert any("pwsh" in warning for warning in work.warnings)
    assert read_package_work(document.as_json()) == document


FILES = {
    FEATURES: ",".join(
        f"Octopus.Features.{each}"
        for each in (
            "SubstituteInFiles",
            "ConfigurationTransforms",
            "ConfigurationVariables",
            "JsonConfigurationVariables",
        )
    ),
    "Octopus.Action.SubstituteInFiles.TargetFiles": "#{Here}/*.txt\r\n\n#{Octopus.Action.Name}.md",
    "Octopus.Action.SubstituteInFiles.OutputEncoding": "utf-16",
    P + "JsonConfigurationVariablesTargets": "**/*.json",
    P + "AutomaticallyRunConfigurationTransformationFiles": "True",
    P + "AdditionalXmlConfigurationTransforms": "a.config => b.config",
    P + "AutomaticallyUpdateAppSettingsAndConnectionStrings": "#{Yes}",
    P + "TreatConfigTransformationWarningsAsErrors": "True",
}


def test_what_is_done_with_files_is_told_as_far_as_it_is_known() -> None:
    files = DeployPackage().work(context({**CHOSEN, **FILES}, PRIMARY, values={"Yes": "True"})).document.files
    assert files == FilesWork(
        substitute=["web-1/*.txt", "#{Octopus.Action.Name}.md"],
        output_encoding="utf-16",
        transforms=True,
        further_transforms="a.config => b.config",
        transform_warnings_fail=True,
        settings=True,
        structured=["**/*.json"],
    )
    off = DeployPackage().work(context({**CHOSEN, **FILES, FEATURES: ""}, PRIMARY)).document.files
    assert off == FilesWork(transform_warnings_fail=True)
    with pytest.raises(NotHere, match="no encoding known here"):
        DeployPackage().work(
            context({**CHOSEN, **FILES, "Octopus.Action.SubstituteInFiles.OutputEncoding": "ebcdic"}, PRIMARY)
        )


def test_scripts_without_their_feature_are_told_and_not_run() -> None:
    work = DeployPackage().work(context({**CHOSEN, CUSTOM + "Deploy.sh": "echo"}, PRIMARY))
    assert work.document.scripts == []
    assert "Octopus.Features.CustomScripts is off" in work.warnings[0]


@pytest.mark.parametrize(
    ("properties", "told"),
    [
        ({P + "CustomInstallationDirectory": "/srv/#{Typo}"}, "#{Typo} has no value"),
        ({FEATURES: "Octopus.Features.CustomScripts", CUSTOM + "Deploy.ps1": "Write-Host"}, "no pwsh"),
    ],
)
def test_what_only_the_target_tells_fails_there(properties: dict[str, str], told: str) -> None:
    with pytest.raises(NotHere, match=told.replace("{", r"\{")):
        DeployPackage().work(context({**CHOSEN, **properties}, PRIMARY))


@pytest.mark.parametrize(
    ("property_", "project", "redeploy", "skips"),
    [
        ("", False, False, False),
        ("True", False, False, True),
        ("", True, False, True),
        ("True", True, True, False),
    ],
)
def test_what_is_installed_is_skipped_unless_it_is_to_be_installed_again(
    property_: str, project: bool, redeploy: bool, skips: bool
) -> None:
    properties = {**CHOSEN, P + "SkipIfAlreadyInstalled": property_}
    made = context(properties, PRIMARY, skip_if_installed=project, redeploy=redeploy)
    assert DeployPackage().work(made).document.skip_if_installed is skips


def test_a_transfer_needs_a_path_with_a_value() -> None:
    path = P + "TransferPath"
    assert "TransferPath is empty" in TransferPackage().check(CHOSEN)[0]
    work = TransferPackage().work(context({**CHOSEN, path: "/drop/#{Here}"}, PRIMARY))
    assert (work.document.kind, work.document.transfer_path) == ("transfer", "/drop/web-1")
    with pytest.raises(NotHere, match="Typo"):
        TransferPackage().work(context({**CHOSEN, path: "/drop/#{Typo}"}, PRIMARY))


def test_a_script_of_a_package_is_a_file_with_arguments() -> None:
    properties = {
        **CHOSEN,
        S + "ScriptSource": "Package",
        S + "ScriptFileName": "bin/#{Here}.sh",
        S + "ScriptParameters": "-x 'a b'",
    }
    assert Script().check(properties) == []
    assert Script().needs_python(properties)
    work = Script().work(context(properties, PRIMARY))
    assert isinstance(work, PackagedWork)
    assert work.document.script == RunScript("bash", "", "bin/web-1.sh", ["-x", "a b"])
    assert read_package_work(work.document.as_json()) == work.document


@pytest.mark.parametrize(
    ("properties", "told"),
    [
        ({S + "ScriptSource": "GitRepository"}, "GitRepository"),
        ({S + "ScriptSource": "Package", S + "ScriptFileName": "a.sh"}, "PackageId is empty"),
        ({S + "ScriptSource": "Package", **CHOSEN}, "ScriptFileName is empty"),
        ({S + "ScriptSource": "Package", **CHOSEN, S + "ScriptFileName": "a.csx"}, ".sh, .py or .ps1"),
    ],
)
def test_what_a_script_cannot_do_is_named(properties: dict[str, str], told: str) -> None:
    (problem,) = Script().check(properties)
    assert told in problem


def test_a_script_with_packages_brings_them_and_without_it_stays_plain() -> None:
    body = {S + "ScriptBody": "echo #{Here}"}
    work = Script().work(context(body, NAMED, LATER))
    assert isinstance(work, PackagedWork)
    assert work.document.package is None
    assert work.document.script == RunScript("bash", "echo web-1")
    assert [each.name for each in work.document.references] == ["tool"]
    assert isinstance(Script().work(context(body, LATER)), ScriptWork)
    with pytest.raises(NotHere, match="Python"):
        Script().work(context(body, NAMED, has_runner=False))


def test_the_document_is_plain_json() -> None:
    document = DeployPackage().work(context(CHOSEN, PRIMARY, NAMED)).document.as_json()
    assert Members("x", document).text("kind") == "deploy"
