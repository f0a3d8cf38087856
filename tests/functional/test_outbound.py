"""The outbound client against servers of every kind of good and bad faith."""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from gurita.kernel.clock import SystemClock
from gurita.kernel.errors import Retryable, Terminal
from gurita.kernel.sensitive import Sensitive
from gurita.outbound.client import Answer, Ask, Options, Outbound
from gurita.outbound.credentials import Basic, Bearer, Key
from gurita.outbound.download import download
from gurita.outbound.errors import (
    AddressRefused,
    Busy,
    Gone,
    NotLetIn,
    NotUnderstood,
    OutboundError,
    Rejected,
    TooBig,
    Unreachable,
    WrongContent,
)
from gurita.outbound.policy import NEIGHBOURS, PUBLIC_ONLY, Address
from tests.looping import in_loop
from tests.scripted_site import Seen, cut, file, page, redirect, site

SECRET = "s3cr3t-marker"
USER = Basic("deploy", Sensitive(SECRET))


@asynccontextmanager
async def client(**options: Any) -> AsyncIterator[Outbound]:
    made = Outbound(Options(env={}, **options))
    try:
        yield made
    finally:
        await made.close()


class Hurried(SystemClock):
    """A clock whose pauses take no time, and are noted."""

    def __init__(self) -> None:
        self.pauses: list[float] = []

    async def sleep(self, seconds: float) -> None:
        self.pauses.append(seconds)


async def asked(url: str, **more: Any) -> Answer:
    async with client() as outbound:
        return await outbound.ask(Ask(url, **more))


async def refused(kind: type[OutboundError], url: str, **more: Any) -> str:
    with pytest.raises(kind) as caught:
        await asked(url, **more)
    assert SECRET not in str(caught.value) + repr(caught.value)
    return str(caught.value)


@in_loop
async def test_a_request_says_who_asks_and_gives_the_answer_whole() -> None:
    async with site() as web:
        web.pages["/x"] = page('{"a":1}', kind="application/json", headers={"X-Told": "yes"})
        answer = await asked(f"{web.url}/x?q=1", credential=USER, headers={"Accept": "application/json"})
        assert (answer.status, answer.json(), answer.headers["x-told"]) == (200, {"a": 1}, "yes")
        (seen,) = web.seen
        assert seen.headers["user-agent"].startswith("Gurita/")
        assert seen.headers["authorization"] == "Basic ZGVwbG95OnMzY3IzdC1tYXJrZXI="
        assert (seen.query, seen.headers["accept"]) == ("q=1", "application/json")


@in_loop
async def test_credentials_stay_with_their_host_wherever_a_redirect_leads() -> None:
    async with site() as home, site() as away:
        home.pages["/go"] = redirect(f"{away.url}/there")
        home.pages["/stay"] = redirect("/here")
        home.pages["/here"] = page(b"home")
        away.pages["/there"] = page(b"away")
        for credential in (USER, Bearer(Sensitive(SECRET)), Key("X-NuGet-ApiKey", Sensitive(SECRET))):
            headers = {"X-Custom": SECRET, "Accept": "text/plain"}
            answer = await asked(f"{home.url}/go", credential=credential, headers=headers)
            assert (answer.body, answer.url) == (b"away", f"{away.url}/there")
            assert SECRET not in str(away.seen[-1].headers)
            assert away.seen[-1].headers["accept"] == "text/plain"
            assert (await asked(f"{home.url}/stay", credential=credential)).body == b"home"
            assert SECRET in str(home.seen[-1].headers) or "authorization" in home.seen[-1].headers


@in_loop
async def test_redirects_end_and_lead_to_http_only() -> None:
    async with site() as web:
        web.pages["/loop"] = redirect("/loop")
        assert "more than 5 times" in await refused(NotUnderstood, f"{web.url}/loop")
        assert len(web.seen) == 6
        for target in (
            "file:///etc/passwd",
            "ftp://127.0.0.1/x",
            "http://user:pass@127.0.0.1/x",
            "http://[bad",
        ):
            web.pages["/bad"] = redirect(target)
            with pytest.raises(Terminal):
                await asked(f"{web.url}/bad")
        web.pages["/nowhere"] = page(b"", 302)
        await refused(NotUnderstood, f"{web.url}/nowhere")


