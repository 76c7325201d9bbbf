"""Every edit is a version; what was taken back is hidden, or kept and marked."""

import asyncio
from typing import Any

import httpx
import pytest

from tests.cast import Cast
from tests.homework.scenes import ANSWERS, submission, submit

MINE = "/v1/me/submissions"


def seen(version: int) -> dict[str, str]:
    return {"If-Match": f'"v{version}"'}


async def edit(cast: Cast, sent: dict[str, Any], **other: Any) -> httpx.Response:
    body = submission("device-1-edit", outcome="partial") | other
    url = f"{MINE}/{sent['submission_id']}"
    return await cast.cleo.http.put(url, json=body, headers=seen(sent["submission_version"]))


async def withdraw(cast: Cast, sent: dict[str, Any], version: int = 1) -> dict[str, Any]:
    url = f"{MINE}/{sent['submission_id']}/withdraw"
    answer = await cast.cleo.http.post(url, headers=seen(version))
    assert answer.status_code == 200, answer.text
    shown: dict[str, Any] = answer.json()
    return shown


async def review(cast: Cast, sent: dict[str, Any], number: int = 1) -> dict[str, Any]:
    url = f"/v1/submissions/{sent['submission_id']}"
    read = await cast.thea.http.get(url)
    answer = await cast.thea.http.post(
        f"{url}/review", json={"number": number}, headers={"If-Match": read.headers["etag"]}
    )
    assert answer.status_code == 200, answer.text
    shown: dict[str, Any] = answer.json()
    return shown


async def read(cast: Cast, sent: dict[str, Any]) -> httpx.Response:
    return await cast.thea.http.get(f"/v1/submissions/{sent['submission_id']}")


async def state(cast: Cast, sent: dict[str, Any]) -> str:
    found = await cast.cleo.http.get(f"/v1/me/occurrences/{sent['occurrence_id']}")
    return str(found.json()["state"])


async def test_an_edit_is_the_next_version(harbour: Cast) -> None:
    sent = await submit(harbour)
    edited = await edit(harbour, sent)
    assert (edited.status_code, edited.json()["version"]) == (200, 2)
    shown = (await read(harbour, sent)).json()
    assert (shown["number"], shown["outcome"]) == (2, "partial")


async def test_the_receipt_tells_the_version_to_go_on_from(harbour: Cast) -> None:
    edited = await edit(harbour, await submit(harbour))
    assert edited.headers["etag"] == '"v2"'
    again = await edit(harbour, edited.json(), client_key="device-1-edit-2")
    assert (again.status_code, again.json()["version"]) == (200, 3)


async def test_the_same_key_again_is_the_same_receipt_whatever_was_seen(harbour: Cast) -> None:
    sent, body = await submit(harbour), submission("device-1-edit", outcome="partial")
    url = f"{MINE}/{sent['submission_id']}"
    first = await harbour.cleo.http.put(url, json=body, headers=seen(1))
    again = await harbour.cleo.http.put(url, json=body, headers=seen(1))
    assert (again.status_code, again.json()) == (200, first.json())


async def test_other_content_under_the_key_is_refused(harbour: Cast) -> None:
    sent = await submit(harbour)
    await edit(harbour, sent)
    other = await edit(harbour, sent, outcome="attempted")
    assert (other.status_code, other.json()["code"]) == (422, "client_key.other_body")


@pytest.mark.parametrize(("headers", "status"), [({}, 428), (seen(7), 412)])
async def test_an_edit_says_what_it_saw(
    harbour: Cast, headers: dict[str, str], status: int
) -> None:
    sent = await submit(harbour)
    url, body = f"{MINE}/{sent['submission_id']}", submission("device-1-edit")
    assert (await harbour.cleo.http.put(url, json=body, headers=headers)).status_code == status


