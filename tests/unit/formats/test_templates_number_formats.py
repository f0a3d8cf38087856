"""Numbers through the filter Format. Each row follows a page of Microsoft's .NET documentation; the culture is the invariant one."""

from __future__ import annotations

import pytest

from tests.filter_table import filtered

STANDARD = "Standard numeric format strings"
CUSTOM = "Custom numeric format strings"
CORE3 = "Standard numeric format strings: precision, .NET Core 3.0 and later"
PARSE = "Parsing numeric strings in .NET"
INFO = "NumberFormatInfo.InvariantInfo"

NumberRow = tuple[str, tuple[str, ...], str | None, str]

ROWS: list[NumberRow] = [
    ("123.456", ("C",), "¤123.46", STANDARD),
    ("-123.456", ("C3",), "(¤123.456)", INFO),
    ("4.3", ("C",), "¤4.30", INFO),
    ("1234", ("int", "D"), "1234", STANDARD),
    ("-1234", ("int", "D6"), "-001234", STANDARD),
    ("1234", ("D",), None, STANDARD),  # decimals have no D
    ("1234.5", ("int", "D"), None, PARSE),
    ("1052.0329112756", ("E",), "1.052033E+003", STANDARD),
    ("-1052.0329112756", ("e2",), "-1.05e+003", STANDARD),
    ("0", ("E",), "0.000000E+000", STANDARD),
    ("1234.567", ("F",), "1234.57", STANDARD),
    ("1234", ("F1",), "1234.0", STANDARD),
    ("-1234.56", ("F4",), "-1234.5600", STANDARD),
    ("-123.456", ("G",), "-123.456", STANDARD),
    ("123.4546", ("G4",), "123.5", STANDARD),
    ("-1.234567890e-25", ("double", "G"), "-1.23456789E-25", STANDARD),
    ("1.50", ("G",), "1.50", STANDARD),
    ("0.0000001", ("G",), "0.0000001", STANDARD),
    ("0.0000001", ("double", "G"), "1E-07", STANDARD),
    ("1234.567", ("N",), "1,234.57", STANDARD),
    ("1234", ("N1",), "1,234.0", STANDARD),
    ("-1234.56", ("N3",), "-1,234.560", STANDARD),
    ("1", ("P",), "100.00 %", STANDARD),
    ("-0.39678", ("P1",), "-39.7 %", STANDARD),
    ("123456789.12345678", ("double", "R"), "123456789.12345678", STANDARD),
    ("1.5", ("R",), None, STANDARD),  # only floating-point numbers have R
    ("255", ("int", "X"), "FF", STANDARD),
    ("-1", ("int32", "x"), "ffffffff", STANDARD),
    ("255", ("int", "x4"), "00ff", STANDARD),
    ("42", ("int", "B"), "101010", STANDARD),
    ("255", ("int", "b16"), "0000000011111111", STANDARD),
    ("1.5", ("X",), None, STANDARD),
    ("1", ("Z",), None, STANDARD),
    ("2.5", ("F0",), "3", STANDARD),
    ("2.5", ("double", "F0"), "2", CORE3),
    ("0.125", ("double", "F2"), "0.12", CORE3),
    ("0.1", ("double", "F20"), "0.10000000000000000555", CORE3),
    ("-0.001", ("double", "F2"), "-0.00", CORE3),
    ("-0.001", ("F2",), "0.00", STANDARD),
    ("1e20", ("double", "G"), "1E+20", CORE3),
    ("123456789012345678", ("double", "G"), "1.2345678901234568E+17", CORE3),
    ("NaN", ("double", "F2"), "NaN", INFO),
    ("-Infinity", ("double", "N"), "-Infinity", INFO),
    ("1234.5678", ("00000",), "01235", CUSTOM),
    ("0.45678", ("0.00",), "0.46", CUSTOM),
    ("1234.5678", ("#####",), "1235", CUSTOM),
    ("0.45678", ("#.##",), ".46", CUSTOM),
    ("2147483647", ("##,#",), "2,147,483,647", CUSTOM),
    ("2147483647", ("#,#,,",), "2,147", CUSTOM),
    ("0.3697", ("%#0.00",), "%36.97", CUSTOM),
    ("0.3697", ("##.0 %",), "37.0 %", CUSTOM),
    ("0.03697", ("#0.00‰",), "36.97‰", CUSTOM),
    ("987654", ("#0.0e0",), "98.8e4", CUSTOM),
    ("1503.92311", ("0.0##e+00",), "1.504e+03", CUSTOM),
    ("1.8901385E-16", ("double", "0.0e+00"), "1.9e-16", CUSTOM),
    ("987654", ("\\###00\\#",), "#987654#", CUSTOM),
    ("68", ("# 'degrees'",), "68 degrees", CUSTOM),
    ("68", ('# "degrees"',), "68 degrees", CUSTOM),
    ("12.345", ("#0.0#;(#0.0#);-\\0-",), "12.35", CUSTOM),
    ("0", ("#0.0#;(#0.0#);-\\0-",), "-0-", CUSTOM),
    ("-12.345", ("#0.0#;(#0.0#);-\\0-",), "(12.35)", CUSTOM),
    ("-12.345", ("#0.0#;(#0.0#)",), "(12.35)", CUSTOM),
    ("-12.345", ("#0.0#",), "-12.35", CUSTOM),
    ("-0.001", ("#0.0#;(#0.0#);nil",), "nil", CUSTOM),
    ("1234567890", ("(###) ###-####",), "(123) 456-7890", CUSTOM),
    ("0", ("#,#",), "", CUSTOM),
    ("12", ("yyyy",), "yyyy", CUSTOM),
    ("1,234.5", ("F1",), "1234.5", PARSE),
    (" 12 ", ("F1",), "12.0", PARSE),
    ("12-", ("F1",), "-12.0", PARSE),
    ("1.234,5", ("F1",), None, PARSE),  # a German number is none
    ("1e3", ("F1",), None, PARSE),  # a decimal has no exponent
    ("1e3", ("double", "F1"), "1000.0", PARSE),
    ("0x10", ("int", "D"), None, PARSE),
    ("2147483648", ("int", "D"), None, PARSE),
    ("79228162514264337593543950336", ("F0",), None, PARSE),
    ("twelve", ("F1",), None, PARSE),
    ("", ("F1",), None, PARSE),
    ("1", ("float", "F1"), None, PARSE),
    ("1", (), None, STANDARD),
    ("1", ("int", "D", "x"), None, STANDARD),
]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row[0]} {' '.join(row[1])}: {row[3]}")
def test_a_number_is_written_as_documented(row: NumberRow) -> None:
    value, options, expected, _page = row
    assert filtered("Format", value, options) == expected


def test_nothing_has_no_format() -> None:
    assert filtered("Format", None, ("C",)) is None


def test_many_digits_are_refused() -> None:
    assert filtered("Format", "1", ("F999999999",)) is None
    assert len(filtered("Format", "1", ("F10000",)) or "") == 10_002