@in_loop
async def test_a_redirect_is_checked_like_the_first_request() -> None:
    async with site() as web:
        for target in (
            "http://169.254.169.254/latest/meta-data/",
            "http://[fe80::1]/",
            "http://100.100.100.200/",
        ):
            web.pages["/x"] = redirect(target)
            assert "outbound_allow" in await refused(AddressRefused, f"{web.url}/x", credential=USER)
        async with site(host="127.0.0.2") as other:
            other.pages["/"] = page(b"inside")
            web.pages["/x"] = redirect(f"{other.url}/")
            assert (await asked(f"{web.url}/x")).body == b"inside"
            assert "this machine itself" in await refused(AddressRefused, f"{web.url}/x", beyond=NEIGHBOURS)
            assert len(other.seen) == 1


@in_loop
async def test_a_name_is_resolved_once_and_that_address_is_the_one_dialled() -> None:
    answers = [["127.0.0.1"], ["169.254.169.254"], ["169.254.1.1", "127.0.0.1"]]

    async def rebinding(_host: str, _port: int) -> list[Address]:
        return [ip_address(each) for each in answers.pop(0)]

    async with site() as web, client(resolve=rebinding) as outbound:
        web.pages["/"] = page(b"ok")
        url = web.url.replace("127.0.0.1", "feed.example") + "/"
        assert (await outbound.ask(Ask(url))).body == b"ok"
        assert web.seen[0].headers["host"].startswith("feed.example:")
        with pytest.raises(AddressRefused, match=r"169\.254\.169\.254"):
            await outbound.ask(Ask(url))
        assert (await outbound.ask(Ask(url))).body == b"ok"
    assert answers == []


@in_loop
async def test_what_others_may_set_reaches_no_private_address() -> None:
    async with site() as web:
        web.pages["/"] = page(b"inside")
        assert (await asked(web.url)).body == b"inside"
        port = web.url.rpartition(":")[2]
        spelled = (
            web.url,
            f"http://localhost:{port}",
            f"http://2130706433:{port}",
            f"http://[::ffff:127.0.0.1]:{port}",
        )
        for url in spelled:
            await refused(AddressRefused, url, policy=PUBLIC_ONLY)
        assert len(web.seen) == 1


@in_loop
async def test_an_answer_larger_than_allowed_is_dropped_also_when_it_never_ends_or_is_packed() -> None:
    async def endless(_seen: Seen, out: asyncio.StreamWriter) -> None:
        out.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")
        while True:
            out.write(b"x" * 65536)
            await out.drain()

    async with site() as web:
        web.pages["/endless"] = endless
        bomb = gzip.compress(b"\0" * 50_000_000)
        web.pages["/bomb"] = page(bomb, headers={"Content-Encoding": "gzip"})
        web.pages["/packed"] = page(gzip.compress(b"hello"), headers={"Content-Encoding": "gzip"})
        await refused(TooBig, f"{web.url}/endless", most=1_000_000)
        await refused(TooBig, f"{web.url}/bomb", most=1_000_000)
        assert (await asked(f"{web.url}/packed")).body == b"hello"
        web.pages["/packed"] = page(b"not gzip", headers={"Content-Encoding": "gzip"})
        await refused(NotUnderstood, f"{web.url}/packed")


@in_loop
async def test_a_server_that_stalls_or_drips_is_given_up() -> None:
    async def silent(_seen: Seen, _out: asyncio.StreamWriter) -> None:
        await asyncio.sleep(600)

    async def dripping(_seen: Seen, out: asyncio.StreamWriter) -> None:
        out.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
        for _ in range(3000):
            out.write(b"x")
            await out.drain()
            await asyncio.sleep(0.1)

    async with site() as web:
        web.pages.update({"/silent": silent, "/dripping": dripping, "/cut": cut})
        async with client(read=1.0) as hasty:
            with pytest.raises(Unreachable, match="stood still"):
                await hasty.ask(Ask(f"{web.url}/silent"))
        assert "after 1 seconds" in await refused(Unreachable, f"{web.url}/dripping", total=1)
        assert "broke" in await refused(Unreachable, f"{web.url}/cut")
    assert "refused" in await refused(Unreachable, web.url)


