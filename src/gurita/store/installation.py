"""Who this database is. Tickets on targets are derived from it, so that no two databases share one."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select, update

from gurita.kernel.ids import Randomness
from gurita.store.tables import installation
from gurita.store.tx import Tx

__all__ = ["Installation", "installation_in", "renew_incarnation_in"]


@dataclass(frozen=True, slots=True)
class Installation:
    """`id` stays for life; `incarnation` is renewed by every restore; `created` is ISO 8601."""

    id: str
    incarnation: str
    created: str


def installation_in(tx: Tx) -> Installation:
    """This database's identity. Every opened database has one."""
    row = tx.one(select(installation))
    if row is None:
        raise LookupError("the database was not opened through the store")
    return Installation(row["id"], row["incarnation"], row["created"])


def renew_incarnation_in(tx: Tx, random: Randomness) -> Installation:
    """For the restore command: what runs under tickets of the life before is not ours any more."""
    tx.run(update(installation).values(incarnation=random.guid()))
    return installation_in(tx)
