"""Work written offline names its file by the key the device made, whichever arrives first."""

from typing import Any

from tests.cast import Cast
from tests.files.sending import announce, part, picture, send
from tests.homework.test_sent_files import page, url_of
from tests.sync.test_sync import sync

KEY = "phone-0001"
"""As `send` announces a file."""
BY_KEY: Any = {"upload_key": KEY}


def item(url: str, named: Any = BY_KEY) -> dict[str, Any]:
    body = page(named)
    where = url.split("/")[4]
    return {"kind": "submission", "client_key": body.pop("client_key"), "about_id": where} | {
        "body": body
    }


async def test_file_named_by_key_goes_with_the_answer(harbour: Cast) -> None:
    url = await url_of(harbour)
    upload_id = (await send(harbour.cleo, picture(), "image/jpeg"))["id"]
    sent = (await harbour.cleo.http.post(url, json=page(BY_KEY))).json()
    mine = (await harbour.cleo.http.get(f"/v1/me/submissions/{sent['submission_id']}")).json()
    assert mine["answers"]["spoken"] == upload_id
    file = f"/v1/submissions/{sent['submission_id']}/files/{upload_id}"
    assert (await harbour.thea.http.get(file)).status_code == 200


async def test_same_file_named_by_id_and_by_key_is_the_same_work(harbour: Cast) -> None:
    url = await url_of(harbour)
    upload_id = (await send(harbour.cleo, picture(), "image/jpeg"))["id"]
    by_key, by_id = page(BY_KEY), page(upload_id)
    by_id["occurred_at"] = by_key["occurred_at"]
    answers = [await harbour.cleo.http.post(url, json=body) for body in (by_key, by_key, by_id)]
    assert [one.status_code for one in answers] == [201, 200, 200]


async def test_key_nothing_has_arrived_under_is_named_in_its_place(harbour: Cast) -> None:
    url = await url_of(harbour)
    refused = await harbour.cleo.http.post(url, json=page(BY_KEY))
    (error,) = refused.json()["errors"]
    assert (error["pointer"], error["code"]) == ("/answers/spoken", "files.unknown_key")
    odd: Any = {"upload_key": "short"}
    refused = await harbour.cleo.http.post(url, json=page(odd))
    assert refused.json()["errors"][0]["code"] == "form.wrong_type"


async def test_key_of_another_clients_file_is_unknown(harbour: Cast) -> None:
    url = await url_of(harbour)
    await send(harbour.carl, picture(), "image/jpeg")
    refused = await harbour.cleo.http.post(url, json=page(BY_KEY))
    assert refused.json()["errors"][0]["code"] == "files.unknown_key"


async def test_item_waits_for_the_file_it_names_and_is_stored_once_that_is_there(
    harbour: Cast,
) -> None:
    url, content = await url_of(harbour), picture()
    said = item(url)
    (first,) = (await sync(harbour, said)).json()["results"]
    assert (first["outcome"], first["keep"]) == ("again_later", "item")
    assert first["problem"]["errors"][0]["pointer"] == "/items/0/body/answers/spoken"
    upload = (await announce(harbour.cleo, content, "image/jpeg")).headers["location"]
    (second,) = (await sync(harbour, said)).json()["results"]
    assert second["problem"]["errors"][0]["code"] == "files.receiving"
    assert second["keep"] == "item"
    await part(harbour.cleo, upload, 0, content)
    (third,) = (await sync(harbour, said)).json()["results"]
    assert third["outcome"] == "stored"


async def test_item_with_another_fault_as_well_is_refused(harbour: Cast) -> None:
    said = item(await url_of(harbour))
    said["body"]["answers"]["mood_now"] = "very"
    (result,) = (await sync(harbour, said)).json()["results"]
    assert (result["outcome"], result["keep"]) == ("refused", "words")
