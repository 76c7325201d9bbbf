"""What the caller was told of because nobody who treats the client opened it."""

from typing import Any, Final

from sqlalchemy import Text, and_, case, func, literal_column, or_, select, update

from app.access.grounds import Membership
from app.access.visible import told
from app.core.database import Json
from app.core.statements import Query, p
from app.homework.attention_notices import AttentionNotice
from app.operation.work import Row, Work

MOST: Final = 100


def _word(text: str) -> Any:
    return literal_column(f"'{text}'", Text())


IS_SHOWN: Final = (
    told(AttentionNotice),
    or_(AttentionNotice.why == _word("on_call"), AttentionNotice.why == _word("owner")),
    AttentionNotice.due_at <= func.now(),
    AttentionNotice.settled_at.is_(None),
)
"""Told to the caller, who does not treat the client; it waits until it is reviewed."""
COLUMNS: Final = (
    AttentionNotice.id.label("notice_id"),
    AttentionNotice.client_id.label("notice_of"),
    AttentionNotice.client_name,
    case((AttentionNotice.submission_id.is_not(None), "submission"), else_="repetition").label(
        "notice_kind"
    ),
    func.coalesce(AttentionNotice.submission_id, AttentionNotice.repetition_id).label(
        "notice_about"
    ),
    AttentionNotice.reasons,
    AttentionNotice.due_at.label("told_at"),
    AttentionNotice.opened_at,
)
_ONE = Query(
    select(*COLUMNS, Membership.user_id.label("opener_id"), Membership.words.label("opener"))
    .outerjoin(
        Membership,
        and_(
            Membership.practice_id == AttentionNotice.practice_id,
            Membership.user_id == AttentionNotice.opened_by,
        ),
    )
    .where(*IS_SHOWN, AttentionNotice.id == p("id"))
)
_OPEN = Query(
    update(AttentionNotice)
    .where(*IS_SHOWN, AttentionNotice.id == p("id"), AttentionNotice.opened_at.is_(None))
    .values(opened_at=func.now(), opened_by=p("me"))
)


async def open_notice(work: Work, notice_id: str) -> Row:
    """Say that the caller has seen it, so that nobody else is told; saying so again changes
    nothing. Raises NotFound."""
    await work.run(_OPEN, id=notice_id)
    row = await work.row(_ONE, id=notice_id)
    if row is None:
        await work.nothing(AttentionNotice, notice_id)
    return shown(row, row["opener"])


def shown(row: Row, opener: Json | None) -> Row:
    """Return a row with `COLUMNS` as it is shown, beside the words of the member who opened it."""
    return {
        "id": row["notice_id"],
        "client_id": row["notice_of"],
        "client": row["client_name"].value if row["client_name"] else None,
        "kind": row["notice_kind"],
        "about_id": row["notice_about"],
        "attention_reasons": row["reasons"],
        "told_at": row["told_at"],
        "opened_at": row["opened_at"],
        "opened_by": opener.value["name"] if opener is not None else None,
    }
