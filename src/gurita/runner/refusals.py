"""What a request is refused with; the codes are those of docs/subsystems/tickets.md."""

from __future__ import annotations

from typing import Dict

__all__ = ["Refusal"]


class Refusal(Exception):
    """A refused request: a code, a sentence for people, and further facts (`fence`, `holder`)."""

    def __init__(self, code: str, message: str, **facts: object) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.facts: Dict[str, object] = facts

    def answer(self) -> Dict[str, object]:
        """The `error` member of an answer."""
        return {"code": self.code, "message": self.message, **self.facts}
