"""What state a slot is in, off the clock: the same for its client and for staff."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from app.core.clock import now
from app.core.ids import new_id
from app.homework.models import Occurrence
from app.rests.models import RestPeriod
from tests.cast import Cast
from tests.homework.assigning import done
from tests.homework.planned import DAY, HOUR, by_key, do, given, touch
from tests.jobs.conftest import Admin
from tests.rests.test_mine import end, started

Span = tuple[int | None, int | None]
"""From and until, in hours from now; None: not known, or open."""
ALWAYS: Span = (-1000, None)


def hours(some: int | None) -> datetime | None:
    return None if some is None else now() + some * HOUR


async def planted(cast: Cast, window: Span, **other: Any) -> tuple[str, str]:
    """A slot with this window; its assignment's id and its own."""
    client_id, assignment_id = await given(cast, {"kind": "on_demand"})
    occurrence_id = new_id()
    await cast.write(
        Occurrence,
        id=occurrence_id,
        client_id=client_id,
        assignment_id=assignment_id,
        slot="2026-01-01",
        local_on=now().date(),
        opens_at=hours(window[0]),
        closes_at=hours(window[1]),
        **other,
    )
    return assignment_id, occurrence_id


async def rest(cast: Cast, span: Span, assignment_id: str | None = None) -> None:
    """A rest period of Cleo's, or the pause of one assignment."""
    await cast.write(
        RestPeriod,
        id=new_id(),
        client_id=cast.client_ids["cleo"],
        assignment_id=assignment_id,
        zone="Europe/Berlin",
        starts_on=now().date(),
        starts_at=hours(span[0]),
        ends_at=hours(span[1]),
        started_by=cast.cleo.user_id,
        started_as="self",
    )


async def state(cast: Cast, assignment_id: str, occurrence_id: str) -> str:
    """What both doors say, which is the same."""
    url = f"/v1/me/occurrences/{occurrence_id}"
    mine = (await cast.cleo.http.get(url)).json()["state"]
    days = [(now() + one * timedelta(days=1)).date() for one in (-2, 2)]
    theirs = await cast.thea.http.get(
        f"/v1/assignments/{assignment_id}/occurrences?from={days[0]}&to={days[1]}"
    )
    assert [one["state"] for one in theirs.json()["items"]] == [mine]
    return str(mine)


@pytest.mark.parametrize(
    ("window", "expected"),
    [
        ((1, 2), "upcoming"),
        ((1, None), "upcoming"),
        ((None, None), "upcoming"),
        ((-1, 1), "open"),
        ((-1, None), "open"),
        ((-2, -1), "no_response"),
    ],
)
async def test_by_the_clock(harbour: Cast, window: Span, expected: str) -> None:
    assert await state(harbour, *await planted(harbour, window)) == expected


@pytest.mark.parametrize("kept", ["submitted", "reviewed", "cancelled"])
async def test_what_is_kept_is_said_whatever_the_clock_says(harbour: Cast, kept: str) -> None:
    ids = await planted(harbour, (-2, -1), status=kept)
    await rest(harbour, ALWAYS)
    assert await state(harbour, *ids) == kept


@pytest.mark.parametrize(
    ("window", "resting", "expected"),
    [
        ((-1, 1), ALWAYS, "excused"),
        ((-1, None), ALWAYS, "excused"),
        ((None, None), ALWAYS, "excused"),
        ((24, 48), ALWAYS, "excused"),
        ((24, 48), (-2, 12), "upcoming"),
        ((24, 48), (12, 30), "excused"),
        ((24, 48), (30, None), "upcoming"),
        ((-30, 30), (-20, -10), "open"),
        ((-30, 30), (10, None), "open"),
        ((-30, -10), (-20, -5), "excused"),
        ((-30, -10), (-20, None), "excused"),
        ((-30, -10), (-20, -10), "excused"),
        ((-30, -10), (-40, -20), "no_response"),
        ((-30, -10), (-9, None), "no_response"),
        ((-30, -10), (-12, -12), "no_response"),
    ],
)
async def test_in_a_time_of_rest(harbour: Cast, window: Span, resting: Span, expected: str) -> None:
    ids = await planted(harbour, window)
    await rest(harbour, resting)
    assert await state(harbour, *ids) == expected


async def test_a_pause_is_of_one_assignment(harbour: Cast) -> None:
    paused, other = [await planted(harbour, (-1, 1)) for _ in range(2)]
    await rest(harbour, ALWAYS, paused[0])
    assert [await state(harbour, *ids) for ids in (paused, other)] == ["excused", "open"]


async def test_anothers_rest_excuses_nothing(harbour: Cast) -> None:
    ids = await planted(harbour, (-1, 1))
    await started(harbour.carl)
    assert await state(harbour, *ids) == "open"


async def test_it_reopens_when_a_rest_ends(harbour: Cast) -> None:
    ids = await planted(harbour, (-1, 20))
    resting = await started(harbour.cleo)
    assert await state(harbour, *ids) == "excused"
    assert (await end(harbour.cleo, resting)).status_code == 200
    assert await state(harbour, *ids) == "open"


async def test_it_reopens_when_a_pause_ends(harbour: Cast, admin: Admin) -> None:
    homework = await given(harbour, {"kind": "daily", "opens": "00:00"})
    await do(harbour, homework)
    today = min((await by_key(admin, homework)).values(), key=lambda one: one["opens_at"])
    shown = f"/v1/me/occurrences/{today['id']}"
    seen = []
    for verb in ("pause", "resume"):
        await done(harbour.thea, homework[1], verb)
        seen.append((await harbour.cleo.http.get(shown)).json()["state"])
    assert seen == ["excused", "open"]


async def test_a_rest_is_not_in_todays_list_and_work_is_welcome(harbour: Cast) -> None:
    _, occurrence_id = await planted(harbour, (-1, 1))
    await rest(harbour, ALWAYS)
    today = (await harbour.cleo.http.get("/v1/me/today?zone=Europe/Berlin")).json()
    assert (today["open"], today["resting"]) == ([], True)
    await touch(harbour, occurrence_id, status="submitted")
    found = (await harbour.cleo.http.get(f"/v1/me/occurrences/{occurrence_id}")).json()
    assert found["state"] == "submitted"


async def test_guardians_see_the_same(harbour: Cast) -> None:
    kit = await given(harbour, {"kind": "once"}, "kit", opens_at=now() - DAY)
    await do(harbour, kit)
    today = (await harbour.greta.http.get("/v1/me/today?zone=Europe/Berlin")).json()
    assert [one["state"] for one in today["open"]] == ["open"]
