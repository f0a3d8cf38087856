"""What all accounts share."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from msgspec import Meta, field

from gurita.catalog.resource import NamedResource
from gurita.http.sensitive_value import SensitiveValue

__all__ = ["AccountBase", "Secret", "Text"]

Secret: TypeAlias = SensitiveValue
Text = Annotated[str, Meta(max_length=2_000)] | None


class AccountBase(NamedResource, tag_field="AccountType"):
    """What all accounts share. Empty `environment_ids` mean: usable in all environments."""

    environment_ids: list[str] = field(default_factory=list)
    tenant_ids: list[str] = field(default_factory=list)
    tenant_tags: list[str] = field(default_factory=list)
    tenanted_deployment_participation: Literal["Untenanted", "TenantedOrUntenanted", "Tenanted"] = (
        "Untenanted"
    )
