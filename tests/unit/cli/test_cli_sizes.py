from __future__ import annotations

import pytest

from gurita.cli.output import size


@pytest.mark.parametrize(
    ("number", "told"),
    [
        (None, "0 B"),
        (0, "0 B"),
        (1023, "1023 B"),
        (1024, "1.0 KiB"),
        (1536, "1.5 KiB"),
        (5 << 20, "5.0 MiB"),
        (2 << 30, "2.0 GiB"),
        (3 << 40, "3.0 TiB"),
        (1 << 60, "1048576.0 TiB"),
    ],
)
def test_a_size_is_rounded_for_reading(number: int | None, told: str) -> None:
    assert size("Size")({"Size": number}) == told
