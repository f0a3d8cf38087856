"""What can go wrong with a template. Nothing else is raised by evaluating one."""

from __future__ import annotations

from typing import Iterable

__all__ = ["FilterFailed", "SelfReference", "TemplateError", "TooDeep", "TooLong", "TooMuch", "VariableError"]


class VariableError(ValueError):
    """A text that cannot be evaluated."""


class SelfReference(VariableError):
    """A value refers to itself, over `chain`."""

    def __init__(self, chain: Iterable[str]) -> None:
        self.chain = list(chain)
        super().__init__(
            f'An attempt to parse the variable symbol "{self.chain[-1]}" appears to have resulted in a self referencing loop '
            f"({' -> '.join(self.chain)}). Ensure that recursive loops do not exist in the variable values."
        )


class TooLong(VariableError):
    """Values that name each other grow beyond what a text may have."""


class TooDeep(VariableError):
    """Values or blocks lie in each other deeper than is allowed."""


class TooMuch(VariableError):
    """Evaluating takes more steps than a text may ask for."""


class TemplateError(VariableError):
    """A syntax error. `at` is where the faulty token begins. The text itself is not told: it may be secret."""

    def __init__(self, text: str, at: int, said: str) -> None:
        super().__init__(said)
        self.at, self.said, self.source = at, said, text

    def __str__(self) -> str:
        """Counted when somebody asks: a continuing parse meets thousands."""
        line = self.source.count("\n", 0, self.at) + 1
        column = self.at - self.source.rfind("\n", 0, self.at)
        return f"Line {line}, column {column}: {self.said}"


class FilterFailed(VariableError):
    """A filter cannot do what its options ask for, such as a regular expression that is none."""
