"""An exercise changed after it was given: what was begun or sent for any version of it is right."""

from typing import Any

import pytest

from tests.cast import Cast
from tests.homework.scenes import assign, slot, submission
from tests.library.scenes import TEXTS, WORDS, change, make, publish, retire

FORM = {"fields": [{"id": "one", "kind": "text", "required": True, "max_length": 100}]}
WITH_TWO = {"fields": [*FORM["fields"], {"id": "two", "kind": "text", "max_length": 100}]}


def texts(*names: str) -> dict[str, Any]:
    label = next(iter(WORDS.values()))
    return {"en": TEXTS | {"fields": dict.fromkeys(names, label)}}


async def given_and_changed(cast: Cast, *, is_retired: bool = False) -> tuple[str, str, str]:
    """The slot of homework whose exercise has a newer version; the version given, and that one."""
    first = await publish(cast, await make(cast, form=FORM, texts=texts("one")))
    await assign(cast, exercise_id=first["id"])
    changed = await change(cast, first, form=WITH_TWO, texts=texts("one", "two"))
    second = await publish(cast, changed)
    if is_retired:
        await retire(cast, second)
    where = (await slot(cast.cleo))["id"]
    return where, first["exercise_version_id"], second["exercise_version_id"]


@pytest.mark.parametrize("is_retired", [False, True])
async def test_a_draft_of_the_version_given_stays_valid(harbour: Cast, is_retired: bool) -> None:
    where, given, _ = await given_and_changed(harbour, is_retired=is_retired)
    url = f"/v1/me/occurrences/{where}"
    body: dict[str, Any] = {"answers": {"one": "No."}, "exercise_version_id": given}
    saved = await harbour.cleo.http.put(f"{url}/draft", json=body, headers={"If-None-Match": "*"})
    sent = await harbour.cleo.http.post(f"{url}/submissions", json=submission(**body))
    assert (saved.status_code, sent.status_code) == (201, 201)


async def test_each_version_is_checked_by_its_own_form(harbour: Cast) -> None:
    where, given, newer = await given_and_changed(harbour)
    url, answers = f"/v1/me/occurrences/{where}/submissions", {"one": "No.", "two": "Still no."}
    bodies = [
        submission(f"device-1-000{n}", exercise_version_id=one, answers=answers)
        for n, one in enumerate((given, newer))
    ]
    old, new = [await harbour.cleo.http.post(url, json=body) for body in bodies]
    assert (old.status_code, new.status_code) == (422, 201)
    read = await harbour.thea.http.get(f"/v1/submissions/{new.json()['submission_id']}")
    assert (read.json()["exercise_version_id"], read.json()["answers"]) == (newer, answers)


async def test_an_edit_may_go_over_to_the_newer_one(harbour: Cast) -> None:
    where, given, newer = await given_and_changed(harbour)
    body = submission(exercise_version_id=given, answers={"one": "No."})
    sent = await harbour.cleo.http.post(f"/v1/me/occurrences/{where}/submissions", json=body)
    url = f"/v1/me/submissions/{sent.json()['submission_id']}"
    body = submission("device-1-0002", exercise_version_id=newer, answers={"one": "No, thanks."})
    assert (await harbour.cleo.http.put(url, json=body, headers={"If-Match": '"v1"'})).is_success
    assert (await harbour.cleo.http.get(url)).json()["exercise_version_id"] == newer
