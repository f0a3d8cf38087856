"""Proxies (api.md 8)."""

from __future__ import annotations

from typing import Literal

from msgspec import field

from gurita.catalog.resource import Resource
from gurita.http.sensitive_value import SensitiveValue

__all__ = ["Proxy"]


class Proxy(Resource, kw_only=True):
    """An HTTP proxy that opens connections with CONNECT."""

    name: str
    slug: str = ""
    host: str = ""
    port: int = 80
    proxy_type: Literal["HTTP"] = "HTTP"
    username: str | None = ""
    password: SensitiveValue = field(default_factory=SensitiveValue)
