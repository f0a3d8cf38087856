"""A new version of a package goes to a target as the difference to one it has."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import os
import random
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from gurita.formats.octodiff import build_delta
from gurita.runner.package_operations import DELTA
from gurita.runner.package_work import Package
from gurita.transport.tickets import Brought, Earlier, PackageData, Tickets
from tests.fixtures_carriers import Carrier, carried
from tests.functional.field import Ended, Field, field_of
from tests.functional.packages_on_targets import bring
from tests.functional.packages_on_targets import named as runner_named
from tests.functional.runner_channel import Channel
from tests.looping import in_loop
from tests.packaging import package_step, push, zip_of
from tests.scenario import step

OLD = random.Random(1).randbytes(3_000_000)
NEW = OLD[:1_000_000] + b"something new" * 100 + OLD[1_010_000:]


def named(data: bytes, version: str, extension: str = ".zip") -> Package:
    return Package("Acme.Web", version, extension, hashlib.sha256(data).hexdigest(), len(data))


def source(data: bytes) -> PackageData:
    async def parts(offset: int) -> Iterator[bytes]:  # type: ignore[misc]
        yield data[offset:]

    return parts  # type: ignore[return-value]


def earlier(folder: Path, *bases: tuple[str, bytes], spoiled: bool = False) -> Earlier:
    """The versions, and deltas from them to NEW."""
    content = {named(data, version): data for version, data in bases}

    async def delta(base: Package) -> tuple[Package, PackageData]:
        path = folder / "delta"
        with path.open("wb") as file:
            build_delta(content[base] if not spoiled else NEW, NEW, file, len(NEW))
        made = path.read_bytes()
        return named(made, "2", DELTA), source(made)

    return Earlier(list(content), delta)


@pytest.fixture(params=["openssh", "agent_listening"])
def host(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Carrier]:
    with carried(request.param, tmp_path) as found:
        yield found


def cached(host: Carrier) -> dict[str, bytes]:
    folder = host.home / "packages-v1"
    assert [path.name for path in (folder / "incoming").iterdir()] == []
    return {path.name.split("@")[1]: path.read_bytes() for path in folder.glob("*@*")}


async def brought(tickets: Tickets, more: Earlier | None) -> Brought:
    return await tickets.bring_package(named(NEW, "2"), source(NEW), more)


@in_loop
async def test_a_target_that_has_an_earlier_version_is_sent_the_difference(
    host: Carrier, tmp_path: Path
) -> None:
    async with host.hub() as hub:
        tickets = await hub.tickets("m", host.endpoint)
        await tickets.bring_package(named(OLD, "1"), source(OLD))
        both = earlier(tmp_path, ("0.9", b"never there"), ("1", OLD))
        found = await asyncio.gather(*(brought(tickets, both) for _ in range(3)))
        assert {each.base for each in found} == {"1"}
        assert found[0].sent < 3000
        assert cached(host) == {"1": OLD, "2": NEW}
        assert await brought(tickets, both) == Brought()


@in_loop
async def test_a_target_without_an_earlier_version_or_with_a_damaged_one_is_sent_the_whole(
    host: Carrier, tmp_path: Path
) -> None:
    async with host.hub() as hub:
        tickets = await hub.tickets("m", host.endpoint)
        assert await brought(tickets, earlier(tmp_path, ("1", OLD))) == Brought(len(NEW))
        (only,) = (host.home / "packages-v1").glob("*@2@*")
        only.unlink()
        await tickets.bring_package(named(OLD, "1"), source(OLD))
        (base,) = (host.home / "packages-v1").glob("*@1@*")
        base.write_bytes(OLD[:-1] + b"!")
        assert await brought(tickets, earlier(tmp_path, ("1", OLD))) == Brought(len(NEW))
        assert cached(host) == {"2": NEW}, "a damaged version does not stay"


@in_loop
async def test_a_delta_that_does_not_fit_is_noticed_by_the_hash_and_the_whole_is_sent(
    host: Carrier, tmp_path: Path
) -> None:
    async with host.hub() as hub:
        tickets = await hub.tickets("m", host.endpoint)
        await tickets.bring_package(named(OLD, "1"), source(OLD))
        assert await brought(tickets, earlier(tmp_path, ("1", OLD), spoiled=True)) == Brought(len(NEW))
        assert cached(host) == {"1": OLD, "2": NEW}


@pytest.fixture(scope="module")
def field(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Field]:
    folder = tmp_path_factory.mktemp("deltas")
    with field_of(folder, 2) as made:
        yield made


def begun(field: Field, version: str, at: int) -> str:
    name = "Delta"
    found = field.server.get("projects", partialName=name)["Items"]
    project = found[0] if found else field.made.project(name, [step("Web", package_step("Acme.Big"))])
    body = {"projectName": project["Name"], "packages": [f"Acme.Big:{version}"]}
    release = field.made.post("releases/create/v1", body)["ReleaseId"]
    return field.made.deploy(str(release), field.environments[at])


def deployed(field: Field, version: str, at: int) -> Ended:
    return field.ended(begun(field, version, at))


def deltas(field: Field) -> list[tuple[str | None, int]]:
    with contextlib.closing(sqlite3.connect(field.server.data / "gurita.db")) as database:
        return list(database.execute("SELECT blob, size FROM package_delta"))


@pytest.mark.needs("sshd")
def test_a_deployment_sends_each_target_one_delta_that_was_made_once(field: Field) -> None:
    large = os.urandom(2_000_000)
    push(field.made, "Acme.Big.1.0.0.zip", zip_of({"large": large, "small": "one"}))
    for at in (0, 1):
        assert deployed(field, "1.0.0", at).state == "Success"
    assert deltas(field) == []
    push(field.made, "Acme.Big.1.0.1.zip", zip_of({"large": large, "small": "two"}))
    for at in (0, 1):
        ended = deployed(field, "1.0.1", at)
        assert ended.state == "Success", ended.text
        assert "sent as the difference to 1.0.0, " in ended.text
    assert len(deltas(field)) == 1
    assert deltas(field)[0][1] < 2000
    push(field.made, "Acme.Big.1.0.2.zip", zip_of({"large": os.urandom(2_000_000)}))
    ended = deployed(field, "1.0.2", 0)
    assert ended.state == "Success", ended.text
    assert "2.0 MB sent)" in ended.text, "a delta as large as the package is none"
    assert (None, 0) in deltas(field)


def test_a_runner_killed_while_it_makes_the_package_leaves_none_and_the_next_makes_it(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    with (tmp_path / "delta").open("wb") as file:
        build_delta(OLD, NEW, file, len(NEW))
    delta = (tmp_path / "delta").read_bytes()
    members: dict[str, Any] = {name: each._asdict() for name, each in (("package", runner_named(NEW, version="2")),
               ("base", runner_named(OLD, version="1")), ("delta", runner_named(delta, version="2", extension=DELTA)))}  # fmt: skip
    dying = Channel(home, environment={"GURITA_FAULTS": "runner.delta=kill"})
    bring(dying, OLD, version="1")
    bring(dying, delta, version="2", extension=DELTA)
    with pytest.raises((EOFError, OSError, AssertionError)):
        dying.ask("package_apply", **members)
    dying.close()
    folder = home / "packages-v1"
    assert [path.name.split("@")[1] for path in folder.glob("*@*")] == ["1"]
    living = Channel(home)
    try:
        assert living.ask("package_open", package=members["delta"])[0].get("have"), "the delta is still there"
        assert living.ask("package_apply", **members)[0]["have"]
        assert sorted(path.name.split("@")[1] for path in folder.glob("*@*")) == ["1", "2"]
        assert list((folder / "incoming").iterdir()) == []
    finally:
        living.close()


@pytest.mark.needs("sshd")
def test_a_server_killed_while_it_makes_a_delta_makes_it_when_it_goes_on(tmp_path: Path) -> None:
    large = os.urandom(2_000_000)
    with field_of(tmp_path, 1) as field:
        push(field.made, "Acme.Big.1.0.0.zip", zip_of({"large": large, "small": "one"}))
        assert deployed(field, "1.0.0", 0).state == "Success"
        push(field.made, "Acme.Big.1.0.1.zip", zip_of({"large": large, "small": "two"}))
        field.server.environment = {**field.server.environment, "GURITA_FAULTS": "packages.delta=kill"}
        field.server.restart()
        task = begun(field, "1.0.1", 0)
        field.server.until(lambda: not field.server.running)
        field.server.environment = {
            name: value for name, value in field.server.environment.items() if name != "GURITA_FAULTS"
        }
        field.server.start()
        ended = field.ended(task)
        assert ended.state == "Success", ended.text
        assert ended.text.count("sent as the difference to 1.0.0, ") == 1
        assert len(deltas(field)) == 1
