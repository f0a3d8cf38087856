"""How certificates are stored, and which warnings of their end were given."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Boolean, Column, Index, Table, Text

from gurita.catalog.visibility import Lying, Many
from gurita.certificates.resources import Certificate
from gurita.store.documents import DocumentKind, Indexed, Reference
from gurita.store.tables import metadata

__all__ = ["CERTIFICATES", "certificate_warning"]


def _references(certificate: Certificate) -> Iterator[Reference]:
    for place, id in enumerate(certificate.environment_ids):
        yield Reference(f"EnvironmentIds[{place}]", "Environments", id)
    for place, id in enumerate(certificate.tenant_ids):
        yield Reference(f"TenantIds[{place}]", "Tenants", id)


CERTIFICATES = DocumentKind(
    "Certificates",
    Certificate,
    # What was replaced keeps its name beside the certificate that took its place.
    parent=lambda doc: f"{doc.archived} {doc.thumbprint}" if doc.archived else "",
    columns=[
        Indexed("archived", Boolean, lambda doc: doc.archived is not None),
        Indexed("thumbprint", Text, lambda doc: doc.thumbprint),
        Indexed("not_after", Text, lambda doc: doc.not_after or ""),
    ],
    references=_references,
    visible=Lying("CertificateView", environments=Many("EnvironmentIds"), tenants=Many("TenantIds")),
)

certificate_warning = Table(
    "certificate_warning",
    metadata,
    Column("certificate", Text, primary_key=True),
    Column("thumbprint", Text, primary_key=True),
    Column("stage", Text, primary_key=True),
    Column("space", Text, nullable=False),
)
"""One row for each warning that was given, so that it is given once."""
Index("certificate_warning_space", certificate_warning.c.space)
