"""What is urgent is told by mail: at once to the care team, later to others if nobody opens it.

Who is told, and when, are rows; the worker sends what is due. Two workers never send one row at
the same time. A worker that dies between sending a mail and writing that down sends it again: a
second mail does less harm than none.
"""

from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import structlog
from sqlalchemy import Integer, Text, and_, func, null, or_, select, update
from sqlalchemy.dialects.postgresql import ARRAY, distinct_on, insert
from sqlalchemy.orm import aliased

from app.access.grounds import Membership
from app.access.practice import Practice
from app.accounts.models import User
from app.core.clock import now
from app.core.database import Instant
from app.core.ids import new_id
from app.core.statements import UUID_TEXT, Query, p
from app.homework.along import Repetition
from app.homework.attention import is_level
from app.homework.attention_notices import AttentionNotice
from app.homework.attention_recipients import meets_nobody, recipients
from app.homework.models import Submission, SubmissionVersion
from app.jobs import mail
from app.jobs.everywhere import in_each_practice
from app.jobs.registry import Event, NotDone, acting, on, regularly
from app.operation.work import Row, Work
from app.practices.presence import is_away

BATCH: Final = 10
BUSY: Final = timedelta(minutes=5)
"""So long a worker has for a batch: a row it took is no other's before."""
TRY_ANEW: Final = timedelta(minutes=15)
"""Where nobody could be told, everyone is tried again after as long."""

TEXTS = mail.templates(Path(__file__).parent / "mails")
_log = structlog.get_logger("praxis.jobs")

_other = aliased(AttentionNotice)
_OF_PRACTICE: Final = AttentionNotice.practice_id == p("practice_id")


def _has(*where: Any) -> Any:
    """Another notice of the same subject is so."""
    return (
        select(_other.id)
        .where(
            _other.practice_id == AttentionNotice.practice_id,
            _other.subject_id == AttentionNotice.subject_id,
            *where,
        )
        .exists()
    )


def _told_since(subject: Any, at: Any) -> Any:
    """Of this submission someone is being told still, or it was opened after `at`."""
    return (
        select(AttentionNotice.id)
        .where(
            _OF_PRACTICE,
            AttentionNotice.submission_id == subject,
            or_(AttentionNotice.opened_at.is_(None), AttentionNotice.opened_at >= at),
        )
        .exists()
    )


# A submission by its newest urgent version, unless that was read, or is told of already.
_URGENT = Query(
    select(
        SubmissionVersion.id.label("subject_id"),
        Submission.id.label("submission_id"),
        null().label("repetition_id"),
        Submission.client_id,
        Submission.episode_id,
        Submission.attention_reasons,
    )
    .join(
        SubmissionVersion,
        and_(
            SubmissionVersion.practice_id == Submission.practice_id,
            SubmissionVersion.client_id == Submission.client_id,
            SubmissionVersion.submission_id == Submission.id,
        ),
    )
    .where(
        Submission.practice_id == p("practice_id"),
        Submission.id == p("subject_id"),
        is_level(SubmissionVersion, "urgent"),
        SubmissionVersion.number > func.coalesce(Submission.reviewed_number, 0),
        ~_told_since(Submission.id, SubmissionVersion.received_at),
    )
    .order_by(SubmissionVersion.number.desc())
    .limit(1)
)
_URGENT_PRACTICE = Query(
    select(
        Repetition.id.label("subject_id"),
        null().label("submission_id"),
        Repetition.id.label("repetition_id"),
        Repetition.client_id,
        Repetition.episode_id,
        Repetition.attention_reasons,
    ).where(
        Repetition.practice_id == p("practice_id"),
        Repetition.id == p("subject_id"),
        is_level(Repetition, "urgent"),
        Repetition.seen_at.is_(None),
        ~select(AttentionNotice.id)
        .where(_OF_PRACTICE, AttentionNotice.subject_id == Repetition.id)
        .exists(),
    )
)
_NAMES: Final = (
    "id", "client_id", "submission_id", "repetition_id", "subject_id", "user_id", "why", "due_at",
)  # fmt: skip
_ADD = Query(
    insert(AttentionNotice)
    .values(
        practice_id=p("practice_id"),
        reasons=p("reasons", ARRAY(Text())),
        **{name: p(name, AttentionNotice.__table__.columns[name].type) for name in _NAMES},
    )
    .on_conflict_do_nothing()
)
_DUE = Query(
    select(
        AttentionNotice.id,
        AttentionNotice.client_id,
        AttentionNotice.subject_id,
        Practice.name.label("practice"),
        User.id.label("user_id"),
        User.words,
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
        _OF_PRACTICE,
        AttentionNotice.due_at <= func.now(),
        AttentionNotice.outcome.is_(None),
        AttentionNotice.opened_at.is_(None),
        or_(AttentionNotice.tried_at.is_(None), AttentionNotice.tried_at < func.now() - BUSY),
        ~_has(_other.opened_at.is_not(None)),
    )
    .order_by(AttentionNotice.due_at, AttentionNotice.id)
    .limit(p("most", Integer()))
    .with_for_update(of=AttentionNotice, skip_locked=True)
)
_IDS: Final = AttentionNotice.id == p("ids", ARRAY(UUID_TEXT)).any_()
_TAKE = Query(update(AttentionNotice).where(_OF_PRACTICE, _IDS).values(tried_at=p("at", Instant())))
_MARK = Query(
    update(AttentionNotice)
    .where(_OF_PRACTICE, AttentionNotice.id == p("id"))
    .values(outcome=p("outcome", Text()), sent_at=p("sent_at", Instant()))
)
# Nobody whose turn it was can be reached: the others do not wait any longer.
_HURRY = Query(
    update(AttentionNotice)
    .where(
        _OF_PRACTICE,
        AttentionNotice.subject_id == p("subject_id"),
        AttentionNotice.outcome.is_(None),
        AttentionNotice.due_at > func.now(),
        ~_has(
            _other.due_at <= func.now(),
            or_(_other.outcome.is_(None), _other.outcome == "sent"),
            _other.user_id.is_not(None),
        ),
    )
    .values(due_at=func.now())
)
_UNTOLD: Final = and_(
    _OF_PRACTICE,
    AttentionNotice.opened_at.is_(None),
    ~_has(or_(_other.opened_at.is_not(None), _other.outcome == "sent")),
    ~_has(_other.outcome.is_(None), _other.user_id.is_not(None)),
)
"""A subject of which nobody was told, and nobody is about to be."""
_NOBODY_TOLD = Query(
    select(
        AttentionNotice.subject_id,
        AttentionNotice.submission_id,
        AttentionNotice.repetition_id,
        AttentionNotice.client_id,
        AttentionNotice.reasons.label("attention_reasons"),
        func.coalesce(Submission.episode_id, Repetition.episode_id).label("episode_id"),
    )
    .outerjoin(
        Submission,
        and_(
            Submission.practice_id == AttentionNotice.practice_id,
            Submission.client_id == AttentionNotice.client_id,
            Submission.id == AttentionNotice.submission_id,
        ),
    )
    .outerjoin(
        Repetition,
        and_(
            Repetition.practice_id == AttentionNotice.practice_id,
            Repetition.client_id == AttentionNotice.client_id,
            Repetition.id == AttentionNotice.repetition_id,
        ),
    )
    .where(_UNTOLD)
    .ext(distinct_on(AttentionNotice.subject_id))
    .order_by(AttentionNotice.subject_id)
    .limit(p("most", Integer()))
)
_ANEW = Query(
    update(AttentionNotice)
    .where(
        _OF_PRACTICE,
        AttentionNotice.subject_id == p("subject_id"),
        AttentionNotice.user_id.is_not(None),
        or_(
            AttentionNotice.outcome == "away",
            AttentionNotice.tried_at < func.now() - TRY_ANEW,
        ),
    )
    .values(outcome=null(), due_at=func.now())
)


