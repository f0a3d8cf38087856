"""Opening what settings name, and saying which setting it was when that does not work."""

from __future__ import annotations

import errno
import re
import ssl
from collections.abc import Mapping

from gurita.access.first_start import FirstAdministrator, ensure_administrator
from gurita.http.context import Services
from gurita.kernel.errors import Invalid, Unavailable
from gurita.outbound.client import Options, Outbound
from gurita.outbound.policy import networks
from gurita.server.settings import BadSetting, Settings
from gurita.store.blobs import Blobs
from gurita.store.db import Store
from gurita.store.errors import DatabaseDamaged

__all__ = [
    "agent_port_refused",
    "check_certificate",
    "make_administrator",
    "open_blobs",
    "open_outbound",
    "open_store",
]

_PASSWORD = re.compile(r"(?<=:)[^:@/]+(?=@)")


async def open_store(settings: Settings) -> Store:
    """The database. Raises BadSetting when it cannot be reached, Terminal when it is too new."""
    try:
        return await Store.open(settings.database_url)
    except Unavailable as error:
        shown = _PASSWORD.sub("***", settings.database_url)
        cause = str(error.__cause__ or "").strip().partition("\n")[0]
        raise BadSetting(f"The database {shown} cannot be used: {cause or error.message}") from error
    except DatabaseDamaged as error:
        raise BadSetting(f"The database {settings.database_url} cannot be used: {error}") from error


def open_blobs(settings: Settings) -> Blobs:
    """Where large things are kept. Raises BadSetting."""
    try:
        return Blobs.open(settings.blobs_place)
    except OSError as error:
        raise BadSetting(f"--blobs {settings.blobs_place} cannot be used: {error.strerror}.") from error


def open_outbound(settings: Settings) -> Outbound:
    """What asks other servers. Raises BadSetting."""
    try:
        allowed = networks(settings.outbound_allow)
    except ValueError as error:
        raise BadSetting(f"--outbound-allow: {error}. Write networks like 10.1.0.0/16,10.2.0.7.") from error
    try:
        return Outbound(Options(settings.outbound_proxy, settings.outbound_ca_file, allowed))
    except (OSError, ssl.SSLError) as error:
        raise BadSetting(
            f"--outbound-ca-file {settings.outbound_ca_file} cannot be used: {error}."
        ) from error
    except ValueError as error:
        raise BadSetting(f"--outbound-proxy, HTTP_PROXY or HTTPS_PROXY: {error}") from error


def check_certificate(settings: Settings) -> None:
    """Raises BadSetting when certificate and key are no pair, before anything is opened."""
    if not settings.tls_cert:
        return
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(settings.tls_cert, settings.tls_key)
    except (OSError, ssl.SSLError) as error:
        raise BadSetting(
            f"--tls-cert {settings.tls_cert} and --tls-key {settings.tls_key}: {error}."
        ) from error


def agent_port_refused(error: OSError, settings: Settings) -> BadSetting:
    """Why the port for agents cannot be had."""
    place = f"{settings.agent_host or settings.host}:{settings.agent_port}"
    if error.errno == errno.EADDRINUSE:
        return BadSetting(
            f"{place}, where agents dial in, is in use by another program. Choose another port with "
            "--agent-port, or -1 for none."
        )
    return BadSetting(f"--agent-port: {place} cannot be used: {error.strerror or error}.")


async def make_administrator(services: Services, env: Mapping[str, str]) -> FirstAdministrator | None:
    """The first administrator, if there is none yet. Raises BadSetting naming the variable that cannot be used."""
    try:
        return await ensure_administrator(services, env)
    except Invalid as error:
        told = "; ".join(error.errors or [error.message])
        raise BadSetting(
            re.sub(r"^(Password|Username)", lambda m: f"GURITA_ADMIN_{m[0].upper()}", told)
        ) from error
