"""A guardian answers for the client, never instead of them, and sees nothing the client keeps."""

from typing import Any

import httpx
import pytest

from app.core.clock import now
from tests.cast import Cast, Person
from tests.homework.assigning import put
from tests.homework.scenes import EXERCISE, assign, submission
from tests.homework.test_visibility import TODAY, TOLD
from tests.sync.test_guardians import sync

NO = {"reason": "not_for_me"}
ASSIGNMENTS = "/v1/me/assignments"


async def proposed(cast: Cast) -> str:
    return str((await assign(cast, "kit", agreed=False))["id"])


async def take_up(person: Person, key: str = "device-1-0001", **other: Any) -> httpx.Response:
    exercise = (await person.http.get("/v1/me/toolbox")).json()["items"][0]["exercise_id"]
    body = {"client_key": key, "exercise_id": exercise, "zone": "Europe/Berlin"} | other
    return await person.http.post(ASSIGNMENTS, json=body)


def practice(key: str = "device-1-0001", **other: Any) -> dict[str, Any]:
    body = {"client_key": key, "exercise_version_id": str(EXERCISE.version.id), "note": "Alone."}
    return body | {"occurred_at": now().isoformat(), "zone": "Europe/Berlin"} | other


async def test_what_a_guardian_declined_still_waits_for_the_client(harbour: Cast) -> None:
    made = await proposed(harbour)
    assert (await put(harbour.greta, made, "decline", NO, version=1)).status_code == 200
    waiting = (await harbour.kit.http.get(TODAY)).json()["proposed"]
    assert [(one["id"], one["status"]) for one in waiting] == [(made, "declined")]
    assert (await harbour.greta.http.get(TODAY)).json()["proposed"] == []
    accepted = await put(harbour.kit, made, "accept", version=2)
    assert (accepted.status_code, accepted.json()["answered_as"]) == (200, "self")


@pytest.mark.parametrize(
    ("childs", "verb", "body"),
    [
        ("decline", "accept", {}),
        ("accept", "end", {}),
        ("accept", "accept", {"take": "minimum", "confidence": 3}),
    ],
)
async def test_what_the_client_answered_a_guardian_does_not_change(
    harbour: Cast, childs: str, verb: str, body: dict[str, Any]
) -> None:
    made = (await assign(harbour, "kit", agreed=False, minimum_version="One breath."))["id"]
    await put(harbour.kit, made, childs, NO if childs == "decline" else {}, version=1)
    refused = await put(harbour.greta, made, verb, body, version=2)
    assert (refused.status_code, refused.json()["code"]) == (403, "homework.clients_answer")


async def test_what_was_agreed_in_session_a_guardian_does_not_end(harbour: Cast) -> None:
    made = await assign(harbour, "kit")
    assert (await put(harbour.greta, made["id"], "end", {}, version=1)).status_code == 403
    item = {"kind": "assignment_end", "client_key": "device-g-1", "about_id": made["id"]}
    heard = await sync(harbour, harbour.greta, "kit", items=[item | {"base_version": 1}])
    assert heard["results"][0]["problem"]["code"] == "homework.clients_answer"


async def test_what_a_guardian_accepted_they_end_and_so_does_the_client(harbour: Cast) -> None:
    for person in (harbour.greta, harbour.kit):
        made = await proposed(harbour)
        await put(harbour.greta, made, "accept", {"confidence": 5}, version=1)
        assert (await put(person, made, "end", {}, version=2)).status_code == 200


async def test_how_sure_the_client_is_a_guardian_is_not_told(harbour: Cast) -> None:
    made = await proposed(harbour)
    await put(harbour.kit, made, "accept", {"confidence": 2}, version=1)
    seen = (await harbour.greta.http.get(f"{ASSIGNMENTS}/{made}")).json()
    assert (seen["confidence"], seen["smaller"]) == (None, None)
    assert (await harbour.kit.http.get(f"{ASSIGNMENTS}/{made}")).json()["confidence"] == 2


