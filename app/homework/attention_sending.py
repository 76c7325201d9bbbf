"""The mails about what is urgent: each that is due goes out, and what became of it is written down.

Two workers never send one row at the same time. A worker that dies between sending a mail and
writing that down sends it again: a second mail does less harm than none.
"""

from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import structlog
from sqlalchemy import Integer, Text, and_, func, or_, select, update
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import aliased

from app.access.grounds import Membership
from app.access.practice import Practice
from app.accounts.models import User
from app.core.clock import now
from app.core.database import Instant
from app.core.statements import UUID_TEXT, Query, p
from app.homework.attention_notices import AttentionNotice
from app.homework.attention_recipients import meets_nobody
from app.jobs import mail
from app.jobs.codes import LOST, code_of
from app.jobs.registry import NotDone
from app.operation.work import Row, Work
from app.practices.presence import is_away

BATCH: Final = 10
BUSY: Final = timedelta(minutes=5)
"""So long a worker has for a batch: a row it took is no other's before."""

TEXTS = mail.templates(Path(__file__).parent / "mails")
_log = structlog.get_logger("praxis.jobs")

other = aliased(AttentionNotice)
OF_PRACTICE: Final = AttentionNotice.practice_id == p("practice_id")


def has_beside(*where: Any) -> Any:
    """A notice of the same subject is so; in `where` it is called `other`."""
    return (
        select(other.id)
        .where(
            other.practice_id == AttentionNotice.practice_id,
            other.subject_id == AttentionNotice.subject_id,
            *where,
        )
        .exists()
    )


_DUE = Query(
    select(
        AttentionNotice.id,
        AttentionNotice.client_id,
        AttentionNotice.subject_id,
        AttentionNotice.user_id,
        Practice.name.label("practice"),
        or_(
            is_away(Membership),
            User.deactivated_at.is_not(None),
            meets_nobody(AttentionNotice.user_id, AttentionNotice.client_id),
        ).label("is_away"),
    )
    .join(Practice, Practice.practice_id == AttentionNotice.practice_id)
    .join(
        Membership,
        and_(
            Membership.practice_id == AttentionNotice.practice_id,
            Membership.user_id == AttentionNotice.user_id,
        ),
    )
    .join(User, User.id == AttentionNotice.user_id)
    .where(
        OF_PRACTICE,
        AttentionNotice.due_at <= func.now(),
        AttentionNotice.outcome.is_(None),
        AttentionNotice.opened_at.is_(None),
        or_(AttentionNotice.tried_at.is_(None), AttentionNotice.tried_at < func.now() - BUSY),
        ~has_beside(other.opened_at.is_not(None)),
    )
    .order_by(AttentionNotice.due_at, AttentionNotice.id)
    .limit(p("most", Integer()))
    .with_for_update(of=AttentionNotice, skip_locked=True)
)
_ADDRESS = Query(
    select(User.id.label("user_id"), User.words).where(User.id == p("user_id", UUID_TEXT))
)
_IDS: Final = AttentionNotice.id == p("ids", ARRAY(UUID_TEXT)).any_()
_TAKE = Query(update(AttentionNotice).where(OF_PRACTICE, _IDS).values(tried_at=p("at", Instant())))
_MARK = Query(
    update(AttentionNotice)
    .where(OF_PRACTICE, AttentionNotice.id == p("id"))
    .values(outcome=p("outcome", Text()), sent_at=p("sent_at", Instant()))
)
# Nobody else whose turn it was can be reached: the others do not wait any longer.
_HURRY = Query(
    update(AttentionNotice)
    .where(
        OF_PRACTICE,
        AttentionNotice.subject_id == p("subject_id"),
        AttentionNotice.outcome.is_(None),
        AttentionNotice.due_at > func.now(),
        ~has_beside(
            other.id != p("id"),
            other.due_at <= func.now(),
            or_(other.outcome.is_(None), other.outcome == "sent"),
            other.user_id.is_not(None),
        ),
    )
    .values(due_at=func.now())
)


async def send_due(work: Work, practice_id: str) -> str | None:
    """Send what is due; the code of a failure that will pass, if there was one."""
    code = None
    while True:
        async with work.visit(capacity="job", practice_id=practice_id):
            due = await work.rows(_DUE, most=BATCH)
            await work.run(_TAKE, ids=[row["id"] for row in due], at=now())
        if not due:
            return code
        for row in due:
            try:
                outcome = "away" if row["is_away"] else await _send(work, practice_id, row)
            except NotDone as failure:
                code = failure.code
            else:
                await _note(work, practice_id, row, outcome)


async def _note(work: Work, practice_id: str, row: Row, outcome: str | None) -> None:
    """Write down what became of a mail, and let others be told at once where it did not arrive."""
    async with work.visit(capacity="job", practice_id=practice_id):
        if outcome is not None:
            sent_at = now() if outcome == "sent" else None
            await work.run(_MARK, id=row["id"], outcome=outcome, sent_at=sent_at)
        if outcome != "sent":
            await work.run(_HURRY, subject_id=row["subject_id"], id=row["id"])


async def _send(work: Work, practice_id: str, row: Row) -> str | None:
    """What became of one mail; None: something unforeseen, and it is tried again later, while the
    others are told. Raises NotDone where it will pass by itself."""
    try:
        await _hand_over(work, practice_id, row)
    except LOST:
        raise
    except NotDone as failure:
        if failure.permanent:
            return "bounced"
        raise
    except Exception as failure:
        code = code_of(failure, work.request_id)
        _log.error("attention_unsent", code=code, practice_id=practice_id)
        return None
    return "sent"


async def _hand_over(work: Work, practice_id: str, row: Row) -> None:
    settings = work.house.settings
    async with work.visit(capacity="job", practice_id=practice_id):
        login = await work.row(_ADDRESS, user_id=row["user_id"])
    letter = mail.write(
        settings,
        TEXTS,
        "attention",
        login["email"] if login else "",
        practice=" ".join(row["practice"].split()),
        link=settings.public_url,
    )
    await mail.mailer(settings).send(letter)
