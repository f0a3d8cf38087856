"""Numbers in custom formats such as `#,##0.00;(#,##0.00)`.

.NET documentation, "custom numeric format strings"
"""

from __future__ import annotations

import re
from typing import List, NamedTuple

from gurita.formats.templates.dotnet.digits import Digits

__all__ = ["custom_number"]

_PIECE = re.compile(
    r"(?P<literal>'[^']*'?|\"[^\"]*\"?)|\\(?P<escaped>.?)|(?P<power>[eE](?:[+-]?)0+)|(?P<sign>[0#.,%‰;])|(?P<other>.)",
    re.DOTALL,
)
_LONGEST = 5000


class _Piece(NamedTuple):
    """`digit` `0` or `#`, `point`, `comma`, `power`, `scale` or `literal`, and its text."""

    kind: str
    text: str


def custom_number(number: Digits, form: str, *, floating: bool) -> str:
    """The number in a custom format. `floating` numbers keep the sign of minus zero."""
    sections = _sections(form[:_LONGEST])
    section = _chosen(sections, 2 if not number.digits else 1 if number.negative else 0)
    made = _Shape(sections[section]).rounded(number)
    if number.digits and not made.digits:
        section = _chosen(sections, 2)
        made = _Shape(sections[section]).rounded(number)
    negative = number.negative and (floating or bool(made.digits))
    text = _Writing(_Shape(sections[section]), made).text()
    return f"-{text}" if negative and section == 0 and text else text


def _chosen(sections: List[List[_Piece]], wanted: int) -> int:
    """The section for positive (0), negative (1) or zero (2); the first stands in for one that is missing or empty."""
    return wanted if wanted < len(sections) and sections[wanted] else 0


def _sections(form: str) -> List[List[_Piece]]:
    sections: List[List[_Piece]] = [[]]
    for found in _PIECE.finditer(form):
        sign = found.group("sign")
        if sign == ";":
            sections.append([])
        elif sign:
            kind = {".": "point", ",": "comma", "%": "scale", "‰": "scale"}.get(sign, "digit")
            sections[-1].append(_Piece(kind, sign))
        elif found.group("power"):
            sections[-1].append(_Piece("power", found.group("power")))
        elif found.group("literal"):
            quoted = found.group("literal")
            sections[-1].append(_Piece("literal", quoted[1:].rstrip(quoted[0]) if len(quoted) > 1 else ""))
        else:
            sections[-1].append(_Piece("literal", found.group("escaped") or found.group("other") or ""))
    return sections


class _Shape:
    """What a section asks for: places before and after the point, how many of them are always shown, groups, scale."""

    def __init__(self, pieces: List[_Piece]) -> None:
        self.pieces = pieces
        self.places = 0
        self.point = -1
        self.grouped = self.power = False
        self.scale = commas = 0
        zeros: List[int] = []
        commas_at = -1
        for piece in pieces:
            if piece.kind == "digit":
                if piece.text == "0":
                    zeros.append(self.places)
                self.places += 1
            elif piece.kind == "point" and self.point < 0:
                self.point = self.places
            elif piece.kind == "comma" and self.places and self.point < 0:
                self.grouped = self.grouped or (commas_at >= 0 and commas_at != self.places)
                commas = commas + 1 if commas_at == self.places else 1
                commas_at = self.places
            elif piece.kind == "scale":
                self.scale += 2 if piece.text == "%" else 3
            self.power = self.power or piece.kind == "power"
        self.point = self.places if self.point < 0 else self.point
        if commas_at == self.point:
            self.scale -= 3 * commas
        elif commas_at >= 0:
            self.grouped = True
        self.first = max(self.point - zeros[0], 0) if zeros else 0
        self.last = min(self.point - zeros[-1] - 1, 0) if zeros else 0

    def rounded(self, number: Digits) -> Digits:
        moved = number.moved(self.scale)
        count = self.places if self.power else moved.point + self.places - self.point
        return moved.kept(count, even=False)


class _Writing:
    """One number into one shape."""

    def __init__(self, shape: _Shape, number: Digits) -> None:
        self.shape, self.number = shape, number
        self.rest = number.digits
        self.extra = 0 if shape.power else number.point - shape.point
        self.at = shape.point if shape.power else max(number.point, shape.point)
        self.out: List[str] = []
        self.pointed = False
        self.powered = False

    def text(self) -> str:
        for piece in self.shape.pieces:
            if piece.kind in ("digit", "point"):
                self.overflow()
            if piece.kind == "digit":
                self.digit()
            elif piece.kind == "point":
                self.decimal_point()
            elif piece.kind == "power":
                self.power(piece.text)
            elif piece.kind in ("literal", "scale"):
                self.out.append(piece.text)
        return "".join(self.out)

    def overflow(self) -> None:
        """Digits for which the format has no places stand before its first one."""
        while self.extra > 0:
            self.put(self.next() or "0")
            self.at -= 1
            self.extra -= 1

    def next(self) -> str:
        sign, self.rest = self.rest[:1], self.rest[1:]
        return sign

    def put(self, sign: str) -> None:
        self.out.append(sign)
        if self.shape.grouped and self.at > 1 and (self.at - 1) % 3 == 0:
            self.out.append(",")

    def digit(self) -> None:
        if self.extra < 0:
            self.extra += 1
            sign = "0" if self.at <= self.shape.first else ""
        else:
            sign = self.next() or ("0" if self.at > self.shape.last else "")
        if sign:
            self.put(sign)
        self.at -= 1

    def decimal_point(self) -> None:
        if (
            self.at == 0
            and not self.pointed
            and (self.shape.last < 0 or (self.shape.point < self.shape.places and self.rest))
        ):
            self.out.append(".")
            self.pointed = True

    def power(self, text: str) -> None:
        if self.powered:
            self.out.append(text)
            return
        self.powered = True
        value = self.number.point - self.shape.point if self.number.digits else 0
        sign = "-" if value < 0 else "+" if "+" in text else ""
        self.out.append(f"{text[0]}{sign}{str(abs(value)).rjust(min(text.count('0'), 10), '0')}")
