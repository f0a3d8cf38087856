"""Pushes that go wrong, over real connections: refused by name, and nothing of them is kept."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import os
import random
import socket
import sqlite3
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx2
import pytest

from bench.processes import MemoryWatch
from tests.fixtures_server import GuritaServer, gurita_server
from tests.functional.rooms import at_rest, refusal_of, tables
from tests.packaging import zip_of

MIB = 1 << 20
LARGE = 256 * MIB
HEAD = 'Content-Disposition: form-data; name="file"; filename="{name}"'


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GuritaServer]:
    with gurita_server(tmp_path_factory.mktemp("packages")) as made:
        yield made


def files(server: GuritaServer) -> dict[str, int]:
    """What the folder of blobs holds, half-written files too."""
    folder = server.data / "blobs"
    found = {}
    for each in folder.rglob("*"):
        with contextlib.suppress(FileNotFoundError):  # half-written ones go at any moment
            if each.is_file():
                found[str(each.relative_to(folder))] = each.stat().st_size
    return found


@contextlib.contextmanager
def nothing_kept(server: GuritaServer) -> Iterator[None]:
    """Proves that the database and the folder of files are the same after the block."""
    rows, kept = at_rest(server), files(server)
    yield
    now = tables(server)
    assert [name for name in rows if rows[name] != now[name]] == []
    assert files(server) == kept


def zipped(text: str) -> bytes:
    return zip_of({"a.txt": text})


def push(server: GuritaServer, name: str, content: bytes, query: str = "") -> httpx2.Response:
    return server.client.post(f"/api/packages/raw{query}", files={"data": (name, content)})


def started(server: GuritaServer, name: str, *, length: int | None) -> socket.socket:
    """A push that has begun: headers and the head of the form are sent; `length` of None is a chunked body."""
    body = f"--b\r\n{HEAD.format(name=name)}\r\n\r\n"
    lines = [
        "POST /api/packages/raw HTTP/1.1",
        "Host: 127.0.0.1",
        f"X-Octopus-ApiKey: {server.api_key}",
        "Content-Type: multipart/form-data; boundary=b",
        "Transfer-Encoding: chunked" if length is None else f"Content-Length: {len(body) + length + 9}",
    ]
    opened = socket.create_connection(("127.0.0.1", server.port), 120)
    first = f"{len(body):x}\r\n{body}\r\n" if length is None else body
    opened.sendall(("\r\n".join(lines) + "\r\n\r\n" + first).encode())
    return opened


@pytest.mark.parametrize("chunked", [False, True])
def test_an_upload_cut_in_the_middle_leaves_nothing(server: GuritaServer, chunked: bool) -> None:
    with nothing_kept(server):
        before = files(server)
        opened = started(server, "Cut.1.0.0.zip", length=None if chunked else 64 * MIB)
        for _ in range(8):
            piece = os.urandom(MIB)
            opened.sendall(b"%x\r\n%s\r\n" % (MIB, piece) if chunked else piece)
        server.until(
            lambda: any(size > 4 * MIB for name, size in files(server).items() if name not in before)
        )
        opened.close()
        server.until(lambda: files(server) == before)
    assert server.client.get("/api/packages/Cut.1.0.0").status_code == 404
    assert "Traceback" not in server.log.read_text()


def test_a_server_that_ends_during_an_upload_leaves_no_package(tmp_path: Path) -> None:
    with gurita_server(tmp_path) as server:
        opened = started(server, "Cut.1.0.0.zip", length=64 * MIB)
        opened.sendall(os.urandom(4 * MIB))
        server.until(lambda: files(server))
        server.restart()
        opened.close()
        assert not files(server)
        assert server.get("packages")["TotalResults"] == 0
        assert push(server, "Cut.1.0.0.zip", zipped("x")).status_code == 201


@pytest.mark.parametrize("point", ["packages.before-keep", "blobs.before-rename"])
def test_a_server_that_is_killed_while_it_keeps_a_package_has_it_not_and_takes_it_again(
    tmp_path: Path, point: str
) -> None:
    with gurita_server(tmp_path, environment={"GURITA_FAULTS": f"{point}=kill"}) as server:
        with pytest.raises(httpx2.HTTPError):
            push(server, "a.1.0.0.zip", zipped("x"))
        assert server.process is not None
        server.process.wait(90)
        server.environment = {}
        server.start()
        assert server.get("packages")["TotalResults"] == 0
        assert push(server, "a.1.0.0.zip", zipped("x")).status_code == 201
        assert server.client.get("/api/packages/a.1.0.0/raw").content == zipped("x")


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("../../evil.1.0.0.zip", "is a path"),
        ("..%2Fevil", "does not say which package"),
        ("readme.txt", "does not say which package"),
        ("Acme.latest.zip", "does not say which package"),
        ("Acme.1.0.0", "extension"),
        ("Acme.1.0.0.nupkg", "NuGet package"),
    ],
)
def test_what_no_package_can_be_is_refused_by_its_name(server: GuritaServer, name: str, told: str) -> None:
    with nothing_kept(server):
        refusal_of(push(server, name, zipped("x")), 400, told, name.rpartition("/")[2])


def test_a_wrong_hash_is_refused(server: GuritaServer) -> None:
    content, other = zipped("one"), zipped("two")

    def said(header: str, digest: bytes) -> httpx2.Response:
        value = base64.b64encode(hashlib.new("sha256" if "sha-256" in header else "md5", digest).digest())
        head = f"--b\r\n{HEAD.format(name='Hash.1.0.0.zip')}\r\n{header.format(value.decode())}\r\n\r\n"
        body = head.encode() + content + b"\r\n--b--\r\n"
        kind = {"Content-Type": "multipart/form-data; boundary=b"}
        return server.client.post("/api/packages/raw?replace=true", content=body, headers=kind)

    for header in ("Content-MD5: {}", "Content-Digest: sha-256=:{}:"):
        with nothing_kept(server):
            refusal_of(said(header, other), 400, "Hash.1.0.0.zip", "damaged on its way")
        assert said(header, content).status_code in (200, 201)


def test_a_form_that_ends_too_early_is_refused(server: GuritaServer) -> None:
    kind = {"Content-Type": "multipart/form-data; boundary=b"}
    head = f"--b\r\n{HEAD.format(name='Early.1.0.0.zip')}\r\n\r\n".encode()
    for body in (head + zipped("x"), head[:30], b"", b"nothing of the kind", head + b"x\r\n--b\r\n"):
        with nothing_kept(server):
            refusal_of(server.client.post("/api/packages/raw", content=body, headers=kind), 400, "form")


def test_of_two_pushes_of_one_version_at_once_one_wins(server: GuritaServer) -> None:
    """Both are on their way before either ends; the last bytes are sent together."""
    contents = [random.Random(number).randbytes(3 * MIB) for number in range(6)]
    opened = [started(server, "Race.1.0.0.zip", length=3 * MIB) for _ in contents]
    for connection, content in zip(opened, contents, strict=True):
        connection.sendall(content)
    gate = threading.Barrier(len(opened))

    def finish(connection: socket.socket) -> int:
        gate.wait()
        connection.sendall(b"\r\n--b--\r\n")
        status = connection.makefile("rb").readline()
        connection.close()
        return int(status.split()[1])

    with ThreadPoolExecutor(len(opened)) as pool:
        answers = list(pool.map(finish, opened))
    assert sorted(answers) == [201] + 5 * [409]
    kept = server.client.get("/api/packages/Race.1.0.0/raw").content
    assert kept == contents[answers.index(201)]
    assert list(files(server).values()).count(3 * MIB) == 1
    refused = push(server, "Race.1.0.0.zip", b"another")
    refusal_of(refused, 409, "A package with the same name and version already exists")


@pytest.mark.needs("root", "namespaces")
def test_a_full_disk_is_told_and_nothing_is_half_stored(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    server = GuritaServer(tmp_path / "server", data=disk / "data")
    command = " ".join(server.command())
    mount = f"mount -t tmpfs -o size=48m tmpfs {disk} && exec {command}"
    server.command = lambda: ["unshare", "--mount", "sh", "-c", mount]  # type: ignore[method-assign]
    try:
        server.start()
        server.data = Path(f"/proc/{server.pid}/root{disk}/data")  # the disk as this server alone sees it
        assert push(server, "Small.1.0.0.zip", b"s" * MIB).status_code == 201
        kept = files(server)
        for _ in range(2):
            refused = push(server, "Large.1.0.0.zip", b"l" * 64 * MIB)
            refusal_of(refused, 503, "no space left")
            assert refused.headers["Retry-After"]
            assert files(server) == kept
        assert [one["Id"] for one in server.get("packages")["Items"]] == ["packages-Small.1.0.0"]
        assert push(server, "Other.1.0.0.zip", b"o" * 4 * MIB).status_code == 201
        assert "Traceback" not in server.log.read_text()
    finally:
        server.close()


def test_a_large_package_goes_in_and_out_with_flat_memory(server: GuritaServer) -> None:
    piece = os.urandom(MIB)
    push(server, "Warm.1.0.0.zip", piece * 8)
    server.client.get("/api/packages/Warm.1.0.0/raw")
    body = f"--b\r\n{HEAD.format(name='Large.1.0.0.zip')}\r\n\r\n".encode()

    def form() -> Iterator[bytes]:
        yield body
        for _ in range(LARGE // MIB):
            yield piece
        yield b"\r\n--b--\r\n"

    kind = {"Content-Type": "multipart/form-data; boundary=b"}
    with MemoryWatch(server.pid) as memory:
        made = server.client.post("/api/packages/raw", content=form(), headers=kind, timeout=400).json()
        assert made["PackageSizeBytes"] == LARGE
        digest = hashlib.sha1(usedforsecurity=False)
        with server.client.stream("GET", made["Links"]["Raw"], timeout=400) as answer:
            assert answer.headers["Content-Length"] == str(LARGE)
            for block in answer.iter_bytes():
                digest.update(block)
    assert digest.hexdigest() == made["Hash"]
    assert memory.growth < 64, f"{memory.growth:.0f} MB more while {LARGE // MIB} MiB went in and out"
    other = {"Range": f"bytes={LARGE - 5}-"}
    assert server.client.get(made["Links"]["Raw"], headers=other).content == piece[-5:]


def test_the_server_answers_others_while_a_large_package_arrives(server: GuritaServer) -> None:
    """By turns: others wait for no byte that is not sent before they have their answer."""
    opened = started(server, "Slow.1.0.0.zip", length=128 * MIB)
    piece = os.urandom(MIB)
    for _ in range(128):
        opened.sendall(piece)
        listed = server.get("packages", take=1000)["Items"]
        assert "packages-Slow.1.0.0" not in [one["Id"] for one in listed]
    opened.sendall(b"\r\n--b--\r\n")
    assert opened.makefile("rb").readline().split()[1] == b"201"
    opened.close()


def test_the_database_is_sound_after_what_the_tests_pushed(server: GuritaServer) -> None:
    assert push(server, "Sound.1.0.0.zip", zipped("sound")).status_code == 201
    listed = server.get("packages", take=1000)["Items"]
    assert listed
    for one in listed:
        head = server.client.head(one["Links"]["Raw"])
        assert head.headers["Content-Length"] == str(one["PackageSizeBytes"])
    with contextlib.closing(
        sqlite3.connect(f"file:{server.data / 'gurita.db'}?mode=ro", uri=True)
    ) as database:
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
