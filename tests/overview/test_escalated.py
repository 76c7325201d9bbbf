"""Who was told of something urgent finds it in their day, and can say that they look after it."""

from typing import Any

import pytest

from app.operation.house import House
from tests.cast import Cast
from tests.homework.telling import barred, go_round, pass_minutes, policies, suspended, told, urgent
from tests.overview.scenes import read


@pytest.fixture
async def on_call(harbour: Cast, worker: House, admin: Any) -> dict[str, Any]:
    """Something urgent of Cleo's that Thea has not opened for an hour; Theo, who does not treat
    her, is on call and was told. What he sees of it."""
    await policies(harbour, on_call=harbour.theo.user_id)
    await urgent(harbour)
    await go_round(worker)
    await pass_minutes(admin, harbour, 60)
    await go_round(worker)
    (item,) = (await read(harbour.theo, "/v1/today"))["escalated"]
    shown: dict[str, Any] = item
    return shown


async def escalated(cast: Cast, name: str) -> Any:
    return (await read(cast.people[name], "/v1/today"))["escalated"]


async def test_who_is_on_call_sees_whom_it_is_about_and_why(
    harbour: Cast, on_call: dict[str, Any]
) -> None:
    assert on_call.items() >= {
        "client_id": harbour.client_ids["cleo"],
        "client": "Cleo",
        "kind": "submission",
        "attention_reasons": ["unsafe"],
        "opened_at": None,
        "opened_by": None,
    }.items()  # fmt: skip


async def test_what_was_sent_stays_with_who_treats(harbour: Cast, on_call: dict[str, Any]) -> None:
    answer = await harbour.theo.http.get(f"/v1/submissions/{on_call['about_id']}")
    assert answer.status_code == 404


@pytest.mark.parametrize("name", ["thea", "ana", "abe", "sam"])
async def test_nobody_else_has_it_in_their_day(
    harbour: Cast, on_call: dict[str, Any], name: str
) -> None:
    assert await escalated(harbour, name) == []


async def test_opened_by_who_is_on_call_the_owners_are_not_told(
    harbour: Cast, worker: House, admin: Any, on_call: dict[str, Any]
) -> None:
    url = f"/v1/attention-notices/{on_call['id']}/open"
    for _ in range(2):
        opened = await harbour.theo.http.post(url)
        assert (opened.status_code, opened.json()["opened_by"]) == (200, "Theo of the test")
    await pass_minutes(admin, harbour, 600)
    await go_round(worker)
    assert told(harbour) == {"thea": 1, "theo": 1}


async def test_it_says_who_opened_it_and_leaves_once_it_is_reviewed(
    harbour: Cast, on_call: dict[str, Any]
) -> None:
    url = f"/v1/submissions/{on_call['about_id']}"
    seen = (await harbour.thea.http.get(url)).headers["etag"]
    assert (await escalated(harbour, "theo"))[0]["opened_by"] == "Thea of the test"
    await harbour.thea.http.post(f"{url}/review", json={"number": 1}, headers={"If-Match": seen})
    assert await escalated(harbour, "theo") == []


@pytest.mark.parametrize("name", ["thea", "ana", "abe"])
async def test_a_notice_is_opened_by_the_one_it_went_to(
    harbour: Cast, on_call: dict[str, Any], name: str
) -> None:
    url = f"/v1/attention-notices/{on_call['id']}/open"
    assert (await harbour.people[name].http.post(url)).status_code == 404


async def test_barred_meanwhile_it_is_gone(harbour: Cast, on_call: dict[str, Any]) -> None:
    await barred(harbour, "theo")
    assert await escalated(harbour, "theo") == []
    url = f"/v1/attention-notices/{on_call['id']}/open"
    assert (await harbour.theo.http.post(url)).status_code == 404


async def test_an_owner_is_told_where_nobody_treats(harbour: Cast, worker: House) -> None:
    await urgent(harbour)
    await suspended(harbour, "thea")
    await go_round(worker)
    assert [one["client"] for one in await escalated(harbour, "ana")] == ["Cleo"]
