"""Requests to the REST API, for people at a command line: every failure becomes a sentence."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, BinaryIO, Self
from urllib.parse import quote

import httpx2

from gurita import __version__
from gurita.cli.errors import ApiRefused, CommandError, Misused, ServerAway
from gurita.cli.options import Options
from gurita.cli.settings import settled

__all__ = ["Client"]

_PAGE = 1000
_SILENCE = 60.0
"""Seconds without a byte after which a stream is taken for dead; the server sends a beat every 15."""

_DIGESTING = 600.0
"""Seconds a server may take with what was sent: a package of gigabytes is hashed before the answer."""


class Client:
    """A server's API within a space. Paths are those below `/api` and the space. Close it when done."""

    def __init__(self, options: Options | None, *, transport: httpx2.BaseTransport | None = None) -> None:
        self.options, key = settled(options)
        self.url = self.options.url.rstrip("/")
        if not self.url.startswith(("http://", "https://")):
            raise Misused(f"--url is '{self.url}'; write it as http://name:port or https://name.")
        headers = {"X-Octopus-ApiKey": _api_key(self.options, key), "User-Agent": f"gurita/{__version__}"}
        self._http = httpx2.Client(base_url=self.url, headers=headers, timeout=30, transport=transport)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._http.close()

    def of_system(self) -> Self:
        """The same, from now on with paths below `/api` alone: for what belongs to no space."""
        self.options = replace(self.options, space="")
        return self

    def get(self, path: str, **query: Any) -> Any:
        """What a GET answers."""
        return self._ask("GET", path, query=query)

    def post(self, path: str, body: Any = None, **query: Any) -> Any:
        """What a POST answers."""
        return self._ask("POST", path, body if body is not None else {}, query)

    def put(self, path: str, body: Any) -> Any:
        """What a PUT answers."""
        return self._ask("PUT", path, body)

    def delete(self, path: str) -> Any:
        """What a DELETE answers."""
        return self._ask("DELETE", path)

    def all(self, path: str, **query: Any) -> list[Any]:
        """The items of all pages of a list."""
        found: list[Any] = []
        while True:
            page = self.get(path, skip=len(found), take=_PAGE, **query)
            found += page["Items"]
            if not page["Items"] or len(found) >= page["TotalResults"]:
                return found

    @staticmethod
    def part(*names: str) -> str:
        """A path of names, each as one segment whatever is in it."""
        return "/".join(quote(name, safe="") for name in names)

    def page_of(self, task: Mapping[str, Any]) -> str:
        """Where a person looks at a task, by its `SpaceId` (none: the server's own) and `Id`."""
        place = f"{task['SpaceId']}/" if task.get("SpaceId") else ""
        return f"{self.url}/app/{place}tasks/{task['Id']}"

    def upload(self, path: str, file: BinaryIO, name: str, query: dict[str, Any]) -> tuple[int, Any]:
        """Posts a file as a form, read as it is sent; status and what it answers."""
        timeout = httpx2.Timeout(60, read=_DIGESTING)
        files = {"file": (name, file, "application/octet-stream")}
        try:
            answer = self._http.post(self.path(path), files=files, params=_known(query), timeout=timeout)
        except httpx2.HTTPError as error:
            raise self._away(error) from error
        return answer.status_code, _told(answer, self.url)

    @contextmanager
    def exchange(
        self,
        method: str,
        address: str,
        *,
        content: Iterable[bytes] | None = None,
        headers: dict[str, str] | None = None,
    ) -> Iterator[httpx2.Response]:
        """Any request, `address` being from the server's root; its answer, not yet read. Raises ApiRefused."""
        timeout = httpx2.Timeout(60, read=_DIGESTING)
        request = self._http.build_request(method, address, content=content, headers=headers, timeout=timeout)
        try:
            answer = self._http.send(request, stream=True)
            try:
                if answer.status_code >= 400:
                    answer.read()
                _check(answer)
                yield answer
            finally:
                answer.close()
        except httpx2.HTTPError as error:
            raise self._away(error) from error

    @contextmanager
    def stream(self, path: str, last_event_id: str = "") -> Iterator[Iterator[str]]:
        """The lines of an event stream. Raises ServerAway when it breaks, ApiRefused when there is none."""
        headers = {"Accept": "text/event-stream"}
        if last_event_id:
            headers["Last-Event-ID"] = last_event_id
        timeout = httpx2.Timeout(30, read=_SILENCE)
        try:
            with self._http.stream("GET", self.path(path), headers=headers, timeout=timeout) as answer:
                if answer.status_code >= 400:
                    answer.read()
                _check(answer)
                yield answer.iter_lines()
        except httpx2.HTTPError as error:
            raise self._away(error) from error

    def _ask(self, method: str, path: str, body: Any = None, query: dict[str, Any] | None = None) -> Any:
        try:
            answer = self._http.request(method, self.path(path), json=body, params=_known(query))
        except httpx2.HTTPError as error:
            raise self._away(error) from error
        return _told(answer, self.url)

    def path(self, path: str) -> str:
        """A path within the space from the server's root."""
        space = self.options.space
        return f"/api/{quote(space, safe='')}/{path}" if space else f"/api/{path}"

    def _away(self, error: httpx2.HTTPError) -> ServerAway:
        return ServerAway(
            f"{self.url} cannot be reached: {str(error) or type(error).__name__}. "
            "Is the server running? Say where it is with --url or GURITA_URL."
        )


def _api_key(options: Options, key: str) -> str:
    if path := options.api_key_file:
        try:
            text = sys.stdin.read() if str(path) == "-" else path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(f"--api-key-file {path} cannot be read: {error}.") from None
    else:
        text = key
    if not text.strip():
        raise CommandError(
            "There is no API key: set GURITA_API_KEY, name a file with --api-key-file, "
            "or keep one with `gurita config set api-key`."
        )
    if not text.strip().isascii() or " " in text.strip():
        raise CommandError("That is no API key: it begins with API- and has capital letters and digits.")
    return text.strip()


def _known(query: dict[str, Any] | None) -> dict[str, Any] | None:
    """What was given of a query; the rest is not sent."""
    return {name: value for name, value in (query or {}).items() if value not in (None, "", [], ())} or None


def _told(answer: httpx2.Response, url: str) -> Any:
    _check(answer)
    try:
        return answer.json() if answer.content else None
    except ValueError:
        raise ServerAway(f"{url} does not answer like a Gurita server.") from None


def _check(answer: httpx2.Response) -> None:
    if answer.status_code < 400:
        return
    try:
        told = answer.json()
        message, errors = str(told["ErrorMessage"]), [str(each) for each in told.get("Errors") or []]
    except (ValueError, KeyError, TypeError, AttributeError):
        message, errors = f"The server answered {answer.status_code} {answer.reason_phrase}.", []
    raise ApiRefused(answer.status_code, message, errors)
