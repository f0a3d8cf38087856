from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta
from functools import partial
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID

from gurita.certificates.watching import watching
from gurita.engine.schedules import Recurring
from gurita.store.tx import Tx
from tests.helpers import House, house
from tests.looping import in_loop

NOW = datetime.now(UTC).replace(microsecond=0)
PEM, DER = serialization.Encoding.PEM, serialization.Encoding.DER


def name(common: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Shop"),
            x509.NameAttribute(NameOID.COMMON_NAME, common),
        ]
    )


def made(
    common: str,
    issuer: tuple[str, ec.EllipticCurvePrivateKey] | None = None,
    days: float = 100,
) -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey]:
    key = ec.generate_private_key(ec.SECP256R1())
    above, signer = issuer or (common, key)
    names = [
        x509.DNSName(f"{common}.example"),
        x509.IPAddress(ip_address("10.0.0.1")),
    ]
    builder = (
        x509.CertificateBuilder().subject_name(name(common)).issuer_name(name(above)).public_key(key.public_key())
        .serial_number(255).not_valid_before(NOW - timedelta(days=200)).not_valid_after(NOW + timedelta(days=days))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
    )  # fmt: skip
    return builder.sign(signer, hashes.SHA256()), key


ROOT, ROOT_KEY = made("root")
MIDDLE, MIDDLE_KEY = made("middle", ("root", ROOT_KEY))
LEAF, LEAF_KEY = made("web", ("middle", MIDDLE_KEY))
KEY_PEM = LEAF_KEY.private_bytes(PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
LOCKED_PEM = LEAF_KEY.private_bytes(
    PEM, serialization.PrivateFormat.PKCS8, serialization.BestAvailableEncryption(b"sesame")
)
STORE = pkcs12.serialize_key_and_certificates(
    b"web", LEAF_KEY, LEAF, [ROOT, MIDDLE], serialization.BestAvailableEncryption(b"sesame")
)


def secret(value: bytes | str | None) -> dict[str, Any]:
    if isinstance(value, bytes):
        value = base64.b64encode(value).decode()
    return {"HasValue": value is not None, "NewValue": value}


def body(data: bytes, password: str | None = None, **others: Any) -> dict[str, Any]:
    return {"Name": "web", "CertificateData": secret(data), "Password": secret(password), **others}


@pytest.mark.parametrize(
    ("data", "password", "kind", "chain"),
    [
        (LEAF.public_bytes(PEM) + KEY_PEM, None, "Pem", 0),
        (
            ROOT.public_bytes(PEM) + LOCKED_PEM + MIDDLE.public_bytes(PEM) + LEAF.public_bytes(PEM),
            "sesame",
            "Pem",
            2,
        ),
        (STORE, "sesame", "Pkcs12", 2),
    ],
)
@in_loop
async def test_a_certificate_with_its_key_is_read_in_every_form(
    data: bytes, password: str | None, kind: str, chain: int, tmp_path: Path
) -> None:
    async with house(tmp_path) as gurita:
        shown = await gurita.post("certificates", body(data, password, Thumbprint="mine"))
        assert (shown["Id"], shown["CertificateDataFormat"], shown["HasPrivateKey"]) == (
            "Certificates-1",
            kind,
            True,
        )
        assert shown["SubjectDistinguishedName"] == "CN=web, O=Shop"
        assert (shown["SubjectCommonName"], shown["SubjectOrganization"]) == ("web", "Shop")
        assert (shown["IssuerCommonName"], shown["SelfSigned"], shown["IsExpired"]) == (
            "middle",
            False,
            False,
        )
        assert (shown["SerialNumber"], shown["Version"]) == ("FF", 3)
        assert shown["SignatureAlgorithmName"] == "sha256ECDSA"
        assert shown["SubjectAlternativeNames"] == ["web.example", "10.0.0.1"]
        assert shown["Thumbprint"] == LEAF.fingerprint(hashes.SHA1()).hex().upper()  # noqa: S303 - a name
        assert [one["SubjectCommonName"] for one in shown["CertificateChain"]] == ["middle", "root"][:chain]
        assert shown["CertificateData"] == {"HasValue": True, "NewValue": None, "Hint": None}
        stored = (tmp_path / "gurita.db").read_bytes()
        assert b"PRIVATE KEY" not in stored and b"sesame" not in stored
        assert base64.b64encode(STORE)[:40] not in stored


@in_loop
async def test_one_without_a_key_is_read_from_der(tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:
        shown = await gurita.post("certificates", body(ROOT.public_bytes(DER)))
        assert (shown["CertificateDataFormat"], shown["HasPrivateKey"], shown["SelfSigned"]) == (
            "Der",
            False,
            True,
        )


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        ({"CertificateData": None}, "CertificateData: must not be empty."),
        (body(b"nonsense"), "CertificateData: is neither PEM, DER nor PKCS #12."),
        ({"CertificateData": secret("not base64!")}, "CertificateData: is not base64."),
        ({"CertificateData": secret("x" * 1_100_000)}, "CertificateData: is longer than"),
        (body(b"-----BEGIN NONSENSE-----"), "CertificateData: holds no certificate in PEM"),
        (body(KEY_PEM), "CertificateData: holds no certificate in PEM"),
        (
            body(ROOT.public_bytes(PEM) + KEY_PEM),
            "CertificateData: none of the certificates is for the private key",
        ),
        (body(LEAF.public_bytes(PEM) + LOCKED_PEM), "Password: the private key is encrypted."),
        (body(LEAF.public_bytes(PEM) + LOCKED_PEM, "wrong"), "Password: does not open the private key"),
        (body(STORE), "Password: the data is encrypted."),
        (body(STORE, "wrong"), "Password: does not open the data"),
        (body(ROOT.public_bytes(DER), Name=""), "Name: must not be empty."),
        (
            body(ROOT.public_bytes(DER), EnvironmentIds=["Environments-9"]),
            "EnvironmentIds[0]: 'Environments-9'",
        ),
    ],
)
@in_loop
async def test_what_is_no_certificate_is_refused_by_member(
    sent: dict[str, Any], told: str, tmp_path: Path
) -> None:
    async with house(tmp_path) as gurita:
        answer = await gurita.refused(400, "POST", "certificates", {"Name": "x", **sent})
        assert any(one.startswith(told) for one in answer["Errors"]), answer
        assert "wrong" not in str(answer) and "nonsense" not in str(answer)


