"""A client's week, as a tutorial would write it."""

from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter
from sqlalchemy import or_, select
from sqlalchemy.orm import selectinload

from app.core.clock import now
from app.overview.my_schemas import MyWeekOut
from app.practices.help import NOT_WATCHED
from app.schedules import rules
from app.schedules.slots import next_after
from tests.benchmarks.idiomatic import Current, Database
from tests.benchmarks.idiomatic_overview_models import (
    Assignment,
    Occurrence,
    Practice,
    Repetition,
    Submission,
    SubmissionVersion,
)

mine = APIRouter()


@mine.get("/v1/me/week", response_model=MyWeekOut)
async def get_my_week(db: Database, caller: Current, zone: str, passed: bool = False) -> Any:
    here, moment = ZoneInfo(zone), now()
    today = moment.astimezone(here).date()
    monday = today - timedelta(days=today.weekday())
    sunday = monday + timedelta(days=6)
    begins_at = datetime.combine(monday, time(), here)

    def mine(table: Any) -> Any:
        return select(table).where(
            table.practice_id == caller.practice_id, table.client_id == caller.client_id
        )

    practice = await db.get(Practice, caller.practice_id)
    assert practice is not None
    slots = (
        await db.scalars(
            mine(Occurrence)
            .where(
                or_(
                    Occurrence.local_on.between(monday, sunday),
                    (Occurrence.status == "upcoming")
                    & (Occurrence.opens_at <= moment)
                    & or_(Occurrence.closes_at.is_(None), Occurrence.closes_at > moment),
                )
            )
            .options(selectinload(Occurrence.assignment))
            .order_by(Occurrence.local_on, Occurrence.closes_at, Occurrence.id)
        )
    ).all()
    sent = await db.scalars(
        mine(Submission)
        .join(Submission.versions)
        .where(
            Submission.withdrawn_at.is_(None),
            SubmissionVersion.number == Submission.number,
            SubmissionVersion.occurred_corrected_at >= begins_at,
        )
        .options(selectinload(Submission.assignment), selectinload(Submission.versions))
        .order_by(SubmissionVersion.occurred_corrected_at, Submission.id)
    )
    practised = await db.scalars(
        mine(Repetition)
        .where(Repetition.occurred_corrected_at >= begins_at)
        .options(selectinload(Repetition.assignment), selectinload(Repetition.exercise))
        .order_by(Repetition.occurred_corrected_at, Repetition.id)
    )
    active = await db.scalars(
        mine(Assignment).where(Assignment.status == "active").order_by(Assignment.id.desc())
    )
    days: dict[Any, dict[str, list[Any]]] = {
        monday + timedelta(days=n): {"happened": [], "open": [], "passed": []} for n in range(7)
    }
    for one in sent:
        at = one.newest.occurred_corrected_at
        days[at.astimezone(here).date()]["happened"].append(
            {
                "kind": "submission", "id": one.id, "assignment_id": one.assignment_id,
                "occurrence_id": one.occurrence_id, "title": one.assignment.opened["title"],
                "at": at, "outcome": one.outcome, "times": None,
                "was_read": one.reviewed_number == one.number,
            }
        )  # fmt: skip
    for one in practised:
        at = one.occurred_corrected_at
        days[at.astimezone(here).date()]["happened"].append(
            {
                "kind": "repetition", "id": one.id, "assignment_id": one.assignment_id,
                "occurrence_id": one.occurrence_id, "at": at, "outcome": None,
                "title": one.assignment.opened["title"] if one.assignment else one.exercise.title,
                "times": one.times, "was_read": one.seen_at is not None,
            }
        )  # fmt: skip
    also_open: list[Any] = []
    until = datetime.combine(today + timedelta(days=1), time(), here)
    for slot in slots:
        is_over = slot.closes_at is not None and slot.closes_at <= moment
        if slot.status != "upcoming" or is_over or slot.assignment.status != "active":
            continue
        words = slot.assignment.opened
        shown = {
            "id": slot.id, "assignment_id": slot.assignment_id, "title": words["title"],
            "exercise_version_id": slot.assignment.exercise_version_id,
            "minimum_version": words["minimum_version"],
            "size": slot.assignment.size, "step": slot.assignment.step,
            "step_text": words["steps"][slot.assignment.step - 1] if slot.assignment.step else None,
            "state": "open" if slot.opens_at <= moment else "upcoming",
            "local_on": slot.local_on, "opens_at": slot.opens_at, "due_at": slot.due_at,
            "closes_at": slot.closes_at, "version": slot.version,
        }  # fmt: skip
        day = days.get(slot.local_on)
        (also_open if day is None else day["open"]).append(shown)
        for turn in (slot.opens_at, slot.due_at, slot.closes_at):
            if turn is not None and moment < turn < until:
                until = turn
    met = {slot.assignment_id for slot in slots}
    coming = []
    for one in active:
        if one.id in met:
            continue
        rule = rules.read(one.schedule)
        next_on = next_after(rule, starts_on=one.starts_on, after=sunday)
        if next_on is not None:
            coming.append(
                {
                    "assignment_id": one.id, "title": one.opened["title"], "kind": rule.kind,
                    "next_on": next_on,
                }
            )  # fmt: skip
    return {
        "zone": zone, "today": today, "also_open": also_open, "coming": coming,
        "days": [{"on": on} | held for on, held in days.items()], "valid_until": until,
        "help": {"not_watched": NOT_WATCHED, "resources": practice.crisis_resources},
    }  # fmt: skip
