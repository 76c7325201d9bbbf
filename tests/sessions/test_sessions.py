"""Sessions at the staff door: planned, moved, called off, held."""

from typing import Any

import httpx
import pytest

from app.access.grounds import CareAssignment, Guardian
from app.clients.models import Episode
from app.core.clock import now
from app.core.ids import new_id
from app.sessions import updates
from app.sessions.updates import CANCELLED, HELD
from tests.cast import Cast
from tests.jobs.conftest import Admin

SOON = {"starts_at": "2126-03-02T09:00:00+01:00", "setting": "video"}
ATTENDANCES = HELD | CANCELLED | {"scheduled"}
PAST = {"starts_at": "2026-03-02T09:00:00+01:00", "setting": "in_person"}


async def plan(cast: Cast, who: str = "thea", **said: Any) -> httpx.Response:
    url = f"/v1/clients/{cast.client_ids['cleo']}/sessions"
    return await cast.people[who].http.post(url, json=SOON | said)


async def change(
    cast: Cast, session: dict[str, object], who: str = "thea", **said: object
) -> httpx.Response:
    return await cast.people[who].http.patch(
        f"/v1/sessions/{session['id']}",
        json=said,
        headers={"If-Match": f'"v{session["version"]}"'},
    )


async def test_a_therapist_plans_a_session(harbour: Cast) -> None:
    made = await plan(harbour)
    session = made.json()
    assert (made.status_code, made.headers["location"]) == (201, f"/v1/sessions/{session['id']}")
    assert session["therapist_id"] == harbour.thea.user_id
    assert (session["minutes"], session["zone"]) == (50, "Europe/Berlin")
    assert (session["attendance"], session["starts_at"]) == ("scheduled", "2126-03-02T08:00:00Z")


@pytest.mark.parametrize("who", ["abe", "ana"])
async def test_the_front_desk_plans_for_the_primary_therapist(harbour: Cast, who: str) -> None:
    session = (await plan(harbour, who)).json()
    assert session["therapist_id"] == harbour.thea.user_id


async def test_a_colleague_may_not_plan_and_is_told_nothing(harbour: Cast) -> None:
    assert (await plan(harbour, "theo")).status_code == 404


async def test_a_supervisor_reads_and_does_not_write(harbour: Cast) -> None:
    session = (await plan(harbour)).json()
    assert (await harbour.sam.http.get(f"/v1/sessions/{session['id']}")).status_code == 200
    made, moved = await plan(harbour, "sam"), await change(harbour, session, "sam", minutes=30)
    assert (made.status_code, moved.status_code) == (403, 403)
    assert moved.json()["code"] == "access.not_on_care_team"


async def test_the_practice_next_door_finds_nothing(harbour: Cast, lakeside: Cast) -> None:
    session = (await plan(harbour)).json()
    url = f"/v1/clients/{harbour.client_ids['cleo']}/sessions"
    for who in (lakeside.thea, lakeside.ana, lakeside.abe):
        assert (await who.http.get(f"/v1/sessions/{session['id']}")).status_code == 404
        assert (await who.http.get(url)).status_code == 404
        assert (await who.http.post(url, json=SOON)).status_code == 404


async def test_a_client_has_no_business_at_the_staff_door(harbour: Cast) -> None:
    session = (await plan(harbour)).json()
    answer = await harbour.cleo.http.get(f"/v1/sessions/{session['id']}")
    assert (answer.status_code, answer.json()["code"]) == (403, "access.role")


async def test_a_therapist_who_does_not_treat_here_is_refused(harbour: Cast) -> None:
    answer = await plan(harbour, "abe", therapist_id=harbour.theo.user_id)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "/therapist_id"


async def test_with_two_episodes_one_is_named(harbour: Cast) -> None:
    client_id, other = harbour.client_ids["cleo"], new_id()
    await harbour.write(Episode, id=other, client_id=client_id, opened_on=now().date())
    answer = await plan(harbour, "abe")
    assert (answer.status_code, answer.json()["code"]) == (409, "episodes.choose")
    named = await plan(harbour, "abe", episode_id=harbour.episode_ids["cleo"])
    assert named.json()["episode_id"] == harbour.episode_ids["cleo"]


async def test_an_episode_nobody_leads_needs_a_named_therapist(harbour: Cast) -> None:
    client_id, other = harbour.client_ids["cleo"], new_id()
    await harbour.write(Episode, id=other, client_id=client_id, opened_on=now().date())
    answer = await plan(harbour, "abe", episode_id=other)
    assert (answer.status_code, answer.json()["code"]) == (409, "sessions.no_therapist")


