"""A client's today, as a tutorial would write it."""

from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, HTTPException
from sqlalchemy import func, or_, select
from sqlalchemy.orm import selectinload

from app.core.clock import now
from app.homework.schemas import TodayOut
from app.practices.help import NOT_WATCHED
from tests.benchmarks.idiomatic import Caller, Current, Database
from tests.benchmarks.idiomatic_models import (
    Assignment,
    Occurrence,
    Practice,
    Session,
    Submission,
)
from tests.benchmarks.idiomatic_overview_models import Repetition, RestPeriod

mine = APIRouter()


def own(table: Any, caller: Caller) -> Any:
    return select(table).where(
        table.practice_id == caller.practice_id, table.client_id == caller.client_id
    )


@mine.get("/v1/me/today", response_model=TodayOut)
async def get_my_today(db: Database, caller: Current, zone: str) -> Any:
    here, moment = ZoneInfo(zone), now()
    on = moment.astimezone(here).date()
    ends_at = datetime.combine(on + timedelta(days=1), time(), here)
    opened = await db.scalars(
        own(Occurrence, caller)
        .join(Occurrence.assignment)
        .where(
            Occurrence.status == "upcoming",
            Occurrence.opens_at < ends_at,
            or_(Occurrence.closes_at.is_(None), Occurrence.closes_at > func.now()),
            Assignment.status == "active",
        )
        .options(selectinload(Occurrence.assignment), selectinload(Occurrence.submission))
        .order_by(Occurrence.due_at.asc().nulls_last(), Occurrence.id)
    )
    rests = (await db.scalars(own(RestPeriod, caller).where(RestPeriod.starts_at <= moment))).all()
    resting = {one.assignment_id for one in rests if one.ends_at is None or one.ends_at > moment}
    slots = [
        _slot(one) for one in opened if None not in resting and one.assignment_id not in resting
    ]
    waiting = await db.scalars(
        own(Assignment, caller)
        .where(
            or_(
                Assignment.status == "proposed",
                (Assignment.status == "active")
                & (Assignment.schedule["kind"].astext == "on_demand"),
            )
        )
        .order_by(Assignment.id.desc())
    )
    asked = [one.open() for one in waiting]
    practice = await db.get(Practice, caller.practice_id)
    if practice is None:
        raise HTTPException(404)
    lately = moment - timedelta(days=14)
    here_now = {"practice_id": caller.practice_id, "client_id": caller.client_id}
    sent = await db.scalar(
        select(func.count(Submission.id))
        .filter_by(**here_now)
        .where(Submission.outcome != "not_ready", Submission.created_at > lately)
    )
    repeated = await db.scalar(
        select(func.coalesce(func.sum(Repetition.times), 0))
        .filter_by(**here_now)
        .where(Repetition.received_at > lately)
    )
    session_at = await db.scalar(
        select(func.min(Session.starts_at))
        .filter_by(**here_now)
        .where(Session.attendance == "scheduled", Session.starts_at > func.now())
    )
    turns = [at for one in slots for at in (one.due_at, one.closes_at) if at and at > moment]
    return {
        "on": on, "zone": zone, "open": [one for one in slots if one.state == "open"],
        "later_today": [one for one in slots if one.state == "upcoming"],
        "resting": None in resting,
        "next_step": {
            "occurrence_id": slots[0].id, "title": slots[0].title,
            "minimum_version": slots[0].minimum_version, "step_text": slots[0].step_text,
        } if slots else None,
        "answers_visible_default": "shared",
        "proposed": [one for one in asked if one.status == "proposed"],
        "on_demand": [one for one in asked if one.status == "active"],
        "practised": {"days": 14, "sent": sent, "repetitions": repeated},
        "next_session_at": session_at, "valid_until": min([ends_at, *turns]),
        "help": {"not_watched": NOT_WATCHED, "resources": practice.crisis_resources},
    }  # fmt: skip


def _slot(one: Any) -> Any:
    words = one.assignment.open()
    one.title, one.minimum_version = words.title, words.minimum_version
    one.exercise_version_id = words.exercise_version_id
    one.submission_id = one.submission.id if one.submission else None
    one.state = "open" if one.opens_at <= now() else "upcoming"
    one.size, one.step = one.assignment.size, one.assignment.step
    one.step_text = words.steps[one.step - 1] if one.step else None
    return one
