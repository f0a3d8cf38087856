"""How providers of identities are stored."""

from __future__ import annotations

from gurita.access.providers.resources import IdentityProvider
from gurita.store.documents import DocumentKind

__all__ = ["IDENTITY_PROVIDERS"]

IDENTITY_PROVIDERS: DocumentKind[IdentityProvider] = DocumentKind(
    "IdentityProviders", IdentityProvider, title="identity provider"
)
