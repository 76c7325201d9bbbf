"""A client takes back what they sent."""

from typing import Any, Final

from sqlalchemy import and_, case, false, func, or_, select, update
from sqlalchemy.orm import aliased

from app.access.visible import own
from app.core.statements import Query, p
from app.files import using
from app.homework import my_submissions, storing, visibility
from app.homework.models import Assignment, Occurrence, Submission
from app.homework.senders import demand_own, sender
from app.homework.slot_entries import of_slot
from app.homework.visibility import NOTHING, head_told
from app.operation import preconditions
from app.operation.work import Row, Work

_another = aliased(Submission)
_HEAD = Query(
    select(
        Submission.id,
        Submission.client_id,
        Submission.version,
        Submission.number,
        Submission.withdrawn_at,
        Submission.reviewed_number,
    ).where(own(Submission), Submission.id == p("id"))
)
_WITHDRAWN = (
    update(Submission)
    .where(own(Submission), Submission.id == p("submission_id"))
    .values(
        withdrawn_at=func.now(),
        guardian_level=NOTHING,
        **head_told(false()),
    )
)
_WITHDRAW = Query(_WITHDRAWN)
"""Takes back what was reviewed: it is marked, and nothing else changes."""
_GOES_ON: Final = (
    select(Assignment.id)
    .where(
        own(Assignment),
        Assignment.id == Occurrence.assignment_id,
        or_(Assignment.status == "active", Assignment.status == "paused"),
    )
    .exists()
)
_OTHERS_STATE: Final = (
    select(case((_another.reviewed_number == _another.number, "reviewed"), else_="submitted"))
    .where(of_slot(_another), _another.id != p("submission_id"), _another.withdrawn_at.is_(None))
    .order_by(_another.guardian_id.is_not(None), _another.id)
    .limit(1)
    .correlate(Occurrence)
    .scalar_subquery()
)
_REOPEN = Query(
    update(Occurrence)
    .where(own(Occurrence), Occurrence.id == p("occurrence_id"))
    .values(
        status=func.coalesce(
            _OTHERS_STATE,
            # A slot that was made for the work alone, or of homework that is over, opens for
            # nobody.
            case((and_(_GOES_ON, Occurrence.is_extra.is_(False)), "upcoming"), else_="cancelled"),
        ),
        version=Occurrence.version + 1,
        changed_at=func.now(),
    )
    .add_cte(_WITHDRAWN.returning(Submission.id).cte("head"))
)
"""Takes back what nobody has reviewed: the slot is as if it had not come."""


async def withdraw(work: Work, submission_id: str, seen: preconditions.Seen | None) -> Row:
    """Take it back; the submission as its sender sees it. Saying so again changes nothing.

    What nobody has reviewed is hidden from staff, and its slot is open again, or has passed; that
    something needed attention stays. What was reviewed is kept, and marked as withdrawn. Raises
    NotFound, Forbidden for what somebody else sent, VersionRequired and Stale.
    """
    slot = await work.row(storing.SLOT_OF[work.actor.capacity], id=submission_id, **sender(work))
    if slot is None:
        await work.nothing(Submission, submission_id)
    demand_own(work, slot)
    head: Any = await work.row(_HEAD, id=submission_id)
    if head["withdrawn_at"] is None:
        preconditions.demand_seen(seen, head["version"])
        if head["reviewed_number"] is None:
            await work.run(_REOPEN, submission_id=submission_id, occurrence_id=slot["id"])
        else:
            await work.run(_WITHDRAW, submission_id=submission_id)
        if head["reviewed_number"] == head["number"]:
            await using.keep_for_staff(work, submission_id)
        await using.take_back(work, submission_id)
        below = head["number"] + 1
        await visibility.narrow(work, submission_id, below=below, guardians=NOTHING, staff=NOTHING)
        work.tell("homework.withdrawn", submission_id, work.client_id)
    return await my_submissions.mine(work, submission_id)
