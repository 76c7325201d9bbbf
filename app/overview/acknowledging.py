"""Many submissions read at once, without words: their clients see that they were read."""

from sqlalchemy import and_, column, func, insert, select, update
from sqlalchemy.dialects.postgresql import ARRAY

from app.access.visible import treated
from app.core.ids import new_id
from app.core.statements import UUID_TEXT, Query, p
from app.homework import visibility
from app.homework.models import Occurrence, Review, Submission
from app.homework.slot_entries import leads
from app.operation.work import Row, Work
from app.overview.schemas import AcknowledgeRequest

_IDS = p("ids", ARRAY(UUID_TEXT))
# Slots first and in one order, as whoever sends or reviews does: nobody waits in a circle.
_SLOTS = Query(
    select(Occurrence.id, Occurrence.client_id)
    .join(
        Submission,
        and_(
            Submission.practice_id == Occurrence.practice_id,
            Submission.client_id == Occurrence.client_id,
            Submission.occurrence_id == Occurrence.id,
        ),
    )
    .where(Submission.id == _IDS.any_(), treated(Submission))
    .order_by(Occurrence.id)
    .with_for_update(of=Occurrence)
)
_ASKED = Query(
    select(
        Submission.id,
        Submission.client_id,
        Submission.number,
        Submission.reviewed_number,
        Submission.attention_level,
        Submission.withdrawn_at,
    )
    .where(Submission.id == _IDS.any_(), treated(Submission))
    .order_by(Submission.id)
    .with_for_update(of=Submission)
)
_given = (
    func.unnest(_IDS, p("review_ids", ARRAY(UUID_TEXT)))
    .table_valued(column("submission_id", UUID_TEXT), column("review_id", UUID_TEXT))
    .render_derived()
)
_read = (
    update(Submission)
    .where(Submission.id == _IDS.any_(), treated(Submission))
    .values(
        reviewed_number=Submission.number,
        **visibility.head_told(Submission.guardian_level == visibility.NOTHING),
    )
    .returning(
        Submission.practice_id,
        Submission.client_id,
        Submission.id,
        Submission.number,
        Submission.occurrence_id,
        Submission.guardian_id,
        Submission.guardian_level,
    )
    .cte("read")
)
_QUIET = and_(_read.c.guardian_level == visibility.NOTHING, _read.c.guardian_id.is_(None))
_settled = (
    update(Occurrence)
    .where(
        and_(
            Occurrence.practice_id == _read.c.practice_id,
            Occurrence.client_id == _read.c.client_id,
            Occurrence.id == _read.c.occurrence_id,
            leads(_read.c),
        )
    )
    .values(status="reviewed", **visibility.slot_told(_QUIET))
    .cte("settled")
)
_READ = Query(
    insert(Review)
    .from_select(
        [
            "practice_id",
            "id",
            "client_id",
            "submission_id",
            "number",
            "user_id",
            "guardian_id",
            "guardian_level",
        ],
        select(
            _read.c.practice_id,
            _given.c.review_id,
            _read.c.client_id,
            _read.c.id,
            _read.c.number,
            p("me"),
            _read.c.guardian_id,
            _read.c.guardian_level,
        ).join(_given, _given.c.submission_id == _read.c.id),
    )
    .add_cte(_settled)
)


async def acknowledge(work: Work, asked: AcknowledgeRequest) -> list[Row]:
    """What became of each, in the order asked: three statements, however many there are.

    `acknowledged`, `already` (by whomever), `newer` (the client sent another version; its number
    stands beside it), `needs_attention` (read it by itself), `not_found`.
    """
    ids = sorted({str(one.submission_id) for one in asked.items})
    await work.run(_SLOTS, ids=ids)
    there = {row["id"]: row for row in await work.rows(_ASKED, ids=ids)}
    items, fresh = [], set()
    for one in asked.items:
        row = there.get(str(one.submission_id))
        result = _result(row, one.number)
        number = None if row is None or result == "not_found" else row["number"]
        items.append({"submission_id": one.submission_id, "result": result, "number": number})
        if row is not None and result == "acknowledged":
            fresh.add(row["id"])
    if fresh:
        await work.run(_READ, ids=(read := sorted(fresh)), review_ids=[new_id() for _ in read])
        for submission_id in read:
            work.tell("homework.reviewed", submission_id, there[submission_id]["client_id"])
    return items


def _result(row: Row | None, number: int) -> str:
    if row is None:
        return "not_found"
    if row["reviewed_number"] == row["number"]:
        return "already"
    if row["attention_level"] is not None:
        return "needs_attention"
    if row["withdrawn_at"] is not None:
        return "not_found"
    return "acknowledged" if number == row["number"] else "newer"
