"""The filter Format: numbers and dates in .NET's formats."""

from __future__ import annotations

from decimal import Decimal
from typing import Callable, Dict, Optional, Sequence

from gurita.formats.templates.dotnet.doubles import read_double
from gurita.formats.templates.dotnet.integers import read_int32
from gurita.formats.templates.dotnet.moment_formats import format_moment
from gurita.formats.templates.dotnet.moments import read_moment
from gurita.formats.templates.dotnet.numbers import FormatError, Number, format_number, read_decimal
from gurita.formats.templates.filters.registry import text_filter

__all__ = ["TYPES"]

As = Callable[[str, str], Optional[str]]


def _int(text: str, form: str) -> Optional[str]:
    value = read_int32(text)
    return None if value is None else format_number(Number("int", Decimal(value)), form)


def _double(text: str, form: str) -> Optional[str]:
    value = read_double(text)
    return None if value is None else format_number(Number.of_double(value), form)


def _decimal(text: str, form: str) -> Optional[str]:
    value = read_decimal(text)
    return None if value is None else format_number(value, form)


def _date(text: str, form: str) -> Optional[str]:
    moment = read_moment(text)
    try:
        return None if moment is None else format_moment(moment.local(), form, with_offset=False)
    except OverflowError:
        return None


def _date_with_offset(text: str, form: str) -> Optional[str]:
    moment = read_moment(text)
    return None if moment is None else format_moment(moment, form, with_offset=True)


TYPES: Dict[str, As] = {
    "int": _int,
    "int32": _int,
    "double": _double,
    "decimal": _decimal,
    "date": _date,
    "datetime": _date,
    "datetimeoffset": _date_with_offset,
}


@text_filter("Format", least=1, most=2)
def _format(text: str, options: Sequence[str]) -> Optional[str]:
    try:
        if len(options) == 2:
            call = TYPES.get(options[0].lower())
            return None if call is None else call(text, options[1])
        if read_decimal(text) is not None:
            return _decimal(text, options[0])
        return _date_with_offset(text, options[0])
    except FormatError:
        return None
