"""Events as lines of CSV that no spreadsheet takes for formulas."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

from gurita.audit.resources import Event

__all__ = ["HEAD", "csv_lines", "harmless"]

HEAD = (
    "Id", "Occurred", "Category", "Username", "UserId", "Message", "RelatedDocumentIds", "SpaceId", "IpAddress",
    "UserAgent", "IdentityEstablishedWith", "IsService",
)  # fmt: skip

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%")


def harmless(text: str) -> str:
    """The text behind an apostrophe where a spreadsheet would take it for a formula (OWASP, CSV injection)."""
    return f"'{text}" if text.lstrip(" ").startswith(_FORMULA) else text


def csv_lines(events: Iterable[Event], *, head: bool) -> str:
    """Lines for events, with the names of the columns first if asked for. Lines end with CR LF (RFC 4180)."""
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL)
    if head:
        writer.writerow(HEAD)
    for one in events:
        row = (
            one.id, one.occurred, one.category, one.username, one.user_id, one.message,
            " ".join(one.related_document_ids), one.space_id or "", one.ip_address, one.user_agent,
            one.identity_established_with, str(one.is_service),
        )  # fmt: skip
        writer.writerow([harmless(each) for each in row])
    return out.getvalue()
