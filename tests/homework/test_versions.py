"""Whatever was sent can be read: also the first answer, when a second device answered the slot."""

from typing import Any

from tests.cast import Cast, Person
from tests.homework.scenes import ANSWERS, assign, slot, submission, submit
from tests.homework.test_narrowing import withdraw
from tests.homework.test_visibility import MINE, edit, review
from tests.sync.test_guardians import sync

ON_THE_TABLET = ANSWERS | {"what_happened": "The tree, and somebody came."}


async def versions(person: Person, submission_id: str, query: str = "") -> list[dict[str, Any]]:
    """What this person reads of it, newest first."""
    door = "/v1/me" if person.name in ("cleo", "kit", "greta") else "/v1"
    answer = await person.http.get(f"{door}/submissions/{submission_id}/versions{query}")
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


async def answer_twice(cast: Cast, client: str = "cleo") -> tuple[dict[str, Any], dict[str, Any]]:
    """One slot, answered by a phone and by a tablet that has not heard of it; both receipts."""
    await assign(cast, client)
    person = cast.people[client]
    url = f"/v1/me/occurrences/{(await slot(person))['id']}/submissions"
    first = await person.http.post(url, json=submission("phone-0001"))
    second = await person.http.post(url, json=submission("tablet-0001", answers=ON_THE_TABLET))
    assert (first.status_code, second.status_code) == (201, 201)
    return first.json(), second.json()


async def test_the_first_answer_of_two_devices_stays_to_be_read(harbour: Cast) -> None:
    _, second = await answer_twice(harbour)
    for person in (harbour.cleo, harbour.thea):
        read = await versions(person, second["submission_id"])
        assert [(one["number"], one["answers"]) for one in read] == [
            (2, ON_THE_TABLET), (1, ANSWERS),
        ]  # fmt: skip


async def test_the_second_device_is_told_and_is_told_so_again(harbour: Cast) -> None:
    first, second = await answer_twice(harbour)
    before = {"number": 1, "received_at": first["received_at"]}
    assert (first["also_answered"], second["also_answered"]) == ([], [before])
    by_key = await harbour.cleo.http.get(f"{MINE}/by-key/tablet-0001")
    assert by_key.json()["also_answered"] == [before]


async def test_a_device_that_was_offline_is_told_too(harbour: Cast) -> None:
    await assign(harbour)
    where = (await slot(harbour.cleo))["id"]
    bodies = [submission("phone-0001"), submission("tablet-0001", answers=ON_THE_TABLET)]
    items = [
        {"kind": "submission", "about_id": where, "client_key": one.pop("client_key"), "body": one}
        for one in bodies
    ]
    heard = (await sync(harbour, harbour.cleo, "cleo", items=items))["results"]
    told = [(one["outcome"], [each["number"] for each in one["also_answered"]]) for one in heard]
    assert told == [("stored", []), ("stored", [1])]


async def test_an_edit_and_what_was_taken_back_are_no_surprise(harbour: Cast) -> None:
    sent = await submit(harbour, "kit")
    assert (await edit(harbour, sent, "device-1-0002"))["also_answered"] == []
    await withdraw(harbour, sent)
    url = f"/v1/me/occurrences/{sent['occurrence_id']}/submissions"
    again = await harbour.kit.http.post(url, json=submission("device-1-0003"))
    assert (again.json()["version"], again.json()["also_answered"]) == (3, [])


async def test_each_version_carries_the_comment_it_was_given(harbour: Cast) -> None:
    sent = await submit(harbour, "kit")
    await review(harbour, sent, "About the swing.")
    await edit(harbour, sent, "device-1-0002")
    read = await versions(harbour.kit, sent["submission_id"])
    comments = [one["review"] and one["review"]["comment"] for one in read]
    assert comments == [None, "About the swing."]


async def test_staff_keep_the_version_they_reviewed_and_no_other(harbour: Cast) -> None:
    sent = await submit(harbour, "kit", answers_visible="shared")
    await edit(harbour, sent, "device-1-0002", answers=ON_THE_TABLET, answers_visible="therapist")
    await review(harbour, sent)
    await edit(harbour, sent, "device-1-0003", answers_visible="summary_only")
    read = await versions(harbour.thea, sent["submission_id"])
    assert [one["answers"] for one in read] == [None, ON_THE_TABLET, None]
    await withdraw(harbour, sent)
    read = await versions(harbour.thea, sent["submission_id"])
    assert [(one["number"], one["answers"]) for one in read] == [(2, ON_THE_TABLET)]


async def test_what_was_taken_back_unread_stays_so_when_more_is_sent(harbour: Cast) -> None:
    sent = await submit(harbour, "kit", answers_visible="shared")
    await withdraw(harbour, sent)
    url = f"/v1/me/occurrences/{sent['occurrence_id']}/submissions"
    shared = submission("device-1-0002", answers=ON_THE_TABLET, answers_visible="shared")
    await harbour.kit.http.post(url, json=shared)
    for person in (harbour.thea, harbour.greta):
        read = await versions(person, sent["submission_id"])
        assert [one["answers"] for one in read] == [ON_THE_TABLET]
    assert len(await versions(harbour.kit, sent["submission_id"])) == 2


async def test_what_asked_for_attention_is_named_and_not_shown(harbour: Cast) -> None:
    sent = await submit(harbour, "kit", outcome="attempted", obstacles=["unsafe", "too_hard"])
    await withdraw(harbour, sent)
    (one,) = await versions(harbour.thea, sent["submission_id"])
    told = {name: one[name] for name in ("attention_level", "attention", "answers", "obstacles")}
    assert told == {
        "attention_level": "urgent", "attention": ["unsafe"], "answers": None, "obstacles": [],
    }  # fmt: skip


async def test_a_guardian_reads_the_versions_that_stayed_shared(harbour: Cast) -> None:
    sent = await submit(harbour, "kit", answers_visible="therapist")
    await edit(harbour, sent, "device-1-0002", answers_visible="shared", obstacles=["unsafe"])
    (one,) = await versions(harbour.greta, sent["submission_id"])
    assert (one["number"], one["answers"], one["obstacles"]) == (2, ANSWERS, [])
    await edit(harbour, sent, "device-1-0003", answers_visible="therapist")
    assert await versions(harbour.greta, sent["submission_id"]) == []


async def test_pages_of_versions_follow_each_other(harbour: Cast) -> None:
    sent = await submit(harbour, "kit")
    for number in (2, 3):
        await edit(harbour, sent, f"device-1-{number:04}")
    url = f"/v1/submissions/{sent['submission_id']}/versions?limit=2"
    first = (await harbour.thea.http.get(url)).json()
    second = (await harbour.thea.http.get(f"{url}&cursor={first['next']}")).json()
    numbers = [one["number"] for one in first["items"] + second["items"]]
    assert (numbers, second["next"]) == ([3, 2, 1], None)
