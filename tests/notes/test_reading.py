"""Who reads a note once it is signed: the care team, and whoever it was released to."""

import asyncpg
import pytest

from app.access.grounds import CareAssignment, Supervision
from app.core.ids import new_id
from app.notes.models import Note
from app.vault.keyfile import Keys
from app.vault.keyring import Keyring
from tests.cast import Cast
from tests.notes.writing import SOAP, change, draft, end_care, sign, signed


async def cosigned_by_sam(cast: Cast) -> None:
    await cast.write(
        Supervision,
        id=new_id(),
        supervisee_id=cast.thea.user_id,
        supervisor_id=cast.sam.user_id,
        cosign_required=True,
    )


@pytest.mark.parametrize(
    ("who", "status", "code"),
    [
        ("sam", 200, None),
        ("theo", 404, "access.not_found"),
        ("ana", 403, "access.not_on_care_team"),
        ("abe", 403, "access.role"),
        ("cleo", 403, "access.role"),
    ],
)
async def test_the_care_team_reads_it(
    harbour: Cast, who: str, status: int, code: str | None
) -> None:
    note = await signed(harbour)
    answer = await harbour.people[who].http.get(f"/v1/notes/{note['id']}")
    assert (answer.status_code, answer.json().get("code")) == (status, code)


async def test_a_supervisor_reads_and_does_not_write(harbour: Cast) -> None:
    note = await signed(harbour)
    answers = [await change(harbour, note, "sam", kind="intake"), await sign(harbour, note, "sam")]
    assert [(one.status_code, one.json()["code"]) for one in answers] == [(403, "notes.author")] * 2


async def test_a_colleague_on_the_care_team_reads_what_is_signed(harbour: Cast) -> None:
    note = await signed(harbour)
    await harbour.write(
        CareAssignment,
        id=new_id(),
        client_id=harbour.client_ids["cleo"],
        episode_id=harbour.episode_ids["cleo"],
        user_id=harbour.theo.user_id,
        part="co",
    )
    read = await harbour.theo.http.get(f"/v1/notes/{note['id']}")
    assert read.json()["body"]["sections"] == SOAP["sections"]


async def test_who_left_the_care_reads_their_own_signed_notes_only(harbour: Cast) -> None:
    note, unsigned = await signed(harbour), (await draft(harbour)).json()
    await end_care(harbour)
    assert (await harbour.thea.http.get(f"/v1/notes/{note['id']}")).status_code == 200
    assert (await harbour.thea.http.get(f"/v1/notes/{unsigned['id']}")).status_code == 404
    assert (await change(harbour, note, kind="intake")).status_code == 403
    url = f"/v1/clients/{harbour.client_ids['cleo']}/notes"
    assert [one["id"] for one in (await harbour.thea.http.get(url)).json()["items"]] == [note["id"]]


async def test_who_left_the_care_still_reads_after_a_restart(
    harbour: Cast, keys: Keys, monkeypatch: pytest.MonkeyPatch
) -> None:
    note = await signed(harbour)
    await end_care(harbour)
    monkeypatch.setattr(harbour.house, "keyring", Keyring(keys.root))
    assert (await harbour.thea.http.get(f"/v1/notes/{note['id']}")).status_code == 200


async def test_the_client_reads_what_was_released(harbour: Cast) -> None:
    note = await signed(harbour)
    read = await harbour.cleo.http.get(f"/v1/me/notes/{note['id']}")
    mine = read.json()
    assert mine["body"] == note["body"]
    assert [one["name"] for one in mine["signatures"]] == ["Thea of the test"]
    assert not mine.keys() & {"author_id", "client_id", "revision", "version"}


async def test_the_client_lists_what_was_released(harbour: Cast) -> None:
    notes = [await signed(harbour) for _ in range(3)]
    await draft(harbour)
    first = (await harbour.cleo.http.get("/v1/me/notes?limit=2")).json()
    second = (await harbour.cleo.http.get(f"/v1/me/notes?limit=2&cursor={first['next']}")).json()
    listed = [one["id"] for one in first["items"] + second["items"]]
    assert listed == [note["id"] for note in notes[::-1]]


