"""A young client can tell the therapist something without telling a parent."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from app.access.grounds import Guardian
from app.core.clock import now
from app.core.statements import Query, p
from tests.cast import GUARDIAN_SCOPES, Cast
from tests.homework.scenes import ANSWERS, assign, slot, submission, submit
from tests.sync.test_guardians import appoint, sync

TOLD: dict[str, Any] = {
    "obstacles": ["unsafe", "too_hard"],
    "unsafe_from": "someone",
    "engagement": {"difficulty": 4},
    "outcome": "attempted",
}
MINE = "/v1/me/submissions"
TODAY = "/v1/me/today?zone=Europe/Berlin"
_CHANGED = Query(
    update(Guardian)
    .where(Guardian.practice_id == p("practice_id"), Guardian.user_id == p("user_id"))
    .values(
        suspended_at=p("suspended_at", Guardian.suspended_at.type),
        revoked_at=p("revoked_at", Guardian.revoked_at.type),
        ends_on=p("ends_on", Guardian.ends_on.type),
    )
)


async def change_guardian(cast: Cast, **changed: Any) -> None:
    """Greta's guardianship of Kit becomes this."""
    work, transaction = cast.job()
    values = {"suspended_at": None, "revoked_at": None, "ends_on": None} | changed
    async with transaction:
        await work.run(_CHANGED, user_id=cast.greta.user_id, **values)


async def default_of(cast: Cast, name: str) -> str:
    """What stands in the profile and in today, which must be the same."""
    profile = (await cast.people[name].http.get("/v1/me/profile")).json()
    today = (await cast.people[name].http.get(TODAY)).json()
    assert profile["answers_visible_default"] == today["answers_visible_default"]
    return str(today["answers_visible_default"])


async def everything(cast: Cast, submission_id: str) -> dict[str, Any]:
    """All that Greta is told of something Kit sent, wherever she looks."""
    listed = (await cast.greta.http.get(MINE)).json()["items"]
    synced = (await sync(cast, cast.greta, "kit"))["changes"]
    week = (await cast.greta.http.get("/v1/me/week?zone=Europe/Berlin")).json()["days"]
    one = await cast.greta.http.get(f"{MINE}/{submission_id}")
    where = one.json()["occurrence_id"]
    return {
        "etag": one.headers["etag"],
        "one": one.json(),
        "listed": next(each for each in listed if each["id"] == submission_id),
        "synced": [each for each in synced if each["kind"] in ("submission", "occurrence")],
        "slot": (await cast.greta.http.get(f"/v1/me/occurrences/{where}")).json(),
        "week": [each for day in week for each in day["happened"]],
        "practised": (await cast.greta.http.get(TODAY)).json()["practised"],
    }  # fmt: skip


async def edit(cast: Cast, sent: dict[str, Any], key: str, **other: Any) -> dict[str, Any]:
    url = f"{MINE}/{sent['submission_id']}"
    seen = (await cast.kit.http.get(url)).headers["etag"]
    body = submission(key, **other)
    answer = await cast.kit.http.put(url, json=body, headers={"If-Match": seen})
    assert answer.status_code == 200, answer.text
    shown: dict[str, Any] = answer.json()
    return shown


async def review(cast: Cast, sent: dict[str, Any], comment: str = "I read this.") -> None:
    url = f"/v1/submissions/{sent['submission_id']}"
    read = await cast.thea.http.get(url)
    body = {"number": read.json()["number"], "comment": comment}
    seen = {"If-Match": read.headers["etag"]}
    answer = await cast.thea.http.post(f"{url}/review", json=body, headers=seen)
    assert answer.status_code == 200, answer.text


async def test_with_guardians_the_therapist_alone_reads_what_is_sent_without_a_word(
    harbour: Cast,
) -> None:
    assert [await default_of(harbour, name) for name in ("cleo", "kit", "greta")] == [
        "shared", "therapist", "therapist",
    ]  # fmt: skip
    sent = await submit(harbour, "kit", **TOLD)
    read = (await harbour.thea.http.get(f"/v1/submissions/{sent['submission_id']}")).json()
    assert (read["answers"], read["answers_visible"]) == (ANSWERS, "therapist")
    mine = (await harbour.kit.http.get(f"{MINE}/{sent['submission_id']}")).json()
    assert (mine["answers"], mine["outcome"]) == (ANSWERS, "attempted")


@pytest.mark.parametrize("suspended", [True, False])
async def test_the_default_tells_nobody_of_a_suspension(harbour: Cast, suspended: bool) -> None:
    await change_guardian(harbour, suspended_at=now() if suspended else None)
    today = (await harbour.greta.http.get(TODAY)).json()
    assert today["answers_visible_default"] == "therapist"
    assert await default_of(harbour, "kit") == "therapist"


@pytest.mark.parametrize("over", ["revoked_at", "ends_on"])
async def test_who_has_no_guardian_any_more_shares_by_default(harbour: Cast, over: str) -> None:
    ended = now() if over == "revoked_at" else (now() - timedelta(days=2)).date()
    await change_guardian(harbour, **{over: ended})
    assert await default_of(harbour, "kit") == "shared"


