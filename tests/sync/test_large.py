"""However much a client wrote, a device is told it in parts that can be held."""

from datetime import timedelta

from app.core.clock import now
from app.sync import changing
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
