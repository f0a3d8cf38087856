"""A target's package cache on a real runner: brought once and whole, whatever happens on the way; trimmed by policy."""

from __future__ import annotations

import json
import os
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from gurita.runner.package_cache import JUST_USED
from gurita.runner.package_work import Package, PackageWork, StageScript
from tests.functional.packages_on_targets import bring, named, start
from tests.functional.runner_channel import Channel, Refused, cleaned, until
from tests.hostile_archives import zip_of
from tests.needs import need


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    (tmp_path / "home").mkdir()
    yield from cleaned(tmp_path / "home")


@pytest.fixture
def channel(home: Path) -> Iterator[Channel]:
    found = Channel(home)
    yield found
    found.close()


def cached(home: Path) -> list[str]:
    """The packages that are whole, and what is on its way."""
    folder = home / "packages-v1"
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def found(channel: Channel, *packages: Package) -> list[bool]:
    answer: list[bool] = channel.ask("package_find", packages=[each._asdict() for each in packages])[0][
        "found"
    ]
    return answer


def opened(channel: Channel, package: Package) -> dict[str, Any]:
    return channel.ask("package_open", package=package._asdict())[0]


def used_before(home: Path, seconds: float) -> None:
    """Let all packages have been used that long ago, the greatest version last."""
    for number, path in enumerate(sorted((home / "packages-v1").glob("*@*"))):
        os.utime(path, (time.time() - seconds + number,) * 2)


def test_a_package_is_brought_once_and_lies_under_its_name_and_hash(channel: Channel, home: Path) -> None:
    data = os.urandom(3_000_000)
    package = named(data, id="Acme/Web", version="1.0+x", extension=".tar.gz")
    assert found(channel, package) == [False]
    bring(channel, data, id="Acme/Web", version="1.0+x", extension=".tar.gz")
    assert cached(home) == [f"Acme%2FWeb@1.0%2Bx@{package.sha256[:32]}.tar.gz"]
    assert (home / "packages-v1" / cached(home)[0]).read_bytes() == data
    assert found(channel, package, package._replace(version="2"), package._replace(size=1)) == [
        True,
        False,
        False,
    ]
    assert opened(channel, package)["have"] is True


def test_bytes_that_are_not_the_promised_ones_are_refused_and_leave_nothing(
    channel: Channel, home: Path
) -> None:
    package = named(b"x" * 1000)
    for data in (b"y" * 1000, b"x" * 999):
        upload = opened(channel, package)["upload"]
        channel.ask("package_write", data, upload=upload, offset=0)
        with pytest.raises(Refused, match="bad-package"):
            channel.ask("package_close", upload=upload)
        with pytest.raises(Refused, match="not-found"):
            channel.ask("package_close", upload=upload)
    upload = opened(channel, package)["upload"]
    with pytest.raises(Refused, match="bad-package"):
        channel.ask("package_write", b"x" * 1001, upload=upload, offset=0)
    assert cached(home) == []
    with pytest.raises(Refused, match="bad-request"):
        opened(channel, package._replace(id="../../evil", extension="/../x"))
    bring(channel, b"x" * 1000, id="../../evil")
    assert all(path.startswith("..%2F..%2Fevil@") for path in cached(home))


def test_an_upload_that_was_cut_is_gone_on_with(home: Path) -> None:
    data = os.urandom(2_500_000)
    package = named(data)
    first = Channel(home)
    upload = opened(first, package)["upload"]
    first.ask("package_write", data[:1_000_000], upload=upload, offset=0)
    first.kill()
    assert cached(home) == [f"incoming/{package.sha256}.0"]
    second = Channel(home)
    again = opened(second, package)
    assert again["offset"] == 1_000_000
    with pytest.raises(Refused, match="bad-request"):
        second.ask("package_write", data[:10], upload=again["upload"], offset=0)
    assert bring(second, data) == package
    second.close()
    assert [name for name in cached(home) if "incoming" not in name] == cached(home)


def test_a_damaged_beginning_is_found_out_at_the_end_and_the_next_upload_is_whole(
    home: Path, channel: Channel
) -> None:
    data = os.urandom(5000)
    (home / "packages-v1/incoming").mkdir(parents=True)
    (home / f"packages-v1/incoming/{named(data).sha256}.0").write_bytes(b"x" * 2000)
    with pytest.raises(Refused, match="bad-package"):
        bring(channel, data)
    assert cached(home) == []
    bring(channel, data)
    assert len(cached(home)) == 1


