"""Assignments as staff read them: agreed between therapist and client, never imposed."""

from functools import lru_cache
from typing import Any, Final

import orjson
from sqlalchemy import Integer, Text, any_, or_, select
from sqlalchemy.dialects.postgresql import ARRAY

from app.access.visible import readable, treated
from app.clients import care, default_visibility
from app.core.statements import UUID_TEXT, Query, p
from app.homework import cautions
from app.homework.models import Assignment
from app.operation.failures import not_on_care_team
from app.operation.work import Row, Work
from app.schedules import rules

WORDS: Final = ("title", "rationale", "instructions", "minimum_version", "steps")

MINE: Final = (
    Assignment.id,
    Assignment.goal_id,
    Assignment.exercise_version_id,
    Assignment.status,
    Assignment.origin,
    Assignment.words,
    Assignment.areas,
    Assignment.topics,
    Assignment.schedule,
    Assignment.starts_on,
    Assignment.opens_at,
    Assignment.due_at,
    Assignment.closes_at,
    Assignment.zone,
    Assignment.zone_follows,
    Assignment.late_policy,
    Assignment.confidence,
    Assignment.size,
    Assignment.step,
    Assignment.ended_as,
    Assignment.answered_as,
    Assignment.kept_by,
    Assignment.changed_at,
    Assignment.version,
    Assignment.client_id,
)
_ALL: Final = (
    *MINE,
    Assignment.episode_id,
    Assignment.decline_reason,
    Assignment.decline_words,
    Assignment.ended_words,
    Assignment.assigned_by,
    Assignment.created_at,
)


def page_of(columns: tuple[Any, ...], ground: Any) -> Query:
    """A page of one client's assignments, newest first, of those on this ground."""
    return Query(
        select(*columns)
        .where(
            Assignment.client_id == p("of_client"),
            Assignment.id < p("after"),
            or_(p("status", Text()).is_(None), Assignment.status == p("status", Text())),
            ground,
        )
        .order_by(Assignment.id.desc())
        .limit(p("limit", Integer()))
    )


_LIST = page_of(_ALL, readable(Assignment))
_ONE = Query(select(*_ALL).where(Assignment.id == p("id"), readable(Assignment)))
_TREATED = Query(
    select(*_ALL, Assignment.moved_by, Assignment.library_id).where(
        Assignment.id == p("id"), treated(Assignment)
    )
)
_THESE = Query(
    select(*_ALL).where(Assignment.id == any_(p("ids", ARRAY(UUID_TEXT))), readable(Assignment))
)


async def get(work: Work, assignment_id: str) -> Row:
    """One assignment, for staff who may read it. Raises as `work.nothing` does."""
    row = await work.row(_ONE, id=assignment_id)
    if row is None:
        await work.nothing(Assignment, assignment_id)
    return await shown(work, row)


async def list_of(
    work: Work, client_id: str, *, after: str, limit: int, status: str | None
) -> list[Row]:
    """A client's assignments, newest first, one past the limit."""
    rows = await work.rows(_LIST, of_client=client_id, after=after, limit=limit + 1, status=status)
    if not rows:
        await care.demand_readable(work, client_id)
    return await cautions.add(work, client_id, [with_rule(row) for row in rows])


async def these(work: Work, assignment_ids: list[str]) -> list[Row]:
    """Assignments of several clients, in the order they are named."""
    found = {row["id"]: row for row in await work.rows(_THESE, ids=assignment_ids)}
    return [await shown(work, found[one]) for one in assignment_ids]


async def to_change(work: Work, assignment_id: str) -> Row:
    """One assignment as it is stored, for staff who may change it.

    Raises as `work.nothing` does, and Forbidden `access.not_on_care_team` for who only reads.
    """
    row = await work.row(_TREATED, id=assignment_id)
    if row is None:
        await get(work, assignment_id)
        raise not_on_care_team()
    row.setdefault("steps", [])
    return row


async def shown(work: Work, row: Row) -> Row:
    """A stored assignment as staff see it."""
    seen = with_rule({k: v for k, v in row.items() if k not in ("moved_by", "library_id")})
    await cautions.add(work, row["client_id"], [seen])
    return seen


def with_rule(row: Row) -> Row:
    """The row with its schedule in words that calendars know, and whether guardians see it."""
    row.setdefault("steps", [])
    row["rrule"] = _rrule(row["schedule"].raw)
    row["visibility"] = default_visibility.shown(row.pop("kept_by"))
    return row


@lru_cache(maxsize=4096)
def _rrule(raw: bytes) -> str | None:
    return rules.rrule(rules.read(orjson.loads(raw)))
