"""What a script asks of the server by a service message: one wish, its attributes, its secrets."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from gurita.formats.masking import MASK
from gurita.kernel.errors import Invalid
from gurita.kernel.sensitive import Sensitive

__all__ = ["Wish", "WishRefused", "is_wish"]

_WISH = re.compile(r"create-?\w[\w-]*(?:target|account)|delete-target", re.IGNORECASE)
_SHOWN = MASK.decode()


class WishRefused(Invalid):
    """A wish is not granted; the one sentence in `errors` says which and why."""

    def __str__(self) -> str:
        return " ".join(self.errors)


def is_wish(message: str) -> bool:
    """Whether a message of this name asks to make or remove a target or account."""
    return _WISH.fullmatch(message) is not None


@dataclass(frozen=True, slots=True)
class Wish:
    """A message of `kind`. `values` by attribute in lower case, its `name` as `label`; `at` counts the log entries before it."""

    kind: str
    values: Mapping[str, str | Sensitive]
    at: int = 0

    @property
    def label(self) -> str:
        """The name of what is to be made."""
        return self.text("label").strip()

    def text(self, *names: str) -> str:
        """The first attribute of these names that says something; "" when none does. A secret is none."""
        found = (self.values.get(name.lower(), "") for name in names)
        return next((each for each in found if isinstance(each, str) and each.strip()), "")

    def needed(self, *names: str) -> str:
        """The same, stripped. Raises WishRefused when there is none."""
        if found := self.text(*names).strip():
            return found
        raise WishRefused(f"{'name' if names[0] == 'label' else names[0]} is empty.")

    def secret(self, name: str) -> Sensitive:
        """An attribute that is a secret. Raises WishRefused when it is missing or empty."""
        found = self.values.get(name.lower())
        if isinstance(found, Sensitive) and found:
            return found
        raise WishRefused(f"{name} is empty.")

    def flag(self, name: str) -> bool:
        """An attribute as yes or no."""
        return self.text(name).strip().lower() == "true"

    def must_be_readable(self) -> None:
        """Raises WishRefused when a plain attribute holds a secret (it was masked on the way), or what no database takes."""
        for name, value in self.values.items():
            if isinstance(value, str) and "\0" in value:
                raise WishRefused(f"{name} holds a NUL character.")
            if isinstance(value, str) and _SHOWN in value:
                raise WishRefused(
                    f"{name} holds a secret, and would be kept where all can read it. Use an account."
                )

    def must_update(self, what: str) -> None:
        """Raises WishRefused unless the message says that one of the same name is to be updated."""
        if not self.flag("updateIfExisting"):
            raise WishRefused(f"there is one of this name. Say updateIfExisting to update that {what}.")
