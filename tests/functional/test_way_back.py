"""Nobody administers any more: whoever has the host lets somebody back in, and the audit trail tells of it."""

from __future__ import annotations

import contextlib
import re
import sqlite3
from pathlib import Path

import httpx2

from tests.fixtures_quickstart import Said, gurita
from tests.fixtures_server import PASSWORD, GuritaServer, gurita_server


def administrator(server: GuritaServer, *words: str, text: str = "") -> Said:
    return gurita("administrator", *words, "--data", str(server.data), stdin=text)


def lock_all_out(server: GuritaServer) -> None:
    """As no request can do it: nobody is an administrator, and nobody is active."""
    with contextlib.closing(sqlite3.connect(server.data / "gurita.db", isolation_level=None)) as database:
        database.execute("UPDATE user_account SET is_active = 0")
        database.execute("DELETE FROM team_member")


def administers(server: GuritaServer, username: str, password: str) -> bool:
    """Whether this signs in somebody who may read what was done."""
    body = {"Username": username, "Password": password}
    with httpx2.Client(base_url=server.url, trust_env=False, timeout=120) as client:
        if client.post("/api/users/login", json=body).status_code != 200:
            return False
        return client.get("/api/events").status_code == 200


def test_a_user_who_was_locked_out_administers_again_with_a_new_password(tmp_path: Path) -> None:
    with gurita_server(tmp_path) as server:
        settings = server.get("configuration/authentication/values")
        server.put("configuration/authentication/values", {**settings, "IsPasswordSignInEnabled": False})
        refused = administrator(server, "admin")
        assert refused.code == 1
        assert "Stop it first" in refused.err
        server.end()
        lock_all_out(server)
        done = administrator(server, "ADMIN")
        assert done.code == 0, done.err
        found = re.search(r"told only now: (\S+)", done.out)
        assert found, done.out
        server.start()
        assert not administers(server, "admin", PASSWORD)
        assert administers(server, "admin", found[1])
        (told,) = server.get("events", eventCategories="AdministratorLetBackIn")["Items"]
        assert "on the host" in told["Message"]
        assert found[1] not in str(server.get("events", take=100))


def test_a_new_administrator_has_the_password_of_the_file(tmp_path: Path) -> None:
    with gurita_server(tmp_path) as server:
        server.end()
        weak = administrator(server, "chief", "--password-file", "-", text="short")
        assert weak.code == 1
        done = administrator(server, "chief", "--password-file", "-", text=f"{PASSWORD}-2\n")
        assert done.out == "chief is a new administrator. Start the server again.\n"
        server.start()
        assert administers(server, "chief", f"{PASSWORD}-2")
        assert [each["Username"] for each in server.get("users", name="chief")["Items"]] == ["chief"]


def test_a_service_account_and_the_guest_are_refused_and_nothing_changes(tmp_path: Path) -> None:
    with gurita_server(tmp_path) as server:
        server.post("users", {"Username": "robot", "DisplayName": "Robot", "IsService": True})
        before = server.get("events")["TotalResults"]
        server.end()
        refused = administrator(server, "robot")
        assert refused.code == 1
        assert "'robot' is a service account" in refused.err
        server.start()
        assert server.get("events")["TotalResults"] == before
