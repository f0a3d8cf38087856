from __future__ import annotations

import dataclasses
import io
import logging
import zipfile
from pathlib import Path
from typing import Any, cast

import pytest
from sqlalchemy import insert

from gurita.access.session_routes import system
from gurita.configuration.service import MaintenanceGate
from gurita.engine.schedules import Recurring, register_in
from gurita.engine.tables import schedule
from gurita.http.call import Call
from gurita.http.context import system_viewer
from gurita.nodes.recent_logs import RecentLogs, recent
from gurita.server.settings import Settings
from gurita.store.tx import Tx
from tests.helpers import house
from tests.looping import in_loop
from tests.unit.http.asking import ask, make_api

SECTIONS: dict[str, tuple[str, dict[str, Any]]] = {
    "serverconfiguration": ("server", {"ServerUri": "https://deploy.example"}),
    "featuresconfiguration": ("features", {"IsHelpSidebarEnabled": True}),
    "performanceconfiguration": ("performance", {"DefaultDashboardRenderMode": "VirtualizeColumns"}),
    "upgradeconfiguration": ("upgrade", {"NotificationMode": "AlwaysShow"}),
    "gurita/authentication-settings": ("authentication", {"IsGuestSignInEnabled": True}),
    "maintenanceconfiguration": ("maintenance", {"IsInMaintenanceMode": True}),
}


@pytest.mark.parametrize("path", SECTIONS)
@in_loop
async def test_a_section_is_read_changed_and_found_below_configuration(path: str, tmp_path: Path) -> None:
    name, change = SECTIONS[path]
    async with house(tmp_path) as gurita:
        before = await gurita.get(path)
        assert (before["Id"], before["Links"]["Self"]) == (name, f"/api/{path}")
        after = await gurita.put(path, {**before, **change})
        assert after == {**before, **change}
        assert await gurita.get(path) == after
        assert await gurita.get(f"configuration/{name}/values") == after
        shown = await gurita.get(f"configuration/{name.upper()}")
        assert shown["Links"]["Values"] == f"/api/configuration/{name}/values"
        described = await gurita.get(f"configuration/{name}/metadata")
        assert {one["Name"] for one in described["Types"][0]["Properties"]} >= set(change)
        helps = [one["DisplayInfo"] for one in described["Types"][0]["Properties"]]
        assert all(one["Description"] and one["Label"] for one in helps)
        back = await gurita.put(f"configuration/{name}/values", {**before, "Links": {}})
        assert back == before
        events = await gurita.get("events?includeSystem=true&take=2")
        assert [one["Username"] for one in events["Items"]] == ["system", "system"]
        assert events["Items"][1]["ChangeDetails"]["Differences"][0]["Path"] == f"/{next(iter(change))}"
        gurita.may(lambda permission, _: permission == "EventView")
        assert (await gurita.ask("GET", path)).status == 200
        await gurita.refused(403, "PUT", path, {**before, **change})
        await gurita.refused(403, "PUT", f"configuration/{name}/values", {**before, **change})


