"""`gurita server`: settings from the command line, then the server until SIGINT or SIGTERM."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

if TYPE_CHECKING:
    from gurita.access.first_start import FirstAdministrator
    from gurita.server.wiring import Server

__all__ = ["ServerOptions", "server", "told_once"]


@Parameter(name="*")
@dataclass(frozen=True, slots=True, kw_only=True)
class ServerOptions:
    """Every option is also GURITA_… in the environment and a key of the TOML file; the option is the strongest."""

    config: str | None = None
    """A TOML file with settings."""
    data: str | None = None
    """The folder everything is kept in (gurita-data)."""
    listen: str | None = None
    """Address of API and page (127.0.0.1:8065)."""
    agent_port: int | None = None
    """Port polling agents dial (10943); -1 for none."""
    agent_host: str | None = None
    """Address of that port, if it differs from the one of --listen."""
    database: str | None = None
    """postgresql://… for several nodes; a file in the data folder otherwise."""
    blobs: str | None = None
    """Folder shared by all nodes for large things; in the data folder otherwise."""
    node_name: str | None = None
    """This node's name, its own among several nodes (the host's name)."""
    tls_cert: str | None = None
    """PEM file of the certificate, to serve HTTPS."""
    tls_key: str | None = None
    """PEM file of its private key."""
    prefix: str | None = None
    """Path below which everything is served, such as /gurita."""
    public_url: str | None = None
    """How people and agents reach this server, where it differs from --listen."""
    trusted_proxies: str | None = None
    """Addresses and networks of proxies whose X-Forwarded-For and X-Forwarded-Proto are believed: 127.0.0.1,10.0.0.0/8."""
    task_cap: int | None = None
    """Tasks at once on this node (5)."""
    lease: float | None = None
    """Seconds after which a silent node loses its tasks (10)."""
    local_scripts: Annotated[bool | None, Parameter(negative="--no-local-scripts")] = None
    """Let steps run on the server's own machine, as the server's user. Such a script can read the server's keys."""
    outbound_proxy: str | None = None
    """Proxy for feeds, http://host:port; else HTTP_PROXY, HTTPS_PROXY and NO_PROXY. With a password: GURITA_OUTBOUND_PROXY."""
    outbound_ca_file: str | None = None
    """PEM file of further authorities that feeds' certificates may be signed by."""
    outbound_allow: str | None = None
    """Networks that are asked though they are link-local or a cloud's metadata service: 169.254.10.0/24,…"""
    download_cache_days: int | None = None
    """Days a package downloaded from a feed is kept after its last use (30); 0 for ever."""
    download_cache_gib: int | None = None
    """GiB such packages may take together (20); 0 for no limit."""
    log_level: str | None = None
    """How much the log says: DEBUG, INFO, WARNING, ERROR or CRITICAL (INFO)."""


def server(options: ServerOptions | None = None) -> int:
    """Run a server in the foreground until Ctrl-C or SIGTERM. Its log goes to stderr.

    The first start makes the data folder, its keys and an administrator: from GURITA_ADMIN_USERNAME,
    GURITA_ADMIN_PASSWORD and GURITA_ADMIN_API_KEY, or drawn and printed once.
    """
    from gurita.server.serving import log_to_stderr, run_loop, serve
    from gurita.server.settings import read_settings

    settings = read_settings(asdict(options or ServerOptions()))
    log_to_stderr(settings.log_level)
    run_loop(serve(settings, _ready))
    return 0


async def _ready(server: Server) -> None:
    if server.administrator is not None:
        print(told_once(server.administrator))
    print(f"Gurita is ready at {server.settings.url}", flush=True)


def told_once(administrator: FirstAdministrator) -> str:
    """What is shown at the first start only. Parts the environment gave are not repeated."""
    from gurita.secrets.opening import reveal

    lines = ["An administrator was made; this is shown once.", f"  user name  {administrator.username}"]
    if administrator.password is not None:
        lines.append(f"  password   {reveal(administrator.password)}")
    if administrator.api_key is not None:
        lines.append(f"  API key    {reveal(administrator.api_key)}")
    return "\n".join(lines)
