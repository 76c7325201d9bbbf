"""The client: smaller versions, practice of one's own, stopping, asking; and what staff answer."""

import asyncio
from typing import Any

import httpx
import pytest

from app.library.catalogue import catalogue
from tests.cast import Cast
from tests.homework.assigning import STEPS, done, patch, put, stepped, topic
from tests.homework.scenes import EXERCISE, assign, slot

QUESTION = {"client_key": "device-1-0001", "question": "What does that even mean?"}
GROUNDING = next(str(one.id) for one in catalogue() if one.slug == "feet-on-the-floor")
WALK = {"client_key": "device-1-0009", "exercise_id": GROUNDING, "zone": "Europe/Berlin"}


async def ask(cast: Cast, assignment_id: str, **other: Any) -> httpx.Response:
    url = f"/v1/me/assignments/{assignment_id}/questions"
    return await cast.cleo.http.post(url, json=QUESTION | other)


async def test_little_confidence_is_answered_with_something_smaller(harbour: Cast) -> None:
    made = await stepped(harbour)
    accepted = await done(harbour.cleo, made["id"], "accept", {"confidence": 6})
    assert accepted["smaller"] == {
        "minimum_version": "One breath.", "step": STEPS[2], "step_number": 3
    }  # fmt: skip
    taken = await done(harbour.cleo, made["id"], "accept", {"take": "step"})
    assert (taken["step"], taken["smaller"]["step"]) == (3, STEPS[1])


async def test_one_call_accepts_the_minimum_version(harbour: Cast) -> None:
    made = await stepped(harbour, steps=[])
    body = {"confidence": 3, "take": "minimum"}
    accepted = await done(harbour.cleo, made["id"], "accept", body)
    assert (accepted["status"], accepted["size"]) == ("active", "minimum")
    assert accepted["smaller"] is None


async def test_confidence_is_answered_with_nothing(harbour: Cast) -> None:
    made = await stepped(harbour)
    accepted = await done(harbour.cleo, made["id"], "accept", {"confidence": 7})
    assert accepted["smaller"] is None


async def test_all_of_it_can_be_taken_again(harbour: Cast) -> None:
    made = await stepped(harbour, agreed=True)
    await done(harbour.cleo, made["id"], "accept", {"take": "step"})
    whole = await done(harbour.cleo, made["id"], "accept", {"take": "whole"})
    assert (whole["size"], whole["step"], whole["version"]) == ("whole", None, 3)


async def test_there_is_not_always_a_lower_step(harbour: Cast) -> None:
    made = await stepped(harbour, steps=[])
    answer = await put(harbour.cleo, made["id"], "accept", {"take": "step"})
    assert (answer.status_code, answer.json()["code"]) == (409, "homework.nothing_smaller")


async def test_a_step_that_is_taken_away_is_not_stood_on(harbour: Cast) -> None:
    made = await stepped(harbour)
    await done(harbour.cleo, made["id"], "accept", {"take": "step"})
    changed = await patch(harbour.thea, made["id"], {"steps": STEPS[:2]}, version=2)
    assert (changed.json()["step"], changed.json()["steps"]) == (None, STEPS[:2])


async def test_saying_yes_again_changes_nothing(harbour: Cast) -> None:
    made = await stepped(harbour)
    first = await put(harbour.cleo, made["id"], "accept", {"confidence": 8}, version=1)
    again = await put(harbour.cleo, made["id"], "accept", {"confidence": 8}, version=1)
    assert (again.status_code, again.json()["version"]) == (200, first.json()["version"])


async def test_a_client_takes_up_an_exercise(harbour: Cast) -> None:
    first = await harbour.cleo.http.post("/v1/me/assignments", json=WALK)
    again = await harbour.cleo.http.post("/v1/me/assignments", json=WALK)
    other = await harbour.cleo.http.post("/v1/me/assignments", json=WALK | {"title": "Mine"})
    assert (first.status_code, again.status_code, other.status_code) == (201, 200, 422)
    assert (await slot(harbour.cleo))["assignment_id"] == again.json()["id"]
    seen = await harbour.thea.http.get(f"/v1/assignments/{first.json()['id']}")
    assert (seen.json()["origin"], seen.json()["status"]) == ("client", "active")


async def test_taken_up_ten_times_at_once_it_is_one(harbour: Cast) -> None:
    calls = (harbour.cleo.http.post("/v1/me/assignments", json=WALK) for _ in range(10))
    answers = await asyncio.gather(*calls)
    assert sorted(one.status_code for one in answers) == [200] * 9 + [201]
    assert len({one.json()["id"] for one in answers}) == 1


async def test_words_at_the_end_are_the_therapists(harbour: Cast) -> None:
    made = await assign(harbour)
    ended = await done(harbour.cleo, made["id"], "end", {"words": "It hurts too much."})
    assert (ended["ended_as"], "hurts" in str(ended)) == ("self", False)
    seen = (await harbour.thea.http.get(f"/v1/assignments/{made['id']}")).json()
    assert seen["ended_words"] == "It hurts too much."


async def test_what_the_therapist_ended_is_not_ended_by_the_client(harbour: Cast) -> None:
    made = await assign(harbour)
    await done(harbour.thea, made["id"], "end")
    assert (await put(harbour.cleo, made["id"], "end")).status_code == 409


