"""Old installations removed from the target after a new one, by its journal (product.md 3.4.5, "Files on targets")."""

from __future__ import annotations

import calendar
import os
import time
from typing import List, NamedTuple, Tuple

from gurita.runner.deployment_journal import Entry, Journal
from gurita.runner.package_work import InstalledAs, Retained
from gurita.runner.private import remove_tree
from gurita.runner.told import Told

__all__ = ["Verdict", "judged", "remove_old"]

_DAY = 86400.0


class Verdict(NamedTuple):
    """An installation of the journal, whether it stays, and why."""

    entry: Entry
    stays: bool
    why: str


def judged(entries: List[Entry], retained: Retained, now: float) -> List[Verdict]:
    """What becomes of the installations of one step on one machine, `entries` the oldest first, `now` in seconds since 1970.

    The last and the one before it that went well always stay. `items`: the newest that went well, as many as said, the last one
    counted. `days`: whatever is not older. Neither: everything.
    """
    successes = [entry.id for entry in reversed(entries) if entry.successful]
    found: List[Verdict] = []
    for entry in reversed(entries):
        if entry.id in successes[:2]:
            why = "it is the current one" if entry.id == successes[0] else "it is the one to go back to"
            found.append(Verdict(entry, True, why))
        elif not retained.items and not retained.days:
            found.append(Verdict(entry, True, "everything is kept"))
        elif retained.items:
            stays = entry.id in successes[: retained.items]
            why = f"the newest {retained.items} are kept" if entry.successful else "it failed"
            found.append(Verdict(entry, stays, why))
        else:
            age = (now - _moment(entry.installed_on)) / _DAY
            found.append(Verdict(entry, age <= retained.days, f"it is {age:.1f} days old"))
    return found[::-1]


def remove_old(journal: Journal, who: InstalledAs, retained: Retained, told: Told) -> None:
    """Remove the folders of old installations and their entries. Custom directories stay. What goes wrong is a warning."""
    if not retained.items and not retained.days:
        return
    entries = journal.entries()
    verdicts = judged([entry for entry in entries if entry.who == who], retained, time.time())
    gone = {verdict.entry.id for verdict in verdicts if not verdict.stays}
    kept = [entry for entry in entries if entry.id not in gone]
    removed: List[str] = []
    for entry, stays, why in verdicts:
        what = f"{entry.package} {entry.version} of {entry.installed_on}"
        if stays:
            told.verbose(f"Keeping {what}: {why}.")
        elif _remove(entry, kept, told):
            told.info(f"Removed {what} from {entry.extracted_to or 'the journal'}: {why}.")
            removed.append(entry.id)
    if removed:
        journal.remove(removed)


def _remove(entry: Entry, kept: List[Entry], told: Told) -> bool:
    """Whether nothing is left of an installation. A folder that another one uses, or that holds one, stays."""
    folder = os.path.normpath(entry.extracted_to) if entry.extracted_to else ""
    used = [place for other in kept for place in _places(other)]
    if not folder or any((place + os.sep).startswith(folder + os.sep) for place in used):
        return True
    if not os.path.isabs(folder) or folder.count(os.sep) < 2:
        return False
    try:
        remove_tree(folder)
    except OSError as error:
        told.warning(f"{folder} could not be removed: {error.strerror or error}.")
    if os.path.lexists(folder):
        told.warning(f"{folder} is still there; the next deployment tries again.")
        return False
    return True


def _places(entry: Entry) -> Tuple[str, ...]:
    return tuple(os.path.normpath(each) for each in (entry.extracted_to, entry.custom_directory) if each)


def _moment(installed_on: str) -> float:
    try:
        return float(calendar.timegm(time.strptime(installed_on, "%Y-%m-%d %H:%M:%S")))
    except ValueError:
        return time.time()