@in_loop
async def test_statuses_say_whether_another_try_may_help() -> None:
    async with site() as web:
        for status, kind in (
            (401, NotLetIn),
            (403, NotLetIn),
            (404, Gone),
            (410, Gone),
            (429, Busy),
            (503, Busy),
        ):
            web.pages["/x"] = page(f"<html>{SECRET}</html>", status, headers={"Retry-After": "7"})
            with pytest.raises(kind) as caught:
                await asked(f"{web.url}/x?token={SECRET}", credential=USER)
            error = caught.value
            assert (error.status, isinstance(error, Retryable)) == (status, kind is Busy)
            assert SECRET not in str(error)
            assert getattr(error, "after", 7.0) == 7.0
        web.pages["/x"] = page("<html>a proxy's page</html>", kind="text/html")
        with pytest.raises(NotUnderstood, match="not JSON but text/html"):
            (await asked(f"{web.url}/x")).json()


@in_loop
async def test_a_download_goes_on_where_it_broke_off(tmp_path: Path) -> None:
    content = bytes(range(256)) * 8000
    told: list[str] = []
    async with site() as web, client() as outbound:
        web.pages["/f"] = file(content, cuts=[700_000, 600_000])
        got = await download(
            outbound, Ask(f"{web.url}/f"), tmp_path / "f", clock=Hurried(), attempts=3, say=told.append,
            hashes={"sha512": hashlib.sha512(content).hexdigest(), "sha1": "0" * 40}, size=len(content),
        )  # fmt: skip
        assert (tmp_path / "f").read_bytes() == content
        assert (got.size, got.sha256) == (len(content), hashlib.sha256(content).hexdigest())
        assert ["range" in each.headers for each in web.seen] == [False, True, True]
        assert len(told) == 2
        assert "Attempt 1 of 3 failed" in told[0]


@in_loop
async def test_a_file_that_changed_between_attempts_is_fetched_from_the_start(tmp_path: Path) -> None:
    async with site() as web, client() as outbound:
        old, new = file(b"a" * 500_000, cuts=[100_000]), file(b"b" * 400_000, etag='"two"')

        async def changing(seen: Seen, out: asyncio.StreamWriter) -> None:
            await (old if len(web.seen) == 1 else new)(seen, out)

        web.pages["/f"] = changing
        ask = Ask(f"{web.url}/f")
        got = await download(outbound, ask, tmp_path / "f", clock=Hurried(), attempts=2)
        assert (tmp_path / "f").read_bytes() == b"b" * 400_000
        assert got.size == 400_000


@in_loop
async def test_wrong_content_is_refused_by_name_and_leaves_no_file(tmp_path: Path) -> None:
    async with site() as web, client() as outbound:
        web.pages["/f"] = page(b"tampered")
        wrong: list[dict[str, Any]] = [
            {"hashes": {"sha256": "0" * 64}},
            {"hashes": {"md5": "0" * 32}},
            {"size": 9},
        ]
        for how in wrong:
            with pytest.raises(WrongContent, match="announced"):
                await download(
                    outbound, Ask(f"{web.url}/f"), tmp_path / "f", clock=Hurried(), attempts=3, **how
                )
        with pytest.raises(TooBig):
            await download(outbound, Ask(f"{web.url}/f", most=3), tmp_path / "f", clock=Hurried())
        assert len(web.seen) == 4, "what cannot become right is not tried again"
    assert list(tmp_path.iterdir()) == []


@in_loop
async def test_attempts_are_counted_and_pauses_double_or_are_what_the_server_asked_for(
    tmp_path: Path,
) -> None:
    clock = Hurried()
    async with site() as web, client() as outbound:
        web.pages["/f"] = page(b"", 503)
        with pytest.raises(Busy):
            await download(outbound, Ask(f"{web.url}/f"), tmp_path / "f", clock=clock, attempts=4, backoff=3)
        assert (clock.pauses, len(web.seen)) == ([3, 6, 12], 4)
        web.pages["/f"] = page(b"", 429, headers={"Retry-After": "20"})
        with pytest.raises(Busy):
            await download(outbound, Ask(f"{web.url}/f"), tmp_path / "f", clock=clock, attempts=2, backoff=3)
        assert clock.pauses[3:] == [20]
        web.pages["/f"] = page(b"", 404)
        with pytest.raises(Gone):
            await download(outbound, Ask(f"{web.url}/f"), tmp_path / "f", clock=clock, attempts=5)
        assert len(clock.pauses) == 4


