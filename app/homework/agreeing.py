"""The client's side of an assignment: seen, accepted, declined."""

from sqlalchemy import and_, select

from app.access.visible import own
from app.core.clock import now
from app.core.statements import Query, p
from app.homework import assignments, planning
from app.homework.models import Assignment
from app.homework.schemas import AcceptRequest, DeclineRequest
from app.operation import preconditions, states
from app.operation.work import Row, Work

# A therapist's draft is not the client's yet.
_THEIRS = and_(own(Assignment), Assignment.status != "draft", Assignment.status != "discarded")
_MY_LIST = assignments.page_of(assignments.MINE, _THEIRS)
_MY_ONE = Query(select(*assignments.MINE).where(Assignment.id == p("id"), _THEIRS))


async def my_list(work: Work, *, after: str, limit: int, status: str | None) -> list[Row]:
    """The client's assignments, newest first, one past the limit; drafts are not theirs yet."""
    rows = await work.rows(
        _MY_LIST, of_client=work.client_id, after=after, limit=limit + 1, status=status
    )
    return [shape(row) for row in rows]


async def mine(work: Work, assignment_id: str) -> Row:
    """One of the client's own assignments. Raises NotFound."""
    row = await work.row(_MY_ONE, id=assignment_id)
    if row is None:
        await work.nothing(Assignment, assignment_id)
    return shape(row)


async def accept(work: Work, assignment_id: str, asked: AcceptRequest) -> Row:
    """The client agrees; the slot comes to be. Saying so again changes nothing.

    Raises NotFound, Conflict, VersionRequired or Stale.
    """
    current = await mine(work, assignment_id)
    if current["status"] == "active":
        return current
    states.demand(
        "homework",
        {name: assignments.STATES[name] & {"active"} for name in ("proposed", "declined")},
        current["status"],
        "active",
    )
    seen = preconditions.demand(work, current["version"])
    await work.change(
        Assignment,
        assignment_id,
        seen,
        status="active",
        confidence=asked.confidence,
        answered_at=now(),
        decline_reason=None,
        decline_words=None,
    )
    await planning.plan(work, await planning.needed(work, work.client_id, assignment_id))
    work.tell("homework.accepted", assignment_id, work.client_id)
    return await mine(work, assignment_id)


async def decline(work: Work, assignment_id: str, asked: DeclineRequest) -> Row:
    """The client says no, or not now; a legitimate answer. Saying so again changes nothing.

    Raises NotFound, Conflict, VersionRequired or Stale.
    """
    current = await mine(work, assignment_id)
    if current["status"] == "declined":
        return current
    states.demand(
        "homework",
        {"proposed": frozenset({"active", "declined"})},
        current["status"],
        "declined",
    )
    seen = preconditions.demand(work, current["version"])
    await work.change(
        Assignment,
        assignment_id,
        seen,
        client_id=work.client_id,
        status="declined",
        decline_reason=asked.reason,
        decline_words=asked.words,
        answered_at=now(),
    )
    work.tell("homework.declined", assignment_id, work.client_id)
    return await mine(work, assignment_id)


def shape(row: Row) -> Row:
    """An assignment's row as its client sees it."""
    del row["client_id"]
    return row
