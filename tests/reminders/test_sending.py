"""Reminders by mail: once, with nothing in them, and none for what needs none."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from app.clients.models import Client
from app.core.clock import now
from app.core.ids import new_id
from app.homework.models import Assignment, Occurrence
from app.jobs.delivering import do_chore, drain
from app.jobs.registry import Event, NotDone
from app.operation.house import House
from app.operation.work import Work
from app.reminders import sending
from app.rests.models import RestPeriod
from tests.cast import Cast
from tests.homework.scenes import assign, submission
from tests.jobs.conftest import Mails
from tests.jobs.test_mail import Server, listening
from tests.reminders.choosing import by_mail, choose

MINUTE = timedelta(minutes=1)


async def due(cast: Cast, minutes: float = 1, **other: Any) -> dict[str, Any]:
    """An open slot of Cleo's that she is to be reminded of since so many minutes; the slot."""
    assigned = await assign(cast, **other)
    shown = (await cast.cleo.http.get("/v1/me/today?zone=Europe/Berlin")).json()["open"]
    found: dict[str, Any] = next(s for s in shown if s["assignment_id"] == assigned["id"])
    await change(cast, Occurrence, found["id"], remind_at=now() - minutes * MINUTE)
    return found


async def change(cast: Cast, table: Any, key: str, **values: Any) -> None:
    work, transaction = cast.job()
    async with transaction:
        await work.alter(table, key, **values)


async def go_round(worker: House) -> None:
    """What the worker does every five minutes."""
    await do_chore(worker, "send_reminders")
    await drain(worker)


async def test_it_works(harbour: Cast, worker: House, mails: Mails) -> None:
    email = await by_mail(harbour)
    await due(harbour)
    await go_round(worker)
    (mail,) = mails(email)
    assert mail["Subject"] == "A reminder from Harbour"


async def test_a_slot_is_reminded_of_once(harbour: Cast, worker: House, mails: Mails) -> None:
    email = await by_mail(harbour)
    await due(harbour)
    for _ in range(2):
        await go_round(worker)
    assert len(mails(email)) == 1


async def test_two_workers_at_once_send_one_mail(
    harbour: Cast, worker: House, mails: Mails
) -> None:
    email = await by_mail(harbour)
    for _ in range(3):
        await due(harbour)
    await asyncio.gather(*(do_chore(worker, "send_reminders") for _ in range(3)))
    await asyncio.gather(drain(worker), drain(worker))
    await drain(worker)
    assert len(mails(email)) == 1


async def test_one_event_handled_twice_at_once_sends_one_mail(
    harbour: Cast, worker: House, mails: Mails
) -> None:
    email = await by_mail(harbour)
    await due(harbour)
    await do_chore(worker, "send_reminders")
    client_id = harbour.client_ids["cleo"]
    event = Event(harbour.practice_id, new_id(), "reminders.due", client_id, client_id)
    works = [Work(worker, operation="test", request_id=new_id()) for _ in range(4)]
    await asyncio.gather(*(sending.send(work, event) for work in works))
    assert len(mails(email)) == 1


async def test_what_is_due_together_comes_together(
    harbour: Cast, worker: House, mails: Mails
) -> None:
    email = await by_mail(harbour)
    await due(harbour, 4)
    await due(harbour, 1)
    await go_round(worker)
    assert len(mails(email)) == 1


@pytest.mark.parametrize(("digest", "many"), [(False, 2), (True, 1)])
async def test_a_digest_is_one_mail_a_day(
    harbour: Cast, worker: House, mails: Mails, digest: bool, many: int
) -> None:
    email = await by_mail(harbour, digest=digest)
    for _ in range(2):
        await due(harbour)
        await go_round(worker)
    assert len(mails(email)) == many


@pytest.mark.parametrize("minutes", [-10, 361])
async def test_neither_too_early_nor_long_after(
    harbour: Cast, worker: House, mails: Mails, minutes: int
) -> None:
    email = await by_mail(harbour)
    await due(harbour, minutes)
    await go_round(worker)
    assert mails(email) == []


async def test_nothing_for_what_was_answered(harbour: Cast, worker: House, mails: Mails) -> None:
    email = await by_mail(harbour)
    found = await due(harbour)
    url = f"/v1/me/occurrences/{found['id']}/submissions"
    assert (await harbour.cleo.http.post(url, json=submission())).status_code == 201
    await go_round(worker)
    assert mails(email) == []


