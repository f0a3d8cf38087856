"""The built portal as it is read from its folder and sent."""

from __future__ import annotations

from pathlib import Path

import pytest

from gurita.server.portal_files import PortalFile, portal_files


def test_files_are_known_by_their_paths_with_the_forms_the_build_made(tmp_path: Path) -> None:
    (tmp_path / "assets").mkdir()
    (tmp_path / "index.html").write_bytes(b"<html>")
    (tmp_path / "assets/a.js").write_bytes(b"plain")
    (tmp_path / "assets/a.js.br").write_bytes(b"brotli")
    (tmp_path / "assets/a.js.gz").write_bytes(b"gzip")
    (tmp_path / ".stamp").write_text("x")
    found = portal_files(tmp_path)
    assert set(found.files) == {"index.html", "assets/a.js"}
    assert found.files["assets/a.js"].forms == {"br": b"brotli", "gzip": b"gzip"}
    assert len(found.build) == 12


def test_a_build_that_is_not_there_has_no_files_and_no_name(tmp_path: Path) -> None:
    found = portal_files(tmp_path / "nowhere")
    assert (found.files, found.build) == ({}, "")


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ("gzip, deflate, br", "br"),
        ("gzip", "gzip"),
        ("GZIP;q=0.5", "gzip"),
        ("br;q=0, gzip", "gzip"),
        ("br; q=0.0", ""),
        ("identity", ""),
        ("", ""),
    ],
)
def test_a_client_gets_the_smallest_form_it_takes(accepted: str, coding: str) -> None:
    file = PortalFile("text/javascript", b"plain", {"br": b"b", "gzip": b"g"})
    assert file.packed(accepted) == (coding, {"br": b"b", "gzip": b"g", "": b"plain"}[coding])