async def test_fifty_equal_edits_are_one(harbour: Cast) -> None:
    sent, body = await submit(harbour), submission("device-1-edit", outcome="partial")
    url = f"{MINE}/{sent['submission_id']}"
    answers = await asyncio.gather(
        *(harbour.cleo.http.put(url, json=body, headers=seen(1)) for _ in range(50))
    )
    assert {one.status_code for one in answers} == {200}
    assert all(one.json() == answers[0].json() for one in answers)
    assert (await harbour.cleo.http.get(url)).json()["number"] == 2


async def test_of_fifty_different_edits_of_one_version_one_is_stored(harbour: Cast) -> None:
    sent = await submit(harbour)
    url = f"{MINE}/{sent['submission_id']}"
    answers = await asyncio.gather(
        *(
            harbour.cleo.http.put(url, json=submission(f"key-{n:05}"), headers=seen(1))
            for n in range(50)
        )
    )
    assert sorted(one.status_code for one in answers) == [200] + [412] * 49


async def test_an_edit_after_the_review_is_marked(harbour: Cast) -> None:
    sent = await submit(harbour)
    await review(harbour, sent)
    assert await state(harbour, sent) == "reviewed"
    await edit(harbour, sent | {"submission_version": 2})
    shown = (await read(harbour, sent)).json()
    assert (shown["is_reviewed"], shown["changed_since_review"]) == (True, True)
    assert await state(harbour, sent) == "submitted"


async def test_reviews_and_edits_at_once_leave_no_newer_version_as_reviewed(harbour: Cast) -> None:
    sent = await submit(harbour)
    url = f"/v1/submissions/{sent['submission_id']}/review"
    for number in range(1, 6):
        version = (await read(harbour, sent)).json()["version"]
        body = submission(f"key-{number:05}")
        edited, _ = await asyncio.gather(
            harbour.cleo.http.put(
                f"{MINE}/{sent['submission_id']}", json=body, headers=seen(version)
            ),
            harbour.thea.http.post(url, json={"number": number}, headers=seen(version)),
        )
        if edited.status_code == 412:
            edited = await edit(
                harbour, sent | {"submission_version": version + 1}, client_key=f"key-{number:05}"
            )
        assert (edited.status_code, await state(harbour, sent)) == (200, "submitted"), edited.text


async def test_withdrawn_before_it_was_read_staff_see_nothing_of_it(harbour: Cast) -> None:
    sent = await submit(harbour)
    mine = await withdraw(harbour, sent)
    assert (mine["withdrawn"], mine["answers"]) == (True, ANSWERS)
    assert (await read(harbour, sent)).status_code == 404
    assert (await harbour.thea.http.get("/v1/submissions")).json()["items"] == []
    assert await state(harbour, sent) == "open"


async def test_withdrawn_after_it_was_read_it_is_kept_and_marked(harbour: Cast) -> None:
    sent = await submit(harbour)
    await review(harbour, sent)
    await withdraw(harbour, sent, 2)
    shown = (await read(harbour, sent)).json()
    assert (shown["withdrawn"], shown["answers"], shown["changed_since_review"]) == (
        True, ANSWERS, False,
    )  # fmt: skip
    assert await state(harbour, sent) == "reviewed"


async def test_what_was_added_since_it_was_read_is_not_shown_when_withdrawn(harbour: Cast) -> None:
    sent = await submit(harbour)
    await review(harbour, sent)
    edited = await edit(harbour, sent | {"submission_version": 2})
    await withdraw(harbour, sent, edited.json()["submission_version"])
    shown = (await read(harbour, sent)).json()
    assert (shown["withdrawn"], shown["answers"]) == (True, None)


