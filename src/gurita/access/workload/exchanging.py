"""A token of another issuer exchanged for one of ours (RFC 8693): who a program is there decides who it is here."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import RowMapping, select
from sqlalchemy.exc import IntegrityError

from gurita.access import users
from gurita.access.entering import Arrival, enter_in, refuse_in
from gurita.access.providers.oidc.discovery import BadIssuer
from gurita.access.providers.signing_in import issuers_of
from gurita.access.providers.tokens import Expected, TokenRefused, peek
from gurita.access.records import user_account
from gurita.access.sessions import NewSession
from gurita.access.sign_in_limit import count_address
from gurita.access.workload.identities import external_id, list_in
from gurita.access.workload.resources import Exchange, Exchanged
from gurita.access.workload.spending import spend_in
from gurita.access.workload.subjects import fits
from gurita.http.context import Services
from gurita.kernel.errors import GuritaError
from gurita.outbound.errors import OutboundError
from gurita.store.tx import Tx

__all__ = ["NotExchanged", "exchange"]

_GRANT = "urn:ietf:params:oauth:grant-type:token-exchange"
_TYPES = ("urn:ietf:params:oauth:token-type:jwt", "urn:ietf:params:oauth:token-type:id_token")
_NOBODY = "No identity of that service account fits the token. Look at its issuer, subject and audience."
_USED = "subject_token: was exchanged before. Ask the issuer for another, one for each exchange."
_log = logging.getLogger("gurita.access")


class NotExchanged(GuritaError):
    """`code` is RFC 6749's, the rest a sentence for whoever reads the pipeline's log. `wait`: seconds until another try."""

    def __init__(self, code: str, told: str, *, wait: int = 0) -> None:
        self.code, self.told, self.wait = code, told, wait
        super().__init__(f"{code}: {told}")


@dataclass(frozen=True, slots=True)
class _Candidate:
    subject: str
    audiences: tuple[str, ...]
    name: str


async def exchange(services: Services, arrival: Arrival, asked: Exchange) -> Exchanged:
    """A bearer token of a service account, good for an hour. Raises NotExchanged."""
    now = services.milliseconds()
    if refused := await services.store.write(lambda tx: count_address(tx, arrival.ip, now)):
        raise NotExchanged("slow_down", "Too many requests for tokens.", wait=refused.seconds)
    _check_form(asked)
    try:
        _, claims = peek(asked.subject_token)
    except TokenRefused as error:
        raise NotExchanged("invalid_grant", f"subject_token: {error}") from None
    issuer, subject = claims.get("iss"), claims.get("sub")
    if not isinstance(issuer, str) or not isinstance(subject, str):
        raise NotExchanged("invalid_grant", "subject_token: names no issuer or no subject.")
    # Only issuers somebody here trusts are asked: a token cannot make this server call an address of its choice.
    row, candidates = await services.store.read(
        lambda tx: _candidates_in(tx, services, asked.audience, issuer, subject)
    )
    if row is None or not candidates:
        await _note(
            services, arrival, asked.audience, f"'{subject[:200]}' of {issuer[:200]} is nobody's identity"
        )
        raise NotExchanged("invalid_grant", _NOBODY)
    audiences = {one for candidate in candidates for one in candidate.audiences}
    try:
        proved = await issuers_of(services).verified(
            asked.subject_token, Expected(issuer, audiences), lambda: services.clock.now().timestamp()
        )
    except TokenRefused as error:
        await _note(services, arrival, row["username"], str(error))
        raise NotExchanged("invalid_grant", f"subject_token: {error}") from None
    except (OutboundError, BadIssuer) as error:
        _log.warning("issuer %s: %s", issuer, error)
        raise NotExchanged(
            "invalid_grant", "The issuer cannot be asked for its keys. Try again later."
        ) from None
    used = _used(candidates, proved)
    if used is None:
        raise NotExchanged("invalid_grant", _NOBODY)
    return await _entered(services, arrival, row, f"the identity {used.name} of {issuer}", proved)


def _used(candidates: Sequence[_Candidate], claims: Mapping[str, Any]) -> _Candidate | None:
    """The identity all of a proved token fits."""
    told = claims["aud"] if isinstance(claims["aud"], list) else [claims["aud"]]
    fitting = (one for one in candidates if any(text in one.audiences for text in told))
    return next((one for one in fitting if fits(one.subject, claims["sub"])), None)


async def _entered(
    services: Services, arrival: Arrival, account: RowMapping, through: str, claims: Mapping[str, Any]
) -> Exchanged:
    new, now = NewSession.bearer(services.random), services.milliseconds()

    def unit(tx: Tx) -> str:
        row = tx.one(select(user_account).where(user_account.c.number == account["number"]))
        if row is None or not row["is_active"] or not row["is_service"]:
            return _NOBODY
        if not spend_in(tx, claims, now):
            return _USED
        enter_in(tx, services, row, new, arrival, through=through)
        return ""

    try:
        refused = await services.store.write(unit)
    except IntegrityError:
        refused = _USED
    if refused == _USED:
        await _note(services, arrival, account["username"], "it was exchanged before")
    if refused:
        raise NotExchanged("invalid_grant", refused)
    return Exchanged(access_token=new.token, expires_in=int(new.life.total_seconds()))


def _check_form(asked: Exchange) -> None:
    if asked.grant_type != _GRANT:
        raise NotExchanged("unsupported_grant_type", f"grant_type: must be {_GRANT}.")
    if asked.subject_token_type not in _TYPES:
        raise NotExchanged("invalid_request", f"subject_token_type: must be {_TYPES[0]}.")
    if not asked.audience.strip() or not asked.subject_token:
        raise NotExchanged("invalid_request", "audience and subject_token: must be there.")


def _candidates_in(
    tx: Tx, services: Services, audience: str, issuer: str, subject: str
) -> tuple[RowMapping | None, list[_Candidate]]:
    """The service account somebody asks for, and those of its identities the token claims to be."""
    row = _account_in(tx, services, audience.strip())
    if row is None or not row["is_active"]:
        return None, []
    own = (external_id(services.installation_id, row["number"]), users.user_id(row["number"]))
    return row, [
        _Candidate(one["subject"], (one["audience"],) if one["audience"] else own, one["name"])
        for one in list_in(tx, row["number"])[0]
        if one["issuer"] == issuer and fits(one["subject"], subject)
    ]


def _account_in(tx: Tx, services: Services, audience: str) -> RowMapping | None:
    c = user_account.c
    number = users.number_of(audience)
    if number is not None:
        return tx.one(select(user_account).where(c.number == number, c.is_service.is_(True)))
    for row in tx.all(select(user_account).where(c.is_service.is_(True))):
        if external_id(services.installation_id, row["number"]) == audience.lower():
            return row
    return None


async def _note(services: Services, arrival: Arrival, name: str, why: str) -> None:
    told = f"A token was not exchanged: {why}"
    await services.store.write(lambda tx: refuse_in(tx, services, name, arrival, told, "OIDC token"))
