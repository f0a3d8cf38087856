"""Numbers in the standard formats, invariant culture.

.NET documentation, "standard numeric format strings". Halves go away from zero for whole numbers and
decimals; a double is rounded from its exact value, halves to even, as since .NET Core 3.0.
"""

from __future__ import annotations

import math
import re
from decimal import Context, Decimal
from typing import Callable, Dict, NamedTuple, Optional, Tuple

from gurita.formats.templates.dotnet.custom_numbers import custom_number
from gurita.formats.templates.dotnet.digits import Digits, digits_of, fixed, grouped
from gurita.formats.templates.dotnet.doubles import double_text

__all__ = ["FormatError", "Number", "format_number", "read_decimal"]

_STANDARD = re.compile(r"([A-Za-z])([0-9]{0,9})")
_DECIMAL = re.compile(
    r"[\t-\r ]*([+-]?)[\t-\r ]*([0-9][0-9,]*(?:\.[0-9]*)?|\.[0-9]+)[\t-\r ]*([+-]?)[\t-\r ]*\0*"
)
_MOST_DIGITS = 10_000
_LARGEST = Decimal(79228162514264337593543950335)
_WIDE = Context(prec=1200)


class FormatError(ValueError):
    """A format string that the type does not have."""


class Number(NamedTuple):
    """A value and its type: `int`, `decimal` or `double`."""

    kind: str
    value: Decimal
    double: float = 0.0

    @classmethod
    def of_double(cls, value: float) -> Number:
        """A double with its exact value."""
        return cls("double", Decimal(value) if math.isfinite(value) else Decimal(0), value)


def read_decimal(text: str) -> Optional[Number]:
    """.NET API browser, system.decimal.parse: thousands separated, no exponent, up to 28 digits."""
    found = _DECIMAL.fullmatch(text) if len(text) < 1000 else None
    if found is None or (found.group(1) and found.group(3)):
        return None
    value = Decimal(found.group(2).replace(",", ""))
    if value > _LARGEST:
        return None
    exponent = value.as_tuple().exponent
    if isinstance(exponent, int) and -exponent > 28:
        value = value.quantize(Decimal(1).scaleb(-28), context=_WIDE)
    negative = "-" in (found.group(1), found.group(3))
    return Number("decimal", value.copy_negate() if negative else value)


def format_number(number: Number, form: str) -> str:
    """The number in a standard or custom format. Raises FormatError."""
    if number.kind == "double" and not math.isfinite(number.double):
        return double_text(number.double)
    standard = _STANDARD.fullmatch(form or "G")
    if standard is None:
        floating = number.kind == "double"
        digits = digits_of(number.value)
        return custom_number(digits.kept(15, even=True) if floating else digits, form, floating=floating)
    letter, precision = standard.group(1), int(standard.group(2)) if standard.group(2) else None
    call = _STANDARDS.get(letter.upper())
    if call is None or (precision or 0) > _MOST_DIGITS:
        raise FormatError(form)
    return call(number, letter, precision)


def _places(number: Number, precision: Optional[int], scale: int = 0) -> Tuple[str, bool]:
    """The digits with so many of them after the point (2 unless told), and whether it is negative."""
    count = 2 if precision is None else precision
    digits = digits_of(number.value).moved(scale)
    made = digits.kept(digits.point + count, even=number.kind == "double")
    return fixed(made, count), made.negative and (bool(made.digits) or number.kind == "double")


def _fixed(number: Number, _letter: str, precision: Optional[int]) -> str:
    text, negative = _places(number, precision)
    return f"-{text}" if negative else text


def _number(number: Number, _letter: str, precision: Optional[int]) -> str:
    text, negative = _places(number, precision)
    return f"-{grouped(text)}" if negative else grouped(text)


def _currency(number: Number, _letter: str, precision: Optional[int]) -> str:
    text, negative = _places(number, precision)
    return f"(¤{grouped(text)})" if negative else f"¤{grouped(text)}"


def _percent(number: Number, _letter: str, precision: Optional[int]) -> str:
    text, negative = _places(number, precision, 2)
    return f"{'-' if negative else ''}{grouped(text)} %"


def _power(number: Number, letter: str, precision: Optional[int]) -> str:
    count = 6 if precision is None else precision
    made = digits_of(number.value).kept(count + 1, even=number.kind == "double")
    sign = "-" if made.negative and (made.digits or number.kind == "double") else ""
    return sign + _scientific(made, letter, count, 3)


def _scientific(made: Digits, letter: str, count: int, width: int) -> str:
    digits = made.digits.ljust(count + 1, "0")
    power = made.point - 1 if made.digits else 0
    mantissa = f"{digits[0]}.{digits[1:]}" if count > 0 else digits[0]
    return f"{mantissa}{letter}{'-' if power < 0 else '+'}{str(abs(power)).rjust(width, '0')}"


def _general(number: Number, letter: str, precision: Optional[int]) -> str:
    if number.kind == "double" and not precision:
        return double_text(number.double) if letter in "GR" else double_text(number.double).replace("E", "e")
    if number.kind == "decimal" and precision is None:
        text = format(number.value.copy_abs(), "f")
        return f"-{text}" if number.value < 0 else text
    digits = digits_of(number.value)
    most = precision or max(len(digits.digits), digits.point if number.kind == "int" else 1)
    made = digits.kept(most, even=number.kind == "double")
    sign = "-" if made.negative and (made.digits or number.kind == "double") else ""
    if made.point > most or made.point < -3:
        return sign + _scientific(made, "E" if letter == "G" else "e", len(made.digits) - 1, 2)
    return sign + fixed(made, max(len(made.digits) - made.point, 0))


def _whole(number: Number, letter: str, precision: Optional[int]) -> str:
    if number.kind != "int":
        raise FormatError(letter)
    text = str(abs(int(number.value))).rjust(precision or 0, "0")
    return f"-{text}" if number.value < 0 else text


def _based(number: Number, letter: str, precision: Optional[int]) -> str:
    """Hexadecimal and binary, in the two's complement of 32 bits."""
    if number.kind != "int":
        raise FormatError(letter)
    text = format(int(number.value) % 2**32, "b" if letter in "Bb" else letter)
    return text.rjust(precision or 0, "0")


def _round_trip(number: Number, letter: str, _precision: Optional[int]) -> str:
    if number.kind != "double":
        raise FormatError(letter)
    return double_text(number.double)


_STANDARDS: Dict[str, Callable[[Number, str, Optional[int]], str]] = {
    "B": _based,
    "C": _currency,
    "D": _whole,
    "E": _power,
    "F": _fixed,
    "G": _general,
    "N": _number,
    "P": _percent,
    "R": _round_trip,
    "X": _based,
}