async def test_the_client_never_sees_a_draft(harbour: Cast) -> None:
    note = (await draft(harbour)).json()
    assert (await harbour.cleo.http.get(f"/v1/me/notes/{note['id']}")).status_code == 404
    assert (await harbour.cleo.http.get("/v1/me/notes")).json()["items"] == []


async def test_nobody_sees_another_clients_notes(harbour: Cast, lakeside: Cast) -> None:
    note = await signed(harbour)
    for who in (harbour.carl, harbour.kit, lakeside.cleo):
        assert (await who.http.get(f"/v1/me/notes/{note['id']}")).status_code == 404
        assert (await who.http.get("/v1/me/notes")).json()["items"] == []


@pytest.mark.parametrize("who", ["thea", "ana", "abe"])
async def test_staff_have_no_business_at_the_client_door(harbour: Cast, who: str) -> None:
    note = await signed(harbour)
    for path in ("/v1/me/notes", f"/v1/me/notes/{note['id']}"):
        assert (await harbour.people[who].http.get(path)).status_code == 403


async def test_a_guardian_reads_what_was_released_to_guardians(
    harbour: Cast, owner: asyncpg.Connection
) -> None:
    note = await signed(harbour, client="kit")
    url = f"/v1/me/notes/{note['id']}"
    assert (await harbour.greta.http.get(url)).status_code == 404
    assert (await harbour.kit.http.get(url)).status_code == 200
    release = "update notes set released_to_guardians_at = now() where id = $1"
    await owner.execute(release, note["id"])
    assert (await harbour.greta.http.get(url)).status_code == 200


async def test_what_the_client_holds_is_not_sent_twice(harbour: Cast) -> None:
    url = f"/v1/me/notes/{(await signed(harbour))['id']}"
    held = {"If-None-Match": (await harbour.cleo.http.get(url)).headers["etag"]}
    assert (await harbour.cleo.http.get(url, headers=held)).status_code == 304


async def test_under_cosigning_a_signature_waits(harbour: Cast) -> None:
    await cosigned_by_sam(harbour)
    note = await sign(harbour, (await draft(harbour)).json())
    shown = note.json()
    assert (note.status_code, shown["status"]) == (200, "pending_cosign")
    assert (shown["signed_at"], shown["released_at"]) == (None, None)
    assert [one["purpose"] for one in shown["signatures"]] == ["author"]
    assert (await sign(harbour, shown)).json() == shown


async def test_what_waits_is_the_supervisors_to_read_and_not_the_clients(harbour: Cast) -> None:
    await cosigned_by_sam(harbour)
    note = (await sign(harbour, (await draft(harbour)).json())).json()
    assert (await harbour.sam.http.get(f"/v1/notes/{note['id']}")).status_code == 200
    assert (await harbour.cleo.http.get(f"/v1/me/notes/{note['id']}")).status_code == 404


@pytest.mark.parametrize("status", ["pending_cosign", "returned", "discarded", "entered_in_error"])
async def test_what_is_no_draft_is_neither_changed_nor_signed(harbour: Cast, status: str) -> None:
    note = (await draft(harbour)).json()
    work, transaction = harbour.job()
    async with transaction:
        await work.alter(Note, note["id"], status=status)
    again = note | {"revision": 2}
    assert (await change(harbour, note, kind="intake")).status_code == 409
    assert (await sign(harbour, again)).status_code == 409


async def test_a_read_is_one_statement(harbour: Cast) -> None:
    url = f"/v1/notes/{(await signed(harbour))['id']}"
    said: list[str] = []

    def listen(record: asyncpg.connection.LoggedQuery) -> None:
        said.append(record.query)

    # The pool hands out the connection that came back last: the read gets this one.
    async with harbour.house.pool.acquire() as connection:
        connection.add_query_logger(listen)
    assert (await harbour.thea.http.get(url)).status_code == 200
    async with harbour.house.pool.acquire() as connection:
        connection.remove_query_logger(listen)
    entered, *asked, left = said
    assert (entered[:6], len(asked), left[-6:]) == ("begin;", 1, "commit")
