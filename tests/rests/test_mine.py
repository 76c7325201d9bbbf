"""A client's own rest periods: started from any device, ended at once, explained to nobody."""

import asyncio
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest

from app.core.clock import now
from tests.cast import Cast, Person
from tests.homework.scenes import assign, slot

URL = "/v1/me/rest-periods"
ZONE = ZoneInfo("Europe/Berlin")
DAY = timedelta(days=1)


def today() -> date:
    return now().astimezone(ZONE).date()


def in_days(days: int) -> str:
    return (today() + days * DAY).isoformat()


async def start(person: Person, key: str = "device-1-0001", **days: Any) -> httpx.Response:
    return await person.http.post(URL, json={"client_key": key} | days)


async def started(person: Person, **days: Any) -> dict[str, Any]:
    """A rest period of theirs, as they read it."""
    made = await start(person, f"device-{now():%H%M%S%f}", **days)
    assert made.status_code == 201, made.text
    shown: dict[str, Any] = (await person.http.get(made.headers["location"])).json()
    return shown


async def end(person: Person, rest: dict[str, Any], **body: Any) -> httpx.Response:
    seen = {"If-Match": f'"v{rest["version"]}"'}
    return await person.http.post(f"{URL}/{rest['id']}/end", json=body, headers=seen)


async def test_it_starts_with_this_local_day_and_stays_open(harbour: Cast) -> None:
    rest = await started(harbour.cleo)
    midnight = datetime.combine(today(), datetime.min.time(), ZONE)
    assert (rest["state"], rest["ends_on"], rest["started_as"]) == ("running", None, "self")
    assert datetime.fromisoformat(rest["starts_at"]) == midnight


async def test_a_receipt_names_its_address_each_time_and_its_version_the_first(
    harbour: Cast,
) -> None:
    first, again = await start(harbour.cleo), await start(harbour.cleo)
    assert (first.headers["etag"], "etag" in again.headers) == ('"v1"', False)
    assert again.headers["location"] == first.headers["location"]


async def test_both_ends_are_whole_days_of_the_zone_given(harbour: Cast) -> None:
    rest = await started(
        harbour.cleo, starts_on=in_days(3), ends_on=in_days(4), zone="Asia/Kathmandu"
    )
    lasts = datetime.fromisoformat(rest["ends_at"]) - datetime.fromisoformat(rest["starts_at"])
    assert (rest["state"], rest["zone"], lasts) == ("ahead", "Asia/Kathmandu", 2 * DAY)
    assert rest["starts_at"].endswith("18:15:00Z")


async def test_days_with_clock_changes_are_whole_all_the_same(harbour: Cast) -> None:
    year = today().year + 1
    sunday = max(date(year, 3, day) for day in range(25, 32) if date(year, 3, day).weekday() == 6)
    days = {"starts_on": sunday.isoformat(), "ends_on": sunday.isoformat()}
    rest = await started(harbour.cleo, **days)
    lasts = datetime.fromisoformat(rest["ends_at"]) - datetime.fromisoformat(rest["starts_at"])
    assert lasts == timedelta(hours=23)


async def test_one_key_starts_one(harbour: Cast) -> None:
    first, again = await start(harbour.cleo), await start(harbour.cleo)
    other = await start(harbour.cleo, starts_on=in_days(9))
    assert (first.status_code, again.status_code, other.status_code) == (201, 200, 422)
    assert first.json() == again.json() == other.json()["receipt"]


async def test_the_receipt_stays_the_same_when_it_is_over(harbour: Cast) -> None:
    first = await start(harbour.cleo)
    rest = {"id": first.json()["rest_period_id"], "version": 1}
    await end(harbour.cleo, rest)
    assert (await start(harbour.cleo)).json() == first.json()


async def test_many_at_once_start_one(harbour: Cast) -> None:
    answers = await asyncio.gather(*(start(harbour.cleo) for _ in range(12)))
    assert sorted(one.status_code for one in answers) == [200] * 11 + [201]
    assert len((await harbour.cleo.http.get(URL)).json()["items"]) == 1


async def test_of_two_that_overlap_at_once_one_is_stored(harbour: Cast) -> None:
    answers = await asyncio.gather(*(start(harbour.cleo, f"device-1-{n:04}") for n in range(6)))
    assert sorted(one.status_code for one in answers) == [201] + [409] * 5


async def test_an_overlap_names_the_other(harbour: Cast) -> None:
    rest = await started(harbour.cleo, starts_on=in_days(5), ends_on=in_days(9))
    answer = await start(harbour.cleo, "device-2-0001", starts_on=in_days(9), ends_on=in_days(12))
    assert (answer.status_code, answer.json()["code"]) == (409, "rests.overlap")
    assert answer.json()["rest_period_id"] == rest["id"]


async def test_one_may_follow_the_other_day_by_day(harbour: Cast) -> None:
    await started(harbour.cleo, starts_on=in_days(5), ends_on=in_days(9))
    await started(harbour.cleo, starts_on=in_days(10), ends_on=in_days(12))
    await started(harbour.cleo, starts_on=in_days(1), ends_on=in_days(4))


