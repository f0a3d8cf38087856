"""How a text file is encoded, and how it is written back (runtime formats 5.2, 5.3)."""

from __future__ import annotations

import codecs
import re
from typing import NamedTuple, Optional, Tuple

from gurita.formats.configuration.errors import Unreadable

__all__ = ["Decoded", "decode", "encode", "known_encoding", "line_end"]

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_ALIASES = {
    "unicode": "utf-16-le",
    "utf-16": "utf-16-le",
    "utf16": "utf-16-le",
    "utf-32": "utf-32-le",
    "utf-8-sig": "utf-8",
    "bigendianunicode": "utf-16-be",
    "unicodefffe": "utf-16-be",
}
_DECLARED = re.compile(rb"""\s*<\?xml[^>]{0,200}?\sencoding\s*=\s*["']([A-Za-z][\w.-]{0,40})["']""")
_DECLARATION = re.compile(r"""(\s*<\?xml[^>]{0,200}?\sencoding\s*=\s*["'])([A-Za-z][\w.-]{0,40})""")
_SAMPLE = 4096


class Decoded(NamedTuple):
    """A file's text without its byte order mark. `encoding` is one of Python's; `ascii` says that no byte was above 127."""

    text: str
    encoding: str
    bom: bytes = b""
    ascii: bool = False


def decode(data: bytes, *, declared: bool = False) -> Decoded:
    """Read a file by its byte order mark, the encoding its XML declaration names (`declared`), or what fits: UTF-16 without a
    mark, UTF-8, Windows-1252, and Latin-1, which fits everything. Raises Unreadable for a mark that does not keep its promise."""
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return Decoded(_read(data[len(bom) :], encoding), encoding, bom)
    wide = _without_mark(data)
    if wide:
        return Decoded(_read(data, wide), wide)
    named = _DECLARED.match(data) if declared else None
    if named:
        name = known_encoding(named.group(1).decode("ascii"))
        if name is None:
            raise Unreadable(
                f"its declaration names the encoding {named.group(1).decode()}, which is not known"
            )
        if not name.startswith("utf-16"):
            return Decoded(_read(data, name), name, ascii=data.isascii())
    for encoding in ("utf-8", "cp1252"):
        if encoding == "cp1252" and not re.search(rb"[\x80-\x9f]", data):
            break
        try:
            return Decoded(data.decode(encoding), encoding, ascii=data.isascii())
        except UnicodeDecodeError:
            continue
    return Decoded(data.decode("latin-1"), "latin-1")


def encode(text: str, found: Decoded, *, declared: bool = False) -> Tuple[bytes, bool]:
    """The bytes of a changed text in the encoding it was found in; the second is whether it had to become UTF-8.

    With `declared` an XML declaration is corrected then. A text with lone surrogates raises Unreadable.
    """
    try:
        return found.bom + text.encode(found.encoding), False
    except UnicodeEncodeError:
        pass
    if declared:
        text = _DECLARATION.sub(r"\1utf-8", text, count=1)
    try:
        return text.encode("utf-8"), True
    except UnicodeEncodeError:
        raise Unreadable("a value has half a character, which no file can hold") from None


def known_encoding(name: str) -> Optional[str]:
    """Python's name of an encoding named as in .NET or IANA; None for one that is not known or no encoding of texts."""
    wanted = name.strip().lower()
    wanted = _ALIASES.get(wanted, wanted)
    try:
        info = codecs.lookup(wanted)
    except LookupError:
        return None
    return info.name if getattr(info, "_is_text_encoding", True) and _makes_bytes(info.name) else None


def line_end(text: str) -> str:
    """The line end a text uses most."""
    double = text.count("\r\n")
    return "\r\n" if double and double * 2 >= text.count("\n") else "\n"


def _makes_bytes(name: str) -> bool:
    return name not in (
        "idna",
        "punycode",
        "undefined",
        "unicode_escape",
        "raw_unicode_escape",
        "mbcs",
        "oem",
    )


def _read(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise Unreadable(f"it is not {encoding} throughout: {error.reason} at byte {error.start}") from None


def _without_mark(data: bytes) -> str:
    """UTF-16 shows by every second byte being zero where texts are mostly Latin."""
    sample = data[:_SAMPLE]
    if len(sample) < 4 or len(data) % 2 or 0 not in sample:
        return ""
    low, high = sample[0::2].count(0), sample[1::2].count(0)
    half = len(sample) // 2
    if high > half * 0.7 and low < half * 0.05:
        return "utf-16-le"
    if low > half * 0.7 and high < half * 0.05:
        return "utf-16-be"
    return ""
