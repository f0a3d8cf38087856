"""`smtpconfiguration`: how e-mail is sent, and whether that works."""

from __future__ import annotations

from msgspec.structs import replace

from gurita.configuration.resources import SmtpConfiguration, SmtpConfigured, SmtpTest, SmtpTestResult
from gurita.configuration.smtp import change_smtp_in, sender_in, smtp_in, try_smtp
from gurita.http.api import Call
from gurita.http.permissions import SIGNED_IN
from gurita.http.routes import Routes
from gurita.secrets.service import hide

__all__ = ["routes"]

_system = Routes("system")
routes = _system.items


def _shown(call: Call, stored: SmtpConfiguration) -> SmtpConfiguration:
    place = call.links.system("smtpconfiguration")
    links = {"Self": place, "IsConfigured": f"{place}/isconfigured", "Test": f"{place}/test"}
    return replace(hide(stored), links=links)


@_system.get("/smtpconfiguration", permission="ConfigureServer")
async def get(call: Call) -> SmtpConfiguration:
    """How e-mail is sent."""
    return _shown(call, await call.services.store.read(smtp_in))


@_system.put("/smtpconfiguration", permission="ConfigureServer")
async def put(call: Call, body: SmtpConfiguration) -> SmtpConfiguration:
    """Sets how e-mail is sent."""
    return _shown(call, await call.services.store.write(lambda tx: change_smtp_in(tx, call.context, body)))


@_system.get("/smtpconfiguration/isconfigured", permission=SIGNED_IN)
async def is_configured(call: Call) -> SmtpConfigured:
    """Whether e-mail can be sent."""
    found = await call.services.store.read(lambda tx: sender_in(tx, call.services.secrets))
    links = {"Self": call.links.system("smtpconfiguration/isconfigured")}
    return SmtpConfigured(is_configured=found is not None, links=links)


@_system.post("/smtpconfiguration/test", permission="ConfigureServer")
async def test(call: Call, body: SmtpTest) -> SmtpTestResult:
    """Sends a test message."""
    return await try_smtp(call.context, body)
