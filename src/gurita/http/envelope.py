"""The envelope of a list (api.md §2)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Generic, TypeVar
from urllib.parse import urlencode

from gurita.http.wire import Wire, encode
from gurita.kernel.paging import MOST, Paging

__all__ = ["Listing", "envelope"]

Item = TypeVar("Item")


class Listing(Wire, Generic[Item]):
    """The shape of a page of a list, for the description: `returns=Listing[Project]`."""

    item_type: str
    total_results: int
    items_per_page: int
    number_of_pages: int
    last_page_number: int
    items: list[Item]
    links: dict[str, str]


def envelope(
    item_type: str,
    items: Sequence[bytes],
    total: int,
    paging: Paging,
    *,
    path: str,
    template: str = "{?skip,take}",
    filters: Sequence[tuple[str, str]] = (),
    extra: Mapping[str, Any] | None = None,
) -> bytes:
    """The JSON of a page of a list. `items` are JSON already, links included.

    `path` is the collection's own, with prefix and space; `template` what its query may hold; `filters` what
    the request's did hold (`Call.filters`). `extra` members (tasks' counts) come before `Items`.
    Clients page while `len(Items) == ItemsPerPage`, or by `Page.Next`: so ItemsPerPage echoes `take`, and there
    is no `Page.Next` on the last page.
    """
    pages = max(1, -(-total // paging.take)) if paging.take else 1
    head = {
        "ItemType": item_type,
        "TotalResults": total,
        "ItemsPerPage": paging.take,
        "NumberOfPages": pages,
        "LastPageNumber": pages - 1,
        "IsStale": False,
        **(extra or {}),
    }
    tail = {"Links": _links(len(items), total, pages, paging, path, template, filters)}
    return b"".join((encode(head)[:-1], b',"Items":[', b",".join(items), b"],", encode(tail)[1:]))


def _links(
    shown: int,
    total: int,
    pages: int,
    paging: Paging,
    path: str,
    template: str,
    filters: Sequence[tuple[str, str]],
) -> dict[str, str]:
    rest = f"&{urlencode(filters)}" if filters else ""

    def page(skip: int, take: int = paging.take) -> str:
        return f"{path}?skip={skip}&take={take}{rest}"

    current = page(paging.skip)
    links = {
        "Self": current,
        "Template": path + template,
        "Page.All": page(0, MOST),
        "Page.Current": current,
        "Page.Last": page((pages - 1) * paging.take),
    }
    if shown and paging.skip + shown < total:
        links["Page.Next"] = page(paging.skip + paging.take)
    return links
