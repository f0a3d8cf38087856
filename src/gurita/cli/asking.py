"""Asking a person before something is gone."""

from __future__ import annotations

import sys

from gurita.cli.errors import Misused

__all__ = ["confirmed", "typed"]


def confirmed(question: str, *, yes: bool) -> bool:
    """Whether to go on. Without a person at the keyboard only `--yes` says so."""
    if yes:
        return True
    if not sys.stdin.isatty():
        raise Misused(f"{question} Add --yes to say so.")
    print(f"{question} [y/N] ", end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip().casefold() in {"y", "yes"}


def typed(question: str, word: str, *, yes: bool) -> bool:
    """Whether to go on with what cannot be undone: a person types the word, or `--yes` says so."""
    if yes:
        return True
    if not sys.stdin.isatty():
        raise Misused(f"{question} Add --yes to say so.")
    print(f"{question} Type {word} to say so: ", end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip() == word