@in_loop
async def test_replacing_keeps_the_id_and_an_archived_copy(tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:
        await gurita.post("certificates", body(STORE, "sesame"))
        other = {"certificateData": base64.b64encode(ROOT.public_bytes(DER)).decode(), "password": None}
        after = await gurita.post("certificates/web/replace", other)
        assert (after["Id"], after["Name"], after["SubjectCommonName"]) == ("Certificates-1", "web", "root")
        assert (await gurita.get("certificates"))["TotalResults"] == 1
        (copy,) = (await gurita.get("certificates?archived=true"))["Items"]
        assert (copy["Name"], copy["SubjectCommonName"], copy["ReplacedBy"]) == (
            "web",
            "web",
            "Certificates-1",
        )
        assert copy["Archived"] and copy["Links"]["Unarchive"].endswith("/unarchive")
        told = await gurita.refused(409, "POST", f"certificates/{copy['Id']}/replace", other)
        assert "archived" in told["Errors"][0]
        await gurita.refused(409, "POST", f"certificates/{copy['Id']}/unarchive")
        answer = await gurita.ask("GET", f"certificates/{copy['Id']}/export")
        assert answer.body == STORE
        await gurita.refused(400, "POST", "certificates/web/replace", {"CertificateData": "eA=="})
        sensitive = {"CertificateData": secret(STORE), "Password": secret("sesame")}
        assert (await gurita.post("certificates/web/replace", sensitive))["SubjectCommonName"] == "web"


@in_loop
async def test_a_certificate_is_archived_put_back_found_and_renamed(tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:
        shown = await gurita.post("certificates", body(STORE, "sesame"))
        keep = {"HasValue": True, "NewValue": None}
        renamed = {
            **shown,
            "Name": "shop",
            "CertificateData": keep,
            "Password": keep,
            "Notes": "n",
            "Archived": "x",
        }
        after = await gurita.put("certificates/Certificates-1", renamed)
        assert (after["Name"], after["Archived"], after["Thumbprint"]) == ("shop", None, shown["Thumbprint"])
        again = await gurita.put("certificates/shop", {**after, "CertificateData": secret(STORE)})
        assert again["DocumentVersion"] == after["DocumentVersion"]
        await gurita.refused(
            400, "PUT", "certificates/shop", {**after, "CertificateData": {"HasValue": False}}
        )
        await gurita.refused(400, "PUT", "certificates/shop", {**after, "Password": {"HasValue": False}})
        await gurita.refused(409, "PUT", "certificates/shop", {**after, "Name": "x", "DocumentVersion": 1})
        for query, count in (
            ("search=shop", 1), (f"search={shown['Thumbprint'].lower()}", 1), ("search=nothing", 0),
            ("archived=true", 0), ("archived=false", 1), ("partialName=SHO", 1), ("ids=Certificates-1", 1),
        ):  # fmt: skip
            assert (await gurita.get(f"certificates?{query}"))["TotalResults"] == count, query
        assert (await gurita.post("certificates/shop/archive", None))["Archived"]
        assert (await gurita.get("certificates"))["TotalResults"] == 0
        assert (await gurita.get("certificates?ids=Certificates-1"))["TotalResults"] == 1
        assert (await gurita.post("certificates/shop/unarchive", None))["Archived"] is None
        await gurita.delete("certificates/shop")
        await gurita.refused(404, "GET", "certificates/shop")


@in_loop
async def test_a_certificate_is_exported_in_every_form(tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:
        await gurita.post("certificates", body(STORE, "sesame"))

        async def get(query: str) -> bytes:
            answer = await gurita.ask("GET", f"certificates/web/export?{query}")
            assert answer.status == 200, answer.body
            assert answer.headers["cache-control"] == "no-store"
            return answer.body

        assert await get("") == STORE
        assert await get("format=Der") == LEAF.public_bytes(DER)
        assert await get("format=Pem") == LEAF.public_bytes(PEM)
        chain = MIDDLE.public_bytes(PEM) + ROOT.public_bytes(PEM)
        assert await get("format=pem&pemOptions=PrimaryAndChain") == LEAF.public_bytes(PEM) + chain
        assert await get("format=Pem&pemOptions=ChainOnly") == chain
        assert await get("format=Pem&includePrivateKey=true") == LEAF.public_bytes(PEM) + KEY_PEM
        locked = await get("format=Pem&includePrivateKey=true&password=other")
        opened = serialization.load_pem_private_key(locked[locked.index(b"-----BEGIN ENC") :], b"other")
        assert isinstance(opened, ec.EllipticCurvePrivateKey)
        store = pkcs12.load_pkcs12(await get("format=Pkcs12&includePrivateKey=true&password=other"), b"other")
        assert store.cert is not None and store.cert.certificate == LEAF and store.key is not None
        assert pkcs12.load_pkcs12(await get("format=Pkcs12&password=p"), b"p").key is None
        await gurita.refused(400, "GET", "certificates/web/export?format=Der&includePrivateKey=true")
        await gurita.refused(400, "GET", "certificates/web/export?format=Carrier")


@in_loop
async def test_a_private_key_leaves_only_with_the_permission_and_is_told_of(tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:
        await gurita.post("certificates", body(STORE, "sesame"))
        await gurita.ask("GET", "certificates/web/export?format=Pem&includePrivateKey=true")
        events = await gurita.get("events?regarding=Certificates-1&eventCategories=SecretRead")
        assert [one["Message"] for one in events["Items"]] == [
            "The private key of certificate web was exported"
        ]
        gurita.may(lambda permission, _: permission == "CertificateView")
        for query in ("", "format=Pem&includePrivateKey=true", "format=Pkcs12&includePrivateKey=true"):
            told = await gurita.refused(403, "GET", f"certificates/web/export?{query}")
            assert told["Errors"] == ["Missing permission: CertificateExportPrivateKey"]
        assert (await gurita.ask("GET", "certificates/web/export?format=Pem")).status == 200


@pytest.mark.parametrize("kind", ["Rsa2048", "EcdsaP256", "EcdsaP384", "Ed25519"])
@in_loop
async def test_a_self_signed_certificate_is_made(kind: str, tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:
        names = ["shop.example", "10.0.0.1", "bücher.example"]
        asked = {"Name": "made", "CommonName": "shop", "DaysValid": 30, "KeyType": kind}
        shown = await gurita.post("certificates/generate", {**asked, "SubjectAlternativeNames": names})
        assert (shown["SelfSigned"], shown["HasPrivateKey"], shown["SubjectCommonName"]) == (
            True,
            True,
            "shop",
        )
        assert shown["SubjectAlternativeNames"] == [*names[:2], "xn--bcher-kva.example"]
        await gurita.refused(400, "POST", "certificates/generate", {**asked, "Name": "x", "DaysValid": 0})


@in_loop
async def test_the_end_of_a_certificate_is_told_once_a_stage(tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:
        for common, days in (("gone", -1), ("soon", 5), ("later", 15), ("far", 100), ("old", -1)):
            await gurita.post(
                "certificates", {**body(made(common, days=days)[0].public_bytes(DER)), "Name": common}
            )
        await gurita.post("certificates/old/archive", None)
        assert (await gurita.get("certificates/gone"))["IsExpired"] is True
        work = watching(gurita.context)
        now = int(NOW.timestamp() * 1000)
        for later in (0, 1, 60_000):
            await gurita.store.write(partial(_begin, work, now + later))
        told = await _warnings(gurita)
        assert told == {
            "gone": ["CertificateExpired"],
            "soon": ["CertificateExpiry10Days"],
            "later": ["CertificateExpiry20Days"],
        }
        await gurita.store.write(lambda tx: work.begin(tx, now + 10 * 86_400_000))
        assert (await _warnings(gurita))["later"] == ["CertificateExpiry10Days", "CertificateExpiry20Days"]


def _begin(work: Recurring, now: int, tx: Tx) -> None:
    work.begin(tx, now)


async def _warnings(gurita: House) -> dict[str, list[str]]:
    categories = "CertificateExpired,CertificateExpiry10Days,CertificateExpiry20Days"
    found: dict[str, list[str]] = {}
    for one in (await gurita.get(f"events?eventCategories={categories}"))["Items"]:
        found.setdefault(one["Message"].split()[1], []).append(one["Category"])
    return found


@in_loop
async def test_a_certificate_that_is_a_variables_value_is_named_and_stays(tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:
        await gurita.post("certificates", body(ROOT.public_bytes(DER)))
        group = (await gurita.get("projectgroups/all"))[0]["Id"]
        lifecycle = (await gurita.get("lifecycles/all"))[0]["Id"]
        project = await gurita.post(
            "projects", {"Name": "Shop", "ProjectGroupId": group, "LifecycleId": lifecycle}
        )
        place = f"variables/variableset-{project['Id']}"
        found = await gurita.get(place)
        variable = {"Name": "Tls", "Value": "Certificates-1", "Type": "Certificate"}
        await gurita.put(place, {**found, "Variables": [variable]})
        usages = await gurita.get("certificates/web/usages")
        assert [(one["Id"], one["Name"]) for one in usages["ProjectUsages"]] == [(project["Id"], "Shop")]
        told = await gurita.refused(409, "DELETE", "certificates/web")
        assert project["Id"] in told["Errors"][0]
