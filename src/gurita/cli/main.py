"""The command `gurita`. What a command needs is imported when it runs, so that `--help` is quick."""

from __future__ import annotations

import atexit
import gc
import logging
import os
import sys
from collections.abc import Sequence

from cyclopts import App, CycloptsError, Parameter

from gurita import __version__
from gurita.cli.errors import Misused
from gurita.kernel.errors import GuritaError, Refused

__all__ = ["app", "main", "run"]

_USAGE = 2
_INTERRUPTED = 130
_RARELY = 50_000
"""New objects between two looks for garbage, by default 700: commands import much and leave little."""

app = App(
    name="gurita",
    help="Deploys your software to your machines.",
    version=__version__,
    help_format="plaintext",
    default_parameter=Parameter(show_default=lambda value: value or None, negative_iterable=""),
)
app.command("gurita.cli.server:server", name="server", help="Run a server in the foreground.")
app.command(
    "gurita.cli.administrator:administrator",
    name="administrator",
    help="Let somebody administer again, on the host itself.",
)
app.command("gurita.cli.restored:restored", name="restored", help="Declare that a backup was put back.")
app.command(
    "gurita.cli.quickstart.command:quickstart",
    name="quickstart",
    help="Start a server and an agent here, and deploy a sample.",
)
app.command(
    "gurita.cli.agent:agent",
    name="agent",
    help="Make this machine a target: register, run, deregister, unit.",
    help_flags=[],
    version_flags=[],
)

for _noun, _module, _says in (
    ("project", "projects", "What is deployed, and by which process."),
    ("environment", "environments", "Groups of machines that releases go through."),
    ("machine", "machines", "Where steps run."),
    ("space", "spaces", "Walled-off parts of the server."),
    ("account", "accounts", "How the server signs in on machines."),
    ("release", "releases", "Frozen copies of a project, and deploying them."),
    ("variable", "variables", "What differs between environments, machines and steps, and why."),
    ("task", "tasks", "What the server does and did: deployments, health checks, scripts."),
    ("package", "packages", "What is deployed, in the server's own repository."),
    ("build-information", "build_information", "What a build server says of the packages it made."),
    ("feed", "feeds", "Where packages come from."),
    ("subscription", "subscriptions", "Who is told of which events."),
    ("audit", "audit", "The audit trail, checked without a server."),
    ("version", "version", "Versions of packages and releases: their order, ranges and masks."),
    ("config", "config", "The server, key and space of your commands, kept for the next one."),
):
    app.command(f"gurita.cli.{_module}:app", name=_noun, help=_says)

app.command(
    "gurita.cli.template:template",
    name="template",
    help="Evaluate templates of the variable language: JSON lines in, JSON lines out.",
)
app.command("gurita.cli.raw:api", name="api", help="Send any request to the API.")
app.command("gurita.cli.completion:completion", name="completion", help="Make your shell finish words.")


def main() -> None:
    """The program `gurita`."""
    gc.set_threshold(_RARELY, 10, 10)
    ended: list[int] = []
    atexit.register(_leave, ended)
    ended.append(run(sys.argv[1:]))
    sys.exit(ended[0])


def _leave(ended: Sequence[int]) -> None:
    """Ends the process after all other work at its exit. Python would first take apart every module it holds, which
    takes longer than many commands and all that a server does when it ends."""
    if ended:
        logging.shutdown()
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(ended[0])


def run(words: Sequence[str]) -> int:
    """Runs a command line and answers its exit code: 1 when it failed, 2 when it was not understood."""
    try:
        code = app(words, exit_on_error=False, print_error=False, result_action="return_value")
    except CycloptsError as error:
        return _failed(f"{error}\nSee `gurita {_command(words)}--help`.", _USAGE)
    except Misused as error:
        return _failed(str(error), _USAGE)
    except Refused as error:
        return _failed("\n".join([error.message, *error.errors]))
    except GuritaError as error:
        return _failed(str(error))
    except KeyboardInterrupt:
        return _INTERRUPTED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    return code if isinstance(code, int) else 0


def _failed(text: str, code: int = 1) -> int:
    print(f"gurita: {text}", file=sys.stderr)
    return code


def _command(words: Sequence[str]) -> str:
    """The command's own words, for pointing at its help."""
    found, at = "", app
    for word in words:
        if word.startswith("-") or word not in at:
            break
        found, at = f"{found}{word} ", at[word]
    return found
