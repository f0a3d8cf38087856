"""Making this machine known to a server through its REST API, with an API key or a one-time token."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self
from urllib.parse import quote, urlsplit

import httpx2

from gurita.agent.errors import AgentError, ServerRefused

__all__ = ["TOKEN_HEADER", "Api", "Bootstrap", "Contact", "Machine"]

TOKEN_HEADER = "X-Gurita-Registration-Token"  # noqa: S105 - the header's name
_KEY_HEADER = "X-Octopus-ApiKey"
_SPACE_ID = re.compile(r"Spaces-\d+\Z")


@dataclass(frozen=True, slots=True)
class Bootstrap:
    """What `GET /api/gurita/agent/bootstrap` answers: whom to trust and where to dial."""

    server_fingerprint: str
    agent_port: int
    version: str


@dataclass(frozen=True, slots=True)
class Machine:
    """What is to be registered. With `pools` it is a worker, otherwise a target."""

    name: str = ""
    environments: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    pools: tuple[str, ...] = ()
    space: str = ""


@dataclass(frozen=True, slots=True)
class Contact:
    """How the server reaches it: `poll://subscription/` or `https://host:port/`, and the agent's own fingerprint."""

    uri: str
    thumbprint: str

    @property
    def polling(self) -> bool:
        """Whether the agent dials the server."""
        return self.uri.startswith("poll:")


class Api:
    """The few requests an agent makes. `api_key` or `token` signs them; both are plain texts from the command line's
    environment, file or stdin."""

    def __init__(
        self, url: str, *, api_key: str = "", token: str = "", transport: httpx2.BaseTransport | None = None
    ) -> None:
        parts = urlsplit(url)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise AgentError(f"{url!r} is no address of a server; write https://name or https://name:port")
        headers = {_KEY_HEADER: api_key} if api_key else {TOKEN_HEADER: token} if token else {}
        self._may_read = bool(api_key)
        self._host = parts.hostname
        self._url = url.rstrip("/")
        self._client = httpx2.Client(base_url=self._url, headers=headers, timeout=30, transport=transport)

    @property
    def url(self) -> str:
        """The server's address, without a slash at its end."""
        return self._url

    @property
    def host(self) -> str:
        """The server's host name, where its agent port is found too."""
        return self._host

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def close(self) -> None:
        """Closes its connections."""
        self._client.close()

    def bootstrap(self) -> Bootstrap:
        """The server's own key and port. Raises ServerRefused."""
        answer = self._ask("GET", "/api/gurita/agent/bootstrap")
        try:
            return Bootstrap(answer["ServerFingerprint"], int(answer["AgentPort"]), str(answer["Version"]))
        except (KeyError, TypeError, ValueError):
            raise ServerRefused(f"{self._url} does not answer like a Gurita server") from None

    def register(self, wanted: Machine, contact: Contact, *, force: bool = False) -> str:
        """Makes the machine or worker; answers its path under `/api/`. Raises ServerRefused.

        `force` replaces one of the same name.

        With an API key environments, pools and the space are looked up by name; a token's request carries them as
        given, and the server resolves them.
        """
        prefix = f"{self._space(wanted.space)}/" if wanted.space else ""
        if wanted.pools:
            pools = self._ids(prefix, "workerpools", wanted.pools)
            collection, body = "workers", _body(wanted, contact) | {"WorkerPoolIds": pools}
        else:
            environments = self._ids(prefix, "environments", wanted.environments)
            body = _body(wanted, contact) | {"EnvironmentIds": environments, "Roles": list(wanted.roles)}
            body |= {"TenantedDeploymentParticipation": "Untenanted", "TenantIds": [], "TenantTags": []}
            collection = "machines"
        made = self._ask("POST", f"/api/{prefix}{collection}{'?force=true' if force else ''}", body)
        return f"{prefix}{collection}/{quote(str(made['Id']), safe='')}"

    def deregister(self, machine: str) -> None:
        """Removes what `register` made. One that is gone already is fine."""
        self._ask("DELETE", f"/api/{machine}", missing_is_fine=True)

    def _space(self, name: str) -> str:
        if _SPACE_ID.match(name) or not self._may_read:
            return quote(name, safe="")
        return self._find("/api/spaces/all", "space", name)

    def _ids(self, prefix: str, collection: str, names: Sequence[str]) -> list[str]:
        if not self._may_read or not names:
            return list(names)
        return [self._find(f"/api/{prefix}{collection}/all", collection, name) for name in names]

    def _find(self, path: str, what: str, name: str) -> str:
        wanted = name.casefold()
        for item in self._ask("GET", path):
            if wanted in {str(item.get(key, "")).casefold() for key in ("Id", "Name", "Slug")}:
                return str(item["Id"])
        raise ServerRefused(f"the server has nothing called {name!r} among its {what}")

    def _ask(self, method: str, path: str, body: Any = None, *, missing_is_fine: bool = False) -> Any:
        try:
            answer = self._client.request(method, path, json=body)
        except httpx2.HTTPError as error:
            raise ServerRefused(f"{self._url} cannot be reached: {error}") from None
        if missing_is_fine and answer.status_code == 404:
            return None
        if answer.status_code >= 400:
            raise ServerRefused(f"{self._url}{path} answered {answer.status_code}: {_reason(answer)}")
        try:
            return answer.json() if answer.content else None
        except ValueError:
            raise ServerRefused(f"{self._url}{path} does not answer like a Gurita server") from None


def _body(wanted: Machine, contact: Contact) -> dict[str, Any]:
    endpoint = {
        "CommunicationStyle": "TentacleActive" if contact.polling else "TentaclePassive",
        "Uri": contact.uri,
        "Thumbprint": contact.thumbprint,
    }
    return {"Name": wanted.name, "IsDisabled": False, "Endpoint": endpoint} | {
        "Thumbprint": contact.thumbprint,
        "Uri": contact.uri,
    }


def _reason(answer: httpx2.Response) -> str:
    try:
        told = answer.json()
        return "; ".join([str(told["ErrorMessage"]), *map(str, told.get("Errors", []))])
    except (ValueError, KeyError, TypeError, AttributeError):
        return answer.text[:200] or answer.reason_phrase
