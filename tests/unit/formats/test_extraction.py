"""Archives: what is right comes out as it went in, what is hostile leaves nothing."""

from __future__ import annotations

import os
import stat
import tarfile
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gurita.formats.extraction import DEFAULT, ExtractionRefused, Limits, extract
from tests.hostile_archives import HOSTILE, entry, link, special, tar_of, zip_of

LIMITS = Limits(members=2000, ratio=100, ratio_from=3_000_000)
PACKS = {".tar": "", ".tar.gz": "gz", ".tgz": "gz", ".tar.bz2": "bz2", ".tar.xz": "xz"}


def unpacked(folder: Path, data: bytes, extension: str, limits: Limits = LIMITS) -> Path:
    (folder / "archive").write_bytes(data)
    extract(str(folder / "archive"), str(folder / "into"), extension=extension, limits=limits)
    return folder / "into"


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_archive_is_refused_by_name_and_leaves_nothing(name: str, tmp_path: Path) -> None:
    extension, make, why = HOSTILE[name]
    (tmp_path / "sub").mkdir()
    with pytest.raises(ExtractionRefused) as refusal:
        unpacked(tmp_path / "sub", make(), extension)
    assert why in str(refusal.value)
    assert [path.name for path in tmp_path.rglob("*")] == ["sub", "archive"]


@pytest.mark.parametrize("extension", [".zip", ".jar", ".war", ".ear", ".nupkg"])
def test_zips_of_every_name_come_out_as_they_went_in(extension: str, tmp_path: Path) -> None:
    run = special("bin/run", stat.S_IFREG | stat.S_ISUID | 0o755)
    run.date_time = (2020, 2, 3, 4, 5, 6)
    empty = special("empty/", stat.S_IFDIR | 0o755)
    here = special("bin/current", stat.S_IFLNK | 0o777)
    into = unpacked(
        tmp_path,
        zip_of((run, b"#!/bin/sh\n"), ("a\\b.txt", b"b"), (empty, b""), (here, b"../bin/run")),
        extension,
    )
    assert (into / "bin/run").read_bytes() == b"#!/bin/sh\n"
    assert stat.S_IMODE((into / "bin/run").stat().st_mode) == 0o755 & ~umask()
    assert (into / "bin/run").stat().st_mtime == 1580702706
    assert (into / "a/b.txt").read_bytes() == b"b"
    assert (into / "empty").is_dir()
    assert os.readlink(into / "bin/current") == "../bin/run"


@pytest.mark.parametrize("extension", PACKS)
def test_tars_of_every_packing_come_out_as_they_went_in(extension: str, tmp_path: Path) -> None:
    run = tarfile.TarInfo("./bin/run")
    run.mode, run.mtime = 0o6711, 1600000000
    hard = entry("hard", tarfile.LNKTYPE, "./bin/run")
    long = "d/" * 60 + "n" * 100
    data = tar_of(
        entry("./", tarfile.DIRTYPE),
        run,
        (long, bytes(100_000)),
        link("l", "bin"),
        hard,
        pack=PACKS[extension],
    )
    into = unpacked(tmp_path, data, extension)
    assert stat.S_IMODE((into / "bin/run").stat().st_mode) == 0o711 & ~umask()
    assert (into / "bin/run").stat().st_mtime == 1600000000
    assert (into / long).stat().st_size == 100_000
    assert os.readlink(into / "l") == "bin"
    assert (into / "hard").samefile(into / "bin/run")


def test_what_belongs_to_the_format_of_a_nupkg_stays_in_it(tmp_path: Path) -> None:
    names = ["_rels/.rels", "[Content_Types].xml", "package/services/metadata/core-properties/1.psmdcp"]
    data = zip_of(*((name, b"") for name in names), ("Acme.nuspec", b"n"), ("lib/a%20b%2Bc.txt", b"c"))
    into = unpacked(tmp_path, data, ".nupkg")
    assert {str(path.relative_to(into)) for path in into.rglob("*") if path.is_file()} == {
        "Acme.nuspec",
        "lib/a b+c.txt",
    }


def test_a_folder_that_is_there_is_not_touched(tmp_path: Path) -> None:
    (tmp_path / "into").mkdir()
    (tmp_path / "into" / "kept").touch()
    with pytest.raises(FileExistsError):
        unpacked(tmp_path, zip_of(("a", b"")), ".zip")
    assert [path.name for path in (tmp_path / "into").iterdir()] == ["kept"]


