"""The overviews at the staff door, as a tutorial would write them."""

from collections import Counter
from datetime import datetime, time, timedelta
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import APIRouter
from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import selectinload

from app.core.clock import now
from app.core.wire import Page
from app.overview.schemas import BoardOut, QueueItem, StaffTodayOut
from app.overview.today import URGENT_QUEUE
from tests.benchmarks.idiomatic import Caller, Current, Database, demand_care
from tests.benchmarks.idiomatic_models import CareAssignment, opened
from tests.benchmarks.idiomatic_overview_models import (
    Assignment,
    ClientAddress,
    ClientLogin,
    Note,
    Occurrence,
    Practice,
    Question,
    Repetition,
    RestPeriod,
    Session,
    Submission,
    SubmissionVersion,
)

staff = APIRouter()
NAMES: Final = {"completed": "done", "partial": "partial", "attempted": "tried"}
COUNTED: Final = (
    "done", "partial", "tried", "not_ready", "excused", "no_response", "extra", "late",
    "repetitions",
)  # fmt: skip


def treated(caller: Caller) -> Any:
    return select(CareAssignment.client_id).where(
        CareAssignment.practice_id == caller.practice_id,
        CareAssignment.user_id == caller.user.id,
        CareAssignment.ends_at.is_(None),
    )


def mine(table: Any, caller: Caller) -> Any:
    return select(table).where(
        table.practice_id == caller.practice_id, table.client_id.in_(treated(caller))
    )


UNREAD: Final = or_(
    Submission.reviewed_number.is_(None), Submission.reviewed_number < Submission.number
)
SHOWN: Final = or_(Submission.withdrawn_at.is_(None), Submission.attention_level.is_not(None))
RANKS: Final = {"urgent": 0, "soon": 1, None: 2}


async def queued(db: AsyncSession, caller: Caller, limit: int) -> list[Any]:
    sent = await db.scalars(
        mine(Submission, caller)
        .where(UNREAD, SHOWN)
        .options(
            selectinload(Submission.client),
            selectinload(Submission.assignment),
            selectinload(Submission.versions).selectinload(SubmissionVersion.exercise),
        )
        .order_by(
            Submission.attention_level.desc().nulls_last(), Submission.changed_at, Submission.id
        )
        .limit(limit)
    )
    practised = await db.scalars(
        mine(Repetition, caller)
        .where(Repetition.attention_level.is_not(None), Repetition.seen_at.is_(None))
        .options(
            selectinload(Repetition.client),
            selectinload(Repetition.assignment),
            selectinload(Repetition.exercise),
        )
        .order_by(Repetition.attention_level.desc(), Repetition.received_at, Repetition.id)
        .limit(limit)
    )
    items = [
        (RANKS[one.attention_level], one.changed_at, one.id, {
            "kind": "submission", "id": one.id, "client_id": one.client_id,
            "client": one.client.shown, "assignment_id": one.assignment_id,
            "assignment": one.assignment.opened["title"],
            "exercise_title": one.newest.exercise.title,
            "outcome": None if one.withdrawn_at else one.outcome, "number": one.number,
            "received_at": one.newest.received_at,
            "needs_attention": one.attention_level is not None,
            "attention_level": one.attention_level, "attention_reasons": one.attention_reasons,
            "changed_since_review": one.reviewed_number is not None,
            "withdrawn": one.withdrawn_at is not None, "side": "client",
            "answers_visible": one.newest.answers_visible, "version": one.version,
        })
        for one in sent
    ]  # fmt: skip
    items += [
        (RANKS[one.attention_level], one.received_at, one.id, {
            "kind": "repetition", "id": one.id, "client_id": one.client_id,
            "client": one.client.shown, "assignment_id": one.assignment_id,
            "assignment": one.assignment.opened["title"] if one.assignment else None,
            "exercise_title": one.exercise.title, "outcome": None, "number": None,
            "received_at": one.received_at, "needs_attention": True,
            "attention_level": one.attention_level, "attention_reasons": one.attention_reasons,
            "changed_since_review": False, "withdrawn": False, "side": "client",
            "answers_visible": None,
            "version": one.version,
        })
        for one in practised
    ]  # fmt: skip
    return [item for *_, item in sorted(items, key=lambda one: one[:3])[:limit]]


