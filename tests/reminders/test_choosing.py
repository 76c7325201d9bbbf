"""Whether, how and when: the client's choice, and what follows for the slots ahead."""

import asyncio
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from app.choices.models import ReminderChoice
from app.core.clock import now
from app.core.ids import new_id
from tests.cast import Cast
from tests.homework.scenes import assign, submit
from tests.reminders.choosing import URL, by_mail, choose, daily, put_on_file

ZONE = ZoneInfo("Europe/Berlin")


def in_days(days: int) -> str:
    return (now().astimezone(ZONE).date() + timedelta(days=days)).isoformat()


async def hours(cast: Cast, assignment_id: str | None = None) -> set[str]:
    """At what local times Cleo is reminded in the days after today, as her app reads it."""
    url = f"/v1/me/occurrences?from={in_days(1)}&to={in_days(20)}&limit=100"
    items = (await cast.cleo.http.get(url)).json()["items"]
    assert items
    return {
        datetime.fromisoformat(one["remind_at"]).astimezone(ZONE).strftime("%H:%M")
        if one["remind_at"]
        else "never"
        for one in items
        if assignment_id in (None, one["assignment_id"])
    }


async def test_nobody_is_reminded_before_they_chose(harbour: Cast) -> None:
    await daily(harbour)
    answer = await harbour.cleo.http.get(URL)
    shown = answer.json()
    assert (shown["channel"], shown["assignments"], shown["version"]) == ("none", [], 1)
    assert await hours(harbour) == {"never"}


async def test_a_choice_holds_for_the_slots_there_are(harbour: Cast) -> None:
    await daily(harbour)
    answer = await choose(harbour.cleo, channel="app", at="18:30", seen=1)
    assert (answer.status_code, answer.json()["version"]) == (200, 2), answer.text
    assert await hours(harbour) == {"18:30"}


async def test_a_choice_holds_for_slots_made_later(harbour: Cast) -> None:
    await choose(harbour.cleo, channel="app", at="18:30")
    await daily(harbour)
    assert await hours(harbour) == {"18:30"}


async def test_without_an_hour_it_is_nine(harbour: Cast) -> None:
    await daily(harbour)
    assert (await choose(harbour.cleo, channel="app")).json()["at"] == "09:00"
    assert await hours(harbour) == {"09:00"}


async def test_one_assignment_may_be_otherwise(harbour: Cast) -> None:
    one, other = await daily(harbour), await daily(harbour)
    single = {"assignment_id": one["id"], "at": "07:15"}
    answer = await choose(harbour.cleo, channel="app", at="20:00", assignments=[single])
    assert answer.json()["assignments"] == [single | {"channel": None}]
    assert await hours(harbour, one["id"]) == {"07:15"}
    assert await hours(harbour, other["id"]) == {"20:00"}


async def test_one_assignment_may_be_silent(harbour: Cast) -> None:
    one = await daily(harbour)
    single = {"assignment_id": one["id"], "channel": "none"}
    await choose(harbour.cleo, channel="app", assignments=[single])
    assert await hours(harbour) == {"never"}


async def test_what_is_no_longer_named_is_as_the_others(harbour: Cast) -> None:
    one = await daily(harbour)
    await choose(
        harbour.cleo, channel="app", assignments=[{"assignment_id": one["id"], "at": "07:15"}]
    )
    answer = await choose(harbour.cleo, assignments=[])
    assert answer.json()["assignments"] == []
    assert await hours(harbour) == {"09:00"}


async def test_what_is_not_named_stays(harbour: Cast) -> None:
    await choose(harbour.cleo, channel="app", at="20:00", quiet_from="22:00", quiet_to="07:00")
    shown = (await choose(harbour.cleo, digest=True)).json()
    assert (shown["at"], shown["quiet_from"], shown["digest"]) == ("20:00", "22:00", True)
    cleared = (await choose(harbour.cleo, quiet_from=None, quiet_to=None)).json()
    assert cleared["quiet_from"] is None


async def test_switched_off_is_silent_everywhere(harbour: Cast) -> None:
    one = await daily(harbour)
    single = {"assignment_id": one["id"], "channel": "app"}
    await choose(harbour.cleo, channel="app", assignments=[single])
    await choose(harbour.cleo, channel="none")
    assert await hours(harbour) == {"never"}


async def test_quiet_hours_are_kept(harbour: Cast) -> None:
    await daily(harbour)
    await choose(harbour.cleo, channel="app", at="06:00", quiet_from="22:00", quiet_to="07:00")
    assert await hours(harbour) == {"07:00"}


async def test_a_digest_comes_at_one_hour(harbour: Cast) -> None:
    one = await daily(harbour)
    single = {"assignment_id": one["id"], "at": "07:15"}
    await choose(harbour.cleo, channel="app", at="20:00", digest=True, assignments=[single])
    assert await hours(harbour) == {"20:00"}


async def test_nothing_but_the_reminder_moves(harbour: Cast) -> None:
    await daily(harbour)
    url = f"/v1/me/occurrences?from={in_days(-1)}&to={in_days(20)}&limit=100"

    async def slots() -> list[dict[str, Any]]:
        items: list[dict[str, Any]] = (await harbour.cleo.http.get(url)).json()["items"]
        return [{k: v for k, v in one.items() if k not in _MOVES} for one in items]

    before = await slots()
    await choose(harbour.cleo, channel="app", at="18:30")
    assert await slots() == before


