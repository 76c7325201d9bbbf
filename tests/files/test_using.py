"""Files become part of what was sent, and are read by who reads that."""

from typing import Any

import pytest
from sqlalchemy import select

from app.access.actor import Actor
from app.core.errors import Invalid
from app.core.ids import SYSTEM, new_id
from app.core.statements import Query, p
from app.files.using import use
from app.operation.record import AuditEvent
from app.operation.work import Work
from tests.cast import Cast, Person
from tests.files.sending import announce, content, picture, send
from tests.homework.scenes import submit

_READS = Query(
    select(AuditEvent.about, AuditEvent.outcome).where(
        AuditEvent.practice_id == p("practice_id"),
        AuditEvent.client_id == p("of_client"),
        AuditEvent.operation == "get_submission_file",
    )
)


def acting(cast: Cast, who: Person, client_id: str) -> Work:
    """A unit of work of someone at the client door."""
    kind = "guardian" if who.name == "greta" else "client"
    actor = Actor(who.user_id, who.sign_in_id, cast.practice_id, kind, kind, client_id)
    return Work(cast.house, operation="test", request_id=SYSTEM, actor=actor)


async def put_with(
    cast: Cast, upload_ids: list[str], submission_id: str, visible: Any = "shared"
) -> None:
    work = acting(cast, cast.cleo, cast.client_ids["cleo"])
    async with work.opened(work.entry("submit")):
        await use(work, upload_ids, submission_id, visible)


def file_of(submission_id: str, upload_id: str) -> str:
    return f"/v1/submissions/{submission_id}/files/{upload_id}"


async def sent_with_a_picture(cast: Cast, visible: str = "shared") -> tuple[str, str]:
    submission_id = (await submit(cast, answers_visible=visible))["submission_id"]
    upload_id = (await send(cast.cleo, picture(), "image/jpeg"))["id"]
    await put_with(cast, [upload_id], submission_id, visible)
    return submission_id, upload_id


async def test_the_therapist_sees_what_came_with_it(harbour: Cast) -> None:
    submission_id, upload_id = await sent_with_a_picture(harbour)
    answer = await harbour.thea.http.get(file_of(submission_id, upload_id))
    assert answer.headers["content-type"] == "image/jpeg"
    assert answer.content == (await content(harbour.cleo, upload_id)).content


async def test_what_the_client_keeps_is_kept(harbour: Cast) -> None:
    answer = await harbour.thea.http.get(
        file_of(*await sent_with_a_picture(harbour, "summary_only"))
    )
    assert answer.status_code == 404


async def test_a_used_file_stays_for_good(harbour: Cast) -> None:
    _, upload_id = await sent_with_a_picture(harbour)
    shown = (await harbour.cleo.http.get(f"/v1/me/uploads/{upload_id}")).json()
    assert shown["kept_until"] is None


async def test_an_edit_may_name_a_file_again(harbour: Cast) -> None:
    submission_id, upload_id = await sent_with_a_picture(harbour)
    await put_with(harbour, [upload_id, upload_id], submission_id, "summary_only")
    answer = await harbour.thea.http.get(file_of(submission_id, upload_id))
    assert answer.status_code == 404


async def refused(cast: Cast, upload_id: str, submission_id: str) -> list[tuple[str, str]]:
    with pytest.raises(Invalid) as found:
        await put_with(cast, [upload_id], submission_id)
    return [(one["pointer"], one["code"]) for one in found.value.errors]


async def test_an_unknown_file_is_named(harbour: Cast) -> None:
    submission_id = (await submit(harbour))["submission_id"]
    assert await refused(harbour, new_id(), submission_id) == [("/files/0", "files.unknown")]


async def test_a_file_on_its_way_is_named(harbour: Cast) -> None:
    submission_id = (await submit(harbour))["submission_id"]
    upload_id = (await announce(harbour.cleo, picture(), "image/jpeg")).json()["id"]
    assert await refused(harbour, upload_id, submission_id) == [("/files/0", "files.receiving")]


async def test_a_file_of_something_else_is_named(harbour: Cast) -> None:
    _, upload_id = await sent_with_a_picture(harbour)
    assert await refused(harbour, upload_id, new_id()) == [("/files/0", "files.used")]


async def test_another_clients_file_does_not_exist(harbour: Cast) -> None:
    submission_id = (await submit(harbour))["submission_id"]
    upload_id = (await send(harbour.kit, picture(), "image/jpeg"))["id"]
    assert await refused(harbour, upload_id, submission_id) == [("/files/0", "files.unknown")]


async def test_a_guardian_sends_for_a_child(harbour: Cast) -> None:
    assert (await send(harbour.greta, picture(), "image/jpeg"))["status"] == "ready"


async def test_what_a_child_has_not_sent_yet_is_the_childs(harbour: Cast) -> None:
    upload_id = (await send(harbour.kit, picture(), "image/jpeg"))["id"]
    assert (await content(harbour.greta, upload_id)).status_code == 404


async def test_the_same_key_of_a_guardian_shows_nothing(harbour: Cast) -> None:
    await announce(harbour.kit, picture(), "image/jpeg")
    answer = await announce(harbour.greta, picture(), "image/jpeg")
    assert answer.status_code == 422
    assert "receipt" not in answer.json()


async def test_a_read_is_in_the_log(harbour: Cast) -> None:
    await harbour.thea.http.get(file_of(*await sent_with_a_picture(harbour)))
    work = Work(harbour.house, operation="test", request_id=SYSTEM)
    async with work.visit(capacity="staff", practice_id=harbour.practice_id):
        rows = await work.rows(_READS, of_client=harbour.client_ids["cleo"])
    assert {"about": "homework", "outcome": "read"} in rows
