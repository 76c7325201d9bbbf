"""Staff see when each slot is and what has become of it; never that something is begun."""

from datetime import timedelta
from typing import Any

from app.core import clock
from app.core.clock import now
from tests.cast import Cast
from tests.homework.planned import DAILY, DAY, do, given, session, touch
from tests.homework.scenes import assign, slot, submit
from tests.jobs.conftest import Admin


def path(assignment_id: str, first: int = -30, last: int = 30, more: str = "") -> str:
    days = [(now() + timedelta(days=one)).date().isoformat() for one in (first, last)]
    return f"/v1/assignments/{assignment_id}/occurrences?from={days[0]}&to={days[1]}{more}"


async def shown(cast: Cast, url: str, who: str = "thea") -> Any:
    answer = await cast.people[who].http.get(url)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_it_works(harbour: Cast) -> None:
    receipt = await submit(harbour)
    listed = (await harbour.thea.http.get("/v1/submissions")).json()["items"][0]
    (one,) = (await shown(harbour, path(listed["assignment_id"])))["items"]
    assert (one["id"], one["state"]) == (receipt["occurrence_id"], "submitted")
    assert one["submission_id"] == receipt["submission_id"]


async def test_pages_go_by_day(harbour: Cast) -> None:
    with clock.at(now() - 3 * DAY):
        homework = await given(harbour, DAILY)
        await do(harbour, homework)
    page = await shown(harbour, url := path(homework[1], more="&limit=10"))
    days = [one["local_on"] for one in page["items"]]
    while page["next"]:
        page = await shown(harbour, f"{url}&cursor={page['next']}")
        days += [one["local_on"] for one in page["items"]]
    assert days == sorted(set(days))
    assert len(days) == 29


async def test_a_draft_is_nobodys_to_see(harbour: Cast) -> None:
    made = await assign(harbour)
    before = await shown(harbour, path(made["id"]))
    await touch(harbour, (await slot(harbour.cleo))["id"], drafted_at=now())
    assert await shown(harbour, path(made["id"])) == before


async def test_a_draft_that_outlives_its_homework_is_nobodys_to_see(harbour: Cast) -> None:
    made = await assign(harbour)
    where = (await slot(harbour.cleo))["id"]
    await touch(harbour, where, drafted_at=now())
    seen = {"If-Match": f'"v{made["version"]}"'}
    await harbour.thea.http.post(f"/v1/assignments/{made['id']}/end", headers=seen)
    (one,) = (await shown(harbour, path(made["id"])))["items"]
    mine = await harbour.cleo.http.get(f"/v1/me/occurrences/{where}")
    assert (one["state"], mine.json()["state"]) == ("cancelled", "open")


async def test_the_session_it_goes_with(harbour: Cast) -> None:
    one = await session(harbour, now() + 2 * DAY)
    made = await assign(harbour, schedule={"kind": "after_session"})
    (item,) = (await shown(harbour, path(made["id"])))["items"]
    assert (item["session_id"], item["state"]) == (one, "upcoming")


async def test_what_was_taken_back_is_not_shown(harbour: Cast, admin: Admin) -> None:
    await submit(harbour)
    listed = (await harbour.thea.http.get("/v1/submissions")).json()["items"][0]
    await admin.execute("update submissions set withdrawn_at = now() where id = $1", listed["id"])
    (one,) = (await shown(harbour, path(listed["assignment_id"])))["items"]
    assert one["submission_id"] is None


async def test_a_supervisor_sees_them(harbour: Cast) -> None:
    made = await assign(harbour)
    assert len((await shown(harbour, path(made["id"]), "sam"))["items"]) == 1


async def test_the_wrong_role(harbour: Cast) -> None:
    made = await assign(harbour)
    assert (await harbour.abe.http.get(path(made["id"]))).status_code == 403
    assert (await harbour.cleo.http.get(path(made["id"]))).status_code == 403


async def test_next_door_and_colleagues(harbour: Cast, lakeside: Cast) -> None:
    made = await assign(harbour)
    for who in (lakeside.thea, harbour.theo):
        assert (await who.http.get(path(made["id"]))).status_code == 404


async def test_days_the_wrong_way_round(harbour: Cast) -> None:
    made = await assign(harbour)
    for first, last in ((2, 1), (0, 366)):
        answer = await harbour.thea.http.get(path(made["id"], first, last))
        assert (answer.status_code, answer.json()["code"]) == (400, "homework.days")


async def test_reading_is_noted_also_where_there_is_none(harbour: Cast, admin: Admin) -> None:
    made = await assign(harbour, agreed=False)
    assert (await shown(harbour, path(made["id"])))["items"] == []
    noted = await admin.fetchval(
        "select count(*) from audit_events where operation = 'list_occurrences' and client_id = $1",
        harbour.client_ids["cleo"],
    )
    assert noted == 1
