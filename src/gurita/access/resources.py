"""Users, keys, sign-in and permissions as the API shows them (api.md §3)."""

from __future__ import annotations

from typing import Annotated, Any

from msgspec import UNSET, Meta, UnsetType, field

from gurita.http.query import ListQuery
from gurita.http.sensitive_value import SensitiveValue
from gurita.http.wire import Moment, Wire

__all__ = [
    "AccessToken",
    "ApiKey",
    "Authentication",
    "AuthenticationProvider",
    "CreatedApiKey",
    "Identity",
    "IdentityClaim",
    "IdentityMetadata",
    "Login",
    "LoginInitiated",
    "NewApiKey",
    "PasswordChange",
    "PermissionDescription",
    "PermissionSet",
    "Registration",
    "RegistrationState",
    "RegistrationToken",
    "Restriction",
    "TeamName",
    "User",
    "UserAuthentication",
    "UserQuery",
]


class IdentityClaim(Wire, kw_only=True):
    """What a provider says of somebody; the one that identifies them is the subject, `sub`."""

    value: Annotated[str, Meta(max_length=2000)] = ""
    is_identifying_claim: bool = False


class Identity(Wire, kw_only=True):
    """Who a user is to a provider."""

    identity_provider_name: Annotated[str, Meta(max_length=200)]
    claims: dict[str, IdentityClaim] = field(default_factory=dict)


class User(Wire, kw_only=True):
    """Somebody, or something, that signs in. `password` only comes in; `identities` that are left out stay."""

    id: str = ""
    username: Annotated[str, Meta(min_length=1, max_length=200)]
    display_name: Annotated[str, Meta(max_length=200)] = ""
    email_address: Annotated[str, Meta(max_length=320)] | None = ""
    is_active: bool = True
    is_service: bool = False
    password: Annotated[str, Meta(max_length=500)] | UnsetType | None = UNSET
    can_password_be_edited: bool = True
    is_requestor: bool = False
    identities: Annotated[list[Identity], Meta(max_length=20)] | UnsetType = UNSET
    created: Moment | None = None
    version: int = 0

    def __repr__(self) -> str:
        return f"User({self.id} {self.username})"


class UserQuery(ListQuery, kw_only=True):
    """`filter` is found in the username, display name or e-mail address."""

    filter: str = ""


class Login(Wire, kw_only=True):
    """Signing in with a password."""

    username: Annotated[str, Meta(max_length=500)]
    password: Annotated[str, Meta(max_length=500)]
    remember_me: bool = False

    def __repr__(self) -> str:
        return "Login()"


class PasswordChange(Wire, kw_only=True):
    """A new password of one's own, proved with the present one."""

    current_password: Annotated[str, Meta(max_length=500)]
    new_password: Annotated[str, Meta(min_length=1, max_length=500)]

    def __repr__(self) -> str:
        return "PasswordChange()"


class AccessToken(Wire, kw_only=True):
    """A bearer token, good for an hour."""

    access_token: str

    def __repr__(self) -> str:
        return "AccessToken()"


class NewApiKey(Wire, kw_only=True):
    """What a key is for, and until when."""

    purpose: Annotated[str, Meta(min_length=1, max_length=200)]
    expires: Moment | None = None


class ApiKey(Wire, kw_only=True):
    """A key as it is shown afterwards."""

    id: str
    purpose: str
    user_id: str
    created: Moment
    expires: Moment | None
    last_used: Moment | None
    api_key: SensitiveValue


class CreatedApiKey(Wire, kw_only=True):
    """A key as it is shown once."""

    id: str
    purpose: str
    user_id: str
    created: Moment
    expires: Moment | None
    api_key: str

    def __repr__(self) -> str:
        return f"CreatedApiKey({self.id})"


class Restriction(Wire, kw_only=True):
    """What an assignment of a permission is narrowed to; empty lists narrow nothing."""

    space_id: str | None = None
    restricted_to_project_ids: list[str] = field(default_factory=list)
    restricted_to_environment_ids: list[str] = field(default_factory=list)
    restricted_to_tenant_ids: list[str] = field(default_factory=list)
    restricted_to_project_group_ids: list[str] = field(default_factory=list)


class TeamName(Wire, kw_only=True):
    """A team somebody belongs to."""

    id: str
    name: str
    space_id: str | None = None
    is_directly_assigned: bool = True
    external_group_names: list[str] = field(default_factory=list)
    external_security_groups: list[dict[str, str]] = field(default_factory=list)


class PermissionSet(Wire, kw_only=True):
    """All that a user may do."""

    id: str
    space_permissions: dict[str, list[Restriction]]
    system_permissions: list[str]
    teams: list[TeamName]
    is_teams_complete: bool = True
    is_permissions_complete: bool = True
    links: dict[str, str] = field(default_factory=dict)


class PermissionDescription(Wire, kw_only=True):
    """What a permission allows, and where it may be given."""

    description: str
    supported_restrictions: list[str]
    can_apply_at_system_level: bool
    can_apply_at_space_level: bool


class AuthenticationProvider(Wire, kw_only=True):
    """A way to sign in."""

    name: str
    identity_type: str
    forms_login_enabled: bool
    forms_username_identifier: str = "Username"
    css_links: list[str] = field(default_factory=list, name="CSSLinks")
    javascript_links: list[str] = field(default_factory=list)
    links: dict[str, str] = field(default_factory=dict)


class Authentication(Wire, kw_only=True):
    """The ways to sign in."""

    id: str = "authentication"
    authentication_providers: list[AuthenticationProvider]
    auto_login_enabled: bool = False
    any_authentication_providers_support_password_management: bool = True
    links: dict[str, str] = field(default_factory=dict)


class Registration(Wire, kw_only=True):
    """What a machine that registers itself with the token becomes: a target with its tags and environments, or a
    worker of pools (ids)."""

    roles: list[Annotated[str, Meta(min_length=1, max_length=200)]] = field(default_factory=list)
    environment_ids: list[str] = field(default_factory=list)
    worker_pool_ids: list[str] = field(default_factory=list)
    expires_in_minutes: Annotated[int, Meta(ge=1, le=60 * 24 * 7)] = 60


class RegistrationToken(Wire, kw_only=True):
    """A token one machine may register itself with. `token` is shown once."""

    id: str
    token: str
    space_id: str
    roles: list[str]
    environment_ids: list[str]
    worker_pool_ids: list[str] = field(default_factory=list)
    expires: Moment

    def __repr__(self) -> str:
        return f"RegistrationToken({self.id})"


class RegistrationState(Wire, kw_only=True):
    """What became of a registration token. `machine_id` is the target or worker that came with it."""

    id: str
    space_id: str
    expires: Moment
    is_expired: bool
    used: Moment | None = None
    machine_id: str | None = None


class IdentityMetadata(Wire):
    """What identities of each provider say of somebody."""

    id: str
    providers: list[dict[str, Any]] = field(default_factory=list)
    links: dict[str, str] = field(default_factory=dict)


class UserAuthentication(Wire, kw_only=True):
    """How a user may sign in."""

    id: str
    authentication_providers: list[AuthenticationProvider]
    can_current_user_edit_identities_for_user: bool = False
    links: dict[str, str] = field(default_factory=dict)


class LoginInitiated(Wire):
    """Whether signing in has begun somewhere else."""

    id: str = "login-initiated"
    was_login_initiated: bool = False
    provider_name: str | None = None
    links: dict[str, str] = field(default_factory=dict)
