"""What a person keeps for the command line: the server, the key and the space, in a file of their own."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from gurita.cli.errors import CommandError
from gurita.cli.options import DEFAULT_URL, Options

__all__ = ["KEYS", "Setting", "file_path", "keep", "kept", "settings", "settled"]

KEYS = ("url", "api-key", "space")
_VARIABLES = {"url": "GURITA_URL", "api-key": "GURITA_API_KEY", "space": "GURITA_SPACE"}


@dataclass(frozen=True, slots=True)
class Setting:
    """A value that holds now, and where it comes from, in words."""

    key: str
    value: str
    source: str


def file_path() -> Path:
    """`$GURITA_CLI_CONFIG`, else `gurita/config.toml` in the user's configuration folder (XDG Base Directory)."""
    if named := os.environ.get("GURITA_CLI_CONFIG"):
        return Path(named)
    folder = os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config"
    return Path(folder) / "gurita" / "config.toml"


def kept() -> dict[str, str]:
    """What the file says; nothing where there is none. Raises CommandError for a file that is wrong or open to others."""
    import tomllib

    path = file_path()
    try:
        with path.open("rb") as file:
            mode = os.fstat(file.fileno()).st_mode
            whole = tomllib.load(file)
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise CommandError(f"{path} cannot be read: {error}. Correct it, or move it away.") from None
    found = {}
    for key in KEYS:
        value = whole.get(key.replace("-", "_"), "")
        if not isinstance(value, str):
            raise CommandError(f"{path}: {key.replace('-', '_')} must be a text in quotes.")
        if value:
            found[key] = value
    if "api-key" in found and os.name == "posix" and mode & 0o077:
        raise CommandError(f"{path} holds an API key and others may read it. Do: chmod 600 {path}")
    return found


def keep(values: Mapping[str, str]) -> Path:
    """Writes the file whole, for the user alone, and answers where it is. Raises CommandError."""
    path = file_path()
    text = "".join(
        f"{key.replace('-', '_')} = {json.dumps(value, ensure_ascii=False)}\n"
        for key, value in values.items()
    )
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        number, aside = tempfile.mkstemp(dir=path.parent, prefix=".config-")
        try:
            with os.fdopen(number, "w", encoding="utf-8") as file:
                file.write(text)
            os.replace(aside, path)
        except BaseException:
            os.unlink(aside)
            raise
    except OSError as error:
        raise CommandError(f"{path} cannot be written: {error}.") from None
    return path


def settings(options: Options | None) -> list[Setting]:
    """What holds now: options, else the environment, else the file. The key's own file stands in for the key."""
    options = options or Options()
    file = kept()
    given = {"url": options.url, "space": options.space}
    found = []
    for key in KEYS:
        variable = os.environ.get(_VARIABLES[key], "")
        if key == "api-key" and options.api_key_file:
            found.append(Setting(key, "", f"the file {options.api_key_file}"))
        elif key == "api-key" and variable:
            found.append(Setting(key, variable.strip(), _VARIABLES[key]))
        elif given.get(key):
            source = _VARIABLES[key] if given[key] == variable else f"--{key}"
            found.append(Setting(key, given[key], source))
        elif key in file:
            found.append(Setting(key, file[key], str(file_path())))
        else:
            found.append(Setting(key, DEFAULT_URL if key == "url" else "", "nobody"))
    return found


def settled(options: Options | None) -> tuple[Options, str]:
    """The options with what the file says where nothing else does, and the API key of the environment or the file.

    The file's key goes to no other server than the file's. Raises CommandError.
    """
    told = {setting.key: setting for setting in settings(options)}
    key, url = told["api-key"], told["url"]
    file = kept()
    if key.source == str(file_path()) and file.get("url", url.value).rstrip("/") != url.value.rstrip("/"):
        raise CommandError(
            f"The API key in {file_path()} is for {file['url']}, not for {url.value}. "
            "Set GURITA_API_KEY for that server, or GURITA_CLI_CONFIG to another file."
        )
    space = told["space"].value
    return replace(options or Options(), url=url.value, space=space), key.value