async def test_a_therapist_plans_in_their_own_episodes_only(harbour: Cast) -> None:
    client_id, other = harbour.client_ids["cleo"], new_id()
    await harbour.write(Episode, id=other, client_id=client_id, opened_on=now().date())
    assert (await plan(harbour)).json()["episode_id"] == harbour.episode_ids["cleo"]
    assert (await plan(harbour, episode_id=other)).status_code == 404


async def test_a_covering_therapist_may_be_named(harbour: Cast) -> None:
    await harbour.write(
        CareAssignment,
        id=new_id(),
        client_id=harbour.client_ids["cleo"],
        episode_id=harbour.episode_ids["cleo"],
        user_id=harbour.theo.user_id,
        part="covering",
    )
    made = await plan(harbour, "abe", therapist_id=harbour.theo.user_id)
    assert made.json()["therapist_id"] == harbour.theo.user_id


async def test_a_session_is_moved(harbour: Cast) -> None:
    session = (await plan(harbour)).json()
    later = {"starts_at": "2126-03-03T10:30:00+01:00", "minutes": 90, "setting": "phone"}
    moved = await change(harbour, session, "abe", **later, zone="Asia/Kathmandu")
    assert (moved.status_code, moved.headers["etag"]) == (200, '"v2"')
    shown = moved.json()
    assert (shown["minutes"], shown["setting"], shown["zone"]) == (90, "phone", "Asia/Kathmandu")
    assert shown["starts_at"] == "2126-03-03T09:30:00Z"


@pytest.mark.parametrize("before", sorted(ATTENDANCES))
@pytest.mark.parametrize("when", ["past", "soon"])
async def test_attendance_is_what_the_time_allows(
    harbour: Cast, admin: Admin, before: str, when: str
) -> None:
    begun = when == "past"
    session = (await plan(harbour, **(PAST if begun else SOON))).json()
    for after in sorted(ATTENDANCES - {before}):
        # As it may have been stored before: how a session to come was attended, too.
        await admin.execute(
            "update sessions set attendance = $2, version = 1 where id = $1", session["id"], before
        )
        answer = await change(harbour, session, attendance=after)
        allowed = after in updates.possible(before, begun=begun)
        assert answer.status_code == (200 if allowed else 409), (after, answer.text)
        assert allowed or answer.json()["allowed"] == sorted(updates.possible(before, begun=begun))


@pytest.mark.parametrize("attendance", sorted(HELD))
async def test_nobody_came_to_a_session_that_has_not_begun(harbour: Cast, attendance: str) -> None:
    session = (await plan(harbour)).json()
    early = await change(harbour, session, attendance=attendance)
    assert (early.status_code, early.json()["code"]) == (409, "sessions.not_started")
    assert early.json()["allowed"] == sorted(CANCELLED)
    held = (await change(harbour, session, **PAST, attendance=attendance)).json()
    away = await change(harbour, held, starts_at=SOON["starts_at"])
    assert (away.status_code, away.json()["code"]) == (409, "sessions.not_started")


async def test_a_correction_of_attendance_says_who_and_from_what_to_what(
    harbour: Cast, admin: Admin
) -> None:
    session = (await plan(harbour, **PAST)).json()
    wrong = (await change(harbour, session, attendance="no_show")).json()
    right = await change(harbour, wrong, "abe", attendance="cancelled_by_client")
    assert right.status_code == 200, right.text
    rows = await admin.fetch(
        "select user_id::text, outcome from audit_events where asked_id = $1 order by id",
        session["id"],
    )
    assert [tuple(row) for row in rows] == [
        (harbour.thea.user_id, "scheduled:no_show"),
        (harbour.abe.user_id, "no_show:cancelled_by_client"),
    ]


async def test_said_twice_it_stays_as_it_is(harbour: Cast) -> None:
    session = (await plan(harbour, **PAST)).json()
    first = await change(harbour, session, attendance="attended")
    again = await change(harbour, session, attendance="attended")
    assert (again.status_code, again.json()) == (200, first.json())


@pytest.mark.parametrize("how", sorted(CANCELLED))
async def test_what_was_cancelled_is_not_booked_again_after_its_time(
    harbour: Cast, how: str
) -> None:
    session = (await plan(harbour, **PAST)).json()
    cancelled = (await change(harbour, session, attendance=how)).json()
    answer = await change(harbour, cancelled, attendance="scheduled")
    assert (answer.status_code, answer.json()["code"]) == (409, "sessions.past")


