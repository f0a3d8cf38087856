"""Which transform file is applied to which configuration file (runtime formats 5.4)."""

from __future__ import annotations

import os
import re
from typing import Dict, Iterable, Iterator, List, NamedTuple, Optional, Tuple

__all__ = ["Definition", "Pair", "automatic", "definitions", "pairs"]


class Definition(NamedTuple):
    """`transform => target` as somebody wrote it, with forward slashes; `*` stands for the same text on both sides."""

    transform: str
    target: str

    def __str__(self) -> str:
        return f"{self.transform} => {self.target}"


class Pair(NamedTuple):
    """Paths of a transform and of the file it is applied to, and what asked for it."""

    transform: str
    target: str
    definition: Definition


def automatic(environment: str, tenant: str) -> List[Definition]:
    """`*.Release.config`, then the environment's, then the tenant's."""
    names = [name for name in ("Release", environment, tenant) if name]
    return [Definition(f"*.{name}.config", "*.config") for name in dict.fromkeys(names)]


def definitions(text: str) -> Tuple[List[Definition], List[str]]:
    """Lines or commas with `transform => target`; `Name.config` alone is `*.Name.config => *.config`. The second are those that
    cannot be read: `*` may stand anywhere in a transform, but in a target only before its name, which must be relative."""
    found: List[Definition] = []
    bad: List[str] = []
    for line in re.split(r"[\r\n,]+", text):
        transform, arrow, target = (each.strip().replace("\\", "/") for each in line.partition("=>"))
        if not transform and not arrow:
            continue
        if not arrow:
            transform, target = f"*.{transform}", f"*{os.path.splitext(transform)[1]}"
        folder, _, name = target.rpartition("/")
        if not transform or not name or "*" in folder or "*" in name[1:] or target.startswith("/"):
            bad.append(line.strip())
        else:
            found.append(Definition(transform, target))
    return found, bad


def pairs(root: str, wanted: Iterable[Definition]) -> Iterator[Pair]:
    """Every pair of files below `root`, in the order of the definitions. Names have no case, as where these files come from.

    Both sides are relative to any one folder; a transform may have an absolute path, everything else stays below `root`.
    """
    folders = _folders(root)
    for definition in wanted:
        for folder in sorted(folders):
            for transform, target in _in_folder(root, folder, folders, definition):
                yield Pair(transform, target, definition)


def _folders(root: str) -> Dict[str, List[str]]:
    """Files by folder; links to folders are not followed."""
    found: Dict[str, List[str]] = {}
    for folder, inside, files in os.walk(root):
        inside.sort()
        found[folder] = sorted(files)
    return found


def _in_folder(
    root: str, folder: str, folders: Dict[str, List[str]], definition: Definition
) -> Iterator[Tuple[str, str]]:
    below, _, name = definition.target.rpartition("/")
    place = _below(root, folder, below)
    above, _, transform = definition.transform.rpartition("/")
    source = above or "/" if definition.transform.startswith("/") else _below(root, folder, above)
    if place is None or source is None:
        return
    names = folders.get(source)
    if names is None:
        names = sorted(os.listdir(source)) if os.path.isabs(above) and os.path.isdir(source) else []
    for target in folders.get(place, []):
        stem = _stem(name, target)
        if stem is None:
            continue
        pattern = _pattern(transform, stem if "*" in name else "")
        for each in names:
            if pattern.fullmatch(each) and os.path.join(source, each) != os.path.join(place, target):
                yield os.path.join(source, each), os.path.join(place, target)


def _below(root: str, folder: str, relative: str) -> Optional[str]:
    """A folder relative to another, in the spelling it has; None outside of `root`."""
    path = folder
    for part in filter(None, relative.split("/")):
        path = os.path.dirname(path) if part == ".." else path if part == "." else _spelled(path, part)
        if path != root and not path.startswith(root + os.sep):
            return None
    return path


def _spelled(folder: str, name: str) -> str:
    if not os.path.isdir(os.path.join(folder, name)) and os.path.isdir(folder):
        name = next((each for each in sorted(os.listdir(folder)) if each.lower() == name.lower()), name)
    return os.path.join(folder, name)


def _stem(pattern: str, name: str) -> Optional[str]:
    """What `*` stands for in a name; None when the name does not fit."""
    match = re.fullmatch(re.escape(pattern).replace(r"\*", "(.*)"), name, re.IGNORECASE | re.DOTALL)
    return None if match is None else "".join(match.groups())


def _pattern(name: str, stem: str) -> "re.Pattern[str]":
    first, star, rest = name.partition("*")
    if stem and star:
        text = re.escape(first) + re.escape(stem) + re.escape(rest).replace(r"\*", ".*")
    else:
        text = re.escape(name).replace(r"\*", ".*")
    return re.compile(text, re.IGNORECASE | re.DOTALL)
