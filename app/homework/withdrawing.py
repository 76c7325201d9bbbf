"""A client takes back what they sent."""

from typing import Any

from app.files import using
from app.homework import my_submissions, storing
from app.homework.models import Submission
from app.operation import preconditions
from app.operation.work import Row, Work


async def withdraw(work: Work, submission_id: str, seen: preconditions.Seen | None) -> Row:
    """Take it back; the submission as its client sees it. Saying so again changes nothing.

    What nobody has reviewed is hidden from staff, and its slot is open again, or has passed; that
    something needed attention stays. What was reviewed is kept, and marked as withdrawn. Raises
    NotFound, VersionRequired and Stale.
    """
    slot = await work.row(storing.SLOT_OF, id=submission_id)
    if slot is None:
        await work.nothing(Submission, submission_id)
    head: Any = await work.row(storing.HEAD, id=submission_id)
    if head["withdrawn_at"] is None:
        preconditions.demand_seen(seen, head["version"])
        if head["reviewed_number"] is None:
            await work.run(storing.REOPEN, submission_id=submission_id, occurrence_id=slot["id"])
        else:
            await work.run(storing.WITHDRAW, submission_id=submission_id)
        await using.take_back(work, submission_id)
        work.tell("homework.withdrawn", submission_id, work.client_id)
    return await my_submissions.mine(work, submission_id)
