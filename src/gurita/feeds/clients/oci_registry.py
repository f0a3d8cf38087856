"""Container registries: the distribution API and its token services (OCI distribution specification 1.1)."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode, urljoin, urlsplit

from gurita.feeds.clients.types import UnknownPackage
from gurita.feeds.clients.web import LARGEST_FILE, Web, as_list, as_map, as_text
from gurita.kernel.sensitive import Sensitive
from gurita.outbound.client import Answer, Ask
from gurita.outbound.credentials import Bearer
from gurita.outbound.errors import NotLetIn, NotUnderstood, WrongContent

__all__ = ["MANIFESTS", "Manifest", "OciRegistry"]

MANIFESTS = (
    "application/vnd.oci.image.manifest.v1+json, application/vnd.docker.distribution.manifest.v2+json, "
    "application/vnd.oci.image.index.v1+json, application/vnd.docker.distribution.manifest.list.v2+json"
)
_REPOSITORY = re.compile(
    r"[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*)*", re.ASCII
)
_TAG = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,127}", re.ASCII)
_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")
_PARAMETER = re.compile(r'([A-Za-z_]+)="([^"]*)"')
_NEXT = re.compile(r'<([^>]+)>\s*;\s*rel="?next"?')
_MOST_PAGES = 100
_PAGE = 1000
_HUB = {"index.docker.io", "docker.io", "hub.docker.com", "registry.hub.docker.com"}


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a tag stands for. `digest` is `sha256:…` of the manifest as the registry sent it."""

    digest: str
    content: dict[str, Any]


