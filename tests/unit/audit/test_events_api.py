from __future__ import annotations

from pathlib import Path

import pytest

from gurita.audit import service as audit
from tests.helpers import house
from tests.looping import in_loop


@in_loop
async def test_events_are_found_by_everything_that_is_promised(tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:
        ctx = gurita.context()

        def write(tx: object) -> list[str]:
            return [
                audit.record(tx, ctx, "Created", "one", ["Projects-1", "Environments-1"]),  # type: ignore[arg-type]
                audit.record(tx, ctx, "DeploymentQueued", "two", ["Deployments-1", "Projects-1"]),  # type: ignore[arg-type]
                audit.record(tx, ctx, "Deleted", "three", ["Environments-1"]),  # type: ignore[arg-type]
                audit.record(tx, ctx, "LoginFailed", "four", ["Users-1"], space=""),  # type: ignore[arg-type]
            ]

        ids = await gurita.store.write(write)
        since = f"fromAutoId={ids[0].partition('-')[2]}"
        for query, messages in {
            "": "four three two one",
            "regarding=Projects-1": "two one",
            "regarding=Projects-1,Environments-1": "one",
            "regardingAny=Deployments-1,Environments-1": "three two one",
            "projects=Projects-1&environments=Environments-1": "one",
            "eventCategories=Created,Deleted": "three one",
            "documentTypes=Deployments": "two",
            "users=users-system&documentTypes=Users": "four",
            "user=Users-99": "",
            f"ids={ids[1]}": "two",
            "ids=nonsense": "",
            "includeSystem=false": "three two one",
            "spaces=Spaces-1": "three two one",
            "spaces=Spaces-1&includeSystem=true": "four three two one",
            "from=2999-01-01T00:00:00Z": "",
            "to=2999-01-01": "four three two one",
            "to=2000-01-01": "",
            "skip=1&take=2": "three two",
        }.items():
            page = await gurita.get(f"events?{since}&{query}")
            assert " ".join(one["Message"] for one in page["Items"]) == messages, query
        scoped = await gurita.get(f"Spaces-1/events?{since}")
        assert [one["Message"] for one in scoped["Items"]] == ["three", "two", "one"]
        one = await gurita.get(f"events/{ids[0]}")
        assert one["RelatedDocumentIds"] == ["Projects-1", "Environments-1"]
        assert one["IdentityEstablishedWith"] == "System"
        for bad in ("from=yesterday", "to=x", "fromAutoId=x"):
            assert (await gurita.ask("GET", f"events?{bad}")).status == 400
        for unknown in ("Events-99999", "Events-x", "Projects-1", f"Events-{'9' * 30}"):
            assert (await gurita.ask("GET", f"events/{unknown}")).status == 404


@in_loop
async def test_events_of_other_spaces_stay_hidden(tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:
        await gurita.post("spaces", {"Name": "Second"})
        made = await gurita.post("Spaces-2/environments", {"Name": "Secret plans"})
        hidden = (await gurita.get(f"events?regarding={made['Id']}"))["Items"][0]["Id"]
        gurita.may(lambda permission, space: permission == "EventView" and space in ("Spaces-1", None))
        assert (await gurita.get(f"events?regarding={made['Id']}"))["TotalResults"] == 0
        assert {one["SpaceId"] for one in (await gurita.get("events?take=100"))["Items"]} == {"Spaces-1"}
        assert (await gurita.ask("GET", f"events/{hidden}")).status == 404
        assert (await gurita.ask("GET", "Spaces-2/events")).status == 403
        assert (await gurita.ask("GET", f"Spaces-1/events/{hidden}")).status == 404


@in_loop
async def test_an_event_of_a_refused_unit_is_not_there(tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:
        ctx = gurita.context()

        def write(tx: object) -> None:
            audit.record(tx, ctx, "Created", "never", ["Projects-1"])  # type: ignore[arg-type]
            raise RuntimeError("refused")

        with pytest.raises(RuntimeError):
            await gurita.store.write(write)
        assert (await gurita.get("events?regarding=Projects-1"))["TotalResults"] == 0


@in_loop
async def test_categories_and_document_types_are_listed(tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:
        assert {"Id": "Created", "Name": "Document created", "Links": {}} in await gurita.get(
            "events/categories"
        )
        assert {"Id": "Machines", "Name": "Machine", "Links": {}} in await gurita.get(
            "Spaces-1/events/documenttypes"
        )
