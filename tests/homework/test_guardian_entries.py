"""Nobody overwrites what somebody else sent: a guardian's entry stands beside the child's."""

from typing import Any

import httpx
import pytest

from app.core.clock import now
from app.homework.models import Occurrence
from tests.cast import GUARDIAN_SCOPES, Cast, Person
from tests.homework.scenes import ANSWERS, assign, slot, submission
from tests.homework.test_visibility import MINE, review
from tests.sync.test_guardians import appoint, sync

THEIRS = ANSWERS | {"what_happened": "He did it with me watching."}


async def open_slot(cast: Cast) -> str:
    await assign(cast, "kit")
    return str((await slot(cast.kit))["id"])


async def send(person: Person, where: str, key: str, **other: Any) -> dict[str, Any]:
    """What this person sends for the slot; the receipt."""
    body = submission(key, **{"answers_visible": "shared"} | other)
    answer = await person.http.post(f"/v1/me/occurrences/{where}/submissions", json=body)
    assert answer.status_code == 201, answer.text
    shown: dict[str, Any] = answer.json()
    return shown


async def change(person: Person, verb: str, sent: dict[str, Any]) -> httpx.Response:
    """An edit or a withdrawal by this person of what was sent."""
    url, seen = f"{MINE}/{sent['submission_id']}", {"If-Match": '"v1"'}
    if verb == "withdraw":
        return await person.http.post(f"{url}/withdraw", headers=seen)
    return await person.http.put(url, json=submission("device-9-edit"), headers=seen)


async def read(cast: Cast, sent: dict[str, Any]) -> dict[str, Any]:
    answer = await cast.thea.http.get(f"/v1/submissions/{sent['submission_id']}")
    assert answer.status_code == 200, answer.text
    shown: dict[str, Any] = answer.json()
    return shown


async def state(person: Person, where: str) -> str:
    return str((await person.http.get(f"/v1/me/occurrences/{where}")).json()["state"])


@pytest.mark.parametrize("verb", ["edit", "withdraw"])
@pytest.mark.parametrize(("sender", "other"), [("kit", "greta"), ("greta", "kit")])
async def test_each_changes_only_what_they_sent_themselves(
    harbour: Cast, verb: str, sender: str, other: str
) -> None:
    sent = await send(harbour.people[sender], await open_slot(harbour), "device-1-0001")
    refused = await change(harbour.people[other], verb, sent)
    assert (refused.status_code, refused.json()["code"]) == (403, "homework.not_yours")
    assert (await change(harbour.people[sender], verb, sent)).status_code == 200


async def test_a_second_answer_by_a_guardian_stands_beside_the_childs(harbour: Cast) -> None:
    where = await open_slot(harbour)
    childs = await send(harbour.kit, where, "device-1-0001", outcome="attempted")
    theirs = await send(harbour.greta, where, "device-2-0001", answers=THEIRS)
    assert theirs["submission_id"] != childs["submission_id"]
    assert (theirs["version"], theirs["also_answered"]) == (1, [])
    shown = await read(harbour, childs)
    assert (shown["answers"], shown["number"], shown["side"]) == (ANSWERS, 1, "client")
    assert shown["guardian_submission"]["id"] == theirs["submission_id"]
    beside = await read(harbour, theirs)
    assert (beside["answers"], beside["side"], beside["guardian_submission"]) == (
        THEIRS, "guardian", None,
    )  # fmt: skip


async def test_both_wait_to_be_read_and_one_is_counted(harbour: Cast) -> None:
    where = await open_slot(harbour)
    await send(harbour.kit, where, "device-1-0001", outcome="partial")
    await send(harbour.greta, where, "device-2-0001")
    queue = (await harbour.thea.http.get("/v1/review-queue")).json()["items"]
    assert [one["side"] for one in queue] == ["client", "guardian"]
    url = f"/v1/clients/{harbour.client_ids['kit']}/homework-board"
    counts = (await harbour.thea.http.get(url)).json()["assignments"][0]["last_14_days"]
    assert (counts["partial"], counts["done"]) == (1, 0)
    for person in (harbour.kit, harbour.greta):
        today = (await person.http.get("/v1/me/today?zone=Europe/Berlin")).json()
        assert today["practised"]["sent"] == 1


@pytest.mark.parametrize("first", ["kit", "greta"])
async def test_the_slot_follows_the_childs_entry_whoever_came_first(
    harbour: Cast, first: str
) -> None:
    where = await open_slot(harbour)
    order = ("kit", "greta") if first == "kit" else ("greta", "kit")
    sent = {name: await send(harbour.people[name], where, f"device-{name}-1") for name in order}
    await review(harbour, sent["greta"])
    assert await state(harbour.kit, where) == "submitted"
    url = f"/v1/assignments/{(await read(harbour, sent['kit']))['assignment_id']}/occurrences"
    days = "?from=2026-11-01&to=2027-10-31"
    (listed,) = (await harbour.thea.http.get(url + days)).json()["items"]
    assert (listed["submission_id"], listed["guardian_submission_id"], listed["state"]) == (
        sent["kit"]["submission_id"], sent["greta"]["submission_id"], "submitted",
    )  # fmt: skip
    await review(harbour, sent["kit"])
    assert await state(harbour.kit, where) == "reviewed"


async def test_taken_back_by_the_child_the_slot_is_open_to_them_alone(harbour: Cast) -> None:
    where = await open_slot(harbour)
    childs = await send(harbour.kit, where, "device-1-0001")
    theirs = await send(harbour.greta, where, "device-2-0001")
    assert (await change(harbour.kit, "withdraw", childs)).status_code == 200
    assert [await state(one, where) for one in (harbour.kit, harbour.greta)] == [
        "open", "submitted",
    ]  # fmt: skip
    assert (await change(harbour.greta, "withdraw", theirs)).status_code == 200
    assert await state(harbour.kit, where) == "open"


