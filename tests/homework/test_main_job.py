"""The main job, end to end: assigned, seen, sent, read."""

import asyncio
from datetime import datetime, timedelta

import asyncpg
import pytest
from sqlalchemy import func, update

from app.core.clock import now
from app.core.statements import Query, p
from app.homework.models import Occurrence
from tests.cast import Cast
from tests.homework.scenes import assign, slot, submission, submit
from tests.jobs.conftest import Admin
from tests.overview.scenes import covers
from tests.sync.test_sync import sync


async def test_the_main_job(harbour: Cast) -> None:
    receipt = await submit(harbour)
    url = f"/v1/submissions/{receipt['submission_id']}"
    read = await harbour.thea.http.get(url)
    assert read.json()["answers"]["age"] == 9, read.text
    reviewed = await harbour.thea.http.post(
        f"{url}/review",
        json={"number": 1, "comment": "Thank you for writing this down."},
        headers={"If-Match": read.headers["etag"]},
    )
    assert reviewed.json()["is_reviewed"], reviewed.text
    back = await harbour.cleo.http.get(f"/v1/me/submissions/{receipt['submission_id']}")
    assert back.json()["review"]["comment"] == "Thank you for writing this down."


async def test_a_proposal_is_accepted_and_then_open(harbour: Cast) -> None:
    made = await assign(harbour, agreed=False)
    today = (await harbour.cleo.http.get("/v1/me/today?zone=Europe/Berlin")).json()
    assert ([one["id"] for one in today["proposed"]], today["open"]) == ([made["id"]], [])
    accepted = await harbour.cleo.http.post(
        f"/v1/me/assignments/{made['id']}/accept",
        json={"confidence": 7},
        headers={"If-Match": '"v1"'},
    )
    assert accepted.json()["status"] == "active", accepted.text
    assert (await slot(harbour.cleo))["assignment_id"] == made["id"]


async def test_not_ready_yet_is_an_answer(harbour: Cast) -> None:
    made = await assign(harbour, agreed=False)
    declined = await harbour.cleo.http.post(
        f"/v1/me/assignments/{made['id']}/decline",
        json={"reason": "not_ready", "words": "Not this month."},
        headers={"If-Match": '"v1"'},
    )
    assert declined.json()["status"] == "declined", declined.text
    seen = await harbour.thea.http.get(f"/v1/assignments/{made['id']}")
    assert seen.json()["decline_words"] == "Not this month."


async def test_fifty_equal_submissions_are_one(harbour: Cast) -> None:
    await assign(harbour)
    where = (await slot(harbour.cleo))["id"]
    url, body = f"/v1/me/occurrences/{where}/submissions", submission()
    answers = await asyncio.gather(*(harbour.cleo.http.post(url, json=body) for _ in range(50)))
    assert sorted({one.status_code for one in answers}) == [200, 201]
    assert [one.status_code for one in answers].count(201) == 1
    receipts = [one.json() | {"state": ""} for one in answers]
    assert all(one == receipts[0] for one in receipts)


async def test_a_new_key_is_the_next_version(harbour: Cast) -> None:
    receipt = await submit(harbour)
    url = f"/v1/me/occurrences/{receipt['occurrence_id']}/submissions"
    again = await harbour.cleo.http.post(url, json=submission("device-1-0002", outcome="partial"))
    assert again.status_code == 201, again.text
    assert (again.json()["submission_id"], again.json()["version"]) == (
        receipt["submission_id"],
        2,
    )


async def test_other_content_under_a_known_key_is_refused(harbour: Cast) -> None:
    receipt = await submit(harbour)
    url = f"/v1/me/occurrences/{receipt['occurrence_id']}/submissions"
    other = await harbour.cleo.http.post(url, json=submission(outcome="partial"))
    assert (other.status_code, other.json()["code"]) == (422, "client_key.other_body")
    assert other.json()["receipt"]["submission_id"] == receipt["submission_id"]


