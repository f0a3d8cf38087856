"""Telling in time that certificates end: twenty days before, ten days before, and when they have ended."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from sqlalchemy import insert, select

from gurita.audit import service as audit
from gurita.certificates.records import CERTIFICATES, certificate_warning
from gurita.engine.schedules import Recurring
from gurita.http.context import Context
from gurita.kernel.clock import iso
from gurita.store.leaving import staying
from gurita.store.tx import Tx

__all__ = ["STAGES", "watching"]

_EVERY = 3600.0

STAGES = (
    ("CertificateExpired", timedelta(0), "expired on"),
    ("CertificateExpiry10Days", timedelta(days=10), "expires within ten days, on"),
    ("CertificateExpiry20Days", timedelta(days=20), "expires within twenty days, on"),
)
"""Category of the event, how long before the end, and what it says. The most urgent first."""


def watching(context: Callable[[str], Context]) -> Recurring:
    """Looks every hour which certificates in use end soon, and writes an event for each, once."""

    def begin(tx: Tx, now: int) -> None:
        at = datetime.fromtimestamp(now / 1000, UTC)
        c = CERTIFICATES.c
        late = c.archived.is_(False) & (c.not_after != "") & (c.not_after < iso(at + STAGES[-1][1]))
        rows = tx.all(
            select(c.id, c.space_id, c.name, c.thumbprint, c.not_after)
            .where(late, staying(c.space_id))
            .order_by(c.number)
        )
        for row in rows:
            category, _, words = next(one for one in STAGES if row["not_after"] < iso(at + one[1]))
            key = {"certificate": row["id"], "thumbprint": row["thumbprint"], "stage": category}
            w = certificate_warning.c
            given = select(w.stage).where(*(w[name] == value for name, value in key.items()))
            if tx.one(given) is None:
                tx.run(insert(certificate_warning).values(**key, space=row["space_id"]))
                message = (
                    f"Certificate {audit.mention(row['id'], row['name'])} {words} {row['not_after'][:10]}"
                )
                audit.record(tx, context(row["space_id"]), category, message, [row["id"]])

    return Recurring("certificate-expiry", _EVERY, begin)
