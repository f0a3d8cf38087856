from __future__ import annotations

import asyncio
import gzip
import hashlib
import hmac
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from gurita.audit.trail.archiving import archive
from gurita.audit.trail.file_format import NoTrail
from gurita.audit.trail.offline import Outside, verify_file
from gurita.audit.trail.streaming import Streamer, signature
from gurita.http.context import Context, system_viewer
from gurita.outbound.client import Ask
from gurita.outbound.errors import Busy
from gurita.outbound.policy import NEIGHBOURS, AddressPolicy
from gurita.store.blobs import Blobs
from tests.counting import statements
from tests.looping import in_loop
from tests.unit.audit.trails import Trail, trail

DAY = 86_400_000


def system(made: Trail) -> Context:
    return Context(made.gurita.services, system_viewer(), "")


async def sealed(made: Trail, *seals: str) -> None:
    """A seal a text, an event a letter."""
    for words in seals:
        await made.write(*words)
        await made.keeper.seal()


@in_loop
async def test_an_export_is_verified_and_a_change_in_it_is_named(tmp_path: Path) -> None:
    async with trail(tmp_path) as made:
        await sealed(made, "abc", "de")
        answer = await made.gurita.ask("GET", "gurita/audit/export")
        file = tmp_path / "audit.jsonl"
        file.write_bytes(answer.body)
        result = verify_file(file, Outside())
        assert result.good and result.head is not None
        assert result.head.chain == (await made.gurita.get("gurita/audit/status"))["Head"]["Chain"]
        lines = answer.body.splitlines(keepends=True)
        at = next(n for n, line in enumerate(lines) if b'"message":"b"' in line)
        number = json.loads(lines[at])["Event"]["number"]
        for changed, kind in (
            ([*lines[:at], lines[at].replace(b'"b"', b'"x"'), *lines[at + 1 :]], "altered"),
            ([*lines[:at], *lines[at + 1 :]], "missing"),
        ):
            file.write_bytes(b"".join(changed))
            assert [(each.kind, each.about) for each in verify_file(file, Outside()).findings] == [
                (kind, f"Events-{number}")
            ]
        file.write_bytes(b"".join(lines)[:-5])
        with pytest.raises(NoTrail, match="Line"):
            verify_file(file, Outside())
        assert verify_file_of(file, lines, Outside("00" * 32)) == {"forged"}
        whole = (await made.gurita.get("events?eventCategories=EventsExported"))["TotalResults"]
        assert whole == 1


def verify_file_of(file: Path, lines: list[bytes], outside: Outside) -> set[str]:
    file.write_bytes(b"".join(lines))
    return {each.kind for each in verify_file(file, outside).findings}


@in_loop
async def test_the_status_tells_how_far_the_trail_is_sealed(tmp_path: Path) -> None:
    async with trail(tmp_path) as made:
        await sealed(made, "ab")
        await made.write("c")
        told = await made.gurita.get("gurita/audit/status")
        assert told["UnsealedEvents"] == 1 and told["SealedEvents"] == told["Head"]["Count"]
        digest = hashlib.sha256(bytes.fromhex(told["PublicKey"])).hexdigest()
        assert told["KeyFingerprint"] == f"SHA256:{digest}"


