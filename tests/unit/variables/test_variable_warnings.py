"""What saving a set warns of, the types of variables, and prompts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from gurita.variables.resources import Prompt, Variable
from gurita.variables.rules import questions, scoped, warnings, wrong_answers
from gurita.variables.rules.referring import named_by
from tests.helpers import House, house
from tests.looping import in_loop

SET = "variables/variableset-Projects-1"


def row(name: str = "A", **scope: list[str]) -> Variable:
    return Variable(id=f"{name}-{sorted(scope.items())}", name=name, value="x", scope=dict(scope))


def codes(*variables: Variable, gone: tuple[tuple[int, str, str], ...] = ()) -> list[str]:
    return [each.code for each in warnings(variables, gone)]


def test_rows_with_the_same_scope_are_duplicates_in_any_case_and_order() -> None:
    assert codes(row("A"), row("a")) == ["duplicate"]
    assert codes(row(Role=["Web", "db"]), row(Role=["DB", "web"])) == ["duplicate"]
    assert codes(row("A"), row("B")) == []


def test_a_row_never_applies_where_a_later_one_covers_it() -> None:
    narrow, wide = row(Environment=["e1"]), row(Environment=["e1", "e2"])
    assert codes(narrow, wide) == ["unreachable"]
    assert codes(wide, narrow) == ["ambiguous"]
    assert codes(row(Environment=["e1", "e2"]), row(Environment=["e2", "e3"])) == ["ambiguous"]
    assert codes(row(Environment=["e1"]), row(Environment=["e2"])) == []
    assert codes(row(Environment=["e1"]), row(Environment=["e1"], Role=["web"])) == []


def test_a_row_for_things_that_are_gone_never_applies() -> None:
    assert codes(row(Action=["a"]), gone=((0, "Action", "a"),)) == ["unreachable"]
    assert codes(row(Action=["a", "b"]), gone=((0, "Action", "a"),)) == []


def test_thousands_of_rows_of_one_name_are_looked_through_in_bounds() -> None:
    many = [row(Environment=[f"e{n}"]) for n in range(5000)]
    assert codes(*many) == []
    assert len(codes(*[row() for _ in range(5000)])) <= 200


def test_a_path_leads_to_the_longest_name_that_is_known() -> None:
    known = {"config": "Config", "octopus.action[a.b].output.x": "Octopus.Action[a.b].Output.X"}
    assert named_by("Config.Db[0].Host", known) == "Config"
    assert named_by("octopus.action[a.b].output.x.Name", known) == "Octopus.Action[a.b].Output.X"
    assert named_by("Nope.Config", known) is None


def test_answers_must_be_what_their_control_allows() -> None:
    settings = {"Octopus.ControlType": "Select", "Octopus.SelectOptions": "a|Apples\nb"}
    given = [
        Variable(id="1", name="S", prompt=Prompt(display_settings=settings)),
        Variable(id="2", name="C", prompt=Prompt(display_settings={"Octopus.ControlType": "Checkbox"})),
        Variable(id="3", name="P", type="WorkerPool", prompt=Prompt(label="Pool")),
    ]
    asked = questions(scoped(given))
    good = {"S": "b", "C": "false", "P": "WorkerPools-1"}
    assert list(wrong_answers(asked, good, {"WorkerPools-1": "WorkerPools"})) == []
    bad = {"S": "c", "C": "maybe", "P": "Machines-1"}
    found = list(wrong_answers(asked, bad, {"Machines-1": "Machines"}))
    assert [each.partition(":")[0] for each in found] == ["FormValues[1]", "FormValues[2]", "FormValues[3]"]
    assert list(wrong_answers(asked, {"S": "", "C": " ", "P": "#{Pool}"}, {})) == []


async def project(gurita: House) -> None:
    group = (await gurita.get("projectgroups/all"))[0]["Id"]
    lifecycle = (await gurita.get("lifecycles/all"))[0]["Id"]
    await gurita.post("projects", {"Name": "Web", "ProjectGroupId": group, "LifecycleId": lifecycle})


async def saved(gurita: House, *variables: dict[str, Any]) -> Any:
    return await gurita.put(SET, {"Variables": list(variables)})


@in_loop
async def test_warnings_come_with_the_saved_set_and_later_when_asked_for(tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:
        await project(gurita)
        found = await saved(
            gurita, {"Name": "A", "Value": "1"}, {"Name": "A", "Value": "2"}, {"Name": "K", "Value": "abc", "Type": "Sensitive"}
        )  # fmt: skip
        assert [each["Code"] for each in found["Warnings"]] == ["short-secret", "duplicate"]
        assert found["Warnings"][1]["VariableIds"] == [each["Id"] for each in found["Variables"][:2]]
        assert await gurita.get(f"{SET}/warnings") == found["Warnings"]
        assert "Warnings" not in await gurita.get(SET)
        assert "Warnings" not in await saved(gurita, found["Variables"][1])


@in_loop
async def test_that_a_secret_is_short_is_told_only_to_who_may_change_it(tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:
        await project(gurita)
        await saved(gurita, {"Name": "K", "Value": "abc", "Type": "Sensitive"})
        assert len(await gurita.get(f"{SET}/warnings")) == 1
        gurita.may(lambda permission, _space: "Edit" not in permission)
        assert await gurita.get(f"{SET}/warnings") == []


@in_loop
async def test_a_variable_holds_on_to_what_it_stands_for(tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:
        await project(gurita)
        token = {"AccountType": "Token", "Name": "T", "Token": {"HasValue": True, "NewValue": "t0ken"}}
        account = (await gurita.post("accounts", token))["Id"]
        pool = (await gurita.post("workerpools", {"Name": "Pool", "WorkerPoolType": "StaticWorkerPool"}))[
            "Id"
        ]
        await saved(
            gurita,
            {"Name": "T", "Value": account, "Type": "tokenaccount"},
            {"Name": "W", "Value": pool, "Type": "WorkerPool"},
        )
        assert (await gurita.get(SET))["Variables"][0]["Type"] == "TokenAccount"
        usages = await gurita.get(f"accounts/{account}/usages")
        assert [each["ProjectName"] for each in usages["ProjectVariableSets"]] == ["Web"]
        for path in (f"accounts/{account}", f"workerpools/{pool}"):
            await gurita.refused(409, "DELETE", path)
        await saved(gurita)
        for path in (f"accounts/{account}", f"workerpools/{pool}"):
            await gurita.delete(path)


@in_loop
async def test_values_that_stand_for_the_wrong_thing_are_refused_with_the_member_named(
    tmp_path: Path,
) -> None:
    async with house(tmp_path) as gurita:
        await project(gurita)
        token = {"AccountType": "Token", "Name": "T", "Token": {"HasValue": True, "NewValue": "t0ken"}}
        account = (await gurita.post("accounts", token))["Id"]
        prompted = {"Name": "X", "Prompt": {"DisplaySettings": {"Octopus.ControlType": "Slider"}}}
        choice = {"Name": "X", "Prompt": {"DisplaySettings": {"Octopus.ControlType": "Select"}}}
        for variable, member in (
            (
                {"Name": "X", "Value": account, "Type": "AzureAccount"},
                "Variables[0].Value: 'T' is a Token account",
            ),
            ({"Name": "X", "Value": account, "Type": "Certificate"}, "Variables[0].Value: "),
            ({"Name": "X", "Value": "WorkerPools-99", "Type": "WorkerPool"}, "Variables[0].Value: "),
            (prompted, "Variables[0].Prompt.DisplaySettings: 'Slider'"),
            (choice, "Variables[0].Prompt.DisplaySettings: a Select needs"),
        ):
            told = await gurita.refused(400, "PUT", SET, {"Variables": [variable]})
            assert told["Errors"][0].startswith(member), told
        await saved(
            gurita,
            {"Name": "X", "Value": "#{Other}", "Type": "AzureAccount"},
            {"Name": "Y", "Type": "WorkerPool"},
        )


def test_a_secret_answer_that_is_no_choice_is_not_repeated() -> None:
    settings = {
        "Octopus.ControlType": "Select",
        "Octopus.SelectOptions": "one-secret|One\nother-secret|Other",
    }
    prompt = Prompt(label="Which", display_settings=settings)
    (variable,) = scoped([Variable(id="v1", name="S", type="Sensitive", secret_id="s1", prompt=prompt)])
    found = list(wrong_answers(questions([variable]), {"S": "a-third-secret"}, {}))
    assert len(found) == 1
    assert "a-third-secret" not in found[0]
