"""A receipt of something urgent says who is told, to the one who sent it, and promises no time."""

from typing import Any

from app.core.clock import now
from app.operation.house import House
from tests.cast import Cast
from tests.homework.scenes import assign, slot, submission, submit
from tests.homework.telling import (
    again,
    barred,
    covers,
    go_round,
    policies,
    repeated,
    suspended,
    unreachable,
    urgent,
)

UNSAFE: Any = {"outcome": "attempted", "answers": {}, "obstacles": ["unsafe"]}


async def test_receipt_of_something_urgent_names_the_care_team(harbour: Cast) -> None:
    await covers(harbour, "theo")
    told = (await urgent(harbour))["told"]
    assert (told["by"], sorted(told["people"])) == (
        "care_team",
        ["Thea of the test", "Theo of the test"],
    )
    for name in told["people"]:
        assert name in told["detail"]
    assert "nobody reads it tonight" in told["detail"]


async def test_receipt_of_anything_else_says_nothing_of_it(harbour: Cast) -> None:
    assert (await submit(harbour, obstacles=["felt_worse"]))["told"] is None


async def test_receipt_says_what_is_true_when_it_is_read_again(harbour: Cast) -> None:
    body = submission(**UNSAFE)
    receipt = await urgent(harbour, occurred_at=body["occurred_at"])
    url = "/v1/me/submissions/by-key/device-1-0001"
    assert (await harbour.cleo.http.get(url)).json() == receipt
    await suspended(harbour, "thea")
    for by, on_call in (("practice", None), ("on_call", harbour.abe.user_id)):
        await policies(harbour, on_call=on_call)
        path = f"/v1/me/occurrences/{receipt['occurrence_id']}/submissions"
        repeated = (await harbour.cleo.http.post(path, json=body)).json()
        assert (repeated["told"]["by"], repeated["told"]["people"]) == (by, [])
        assert repeated.keys() == receipt.keys()


async def test_receipt_says_so_where_nobody_can_be_told(harbour: Cast) -> None:
    receipt = await urgent(harbour)
    await suspended(harbour, "thea", "ana")
    found = await harbour.cleo.http.get("/v1/me/submissions/by-key/device-1-0001")
    assert found.json()["told"]["by"] == "nobody"
    assert found.json()["help"] == receipt["help"]


async def test_who_is_kept_from_the_client_is_not_named(harbour: Cast) -> None:
    await assign(harbour)
    where = (await slot(harbour.cleo))["id"]
    await barred(harbour, "thea")
    sent = await harbour.cleo.http.post(
        f"/v1/me/occurrences/{where}/submissions", json=submission(**UNSAFE)
    )
    assert (sent.json()["told"]["by"], sent.json()["told"]["people"]) == ("practice", [])


async def test_receipts_of_edits_extras_repetitions_and_syncs_say_it_too(harbour: Cast) -> None:
    calm = await submit(harbour)
    assert (await again(harbour, calm, obstacles=["unsafe"]))["told"]["by"] == "care_team"
    url = f"/v1/me/submissions/{calm['submission_id']}"
    body, seen = submission("device-1-edit", **UNSAFE), {"If-Match": '"v2"'}
    assert (await harbour.cleo.http.put(url, json=body, headers=seen)).json()["told"]
    assignment = (await assign(harbour))["id"]
    extra = submission("device-1-extra", **UNSAFE)
    made = await harbour.cleo.http.post(f"/v1/me/assignments/{assignment}/submissions", json=extra)
    assert made.json()["told"]["by"] == "care_team"
    said = {name: body[name] for name in ("exercise_version_id", "occurred_at", "obstacles")}
    item = {"kind": "repetition", "client_key": "device-1-r001", "body": said}
    batch = {
        "client_id": harbour.client_ids["cleo"],
        "zone": "Europe/Berlin",
        "sent_at": now().isoformat(),
        "items": [item],
    }
    for outcome in ("stored", "duplicate"):
        result = (await harbour.cleo.http.post("/v1/me/sync", json=batch)).json()["results"][0]
        assert (result["outcome"], result["receipt"]["told"]["by"]) == (outcome, "care_team")


async def test_a_guardian_reads_of_their_own_entry_alone_who_is_told(harbour: Cast) -> None:
    await urgent(harbour, "kit")
    url = "/v1/me/submissions/by-key/device-1-0001"
    assert (await harbour.kit.http.get(url)).json()["told"] is not None
    assert (await harbour.greta.http.get(url)).status_code == 404
    assignment = (await assign(harbour, "kit"))["id"]
    url = f"/v1/me/assignments/{assignment}/submissions"
    own = await harbour.greta.http.post(url, json=submission("device-2-0001", **UNSAFE))
    assert own.json()["told"]["people"] == ["Thea of the test"]


async def test_a_repetitions_key_tells_a_guardian_nothing_of_attention(harbour: Cast) -> None:
    body = submission("device-1-r001", obstacles=["unsafe"])
    body = {name: body[name] for name in body if name not in ("outcome", "answers")}
    mine = await harbour.kit.http.post("/v1/me/repetitions", json=body)
    assert mine.json()["told"]["by"] == "care_team"
    theirs = await harbour.greta.http.post("/v1/me/repetitions", json=body)
    assert "Thea" not in theirs.text


BY_KEY = "/v1/me/submissions/by-key/device-1-0001"


async def test_receipt_read_again_names_those_whom_a_mail_reached(
    harbour: Cast, worker: House
) -> None:
    await covers(harbour, "theo")
    await unreachable(harbour, "thea")
    assert len((await urgent(harbour))["told"]["people"]) == 2
    await go_round(worker)
    told = (await harbour.cleo.http.get(BY_KEY)).json()["told"]
    assert (told["by"], told["people"]) == ("care_team", ["Theo of the test"])


async def test_receipt_read_again_says_that_no_mail_reached_anyone(
    harbour: Cast, worker: House
) -> None:
    await unreachable(harbour, "thea", "ana")
    await urgent(harbour)
    body = await repeated(harbour, client_key="device-1-r001")
    assert body["told"]["by"] == "care_team"
    await go_round(worker)
    assert (await harbour.cleo.http.get(BY_KEY)).json()["told"]["by"] == "nobody"


async def test_receipt_of_what_was_reviewed_or_taken_back_tells_of_nobody(
    harbour: Cast, worker: House
) -> None:
    receipt = await urgent(harbour)
    await go_round(worker)
    seen = {"If-Match": '"v1"'}
    url = f"/v1/submissions/{receipt['submission_id']}/review"
    await harbour.thea.http.post(url, json={"number": 1}, headers=seen)
    assert (await harbour.cleo.http.get(BY_KEY)).json()["told"] is None
