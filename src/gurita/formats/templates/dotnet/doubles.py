"""Double-precision numbers as text, and texts as such numbers.

.NET API browser, system.double.tostring: since .NET Core 3.0 the shortest text that reads back as the same number.
"""

from __future__ import annotations

import math
import re
from typing import Optional

__all__ = ["double_text", "read_double"]

_FLOAT = re.compile(r"[+-]?(?:[0-9][0-9,]*(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_WORDS = {
    "infinity": math.inf,
    "+infinity": math.inf,
    "-infinity": -math.inf,
    "∞": math.inf,
    "-∞": -math.inf,
    "nan": math.nan,
    "+nan": math.nan,
    "-nan": math.nan,
}


def double_text(value: float) -> str:
    """A number in its shortest form: `0.1`, `1E+20`, `1E-05`, `Infinity`."""
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    sign = "-" if math.copysign(1.0, value) < 0 else ""
    digits, _, exponent = f"{abs(value)!r}".partition("e")
    whole, _, rest = digits.partition(".")
    rest = "" if rest == "0" and not exponent else rest.rstrip("0")
    point = len(whole) + int(exponent or 0)
    every = whole + rest
    leading = len(every) - len(every.lstrip("0"))
    every, point = every[leading:].rstrip("0") or "0", point - leading
    if every == "0":
        return f"{sign}0"
    if -4 < point <= max(15, len(every)):
        if point <= 0:
            return f"{sign}0.{'0' * -point}{every}"
        whole, rest = every[:point].ljust(point, "0"), every[point:]
        return f"{sign}{whole}.{rest}" if rest else f"{sign}{whole}"
    power = point - 1
    mantissa = f"{every[0]}.{every[1:]}" if len(every) > 1 else every
    return f"{sign}{mantissa}E{'-' if power < 0 else '+'}{abs(power):02d}"


def read_double(text: str) -> Optional[float]:
    """A text as `double.Parse` reads it: white space around it, thousands separated, an exponent; None when it is no number."""
    text = text.strip(" \t\n\v\f\r")
    if _FLOAT.fullmatch(text):
        return float(text.replace(",", ""))
    return _WORDS.get(text.lower())
