"""Trails for tests: a database with sealed events, and hands that alter it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import NullPool, create_engine, text

from gurita.audit import service as audit
from gurita.audit.trail.head_file import heads_in_folder
from gurita.audit.trail.keeper import Keeper
from gurita.audit.trail.offline import Outside, verify_database
from gurita.audit.trail.verifying import Result
from gurita.http.context import Context, system_viewer
from gurita.store.installation import installation_in
from tests.helpers import House, house

__all__ = ["Trail", "trail"]


@dataclass
class Trail:
    """A server with a keeper that seals when it is told to. `url` is its database."""

    gurita: House
    keeper: Keeper
    folder: Path
    url: str

    async def write(self, *messages: str) -> list[int]:
        """Events, each in a unit of its own; their numbers."""
        ctx = self.gurita.context("")
        made = [
            await self.gurita.store.write(
                lambda tx, words=words: audit.record(tx, ctx, "Created", words, ["Projects-1"])  # type: ignore[misc]
            )
            for words in messages
        ]
        return [int(id.partition("-")[2]) for id in made]

    async def alter(self, *commands: str, **values: Any) -> None:
        """Somebody with the database in his hands, who minds no foreign keys."""
        engine = create_engine(self.url.replace("postgresql:", "postgresql+psycopg:"), poolclass=NullPool)
        with engine.begin() as connection:
            if self.url.startswith("postgresql"):
                connection.execute(text("SET session_replication_role = replica"))
            for sql in commands:
                connection.execute(text(sql), values)
        engine.dispose()

    def verified(self, *, alone: bool = False, blobs: Path | None = None) -> Result:
        """What the verifier says, with the head in the data folder unless it is left `alone`."""
        heads = () if alone else tuple(heads_in_folder(self.folder))
        return verify_database(self.url, Outside(heads=heads), blobs)

    def named(self, **options: Any) -> list[tuple[str, str]]:
        """Kind and subject of what it finds."""
        return [(each.kind, each.about) for each in self.verified(**options).findings]


@asynccontextmanager
async def trail(folder: Path, url: str = "", **services: Any) -> AsyncIterator[Trail]:
    """The events of a new server sealed, and nothing more."""
    url = url or f"sqlite:///{folder / 'gurita.db'}"
    async with house(folder, url=url, **services) as gurita:
        gurita.services.installation_id = (await gurita.store.read(installation_in)).id
        keeper = Keeper(Context(gurita.services, system_viewer(), ""), folder)
        await keeper.begin()
        yield Trail(gurita, keeper, folder, url)
