"""Inviting and registering. Who invites gives the teams they name: they must hold all these hold, now and when it is used."""

from __future__ import annotations

from datetime import timedelta

import msgspec
from sqlalchemy import RowMapping, delete, insert, select

from gurita.access import passwords, users
from gurita.access.credentials import digest
from gurita.access.entering import Arrival, enter_in, refuse_in
from gurita.access.errors import InvalidCredentials
from gurita.access.invitations.records import invitation
from gurita.access.invitations.resources import Invitation, Registering
from gurita.access.resources import User
from gurita.access.sessions import NewSession
from gurita.access.sign_in_limit import count_address
from gurita.access.teams.guards import must_hold_all_of_in
from gurita.access.teams.records import TEAMS
from gurita.access.teams.service import join_in
from gurita.audit.service import mention, record
from gurita.http.context import Context, Services, system_viewer
from gurita.kernel.clock import iso_of
from gurita.kernel.errors import Forbidden, Invalid, NotFound
from gurita.store.tx import Tx

__all__ = ["LIFE", "invite", "register"]

LIFE = timedelta(hours=48)
_PREFIX = "INVITE-"


async def invite(ctx: Context, body: Invitation) -> Invitation:
    """An invitation with its code. Raises Invalid, Forbidden."""
    code = _PREFIX + ctx.services.random.token(32)
    now = ctx.services.milliseconds()
    expires = now + int(LIFE.total_seconds() * 1000)

    def unit(tx: Tx) -> int:
        tx.run(delete(invitation).where(invitation.c.expires < now))
        teams = [_team_in(tx, ctx, id, place) for place, id in enumerate(dict.fromkeys(body.add_to_team_ids))]
        values = {
            "digest": digest(code),
            "inviter": users.find(tx, ctx.viewer.user_id)["number"],
            "teams": msgspec.json.encode(teams).decode(),
            "created": now,
            "expires": expires,
        }
        number: int = tx.scalar(insert(invitation).returning(invitation.c.number), values)
        message = f"{mention(ctx.viewer.user_id, ctx.viewer.username)} invited somebody"
        record(tx, ctx, "Created", message, [f"Invitations-{number}", *teams], space="")
        return number

    number = await ctx.services.store.write(unit)
    return Invitation(
        id=f"Invitations-{number}",
        invitation_code=code,
        add_to_team_ids=body.add_to_team_ids,
        space_id=body.space_id,
        expires=iso_of(expires),
    )


def _team_in(tx: Tx, ctx: Context, id: str, place: int) -> str:
    """The id of a team the viewer may put somebody into. Raises Invalid, Forbidden."""
    row = tx.one(select(TEAMS.c.space_id, TEAMS.c.body).where(TEAMS.c.id == id))
    if row is None or (ctx.space and row["space_id"] not in ("", ctx.space)):
        raise Invalid(f"AddToTeamIds[{place}]: there is no team '{id}'.")
    if not TEAMS.codec.read(row["body"], TEAMS.struct).can_change_members:
        raise Invalid(f"AddToTeamIds[{place}]: nobody is added to this team; everybody belongs to it.")
    if not ctx.viewer.may("TeamEdit", row["space_id"]):
        raise Forbidden(
            "TeamEdit", f"To add somebody to the team {id} one needs TeamEdit there.", space=row["space_id"]
        )
    must_hold_all_of_in(tx, ctx, id)
    return id


async def register(services: Services, arrival: Arrival, body: Registering) -> tuple[NewSession, User]:
    """A user with a session, for who has a code. Raises InvalidCredentials, Invalid, Conflict, TooManyRequests."""
    now = services.milliseconds()
    if refused := await services.store.write(lambda tx: count_address(tx, arrival.ip, now)):
        raise refused
    if await services.store.read(lambda tx: _open_in(tx, body.invitation_code, now)) is None:
        await services.store.write(
            lambda tx: refuse_in(
                tx, services, body.username, arrival, "Registering failed: the code is not good"
            )
        )
        raise InvalidCredentials(
            "The invitation is not good: it was used, is older than 48 hours, or never was."
        )
    passwords.check(body.password, body.username)
    stored, new = await passwords.hash_password(body.password), NewSession.drawn(services.random)

    def unit(tx: Tx) -> User:
        row = _open_in(tx, body.invitation_code, now)
        if (
            row is None
            or tx.run(delete(invitation).where(invitation.c.number == row["number"])).rowcount != 1
        ):
            raise InvalidCredentials("The invitation was used already.")
        wanted = User(
            username=body.username, display_name=body.display_name, email_address=body.email_address or ""
        )
        made = users.create(tx, wanted, stored, now)
        id = users.user_id(made["number"])
        for team in msgspec.json.decode(row["teams"], type=list[str]):
            _join(tx, team, made["number"])
        message = f"User {mention(id, made['username'])} was created, invited by Users-{row['inviter']}"
        record(
            tx, Context(services, system_viewer(), ""), "Created", message, [id], after=users.as_user(made)
        )
        enter_in(tx, services, made, new, arrival, through="an invitation")
        return users.as_user(made, id)

    return new, await services.store.write(unit)


def _open_in(tx: Tx, code: str, now: int) -> RowMapping | None:
    """The invitation of a code that is still good: in time, and from somebody who is still here."""
    row = tx.one(select(invitation).where(invitation.c.digest == digest(code), invitation.c.expires > now))
    if row is None:
        return None
    try:
        inviter = users.find(tx, users.user_id(row["inviter"]))
    except NotFound:
        return None
    return row if inviter["is_active"] else None


def _join(tx: Tx, team: str, user: int) -> None:
    """Into a team, unless it is gone since."""
    try:
        join_in(tx, team, user)
    except NotFound:
        return