async def test_an_unsafe_answer_heads_the_list(harbour: Cast) -> None:
    worrying = await submit(harbour, outcome="attempted", obstacles=["unsafe"])
    await submit(harbour, "kit")
    queue = (await harbour.thea.http.get("/v1/submissions")).json()["items"]
    assert queue[0]["id"] == worrying["submission_id"]
    assert queue[0]["needs_attention"]
    assert worrying["help"]["resources"][0]["phone"] == "116 123"


async def test_a_summary_shows_no_answers_to_staff(harbour: Cast) -> None:
    receipt = await submit(harbour, answers_visible="summary_only")
    read = await harbour.thea.http.get(f"/v1/submissions/{receipt['submission_id']}")
    assert (read.json()["answers"], read.json()["outcome"]) == (None, "completed")
    own = await harbour.cleo.http.get(f"/v1/me/submissions/{receipt['submission_id']}")
    assert own.json()["answers"]["age"] == 9


async def test_wrong_answers_are_named_without_the_value(harbour: Cast) -> None:
    await assign(harbour)
    where = (await slot(harbour.cleo))["id"]
    refused = await harbour.cleo.http.post(
        f"/v1/me/occurrences/{where}/submissions",
        json=submission(answers={"age": "nineteen-and-a-secret"}, outcome="partial"),
    )
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["pointer"] == "/answers/age"
    assert "secret" not in refused.text


async def test_a_team_comment_never_reaches_the_client(harbour: Cast) -> None:
    receipt = await submit(harbour)
    url = f"/v1/submissions/{receipt['submission_id']}"
    await harbour.thea.http.post(
        f"{url}/review",
        json={"number": 1, "team_comment": "Ask about the swing."},
        headers={"If-Match": '"v1"'},
    )
    assert (await harbour.sam.http.get(url)).json()["team_comments"][0]["comment"]
    own = await harbour.cleo.http.get(f"/v1/me/submissions/{receipt['submission_id']}")
    assert "swing." not in own.text.replace("The swing, and nobody came.", "")


async def test_a_wrong_clock_is_corrected_by_what_it_said_when_sending(harbour: Cast) -> None:
    await assign(harbour, opens_at=(now() - timedelta(days=1)).isoformat())
    url = f"/v1/me/occurrences/{(await slot(harbour.cleo))['id']}/submissions"
    at = {"occurred_at": "2016-01-01T10:00:00Z", "sent_at": "2016-01-01T10:00:05Z"}
    sent = await harbour.cleo.http.post(url, json=submission(**at))
    assert (sent.status_code, sent.json()["in_window"]) == (201, True)
    own = await harbour.cleo.http.get(sent.headers["location"])
    assert own.json()["occurred_at"] == "2016-01-01T10:00:00Z"
    assert now() - datetime.fromisoformat(own.json()["done_at"]) < timedelta(minutes=1)


async def test_a_slot_that_the_clock_has_changed_is_not_said_to_be_unchanged(harbour: Cast) -> None:
    await assign(harbour)
    occurrence_id = (await slot(harbour.cleo))["id"]
    url = f"/v1/me/occurrences/{occurrence_id}"
    held = {"If-None-Match": (await harbour.cleo.http.get(url)).headers["etag"]}
    assert (await harbour.cleo.http.get(url, headers=held)).status_code == 304
    passed = update(Occurrence).where(Occurrence.id == p("id")).values(closes_at=func.now())
    work, transaction = harbour.job()
    async with transaction:
        await work.run(Query(passed), id=occurrence_id)
    later = await harbour.cleo.http.get(url, headers=held)
    assert (later.status_code, later.json()["state"]) == (200, "no_response")