@pytest.mark.parametrize(
    ("table", "values"),
    [
        (Occurrence, {"status": "excused"}),
        (Occurrence, {"status": "cancelled"}),
        (Occurrence, {"closes_at": now() - MINUTE, "opens_at": now() - 9 * MINUTE}),
        (Occurrence, {"opens_at": now() + 30 * MINUTE}),
        (Occurrence, {"due_at": now() - MINUTE}),
        (Assignment, {"status": "paused"}),
        (Assignment, {"status": "ended"}),
        (Client, {"status": "discharged"}),
        (Client, {"status": "deceased"}),
    ],
)
async def test_nothing_for_what_waits_for_nobody(
    harbour: Cast, worker: House, mails: Mails, table: Any, values: dict[str, Any]
) -> None:
    email = await by_mail(harbour)
    found = await due(harbour)
    keys = {Occurrence: found["id"], Assignment: found["assignment_id"]}
    await change(harbour, table, keys.get(table, harbour.client_ids["cleo"]), **values)
    await go_round(worker)
    assert mails(email) == []


@pytest.mark.parametrize("of_one", [False, True])
async def test_nothing_in_a_time_of_rest(
    harbour: Cast, worker: House, mails: Mails, of_one: bool
) -> None:
    email = await by_mail(harbour)
    found = await due(harbour)
    await harbour.write(
        RestPeriod,
        id=new_id(),
        client_id=harbour.client_ids["cleo"],
        assignment_id=found["assignment_id"] if of_one else None,
        zone="Europe/Berlin",
        starts_on=now().date(),
        starts_at=now() - 60 * MINUTE,
        started_by=harbour.cleo.user_id,
        started_as="self",
    )
    await go_round(worker)
    assert mails(email) == []


async def test_reminders_in_the_app_are_the_apps(
    harbour: Cast, worker: House, mails: Mails
) -> None:
    email = await by_mail(harbour)
    await choose(harbour.cleo, channel="app")
    await due(harbour)
    await go_round(worker)
    assert mails(email) == []


async def test_one_assignment_may_be_reminded_of_in_its_own_way(
    harbour: Cast, worker: House, mails: Mails
) -> None:
    email = await by_mail(harbour)
    silent, mailed = await assign(harbour), await assign(harbour)
    single = [
        {"assignment_id": silent["id"], "channel": "none"},
        {"assignment_id": mailed["id"], "channel": "email"},
    ]
    await choose(harbour.cleo, channel="app", assignments=single)
    shown = (await harbour.cleo.http.get("/v1/me/today?zone=Europe/Berlin")).json()["open"]
    for one in shown:
        await change(harbour, Occurrence, one["id"], remind_at=now() - MINUTE)
    await go_round(worker)
    assert len(mails(email)) == 1


async def test_an_address_taken_back_gets_nothing(
    harbour: Cast, worker: House, mails: Mails
) -> None:
    email = await by_mail(harbour)
    await due(harbour)
    profile = (await harbour.cleo.http.get("/v1/me/profile")).json()
    await harbour.cleo.http.patch(
        "/v1/me/profile",
        json={"contact_points": []},
        headers={"If-Match": f'"v{profile["version"]}"'},
    )
    await go_round(worker)
    assert mails(email) == []


async def test_what_was_answered_meanwhile_is_not_sent(
    harbour: Cast, worker: House, mails: Mails
) -> None:
    email = await by_mail(harbour)
    found = await due(harbour)
    await do_chore(worker, "send_reminders")
    await change(harbour, Occurrence, found["id"], status="submitted")
    await drain(worker)
    assert mails(email) == []


async def test_a_mail_that_was_not_taken_is_tried_again(harbour: Cast, worker: House) -> None:
    await by_mail(harbour)
    await due(harbour)
    await do_chore(worker, "send_reminders")
    server = Server(refuses="450 busy, come later")
    async with listening(server) as settings:
        at_work = replace(worker, settings=settings)
        with pytest.raises(NotDone, match=r"^mail\.recipient$"):
            await drain(at_work)
        server.refuses = None
        await drain(at_work)
        await drain(at_work)
    assert len(server.got) == 1


async def test_a_worker_that_died_over_a_mail_leaves_it_unsent(
    harbour: Cast, worker: House, mails: Mails
) -> None:
    email = await by_mail(harbour)
    await due(harbour)
    await do_chore(worker, "send_reminders")
    work = Work(worker, operation="test", request_id=new_id())
    async with work.visit(capacity="job", practice_id=harbour.practice_id):
        letter, _ = await sending._letter(work, harbour.client_ids["cleo"])
    assert letter is not None
    await go_round(worker)
    assert mails(email) == []


async def test_the_practice_next_door_is_not_disturbed(
    harbour: Cast, lakeside: Cast, worker: House, mails: Mails
) -> None:
    emails = [await by_mail(cast) for cast in (harbour, lakeside)]
    await due(lakeside)
    await go_round(worker)
    assert [len(mails(email)) for email in emails] == [0, 1]