async def test_a_retry_that_says_nothing_is_the_same_after_the_default_changed(
    harbour: Cast,
) -> None:
    await assign(harbour, "kit")
    url = f"/v1/me/occurrences/{(await slot(harbour.kit))['id']}/submissions"
    body = submission()
    first = await harbour.kit.http.post(url, json=body)
    await change_guardian(harbour, revoked_at=now())
    again = await harbour.kit.http.post(url, json=body)
    assert (again.status_code, again.json()) == (200, first.json())
    other = await harbour.kit.http.post(url, json=body | {"answers_visible": "therapist"})
    assert (other.status_code, other.json()["code"]) == (422, "client_key.other_body")


async def test_a_guardian_sees_of_it_that_it_was_sent_and_nothing_else(harbour: Cast) -> None:
    sent = await submit(harbour, "kit", **TOLD)
    await review(harbour, sent)
    seen = await everything(harbour, sent["submission_id"])
    one = seen["one"]
    assert {name: one[name] for name in ("outcome", "answers", "engagement", "obstacles", "review",
                                         "occurred_at", "done_at", "in_window", "number",
                                         "version", "answers_visible", "is_mine")} == {
        "outcome": "sent", "answers": None, "engagement": None, "obstacles": [], "review": None,
        "occurred_at": None, "done_at": None, "in_window": None, "number": 1, "version": 1,
        "answers_visible": None, "is_mine": False,
    }  # fmt: skip
    assert (seen["listed"]["outcome"], seen["listed"]["is_reviewed"]) == ("sent", False)
    assert seen["slot"]["state"] == "submitted"
    assert [(each["outcome"], each["was_read"]) for each in seen["week"]] == [("sent", False)]
    assert one["unsafe_from"] is None
    assert "'unsafe'" not in str(seen)


async def test_what_goes_on_in_it_moves_nothing_a_guardian_sees(harbour: Cast) -> None:
    sent = await submit(harbour, "kit", outcome="completed")
    before = await everything(harbour, sent["submission_id"])
    await review(harbour, sent)
    await edit(harbour, sent, "device-1-0002", outcome="not_ready", obstacles=["unsafe"])
    await review(harbour, sent, "Shall we talk?")
    assert await everything(harbour, sent["submission_id"]) == before


async def test_the_clients_own_devices_hear_of_all_of_it(harbour: Cast) -> None:
    sent = await submit(harbour, "kit")
    cursor = (await sync(harbour, harbour.kit, "kit"))["cursor"]
    await review(harbour, sent)
    heard = (await sync(harbour, harbour.kit, "kit", cursor=cursor))["changes"]
    told = {each["kind"]: each["body"] for each in heard}
    assert told["occurrence"]["state"] == "reviewed"
    assert told["submission"]["review"]["comment"] == "I read this."


async def test_what_is_shared_a_guardian_reads_but_for_what_asks_for_attention(
    harbour: Cast,
) -> None:
    sent = await submit(harbour, "kit", answers_visible="shared", **TOLD)
    await review(harbour, sent)
    one = (await harbour.greta.http.get(f"{MINE}/{sent['submission_id']}")).json()
    assert (one["answers"], one["outcome"], one["obstacles"]) == (
        ANSWERS,
        "attempted",
        ["too_hard"],
    )
    assert one["review"]["comment"] == "I read this."
    assert (await everything(harbour, sent["submission_id"]))["slot"]["state"] == "reviewed"


async def test_of_a_summary_a_guardian_reads_no_comment_on_the_answers(harbour: Cast) -> None:
    sent = await submit(harbour, "kit", answers_visible="summary_only", **TOLD)
    await review(harbour, sent, "I saw that it was hard.")
    one = (await harbour.greta.http.get(f"{MINE}/{sent['submission_id']}")).json()
    told = {name: one[name] for name in ("answers", "outcome", "engagement", "review")}
    assert told == {
        "answers": None, "outcome": "attempted", "engagement": {"difficulty": 4}, "review": None,
    }  # fmt: skip


async def test_a_guardian_reads_back_what_they_sent_themselves(harbour: Cast) -> None:
    await appoint(harbour, "kit", GUARDIAN_SCOPES, user_id=harbour.carl.user_id)
    await assign(harbour, "kit")
    url = f"/v1/me/occurrences/{(await slot(harbour.greta))['id']}/submissions"
    sent = (await harbour.greta.http.post(url, json=submission(**TOLD))).json()
    await review(harbour, sent)
    one = (await harbour.greta.http.get(f"{MINE}/{sent['submission_id']}")).json()
    assert (one["answers"], one["obstacles"]) == (ANSWERS, TOLD["obstacles"])
    assert (one["review"]["comment"], one["is_mine"]) == ("I read this.", True)


async def test_a_draft_carries_it(harbour: Cast) -> None:
    await assign(harbour, "kit")
    url = f"/v1/me/occurrences/{(await slot(harbour.kit))['id']}/draft"
    body = {
        "exercise_version_id": submission()["exercise_version_id"],
        "answers_visible": "therapist",
    }
    await harbour.kit.http.put(url, json=body, headers={"If-None-Match": "*"})
    assert (await harbour.kit.http.get(url)).json()["answers_visible"] == "therapist"
