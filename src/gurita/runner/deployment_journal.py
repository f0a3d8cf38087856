"""What was installed on this machine, in XML (runtime formats 5.5; docs/subsystems/packages.md, "The journal")."""

from __future__ import annotations

import contextlib
import json
import os
import re
import time
from typing import Any, Callable, Dict, List, NamedTuple, Optional
from xml.etree import ElementTree as ET

from gurita.runner.durable import locked, read_text, replace, write_new
from gurita.runner.host import alive, process_mark
from gurita.runner.package_work import InstalledAs, Package
from gurita.runner.private import remove_tree

__all__ = ["Entry", "Journal", "JournalDamaged", "entry_of"]

_FILE = "DeploymentJournal.xml"


class JournalDamaged(Exception):
    """The journal cannot be read; the message names the file and what to do."""


class Entry(NamedTuple):
    """One installation. Ids are empty where there is none; `installed_on` is UTC, `yyyy-MM-dd HH:mm:ss`."""

    id: str
    who: InstalledAs
    package: str
    version: str
    deployed_from: str
    extracted_to: str
    custom_directory: str
    successful: bool
    installed_on: str


def entry_of(
    who: InstalledAs,
    package: Package,
    deployed_from: str,
    extracted_to: str,
    custom: str,
    *,
    successful: bool,
) -> Entry:
    """An entry for now, with an id of its own."""
    now = time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime())
    return Entry(
        os.urandom(16).hex(),
        who,
        package.id,
        package.version,
        deployed_from,
        extracted_to,
        custom,
        successful,
        now,
    )


class Journal:
    """The journal of one Gurita installation below the store's root. Raises JournalDamaged."""

    def __init__(self, root: str, installation: str) -> None:
        name = re.sub(r"[^A-Za-z0-9_-]", "_", installation)[:100] or "unnamed"
        self.folder = os.path.join(root, "journal-v1", name)
        self.path = os.path.join(self.folder, _FILE)
        self._unfinished = os.path.join(self.folder, "unfinished")

    def entries(self) -> List[Entry]:
        """All installations, the oldest first."""
        return [_entry(element) for element in self._read().findall("Deployment")]

    def newest(self, fits: Callable[[Entry], bool]) -> Optional[Entry]:
        """The last entry that fits."""
        return next((entry for entry in reversed(self.entries()) if fits(entry)), None)

    def add(self, entry: Entry) -> None:
        """Append an entry; the file is replaced whole, and synced."""
        self._prepare()
        with locked(f"{self.path}.lock"):
            self._append([entry])

    def remove(self, ids: List[str]) -> None:
        """Take entries out, by their ids."""
        with locked(f"{self.path}.lock"):
            root = self._read()
            for element in [each for each in root if each.get("Id") in ids]:
                root.remove(element)
            self._write(root)

    def begin(self, ticket: str, entry: Entry, temporary: str) -> None:
        """Say what is about to be installed, so that it is known should this process just end."""
        self._prepare()
        kept = {**entry._asdict(), "who": entry.who._asdict(), "temporary": temporary}
        kept["process"] = process_mark(os.getpid())
        write_new(os.path.join(self._unfinished, ticket), json.dumps(kept).encode(), sync=True)

    def end(self, ticket: str) -> None:
        """What `begin` said is over and journaled."""
        with contextlib.suppress(FileNotFoundError):
            os.unlink(os.path.join(self._unfinished, ticket))

    def settle(self) -> List[Entry]:
        """Journal as failed what others began and never ended, and remove what they had half extracted; gives those."""
        self._prepare()
        found: List[Entry] = []
        with locked(f"{self.path}.lock"):
            gone = {
                name: _json(os.path.join(self._unfinished, name))
                for name in sorted(os.listdir(self._unfinished))
            }
            gone = {name: kept for name, kept in gone.items() if not alive(str(kept.get("process", "")))}
            for kept in gone.values():
                if kept:
                    remove_tree(kept["temporary"])
                    members = {name: kept[name] for name in Entry._fields}
                    found.append(Entry(**{**members, "who": InstalledAs(**kept["who"]), "successful": False}))
            if found:
                self._append(found)
            for name in gone:
                self.end(name)
        return found

    def _prepare(self) -> None:
        os.makedirs(self._unfinished, 0o700, exist_ok=True)

    def _append(self, entries: List[Entry]) -> None:
        root = self._read()
        for entry in entries:
            root.append(_element(entry))
        self._write(root)

    def _write(self, root: ET.Element) -> None:
        root.text = "\n  "
        for element in root:
            element.tail = "\n  "
        if len(root):
            root[-1].tail = "\n"
        replace(
            self.path,
            '<?xml version="1.0" encoding="utf-8"?>\n' + ET.tostring(root, "unicode") + "\n",
        )

    def _read(self) -> ET.Element:
        try:
            with open(self.path, "rb") as file:
                root = ET.fromstring(file.read())  # noqa: S314  this account's own file
        except FileNotFoundError:
            return ET.Element("Deployments")
        except (ET.ParseError, ValueError, OSError) as error:
            raise _damaged(self.path, str(error)) from None
        if root.tag != "Deployments":
            raise _damaged(self.path, f"its root is {root.tag}, not Deployments")
        return root


def _damaged(path: str, why: str) -> JournalDamaged:
    return JournalDamaged(
        f"The deployment journal {path} cannot be read: {why}. Repair it, or move it away; without it this machine does "
        "not know what is installed."
    )


def _element(entry: Entry) -> ET.Element:
    found = ET.Element(
        "Deployment",
        {
            "Id": entry.id,
            "EnvironmentId": entry.who.environment,
            "TenantId": entry.who.tenant,
            "ProjectId": entry.who.project,
            "InstalledOn": entry.installed_on,
            "RetentionPolicySet": entry.who.policy_set,
            "ExtractedTo": entry.extracted_to,
            "CustomInstallationDirectory": entry.custom_directory,
            "WasSuccessful": str(entry.successful),
        },
    )
    package = {
        "PackageId": entry.package,
        "PackageVersion": entry.version,
        "DeployedFrom": entry.deployed_from,
    }
    ET.SubElement(found, "Package", package)
    return found


def _entry(element: ET.Element) -> Entry:
    package = element.find("Package")
    inside: Dict[str, str] = dict(package.attrib) if package is not None else {}
    who = InstalledAs(
        *(element.get(name, "") for name in ("EnvironmentId", "TenantId", "ProjectId", "RetentionPolicySet"))
    )
    return Entry(
        element.get("Id", ""),
        who,
        inside.get("PackageId", ""),
        inside.get("PackageVersion", ""),
        inside.get("DeployedFrom", ""),
        element.get("ExtractedTo", ""),
        element.get("CustomInstallationDirectory", ""),
        element.get("WasSuccessful", "").lower() == "true",
        element.get("InstalledOn", ""),
    )


def _json(path: str) -> Dict[str, Any]:
    """What `begin` wrote; empty when it was cut off while writing."""
    try:
        return dict(json.loads(read_text(path) or "{}"))
    except ValueError:
        return {}