@pytest.mark.parametrize(
    ("days", "code"),
    [
        ({"starts_on": 5, "ends_on": 4}, "rests.order"),
        ({"ends_on": -1}, "rests.order"),
        ({"starts_on": 732}, "rests.reach"),
        ({"ends_on": 732}, "rests.reach"),
        ({"starts_on": -29}, "rests.reach"),
    ],
)
async def test_days_out_of_order_or_reach(harbour: Cast, days: dict[str, int], code: str) -> None:
    answer = await start(harbour.cleo, **{name: in_days(n) for name, n in days.items()})
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, code)


async def test_an_unknown_zone_is_refused(harbour: Cast) -> None:
    assert (await start(harbour.cleo, zone="Europe/Atlantis")).status_code == 422


async def test_work_is_excused_in_it_and_opens_again_at_once(harbour: Cast) -> None:
    await assign(harbour)
    occurrence = f"/v1/me/occurrences/{(await slot(harbour.cleo))['id']}"
    rest = await started(harbour.cleo)
    during = (await harbour.cleo.http.get(occurrence)).json()["state"]
    ended = await end(harbour.cleo, rest)
    after = (await harbour.cleo.http.get(occurrence)).json()["state"]
    assert (during, ended.json()["state"], after) == ("excused", "over", "open")


async def test_the_next_one_may_start_on_the_day_the_last_was_ended(harbour: Cast) -> None:
    first = await started(harbour.cleo)
    ended = (await end(harbour.cleo, first)).json()
    again = await started(harbour.cleo)
    assert again["starts_at"] == ended["ends_at"]
    assert again["state"] == "running"


async def test_ending_twice_is_ending_once(harbour: Cast) -> None:
    rest = await started(harbour.cleo)
    first, again = await end(harbour.cleo, rest), await end(harbour.cleo, rest)
    assert (first.status_code, again.status_code) == (200, 200)
    assert first.json() == again.json()


async def test_an_end_may_be_set_and_moved(harbour: Cast) -> None:
    rest = await started(harbour.cleo)
    for days in (3, 10, 5):
        answer = await end(harbour.cleo, rest, ends_on=in_days(days))
        rest = answer.json()
        assert (rest["state"], rest["ends_on"]) == ("running", in_days(days)), answer.text


async def test_an_end_is_not_moved_into_the_next_one(harbour: Cast) -> None:
    rest = await started(harbour.cleo, ends_on=in_days(3))
    await started(harbour.cleo, starts_on=in_days(5))
    answer = await end(harbour.cleo, rest, ends_on=in_days(5))
    assert (answer.status_code, answer.json()["code"]) == (409, "rests.overlap")


async def test_a_day_that_is_over_ends_it_now(harbour: Cast) -> None:
    rest = await started(harbour.cleo, starts_on=in_days(-4))
    answer = (await end(harbour.cleo, rest, ends_on=in_days(-2))).json()
    assert (answer["state"], answer["ends_on"]) == ("over", in_days(0))


async def test_no_end_comes_before_the_start(harbour: Cast) -> None:
    rest = await started(harbour.cleo)
    answer = await end(harbour.cleo, rest, ends_on=in_days(-1))
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/ends_on")


async def test_one_ahead_is_taken_back(harbour: Cast) -> None:
    rest = await started(harbour.cleo, starts_on=in_days(3), ends_on=in_days(5))
    assert (await end(harbour.cleo, rest)).json()["state"] == "taken_back"
    await started(harbour.cleo, starts_on=in_days(3), ends_on=in_days(5))


async def test_the_version_that_was_seen_is_named(harbour: Cast) -> None:
    rest = await started(harbour.cleo)
    missing = await harbour.cleo.http.post(f"{URL}/{rest['id']}/end")
    stale = await end(harbour.cleo, rest | {"version": 7})
    assert (missing.status_code, stale.status_code, stale.headers["etag"]) == (428, 412, '"v1"')


async def test_no_reason_is_taken(harbour: Cast) -> None:
    assert (await start(harbour.cleo, reason="tired")).status_code == 422


async def test_nobody_elses(harbour: Cast) -> None:
    rest = await started(harbour.cleo)
    assert (await harbour.carl.http.get(f"{URL}/{rest['id']}")).status_code == 404
    assert (await end(harbour.carl, rest)).status_code == 404
    assert (await harbour.carl.http.get(URL)).json()["items"] == []


async def test_a_guardian_starts_one_for_their_child(harbour: Cast) -> None:
    rest = await started(harbour.greta, ends_on=in_days(13))
    shown = (await harbour.kit.http.get(f"{URL}/{rest['id']}")).json()
    assert (shown["started_as"], (await end(harbour.kit, rest)).status_code) == ("guardian", 200)


async def test_pages_follow_each_other(harbour: Cast) -> None:
    made = [await started(harbour.cleo, starts_on=in_days(n), ends_on=in_days(n)) for n in (2, 4)]
    first = (await harbour.cleo.http.get(f"{URL}?limit=1")).json()
    second = (await harbour.cleo.http.get(f"{URL}?limit=1&cursor={first['next']}")).json()
    assert first["items"] + second["items"] == made[::-1]
