"""A real server in this process with two paths more, which send the bytes of a list from memory.

`MEMORY` is a route of the same API, for the same people; `BARE` is answered before the API sees it. Started as
`python -m bench.listing_child FOLDER PORT`, with GURITA_ADMIN_API_KEY set; prints `ready` once it answers.
"""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

import httpx2
import uvicorn
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from bench.listing_paths import BARE, LIST, MEMORY
from gurita.access.authentication import Authenticator
from gurita.http.api import Api, Call
from gurita.http.context import Context, system_viewer
from gurita.http.routes import Routes
from gurita.server.serving import run_loop
from gurita.server.settings import Settings
from gurita.server.wiring import Server, running
from gurita.spaces.directory import Directory

__all__ = ["WithMemory"]

_space = Routes("space")
_kept = {"body": b""}


@_space.get("/bench", permission="EnvironmentView", media="application/json")
async def _memory(call: Call) -> Response:  # noqa: ARG001 - a handler takes the call
    """The bytes made when the server started."""
    return Response(_kept["body"], media_type="application/json")


class WithMemory:
    """The server's API, and beside it what is kept in memory."""

    def __init__(self, server: Server) -> None:
        services = server.services
        directory = Directory(services.store, Context(services, system_viewer(), ""))
        admit, resolve = Authenticator(services), directory.resolve
        self.api = server.api
        self.memory = Api(_space.items, services, authenticate=admit, resolve_space=resolve)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Sends a request where it belongs."""
        path = scope.get("path")
        if path == BARE:
            await _send_bare(send)
        else:
            await (self.memory if path == MEMORY else self.api)(scope, receive, send)


async def _send_bare(send: Send) -> None:
    body = _kept["body"]
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def _serve(folder: Path, port: int) -> None:
    settings = Settings(data=folder, listen=f"127.0.0.1:{port}", agent_port=-1, node_name="bench")
    async with running(settings, os.environ) as server:
        config = uvicorn.Config(
            WithMemory(server),
            host="127.0.0.1",
            port=port,
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
        )
        web = uvicorn.Server(config)
        serving = asyncio.create_task(web.serve())
        while not web.started:
            await asyncio.sleep(0.02)
        _kept["body"] = await asyncio.to_thread(_made, f"http://127.0.0.1:{port}")
        print("ready", flush=True)
        await serving


def _made(url: str) -> bytes:
    """Thirty environments, and the bytes of their list."""
    headers = {"X-Octopus-ApiKey": os.environ["GURITA_ADMIN_API_KEY"]}
    with httpx2.Client(base_url=url, headers=headers, trust_env=False) as client:
        for number in range(30):
            body = {"Name": f"Environment {number}", "Description": "Made for the bench."}
            client.post("/api/Spaces-1/environments", json=body).raise_for_status()
        answer = client.get(LIST)
        answer.raise_for_status()
        if len(answer.json()["Items"]) != 30:
            raise RuntimeError(f"the list holds {len(answer.json()['Items'])} documents, not 30")
        return answer.content


if __name__ == "__main__":
    run_loop(_serve(Path(sys.argv[1]), int(sys.argv[2])))
