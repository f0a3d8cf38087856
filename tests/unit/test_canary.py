"""The search for secrets: one that finds nothing proves something only when it finds what is hidden from it."""

from __future__ import annotations

import base64
import gzip
import io
import json
import shlex
import sqlite3
import zipfile
import zlib
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.canary import PREFIX, Canary, in_folder, leaks, secret

TEXT = secret("here", " \"'&é ")
RAW = TEXT.encode()


def _zipped() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a", RAW * 9)
    return made.getvalue()


WAYS = {
    "as it is": RAW,
    "lower": RAW.lower(),
    "base64": base64.b64encode(b"a" + RAW),
    "base64 at another place": base64.b64encode(b"ab" + RAW + b"!"),
    "base64url": base64.urlsafe_b64encode(RAW),
    "hex": RAW.hex().encode(),
    "upper hex": RAW.hex().upper().encode(),
    "URL": quote(TEXT).encode(),
    "JSON": json.dumps(TEXT).encode(),
    "shell": shlex.quote(TEXT).encode(),
    "reversed": TEXT[::-1].encode(),
    "half": RAW[: len(RAW) // 2],
    "the other half": RAW[len(RAW) // 2 :],
    "zlib": b"chunk" + zlib.compress(b"x" * 99) + zlib.compress(RAW * 9, 1) + b"end",
    "gzip": gzip.compress(RAW * 9),
    "zip": _zipped(),
}


@pytest.mark.parametrize("way", WAYS)
def test_a_secret_is_found_in_whatever_form(way: str, tmp_path: Path) -> None:
    assert leaks(WAYS[way])
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "file").write_bytes(b"before " + WAYS[way] if way != "zip" else WAYS[way])
    assert in_folder(tmp_path)


def test_a_secret_is_found_in_rows_names_and_what_was_learned(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "a.db") as database:
        database.execute("CREATE TABLE t (a, b)")
        database.execute("INSERT INTO t VALUES (?, ?)", ["x" * 4090 + TEXT, zlib.compress(RAW * 9)])
    database.close()
    assert [leak for leak in in_folder(tmp_path) if ": t: compressed" in leak]
    (tmp_path / "a.db").unlink()
    assert in_folder(tmp_path) == []
    (tmp_path / f"of {PREFIX}").write_text("")
    assert "name of" in in_folder(tmp_path)[0]
    canary = Canary({})
    assert not list(canary.leaks(RAW))
    canary.learn("drawn", "drawn-by-the-server")
    assert list(canary.leaks(base64.b64encode(b"x: drawn-by-the-server")))
    with pytest.raises(ValueError, match="bytes only"):
        canary.learn("short", "abc")


def test_what_is_no_secret_is_not_found() -> None:
    assert leaks(bytes(range(256)) * 40 + base64.b64encode(bytes(range(256)) * 40)) == []