@in_loop
async def test_events_leave_as_json_block_by_block(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gurita.audit.routes._BLOCK", 2)
    async with trail(tmp_path) as made:
        await made.write(*"abcd")
        answer = await made.gurita.ask("GET", "events?asJson=true&regarding=Projects-1")
        assert "events.json" in answer.headers["content-disposition"]
        assert [each["Message"] for each in json.loads(answer.body)] == ["d", "c", "b", "a"]
        answer = await made.gurita.ask("GET", "events?asJson=true&regarding=Projects-9")
        assert json.loads(answer.body) == []


@in_loop
async def test_old_events_move_to_archives_that_keep_their_place_in_the_chain(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gurita.audit.trail.archiving.MOST_EVENTS", 3)
    async with trail(tmp_path, blobs=Blobs.open(tmp_path / "blobs")) as made:
        await sealed(made, "abc", "de", "fgh", "i")
        now = made.gurita.services.milliseconds()
        assert await archive(system(made), now + 9 * DAY) == 0
        await made.gurita.put("eventretentionconfiguration", {"EventRetentionDays": 7})
        assert await archive(system(made), now + 6 * DAY) == 0
        count = await archive(system(made), now + 9 * DAY)
        assert count >= 3
        await made.keeper.seal()
        messages = {each["Message"] for each in (await made.gurita.get("events?take=100"))["Items"]}
        assert "a" not in messages and "i" in messages
        files = (await made.gurita.get("events/archives"))["Items"]
        assert len(files) == count
        assert made.named(blobs=tmp_path / "blobs") == [] == made.named()
        result, last = None, None
        for each in reversed(files):
            answer = await made.gurita.ask("GET", f"events/archives/{each['Id']}")
            last = tmp_path / each["FileName"]
            last.write_bytes(answer.body)
            result = verify_file(last, Outside(), result)
        assert result is not None and result.good
        assert b'"message":"a"' in b"".join(
            gzip.decompress((tmp_path / each["FileName"]).read_bytes()) for each in files
        )
        await sealed(made, "after")
        assert made.named(blobs=tmp_path / "blobs") == []


@in_loop
async def test_a_deleted_archive_leaves_the_chain_whole_and_an_event(tmp_path: Path) -> None:
    async with trail(tmp_path, blobs=Blobs.open(tmp_path / "blobs")) as made:
        await sealed(made, "abc", "de")
        await made.gurita.put("eventretentionconfiguration", {"EventRetentionDays": 1})
        await archive(system(made), made.gurita.services.milliseconds() + 2 * DAY)
        await made.gurita.delete("events/archives/EventArchives-1")
        assert (await made.gurita.get("events/archives"))["Items"] == []
        await made.gurita.refused(404, "GET", "events/archives/EventArchives-1")
        await made.gurita.refused(404, "DELETE", "events/archives/EventArchives-1")
        await made.keeper.seal()
        assert made.named(blobs=tmp_path / "blobs") == []
        await made.alter("UPDATE audit_archive SET head = replace(head, 'Count', 'Number')")
        assert ("altered", "archive 1") in made.named()
        await made.alter(
            "UPDATE audit_archive SET head = replace(replace(head, 'Number', 'Count'), :old, :new)",
            old='Seal":',
            new='Seal":1',
        )
        assert ("forged", "archive 1") in made.named()


@in_loop
async def test_an_altered_archive_is_named(tmp_path: Path) -> None:
    async with trail(tmp_path, blobs=Blobs.open(tmp_path / "blobs")) as made:
        await sealed(made, "abc", "de")
        await made.gurita.put("eventretentionconfiguration", {"EventRetentionDays": 1})
        await archive(system(made), made.gurita.services.milliseconds() + 2 * DAY)
        (blob,) = (path for path in (tmp_path / "blobs").glob("??/*") if path.is_file())
        text = gzip.decompress(blob.read_bytes())
        blob.write_bytes(gzip.compress(text.replace(b'"message":"b"', b'"message":"x"')))
        (found,) = made.named(blobs=tmp_path / "blobs")
        assert found[0] == "altered" and found[1].startswith("Events-")


@in_loop
async def test_a_trail_that_was_altered_is_not_archived(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with trail(tmp_path, blobs=Blobs.open(tmp_path / "blobs")) as made:
        await sealed(made, "abc", "de")
        await made.gurita.put("eventretentionconfiguration", {"EventRetentionDays": 1})
        await made.alter("UPDATE event SET message = 'x' WHERE message = 'b'")
        assert await archive(system(made), made.gurita.services.milliseconds() + 2 * DAY) == 0
        assert "not archived" in caplog.text


class Receiver:
    """An outbound client that keeps what it is asked to send."""

    def __init__(self) -> None:
        self.got: list[tuple[str, Mapping[str, str], bytes, AddressPolicy]] = []
        self.away = 0

    async def ask(self, ask: Ask) -> None:
        if self.away:
            self.away -= 1
            raise Busy("The server answered 503.", ask.url, status=503)
        self.got.append((ask.url, ask.headers, ask.body, ask.policy))


HTTP = {
    "IsEnabled": True,
    "StreamType": "Http",
    "Url": "https://siem.example/in",
    "Addresses": "Neighbours",
    "FromBeginning": True,
}


@in_loop
async def test_sealed_events_are_posted_signed_and_come_again_until_they_arrive(tmp_path: Path) -> None:
    receiver = Receiver()
    async with trail(tmp_path, outbound=receiver) as made:
        await sealed(made, "ab")
        secret: dict[str, Any] = {"Secret": {"HasValue": True, "NewValue": "between us"}}
        told = await made.gurita.put("audit-stream", {**HTTP, **secret})
        assert told["Secret"] == {"HasValue": True, "NewValue": None, "Hint": None}
        streamer, receiver.away = Streamer(system(made), tmp_path), 2
        assert [await streamer.step() for _ in range(4)] == [False, False, True, False]
        ((url, headers, body, policy),) = receiver.got
        assert (url, policy) == (HTTP["Url"], NEIGHBOURS)
        moment, proof = (part.partition("=")[2] for part in headers["X-Gurita-Signature"].split(","))
        assert hmac.new(b"between us", f"{moment}.".encode() + body, "sha256").hexdigest() == proof
        assert headers["X-Gurita-Signature"] == signature("between us", int(moment), body)
        (tmp_path / "got").write_bytes(body)
        assert verify_file(tmp_path / "got", Outside()).good and b'"message":"b"' in body
        status = (await made.gurita.get("audit-stream"))["Status"]
        assert (status["Behind"], status["Failures"], status["LastError"]) == (0, 0, "")
        receiver.away = 1
        await sealed(made, "c")
        assert not await streamer.step()
        status = (await made.gurita.get("audit-stream"))["Status"]
        assert status["Failures"] == 1 and "503" in status["LastError"] and status["Behind"] > 0
        assert await streamer.step()
        (tmp_path / "got").write_bytes(receiver.got[-1][2])
        assert verify_file(tmp_path / "got", Outside()).good
        assert "between us" not in json.dumps(await made.gurita.get("events?take=100"))


@in_loop
async def test_a_file_may_be_rotated_and_each_part_is_a_trail(tmp_path: Path) -> None:
    async with trail(tmp_path) as made:
        await sealed(made, "a")
        await made.gurita.put(
            "audit-stream", {"IsEnabled": True, "FileName": "trail.jsonl", "FromBeginning": True}
        )
        streamer = Streamer(system(made), tmp_path)
        file, moved = tmp_path / "audit" / "trail.jsonl", tmp_path / "audit" / "trail.jsonl.1"
        await streamer.step()
        await sealed(made, "b")
        await streamer.step()
        file.rename(moved)
        await sealed(made, "c")
        await streamer.step()
        assert file.stat().st_mode & 0o077 == 0
        result = verify_file(file, Outside(), verify_file(moved, Outside()))
        assert result.good and result.head is not None
        assert result.head.chain == (await made.gurita.get("gurita/audit/status"))["Head"]["Chain"]


@in_loop
async def test_one_of_two_nodes_delivers_and_a_stream_begins_now_unless_asked(tmp_path: Path) -> None:
    receiver = Receiver()
    async with trail(tmp_path, outbound=receiver) as made:
        await sealed(made, "old")
        await made.gurita.put("audit-stream", {**HTTP, "FromBeginning": False})
        await sealed(made, "new")
        one, two = (Streamer(system(made), tmp_path) for _ in range(2))
        assert sorted(await asyncio.gather(one.step(), two.step())) == [False, True]
        ((_, headers, body, _),) = receiver.got
        assert b'"message":"n"' in body and b'"message":"o"' not in body
        assert "X-Gurita-Signature" not in headers


@pytest.mark.parametrize(
    ("changed", "member"),
    [
        ({"FileName": "../x"}, "FileName"), ({"FileName": ".ssh"}, "FileName"), ({"FileName": ""}, "FileName"),
        ({**HTTP, "Url": "ftp://x"}, "Url"), ({**HTTP, "Url": "https://u:p@x/"}, "Url"), ({**HTTP, "Url": ""}, "Url"),
        ({**HTTP, "Url": "https://x:99999999/"}, "Url"), ({"StreamType": "Pigeon"}, "StreamType"),
    ],
)  # fmt: skip
@in_loop
async def test_a_stream_that_cannot_be_is_refused(
    tmp_path: Path, changed: dict[str, Any], member: str
) -> None:
    async with trail(tmp_path) as made:
        told = await made.gurita.refused(400, "PUT", "audit-stream", changed)
        assert member in "\n".join(told["Errors"])


@in_loop
async def test_a_receiver_that_is_away_is_left_alone_until_its_pause_is_over(tmp_path: Path) -> None:
    receiver = Receiver()
    async with trail(tmp_path, outbound=receiver) as made:
        await made.gurita.put("audit-stream", HTTP)
        await sealed(made, "a")
        streamer, receiver.away = Streamer(system(made), tmp_path), 1
        assert await streamer._look() == 2.0
        with statements() as asked:
            left = await streamer._look()
        assert left is not None and 0 < left <= 2 and asked == []


@in_loop
async def test_a_node_that_does_not_deliver_looks_again_when_the_others_time_is_over(tmp_path: Path) -> None:
    receiver = Receiver()
    async with trail(tmp_path, outbound=receiver) as made:
        await made.gurita.put("audit-stream", HTTP)
        await sealed(made, "a")
        one, two = (Streamer(system(made), tmp_path) for _ in range(2))
        assert await one._look() is None
        assert len(receiver.got) == 1
        await sealed(made, "b")
        left = await two._look()
        assert left is not None and 0 < left <= 120
        assert len(receiver.got) == 1