@on("homework.needs_attention")
async def tell_at_once(work: Work, event: Event) -> None:
    """Tell the care team of what is urgent, and write down whom to tell later.

    Raises NotDone when a mail could not be handed over for now.
    """
    async with work.visit(**acting(event)):
        await _plan(work, event.subject_id)
    code = await _send_due(work, event.practice_id)
    if code is not None:
        raise NotDone(code)


@regularly("*/5 * * * *")
async def tell_of_attention(work: Work) -> None:
    """Tell those whose turn has come of what is urgent and nobody has opened."""
    await in_each_practice(work, _tell)


async def _tell(work: Work, practice_id: str) -> None:
    async with work.visit(capacity="job", practice_id=practice_id):
        for subject in await work.rows(_NOBODY_TOLD, most=BATCH):
            _log.error("attention_untold", code="attention.nobody", practice_id=practice_id)
            await work.run(_ANEW, subject_id=subject["subject_id"])
            await _add(work, subject, await _recipients(work, subject))
    await _send_due(work, practice_id)


async def _plan(work: Work, subject_id: str) -> None:
    for query in (_URGENT, _URGENT_PRACTICE):
        subject = await work.row(query, subject_id=subject_id)
        if subject is not None:
            await _add(work, subject, await _recipients(work, subject) or [_nobody()])


async def _recipients(work: Work, subject: Row) -> list[Row]:
    return await recipients(work, subject["client_id"], subject["episode_id"])


def _nobody() -> Row:
    return {"user_id": None, "why": "nobody", "due_at": now()}


async def _add(work: Work, subject: Row, told: list[Row]) -> None:
    """Write down those who are told of this and were not yet."""
    named = {name: subject[name] for name in _NAMES if name in subject}
    for one in told:
        await work.run(_ADD, **named, **one, id=new_id(), reasons=subject["attention_reasons"])


async def _send_due(work: Work, practice_id: str) -> str | None:
    """Send what is due; the code of a failure that will pass, if there was one."""
    code = None
    while True:
        async with work.visit(capacity="job", practice_id=practice_id):
            due = await work.rows(_DUE, most=BATCH)
            await work.run(_TAKE, ids=[row["id"] for row in due], at=now())
        if not due:
            return code
        for row in due:
            outcome: str | None = "away"
            if not row["is_away"]:
                outcome, failed = await _send(work, row)
                code = failed or code
            async with work.visit(capacity="job", practice_id=practice_id):
                if outcome is not None:
                    sent_at = now() if outcome == "sent" else None
                    await work.run(_MARK, id=row["id"], outcome=outcome, sent_at=sent_at)
                    await work.run(_HURRY, subject_id=row["subject_id"])


async def _send(work: Work, row: Row) -> tuple[str | None, str | None]:
    """What became of the mail (None: to be tried again), and the code where it will pass."""
    settings = work.house.settings
    try:
        letter = mail.write(
            settings,
            TEXTS,
            "attention",
            row["email"],
            practice=" ".join(row["practice"].split()),
            link=settings.public_url,
        )
        await mail.mailer(settings).send(letter)
    except NotDone as failure:
        return ("bounced", None) if failure.permanent else (None, failure.code)
    return "sent", None
