"""`gurita config`: what is kept for the next command; and `replace`, which is about other people's files."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import App, Parameter

from gurita.cli.errors import CommandError, Misused
from gurita.cli.options import Options
from gurita.cli.output import Columns, note, show, show_one
from gurita.cli.settings import Setting, file_path, keep, kept, settings

__all__ = ["app"]

app = App(name="config", help="The server, key and space of your commands, kept in a file only you can read.")
app.command(
    "gurita.cli.config_replace:replace",
    name="replace",
    help="Put values of variables into configuration files, as a deployment does.",
)

Key = Literal["url", "api-key", "space"]
_COLUMNS: Columns = {"Key": "Key", "Value": "Value", "From": "From"}


@app.command(name="list")
def list_(*, options: Options | None = None) -> None:
    """Show what holds now and where it comes from: an option, the environment, or the file."""
    show(options, [_shown(setting) for setting in settings(options)], _COLUMNS)


@app.command
def get(key: Key, /, *, options: Options | None = None) -> int:
    """Print one value as it holds now. The exit code is 1 if there is none.

    Parameters
    ----------
    key
        What to print.
    """
    found = next(setting for setting in settings(options) if setting.key == key)
    if options is not None and options.output == "json":
        show_one(options, {"Key": key, "Value": found.value, "From": found.source}, {})
    elif found.value:
        print(found.value)
    return 0 if found.value else 1


@app.command(name="set")
def set_(
    key: Key,
    value: str = "",
    /,
    *,
    file: Annotated[Path | None, Parameter(allow_leading_hyphen=True)] = None,
    options: Options | None = None,
) -> None:
    """Keep a value for the next commands.

    Parameters
    ----------
    key
        What to keep.
    value
        The value. An API key is never an argument: it is asked for, or read from a file.
    file
        File with the value, - for stdin.
    """
    if key == "api-key" and value:
        raise Misused("An API key is never an argument. Leave it out to be asked, or use --file KEY_FILE.")
    if value and file is not None:
        raise Misused("Give the value or --file, not both.")
    text = _checked(key, value or _read(key, file))
    path = keep({**kept(), key: text})
    setting = Setting(key, text, str(path))
    if options is not None and options.output == "json":
        show_one(options, _shown(setting), {})
    else:
        note(f"{key} is kept in {path}.")


@app.command
def unset(key: Key, /, *, options: Options | None = None) -> None:
    """Forget a value.

    Parameters
    ----------
    key
        What to forget.
    """
    values = {name: value for name, value in kept().items() if name != key}
    path = keep(values)
    if options is not None and options.output == "json":
        show_one(options, _shown(Setting(key, "", str(path))), {})


@app.command
def path() -> None:
    """Print where the file is."""
    print(file_path())


def _shown(setting: Setting) -> dict[str, str]:
    value = setting.value
    if setting.key == "api-key" and value:
        value = f"{value[:7]}…" if len(value) > 12 else "…"
    return {"Key": setting.key, "Value": value, "From": setting.source}


def _read(key: Key, file: Path | None) -> str:
    if file is None:
        if key != "api-key":
            raise Misused(f"Say what {key} is: gurita config set {key} VALUE")
        if sys.stdin.isatty():
            from getpass import getpass

            return getpass("API key: ")
        return sys.stdin.read()
    try:
        return sys.stdin.read() if str(file) == "-" else file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"{file} cannot be read: {error}.") from None


def _checked(key: Key, text: str) -> str:
    text = text.strip()
    if not text or not text.isprintable():
        raise Misused(
            f"That is no {key}: it must be one line of text. `gurita config unset {key}` forgets it."
        )
    if key == "url" and not text.startswith(("http://", "https://")):
        raise Misused(f"'{text}' is no address; write it as http://name:port or https://name.")
    if key == "api-key" and (not text.isascii() or " " in text):
        raise Misused("That is no API key: it begins with API- and has capital letters and digits.")
    return text
