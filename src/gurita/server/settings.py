"""What a server is told when it starts: options, environment, a TOML file, in this order of strength.

Every option `--some-option` is also `GURITA_SOME_OPTION` and the key `some_option` of the file that `--config` or
`GURITA_CONFIG` names. Secrets are never options: they come from the environment, a file, or stdin.
"""

from __future__ import annotations

import os
import re
import socket
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from ipaddress import ip_network
from pathlib import Path
from typing import Any, get_type_hints

from gurita.kernel.errors import Terminal

__all__ = ["BadSetting", "Settings", "read_settings"]

_MOST_PORT = 65535
_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
_WITH_PASSWORD = re.compile(r"[a-z+]+://[^/@]*:[^/@]+@", re.IGNORECASE)


class BadSetting(Terminal):
    """A setting that cannot be used; names it, where it came from, and what would do."""


@dataclass(frozen=True, slots=True)
class Settings:
    """`listen` is `host:port`; `lease` seconds; `task_cap` tasks at once on this node. Empty texts mean "not set".

    `trusted_proxies` are addresses and networks whose X-Forwarded-For and X-Forwarded-Proto are believed; nobody's are
    unless said here, or everyone could claim to be somewhere else. `public_url` ends with the prefix, whether it was given
    with it or without, and with no slash.
    """

    data: Path = Path("gurita-data")
    listen: str = "127.0.0.1:8065"
    agent_port: int = 10943
    agent_host: str = ""
    database: str = ""
    blobs: str = ""
    node_name: str = ""
    tls_cert: str = ""
    tls_key: str = ""
    prefix: str = ""
    public_url: str = ""
    trusted_proxies: str = ""
    task_cap: int = 5
    lease: float = 10.0
    local_scripts: bool = False
    outbound_proxy: str = ""
    outbound_ca_file: str = ""
    outbound_allow: str = ""
    download_cache_days: int = 30
    download_cache_gib: int = 20
    log_level: str = "INFO"

    @property
    def host(self) -> str:
        """The address web clients connect to."""
        return self.listen.rpartition(":")[0].strip("[]")

    @property
    def port(self) -> int:
        """The port web clients connect to."""
        return int(self.listen.rpartition(":")[2])

    @property
    def database_url(self) -> str:
        """Where documents and journal are kept: the given database, else a file in the data folder."""
        return self.database or f"sqlite:///{self.data.absolute() / 'gurita.db'}"

    @property
    def blobs_place(self) -> str:
        """Where large things are kept: the given store, else a folder in the data folder."""
        return self.blobs or str(self.data.absolute() / "blobs")

    @property
    def url(self) -> str:
        """How this server is reached as far as anybody said."""
        scheme = "https" if self.tls_cert else "http"
        return self.public_url or f"{scheme}://{self.listen}{self.prefix}"


def read_settings(given: Mapping[str, Any], env: Mapping[str, str] = os.environ) -> Settings:
    """The settings from options that were given (None: not given), the environment and the file. Raises BadSetting."""
    if _WITH_PASSWORD.match(str(given.get("database") or "")):
        raise BadSetting(
            "--database holds a password, which other users of this machine can read there. "
            "Put the address into GURITA_DATABASE or the configuration file."
        )
    if _WITH_PASSWORD.match(str(given.get("outbound_proxy") or "")):
        raise BadSetting(
            "--outbound-proxy holds a password, which other users of this machine can read there. "
            "Put it into GURITA_OUTBOUND_PROXY or the configuration file."
        )
    file = _file(str(given.get("config") or env.get("GURITA_CONFIG") or ""))
    hints = get_type_hints(Settings)
    values: dict[str, Any] = {}
    for field in fields(Settings):
        name = field.name
        if given.get(name) is not None:
            values[name] = _as(hints[name], given[name], f"--{name.replace('_', '-')}")
        elif f"GURITA_{name.upper()}" in env:
            values[name] = _as(hints[name], env[f"GURITA_{name.upper()}"], f"GURITA_{name.upper()}")
        elif name in file:
            values[name] = _as(hints[name], file[name], f"{name} in the configuration file")
    return _checked(Settings(**values))


