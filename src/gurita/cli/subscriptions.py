"""`gurita subscription`."""

from __future__ import annotations

from typing import Annotated, Any

from cyclopts import App, Parameter

from gurita.cli.asking import confirmed
from gurita.cli.client import Client
from gurita.cli.collections import add_list
from gurita.cli.errors import CommandError
from gurita.cli.naming import meant
from gurita.cli.options import Options
from gurita.cli.output import Columns

__all__ = ["app"]

app = App(name="subscription", help="Who is told of which events.")


def _told(item: Any) -> Any:
    return item["EventNotificationSubscription"]


def _error(item: Any) -> str:
    """What went wrong last, as long as it does."""
    ways = (_told(item)["EmailDelivery"], _told(item)["WebhookDelivery"])
    return "; ".join(way["LastError"] for way in ways if way and way["Failures"])


_COLUMNS: Columns = {
    "Name": "Name",
    "Id": "Id",
    "Off": "IsDisabled",
    "Teams by e-mail": lambda item: ", ".join(_told(item)["EmailTeams"]),
    "Webhook": lambda item: _told(item)["WebhookURI"] or "",
    "Error": _error,
}


add_list(app, "subscriptions", _COLUMNS, "List subscriptions, with what goes wrong.")


@app.command
def delete(
    name: str, /, *, yes: Annotated[bool, Parameter(negative="")] = False, options: Options | None = None
) -> int:
    """Delete a subscription: nobody is told any more.

    Parameters
    ----------
    name
        Name or id.
    yes
        Do not ask.
    """
    with Client(options) as client:
        known = client.all("subscriptions")
        wanted = name.strip().lower()
        found = [one for one in known if wanted in {one["Id"].lower(), one["Name"].lower()}]
        if len(found) != 1:
            said = f"{len(found)} subscriptions are called" if found else "There is no subscription"
            raise CommandError(f"{said} '{name}'.{meant(name, [one['Name'] for one in known])}")
        if not confirmed(f"Delete the subscription '{found[0]['Name']}'?", yes=yes):
            return 1
        client.delete(f"subscriptions/{found[0]['Id']}")
    return 0