async def test_two_guardians_do_not_overwrite_each_other(harbour: Cast) -> None:
    await appoint(harbour, "kit", GUARDIAN_SCOPES, user_id=harbour.cleo.user_id)
    where = await open_slot(harbour)
    mothers = await send(harbour.greta, where, "device-2-0001", answers=THEIRS)
    work, transaction = harbour.job()
    async with transaction:
        father = await harbour.sign_in(
            work, harbour.cleo.user_id, "father", "guardian",
            headers={"Acting-For": harbour.client_ids["kit"]},
        )  # fmt: skip
    assert (await change(father, "edit", mothers)).status_code == 403
    fathers = await send(father, where, "device-3-0001")
    assert fathers["submission_id"] != mothers["submission_id"]
    assert (await read(harbour, mothers))["answers"] == THEIRS


async def test_devices_that_were_offline_are_held_to_the_same(harbour: Cast) -> None:
    where = await open_slot(harbour)
    childs = await send(harbour.kit, where, "device-1-0001")
    body = submission("device-9-edit")
    key = {"client_key": body.pop("client_key"), "about_id": childs["submission_id"]}
    seen = key | {"base_version": 1}
    items = [
        {"kind": "submission_edit", "body": body} | seen,
        {"kind": "submission_withdraw"} | seen | {"client_key": "device-9-0002"},
        {"kind": "submission", "body": body, "about_id": where, "client_key": "device-9-0003"},
    ]
    heard = await sync(harbour, harbour.greta, "kit", items=items)
    told = [(one["outcome"], (one["problem"] or {}).get("code")) for one in heard["results"]]
    assert told == [("refused", "homework.not_yours")] * 2 + [("stored", None)]
    assert (await read(harbour, childs))["number"] == 1


@pytest.mark.parametrize("visible", ["shared", "therapist"])
@pytest.mark.parametrize(("first", "second"), [("kit", "greta"), ("greta", "kit")])
async def test_a_key_of_somebody_elses_device_tells_nothing_of_what_it_sent(
    harbour: Cast, first: str, second: str, visible: str
) -> None:
    where = await open_slot(harbour)
    await send(harbour.people[first], where, "device-1-0001", answers_visible=visible)
    other = harbour.people[second].http
    refused = await other.post(
        f"/v1/me/occurrences/{where}/submissions", json=submission("device-1-0001")
    )
    assert (refused.status_code, refused.json()["code"]) == (422, "client_key.other_body")
    assert "receipt" not in refused.json()
    assert (await other.get(f"{MINE}/by-key/device-1-0001")).status_code == 404


async def shown_to(person: Person, where: str) -> dict[str, Any]:
    """Where this person finds the slot: by itself, in today and in the week."""
    today = (await person.http.get("/v1/me/today?zone=Europe/Berlin")).json()
    week = (await person.http.get("/v1/me/week?zone=Europe/Berlin")).json()
    open_now = [one for day in week["days"] for one in day["open"]] + week["also_open"]
    one = (await person.http.get(f"/v1/me/occurrences/{where}")).json()
    step = today["next_step"]
    return {
        "state": one["state"],
        "submission_id": one["submission_id"],
        "today": [(each["id"], each["submission_id"]) for each in today["open"]],
        "next_step": step and step["occurrence_id"],
        "week": [each["id"] for each in open_now],
    }


async def test_what_only_a_guardian_answered_stays_on_the_childs_day(harbour: Cast) -> None:
    where = await open_slot(harbour)
    still_open = await shown_to(harbour.kit, where)
    assert still_open == {
        "state": "open", "submission_id": None, "today": [(where, None)], "next_step": where,
        "week": [where],
    }  # fmt: skip
    theirs = await send(harbour.greta, where, "device-2-0001")
    answered = {
        "state": "submitted", "submission_id": theirs["submission_id"], "today": [],
        "next_step": None, "week": [],
    }  # fmt: skip
    assert await shown_to(harbour.kit, where) == still_open
    assert await shown_to(harbour.greta, where) == answered
    await review(harbour, theirs)
    assert await shown_to(harbour.kit, where) == still_open
    childs = await send(harbour.kit, where, "device-1-0001")
    assert await shown_to(harbour.kit, where) == answered | {
        "submission_id": childs["submission_id"]
    }


async def test_a_slot_that_has_closed_is_answered_by_what_a_guardian_sent(harbour: Cast) -> None:
    where = await open_slot(harbour)
    theirs = await send(harbour.greta, where, "device-2-0001")
    work, transaction = harbour.job()
    async with transaction:
        await work.alter(Occurrence, where, closes_at=now())
    shown = await shown_to(harbour.kit, where)
    assert (shown["state"], shown["submission_id"], shown["today"]) == (
        "submitted", theirs["submission_id"], [],
    )  # fmt: skip


async def test_what_a_guardian_did_without_a_slot_asks_the_child_for_nothing(
    harbour: Cast,
) -> None:
    made = await assign(harbour, "kit")
    url = f"/v1/me/assignments/{made['id']}/submissions"
    sent = await harbour.greta.http.post(url, json=submission("device-2-0001"))
    assert sent.status_code == 201, sent.text
    shown = await shown_to(harbour.kit, sent.json()["occurrence_id"])
    assert (shown["state"], len(shown["today"])) == ("submitted", 1)