@in_loop
async def test_settings_that_make_no_sense_are_refused(tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:
        for path, body, told in (
            ("serverconfiguration", {"ServerUri": "javascript:alert(1)"}, "ServerUri: 'javascript:alert(1)'"),
            ("featuresconfiguration", {"HelpSidebarSupportLink": "x"}, "HelpSidebarSupportLink: 'x'"),
            (
                "upgradeconfiguration",
                {"NotificationMode": "Loud"},
                "NotificationMode: Invalid enum value 'Loud'",
            ),
            (
                "configuration/performance/values",
                {"DefaultDashboardRenderMode": "x"},
                "DefaultDashboardRenderMode:",
            ),
            ("configuration/server/values", b"nonsense", "The body is not JSON"),
        ):
            answer = await gurita.refused(400, "PUT", path, body)
            assert answer["Errors"][0].startswith(told), answer
        for path in (
            "configuration/nothing",
            "configuration/nothing/values",
            "configuration/nothing/metadata",
        ):
            await gurita.refused(404, "GET", path)
        await gurita.refused(404, "PUT", "configuration/nothing/values", {})
        known = await gurita.get("configuration")
        assert {one["Id"] for one in known} == {name for name, _ in SECTIONS.values()}
        on = await gurita.put("featuresconfiguration", {"IsBuiltInWorkerEnabled": True})
        assert on["IsBuiltInWorkerEnabled"] is False


@in_loop
async def test_the_address_an_option_sets_goes_before(tmp_path: Path) -> None:
    settings = Settings(
        data=tmp_path, public_url="https://fixed.example", database="postgresql://u:hunter2@h/db"
    )
    async with house(tmp_path, settings=settings) as gurita:
        assert (await gurita.get("serverconfiguration"))["ServerUri"] == "https://fixed.example"
        told = await gurita.refused(400, "PUT", "serverconfiguration", {"ServerUri": "https://other.example"})
        assert "--public-url" in told["Errors"][0]
        (node,) = await gurita.get("serverconfiguration/settings")
        values = {one["Key"]: one["Value"] for one in node["ConfigurationValues"]}
        assert values["database"] == "postgresql://u:***@h/db"
        assert values["public_url"] == "https://fixed.example"


@in_loop
async def test_in_maintenance_only_administrators_change_anything(tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:
        await gurita.put("maintenanceconfiguration", {"isInMaintenanceMode": True})
        assert (await gurita.get("serverstatus"))["IsInMaintenanceMode"] is True
        assert (await gurita.get("serverstatus/health"))["IsEntireClusterReadOnly"] is True
        made = await gurita.post("environments", {"Name": "Dev"})
        gurita.may(lambda permission, _: permission != "AdministerSystem")
        for method, path, body in (
            ("POST", "environments", {"Name": "Test"}),
            ("PUT", f"environments/{made['Id']}", {**made, "Name": "Test"}),
            ("DELETE", f"environments/{made['Id']}", None),
        ):
            told = await gurita.refused(503, method, path, body)
            assert told["ErrorMessage"] == "The server is in maintenance mode."
        assert (await gurita.get("environments"))["TotalResults"] == 1
        gurita.may(lambda permission, space: True)
        await gurita.put("maintenanceconfiguration", {"IsInMaintenanceMode": False})
        gurita.may(lambda permission, _: permission != "AdministerSystem")
        await gurita.post("environments", {"Name": "Test"})
        events = await gurita.get("events?eventGroups=Node&includeSystem=true")
        assert [one["Category"] for one in events["Items"]] == ["MaintenanceEnded", "MaintenanceStarted"]


@in_loop
async def test_what_nobody_may_is_still_refused_first_in_maintenance(tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:
        await gurita.put("maintenanceconfiguration", {"IsInMaintenanceMode": True})
        gurita.may(lambda permission, _: False)
        await gurita.refused(403, "POST", "environments", {"Name": "Test"})


class Quiet:
    def take(self) -> bool:
        return False


def test_the_gate_lets_people_sign_in_and_out() -> None:
    class Closed(MaintenanceGate):
        def __init__(self) -> None:
            self._closed = True

        async def __call__(self, call: Call) -> None:
            self._changes = cast("Any", Quiet())
            await super().__call__(call)

    viewer = dataclasses.replace(system_viewer(), may=lambda *_: False)
    api = make_api(system.items, viewer, gate=Closed())
    assert ask(api, "POST", "/api/users/login", b"nonsense").status == 400
    assert ask(api, "POST", "/api/users/logout").status != 503


@in_loop
async def test_the_server_says_what_it_is_at(tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:
        gurita.services.installation_id = "id"
        status = await gurita.get("serverstatus")
        for name, place in status["Links"].items():
            if name not in ("Activities", "GCCollect", "SystemReport"):
                assert (await gurita.ask("GET", place.removeprefix("/api/"))).status == 200, name
        await gurita.post("environments", {"Name": "Dev"})
        counts = await gurita.get("serverstatus/counts")
        assert (counts["Infrastructure"]["Environments"], counts["Infrastructure"]["WorkerPools"]) == (1, 1)
        assert counts["Global"]["Spaces"] == 1
        assert (await gurita.post("serverstatus/gc-collect", None))["Collected"] >= 0
        licence = await gurita.get("licenses/licenses-current-status")
        assert (licence["IsCompliant"], licence["PermissionsMode"]) == (True, "Full")
        assert all(one["IsUnlimited"] for one in licence["Limits"])
        assert (await gurita.get("licenses/licenses-current"))["LicenseText"].startswith("Apache")
        assert (await gurita.get("smtpconfiguration/isconfigured"))["IsConfigured"] is False


@in_loop
async def test_the_report_of_the_server_holds_no_secret(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path, database="postgresql://u:hunter2@h/db", node_name="here")
    async with house(tmp_path, settings=settings) as gurita:
        secret = {"HasValue": True, "NewValue": "hunter2"}
        await gurita.post("accounts", {"Name": "t", "AccountType": "Token", "Token": secret})
        answer = await gurita.ask("GET", "serverstatus/system-report")
        assert answer.headers["content-type"] == "application/zip"
        with zipfile.ZipFile(io.BytesIO(answer.body)) as packed:
            assert set(packed.namelist()) == {
                "system-info.json", "settings.json", "nodes.json", "counts.json", "tasks.json", "scheduler.json", "log.txt",
            }  # fmt: skip
            for name in packed.namelist():
                assert b"hunter2" not in packed.read(name)
        gurita.may(lambda permission, _: permission == "ConfigureServer")
        for path in ("system-report", "logs", "counts", "activities"):
            await gurita.refused(403, "GET", f"serverstatus/{path}")


@in_loop
async def test_recurring_work_is_shown_and_made_due(tmp_path: Path) -> None:
    async with house(tmp_path) as gurita:
        work = Recurring("sweeping", 3600.0, lambda tx, now: None)

        def begin(tx: Tx) -> None:
            register_in(tx, work, gurita.services.milliseconds())
            tx.run(insert(schedule).values(key="late", next_due=0, every=1000, last=0))

        await gurita.store.write(begin)
        late, sweeping = (await gurita.get("scheduler"))["TaskStatus"]
        assert (late["IsOverdue"], late["LastRun"][:10]) == (True, "1970-01-01")
        assert (sweeping["Name"], sweeping["Interval"], sweeping["LastRun"]) == (
            "sweeping",
            "0.01:00:00",
            None,
        )
        await gurita.post("scheduler/sweeping/trigger", None)
        _, after = (await gurita.get("scheduler"))["TaskStatus"]
        assert after["NextRun"] < sweeping["NextRun"]
        assert (await gurita.get("scheduler/sweeping/logs"))["ActivityLog"]["Name"] == "sweeping"
        await gurita.refused(404, "POST", "scheduler/nothing/trigger")
        await gurita.refused(404, "GET", "scheduler/nothing/logs")


def test_the_newest_lines_of_the_log_are_kept_without_tracebacks() -> None:
    kept = RecentLogs(most=2)
    log = logging.getLogger("gurita.test.recent")
    log.addHandler(kept)
    log.setLevel("INFO")
    log.info("lost")
    log.warning("%s of %s", 1, 2)
    log.error("it broke", exc_info=ValueError("hunter2"))
    first, second = kept.lines()
    assert (first.category, first.message_text) == ("Warning", "gurita.test.recent: 1 of 2")
    assert (second.category, second.message_text, second.detail) == (
        "Error",
        "gurita.test.recent: it broke",
        "ValueError",
    )
    kept.emit(logging.LogRecord("x", logging.INFO, "", 0, "%d", ("no number",), None))
    assert kept.lines()[-1].message_text == "x: %d"
    assert recent is not kept


@in_loop
async def test_what_this_server_does_not_have_is_answered_as_empty(tmp_path: Path) -> None:
    class Hub:
        public_key, fingerprint = "ssh-ed25519 AAAA", "SHA256:x"

    async with house(tmp_path, hub=Hub()) as gurita:
        gurita.services.installation_id = "id"
        empty: dict[str, Any] = {
            "dynamic-extensions/features/metadata": {"Features": []},
            "dynamic-extensions/features/values": {"Values": {}},
            "workertoolslatestimages": {},
            "serverstatus/extensions": [],
        }
        for path, expected in empty.items():
            assert await gurita.get(path) == expected
        for path in ("communityactiontemplates", "issuetrackers"):
            assert (await gurita.get(path))["Items"] == []
        assert (await gurita.get("dynamic-extensions/scripts"))["Scripts"] == []
        assert (await gurita.get("Spaces-1/useronboarding"))["Tasks"] == []
        assert (await gurita.get("letsencryptconfiguration"))["Enabled"] is False
        await gurita.refused(404, "GET", "communityactiontemplates/x")
        (key,) = (await gurita.get("configuration/certificates"))["Items"]
        assert (key["Thumbprint"], key["SignatureAlgorithm"]) == ("SHA256:x", "ssh-ed25519")
        assert (await gurita.get("configuration/certificates/certificate-global"))["Id"] == key["Id"]
        assert (
            await gurita.ask("GET", f"configuration/certificates/{key['Id']}/public-cer")
        ).body == b"ssh-ed25519 AAAA\n"
        await gurita.refused(404, "GET", "configuration/certificates/other")
