"""The guide to helpers and the helpers say the same, in three languages, and each one is tried by a test."""

from __future__ import annotations

import ast
import base64
import json
import re
from pathlib import Path

import pytest

from gurita.runner.scripts import files_beside
from gurita.runner.shell_bootstrap import resource

ROOT = Path(__file__).parents[3]
GUIDE = (ROOT / "docs/guide/script-helpers.md").read_text()
TRIED = "".join(
    (ROOT / "tests" / path).read_text()
    for path in (
        "functional/test_script_helpers.py",
        "functional/test_dynamic_infrastructure.py",
        "unit/runner/test_shell_bootstrap.py",
    )
)
VARIABLES = {"octopus_parameters", "octopusvariables", "$OctopusParameters"}


def documented(column: int) -> set[str]:
    """The names in a column of the first table: 2 for shells, 3 for Python, 4 for PowerShell."""
    table = GUIDE[GUIDE.index("|---|") :].split("\n\n")[0].splitlines()[1:]
    cells = [line.replace("\\|", "").split("|")[column] for line in table]
    return {name for cell in cells for name in re.findall(r"`([$A-Za-z_][\w-]*)", cell)}


def in_shells() -> set[str]:
    """The functions of the shell helpers that are for scripts."""
    text = resource("bootstraps/helpers.sh") + resource("bootstraps/bash.sh")
    return {name for name in re.findall(r"^([\w-]+)\(\)", text.decode(), re.MULTILINE) if name[0] != "_"}


def in_python() -> set[str]:
    """The same of Python."""
    tree = ast.parse(resource("bootstraps/helpers.py"))
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef) if node.name[0] != "_"}


def in_powershell() -> set[str]:
    """The same of PowerShell."""
    found = re.findall(r"^function ([\w-]+)", resource("bootstraps/powershell.ps1").decode(), re.MULTILINE)
    return {name for name in found if "Gurita" not in name}


def test_every_helper_of_shells_is_documented_and_tried() -> None:
    assert documented(2) - VARIABLES == in_shells() | {"get_octopusvariable"}
    assert {name for name in documented(2) if name not in TRIED} == set()


def test_every_helper_of_python_is_documented_and_tried() -> None:
    assert documented(3) - VARIABLES == in_python()
    assert {name for name in documented(3) if name not in TRIED} == set()


def test_every_helper_of_powershell_is_documented() -> None:
    beside = set(re.findall(r"`(\w+-Octopus\w+)`", GUIDE))
    assert (documented(4) - VARIABLES) | beside == in_powershell()


@pytest.mark.parametrize("sign", ["{}", "()", "[]"])
def test_the_text_of_the_powershell_helpers_is_balanced(sign: str) -> None:
    whole = resource("bootstraps/powershell.ps1").decode()
    text = re.sub(r"'[^'\n]*'|\"[^\"\n]*\"|^\s*#[^\n]*", "", whole, flags=re.MULTILINE)
    assert text.count(sign[0]) == text.count(sign[1])


def test_the_powershell_helpers_write_the_messages_of_the_guide() -> None:
    text = resource("bootstraps/powershell.ps1").decode()
    messages = re.findall(r"^\| `((?:create|delete)[\w-]*)`", GUIDE, re.MULTILINE)
    assert len(messages) == 10
    assert [name for name in messages if f"'{name}'" not in text] == []


def test_powershell_reads_no_value_as_a_date() -> None:
    """PowerShell's reader of JSON makes a date of a text that looks like one, and a member of a name such as Keys."""
    told = {"When": "2026-11-22T14:00:00Z", "Keys": "é\n", "": "x"}
    files = files_beside("pwsh", "", told, "")
    carried = json.loads(files["variables.json"])["variables"]
    assert {name: base64.b64decode(value).decode() for name, value in carried.items()} == told
    assert not re.search(r"'variables'\]\.Keys|OctopusParameters\.Keys", files["bootstrap.ps1"].decode())
    assert json.loads(files_beside("python", "", told, "")["variables.json"])["variables"] == told


@pytest.mark.parametrize(
    "name", ["New-OctopusArtifact", "Write-Verbose", "Write-Warning", "Write-Highlight", "Write-Wait"]
)
def test_what_takes_a_pipeline_in_powershell_says_so_and_handles_each_object(name: str) -> None:
    text = resource("bootstraps/powershell.ps1").decode()
    body = text[text.index(f"function {name} {{") :].split("\n}\n")[0]
    assert "ValueFromPipeline" in body
    assert "process {" in body