_MOVES = {"remind_at", "version"}


async def test_answered_slots_stay_as_they_are(harbour: Cast) -> None:
    receipt = await submit(harbour)
    url = f"/v1/me/occurrences/{receipt['occurrence_id']}"
    before = (await harbour.cleo.http.get(url)).json()
    await choose(harbour.cleo, channel="app", at="23:59")
    assert (await harbour.cleo.http.get(url)).json() == before


async def test_an_hour_that_has_gone_by_today_reminds_of_nothing(harbour: Cast) -> None:
    await daily(harbour)
    await choose(harbour.cleo, channel="app", at="00:00")
    url = f"/v1/me/occurrences?from={in_days(0)}&to={in_days(0)}"
    items = (await harbour.cleo.http.get(url)).json()["items"]
    assert None in [one["remind_at"] for one in items]
    assert await hours(harbour) == {"00:00"}


async def test_mail_needs_an_address_that_may_be_written_to(harbour: Cast) -> None:
    for may in (None, False):
        if may is not None:
            await put_on_file(harbour.cleo, may_email=may)
        answer = await choose(harbour.cleo, channel="email")
        assert answer.json()["errors"][0]["code"] == "reminders.no_address"
    assert (await harbour.cleo.http.get(URL)).json()["can_email"] is False


async def test_with_an_address_mail_may_be_chosen(harbour: Cast) -> None:
    await by_mail(harbour)
    shown = (await harbour.cleo.http.get(URL)).json()
    assert (shown["channel"], shown["can_email"]) == ("email", True)


async def test_one_assignment_by_mail_needs_an_address_too(harbour: Cast) -> None:
    single = {"assignment_id": (await assign(harbour))["id"], "channel": "email"}
    assert (await choose(harbour.cleo, channel="app", assignments=[single])).status_code == 422


async def test_nobody_elses_assignment_is_named(harbour: Cast) -> None:
    single = {"assignment_id": (await assign(harbour, "carl"))["id"], "at": "07:15"}
    answer = await choose(harbour.cleo, channel="app", assignments=[single])
    assert answer.json()["errors"][0]["code"] == "reminders.assignment"
    assert (await harbour.cleo.http.get(URL)).json()["version"] == 1


@pytest.mark.parametrize(
    "choice",
    [
        {"channel": "sms"},
        {"at": "24:00"},
        {"at": "9:00"},
        {"at": None},
        {"quiet_from": "22:00"},
        {"quiet_from": "22:00", "quiet_to": None},
        {"assignments": [{"assignment_id": "01890000-0000-7000-8000-000000000000"}] * 2},
        {"zone": "Europe/Berlin"},
    ],
)
async def test_what_makes_no_sense_is_refused(harbour: Cast, choice: dict[str, Any]) -> None:
    assert (await choose(harbour.cleo, **choice)).status_code == 422


async def test_the_version_that_was_seen_is_named(harbour: Cast) -> None:
    missing = await harbour.cleo.http.patch(URL, json={"channel": "app"})
    await choose(harbour.cleo, channel="app")
    stale = await choose(harbour.cleo, channel="none", seen=1)
    assert (missing.status_code, stale.status_code, stale.headers["etag"]) == (428, 412, '"v2"')


async def test_of_two_first_choices_at_once_one_is_kept(harbour: Cast) -> None:
    both = await asyncio.gather(
        *(choose(harbour.cleo, channel="app", at=at, seen=1) for at in ("08:00", "20:00"))
    )
    assert sorted(one.status_code for one in both) == [200, 412]


async def test_a_guardian_chooses_for_their_child(harbour: Cast) -> None:
    assert (await choose(harbour.greta, channel="app", at="17:00")).status_code == 200
    assert (await harbour.kit.http.get(URL)).json()["at"] == "17:00"


async def test_staff_have_no_say_in_it(harbour: Cast) -> None:
    assert (await harbour.thea.http.get(URL)).status_code == 403
    work, transaction = harbour.job()
    async with transaction:
        await work.add(
            ReminderChoice, id=new_id(), client_id=harbour.client_ids["kit"], channel="none"
        )
    assert (await harbour.kit.http.get(URL)).json()["version"] == 1


async def test_what_the_client_chose_a_guardian_does_not_change(harbour: Cast) -> None:
    url, seen = "/v1/me/reminders", {"If-Match": '"v1"'}
    chosen = await harbour.greta.http.patch(url, json={"channel": "none"}, headers=seen)
    assert chosen.status_code == 200, chosen.text
    seen = {"If-Match": chosen.headers["etag"]}
    mine = await harbour.kit.http.patch(url, json={"channel": "app"}, headers=seen)
    assert mine.status_code == 200, mine.text
    seen = {"If-Match": mine.headers["etag"]}
    refused = await harbour.greta.http.patch(url, json={"channel": "none"}, headers=seen)
    assert (refused.status_code, refused.json()["code"]) == (403, "reminders.clients_choice")
