"""A client's week: what happened and what is open, day by day."""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from app.core.clock import now
from app.core.ids import new_id
from app.homework.models import Assignment, Occurrence
from tests.cast import Cast
from tests.overview.scenes import DAY, assign, practised, read, rests, sent, sent_for, taken_back

ZONE = "Europe/Berlin"


async def week(cast: Cast, name: str = "cleo", query: str = "") -> Any:
    return await read(cast.people[name], f"/v1/me/week?zone={ZONE}{query}")


def here() -> date:
    return now().astimezone(ZoneInfo(ZONE)).date()


def of(shown: Any, on: date) -> Any:
    return next(day for day in shown["days"] if day["on"] == str(on))


async def scheduled(cast: Cast, schedule: dict[str, Any], **other: Any) -> str:
    """An active assignment with this schedule, its slots not made."""
    assignment_id = (await assign(cast, opens_at="2190-01-01T00:00:00Z"))["id"]
    work, transaction = cast.job()
    async with transaction:
        values = {"schedule": schedule, "opens_at": now(), "starts_on": here()} | other
        await work.alter(Assignment, assignment_id, **values)
    return str(assignment_id)


async def slot(cast: Cast, assignment_id: str, **other: Any) -> None:
    values = {
        "id": new_id(),
        "client_id": cast.client_ids["cleo"],
        "assignment_id": assignment_id,
        "slot": new_id(),
        "local_on": here(),
        "opens_at": now() - DAY,
    } | other
    await cast.write(Occurrence, **values)


async def test_it_is_monday_to_sunday(harbour: Cast) -> None:
    shown = await week(harbour)
    monday = here() - timedelta(days=here().weekday())
    assert [day["on"] for day in shown["days"]] == [
        str(monday + timedelta(days=n)) for n in range(7)
    ]
    assert (shown["today"], shown["zone"]) == (str(here()), ZONE)
    assert shown["help"]["resources"]


async def test_what_was_sent_stands_on_its_day(harbour: Cast) -> None:
    submission_id = await sent(harbour, outcome="attempted")
    done = of(await week(harbour), here())["happened"]
    assert [(one["kind"], one["id"], one["outcome"], one["was_read"]) for one in done] == [
        ("submission", submission_id, "attempted", False)
    ]


async def test_that_it_was_read_is_seen(harbour: Cast) -> None:
    items = [{"submission_id": await sent(harbour), "number": 1}]
    await harbour.thea.http.post("/v1/submissions/acknowledge", json={"items": items})
    assert of(await week(harbour), here())["happened"][0]["was_read"] is True


async def test_practice_without_homework_bears_the_exercises_title(harbour: Cast) -> None:
    await practised(harbour, times=4)
    done = of(await week(harbour), here())["happened"][0]
    assert (done["kind"], done["title"], done["times"]) == (
        "repetition", "A moment on my timeline", 4,
    )  # fmt: skip


async def test_what_is_open_stands_on_its_slots_day(harbour: Cast) -> None:
    assignment = await assign(harbour)
    slots = of(await week(harbour), here())["open"]
    assert [(one["assignment_id"], one["state"]) for one in slots] == [(assignment["id"], "open")]
    await sent_for(harbour, assignment["id"])
    assert of(await week(harbour), here())["open"] == []


async def test_what_passed_is_shown_only_when_asked_for(harbour: Cast) -> None:
    assignment_id = await scheduled(harbour, {"kind": "on_demand"})
    await slot(harbour, assignment_id, closes_at=now() - timedelta(minutes=1))
    assert of(await week(harbour), here())["passed"] == []
    passed = of(await week(harbour, query="&passed=true"), here())["passed"]
    assert [one["state"] for one in passed] == ["no_response"]


async def test_what_has_been_open_for_months_is_not_forgotten(harbour: Cast) -> None:
    opened = (now() - 200 * DAY).isoformat()
    assignment = await assign(harbour, opens_at=opened)
    shown = await week(harbour)
    assert [one["assignment_id"] for one in shown["also_open"]] == [assignment["id"]]


async def test_what_is_due_in_months_and_open_now_is_there(harbour: Cast) -> None:
    await assign(harbour, due_at=(now() + 200 * DAY).isoformat())
    assert len((await week(harbour))["also_open"]) == 1


async def test_homework_without_a_slot_this_week_says_when_it_comes(harbour: Cast) -> None:
    monday = here() - timedelta(days=here().weekday())
    later = await scheduled(harbour, {"kind": "daily", "starts_on": str(monday + 10 * DAY)},
                            starts_on=monday + 10 * DAY)  # fmt: skip
    whenever = await scheduled(harbour, {"kind": "on_demand"})
    coming = {one["assignment_id"]: one["next_on"] for one in (await week(harbour))["coming"]}
    assert coming == {later: str(monday + 10 * DAY), whenever: None}


async def test_one_that_opens_in_two_weeks(harbour: Cast) -> None:
    opens_at = now() + 14 * DAY
    await assign(harbour, opens_at=opens_at.isoformat())
    day = opens_at.astimezone(ZoneInfo(ZONE)).date()
    assert [one["next_on"] for one in (await week(harbour))["coming"]] == [str(day)]


async def test_it_is_valid_until_something_turns(harbour: Cast) -> None:
    closes_at = now() + timedelta(seconds=30)
    await assign(harbour, closes_at=closes_at.isoformat())
    valid_until = datetime.fromisoformat((await week(harbour))["valid_until"])
    assert valid_until <= closes_at


async def test_another_client_sees_nothing_of_it(harbour: Cast) -> None:
    await sent(harbour)
    shown = await week(harbour, "carl")
    assert not any(day["happened"] + day["open"] for day in shown["days"])


async def test_a_guardian_with_the_scope_reads_the_week(harbour: Cast) -> None:
    submission_id = await sent(harbour, "kit")
    done = of(await week(harbour, "greta"), here())["happened"]
    assert [one["id"] for one in done] == [submission_id]


async def test_the_same_week_is_not_sent_again(harbour: Cast) -> None:
    url = f"/v1/me/week?zone={ZONE}"
    held = {"If-None-Match": (await harbour.cleo.http.get(url)).headers["etag"]}
    assert (await harbour.cleo.http.get(url, headers=held)).status_code == 304


async def test_in_a_time_of_rest_nothing_is_open(harbour: Cast) -> None:
    await assign(harbour)
    await rests(harbour, 3)
    shown = await week(harbour)
    assert [one for day in shown["days"] for one in day["open"]] + shown["also_open"] == []


async def test_what_i_took_back_did_not_happen(harbour: Cast) -> None:
    await taken_back(harbour, await sent(harbour))
    today = of(await week(harbour), here())
    assert (today["happened"], len(today["open"])) == ([], 1)
