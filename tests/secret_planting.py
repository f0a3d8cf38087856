"""A request for every member that can carry a secret, with a secret of tests in it.

`Plant.members` are names as in `tests.secret_members`. What a request is refused for counts too: its answer tells nothing.
"""

from __future__ import annotations

import base64
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID

from tests.canary import Canary, secret
from tests.fixtures_server import PASSWORD
from tests.fixtures_sshd import SshHost
from tests.scenario import Scenario

__all__ = ["Ground", "Plant", "plants", "sealed_key"]

_GUID = "12345678-1234-1234-1234-123456789abc"
_HARD = " \"'$&+/<>;`\\|% "
"""Characters that every way of writing a text escapes in its own way."""


@dataclass
class Ground:
    """A server's default space, a host, and what to search for. `ids` are of what was made."""

    made: Scenario
    host: SshHost
    canary: Canary
    folder: Path
    ids: dict[str, str] = field(default_factory=dict)


@dataclass
class Plant:
    """A request. `kept` is the name under which the id of what it makes is remembered."""

    members: tuple[str, ...]
    method: str
    path: str
    body: Any
    statuses: tuple[int, ...] = (200, 201)
    kept: str = ""
    nobody: bool = False


Maker = Callable[[Ground], Iterator[Plant]]
_MAKERS: list[Maker] = []


def plants(ground: Ground) -> Iterator[Plant]:
    """All of them, in an order in which each finds what it needs."""
    for make in _MAKERS:
        yield from make(ground)


def _planting(make: Maker) -> Maker:
    _MAKERS.append(make)
    return make


def _value(text: str) -> dict[str, Any]:
    return {"HasValue": True, "NewValue": text}


def _of(member: str, rest: str = _HARD) -> dict[str, Any]:
    return _value(secret(member, rest))


def sealed_key(ground: Ground) -> str:
    """A new private key with a passphrase that the host accepts; its lines are searched for."""
    file = ground.folder / "sealed"
    if not file.exists():
        words = [
            "ssh-keygen",
            "-q",
            "-t",
            "ed25519",
            "-N",
            secret("SshKeyPairAccount.PrivateKeyPassphrase", _HARD),
        ]
        subprocess.run([*words, "-f", str(file)], check=True)
        with (ground.host.folder / "authorized_keys").open("a") as accepted:
            accepted.write(file.with_suffix(".pub").read_text())
    text = file.read_text()
    for number, line in enumerate(text.splitlines()[2:-2]):
        ground.canary.learn(f"line {number} of a private key", line)
    return text


