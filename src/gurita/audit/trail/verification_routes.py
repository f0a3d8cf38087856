"""`gurita/audit/verification`: the whole trail followed while the server runs, for people who look at it in a browser.

It proves less than `gurita audit verify` on another machine: a server that was tampered with may say anything.
"""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

from msgspec import field

from gurita.audit.trail.head_file import heads_in_folder
from gurita.audit.trail.offline import Outside, verify_database
from gurita.audit.trail.verifying import Result
from gurita.http.api import Call
from gurita.http.routes import Routes
from gurita.http.wire import Moment, Wire
from gurita.kernel.clock import iso
from gurita.kernel.errors import Unavailable

__all__ = ["routes"]

_system = Routes("system")
routes = _system.items
_one_at_a_time = asyncio.Semaphore(1)


class AuditFinding(Wire, kw_only=True):
    """Something that is not as it was sealed. `about` is `Events-17` or `seal 3`; `kind` is one word for programs."""

    kind: str
    about: str
    text: str


class AuditVerification(Wire, kw_only=True):
    """What following the trail found, up to `verified_events` events in `verified_seals` seals."""

    id: str = "audit-verification"
    is_intact: bool
    verified_events: int
    verified_seals: int
    unsealed_events: int
    findings: list[AuditFinding] = field(default_factory=list)
    verified: Moment
    milliseconds: int
    links: dict[str, str] = field(default_factory=dict)


@_system.get("/gurita/audit/verification", permission="AdministerSystem")
async def verification(call: Call) -> AuditVerification:
    """Follows the whole trail, archives too, and tells what is not as it was sealed. One at a time; it may take a while."""
    settings = call.services.settings
    url = getattr(settings, "database_url", "")
    if not url or _one_at_a_time.locked():
        raise Unavailable("The audit trail is being verified already. Ask again when that has ended.")
    async with _one_at_a_time:
        began = time.perf_counter()
        blobs = Path(getattr(settings, "blobs_place", "") or settings.data / "blobs")
        found = await asyncio.to_thread(_followed, url, settings.data, blobs)
        took = int((time.perf_counter() - began) * 1000)
    return AuditVerification(
        is_intact=found.good,
        verified_events=found.head.count if found.head else found.anchor.count,
        verified_seals=found.head.seal if found.head else found.anchor.seal,
        unsealed_events=found.unsealed,
        findings=[AuditFinding(kind=one.kind, about=one.about, text=one.text) for one in found.findings],
        verified=iso(call.services.clock.now()),
        milliseconds=took,
        links={"Self": call.links.system("gurita/audit/verification")},
    )


def _followed(url: str, data: Path, blobs: Path) -> Result:
    """Heads of the data folder are read first: what the database has is newer."""
    heads = tuple(heads_in_folder(data))
    return verify_database(url, Outside("", heads), blobs)