def test_a_link_may_lead_to_a_member_that_comes_later_or_to_nothing(tmp_path: Path) -> None:
    into = unpacked(tmp_path, tar_of(link("a/l", "../b/f"), link("n", "nothing"), ("b/f", b"x")), ".tar")
    assert (into / "a/l").read_bytes() == b"x"
    assert os.readlink(into / "n") == "nothing"


def test_the_total_is_limited_whatever_the_ratio(tmp_path: Path) -> None:
    data = os.urandom(5000)
    with pytest.raises(ExtractionRefused, match="more than 4000 bytes"):
        unpacked(tmp_path, zip_of(("a", data)), ".zip", LIMITS._replace(total=4000))
    with pytest.raises(ExtractionRefused, match="more than 4000 bytes"):
        unpacked(tmp_path, tar_of(("a", data)), ".tar", LIMITS._replace(total=4000))


def test_a_failing_disk_is_no_refusal_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_handle: int, _data: object) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("gurita.formats.extraction_tree.os.write", full)
    with pytest.raises(OSError, match="No space left"):
        unpacked(tmp_path, tar_of(("a", b"x"), pack="gz"), ".tar.gz")
    assert not (tmp_path / "into").exists()


NAMES = (
    st.lists(st.sampled_from(["a", "b", "A", "..", ".", "", "c:", "l"]), min_size=1, max_size=4)
    .map("/".join)
    .filter(bool)
)


@given(
    st.lists(st.tuples(NAMES, st.sampled_from(["file", "link", "hard"]), NAMES), max_size=6), st.booleans()
)
def test_nothing_ever_comes_to_lie_outside(
    tmp_path_factory: pytest.TempPathFactory, members: list[tuple[str, str, str]], zipped: bool
) -> None:
    folder = tmp_path_factory.mktemp("any")
    (folder / "sub").mkdir()
    if zipped:
        data = zip_of(
            *((special(name, stat.S_IFLNK | 0o777), target.encode()) if kind == "link" else (name, b"x")
              for name, kind, target in members)
        )  # fmt: skip
    else:
        kinds = {"link": tarfile.SYMTYPE, "hard": tarfile.LNKTYPE}
        data = tar_of(
            *(
                (name, b"x") if kind == "file" else entry(name, kinds[kind], target)
                for name, kind, target in members
            )
        )
    try:
        into = unpacked(folder / "sub", data, ".zip" if zipped else ".tar")
    except ExtractionRefused:
        assert [path.name for path in folder.rglob("*")] == ["sub", "archive"]
        return
    assert {path.name for path in folder.iterdir()} == {"sub"}
    root = into.resolve()
    for path in into.rglob("*"):
        assert path.is_symlink() or path.resolve().is_relative_to(root)
        if path.is_symlink():
            assert resolved(path).is_relative_to(root)


def resolved(path: Path) -> Path:
    """Where a link leads, also to nothing; one in circles leads to itself."""
    try:
        return path.resolve()
    except (OSError, RuntimeError):
        return path


@given(
    st.binary(max_size=300), st.sampled_from([".zip", ".tar", ".tar.gz", ".tar.bz2", ".tar.xz"]), st.data()
)
def test_damaged_bytes_are_refused_or_read_and_never_more(
    tmp_path_factory: pytest.TempPathFactory, junk: bytes, extension: str, data: st.DataObject
) -> None:
    folder = tmp_path_factory.mktemp("junk")
    good = (
        zip_of(("a/b", b"x" * 50), ("c", b"y"))
        if extension == ".zip"
        else tar_of(("a", b"x"), pack=PACKS[extension])
    )
    at = data.draw(st.integers(0, len(good)))
    try:
        unpacked(folder, good[:at] + junk + good[at + len(junk) :], extension)
    except ExtractionRefused:
        assert not (folder / "into").exists()


def test_the_usual_limits_let_a_large_text_through(tmp_path: Path) -> None:
    assert DEFAULT.ratio_from >= 64 << 20
    into = unpacked(tmp_path, zip_of(("log.txt", b"the same line\n" * 500_000)), ".zip", DEFAULT)
    assert (into / "log.txt").stat().st_size == 7_000_000


def test_zips_without_modes_are_readable_as_the_account_wants(tmp_path: Path) -> None:
    plain = zipfile.ZipInfo("a")
    plain.create_system, plain.external_attr = 0, 0x20
    assert (
        stat.S_IMODE((unpacked(tmp_path, zip_of((plain, b"")), ".zip") / "a").stat().st_mode)
        == 0o666 & ~umask()
    )


def umask() -> int:
    found = os.umask(0)
    os.umask(found)
    return found
