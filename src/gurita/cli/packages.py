"""`gurita package`: the server's own repository."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

from cyclopts import App, Parameter

from gurita.cli.asking import confirmed
from gurita.cli.client import Client
from gurita.cli.errors import ApiRefused, CommandError
from gurita.cli.options import Options
from gurita.cli.output import Columns, member, show, show_one, size, when
from gurita.cli.uploads import upload
from gurita.formats.package_names import PackageNameError, read_file_name

__all__ = ["OverwriteMode", "app"]

app = App(name="package", help="What is deployed, in the server's own repository.")

OverwriteMode = Literal["FailIfExists", "OverwriteExisting", "IgnoreIfExists"]
_COLUMNS: Columns = {
    "Package": "PackageId",
    "Version": "Version",
    "Id": "Id",
    "Size": size("PackageSizeBytes"),
    "Published": when("Published"),
}
_PUSHED: Columns = {**_COLUMNS, "Result": "Result"}
_MEMBERS: Columns = {
    **_COLUMNS,
    "Kind": "FileExtension",
    "SHA-1": "Hash",
    "Build": member("PackageVersionBuildInformation", "BuildNumber"),
    "Notes": "ReleaseNotes",
}
_NAMED_INSIDE = (".nupkg",)


@app.command
def push(
    files: list[Path],
    /,
    *,
    overwrite_mode: OverwriteMode = "FailIfExists",
    options: Options | None = None,
) -> None:
    """Upload packages. Nothing is sent before all files are there and named Id.Version.extension.

    Parameters
    ----------
    files
        Such as Acme.Web.1.2.3.zip.
    overwrite_mode
        What happens to a version that is there already: FailIfExists, OverwriteExisting or IgnoreIfExists.
    """
    for file in files:
        _check(file)
    pushed: list[Any] = []
    with Client(options) as client:
        for file in files:
            try:
                status, made = upload(client, "packages/raw", file, {"overwriteMode": overwrite_mode})
            except ApiRefused as refused:
                _show_pushed(options, pushed)
                raise ApiRefused(refused.status, f"{file.name}: {refused.message}", refused.errors) from None
            result = "new" if status == 201 else "kept" if overwrite_mode == "IgnoreIfExists" else "replaced"
            pushed.append({**made, "Result": result})
        _show_pushed(client.options, pushed)


def _show_pushed(options: Options | None, pushed: list[Any]) -> None:
    if pushed:
        show(options, pushed, _PUSHED)


def _check(file: Path) -> None:
    if not file.is_file():
        raise CommandError(
            f"{file} is no file. {'Name its files.' if file.is_dir() else 'Is the path right?'}"
        )
    if file.suffix.lower() not in _NAMED_INSIDE:
        try:
            read_file_name(file.name)
        except PackageNameError as error:
            raise CommandError(str(error)) from None


@app.command(name="list")
def list_(
    package: str = "",
    /,
    *,
    filter: str = "",
    latest: Annotated[bool, Parameter(negative="")] = False,
    options: Options | None = None,
) -> None:
    """List versions of packages, the highest first.

    Parameters
    ----------
    package
        Only the versions of this package.
    filter
        Only packages whose id contains this.
    latest
        Only the highest version of each.
    """
    with Client(options) as client:
        query = {"nuGetPackageId": package, "filter": filter, "latest": "true" if latest else ""}
        show(options, client.all("packages", **query), _COLUMNS)


@app.command
def view(id: str, /, *, options: Options | None = None) -> None:
    """Show a version of a package.

    Parameters
    ----------
    id
        As `package list` shows it: packages-Acme.Web.1.2.3.
    """
    with Client(options) as client:
        show_one(options, client.get(client.part("packages", id)), _MEMBERS)


@app.command
def delete(
    id: str, /, *, yes: Annotated[bool, Parameter(negative="")] = False, options: Options | None = None
) -> int:
    """Delete a version of a package.

    Parameters
    ----------
    id
        As `package list` shows it: packages-Acme.Web.1.2.3.
    yes
        Do not ask.
    """
    with Client(options) as client:
        found = client.get(client.part("packages", id))
        if not confirmed(f"Delete {found['PackageId']} {found['Version']}?", yes=yes):
            return 1
        client.delete(client.part("packages", found["Id"]))
    return 0
