"""What other packages may call: signing in and out, the users themselves, and tokens of machines."""

from __future__ import annotations

from sqlalchemy import RowMapping
from starlette.requests import HTTPConnection

from gurita.access import passwords, users
from gurita.access.authentication import Authenticator
from gurita.access.entering import Arrival, enter_in, refuse_in
from gurita.access.errors import InvalidCredentials
from gurita.access.first_start import FirstAdministrator, ensure_administrator
from gurita.access.guest import refuse_guest
from gurita.access.identities.showing import change_identities_in, shown_in
from gurita.access.providers.signing_in import admit, person_by_password
from gurita.access.registration import RegisteredAs, note_registered_in, redeem
from gurita.access.resources import Login, PasswordChange, User
from gurita.access.seeing import reaches_in, seen
from gurita.access.sessions import NewSession
from gurita.access.sign_in_limit import count_attempt, forgive
from gurita.access.teams.guards import must_be_below_in, must_hold_what_in, must_stay_administered_in
from gurita.access.teams.managers import (
    ensure_managers_in,
    make_managers_in,
    managers_in,
    managing_teams_in,
    set_managers_in,
    set_managing_teams_in,
)
from gurita.access.teams.onlooking import (
    TeamPerson,
    must_see_all_of_in,
    people_of_in,
    user_exists_in,
    viewer_of_in,
)
from gurita.access.teams.private_spaces import set_private_in
from gurita.access.teams.service import ensure_built_in_in, leave_all_in
from gurita.access.users import is_user
from gurita.access.way_back import let_back_in
from gurita.access.ways import settings_in
from gurita.audit.service import mention, record
from gurita.http.context import Context, Services
from gurita.kernel.errors import NotFound
from gurita.store.tx import Tx

__all__ = [
    "Authenticator",
    "FirstAdministrator",
    "RegisteredAs",
    "TeamPerson",
    "change_password",
    "change_user",
    "create_user",
    "delete_user",
    "ensure_administrator",
    "ensure_built_in_in",
    "ensure_managers_in",
    "is_user",
    "let_back_in",
    "make_managers_in",
    "managers_in",
    "managing_teams_in",
    "must_see_all_of_in",
    "note_registered_in",
    "people_of_in",
    "reaches_in",
    "redeem",
    "rights_changed_in",
    "seen",
    "set_managers_in",
    "set_managing_teams_in",
    "set_private_in",
    "sign_in",
    "user_exists_in",
    "viewer_of_in",
]


async def sign_in(services: Services, connection: HTTPConnection, login: Login) -> tuple[NewSession, User]:
    """A session for who knows the password, here or in a directory. Raises TooManyRequests, InvalidCredentials, NotAdmitted.

    Nothing tells an unknown name from a wrong password, neither words nor time. A directory is asked only when the password
    is not one of ours, and one that is away keeps nobody else out.
    """
    arrival, now = Arrival.of(connection), services.milliseconds()
    refused = await services.store.write(lambda tx: count_attempt(tx, login.username, arrival.ip, now))
    if refused:
        raise refused
    local = await services.store.read(lambda tx: settings_in(tx).is_password_sign_in_enabled)
    row = await services.store.read(lambda tx: _person(tx, login.username)) if local else None
    fits = await passwords.verify(row["password"] if row else None, login.password)
    new = NewSession.drawn(services.random, remember=login.remember_me)
    if row is not None and fits:
        known = row
        await services.store.write(lambda tx: enter_in(tx, services, known, new, arrival))
    else:
        found = await person_by_password(services, login.username, login.password)
        if found is None:
            told = f"Signing in as {login.username[:200]} failed"
            await services.store.write(lambda tx: refuse_in(tx, services, login.username, arrival, told))
            raise InvalidCredentials("The username or password is wrong.")
        new = NewSession.drawn(services.random)
        known = await admit(services, arrival, *found, new, "LDAP")
    await services.store.write(lambda tx: forgive(tx, login.username, arrival.ip))
    id = users.user_id(known["number"])
    shown = await services.store.read(lambda tx: shown_in(tx, [users.as_user(known, id)]))
    return new, shown[0]


