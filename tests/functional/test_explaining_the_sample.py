"""The variables of the sample project, explained by the server and by the command line."""

from __future__ import annotations

import json
from typing import Any

from tests.fixtures_quickstart import Quickstart

SAMPLE = {"Greeting", "Site", "OctopusBypassDeploymentMutex"}
PAGE = "Octopus.Action[Build the page].Output.Page"


def gurita(quickstart: Quickstart, *words: str, given: str = "") -> str:
    """What a command prints."""
    said = quickstart.run(*words, stdin=given)
    assert said.code == 0, said.out + said.err
    return said.out


def explained(quickstart: Quickstart, *words: str) -> dict[str, Any]:
    found = json.loads(gurita(quickstart, "variable", "explain", "Hello Gurita", *words, "--output", "json"))
    return {each["Name"]: each for each in found}


def test_every_variable_of_the_sample_is_explained(quickstart: Quickstart) -> None:
    deployment = json.loads(gurita(quickstart, "api", "GET", "deployments"))["Items"][0]["Id"]
    found: dict[str, Any] = {}
    for words in (
        ("--environment", "Development"),
        ("--environment", "Production"),
        ("--release", "0.0.1", "--environment", "Development", "--step", "Check the page"),
        ("--deployment", deployment),
    ):
        found = explained(quickstart, *words)
        assert found.keys() >= SAMPLE
        for name in (each for each in found if each in SAMPLE or each.startswith("Octopus.")):
            one = found[name]
            assert one["Source"] not in ("None", "Hidden"), one
            assert one["Sentence"] and "unknown" not in json.dumps(one).lower(), name
            assert one["Error"] == "", one
            assert all(each["Source"] != "None" for each in one["References"]), one
            later = [each["Path"] for each in one["References"] if each["Source"] == "Later"]
            assert len(one["Missing"]) == len(later), one
            assert later in ([], [PAGE]) and (words[0] != "--deployment" or not later), one
    assert found[PAGE]["Source"] == "Output"
    assert found["Greeting"]["Value"] == "Hello from Development"


def test_the_command_line_lists_sets_and_explains(quickstart: Quickstart) -> None:
    listed = gurita(quickstart, "variable", "list", "Hello Gurita")
    assert "Environment: Production" in listed
    for value in ("first", "second"):
        words = ("variable", "set", "Hello Gurita", "Colour", value, "--environment", "Development")
        assert value in gurita(quickstart, *words)
    gurita(quickstart, "variable", "set", "Hello Gurita", "Key", "--sensitive", given="s3cret-of-cli\n")
    listed = gurita(quickstart, "variable", "list", "Hello Gurita", "--name", "k")
    assert "********" in listed and "s3cret" not in listed
    one = gurita(quickstart, "variable", "explain", "Hello Gurita", "Colour", "--environment", "Production")
    assert "it is for the environment Development, and here it is Production" in one
    rows = json.loads(
        gurita(quickstart, "variable", "list", "Hello Gurita", "--name", "colour", "--output", "json")
    )
    assert [each["Value"] for each in rows] == ["second"]
