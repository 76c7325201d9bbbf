"""The client's side of an assignment: seen, accepted, made smaller or larger, declined, ended."""

from typing import Any, Final

from sqlalchemy import and_, select
from sqlalchemy.dialects.postgresql import ARRAY

from app.access.visible import own
from app.core.clock import now
from app.core.errors import Forbidden
from app.core.statements import UUID_TEXT, Query, p
from app.homework import assignments, sizes, stating
from app.homework.models import Assignment
from app.homework.wanted import AcceptRequest, DeclineRequest, EndRequest
from app.operation import states
from app.operation.work import Row, Work

# A therapist's draft is not the client's yet.
THEIRS: Final = and_(
    own(Assignment), Assignment.status != "draft", Assignment.status != "discarded"
)
_MY_LIST = assignments.page_of(assignments.MINE, THEIRS)
_SEVERAL = Query(
    select(*assignments.MINE).where(Assignment.id == p("ids", ARRAY(UUID_TEXT)).any_(), THEIRS)
)
_MY_ONE = Query(
    select(*assignments.MINE, Assignment.moved_by, Assignment.episode_id).where(
        Assignment.id == p("id"), THEIRS
    )
)


async def my_list(work: Work, *, after: str, limit: int, status: str | None) -> list[Row]:
    """The client's assignments, newest first, one past the limit; drafts are not theirs yet."""
    rows = await work.rows(
        _MY_LIST, of_client=work.client_id, after=after, limit=limit + 1, status=status
    )
    return [shape(work, row) for row in rows]


async def several(work: Work, ids: list[str]) -> list[Row]:
    """Those of the client's own assignments that have these ids; one taken back is not among
    them."""
    rows = await work.rows(_SEVERAL, ids=ids)
    return [shape(work, row) for row in rows if row["status"] != "withdrawn"]


async def mine(work: Work, assignment_id: str) -> Row:
    """One of the client's own assignments. Raises NotFound."""
    return shape(work, await stored(work, assignment_id))


async def stored(work: Work, assignment_id: str) -> Row:
    """One of the client's own assignments as it is stored. Raises NotFound."""
    row = await work.row(_MY_ONE, id=assignment_id)
    if row is None:
        await work.nothing(Assignment, assignment_id)
    row.setdefault("steps", [])
    return row


async def accept(
    work: Work, assignment_id: str, asked: AcceptRequest, *, seen: int | None = None
) -> tuple[Row, bool]:
    """The client agrees, and the slots come to be; or takes less of it or more, then or later.

    The assignment, and whether anything is new. `seen` is the version they saw; without it,
    If-Match tells. Raises NotFound, Forbidden for a guardian who would change the client's own
    answer, Conflict, VersionRequired or Stale.
    """
    current = await stored(work, assignment_id)
    if current["status"] == "active":
        return await _accept_again(work, current, asked, seen)
    stating.demand(current, "active", frozenset({"proposed", "declined"}))
    if current["status"] == "declined":
        _demand_theirs(work, current)
    values: Row = {"confidence": asked.confidence} | sizes.taken(current, asked.take)
    values["answered_as"] = work.actor.capacity
    await stating.move(
        work,
        current,
        "active",
        told="homework.accepted",
        seen=seen,
        answered_at=now(),
        **values,
    )
    return await mine(work, assignment_id), True


async def decline(
    work: Work, assignment_id: str, asked: DeclineRequest, *, seen: int | None = None
) -> tuple[Row, bool]:
    """The client says no, or not now; a legitimate answer. Saying so again changes nothing.

    Answers and raises as `accept` does.
    """
    current = await stored(work, assignment_id)
    if stating.is_there(work, current, "declined"):
        return shape(work, current), False
    stating.demand(current, "declined")
    await stating.move(
        work,
        current,
        "declined",
        told="homework.declined",
        seen=seen,
        decline_reason=asked.reason,
        decline_words=asked.words,
        answered_at=now(),
        answered_as=work.actor.capacity,
    )
    return await mine(work, assignment_id), True


async def end(
    work: Work, assignment_id: str, asked: EndRequest, *, seen: int | None = None
) -> tuple[Row, bool]:
    """The client stops here, with words if wanted. Answers and raises as `accept` does."""
    current = await stored(work, assignment_id)
    if stating.is_there(work, current, "ended"):
        return shape(work, current), False
    _demand_theirs(work, current)
    stating.demand(current, "ended")
    await stating.move(
        work, current, "ended", told="homework.ended", seen=seen, ended_words=asked.words
    )
    return await mine(work, assignment_id), True


def _demand_theirs(work: Work, current: Row) -> None:
    """Raises Forbidden `homework.clients_answer` for a guardian, where no guardian said yes or no:
    what the client answered, or agreed in session, is the client's."""
    if work.actor.capacity == "guardian" and current["answered_as"] != "guardian":
        raise Forbidden(
            "homework.clients_answer",
            "The client has answered this, or agreed it in session, and may change it with their"
            " therapist. Talk about it with them.",
        )


async def _accept_again(
    work: Work, current: Row, asked: AcceptRequest, seen: int | None
) -> tuple[Row, bool]:
    wanted = sizes.taken(current, asked.take)
    if asked.confidence is not None:
        wanted["confidence"] = asked.confidence
    values = {name: value for name, value in wanted.items() if value != current[name]}
    if values:
        _demand_theirs(work, current)
        version = stating.demand_seen(work, current, seen)
        await work.change(Assignment, current["id"], version, **values)
        work.tell("homework.sized", current["id"], work.client_id)
        return await mine(work, current["id"]), True
    if asked.take is None and not stating.is_there(work, current, "active"):
        states.refuse("homework", stating.STATES, "active", "accepted")
    return shape(work, current), False


def shape(work: Work, row: Row) -> Row:
    """An assignment's row as its client sees it. How sure the client is, a guardian does not."""
    seen: dict[str, Any] = assignments.with_rule(row)
    if work.actor.capacity == "guardian" and seen["answered_as"] != "guardian":
        seen["confidence"] = None
    for hidden in ("client_id", "moved_by", "episode_id"):
        seen.pop(hidden, None)
    seen["smaller"], seen["larger"] = sizes.smaller(seen), sizes.larger(seen)
    return seen
