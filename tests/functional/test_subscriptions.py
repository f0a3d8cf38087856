"""Webhooks and digests of a real server, to receivers that are killed, away, hostile or slow."""

from __future__ import annotations

import hashlib
import hmac
import json
import sqlite3
import ssl
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from tests.canary import secret
from tests.fixtures_server import GuritaServer, gurita_server
from tests.fixtures_sshd import free_port

LOOPBACK = ("--outbound-allow", "127.0.0.0/8")


@dataclass
class Receiver:
    """A web server that keeps what it was sent. `status` is what it answers, `to` where it sends clients on."""

    port: int = field(default_factory=free_port)
    status: int = 200
    to: str = ""
    seen: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)
    _server: ThreadingHTTPServer | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def messages(self) -> list[str]:
        return [json.loads(body)["Payload"]["Event"]["Message"] for _, _, body in self.seen]

    def start(self) -> None:
        here = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                here.seen.append((self.path, {k.lower(): v for k, v in self.headers.items()}, body))
                self.send_response(here.status)
                if here.to:
                    self.send_header("Location", here.to)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def do_GET(self) -> None:
                self.do_POST()

            def log_message(self, *_: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", self.port), Handler)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None


@pytest.fixture(name="receiver")
def _receiver() -> Iterator[Receiver]:
    made = Receiver()
    made.start()
    yield made
    made.stop()


def subscribe(server: GuritaServer, url: str, space: str = "Spaces-1", **members: Any) -> str:
    """A webhook about new environments; the id of its subscription."""
    filter = {"EventCategories": ["Created"], "DocumentTypes": ["Environments"]}
    told = {"Filter": filter, "WebhookURI": url, **members}
    body = {"Name": f"To {url} {len(members)}", "EventNotificationSubscription": told}
    return str(server.post(f"{space}/subscriptions", body)["Id"])


def shown(server: GuritaServer, id: str) -> dict[str, Any]:
    found: dict[str, Any] = server.get(f"subscriptions/{id}")["EventNotificationSubscription"]
    return found


def test_a_webhook_has_the_users_header_a_proof_and_an_id(tmp_path: Path, receiver: Receiver) -> None:
    with gurita_server(tmp_path / "a", options=LOOPBACK) as server:
        word, key = secret("webhook header"), secret("webhook secret")
        members: dict[str, Any] = {
            "WebhookHeaderKey": "Authorization",
            "WebhookHeaderValue": f"Bearer {word}",
            "WebhookSecret": {"HasValue": True, "NewValue": key},
        }
        id = subscribe(server, f"{receiver.url}/hook?room=1", **members)
        server.post("Spaces-1/environments", {"Name": "Dev"})
        server.until(lambda: receiver.seen, why=lambda: shown(server, id))
        path, headers, body = receiver.seen[0]
        assert path == "/hook?room=1" and headers["authorization"] == f"Bearer {word}"
        moment, proof = (part.split("=", 1)[1] for part in headers["x-gurita-signature"].split(","))
        expected = hmac.new(key.encode(), f"{moment}.".encode() + body, hashlib.sha256).hexdigest()
        assert proof == expected
        payload = json.loads(body)["Payload"]
        assert payload["Event"]["Id"] == headers["x-gurita-event"]
        assert (
            payload["Subscription"]["EventNotificationSubscription"]["WebhookHeaderValue"]["NewValue"] is None
        )
        assert word.encode() not in body and key.encode() not in body
        server.until(lambda: shown(server, id)["WebhookDelivery"]["LastSuccess"])


def test_a_server_killed_in_the_middle_of_telling_loses_nothing_and_keeps_the_ids(
    tmp_path: Path, receiver: Receiver
) -> None:
    names = ["Dev", "Test", "Prod"]
    with gurita_server(tmp_path / "a", options=LOOPBACK) as server:
        receiver.status = 503
        subscribe(server, receiver.url)
        for name in names:
            server.post("Spaces-1/environments", {"Name": name})
        server.until(lambda: receiver.seen)
        server.end()
        receiver.seen.clear()
        receiver.status = 200
        for life in (1, 2):  # each dies after its first delivery arrived, and before that was written down
            server.environment = {"GURITA_FAULTS": "subscriptions.delivered=kill:1"}
            server.start(wait=False)
            server.until(lambda: not server.running)
            assert len(receiver.seen) == life
        server.environment = {}
        server.start()
        server.until(lambda: len(receiver.seen) == 5, why=lambda: receiver.messages)
        told = [f"Environment {name} was created" for name in ("Dev", "Dev", *names)]
        assert receiver.messages == told
        ids = [headers["x-gurita-delivery"] for _, headers, _ in receiver.seen]
        assert len(set(ids[:3])) == 1 and len(set(ids)) == 3


def test_a_receiver_that_was_away_gets_everything_in_order(tmp_path: Path) -> None:
    receiver = Receiver()
    with gurita_server(tmp_path / "a", options=LOOPBACK) as server:
        id = subscribe(server, receiver.url)
        for name in ("Dev", "Test"):
            server.post("Spaces-1/environments", {"Name": name})
        server.until(lambda: shown(server, id)["WebhookDelivery"]["Failures"])
        told = shown(server, id)["WebhookDelivery"]
        assert "refused or not reachable" in told["LastError"] and told["NextTry"]
        receiver.start()
        try:
            server.until(lambda: len(receiver.seen) == 2, why=lambda: shown(server, id))
        finally:
            receiver.stop()
        assert receiver.messages == ["Environment Dev was created", "Environment Test was created"]
        server.until(lambda: shown(server, id)["WebhookDelivery"]["Failures"] == 0)


def test_no_webhook_reaches_this_machine_its_neighbours_or_its_cloud(
    tmp_path: Path, receiver: Receiver
) -> None:
    """T15: names and forms of addresses that lead inside are refused where they would be dialled."""
    inside = [
        receiver.url,
        f"http://localhost:{receiver.port}/",
        f"http://[::1]:{receiver.port}/",
        f"http://[::ffff:127.0.0.1]:{receiver.port}/",
        f"http://0.0.0.0:{receiver.port}/",
        f"http://2130706433:{receiver.port}/",
        "http://169.254.169.254/latest/meta-data/",
        "http://10.0.0.1/",
        "http://[fd00:ec2::254]/",
    ]
    with gurita_server(tmp_path / "a") as server:
        ids = [subscribe(server, url) for url in inside]
        server.post("Spaces-1/environments", {"Name": "Dev"})
        for id, url in zip(ids, inside, strict=True):
            server.until(partial(_has_failed, server, id))
            error = shown(server, id)["WebhookDelivery"]["LastError"]
            assert "which this server does not ask" in error or "is not known here" in error, (url, error)
        assert receiver.seen == []


def _has_failed(server: GuritaServer, id: str) -> bool:
    return bool(shown(server, id)["WebhookDelivery"]["Failures"])


def test_a_redirect_leads_nowhere(tmp_path: Path, receiver: Receiver) -> None:
    behind = Receiver()
    behind.start()
    try:
        receiver.status, receiver.to = 307, f"{behind.url}/inside"
        with gurita_server(tmp_path / "a", options=LOOPBACK) as server:
            id = subscribe(
                server, receiver.url, WebhookHeaderKey="X-Key", WebhookHeaderValue=secret("redirect")
            )
            server.post("Spaces-1/environments", {"Name": "Dev"})
            server.until(lambda: shown(server, id)["WebhookDelivery"]["Failures"])
            assert "redirects are not followed" in shown(server, id)["WebhookDelivery"]["LastError"]
            receiver.status, receiver.to = 302, f"{behind.url}/inside"
            body = server.get(f"subscriptions/{id}")
            server.put(f"subscriptions/{id}", {**body, "Name": "Again"})
            server.until(lambda: len(receiver.seen) >= 2)
            assert behind.seen == []
    finally:
        behind.stop()


def test_spaces_are_walls_and_a_team_that_loses_its_sight_is_told_no_more(
    tmp_path: Path, receiver: Receiver
) -> None:
    with gurita_server(tmp_path / "a", options=LOOPBACK) as server:
        me = server.get("users/me")["Id"]
        other = server.post("spaces", {"Name": "Other", "SpaceManagersTeamMembers": [me]})["Id"]
        role = server.post("userroles", {"Name": "Onlooker", "GrantedSpacePermissions": ["EventView"]})["Id"]
        team = server.post("Spaces-1/teams", {"Name": "Onlookers"})["Id"]
        given = server.post("Spaces-1/scopeduserroles", {"TeamId": team, "UserRoleId": role})["Id"]
        subscribe(server, f"{receiver.url}/team", WebhookTeams=[team])
        subscribe(server, f"{receiver.url}/other", other)
        server.post("Spaces-1/environments", {"Name": "Here"})
        server.post(f"{other}/environments", {"Name": "There"})
        server.until(lambda: len(receiver.seen) == 2, why=lambda: receiver.messages)
        told = sorted(
            (path, message) for (path, _, _), message in zip(receiver.seen, receiver.messages, strict=True)
        )
        assert told == [
            ("/other", "Environment There was created"),
            ("/team", "Environment Here was created"),
        ]
        assert server.client.delete(f"/api/Spaces-1/scopeduserroles/{given}").status_code == 200
        server.post("Spaces-1/environments", {"Name": "Unseen"})
        server.post(f"{other}/environments", {"Name": "Seen"})
        server.until(lambda: len(receiver.seen) == 3, why=lambda: receiver.messages)
        number = server.get("events", take=1)["Items"][0]["Id"]
        server.until(lambda: _passed(server, number))
        assert receiver.messages[2] == "Environment Seen was created" and len(receiver.seen) == 3


def _passed(server: GuritaServer, event: str) -> bool:
    """Whether telling of both subscriptions is beyond what happened."""
    with closing(sqlite3.connect(f"file:{server.data / 'gurita.db'}?mode=ro", uri=True)) as database:
        newest, members = database.execute(
            "SELECT seal, members FROM audit_seal ORDER BY seal DESC LIMIT 1"
        ).fetchone()
        behind = database.execute("SELECT min(seal) FROM subscription_delivery").fetchone()[0]
    return behind == newest and event.partition("-")[2] in members


@dataclass
class Mailbox:
    """What a mail server took. `refuse` are addresses it does not take, `down` the answer to everything."""

    messages: list[tuple[list[str], EmailMessage]] = field(default_factory=list)
    refuse: set[str] = field(default_factory=set)

    async def handle_RCPT(
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        if address in self.refuse:
            return "550 no such box"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        read = message_from_bytes(envelope.content, policy=SMTP)
        assert isinstance(read, EmailMessage)
        self.messages.append((list(envelope.rcpt_tos), read))
        return "250 taken"


def write_certificate(folder: Path) -> Path:
    """A key and a certificate for 127.0.0.1 that is its own authority, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (folder / "mail.pem").write_bytes(private + made.public_bytes(Encoding.PEM))
    return folder / "mail.pem"


@contextmanager
def mail_server(box: Mailbox, port: int, password: str, certificate: Path) -> Iterator[None]:
    """A mail server that takes nothing but over an encrypted connection, from who knows the password."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)

    def knows(_server: Any, _session: Any, _envelope: Any, _mechanism: str, data: Any) -> AuthResult:
        known = isinstance(data, LoginPassword) and data.password == password.encode()
        return AuthResult(success=known)

    made = Controller(
        box,
        hostname="127.0.0.1",
        port=port,
        tls_context=context,
        require_starttls=True,
        auth_required=True,
        authenticator=knows,
        ready_timeout=120,
    )
    made.start()
    try:
        yield
    finally:
        made.stop()


def test_a_digest_reaches_the_people_of_its_teams_once_the_mail_server_is_there(tmp_path: Path) -> None:
    box, port, password = Mailbox(), free_port(), secret("mail")
    certificate = write_certificate(tmp_path)
    with gurita_server(tmp_path / "a", options=("--outbound-ca-file", str(certificate))) as server:
        assert server.get("smtpconfiguration/isconfigured")["IsConfigured"] is False
        smtp = {
            "SmtpHost": "127.0.0.1",
            "SmtpPort": port,
            "SendEmailFrom": "Gurita <gurita@x.example>",
            "EnableSsl": True,
            "SmtpLogin": "gurita",
            "SmtpPassword": {"HasValue": True, "NewValue": password},
        }
        server.put("smtpconfiguration", smtp)
        assert server.get("smtpconfiguration/isconfigured")["IsConfigured"] is True
        people = [
            ("eve", "eve@x.example", True),
            ("bob", "bob@x.example", True),
            ("gone", "gone@x.example", False),
        ]
        users = [
            server.post(
                "users",
                {
                    "Username": name,
                    "DisplayName": f"{name} <x>",
                    "EmailAddress": email,
                    "IsActive": active,
                    "IsService": True,
                },
            )["Id"]
            for name, email, active in people
        ]
        team = server.post("Spaces-1/teams", {"Name": "Readers", "MemberUserIds": users})["Id"]
        role = server.post("userroles", {"Name": "Reader", "GrantedSpacePermissions": ["EventView"]})["Id"]
        server.post("Spaces-1/scopeduserroles", {"TeamId": team, "UserRoleId": role})
        told = {"EmailTeams": [team], "EmailFrequencyPeriod": "00:00:10", "EmailPriority": "High"}
        body = {"Name": "Bcc: <b>all</b>", "EventNotificationSubscription": told}
        id = server.post("Spaces-1/subscriptions", body)["Id"]
        server.post("Spaces-1/environments", {"Name": "<script>Dev</script>"})
        server.until(lambda: shown(server, id)["EmailDelivery"]["Failures"])
        asked = server.post("smtpconfiguration/test", {"EmailAddress": "eve@x.example"})
        assert asked["IsSuccessful"] is False and password not in str(asked)
        box.refuse = {"bob@x.example"}
        with mail_server(box, port, password, certificate):
            server.until(
                lambda: shown(server, id)["EmailDelivery"]["LastSuccess"], why=lambda: shown(server, id)
            )
            assert server.post("smtpconfiguration/test", {"EmailAddress": "eve@x.example"})["IsSuccessful"]
        (to, message), (_, test) = box.messages[0], box.messages[-1]
        assert to == ["eve@x.example"] and message["Bcc"] is None and test["Subject"].startswith("A test")
        assert message["Importance"] == "high" and message["From"] == "Gurita <gurita@x.example>"
        plain, html = message.get_body(("plain",)), message.get_body(("html",))
        assert plain is not None and "Environment <script>Dev</script> was created" in plain.get_content()
        assert html is not None and "<script>" not in html.get_content()
        delivery = shown(server, id)["EmailDelivery"]
        assert [one["What"] for one in delivery["GivenUp"]] == [users[1]]
        assert password not in server.log.read_text()


def test_a_mail_servers_password_does_not_follow_to_another_host(tmp_path: Path) -> None:
    with gurita_server(tmp_path / "a") as server:
        word = {"HasValue": True, "NewValue": secret("mail")}
        server.put(
            "smtpconfiguration",
            {"SmtpHost": "one.example", "SendEmailFrom": "g@x.example", "SmtpPassword": word},
        )
        kept = server.get("smtpconfiguration")
        assert kept["SmtpPassword"]["HasValue"] and kept["SmtpPassword"]["NewValue"] is None
        moved = server.client.put("/api/smtpconfiguration", json={**kept, "SmtpHost": "two.example"})
        assert moved.status_code == 400 and "SmtpPassword" in moved.text
        server.put("smtpconfiguration", {**kept, "SmtpPort": 2525})
        hook = subscribe(
            server, "https://one.example/", WebhookHeaderKey="X-Key", WebhookHeaderValue=secret("key")
        )
        body = server.get(f"subscriptions/{hook}")
        told = {**body["EventNotificationSubscription"], "WebhookURI": "https://two.example/"}
        moved = server.client.put(
            f"/api/subscriptions/{hook}", json={**body, "EventNotificationSubscription": told}
        )
        assert moved.status_code == 400 and "WebhookHeaderValue" in moved.text
