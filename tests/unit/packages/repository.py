"""A server with a repository in the test's own process, and packages to push."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gurita.build_information.routes import routes as build_information
from gurita.packages.routes import routes as packages
from gurita.store.blobs import Blobs
from tests.helpers import House, house
from tests.packaging import zip_of
from tests.unit.http.asking import Answer, asked

__all__ = ["Repository", "form_of", "nupkg", "repository"]

_BOUNDARY = "----repository"


@dataclass
class Repository:
    """The server; its files lie in `folder`."""

    gurita: House
    folder: Path

    async def push(self, *files: tuple[str, bytes], query: str = "", at: str = "packages/raw") -> Answer:
        """Files by name and content, in one request."""
        headers, body = form_of(*files)
        return await asked(self.gurita.app, "POST", f"/api/{at}{query}", body, headers)

    async def pushed(self, *files: tuple[str, bytes], query: str = "", at: str = "packages/raw") -> Any:
        """What a push that must succeed answers."""
        answer = await self.push(*files, query=query, at=at)
        assert answer.status in (200, 201), answer.body
        return answer.json

    async def raw(self, method: str, target: str, **headers: str) -> Answer:
        """Any request, with headers."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return await asked(self.gurita.app, method, target, b"", named)

    def files(self) -> dict[str, int]:
        """What the folder of blobs holds, half-written files too."""
        return {
            str(each.relative_to(self.folder)): each.stat().st_size
            for each in self.folder.rglob("*")
            if each.is_file()
        }


@asynccontextmanager
async def repository(folder: Path, **options: Any) -> AsyncIterator[Repository]:
    """Opened on a new database, or on one that is there."""
    blobs = folder / "blobs"
    more = [*packages, *build_information]
    async with house(folder, blobs=Blobs.open(blobs), more=more, **options) as gurita:
        yield Repository(gurita, blobs)


def form_of(*files: tuple[str, bytes], field: str = "fileToUpload") -> tuple[dict[str, str], bytes]:
    """Headers and body of a multipart form."""
    parts = []
    for number, (name, content) in enumerate(files):
        head = f'Content-Disposition: form-data; name="{field}{number or ""}"; filename="{name}"'
        parts.append(f"--{_BOUNDARY}\r\n{head}\r\n\r\n".encode() + content + b"\r\n")
    parts.append(f"--{_BOUNDARY}--\r\n".encode())
    return {"Content-Type": f"multipart/form-data; boundary={_BOUNDARY}"}, b"".join(parts)


def nupkg(id: str, version: str, more: str = "", **members: str) -> bytes:
    """A NuGet package."""
    nuspec = (
        '<?xml version="1.0"?><package xmlns="urn:nuspec">'
        f"<metadata><id>{id}</id><version>{version}</version><authors>us</authors>{more}</metadata></package>"
    )
    return zip_of({"package.nuspec": nuspec, "content/readme.txt": "Hello", **members})
