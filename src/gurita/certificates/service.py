"""Certificates: the common behaviour, replacing, archiving, exporting."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from msgspec import UNSET
from msgspec.structs import replace
from sqlalchemy import ColumnElement, or_

from gurita.audit import service as audit
from gurita.catalog.collection import Collection
from gurita.catalog.rules import list_problems, name_problems, slug_problems, text_problems
from gurita.catalog.visibility import must_at
from gurita.certificates.expanding import expanded
from gurita.certificates.reading import Read, decoded, facts_of, read
from gurita.certificates.records import CERTIFICATES
from gurita.certificates.resources import Certificate, ExportQuery, Generation, Replacement
from gurita.certificates.writing import exported, generated
from gurita.http.query import ListQuery
from gurita.http.sensitive_value import SensitiveValue
from gurita.kernel.clock import iso
from gurita.kernel.errors import Conflict, Invalid
from gurita.kernel.sensitive import Sensitive
from gurita.secrets.opening import reveal
from gurita.variables import service as variables

if TYPE_CHECKING:
    from gurita.http.context import Context
    from gurita.http.links import Links
    from gurita.store.tx import Tx

__all__ = [
    "CertificateQuery",
    "archive",
    "certificates",
    "expanded_in",
    "export",
    "generate",
    "get_in",
    "replace_data",
    "unarchive",
]


class CertificateQuery(ListQuery):
    """What certificates may be filtered by. `archived`: false or nothing for those in use, true for the others, all."""

    search: str = ""
    archived: str = ""
    tenant: str = ""


class Certificates(Collection[Certificate]):
    """The certificates of a space."""

    kind, body, item, query = CERTIFICATES, Certificate, "Certificate", CertificateQuery
    path, permission = "certificates", "Certificate"
    template = "{/id}{?skip,take,search,archived,tenant,firstResult,orderBy,ids,partialName}"
    links = {
        "Export": "certificates/{id}/export{?format,password,pemOptions,includePrivateKey}",
        "Replace": "certificates/{id}/replace",
        "Usages": "certificates/{id}/usages",
    }

    def links_of(self, links: Links, doc: Certificate) -> dict[str, str]:
        turn = "unarchive" if doc.archived else "archive"
        own = links.space(f"certificates/{doc.id}/{turn}")
        return super().links_of(links, doc) | {turn.capitalize(): own}

    def problems(self, doc: Certificate) -> Sequence[str]:
        return [
            *name_problems(doc.name),
            *slug_problems(doc.slug),
            *text_problems(doc.notes, "Notes"),
            *list_problems(doc.environment_ids, "EnvironmentIds"),
            *list_problems(doc.tenant_tags, "TenantTags"),
        ]

    def filters(self, tx: Tx, ctx: Context, query: Any) -> Sequence[ColumnElement[bool]]:
        c = CERTIFICATES.c
        found: list[ColumnElement[bool]] = []
        if query.archived.lower() == "true":
            found.append(c.archived.is_(True))
        elif query.archived.lower() != "all" and not query.ids:
            found.append(c.archived.is_(False))
        if query.tenant:
            found.append(CERTIFICATES.referring("TenantIds", query.tenant))
        if text := query.search.strip():
            found.append(
                or_(
                    c.name.icontains(text, autoescape=True),
                    c.thumbprint == text.upper(),
                    c.body.icontains(text, autoescape=True),
                )
            )
        return found

    def present(self, tx: Tx, ctx: Context, docs: list[Certificate]) -> list[Certificate]:
        now = iso(ctx.services.clock.now())
        return [_presented(doc, now) for doc in docs]

    def deleting(self, tx: Tx, ctx: Context, doc: Certificate) -> None:
        if variables.holding_in(tx, ctx.whole, doc.id):
            owners = variables.holding_in(tx, ctx, doc.id) or ["somebody you may not see"]
            raise Conflict(
                f"The certificate '{doc.name}' is the value of a variable of {', '.join(owners)}. "
                "Change the variable, or archive the certificate instead."
            )

    async def create(self, ctx: Context, doc: Certificate) -> Certificate:
        """Reads the data before the unit begins: what takes long must not hold up others."""
        if not doc.certificate_data.new_value:
            raise Invalid("CertificateData: must not be empty. Send PEM, DER or PKCS #12, in base64.")
        found = await _read(doc.certificate_data.new_value, doc.password.new_value)
        return await super().create(ctx, replace(doc, archived=None, replaced_by=None, **facts_of(found)))

    async def modify(self, ctx: Context, id: str, doc: Certificate) -> Certificate:
        """New data counts like a replacement without a copy of what was there; all else that is read stays."""
        before = await ctx.services.store.read(lambda tx: self.get_in(tx, ctx, id))
        data, word = await ctx.services.store.read(lambda tx: _opened(tx, ctx, before))
        if not doc.certificate_data.has_value:
            raise Invalid("CertificateData: a certificate cannot be without. Delete or archive it instead.")
        if doc.password.new_value or not doc.password.has_value:
            word = doc.password.new_value
        found = await _read(doc.certificate_data.new_value or data, word)
        kept = {"archived": before.archived, "replaced_by": before.replaced_by}
        return await super().modify(ctx, id, replace(doc, **kept, **facts_of(found)))


certificates = Certificates()


def _presented(doc: Certificate, now: str) -> Certificate:
    chain = [
        replace(one, is_expired=bool(one.not_after and one.not_after < now)) for one in doc.certificate_chain
    ]
    expired = bool(doc.not_after and doc.not_after < now)
    return replace(doc, is_expired=expired, certificate_chain=chain)


async def _read(data: str, password: str | None) -> Read:
    return await asyncio.to_thread(lambda: read(decoded(data), password))


def _opened(tx: Tx, ctx: Context, doc: Certificate) -> tuple[str, str | None]:
    """The data of a stored certificate, and its password."""

    def text(value: SensitiveValue) -> str | None:
        if not value.has_value or value.secret_id is UNSET:
            return None
        return reveal(ctx.services.secrets.open_in(tx, ctx.space, value.secret_id))

    return text(doc.certificate_data) or "", text(doc.password)


def get_in(tx: Tx, ctx: Context, id: str) -> Certificate:
    """A certificate by id, slug or name. Raises NotFound."""
    return certificates.get_in(tx, ctx, id)


def _plain(value: str | SensitiveValue | None) -> str:
    return (value.new_value if isinstance(value, SensitiveValue) else value) or ""


async def replace_data(ctx: Context, id: str, body: Replacement) -> Certificate:
    """Puts other data in a certificate's place; its id stays, and an archived copy keeps what it was. Raises Invalid."""
    text, word = _plain(body.certificate_data), _plain(body.password)
    if not text:
        raise Invalid("CertificateData: must not be empty. Send PEM, DER or PKCS #12, in base64.")
    found = await _read(text, word or None)
    now = iso(ctx.services.clock.now())

    def unit(tx: Tx) -> Certificate:
        before = certificates.get_in(tx, ctx, id)
        must_at(tx, ctx, "CertificateEdit", CERTIFICATES, before)
        if before.archived:
            raise Conflict(f"The certificate '{before.name}' is archived. Unarchive it first.")
        copy = replace(before, id="", version=0, slug="", archived=now, replaced_by=before.id)
        CERTIFICATES.open(tx, ctx.space).insert(copy)
        secrets = {
            "certificate_data": SensitiveValue(has_value=True, new_value=text),
            "password": SensitiveValue(has_value=bool(word), new_value=word or None),
        }
        after = replace(before, **secrets, **facts_of(found))
        return certificates.present(tx, ctx, [certificates.modify_in(tx, ctx, before.id, after)])[0]

    return await ctx.services.store.write(unit)


