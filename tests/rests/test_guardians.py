"""A guardian gives a child a short rest, the therapist hears of it, and nobody's rest is undone."""

from typing import Any

import httpx
import pytest

from tests.cast import Cast
from tests.rests.test_mine import end, in_days, start, started
from tests.sync.test_guardians import sync


async def today(cast: Cast) -> list[dict[str, Any]]:
    rests: list[dict[str, Any]] = (await cast.thea.http.get("/v1/today")).json()["rests"]
    return rests


@pytest.mark.parametrize(
    "days",
    [
        {},
        {"ends_on": in_days(14)},
        {"starts_on": in_days(10)},
        {"starts_on": in_days(10), "ends_on": in_days(24)},
    ],
)
async def test_a_guardians_rest_has_a_last_day_within_two_weeks(
    harbour: Cast, days: dict[str, str]
) -> None:
    refused = await start(harbour.greta, **days)
    assert (refused.status_code, refused.json()["code"]) == (422, "rests.too_long")
    assert refused.json()["errors"][0]["pointer"] == "/ends_on"
    assert (await harbour.greta.http.get("/v1/me/rest-periods")).json()["items"] == []


async def test_a_guardians_rest_is_not_made_longer_than_that(harbour: Cast) -> None:
    rest = await started(harbour.greta, ends_on=in_days(2))
    refused = await end(harbour.greta, rest, ends_on=in_days(14))
    assert (refused.status_code, refused.json()["code"]) == (422, "rests.too_long")
    assert (await end(harbour.greta, rest, ends_on=in_days(13))).status_code == 200


async def test_a_device_of_a_guardians_is_held_to_the_same(harbour: Cast) -> None:
    item = {"kind": "rest_period", "client_key": "device-g-1"}
    (result,) = (await sync(harbour, harbour.greta, "kit", items=[item]))["results"]
    assert (result["outcome"], result["problem"]["code"]) == ("refused", "rests.too_long")


@pytest.mark.parametrize("name", ["kit", "thea"])
async def test_a_guardian_does_not_end_a_rest_that_is_not_theirs(harbour: Cast, name: str) -> None:
    if name == "kit":
        await start(harbour.kit)
    else:
        await harbour.thea.http.post(f"/v1/clients/{harbour.client_ids['kit']}/rest-periods")
    (rest,) = (await harbour.greta.http.get("/v1/me/rest-periods")).json()["items"]
    refused = await end(harbour.greta, rest)
    assert (refused.status_code, refused.json()["code"]) == (403, "rests.not_yours")


async def test_the_therapist_hears_of_a_guardians_rest_at_once(harbour: Cast) -> None:
    await start(harbour.kit, "device-1-0001", starts_on=in_days(5), ends_on=in_days(5))
    assert await today(harbour) == []
    rest = await started(harbour.greta, starts_on=in_days(6), ends_on=in_days(9))
    (told,) = await today(harbour)
    assert (told["id"], told["started_as"]) == (rest["id"], "guardian")
    looked = await harbour.thea.http.post(f"/v1/rest-periods/{rest['id']}/look-in")
    assert looked.status_code == 200, looked.text
    assert await today(harbour) == []


@pytest.mark.parametrize(("first", "second"), [("kit", "greta"), ("greta", "kit")])
async def test_a_key_of_somebody_elses_device_starts_nothing_and_tells_nothing(
    harbour: Cast, first: str, second: str
) -> None:
    days = {"ends_on": in_days(1)}
    await start(harbour.people[first], **days)
    refused: httpx.Response = await start(harbour.people[second], **days)
    assert (refused.status_code, refused.json()["code"]) == (422, "client_key.other_body")
    assert "receipt" not in refused.json()
