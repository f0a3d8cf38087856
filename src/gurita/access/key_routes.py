"""Routes of API keys: `users/{id}/apikeys`."""

from __future__ import annotations

from typing import Any

from gurita.access import keys, users
from gurita.access.guest import refuse_guest
from gurita.access.resources import ApiKey, CreatedApiKey, NewApiKey
from gurita.access.seeing import own_or, seen
from gurita.access.teams.guards import must_hold_what_in
from gurita.audit.service import mention, record
from gurita.http.api import Call
from gurita.http.envelope import envelope
from gurita.http.links import with_links
from gurita.http.permissions import SIGNED_IN
from gurita.http.query import ListQuery
from gurita.http.routes import Routes
from gurita.http.wire import moment, write
from gurita.kernel.clock import iso_of
from gurita.kernel.errors import Forbidden, Invalid
from gurita.store.tx import Tx

__all__ = ["system"]

system = Routes("system")


def _json(call: Call, key: ApiKey | CreatedApiKey) -> bytes:
    return with_links(write(key), {"Self": call.links.system(f"users/{key.user_id}/apikeys/{key.id}")})


@system.get("/users/{id}/apikeys", permission=SIGNED_IN, returns=dict[str, Any])
async def list_keys(call: Call, id: str, query: ListQuery) -> bytes:
    """A user's keys, without the keys themselves."""
    row = await seen(call, id, "UserEdit")
    found = await call.services.store.read(lambda tx: keys.keys_of(tx, row["number"]))
    wanted, partial = {each.lower() for each in query.ids}, query.partial_name.casefold()
    found = [
        one
        for one in found
        if (not wanted or keys.key_id(one["number"]).lower() in wanted)
        and partial in one["purpose"].casefold()
    ]
    shown = found[query.skip : query.skip + query.take]
    items = [_json(call, keys.as_key(one)) for one in shown]
    path = call.links.system(f"users/{users.user_id(row['number'])}/apikeys")
    return envelope("ApiKey", items, len(found), query.paging, path=path, template="{/id}{?skip,take}")


@system.get("/users/{id}/apikeys/{key_id}", permission=SIGNED_IN, returns=ApiKey)
async def get_key(call: Call, id: str, key_id: str) -> bytes:
    """One key, without the key itself."""
    row = await seen(call, id, "UserEdit")
    found = await call.services.store.read(lambda tx: keys.find_key(tx, row["number"], key_id))
    return _json(call, keys.as_key(found))


@system.post("/users/{id}/apikeys", permission=SIGNED_IN, returns=CreatedApiKey, replayable=False)
async def post_key(call: Call, id: str, body: NewApiKey) -> bytes:
    """Makes a key for oneself, or with UserEdit for a service account. The answer is the only place that shows it."""
    row = await seen(call, id, "UserEdit")
    user = users.user_id(row["number"])
    if user != call.viewer.user_id and not row["is_service"]:
        raise Forbidden(
            "UserEdit", "Keys of people are made by themselves; only a service account's by others."
        )
    now = call.services.milliseconds()
    expires = int(moment(body.expires, "Expires").timestamp() * 1000) if body.expires else None
    if expires is not None and expires <= now:
        raise Invalid("Expires: must be in the future.")
    key = call.services.random.api_key()

    def unit(tx: Tx) -> CreatedApiKey:
        found = own_or(call, users.find(tx, user), "UserEdit")
        refuse_guest(found)
        must_hold_what_in(tx, call.context, found)
        number = keys.create_key(tx, row["number"], key, body.purpose, expires, now)
        key_id = keys.key_id(number)
        message = f"An API key for {mention(user, row['username'])} was made: {body.purpose}"
        record(tx, call.context, "ApiKeyCreated", message, [key_id, user])
        return CreatedApiKey(
            id=key_id,
            purpose=body.purpose,
            user_id=user,
            created=iso_of(now),
            expires=iso_of(expires) if expires else None,
            api_key=key,
        )

    return _json(call, await call.services.store.write(unit))


@system.delete("/users/{id}/apikeys/{key_id}", permission=SIGNED_IN)
async def delete_key(call: Call, id: str, key_id: str) -> dict[str, Any]:
    """Revokes a key."""
    row = await seen(call, id, "UserEdit")
    user = users.user_id(row["number"])

    def unit(tx: Tx) -> None:
        found = keys.find_key(tx, row["number"], key_id)
        keys.remove_key(tx, found)
        message = f"An API key of {mention(user, row['username'])} was revoked: {found['purpose']}"
        record(tx, call.context, "ApiKeyRevoked", message, [keys.key_id(found["number"]), user])

    await call.services.store.write(unit)
    return {}
