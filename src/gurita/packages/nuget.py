"""What NuGet's protocol (version 3) says of the packages here, as plain values. Links are absolute: its clients want that.

Paths and members: NuGet Server API, overview and its resources.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from gurita.packages.records import PackageRow
from gurita.tasks.rules.words import moment_of

__all__ = ["Places", "leaf", "normalized", "registration", "search_hit", "service_index"]

_NUMBERS = re.compile(r"\d+(?:\.\d+){0,3}", re.ASCII)


def normalized(version: str) -> str:
    """A version as NuGet writes it in paths: lower case, three numbers or four, no zeros in front, no metadata."""
    text = version.strip().lower().partition("+")[0].removeprefix("v")
    match = _NUMBERS.match(text)
    if match is None:
        return text
    numbers = [str(int(number)) for number in match[0].split(".")]
    numbers += ["0"] * (3 - len(numbers))
    if len(numbers) == 4 and numbers[3] == "0":
        numbers.pop()
    return ".".join(numbers) + text[match.end() :]


@dataclass(frozen=True, slots=True)
class Places:
    """Addresses below `base`, such as `https://deploy.example/Spaces-1/nuget`."""

    base: str

    def registration(self, package_id: str) -> str:
        return f"{self.base}/v3/registrations/{_part(package_id)}/index.json"

    def leaf(self, row: PackageRow) -> str:
        return f"{self.base}/v3/registrations/{_part(row.package_id)}/{_part(normalized(row.version))}.json"

    def content(self, row: PackageRow) -> str:
        id, version = _part(row.package_id), _part(normalized(row.version))
        return f"{self.base}/v3/flatcontainer/{id}/{version}/{id}.{version}.nupkg"


def service_index(places: Places) -> dict[str, Any]:
    """Where everything is."""
    kinds = {
        "/v3/query": ("SearchQueryService", "SearchQueryService/3.0.0-beta", "SearchQueryService/3.0.0-rc"),
        "/v3/autocomplete": ("SearchAutocompleteService", "SearchAutocompleteService/3.0.0-rc"),
        "/v3/registrations/": (
            "RegistrationsBaseUrl",
            "RegistrationsBaseUrl/3.0.0-rc",
            "RegistrationsBaseUrl/3.6.0",
        ),
        "/v3/flatcontainer/": ("PackageBaseAddress/3.0.0",),
        "/packages": ("PackagePublish/2.0.0",),
    }
    resources = [
        {"@id": places.base + path, "@type": name} for path, names in kinds.items() for name in names
    ]
    return {"version": "3.0.0", "resources": resources}


def registration(places: Places, rows: Sequence[PackageRow]) -> dict[str, Any]:
    """The registration index of a package, all its versions in one page. `rows` are not empty, the lowest first."""
    index = places.registration(rows[0].package_id)
    lower, upper = rows[0].version, rows[-1].version
    page = {
        "@id": f"{index}#page/{quote(lower)}/{quote(upper)}",
        "@type": "catalog:CatalogPage",
        "parent": index,
        "count": len(rows),
        "lower": lower,
        "upper": upper,
        "items": [leaf(places, row) for row in rows],
    }
    return {"@id": index, "@type": ["catalog:CatalogRoot"], "count": 1, "items": [page]}


def leaf(places: Places, row: PackageRow) -> dict[str, Any]:
    """One version. What it depends on is not told: clients read that in the package itself."""
    entry = {
        "@id": places.leaf(row),
        "@type": "PackageDetails",
        "id": row.package_id,
        "version": row.version,
        "title": row.title,
        "summary": row.summary,
        "description": row.description,
        "authors": "",
        "releaseNotes": row.release_notes,
        "listed": True,
        "published": moment_of(row.published),
        "packageSize": row.size,
        "packageContent": places.content(row),
    }
    return {
        "@id": places.leaf(row),
        "@type": "Package",
        "catalogEntry": entry,
        "packageContent": places.content(row),
        "registration": places.registration(row.package_id),
    }


def search_hit(places: Places, rows: Sequence[PackageRow]) -> dict[str, Any]:
    """A package that was found. `rows` are its versions, the highest first, not empty."""
    newest = rows[0]
    return {
        "@id": places.registration(newest.package_id),
        "@type": "Package",
        "registration": places.registration(newest.package_id),
        "id": newest.package_id,
        "version": newest.version,
        "title": newest.title or newest.package_id,
        "summary": newest.summary,
        "description": newest.description,
        "authors": [],
        "tags": [],
        "totalDownloads": 0,
        "verified": False,
        "versions": [
            {"version": row.version, "downloads": 0, "@id": places.leaf(row)} for row in reversed(rows)
        ],
    }


def _part(text: str) -> str:
    return quote(text.lower(), safe="")
