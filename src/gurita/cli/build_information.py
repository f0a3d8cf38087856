"""`gurita build-information`: what a build server says of the packages it made."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated, Any

from cyclopts import App, Parameter

from gurita.cli.client import Client
from gurita.cli.errors import CommandError, Misused
from gurita.cli.options import Options
from gurita.cli.output import Columns, show, when
from gurita.cli.packages import OverwriteMode

__all__ = ["app"]

app = App(name="build-information", help="What a build server says of the packages it made.")

_COLUMNS: Columns = {
    "Package": "PackageId",
    "Version": "Version",
    "Build": "BuildNumber",
    "Branch": "Branch",
    "Commit": "VcsCommitNumber",
    "Created": when("Created"),
}


@app.command
def push(
    file: Annotated[Path, Parameter(allow_leading_hyphen=True)],
    /,
    *,
    package: list[str],
    overwrite_mode: OverwriteMode = "FailIfExists",
    options: Options | None = None,
) -> None:
    """Store what a build says of packages.

    Parameters
    ----------
    file
        JSON with BuildEnvironment, BuildNumber, BuildUrl, Branch, VcsType, VcsRoot, VcsCommitNumber and Commits, each with
        Id and Comment; - for stdin.
    package
        ID:VERSION; may be given again. The package itself need not be there yet.
    overwrite_mode
        What happens to what is there already: FailIfExists, OverwriteExisting or IgnoreIfExists.
    """
    named = [_named(each) for each in package]
    told = _read(file)
    made = []
    with Client(options) as client:
        for id, version in named:
            body = {"PackageId": id, "Version": version, "OctopusBuildInformation": told}
            made.append(client.post("build-information", body, overwriteMode=overwrite_mode))
        show(client.options, made, _COLUMNS)


@app.command(name="list")
def list_(
    package: str = "",
    /,
    *,
    latest: Annotated[bool, Parameter(negative="")] = False,
    options: Options | None = None,
) -> None:
    """List what builds said.

    Parameters
    ----------
    package
        Only of this package.
    latest
        Only of the highest version of each.
    """
    with Client(options) as client:
        query = {"packageId": package, "latest": "true" if latest else ""}
        show(options, client.all("build-information", **query), _COLUMNS)


def _named(text: str) -> tuple[str, str]:
    id, colon, version = text.rpartition(":")
    if not id or not colon or not version:
        raise Misused(f"--package {text}: write it as ID:VERSION, such as Acme.Web:1.2.3.")
    return id, version


def _read(file: Path) -> dict[str, Any]:
    try:
        text = sys.stdin.read() if str(file) == "-" else file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"{file} cannot be read: {error}.") from None
    try:
        told = json.loads(text)
    except ValueError as error:
        raise CommandError(f"{file} is no JSON: {error}.") from None
    if not isinstance(told, dict):
        raise CommandError(f"{file} must hold one JSON object, with BuildNumber, Branch, Commits and so on.")
    return told
