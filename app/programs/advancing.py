"""Steps are given: each once, in their order, when its time has come, whoever looks.

Whoever looks holds the program's row until the end of the transaction; and of one step the
database takes one assignment only.
"""

from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import and_, func, or_, select, update

from app.clients.models import Client, Episode
from app.core.clock import now
from app.core.database import Instant
from app.core.statements import Query, p
from app.homework import checking, making
from app.homework.models import Assignment, Occurrence
from app.library import service as library
from app.operation.work import Row, Work
from app.programs import placing
from app.programs.models import ProgramAssignment
from app.programs.placing import Given
from app.rests.models import RestPeriod
from app.schedules import rules
from app.sessions.models import Session

LOOK_AGAIN: Final = timedelta(days=1)
"""How soon a step that waits for a session is looked at again, at the latest."""

_MOMENT: Final = p("moment", Instant())
_HELD = Query(
    select(
        ProgramAssignment.id,
        ProgramAssignment.client_id,
        ProgramAssignment.episode_id,
        ProgramAssignment.status,
        ProgramAssignment.agreed,
        ProgramAssignment.steps,
        ProgramAssignment.next_at,
        ProgramAssignment.assigned_by,
        ProgramAssignment.version,
    )
    .where(ProgramAssignment.practice_id == p("practice_id"), ProgramAssignment.id == p("id"))
    .with_for_update(of=ProgramAssignment)
)
_CLIENT = Query(
    select(Client.id, Client.zone, Client.status, Episode.closed_at)
    .select_from(Episode)
    .join(Client, (Client.practice_id == Episode.practice_id) & (Client.id == Episode.client_id))
    .where(
        Episode.practice_id == p("practice_id"),
        Episode.client_id == p("of_client"),
        Episode.id == p("episode_id"),
    )
)
ANSWERED: Final = and_(
    or_(
        Assignment.schedule["kind"].astext == "once",
        Assignment.schedule["each"].astext == "false",
    ),
    select(Occurrence.id)
    .where(
        Occurrence.practice_id == Assignment.practice_id,
        Occurrence.client_id == Assignment.client_id,
        Occurrence.assignment_id == Assignment.id,
        or_(Occurrence.status == "submitted", Occurrence.status == "reviewed"),
        Occurrence.is_extra.is_(False),
    )
    .exists(),
).label("is_answered")
"""The assignment has one slot, and that was answered; what recurs is done when it is finished."""
_GIVEN = Query(
    select(Assignment.created_at, Assignment.status, ANSWERED)
    .where(
        Assignment.practice_id == p("practice_id"),
        Assignment.client_id == p("of_client"),
        Assignment.program_assignment_id == p("id"),
    )
    .order_by(Assignment.program_step)
)
RESTING: Final = (
    select(RestPeriod.id)
    .where(
        RestPeriod.practice_id == ProgramAssignment.practice_id,
        RestPeriod.client_id == ProgramAssignment.client_id,
        RestPeriod.assignment_id.is_(None),
        RestPeriod.starts_at <= _MOMENT,
        or_(RestPeriod.ends_at.is_(None), RestPeriod.ends_at > _MOMENT),
    )
    .exists()
)
"""The client rests at `moment`: nothing comes by itself."""
_RESTS = Query(
    select(RESTING.label("yes")).where(
        ProgramAssignment.practice_id == p("practice_id"), ProgramAssignment.id == p("id")
    )
)
# Of the sessions since a step was given, the first one that took its course or will.
_NEXT_SESSION = Query(
    select(func.min(Session.starts_at).label("starts_at")).where(
        Session.practice_id == p("practice_id"),
        Session.client_id == p("of_client"),
        Session.episode_id == p("episode_id"),
        Session.starts_at > p("since", Instant()),
        ~func.starts_with(Session.attendance, "cancelled"),
    )
)
# When it is looked at again is not news to anybody: the version stays.
_LOOK_AT = Query(
    update(ProgramAssignment)
    .where(ProgramAssignment.practice_id == p("practice_id"), ProgramAssignment.id == p("id"))
    .values(next_at=p("next_at", Instant()))
)


