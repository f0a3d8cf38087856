"""Secret values in the database: each encrypted once, under its space's key, which is under the root key.

A ciphertext is bound to its space, its own id and its key's id, so that one that was moved does not open.
"""

from __future__ import annotations

import os
from collections.abc import Iterable

from sqlalchemy import bindparam, delete, func, insert, select, update

from gurita.kernel.errors import NotFound
from gurita.kernel.ids import Randomness, SystemRandomness
from gurita.kernel.sensitive import Sensitive
from gurita.secrets.errors import SecretDamaged, WrongRootKey
from gurita.secrets.opening import reveal
from gurita.secrets.sealing import Seal, key_id, self_test
from gurita.secrets.tables import root_key_check, secret, space_key
from gurita.store.among import among
from gurita.store.prepared import Prepared
from gurita.store.tx import Tx

__all__ = ["Secrets"]

_CHECK = "gurita root key check"
_GET = Prepared(
    select(secret.c.key_id, secret.c.sealed).where(
        secret.c.id == bindparam("id"), secret.c.space_id == bindparam("space")
    )
)
_PUT = Prepared(insert(secret))
_KEY = Prepared(select(space_key).where(space_key.c.id == bindparam("id")))
_NEWEST = Prepared(
    select(space_key)
    .where(space_key.c.space_id == bindparam("space"))
    .order_by(space_key.c.number.desc(), space_key.c.id)
    .limit(1)
)


