"""A file that an answer names goes with it, and nothing that is not there is named."""

from typing import Any

from app.library.catalogue import catalogue
from tests.cast import Cast
from tests.files.sending import picture, send
from tests.homework.scenes import assign, slot, submission

JOURNAL = next(one for one in catalogue() if one.slug == "open-page-journal")


def page(upload_id: str, key: str = "device-1-0001") -> dict[str, Any]:
    return submission(
        key,
        exercise_version_id=str(JOURNAL.version.id),
        answers={"page": "I am stuck.", "spoken": upload_id},
    )


async def url_of(cast: Cast) -> str:
    await assign(cast, exercise_id=str(JOURNAL.id))
    return f"/v1/me/occurrences/{(await slot(cast.cleo))['id']}/submissions"


async def test_it_goes_with_the_answer(harbour: Cast) -> None:
    url = await url_of(harbour)
    upload_id = (await send(harbour.cleo, picture(), "image/jpeg"))["id"]
    sent = await harbour.cleo.http.post(url, json=page(upload_id))
    file = f"/v1/submissions/{sent.json()['submission_id']}/files/{upload_id}"
    assert (await harbour.thea.http.get(file)).headers["content-type"] == "image/jpeg"


async def test_what_is_not_there_is_named_in_its_place_and_nothing_is_stored(harbour: Cast) -> None:
    url = await url_of(harbour)
    body = page("01890000-0000-7000-8000-000000000000")
    refused = await harbour.cleo.http.post(url, json=body)
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/answers/spoken")
    assert (await harbour.cleo.http.get("/v1/me/submissions")).json()["items"] == []


async def test_an_edit_names_it_again(harbour: Cast) -> None:
    url = await url_of(harbour)
    upload_id = (await send(harbour.cleo, picture(), "image/jpeg"))["id"]
    sent = await harbour.cleo.http.post(url, json=page(upload_id))
    edited = await harbour.cleo.http.put(
        f"/v1/me/submissions/{sent.json()['submission_id']}",
        json=page(upload_id, "device-1-0002"),
        headers={"If-Match": '"v1"'},
    )
    assert edited.status_code == 200, edited.text


async def test_it_goes_out_of_sight_with_what_was_taken_back_unread(harbour: Cast) -> None:
    url = await url_of(harbour)
    upload_id = (await send(harbour.cleo, picture(), "image/jpeg"))["id"]
    sent = (await harbour.cleo.http.post(url, json=page(upload_id))).json()
    withdraw = f"/v1/me/submissions/{sent['submission_id']}/withdraw"
    await harbour.cleo.http.post(withdraw, headers={"If-Match": '"v1"'})
    file = f"/v1/submissions/{sent['submission_id']}/files/{upload_id}"
    assert (await harbour.thea.http.get(file)).status_code == 404


async def test_what_an_edit_leaves_out_is_the_clients_alone(harbour: Cast) -> None:
    url = await url_of(harbour)
    upload_id = (await send(harbour.cleo, picture(), "image/jpeg"))["id"]
    sent = (await harbour.cleo.http.post(url, json=page(upload_id))).json()
    await harbour.cleo.http.put(
        f"/v1/me/submissions/{sent['submission_id']}",
        json=page(upload_id, "device-1-0002") | {"answers": {"page": "I am stuck."}},
        headers={"If-Match": '"v1"'},
    )
    file = f"/v1/submissions/{sent['submission_id']}/files/{upload_id}"
    assert (await harbour.thea.http.get(file)).status_code == 404
    assert (await harbour.cleo.http.get(f"/v1/me/uploads/{upload_id}/content")).status_code == 200


async def test_what_was_taken_back_is_no_guardians_to_read(harbour: Cast) -> None:
    await assign(harbour, "kit", exercise_id=str(JOURNAL.id))
    url = f"/v1/me/occurrences/{(await slot(harbour.kit))['id']}/submissions"
    upload_id = (await send(harbour.kit, picture(), "image/jpeg"))["id"]
    sent = (
        await harbour.kit.http.post(url, json=page(upload_id) | {"answers_visible": "shared"})
    ).json()
    file = f"/v1/me/uploads/{upload_id}/content"
    assert (await harbour.greta.http.get(file)).status_code == 200
    withdraw = f"/v1/me/submissions/{sent['submission_id']}/withdraw"
    await harbour.kit.http.post(withdraw, headers={"If-Match": '"v1"'})
    assert (await harbour.greta.http.get(file)).status_code == 404
