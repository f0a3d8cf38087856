"""The types of feeds: which members each has, and what those are when nobody says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from msgspec import UNSET
from msgspec.structs import replace

from gurita.feeds.resources import Feed
from gurita.http.sensitive_value import SensitiveValue

__all__ = ["BUILT_IN", "BUILT_IN_ID", "MEMBERS", "TYPES", "FeedType", "canonical", "settled"]

BUILT_IN = "BuiltIn"
BUILT_IN_ID = "feeds-builtin"
"""The id of the built-in feed of the default space; in every other space a name for that space's own."""

_SERVER = ("Server", "ExecutionTarget")
_IMAGES = ("ExecutionTarget", "NotAcquired")


@dataclass(frozen=True, slots=True)
class FeedType:
    """A type. `members` are names of the struct's; `acquisition` where its packages may be fetched."""

    name: str
    members: tuple[str, ...]
    needs: tuple[str, ...] = ()
    acquisition: tuple[str, ...] = _SERVER


_WEB = ("feed_uri", "username", "password")
_TRIES = ("download_attempts", "download_retry_backoff_seconds")
_IMAGE = (*_WEB, "api_version", "registry_path")
_AWS = ("access_key", "secret_key", "oidc_authentication")

TYPES: dict[str, FeedType] = {
    kind.name: kind
    for kind in (
        FeedType(
            "ArtifactoryGeneric",
            (*_WEB, *_TRIES, "repository", "layout_regex"),
            ("feed_uri", "repository", "layout_regex"),
        ),
        FeedType("AwsElasticContainerRegistry", ("region", *_AWS), ("region",), _IMAGES),
        FeedType("AzureContainerRegistry", (*_IMAGE, "oidc_authentication"), ("feed_uri",), _IMAGES),
        FeedType(
            BUILT_IN,
            (
                *_TRIES,
                "delete_unreleased_packages_after_days",
                "delete_packages_associated_with_releases",
                "is_built_in_repo_sync_enabled",
            ),
        ),
        FeedType("Docker", _IMAGE, ("feed_uri",), _IMAGES),
        FeedType(
            "GcsStorage",
            (
                *_TRIES,
                "use_service_account_key",
                "service_account_json_key",
                "project",
                "oidc_authentication",
            ),
        ),
        FeedType("GitHub", (*_WEB, *_TRIES), ("feed_uri",)),
        FeedType("GoogleContainerRegistry", (*_IMAGE, "oidc_authentication"), ("feed_uri",), _IMAGES),
        FeedType("Helm", (*_WEB, *_TRIES), ("feed_uri",), ("Server", "ExecutionTarget", "NotAcquired")),
        FeedType("Maven", (*_WEB, *_TRIES), ("feed_uri",)),
        FeedType("Npm", (*_WEB, *_TRIES), ("feed_uri",)),
        FeedType("NuGet", (*_WEB, *_TRIES, "enhanced_mode"), ("feed_uri",)),
        FeedType(
            "OciRegistry", (*_WEB, *_TRIES), ("feed_uri",), ("Server", "ExecutionTarget", "NotAcquired")
        ),
        FeedType("OctopusProject", (), (), ("NotAcquired",)),
        FeedType("PyPi", (*_WEB, *_TRIES), ("feed_uri",)),
        FeedType("S3", ("feed_uri", "region", *_TRIES, *_AWS, "use_machine_credentials")),
    )
}
_FOLDED = {name.lower(): name for name in TYPES}

_DEFAULTS: dict[str, Any] = {
    "feed_uri": "",
    "username": "",
    "download_attempts": 5,
    "download_retry_backoff_seconds": 10,
    "enhanced_mode": False,
    "api_version": None,
    "registry_path": None,
    "repository": "",
    "layout_regex": "",
    "region": "",
    "access_key": "",
    "use_machine_credentials": False,
    "use_service_account_key": False,
    "project": None,
    "oidc_authentication": None,
    "delete_unreleased_packages_after_days": None,
    "delete_packages_associated_with_releases": False,
    "is_built_in_repo_sync_enabled": False,
}
_SECRET = ("password", "secret_key", "service_account_json_key")

MEMBERS = (*_DEFAULTS, *_SECRET)
"""Every member that only some types have."""


def canonical(feed_type: str) -> str:
    """The type as it is spelled; as given when it is not known."""
    return _FOLDED.get(feed_type.lower(), feed_type)


def settled(feed: Feed) -> Feed:
    """The feed with exactly the members of its type, those not given at their defaults. An unknown type stays as it is."""
    kind = TYPES.get(canonical(feed.feed_type))
    if kind is None:
        return feed
    changed: dict[str, Any] = {"feed_type": kind.name, "extras": UNSET}
    for name in MEMBERS:
        given = getattr(feed, name)
        if name not in kind.members:
            changed[name] = UNSET
        elif given is UNSET:
            changed[name] = SensitiveValue() if name in _SECRET else _DEFAULTS[name]
        elif isinstance(given, str):
            changed[name] = given.strip()
    if not feed.package_acquisition_location_options:
        changed["package_acquisition_location_options"] = list(kind.acquisition)
    return replace(feed, **changed)