class Secrets:
    """What is behind the root key. One object a process; its methods run inside units and queries.

    `former` root keys open what is still under them; `check_in` puts it under `root_key`. `source` names where the key
    is from, for messages. Raises RuntimeError when encryption does not work on this machine.
    """

    def __init__(
        self,
        root_key: bytes,
        former: Iterable[bytes] = (),
        *,
        source: str = "the root key",
        random: Randomness | None = None,
    ) -> None:
        self._roots = {key_id(key): Seal(key) for key in [root_key, *former]}
        self._root_id = key_id(root_key)
        self._source = source
        self._random = random or SystemRandomness()
        self._spaces: dict[str, Seal] = {}
        if not all(self_test(seal) for seal in self._roots.values()):
            raise RuntimeError("Encryption does not work on this machine: its self-test failed.")

    def __repr__(self) -> str:
        return "Secrets(********)"

    def check_in(self, tx: Tx) -> None:
        """At every start: remembers the root key of a new database; raises WrongRootKey for another one's.

        With former keys, everything that is under one of them comes under the present one.
        """
        row = tx.one(select(root_key_check))
        if row is None:
            sealed = self._roots[self._root_id].close(_CHECK.encode(), _CHECK)
            tx.run(insert(root_key_check), {"root_key_id": self._root_id, "sealed": sealed})
            return
        seal = self._roots.get(row["root_key_id"])
        if seal is None or seal.open(row["sealed"], _CHECK) is None:
            raise WrongRootKey(
                f"The root key from {self._source} is not the one this database's secrets are encrypted under. "
                "Put the former key back (the file root.key from the data folder or its backup, or GURITA_ROOT_KEY "
                "as it was), or name it in GURITA_ROOT_KEY_PREVIOUS as well if the key is to change. "
                "Without it no stored password, key or sensitive variable can be read."
            )
        if len(self._roots) > 1:
            self.rotate_root_in(tx)

    def store_in(self, tx: Tx, space: str, value: Sensitive) -> str:
        """Encrypts a value for a space (empty: the system's) and returns its new id."""
        key, seal = self._newest(tx, space)
        id = f"secret-{self._random.guid()}"
        sealed = seal.close(reveal(value).encode(), _place(space, id, key))
        tx.run(_PUT, {"id": id, "space_id": space, "key_id": key, "sealed": sealed})
        return id

    def open_in(self, tx: Tx, space: str, secret_id: str) -> Sensitive:
        """A stored value. Raises NotFound (also for another space's), SecretDamaged."""
        row = tx.one(_GET, {"id": secret_id, "space": space})
        if row is None:
            raise NotFound(secret_id)
        return Sensitive(self._clear(tx, space, secret_id, row["key_id"], row["sealed"]).decode())

    def open_all_in(self, tx: Tx, space: str, ids: Iterable[str]) -> dict[str, Sensitive]:
        """Stored values by id, in one statement however many they are. Raises as `open_in`."""
        wanted = list(dict.fromkeys(ids))
        if not wanted:
            return {}
        query = select(secret.c.id, secret.c.key_id, secret.c.sealed)
        rows = tx.all(query.where(secret.c.space_id == space, among(secret.c.id, wanted)))
        found = {row["id"]: row for row in rows}
        opened: dict[str, Sensitive] = {}
        for id in wanted:
            if id not in found:
                raise NotFound(id)
            row = found[id]
            opened[id] = Sensitive(self._clear(tx, space, id, row["key_id"], row["sealed"]).decode())
        return opened

    def rotate_root_in(self, tx: Tx) -> int:
        """Puts all spaces' keys under the present root key; returns how many were not. Needs the former one."""
        present = self._roots[self._root_id]
        keys = tx.all(select(space_key).where(space_key.c.root_key_id != self._root_id))
        for row in keys:
            place = _key_place(row["space_id"], row["id"])
            sealed = present.close(self._unwrapped(row["root_key_id"], row["sealed"], place), place)
            change = update(space_key).where(space_key.c.id == row["id"])
            tx.run(change.values(root_key_id=self._root_id, sealed=sealed))
        tx.run(delete(root_key_check))
        self.check_in(tx)
        return len(keys)

    def rotate_space_in(self, tx: Tx, space: str) -> str:
        """Gives a space a new key, for every secret from now on. `reseal_in` brings the older ones under it."""
        return self._make_key(tx, space)[0]

    def reseal_in(self, tx: Tx, space: str, most: int = 200) -> int:
        """Brings up to `most` secrets under the space's newest key; returns how many it did. 0: all are.

        Keys nothing is under any more are deleted. Runs beside normal work, a unit a call.
        """
        key, seal = self._newest(tx, space)
        old = secret.c.space_id == space, secret.c.key_id != key
        rows = tx.all(select(secret).where(*old).limit(most))
        for row in rows:
            clear = self._clear(tx, space, row["id"], row["key_id"], row["sealed"])
            sealed = seal.close(clear, _place(space, row["id"], key))
            tx.run(update(secret).where(secret.c.id == row["id"], *old).values(key_id=key, sealed=sealed))
        if not rows:
            unused = space_key.c.id.not_in(select(secret.c.key_id))
            tx.run(delete(space_key).where(space_key.c.space_id == space, space_key.c.id != key, unused))
        return len(rows)

    def _clear(self, tx: Tx, space: str, id: str, key: str, sealed: bytes) -> bytes:
        clear = self._seal(tx, space, key).open(bytes(sealed), _place(space, id, key))
        if clear is None:
            raise SecretDamaged(
                f"The stored secret {id} does not open: it was changed or moved. Set it again."
            )
        return clear

    def _newest(self, tx: Tx, space: str) -> tuple[str, Seal]:
        row = tx.one(_NEWEST, {"space": space})
        if row is None:
            return self._make_key(tx, space)
        return row["id"], self._seal(tx, space, row["id"])

    def _seal(self, tx: Tx, space: str, key: str) -> Seal:
        known = self._spaces.get(key)
        if known is None:
            row = tx.one(_KEY, {"id": key})
            if row is None or row["space_id"] != space:
                raise SecretDamaged(
                    f"The key {key} of this space's secrets is missing. Restore the database."
                )
            known = Seal(self._unwrapped(row["root_key_id"], row["sealed"], _key_place(space, key)))
            self._spaces[key] = known
        return known

    def _make_key(self, tx: Tx, space: str) -> tuple[str, Seal]:
        id, key = f"key-{self._random.guid()}", os.urandom(32)
        number = tx.scalar(select(func.max(space_key.c.number)).where(space_key.c.space_id == space)) or 0
        row = {
            "id": id,
            "space_id": space,
            "number": number + 1,
            "root_key_id": self._root_id,
            "sealed": self._roots[self._root_id].close(key, _key_place(space, id)),
        }
        tx.run(insert(space_key), row)
        return id, Seal(key)

    def _unwrapped(self, root: str, sealed: bytes, place: str) -> bytes:
        seal = self._roots.get(root)
        key = seal.open(bytes(sealed), place) if seal else None
        if key is None:
            raise WrongRootKey(
                f"A space's key does not open with the root key from {self._source}. "
                "Put the former root key back, or give it as GURITA_ROOT_KEY_PREVIOUS."
            )
        return key


def _place(space: str, id: str, key: str) -> str:
    return f"{space}|{id}|{key}"


def _key_place(space: str, id: str) -> str:
    return f"space key|{space}|{id}"
