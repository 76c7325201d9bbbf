"""The review queue: what needs attention first, then what has waited longest."""

import pytest

from tests.cast import Cast
from tests.overview.scenes import covers, practised, read, sent, sent_again, taken_back


async def test_an_item_says_what_it_is(harbour: Cast) -> None:
    submission_id = await sent(harbour, outcome="partial")
    item = (await read(harbour.thea, "/v1/review-queue"))["items"][0]
    assert (
        item.items()
        >= {
            "kind": "submission",
            "id": submission_id,
            "client_id": harbour.client_ids["cleo"],
            "client": "Cleo",
            "exercise_title": "A moment on my timeline",
            "assignment": "A moment on my timeline",
            "outcome": "partial",
            "number": 1,
            "needs_attention": False,
            "changed_since_review": False,
            "withdrawn": False,
            "answers_visible": "shared",
        }.items()
    )


async def test_what_needs_attention_comes_first_then_the_oldest(harbour: Cast) -> None:
    older, newer = [await sent(harbour) for _ in range(2)]
    pressing = await sent(harbour, obstacles=["unsafe"])
    practice = await practised(harbour, attention_level="soon", obstacles=["felt_worse"])
    queue = await read(harbour.thea, "/v1/review-queue")
    assert [one["id"] for one in queue["items"]] == [pressing, practice, older, newer]


async def test_pages_follow_each_other(harbour: Cast) -> None:
    made = [await sent(harbour) for _ in range(3)]
    made.insert(0, await practised(harbour, attention_level="soon"))
    found, url = [], "/v1/review-queue?limit=1"
    for _ in made:
        page = await read(harbour.thea, url)
        found += [one["id"] for one in page["items"]]
        url = f"/v1/review-queue?limit=1&cursor={page['next']}"
    assert (found, page["next"]) == (made, None)


async def test_practice_that_asks_for_nothing_is_not_in_it(harbour: Cast) -> None:
    await practised(harbour)
    assert (await read(harbour.thea, "/v1/review-queue"))["items"] == []


async def test_a_covering_therapist_has_the_same_queue(harbour: Cast) -> None:
    submission_id = await sent(harbour)
    await covers(harbour, "theo")
    for name in ("thea", "theo"):
        queue = await read(harbour.people[name], "/v1/review-queue")
        assert [one["id"] for one in queue["items"]] == [submission_id], name


async def test_a_supervisor_has_none_of_it(harbour: Cast) -> None:
    await sent(harbour)
    assert (await read(harbour.sam, "/v1/review-queue"))["items"] == []


async def test_what_was_reviewed_leaves_it(harbour: Cast) -> None:
    url = f"/v1/submissions/{await sent(harbour)}"
    headers = {"If-Match": f'"v{(await read(harbour.thea, url))["version"]}"'}
    await harbour.thea.http.post(f"{url}/review", json={"number": 1}, headers=headers)
    assert (await read(harbour.thea, "/v1/review-queue"))["items"] == []


async def test_the_same_page_is_not_sent_again(harbour: Cast) -> None:
    await sent(harbour)
    first = await harbour.thea.http.get("/v1/review-queue")
    held = {"If-None-Match": first.headers["etag"]}
    assert (await harbour.thea.http.get("/v1/review-queue", headers=held)).status_code == 304


@pytest.mark.parametrize("name", ["ana", "abe", "cleo"])
async def test_it_is_for_those_who_review(harbour: Cast, name: str) -> None:
    answer = await harbour.people[name].http.get("/v1/review-queue")
    assert (answer.status_code, answer.json()["code"]) == (403, "access.role")


async def test_a_cursor_of_a_colleague_is_refused(harbour: Cast) -> None:
    for _ in range(2):
        await sent(harbour)
    page = await read(harbour.thea, "/v1/review-queue?limit=1")
    answer = await harbour.theo.http.get(f"/v1/review-queue?limit=1&cursor={page['next']}")
    assert (answer.status_code, answer.json()["code"]) == (400, "paging.cursor")


async def test_a_repetition_is_read_and_leaves_the_queue_once_seen(harbour: Cast) -> None:
    repetition_id = await practised(harbour, attention_level="soon", note="My hands shook.")
    url = f"/v1/repetitions/{repetition_id}"
    assert (await read(harbour.thea, url))["note"] == "My hands shook."
    assert (await harbour.thea.http.post(f"{url}/seen")).status_code == 428
    seen = await harbour.thea.http.post(f"{url}/seen", headers={"If-Match": '"v1"'})
    assert (seen.status_code, seen.json()["seen_at"] is None) == (200, False)
    assert (await read(harbour.thea, "/v1/review-queue"))["items"] == []


async def test_seen_again_it_stays_as_it_is(harbour: Cast) -> None:
    url = f"/v1/repetitions/{await practised(harbour, attention_level='soon')}"
    first = await harbour.thea.http.post(f"{url}/seen", headers={"If-Match": '"v1"'})
    again = await harbour.thea.http.post(f"{url}/seen", headers={"If-Match": '"v1"'})
    assert first.json() == again.json()


async def test_a_colleague_is_told_nothing_of_a_repetition(harbour: Cast) -> None:
    url = f"/v1/repetitions/{await practised(harbour, attention_level='soon')}"
    assert (await harbour.theo.http.get(url)).status_code == 404
    assert (await harbour.theo.http.post(f"{url}/seen")).status_code == 404


async def test_the_supervisor_reads_a_repetition_and_does_not_settle_it(harbour: Cast) -> None:
    url = f"/v1/repetitions/{await practised(harbour, attention_level='soon')}"
    assert (await read(harbour.sam, url))["times"] == 3
    answer = await harbour.sam.http.post(f"{url}/seen", headers={"If-Match": '"v1"'})
    assert (answer.status_code, answer.json()["code"]) == (403, "access.not_on_care_team")


async def acknowledged(cast: Cast, submission_id: str) -> None:
    items = [{"submission_id": submission_id, "number": 1}]
    await cast.thea.http.post("/v1/submissions/acknowledge", json={"items": items})


async def test_what_was_changed_after_a_review_comes_back_marked(harbour: Cast) -> None:
    submission_id = await sent(harbour)
    await acknowledged(harbour, submission_id)
    await sent_again(harbour, submission_id, outcome="not_ready", answers={})
    item = (await read(harbour.thea, "/v1/review-queue"))["items"][0]
    assert (item["number"], item["outcome"], item["changed_since_review"]) == (2, "not_ready", True)


async def test_what_was_changed_waits_from_its_newest_version_on(harbour: Cast) -> None:
    changed, other = await sent(harbour), await sent(harbour)
    await sent_again(harbour, changed)
    items = (await read(harbour.thea, "/v1/review-queue"))["items"]
    assert [one["id"] for one in items] == [other, changed]
    assert items[0]["received_at"] < items[1]["received_at"]


async def test_what_was_taken_back_leaves_the_queue(harbour: Cast) -> None:
    await taken_back(harbour, await sent(harbour))
    assert (await read(harbour.thea, "/v1/review-queue"))["items"] == []


async def test_that_something_needed_attention_stays(harbour: Cast) -> None:
    submission_id = await sent(harbour, obstacles=["unsafe"])
    await taken_back(harbour, submission_id)
    item = (await read(harbour.thea, "/v1/review-queue"))["items"][0]
    assert (item["id"], item["withdrawn"], item["outcome"]) == (submission_id, True, None)
    items = [{"submission_id": submission_id, "number": 1}]
    answer = await harbour.thea.http.post("/v1/submissions/acknowledge", json={"items": items})
    assert answer.json()["items"][0]["result"] == "needs_attention"
