"""Signing in with a directory: found by the service account, proved by binding as themselves, groups read."""

from __future__ import annotations

from gurita.access.identities.person import MOST_GROUPS, ExternalGroup, ExternalPerson, cut
from gurita.access.providers.ldap.ber import Malformed
from gurita.access.providers.ldap.connection import Connection, DirectoryError, WrongPassword, connected
from gurita.access.providers.ldap.filters import BadFilter, encoded, filled
from gurita.access.providers.ldap.messages import Entry
from gurita.access.providers.resources import Ldap
from gurita.kernel.sensitive import Sensitive
from gurita.outbound.client import Outbound
from gurita.secrets.opening import reveal

__all__ = ["authenticate", "examine", "found"]

_LONGEST_NAME = 200
_LONGEST_DN = 1000


async def authenticate(
    outbound: Outbound, settings: Ldap, bind_password: Sensitive, username: str, password: str
) -> ExternalPerson:
    """Who has this name and password. Raises WrongPassword, DirectoryError, Unreachable.

    A name that is not there takes a bind all the same, so that the time tells nothing.
    """
    if not username.strip() or len(username) > _LONGEST_NAME or "\x00" in username + password:
        raise WrongPassword("A name and a password are needed.")
    try:
        async with connected(outbound, settings) as connection:
            await _bind_service(connection, settings, bind_password)
            entries = await _search(connection, settings, username, most=2)
            if len(entries) > 1:
                raise DirectoryError(f"UserFilter finds more than one '{cut(username)}'. Make it narrower.")
            nobody = f"uid=gurita-nobody,{settings.user_base}"
            await connection.bind(entries[0].dn if entries else nobody, password)
            if not entries:
                raise WrongPassword("There is nobody of this name.")
            entry = entries[0]
            # What the user may read of themselves is theirs to decide; what counts is what the service account reads.
            await _bind_service(connection, settings, bind_password)
            return _person(settings, entry, await _groups(connection, settings, entry))
    except (Malformed, BadFilter) as error:
        raise DirectoryError(str(error)) from None


async def found(
    outbound: Outbound, settings: Ldap, bind_password: Sensitive, part: str, most: int
) -> list[ExternalPerson]:
    """People whose username begins with a text, without their groups. Raises DirectoryError, Unreachable."""
    try:
        async with connected(outbound, settings) as connection:
            await _bind_service(connection, settings, bind_password)
            # The star is put in after the text was escaped.
            wanted = filled(settings.user_filter, username=part + "\x00").replace("\\00", "*")
            entries = await connection.search(
                settings.user_base,
                encoded(wanted),
                _attributes(settings),
                most=most,
                seconds=settings.timeout_seconds,
            )
            return [
                _person(settings, entry, []) for entry in entries if entry.text(settings.subject_attribute)
            ]
    except (Malformed, BadFilter) as error:
        raise DirectoryError(str(error)) from None


async def examine(outbound: Outbound, settings: Ldap, bind_password: Sensitive) -> list[str]:
    """What works, a sentence each. Raises DirectoryError, Unreachable for the first thing that does not."""
    try:
        async with connected(outbound, settings) as connection:
            told = [f"Connected to {settings.host}:{settings.port}, security {settings.security}."]
            await _bind_service(connection, settings, bind_password)
            told.append("The service account was let in." if settings.bind_dn else "Asking as nobody.")
            base = await connection.search(
                settings.user_base, encoded("(objectClass=*)"), ["objectClass"], most=1, seconds=5, deep=False
            )
            if not base:
                raise DirectoryError(f"UserBase: there is no '{settings.user_base}', or it may not be read.")
            encoded(filled(settings.user_filter, username="x"))
            encoded(filled(settings.group_filter, username="x", dn="x"))
            return [*told, "UserBase is there, and the filters can be read."]
    except (Malformed, BadFilter) as error:
        raise DirectoryError(str(error)) from None


async def _bind_service(connection: Connection, settings: Ldap, password: Sensitive) -> None:
    if not settings.bind_dn:
        return
    try:
        await connection.bind(settings.bind_dn, reveal(password))
    except WrongPassword:
        raise DirectoryError("The directory refused BindDn and BindPassword.") from None


async def _search(connection: Connection, settings: Ldap, username: str, *, most: int) -> list[Entry]:
    wanted = encoded(filled(settings.user_filter, username=username))
    return await connection.search(
        settings.user_base, wanted, _attributes(settings), most=most, seconds=settings.timeout_seconds
    )


def _attributes(settings: Ldap) -> list[str]:
    names = (
        settings.subject_attribute,
        settings.username_attribute,
        settings.display_name_attribute,
        settings.email_attribute,
        settings.member_of_attribute,
    )
    return [name for name in dict.fromkeys(names) if name]


async def _groups(connection: Connection, settings: Ldap, entry: Entry) -> list[ExternalGroup]:
    """The entry's groups. A group's id is its DN in lower case, as directories compare them."""
    if not settings.group_base:
        names = entry.texts(settings.member_of_attribute) if settings.member_of_attribute else []
        return [
            _group(settings, dn, dn.partition(",")[0].partition("=")[2] or dn) for dn in names[:MOST_GROUPS]
        ]
    username = entry.text(settings.username_attribute)
    wanted = encoded(filled(settings.group_filter, dn=entry.dn, username=username))
    entries = await connection.search(
        settings.group_base,
        wanted,
        [settings.group_name_attribute or "cn"],
        most=MOST_GROUPS,
        seconds=settings.timeout_seconds,
    )
    return [_group(settings, one.dn, one.text(settings.group_name_attribute or "cn")) for one in entries]


def _group(settings: Ldap, dn: str, name: str) -> ExternalGroup:
    return ExternalGroup(settings.group_prefix + cut(dn, _LONGEST_DN).lower(), cut(name) or cut(dn))


def _person(settings: Ldap, entry: Entry, groups: list[ExternalGroup]) -> ExternalPerson:
    subject = entry.text(settings.subject_attribute)
    if not subject or len(subject) > _LONGEST_DN or not subject.isprintable():
        raise DirectoryError(
            f"{cut(entry.dn)} has no '{settings.subject_attribute}'. Name an attribute that never changes as "
            "SubjectAttribute: entryUUID, or objectGUID of Active Directory."
        )
    return ExternalPerson(
        subject=subject,
        username=cut(entry.text(settings.username_attribute)),
        display_name=cut(entry.text(settings.display_name_attribute)),
        email=cut(entry.text(settings.email_attribute)),
        groups=tuple(groups),
    )
