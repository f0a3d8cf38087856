"""Dates through the filters Format, AddHours, AddDays and NowDate. Each row follows a page of Microsoft's .NET documentation;
the culture is the invariant one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from gurita.formats.templates.filters import dates
from gurita.formats.variables import Variables
from tests.filter_table import Row, filtered

STANDARD = "Standard date and time format strings"
CUSTOM = "Custom date and time format strings"
PARSE = "Parse date and time strings in .NET"
INFO = "DateTimeFormatInfo.InvariantInfo"

AT = "2009-06-15T13:45:30.6175425-07:00"

DateRow = tuple[str, tuple[str, ...], str | None, str]
ROWS: list[DateRow] = [
    (AT, ("d",), "06/15/2009", STANDARD),
    (AT, ("D",), "Monday, 15 June 2009", STANDARD),
    (AT, ("f",), "Monday, 15 June 2009 13:45", STANDARD),
    (AT, ("F",), "Monday, 15 June 2009 13:45:30", STANDARD),
    (AT, ("g",), "06/15/2009 13:45", STANDARD),
    (AT, ("G",), "06/15/2009 13:45:30", STANDARD),
    (AT, ("M",), "June 15", STANDARD),
    (AT, ("O",), "2009-06-15T13:45:30.6175425-07:00", STANDARD),
    (AT, ("R",), "Mon, 15 Jun 2009 20:45:30 GMT", STANDARD),
    (AT, ("s",), "2009-06-15T13:45:30", STANDARD),
    (AT, ("t",), "13:45", STANDARD),
    (AT, ("T",), "13:45:30", STANDARD),
    (AT, ("u",), "2009-06-15 20:45:30Z", STANDARD),
    (AT, ("U",), None, STANDARD),  # a date with an offset has no U
    (AT, ("Y",), "2009 June", STANDARD),
    (AT, ("q",), None, STANDARD),
    (AT, ("%d",), "15", CUSTOM),
    (AT, ("ddd dddd",), "Mon Monday", CUSTOM),
    (AT, ("ff fff ffffff fffffff",), "61 617 617542 6175425", CUSTOM),
    ("2009-06-15T13:45:30.05", ("ss.FF s.F",), "30.05 30", CUSTOM),
    (AT, ("yyyy gg",), "2009 A.D.", CUSTOM),
    (AT, ("%h hh H HH",), "1 01 13 13", CUSTOM),
    ("2009-06-15T00:05:00Z", ("h:mm tt",), "12:05 AM", CUSTOM),
    (AT, ("m M MM MMM MMMM",), "45 6 06 Jun June", CUSTOM),
    (AT, ("h t tt",), "1 P PM", CUSTOM),
    (AT, ("y yy yyy yyyyy",), "9 09 2009 02009", CUSTOM),
    (AT, ("%z",), "-7", CUSTOM),
    (AT, ("zz zzz K",), "-07 -07:00 -07:00", CUSTOM),
    (AT, ("MM/dd/yyyy",), "06/15/2009", CUSTOM),
    (AT, ("dd.MM.yyyy 'at' HH\\h",), "15.06.2009 at 13h", CUSTOM),
    (AT, ('"day" d',), "day 15", CUSTOM),
    (AT, ("ffffffff",), None, CUSTOM),
    (AT, ("d '",), None, CUSTOM),
    ("2030/05/22 09:05:00", ("yyyy",), "2030", PARSE),
    ("05/22/2030", ("yyyy-MM-dd",), "2030-05-22", PARSE),
    ("22/05/2030", ("yyyy",), None, PARSE),  # the month comes first
    ("Sat, 01 Nov 2008 19:35:00 GMT", ("O",), "2008-11-01T19:35:00.0000000+00:00", PARSE),
    ("1 November 2008", ("yyyy-MM-dd",), "2008-11-01", PARSE),
    ("Nov 1, 2008 7:35 PM", ("yyyy-MM-dd HH:mm",), "2008-11-01 19:35", PARSE),
    ("2008-11-01T19:35:00.0000000Z", ("date", "yyyy"), "2008", PARSE),
    ("01/02/49", ("yyyy",), "2049", PARSE),
    ("01/02/50", ("yyyy",), "1950", PARSE),
    ("2009-02-29", ("yyyy",), None, PARSE),
    ("2009-06-15", ("DateTime", "O"), "2009-06-15T00:00:00.0000000", STANDARD),
    (AT, ("DateTimeOffset", "zzz"), "-07:00", CUSTOM),
    (AT, ("datetimeoffset", ""), "06/15/2009 13:45:30 -07:00", STANDARD),
    ("never", ("yyyy",), None, PARSE),
    ("never", ("date", "yyyy"), None, PARSE),
]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row[0]} {' '.join(row[1])}: {row[3]}")
def test_a_date_is_written_as_documented(row: DateRow) -> None:
    value, options, expected, _page = row
    assert filtered("Format", value, options) == expected


MOVED: dict[str, list[Row]] = {
    "AddHours": [
        ("2009-06-15T13:45:30", ("2",), "2009-06-15T15:45:30.0000000"),
        ("2009-06-15T13:45:30Z", ("2",), "2009-06-15T15:45:30.0000000Z"),
        ("2009-06-15T13:45:30+02:00", ("-14",), "2009-06-14T23:45:30.0000000+02:00"),
        ("2009-06-15", ("0.5",), "2009-06-15T00:30:00.0000000"),
        ("2009-06-15", ("1e400",), None),
        ("9999-12-31", ("48",), None),
        ("2009-06-15", ("two",), None),
        ("never", ("1",), None),
        (None, ("1",), None),
        ("2009-06-15", (), None),
        ("2009-06-15", ("1", "2"), None),
    ],
    "AddDays": [
        ("2009-06-15T13:45:30", ("1",), "2009-06-16T13:45:30.0000000"),
        ("2008-02-28", ("1",), "2008-02-29T00:00:00.0000000"),
        ("2009-06-15T13:45:30.1234567Z", ("-1",), "2009-06-14T13:45:30.1234567Z"),
        ("2009-06-15", ("0.25",), "2009-06-15T06:00:00.0000000"),
        ("0001-01-01", ("-1",), None),
        ("2009-06-15", ("NaN",), None),
        (None, ("1",), None),
        ("2009-06-15", (), None),
    ],
}


@pytest.mark.parametrize(
    ("name", "row"), [(name, row) for name, rows in MOVED.items() for row in rows], ids=repr
)
def test_a_date_is_moved_and_keeps_its_kind(name: str, row: Row) -> None:
    value, options, expected = row
    assert filtered(name, value, options) == expected


NOW = datetime(2016, 11, 3, 8, 53, 11, 94644, tzinfo=timezone(timedelta(hours=10)))


@pytest.mark.parametrize(
    ("token", "expected"),
    [
        ("#{ | NowDate}", "2016-11-03T08:53:11.0946440"),
        ("#{ | NowDateUtc }", "2016-11-02T22:53:11.0946440Z"),
        ('#{ | NowDate "HH dd-MMM-yyyy"}', "08 03-Nov-2016"),
        ("#{ | NowDateUtc zz}", "+00"),
        ("#{ | NowDate #{MyFormat}}", "03-11-2016"),
        ("#{ | NowDate | Format Date MMM}", "Nov"),
        ("#{MyFormat | NowDate}", None),
        ("#{ | NowDate a b}", None),
        ("#{ | NowDate q}", None),
    ],
)
def test_now(monkeypatch: pytest.MonkeyPatch, token: str, expected: str | None) -> None:
    monkeypatch.setattr(dates, "now", lambda: NOW)
    found = Variables({"MyFormat": "dd-MM-yyyy"}).evaluate(token)
    assert found.text == (token if expected is None else expected)


def test_now_is_not_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    variables = Variables({"Now": "#{ | NowDateUtc s}", "Then": "at #{Now}"})
    monkeypatch.setattr(dates, "now", lambda: NOW)
    assert variables.value("Then") == "at 2016-11-02T22:53:11"
    monkeypatch.setattr(dates, "now", lambda: datetime(2020, 1, 1, tzinfo=UTC))
    assert variables.value("Then") == "at 2020-01-01T00:00:00"
