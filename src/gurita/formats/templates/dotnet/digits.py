"""Decimal digits and where the point stands: what every number format works on."""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

__all__ = ["Digits", "digits_of", "fixed", "grouped"]


class Digits(NamedTuple):
    """`0.DIGITS` times ten to the power of `point`. No zeros in front or at the end; zero has no digits."""

    negative: bool
    digits: str
    point: int

    def moved(self, places: int) -> Digits:
        """Ten to the power of `places` times as much."""
        return self._replace(point=self.point + places) if self.digits else self

    def kept(self, count: int, *, even: bool) -> Digits:
        """Rounded to its first `count` digits; halves away from zero, or to even."""
        if count >= len(self.digits):
            return self
        if count < 0:
            return Digits(self.negative, "", 0)
        head, rest = self.digits[:count], self.digits[count:]
        half = rest[0] == "5" and not rest[1:].strip("0")
        odd = bool(head) and int(head[-1]) % 2 == 1
        if rest[0] > "5" or (rest[0] == "5" and (not half or not even or odd)):
            raised = str(int(head or "0") + 1) if len(head) < 4000 else _raised(head)
            return _trimmed(self.negative, raised, self.point + len(raised) - len(head))
        return _trimmed(self.negative, head, self.point)


def _raised(digits: str) -> str:
    """One more in the last place, for more digits than a whole number may be made of."""
    nines = len(digits) - len(digits.rstrip("9"))
    head = digits[: len(digits) - nines]
    return (head[:-1] + str(int(head[-1]) + 1) if head else "1") + "0" * nines


def _trimmed(negative: bool, digits: str, point: int) -> Digits:
    digits = digits.rstrip("0")
    return Digits(negative, digits, point if digits else 0)


def digits_of(value: Decimal) -> Digits:
    """A finite number's digits."""
    sign, digits, exponent = value.as_tuple()
    text = "".join(map(str, digits)).lstrip("0")
    return _trimmed(bool(sign), text, len(text) + int(exponent))


def fixed(number: Digits, places: int) -> str:
    """Digits with a point and `places` of them after it, without sign. The number is rounded already."""
    point = number.point
    whole = number.digits[: max(point, 0)].ljust(max(point, 0), "0") or "0"
    rest = ("0" * min(-point, places) if point < 0 else "") + number.digits[max(point, 0) :]
    return f"{whole}.{rest[:places].ljust(places, '0')}" if places > 0 else whole


def grouped(text: str) -> str:
    """Thousands separated by commas, in digits that may have a point."""
    whole, point, rest = text.partition(".")
    first = len(whole) % 3 or 3
    groups = [whole[:first], *(whole[at : at + 3] for at in range(first, len(whole), 3))]
    return ",".join(groups) + point + rest
