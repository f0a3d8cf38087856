"""Which space a path means, from memory: asked by every request."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gurita.kernel.ids import folded
from gurita.spaces.service import CHANGED, every_in
from gurita.store.leaving import leaving_in

if TYPE_CHECKING:
    from gurita.http.call import Call
    from gurita.http.context import Context
    from gurita.kernel.errors import Conflict
    from gurita.spaces.resources import Space
    from gurita.store.db import Store
    from gurita.store.tx import Tx

__all__ = ["Directory"]


class Directory:
    """Finds spaces by id, slug or name. Reads them again after any of them changed, or for one it does not know."""

    def __init__(self, store: Store, context: Context) -> None:
        self._store, self._context = store, context
        self._changes = store.subscribe(CHANGED)
        self._known: dict[str, str] = {}
        self._leaving: dict[str, Conflict] = {}
        self._default: str | None = None

    async def resolve(self, name: str | None) -> str | None:
        """The id of a space; of the default one for None. None when there is no such space."""
        if self._changes.take() or not self._known:
            await self._load()
        if name is None:
            return self._default
        found = self._find(name)
        if found is None:
            await self._load()
            found = self._find(name)
        return found

    async def admit(self, call: Call) -> None:
        """Raises Conflict for whatever is asked of a space that is being deleted."""
        if call.space in self._leaving:
            raise self._leaving[call.space]

    def _find(self, name: str) -> str | None:
        return self._known.get(name.lower()) or self._known.get(folded(name))

    async def _load(self) -> None:
        def read(tx: Tx) -> tuple[list[Space], dict[str, Conflict]]:
            return every_in(tx, self._context), leaving_in(tx)

        spaces, self._leaving = await self._store.read(read)
        known: dict[str, str] = {}
        for key in ("name", "slug", "id"):  # an id wins over a slug, a slug over a name
            known.update({_key(space, key): space.id for space in spaces})
        self._known = known
        self._default = next((space.id for space in spaces if space.is_default), None)

    def close(self) -> None:
        """Ends listening for changes."""
        self._changes.close()


def _key(space: Space, member: str) -> str:
    value: str = getattr(space, member)
    return folded(value) if member == "name" else value.lower()
