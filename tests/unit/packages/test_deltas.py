"""Pushing only what changed: the server makes the same file out of it, or keeps nothing."""

from __future__ import annotations

import base64
import hashlib
import random
import struct
from pathlib import Path
from typing import Any

import pytest

from gurita.formats.octodiff import CHUNK, rolling_sum
from tests.helpers import database_digest
from tests.looping import in_loop
from tests.unit.http.asking import Answer, asked
from tests.unit.packages.repository import Repository, form_of, repository

OLD = random.Random(1).randbytes(20 * CHUNK + 100)
NEW = OLD[: 7 * CHUNK] + b"changed here" + OLD[9 * CHUNK :] + b"and here"


def delta_against(signature: bytes, new: bytes) -> bytes:
    """A client's work, the plain way: chunks that lie at any place in the new file are copied, the rest is sent."""
    body = signature.partition(b">>>")[2]
    known: dict[tuple[int, bytes], tuple[int, int]] = {}
    offset = 0
    for at in range(0, len(body), 26):
        length, total, digest = struct.unpack("<hI20s", body[at : at + 26])
        known.setdefault((total, digest), (offset, length))
        offset += length
    whole = (
        b"OCTODELTA\x01\x04SHA1"
        + struct.pack("<i", 20)
        + hashlib.sha1(new, usedforsecurity=False).digest()
        + b">>>"
    )
    at, plain = 0, b""
    while at < len(new):
        chunk = new[at : at + CHUNK]
        found = known.get((rolling_sum(chunk), hashlib.sha1(chunk, usedforsecurity=False).digest()))
        if found is None:
            plain, at = plain + new[at : at + 1], at + 1
            continue
        whole += data(plain) + b"\x60" + struct.pack("<qq", *found)
        plain, at = b"", at + len(chunk)
    return whole + data(plain)


def data(plain: bytes) -> bytes:
    return b"\x80" + struct.pack("<q", len(plain)) + plain if plain else b""


async def sent(here: Repository, base: str, name: str, delta: bytes, query: str = "") -> Answer:
    headers, body = form_of((name, delta))
    return await asked(here.gurita.app, "POST", f"/api/packages/Acme.Web/{base}/delta{query}", body, headers)


@in_loop
async def test_a_new_version_is_made_of_the_old_one_and_its_changes(tmp_path: Path) -> None:
    async with repository(tmp_path) as here:
        await here.pushed(("Acme.Web.1.0.0.zip", OLD), ("Acme.Web.3.0.0.zip", b"later"))
        told = await here.gurita.get("packages/acme.web/2.0.0/delta-signature")
        assert told["BaseVersion"] == "1.0.0"
        delta = delta_against(base64.b64decode(told["Signature"]), NEW)
        assert len(delta) < len(NEW) // 4
        answer = await sent(here, told["BaseVersion"], "Acme.Web.2.0.0.zip", delta)
        assert (answer.status, answer.json["Id"]) == (201, "packages-Acme.Web.2.0.0")
        assert answer.json["Hash"] == hashlib.sha1(NEW, usedforsecurity=False).hexdigest()
        assert (await here.raw("GET", answer.json["Links"]["Raw"])).body == NEW
        assert (await here.raw("GET", "/api/packages/Acme.Web.1.0.0/raw")).body == OLD
        assert len(here.files()) == 3
        files, rows = here.files(), await database_digest(here.gurita.store)
        again = await sent(here, "1.0.0", "Acme.Web.2.0.0.zip.octodelta", delta)
        assert (again.status, "already exists" in again.json["ErrorMessage"]) == (409, True)
        assert (here.files(), await database_digest(here.gurita.store)) == (files, rows)


@in_loop
async def test_there_is_no_signature_without_a_version_to_compare_with(tmp_path: Path) -> None:
    async with repository(tmp_path) as here:
        await here.gurita.refused(404, "GET", "packages/Acme.Web/1.0.0/delta-signature")
        await here.gurita.refused(
            400, "GET", "packages/Acme.Web/no version/delta-signature".replace(" ", "%2F")
        )
        await here.pushed(("Acme.Web.3.0.0.zip", OLD))
        assert (await here.gurita.get("packages/Acme.Web/1.0.0/delta-signature"))["BaseVersion"] == "3.0.0"


@pytest.mark.parametrize(
    ("base", "name", "change", "status", "told"),
    [
        ("1.0.0", "Acme.Web.2.0.0.zip", lambda delta: delta[:-4], 400, "cut off"),
        ("1.0.0", "Acme.Web.2.0.0.zip", lambda _delta: NEW, 400, "does not begin like a delta"),
        ("1.0.0", "../Acme.Web.2.0.0.zip", lambda delta: delta, 400, "is a path"),
        ("1.1.0", "Acme.Web.2.0.0.zip", lambda delta: delta, 400, "Acme.Web 1.1.0"),
        ("9.0.0", "Acme.Web.2.0.0.zip", lambda delta: delta, 404, ""),
    ],
)
@in_loop
async def test_a_delta_that_does_not_fit_leaves_nothing(
    tmp_path: Path, base: str, name: str, change: Any, status: int, told: str
) -> None:
    async with repository(tmp_path) as here:
        await here.pushed(("Acme.Web.1.0.0.zip", OLD), ("Acme.Web.1.1.0.zip", OLD[::-1]))
        signature = (await here.gurita.get("packages/Acme.Web/1.0.0/delta-signature"))["Signature"]
        delta = delta_against(base64.b64decode(signature), NEW)
        files, rows = here.files(), await database_digest(here.gurita.store)
        refused = await sent(here, base, name, change(delta))
        assert refused.status == status
        assert told in " ".join(refused.errors)
        assert (here.files(), await database_digest(here.gurita.store)) == (files, rows)
