"""Variables put into configuration files of any known format (runtime formats 5.3)."""

from __future__ import annotations

import os
import shutil
from typing import Callable, Dict, Mapping, NamedTuple, Sequence, Tuple

from gurita.formats.configuration.encodings import Decoded, decode, encode
from gurita.formats.configuration.errors import ConfigurationError, Unreadable
from gurita.formats.configuration.json_format import json_text
from gurita.formats.configuration.properties_format import properties_text
from gurita.formats.configuration.values import Change
from gurita.formats.configuration.xml_format import xml_text
from gurita.formats.configuration.yaml_format import yaml_text

__all__ = ["FORMATS", "LARGEST", "Replaced", "read_bounded", "replace_bytes", "replace_in", "write_over"]

LARGEST = 64 * 1024 * 1024
"""Bytes of a configuration file."""

FORMATS = ("json", "xml", "yaml", "properties")
_BY_EXTENSION = {".json": "json", ".xml": "xml", ".yaml": "yaml", ".yml": "yaml", ".properties": "properties"}


class Replaced(NamedTuple):
    """What was done with a file: the format it was read as, the names of the variables put in, what somebody should know, and
    whether its encoding had to become UTF-8."""

    format: str
    names: Tuple[str, ...] = ()
    warnings: Tuple[str, ...] = ()
    upgraded: bool = False


def replace_in(path: str, variables: Mapping[str, str], *, formats: Sequence[str] = ()) -> Replaced:
    """Replace in a file, which is written only if something changed. `formats` are those to try; without them JSON and then what
    its extension says, and every format for other extensions. Raises ConfigurationError, OSError."""
    data = read_bounded(path)
    new, found = replace_bytes(data, variables, formats or _formats_of(path))
    if new != data:
        write_over(path, new)
    return found


def replace_bytes(
    data: bytes, variables: Mapping[str, str], formats: Sequence[str]
) -> Tuple[bytes, Replaced]:
    """The same for what a file holds; `formats` are tried in their order. Raises ConfigurationError."""
    failures: Dict[str, str] = {}
    if not data.strip():
        return data, Replaced(formats[-1])
    for each in formats:
        try:
            decoded = decode(data, declared=each == "xml")
            change = _change(each, decoded, variables, guessed=len(formats) > 2)
        except Unreadable as error:
            failures[each] = str(error)
            continue
        if change.text == decoded.text:
            return data, Replaced(each, change.names, change.warnings)
        new, upgraded = encode(change.text, decoded, declared=each == "xml")
        return new, Replaced(each, change.names, change.warnings, upgraded)
    told = list(failures.items()) if len(failures) > 2 else list(failures.items())[-1:]
    raise Unreadable("; ".join(f"it is not {_TITLES[name]}: {why}" for name, why in told))


_TITLES = {"json": "JSON", "xml": "XML", "yaml": "YAML", "properties": "a properties file"}
_TEXTS: Dict[str, Callable[[str, Mapping[str, str]], Change]] = {"json": json_text, "xml": xml_text}


def _change(name: str, decoded: Decoded, variables: Mapping[str, str], *, guessed: bool) -> Change:
    if name == "yaml":
        return yaml_text(decoded.text, variables, guessed=guessed)
    if name == "properties":
        highest = {"latin-1": 0xFF, "cp1252": 0x7E}.get(decoded.encoding, 0x10FFFF)
        return properties_text(decoded.text, variables, highest=0x7E if decoded.ascii else highest)
    return _TEXTS[name](decoded.text, variables)


def _formats_of(path: str) -> Sequence[str]:
    own = _BY_EXTENSION.get(os.path.splitext(path)[1].lower())
    if own is None:
        return FORMATS
    return ("json",) if own == "json" else ("json", own)


def read_bounded(path: str) -> bytes:
    """A file's bytes. Raises ConfigurationError for one that is too large, OSError."""
    with open(path, "rb") as file:
        data = file.read(LARGEST + 1)
    if len(data) > LARGEST:
        raise ConfigurationError(f"it is larger than {LARGEST // 1024 // 1024} MiB")
    return data


def write_over(path: str, data: bytes) -> None:
    """Replace a file in one step, its mode kept; a link stays a link."""
    real = os.path.realpath(path)
    aside = os.path.join(os.path.dirname(real), f".gurita-{os.urandom(6).hex()}")
    try:
        with open(aside, "xb") as file:
            file.write(data)
        shutil.copymode(real, aside)
        os.replace(aside, real)
    except BaseException:
        if os.path.exists(aside):
            os.unlink(aside)
        raise
