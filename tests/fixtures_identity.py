"""Real providers of identities on free ports of loopback: an OpenID Connect provider, and a directory.

with oidc_provider(folder, callback) as provider: ...   # oidc-provider, from the lock in tests/providers
with directory(folder) as ldap: ...                      # Debian's slapd
"""

from __future__ import annotations

import base64
import html
import json
import os
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import httpx2
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tests.canary import secret
from tests.fixtures_npm import npm_modules
from tests.fixtures_sshd import free_port
from tests.needs import need

__all__ = ["Directory", "OidcProvider", "directory", "oidc_provider", "sign_in_there"]

CLIENT_SECRET = secret("client", " & more ")
READER_PASSWORD = secret("reader")
_HERE = Path(__file__).parent


@dataclass
class OidcProvider:
    """The provider. `people` by subject; a change counts at the next question."""

    folder: Path
    callback: str
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    @property
    def issuer(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.port}"

    def people(self, people: Mapping[str, Mapping[str, Any]]) -> None:
        """Who there is from now on: claims by subject."""
        aside = self.folder / "people.new"
        aside.write_text(json.dumps({sub: {"sub": sub, **claims} for sub, claims in people.items()}))
        aside.rename(self.folder / "people.json")

    def settings(self, **more: Any) -> dict[str, Any]:
        """What our side is told of it."""
        scopes = ["openid", "profile", "email", "groups"]
        return {
            "Issuer": self.issuer,
            "ClientId": "gurita",
            "ClientSecret": {"HasValue": True, "NewValue": CLIENT_SECRET},
            "Scopes": scopes,
            **more,
        }

    def start(self, key: str = "first", *, in_token: bool = False) -> None:
        """Starts it, with a new key of this id: everything it said before is forgotten."""
        modules = npm_modules(_HERE / "providers")
        environment = {
            name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")
        }
        environment |= {
            "MODULES": str(modules),
            "PORT": str(self.port),
            "PEOPLE": str(self.folder / "people.json"),
            "CALLBACK": self.callback,
            "CLIENT_SECRET": CLIENT_SECRET,
            "KEY_ID": key,
            "IN_TOKEN": "1" if in_token else "",
        }
        with (self.folder / "provider.log").open("ab") as log:
            self.process = subprocess.Popen(
                [need("node"), str(_HERE / "providers" / "provider.mjs")],
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        _answers(
            self.process, f"{self.issuer}/.well-known/openid-configuration", self.folder / "provider.log"
        )

    def stop(self) -> None:
        """Ends it."""
        if self.process is not None:
            _end(self.process)
            self.process = None


def _answers(process: subprocess.Popen[bytes], url: str, log: Path) -> None:
    ends = time.monotonic() + 180
    with httpx2.Client(trust_env=False, timeout=5) as client:
        while time.monotonic() < ends and process.poll() is None:
            try:
                client.get(url)
            except httpx2.TransportError:
                time.sleep(0.05)
            else:
                return
    raise RuntimeError(f"{url} is not served: {log.read_text(errors='replace')[-2000:]}")


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(60)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(10)


@contextmanager
def oidc_provider(folder: Path, callback: str) -> Iterator[OidcProvider]:
    """A provider that knows nobody yet and sends browsers back to `callback`."""
    folder.mkdir(parents=True, exist_ok=True)
    made = OidcProvider(folder, callback)
    made.people({})
    try:
        made.start()
        yield made
    finally:
        made.stop()


def sign_in_there(browser: httpx2.Client, url: str, subject: str, ours: str) -> str:
    """Signs in at the provider as a person would, form by form; the address the browser is sent back to (`ours` begins it).

    AssertionError when the provider does not send it back.
    """
    answer = browser.get(url)
    for _ in range(15):
        if answer.is_redirect:
            target = urljoin(str(answer.url), answer.headers["location"])
            if target.startswith(ours):
                return target
            answer = browser.get(target)
            continue
        action = re.search(r'<form[^>]*action="([^"]+)"', answer.text)
        assert action, f"{answer.status_code} {answer.text[:2000]}"
        form = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', answer.text))
        answer = browser.post(
            urljoin(str(answer.url), html.unescape(action[1])),
            data={**form, "login": subject, "password": "x"},
        )
    raise AssertionError("the provider asks for ever")


_BASE = "dc=example,dc=org"
_SLAPADD = "/usr/sbin/slapadd"
_CONFIG = """include /etc/ldap/schema/core.schema
include /etc/ldap/schema/cosine.schema
include /etc/ldap/schema/inetorgperson.schema
modulepath /usr/lib/ldap
moduleload back_mdb
moduleload memberof
pidfile {folder}/slapd.pid
TLSCertificateFile {folder}/cert.pem
TLSCertificateKeyFile {folder}/key.pem
database mdb
suffix "{base}"
rootdn "cn=root,{base}"
rootpw root-s3cret
directory {folder}/db
overlay memberof
access to attrs=userPassword by anonymous auth by * none
access to * by dn="cn=reader,{base}" read by * none
"""


@dataclass
class Directory:
    """A directory with people, each of whose password is their uid and `-s3cret`."""

    folder: Path
    port: int = field(default_factory=free_port)
    tls_port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    base = _BASE

    @property
    def certificate(self) -> str:
        """Its own certificate, in PEM."""
        return (self.folder / "cert.pem").read_text()

    def settings(self, **more: Any) -> dict[str, Any]:
        """What our side is told of it."""
        return {
            "Host": "127.0.0.1",
            "Port": self.tls_port,
            "CaCertificates": self.certificate,
            "BindDn": f"cn=reader,{_BASE}",
            "BindPassword": {"HasValue": True, "NewValue": READER_PASSWORD},
            "UserBase": f"ou=people,{_BASE}",
            "TimeoutSeconds": 60,
            **more,
        }

    def fill(self, groups: Mapping[str, Sequence[str]]) -> None:
        """The same people, in these groups, with the same ids. It must not run."""
        store = self.folder / "db"
        shutil.rmtree(store, ignore_errors=True)
        store.mkdir()
        whole = "\n".join([*_tree(groups), *(_group(name, members) for name, members in groups.items())])
        # Added in one go by slapd's own tool, so that no client package is needed.
        command = [_SLAPADD, "-f", str(self.folder / "slapd.conf")]
        done = subprocess.run(command, input=whole, capture_output=True, text=True, timeout=60, check=False)
        assert done.returncode == 0, done.stderr

    def start(self) -> None:
        """Starts it with what it holds."""
        urls = f"ldap://127.0.0.1:{self.port} ldaps://127.0.0.1:{self.tls_port}"
        command = [need("slapd"), "-f", str(self.folder / "slapd.conf"), "-h", urls, "-d", "0"]
        with (self.folder / "slapd.log").open("ab") as log:
            self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        ends = time.monotonic() + 90
        while time.monotonic() < ends and self.process.poll() is None:
            # Its pid file is written before it listens.
            if all(_listens(port) for port in (self.port, self.tls_port)):
                return
            time.sleep(0.02)
        raise RuntimeError(f"slapd did not start: {(self.folder / 'slapd.log').read_text()[-2000:]}")

    def stop(self) -> None:
        """Ends it."""
        if self.process is not None:
            _end(self.process)
            self.process = None
            (self.folder / "slapd.pid").unlink(missing_ok=True)


def _listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), 5).close()
    except OSError:
        return False
    return True


