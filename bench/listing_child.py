"""A real server in this process with one path more, `/memory`: the bytes of a list, sent without looking anything up.

`python -m bench.listing_child FOLDER PORT`, with GURITA_ADMIN_API_KEY set. Prints `ready` once it answers.
"""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

import httpx2
import uvicorn
from starlette.types import Receive, Scope, Send

from bench.listing_paths import LIST, MEMORY
from gurita.server.serving import run_loop
from gurita.server.settings import Settings
from gurita.server.wiring import Server, running

__all__ = ["WithMemory"]


class WithMemory:
    """The server's API, and beside it one answer kept in memory."""

    def __init__(self, server: Server) -> None:
        self.api = server.api
        self.body = b""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers `/memory` itself."""
        if scope["type"] != "http" or scope["path"] != MEMORY:
            await self.api(scope, receive, send)
            return
        length = str(len(self.body)).encode()
        headers = [(b"content-type", b"application/json"), (b"content-length", length)]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": self.body})


async def _serve(folder: Path, port: int) -> None:
    settings = Settings(data=folder, listen=f"127.0.0.1:{port}", agent_port=-1, node_name="bench")
    async with running(settings, os.environ) as server:
        app = WithMemory(server)
        config = uvicorn.Config(
            app,
            host="127.0.0.1",
            port=port,
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,
        )
        web = uvicorn.Server(config)
        serving = asyncio.create_task(web.serve())
        while not web.started:
            await asyncio.sleep(0.02)
        app.body = await asyncio.to_thread(_made, f"http://127.0.0.1:{port}")
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
