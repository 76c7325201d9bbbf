"""Signing: once, by the author, and never changed again."""

import asyncio
from datetime import timedelta
from typing import Any

import asyncpg
import pytest
from sqlalchemy import func, select

from app.core.clock import now
from app.core.statements import Query, p
from app.notes.bodies import verify_digest
from app.notes.models import NoteRelease, Signature
from tests.cast import Cast
from tests.notes.writing import change, draft, end_care, sign, signed

_SIGNATURES = Query(
    select(func.count().label("n")).where(
        Signature.practice_id == p("practice_id"), Signature.note_id == p("id")
    )
)
_HOLD = Query(
    select(NoteRelease.id, NoteRelease.client_id, NoteRelease.reason, NoteRelease.hold_until).where(
        NoteRelease.practice_id == p("practice_id"), NoteRelease.note_id == p("id")
    )
)


async def ask(cast: Cast, query: Query, note: dict[str, Any]) -> dict[str, Any]:
    work, transaction = cast.job()
    async with transaction:
        row = await work.row(query, id=note["id"])
    assert row is not None
    return row


async def test_a_signed_note_says_who_signed_what(harbour: Cast) -> None:
    note = await signed(harbour)
    (signature,) = note["signatures"]
    assert (note["status"], note["released_at"]) == ("signed", note["signed_at"])
    assert (signature["name"], signature["licence"]) == ("Thea of the test", "L-1")
    assert (signature["purpose"], signature["capacity"]) == ("author", "therapist")
    assert verify_digest(note)


async def test_it_is_read_again_as_it_was_signed(harbour: Cast) -> None:
    note = await signed(harbour)
    read = await harbour.thea.http.get(f"/v1/notes/{note['id']}")
    assert (read.json(), read.headers["etag"]) == (note, '"v2"')


async def test_signing_again_changes_nothing(harbour: Cast) -> None:
    made = (await draft(harbour)).json()
    first, again = await sign(harbour, made), await sign(harbour, made)
    assert (again.status_code, again.json()) == (200, first.json())


async def test_fifty_at_once_make_one_signature(harbour: Cast) -> None:
    made = (await draft(harbour)).json()
    answers = await asyncio.gather(*(sign(harbour, made) for _ in range(50)))
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.text for answer in answers}) == 1
    assert (await ask(harbour, _SIGNATURES, made))["n"] == 1


async def test_an_idempotency_key_reads_the_signed_note_again(harbour: Cast) -> None:
    made = (await draft(harbour)).json()
    said = {"revision": 1, "attestation": True}
    headers = {"If-Match": '"v1"', "Idempotency-Key": "one"}
    url = f"/v1/notes/{made['id']}/sign"
    first = await harbour.thea.http.post(url, json=said, headers=headers)
    again = await harbour.thea.http.post(url, json=said, headers=headers)
    assert (again.status_code, again.json()) == (200, first.json())
    assert again.headers["idempotent-replayed"] == "true"


async def test_a_signed_note_is_not_changed_and_says_where_it_may_go(harbour: Cast) -> None:
    note = await signed(harbour)
    answer = await change(harbour, note, body={"sections": {"plan": "Something else."}})
    assert (answer.status_code, answer.json()["allowed"]) == (409, ["entered_in_error"])


async def test_another_revision_is_not_signed(harbour: Cast) -> None:
    made = (await draft(harbour)).json()
    newer = (await change(harbour, made, kind="intake")).json()
    answer = await sign(harbour, newer | {"revision": made["revision"]})
    assert (answer.status_code, answer.json()["code"]) == (409, "notes.revision")
    assert answer.json()["revision"] == newer["revision"]


async def test_a_signature_needs_the_version_that_was_seen(harbour: Cast) -> None:
    made = (await draft(harbour)).json()
    url, said = f"/v1/notes/{made['id']}/sign", {"revision": 1, "attestation": True}
    assert (await harbour.thea.http.post(url, json=said)).status_code == 428
    assert (await sign(harbour, made | {"version": 9})).status_code == 412


@pytest.mark.parametrize("said", [{"attestation": False}, {"attestation": None}, {"revision": 0}])
async def test_an_attestation_is_given_whole(harbour: Cast, said: dict[str, Any]) -> None:
    made = (await draft(harbour)).json()
    assert (await sign(harbour, made, **said)).status_code == 422


async def test_what_is_not_complete_is_not_signed(harbour: Cast) -> None:
    made = (await draft(harbour, body={"sections": {"plan": "Rest.", "objective": " \n"}})).json()
    answer = await sign(harbour, made)
    assert (answer.status_code, answer.json()["code"]) == (422, "notes.incomplete")
    assert [error["pointer"] for error in answer.json()["errors"]] == [
        "/body/sections/subjective", "/body/sections/objective", "/body/sections/assessment",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("who", "status", "code"),
    [
        ("theo", 404, "access.not_found"),
        ("sam", 404, "access.not_found"),
        ("ana", 403, "access.role"),
        ("abe", 403, "access.role"),
        ("cleo", 403, "access.role"),
    ],
)
async def test_only_its_author_signs(harbour: Cast, who: str, status: int, code: str) -> None:
    answer = await sign(harbour, (await draft(harbour)).json(), who)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


async def test_nobody_next_door_signs(harbour: Cast, lakeside: Cast) -> None:
    assert (await sign(lakeside, (await draft(harbour)).json())).status_code == 404


async def test_who_has_left_the_care_signs_nothing(harbour: Cast) -> None:
    made = (await draft(harbour)).json()
    await end_care(harbour)
    assert (await sign(harbour, made)).status_code == 404


async def test_a_held_note_waits_for_its_day(harbour: Cast) -> None:
    until = (now() + timedelta(days=3)).isoformat()
    made = (await draft(harbour)).json()
    hold = {"hold": {"reason": "We read it together first.", "until": until}}
    note = (await sign(harbour, made, release=hold)).json()
    assert note["status"] == "signed"
    assert note["released_at"] > note["signed_at"]
    assert (await ask(harbour, _HOLD, note))["reason"].value == "We read it together first."
    assert (await harbour.cleo.http.get(f"/v1/me/notes/{note['id']}")).status_code == 404


async def test_a_hold_ends_by_itself(harbour: Cast, owner: asyncpg.Connection) -> None:
    until = (now() + timedelta(days=3)).isoformat()
    hold = {"hold": {"reason": "We read it together first.", "until": until}}
    note = (await sign(harbour, (await draft(harbour)).json(), release=hold)).json()
    await owner.execute("update notes set released_at = now() where id = $1", note["id"])
    assert (await harbour.cleo.http.get(f"/v1/me/notes/{note['id']}")).status_code == 200


async def test_a_hold_is_as_short_as_the_practice_says(
    harbour: Cast, owner: asyncpg.Connection
) -> None:
    await owner.execute(
        """update practices set policies = '{"release_hold_max_days": 7}' where practice_id = $1""",
        harbour.practice_id,
    )
    made = (await draft(harbour)).json()
    for days, status in ((8, 422), (6, 200)):
        hold = {"reason": "Later.", "until": (now() + timedelta(days=days)).isoformat()}
        assert (await sign(harbour, made, release={"hold": hold})).status_code == status


async def test_a_hold_ends_in_the_future(harbour: Cast) -> None:
    hold = {"hold": {"reason": "Later.", "until": "2020-01-01T00:00:00Z"}}
    answer = await sign(harbour, (await draft(harbour)).json(), release=hold)
    assert (answer.status_code, answer.json()["code"]) == (422, "notes.hold")
