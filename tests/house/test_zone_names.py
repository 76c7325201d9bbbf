"""No request comes to grief over the name of a time zone, whatever the database knows."""

import asyncpg
import pytest

from app.command import doctor
from app.core.clock import now
from app.core.zones import current_zones, local_day
from app.jobs.delivering import do_chore
from app.operation.house import House
from tests.cast import Cast
from tests.clients.making import take_in
from tests.homework.scenes import assign
from tests.jobs.conftest import Admin
from tests.overview.scenes import read
from tests.sessions.test_sessions import plan

UNKNOWN = "Mars/Olympus_Mons"


@pytest.mark.parametrize("path", ["/v1/me/help", "/v1/me/sessions", "/v1/me/goals"])
async def test_a_guardian_comes_in_where_the_database_does_not_know_the_childs_zone(
    harbour: Cast, admin: Admin, path: str
) -> None:
    kit = harbour.client_ids["kit"]
    await admin.execute("update clients set zone = $2 where id = $1", kit, UNKNOWN)
    assert (await harbour.greta.http.get(path)).status_code == 200
    assert len((await read(harbour.kit, "/v1/me/care-team"))["guardians"]) == 1


async def test_the_gate_counts_days_as_the_service_does(admin: Admin) -> None:
    names = sorted(current_zones())
    rows = await admin.fetch(
        "select now() as at, name, gate.local_day(name) as day from unnest($1::text[]) as name",
        names,
    )
    assert [row["name"] for row in rows if row["day"] != local_day(row["at"], row["name"])] == []
    assert await admin.fetchval("select gate.local_day($1)", UNKNOWN) == now().date()


async def test_the_gate_asks_for_a_day_in_one_place(admin: Admin) -> None:
    asking = await admin.fetch(
        "select proname from pg_proc where pronamespace in ('gate'::regnamespace,"
        " 'public'::regnamespace) and prosrc ilike '%time zone%' and prosrc ilike '%now()%'"
    )
    assert [row["proname"] for row in asking] == ["local_day"]


async def test_an_older_name_is_stored_as_the_one_of_today(harbour: Cast) -> None:
    made = await take_in(harbour.thea, legal_name="Asha", zone="Asia/Calcutta")
    assert made.json()["zone"] == "Asia/Kolkata"
    for who, path in ((harbour.thea, "/v1/today"), (harbour.cleo, "/v1/me/today")):
        assert (await read(who, f"{path}?zone=Asia/Calcutta"))["zone"] == "Asia/Kolkata"


async def test_stored_names_follow_without_a_new_version(
    harbour: Cast, admin: Admin, worker: House
) -> None:
    session, homework = (await plan(harbour)).json(), await assign(harbour)
    tables = ("practices", "clients", "sessions", "assignments")
    for table in tables:
        await admin.execute(
            f"update {table} set zone = 'Asia/Calcutta' where practice_id = $1", harbour.practice_id
        )
    await do_chore(worker, "rename_zones")
    for table in tables:
        found = await admin.fetch(
            f"select distinct zone from {table} where practice_id = $1", harbour.practice_id
        )
        assert [row["zone"] for row in found] == ["Asia/Kolkata"], table
    assert (await read(harbour.thea, f"/v1/sessions/{session['id']}"))["version"] == 1
    shown = await read(harbour.thea, f"/v1/assignments/{homework['id']}")
    assert shown["version"] == homework["version"]


async def test_the_doctor_names_what_the_database_does_not_know(
    admin: "asyncpg.Connection[object]", monkeypatch: pytest.MonkeyPatch
) -> None:
    assert (await doctor.zones_known(admin)).mend is None
    monkeypatch.setattr(doctor, "current_zones", lambda: current_zones() | {UNKNOWN})
    finding = await doctor.zones_known(admin)
    assert UNKNOWN in finding.found
    assert "tzdata" in (finding.mend or "")
