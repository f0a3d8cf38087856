"""Ids, slugs and names are found in any case, as clients write them in paths and bodies (api.md 15.1, 15.3)."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.helpers import house
from tests.looping import in_loop


@pytest.mark.parametrize(
    "text", ["Environments-1", "environments-1", "my-dev", "MY-DEV", "My Dev", "my  dev"]
)
def test_a_document_is_found_however_it_is_spelled(tmp_path: Path, text: str) -> None:
    @in_loop
    async def asked() -> None:
        async with house(tmp_path) as gurita:
            made = await gurita.post("environments", {"Name": "My Dev"})
            assert await gurita.get(f"environments/{text.replace(' ', '%20')}") == made

    asked()
