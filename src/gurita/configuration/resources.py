"""Settings of the server (api.md 10). Each is one resource; `Id` is its name."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from msgspec import Meta, field

from gurita.http.sensitive_value import SensitiveValue
from gurita.http.wire import Wire

__all__ = [
    "AuthenticationConfiguration",
    "CertificateConfiguration",
    "ConfigurationSection",
    "FeaturesConfiguration",
    "License",
    "LicenseLimit",
    "LicenseStatus",
    "MaintenanceConfiguration",
    "PerformanceConfiguration",
    "ServerConfiguration",
    "SettingsMetadata",
    "SettingsSet",
    "SettingsValue",
    "SmtpConfiguration",
    "SmtpConfigured",
    "SmtpTest",
    "SmtpTestResult",
    "UpgradeConfiguration",
]

_Address = Annotated[str, Meta(max_length=2000)]


class MaintenanceConfiguration(Wire):
    """Whether only administrators may change anything."""

    id: str = "maintenance"
    is_in_maintenance_mode: bool = False


class ServerConfiguration(Wire):
    """How people and agents reach this server, for links in messages."""

    id: str = "server"
    server_uri: _Address | None = ""


class AuthenticationConfiguration(Wire):
    """Ways to sign in besides the identity providers. Keys and tokens are not concerned."""

    id: str = "authentication"
    is_password_sign_in_enabled: bool = True
    is_guest_sign_in_enabled: bool = False


class FeaturesConfiguration(Wire):
    """Features that may be switched off. Those this server does not have are off and stay so."""

    id: str = "features"
    is_community_action_templates_enabled: bool = False
    is_service_message_resource_creation_enabled: bool = True
    is_built_in_worker_enabled: bool = False
    is_help_sidebar_enabled: bool = False
    help_sidebar_support_link: _Address | None = None
    is_configuration_as_code_enabled: bool = False
    is_configuration_as_code_for_runbooks_enabled: bool = False
    is_step_ui_framework_enabled: bool = False


class PerformanceConfiguration(Wire):
    """How the portal of older clients draws its dashboard."""

    id: str = "performance"
    default_dashboard_render_mode: Literal["VirtualizeColumns", "VirtualizeRowsAndColumns"] = (
        "VirtualizeRowsAndColumns"
    )


class UpgradeConfiguration(Wire):
    """Which new versions are told of."""

    id: str = "upgrade"
    notification_mode: Literal["AlwaysShow", "ShowOnlyMajorMinor", "NeverShow"] = "NeverShow"


class SmtpConfiguration(Wire):
    """How e-mail is sent; without a host it is not. `timeout` is milliseconds for each step.

    With `enable_ssl` the connection is encrypted: from its first byte on port 465, else by STARTTLS, and never goes on without.
    """

    id: str = "smtp"
    smtp_host: Annotated[str, Meta(max_length=253)] | None = None
    smtp_port: Annotated[int, Meta(ge=1, le=65_535)] = 25
    send_email_from: Annotated[str, Meta(max_length=500)] | None = None
    enable_ssl: bool = False
    smtp_login: Annotated[str, Meta(max_length=500)] | None = None
    smtp_password: SensitiveValue = field(default_factory=SensitiveValue)
    timeout: Annotated[int, Meta(ge=1_000, le=120_000)] = 12_000
    links: dict[str, str] = field(default_factory=dict)


class SmtpTest(Wire, kw_only=True):
    """Whom a test message goes to."""

    email_address: Annotated[str, Meta(min_length=3, max_length=320)]


class SmtpTestResult(Wire, kw_only=True):
    """Whether the mail server took the message, and what went wrong."""

    is_successful: bool
    message: str


class SmtpConfigured(Wire):
    """Whether e-mail can be sent."""

    id: str = "smtp-isconfigured"
    is_configured: bool = False
    links: dict[str, str] = field(default_factory=dict)


class SettingsValue(Wire):
    """A setting as it is in effect on this node."""

    key: str
    value: str
    description: str = ""


class SettingsSet(Wire):
    """Settings that belong together. Secrets are left out."""

    id: str
    configuration_set: str
    configuration_values: list[SettingsValue] = field(default_factory=list)
    links: dict[str, str] = field(default_factory=dict)


class ConfigurationSection(Wire):
    """A part of the configuration with values of its own."""

    id: str
    name: str
    description: str


class SettingsMetadata(Wire):
    """What the values of a section are: `{Types: [{Name, Properties: [{Name, Type, DisplayInfo}]}]}`."""

    id: str
    types: list[dict[str, Any]] = field(default_factory=list)
    description: str = ""


class CertificateConfiguration(Wire):
    """The key this server shows to agents and hosts. `thumbprint` is its fingerprint."""

    id: str
    name: str
    thumbprint: str
    signature_algorithm: str


class License(Wire):
    """The licence. This software is free: there is nothing to enter."""

    id: str = "licenses-current"
    license_text: str = "Apache License, Version 2.0"
    serial_number: str = ""
    links: dict[str, str] = field(default_factory=dict)


class LicenseLimit(Wire):
    """How much there may be of something: as much as one likes."""

    name: str
    current_usage: int
    effective_limit: int = 2_147_483_647
    effective_limit_description: str = "Unlimited"
    is_unlimited: bool = True
    message: str = ""
    disposition: str = "Information"


class LicenseStatus(Wire, kw_only=True):
    """What the licence allows: everything."""

    id: str = "licenses-current-status"
    license_kind: str = "OpenSource"
    is_compliant: bool = True
    hosting_environment: str = "SelfHosted"
    compliance_summary: str = "This software is free. There are no limits."
    effective_expiry_date: str = "9999-12-31T00:00:00.000+00:00"
    days_to_effective_expiry_date: int = 2_147_483_647
    messages: list[dict[str, str]] = field(default_factory=list)
    limits: list[LicenseLimit] = field(default_factory=list)
    effective_node_task_limit: int = 2_147_483_647
    effective_cluster_task_limit: int = 2_147_483_647
    is_node_task_limit_controlled_by_license: bool = False
    is_cluster_task_limit_controlled_by_license: bool = False
    permissions_mode: str = "Full"
    does_expiry_block_key_activities: bool = False
    links: dict[str, str] = field(default_factory=dict)
