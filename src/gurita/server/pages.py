"""The portal: one page below `/app` whose scripts speak the public API and nothing else (docs/subsystems/portal.md)."""

from __future__ import annotations

import secrets

from starlette.responses import RedirectResponse, Response

from gurita.http.api import Call
from gurita.http.permissions import PUBLIC
from gurita.http.routes import Routes
from gurita.http.security_headers import page_policy
from gurita.http.wire import Wire, encode
from gurita.kernel.errors import NotFound
from gurita.server.portal_files import PortalFile, portal_files

__all__ = ["routes"]

root = Routes("root")
_KEPT = "public, max-age=31536000, immutable"
_NOT_BUILT = """<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Gurita</title>
<h1>Gurita is running, without its pages</h1>
<p>They are built from the folder <code>web</code> by <code>scripts/build</code>, which needs Node.js 20.19 or newer.
Everything they do is also in the <a href="{prefix}/api/openapi.json">API</a> and in the command <code>gurita</code>.</p>
</html>
"""


class Build(Wire):
    """Which build of the portal this server has: a page of another one offers to load itself anew."""

    build: str


def _page(call: Call) -> Response:
    """The page with this server's prefix and name, and a nonce of its own."""
    found = portal_files()
    if (page := found.files.get("index.html")) is None:
        return Response(
            _NOT_BUILT.format(prefix=call.links.prefix),
            media_type="text/html; charset=utf-8",
            status_code=503,
        )
    nonce = secrets.token_urlsafe(16)
    text = page.plain.decode().replace('"./', f'"{call.links.prefix}/app/')
    text = text.replace("@BASE@", call.links.prefix).replace("@NONCE@", nonce).replace("@BUILD@", found.build)
    text = text.replace("@INSTALLATION@", call.services.installation_id)
    headers = {"Content-Security-Policy": page_policy(nonce), "Cache-Control": "no-store"}
    return Response(text, media_type="text/html; charset=utf-8", headers=headers)


def _asset(call: Call, file: PortalFile, *, hashed: bool) -> Response:
    """A file, compressed as the client takes it. A name with a hash in it never changes its content."""
    accepted = call.request.headers.get("accept-encoding", "")
    coding, body = file.packed(accepted)
    headers = {"Vary": "Accept-Encoding", "Cache-Control": _KEPT if hashed else "no-cache"}
    if coding:
        headers["Content-Encoding"] = coding
    return Response(body, media_type=file.media, headers=headers)


@root.get("", permission=PUBLIC, media="text/html")
async def home(call: Call) -> Response:
    """Sends a browser to the portal."""
    return RedirectResponse(f"{call.links.prefix}/app", status_code=302)


@root.get("/app", permission=PUBLIC, media="text/html")
async def portal(call: Call) -> Response:
    """The portal."""
    return _page(call)


@root.get("/app/build", permission=PUBLIC, returns=Build)
async def build(_call: Call) -> bytes:
    """The build of the portal."""
    return encode(Build(build=portal_files().build))


@root.get("/app/{path*}", permission=PUBLIC, media="text/html")
async def portal_path(call: Call, path: str) -> Response:
    """A file of the portal, or the portal itself, which reads the rest of the path as where to go."""
    if file := portal_files().files.get(path):
        return _page(call) if path == "index.html" else _asset(call, file, hashed=path.startswith("assets/"))
    if path.startswith("assets/"):
        raise NotFound(f"/app/{path}")
    return _page(call)


routes = root.items
