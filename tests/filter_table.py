"""One filter on one value, for tables of them."""

from __future__ import annotations

from gurita.formats.variables import Variables

__all__ = ["Row", "filtered"]

Row = tuple[str | None, tuple[str, ...], str | None]
"""The input (None: there is no such variable), the options, and what comes out (None: the token is echoed)."""


def filtered(name: str, value: str | None, options: tuple[str, ...]) -> str | None:
    """What the filter makes. Options go in as variables, so that they may hold anything."""
    variables = Variables({f"O{at}": option for at, option in enumerate(options)})
    if value is not None:
        variables.set("V", value)
    token = "#{V | " + " ".join([name, *(f"#{{O{at}}}" for at in range(len(options)))]) + "}"
    found = variables.evaluate(token)
    if found.missing:
        assert (found.text, found.missing) == (token, (token,))
        return None
    assert not found.error
    return found.text
