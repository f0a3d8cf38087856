"""The plain status page at `/`, until the portal exists. It speaks the public API and nothing else."""

from __future__ import annotations

from pathlib import Path

from starlette.responses import Response

from gurita.http.api import Call
from gurita.http.permissions import PUBLIC
from gurita.http.routes import Routes

__all__ = ["routes"]

root = Routes("root")
_FOLDER = Path(__file__).with_name("page")


def _file(name: str, media: str) -> Response:
    return Response((_FOLDER / name).read_bytes(), media_type=media)


@root.get("", permission=PUBLIC, media="text/html")
async def page(call: Call) -> Response:
    """The page: sign in, then projects, tasks, machines and nodes as they are."""
    text = (_FOLDER / "status.html").read_text(encoding="utf-8")
    return Response(text.replace("@BASE@", call.links.prefix), media_type="text/html; charset=utf-8")


@root.get("/page/status.css", permission=PUBLIC, media="text/css")
async def style(_call: Call) -> Response:
    """The page's looks, light and dark."""
    return _file("status.css", "text/css; charset=utf-8")


@root.get("/page/status.js", permission=PUBLIC, media="text/javascript")
async def script(_call: Call) -> Response:
    """What makes the page live."""
    return _file("status.js", "text/javascript; charset=utf-8")


routes = root.items
