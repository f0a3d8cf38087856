"""Reading certificates in whatever form people have them: PEM, DER, PKCS #12. Slow for data made to be slow: call it in
a thread."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import ExtensionOID, NameOID

from gurita.certificates.resources import ChainLink, Format
from gurita.kernel.clock import iso
from gurita.kernel.errors import Invalid

__all__ = ["Read", "decoded", "facts_of", "read"]

LONGEST = 1 << 20
MOST_CERTIFICATES = 100

_KEY = re.compile(
    rb"-----BEGIN (?:[A-Z]+ )?(?:ENCRYPTED )?PRIVATE KEY-----.{1,100000}?-----END (?:[A-Z]+ )?(?:ENCRYPTED )?PRIVATE KEY-----",
    re.DOTALL,
)
_ALGORITHMS = {
    "sha1WithRSAEncryption": "sha1RSA",
    "sha256WithRSAEncryption": "sha256RSA",
    "sha384WithRSAEncryption": "sha384RSA",
    "sha512WithRSAEncryption": "sha512RSA",
    "ecdsa-with-SHA256": "sha256ECDSA",
    "ecdsa-with-SHA384": "sha384ECDSA",
    "ecdsa-with-SHA512": "sha512ECDSA",
}


@dataclass(frozen=True, slots=True)
class Read:
    """What was found: the certificate, its key if there is one, and those above it, nearest first."""

    format: Format
    primary: x509.Certificate
    key: Any
    chain: tuple[x509.Certificate, ...]

    def __repr__(self) -> str:
        return f"Read({self.format})"


def decoded(text: str) -> bytes:
    """The bytes of base64, or of PEM that was sent as it is. Raises Invalid."""
    if len(text) > LONGEST:
        raise Invalid(f"CertificateData: is longer than {LONGEST} characters.")
    if text.lstrip().startswith("-----BEGIN"):
        return text.encode()
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        raise Invalid("CertificateData: is not base64. Send PEM, DER or PKCS #12, in base64.") from None


def read(data: bytes, password: str | None) -> Read:
    """The certificates and the key in `data`. Raises Invalid, which never repeats the data."""
    if not data:
        raise Invalid("CertificateData: must not be empty. Send PEM, DER or PKCS #12, in base64.")
    word = password.encode() if password else None
    if b"-----BEGIN" in data:
        return _read_pem(data, word)
    try:
        return Read("Der", x509.load_der_x509_certificate(data), None, ())
    except ValueError:
        return _read_pkcs12(data, word)


def _read_pem(data: bytes, word: bytes | None) -> Read:
    try:
        found = x509.load_pem_x509_certificates(data)
    except ValueError:
        raise Invalid("CertificateData: holds no certificate in PEM that can be read.") from None
    match = _KEY.search(data)
    key = None
    if match:
        try:
            key = serialization.load_pem_private_key(match[0], None if b"ENCRYPTED" not in match[0] else word)
        except TypeError:
            raise Invalid(
                "Password: the private key is encrypted. Send the password that opens it."
            ) from None
        except (ValueError, UnsupportedAlgorithm):
            raise Invalid("Password: does not open the private key, or the key cannot be read.") from None
    primary = _of_key(found, key)
    return Read("Pem", primary, key, _chain(primary, found))


def _read_pkcs12(data: bytes, word: bytes | None) -> Read:
    try:
        store = pkcs12.load_pkcs12(data, word)
    except (ValueError, UnsupportedAlgorithm) as error:
        if "password" in str(error).lower():
            what = (
                "does not open the data" if word else "the data is encrypted. Send the password that opens it"
            )
            raise Invalid(f"Password: {what}.") from None
        raise Invalid("CertificateData: is neither PEM, DER nor PKCS #12.") from None
    found = [one.certificate for one in store.additional_certs]
    if store.cert is not None:
        found.insert(0, store.cert.certificate)
    if not found:
        raise Invalid("CertificateData: the PKCS #12 holds no certificate.")
    primary = found[0] if store.cert is not None else _of_key(found, store.key)
    return Read("Pkcs12", primary, store.key, _chain(primary, found))


def _of_key(found: Sequence[x509.Certificate], key: Any) -> x509.Certificate:
    """The certificate a key is for; the first one without a key."""
    if len(found) > MOST_CERTIFICATES:
        raise Invalid(f"CertificateData: holds {len(found)} certificates. Send at most {MOST_CERTIFICATES}.")
    if key is None:
        return found[0]
    wanted = _public(key.public_key())
    for one in found:
        if _public(one.public_key()) == wanted:
            return one
    raise Invalid("CertificateData: none of the certificates is for the private key that comes with them.")


def _public(key: Any) -> bytes:
    encoded: bytes = key.public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return encoded


def _chain(primary: x509.Certificate, found: Sequence[x509.Certificate]) -> tuple[x509.Certificate, ...]:
    """Issuers first, in order; what belongs to no issuer follows as it came."""
    rest = [one for one in found if one != primary]
    ordered: list[x509.Certificate] = []
    below = primary
    while above := next(
        (one for one in rest if one.subject == below.issuer and below.issuer != below.subject), None
    ):
        rest.remove(above)
        ordered.append(above)
        below = above
    return (*ordered, *rest)


def facts_of(found: Read) -> dict[str, Any]:
    """The members of a `Certificate` that its data says."""
    return {
        **_facts(found.primary),
        "certificate_data_format": found.format,
        "has_private_key": found.key is not None,
        "certificate_chain": [ChainLink(**_facts(one)) for one in found.chain],
    }


def _facts(one: x509.Certificate) -> dict[str, Any]:
    name = one.signature_algorithm_oid._name  # noqa: SLF001 - the only word for it there is
    return {
        "thumbprint": one.fingerprint(hashes.SHA1()).hex().upper(),  # noqa: S303 - a name, as the contract has it
        "subject_distinguished_name": _distinguished(one.subject),
        "subject_common_name": _part(one.subject, NameOID.COMMON_NAME),
        "subject_organization": _part(one.subject, NameOID.ORGANIZATION_NAME),
        "issuer_distinguished_name": _distinguished(one.issuer),
        "issuer_common_name": _part(one.issuer, NameOID.COMMON_NAME),
        "issuer_organization": _part(one.issuer, NameOID.ORGANIZATION_NAME),
        "self_signed": one.subject == one.issuer,
        "not_before": iso(one.not_valid_before_utc),
        "not_after": iso(one.not_valid_after_utc),
        "x509_version": one.version.value + 1,
        "serial_number": f"{one.serial_number:X}",
        "signature_algorithm_name": _ALGORITHMS.get(name, name),
        "subject_alternative_names": _alternatives(one),
    }


def _distinguished(name: x509.Name) -> str:
    return ", ".join(part.rfc4514_string() for part in reversed(list(name.rdns)))


def _part(name: x509.Name, oid: x509.ObjectIdentifier) -> str | None:
    found = name.get_attributes_for_oid(oid)
    return str(found[0].value) if found else None


def _alternatives(one: x509.Certificate) -> list[str]:
    try:
        names = one.extensions.get_extension_for_oid(ExtensionOID.SUBJECT_ALTERNATIVE_NAME).value
    except (x509.ExtensionNotFound, ValueError):
        return []
    return [str(each.value) for each in names] if isinstance(names, x509.SubjectAlternativeName) else []
