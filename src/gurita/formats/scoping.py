"""Which of several values of one variable applies (runtime formats, section 1.1; product 3.4.1). Pure functions."""

from __future__ import annotations

from typing import Collection, Dict, FrozenSet, List, Mapping, NamedTuple, Optional, Sequence, Tuple

__all__ = ["RANKS", "Candidate", "Choice", "Surroundings", "Verdict", "choose", "rank_of"]

RANKS: Dict[str, int] = {
    "Action": 1,
    "Machine": 2,
    "Role": 4,
    "Tenant": 5,
    "TenantTag": 6,
    "Environment": 7,
    "Channel": 8,
    "ProcessOwner": 9,
    "Project": 10,
}
"""Rank of a scope field; 1 is the strongest. A role of the machine that the step targets too ranks 3."""

_TARGETED_ROLE = 3
_UNSCOPED = 11


class Candidate(NamedTuple):
    """One value of a variable. `scope`: field → the ids it names (any of them); `from_project`: not of a library set;
    `source` and `row`: the place of its set and its row as the user listed them."""

    id: str
    scope: Mapping[str, Collection[str]]
    from_project: bool = True
    source: int = 0
    row: int = 0


class Surroundings(NamedTuple):
    """Where a value is asked for. `ids`: field → the ids that hold here; `targeted_roles`: the roles the step targets."""

    ids: Mapping[str, Collection[str]]
    targeted_roles: FrozenSet[str] = frozenset()


class Verdict(NamedTuple):
    """What became of one candidate. `reason`: chosen, out-of-scope, weaker, library, later-set, later-row;
    `field` names the scope field that does not match. `ranks` are the matched ranks, strongest first."""

    candidate: Candidate
    reason: str
    ranks: Tuple[int, ...]
    field: str = ""


class Choice(NamedTuple):
    """The value that applies, or None; `tied` when only the listing order decided; and why, for every candidate."""

    candidate: Optional[Candidate]
    tied: bool
    verdicts: Tuple[Verdict, ...]


def rank_of(
    scope: Mapping[str, Collection[str]], here: Surroundings
) -> Tuple[Optional[Tuple[int, ...]], str]:
    """The ranks of a scope that applies here, strongest first; or None and the first field that does not match.

    Every field must match; of one field any value is enough. A field without values is no scope. A field that is
    not known here never matches, so that a value is not spread wider than its author meant.
    """
    ranks: List[int] = []
    for field in sorted(scope, key=lambda name: (RANKS.get(name, 0), name)):
        wanted = _folded(scope[field])
        if not wanted:
            continue
        matched = wanted & _folded(here.ids.get(field, ()))
        if not matched or field not in RANKS:
            return None, field
        targeted = field == "Role" and bool(matched & _folded(here.targeted_roles))
        ranks.append(_TARGETED_ROLE if targeted else RANKS[field])
    return tuple(sorted(ranks)) or (_UNSCOPED,), ""


def choose(candidates: Sequence[Candidate], here: Surroundings) -> Choice:
    """The value that applies: strongest matched field first, then further matched fields, then the project before library
    sets, then the set and the row listed later (a tie: `tied` is set, so that the page can warn)."""
    applying: List[Tuple[Tuple[int, ...], Candidate]] = []
    verdicts: List[Verdict] = []
    for candidate in candidates:
        ranks, field = rank_of(candidate.scope, here)
        if ranks is None:
            verdicts.append(Verdict(candidate, "out-of-scope", (), field))
        else:
            applying.append((ranks, candidate))
    if not applying:
        return Choice(None, False, tuple(verdicts))
    applying.sort(key=_strength)
    best_ranks, best = applying[0]
    verdicts.append(Verdict(best, "chosen", best_ranks))
    for ranks, other in applying[1:]:
        verdicts.append(Verdict(other, _why_not(best_ranks, best, ranks, other), ranks))
    tied = any(verdict.reason in ("later-set", "later-row") for verdict in verdicts)
    return Choice(best, tied, tuple(verdicts))


def _strength(entry: Tuple[Tuple[int, ...], Candidate]) -> Tuple[Tuple[int, ...], bool, int, int, str]:
    ranks, candidate = entry
    return (*ranks, 99), not candidate.from_project, -candidate.source, -candidate.row, candidate.id


def _why_not(best_ranks: Tuple[int, ...], best: Candidate, ranks: Tuple[int, ...], other: Candidate) -> str:
    if ranks != best_ranks:
        return "weaker"
    if other.from_project != best.from_project:
        return "library"
    return "later-set" if other.source != best.source else "later-row"


def _folded(ids: Collection[str]) -> FrozenSet[str]:
    return frozenset(text.casefold() for text in ids)