def _person(tx: Tx, username: str) -> RowMapping | None:
    """Who may sign in with a password: an active user, by name, who is no service account."""
    if users.number_of(username) is not None:
        return None
    try:
        row = users.find(tx, username)
    except NotFound:
        return None
    return row if row["is_active"] and not row["is_service"] else None


async def create_user(ctx: Context, body: User) -> User:
    """A new user. Raises Invalid, Conflict."""
    stored = None
    if body.password:
        passwords.check(body.password, body.username)
        stored = await passwords.hash_password(body.password)
    now = ctx.services.milliseconds()

    def unit(tx: Tx) -> User:
        row = users.create(tx, body, stored, now)
        change_identities_in(tx, ctx, row, body.identities, now)
        made = shown_in(tx, [users.as_user(row, ctx.viewer.user_id)])[0]
        record(
            tx, ctx, "Created", f"User {mention(made.id, made.username)} was created", [made.id], after=made
        )
        return made

    return await ctx.services.store.write(unit)


async def change_user(ctx: Context, id: str, body: User) -> User:
    """The user as the body says; a new password or being disabled ends all sessions.

    Whoever gives somebody else a password or an identity could sign in as them, so they must hold all that the other does.
    Raises NotFound, Invalid, Conflict, Forbidden.
    """
    stored = None
    if body.password:
        passwords.check(body.password, body.username)
        stored = await passwords.hash_password(body.password)
    now = ctx.services.milliseconds()

    def unit(tx: Tx) -> User:
        row = users.find(tx, id)
        must_be_below_in(tx, ctx, row)
        before = shown_in(tx, [users.as_user(row)])[0]
        if users.user_id(row["number"]) == ctx.viewer.user_id:
            refuse_guest(row)
        linked = change_identities_in(tx, ctx, row, body.identities, now)
        if stored is not None or linked:
            must_hold_what_in(tx, ctx, row)
        changed = users.as_user(users.change(tx, row, body, stored), ctx.viewer.user_id)
        after = shown_in(tx, [changed])[0]
        if linked or (before.is_active and not after.is_active):
            must_stay_administered_in(tx)
        what = "User {} was changed" if stored is None else "User {} was changed and got a new password"
        message = what.format(mention(after.id, after.username))
        record(tx, ctx, "Modified", message, [after.id], before=before, after=after)
        return after

    return await ctx.services.store.write(unit)


async def change_password(ctx: Context, connection: HTTPConnection, body: PasswordChange) -> NewSession:
    """A new password for the viewer, who proves the present one; all their sessions end, and a new one begins.

    Raises TooManyRequests, InvalidCredentials, Invalid.
    """
    services, arrival, viewer = ctx.services, Arrival.of(connection), ctx.viewer
    now = services.milliseconds()
    refused = await services.store.write(lambda tx: count_attempt(tx, viewer.username, arrival.ip, now))
    if refused:
        raise refused
    row = await services.store.read(lambda tx: users.find(tx, viewer.user_id))
    if row["is_service"] or not await passwords.verify(row["password"], body.current_password):
        raise InvalidCredentials("CurrentPassword: is not your password.")
    passwords.check(body.new_password, row["username"])
    stored, new = await passwords.hash_password(body.new_password), NewSession.drawn(services.random)

    def unit(tx: Tx) -> None:
        users.set_password(tx, row, stored)
        forgive(tx, viewer.username, arrival.ip)
        message = f"{mention(viewer.user_id, viewer.username)} changed their password"
        record(tx, ctx, "Modified", message, [viewer.user_id])
        enter_in(tx, services, row, new, arrival)

    await services.store.write(unit)
    return new


def rights_changed_in(tx: Tx) -> None:
    """Says that what somebody may do has changed: every node reads it again."""
    tx.notify(users.CHANGED)


async def delete_user(ctx: Context, id: str) -> None:
    """Deletes a user with all keys and sessions. Raises NotFound, Conflict."""

    def unit(tx: Tx) -> None:
        row = users.find(tx, id)
        must_be_below_in(tx, ctx, row)
        gone = users.as_user(row)
        leave_all_in(tx, row["number"])
        users.remove(tx, row)
        must_stay_administered_in(tx)
        record(tx, ctx, "Deleted", f"User {gone.username} was deleted", [gone.id], before=gone)

    await ctx.services.store.write(unit)
