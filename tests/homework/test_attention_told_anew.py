"""What was told once is told anew as long as it should be, and what was told to nobody is found."""

from typing import Any

import pytest

from app.operation.house import House
from tests.cast import Cast
from tests.homework.scenes import assign, submission
from tests.homework.telling import (
    again,
    breaks_glass,
    covers,
    go_round,
    lost,
    opened,
    pass_minutes,
    policies,
    repeated,
    suspended,
    told,
    urgent,
    with_address,
    without_address,
)


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


async def test_what_a_guardian_sends_is_told_once_until_it_is_opened(
    harbour: Cast, worker: House
) -> None:
    assignment = (await assign(harbour, "kit"))["id"]
    url = f"/v1/me/assignments/{assignment}/submissions"
    unsafe: Any = {"outcome": "attempted", "answers": {}, "obstacles": ["unsafe"]}
    sent = [
        (await harbour.greta.http.post(url, json=submission(f"device-2-000{n}", **unsafe))).json()
        for n in range(3)
    ]
    await go_round(worker)
    assert told(harbour) == {"thea": 1}
    await harbour.kit.http.post(url, json=submission("device-3-0001", **unsafe))
    await go_round(worker)
    assert told(harbour) == {"thea": 2}
    await opened(harbour, sent[0])
    await go_round(worker)
    assert told(harbour) == {"thea": 2}
    await harbour.greta.http.post(url, json=submission("device-2-0009", **unsafe))
    await go_round(worker)
    assert told(harbour) == {"thea": 3}
