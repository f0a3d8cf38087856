"""`gurita config replace`: structured variables put into files here, by the code that deployments use."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated, Any, Literal

from cyclopts import Parameter

from gurita.cli.errors import CommandError, Misused
from gurita.cli.options import Options
from gurita.cli.output import Columns, note, show
from gurita.formats.configuration.files import replace_in
from gurita.formats.variables import VariableError, Variables

__all__ = ["replace"]

Format = Literal["auto", "json", "yaml", "xml", "properties"]
_COLUMNS: Columns = {"File": "Path", "Format": "Format", "Replaced": lambda item: ", ".join(item["Replaced"])}


def replace(
    *paths: Path,
    variables: Annotated[Path, Parameter(allow_leading_hyphen=True)],
    format: Format = "auto",
    options: Options | None = None,
) -> int:
    """Put the values of variables into configuration files, as a deployment does. Files are changed in place.

    The exit code is 0 when every file was read, whether something was replaced or not; 1 when one could not be; 2 when
    the command was not understood.

    Parameters
    ----------
    paths
        Files to change.
    variables
        JSON file with an object of names and values, - for stdin. Values may refer to others with #{Name}.
    format
        What the files are; auto goes by the name, and tries JSON first.
    """
    if not paths:
        raise Misused("Name the files: gurita config replace --variables FILE PATH…")
    values = _evaluated(_read(variables))
    shown: list[dict[str, Any]] = []
    code = 0
    for path in paths:
        try:
            done = replace_in(str(path), values, formats=() if format == "auto" else (format,))
        except (ValueError, OSError) as error:
            note(f"{path}: {error.strerror if isinstance(error, OSError) else error}")
            code = 1
            continue
        for warning in done.warnings:
            note(f"{path}: {warning}")
        shown.append(
            {
                "Path": str(path),
                "Format": done.format,
                "Replaced": list(done.names),
                "Warnings": list(done.warnings),
                "BecameUtf8": done.upgraded,
            }
        )
    show(options, shown, _COLUMNS)
    return code


def _read(file: Path) -> dict[str, str]:
    try:
        found = json.loads(sys.stdin.read() if str(file) == "-" else file.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise CommandError(f"{file} cannot be read: {error.strerror}.") from None
    except ValueError as error:
        raise CommandError(f"{file} is no JSON: {error}.") from None
    if not isinstance(found, dict):
        raise CommandError(f"{file} must hold an object of names and values.")
    return {name: value if isinstance(value, str) else json.dumps(value) for name, value in found.items()}


def _evaluated(values: dict[str, str]) -> dict[str, str]:
    """The values, those that the filter `null` makes nothing of left out."""
    known = Variables(values)
    try:
        found = {name: known.value(name) for name in known}
    except VariableError as error:
        raise CommandError(str(error)) from None
    return {name: value for name, value in found.items() if value is not None}
