"""A draft that comes again, because the answer was lost, is neither a conflict nor another one."""

from typing import Any

from tests.cast import Cast
from tests.homework.scenes import EXERCISE, assign, slot
from tests.sync.test_sync import done, outcomes


def begun(key: str, where: str, noticed: str = "A swing.", **other: Any) -> dict[str, Any]:
    said = {"exercise_version_id": str(EXERCISE.version.id), "answers": {"noticed": noticed}}
    return {"kind": "draft", "client_key": key, "about_id": where, "body": said} | other


async def open_slot(cast: Cast) -> str:
    await assign(cast)
    return str((await slot(cast.cleo))["id"])


async def test_the_same_draft_again_is_a_duplicate(harbour: Cast) -> None:
    item = begun("device-a-1", await open_slot(harbour))
    assert await outcomes(harbour, item) == ["stored"]
    assert await outcomes(harbour, item) == ["duplicate"]


async def test_another_draft_is_a_conflict(harbour: Cast) -> None:
    where = await open_slot(harbour)
    assert await outcomes(harbour, begun("device-a-1", where)) == ["stored"]
    assert await outcomes(harbour, begun("device-b-1", where, "A gate.")) == ["conflict"]


async def test_a_draft_that_was_sent_since_does_not_begin_anew(harbour: Cast) -> None:
    where = await open_slot(harbour)
    batch = begun("device-a-1", where), done("device-a-2", where)
    assert await outcomes(harbour, *batch) == ["stored", "stored"]
    assert await outcomes(harbour, *batch) == ["superseded", "duplicate"]
    draft = await harbour.cleo.http.get(f"/v1/me/occurrences/{where}/draft")
    assert draft.status_code == 404


async def test_a_draft_after_what_was_sent_begins_anew(harbour: Cast) -> None:
    where = await open_slot(harbour)
    sent = done("device-a-2", where)
    assert await outcomes(harbour, sent) == ["stored"]
    again = await outcomes(harbour, sent, begun("device-a-3", where))
    assert again == ["duplicate", "stored"]


async def test_thrown_away_twice_is_thrown_away(harbour: Cast) -> None:
    where = await open_slot(harbour)
    gone = {"kind": "draft_discard", "client_key": "device-a-2", "about_id": where}
    batch = begun("device-a-1", where), gone | {"base_version": 1}
    assert await outcomes(harbour, *batch) == ["stored", "stored"]
    assert await outcomes(harbour, batch[1]) == ["duplicate"]