async def archive(ctx: Context, id: str) -> Certificate:
    """Takes a certificate out of use; it stays readable. Raises NotFound, Conflict."""
    return await _turn(ctx, id, iso(ctx.services.clock.now()))


async def unarchive(ctx: Context, id: str) -> Certificate:
    """Puts an archived certificate back into use. Raises NotFound, Conflict where its name is taken meanwhile."""
    return await _turn(ctx, id, None)


async def _turn(ctx: Context, id: str, moment: str | None) -> Certificate:
    def unit(tx: Tx) -> Certificate:
        before = certificates.get_in(tx, ctx, id)
        must_at(tx, ctx, "CertificateEdit", CERTIFICATES, before)
        after = before
        if bool(before.archived) != bool(moment):
            after = certificates.save_in(tx, ctx, before, replace(before, archived=moment, replaced_by=None))
        return certificates.present(tx, ctx, [after])[0]

    return await ctx.services.store.write(unit)


async def export(ctx: Context, id: str, query: ExportQuery) -> tuple[Certificate, bytes]:
    """A certificate and its bytes. With its private key only for who may, and told of in the audit trail."""
    doc = await ctx.services.store.read(lambda tx: certificates.get_in(tx, ctx, id))
    whole = query.format is None
    with_key = query.include_private_key or (whole and doc.has_private_key)
    if with_key:
        await ctx.services.store.read(
            lambda tx: must_at(tx, ctx, "CertificateExportPrivateKey", CERTIFICATES, doc)
        )
    text, word = await ctx.services.store.read(lambda tx: _opened(tx, ctx, doc))
    data = decoded(text)
    if not whole:
        data = await asyncio.to_thread(lambda: exported(read(data, word), query))
    if with_key:
        message = f"The private key of certificate {audit.mention(doc.id, doc.name)} was exported"
        await ctx.services.store.write(lambda tx: audit.record(tx, ctx, "SecretRead", message, [doc.id]))
    return doc, data


def expanded_in(tx: Tx, ctx: Context, doc: Certificate) -> dict[str, str | Sensitive]:
    """A certificate's properties as variables have them, for the server's own use: no permission is asked."""
    text, word = _opened(tx, ctx, doc)
    return expanded(doc, text, word)


async def generate(ctx: Context, body: Generation) -> Certificate:
    """Makes a self-signed certificate with a new key, and keeps it."""
    now = ctx.services.clock.now()
    made = await asyncio.to_thread(lambda: generated(body, now))
    doc = Certificate(
        name=body.name,
        notes=body.notes,
        environment_ids=body.environment_ids,
        certificate_data=SensitiveValue(has_value=True, new_value=made.decode()),
    )
    return await certificates.create(ctx, doc)
