"""Pictures of documents: a PNG, JPEG, GIF or WebP somebody sent, else one drawn from the name.

Pictures that can hold scripts (SVG) are not taken; the one this server draws itself holds letters and digits only.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import BigInteger, Column, Table, Text, delete, insert, select
from starlette.responses import Response

from gurita.http.uploads import receive
from gurita.kernel.errors import Invalid
from gurita.store.blob_keeping import keep, let_go_in
from gurita.store.tables import metadata

if TYPE_CHECKING:
    from gurita.http.call import Call
    from gurita.store.tx import Tx

__all__ = ["LARGEST", "Owner", "forget_logo_in", "logo", "show_logo", "take_logo"]

LARGEST = 5 << 20
"""Bytes of the largest picture."""

logo = Table(
    "logo",
    metadata,
    Column("owner", Text, primary_key=True),
    Column("space", Text, nullable=False),
    Column("blob", Text, nullable=False),
    Column("media", Text, nullable=False),
    Column("size", BigInteger, nullable=False),
)

Owner = Callable[["Tx"], tuple[str, str]]
"""The id and the name of the document a picture is of. Raises NotFound."""

_FIRST = {
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
    b"GIF87a": "image/gif",
    b"GIF89a": "image/gif",
}
_COLOURS = ("#1c7ed6", "#2b8a3e", "#c92a2a", "#5f3dc4", "#e67700", "#0b7285", "#a61e4d", "#495057")


async def show_logo(call: Call, owner: Owner) -> Response:
    """The picture of a document."""

    def read(tx: Tx) -> tuple[str, str, str]:
        id, name = owner(tx)
        row = tx.one(select(logo).where(logo.c.owner == id))
        return name, row["blob"] if row else "", row["media"] if row else ""

    name, blob, media = await call.services.store.read(read)
    headers = {"Cache-Control": "private, max-age=300"}
    if not blob:
        return Response(_drawn(name), media_type="image/svg+xml", headers=headers)
    return Response(await call.services.blobs.get_range(blob, 0, LARGEST), media_type=media, headers=headers)


async def take_logo(call: Call, owner: Owner, record: Callable[[Tx, str], None]) -> dict[str, str]:
    """Replaces the picture of a document by the file of a multipart form; `record` writes the event. Raises Invalid."""
    store, blobs, now = call.services.store, call.services.blobs, call.services.milliseconds()
    await store.read(owner)
    with await receive(call.request, blobs.incoming, LARGEST) as form:
        if len(form.files) != 1:
            raise Invalid(f"The request holds {len(form.files)} files. Send one picture.")
        file = form.files[0]
        media = _media(file.path)

        def write(tx: Tx) -> None:
            id, _ = owner(tx)
            forget_logo_in(tx, id, now)
            row = {"owner": id, "space": call.space or id, "blob": file.sha256, "media": media}
            tx.run(insert(logo).values(**row, size=file.size))
            record(tx, id)

        await keep(store, blobs, [(file.path, file.sha256)], write, now)
    return {}


def forget_logo_in(tx: Tx, id: str, now: int) -> None:
    """Removes the picture of a document that goes or gets another one."""
    blob = tx.scalar(select(logo.c.blob).where(logo.c.owner == id))
    if blob is not None:
        tx.run(delete(logo).where(logo.c.owner == id))
        let_go_in(tx, [blob], now)


def _media(file: Path) -> str:
    with file.open("rb") as opened:
        head = opened.read(16)
    for first, media in _FIRST.items():
        if head.startswith(first):
            return media
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    raise Invalid("The file is no PNG, JPEG, GIF or WebP picture.")


def _drawn(name: str) -> bytes:
    """The initials of a name on a colour that is always the same for it."""
    words = ["".join(c for c in word if c.isalnum()) for word in name.split()]
    letters = "".join(word[0] for word in words if word)[:2].upper() or "?"
    colour = _COLOURS[hashlib.sha256(name.encode()).digest()[0] % len(_COLOURS)]
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64" width="64" height="64">'
        f'<rect width="64" height="64" rx="8" fill="{colour}"/>'
        '<text x="32" y="41" font-family="sans-serif" font-size="26" fill="#fff" text-anchor="middle">'
        f"{letters}</text></svg>"
    ).encode()
