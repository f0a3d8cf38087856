"""What a certificate is as variables: `Name.Thumbprint`, `Name.PrivateKeyPem`… (the field's page on certificate variables)."""

from __future__ import annotations

import base64

from cryptography.hazmat.primitives import serialization

from gurita.certificates.reading import Read, decoded, read
from gurita.certificates.resources import Certificate, ExportQuery
from gurita.certificates.writing import exported
from gurita.kernel.sensitive import Sensitive

__all__ = ["expanded"]

_DER, _PEM = serialization.Encoding.DER, serialization.Encoding.PEM


def expanded(doc: Certificate, data: str, password: str | None) -> dict[str, str | Sensitive]:
    """The certificate's properties by the name they have after the variable's; all with the private key are sensitive."""
    found = read(decoded(data), password)
    plain = {
        "Type": "Certificate",
        "Name": doc.name,
        "Thumbprint": doc.thumbprint,
        "Subject": doc.subject_distinguished_name,
        "SubjectDistinguishedName": doc.subject_distinguished_name,
        "SubjectCommonName": doc.subject_common_name or "",
        "SubjectOrganization": doc.subject_organization or "",
        "Issuer": doc.issuer_distinguished_name,
        "IssuerDistinguishedName": doc.issuer_distinguished_name,
        "IssuerCommonName": doc.issuer_common_name or "",
        "IssuerOrganization": doc.issuer_organization or "",
        "NotBefore": str(doc.not_before or ""),
        "NotAfter": str(doc.not_after or ""),
        "HasPrivateKey": str(doc.has_private_key),
        "Certificate": _base64(found.primary.public_bytes(_DER)),
        "CertificatePem": found.primary.public_bytes(_PEM).decode(),
        "ChainPem": b"".join(one.public_bytes(_PEM) for one in found.chain).decode(),
    }
    return plain | _keyed(found, data, password)


def _keyed(found: Read, data: str, password: str | None) -> dict[str, str | Sensitive]:
    with_key = found.key is not None
    query = ExportQuery(format="Pkcs12", password=password or "", include_private_key=with_key)
    made: dict[str, str | Sensitive] = {
        "RawOriginal": _base64(decoded(data)),
        "Pfx": _base64(exported(found, query)),
    }
    if password:
        made["Password"] = Sensitive(password)
    if not with_key:
        return made
    hidden: dict[str, str | Sensitive] = {
        name: Sensitive(str(value)) for name, value in made.items() if name != "Password"
    }
    return made | hidden | {"PrivateKey": _key(found, _DER), "PrivateKeyPem": _key(found, _PEM)}


def _key(found: Read, encoding: serialization.Encoding) -> Sensitive:
    plain = serialization.NoEncryption()
    data: bytes = found.key.private_bytes(encoding, serialization.PrivateFormat.PKCS8, plain)
    return Sensitive(data.decode() if encoding is _PEM else _base64(data))


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()
