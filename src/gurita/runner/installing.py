"""Folders of an installation: where a version goes, extraction beside it, the copy to a custom directory, its purge."""

from __future__ import annotations

import os
import re
import shutil
from typing import List, Pattern, Sequence, Tuple

from gurita.formats.extraction import Extracted, ExtractionRefused, extract
from gurita.formats.globs import GlobError, compiled, matches
from gurita.runner.faults import fault
from gurita.runner.package_work import Package, PackageWork
from gurita.runner.private import remove_tree

__all__ = [
    "Failure",
    "copy_tree",
    "file_name",
    "home_of",
    "place_file",
    "purge",
    "safe_name",
    "unpack",
    "version_folder",
]

_UNFIT = re.compile(r'[\0-\x1f\x7f/\\:*?"<>|]')
_TRIES = 10_000
_SYSTEM = frozenset(
    f"/{name}"
    for name in [
        "bin",
        "boot",
        "dev",
        "etc",
        "home",
        "lib",
        "lib32",
        "lib64",
        "media",
        "mnt",
        "opt",
        "proc",
        "root",
        "run",
        "sbin",
        "srv",
        "sys",
        "tmp",
        "usr",
        "var",
    ]
)


class Failure(Exception):
    """The work cannot go on; the message is the sentence for the log. `rc` is the exit code of the ticket."""

    def __init__(self, message: str, rc: int = 1) -> None:
        super().__init__(message)
        self.rc = rc


def safe_name(text: str) -> str:
    """A text as one part of a path."""
    found = _UNFIT.sub("_", text).strip()
    return "_" * len(found) if found in ("", ".", "..") else found


def home_of(applications: str) -> str:
    """The root of all installations. Raises Failure when it is no absolute path."""
    root = os.path.expanduser(applications or os.path.join("~", "Applications"))
    if not os.path.isabs(root):
        raise Failure(
            f"Octopus.Tentacle.Agent.ApplicationDirectoryPath is '{root}'; it must be an absolute path."
        )
    return root


def version_folder(work: PackageWork, package: Package) -> str:
    """Where the package belongs, before `_1`, `_2`… are put behind it."""
    parts = [work.tenant, work.environment] if work.tenant else [work.environment]
    return os.path.join(
        home_of(work.applications), *map(safe_name, parts), safe_name(package.id), safe_name(package.version)
    )


def unpack(archive: str, package: Package, wanted: str, temporary: str) -> Tuple[str, Extracted]:
    """Extract to `temporary` and rename to `wanted`, or the first of `wanted_1`, `wanted_2`… that is free. Raises Failure."""
    os.makedirs(os.path.dirname(wanted), exist_ok=True)
    try:
        done = extract(archive, temporary, extension=package.extension)
    except ExtractionRefused as error:
        raise Failure(f"Package {package.id} {package.version} was not extracted: {error}") from None
    fault("runner.extracted")
    try:
        return _settled(temporary, wanted), done
    except BaseException:
        remove_tree(temporary)
        raise


def _settled(temporary: str, wanted: str) -> str:
    for number in range(_TRIES):
        path = f"{wanted}_{number}" if number else wanted
        try:
            os.mkdir(path)
        except FileExistsError:
            continue
        os.rename(temporary, path)
        return path
    raise Failure(f"There are {_TRIES} installations beside {wanted}; remove some.")


def file_name(package: Package) -> str:
    """The file name a package has outside of the cache."""
    return safe_name(f"{package.id}.{package.version}{package.extension}")


def place_file(source: str, path: str) -> None:
    """Copy a file to `path` in one step, whatever is there."""
    aside = os.path.join(os.path.dirname(path), f".gurita-{os.urandom(6).hex()}")
    try:
        shutil.copyfile(source, aside)
        os.replace(aside, path)
    except BaseException:
        remove_tree(aside)
        raise


def copy_tree(source: str, target: str) -> int:
    """Copy all below `source` into `target`, over what is there; links stay links. Counts files. Raises Failure, OSError."""
    inside, outside = os.path.realpath(source), os.path.realpath(target)
    if (outside + os.sep).startswith(inside + os.sep) or (inside + os.sep).startswith(outside + os.sep):
        raise Failure(
            f"The custom installation directory {target} and the extracted package {source} lie in each other."
        )
    os.makedirs(target, exist_ok=True)
    copied, folders = 0, [(source, target)]
    while folders:
        here, there = folders.pop()
        with os.scandir(here) as entries:
            for entry in entries:
                path = os.path.join(there, entry.name)
                if entry.is_dir(follow_symlinks=False):
                    os.makedirs(path, exist_ok=True)
                    folders.append((entry.path, path))
                else:
                    _copy(entry.path, path)
                    copied += 1
    return copied


def _copy(source: str, path: str) -> None:
    aside = os.path.join(os.path.dirname(path), f".gurita-{os.urandom(6).hex()}")
    try:
        shutil.copy2(source, aside, follow_symlinks=False)
        os.replace(aside, path)
    except BaseException:
        remove_tree(aside)
        raise


def purge(target: str, exclusions: Sequence[str], kept: Sequence[str]) -> int:
    """Empty a custom directory but for what an exclusion matches; counts files. Raises Failure for a folder that holds more
    than an application: parts of the system, and whatever contains one of `kept`."""
    real = os.path.realpath(target)
    holds = [
        path for path in kept if (os.path.realpath(path) + os.sep).startswith(real.rstrip(os.sep) + os.sep)
    ]
    if real in _SYSTEM or real == os.sep or holds:
        raise Failure(
            f"The custom installation directory {target} was not purged: it holds more than an application."
        )
    if not os.path.isdir(real):
        return 0
    try:
        globs = [compiled(line) for line in exclusions if line.strip()]
    except GlobError as error:
        raise Failure(f"The exclusions of the purge cannot be read: {error}") from None
    return _purge(real, "", globs)


def _purge(folder: str, below: str, globs: "List[Pattern[str]]") -> int:
    removed = 0
    with os.scandir(folder) as entries:
        found = list(entries)
    for entry in found:
        name = below + entry.name
        if matches(name, globs):
            continue
        if entry.is_dir(follow_symlinks=False):
            removed += _purge(entry.path, f"{name}/", globs)
            if not os.listdir(entry.path):
                os.rmdir(entry.path)
        else:
            os.unlink(entry.path)
            removed += 1
    return removed
