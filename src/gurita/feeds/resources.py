"""Feeds and what they hold (api.md 6)."""

from __future__ import annotations

from typing import Any

from msgspec import UNSET, UnsetType, field

from gurita.catalog.resource import NamedResource
from gurita.http.query import ListQuery
from gurita.http.sensitive_value import SensitiveValue
from gurita.http.wire import Whole, Wire

__all__ = [
    "BuiltInFeedStats",
    "Feed",
    "FeedPackage",
    "FeedQuery",
    "FeedTest",
    "FeedVersionItem",
    "NotesQuery",
    "OldPackagesQuery",
    "SearchQuery",
    "VersionsQuery",
]


class Feed(NamedResource):
    """A feed. Which members one has depends on `feed_type` (`rules.types`); the others are left out.

    One struct and no union: a feed of a type this server does not know is kept whole, its members in `extras`.
    """

    feed_type: str
    package_acquisition_location_options: list[str] = field(default_factory=list)
    feed_uri: str | UnsetType = UNSET
    username: str | None | UnsetType = UNSET
    password: SensitiveValue | UnsetType = UNSET
    download_attempts: int | UnsetType = UNSET
    download_retry_backoff_seconds: int | UnsetType = UNSET
    enhanced_mode: bool | UnsetType = UNSET
    api_version: str | None | UnsetType = UNSET
    registry_path: str | None | UnsetType = UNSET
    repository: str | UnsetType = UNSET
    layout_regex: str | UnsetType = UNSET
    region: str | UnsetType = UNSET
    access_key: str | None | UnsetType = UNSET
    secret_key: SensitiveValue | UnsetType = UNSET
    use_machine_credentials: bool | UnsetType = UNSET
    use_service_account_key: bool | UnsetType = UNSET
    service_account_json_key: SensitiveValue | UnsetType = UNSET
    project: str | None | UnsetType = UNSET
    oidc_authentication: dict[str, Any] | None | UnsetType = UNSET
    delete_unreleased_packages_after_days: Whole | None | UnsetType = UNSET
    delete_packages_associated_with_releases: bool | UnsetType = UNSET
    is_built_in_repo_sync_enabled: bool | UnsetType = UNSET
    extras: dict[str, Any] | UnsetType = UNSET


class FeedQuery(ListQuery):
    """What feeds may be filtered by."""

    feed_type: list[str] = field(default_factory=list)


class SearchQuery(Wire):
    """Packages whose id holds `term`."""

    term: str = ""
    skip: Whole = 0
    take: Whole = 30


class VersionsQuery(Wire):
    """Versions of one package, newest first. `filter` is a part of the version's text."""

    package_id: str = ""
    skip: Whole = 0
    take: Whole = 30
    include_pre_release: bool = True
    version_range: str = ""
    pre_release_tag: str = ""
    filter: str = ""
    include_release_notes: bool = False
    versioning_strategy: str = ""
    version_tag_regex: str = ""


class OldPackagesQuery(VersionsQuery):
    """The search of older clients: the newest version, or all of them, of packages with exactly or partly this id."""

    partial_match: bool = False
    include_multiple_versions: bool = False
    include_notes: bool = False


class NotesQuery(Wire):
    """The release notes of one version."""

    package_id: str = ""
    version: str = ""


class FeedPackage(Wire):
    """A package a feed has."""

    id: str
    name: str
    description: str = ""
    latest_version: str = ""


class FeedVersionItem(Wire):
    """One version of a package as a feed tells of it. `published` is null where the feed does not say."""

    id: str
    package_id: str
    nu_get_package_id: str = field(name="NuGetPackageId")
    version: str
    feed_id: str
    nu_get_feed_id: str = field(name="NuGetFeedId")
    title: str = ""
    summary: str | None = None
    description: str | None = None
    published: str | None = None
    release_notes: str | None = None
    size_bytes: int = 0
    package_size_bytes: int = 0
    file_extension: str = ""


class FeedTest(Wire):
    """What asking a feed just now found. `messages` are sentences; `milliseconds` is how long it took."""

    is_successful: bool
    messages: list[str]
    milliseconds: int
    tested: str


class BuiltInFeedStats(Wire):
    """How much the built-in feed holds."""

    id: str
    total_packages: int
    links: dict[str, str]
