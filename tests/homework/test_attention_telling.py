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
    breaks_glass,
    covers,
    go_round,
    letters,
    lost,
    pass_minutes,
    policies,
    repeated,
    suspended,
    told,
    unreachable,
    urgent,
    with_address,
    without_address,
)
from tests.jobs.test_mail import Server, listening


async def opened(cast: Cast, receipt: dict[str, Any], name: str = "thea") -> None:
    found = await cast.people[name].http.get(f"/v1/submissions/{receipt['submission_id']}")
    assert found.status_code == 200, found.text


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


async def test_a_new_urgent_version_is_told_though_only_one_of_those_told_opened_the_last(
    harbour: Cast, worker: House, admin: Any
) -> None:
    receipt = await urgent(harbour)
    await go_round(worker)
    await pass_minutes(admin, harbour, 60)
    await go_round(worker)
    assert told(harbour) == {"thea": 1, "ana": 1}
    await breaks_glass(harbour, "ana")
    await opened(harbour, receipt, "ana")
    await again(harbour, receipt, obstacles=["unsafe"])
    await go_round(worker)
    assert told(harbour) == {"thea": 2, "ana": 1}


async def test_a_new_urgent_version_is_told_once_the_mails_of_the_last_came_to_nothing(
    harbour: Cast, worker: House, admin: Any
) -> None:
    receipt = await urgent(harbour)
    await go_round(worker)
    await again(harbour, receipt, obstacles=["unsafe"])
    await go_round(worker)
    assert told(harbour) == {"thea": 1}
    await pass_minutes(admin, harbour, 60)
    for _ in range(2):
        await go_round(worker)
    assert told(harbour) == {"thea": 2, "ana": 1}


@pytest.mark.parametrize("kind", ["submission", "repetition"])
async def test_what_nobody_planned_to_tell_is_found_and_told(
    harbour: Cast, worker: House, admin: Any, kind: str
) -> None:
    await (urgent(harbour) if kind == "submission" else repeated(harbour))
    await lost(admin, harbour)
    await go_round(worker)
    assert told(harbour) == {"thea": 1}
    await go_round(worker)
    assert told(harbour) == {"thea": 1}


async def test_what_came_days_ago_and_was_never_planned_is_left_to_the_day(
    harbour: Cast, worker: House, admin: Any
) -> None:
    await urgent(harbour)
    await lost(admin, harbour)
    async with admin.transaction():
        # What was sent never changes: a trigger refuses it, unless it is told to let this pass.
        await admin.execute("set local session_replication_role = 'replica'")
        await admin.execute(
            "update submission_versions set received_at = received_at - interval '4 days'"
            " where practice_id = $1",
            harbour.practice_id,
        )
    await go_round(worker)
    assert not told(harbour)


async def test_a_mail_that_cannot_be_written_keeps_nobody_else_waiting(
    harbour: Cast, worker: House, capsys: pytest.CaptureFixture[str]
) -> None:
    await covers(harbour, "theo")
    await without_address(harbour, "thea")
    await urgent(harbour)
    await go_round(worker)
    assert told(harbour) == {"theo": 1}
    assert "attention_unsent" in capsys.readouterr().out


async def test_it_is_sent_once_what_was_wrong_with_the_mail_is_mended(
    harbour: Cast, worker: House, admin: Any
) -> None:
    await without_address(harbour, "thea")
    await urgent(harbour)
    await go_round(worker)
    assert told(harbour) == {"ana": 1}
    await with_address(harbour, "thea")
    await pass_minutes(admin, harbour, 6)
    await go_round(worker)
    assert told(harbour) == {"thea": 1, "ana": 1}


async def test_who_takes_over_the_care_of_what_nobody_opened_is_told(
    harbour: Cast, worker: House
) -> None:
    await urgent(harbour)
    await go_round(worker)
    await covers(harbour, "theo")
    for _ in range(2):
        await go_round(worker)
    assert told(harbour) == {"thea": 1, "theo": 1}


async def test_who_came_after_it_was_planned_is_told_in_their_turn(
    harbour: Cast, worker: House, admin: Any
) -> None:
    await suspended(harbour, "ana")
    await urgent(harbour)
    await go_round(worker)
    await suspended(harbour, "ana", since=None)
    await policies(harbour, on_call=harbour.abe.user_id)
    await suspended(harbour, "thea")
    await pass_minutes(admin, harbour, 120)
    for _ in range(2):
        await go_round(worker)
    assert told(harbour) == {"thea": 1, "abe": 1, "ana": 1}


async def test_who_was_away_when_their_turn_came_is_told_once_they_are_back(
    harbour: Cast, worker: House, admin: Any
) -> None:
    await urgent(harbour)
    await go_round(worker)
    await suspended(harbour, "ana")
    await pass_minutes(admin, harbour, 60)
    await go_round(worker)
    assert told(harbour) == {"thea": 1}
    await suspended(harbour, "ana", since=None)
    await go_round(worker)
    assert told(harbour) == {"thea": 1, "ana": 1}


async def test_whoever_asks_for_the_head_alone_has_not_opened_it(
    harbour: Cast, worker: House, admin: Any
) -> None:
    receipt = await urgent(harbour)
    made = await repeated(harbour)
    await go_round(worker)
    for url in (
        f"/v1/submissions/{receipt['submission_id']}",
        f"/v1/repetitions/{made['repetition_id']}",
    ):
        assert (await harbour.thea.http.head(url)).status_code == 200
    await pass_minutes(admin, harbour, 60)
    await go_round(worker)
    assert told(harbour) == {"thea": 2, "ana": 2}
