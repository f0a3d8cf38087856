"""The root documents: what `GET /api` and `GET /api/{space}` say (api.md §2, §13)."""

from __future__ import annotations

import re
from functools import lru_cache

from gurita.http.call import Call
from gurita.http.link_table import SPACE_LINKS, SYSTEM_LINKS
from gurita.http.permissions import PUBLIC, SIGNED_IN
from gurita.http.routes import Route, Routes
from gurita.http.wire import Wire

__all__ = ["API_VERSION", "VERSION", "RootDocument", "SpaceRootDocument", "link_names", "routes"]

VERSION = "2026.3.1"
"""What clients of the field compare: three plain integers."""

API_VERSION = "3.0.0"
PRODUCT, PRODUCT_VERSION = "Gurita", "0.1.0"

_QUERY = re.compile(r"\{[?&][^}]*\}")
_OPTIONAL = re.compile(r"\{/[^}]*\}")
# links that are no routes below /api
_ALWAYS = {"SpaceHome"}

system, space = Routes("system"), Routes("space")


class RootDocument(Wire):
    """Who answers, which version, and where everything is."""

    application: str
    version: str
    api_version: str
    installation_id: str
    is_early_access_program: bool
    has_long_term_support: bool
    product: str
    product_version: str
    links: dict[str, str]


class SpaceRootDocument(Wire):
    """Where everything of a space is."""

    links: dict[str, str]


@lru_cache(maxsize=8)
def link_names(routes: tuple[Route, ...], *, of_space: bool) -> dict[str, str]:
    """Names and templates of the links that a route stands behind, with or without an optional `{/id}` at the end.

    Links of the system include routes of a space: unscoped they mean the default space.
    """
    table = SPACE_LINKS if of_space else SYSTEM_LINKS
    levels = ("space", "mixed") if of_space else ("space", "mixed", "system")
    paths = {_shape(route.path) for route in routes if route.level in levels}
    return {name: link for name, link in table.items() if name in _ALWAYS or _shapes(link) & paths}


def _shapes(template: str) -> set[str]:
    bare = _QUERY.sub("", template)
    return {_shape(_OPTIONAL.sub("", bare)), _shape(_OPTIONAL.sub("/{}", bare))}


def _shape(path: str) -> str:
    return re.sub(r"\{[^}]*\}", "{}", path.strip("/").lower())


def _system_links(call: Call) -> dict[str, str]:
    links = call.links
    found = {"Self": links.system(), "Web": f"{links.prefix}/app"}
    for name, template in link_names(call.api.routes, of_space=False).items():
        found[name] = links.system(template)
    return found


@system.get("", permission=PUBLIC)
async def api_root(call: Call) -> RootDocument:
    """What this server is, and its links."""
    return RootDocument(
        application="Octopus Deploy",
        version=VERSION,
        api_version=API_VERSION,
        installation_id=call.services.installation_id,
        is_early_access_program=False,
        has_long_term_support=False,
        product=PRODUCT,
        product_version=PRODUCT_VERSION,
        links=_system_links(call),
    )


@space.get("", permission=SIGNED_IN)
async def space_root(call: Call) -> SpaceRootDocument:
    """The links of a space."""
    links = call.links
    found = {"Self": links.space(), "Web": links.web(call.space)}
    for name, template in link_names(call.api.routes, of_space=True).items():
        found[name] = links.space(template)
    return SpaceRootDocument(links=found)


routes: list[Route] = [*system.items, *space.items]
