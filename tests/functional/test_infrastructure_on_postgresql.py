"""Machines, workers, certificates, events and settings on a real PostgreSQL: the same answers as on SQLite."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from gurita.certificates.watching import watching
from gurita.machines import service as machines
from gurita.machines.service import Health
from gurita.tasks.machine_routes import routes as machine_tasks
from tests.helpers import House, house
from tests.looping import in_loop

PRINT = "SHA256:" + "A" * 43
AGENT = {"CommunicationStyle": "TentaclePassive", "Uri": "https://w.example:1", "Thumbprint": PRINT}


async def furnish(gurita: House) -> None:
    environment = await gurita.post("environments", {"Name": "Dev"})
    for name, more in (("a", {"TenantTags": ["Tier/Gold"]}), ("b", {"IsDisabled": True})):
        body = {"Name": name, "EnvironmentIds": [environment["Id"]], "Roles": ["web"], "Endpoint": AGENT}
        await gurita.post("machines", {**body, **more})
    await gurita.post("workers", {"Name": "w", "WorkerPoolIds": ["WorkerPools-1"], "Endpoint": AGENT})
    ctx = gurita.context()
    well = Health(status="Healthy", summary="Fine.", operating_system="Linux", shell_name="Bash")
    for id in ("Machines-1", "Workers-1"):
        await gurita.store.write(lambda tx, id=id: machines.record_health_in(tx, ctx, id, well))  # type: ignore[misc]


async def named(gurita: House, path: str, member: str = "Name") -> list[Any]:
    return [one[member] for one in (await gurita.get(path))["Items"]]


def test_machines_and_workers_are_filtered_alike_on_both_databases(tmp_path: Path, database_url: str) -> None:
    @in_loop
    async def lived() -> None:
        async with house(tmp_path, url=database_url, more=machine_tasks) as gurita:
            await furnish(gurita)
            for query, names in {
                "tenantTags=tier/gold": ["a"], "isDisabled=true": ["b"], "healthStatuses=Healthy": ["a"],
                "healthStatuses=Unknown": ["b"], "shellNames=Bash": ["a"], "roles=WEB": ["a", "b"],
                "deploymentId=Deployments-9": [], f"thumbprint={PRINT}": ["a", "b"], "partialName=A": ["a"],
            }.items():  # fmt: skip
                assert await named(gurita, f"machines?{query}") == names, query
            assert await named(gurita, "workers?workerPoolIds=WorkerPools-1&healthStatuses=Healthy") == ["w"]
            assert await gurita.get("workers/operatingsystem/names/all") == ["Linux"]
            assert len((await gurita.get("machines/a/tasks?type=health&partialName=HEALTH"))["Items"]) == 1
            assert (await gurita.get("workerpools/summary"))["TotalMachines"] == 1

    lived()


def test_certificates_are_found_and_watched_alike_on_both_databases(
    tmp_path: Path, database_url: str
) -> None:
    @in_loop
    async def lived() -> None:
        async with house(tmp_path, url=database_url) as gurita:
            for name, days in (("soon", 5), ("later", 100)):
                asked = {"Name": name, "CommonName": name, "DaysValid": days}
                await gurita.post("certificates/generate", asked)
            made = await gurita.get("certificates/soon")
            assert await named(gurita, f"certificates?search={made['Thumbprint']}") == ["soon"]
            await gurita.post("certificates/later/archive", None)
            assert await named(gurita, "certificates") == ["soon"]
            assert await named(gurita, "certificates?archived=true&search=LATER") == ["later"]
            work = watching(gurita.context)
            for _ in range(2):
                await gurita.store.write(lambda tx: work.begin(tx, gurita.services.milliseconds()))
            query = "events?eventGroups=Certificate"
            assert await named(gurita, query, "Category") == ["CertificateExpiry10Days"]

    lived()


def test_events_and_settings_are_alike_on_both_databases(tmp_path: Path, database_url: str) -> None:
    @in_loop
    async def lived() -> None:
        async with house(tmp_path, url=database_url) as gurita:
            await furnish(gurita)
            healthy = await named(
                gurita, "events?eventGroups=MachineHealthChanged&eventAgents=Server", "Category"
            )
            assert healthy == ["MachineHealthy", "MachineHealthy"]
            assert await named(gurita, "events?eventAgents=Other", "Category") == []
            answer = await gurita.ask("GET", "events?asCsv=true&eventGroups=Machine")
            assert answer.body.count(b"\r\n") == 6
            counts = await gurita.get("serverstatus/counts")
            assert counts["Infrastructure"]["DeploymentTargets"] == 2
            await gurita.put("maintenanceconfiguration", {"IsInMaintenanceMode": True})
            await gurita.put("maintenanceconfiguration", {"IsInMaintenanceMode": False})
            assert (await gurita.get("maintenanceconfiguration"))["IsInMaintenanceMode"] is False
            report = await gurita.ask("GET", "serverstatus/system-report")
            assert report.body.startswith(b"PK")

    lived()
