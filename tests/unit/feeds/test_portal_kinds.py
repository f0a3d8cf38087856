"""The portal has its own table of feed types, with their words; it asks for what the server's table lets a type have."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from gurita.feeds.rules.types import BUILT_IN, TYPES

_TABLE = Path(__file__).parents[3] / "web/src/features/feeds/kinds.ts"
_ONLY_BY_API = {"oidc_authentication", "is_built_in_repo_sync_enabled"}
_NEVER_FETCHED = {"download_attempts", "download_retry_backoff_seconds"}
_NOT_MADE_BY_HAND = {"OctopusProject"}
_LIST = re.compile(r"\[[^\]]*\]")


def _names(listed: str, groups: dict[str, set[str]]) -> set[str]:
    """The members of a list as TypeScript writes it: strings, and other lists spread into it."""
    members = {re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower() for name in re.findall(r'"(\w+)"', listed)}
    return members.union(*(groups[name] for name in re.findall(r"\b[A-Z]{3,}\b", listed)))


def _portal_types() -> dict[str, set[str]]:
    text = _TABLE.read_text()
    groups: dict[str, set[str]] = {}
    for name, listed in re.findall(r"const ([A-Z]+): readonly Member\[\] = (\[[^\]]*\]);", text):
        groups[name] = _names(listed, groups)
    table, built_in = text.split("KINDS:", 1)[1].split("const BUILT_IN: Kind", 1)
    entry = re.compile(r"^  (\w+): \{.*?members: (\[[^\]]*\]|[A-Z]+)", re.MULTILINE | re.DOTALL)
    found = {name: _names(listed, groups) for name, listed in entry.findall(table)}
    listed = _LIST.search(built_in)
    assert listed
    return found | {BUILT_IN: _names(listed[0], groups)}


def test_the_portal_knows_every_type_that_people_make() -> None:
    assert set(_portal_types()) == set(TYPES) - _NOT_MADE_BY_HAND


@pytest.mark.parametrize("feed_type", sorted(set(TYPES) - _NOT_MADE_BY_HAND))
def test_the_portal_asks_for_what_the_type_has(feed_type: str) -> None:
    left_out = _ONLY_BY_API | (_NEVER_FETCHED if feed_type == BUILT_IN else set())
    assert _portal_types()[feed_type] == set(TYPES[feed_type].members) - left_out
