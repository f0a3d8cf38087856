"""`gurita api`: any request to the API, for what has no command of its own."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlencode, urlsplit

import httpx2
from cyclopts import Parameter

from gurita.cli.client import Client
from gurita.cli.errors import CommandError, Misused
from gurita.cli.options import Options
from gurita.cli.uploads import pieces

__all__ = ["api"]

Method = Literal["GET", "POST", "PUT", "DELETE"]


def api(
    method: Method,
    path: str,
    /,
    *,
    body: Annotated[Path | None, Parameter(allow_leading_hyphen=True)] = None,
    query: list[str] | None = None,
    content_type: str = "application/json",
    to: Path | None = None,
    options: Options | None = None,
) -> None:
    """Send any request and print what it answers: JSON in lines, anything else as it is.

    Parameters
    ----------
    method
        GET, POST, PUT or DELETE.
    path
        projects/all, within the space; or from the root of the server, /api/serverstatus.
    body
        File to send, - for stdin.
    query
        NAME=VALUE for the address; may be given again.
    content_type
        What the body is.
    to
        File to write the answer to.
    """
    with Client(options) as client:
        address = _address(client, path)
        if pairs := _pairs(query):
            address += ("&" if "?" in address else "?") + urlencode(pairs)
        headers = {"Accept": "*/*"} | ({"Content-Type": content_type} if body is not None else {})
        content = None if body is None else pieces(body)
        with client.exchange(method, address, content=content, headers=headers) as answer:
            if to is not None:
                _write(answer, to)
            elif "json" in answer.headers.get("Content-Type", ""):
                answer.read()
                print(_pretty(answer.text))
            else:
                _print(answer)


def _address(client: Client, path: str) -> str:
    """The path from the server's root. What a person pastes from a link or a browser is fine too."""
    if path.startswith(("http://", "https://")):
        if not path.startswith(client.url + "/"):
            raise Misused(f"'{path}' is at another server than {client.url}. Say which with --url.")
        path = path.removeprefix(client.url)
    if path.startswith("/"):
        return path
    if path.split("/", 1)[0].lower() == "api":
        return f"/{path}"
    return client.path(path)


def _pairs(query: list[str] | None) -> list[tuple[str, str]]:
    pairs = []
    for each in query or []:
        name, equals, value = each.partition("=")
        if not name or not equals:
            raise Misused(f"--query {each}: write it as NAME=VALUE.")
        pairs.append((name, value))
    return pairs


def _pretty(text: str) -> str:
    try:
        return json.dumps(json.loads(text), indent=2, ensure_ascii=False)
    except ValueError:
        return text


def _write(answer: httpx2.Response, to: Path) -> None:
    try:
        with to.open("wb") as file:
            for piece in answer.iter_bytes(1 << 20):
                file.write(piece)
    except OSError as error:
        raise CommandError(f"{to} cannot be written: {error}.") from None


def _print(answer: httpx2.Response) -> None:
    text = answer.headers.get("Content-Type", "").startswith("text/")
    if sys.stdout.isatty() and not text and int(answer.headers.get("Content-Length") or 1):
        name = urlsplit(str(answer.url)).path.rsplit("/", 1)[-1] or "answer"
        raise CommandError(f"The answer is no text. Write it to a file with --to {name}.")
    for piece in answer.iter_bytes():
        sys.stdout.buffer.write(piece)
        sys.stdout.buffer.flush()
