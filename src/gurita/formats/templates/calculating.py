"""`#{calc …}`: doubles and four operators."""

from __future__ import annotations

import math
from typing import Callable, Optional

from gurita.formats.templates.dotnet.doubles import read_double
from gurita.formats.templates.nodes import Number, Operand, Path

__all__ = ["calculate"]


def calculate(operand: Operand, text_of: Callable[[Path], Optional[str]]) -> Optional[float]:
    """The value; None when a variable in it is missing or no number. A division by zero is as IEEE 754 has it."""
    if isinstance(operand, Number):
        return float(operand.text)
    if isinstance(operand, Path):
        text = text_of(operand)
        return None if text is None else read_double(text)
    made: Optional[float] = None
    for sign, each in operand.operands:
        value = calculate(each, text_of)
        if value is None:
            return None
        made = value if made is None else _apply(sign, made, value)
    return made


def _apply(sign: str, left: float, right: float) -> float:
    if sign == "/":
        return _divide(left, right)
    if sign == "*":
        return left * right
    return left + right if sign == "+" else left - right


def _divide(left: float, right: float) -> float:
    if right:
        return left / right
    if not left or math.isnan(left):
        return math.nan
    return math.copysign(math.inf, math.copysign(1.0, left) * math.copysign(1.0, right))