@staff.get("/v1/review-queue", response_model=Page[QueueItem])
async def list_review_queue(db: Database, caller: Current, limit: int = 25) -> Any:
    return {"items": await queued(db, caller, limit), "next": None}


@staff.get("/v1/today", response_model=StaffTodayOut)
async def get_today(db: Database, caller: Current, zone: str | None = None) -> Any:
    practice = await db.get(Practice, caller.practice_id)
    assert practice is not None
    zone = zone or practice.zone
    here, moment = ZoneInfo(zone), now()
    on = moment.astimezone(here).date()
    begins_at = datetime.combine(on, time(), here)
    ends_at = datetime.combine(on + timedelta(days=1), time(), here)
    sessions = await db.scalars(
        mine(Session, caller)
        .where(
            Session.therapist_id == caller.user.id,
            Session.starts_at >= begins_at,
            Session.starts_at < ends_at,
        )
        .options(selectinload(Session.client), selectinload(Session.therapist))
        .order_by(Session.starts_at, Session.id)
    )
    items = await queued(db, caller, 25)
    waiting = await db.scalar(
        select(func.count()).select_from(mine(Submission, caller).where(UNREAD, SHOWN).subquery())
    )
    questions = await db.scalars(
        mine(Question, caller)
        .where(Question.answered_at.is_(None))
        .options(selectinload(Question.client), selectinload(Question.assignment))
        .order_by(Question.id)
        .limit(25)
    )
    proposals = await db.scalars(
        mine(Assignment, caller)
        .where(or_(Assignment.status == "proposed", Assignment.status == "declined"))
        .options(selectinload(Assignment.client))
        .order_by(func.coalesce(Assignment.answered_at, Assignment.changed_at), Assignment.id)
        .limit(25)
    )
    long_ago = moment - timedelta(days=14)
    rests = await db.scalars(
        mine(RestPeriod, caller)
        .where(
            RestPeriod.assignment_id.is_(None),
            RestPeriod.starts_at <= long_ago,
            or_(RestPeriod.ends_at.is_(None), RestPeriod.ends_at > moment),
            or_(RestPeriod.looked_in_at.is_(None), RestPeriod.looked_in_at <= long_ago),
        )
        .options(selectinload(RestPeriod.client))
        .limit(25)
    )
    drafts = await db.scalars(
        mine(Note, caller)
        .where(Note.author_id == caller.user.id, Note.status.in_(["draft", "returned"]))
        .options(selectinload(Note.client))
        .order_by(Note.id)
        .limit(25)
    )
    addresses = await db.scalars(
        mine(ClientAddress, caller)
        .where(
            ClientAddress.confirmed_at.is_(None),
            ClientAddress.client_id.not_in(select(ClientLogin.client_id)),
        )
        .options(selectinload(ClientAddress.client))
        .order_by(ClientAddress.created_at)
        .limit(25)
    )
    return {
        "on": on, "zone": zone, "unattended": None, "escalated": [],
        "sessions": [
            _shown(one, "id", "therapist_id", "starts_at", "zone", "minutes", "setting",
                   "attendance", "version", therapist=one.therapist.name)
            for one in sessions
        ],
        "needs_attention": [one for one in items if one["needs_attention"]],
        "urgent": {
            "count": sum(one["attention_level"] == "urgent" for one in items),
            "more": False, "review_queue": URGENT_QUEUE,
        },
        "review_queue": {"count": waiting, "more": False, "first": items[:10]},
        "questions": [
            _shown(one, "id", "assignment_id", "version", asked_at=one.created_at,
                   assignment=one.assignment.opened["title"],
                   question=opened(one, "question", one.client_id))
            for one in questions
        ],
        "proposals": [
            _shown(one, "id", "status", "decline_reason", "version",
                   title=one.opened["title"], since=one.answered_at or one.changed_at,
                   decline_words=opened(one, "decline_words", one.client_id)
                   if one.decline_words else None)
            for one in proposals
        ],
        "rests": [
            _shown(one, "id", "starts_on", "ends_on", "looked_in_at", "started_as", "version")
            for one in rests
        ],
        "drafts": [_shown(one, "id", "kind", "status", "created_at", "version") for one in drafts],
        "addresses_to_confirm": [
            _shown(one, email=opened(one, "value", one.client_id, "identity"),
                   since=one.created_at, version=one.client.version)
            for one in addresses
        ],
    }  # fmt: skip