async def test_what_a_client_takes_up_is_not_there_for_a_guardian(harbour: Cast) -> None:
    made = (await take_up(harbour.kit)).json()
    assert made["visibility"] == "therapist"
    found = (await harbour.thea.http.get(f"/v1/assignments/{made['id']}")).json()
    assert found["visibility"] == "therapist"
    body = submission(
        exercise_version_id=made["exercise_version_id"], answers={}, outcome="partial"
    )
    (slot,) = (await harbour.kit.http.get(TODAY)).json()["open"]
    url = f"/v1/me/occurrences/{slot['id']}"
    sent = await harbour.kit.http.post(
        f"{url}/submissions", json=body | {"answers_visible": "shared", "outcome": "partial"}
    )
    assert sent.status_code == 201, sent.text
    gone = [
        f"{ASSIGNMENTS}/{made['id']}",
        f"/v1/me/submissions/{sent.json()['submission_id']}",
        url,
    ]
    assert [(await harbour.greta.http.get(one)).status_code for one in gone] == [404, 404, 404]
    told = str(
        [
            (await sync(harbour, harbour.greta, "kit"))["changes"],
            (await harbour.greta.http.get("/v1/me/week?zone=Europe/Berlin")).json(),
            (await harbour.greta.http.get("/v1/me/reminders")).json(),
        ]
    )
    for one in (made["id"], slot["id"], sent.json()["submission_id"]):
        assert one not in told
    assert (await harbour.greta.http.get(TODAY)).json()["practised"]["sent"] == 0


async def test_what_a_client_takes_up_and_shares_a_guardian_sees(harbour: Cast) -> None:
    made = (await take_up(harbour.kit, visibility="shared")).json()
    seen = (await harbour.greta.http.get(f"{ASSIGNMENTS}/{made['id']}")).json()
    assert (seen["visibility"], seen["answered_as"]) == ("shared", "self")


async def test_a_copy_of_what_a_client_keeps_is_kept(harbour: Cast) -> None:
    made = (await take_up(harbour.kit)).json()
    copied = await harbour.thea.http.post(f"/v1/assignments/{made['id']}/copy", json={})
    assert (copied.status_code, copied.json()["visibility"]) == (201, "therapist")


async def test_practice_is_the_therapists_alone_unless_it_is_shared(harbour: Cast) -> None:
    url = "/v1/me/repetitions"
    for body in (practice(), practice("device-1-0002", visibility="shared", **_worried())):
        assert (await harbour.kit.http.post(url, json=body)).status_code == 201
    (seen,) = (await harbour.greta.http.get(url)).json()["items"]
    assert (seen["visibility"], seen["obstacles"], seen["unsafe_from"]) == (
        "shared", ["too_hard"], None,
    )  # fmt: skip
    mine = (await harbour.kit.http.get(url)).json()["items"]
    assert [one["visibility"] for one in mine] == ["shared", "therapist"]
    practised = [
        (await person.http.get(TODAY)).json()["practised"]["repetitions"]
        for person in (harbour.kit, harbour.greta)
    ]
    assert practised == [2, 1]


def _worried() -> dict[str, Any]:
    return {name: TOLD[name] for name in ("obstacles", "unsafe_from")}


async def test_that_practice_was_seen_moves_nothing_a_guardian_sees(harbour: Cast) -> None:
    url = "/v1/me/repetitions"
    body = practice(visibility="shared", **_worried())
    made = (await harbour.kit.http.post(url, json=body)).json()["repetition_id"]

    async def seen() -> list[Any]:
        week = await harbour.greta.http.get("/v1/me/week?zone=Europe/Berlin")
        one = await harbour.greta.http.get(f"{url}/{made}")
        return [one.headers["etag"], one.json(), week.json()["days"]]

    before = await seen()
    mark = f"/v1/repetitions/{made}/seen"
    assert (await harbour.thea.http.post(mark, headers={"If-Match": '"v1"'})).status_code == 200
    assert await seen() == before


@pytest.mark.parametrize(("first", "second"), [("kit", "greta"), ("greta", "kit")])
async def test_a_key_of_somebody_elses_device_tells_nothing_of_what_it_made(
    harbour: Cast, first: str, second: str
) -> None:
    one, other = harbour.people[first], harbour.people[second]
    await one.http.post("/v1/me/repetitions", json=practice())
    await take_up(one, "device-1-0002")
    refused = (
        await other.http.post("/v1/me/repetitions", json=practice()),
        await take_up(other, "device-1-0002"),
    )
    for answer in refused:
        assert (answer.status_code, answer.json()["code"]) == (422, "client_key.other_body")
        assert "receipt" not in answer.json()


async def test_a_device_does_not_point_at_what_somebody_elses_made(harbour: Cast) -> None:
    await take_up(harbour.kit, visibility="shared")
    end = {"kind": "assignment_end", "client_key": "device-g-1", "about_key": "device-1-0001"}
    heard = await sync(harbour, harbour.greta, "kit", items=[end | {"base_version": 1}])
    assert heard["results"][0]["problem"]["code"] == "sync.unknown_key"
