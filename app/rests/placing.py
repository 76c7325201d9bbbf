"""Where a rest period lies: whole local days, in order, in reach, and none in another's way."""

from datetime import date, datetime, time, timedelta
from typing import Any, Final

from sqlalchemy import or_, select

from app.core.clock import now
from app.core.database import Instant
from app.core.errors import Conflict, Invalid
from app.core.statements import Query, p
from app.operation.work import Row, Work
from app.rests.models import RestPeriod
from app.schedules.local import instant, local_day, midnight_after

FARTHEST: Final = timedelta(days=731)
"""How far ahead a rest period may start or end."""
LONGEST_AGO: Final = timedelta(days=28)
"""How long ago a device may have started one; staff too, who hear of it later."""
GUARDIANS_LONGEST: Final = 14
"""Days that a guardian's rest period for a client lasts at most."""
OF_ALL: Final = RestPeriod.assignment_id.is_(None)
"""A rest period of everything; a row with an assignment is that one's pause."""

_OVERLAPPING = Query(
    select(RestPeriod.id, RestPeriod.starts_on, RestPeriod.ends_on, RestPeriod.ends_at)
    .where(
        RestPeriod.practice_id == p("practice_id"),
        RestPeriod.client_id == p("of_client"),
        RestPeriod.id != p("but_for"),
        OF_ALL,
        RestPeriod.starts_at.is_distinct_from(RestPeriod.ends_at),
        or_(RestPeriod.ends_at.is_(None), RestPeriod.ends_at > p("starts_at", Instant())),
        or_(p("ends_at", Instant()).is_(None), RestPeriod.starts_at < p("ends_at", Instant())),
    )
    .order_by(RestPeriod.starts_at)
)


async def placed(
    work: Work, client_id: str, zone: str, starts_on: date | None, ends_on: date | None
) -> dict[str, Any]:
    """The days of a new rest period as they are stored, starting today without a `starts_on`.

    Raises Invalid for days out of order or out of reach, Conflict as `demand_free` does.
    """
    today = local_day(now(), zone)
    starts_on = starts_on or today
    if starts_on < today - LONGEST_AGO:
        raise refused("starts_on", "rests.reach", "A rest period starts 28 days ago at most.")
    demand_near("starts_on", starts_on, today)
    if ends_on is not None:
        demand_near("ends_on", ends_on, today)
        if ends_on < starts_on:
            raise refused("ends_on", "rests.order", "A rest period does not end before it starts.")
    starts_at = instant(starts_on, time(), zone)
    ends_at = None if ends_on is None else midnight_after(ends_on, zone)
    row = {"id": client_id, "client_id": client_id, "starts_on": starts_on}
    starts_at = await demand_free(work, row, starts_at, ends_at)
    if ends_at is not None and ends_at <= starts_at:
        raise refused("ends_on", "rests.order", "There is no moment between its first and last.")
    return {
        "client_id": client_id,
        "zone": zone,
        "starts_on": starts_on,
        "ends_on": ends_on,
        "starts_at": starts_at,
        "ends_at": ends_at,
    }


async def demand_free(
    work: Work, row: Row, starts_at: datetime, ends_at: datetime | None
) -> datetime:
    """When it starts, no other being in the way of `row` (id, client_id, starts_on) there.

    One that was ended earlier on the day it starts is followed from its end on. Raises Conflict
    `rests.overlap` naming the other. The caller holds the client, so that two do not overlap.
    """
    others = await work.rows(
        _OVERLAPPING,
        of_client=row["client_id"],
        but_for=row["id"],
        starts_at=starts_at,
        ends_at=ends_at,
    )
    for other in others:
        is_over = other["ends_at"] is not None and other["ends_at"] <= now()
        if is_over and other["ends_on"] == row["starts_on"]:
            starts_at = max(starts_at, other["ends_at"])
            continue
        raise Conflict(
            "rests.overlap",
            "There is a rest period in these days already. Change or end that one, or choose"
            " other days.",
            rest_period_id=other["id"],
            starts_on=other["starts_on"].isoformat(),
            ends_on=other["ends_on"].isoformat() if other["ends_on"] else None,
        )
    return starts_at


def demand_near(name: str, day: date, today: date) -> None:
    """Raises Invalid for a day more than two years ahead."""
    if day > today + FARTHEST:
        raise refused(name, "rests.reach", "A rest period lies in the next two years.")


def demand_short(starts_on: date, ends_on: date | None) -> None:
    """Raises Invalid `rests.too_long` for a guardian's rest period that has no last day, or lasts
    longer than theirs may: beyond that the therapist decides with the client."""
    if ends_on is None or (ends_on - starts_on).days >= GUARDIANS_LONGEST:
        raise refused(
            "ends_on",
            "rests.too_long",
            f"A rest period that you start for somebody lasts {GUARDIANS_LONGEST} days at most."
            " Name its last day; for more, talk to the therapist.",
        )


def refused(name: str, code: str, detail: str) -> Invalid:
    """The refusal of one field."""
    return Invalid(code, detail, errors=[{"pointer": f"/{name}", "code": code, "detail": detail}])