def _tree(groups: Mapping[str, Sequence[str]]) -> Iterator[str]:
    yield f"dn: {_BASE}\nobjectClass: dcObject\nobjectClass: organization\no: Example\ndc: example\n"
    for unit in ("people", "groups"):
        yield f"dn: ou={unit},{_BASE}\nobjectClass: organizationalUnit\nou: {unit}\n"
    yield (
        f"dn: cn=reader,{_BASE}\nobjectClass: organizationalRole\nobjectClass: simpleSecurityObject\n"
        f"cn: reader\nuserPassword: {READER_PASSWORD}\n"
    )
    for number, (uid, place) in enumerate(
        (("alice", ""), ("bob", ""), ("twin", "a"), ("twin", "b"), ("ad\u00e8le(*)", ""))
    ):
        name = f"uid={uid},ou=people,{_BASE}" if not place else f"cn={uid} {place},ou=people,{_BASE}"
        dn = base64.b64encode(name.encode()).decode()
        text = base64.b64encode(uid.encode()).decode()
        yield (
            f"dn:: {dn}\nobjectClass: inetOrgPerson\nuid:: {text}\ncn:: {text}\nsn: x\nmail: {number}@example.org\n"
            f"userPassword:: {base64.b64encode(f'{uid}-s3cret'.encode()).decode()}\n"
            f"entryUUID: 00000000-0000-4000-8000-00000000000{number}\n"
            # slapadd does not run the overlay that keeps these.
            + "".join(
                f"memberOf: cn={group},ou=groups,{_BASE}\n"
                for group, members in groups.items()
                if uid in members
            )
        )


def _group(name: str, members: Sequence[str]) -> str:
    lines = [f"dn: cn={name},ou=groups,{_BASE}", "objectClass: groupOfNames", f"cn: {name}"]
    lines += [f"member: uid={one},ou=people,{_BASE}" for one in members] or [f"member: cn=reader,{_BASE}"]
    return "\n".join(lines) + "\n"


@contextmanager
def directory(folder: Path) -> Iterator[Directory]:
    """A directory with alice, bob and two people called twin."""
    folder.mkdir(parents=True, exist_ok=True)
    made = Directory(folder)
    _write_certificate(folder)
    (folder / "slapd.conf").write_text(_CONFIG.format(folder=folder, base=_BASE))
    try:
        made.fill({"developers": ["alice"]})
        made.start()
        yield made
    finally:
        made.stop()


def _write_certificate(folder: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "directory of tests")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    (folder / "cert.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
