"""Finding things by what people call them, and saying what they may have meant."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import quote

from gurita.cli.client import Client
from gurita.cli.errors import ApiRefused, CommandError

__all__ = ["explained", "find", "meant"]

WORDS = {
    "accounts": "account",
    "environments": "environment",
    "feeds": "feed",
    "lifecycles": "lifecycle",
    "machines": "machine",
    "projectgroups": "project group",
    "projects": "project",
    "spaces": "space",
}
_UNKNOWN = re.compile(
    r"no (?:project|environment|release|step|deployment target)\b.*'|is no deployment target"
)
_QUOTED = re.compile(r"'([^']*)'")
_LIST_OF = {
    "ProjectName": "projects",
    "EnvironmentNames": "environments",
    "SpecificMachineNames": "machines",
    "ExcludedMachineNames": "machines",
}


def find(client: Client, kind: str, name: str) -> Any:
    """A document by id, slug or name. Raises CommandError naming close ones."""
    if name.strip():
        try:
            return client.get(f"{kind}/{quote(name, safe='')}")
        except ApiRefused as refused:
            if refused.status != 404:
                raise
    raise CommandError(f"There is no {WORDS[kind]} '{name}'.{meant(name, _names(client, kind))}")


def meant(name: str, known: Iterable[str]) -> str:
    """` Did you mean …?`, or what there is, or nothing."""
    names = sorted(known, key=str.casefold)
    folded = {each.casefold(): each for each in names}
    close = difflib.get_close_matches(name.casefold(), folded, n=3, cutoff=0.6)
    if close:
        return f" Did you mean {' or '.join(repr(folded[each]) for each in close)}?"
    if names and len(names) <= 12:
        return f" There are: {', '.join(names)}."
    return ""


def explained(client: Client, refused: ApiRefused) -> ApiRefused:
    """The refusal, with what was perhaps meant added to each error about an unknown name."""
    told = []
    for error in refused.errors:
        member = re.split(r"[\[:.]", error, maxsplit=1)[0]
        quoted = _QUOTED.findall(error)
        if member in _LIST_OF and _UNKNOWN.search(error) and quoted:
            error += meant(quoted[0], _names(client, _LIST_OF[member]))
        elif member == "ReleaseVersion" and len(quoted) == 2:
            error += meant(quoted[1], _versions(client, quoted[0]))
        told.append(error)
    return ApiRefused(refused.status, refused.message, told)


def _names(client: Client, kind: str) -> list[str]:
    try:
        return [each["Name"] for each in client.get(f"{kind}/all")]
    except ApiRefused:
        return []


def _versions(client: Client, project: str) -> list[str]:
    try:
        return [
            each["Version"]
            for each in client.get(f"projects/{quote(project, safe='')}/releases", take=30)["Items"]
        ]
    except ApiRefused:
        return []
