"""How e-mail is sent: the setting, and what it means for whoever sends some."""

from __future__ import annotations

from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP as AS_SENT
from typing import TYPE_CHECKING

from msgspec.structs import replace
from sqlalchemy import delete, insert, select

from gurita.audit import service as audit
from gurita.configuration.records import server_setting
from gurita.configuration.resources import SmtpConfiguration, SmtpTest, SmtpTestResult
from gurita.configuration.rules import address_of, host_problem
from gurita.kernel.errors import Invalid
from gurita.outbound.errors import OutboundError
from gurita.outbound.mail import Relay, Security, mail_session
from gurita.secrets.service import keep_in
from gurita.store.codec import JSON

if TYPE_CHECKING:
    from gurita.http.context import Context
    from gurita.secrets.vault import Secrets
    from gurita.store.tx import Tx

__all__ = ["Sender", "change_smtp_in", "sender_in", "smtp_in", "try_smtp"]

_NAME = "smtp"
_IMPLICIT_TLS = 465


@dataclass(frozen=True, slots=True)
class Sender:
    """Where messages are handed to, and whom they are from."""

    relay: Relay
    address: Address


def smtp_in(tx: Tx) -> SmtpConfiguration:
    """The setting as it is stored."""
    body = tx.scalar(select(server_setting.c.body).where(server_setting.c.name == _NAME))
    return SmtpConfiguration() if body is None else JSON.read(body, SmtpConfiguration)


def change_smtp_in(tx: Tx, ctx: Context, body: SmtpConfiguration) -> SmtpConfiguration:
    """Stores the setting with its event. Raises Invalid."""
    before = smtp_in(tx)
    after = replace(
        body,
        id=_NAME,
        links={},
        smtp_host=(body.smtp_host or "").strip() or None,
        send_email_from=(body.send_email_from or "").strip() or None,
        smtp_login=body.smtp_login or None,
    )
    _check(before, after)
    after = keep_in(tx, ctx.services.secrets, "", before, after)
    if after != before:
        tx.run(delete(server_setting).where(server_setting.c.name == _NAME))
        tx.run(insert(server_setting).values(name=_NAME, version=1, body=JSON.write(after)))
        told = "How e-mail is sent was changed"
        audit.record(tx, ctx, "Modified", told, [_NAME], before=before, after=after, space="")
    return after


def sender_in(tx: Tx, secrets: Secrets) -> Sender | None:
    """What sending takes; None when nobody said how."""
    stored = smtp_in(tx)
    address = address_of(stored.send_email_from or "")
    if not stored.smtp_host or address is None:
        return None
    security: Security = "none"
    if stored.enable_ssl:
        security = "tls" if stored.smtp_port == _IMPLICIT_TLS else "starttls"
    secret = stored.smtp_password.secret_id
    return Sender(
        Relay(
            stored.smtp_host,
            stored.smtp_port,
            security,
            stored.smtp_login or "",
            secrets.open_in(tx, "", secret) if secret else None,
            stored.timeout / 1000,
        ),
        address,
    )


async def try_smtp(ctx: Context, body: SmtpTest) -> SmtpTestResult:
    """Sends a message to see whether that works. Raises Invalid."""
    to = address_of(body.email_address)
    if to is None:
        raise Invalid("EmailAddress: is no address. Write it as somebody@example.com.")
    services = ctx.services
    sender = await services.store.read(lambda tx: sender_in(tx, services.secrets))
    if sender is None:
        return SmtpTestResult(is_successful=False, message="SmtpHost and SendEmailFrom are not set yet.")
    message = EmailMessage(policy=AS_SENT)
    message["From"], message["To"] = sender.address, to
    message["Subject"] = "A test of this server's e-mail"
    message["Date"] = services.clock.now()
    message["Message-ID"] = f"<{services.random.token(16)}@{services.installation_id}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content("This server can send e-mail.\n")
    try:
        async with mail_session(services.outbound, sender.relay) as session:
            await session.send(message, sender.address.addr_spec, to.addr_spec)
    except OutboundError as error:
        return SmtpTestResult(is_successful=False, message=str(error))
    return SmtpTestResult(is_successful=True, message=f"The mail server took the message to {to.addr_spec}.")


def _check(before: SmtpConfiguration, after: SmtpConfiguration) -> None:
    """Raises Invalid."""
    found = []
    host, login = after.smtp_host or "", after.smtp_login or ""
    if host and host_problem(host):
        found.append(
            f"SmtpHost: '{host[:60]}' is no host. Write a name like mail.example.com, without a port."
        )
    if after.send_email_from and address_of(after.send_email_from) is None:
        found.append(
            f"SendEmailFrom: '{after.send_email_from[:60]}' is no address. Write it as gurita@example.com."
        )
    if host and not after.send_email_from:
        found.append("SendEmailFrom: must not be empty where SmtpHost is set.")
    if not login.isprintable():
        found.append("SmtpLogin: holds characters nobody sees. Remove them.")
    kept = after.smtp_password.has_value and after.smtp_password.new_value is None
    moved = before.smtp_password.has_value and (before.smtp_host or "").lower() != host.lower()
    if kept and moved and host:
        found.append("SmtpPassword: was entered for another host. Enter it again, or send {HasValue: false}.")
    if found:
        raise Invalid(*found)
