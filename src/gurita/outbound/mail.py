"""Handing messages to a mail server, over a connection to an address that was checked like any other's.

    async with mail_session(outbound, relay) as session:
        await session.send(message, "gurita@example.com", "eve@example.com")

Messages are written by `email` under the policy for SMTP, which refuses headers that hold line ends. What the mail server
says in its own words is not repeated; its number is.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP as AS_SENT
from typing import TYPE_CHECKING, Literal

import aiosmtplib

from gurita.outbound.errors import Busy, NotLetIn, OutboundError, Rejected, Unreachable
from gurita.outbound.policy import ADMINISTRATORS, Address, AddressPolicy
from gurita.secrets.opening import reveal

if TYPE_CHECKING:
    from gurita.kernel.sensitive import Sensitive
    from gurita.outbound.client import Outbound

__all__ = ["MailSession", "Relay", "Security", "mail_session"]

Security = Literal["none", "starttls", "tls"]
_MOST_TRIED = 6


@dataclass(frozen=True, slots=True)
class Relay:
    """A mail server. `starttls` begins in the clear and refuses to go on so; `timeout` is seconds for each step."""

    host: str
    port: int
    security: Security = "none"
    login: str = ""
    password: Sensitive | None = None
    timeout: float = 12.0
    policy: AddressPolicy = ADMINISTRATORS


class MailSession:
    """A connection to a mail server, signed in."""

    def __init__(self, client: aiosmtplib.SMTP, relay: Relay) -> None:
        self._client, self._relay = client, relay

    async def send(self, message: EmailMessage, sender: str, recipient: str) -> None:
        """One message to one address. Raises OutboundError: a Rejected one is about this message or this address."""
        content = message.as_bytes(policy=AS_SENT)
        with _told(self._relay):
            async with asyncio.timeout(self._relay.timeout * 3):
                await self._client.sendmail(sender, [recipient], content)


@asynccontextmanager
async def mail_session(outbound: Outbound, relay: Relay) -> AsyncIterator[MailSession]:
    """Connects, encrypts and signs in. Raises OutboundError."""
    with _told(relay):
        async with asyncio.timeout(relay.timeout * 3):
            client = await _connected(outbound, relay)
    try:
        yield MailSession(client, relay)
        with contextlib.suppress(aiosmtplib.SMTPException, TimeoutError, OSError):
            await client.quit(timeout=relay.timeout)
    finally:
        client.close()


async def _connected(outbound: Outbound, relay: Relay) -> aiosmtplib.SMTP:
    connection = await _dialled(await outbound.addresses(relay.host, relay.port, relay.policy), relay)
    client = aiosmtplib.SMTP(
        hostname=relay.host,
        sock=connection,
        use_tls=relay.security == "tls",
        start_tls=False,
        tls_context=outbound.tls,
        timeout=relay.timeout,
    )
    try:
        await client.connect()
        if relay.security == "starttls":
            await client.starttls(server_hostname=relay.host, tls_context=outbound.tls)
        if relay.login:
            await client.login(relay.login, reveal(relay.password) if relay.password else "")
    except BaseException:
        client.close()
        connection.close()
        raise
    return client


async def _dialled(addresses: list[Address], relay: Relay) -> socket.socket:
    """A connection to the first address that answers. Raises Unreachable."""
    loop = asyncio.get_running_loop()
    for address in addresses[:_MOST_TRIED]:
        made = socket.socket(socket.AF_INET6 if address.version == 6 else socket.AF_INET, socket.SOCK_STREAM)
        made.setblocking(False)
        try:
            async with asyncio.timeout(relay.timeout):
                await loop.sock_connect(made, (str(address), relay.port))
        except (OSError, TimeoutError):
            made.close()
        except BaseException:
            made.close()
            raise
        else:
            return made
    raise Unreachable(f"{_place(relay)}: No connection: refused or not reachable.")


def _place(relay: Relay) -> str:
    return f"The mail server {relay.host}:{relay.port}"


@contextmanager
def _told(relay: Relay) -> Iterator[None]:
    """Errors of the library as those of this package."""
    try:
        yield
    except OutboundError:
        raise
    except aiosmtplib.SMTPResponseException as error:
        raise _answer(_place(relay), error) from None
    except aiosmtplib.SMTPRecipientsRefused as error:
        raise _answered(_place(relay), error.recipients[0].code) from None
    except aiosmtplib.SMTPNotSupported:
        told = "offers no encryption, or no way to sign in that is known here."
        raise NotLetIn(f"{_place(relay)} {told}") from None
    except (aiosmtplib.SMTPException, TimeoutError, OSError) as error:
        raise _broken(_place(relay), str(error)) from None
    except (UnicodeError, ValueError):
        raise Rejected(f"{_place(relay)} cannot be given this address or message.") from None


def _broken(place: str, error: str) -> OutboundError:
    if "certificate" not in error.lower():
        return Unreachable(f"{place}: No connection, or one that broke or stood still.")
    return NotLetIn(
        f"{place} has a certificate that is not trusted here. Give the authority that signed it with the "
        "setting outbound_ca_file."
    )


def _answer(place: str, error: aiosmtplib.SMTPResponseException) -> OutboundError:
    if isinstance(error, aiosmtplib.SMTPAuthenticationError):
        return NotLetIn(f"{place} does not let this user in ({error.code}).", status=error.code)
    if isinstance(error, aiosmtplib.SMTPSenderRefused) and error.code >= 500:
        return NotLetIn(f"{place} takes no messages from this sender ({error.code}).", status=error.code)
    return _answered(place, error.code)


def _answered(place: str, code: int) -> OutboundError:
    if 400 <= code < 500 or code < 0:
        return Busy(f"{place} asks to come back later ({code}).", status=code)
    return Rejected(f"{place} does not take it ({code}).", status=code)
