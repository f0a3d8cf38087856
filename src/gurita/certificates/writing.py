"""Certificates as bytes to hand out, and new ones."""

from __future__ import annotations

import ipaddress
from datetime import datetime, timedelta
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from gurita.certificates.reading import Read
from gurita.certificates.resources import ExportQuery, Generation
from gurita.kernel.errors import Invalid

__all__ = ["MEDIA", "exported", "generated"]

MEDIA = {
    "Pkcs12": ("application/x-pkcs12", "pfx"),
    "Der": ("application/x-x509-ca-cert", "cer"),
    "Pem": ("application/x-pem-file", "pem"),
}
"""Media type and file extension of each format."""

_HOUR = timedelta(hours=1)


def exported(found: Read, query: ExportQuery) -> bytes:
    """The certificate in the format of the query. Raises Invalid for what there is none of."""
    if query.include_private_key and found.key is None:
        raise Invalid("includePrivateKey: this certificate has no private key.")
    if query.format == "Der":
        if query.include_private_key:
            raise Invalid("includePrivateKey: DER holds the certificate alone. Use Pkcs12 or Pem.")
        return found.primary.public_bytes(serialization.Encoding.DER)
    if query.format == "Pkcs12":
        key = found.key if query.include_private_key else None
        return pkcs12.serialize_key_and_certificates(
            None, key, found.primary, list(found.chain), _encryption(query.password)
        )
    return _pem(found, query)


def _pem(found: Read, query: ExportQuery) -> bytes:
    primary = [] if query.pem_options == "ChainOnly" else [found.primary]
    chain = [] if query.pem_options == "PrimaryOnly" else list(found.chain)
    parts = [one.public_bytes(serialization.Encoding.PEM) for one in (*primary, *chain)]
    if query.include_private_key:
        parts.append(
            found.key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                _encryption(query.password),
            )
        )
    return b"".join(parts)


def _encryption(password: str) -> serialization.KeySerializationEncryption:
    if password:
        return serialization.BestAvailableEncryption(password.encode())
    return serialization.NoEncryption()


def generated(asked: Generation, now: datetime) -> bytes:
    """A new self-signed certificate with its key, as PEM. Raises Invalid."""
    key = _new_key(asked.key_type)
    attributes = [x509.NameAttribute(NameOID.COMMON_NAME, asked.common_name)]
    if asked.organization:
        attributes.append(x509.NameAttribute(NameOID.ORGANIZATION_NAME, asked.organization))
    name = x509.Name(attributes)
    builder = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _HOUR)
        .not_valid_after(now + timedelta(days=asked.days_valid))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
    )
    if asked.subject_alternative_names:
        names = [_alternative(each, place) for place, each in enumerate(asked.subject_alternative_names)]
        builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
    made = builder.sign(key, None if asked.key_type == "Ed25519" else hashes.SHA256())
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    whole: bytes = made.public_bytes(serialization.Encoding.PEM) + private
    return whole


def _new_key(kind: str) -> Any:
    if kind.startswith("Rsa"):
        return rsa.generate_private_key(65537, int(kind.removeprefix("Rsa")))
    if kind == "Ed25519":
        return ed25519.Ed25519PrivateKey.generate()
    return ec.generate_private_key(ec.SECP384R1() if kind == "EcdsaP384" else ec.SECP256R1())


def _alternative(name: str, place: int) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        pass
    try:
        return x509.DNSName(name.encode("idna").decode() if not name.isascii() else name)
    except (ValueError, UnicodeError):
        raise Invalid(f"SubjectAlternativeNames[{place}]: '{name[:80]}' is no host name.") from None
