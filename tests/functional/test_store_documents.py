"""Documents, on SQLite and on PostgreSQL: names, slugs, versions, walls, references, pages, snapshots."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from sqlalchemy import Integer, Text, text

from gurita.kernel.errors import Conflict, Invalid, NotFound, Refused
from gurita.kernel.ids import folded
from gurita.kernel.paging import MOST, Paging
from gurita.store import snapshots
from gurita.store.db import Store
from gurita.store.documents import DocumentKind, Indexed, Reference, Repository
from gurita.store.tx import Tx
from tests.looping import in_loop

SPACE, TWIN = "Spaces-1", "Spaces-2"


class Stage(msgspec.Struct, rename="pascal", kw_only=True, forbid_unknown_fields=True):
    id: str = ""
    space_id: str = ""
    version: int = 0
    name: str = ""
    slug: str = ""
    sort_order: int = 0


class Box(msgspec.Struct, rename="pascal", kw_only=True):
    id: str = ""
    space_id: str = ""
    version: int = 0
    name: str = ""
    stage_ids: list[str] = []
    owner: str = ""


STAGES = DocumentKind(
    "TestStages",
    Stage,
    table="test_stage",
    columns=[
        Indexed("sort_order", Integer, lambda doc: doc.sort_order),
        Indexed("key", Text, lambda doc: doc.name),
    ],
    visible=lambda viewer, columns, _space: columns.sort_order <= viewer,
)
BOXES = DocumentKind(
    "TestBoxes",
    Box,
    title="box",
    table="test_box",
    parent=lambda doc: doc.owner,
    references=lambda doc: [
        *(Reference(f"StageIds[{place}]", "TestStages", id) for place, id in enumerate(doc.stage_ids)),
        Reference("Owner", "", doc.owner),
    ],
)


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[Store]:
    store = await Store.open(url)
    try:
        yield store
    finally:
        await store.close()


def new_stage(name: str, space: str = SPACE, **members: Any) -> Callable[[Tx], Stage]:
    return lambda tx: STAGES.open(tx, space).insert(Stage(name=name, **members))


def new_box(name: str, *stage_ids: str, space: str = SPACE, owner: str = "") -> Callable[[Tx], Box]:
    return lambda tx: BOXES.open(tx, space).insert(Box(name=name, stage_ids=list(stage_ids), owner=owner))


def stage_names(tx: Tx, viewer: int | None = None, **filters: Any) -> list[str]:
    return [doc.name for doc in STAGES.open(tx, SPACE, viewer).list(Paging(0, MOST), **filters).items]


async def refusal(asked: Any) -> Refused:
    with pytest.raises(Refused) as caught:
        await asked
    return caught.value


@in_loop
async def test_a_document_comes_back_as_it_went_in_with_id_space_slug_and_version(database_url: str) -> None:
    async with opened(database_url) as store:
        stored = await store.write(new_stage("Über Test", sort_order=7))
        number = int(stored.id.removeprefix("TestStages-"))
        assert stored == Stage(
            id=f"TestStages-{number}",
            space_id=SPACE,
            version=1,
            name="Über Test",
            slug="uber-test",
            sort_order=7,
        )
        assert await store.read(lambda tx: STAGES.open(tx, SPACE).get(stored.id)) == stored
        assert (await store.write(new_stage("Next"))).id == f"TestStages-{number + 1}"


@in_loop
async def test_a_document_is_found_by_id_before_slug_before_name(database_url: str) -> None:
    async with opened(database_url) as store:
        first = await store.write(new_stage("First"))
        by_slug = await store.write(new_stage("Other", slug="third"))
        by_name = await store.write(new_stage("Third", slug="x"))
        liar = await store.write(new_stage(first.id, slug="liar"))

        def find(text: str) -> Callable[[Tx], Stage | None]:
            return lambda tx: STAGES.open(tx, SPACE).find(text)

        assert await store.read(find(first.id)) == first
        assert await store.read(find("third")) == by_slug
        assert await store.read(find(" THIRD ")) == by_slug
        assert await store.read(find("x")) == by_name
        assert await store.read(find("other")) == by_slug
        assert await store.read(find("liar")) == liar
        assert await store.read(find("nothing\0 here")) is None


@in_loop
async def test_the_same_name_in_other_letters_is_a_conflict_that_names_the_way_out(database_url: str) -> None:
    async with opened(database_url) as store:
        await store.write(new_stage("Straße"))
        error = await refusal(store.write(new_stage("  STRASSE ")))
        assert isinstance(error, Conflict)
        assert error.errors == ["Name: stage '  STRASSE ' already exists. Use another name."]
        await store.write(new_stage("Straße", space=TWIN))
        other = await store.write(new_stage("Other"))
        error = await refusal(
            store.write(lambda tx: STAGES.open(tx, SPACE).update(replace(other, name="strasse"), 1))
        )
        assert isinstance(error, Conflict)
        await store.write(lambda tx: STAGES.open(tx, SPACE).update(replace(other, name="OTHER"), 1))


@in_loop
async def test_names_are_unique_within_their_parent_only(database_url: str) -> None:
    async with opened(database_url) as store:
        one, two = await store.write(new_stage("One")), await store.write(new_stage("Two"))
        first = await store.write(new_box("Default", owner=one.id))
        await store.write(new_box("Default", owner=two.id))
        assert isinstance(await refusal(store.write(new_box("default", owner=one.id))), Conflict)
        assert await store.read(lambda tx: BOXES.open(tx, SPACE).find("default", parent=one.id)) == first
        assert await store.read(lambda tx: BOXES.open(tx, SPACE).count(parent=two.id)) == 1


@pytest.mark.parametrize("name", ["", "   ", "\u3000", "x" * 201, "a\0b", "\ufdfa" * 200])
@in_loop
async def test_names_nobody_can_use_are_refused_by_member(name: str, database_url: str) -> None:
    async with opened(database_url) as store:
        error = await refusal(store.write(new_stage(name)))
        assert isinstance(error, Invalid)
        assert error.errors[0].startswith("Name: ")


@in_loop
async def test_slugs_are_made_unique_and_kept_when_the_name_changes(database_url: str) -> None:
    async with opened(database_url) as store:
        slugs = [(await store.write(new_stage(name))).slug for name in ("A b", "a-b", "a_b", "A/B", "日本")]
        assert slugs == ["a-b", "a-b-1", "a-b-2", "a-b-3", "item"]
        error = await refusal(store.write(new_stage("other", slug="a-b-1")))
        assert error.errors[0].startswith("Slug: 'a-b-1' is the slug of another stage.")
        doc = await store.read(lambda tx: STAGES.open(tx, SPACE).find("a-b-1"))
        assert doc is not None
        named = replace(doc, name="quite different", slug="")
        assert (await store.write(lambda tx: STAGES.open(tx, SPACE).update(named, 1))).slug == "a-b-1"
        assert (
            await store.write(lambda tx: STAGES.open(tx, SPACE).update(replace(named, slug="q"), 2))
        ).slug == "q"


@in_loop
async def test_a_stale_version_is_a_conflict_that_says_which_is_current(database_url: str) -> None:
    async with opened(database_url) as store:
        doc = await store.write(new_stage("Dev"))

        def save(version: int) -> Callable[[Tx], Stage]:
            return lambda tx: STAGES.open(tx, SPACE).update(replace(doc, sort_order=version), version)

        assert (await store.write(save(1))).version == 2
        error = await refusal(store.write(save(1)))
        assert isinstance(error, Conflict)
        assert "version 1 of the stage 'Dev', which is at version 2" in error.errors[0]
        assert error.details == {"CurrentVersion": 2}
        results = await asyncio.gather(*(store.write(save(2)) for _ in range(10)), return_exceptions=True)
        assert sum(isinstance(result, Stage) for result in results) == 1


@in_loop
async def test_another_spaces_document_is_answered_like_one_that_never_was(database_url: str) -> None:
    async with opened(database_url) as store:
        mine, theirs = await store.write(new_stage("Dev")), await store.write(new_stage("Dev", space=TWIN))
        never = "TestStages-999999"
        for call in (
            lambda repository, id: repository.get(id),
            lambda repository, id: repository.update(replace(theirs, id=id), 1),
            lambda repository, id: repository.delete(id),
        ):
            told = []
            for id in (theirs.id, never):
                error = await refusal(
                    store.write(lambda tx, call=call, id=id: call(STAGES.open(tx, SPACE), id))  # type: ignore[misc]
                )
                assert isinstance(error, NotFound)
                told.append(str(error).replace(id, "…"))
            assert told[0] == told[1]
        assert await store.read(lambda tx: STAGES.open(tx, SPACE).find(theirs.id)) is None
        page = await store.read(lambda tx: STAGES.open(tx, SPACE).list(Paging(), ids=[theirs.id, mine.id]))
        assert (page.items, page.total) == ([mine], 1)
        assert await store.read(lambda tx: STAGES.open(tx, TWIN).get(theirs.id)) == theirs


@in_loop
async def test_what_a_viewer_may_not_see_is_neither_listed_nor_counted_nor_named(database_url: str) -> None:
    async with opened(database_url) as store:
        docs = [await store.write(new_stage(f"S{n}", sort_order=n)) for n in range(10)]
        page = await store.read(lambda tx: STAGES.open(tx, SPACE, 4).list(Paging(0, 3)))
        assert ([doc.name for doc in page.items], page.total) == (["S0", "S1", "S2"], 5)
        for call in (Repository.get, Repository.delete):

            def hidden(tx: Tx, call: Callable[..., Any] = call) -> Any:
                return call(STAGES.open(tx, SPACE, 4), docs[9].id)

            error = await refusal(store.write(hidden))
            assert isinstance(error, NotFound)
        await store.write(new_box("B", docs[2].id, docs[3].id))
        for viewer, told in ((4, "box 'B'"), (1, None)):

            def drop(tx: Tx, viewer: int = viewer) -> None:
                STAGES.open(tx, SPACE, viewer).delete(docs[2].id)

            error = await refusal(store.write(drop))
            assert (told in error.errors[0]) if told else isinstance(error, NotFound)


@in_loop
async def test_lists_filter_sort_and_count_in_the_database(database_url: str) -> None:
    async with opened(database_url) as store:
        for n, name in enumerate(["beta", "Alpha", "100%", "ALPHABET", "a_b", "zeta"]):
            await store.write(new_stage(name, sort_order=n // 2))
        read = store.read
        assert await read(stage_names) == ["100%", "a_b", "Alpha", "ALPHABET", "beta", "zeta"]
        assert await read(lambda tx: stage_names(tx, partial_name="PHA")) == ["Alpha", "ALPHABET"]
        assert await read(lambda tx: stage_names(tx, partial_name="%")) == ["100%"]
        assert await read(lambda tx: stage_names(tx, partial_name="_")) == ["a_b"]
        assert await read(lambda tx: stage_names(tx, name=" alpha")) == ["Alpha"]
        assert await read(lambda tx: stage_names(tx, where=[STAGES.c.sort_order == 1])) == [
            "100%",
            "ALPHABET",
        ]
        by_bytes = ["zeta", "beta", "a_b", "Alpha", "ALPHABET", "100%"]
        assert await read(lambda tx: stage_names(tx, order=("-key",))) == by_bytes
        order = ("-sort_order", "folded")
        assert (await read(lambda tx: stage_names(tx, order=order)))[:2] == ["a_b", "zeta"]
        for paging, expected in {
            Paging(0, 4): (4, 6),
            Paging(4, 4): (2, 6),
            Paging(6, 4): (0, 6),
            Paging(0, 0): (0, 6),
            Paging(0, 6): (6, 6),
        }.items():
            page = await read(lambda tx, paging=paging: STAGES.open(tx, SPACE).list(paging))  # type: ignore[misc]
            assert (len(page.items), page.total) == expected


@in_loop
async def test_a_reference_to_what_is_not_in_the_space_is_refused_by_member(database_url: str) -> None:
    async with opened(database_url) as store:
        mine, theirs = await store.write(new_stage("Dev")), await store.write(new_stage("Dev", space=TWIN))
        box = await store.write(new_box("other"))
        for wrong in (theirs.id, "TestStages-99999", box.id):
            error = await refusal(store.write(new_box("B", mine.id, wrong)))
            assert isinstance(error, Invalid)
            assert error.errors == [
                f"StageIds[1]: '{wrong}' does not exist in this space. Use a stage of this space."
            ]
        system = await store.write(new_stage("system", space=""))
        await store.write(new_box("B", mine.id, system.id))


@in_loop
async def test_what_is_in_use_cannot_go_and_the_first_five_users_are_named(database_url: str) -> None:
    async with opened(database_url) as store:
        dev = await store.write(new_stage("Dev"))
        boxes = [await store.write(new_box(f"B{n}", dev.id, dev.id)) for n in range(7)]

        def drop(tx: Tx) -> None:
            STAGES.open(tx, SPACE).delete(dev.id)

        error = await refusal(store.write(drop))
        assert isinstance(error, Conflict)
        for n in range(5):
            assert f"box 'B{n}' ({boxes[n].id})" in error.errors[0]
        assert "and 2 more" in error.errors[0]
        used = await store.read(
            lambda tx: BOXES.open(tx, SPACE).list(Paging(0, 3), where=[BOXES.referring("StageIds", dev.id)])
        )
        assert (len(used.items), used.total) == (3, 7)
        for box in boxes[:-1]:
            await store.write(lambda tx, box=box: BOXES.open(tx, SPACE).delete(box.id))  # type: ignore[misc]
        assert isinstance(await refusal(store.write(drop)), Conflict)
        await store.write(lambda tx: BOXES.open(tx, SPACE).update(replace(boxes[-1], stage_ids=[]), 1))
        await store.write(drop)
        assert await store.read(stage_names) == []


@in_loop
async def test_deleting_and_saving_a_reference_at_once_leaves_no_dangling_one(database_url: str) -> None:
    async with opened(database_url) as one, opened(database_url) as two:
        dangling = text(
            "SELECT count(*) FROM reference r LEFT JOIN entity e ON e.id = r.to_id WHERE e.id IS NULL"
        )
        kept = 0
        for turn in range(20):
            dev = await one.write(new_stage(f"Dev {turn}"))

            def drop(tx: Tx, id: str = dev.id) -> None:
                STAGES.open(tx, SPACE).delete(id)
                time.sleep(0.002)

            results = await asyncio.gather(
                one.write(drop), two.write(new_box(f"B{turn}", dev.id)), return_exceptions=True
            )
            refused = [result for result in results if isinstance(result, Refused)]
            assert len(refused) == 1, results
            kept += isinstance(results[1], Box)
            assert isinstance(refused[0], Invalid | Conflict)
        assert await one.read(lambda tx: tx.scalar(dangling)) == 0
        assert await one.read(lambda tx: BOXES.open(tx, SPACE).count()) == kept


@in_loop
async def test_two_nodes_that_take_the_same_name_at_once_get_one_document(database_url: str) -> None:
    async with opened(database_url) as one, opened(database_url) as two:
        for turn in range(10):
            results = await asyncio.gather(
                *(store.write(new_stage(f"same {turn}")) for store in (one, two, one, two)),
                return_exceptions=True,
            )
            assert sum(isinstance(result, Stage) for result in results) == 1
            assert sum(isinstance(result, Conflict) for result in results) == 3


@in_loop
async def test_snapshots_are_kept_once_a_space_and_found_in_it_only(database_url: str) -> None:
    async with opened(database_url) as store:
        doc = Stage(name="frozen")

        def keep(space: str) -> Callable[[Tx], str]:
            return lambda tx: snapshots.keep_in(tx, space, "Stage", doc)

        first = await store.write(keep(SPACE))
        assert await store.write(keep(SPACE)) == first
        other = await store.write(lambda tx: snapshots.keep_in(tx, SPACE, "Stage", b'{"Name":"else"}'))
        assert other != first
        assert await store.read(lambda tx: tx.scalar(text("SELECT count(*) FROM snapshot"))) == 2
        body = await store.read(lambda tx: snapshots.get_in(tx, SPACE, "Stage", first))
        assert msgspec.json.decode(body, type=Stage) == doc
        with pytest.raises(NotFound):
            await store.read(lambda tx: snapshots.get_in(tx, TWIN, "Stage", first))


NAMES = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=12)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    names=st.lists(
        NAMES | st.sampled_from(["ẞ", "ss", "SS", "ﬁ", "FI", "İ", "i̇", "K", "k"]), min_size=1, max_size=12
    )
)
def test_exactly_the_names_that_fold_differently_can_be_together(database_url: str, names: list[str]) -> None:
    async def run() -> None:
        async with opened(database_url) as store:
            space = f"Spaces-{time.monotonic_ns()}"
            results = await asyncio.gather(
                *(store.write(new_stage(name, space=space)) for name in names), return_exceptions=True
            )
            expected = {folded(name) for name in names} - {""}
            stored = [result for result in results if isinstance(result, Stage)]
            assert len(stored) == len(expected)
            assert {folded(doc.name) for doc in stored} == expected
            assert len({doc.slug for doc in stored}) == len(stored)
            assert all(isinstance(result, Stage | Conflict | Invalid) for result in results)
            listed = await store.read(lambda tx: STAGES.open(tx, space).list(Paging(0, MOST)))
            assert [folded(doc.name) for doc in listed.items] == sorted(expected)

    asyncio.run(run())
