"""What was said offline counts from when it was said, and not from when the device was back."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from app.core.clock import now
from app.rests.placing import LONGEST_AGO
from tests.cast import Cast
from tests.sync.test_sync import outcomes, sync

DAY = timedelta(days=1)


async def goal(cast: Cast) -> str:
    url = f"/v1/clients/{cast.client_ids['cleo']}/goals"
    made = await cast.thea.http.post(url, json={"statement": "Say no", "agreed": True})
    return str(made.json()["id"])


def rating(key: str, where: str, value: int, **body: Any) -> dict[str, Any]:
    item = {"kind": "goal_rating", "client_key": key, "about_id": where}
    return item | {"body": {"value": value} | body}


async def test_rating_said_earlier_does_not_stand_before_a_later_one(harbour: Cast) -> None:
    where, at = await goal(harbour), now() - 3 * DAY
    assert await outcomes(harbour, rating("device-b-1", where, 7)) == ["stored"]
    item = rating("device-a-1", where, 2, occurred_at=at.isoformat())
    (result,) = (await sync(harbour, item)).json()["results"]
    assert abs(datetime.fromisoformat(result["receipt"]["at"]) - at) < timedelta(minutes=1)
    (mine,) = (await harbour.cleo.http.get("/v1/me/goals")).json()["items"]
    assert mine["my_rating"]["value"] == 7


@pytest.mark.parametrize("off", [timedelta(days=-3652), timedelta(hours=3)])
async def test_rating_by_a_clock_that_is_off_is_put_right(harbour: Cast, off: timedelta) -> None:
    where, at = await goal(harbour), now() - DAY
    said = rating("device-a-1", where, 2, occurred_at=(at + off).isoformat())
    unsaid = rating("device-a-2", where, 3)
    answer = await sync(harbour, said, unsaid, sent_at=(now() + off).isoformat())
    put_right = [datetime.fromisoformat(one["receipt"]["at"]) for one in answer.json()["results"]]
    assert abs(put_right[0] - at) < timedelta(minutes=1)
    assert abs(put_right[1] - now()) < timedelta(minutes=1)


async def test_other_device_hears_of_a_rating(harbour: Cast) -> None:
    where = await goal(harbour)
    cursor = (await sync(harbour)).json()["cursor"]
    await outcomes(harbour, rating("device-a-1", where, 7))
    (told,) = (await sync(harbour, cursor=cursor)).json()["changes"]
    assert (told["id"], told["body"]["my_rating"]["value"]) == (where, 7)


async def start_rest(cast: Cast, **body: Any) -> dict[str, Any]:
    item = {"kind": "rest_period", "client_key": "device-a-1", "body": body}
    (result,) = (await sync(cast, item, zone="Europe/Berlin")).json()["results"]
    shown: dict[str, Any] = result
    return shown


@pytest.mark.parametrize(
    ("at", "zone", "first"),
    [
        ("T22:30:00Z", "Asia/Tokyo", 1),
        ("T22:30:00Z", "America/Lima", 0),
        ("T22:30:00+09:00", "Asia/Tokyo", 0),
    ],
)
async def test_rest_period_starts_on_the_day_it_was_asked_for_there(
    harbour: Cast, at: str, zone: str, first: int
) -> None:
    day = (now() - 5 * DAY).date()
    result = await start_rest(harbour, occurred_at=f"{day}{at}", zone=zone)
    assert result["receipt"]["zone"] == zone
    assert date.fromisoformat(result["receipt"]["starts_on"]) == day + first * DAY


async def test_rest_period_that_was_over_before_it_was_sent_is_stored(harbour: Cast) -> None:
    at = now() - 5 * DAY
    until = (at + DAY).date().isoformat()
    result = await start_rest(harbour, occurred_at=at.isoformat(), ends_on=until)
    assert result["outcome"] == "stored"


async def test_rest_period_asked_for_months_ago_starts_as_early_as_one_may(harbour: Cast) -> None:
    result = await start_rest(harbour, occurred_at=(now() - 90 * DAY).isoformat())
    first = date.fromisoformat(result["receipt"]["starts_on"])
    assert abs(first - (now() - LONGEST_AGO).date()) <= DAY
