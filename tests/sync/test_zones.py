"""Where it was is said by the item; a zone nobody knows keeps no work out."""

from typing import Any

import pytest

from app.core.statements import Query
from app.homework.models import Occurrence, SubmissionVersion
from tests.cast import Cast
from tests.homework.scenes import EXERCISE, assign, submission
from tests.sync.test_drafts_again import open_slot
from tests.sync.test_sync import done, sync

UNKNOWN = ["Etc/Unknown", "", "GMT+0200", "x" * 300, None, 7]
WENT_OUT = {"outcome": "partial", "exercise_version_id": str(EXERCISE.version.id)}


async def stored(cast: Cast, table: Any) -> list[dict[str, Any]]:
    work, transaction = cast.job()
    async with transaction:
        return await work.rows(Query(table.__table__.select()))


@pytest.mark.parametrize("zone", UNKNOWN)
async def test_batch_with_an_unknown_zone_takes_the_clients_own(harbour: Cast, zone: Any) -> None:
    answer = await sync(harbour, done("device-a-1", await open_slot(harbour)), zone=zone)
    (result,) = answer.json()["results"]
    assert (result["outcome"], result["zone_replaced"]) == ("stored", True)
    mine = (await harbour.cleo.http.get("/v1/me/profile")).json()["zone"]
    assert [row["zone"] for row in await stored(harbour, SubmissionVersion)] == [mine]


async def test_each_item_has_its_own_zone_or_the_batchs(harbour: Cast) -> None:
    where = await open_slot(harbour)
    items = [
        done("device-a-1", where, zone="Asia/Tokyo"),
        done("device-a-2", where),
        done("device-a-3", where, zone="Etc/Unknown"),
    ]
    results = (await sync(harbour, *items, zone="America/Lima")).json()["results"]
    assert [one["zone_replaced"] for one in results] == [False, False, True]
    rows = sorted(await stored(harbour, SubmissionVersion), key=lambda row: row["client_key"])
    assert [row["zone"] for row in rows] == ["Asia/Tokyo", "America/Lima", "America/Lima"]


async def test_extra_work_abroad_stands_on_the_day_it_was_there(harbour: Cast) -> None:
    made = await assign(harbour)
    body = WENT_OUT | {"occurred_at": "2026-11-20T22:30:00Z", "zone": "Asia/Tokyo"}
    item = {"kind": "submission_extra", "client_key": "device-a-1", "about_id": made["id"]}
    await sync(harbour, item | {"body": body})
    days = {str(one["local_on"]) for one in await stored(harbour, Occurrence) if one["is_extra"]}
    assert days == {"2026-11-21"}


async def test_profile_edited_abroad_keeps_its_zone(harbour: Cast) -> None:
    before = (await harbour.cleo.http.get("/v1/me/profile")).json()
    item = {"kind": "profile", "client_key": "device-a-1", "base_version": before["version"]}
    await sync(harbour, item | {"body": {"pronouns": "they/them"}}, zone="Asia/Tokyo")
    after = (await harbour.cleo.http.get("/v1/me/profile")).json()
    assert (after["pronouns"], after["zone"]) == ("they/them", before["zone"])


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("occurrences/{slot}/submissions", submission()),
        (
            "repetitions",
            {
                "client_key": "device-a-1",
                "exercise_version_id": WENT_OUT["exercise_version_id"],
                "occurred_at": "2026-11-20T22:30:00Z",
            },
        ),
        ("assignments", {"client_key": "device-a-1", "exercise_id": str(EXERCISE.id)}),
    ],
)
async def test_work_without_a_zone_is_stored_in_the_clients_own(
    harbour: Cast, path: str, body: dict[str, Any]
) -> None:
    url = f"/v1/me/{path.format(slot=await open_slot(harbour))}"
    unknown = await harbour.cleo.http.post(url, json=body | {"zone": "Etc/Unknown"})
    assert unknown.json()["errors"][0]["pointer"] == "/zone"
    body = {name: value for name, value in body.items() if name != "zone"}
    assert (await harbour.cleo.http.post(url, json=body)).status_code == 201