class OciRegistry:
    """One registry, below whose path, if it has one, all repositories lie."""

    def __init__(self, web: Web) -> None:
        self._web = web
        parts = urlsplit(web.source.uri)
        host = "registry-1.docker.io" if (parts.hostname or "") in _HUB else parts.netloc
        self._root = f"{parts.scheme}://{host}/v2"
        self._is_hub = (parts.hostname or "") in _HUB
        below = parts.path.strip("/")
        self._below = "" if below in ("v1", "v2") else below
        self._tokens: dict[str, Bearer] = {}

    async def ping(self) -> None:
        """Raises OutboundError when the registry is none or does not let the user in."""
        await self._get("", "")

    def name(self, package_id: str) -> str:
        """A repository's whole name. Raises UnknownPackage for what is none."""
        name = "/".join(filter(None, (self._below, package_id.strip("/"))))
        if self._is_hub and "/" not in name:
            name = f"library/{name}"
        if not _REPOSITORY.fullmatch(name):
            raise UnknownPackage(f"'{package_id}' is no name of a repository. Write it like team/image.")
        return name

    async def tags(self, package_id: str) -> list[str]:
        """Every tag. Raises UnknownPackage."""
        name = self.name(package_id)
        found: list[str] = []
        url = f"{name}/tags/list?n={_PAGE}"
        for _ in range(_MOST_PAGES):
            page = await self._get(url, name, also=frozenset({404}))
            if page.status == 404:
                raise UnknownPackage(f"It has no repository '{package_id}'.")
            found += map(as_text, as_list(as_map(page.json()).get("tags")))
            if not (url := self._next(page)):
                break
        return found

    async def repositories(self) -> list[str]:
        """The catalog, below the feed's own path. Many registries hide it: NotLetIn, Gone."""
        found: list[str] = []
        url = f"_catalog?n={_PAGE}"
        for _ in range(_MOST_PAGES):
            page = await self._get(url, "")
            found += map(as_text, as_list(as_map(page.json()).get("repositories")))
            if not (url := self._next(page)):
                break
        below = f"{self._below}/" if self._below else ""
        return [name.removeprefix(below) for name in found if name.startswith(below)]

    async def manifest(self, package_id: str, reference: str) -> Manifest:
        """What a tag or a digest stands for, checked against its digest. Raises UnknownPackage."""
        name = self.name(package_id)
        if not (_TAG.fullmatch(reference) or _DIGEST.fullmatch(reference)):
            raise UnknownPackage(f"'{reference}' is no tag.")
        url = f"{name}/manifests/{reference}"
        page = await self._get(url, name, {"Accept": MANIFESTS}, also=frozenset({404}))
        if page.status == 404:
            raise UnknownPackage(f"The repository '{package_id}' has no tag {reference}.")
        digest = f"sha256:{hashlib.sha256(page.body).hexdigest()}"
        told = (
            reference if _DIGEST.fullmatch(reference) else page.headers.get("docker-content-digest", digest)
        )
        if _DIGEST.fullmatch(told) and told != digest:
            raise WrongContent(
                f"The manifest's hash is {digest} where the registry announced {told}.", page.url
            )
        return Manifest(digest, as_map(page.json()))

    async def blob(self, package_id: str, digest: str) -> Ask:
        """The request for a blob, with the token it takes."""
        name = self.name(package_id)
        if not _DIGEST.fullmatch(digest):
            raise NotUnderstood("The manifest names a layer without a SHA-256.", self._web.source.uri)
        url = f"{self._root}/{name}/blobs/{digest}"
        if name not in self._tokens:
            await self._get(f"{name}/tags/list?n=1", name)
        return self._with_token(self._web.request(url, most=LARGEST_FILE), name)

    def _with_token(self, ask: Ask, name: str) -> Ask:
        token = self._tokens.get(name)
        own = self._web.credential if urlsplit(ask.url).netloc == urlsplit(self._root).netloc else None
        return replace(ask, credential=token or own)

    def _next(self, page: Answer) -> str:
        match = _NEXT.search(page.headers.get("link", ""))
        led = urljoin(page.url, match[1]) if match else ""
        return led.removeprefix(f"{self._root}/") if led.startswith(f"{self._root}/") else ""

    async def _get(
        self,
        path: str,
        name: str,
        headers: Mapping[str, str] | None = None,
        also: frozenset[int] = frozenset(),
    ) -> Answer:
        """An answer; the token is fetched when the registry asks for one."""
        url = f"{self._root}/{path}"
        plain = self._web.request(url, headers, also=also | {401})
        answer = await self._web.send(self._with_token(plain, name))
        if answer.status == 401:
            self._tokens[name] = await self._token(answer, name)
            answer = await self._web.send(self._with_token(plain, name))
        if answer.status == 401:
            raise NotLetIn(
                "The registry answered 401 in spite of the token: it does not let this user in.", url
            )
        return answer

    async def _token(self, refused: Answer, name: str) -> Bearer:
        """A token for reading a repository, from the service the registry names. Raises NotLetIn, NotUnderstood."""
        scheme, _, rest = refused.headers.get("www-authenticate", "").partition(" ")
        told = dict(_PARAMETER.findall(rest))
        realm = told.get("realm", "")
        if scheme.lower() != "bearer" or not realm:
            raise NotLetIn(
                "The registry answered 401: it does not let this user in.", refused.url, status=401
            )
        self._check_realm(realm)
        scope = told.get("scope") or (f"repository:{name}:pull" if name else "")
        asked = {key: text for key, text in (("service", told.get("service", "")), ("scope", scope)) if text}
        url = f"{realm}{'&' if '?' in realm else '?'}{urlencode(asked)}"
        answer = await self._web.send(replace(self._web.request(url), credential=self._web.credential))
        body = as_map(answer.json())
        token = as_text(body.get("token")) or as_text(body.get("access_token"))
        if not token:
            raise NotUnderstood("The token service answered without a token.", realm)
        return Bearer(Sensitive(token))

    def _check_realm(self, realm: str) -> None:
        """The user's password goes to the token service. A registry under https names none without it."""
        registry, service = urlsplit(self._root), urlsplit(realm)
        if service.scheme != "https" and not (registry.scheme == "http" and service.scheme == "http"):
            raise NotUnderstood(
                "The registry names a token service without https; nothing was sent there.", realm
            )
