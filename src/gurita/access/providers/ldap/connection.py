"""A connection to a directory: dialled to a checked address, under TLS before any password is sent."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from gurita.access.providers.ldap import ber, messages
from gurita.access.providers.ldap.messages import Entry, Result
from gurita.access.providers.resources import Ldap
from gurita.kernel.errors import Retryable, Terminal
from gurita.outbound.client import Outbound
from gurita.outbound.policy import ADMINISTRATORS

__all__ = ["Connection", "DirectoryError", "Unreachable", "WrongPassword", "connected"]

_MOST_BYTES = 16 << 20
_MOST_TRIED = 4
_SIZE_LIMIT = 4
_INVALID_CREDENTIALS = 49


class DirectoryError(Terminal):
    """What a directory answered, or what is wrong with it, as a sentence."""


class WrongPassword(DirectoryError):
    """The directory does not take this name and password."""


class Unreachable(Retryable):
    """No directory answers there."""


class Connection:
    """Requests one after another, over one connection."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer
        self._id, self._read = 0, 0

    async def bind(self, dn: str, password: str) -> None:
        """Proves who asks. Raises WrongPassword, DirectoryError.

        An empty password is refused here: for a directory it means "nobody" and succeeds (RFC 4513 5.1.2).
        """
        if not password or not dn:
            raise WrongPassword("A name and a password are needed.")
        result = await self._result(messages.bind(self._next(), dn, password))
        if result.code == _INVALID_CREDENTIALS:
            raise WrongPassword("The directory refused this name and password.")
        _must_be_good(result)

    async def search(
        self,
        base: str,
        filter: bytes,
        attributes: Sequence[str],
        *,
        most: int,
        seconds: int,
        deep: bool = True,
    ) -> list[Entry]:
        """At most `most` entries. Raises DirectoryError."""
        id = self._next()
        await self._send(messages.search(id, base, filter, attributes, most=most, seconds=seconds, deep=deep))
        found: list[Entry] = []
        while True:
            reply = await self._reply(id)
            if isinstance(reply, Entry):
                found.append(reply)
                if len(found) > most:
                    raise DirectoryError("The directory found more than it was asked for.")
            elif isinstance(reply, Result):
                if reply.code != _SIZE_LIMIT:
                    _must_be_good(reply)
                return found

    async def start_tls(self, context: ssl.SSLContext, host: str) -> None:
        """Goes on under TLS. Raises DirectoryError."""
        _must_be_good(await self._result(messages.start_tls(self._next())))
        await self._writer.start_tls(context, server_hostname=host)

    async def close(self) -> None:
        """Says goodbye, as far as anybody listens."""
        with contextlib.suppress(OSError, RuntimeError):
            self._writer.write(messages.unbind(self._next()))
            self._writer.close()
            async with asyncio.timeout(1):
                await self._writer.wait_closed()

    def _next(self) -> int:
        self._id += 1
        return self._id

    async def _result(self, request: bytes) -> Result:
        await self._send(request)
        reply = await self._reply(self._id)
        if not isinstance(reply, Result):
            raise DirectoryError("The directory answered something else than was asked.")
        return reply

    async def _send(self, request: bytes) -> None:
        self._writer.write(request)
        await self._writer.drain()

    async def _reply(self, id: int) -> messages.Reply:
        told, reply = messages.read(await self._message())
        if told != id:
            raise DirectoryError("The directory answered another request, or closed the connection.")
        return reply

    async def _message(self) -> bytes:
        data = await self._reader.readexactly(2)
        while (found := ber.header(data, 0)) is None:
            data += await self._reader.readexactly(1)
        size = found[2] - len(data)
        self._read += found[2]
        if self._read > _MOST_BYTES:
            raise DirectoryError("The directory's answers are too large.")
        return data + await self._reader.readexactly(size)


def _must_be_good(result: Result) -> None:
    if result.code:
        told = "".join(one if one.isprintable() else " " for one in result.message)
        raise DirectoryError(f"The directory answered {result.code}: {told or 'without a reason'}.")


@asynccontextmanager
async def connected(outbound: Outbound, settings: Ldap) -> AsyncIterator[Connection]:
    """A connection to the directory, inside the time a sign-in may take. Raises DirectoryError, Unreachable."""
    context = _tls(settings)
    try:
        async with asyncio.timeout(settings.timeout_seconds):
            connection = await _dialled(outbound, settings, context)
            try:
                if settings.security == "StartTls" and context is not None:
                    await connection.start_tls(context, settings.host)
                yield connection
            finally:
                await connection.close()
    except TimeoutError:
        raise Unreachable(f"{settings.host}: no answer within {settings.timeout_seconds} seconds.") from None
    except ssl.SSLCertVerificationError as error:
        raise DirectoryError(
            f"{settings.host}: its certificate is not trusted ({error.verify_message}). Give the authority that signed "
            "it as CaCertificates, and the name it was made for as Host."
        ) from None
    except ssl.SSLError:
        raise DirectoryError(f"{settings.host}: TLS could not begin. Does Security fit the port?") from None
    except (OSError, EOFError):
        raise Unreachable(f"{settings.host}:{settings.port}: no connection, or it broke.") from None


async def _dialled(outbound: Outbound, settings: Ldap, context: ssl.SSLContext | None) -> Connection:
    addresses = await outbound.addresses(settings.host, settings.port, ADMINISTRATORS)
    first: OSError | None = None
    for address in addresses[:_MOST_TRIED]:
        tls = context if settings.security == "Tls" else None
        name = settings.host if tls else None
        try:
            reader, writer = await asyncio.open_connection(
                str(address), settings.port, ssl=tls, server_hostname=name
            )
        except ssl.SSLError:
            raise
        except OSError as error:
            first = first or error
        else:
            return Connection(reader, writer)
    raise first or OSError("no address")


def _tls(settings: Ldap) -> ssl.SSLContext | None:
    """Raises DirectoryError for certificates that are none."""
    if settings.security == "None":
        return None
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if settings.ca_certificates.strip():
        try:
            context.load_verify_locations(cadata=settings.ca_certificates)
        except (ssl.SSLError, ValueError):
            raise DirectoryError("CaCertificates: these are no certificates in PEM.") from None
    return context