def _certificate(ground: Ground, name: str, password: str = "") -> str:
    """A certificate with its key, PKCS #12 in base64; the key is searched for."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    begins = datetime.now(UTC) - timedelta(hours=1)
    made = (
        x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(begins + timedelta(days=9))
        .sign(key, hashes.SHA256())
    )
    number = key.private_numbers().private_value.to_bytes(32, "big")
    ground.canary.learn(f"private key of {name}", number)
    sealing = (
        serialization.BestAvailableEncryption(password.encode()) if password else serialization.NoEncryption()
    )
    return base64.b64encode(
        pkcs12.serialize_key_and_certificates(name.encode(), key, made, None, sealing)
    ).decode()


@_planting
def _accounts(ground: Ground) -> Iterator[Plant]:
    key = {
        "Username": ground.host.username,
        "PrivateKeyFile": _value(sealed_key(ground)),
        "PrivateKeyPassphrase": _of("SshKeyPairAccount.PrivateKeyPassphrase"),
    }
    azure = {"SubscriptionNumber": _GUID, "ClientId": _GUID, "TenantId": _GUID}
    for kind, struct, member, more in (
        ("SshKeyPair", "SshKeyPairAccount", "PrivateKeyFile", key),
        ("UsernamePassword", "UsernamePasswordAccount", "Password", {"Username": "u"}),
        ("Token", "TokenAccount", "Token", {}),
        ("AmazonWebServicesAccount", "AwsAccount", "SecretKey", {"AccessKey": "AKIA1"}),
        ("AzureServicePrincipal", "AzurePrincipalAccount", "Password", azure),
        ("AzureSubscription", "AzureSubscriptionAccount", "CertificateBytes", {"SubscriptionNumber": _GUID}),
        ("GoogleCloudAccount", "GoogleAccount", "JsonKey", {}),
    ):  # fmt: skip
        body = {"AccountType": kind, "Name": f"The {kind}", member: _of(f"{struct}.{member}"), **more}
        members = tuple(f"{struct}.{name}" for name in (member, "PrivateKeyPassphrase") if name in body)
        yield Plant(members, "POST", "/api/Spaces-1/accounts", body, kept=kind)


@_planting
def _certificates(ground: Ground) -> Iterator[Plant]:
    place = "/api/Spaces-1/certificates"
    first, second = (secret(f"{kind}.Password", _HARD) for kind in ("Certificate", "Replacement"))
    data = _value(_certificate(ground, "first.example", first))
    body = {"Name": "Sealed", "CertificateData": data, "Password": _value(first)}
    yield Plant(
        ("Certificate.CertificateData", "Certificate.Password"), "POST", place, body, kept="certificate"
    )
    own = f"{place}/{ground.ids['certificate']}"
    body = {"CertificateData": _certificate(ground, "second.example", second), "Password": second}
    yield Plant(("Replacement.CertificateData", "Replacement.Password"), "POST", f"{own}/replace", body)
    body = {"CertificateData": _certificate(ground, "third.example", first), "Password": second + "?"}
    yield Plant(("Replacement.Password",), "POST", f"{own}/replace", body, (400,))
    query = "format=Pkcs12&password=" + secret("ExportQuery.Password")
    yield Plant(("ExportQuery.Password",), "GET", f"{own}/export?{query}", None)


@_planting
def _feeds(_ground: Ground) -> Iterator[Plant]:
    nowhere = "http://127.0.0.1:9/feed"
    for kind, member, more in (
        ("NuGet", "Password", {"FeedUri": nowhere, "Username": "u"}),
        ("S3", "SecretKey", {"AccessKey": "AKIA1", "Region": "eu-west-1"}),
        ("GcsStorage", "ServiceAccountJsonKey", {"UseServiceAccountKey": True, "Project": "shop"}),
    ):
        body = {"FeedType": kind, "Name": f"The {kind}", member: _of(f"Feed.{member}"), **more}
        yield Plant((f"Feed.{member}",), "POST", "/api/Spaces-1/feeds", body, kept=kind)


@_planting
def _targets(ground: Ground) -> Iterator[Plant]:
    for style, struct, members in (
        ("Ftp", "FtpEndpoint", ("Password",)),
        ("OfflineDrop", "OfflineDropEndpoint", ("SensitiveVariablesEncryptionPassword",)),
        ("AzureServiceFabricCluster", "ServiceFabricEndpoint", ("AadUserCredentialPassword", "AadClientCredentialSecret")),
    ):  # fmt: skip
        planted: dict[str, Any] = {member: _of(f"{struct}.{member}") for member in members}
        if style == "AzureServiceFabricCluster":
            planted["AadClientCredentialSecret"] = secret(f"{struct}.AadClientCredentialSecret", _HARD)
        body = {
            "Name": f"The {style}", "EnvironmentIds": [ground.ids["environment"]], "Roles": [style],
            "SkipInitialHealthCheck": True, "Endpoint": {"CommunicationStyle": style, **planted},
        }  # fmt: skip
        names = tuple(f"{struct}.{member}" for member in members)
        yield Plant(names, "POST", "/api/Spaces-1/machines", body, kept=style)
    proxy = {
        "Name": "Outward",
        "Host": "proxy.example",
        "Port": 3128,
        "Username": "u",
        "Password": _of("Proxy.Password"),
    }
    yield Plant(("Proxy.Password",), "POST", "/api/Spaces-1/proxies", proxy, kept="proxy")


@_planting
def _people(ground: Ground) -> Iterator[Plant]:
    password = secret("User.Password", _HARD)
    body = {"Username": "anna", "DisplayName": "Anna", "Password": password}
    yield Plant(("User.Password",), "POST", "/api/users", body, kept="user")
    wrong = {"Username": "anna", "Password": secret("Login.Password")}
    yield Plant(("Login.Password",), "POST", "/api/users/login", wrong, (401,), nobody=True)
    yield Plant(("Login.Password",), "POST", "/api/users/login", {"Username": "admin", "Password": PASSWORD})
    change = {
        "CurrentPassword": secret("PasswordChange.CurrentPassword"),
        "NewPassword": secret("PasswordChange.NewPassword"),
    }
    members = ("PasswordChange.CurrentPassword", "PasswordChange.NewPassword")
    yield Plant(members, "POST", "/api/gurita/password", change, (400, 401, 403))
    code = {
        "InvitationCode": secret("Registering.InvitationCode"),
        "Username": "eve",
        "Password": secret("Registering.Password"),
    }
    members = ("Registering.InvitationCode", "Registering.Password")
    yield Plant(members, "POST", "/api/users/register", code, (400, 401, 403, 404), nobody=True)
    told = {"InvitationCode": secret("Invitation.InvitationCode"), "AddToTeamIds": []}
    yield Plant(("Invitation.InvitationCode",), "POST", "/api/users/invitations", told)


@_planting
def _providers(ground: Ground) -> Iterator[Plant]:
    place = "/api/gurita/identity-providers"
    ldap = {
        "Host": "127.0.0.1",
        "Port": 9,
        "UserBase": "dc=x",
        "BindDn": "cn=r",
        "BindPassword": _of("Ldap.BindPassword"),
    }
    yield Plant(
        ("Ldap.BindPassword",),
        "POST",
        place,
        {"Name": "Directory", "IsEnabled": False, "Ldap": ldap},
        kept="ldap",
    )
    oidc = {
        "Issuer": "https://id.example",
        "ClientId": "g",
        "ClientSecret": _of("OpenIdConnect.ClientSecret"),
    }
    body = {"Name": "Company", "IsEnabled": False, "OpenIdConnect": oidc}
    yield Plant(("OpenIdConnect.ClientSecret",), "POST", place, body, kept="oidc")
    body = {"Username": "anna", "Password": secret("AuthenticateBody.Password")}
    for path in ("users/authenticate/company", "gurita/identities/company"):
        yield Plant(("AuthenticateBody.Password",), "POST", f"/api/{path}", body, (400, 401, 403, 404, 502))
    yield Plant((), "POST", f"{place}/{ground.ids['ldap']}/test", None)


@_planting
def _others(_ground: Ground) -> Iterator[Plant]:
    stream = {"IsEnabled": True, "FileName": "told.jsonl", "Secret": _of("AuditStream.Secret")}
    yield Plant(("AuditStream.Secret",), "PUT", "/api/audit-stream", stream)
    smtp = {
        "SmtpHost": "127.0.0.1",
        "SmtpPort": 9,
        "SendEmailFrom": "deploy@example.org",
        "SmtpLogin": "u",
        "SmtpPassword": _of("SmtpConfiguration.SmtpPassword"),
    }
    yield Plant(("SmtpConfiguration.SmtpPassword",), "PUT", "/api/smtpconfiguration", smtp)
    members = ("WebhookSecret", "WebhookHeaderValue")
    told = {
        "WebhookURI": "https://127.0.0.1:9/hook",
        "WebhookHeaderKey": "X-Key",
        **{member: _of(f"EventNotificationSubscription.{member}", "") for member in members},
    }
    body = {"Name": "All of it", "EventNotificationSubscription": told}
    names = tuple(f"EventNotificationSubscription.{member}" for member in members)
    yield Plant(names, "POST", "/api/Spaces-1/subscriptions", body)


@_planting
def _projects(ground: Ground) -> Iterator[Plant]:
    template = {
        "Name": "T",
        "DefaultValue": _of("TemplateParameter.DefaultValue"),
        "DisplaySettings": {"Octopus.ControlType": "Sensitive"},
    }
    body = {"Name": "Secretive", "ProjectGroupId": ground.made.get("projectgroups/all")[0]["Id"],
            "LifecycleId": ground.made.get("lifecycles/all")[0]["Id"], "Templates": [template]}  # fmt: skip
    yield Plant(("TemplateParameter.DefaultValue",), "POST", "/api/Spaces-1/projects", body, kept="project")
    path = f"/api/Spaces-1/deploymentprocesses/deploymentprocess-{ground.ids['project']}"
    process = ground.made.ask("GET", path)
    steps = ground.made.ask("GET", path)["Steps"]
    action = {"Name": "Say", "ActionType": "Octopus.Script", "Properties": {"Own": _of("Action.Properties")}}
    properties = {"Octopus.Action.TargetRoles": "web", "Own": _of("Step.Properties")}
    steps = [{"Name": "Say", "Properties": properties, "Actions": [action]}]
    yield Plant(("Action.Properties", "Step.Properties"), "PUT", path, {**process, "Steps": steps})
