"""Rest periods at the staff door: that one runs, and since when; never why."""

from datetime import timedelta
from typing import Any

import httpx
import pytest

from app.core.clock import now
from app.core.ids import new_id
from app.jobs.delivering import do_chore
from app.operation.house import House
from app.rests.models import RestPeriod
from tests.cast import Cast, Person
from tests.homework.scenes import assign
from tests.jobs.conftest import Admin
from tests.rests.test_mine import in_days, started, today

DAY = timedelta(days=1)


async def start(cast: Cast, who: str = "thea", **days: Any) -> httpx.Response:
    url = f"/v1/clients/{cast.client_ids['cleo']}/rest-periods"
    return await cast.people[who].http.post(url, json=days)


async def end(person: Person, rest: dict[str, Any], **body: Any) -> httpx.Response:
    seen = {"If-Match": f'"v{rest["version"]}"'}
    return await person.http.post(f"/v1/rest-periods/{rest['id']}/end", json=body, headers=seen)


async def planted(cast: Cast, days_ago: int, **more: Any) -> str:
    """A rest period of Cleo's that started so many days ago; its id."""
    rest_id, since = new_id(), now() - days_ago * DAY
    await cast.write(
        RestPeriod,
        id=rest_id,
        client_id=cast.client_ids["cleo"],
        zone="Europe/Berlin",
        starts_on=since.date(),
        starts_at=since,
        started_by=cast.cleo.user_id,
        started_as="self",
        **more,
    )
    return rest_id


async def asked_for(admin: Admin, rest_id: str) -> int:
    """How often the therapist was asked to look in on it."""
    count = "select count(*) from events where kind = 'rests.look_in' and subject_id = $1"
    return int(await admin.fetchval(count, rest_id))


async def test_it_works(harbour: Cast) -> None:
    made = await start(harbour, ends_on=in_days(6))
    assert made.status_code == 201, made.text
    rest = (await harbour.thea.http.get(made.headers["location"])).json()
    assert rest == made.json()
    assert (rest["started_by"], rest["started_as"]) == (harbour.thea.user_id, "staff")


async def test_the_client_reads_and_ends_what_staff_started(harbour: Cast) -> None:
    rest = (await start(harbour)).json()
    (mine,) = (await harbour.cleo.http.get("/v1/me/rest-periods")).json()["items"]
    url = f"/v1/me/rest-periods/{mine['id']}/end"
    ended = await harbour.cleo.http.post(url, headers={"If-Match": '"v1"'})
    shown = (await harbour.thea.http.get(f"/v1/rest-periods/{rest['id']}")).json()
    assert (ended.status_code, shown["ended_by"]) == (200, harbour.cleo.user_id)


async def test_what_the_client_ended_staff_do_not_end_again(harbour: Cast) -> None:
    rest = await started(harbour.cleo)
    url = f"/v1/me/rest-periods/{rest['id']}/end"
    await harbour.cleo.http.post(url, headers={"If-Match": '"v1"'})
    answer = await end(harbour.thea, rest | {"version": 2})
    assert (answer.status_code, answer.json()["code"]) == (409, "rests.state")


async def test_the_team_reads_what_the_client_started(harbour: Cast) -> None:
    rest = await started(harbour.cleo)
    url = f"/v1/clients/{harbour.client_ids['cleo']}/rest-periods"
    (shown,) = (await harbour.sam.http.get(url)).json()["items"]
    assert (shown["id"], shown["started_as"]) == (rest["id"], "self")


@pytest.mark.parametrize(
    ("who", "status", "code"),
    [
        ("theo", 404, "access.not_found"),
        ("ana", 403, "access.role"),
        ("sam", 403, "access.not_on_care_team"),
        ("abe", 403, "access.role"),
        ("cleo", 403, "access.role"),
    ],
)
async def test_others_start_none(harbour: Cast, who: str, status: int, code: str) -> None:
    answer = await start(harbour, who)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


async def test_others_end_none(harbour: Cast) -> None:
    rest = (await start(harbour)).json()
    answers = [(await end(harbour.people[who], rest)).status_code for who in ("theo", "sam")]
    assert answers == [404, 403]


async def test_the_practice_next_door_sees_nothing(harbour: Cast, lakeside: Cast) -> None:
    rest = (await start(harbour)).json()
    answer = await lakeside.thea.http.get(f"/v1/rest-periods/{rest['id']}")
    assert answer.status_code == 404


async def test_a_pause_of_one_assignment_is_none(harbour: Cast) -> None:
    assignment = await assign(harbour)
    rest_id = await planted(harbour, 1, assignment_id=assignment["id"])
    assert (await harbour.thea.http.get(f"/v1/rest-periods/{rest_id}")).status_code == 404
    assert (await start(harbour)).status_code == 201


async def test_an_idempotency_key_starts_one(harbour: Cast) -> None:
    url = f"/v1/clients/{harbour.client_ids['cleo']}/rest-periods"
    both = [
        await harbour.thea.http.post(url, json={}, headers={"Idempotency-Key": "one"})
        for _ in range(2)
    ]
    assert both[0].json() == both[1].json()


async def test_looking_in_is_noted_and_no_news_to_the_client(harbour: Cast) -> None:
    rest = await started(harbour.cleo)
    looked = await harbour.thea.http.post(f"/v1/rest-periods/{rest['id']}/look-in")
    mine = (await harbour.cleo.http.get(f"/v1/me/rest-periods/{rest['id']}")).json()
    assert looked.status_code == 200, looked.text
    assert looked.json()["looked_in_at"] is not None
    assert mine == rest


async def test_there_is_no_looking_in_on_one_that_is_over(harbour: Cast) -> None:
    rest_id = await planted(harbour, 20, ends_on=today(), ends_at=now() - DAY)
    answer = await harbour.thea.http.post(f"/v1/rest-periods/{rest_id}/look-in")
    assert (answer.status_code, answer.json()["code"]) == (409, "rests.state")


async def test_the_supervisor_does_not_look_in_for_the_therapist(harbour: Cast) -> None:
    rest_id = await planted(harbour, 20)
    answer = await harbour.sam.http.post(f"/v1/rest-periods/{rest_id}/look-in")
    assert (answer.status_code, answer.json()["code"]) == (403, "access.not_on_care_team")


@pytest.mark.parametrize(
    ("days_ago", "more", "times"),
    [
        (13, {}, 0),
        (14, {}, 1),
        (20, {"ends_at": now() - DAY, "ends_on": today()}, 0),
        (20, {"ends_at": now() + DAY, "ends_on": today()}, 1),
        (40, {"looked_in_at": now() - 13 * DAY}, 0),
        (40, {"looked_in_at": now() - 15 * DAY, "asked_at": now() - 20 * DAY}, 1),
    ],
)
async def test_the_therapist_is_asked_after_14_days(
    harbour: Cast, worker: House, admin: Admin, days_ago: int, more: dict[str, Any], times: int
) -> None:
    rest_id = await planted(harbour, days_ago, **more)
    await do_chore(worker, "look_in_on_rest_periods")
    assert await asked_for(admin, rest_id) == times


async def test_the_therapist_is_asked_once(harbour: Cast, worker: House, admin: Admin) -> None:
    rest_id = await planted(harbour, 20)
    for _ in range(2):
        await do_chore(worker, "look_in_on_rest_periods")
    assert await asked_for(admin, rest_id) == 1
