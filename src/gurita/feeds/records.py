"""How feeds are stored, and what was downloaded from them."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Table, Text

from gurita.feeds.resources import Feed
from gurita.store.documents import DocumentKind, Indexed
from gurita.store.tables import metadata

__all__ = ["FEEDS", "feed_download"]

FEEDS: DocumentKind[Feed] = DocumentKind(
    "Feeds", Feed, title="feed", table="feed", columns=[Indexed("feed_type", Text, lambda doc: doc.feed_type)]
)

feed_download = Table(
    "feed_download",
    metadata,
    Column("space", Text, primary_key=True),
    Column("feed", Text, primary_key=True),
    Column("package", Text, primary_key=True),
    Column("version", Text, primary_key=True),
    Column("package_id", Text, nullable=False),
    Column("blob", Text, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("extension", Text, nullable=False),
    Column("used", BigInteger, nullable=False),
)
"""A package fetched from a feed: at most one of a version. `package` is the id folded; `used` milliseconds since 1970."""
Index("feed_download_used", feed_download.c.used)
Index("feed_download_blob", feed_download.c.blob)