def _file(path: str) -> dict[str, Any]:
    if not path:
        return {}
    try:
        found = tomllib.loads(Path(path).read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise BadSetting(f"The configuration file {path} cannot be read: {error}.") from error
    known = {field.name for field in fields(Settings)}
    unknown = sorted(found.keys() - known)
    if unknown:
        raise BadSetting(f"{path}: '{unknown[0]}' is no setting. Settings are: {', '.join(sorted(known))}.")
    return found


def _as(kind: Any, value: Any, where: str) -> Any:
    try:
        if kind is bool:
            return value if isinstance(value, bool) else _truth(str(value))
        return kind(value)
    except ValueError:
        what = {int: "a whole number", float: "a number", bool: "true or false"}.get(kind, "a text")
        raise BadSetting(f"{where} is '{value}', which is not {what}.") from None


def _truth(text: str) -> bool:
    if text.strip().lower() in ("true", "1", "yes", "on"):
        return True
    if text.strip().lower() in ("false", "0", "no", "off", ""):
        return False
    raise ValueError(text)


def _no_networks(text: str) -> bool:
    try:
        for each in filter(None, text.split(",")):
            ip_network(each.strip())
    except ValueError:
        return True
    return False


def _of_web(settings: Settings) -> tuple[tuple[object, str], ...]:
    """What is said of how the server is reached: whether it is wrong, and what would do."""
    return (
        (
            settings.prefix and not settings.prefix.startswith("/"),
            f"--prefix is '{settings.prefix}'; it begins with a slash, such as /gurita.",
        ),
        (
            settings.public_url and not re.match(r"https?://[^/]", settings.public_url),
            f"--public-url is '{settings.public_url}'; write it as https://name.",
        ),
        (
            _no_networks(settings.trusted_proxies),
            f"--trusted-proxies is '{settings.trusted_proxies}'; write addresses and networks: 127.0.0.1,10.0.0.0/8.",
        ),
    )


def _checked(settings: Settings) -> Settings:
    for wrong, told in (
        *_of_web(settings),
        (
            not re.fullmatch(r".*:\d{1,5}", settings.listen) or settings.port > _MOST_PORT,
            f"--listen is '{settings.listen}'; write it as host:port, such as 127.0.0.1:8065.",
        ),
        (
            not -1 <= settings.agent_port <= _MOST_PORT,
            f"--agent-port is {settings.agent_port}; a port is at most {_MOST_PORT}, and -1 means none.",
        ),
        (
            bool(settings.tls_cert) != bool(settings.tls_key),
            "--tls-cert and --tls-key go together; give both or neither.",
        ),
        (
            settings.database and not re.match(r"(sqlite:///|postgresql://)", settings.database),
            "--database is no address of a database this server knows: postgresql://… or sqlite:///path.",
        ),
        (settings.lease < 1, f"--lease is {settings.lease} seconds; a second is the least that makes sense."),
        (
            settings.download_cache_days < 0 or settings.download_cache_gib < 0,
            "--download-cache-days and --download-cache-gib are not negative; 0 is no limit.",
        ),
        (
            settings.log_level.upper() not in _LEVELS,
            f"--log-level is '{settings.log_level}'; it is one of {', '.join(_LEVELS)}.",
        ),
        (settings.task_cap < 1, f"--task-cap is {settings.task_cap}; a node runs at least one task at once."),
    ):
        if wrong:
            raise BadSetting(told)
    prefix = settings.prefix.rstrip("/")
    base = settings.public_url.rstrip("/").removesuffix(prefix)
    return replace(
        settings,
        prefix=prefix,
        public_url=f"{base}{prefix}" if base else "",
        node_name=settings.node_name or socket.gethostname().split(".")[0] or "main",
    )
