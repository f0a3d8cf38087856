"""Certificates (api.md 8)."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, field

from gurita.http.sensitive_value import SensitiveValue
from gurita.http.wire import Moment, Wire

__all__ = [
    "X509",
    "Certificate",
    "CertificateUsages",
    "ChainLink",
    "DocumentUsage",
    "ExportQuery",
    "Format",
    "Generation",
    "Replacement",
]

Format = Literal["Pkcs12", "Der", "Pem", "Unknown"]


class X509(Wire, kw_only=True):
    """What a certificate says of itself. `version` is the one of X.509."""

    thumbprint: str = ""
    subject_distinguished_name: str = ""
    subject_common_name: str | None = None
    subject_organization: str | None = None
    issuer_distinguished_name: str = ""
    issuer_common_name: str | None = None
    issuer_organization: str | None = None
    self_signed: bool = False
    not_before: Moment | None = None
    not_after: Moment | None = None
    is_expired: bool = False
    x509_version: int = field(default=0, name="Version")
    serial_number: str = ""
    signature_algorithm_name: str = ""
    subject_alternative_names: list[str] = field(default_factory=list)


class ChainLink(X509):
    """A certificate of the chain that comes with another."""


class Certificate(X509, kw_only=True):
    """A certificate with or without its private key. What it says is read from its data and ignored on input.

    `certificate_data` is PEM, DER or PKCS #12 in base64. Since `Version` is X.509's, the number of saves is
    `DocumentVersion`.
    """

    id: str = ""
    version: int = field(default=0, name="DocumentVersion")
    space_id: str = ""
    name: str
    slug: str = ""
    notes: str | None = ""
    certificate_data: SensitiveValue = field(default_factory=SensitiveValue)
    password: SensitiveValue = field(default_factory=SensitiveValue)
    environment_ids: list[str] = field(default_factory=list)
    tenant_ids: list[str] = field(default_factory=list)
    tenant_tags: list[str] = field(default_factory=list)
    tenanted_deployment_participation: Literal["Untenanted", "TenantedOrUntenanted", "Tenanted"] = (
        "Untenanted"
    )
    certificate_data_format: Format = "Unknown"
    has_private_key: bool = False
    certificate_chain: list[ChainLink] = field(default_factory=list)
    archived: Moment | None = None
    replaced_by: str | None = None


class Replacement(Wire, kw_only=True):
    """The data that takes the place of a certificate's."""

    certificate_data: str | SensitiveValue
    password: str | SensitiveValue | None = None

    def __repr__(self) -> str:
        return "Replacement()"


class Generation(Wire, kw_only=True):
    """A self-signed certificate to be made."""

    name: str
    notes: str | None = ""
    common_name: Annotated[str, Meta(min_length=1, max_length=64)]
    organization: Annotated[str, Meta(max_length=64)] | None = None
    subject_alternative_names: Annotated[list[str], Meta(max_length=100)] = field(default_factory=list)
    days_valid: Annotated[int, Meta(ge=1, le=3650)] = 365
    key_type: Literal["Rsa2048", "Rsa4096", "EcdsaP256", "EcdsaP384", "Ed25519"] = "EcdsaP256"
    environment_ids: list[str] = field(default_factory=list)


class ExportQuery(Wire):
    """How a certificate leaves. Without `format` as it came."""

    format: Literal["Pkcs12", "Der", "Pem"] | None = None
    password: str = ""
    pem_options: Literal["PrimaryOnly", "PrimaryAndChain", "ChainOnly"] = "PrimaryOnly"
    include_private_key: bool = False


class DocumentUsage(Wire):
    """Something that uses a certificate."""

    id: str
    name: str = ""
    links: dict[str, str] = field(default_factory=dict)


class CertificateUsages(Wire):
    """Who uses a certificate."""

    deployment_target_usages: list[DocumentUsage] = field(default_factory=list)
    library_variable_set_usages: list[DocumentUsage] = field(default_factory=list)
    project_usages: list[DocumentUsage] = field(default_factory=list)
    tenant_usages: list[DocumentUsage] = field(default_factory=list)