async def test_a_withdrawn_cry_for_help_is_still_heard(harbour: Cast) -> None:
    sent = await submit(
        harbour, outcome="attempted", obstacles=["unsafe", "no_privacy"],
        engagement={"difficulty": 4},
    )  # fmt: skip
    await withdraw(harbour, sent)
    queue = (await harbour.thea.http.get("/v1/submissions?only_news=true")).json()["items"]
    assert [(one["id"], one["needs_attention"]) for one in queue] == [(sent["submission_id"], True)]
    shown = (await read(harbour, sent)).json()
    told = {name: shown[name] for name in ("outcome", "attention", "answers", "engagement")}
    assert told == {
        "outcome": "attempted", "attention": ["unsafe"], "answers": None, "engagement": None,
    }  # fmt: skip
    assert (shown["obstacles"], shown["withdrawn"]) == ([], True)


async def test_reading_it_then_does_not_bring_the_answers_back(harbour: Cast) -> None:
    sent = await submit(harbour, outcome="attempted", obstacles=["unsafe"])
    await withdraw(harbour, sent)
    shown = await review(harbour, sent)
    assert (shown["is_reviewed"], shown["answers"], shown["obstacles"]) == (True, None, [])
    assert (await harbour.thea.http.get("/v1/submissions?only_news=true")).json()["items"] == []
    assert await state(harbour, sent) == "open"


async def test_an_edit_does_not_take_the_reasons_away(harbour: Cast) -> None:
    sent = await submit(harbour, outcome="attempted", obstacles=["unsafe"])
    await edit(harbour, sent)
    shown = (await read(harbour, sent)).json()
    assert (shown["needs_attention"], shown["attention"]) == (True, ["unsafe"])


async def test_withdrawing_again_changes_nothing(harbour: Cast) -> None:
    sent = await submit(harbour)
    first = await withdraw(harbour, sent)
    assert await withdraw(harbour, sent) == first


async def test_sent_again_it_is_back(harbour: Cast) -> None:
    sent = await submit(harbour)
    await withdraw(harbour, sent)
    url = f"/v1/me/occurrences/{sent['occurrence_id']}/submissions"
    again = await harbour.cleo.http.post(url, json=submission("device-1-0002"))
    assert (again.status_code, again.json()["version"]) == (201, 2)
    shown = (await read(harbour, sent)).json()
    assert (shown["withdrawn"], shown["number"]) == (False, 2)


async def test_withdrawing_says_what_it_saw(harbour: Cast) -> None:
    sent = await submit(harbour)
    url = f"{MINE}/{sent['submission_id']}/withdraw"
    assert (await harbour.cleo.http.post(url)).status_code == 428
    assert (await harbour.cleo.http.post(url, headers=seen(3))).status_code == 412


async def test_a_guardian_does_not_read_what_was_taken_back(harbour: Cast) -> None:
    sent = await submit(harbour, "kit")
    url = f"{MINE}/{sent['submission_id']}"
    await harbour.kit.http.post(f"{url}/withdraw", headers=seen(1))
    assert (await harbour.greta.http.get(url)).json()["answers"] is None
    assert (await harbour.kit.http.get(url)).json()["answers"] == ANSWERS


async def test_what_was_sent_is_listed_newest_first(harbour: Cast) -> None:
    first, second = await submit(harbour), await submit(harbour, client_key="device-1-0002")
    await review(harbour, first)
    listed = (await harbour.cleo.http.get(MINE)).json()["items"]
    assert [(one["id"], one["is_reviewed"]) for one in listed] == [
        (second["submission_id"], False),
        (first["submission_id"], True),
    ]


@pytest.mark.parametrize("key", ["device-1-0001", "a/slash%2Fand?more#x"])
async def test_whether_it_arrived_is_told_by_its_key(harbour: Cast, key: str) -> None:
    sent = await submit(harbour, client_key=key)
    quoted = key.translate({ord("%"): "%25", ord("/"): "%2F", ord("?"): "%3F", ord("#"): "%23"})
    found = await harbour.cleo.http.get(f"{MINE}/by-key/{quoted}")
    assert (found.status_code, found.json()) == (200, sent)


async def test_a_key_nothing_came_under_is_404(harbour: Cast) -> None:
    assert (await harbour.cleo.http.get(f"{MINE}/by-key/never-was-here")).status_code == 404
