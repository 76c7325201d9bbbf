"""What an assignment may name: an exercise, a goal, topics, a window, a schedule that comes."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final, cast
from uuid import UUID

from sqlalchemy import any_, select
from sqlalchemy.dialects.postgresql import ARRAY

from app.access.visible import readable, treated
from app.clients.models import Client
from app.core.clock import now
from app.core.errors import FieldError, Invalid, sentence
from app.core.statements import UUID_TEXT, Query, p
from app.goals.models import Goal
from app.homework.along import Topic
from app.library import service as library
from app.operation.work import Row, Work
from app.schedules import rules
from app.schedules.local import local_day
from app.schedules.slots import next_after

WINDOW: Final = ("opens_at", "due_at", "closes_at")

_CLIENT = Query(
    select(Client.zone, Client.locale, Client.id).where(
        Client.id == p("of_client"), readable(Client)
    )
)
_GOAL = Query(
    select(Goal.id).where(Goal.id == p("id"), Goal.client_id == p("of_client"), treated(Goal))
)
_TOPICS = Query(
    select(Topic.id).where(
        Topic.id == any_(p("ids", ARRAY(UUID_TEXT))),
        Topic.client_id == p("of_client"),
        treated(Topic),
    )
)


async def exercise(work: Work, exercise_id: UUID | str) -> Row:
    """What an assignment takes from an exercise. Raises Invalid for one that is not there or
    retired."""
    found = await library.to_assign(work, str(exercise_id))
    if found is None or found["is_retired"]:
        raise field("exercise_id", "homework.exercise", library.NOT_TO_ASSIGN)
    return found


async def client(work: Work, client_id: str) -> Row:
    """The client's own `zone` and `locale`."""
    found: Any = await work.row(_CLIENT, of_client=client_id)
    return cast(Row, found)


async def goal(work: Work, client_id: str, goal_id: Any) -> None:
    """Raises Invalid for a goal that is not this client's."""
    if goal_id is None:
        return
    if await work.row(_GOAL, id=str(goal_id), of_client=client_id) is None:
        raise field("goal_id", "homework.goal", "This client has no such goal.")


async def topics(work: Work, client_id: str, wanted: Iterable[Any]) -> list[str]:
    """The topics' ids. Raises Invalid, naming each that is not this client's."""
    ids = [str(one) for one in wanted]
    if not ids:
        return ids
    there = {row["id"] for row in await work.rows(_TOPICS, ids=ids, of_client=client_id)}
    code, detail = "homework.topic", "This client has no such topic."
    errors: list[FieldError] = [
        {"pointer": f"/topics/{place}", "code": code, "detail": detail}
        for place, one in enumerate(ids)
        if one not in there
    ]
    if errors:
        raise Invalid(code, detail, errors=errors)
    return ids


def window(schedule: rules.Schedule, asked: Sequence[datetime | None]) -> None:
    """Raises Invalid for a window that ends before it opens, or beside a schedule that has its
    own."""
    if schedule.kind != "once":
        for name, moment in zip(WINDOW, asked, strict=True):
            if moment is not None:
                raise field(
                    name, "homework.window", "The schedule says when: a window is for once."
                )
        return
    opens_at, due_at, closes_at = asked
    assert opens_at is not None
    for name, later in (("due_at", due_at), ("closes_at", closes_at)):
        if later is not None and later <= opens_at:
            raise field(name, "homework.window", "The window would close before it opens.")
    if due_at is not None and closes_at is not None and closes_at < due_at:
        raise field("closes_at", "homework.window", "The window would close before it is due.")


def start(schedule: rules.Schedule, in_zone: str) -> date:
    """The local day a schedule counts from, when it begins now.

    Raises Invalid for one that never comes, or has ended by then.
    """
    today = local_day(now(), in_zone)
    begins = rules.start(schedule, today)
    try:
        rules.check(schedule, begins)
    except ValueError as wrong:
        raise field("schedule", "homework.schedule", sentence(str(wrong))) from None
    recurs = isinstance(schedule, rules.RecurringSchedule | rules.TimesAWeekSchedule)
    if recurs and next_after(schedule, starts_on=begins, after=today - timedelta(days=1)) is None:
        raise field(
            "schedule",
            "homework.schedule",
            "All its days have passed. Choose a later ends_on, or a later start.",
        )
    return begins


def field(name: str, code: str, detail: str) -> Invalid:
    """The refusal of one field."""
    return Invalid(code, detail, errors=[{"pointer": f"/{name}", "code": code, "detail": detail}])
