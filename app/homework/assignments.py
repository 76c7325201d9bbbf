"""Assignments: agreed between therapist and client, never imposed."""

from datetime import datetime
from typing import Any, Final

from sqlalchemy import Integer, Text, or_, select

from app.access.visible import readable, treated
from app.clients import care
from app.clients.models import Client
from app.core.clock import now
from app.core.errors import Invalid
from app.core.ids import new_id
from app.core.statements import Query, p
from app.goals.models import Goal
from app.homework import planning
from app.homework.models import Assignment
from app.homework.schemas import AssignmentCreate, AssignmentUpdate
from app.library import service as library
from app.operation import preconditions, states
from app.operation.failures import not_on_care_team
from app.operation.work import Row, Work

STATES: Final[states.Transitions] = {
    "draft": frozenset({"proposed", "active", "discarded"}),
    "proposed": frozenset({"active", "declined", "withdrawn"}),
    "declined": frozenset({"active", "proposed"}),
    "active": frozenset({"paused", "done", "ended"}),
    "paused": frozenset({"active", "done", "ended"}),
}
CHANGEABLE: Final = frozenset({"draft", "proposed", "active", "paused"})
WORDS: Final = ("title", "rationale", "instructions", "minimum_version")

MINE: Final = (
    Assignment.id,
    Assignment.goal_id,
    Assignment.exercise_version_id,
    Assignment.status,
    Assignment.origin,
    Assignment.words,
    Assignment.areas,
    Assignment.opens_at,
    Assignment.due_at,
    Assignment.closes_at,
    Assignment.zone,
    Assignment.confidence,
    Assignment.changed_at,
    Assignment.version,
    Assignment.client_id,
)
_ALL: Final = (
    *MINE,
    Assignment.episode_id,
    Assignment.late_policy,
    Assignment.decline_reason,
    Assignment.decline_words,
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
_TREATED = Query(select(*_ALL).where(Assignment.id == p("id"), treated(Assignment)))
_ZONE = Query(select(Client.zone, Client.id).where(Client.id == p("of_client"), readable(Client)))
_GOAL = Query(
    select(Goal.id).where(Goal.id == p("id"), Goal.client_id == p("of_client"), treated(Goal))
)


async def create(work: Work, client_id: str, asked: AssignmentCreate) -> Row:
    """Homework for a client, proposed, or active with its slot when it was agreed in session.

    Raises as `care.treated_episode` does, and Invalid for an exercise or goal that is not there.
    """
    episode_id = await care.treated_episode(
        work, client_id, str(asked.episode_id) if asked.episode_id else None
    )
    exercise = await library.to_assign(work, str(asked.exercise_id))
    if exercise is None or exercise["is_retired"]:
        raise _field("exercise_id", "homework.exercise", "This exercise cannot be assigned.")
    await _check_goal(work, client_id, asked.goal_id)
    zone = asked.zone
    if zone is None:
        found: Any = await work.row(_ZONE, of_client=client_id)
        zone = found["zone"]
    texts = exercise["texts"].value
    opens_at = asked.opens_at or now()
    _check_window(opens_at, asked.due_at, asked.closes_at)
    assignment_id = new_id()
    values: dict[str, Any] = {
        "id": assignment_id,
        "client_id": client_id,
        "episode_id": episode_id,
        "goal_id": str(asked.goal_id) if asked.goal_id else None,
        "library_id": exercise["library_id"],
        "exercise_version_id": exercise["exercise_version_id"],
        "status": "active" if asked.agreed else "proposed",
        "areas": list(exercise["areas"] if asked.areas is None else asked.areas),
        "opens_at": opens_at,
        "due_at": asked.due_at,
        "closes_at": asked.closes_at,
        "zone": zone,
        "late_policy": asked.late_policy,
        "assigned_by": work.actor.user_id,
    }
    words = {
        "title": asked.title or texts["title"],
        "rationale": asked.rationale,
        "instructions": asked.instructions or texts.get("instructions"),
        "minimum_version": asked.minimum_version or texts.get("minimum"),
    }
    await work.add(Assignment, words=words, **values)
    if asked.agreed:
        await planning.plan(work, await planning.needed(work, client_id, assignment_id))
    work.tell("homework.agreed" if asked.agreed else "homework.proposed", assignment_id, client_id)
    return await get(work, assignment_id)


async def get(work: Work, assignment_id: str) -> Row:
    """One assignment, for staff who may read it. Raises as `work.nothing` does."""
    row = await work.row(_ONE, id=assignment_id)
    if row is None:
        await work.nothing(Assignment, assignment_id)
    return row


async def list_of(
    work: Work, client_id: str, *, after: str, limit: int, status: str | None
) -> list[Row]:
    """A client's assignments, newest first, one past the limit."""
    rows = await work.rows(_LIST, of_client=client_id, after=after, limit=limit + 1, status=status)
    if not rows:
        await care.demand_readable(work, client_id)
    return rows


async def update(work: Work, assignment_id: str, asked: AssignmentUpdate) -> Row:
    """Change words and window. Slots that are open, answered or past stay as they are.

    Raises Conflict in a state that is over, VersionRequired, Stale, Invalid.
    """
    current = await _treated(work, assignment_id)
    if current["status"] not in CHANGEABLE:
        states.refuse("homework", STATES, current["status"], "changed")
    given = asked.model_dump(exclude_unset=True)
    await _check_goal(work, current["client_id"], given.get("goal_id"))
    seen = preconditions.demand(work, current["version"])
    values: dict[str, Any] = {
        name: given.get(name, current[name])
        for name in ("areas", "opens_at", "due_at", "closes_at", "late_policy")
    }
    _check_window(values["opens_at"], values["due_at"], values["closes_at"])
    goal_id = given.get("goal_id", current["goal_id"])
    await work.change(
        Assignment,
        assignment_id,
        seen,
        client_id=current["client_id"],
        words={name: given.get(name, current[name]) for name in WORDS},
        goal_id=str(goal_id) if goal_id else None,
        **values,
    )
    await planning.replan(work, await planning.needed(work, current["client_id"], assignment_id))
    work.tell("homework.changed", assignment_id, current["client_id"])
    return await get(work, assignment_id)


async def withdraw(work: Work, assignment_id: str) -> Row:
    """Take a proposal back. Raises Conflict once it was answered."""
    current = await _treated(work, assignment_id)
    if current["status"] == "withdrawn":
        return current
    states.demand("homework", STATES, current["status"], "withdrawn")
    seen = preconditions.demand(work, current["version"])
    await work.change(Assignment, assignment_id, seen, status="withdrawn")
    work.tell("homework.withdrawn", assignment_id, current["client_id"])
    return await get(work, assignment_id)


async def _treated(work: Work, assignment_id: str) -> Row:
    row = await work.row(_TREATED, id=assignment_id)
    if row is None:
        await get(work, assignment_id)
        raise not_on_care_team()
    return row


async def _check_goal(work: Work, client_id: str, goal_id: Any) -> None:
    if goal_id is None:
        return
    if await work.row(_GOAL, id=str(goal_id), of_client=client_id) is None:
        raise _field("goal_id", "homework.goal", "This client has no such goal.")


def _check_window(opens_at: datetime, due_at: datetime | None, closes_at: datetime | None) -> None:
    for name, later in (("due_at", due_at), ("closes_at", closes_at)):
        if later is not None and later <= opens_at:
            raise _field(name, "homework.window", "The window would close before it opens.")
    if due_at is not None and closes_at is not None and closes_at < due_at:
        raise _field("closes_at", "homework.window", "The window would close before it is due.")


def _field(name: str, code: str, detail: str) -> Invalid:
    return Invalid(code, detail, errors=[{"pointer": f"/{name}", "code": code, "detail": detail}])