def test_servers_that_bring_the_same_package_at_once_do_not_disturb_each_other(home: Path) -> None:
    data = os.urandom(4_000_000)
    channels = [Channel(home) for _ in range(4)]
    threads = [
        threading.Thread(target=bring, args=(channel, data), kwargs={"block": 100_000 * (number + 1)})
        for number, channel in enumerate(channels)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(240)
    assert found(channels[0], named(data)) == [True]
    for channel in channels:
        channel.close()
    (name,) = cached(home)
    assert (home / "packages-v1" / name).read_bytes() == data


def test_two_uploads_on_one_channel_have_files_of_their_own(channel: Channel, home: Path) -> None:
    data = b"z" * 1000
    first, second = opened(channel, named(data))["upload"], opened(channel, named(data))["upload"]
    assert first != second
    for upload in (first, second):
        channel.ask("package_write", data, upload=upload, offset=0)
        channel.ask("package_close", upload=upload)
    assert len(cached(home)) == 1


def test_trimming_keeps_the_last_used_versions_and_what_was_used_just_now(
    channel: Channel, home: Path
) -> None:
    for version in ("1", "2", "3"):
        bring(channel, version.encode(), version=version)
    bring(channel, b"other", id="Other")
    nothing = {"removed": 0, "bytes": 0, "left": 4}
    assert channel.ask("package_trim", keep=1, free_percent=0)[0].items() >= nothing.items()
    used_before(home, JUST_USED + 10)
    assert channel.ask("package_trim", keep=2, free_percent=0)[0]["removed"] == 1
    assert [name.split("@")[:2] for name in cached(home)] == [
        ["Acme.Web", "2"],
        ["Acme.Web", "3"],
        ["Other", "1.2.3"],
    ]
    used_before(home, 3 * 86400)
    assert found(channel, named(b"3", version="3")) == [True]
    assert channel.ask("package_trim", days=2, free_percent=0)[0]["removed"] == 2
    assert [name.split("@")[1] for name in cached(home)] == ["3"]
    used_before(home, JUST_USED + 10)
    assert channel.ask("package_trim", free_percent=100)[0]["left"] == 0


def test_trimming_passes_over_what_a_running_ticket_uses(
    channel: Channel, home: Path, tmp_path: Path
) -> None:
    package = bring(channel, zip_of(("a", b"x")))
    bring(channel, b"idle", id="Idle")
    work = PackageWork(
        kind="deploy", package=package, applications=str(tmp_path / "apps"), environment="E",
        scripts=[StageScript("Deploy", "bash", f"touch {tmp_path}/up; while [ ! -e {tmp_path}/go ]; do sleep 0.05; done")],
    )  # fmt: skip
    ticket = start(channel, work)
    until(lambda: (tmp_path / "up").exists())
    used_before(home, JUST_USED + 10)
    assert channel.ask("package_trim", days=0.01, free_percent=100)[0]["removed"] == 1
    assert [name.split("@")[0] for name in cached(home)] == ["Acme.Web"]
    (tmp_path / "go").touch()
    assert channel.follow(ticket).rc == 0
    assert channel.ask("package_trim", days=0.01, free_percent=0)[0]["removed"] == 1


def test_uploads_nobody_goes_on_with_are_swept_after_a_day(channel: Channel, home: Path) -> None:
    going = opened(channel, named(b"going"))["upload"]
    folder = home / "packages-v1/incoming"
    (folder / "dead.0").write_bytes(b"x")
    for path in folder.iterdir():
        os.utime(path, (time.time() - 90_000,) * 2)
    channel.ask("package_trim", free_percent=0)
    assert cached(home) == [f"incoming/{named(b'going').sha256}.0"]
    channel.ask("package_write", b"going", upload=going, offset=0)
    channel.ask("package_close", upload=going)


def test_a_full_disk_is_a_clear_refusal_that_leaves_nothing_and_old_packages_make_room(
    tmp_path: Path,
) -> None:
    need("root")
    need("namespaces")
    (tmp_path / "inside.py").write_text(_FULL_DISK)
    (tmp_path / "disk").mkdir()
    done = subprocess.run(
        ["unshare", "--mount", "sh", "-c",
         f"mount -t tmpfs -o size=8m none {tmp_path}/disk && exec python3 {tmp_path}/inside.py {tmp_path}/disk"],
        cwd=Path(__file__).parents[2], capture_output=True, text=True, timeout=240, check=False,
        env={**os.environ, "PYTHONPATH": "src:."},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr + done.stdout
    told = json.loads(done.stdout.splitlines()[-1])
    assert told["promised"][0] == "no-space"
    assert "needs 20000000 more bytes" in told["promised"][1]
    assert "Free space on this machine" in told["promised"][1]
    assert told["written"][0] == "no-space"
    assert told["left"] == []
    assert told["made room"] == ["New@1"]
    assert told["extraction"][0] == 1
    assert "No space left on device" in told["extraction"][1]


_FULL_DISK = """
import json, os, sys, time
from pathlib import Path
from tests.functional.packages_on_targets import bring, deploy, named
from tests.functional.runner_channel import Channel, Refused
from tests.functional.test_package_cache import cached, opened, used_before
from tests.hostile_archives import zip_of
home = Path(sys.argv[1])
channel, told = Channel(home), {}
def refused(call, *words, **more):
    try:
        call(*words, **more)
    except Refused as refusal:
        return refusal.args
told["promised"] = refused(opened, channel, named(b"x" * 20_000_000))
data = os.urandom(5_000_000)
upload = opened(channel, named(data))["upload"]
(home / "ballast").write_bytes(bytes(7_000_000))
told["written"] = refused(channel.ask, "package_write", data, upload=upload, offset=0)
(home / "ballast").unlink()
told["left"] = cached(home)
bring(channel, os.urandom(5_000_000), id="Old", version="1")
used_before(home, 7200)
bring(channel, os.urandom(5_000_000), id="New", version="1")
told["made room"] = ["@".join(name.split("@")[:2]) for name in cached(home)]
used_before(home, 7200)
seen = deploy(channel, bring(channel, zip_of(("big", bytes(30_000_000)), ("b", os.urandom(10)))), home / "apps")
told["extraction"] = seen.rc, seen.message
channel.close()
print(json.dumps(told))
"""
