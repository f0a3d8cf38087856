"""E-mail addresses, and the names of mail servers."""

from __future__ import annotations

import re
from email.headerregistry import Address
from email.utils import parseaddr

__all__ = ["address_of", "host_problem"]

_LOCAL = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_ADDRESS = re.compile(rf"{_LOCAL}@{_LABEL}(?:\.{_LABEL})*", re.ASCII)
_HOST = re.compile(rf"{_LABEL}(?:\.{_LABEL})*\.?", re.ASCII)
_NUMBERS = re.compile(r"[0-9a-fA-F:.]{2,45}", re.ASCII)


def address_of(text: str) -> Address | None:
    """The address in `Gurita <gurita@example.com>` or `gurita@example.com`; None for anything else.

    Only plain ASCII addresses count, and nothing that could end a header's line.
    """
    if not text.isprintable() or len(text) > 500:
        return None
    name, plain = parseaddr(text.strip())
    if len(plain) > 320 or not _ADDRESS.fullmatch(plain):
        return None
    if text.strip() not in {plain, f"<{plain}>"} and not text.strip().endswith(f"<{plain}>"):
        return None
    return Address(display_name=name, addr_spec=plain)


def host_problem(host: str) -> bool:
    """Whether a text is neither a host's name nor an address."""
    return not (_HOST.fullmatch(host) or _NUMBERS.fullmatch(host))
