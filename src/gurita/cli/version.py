"""`gurita version`: comparing versions, looking whether one lies in a range, and filling masks, as the server does."""

from __future__ import annotations

from typing import Annotated, Literal

from cyclopts import App, Parameter

from gurita.cli.errors import Misused

__all__ = ["app"]

app = App(name="version", help="Versions of packages and releases: their order, ranges and masks.")

Kind = Literal["octopus", "semver", "strict-semver", "maven", "docker", "pep440", "lexicographic"]
Text = Annotated[str, Parameter(allow_leading_hyphen=True)]


@app.command
def compare(
    left: Text, right: Text, *, kind: Annotated[Kind, Parameter(name=["--kind", "--format"])] = "octopus"
) -> int:
    """Print -1 when the left version is the lower one, 0 when neither is, 1 when it is the higher one.

    Parameters
    ----------
    kind
        How the versions are read: releases and most feeds are `octopus`.
    """
    from gurita.formats.versions import VersionError, parse

    try:
        first, second = parse(left, kind), parse(right, kind)
    except VersionError as error:
        raise Misused(str(error)) from None
    print((first > second) - (first < second))
    return 0


@app.command(name="in-range")
def in_range(
    version: Text,
    interval: Annotated[str, Parameter(name="range", allow_leading_hyphen=True)],
    *,
    feed: Annotated[str, Parameter(name=["--feed", "--format"])] = "NuGet",
) -> int:
    """Print true or false: whether a version lies in a range such as [1.0,2.0).

    Parameters
    ----------
    feed
        The type of feed whose notation and order count, for example NuGet, Maven, Npm, PyPi, Docker.
    """
    from gurita.formats.versions import RangeError, VersionError
    from gurita.formats.versions import in_range as lies_in

    try:
        found = lies_in(version, interval, feed)
    except (VersionError, RangeError) as error:
        raise Misused(str(error)) from None
    print("true" if found else "false")
    return 0


@app.command
def mask(mask: Text, current: Text | None = None) -> int:
    """Print the version that a mask such as c.i.0 makes of the current one, or of none.

    Parameters
    ----------
    mask
        Numbers, `i` for one more, `c` for what is there.
    current
        The version that is there.
    """
    from gurita.formats.versions import VersionError, next_version

    try:
        print(next_version(mask, current))
    except VersionError as error:
        raise Misused(str(error)) from None
    return 0
