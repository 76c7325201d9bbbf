"""A file that a draft names is kept while the draft lives, and the server reads no word of it."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from app.core.clock import now
from app.core.statements import Query
from app.files.models import DraftFile
from app.jobs.delivering import do_chore, drain
from app.operation.house import House
from tests.cast import Cast
from tests.files.sending import picture, send
from tests.homework.scenes import assign
from tests.homework.test_sent_files import JOURNAL, page
from tests.jobs.conftest import Admin


def words(named: Any) -> dict[str, Any]:
    answers = {"page": "I am", "spoken": named}
    return {"exercise_version_id": str(JOURNAL.version.id), "answers": answers}


async def begin(cast: Cast, named: Any) -> str:
    """Cleo begins a draft in the newest of her slots; where it is."""
    await assign(cast, exercise_id=str(JOURNAL.id))
    today = (await cast.cleo.http.get("/v1/me/today?zone=Europe/Berlin")).json()
    newest = max(today["open"], key=lambda one: str(one["id"]))
    url = f"/v1/me/occurrences/{newest['id']}/draft"
    put = await cast.cleo.http.put(url, json=words(named), headers={"If-None-Match": "*"})
    assert put.status_code == 201, put.text
    return url


async def pass_days(admin: Admin, worker: House, days: int) -> None:
    """So many days go by, as far as files and drafts are concerned, and the worker tidies."""
    await drain(worker)
    await admin.execute(
        "update uploads set created_at = created_at - make_interval(days => $1),"
        " changed_at = changed_at - make_interval(days => $1)",
        days,
    )
    await admin.execute(
        "update draft_files set kept_until = kept_until - make_interval(days => $1)", days
    )
    await do_chore(worker, "remove_unused")


async def is_there(cast: Cast, upload_id: str) -> bool:
    answer = await cast.cleo.http.get(f"/v1/me/uploads/{upload_id}")
    return answer.status_code == 200


@pytest.mark.parametrize("by_key", [False, True])
async def test_file_of_a_draft_is_kept_for_90_days_and_no_longer(
    harbour: Cast, worker: House, admin: Admin, by_key: bool
) -> None:
    upload_id = (await send(harbour.cleo, picture(), "image/jpeg"))["id"]
    await begin(harbour, {"upload_key": "phone-0001"} if by_key else upload_id.upper())
    await pass_days(admin, worker, 89)
    assert await is_there(harbour, upload_id)
    await pass_days(admin, worker, 2)
    assert not await is_there(harbour, upload_id)


async def test_file_that_arrives_after_the_draft_that_names_it_is_kept(
    harbour: Cast, worker: House, admin: Admin
) -> None:
    await begin(harbour, {"upload_key": "phone-0001"})
    upload_id = (await send(harbour.cleo, picture(), "image/jpeg"))["id"]
    await pass_days(admin, worker, 30)
    assert await is_there(harbour, upload_id)


@pytest.mark.parametrize("ended", ["thrown_away", "saved_without_it", "sent_without_it"])
async def test_file_of_a_draft_that_ends_is_kept_for_another_day(
    harbour: Cast, worker: House, admin: Admin, ended: str
) -> None:
    upload_id = (await send(harbour.cleo, picture(), "image/jpeg"))["id"]
    url = await begin(harbour, upload_id)
    await pass_days(admin, worker, 30)
    seen = {"If-Match": '"v1"'}
    if ended == "thrown_away":
        answer = await harbour.cleo.http.delete(url, headers=seen)
    elif ended == "saved_without_it":
        answer = await harbour.cleo.http.put(url, json=words(None), headers=seen)
    else:
        body = page("") | {"answers": {"page": "I am"}}
        answer = await harbour.cleo.http.post(url.replace("draft", "submissions"), json=body)
    assert answer.status_code < 300, answer.text
    await pass_days(admin, worker, 0)
    assert await is_there(harbour, upload_id)
    await pass_days(admin, worker, 2)
    assert not await is_there(harbour, upload_id)


async def test_file_of_a_draft_is_sent_with_it_after_weeks(
    harbour: Cast, worker: House, admin: Admin
) -> None:
    upload_id = (await send(harbour.cleo, picture(), "image/jpeg"))["id"]
    url = await begin(harbour, upload_id)
    shown = (await harbour.cleo.http.get(f"/v1/me/uploads/{upload_id}")).json()
    assert datetime.fromisoformat(shown["kept_until"]) > now() + timedelta(days=89)
    await pass_days(admin, worker, 60)
    sent = await harbour.cleo.http.post(url.replace("draft", "submissions"), json=page(upload_id))
    assert sent.status_code == 201, sent.text
    await pass_days(admin, worker, 400)
    assert await is_there(harbour, upload_id)


async def test_two_drafts_name_a_file_and_one_of_them_ends(
    harbour: Cast, worker: House, admin: Admin
) -> None:
    upload_id = (await send(harbour.cleo, picture(), "image/jpeg"))["id"]
    first = await begin(harbour, upload_id)
    second = await begin(harbour, upload_id)
    assert first != second
    sent = await harbour.cleo.http.post(
        first.replace("draft", "submissions"), json=page("") | {"answers": {"page": "I am"}}
    )
    assert sent.status_code == 201, sent.text
    await pass_days(admin, worker, 30)
    assert await is_there(harbour, upload_id)


async def test_what_drafts_named_is_forgotten(harbour: Cast, worker: House, admin: Admin) -> None:
    await begin(harbour, {"upload_key": "phone-0001"})
    await pass_days(admin, worker, 91)
    work, transaction = harbour.job()
    async with transaction:
        assert await work.rows(Query(DraftFile.__table__.select())) == []