def _shown(one: Any, *names: str, **more: Any) -> dict[str, Any]:
    who = {"client_id": one.client_id, "client": one.client.shown}
    return who | {name: getattr(one, name) for name in names} | more


@staff.get("/v1/clients/{client_id}/homework-board", response_model=BoardOut)
async def get_homework_board(db: Database, caller: Current, client_id: UUID) -> Any:
    await demand_care(db, caller, client_id)
    moment = now()
    since, lately = moment - timedelta(days=28), moment - timedelta(days=14)

    def of_client(table: Any) -> Any:
        return select(table).where(
            table.practice_id == caller.practice_id, table.client_id == client_id
        )

    assignments = await db.scalars(
        of_client(Assignment)
        .where(
            or_(
                Assignment.status.in_(["active", "paused"]),
                Assignment.status.in_(["done", "ended"]) & (Assignment.changed_at > since),
            )
        )
        .options(selectinload(Assignment.exercise))
        .order_by(Assignment.id.desc())
    )
    sent = await db.scalars(
        of_client(Submission)
        .where(Submission.withdrawn_at.is_(None))
        .options(selectinload(Submission.versions), selectinload(Submission.occurrence))
    )
    slots = await db.scalars(
        of_client(Occurrence).where(
            Occurrence.status == "upcoming",
            Occurrence.closes_at > since,
            Occurrence.closes_at <= moment,
        )
    )
    practised = (
        await db.scalars(of_client(Repetition).where(Repetition.occurred_corrected_at > since))
    ).all()
    facts: list[tuple[UUID | None, str, datetime, int]] = []
    last: dict[UUID, datetime] = {}
    for one in sent:
        newest = one.newest
        last[one.assignment_id] = max(
            newest.received_at, last.get(one.assignment_id, newest.received_at)
        )
        what = "extra" if one.occurrence.is_extra else NAMES.get(one.outcome, one.outcome)
        facts.append((one.assignment_id, what, newest.occurred_corrected_at, 1))
        for name in newest.obstacles:
            facts.append((one.assignment_id, f"obstacle:{name}", newest.occurred_corrected_at, 1))
    facts += [(one.assignment_id, "no_response", one.closes_at, 1) for one in slots]
    for practice in practised:
        at = practice.occurred_corrected_at
        facts.append((practice.assignment_id, "repetitions", at, practice.times))
        facts += [
            (practice.assignment_id, f"obstacle:{name}", at, 1) for name in practice.obstacles
        ]
    fewer: Counter[Any] = Counter()
    more: Counter[Any] = Counter()
    for assignment_id, what, at, times in facts:
        fewer[assignment_id, what] += times if at > lately else 0
        more[assignment_id, what] += times if at > since else 0
    return {
        "assignments": [
            {
                "assignment_id": one.id, "title": one.opened["title"],
                "exercise_title": one.exercise.title, "status": one.status,
                "late_policy": one.late_policy, "last_answer_at": last.get(one.id),
                "last_14_days": {name: fewer[one.id, name] for name in COUNTED},
                "last_28_days": {name: more[one.id, name] for name in COUNTED},
                "recurring_obstacles": [
                    {"obstacle": what.removeprefix("obstacle:"), "times": times}
                    for (of, what), times in sorted(
                        more.items(), key=lambda item: (-item[1], item[0][1])
                    )
                    if of == one.id and what.startswith("obstacle:") and times > 1
                ],
            }
            for one in assignments
        ],
        "repetitions": {
            "last_14_days": sum(n for (_, what), n in fewer.items() if what == "repetitions"),
            "last_28_days": sum(n for (_, what), n in more.items() if what == "repetitions"),
        },
    }  # fmt: skip
