"""That a submission was read: once for each version, with words to the client or the team."""

from typing import Any

from sqlalchemy import Boolean, Integer, select, update

from app.access.visible import treated
from app.core.clock import now
from app.core.errors import Conflict
from app.core.ids import new_id
from app.core.statements import Query, p
from app.homework import attention_opening, submissions
from app.homework.models import Occurrence, Review, Submission, TeamComment
from app.homework.sent import ReviewCreate
from app.homework.slot_entries import leads
from app.homework.visibility import NOTHING, slot_told
from app.operation import preconditions
from app.operation.failures import not_on_care_team
from app.operation.work import Row, Work

_TREATED = Query(
    select(
        Submission.id,
        Submission.client_id,
        Submission.version,
        Submission.number,
        Submission.reviewed_number,
        Submission.occurrence_id,
        Submission.withdrawn_at,
        Submission.attention_level,
        Submission.guardian_id,
        Submission.guardian_level,
        Submission.guardian_version,
        Submission.guardian_changed_at,
        Submission.changed_at,
        leads(Submission).label("leads"),
    ).where(Submission.id == p("id"), submissions.SHOWN, treated(Submission))
)
_SETTLE = Query(
    update(Occurrence)
    .where(
        Occurrence.practice_id == p("practice_id"),
        Occurrence.client_id == p("of_client"),
        Occurrence.id == p("id"),
    )
    .values(status="reviewed", **slot_told(p("quiet", Boolean())))
)
_THERE = Query(
    select(Review.id, Review.client_id, Review.user_id, Review.comment, Review.commented_by).where(
        Review.practice_id == p("practice_id"),
        Review.submission_id == p("id"),
        Review.number == p("number", Integer()),
    )
)


async def review(work: Work, submission_id: str, asked: ReviewCreate) -> Row:
    """Say that a version was read. The same caller saying the same again changes nothing.

    Where it was read without words to the client, they may follow, once, from whoever treats.
    Raises Conflict `homework.newer` when the client sent a newer version meanwhile, and
    `homework.reviewed` when a colleague reviewed it before, or the caller in other words;
    VersionRequired, Stale; and as `work.nothing` does.
    """
    current = await work.row(_TREATED, id=submission_id)
    if current is None:
        await submissions.get(work, submission_id)
        raise not_on_care_team()
    if asked.number != current["number"]:
        raise Conflict(
            "homework.newer",
            "There is another version of this submission. Read it, then review that one.",
            number=current["number"],
        )
    if current["reviewed_number"] == asked.number:
        there: Any = await work.row(_THERE, id=submission_id, number=asked.number)
        if there["comment"] is None and asked.comment is not None:
            return await _comment(work, current, there, asked)
        if work.actor.user_id not in (there["user_id"], there["commented_by"]):
            raise Conflict("homework.reviewed", "A colleague has reviewed this version already.")
        return _same(await submissions.get(work, submission_id), asked)
    seen = preconditions.demand(work, current["version"])
    client_id = current["client_id"]
    await work.add(
        Review,
        id=new_id(),
        client_id=client_id,
        submission_id=submission_id,
        number=asked.number,
        user_id=work.actor.user_id,
        comment=asked.comment,
        guardian_id=current["guardian_id"],
        guardian_level=current["guardian_level"],
    )
    await _tell_team(work, current, asked)
    # The slot first, as whoever sends does: so neither waits for the other in a circle.
    if current["withdrawn_at"] is None and current["leads"]:
        quiet = current["guardian_level"] == NOTHING and current["guardian_id"] is None
        slot_id = current["occurrence_id"]
        await work.run(_SETTLE, of_client=client_id, id=slot_id, quiet=quiet)
    await work.change(
        Submission, submission_id, seen, reviewed_number=asked.number, **_told(current)
    )
    if current["attention_level"] == "urgent":
        await attention_opening.settle(work, Submission, submission_id)
    work.tell("homework.reviewed", submission_id, client_id)
    return await submissions.get(work, submission_id)


async def _comment(work: Work, current: Row, there: Row, asked: ReviewCreate) -> Row:
    """Add the words to a review that has none."""
    submission_id, client_id = current["id"], current["client_id"]
    seen = preconditions.demand(work, current["version"])
    # First what has a version: of two who write at once, one is told that it has changed.
    await work.change(
        Submission, submission_id, seen, reviewed_number=asked.number, **_told(current)
    )
    await work.alter(
        Review,
        there["id"],
        client_id=client_id,
        comment=asked.comment,
        commented_at=now(),
        commented_by=work.actor.user_id,
    )
    await _tell_team(work, current, asked)
    work.tell("homework.reviewed", submission_id, client_id)
    return await submissions.get(work, submission_id)


async def _tell_team(work: Work, current: Row, asked: ReviewCreate) -> None:
    if asked.team_comment is not None:
        await work.add(
            TeamComment,
            id=new_id(),
            client_id=current["client_id"],
            submission_id=current["id"],
            user_id=work.actor.user_id,
            comment=asked.team_comment,
        )


def _told(current: Row) -> Row:
    """What guardians are told of it: nothing, where they only see that it was sent."""
    version, at = current["guardian_version"], current["guardian_changed_at"]
    if current["guardian_level"] == NOTHING:
        return {
            "guardian_version": version or current["version"],
            "guardian_changed_at": at or current["changed_at"],
        }
    return (
        {} if version is None else {"guardian_version": version + 1, "guardian_changed_at": now()}
    )


def _same(read: Row, asked: ReviewCreate) -> Row:
    """The submission, when the review there is says nothing less than this one."""
    said = read["review"]["comment"]
    told = {one["comment"].value for one in read["team_comments"]} | {None}
    if asked.comment in (None, said.value if said else None) and asked.team_comment in told:
        return read
    raise Conflict(
        "homework.reviewed",
        "You have reviewed this version already. What was said then stays, and nothing is added.",
    )
