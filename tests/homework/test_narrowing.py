"""What was taken back or narrowed is so for everything beside it, and staff keep what they read."""

from typing import Any

import pytest

from tests.cast import Cast
from tests.files.sending import picture, send
from tests.homework.scenes import ANSWERS, assign, slot, submit
from tests.homework.test_sent_files import JOURNAL, page
from tests.homework.test_visibility import MINE, TOLD, edit, review

GONE: dict[str, Any] = {
    "outcome": "sent", "answers": None, "engagement": None, "obstacles": [], "review": None,
    "occurred_at": None,
}  # fmt: skip


async def withdraw(cast: Cast, sent: dict[str, Any]) -> None:
    url = f"{MINE}/{sent['submission_id']}"
    seen = {"If-Match": (await cast.kit.http.get(url)).headers["etag"]}
    assert (await cast.kit.http.post(f"{url}/withdraw", headers=seen)).status_code == 200


async def to_greta(cast: Cast, sent: dict[str, Any]) -> dict[str, Any]:
    one = (await cast.greta.http.get(f"{MINE}/{sent['submission_id']}")).json()
    return {name: one[name] for name in GONE}


@pytest.mark.parametrize("how", ["withdrawn", "narrowed"])
async def test_nothing_beside_it_stays_with_guardians(harbour: Cast, how: str) -> None:
    sent = await submit(harbour, "kit", answers_visible="shared", **TOLD)
    await review(harbour, sent)
    assert (await to_greta(harbour, sent))["review"]["comment"] == "I read this."
    if how == "withdrawn":
        await withdraw(harbour, sent)
    else:
        await edit(harbour, sent, "device-1-0002", answers_visible="therapist")
    assert await to_greta(harbour, sent) == GONE


async def test_a_comment_on_what_was_kept_stays_kept_when_more_is_shared(harbour: Cast) -> None:
    sent = await submit(harbour, "kit", answers_visible="therapist")
    await review(harbour, sent, "About what you told me alone.")
    await edit(harbour, sent, "device-1-0002", answers_visible="shared")
    seen = await to_greta(harbour, sent)
    assert (seen["answers"], seen["review"]) == (ANSWERS, None)


async def test_a_comment_is_narrowed_with_the_version_it_answers(harbour: Cast) -> None:
    sent = await submit(harbour, "kit", answers_visible="shared")
    await review(harbour, sent, "About the swing.")
    await edit(harbour, sent, "device-1-0002", answers_visible="therapist")
    await edit(harbour, sent, "device-1-0003", answers_visible="shared")
    assert (await to_greta(harbour, sent))["review"] is None
    mine = (await harbour.kit.http.get(f"{MINE}/{sent['submission_id']}")).json()
    assert mine["review"]["comment"] == "About the swing."


async def sent_with_a_file(cast: Cast) -> tuple[dict[str, Any], str]:
    await assign(cast, "kit", exercise_id=str(JOURNAL.id))
    url = f"/v1/me/occurrences/{(await slot(cast.kit))['id']}/submissions"
    upload_id = (await send(cast.kit, picture(), "image/jpeg"))["id"]
    sent = await cast.kit.http.post(url, json=page(upload_id) | {"answers_visible": "shared"})
    return sent.json(), upload_id


async def reads_file(cast: Cast, sent: dict[str, Any], upload_id: str) -> tuple[int, int]:
    """What Thea and Greta are answered who ask for the file."""
    file = f"/v1/submissions/{sent['submission_id']}/files/{upload_id}"
    theirs = await cast.greta.http.get(f"/v1/me/uploads/{upload_id}/content")
    return (await cast.thea.http.get(file)).status_code, theirs.status_code


@pytest.mark.parametrize(("reviewed", "to_staff"), [(True, 200), (False, 404)])
@pytest.mark.parametrize("how", ["withdrawn", "summary", "left out"])
async def test_staff_keep_the_file_of_what_they_reviewed_and_guardians_do_not(
    harbour: Cast, how: str, reviewed: bool, to_staff: int
) -> None:
    sent, upload_id = await sent_with_a_file(harbour)
    assert await reads_file(harbour, sent, upload_id) == (200, 200)
    if reviewed:
        await review(harbour, sent)
    again = page(upload_id, "device-1-0002")
    if how == "withdrawn":
        await withdraw(harbour, sent)
    elif how == "summary":
        await edit(harbour, sent, "device-1-0002", **again | {"answers_visible": "summary_only"})
    else:
        shared = {"answers": {"page": "Only words."}, "answers_visible": "shared"}
        await edit(harbour, sent, "device-1-0002", **again | shared)
    assert await reads_file(harbour, sent, upload_id) == (to_staff, 404)


async def test_a_file_sent_to_the_therapist_reaches_the_therapist_alone(harbour: Cast) -> None:
    sent, upload_id = await sent_with_a_file(harbour)
    again = page(upload_id, "device-1-0002") | {"answers_visible": "therapist"}
    await edit(harbour, sent, "device-1-0002", **again)
    assert await reads_file(harbour, sent, upload_id) == (200, 404)
