"""However much a client wrote, a device is told it in parts that can be held."""

from datetime import timedelta

import pytest

from app.core.clock import now
from app.sync import changing, taking
from tests.cast import Cast
from tests.homework.scenes import assign


async def test_large_drafts_come_in_parts(harbour: Cast) -> None:
    made = await assign(harbour, schedule={"kind": "daily"})
    today = now().date()
    days = f"from={today}&to={today + timedelta(days=20)}&limit=100"
    slots = (await harbour.cleo.http.get(f"/v1/me/occurrences?{days}")).json()["items"]
    words = {"exercise_version_id": made["exercise_version_id"], "answers": {"a": "x" * 900_000}}
    for one in slots[:6]:
        url = f"/v1/me/occurrences/{one['id']}/draft"
        put = await harbour.cleo.http.put(url, json=words, headers={"If-None-Match": "*"})
        assert put.status_code == 201, put.text
    asked = {
        "client_id": harbour.client_ids["cleo"],
        "zone": "Europe/Berlin",
        "sent_at": now().isoformat(),
    }
    told, cursor, more = [], None, True
    while more:
        part = await harbour.cleo.http.post("/v1/me/sync", json=asked | {"cursor": cursor})
        assert len(part.content) < changing.LARGEST + 1024 * 1024
        cursor, more = part.json()["cursor"], part.json()["more"]
        told += [one["id"] for one in part.json()["changes"] if one["kind"] == "draft"]
    assert len(told) == len(set(told)) == 6


async def test_who_waits_too_long_for_another_device_is_asked_to_come_again(
    harbour: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(taking, "LONGEST_WAIT", "50ms")
    work, transaction = harbour.job()
    work._binds["acting"] = harbour.client_ids["cleo"]
    asked = {
        "client_id": harbour.client_ids["cleo"],
        "zone": "Europe/Berlin",
        "sent_at": now().isoformat(),
        "items": [{"kind": "horoscope", "client_key": "device-a-1"}],
    }
    async with transaction:
        await work.rows(taking._ONE_AT_A_TIME)
        answer = await harbour.cleo.http.post("/v1/me/sync", json=asked)
    assert (answer.status_code, "retry-after" in answer.headers) == (503, True)