async def test_words_may_follow_an_acknowledgement_once(harbour: Cast) -> None:
    sent = await submit(harbour)
    url = f"/v1/submissions/{sent['submission_id']}/review"
    read = {"items": [{"submission_id": sent["submission_id"], "number": 1}]}
    assert (await harbour.thea.http.post("/v1/submissions/acknowledge", json=read)).is_success
    heard = (await sync(harbour)).json()["cursor"]
    said = {"number": 1, "comment": "Thank you for this."}
    followed = await harbour.thea.http.post(url, json=said, headers={"If-Match": '"v2"'})
    assert followed.status_code == 200, followed.text
    mine = await harbour.cleo.http.get(f"/v1/me/submissions/{sent['submission_id']}")
    assert mine.json()["review"]["comment"] == said["comment"]
    assert mine.json()["review"]["commented_at"] is not None
    told = (await sync(harbour, cursor=heard)).json()["changes"]
    assert [one["body"]["review"]["comment"] for one in told if one["kind"] == "submission"] == [
        said["comment"]
    ]
    again = await harbour.thea.http.post(url, json=said)
    assert (again.status_code, again.json()["version"]) == (200, followed.json()["version"])
    other = await harbour.thea.http.post(url, json=said | {"comment": "One thing more."})
    assert (other.status_code, other.json()["code"]) == (409, "homework.reviewed")


async def test_words_may_follow_a_colleagues_acknowledgement(harbour: Cast) -> None:
    sent = await submit(harbour)
    await covers(harbour, "theo")
    url = f"/v1/submissions/{sent['submission_id']}/review"
    seen = await harbour.theo.http.post(url, json={"number": 1}, headers={"If-Match": '"v1"'})
    assert seen.json()["review"]["reviewer"] == "Theo of the test"
    said = {"number": 1, "comment": "I am back, and have read it."}
    followed = await harbour.thea.http.post(url, json=said, headers={"If-Match": '"v2"'})
    assert followed.status_code == 200, followed.text
    assert followed.json()["review"]["reviewer"] == "Thea of the test"
    late = await harbour.theo.http.post(url, json=said | {"comment": "So have I."})
    assert (late.status_code, late.json()["code"]) == (409, "homework.reviewed")


async def test_a_second_comment_is_refused_and_not_lost_in_silence(harbour: Cast) -> None:
    url = f"/v1/submissions/{(await submit(harbour))['submission_id']}/review"
    said = {"number": 1, "comment": "Thank you.", "team_comment": "Ask about the swing."}
    first = await harbour.thea.http.post(url, json=said, headers={"If-Match": '"v1"'})
    again = await harbour.thea.http.post(url, json=said, headers={"If-Match": '"v1"'})
    assert (again.status_code, again.json()) == (200, first.json())
    for name in ("comment", "team_comment"):
        other = await harbour.thea.http.post(url, json=said | {name: "And one thing more."})
        assert (other.status_code, other.json()["code"]) == (409, "homework.reviewed")


async def test_a_moved_date_stays_within_the_window(harbour: Cast) -> None:
    soon, later = ((now() + timedelta(days=days)).isoformat() for days in (2, 3))
    made = await assign(harbour, closes_at=soon)
    answer = await harbour.thea.http.patch(
        f"/v1/assignments/{made['id']}", json={"due_at": later}, headers={"If-Match": '"v1"'}
    )
    assert (answer.status_code, answer.json()["code"]) == (422, "homework.window")


async def test_what_is_done_in_the_second_it_opens_is_in_its_window(harbour: Cast) -> None:
    made = await assign(harbour)
    url = f"/v1/me/occurrences/{(await slot(harbour.cleo))['id']}/submissions"
    sent = submission(occurred_at=made["opens_at"][:19] + "Z")
    assert (await harbour.cleo.http.post(url, json=sent)).json()["in_window"] is True


async def test_words_that_were_said_are_changed_by_nobody(harbour: Cast, admin: Admin) -> None:
    sent = await submit(harbour)
    url = f"/v1/submissions/{sent['submission_id']}/review"
    said = {"number": 1, "comment": "Thank you."}
    await harbour.thea.http.post(url, json=said, headers={"If-Match": '"v1"'})
    for change in ("comment = null", "comment = '\\x00'", "commented_by = user_id", "number = 2"):
        with pytest.raises(asyncpg.PostgresError, match="never changes"):
            await admin.execute(
                f"update reviews set {change} where submission_id = $1", sent["submission_id"]
            )
