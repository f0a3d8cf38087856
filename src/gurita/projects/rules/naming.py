"""Slugs within a list."""

from __future__ import annotations

from collections.abc import Collection

from gurita.kernel.ids import slugged

__all__ = ["unique_slug"]


def unique_slug(wanted: str, taken: Collection[str]) -> str:
    """A slug made from `wanted` that is not in `taken`: `web`, `web-2`, `web-3`…"""
    slug = slugged(wanted)
    if slug not in taken:
        return slug
    number = 2
    while f"{slug}-{number}" in taken:
        number += 1
    return f"{slug}-{number}"
