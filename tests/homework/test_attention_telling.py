"""What is urgent is told at once, by a mail that says nothing; nobody opens it: others are told."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from app.homework import attention_telling
from app.jobs.delivering import do_chore, drain
from app.jobs.registry import Event, NotDone
from app.operation.house import House
from app.operation.work import Work
from tests.cast import Cast
from tests.homework.scenes import submission, submit
from tests.homework.telling import (
    again,
    barred,
    covers,
    go_round,
    letters,
    opened,
    pass_minutes,
    policies,
    suspended,
    told,
    unreachable,
    urgent,
)
from tests.jobs.test_mail import Server, listening


async def test_urgent_is_told_at_once_to_who_treats_and_covers(
    harbour: Cast, worker: House
) -> None:
    await covers(harbour, "theo")
    await urgent(harbour)
    await drain(worker)
    assert told(harbour) == {"thea": 1, "theo": 1}


async def test_the_mail_names_the_practice_and_a_link_and_nothing_else(
    harbour: Cast, worker: House
) -> None:
    await urgent(harbour, answers={"what_happened": "The swing, and nobody came."})
    await drain(worker)
    (letter,) = letters(harbour, "thea")
    assert letter["Subject"] == "Please sign in: Harbour"
    text = letter.as_string()
    assert harbour.house.settings.public_url in text
    for word in ("Cleo", "Legalname", "unsafe", "urgent", "safe", "swing", "timeline", "client"):
        assert word.lower() not in text.lower()


async def test_what_should_be_seen_soon_is_told_to_nobody(harbour: Cast, worker: House) -> None:
    await submit(harbour, obstacles=["felt_worse"])
    await go_round(worker)
    assert not told(harbour)


async def test_unopened_it_is_told_to_who_is_on_call_and_then_to_owners_each_once(
    harbour: Cast, worker: House, admin: Any
) -> None:
    await policies(harbour, on_call=harbour.abe.user_id)
    await urgent(harbour)
    steps = []
    for minutes in (0, 59, 1, 59, 1, 600):
        await pass_minutes(admin, harbour, minutes)
        for _ in range(2):
            await go_round(worker)
        steps.append(dict(told(harbour)))
    first, then, last = {"thea": 1}, {"thea": 1, "abe": 1}, {"thea": 1, "abe": 1, "ana": 1}
    assert steps == [first, first, then, then, last, last]


async def test_the_practice_decides_how_long_it_may_stay_unopened(
    harbour: Cast, worker: House, admin: Any
) -> None:
    await policies(harbour, attention_minutes=10)
    await urgent(harbour)
    await go_round(worker)
    await pass_minutes(admin, harbour, 10)
    await go_round(worker)
    assert told(harbour) == {"thea": 1, "ana": 1}


@pytest.mark.parametrize(("name", "stops"), [("thea", True), ("theo", True), ("sam", False)])
async def test_opened_by_who_treats_nobody_else_is_told(
    harbour: Cast, worker: House, admin: Any, name: str, stops: bool
) -> None:
    receipt = await urgent(harbour)
    await go_round(worker)
    await covers(harbour, "theo")
    await opened(harbour, receipt, name)
    await pass_minutes(admin, harbour, 600)
    await go_round(worker)
    assert told(harbour) == ({"thea": 1} if stops else {"thea": 1, "theo": 1, "ana": 1})


async def test_reviewed_before_anyone_was_told_nobody_is(harbour: Cast, worker: House) -> None:
    receipt = await urgent(harbour)
    url = f"/v1/submissions/{receipt['submission_id']}"
    await harbour.thea.http.post(f"{url}/review", json={"number": 1}, headers={"If-Match": '"v1"'})
    await go_round(worker)
    assert not told(harbour)


async def test_a_suspended_therapist_is_passed_over_and_the_others_told_at_once(
    harbour: Cast, worker: House
) -> None:
    await policies(harbour, on_call=harbour.abe.user_id)
    await urgent(harbour)
    await suspended(harbour, "thea")
    for _ in range(2):
        await go_round(worker)
    assert told(harbour) == {"abe": 1, "ana": 1}


async def test_suspended_before_their_turn_comes_the_others_do_not_wait(
    harbour: Cast, worker: House, admin: Any
) -> None:
    await policies(harbour, on_call=harbour.abe.user_id)
    await urgent(harbour)
    await go_round(worker)
    await suspended(harbour, "thea", "abe")
    await pass_minutes(admin, harbour, 60)
    await go_round(worker)
    assert told(harbour) == {"thea": 1}
    await pass_minutes(admin, harbour, 60)
    await go_round(worker)
    assert told(harbour) == {"thea": 1, "ana": 1}


async def test_a_mail_that_bounces_moves_on_to_the_next(harbour: Cast, worker: House) -> None:
    await unreachable(harbour, "thea")
    await urgent(harbour)
    await drain(worker)
    assert told(harbour) == {"ana": 1}


async def test_one_of_two_that_bounces_leaves_the_other_an_hour(
    harbour: Cast, worker: House
) -> None:
    await covers(harbour, "theo")
    await unreachable(harbour, "thea")
    await urgent(harbour)
    await go_round(worker)
    assert told(harbour) == {"theo": 1}


async def test_a_server_that_is_away_is_tried_again(
    harbour: Cast, worker: House, admin: Any
) -> None:
    await urgent(harbour)
    async with listening(Server(refuses="451 later")) as away:
        with pytest.raises(NotDone):
            await drain(replace(worker, settings=away))
    assert not told(harbour)
    await pass_minutes(admin, harbour, 6)
    await go_round(worker)
    assert told(harbour) == {"thea": 1}


async def test_while_nobody_can_be_told_it_is_logged_and_tried_again(
    harbour: Cast, worker: House, admin: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    await urgent(harbour)
    await suspended(harbour, "thea")
    await unreachable(harbour, "ana")
    await go_round(worker)
    assert not told(harbour)
    assert "attention.nobody" in capsys.readouterr().out
    await suspended(harbour, "thea", since=None)
    await go_round(worker)
    assert told(harbour) == {"thea": 1}


async def test_where_there_is_nobody_at_all_it_waits_for_someone(
    harbour: Cast, worker: House
) -> None:
    await urgent(harbour)
    await suspended(harbour, "thea", "ana")
    for _ in range(2):
        await go_round(worker)
    assert not told(harbour)
    await suspended(harbour, "ana", since=None)
    await go_round(worker)
    assert told(harbour) == {"ana": 1}


async def test_nobody_is_told_of_a_client_they_are_barred_from(
    harbour: Cast, worker: House
) -> None:
    await urgent(harbour)
    await barred(harbour, "thea")
    await go_round(worker)
    assert told(harbour) == {"ana": 1}


async def test_a_second_urgent_version_is_told_again_once_the_first_was_opened(
    harbour: Cast, worker: House
) -> None:
    receipt = await urgent(harbour)
    await go_round(worker)
    await again(harbour, receipt, obstacles=["unsafe"])
    await go_round(worker)
    assert told(harbour) == {"thea": 1}
    await opened(harbour, receipt)
    await again(harbour, receipt)
    await go_round(worker)
    assert told(harbour) == {"thea": 1}
    await again(harbour, receipt, obstacles=["unsafe"])
    await go_round(worker)
    assert told(harbour) == {"thea": 2}


async def test_an_edit_from_soon_to_urgent_is_told(harbour: Cast, worker: House) -> None:
    receipt = await submit(harbour, obstacles=["felt_worse"])
    await go_round(worker)
    await again(harbour, receipt, obstacles=["unsafe"])
    await go_round(worker)
    assert told(harbour) == {"thea": 1}


async def test_taken_back_it_is_told_all_the_same(harbour: Cast, worker: House) -> None:
    receipt = await urgent(harbour)
    url = f"/v1/me/submissions/{receipt['submission_id']}/withdraw"
    await harbour.cleo.http.post(url, headers={"If-Match": '"v1"'})
    await go_round(worker)
    assert told(harbour) == {"thea": 1}


async def test_an_urgent_repetition_is_told_until_it_is_opened(
    harbour: Cast, worker: House, admin: Any
) -> None:
    body = submission(obstacles=["unsafe"])
    body = {name: body[name] for name in body if name not in ("outcome", "answers")}
    made = await harbour.cleo.http.post("/v1/me/repetitions", json=body)
    await go_round(worker)
    assert told(harbour) == {"thea": 1}
    await harbour.thea.http.get(f"/v1/repetitions/{made.json()['repetition_id']}")
    await pass_minutes(admin, harbour, 600)
    await go_round(worker)
    assert told(harbour) == {"thea": 1}


async def test_workers_at_once_send_each_mail_once(harbour: Cast, worker: House) -> None:
    receipt = await urgent(harbour)
    client_id = harbour.client_ids["cleo"]
    event = Event(
        harbour.practice_id, receipt["submission_id"], "homework.needs_attention",
        receipt["submission_id"], client_id,
    )  # fmt: skip
    works = [Work(worker, operation="test", request_id="test") for _ in range(3)]
    await asyncio.gather(*(attention_telling.tell_at_once(work, event) for work in works))
    await asyncio.gather(*(do_chore(worker, "tell_of_attention") for _ in range(2)))
    await drain(worker)
    assert told(harbour) == {"thea": 1}
