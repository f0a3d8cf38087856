"""Why a value was chosen or not, in words."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from gurita.formats.scoping import Surroundings, Verdict

__all__ = ["reason_of"]

_RANKS = {
    1: "step",
    2: "machine",
    3: "target tag the step targets",
    4: "target tag",
    5: "tenant",
    6: "tenant tag",
    7: "environment",
    8: "channel",
    9: "process",
    10: "project",
    11: "no scope",
}
_FIELDS = {
    "Action": "step",
    "Machine": "machine",
    "Role": "target tag",
    "Tenant": "tenant",
    "TenantTag": "tenant tag",
    "Environment": "environment",
    "Channel": "channel",
    "ProcessOwner": "process",
}


def reason_of(
    verdict: Verdict, best: Verdict | None, here: Surroundings, names: Mapping[str, str], above: str = ""
) -> tuple[str, str]:
    """A code and a sentence. `names` are those of the ids that scopes name; `above` says what lies above the winner."""
    if verdict.reason == "out-of-scope":
        return verdict.reason, _out_of_scope(verdict, here, names)
    words = _ranks(verdict.ranks)
    if verdict.reason == "chosen":
        if above:
            return "overridden", f"Would apply ({words}), but {above}."
        everywhere = verdict.ranks == (11,)
        return (
            "chosen",
            "Applies: it has no scope, so it holds everywhere." if everywhere else f"Applies: {words}.",
        )
    winner = _ranks(best.ranks) if best else ""
    return verdict.reason, {
        "weaker": f"Applies, but is less specific ({words}) than the one that wins ({winner}).",
        "library": f"Is as specific ({words}), but a project's own value wins over one of the library.",
        "later-set": f"Is as specific ({words}), but the set of the one that wins is included after this one's.",
        "later-row": f"Is as specific ({words}), but the one that wins is listed after it.",
    }[verdict.reason]


def _ranks(ranks: Collection[int]) -> str:
    return " and ".join(f"{_RANKS[rank]}, rank {rank}" for rank in ranks)


def _out_of_scope(verdict: Verdict, here: Surroundings, names: Mapping[str, str]) -> str:
    field = verdict.field
    what = _FIELDS.get(field, field)
    wanted = sorted(names.get(id, id) for id in verdict.candidate.scope.get(field, ()))
    known = sorted(names.get(id, id) for id in here.ids.get(field, ()))
    listed = f"{', '.join(wanted[:5])}{f' and {len(wanted) - 5} more' if len(wanted) > 5 else ''}"
    there = f"here it is {', '.join(known[:5])}" if known else "none is known here"
    return f"Does not apply: it is for the {what} {listed}, and {there}."
