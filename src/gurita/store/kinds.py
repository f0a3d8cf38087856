"""What a kind of document is: its struct, its table, what it is called and what it names."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import msgspec
from sqlalchemy import Column, ColumnElement, ForeignKey, Index, Integer, Table, Text, UniqueConstraint
from sqlalchemy.sql.base import ReadOnlyColumnCollection
from sqlalchemy.types import TypeEngine

from gurita.store.codec import JSON, JsonCodec
from gurita.store.kind_statements import KindStatements
from gurita.store.limits import Limits
from gurita.store.tables import metadata

__all__ = ["KINDS", "Indexed", "Kind", "Reference", "Visible", "title_of"]

D = TypeVar("D", bound=msgspec.Struct)

_PLACE = re.compile(r"\[[^\]]*\]")
_WORDS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_Ordered = Text().with_variant(Text(collation="C"), "postgresql")

Visible = Callable[[Any, ReadOnlyColumnCollection[str, Column[Any]], str], "ColumnElement[bool] | None"]
"""Of (viewer, the kind's columns, space): the condition for documents the viewer may see; None for all of them.

One that also has `refused(tx, viewer, space, kind, document)` says by an exception why a document of the space that is
hidden was not got; else it is as if there were none.
"""


@dataclass(frozen=True, slots=True)
class Indexed(Generic[D]):
    """A member lists are filtered or sorted by, kept in a column of its own. `value` takes it from the document."""

    name: str
    type: TypeEngine[Any] | type[TypeEngine[Any]]
    value: Callable[[D], Any]


@dataclass(frozen=True, slots=True)
class Reference:
    """A member that names another document.

    `field` is written as a client reads it, `EnvironmentIds[1]`; it is stored without the places, `EnvironmentIds`.
    `to_kind` is the kind's name, `Environments`. An empty `to_id` refers to nothing.
    """

    field: str
    to_kind: str
    to_id: str
    space: str | None = None
    """The target's space, when it is not the document's own. What belongs to the system fits any space."""

    @property
    def stored_field(self) -> str:
        """The member without places in lists."""
        return _PLACE.sub("", self.field)


class Kind(Generic[D]):
    """A kind of document.

    `name` begins its ids (`Environments-1`), `title` names it in sentences (from the struct's name if not given).
    `label` is what people call a document (its member `name`, unless given), unique folded within (space, `parent`).
    `label=None` is for kinds that are found by id only. `order` are columns, with `-` for descending.
    """

    def __init__(  # noqa: PLR0913 - a declaration, read as a table
        self,
        name: str,
        struct: type[D],
        *,
        title: str = "",
        table: str = "",
        label: Callable[[D], str] | str | None = "name",
        parent: Callable[[D], str] | None = None,
        columns: Sequence[Indexed[D]] = (),
        references: Callable[[D], Iterable[Reference]] | None = None,
        visible: Visible | None = None,
        order: Sequence[str] = ("folded", "number"),
        codec: JsonCodec = JSON,
    ) -> None:
        words = _WORDS.sub(" ", struct.__name__)
        self.name = name
        self.struct = struct
        self.title = title or words.lower()
        self.label = label
        self.parent = parent
        self.columns = tuple(columns)
        self.references = references
        self.visible = visible
        self.order = tuple(order)
        self.codec = codec
        self.fields = frozenset(struct.__struct_fields__)
        self.table = _table(table or words.lower().replace(" ", "_"), self.columns)
        self.statements = KindStatements(self.table, self.order)
        self.limits = Limits(name, self.table, self.order, visible) if visible else None
        if name in KINDS:
            raise ValueError(f"there are two kinds of document called {name}")
        KINDS[name] = self

    @property
    def c(self) -> ReadOnlyColumnCollection[str, Column[Any]]:
        """The table's columns, for filters."""
        return self.table.c

    def name_of(self, doc: D) -> str:
        """What people call the document; empty for kinds without names."""
        if self.label is None:
            return ""
        return str(getattr(doc, self.label)) if isinstance(self.label, str) else self.label(doc)

    @property
    def name_field(self) -> str:
        """The member that holds the name, as clients read it."""
        label = self.label if isinstance(self.label, str) else "name"
        return next((f.encode_name for f in msgspec.structs.fields(self.struct) if f.name == label), "Name")

    def indexed(self, doc: D) -> Mapping[str, Any]:
        """The declared columns' values."""
        return {column.name: column.value(doc) for column in self.columns}


KINDS: dict[str, Kind[Any]] = {}
"""All kinds by name, so that one can name another without importing it. Filled by every `Kind` that is made."""


def title_of(kind: str) -> str:
    """How a kind is called in sentences: `Environments` is an `environment`."""
    if known := KINDS.get(kind):
        return known.title
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", kind.removesuffix("s")).lower()


def _table(name: str, columns: Sequence[Indexed[Any]]) -> Table:
    table = Table(
        name,
        metadata,
        Column("id", Text, ForeignKey("entity.id", ondelete="CASCADE"), primary_key=True),
        Column("space_id", Text, nullable=False),
        Column("number", Integer, nullable=False),
        Column("parent", Text, nullable=False),
        Column("name", Text, nullable=False),
        Column("folded", _Ordered, nullable=False),
        Column("slug", Text, nullable=False),
        Column("version", Integer, nullable=False),
        *(Column(column.name, column.type) for column in columns),
        Column("body", Text, nullable=False),
        UniqueConstraint("space_id", "parent", "folded"),
        UniqueConstraint("space_id", "parent", "slug"),
    )
    Index(f"{name}_listed", table.c.space_id, table.c.folded, table.c.number)
    for column in columns:
        Index(f"{name}_{column.name}", table.c.space_id, table.c[column.name])
    return table