async def test_a_question_stands_until_it_is_answered(harbour: Cast) -> None:
    made = await assign(harbour, agreed=False)
    asked = (await ask(harbour, made["id"])).json()
    waiting = (await harbour.thea.http.get("/v1/questions?open=true")).json()["items"]
    assert [one["question"] for one in waiting] == [QUESTION["question"]]
    answer = await harbour.thea.http.post(
        f"/v1/questions/{asked['id']}/answer",
        json={"answer": "That you write one sentence."},
        headers={"If-Match": '"v1"'},
    )
    assert answer.status_code == 200, answer.text
    assert (await harbour.thea.http.get("/v1/questions?open=true")).json()["items"] == []
    mine = await harbour.cleo.http.get(f"/v1/me/questions/{asked['id']}")
    assert mine.json()["answer"] == "That you write one sentence."


async def test_a_question_is_stored_once(harbour: Cast) -> None:
    made = await assign(harbour)
    answers = [await ask(harbour, made["id"], **more) for more in ({}, {}, {"question": "Why?"})]
    assert [one.status_code for one in answers] == [201, 200, 422]
    assert answers[0].json() == answers[1].json() == answers[2].json()["receipt"]
    assert len((await harbour.cleo.http.get("/v1/me/questions")).json()["items"]) == 1


@pytest.mark.parametrize(("words", "status"), [("One line.", 200), ("Two lines.", 409)])
async def test_an_answer_is_given_once(harbour: Cast, words: str, status: int) -> None:
    asked = (await ask(harbour, (await assign(harbour))["id"])).json()
    url = f"/v1/questions/{asked['id']}/answer"
    header = {"If-Match": '"v1"'}
    await harbour.thea.http.post(url, json={"answer": "One line."}, headers=header)
    again = await harbour.thea.http.post(url, json={"answer": words}, headers=header)
    assert again.status_code == status, again.text


async def test_nobody_asks_about_a_draft(harbour: Cast) -> None:
    made = await assign(harbour, agreed=False, draft=True)
    assert (await ask(harbour, made["id"])).status_code == 404


async def test_a_guardian_neither_asks_nor_reads_questions(harbour: Cast) -> None:
    made = await assign(harbour, "kit")
    url = f"/v1/me/assignments/{made['id']}/questions"
    answers = [
        await harbour.greta.http.post(url, json=QUESTION),
        await harbour.greta.http.get("/v1/me/questions"),
    ]
    assert [one.json()["code"] for one in answers] == ["access.role"] * 2


async def test_a_supervisor_reads_a_question_and_leaves_the_answer(harbour: Cast) -> None:
    asked = (await ask(harbour, (await assign(harbour))["id"])).json()
    url = f"/v1/questions/{asked['id']}"
    assert (await harbour.sam.http.get(url)).status_code == 200
    answer = await harbour.sam.http.post(
        f"{url}/answer", json={"answer": "One line."}, headers={"If-Match": '"v1"'}
    )
    assert (answer.status_code, answer.json()["code"]) == (403, "access.not_on_care_team")


async def test_topics_are_listed_for_who_may_read(harbour: Cast) -> None:
    named = await topic(harbour)
    url = f"/v1/clients/{harbour.client_ids['cleo']}/topics"
    assert [one["id"] for one in (await harbour.sam.http.get(url)).json()["items"]] == [named]
    assert (await harbour.theo.http.get(url)).status_code == 404
    assert (await harbour.sam.http.post(url, json={"label": "Work"})).status_code == 403


async def test_an_exercise_is_pinned_once_and_taken_out_again(harbour: Cast) -> None:
    url = f"/v1/clients/{harbour.client_ids['cleo']}/toolbox/{EXERCISE.id}"
    pinned = [await harbour.thea.http.put(url) for _ in range(2)]
    assert [one.status_code for one in pinned] == [201, 200]
    assert pinned[0].json() == pinned[1].json()
    assert [(await harbour.thea.http.delete(url)).status_code for _ in range(2)] == [204, 204]
    assert (await harbour.thea.http.put(url)).status_code == 201


async def test_only_an_exercise_that_is_there_is_pinned(harbour: Cast) -> None:
    cleo = harbour.client_ids["cleo"]
    assert (await harbour.thea.http.put(f"/v1/clients/{cleo}/toolbox/{cleo}")).status_code == 404
    sams = await harbour.sam.http.put(f"/v1/clients/{cleo}/toolbox/{EXERCISE.id}")
    assert sams.status_code == 403


async def test_a_clients_own_words_are_not_copied_for_another(harbour: Cast) -> None:
    mine = {
        "client_key": "device-own-1",
        "exercise_id": GROUNDING,
        "title": "Before I call my mother",
        "rationale": "She never asks.",
        "zone": "Europe/Berlin",
    }
    made = (await harbour.cleo.http.post("/v1/me/assignments", json=mine)).json()
    url, body = f"/v1/assignments/{made['id']}/copy", {"client_id": harbour.client_ids["kit"]}
    copied = await harbour.thea.http.post(url, json=body)
    assert copied.status_code == 201, copied.text
    assert "mother" not in copied.text
    assert "never asks" not in copied.text


async def test_what_is_not_in_the_toolbox_is_not_taken_up(harbour: Cast) -> None:
    heavy = WALK | {"exercise_id": str(EXERCISE.id)}
    refused = await harbour.cleo.http.post("/v1/me/assignments", json=heavy)
    assert refused.json()["errors"][0]["code"] == "homework.not_in_toolbox"
    await assign(harbour)
    assert (await harbour.cleo.http.post("/v1/me/assignments", json=heavy)).status_code == 201