async def advance(work: Work, program_assignment_id: str, *, by_itself: bool = True) -> int:
    """Give the steps whose time has come; how many they were.

    While the client rests nothing comes `by_itself`. Where care is over, so is the program. To
    look again, or two at once, changes nothing.
    """
    held = await work.row(_HELD, id=program_assignment_id)
    if held is None or held["status"] != "active":
        return 0
    client: Any = await work.row(
        _CLIENT, of_client=held["client_id"], episode_id=held["episode_id"]
    )
    if client["closed_at"] is not None or client["status"] != "active":
        await _settle(work, held, "ended")
        return 0
    steps: list[Row] = held["steps"].value
    given = await _given(work, held)
    before, moment = len(given), now()
    next_at: datetime | None = None
    while len(given) < len(steps):
        next_at = await _comes_at(work, held, steps, given, client["zone"], moment)
        if next_at is None or next_at > moment:
            break
        if by_itself and await _rests(work, held, moment):
            break
        await _give(work, held, steps[len(given)], len(given) + 1, client["zone"])
        given = await _given(work, held)
        next_at = None
    if len(given) == len(steps) and all(one.is_done for one in given):
        await _settle(work, held, "done", given=len(given))
    elif len(given) > before:
        await work.change(
            ProgramAssignment, held["id"], held["version"], given=len(given), next_at=next_at
        )
    elif next_at != held["next_at"]:
        await work.run(_LOOK_AT, id=held["id"], next_at=next_at)
    return len(given) - before


async def _comes_at(
    work: Work, held: Row, steps: list[Row], given: list[Given], zone: str, moment: datetime
) -> datetime | None:
    """When the next step comes, or is to be looked at again; None: not before something is done."""
    number = len(given)
    match placing.waits_for(steps, given):
        case "previous_step" | "therapist":
            return None
        case "day":
            return placing.day(steps[number], given[-1], zone)
        case "session":
            taken = placing.turn(steps, number)
            assert taken is not None
            return await _session(work, held, given[taken].at, moment)
    return min(held["next_at"] or moment, moment)


async def _session(work: Work, held: Row, since: datetime, moment: datetime) -> datetime:
    found: Any = await work.row(
        _NEXT_SESSION, of_client=held["client_id"], episode_id=held["episode_id"], since=since
    )
    again = moment + LOOK_AGAIN
    return again if found["starts_at"] is None else min(found["starts_at"], again)


async def _rests(work: Work, held: Row, moment: datetime) -> bool:
    found: Any = await work.row(_RESTS, id=held["id"], moment=moment)
    return bool(found["yes"])


async def _given(work: Work, held: Row) -> list[Given]:
    rows = await work.rows(_GIVEN, of_client=held["client_id"], id=held["id"])
    return [Given(row["created_at"], row["status"], row["is_answered"]) for row in rows]


async def _give(work: Work, held: Row, step: Row, number: int, zone: str) -> None:
    begins = checking.start(rules.read(step["schedule"]), zone)
    words = {name: step[name] for name in ("title", "rationale", "instructions")}
    version_id = await library.newest(work, step["library_id"], step["exercise_version_id"])
    await making.write(
        work,
        step | {"exercise_version_id": version_id},
        words | {"minimum_version": step["minimum_version"], "steps": []},
        by=held["assigned_by"],
        client_id=held["client_id"],
        episode_id=held["episode_id"],
        status="active" if held["agreed"] else "proposed",
        areas=step["areas"],
        schedule=step["schedule"],
        starts_on=begins if held["agreed"] else None,
        opens_at=now(),
        zone=zone,
        program_assignment_id=held["id"],
        program_step=number,
    )
    work.tell("programs.step_given", held["id"], held["client_id"])


async def _settle(work: Work, held: Row, status: str, **values: Any) -> None:
    await work.change(
        ProgramAssignment, held["id"], held["version"], status=status, next_at=None, **values
    )
    work.tell(f"programs.{status}", held["id"], held["client_id"])
