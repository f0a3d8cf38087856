"""The program `gurita-agent`, and what stands behind `gurita agent`: register, run, deregister, unit.

It stands on argparse, since the agent's small wheel brings nothing else. Keys and tokens come from the environment,
a file or standard input; a one-time token may be an argument, since it is worth nothing once it was used.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import os
import shutil
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from gurita import __version__
from gurita.agent import config as files
from gurita.agent import main as agent
from gurita.agent.errors import AgentError, NotRegistered
from gurita.agent.register import Api, Machine
from gurita.agent.unit import unit
from gurita.kernel.errors import GuritaError

__all__ = ["main", "parsed", "run"]

_API_KEY, _TOKEN = "GURITA_API_KEY", "GURITA_REGISTRATION_TOKEN"
_SECRETS = f"Signs with the API key in {_API_KEY}, or the one-time token in {_TOKEN} or --token-file."


def main() -> None:
    """The program `gurita-agent`."""
    sys.exit(run(sys.argv[1:], ("gurita-agent",)))


def run(words: Sequence[str], command: Sequence[str]) -> int:
    """Runs a command line and answers its exit code. `command` are the words it was called by, for its texts."""
    given = parsed(words, command)
    does: Callable[[argparse.Namespace, Sequence[str]], None] = given.does
    try:
        does(given, command)
    except GuritaError as error:
        print(f"{' '.join(command)}: {error}", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"{' '.join(command)}: {error.filename or given.home}: {error.strerror}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


def parsed(words: Sequence[str], command: Sequence[str]) -> argparse.Namespace:
    """What a command line says. Ends the process with 2 where it says nothing that is understood."""
    return _parser(" ".join(command)).parse_args(words)


def _parser(program: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(program, description="Runs a Gurita server's commands on this machine.")
    parser.add_argument("--version", action="version", version=__version__)
    parts = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    for name, does, says in (
        ("register", _register, "make this machine a target of a server"),
        ("run", _run, "serve in the foreground until Ctrl-C or SIGTERM"),
        ("deregister", _deregister, "remove this machine from its server"),
        ("unit", _unit, "print a systemd unit that keeps the agent running"),
    ):
        part = parts.add_parser(
            name, help=says, description=f"{says[0].upper()}{says[1:]}. {_more(name)}".strip()
        )
        part.set_defaults(does=does)
        part.add_argument(
            "--home",
            type=lambda text: Path(text).absolute(),
            default=files.default_home(),
            help="folder of configuration, key and tickets (%(default)s)",
        )
        _ARGUMENTS[name](part)
    return parser


def _more(name: str) -> str:
    return _SECRETS if name in {"register", "deregister"} else ""


def _register_arguments(part: argparse.ArgumentParser) -> None:
    part.add_argument(
        "--server", required=True, metavar="URL", help="the server's address, such as https://name"
    )
    part.add_argument("--name", default="", help="the machine's name there (this host's name)")
    part.add_argument("--environment", action="append", default=[], metavar="NAME", help="may be given again")
    part.add_argument("--role", action="append", default=[], metavar="TAG", help="may be given again")
    part.add_argument(
        "--pool",
        action="append",
        default=[],
        metavar="NAME",
        help="makes it a worker of this pool; may be given again",
    )
    part.add_argument("--space", default="", help="the server's default space otherwise")
    part.add_argument(
        "--public-host", default="", metavar="HOST", help="how the server reaches a listening agent"
    )
    part.add_argument(
        "--websocket", action="store_true", help="dial the server's web address, where only that is open"
    )
    part.add_argument(
        "--proxy",
        default="",
        metavar="URL",
        help="the HTTP proxy to dial a WebSocket through (the environment's)",
    )
    part.add_argument("--force", action="store_true", help="replace a machine of the same name")
    _connection_arguments(part)
    _secret_arguments(part)


def _connection_arguments(part: argparse.ArgumentParser) -> None:
    part.add_argument(
        "--listen", default="", metavar="HOST:PORT", help="wait for the server there instead of dialling it"
    )
    part.add_argument(
        "--agent-server",
        action="append",
        default=[],
        metavar="HOST:PORT|URL",
        help="where to dial, if it is not the server's own host and agent port; one for each node. A URL is dialled"
        " by WebSocket",
    )


def _secret_arguments(part: argparse.ArgumentParser) -> None:
    part.add_argument("--token", default="", help="the one-time token")
    part.add_argument(
        "--token-file", default="", metavar="FILE", help="file with the one-time token, - for stdin"
    )
    part.add_argument("--api-key-file", default="", metavar="FILE", help="file with an API key, - for stdin")


def _unit_arguments(part: argparse.ArgumentParser) -> None:
    part.add_argument("--user", default="gurita", help="the unprivileged user it runs as (%(default)s)")


def _register(given: argparse.Namespace, command: Sequence[str]) -> None:
    machine = Machine(
        given.name, tuple(given.environment), tuple(given.role), tuple(given.pool), space=given.space
    )
    with _api(given.server, given) as api:
        made = agent.register(
            api,
            machine,
            home=given.home,
            listen=given.listen,
            public_host=given.public_host,
            servers=given.agent_server,
            websocket=given.websocket,
            proxy=given.proxy,
            force=given.force,
        )
    how = f"listens on {made.listen}" if made.listen else f"dials {', '.join(made.servers)}"
    print(f"Registered with {made.server_url} as {made.machine.rpartition('/')[2]}; the agent {how}.")
    print(f"Start it with: {' '.join(command)} run --home {given.home}")


def _run(given: argparse.Namespace, _command: Sequence[str]) -> None:
    level = os.environ.get("GURITA_LOG_LEVEL", "INFO").upper()
    if level not in logging.getLevelNamesMapping():
        raise AgentError(f"GURITA_LOG_LEVEL is '{level}'; it is one of DEBUG, INFO, WARNING, ERROR, CRITICAL")
    logging.basicConfig(
        level=level,
        format="%(asctime)s %(levelname)-7s %(name)s: %(message)s",
        stream=sys.stderr,
    )
    asyncio.run(agent.run(given.home, listen=given.listen, servers=given.agent_server))


def _deregister(given: argparse.Namespace, _command: Sequence[str]) -> None:
    address = given.server or files.load(given.home).server_url
    if not address:
        raise NotRegistered(
            f"{given.home} does not say which server it belongs to; name it with --server URL"
        )
    with _api(address, given) as api:
        agent.deregister(api, given.home)
    print(f"Deregistered from {address}. Key and tickets stay in {given.home}.")


def _unit(given: argparse.Namespace, command: Sequence[str]) -> None:
    program = Path(shutil.which(sys.argv[0]) or sys.argv[0]).absolute()
    print(unit([str(program), *command[1:]], given.home, given.user), end="")


def _api(url: str, given: argparse.Namespace) -> Api:
    """The server's API with whatever secret there is; a token is taken before a key."""
    token = given.token or _read(given.token_file) or os.environ.get(_TOKEN, "")
    key = _read(given.api_key_file) or os.environ.get(_API_KEY, "")
    if not token and not key:
        raise AgentError(
            f"nothing to sign in with: set {_TOKEN} to a one-time token (`gurita machine invite` makes one) "
            f"or {_API_KEY} to an API key"
        )
    return Api(url, token=token) if token else Api(url, api_key=key)


def _read(path: str) -> str:
    if not path:
        return ""
    try:
        text = sys.stdin.read() if path == "-" else Path(path).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise AgentError(f"{path} cannot be read: {error}") from None
    if not text.strip():
        raise AgentError(f"{path} is empty")
    return text.strip()


def _deregister_arguments(part: argparse.ArgumentParser) -> None:
    part.add_argument(
        "--server", default="", metavar="URL", help="the server it was registered with otherwise"
    )
    _secret_arguments(part)


_ARGUMENTS: dict[str, Callable[[argparse.ArgumentParser], None]] = {
    "register": _register_arguments,
    "run": _connection_arguments,
    "deregister": _deregister_arguments,
    "unit": _unit_arguments,
}


if __name__ == "__main__":
    main()
