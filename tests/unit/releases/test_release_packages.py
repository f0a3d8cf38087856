"""How clients say which package versions a release uses."""

from __future__ import annotations

import pytest

from gurita.projects.resources import Action, DeploymentProcess, PackageReference, Step
from gurita.releases.resources import SelectedPackage
from gurita.releases.rules.packages import chosen, missing, resolved, wanted_packages


def step(name: str, *packages: PackageReference, is_disabled: bool = False) -> Step:
    action = Action(
        id=f"id-{name}",
        name=name,
        slug=name.lower(),
        packages=list(packages),
        is_disabled=is_disabled,
        action_type="X",
    )
    return Step(id=f"s-{name}", name=name, actions=[action])


PROCESS = DeploymentProcess(
    steps=[
        step(
            "Web",
            PackageReference(package_id="Acme.Web"),
            PackageReference(name="Tools", package_id="Acme.Tools"),
        ),
        step("Api", PackageReference(package_id="Acme.Api")),
        step("Off", PackageReference(package_id="Acme.Off"), is_disabled=True),
    ]
)
WANTED = wanted_packages(PROCESS)

LINES: list[tuple[list[str], str | None, list[str]]] = [
    ([], None, []),
    ([], "1.0", ["Web::1.0", "Web:Tools:1.0", "Api::1.0"]),
    (["*:2.0"], "1.0", ["Web::2.0", "Web:Tools:2.0", "Api::2.0"]),
    (["web:3.0"], None, ["Web::3.0", "Web:Tools:3.0"]),
    (["Acme.Api:4.0"], None, ["Api::4.0"]),
    (["Web:Tools:5.0", "Web:1.0"], None, ["Web::1.0", "Web:Tools:5.0"]),
    (["Web:Tools:5.0", "*:2.0"], None, ["Web::2.0", "Web:Tools:5.0", "Api::2.0"]),
    (["*:Tools:6.0"], "1.0", ["Web::1.0", "Web:Tools:6.0", "Api::1.0"]),
    (["Web=7.0"], None, ["Web::7.0", "Web:Tools:7.0"]),
]


@pytest.mark.parametrize(("lines", "default", "expected"), LINES)
def test_lines_choose_versions(lines: list[str], default: str | None, expected: list[str]) -> None:
    found, problems = chosen(WANTED, lines, default)
    assert [f"{s.action_name}:{s.package_reference_name}:{s.version}" for s in found] == expected
    assert problems == []


@pytest.mark.parametrize("line", ["Nope:1.0", "Web", "Web:a:b:1.0", "Web:not a version", "Off:1.0"])
def test_a_line_that_means_nothing_is_refused_with_its_place(line: str) -> None:
    _, problems = chosen(WANTED, [line])
    assert problems
    assert problems[0].startswith("Packages[0]: ")


def test_every_package_needs_a_version() -> None:
    one = SelectedPackage(action_name="web", package_reference_name="", version="1.0")
    problems = missing(WANTED, [one])
    assert len(problems) == 2
    assert "Acme.Tools" in problems[0]
    assert "Acme.Api" in problems[1]


def test_a_fixed_version_need_not_be_chosen_and_names_become_those_of_the_process() -> None:
    process = wanted_packages(
        DeploymentProcess(steps=[step("Web", PackageReference(package_id="P", version="9.0"))])
    )
    assert missing(process, resolved(process, [])) == []
    assert resolved(process, [])[0].version == "9.0"
    mine = resolved(process, [SelectedPackage(action_name="WEB", version="1.0")])
    assert [(s.action_name, s.step_name, s.version) for s in mine] == [("Web", "Web", "1.0")]
