"""Requests that push and delete packages and build information."""

from __future__ import annotations

import io
import zipfile
from typing import Any

from tests.contract_content import Filled
from tests.deeds_new import SPECIAL, Deed, deed, new, number

__all__: list[str] = []


def _zip() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("a.txt", new())
    return made.getvalue()


def _package(full: Filled) -> str:
    version = f"8.{number()}.0"
    file = {"fileToUpload": (f"deed.{version}.zip", _zip())}
    told = full.server.client.post("/api/Spaces-1/packages/raw", files=file)
    assert told.status_code == 201, told.text
    return version


@deed("POST", "/packages/raw")
def _push(_full: Filled) -> Deed:
    file = {"fileToUpload": (f"deed.9.{number()}.0.zip", _zip())}
    return Deed("POST", "/api/Spaces-1/packages/raw", more={"files": file})


@deed("DELETE", "/packages/{id}")
def _drop_package(full: Filled) -> Deed:
    return Deed("DELETE", f"/api/Spaces-1/packages/packages-deed.{_package(full)}")


@deed("DELETE", "/packages/bulk")
def _drop_packages(full: Filled) -> Deed:
    return Deed("DELETE", f"/api/Spaces-1/packages/bulk?ids=packages-deed.{_package(full)}")


@deed("PUT", "/nuget/packages")
def _nuget(_full: Filled) -> Deed:
    version, made = f"1.{number()}.0", io.BytesIO()
    spec = f"<package><metadata><id>nug</id><version>{version}</version><authors>us</authors><description>d</description></metadata></package>"
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("nug.nuspec", spec)
    return Deed(
        "PUT",
        "/Spaces-1/nuget/packages",
        more={"files": {"package": (f"nug.{version}.nupkg", made.getvalue())}},
    )


@deed("DELETE", "/nuget/packages/{id}/{version}")
def _nuget_drop(full: Filled) -> Deed:
    push = _nuget(full)
    (file,) = push.more["files"].values()
    told = full.server.client.request(push.method, push.path, **push.more)
    assert told.status_code < 300, told.text
    version = file[0].removeprefix("nug.").removesuffix(".nupkg")
    return Deed("DELETE", f"/Spaces-1/nuget/packages/nug/{version}")


def _built(_full: Filled) -> dict[str, Any]:
    inside = {
        "BuildEnvironment": "ci",
        "BuildNumber": new(),
        "BuildUrl": "https://ci.example/1",
        "Commits": [],
    }
    return {"PackageId": "deed", "Version": f"3.{number()}.0", "OctopusBuildInformation": inside}


for _place in ("build-information", "package-metadata"):
    SPECIAL[f"POST /{_place}"] = lambda full, place=_place: Deed(
        "POST", f"/api/Spaces-1/{place}", _built(full)
    )  # type: ignore[misc]
    SPECIAL[f"DELETE /{_place}/{{id}}"] = lambda full, place=_place: Deed(  # type: ignore[misc]
        "DELETE", f"/api/Spaces-1/{place}/{full.here.post('build-information', _built(full))['Id']}"
    )
    SPECIAL[f"DELETE /{_place}/bulk"] = lambda full, place=_place: Deed(  # type: ignore[misc]
        "DELETE", f"/api/Spaces-1/{place}/bulk?ids={full.here.post('build-information', _built(full))['Id']}"
    )
