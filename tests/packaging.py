"""Packages for tests: archives made in memory, pushed as clients push them, and the steps that use them."""

from __future__ import annotations

import io
import tarfile
import zipfile
from collections.abc import Mapping
from gzip import GzipFile
from typing import Any

from tests.scenario import Scenario, script

__all__ = [
    "PREFIX",
    "package_step",
    "packaged_script",
    "push",
    "reference",
    "tar_of",
    "transfer_step",
    "zip_of",
]

PREFIX = "Octopus.Action.Package."


def zip_of(files: Mapping[str, str | bytes]) -> bytes:
    """A zip with these files; scripts may be executed."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            info = zipfile.ZipInfo(name, (2026, 1, 2, 3, 4, 6))
            info.external_attr = (0o755 if name.endswith((".sh", ".py")) else 0o644) << 16
            archive.writestr(info, content)
    return data.getvalue()


def tar_of(files: Mapping[str, str]) -> bytes:
    """The same as a tar.gz."""
    data = io.BytesIO()
    with (
        GzipFile(fileobj=data, mode="wb", mtime=0) as packed,
        tarfile.open(fileobj=packed, mode="w") as archive,
    ):
        for name, content in files.items():
            info = tarfile.TarInfo(name)
            info.size, info.mode = len(content.encode()), 0o755 if name.endswith(".sh") else 0o644
            archive.addfile(info, io.BytesIO(content.encode()))
    return data.getvalue()


def push(made: Scenario, name: str, content: bytes) -> Any:
    """Pushes a file to the built-in repository; its name says id and version."""
    answer = made.client.post(f"/api/{made.space}/packages/raw", files={"file": (name, content)})
    assert answer.status_code in (200, 201), answer.text
    return answer.json()


def reference(name: str, package: str, **more: Any) -> dict[str, Any]:
    """A named package of a step. `Extract` goes to its properties."""
    properties = {"Extract": str(more.pop("Extract"))} if "Extract" in more else {}
    return {"Name": name, "PackageId": package, "FeedId": "feeds-builtin", "Properties": properties, **more}


def package_step(package: str, **more: Any) -> dict[str, Any]:
    """An action that deploys a package. Keys with a dot are properties; `Scripts` are configured ones by stage and ending."""
    scripts: Mapping[str, str] = more.pop("Scripts", {})
    properties = {
        PREFIX + "PackageId": package,
        PREFIX + "FeedId": "feeds-builtin",
        **{f"Octopus.Action.CustomScripts.{name}": text for name, text in scripts.items()},
        **({"Octopus.Action.EnabledFeatures": ",Octopus.Features.CustomScripts"} if scripts else {}),
        **{key: value for key, value in more.items() if "." in key},
    }
    rest = {key: value for key, value in more.items() if "." not in key}
    return {"Name": "Deploy", "ActionType": "Octopus.TentaclePackage", "Properties": properties, **rest}


def transfer_step(package: str, path: str) -> dict[str, Any]:
    """An action that transfers a package to a folder."""
    properties = {
        PREFIX + "PackageId": package,
        PREFIX + "FeedId": "feeds-builtin",
        PREFIX + "TransferPath": path,
    }
    return {"Name": "Transfer", "ActionType": "Octopus.TransferPackage", "Properties": properties}


def packaged_script(package: str, file: str, parameters: str = "") -> dict[str, Any]:
    """An action that runs a script out of a package."""
    made = script("")
    made["Properties"] = {
        "Octopus.Action.Script.ScriptSource": "Package",
        "Octopus.Action.Script.ScriptFileName": file,
        "Octopus.Action.Script.ScriptParameters": parameters,
        PREFIX + "PackageId": package,
        PREFIX + "FeedId": "feeds-builtin",
    }
    return made
