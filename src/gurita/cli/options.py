"""What every command of the client takes: which server, who asks, which space, how to print."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Group, Parameter

__all__ = ["DEFAULT_URL", "Options"]

DEFAULT_URL = "http://127.0.0.1:8065"

_CONNECTION = Group.create_ordered("Connection")


@Parameter(name="*", group=_CONNECTION)
@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """The API key is in GURITA_API_KEY or in a file, never an argument. `gurita config` keeps all three for later."""

    url: Annotated[str, Parameter(env_var="GURITA_URL")] = ""
    """The server's address; http://127.0.0.1:8065 otherwise."""
    api_key_file: Annotated[
        Path | None, Parameter(env_var="GURITA_API_KEY_FILE", allow_leading_hyphen=True)
    ] = None
    """File with an API key, - for stdin; GURITA_API_KEY otherwise."""
    space: Annotated[str, Parameter(env_var="GURITA_SPACE")] = ""
    """Id, slug or name of a space; the default space otherwise."""
    output: Annotated[Literal["table", "json"], Parameter(name=["--output", "-o"])] = "table"
    """json prints the API's own members."""
