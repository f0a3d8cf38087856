"""Tokens nobody can evaluate: a warning, or a failure where a variable says so."""

from __future__ import annotations

import pytest

from gurita.formats.variables import Variables
from gurita.runner.package_work import STRICT, Package
from gurita.steps.package import DeployPackage
from gurita.steps.script import Script
from gurita.steps.step_type import NotHere, StepContext, StepPackage

STAGE = "Octopus.Action.CustomScripts.Deploy.sh"
ON = {"Octopus.Action.EnabledFeatures": "Octopus.Features.CustomScripts"}
WEB = StepPackage("", "Acme.Web", "1.0", brought=Package("Acme.Web", "1.0", ".zip", "0" * 64, 3))


def script(text: str, **variables: str) -> StepContext:
    properties = {"Octopus.Action.Script.ScriptBody": text, "Octopus.Action.Script.Syntax": "Bash"}
    return StepContext("Go", properties, Variables(variables), {"bash": "5.2"})


def package(text: str, **variables: str) -> StepContext:
    return StepContext(
        "Go", {**ON, STAGE: text}, Variables(variables), {"bash": "5.2"}, packages=(WEB,), environment="Dev"
    )


@pytest.mark.parametrize("strict", ["", "False", "no"])
def test_tokens_without_a_value_are_a_warning(strict: str) -> None:
    assert Script().work(script("echo #{Nope}", **{STRICT: strict})).warnings == (
        "The following tokens were unable to be evaluated: '#{Nope}'.",
    )
    assert DeployPackage().work(package("echo #{Nope}", **{STRICT: strict})).warnings == (
        "Deploy: The following tokens were unable to be evaluated: '#{Nope}'.",
    )


def test_they_are_a_failure_where_a_variable_says_so() -> None:
    with pytest.raises(NotHere, match=r"'#\{Nope\}'\. The variable OctopusShouldFail.* makes that a failure"):
        Script().work(script("echo #{Nope}", **{STRICT: " TRUE "}))
    with pytest.raises(NotHere, match=STRICT):
        DeployPackage().work(package("echo #{Nope}", **{STRICT: "true"}))


def test_what_only_the_target_knows_is_neither() -> None:
    text = "echo #{Octopus.Action.Package.InstallationDirectoryPath}"
    assert DeployPackage().work(package(text, **{STRICT: "True"})).warnings == ()
