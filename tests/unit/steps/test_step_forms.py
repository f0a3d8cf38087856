"""The forms of the step types: what the API tells, what the documents say, and what they rest on."""

from __future__ import annotations

from pathlib import Path

import pytest

from gurita.steps.features import enabled, unbuilt
from gurita.steps.form import StepForm, table
from gurita.steps.registry import FORMS, STEP_TYPES
from tests.helpers import house
from tests.looping import in_loop

PAGES = Path(__file__).parents[3] / "docs/steps"
SOURCES = Path(__file__).parents[3] / "src/gurita"


def _named(form: StepForm) -> str:
    return form.name


def test_every_step_type_has_a_form_and_every_form_a_step_type() -> None:
    assert {form.name.lower() for form in FORMS} == set(STEP_TYPES)
    assert all(form.server_only == STEP_TYPES[form.name.lower()].server_only for form in FORMS)


@pytest.mark.parametrize("form", FORMS, ids=_named)
def test_the_documents_hold_the_table_of_the_form(form: StepForm) -> None:
    pages = [page.read_text() for page in PAGES.glob("*.md") if f"`{form.name}`)" in page.read_text()]
    assert len(pages) == 1
    assert table(form) in pages[0], "run scripts/step_docs.py"


@pytest.mark.parametrize("form", FORMS, ids=_named)
def test_a_field_is_shown_by_fields_of_its_own_form(form: StepForm) -> None:
    fields = {field.name: field for field in form.fields()}
    assert len(fields) == len(list(form.fields()))
    for field in fields.values():
        for condition in field.shown_when:
            shower = fields[condition.name]
            allowed = {choice.value for choice in shower.choices} or {"True", "False"}
            assert set(condition.values) <= allowed
        assert field.default in {"", *(choice.value for choice in field.choices)} or not field.choices
        assert field.language_from == "" or field.language_from in fields


@pytest.mark.parametrize("form", FORMS, ids=_named)
def test_every_feature_a_form_offers_is_one_this_server_has(form: StepForm) -> None:
    offered = ",".join(field.name for field in form.fields() if field.kind == "feature")
    properties = {"Octopus.Action.EnabledFeatures": offered}
    assert len(enabled(properties)) == offered.count("Octopus.")
    assert unbuilt(properties) == []


def test_every_property_a_form_asks_for_is_read_somewhere() -> None:
    read = "\n".join(  # names are often put together: an end of one, as it stands in quotes, is enough
        path.read_text().lower()
        for path in SOURCES.rglob("*.py")
        if path.name != "shared.py" and "forms" not in path.parts
    )
    for form in FORMS:
        for field in form.fields():
            last = field.name.rpartition(".")[2].lower()
            ends = (last[start:] for start in range(len(last)) if len(last) - start >= min(7, len(last)))
            assert any(f'{end}"' in read for end in ends), field.name


@in_loop
async def test_the_api_tells_the_forms(tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:
        told = await gurita.get("gurita/step-types")
        assert [each["Name"] for each in told] == [form.name for form in FORMS]
        script = told[0]["Sections"][0]["Fields"]
        body = next(field for field in script if field["Name"].endswith("ScriptBody"))
        assert body["Kind"] == "code"
        assert body["Required"] is True
        assert body["ShownWhen"] == [{"Name": "Octopus.Action.Script.ScriptSource", "Values": ["Inline"]}]
