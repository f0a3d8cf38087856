"""`gurita feed`: where packages come from."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import quote

from cyclopts import App, Parameter

from gurita.cli.client import Client
from gurita.cli.collections import add_delete, add_list
from gurita.cli.errors import Misused
from gurita.cli.naming import find
from gurita.cli.options import Options
from gurita.cli.output import Columns, show, show_one, size, when
from gurita.cli.texts import read_text

__all__ = ["app"]

app = App(name="feed", help="Where packages come from.")

FeedType = Literal[
    "ArtifactoryGeneric",
    "AwsElasticContainerRegistry",
    "AzureContainerRegistry",
    "Docker",
    "GcsStorage",
    "GitHub",
    "GoogleContainerRegistry",
    "Helm",
    "Maven",
    "Npm",
    "NuGet",
    "OciRegistry",
    "PyPi",
    "S3",
]
_COLUMNS: Columns = {"Name": "Name", "Id": "Id", "Type": "FeedType", "Address": "FeedUri"}
_FOUND: Columns = {"Package": "Id", "Latest": "LatestVersion", "Description": "Description"}
_VERSIONS: Columns = {
    "Package": "PackageId",
    "Version": "Version",
    "Size": size("SizeBytes"),
    "Published": when("Published"),
}


add_list(app, "feeds", _COLUMNS, "List feeds.")
add_delete(app, "feeds", "Forget a feed that nothing uses.")


@app.command
def create(
    name: str,
    /,
    *,
    type: FeedType,
    address: str = "",
    username: str = "",
    password_file: Annotated[Path | None, Parameter(allow_leading_hyphen=True)] = None,
    member: list[str] | None = None,
    options: Options | None = None,
) -> None:
    """Add a feed. `feed test` tells whether it answers.

    Parameters
    ----------
    name
        Its name here.
    type
        What kind of feed it is, as the API calls it.
    address
        Where it is, such as https://packages.example/v3/index.json.
    username
        Who signs in there.
    password_file
        File with the password or token, - for stdin.
    member
        NAME=VALUE for another member of this type, such as Region=eu-west-1; may be given again.
    """
    body: dict[str, Any] = {"Name": name, "FeedType": type}
    body |= {"FeedUri": address} if address else {}
    body |= {"Username": username} if username else {}
    if password_file is not None:
        body["Password"] = {"HasValue": True, "NewValue": read_text(password_file).rstrip("\r\n")}
    for each in member or []:
        key, equals, value = each.partition("=")
        if not key or not equals:
            raise Misused(f"--member {each}: write it as NAME=VALUE.")
        body[key] = _value(value)
    with Client(options) as client:
        show_one(client.options, client.post("feeds", body), _COLUMNS)


@app.command(name="test")
def ask(name: str, /, *, options: Options | None = None) -> int:
    """Ask a feed for something now. The exit code is 1 if it does not answer.

    Parameters
    ----------
    name
        Name, slug or id.
    """
    with Client(options) as client:
        feed = find(client, "feeds", name)
        found = client.post(client.part("feeds", feed["Id"], "test"))
        if client.options.output == "json":
            show_one(options, found, {})
        else:
            for message in found["Messages"]:
                print(message)
        return 0 if found["IsSuccessful"] else 1


@app.command
def search(
    name: str,
    term: str = "",
    /,
    *,
    versions: Annotated[bool, Parameter(negative="")] = False,
    version_range: Annotated[str, Parameter(name="--range")] = "",
    tag: str = "",
    take: int = 30,
    options: Options | None = None,
) -> None:
    """Look for packages in a feed, or for the versions of one.

    Parameters
    ----------
    name
        Name, slug or id of the feed.
    term
        Part of a package's id; with --versions all of it.
    versions
        Show the versions of this package, the newest first.
    version_range
        Only versions in this range, such as [1.0,2.0).
    tag
        Only versions whose pre-release matches this regular expression; ^$ for releases.
    take
        How many at most.
    """
    if (version_range or tag) and not versions:
        raise Misused("--range and --tag are about versions: add --versions.")
    if versions and not term:
        raise Misused("Say of which package: gurita feed search FEED PACKAGE --versions")
    with Client(options) as client:
        id = quote(find(client, "feeds", name)["Id"], safe="")
        if versions:
            query = {"packageId": term, "versionRange": version_range, "preReleaseTag": tag, "take": take}
            found = client.get(f"feeds/{id}/packages/versions", **query)
            show(options, found["Items"], _VERSIONS)
        else:
            found = client.get(f"feeds/{id}/packages/search", term=term, take=take)
            show(options, found["Items"], _FOUND)


def _value(text: str) -> Any:
    """A number or a yes and no as the API wants them; anything else is text."""
    if text in {"true", "false"}:
        return text == "true"
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else text
