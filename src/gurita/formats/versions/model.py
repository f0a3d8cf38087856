"""What a version is, whatever notation it came in."""

from __future__ import annotations

from typing import Any, List, Tuple

__all__ = ["LONGEST_VERSION", "Version", "VersionError", "checked", "labels"]

LONGEST_VERSION = 400
"""Characters a version may have. Everything that reads one takes time in proportion to this."""


class VersionError(ValueError):
    """A text is no version of the wanted kind; the message is a sentence's end or a whole sentence without a dot."""


class Version:
    """A version with its text as it was written.

    Versions of one kind are totally ordered; two are equal when neither is the higher one, also if their texts differ
    (`1.0` and `1.0.0`). Comparing kinds raises TypeError. `numbers` are those written, `order` is what
    is compared, `precedence` the same without what metadata adds, which is `beyond`.
    """

    __slots__ = (
        "is_pre_release",
        "kind",
        "metadata",
        "numbers",
        "order",
        "pre_release",
        "precedence",
        "text",
    )

    def __init__(
        self,
        kind: str,
        text: str,
        *,
        numbers: Tuple[int, ...] = (),
        pre_release: str = "",
        metadata: str = "",
        precedence: Tuple[Any, ...],
        beyond: Tuple[Any, ...] = (),
    ) -> None:
        self.kind = kind
        self.text = text
        self.numbers = numbers
        self.pre_release = pre_release
        self.metadata = metadata
        self.is_pre_release = bool(pre_release)
        self.precedence = precedence
        self.order = (precedence, beyond)

    @property
    def tag(self) -> str:
        """What a channel's tag is matched against: the pre-release, and `+` with the metadata if there is any."""
        return self.pre_release + ("+" + self.metadata if self.metadata else "")

    def _other(self, other: object) -> Tuple[Any, ...]:
        if not isinstance(other, Version) or other.kind != self.kind:
            raise TypeError("only versions of one kind have an order")
        return other.order

    def __lt__(self, other: object) -> bool:
        return self.order < self._other(other)

    def __le__(self, other: object) -> bool:
        return self.order <= self._other(other)

    def __gt__(self, other: object) -> bool:
        return self.order > self._other(other)

    def __ge__(self, other: object) -> bool:
        return self.order >= self._other(other)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Version) and (self.kind, self.order) == (other.kind, other.order)

    def __hash__(self) -> int:
        return hash((self.kind, self.order))

    def __str__(self) -> str:
        return self.text

    def __repr__(self) -> str:
        return "Version({!r}, {!r})".format(self.kind, self.text)


def checked(text: str) -> str:
    """The text without blanks around it. Raises VersionError for an empty or too long one."""
    if len(text) > LONGEST_VERSION:
        raise VersionError(
            "a version has at most {} characters, this one {}".format(LONGEST_VERSION, len(text))
        )
    stripped = text.strip()
    if not stripped:
        raise VersionError("a version must not be empty")
    return stripped


def labels(pieces: List[str]) -> Tuple[Tuple[int, int, str], ...]:
    """Pieces as they compare: numbers by value and below words, words in any case, the shorter list first."""
    return tuple(
        (0, int(piece), "") if piece.isdigit() and piece.isascii() else (1, 0, piece.lower())
        for piece in pieces
    )