@in_loop
async def test_what_cannot_be_sent_is_refused_before_it_is() -> None:
    async with site() as web:
        for token in ("line\r\nX-Injected: 1", "schl\N{LATIN SMALL LETTER U WITH DIAERESIS}ssel"):
            await refused(Rejected, web.url, credential=Bearer(Sensitive(token)))
        for url in (
            "http://" + "x" * 70 + ".example/",
            "http://a b/",
            "http://\N{SNOWMAN}..example/",
            "x",
            "//x",
        ):
            with pytest.raises(OutboundError):
                await asked(url)
        assert web.seen == []


@in_loop
async def test_certificates_are_checked_against_the_machines_and_the_given_authorities(
    tmp_path: Path,
) -> None:
    authority, chain = certificates(tmp_path)
    served = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    served.load_cert_chain(chain)
    async with site(tls=served) as web:
        web.pages["/"] = page(b"safe")
        assert "outbound_ca_file" in await refused(NotUnderstood, web.url, credential=USER)
        async with client(ca_file=str(authority)) as outbound:
            assert (await outbound.ask(Ask(web.url))).body == b"safe"
            other = web.url.replace("127.0.0.1", "localhost")
            with pytest.raises(NotUnderstood, match="for another name"):
                await outbound.ask(Ask(other))
            async with site() as plain:
                web.pages["/down"] = redirect(f"{plain.url}/")
                with pytest.raises(AddressRefused, match="from https"):
                    await outbound.ask(Ask(f"{web.url}/down"))
                assert plain.seen == []
        assert all(each.path in ("/", "/down") for each in web.seen)


def certificates(folder: Path) -> tuple[Path, Path]:
    """An authority's file, and one with key and certificate for 127.0.0.1 signed by it."""
    keys = [ec.generate_private_key(ec.SECP256R1()) for _ in range(2)]
    names = [x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)]) for text in ("authority", "site")]
    now = datetime.now(UTC)
    made = []
    for key, name, is_ca in zip(keys, names, (True, False), strict=True):
        builder = x509.CertificateBuilder(names[0], name, key.public_key(), x509.random_serial_number())
        builder = builder.not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
        builder = builder.add_extension(x509.BasicConstraints(ca=is_ca, path_length=None), critical=True)
        alternative = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
        made.append(builder.add_extension(alternative, critical=False).sign(keys[0], hashes.SHA256()))
    pem = [each.public_bytes(serialization.Encoding.PEM) for each in made]
    private = keys[1].private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / "authority.pem").write_bytes(pem[0])
    (folder / "site.pem").write_bytes(private + pem[1])
    return folder / "authority.pem", folder / "site.pem"


@in_loop
async def test_a_proxy_gets_what_no_proxy_does_not_name() -> None:
    async with site() as proxy, site() as web:
        web.pages["/"] = page(b"direct")

        async def forward(seen: Seen, out: asyncio.StreamWriter) -> None:
            await page(f"by proxy {seen.path}")(seen, out)

        proxy.otherwise = forward
        env = {"HTTP_PROXY": proxy.url.replace("//", f"//me:{SECRET}@"), "no_proxy": "127.0.0.1"}
        outbound = Outbound(Options(env=env))
        assert (await outbound.ask(Ask(web.url))).body == b"direct"
        answer = await outbound.ask(Ask("http://feed.invalid/x", credential=USER))
        assert answer.body.startswith(b"by proxy")
        assert proxy.seen[0].headers["proxy-authorization"].startswith("Basic ")
        with pytest.raises(AddressRefused):
            await outbound.ask(Ask("http://169.254.169.254/x"))
        assert len(proxy.seen) == 1
        await outbound.close()
