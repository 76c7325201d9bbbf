"""A draft that is sent or thrown away on one device is gone on every other one."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from app.core.clock import now
from app.core.statements import Query
from app.goals.models import Goal
from app.sync import changing
from tests.cast import Cast
from tests.sync.test_drafts_again import begun, open_slot
from tests.sync.test_sync import done, outcomes, sync


def drafts(answer: Any) -> dict[str, bool]:
    """What an answer tells of drafts: by id, whether it is gone."""
    told = [one for one in answer.json()["changes"] if one["kind"] == "draft"]
    return {one["id"]: one["gone"] for one in told}


@pytest.mark.parametrize("ended_by", ["sent", "thrown_away"])
async def test_draft_ended_on_one_device_is_gone_on_the_other(harbour: Cast, ended_by: str) -> None:
    where = await open_slot(harbour)
    await outcomes(harbour, begun("device-a-1", where))
    tablet = await sync(harbour)
    assert drafts(tablet) == {where: False}
    discard = {"kind": "draft_discard", "client_key": "device-a-2", "about_id": where}
    ended = {"sent": done("device-a-3", where), "thrown_away": discard | {"base_version": 1}}
    await outcomes(harbour, ended[ended_by])
    assert drafts(await sync(harbour, cursor=tablet.json()["cursor"])) == {where: True}


async def test_draft_begun_again_is_told_and_not_gone(harbour: Cast) -> None:
    where = await open_slot(harbour)
    await outcomes(harbour, begun("device-a-1", where), done("device-a-2", where))
    tablet = await sync(harbour)
    assert drafts(tablet) == {}
    await outcomes(harbour, begun("device-a-3", where, "A gate."))
    assert drafts(await sync(harbour, cursor=tablet.json()["cursor"])) == {where: False}


async def test_page_that_ends_between_a_slot_and_its_draft_leaves_neither_out(
    harbour: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    where = await open_slot(harbour)
    await outcomes(harbour, begun("device-a-1", where))
    cursor = (await sync(harbour)).json()["cursor"]
    await outcomes(harbour, done("device-a-2", where))
    monkeypatch.setattr(changing, "MOST", 1)
    told, more = [], True
    while more:
        answer = (await sync(harbour, cursor=cursor)).json()
        cursor, more = answer["cursor"], answer["more"]
        told += [(one["kind"], one["gone"]) for one in answer["changes"] if one["id"] == where]
    assert sorted(told) == [("draft", True), ("occurrence", False)]


async def test_device_that_starts_over_comes_to_an_end_however_old_things_are(
    harbour: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = {"statement": "Say no once a week"}
    url = f"/v1/clients/{harbour.client_ids['cleo']}/goals"
    goals = [(await harbour.thea.http.post(url, json=made)).json()["id"] for _ in range(2)]
    work, transaction = harbour.job()
    async with transaction:
        await work.run(Query(update(Goal).values(changed_at=now() - timedelta(days=100))))
    monkeypatch.setattr(changing, "MOST", 1)
    first = (await sync(harbour)).json()
    second = (await sync(harbour, cursor=first["cursor"])).json()
    assert (first["start_over"], first["more"]) == (True, True)
    assert (second["start_over"], [one["id"] for one in second["changes"]]) == (False, goals[1:])
