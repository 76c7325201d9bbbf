"""An assignment whole, as its client sees it: with its exercise, and when it comes first.

Staff preview it through the same functions, from a ground of their own.
"""

from datetime import date, timedelta
from typing import Any, Final

from sqlalchemy import and_, func, or_, select

from app.access.visible import readable
from app.clients.models import Client
from app.core.clock import now
from app.core.statements import Query, p
from app.homework import agreeing, around_sessions, assignments, planning
from app.homework.models import Assignment, Occurrence
from app.library import languages
from app.library.models import ExerciseVersion
from app.operation.work import Row, Work
from app.schedules import rules
from app.schedules.local import local_day
from app.schedules.slots import Slot, next_after, slots

SHOWN: Final = 5
"""Slots, at most."""
_BEGUN: Final = frozenset({"active", "paused"})
_AHEAD: Final = frozenset({"draft", "proposed", "declined"})


def _whole(ground: Any) -> Query:
    return Query(
        select(
            *assignments.MINE,
            Assignment.episode_id,
            ExerciseVersion.minutes,
            ExerciseVersion.form,
            ExerciseVersion.texts,
            Client.locale,
            languages.OF_PRACTICE.label("practice_locale"),
        )
        .select_from(Assignment)
        .join(
            ExerciseVersion,
            and_(
                ExerciseVersion.practice_id == Assignment.library_id,
                ExerciseVersion.id == Assignment.exercise_version_id,
            ),
        )
        .join(
            Client,
            and_(Client.practice_id == Assignment.practice_id, Client.id == Assignment.client_id),
        )
        .where(Assignment.id == p("id"), ground)
    )


_MINE = _whole(agreeing.THEIRS)
_PREVIEW = _whole(readable(Assignment))
_COMING = Query(
    select(
        Occurrence.local_on,
        Occurrence.opens_at,
        Occurrence.due_at,
        Occurrence.closes_at,
    )
    .where(
        Occurrence.practice_id == p("practice_id"),
        Occurrence.client_id == p("of_client"),
        Occurrence.assignment_id == p("assignment_id"),
        Occurrence.status == "upcoming",
        Occurrence.is_extra.is_(False),
        or_(Occurrence.closes_at.is_(None), Occurrence.closes_at > func.now()),
    )
    .order_by(Occurrence.opens_at.asc().nulls_last(), Occurrence.id)
    .limit(SHOWN)
)


async def mine(work: Work, assignment_id: str) -> Row:
    """One of the client's own assignments, whole. Raises NotFound."""
    row = await work.row(_MINE, id=assignment_id)
    if row is None:
        await work.nothing(Assignment, assignment_id)
    return await _shape(work, row)


async def preview(work: Work, assignment_id: str) -> Row:
    """The same for staff who may read it; a draft as it looks once it is proposed.

    Raises as `work.nothing` does.
    """
    row = await work.row(_PREVIEW, id=assignment_id)
    if row is None:
        await work.nothing(Assignment, assignment_id)
    shown = await _shape(work, row)
    if shown["status"] == "draft":
        shown["status"] = "proposed"
    return shown


async def _shape(work: Work, row: Row) -> Row:
    exercise = {name: row.pop(name) for name in ("minutes", "form", "texts")}
    wanted = (row.pop("locale"), row.pop("practice_locale"))
    exercise["locale"], exercise["texts"] = languages.whole(exercise["texts"], *wanted)
    coming = await _coming(work, row)
    return agreeing.shape(work, row) | {"exercise": exercise, "coming": coming}


async def _coming(work: Work, row: Row) -> list[Row]:
    """Its first slots that are not over: those there are, or those that would come of it now.

    The next one is named also where it is too far ahead to be there yet.
    """
    rule, moment, zone = rules.read(row["schedule"].value), now(), row["zone"]
    today = local_day(moment, zone)
    if row["status"] in _BEGUN:
        there = await work.rows(_COMING, of_client=row["client_id"], assignment_id=row["id"])
        if there or row["status"] != "active":
            return there
        begins = row["starts_on"] or rules.start(rule, today)
        return _shown(_next(rule, zone, begins, today + timedelta(days=planning.DAYS_AHEAD)))
    if row["status"] not in _AHEAD:
        return []
    if rule.kind == "once":
        on = local_day(row["due_at"] or row["opens_at"], zone)
        return [
            {"local_on": on} | {name: row[name] for name in ("opens_at", "due_at", "closes_at")}
        ]
    found: list[Slot]
    if rule.kind == "before_session" or rule.kind == "after_session":
        around = await around_sessions.slots_of(work, row, rule, moment)
        found = [slot for slot, _ in around]
    else:
        begins = rules.start(rule, today)
        first = max(begins, today)
        last = first + timedelta(days=planning.DAYS_AHEAD)
        found = slots(rule, zone, starts_on=begins, first_on=first, last_on=last)
        found = found or _next(rule, zone, begins, last)
    return _shown(found)


def _next(rule: rules.Schedule, zone: str, begins: date, after: date) -> list[Slot]:
    on = next_after(rule, starts_on=begins, after=after)
    return slots(rule, zone, starts_on=begins, first_on=on, last_on=on)[:1] if on else []


def _shown(found: list[Slot]) -> list[Row]:
    return [
        {
            "local_on": slot.local_on,
            "opens_at": slot.opens_at,
            "due_at": slot.due_at,
            "closes_at": slot.closes_at,
        }
        for slot in found[:SHOWN]
    ]
