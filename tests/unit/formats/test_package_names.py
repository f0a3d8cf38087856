"""Package ids and versions in file names, and names in a target's cache."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as some

from gurita.formats.package_names import (
    CachedName,
    PackageNameError,
    cache_name,
    read_cache_name,
    read_file_name,
)

DIGEST = "0123456789abcdef" * 4
words = some.text("abcXYZ09_", min_size=1, max_size=8)
ids = some.lists(words.filter(lambda word: not word[0].isdigit()), min_size=1, max_size=4).flatmap(
    lambda parts: some.sampled_from([".".join(parts), "-".join(parts), "_".join(parts)])
)
numbers = some.lists(some.integers(0, 99_999), min_size=1, max_size=4).map(lambda n: ".".join(map(str, n)))
labels = some.lists(some.text("abz09-", min_size=1, max_size=5), min_size=1, max_size=3).map(".".join)


@pytest.mark.parametrize(
    ("name", "id", "version", "extension"),
    [
        ("My.App.1.2.3-beta.1.tar.gz", "My.App", "1.2.3-beta.1", ".tar.gz"),
        ("Acme.Web.1.0.0.nupkg", "Acme.Web", "1.0.0", ".nupkg"),
        ("Acme.Web.1.0.0.ZIP", "Acme.Web", "1.0.0", ".ZIP"),
        ("web.1.tar", "web", "1", ".tar"),
        ("web.1.2.tar.bz2", "web", "1.2", ".tar.bz2"),
        ("web.1.2.tgz", "web", "1.2", ".tgz"),
        ("web.1.2.7z", "web", "1.2", ".7z"),
        ("web_front-end.api.10.20.30.40.zip", "web_front-end.api", "10.20.30.40", ".zip"),
        ("web.1.2.3+build.7.zip", "web", "1.2.3+build.7", ".zip"),
        ("web.1.2.3-rc.1+build.7.jar", "web", "1.2.3-rc.1+build.7", ".jar"),
        ("web.2.min.1.0.zip", "web.2.min", "1.0", ".zip"),
        ("web2.0.1.2.zip", "web2", "0.1.2", ".zip"),
        ("app.2024.01.05.war", "app", "2024.01.05", ".war"),
        ("app.1.0.0.nupkg.zip", "app", "1.0.0", ".nupkg.zip"),
        ("1.0.zip", "1", "0", ".zip"),
        ("Zürich.1.0.zip", "Zürich", "1.0", ".zip"),
    ],
)
def test_a_file_name_says_which_package_it_is(name: str, id: str, version: str, extension: str) -> None:
    assert read_file_name(name) == (id, version, extension)


@pytest.mark.parametrize(
    "name",
    [
        "",
        "web.zip",
        "web.1.0",
        "web.1.0-beta",
        ".1.0.zip",
        "web.1.0b.zip",
        "web..1.0.zip",
        "../web.1.0.zip",
        "folder/web.1.0.zip",
        "folder\\web.1.0.zip",
        "web.1.0.zip\n",
        "web.1.0.zip/..",
        "we\0b.1.0.zip",
        "web 2.1.0.zip",
        "web.\u0661.\u0662.zip",
        "web.1.0-.zip",
        "web.1.0.tar.gz.exe.",
        "w" * 250 + ".1.0.zip",
    ],
)
def test_a_name_without_id_and_version_is_refused_with_what_to_do(name: str) -> None:
    with pytest.raises(PackageNameError, match="Rename the file"):
        read_file_name(name)


@given(
    ids, numbers, some.one_of(some.just(""), labels), some.sampled_from([".zip", ".nupkg", ".tar.gz", ".tar"])
)
def test_what_is_joined_to_a_name_is_read_from_it(id: str, number: str, label: str, extension: str) -> None:
    version = number + (f"-{label}" if label else "")
    assert read_file_name(id + "." + version + extension) == (id, version, extension)


@given(some.text(max_size=300))
def test_any_text_is_read_or_refused_and_what_is_read_is_the_text(name: str) -> None:
    try:
        read = read_file_name(name)
    except PackageNameError:
        return
    assert read.id + "." + read.version + read.extension == name


@pytest.mark.parametrize("piece", ["_", "a.", "1.", "a-", ".1", "1-", "a.1", ".tar", "+"])
def test_a_hostile_name_takes_no_time(piece: str) -> None:
    name = (piece * 255)[:254] + "!"
    started = time.thread_time()
    with pytest.raises(PackageNameError):
        read_file_name(name)
    assert time.thread_time() - started < 0.1


def test_a_name_in_the_cache_has_id_version_and_hash() -> None:
    name = cache_name("Acme.Web", "1.0.0+7", ".tar.gz", DIGEST)
    assert name == f"Acme.Web@1.0.0%2B7@{DIGEST[:32]}.tar.gz"
    assert read_cache_name(name) == CachedName("Acme.Web", "1.0.0+7", ".tar.gz", DIGEST[:32])


@given(
    some.text(some.characters(exclude_categories=["Cs"]), min_size=1, max_size=6),
    some.text(some.characters(exclude_categories=["Cs"]), min_size=1, max_size=6),
    some.sampled_from(["", ".zip", ".tar.gz"]),
)
def test_any_package_comes_back_from_its_name_in_the_cache(id: str, version: str, extension: str) -> None:
    name = cache_name(id, version, extension, DIGEST)
    assert read_cache_name(name) == (id, version, extension, DIGEST[:32])
    assert "/" not in name
    assert "\0" not in name


@pytest.mark.parametrize(
    "name", ["", "a@b@c", f"@1@{DIGEST[:32]}.zip", f"a@@{DIGEST[:32]}.zip", f"a@1@{DIGEST[:31]}.zip", "a.zip"]
)
def test_another_file_in_the_cache_is_told_from_a_package(name: str) -> None:
    with pytest.raises(PackageNameError):
        read_cache_name(name)


@pytest.mark.parametrize(
    ("id", "version", "digest"),
    [("", "1", DIGEST), ("a", "", DIGEST), ("a", "1", "xyz"), ("a", "1", ""), ("é" * 90, "1", DIGEST)],
)
def test_a_package_no_file_system_takes_has_no_name_in_the_cache(id: str, version: str, digest: str) -> None:
    with pytest.raises(PackageNameError):
        cache_name(id, version, ".zip", digest)
