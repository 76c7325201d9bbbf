"""Each result says what the device keeps: an app that obeys it loses nobody's words."""

from typing import Any

import pytest

from tests.cast import Cast
from tests.homework.scenes import assign
from tests.sync.test_drafts_again import begun, open_slot
from tests.sync.test_sync import done, outcomes, sync

Kept = tuple[str, str, str | None]


async def kept(cast: Cast, *items: Any) -> list[Kept]:
    results = (await sync(cast, *items)).json()["results"]
    return [(one["outcome"], one["keep"], one["resend_key"]) for one in results]


async def test_stored_work_and_its_repetition_can_be_forgotten(harbour: Cast) -> None:
    item = done("device-a-1", await open_slot(harbour))
    assert await kept(harbour, item) == [("stored", "nothing", None)]
    assert await kept(harbour, item) == [("duplicate", "nothing", None)]


async def test_other_work_under_a_known_key_is_kept_for_a_fresh_key(harbour: Cast) -> None:
    where = await open_slot(harbour)
    await outcomes(harbour, done("device-a-1", where))
    other = done("device-a-1", where, answers={"what_happened": "Something else."})
    assert await kept(harbour, other) == [("refused", "words", "fresh")]
    again = other | {"client_key": "device-a-2"}
    assert await kept(harbour, again) == [("stored", "nothing", None)]


async def test_refused_work_is_kept_and_stored_once_corrected_under_its_key(harbour: Cast) -> None:
    where = await open_slot(harbour)
    wrong = done("device-a-1", where, answers={"age": 500})
    assert await kept(harbour, wrong) == [("refused", "words", "same")]
    assert await kept(harbour, done("device-a-1", where)) == [("stored", "nothing", None)]


@pytest.mark.parametrize(
    ("broken", "resend_key"), [({"kind": 3}, "same"), ({"client_key": "short"}, "fresh")]
)
async def test_item_that_cannot_be_read_is_kept(
    harbour: Cast, broken: dict[str, Any], resend_key: str
) -> None:
    item = done("device-a-1", await open_slot(harbour)) | broken
    assert await kept(harbour, item, 7) == [
        ("refused", "words", resend_key),
        ("refused", "words", "fresh"),
    ]


async def test_conflicting_draft_is_kept_and_stored_with_the_version_that_is_there(
    harbour: Cast,
) -> None:
    where = await open_slot(harbour)
    await outcomes(harbour, begun("device-a-1", where))
    mine = begun("device-b-1", where, "A gate.")
    assert await kept(harbour, mine) == [("conflict", "words", "same")]
    assert await kept(harbour, mine | {"base_version": 1}) == [("stored", "nothing", None)]


async def test_words_in_a_draft_that_was_sent_elsewhere_are_kept(harbour: Cast) -> None:
    where = await open_slot(harbour)
    await outcomes(harbour, begun("device-a-1", where), done("device-a-2", where))
    mine = begun("device-b-1", where, "A gate.", base_version=1)
    assert await kept(harbour, mine) == [("superseded", "words", "same")]
    del mine["base_version"]
    assert await kept(harbour, mine) == [("stored", "nothing", None)]


async def test_draft_is_forgotten_only_when_the_same_device_sent_all_its_words(
    harbour: Cast,
) -> None:
    where = await open_slot(harbour)
    sent, draft = done("device-a-2", where), begun("device-a-1", where)
    whole = draft | {"body": draft["body"] | {"answers": sent["body"]["answers"]}}
    await outcomes(harbour, draft, sent)
    assert (await kept(harbour, whole, sent))[0] == ("superseded", "nothing", None)
    assert (await kept(harbour, draft, sent))[0] == ("superseded", "words", "same")


async def test_what_is_sent_leaves_a_draft_it_has_not_seen(harbour: Cast) -> None:
    where = await open_slot(harbour)
    await outcomes(harbour, begun("device-b-1", where, "Written on the tablet."))
    unseen = done("device-a-1", where, draft_version=0)
    assert await kept(harbour, unseen) == [("stored", "nothing", None)]
    url = f"/v1/me/occurrences/{where}/draft"
    draft = await harbour.cleo.http.get(url)
    assert draft.json()["answers"] == {"noticed": "Written on the tablet."}
    seen = done("device-a-2", where, draft_version=draft.json()["version"])
    assert await kept(harbour, seen) == [("stored", "nothing", None)]
    assert (await harbour.cleo.http.get(url)).status_code == 404
    assert await kept(harbour, unseen, seen) == [("duplicate", "nothing", None)] * 2


async def test_item_that_waits_for_another_is_kept_as_it_is(harbour: Cast) -> None:
    await assign(harbour)
    item = {"kind": "assignment_accept", "client_key": "device-a-1", "about_key": "device-b-77"}
    assert await kept(harbour, item) == [("again_later", "item", None)]