async def test_what_was_cancelled_is_not_moved(harbour: Cast) -> None:
    session = (await plan(harbour)).json()
    cancelled = (await change(harbour, session, attendance="cancelled_by_client")).json()
    answer = await change(harbour, cancelled, minutes=30)
    allowed = ["cancelled_by_therapist", "scheduled"]
    assert (answer.status_code, answer.json()["allowed"]) == (409, allowed)
    again = await change(harbour, cancelled, attendance="scheduled", minutes=30)
    assert (again.json()["attendance"], again.json()["minutes"]) == ("scheduled", 30)


async def test_a_change_needs_the_version_that_was_seen(harbour: Cast) -> None:
    session = (await plan(harbour)).json()
    url = f"/v1/sessions/{session['id']}"
    assert (await harbour.thea.http.patch(url, json={"minutes": 30})).status_code == 428
    stale = await change(harbour, session | {"version": 7}, minutes=30)
    assert (stale.status_code, stale.headers["etag"]) == (412, '"v1"')


@pytest.mark.parametrize(
    "said",
    [
        {"starts_at": "2126-03-02T09:00:00"},
        {"starts_at": 1_800_000_000},
        {"starts_at": "0001-01-01T00:00:00+14:00"},
        {"starts_at": "9999-12-31T23:59:59-14:00"},
        {"zone": "Mars/Olympus"},
        {"minutes": 0},
        {"minutes": 100_000_000_000},
        {"setting": "telepathy"},
        {"attendance": "attended"},
    ],
)
async def test_what_cannot_be_is_refused(harbour: Cast, said: dict[str, Any]) -> None:
    assert (await plan(harbour, **said)).status_code == 422


async def test_the_latest_come_first_and_pages_follow_each_other(harbour: Cast) -> None:
    days = ["2126-03-05", "2126-03-01", "2126-03-09", "2126-03-01"]
    made = [(await plan(harbour, starts_at=f"{day}T09:00:00Z")).json() for day in days]
    url = f"/v1/clients/{harbour.client_ids['cleo']}/sessions?limit=2"
    first = (await harbour.abe.http.get(url)).json()
    second = (await harbour.abe.http.get(f"{url}&cursor={first['next']}")).json()
    listed = [one["id"] for one in first["items"] + second["items"]]
    assert listed == [made[2]["id"], made[0]["id"], made[3]["id"], made[1]["id"]]
    assert second["next"] is None


async def test_the_list_is_narrowed(harbour: Cast) -> None:
    days = ["2126-03-01", "2126-03-05", "2126-03-09"]
    made = [(await plan(harbour, starts_at=f"{day}T09:00:00Z")).json() for day in days]
    await change(harbour, made[1], attendance="cancelled_by_client")
    url = f"/v1/clients/{harbour.client_ids['cleo']}/sessions"
    between = await harbour.thea.http.get(
        url, params={"from": "2126-03-01T09:00:00Z", "to": "2126-03-09T09:00:00Z"}
    )
    cancelled = await harbour.thea.http.get(url, params={"attendance": "cancelled_by_client"})
    assert [one["id"] for one in between.json()["items"]] == [made[1]["id"], made[0]["id"]]
    assert [one["id"] for one in cancelled.json()["items"]] == [made[1]["id"]]


async def test_a_client_without_sessions_has_an_empty_list(harbour: Cast) -> None:
    url = f"/v1/clients/{harbour.client_ids['carl']}/sessions"
    assert (await harbour.abe.http.get(url)).json() == {"items": [], "next": None}
    assert (await harbour.thea.http.get(url)).status_code == 404


async def test_nobody_meets_their_own_child_at_the_front_desk(harbour: Cast) -> None:
    session = (await plan(harbour)).json()
    await harbour.write(
        Guardian,
        id=new_id(),
        client_id=harbour.client_ids["cleo"],
        user_id=harbour.abe.user_id,
        relation="parent",
        basis="parental_responsibility",
        scopes=["sessions"],
        starts_on=now().date(),
    )
    assert (await harbour.abe.http.get(f"/v1/sessions/{session['id']}")).status_code == 404
    assert (await plan(harbour, "abe")).status_code == 404


async def test_an_idempotency_key_plans_one_session(harbour: Cast) -> None:
    url = f"/v1/clients/{harbour.client_ids['cleo']}/sessions"
    header = {"Idempotency-Key": "one"}
    first = await harbour.abe.http.post(url, json=SOON, headers=header)
    again = await harbour.abe.http.post(url, json=SOON, headers=header)
    assert first.json() == again.json()
    assert again.headers["idempotent-replayed"] == "true"
