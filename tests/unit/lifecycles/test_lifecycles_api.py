from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from gurita.lifecycles import service
from gurita.lifecycles.channels import service as channels
from gurita.projects.records import PROJECTS
from gurita.projects.resources import Project
from tests.helpers import House, house
from tests.looping import in_loop


async def project(gurita: House, name: str = "P", space: str = "Spaces-1") -> str:
    ctx = gurita.context(space)

    def make(tx: Any) -> str:
        made = PROJECTS.open(tx, space).insert(Project(name=name))
        channels.create_default_in(tx, ctx, made.id)
        return made.id

    return await gurita.store.write(make)


@in_loop
async def test_a_phase_a_client_made_comes_back_with_everything_filled_in(tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:
        dev = await gurita.post("environments", {"Name": "Dev"})
        (lifecycle,) = await gurita.get("lifecycles/all")
        phase = {"Id": "11111111-made-by-client", "Name": "Dev", "OptionalDeploymentTargets": [dev["Id"]]}
        changed = await gurita.put(f"lifecycles/{lifecycle['Id']}", {**lifecycle, "Phases": [phase]})
        assert changed["Phases"][0]["Id"] == "11111111-made-by-client"
        assert changed["Phases"][0]["AutomaticDeploymentTargets"] == []
        assert await gurita.put(f"lifecycles/{lifecycle['Id']}", changed) == changed


@pytest.mark.parametrize(
    ("phases", "told"),
    [
        (
            [{"Name": "a", "OptionalDeploymentTargets": ["Environments-9"]}],
            "Phases[0].OptionalDeploymentTargets[0]: ",
        ),
        (
            [{"Name": "a", "AutomaticDeploymentTargets": ["Spaces-1"]}],
            "Phases[0].AutomaticDeploymentTargets[0]: ",
        ),
        ([{"Name": "a"}, {"Name": "A"}], "Phases[1].Name: "),
        (
            [{"Name": "a", "MinimumEnvironmentsBeforePromotion": -1}],
            "Phases[0].MinimumEnvironmentsBeforePromotion: ",
        ),
        ([{"Id": "x"}], "Phases[0].Name: required"),
    ],
)
@in_loop
async def test_a_bad_phase_is_refused_by_place(phases: list[Any], told: str, tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:
        answer = await gurita.refused(400, "POST", "lifecycles", {"Name": "l", "Phases": phases})
        assert answer["Errors"][0].startswith(told)


@in_loop
async def test_a_lifecycle_a_channel_uses_stays(tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:
        made = await gurita.post("lifecycles", {"Name": "Fast"})
        await gurita.post(
            "channels", {"Name": "Hot", "ProjectId": await project(gurita), "LifecycleId": made["Id"]}
        )
        told = await gurita.refused(409, "DELETE", f"lifecycles/{made['Id']}")
        assert "channel 'Hot'" in told["Errors"][0]


@in_loop
async def test_exactly_one_channel_of_a_project_is_the_default(tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:
        id = await project(gurita)
        other = await project(gurita, "Q")
        made = await gurita.post(
            f"projects/{id}/channels", {"Name": "Hot", "IsDefault": True, "ProjectId": "ignored"}
        )
        assert {
            one["Name"]: one["IsDefault"] for one in (await gurita.get("projects/P/channels"))["Items"]
        } == {
            "Default": False,
            "Hot": True,
        }
        assert [one["IsDefault"] for one in (await gurita.get(f"projects/{other}/channels"))["Items"]] == [
            True
        ]
        await gurita.refused(409, "DELETE", f"channels/{made['Id']}")
        told = await gurita.refused(400, "PUT", f"channels/{made['Id']}", {**made, "IsDefault": False})
        assert told["Errors"] == [
            "IsDefault: this is the default channel. Make another channel the default instead."
        ]
        ctx = gurita.context()
        found = await gurita.store.read(lambda tx: channels.default_in(tx, ctx, id))
        assert found.name == "Hot"
        await gurita.delete("projects/p/channels/default")
        assert [one["Name"] for one in (await gurita.get(f"projects/{id}/channels"))["Items"]] == ["Hot"]


@in_loop
async def test_a_channel_stays_with_its_project(tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:
        one, two = await project(gurita, "One"), await project(gurita, "Two")
        made = await gurita.post("channels", {"Name": "Hot", "ProjectId": one})
        await gurita.post("channels", {"Name": "HOT", "ProjectId": two})
        told = await gurita.refused(400, "PUT", f"channels/{made['Id']}", {**made, "ProjectId": two})
        assert told["Errors"][0].startswith("ProjectId: the channel belongs to ")
        told = await gurita.refused(400, "POST", "channels", {"Name": "x", "ProjectId": "Projects-99"})
        assert told["Errors"][0].startswith("ProjectId: 'Projects-99' does not exist")
        await gurita.refused(400, "POST", "channels", {"Name": "x"})
        await gurita.refused(404, "POST", "projects/Nobody/channels", {"Name": "x", "ProjectId": ""})
        await gurita.refused(404, "GET", f"projects/{two}/channels/{made['Id']}")
        ruled = {
            **made,
            "Rules": [{"VersionRange": "[1.0,2.0)", "ActionPackages": [{"DeploymentAction": "a"}]}],
        }
        assert (await gurita.put(f"projects/{one}/channels/hot", ruled))["Rules"][0]["Id"]


@in_loop
async def test_the_default_lifecycle_is_the_oldest(tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:
        await gurita.post("lifecycles", {"Name": "A first by name"})
        ctx = gurita.context()
        assert (await gurita.store.read(lambda tx: service.default_in(tx, ctx))).name == "Default Lifecycle"
