from __future__ import annotations

from typing import Any

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from gurita.audit.trail.chain import BEGINNING, CONTENT, Anchor, Head, linked, public_bytes, row_hash, signed
from gurita.audit.trail.gaps import PATIENCE, Gap, missed, remaining
from gurita.audit.trail.numbers import Numbers
from gurita.audit.trail.verifying import Link, Result, follow

KEY = Ed25519PrivateKey.from_private_bytes(bytes(32))
PUBLIC = public_bytes(KEY).hex()


def rows(count: int) -> dict[int, dict[str, Any]]:
    """Events 1 to `count`."""
    return {
        n: {**dict.fromkeys(CONTENT, ""), "is_service": False, "occurred": n, "message": str(n)}
        for n in range(1, count + 1)
    }


def chain(events: dict[int, dict[str, Any]], sizes: list[int]) -> list[tuple[Head, list[tuple[int, str]]]]:
    """Seals of these sizes over the events in turn; what is left is in a last one."""
    left, anchor, made = list(events), BEGINNING, []
    for size in [*sizes, len(left)]:
        taken, left = left[:size], left[size:]
        if taken:
            members = [(n, row_hash(events[n])) for n in taken]
            head = Head(
                "here", anchor.seal + 1, 0, anchor.count + len(taken), linked(anchor.chain, members), ""
            )
            made.append((signed(head, KEY), members))
            anchor = Anchor(head.seal, head.count, head.chain)
    return made


def verified(seals: list[tuple[Head, list[tuple[int, str]]]], events: dict[int, dict[str, Any]]) -> list[str]:
    result = Result()
    follow((Link(head, members, lambda _n: events) for head, members in seals), result, PUBLIC)
    return [finding.about for finding in result.findings]


EDITS = st.lists(
    st.one_of(
        st.tuples(st.just("change"), st.integers(1, 30), st.sampled_from([name for name in CONTENT if name not in ("occurred", "is_service")])),
        st.tuples(st.just("remove"), st.integers(1, 30), st.just("")),
        st.tuples(st.just("swap"), st.integers(1, 29), st.just("")),
    ),
    max_size=5,
)  # fmt: skip


@given(EDITS, st.lists(st.integers(1, 9), max_size=6))
def test_exactly_the_events_that_differ_from_what_was_sealed_are_named(
    edits: list[tuple[str, int, str]], sizes: list[int]
) -> None:
    events = rows(30)
    seals = chain(events, sizes)
    now: dict[int, dict[str, Any]] = {number: dict(row) for number, row in events.items()}
    for what, number, column in edits:
        if what == "change" and number in now:
            now[number][column] = "forged"
        elif what == "remove":
            now.pop(number, None)
        elif number in now and number + 1 in now:
            now[number], now[number + 1] = now[number + 1], now[number]
    different = [f"Events-{n}" for n in events if now.get(n) != events[n]]
    assert verified(seals, now) == different


@given(st.integers(1, 6), st.sampled_from(["drop", "count", "chain", "signature", "members", "swap", "key"]))
def test_a_seal_that_was_touched_is_named(at: int, what: str) -> None:
    events = rows(30)
    seals = chain(events, [4] * 6)
    head, members = seals[at]
    touched = {
        "count": (msgspec.structs.replace(head, count=head.count + 1), members),
        "chain": (msgspec.structs.replace(head, chain="0" * 64), members),
        "signature": (msgspec.structs.replace(head, signature="0" * 128), members),
        "members": (head, members[1:]),
        "key": (signed(head, Ed25519PrivateKey.generate()), members),
    }
    if what == "drop" and at == len(seals) - 1:
        return  # the end that was cut off: only a head from outside tells
    if what in touched:
        seals[at] = touched[what]
    elif what == "drop":
        del seals[at]
    else:
        seals[at - 1], seals[at] = seals[at], seals[at - 1]
    named = verified(seals, events)
    assert named and named[0] in {f"seal {at + 1}", f"seal {at}"}


@given(st.lists(st.integers(-20, 60)))
def test_numbers_kept_as_ranges_are_a_set(numbers: list[int]) -> None:
    kept, known = Numbers(), set[int]()
    for number in numbers:
        assert kept.add(number) == (number not in known)
        known.add(number)
    assert [n for n in range(-25, 65) if n in kept] == sorted(known)
    holes = {n for first, last in kept.holes() for n in range(first, last + 1)}
    assert holes == (set(range(min(known), max(known))) - known if known else set())


@given(st.lists(st.sets(st.integers(1, 40), max_size=12), max_size=6))
def test_every_number_is_found_or_waited_for_until_its_transaction_must_have_ended(
    rounds: list[set[int]],
) -> None:
    sealed, top = set[int](), 0
    gaps: list[Gap] = []
    for step, arriving in enumerate(rounds):
        late = {n for n in arriving - sealed if any(gap.first <= n <= gap.last for gap in gaps)}
        fresh = sorted(n for n in arriving if n > top)
        gaps = remaining(gaps, late, step, ended=0) + missed(top, fresh, step, horizon=1)
        top = max([top, *fresh])
        sealed |= late | set(fresh)
        waited = {n for gap in gaps for n in range(gap.first, gap.last + 1)}
        assert waited == set(range(1, top + 1)) - sealed
    assert remaining(gaps, set(), len(rounds) + PATIENCE, ended=1) == []
    assert remaining(gaps, set(), len(rounds) + PATIENCE, ended=0) == gaps
