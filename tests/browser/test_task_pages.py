"""Tasks in a real browser: a log followed live over a restart, questions answered in place, what waits, and canceling."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.fixtures_portal import Visitor
from tests.fixtures_server import gurita_server
from tests.fixtures_sshd import sshd
from tests.functional.field import Field
from tests.scenario import Scenario, script, step

pytestmark = [pytest.mark.timeout(900), pytest.mark.needs("sshd")]

Visit = Callable[..., Visitor]
SPACE = "Spaces-1"
TICKS = """
printf 'plain \\033[31mred\\033[0m #{Secret}\\n'
n=0; until [ -e "%s" ]; do n=$((n+1)); echo "tick $n."; sleep 0.1; done
echo "$n in all."
"""


_FRESH = """(n) => [...document.querySelectorAll("button")]
  .some((each) => /new line/.test(each.innerText) && Number(each.innerText.replace(/\\D/g, "")) >= n)"""
_READ = """() => {
  const all = [...document.querySelectorAll("[data-line]")];
  return all.length > 0 && all.every((each) => each.lastElementChild.textContent !== "…");
}"""
_REACHED = "n => [...document.querySelectorAll('[data-line]')].some(each => Number(each.dataset.line) >= n)"


@pytest.fixture
def go(tmp_path: Path) -> Iterator[Path]:
    """Scripts go on until this file is there: at the end of the test at the latest, since targets are shared."""
    yield tmp_path / "enough"
    (tmp_path / "enough").touch()


@pytest.fixture(scope="module")
def field(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Field]:
    """A server with two hosts, which may be restarted."""
    folder = tmp_path_factory.mktemp("tasks")
    (folder / "hosts").mkdir()
    with sshd(folder / "hosts", 2) as hosts, gurita_server(folder / "server") as server:
        made = Field(server, Scenario(server.client), hosts, "")
        made.account = made.made.ssh_account(hosts[0])
        both = made.made.environment("Both")
        for number, host in enumerate(hosts):
            made.made.ssh_machine(host, made.account, [both], ["web"], f"web-{number}")
        made.environments.append(both)
        yield made


def begin(field: Field, name: str, *steps: dict[str, Any], **more: Any) -> str:
    """A deployment of a new project; its task."""
    secret = {"Name": "Secret", "Value": "a-value-nobody-sees", "Type": "Sensitive", "IsSensitive": True}
    project = field.made.project(name, steps, [secret])
    return field.made.deploy(field.made.release(project["Id"], "1.0"), field.environments[0], **more)


def everywhere(visitor: Visitor, name: str) -> None:
    """Looks at the page in both themes and at 320 px."""
    was = visitor.page.viewport_size
    assert was
    for scheme, width in (("light", 1280), ("dark", 1280), ("light", 320)):
        visitor.scheme, visitor.width = scheme, width
        visitor.page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        visitor.page.set_viewport_size({"width": width, "height": 900})
        visitor.look(name)
    visitor.page.set_viewport_size(was)


def lines(page: Page) -> dict[int, str]:
    """The lines that are drawn, by their numbers."""
    found: list[tuple[str, str]] = page.locator("[data-line]").evaluate_all(
        "all => all.map(each => [each.dataset.line, each.lastElementChild.textContent])"
    )
    return {int(number): text for number, text in found}


def test_a_log_is_followed_before_its_end_paused_linked_and_goes_on_after_a_restart(
    field: Field, visit: Visit, go: Path
) -> None:
    task = begin(field, "Live", step("Count", script(TICKS % go), roles="web"))
    visitor = visit(height=800)
    visitor.forgive("ERR_", "50", "EventSource")
    page = visitor.sign_in(field.server.url, f"{SPACE}/tasks/{task}")
    box = page.get_by_role("region", name="Lines of the log")
    expect(page.get_by_text(re.compile(r"^tick \d+\.$")).first).to_be_visible()
    later = max(lines(page)) + 50
    page.wait_for_function(_REACHED, arg=later)
    box.hover()
    page.mouse.wheel(0, -400)
    stood = _at_rest(page)
    page.wait_for_function(_FRESH, arg=_fresh(page) + 20)
    assert min(lines(page)) == stood, "a paused log moved"
    everywhere(visitor, "task-running")
    field.server.kill()
    expect(page.get_by_text("Reconnecting to the server")).to_be_visible()
    field.server.start()
    page.get_by_role("button", name="Follow the end of the log").click()
    expect(page.get_by_text("Reconnecting to the server")).to_have_count(0)
    go.touch()
    expect(page.get_by_text("in all.").first).to_be_visible()
    expect(page.locator("[data-state=success]", has_text="Success").first).to_be_visible()
    expected = [line["Number"] + 1 for line in field.made.get(f"tasks/{task}/log?take=10000")["Lines"]]
    seen = _whole(page, expected[-1])
    assert sorted(seen) == expected
    assert "********" in " ".join(seen.values())
    assert "a-value-nobody-sees" not in page.content()
    _links(visitor, field, task, seen)


def _fresh(page: Page) -> int:
    """How many lines have come since the log was paused; it must have been."""
    told = page.get_by_role("button", name=re.compile("new line")).inner_text()
    return int(re.sub(r"\D", "", told))


def _at_rest(page: Page) -> int:
    """The first line that is drawn, once the wheel has come to its end."""
    expect(page.get_by_role("button", name=re.compile("new line"))).to_be_visible()
    found = 0
    for _ in range(100):
        before, found = found, min(lines(page))
        if before == found:
            return found
        page.wait_for_timeout(300)
    raise AssertionError("the log does not come to rest")


def _whole(page: Page, last: int) -> dict[int, str]:
    """Every line of the log to its last one, read screen by screen from its beginning."""
    box = page.get_by_role("region", name="Lines of the log")
    box.focus()
    page.keyboard.press("Home")
    expect(page.locator("[data-line='1']")).to_be_visible()
    seen: dict[int, str] = {}
    for _ in range(2 * last):
        page.wait_for_function(_READ)
        drawn = lines(page)
        seen |= drawn
        if last in drawn:
            break
        page.keyboard.press("PageDown")
        page.wait_for_function(_REACHED, arg=max(drawn) + 1)
    return seen


def _links(visitor: Visitor, field: Field, task: str, seen: dict[int, str]) -> None:
    """A range marked by keyboard and mouse is in the address, and shown again from it."""
    page = visitor.page
    page.get_by_label("Go to line").fill("60")
    page.get_by_label("Go to line").press("Enter")
    expect(page).to_have_url(re.compile(r"lines=60$"))
    page.get_by_role("link", name="Line 63", exact=True).click(modifiers=["Shift"])
    expect(page).to_have_url(re.compile(r"lines=60-63"))
    expect(page.locator("[data-line][data-marked]")).to_have_count(4)
    page.get_by_role("region", name="Lines of the log").focus()
    page.keyboard.press("Shift+ArrowDown")
    expect(page).to_have_url(re.compile(r"lines=60-64"))
    page.reload()
    marked = page.locator("[data-line][data-marked]")
    expect(marked).to_have_count(5)
    expect(marked.first).to_be_in_viewport()
    page.wait_for_function(_READ)
    assert {n: text for n, text in lines(page).items() if 60 <= n <= 64} == {
        n: seen[n] for n in range(60, 65)
    }
    page.goto(f"{field.server.url}/app/{SPACE}/tasks/{task}#L10-L12")
    expect(marked).to_have_count(3)
    page.get_by_label("Find in the log").fill("TICK 7.")
    expect(
        page.get_by_text(re.compile(r"^(\d+ / )?\d+$"), exact=True).and_(page.get_by_role("status"))
    ).to_be_visible()
    page.get_by_label("Find in the log").press("Enter")
    expect(page.locator("mark").first).to_be_visible()
    page.get_by_role("button", name="web-1", exact=True).click()
    expect(page).to_have_url(re.compile("node="))
    expect(page.get_by_text(re.compile(r"^[\d,]+ of [\d,]+ lines$"))).to_be_visible()


def test_a_guided_failure_is_seen_and_answered_in_place_by_keyboard(
    field: Field, visit: Visit, tmp_path: Path
) -> None:
    body = (
        f'echo "looking"; [ -e "{tmp_path}/mended" ] || {{ echo "cannot open it" >&2; exit 9; }}; echo fine'
    )
    task = begin(
        field,
        "Guided",
        step("Breaks", script(body)),
        step("After", script("echo after")),
        UseGuidedFailure=True,
    )
    visitor = visit()
    page = visitor.sign_in(field.server.url, f"{SPACE}/tasks/{task}")
    expect(page.get_by_role("alert").filter(has_text="Somebody is needed")).to_be_attached()
    card = page.get_by_role("region", name=re.compile("A failure of Breaks")).first
    expect(card.get_by_text("cannot open it")).to_be_visible()
    everywhere(visitor, "task-asks")
    (tmp_path / "mended").touch()
    questions = page.get_by_role("region", name=re.compile("A failure of Breaks"))
    expect(questions).to_have_count(2)
    for title in questions.get_by_role("heading").all_text_contents():
        question = page.get_by_role("region", name=title, exact=True)
        question.get_by_label("Notes").focus()
        page.keyboard.type("mended by hand")
        page.keyboard.press("Tab")
        expect(question.get_by_role("button", name="Retry")).to_be_focused()
        page.keyboard.press("Enter")
        expect(question).to_have_count(0)
    expect(page.locator("[data-state=warning], [data-state=success]").first).to_be_visible()
    assert field.made.wait(task)["State"] == "Success"
    given = field.made.get(f"interruptions?regarding={task}")["Items"]
    assert {one["Form"]["Values"]["Guidance"] for one in given} == {"Retry"}
    assert {one["Form"]["Values"]["Notes"] for one in given} == {"mended by hand"}
    expect(page.get_by_role("button", name="Try again")).to_be_visible()


def test_tasks_are_listed_with_reasons_filtered_by_address_and_canceled(
    field: Field, visit: Visit, go: Path
) -> None:
    failed = begin(field, "Fails", step("Breaks", script('echo one; echo "no such place" >&2; exit 3')))
    field.made.wait(failed)
    waits = step("Waits", script(f'until [ -e "{go}" ]; do sleep 0.1; done'), roles="web")
    first = begin(field, "Held", waits)
    release = field.made.task(first)["Arguments"]
    held = field.made.get(f"deployments/{release['DeploymentId']}")
    queued = [field.made.deploy(held["ReleaseId"], field.environments[0]) for _ in range(2)]
    field.made.wait(first, until=["Executing"])
    visitor = visit()
    page = visitor.sign_in(field.server.url, f"{SPACE}/tasks/{queued[0]}")
    reasons = page.get_by_role("region", name="Why it waits")
    expect(reasons.get_by_role("link", name=first, exact=True)).to_be_visible()
    visitor.look("task-waits")
    visitor.go(field.server.url, f"{SPACE}/tasks/{failed}")
    expect(
        page.get_by_role("region", name="What went wrong").get_by_text("no such place").first
    ).to_be_visible()
    page.get_by_role("button", name="First error").click()
    expect(page.locator("[data-marked][data-level=Error]")).to_be_in_viewport()
    page.get_by_text("By target").click()
    expect(page.get_by_role("table", name="Steps by target").get_by_role("row")).to_have_count(3)
    everywhere(visitor, "task-failed")
    page = visitor.go(field.server.url, f"{SPACE}/tasks?states=Queued")
    rows = page.get_by_role("table", name="Tasks").locator("tbody tr")
    expect(rows).to_have_count(2)
    page.reload()
    expect(rows).to_have_count(2)
    everywhere(visitor, "tasks")
    for row in range(2):
        rows.nth(row).get_by_role("checkbox").check()
    page.get_by_role("button", name="Cancel 2 tasks").click()
    page.get_by_role("dialog").get_by_role("button", name="Cancel 2 tasks").click()
    expect(page.get_by_text("No task fits these filters")).to_be_visible()
    assert {field.made.wait(one)["State"] for one in queued} == {"Canceled"}
    visitor.go(field.server.url, f"{SPACE}/tasks/{first}")
    page.get_by_role("button", name="Cancel", exact=True).press("Enter")
    expect(page.get_by_role("button", name="Cancel this deployment")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("[data-state=canceled]").first).to_be_visible()
    assert field.made.wait(first)["State"] == "Canceled"
    go.touch()
