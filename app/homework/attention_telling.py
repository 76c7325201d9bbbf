"""What is urgent is told by mail: at once to the care team, later to others if nobody opens it.

Who is told, and when, are rows; the worker sends what is due (app.homework.attention_sending).
Every few minutes it also looks for what is urgent and was planned by nobody, and asks anew who is
to be told of what nobody has opened: people go away, come back and hand their clients over.
"""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any, Final

import structlog
from sqlalchemy import Interval, Text, and_, cast, func, null, or_, select, update
from sqlalchemy.dialects.postgresql import ARRAY, distinct_on, insert
from sqlalchemy.orm import aliased

from app.clients.models import Client
from app.core.clock import now
from app.core.ids import new_id
from app.core.statements import UUID_TEXT, Query, p
from app.homework.along import Repetition
from app.homework.attention import is_level
from app.homework.attention_notices import AttentionNotice
from app.homework.attention_recipients import recipients
from app.homework.attention_sending import OF_PRACTICE, has_beside, other, send_due
from app.homework.models import Submission, SubmissionVersion
from app.homework.submissions import HAS_NEWS
from app.jobs.codes import LOST, code_of
from app.jobs.everywhere import in_each_practice
from app.jobs.registry import Event, NotDone, acting, on, regularly
from app.operation.work import Row, Work

TRY_ANEW: Final = timedelta(minutes=15)
"""Where nobody could be told, everyone is tried again after as long."""
LOOK_BACK: Final = timedelta(days=3)
"""What is urgent and was planned by nobody is looked for as far back."""
A_DAY: Final = timedelta(days=1)
"""What a guardian sends, and nobody opens, is told once in as long."""
MOST: Final = 100
"""So much of that a practice plans in one round."""

_log = structlog.get_logger("praxis.jobs")

_IS_UNOPENED: Final = and_(
    AttentionNotice.opened_at.is_(None), ~has_beside(other.opened_at.is_not(None))
)
"""Nobody opened the subject of this notice."""
_IS_UNTOLD: Final = and_(
    ~has_beside(other.outcome == "sent"),
    ~has_beside(other.outcome.is_(None), other.user_id.is_not(None)),
)
"""Of the subject of this notice nobody was told, and nobody is about to be."""
_GOES_ON: Final = and_(
    _IS_UNOPENED,
    or_(
        and_(AttentionNotice.outcome.is_(None), AttentionNotice.user_id.is_not(None)),
        _IS_UNTOLD,
    ),
)
"""A mail about the subject of this notice is still to come, unless someone opens it."""


def _has_notice(*where: Any) -> Any:
    return select(AttentionNotice.id).where(OF_PRACTICE, *where).exists()


def _is_told_of_guardian(client: Any, guardian: Any, received_at: Any) -> Any:
    """Something else of this guardian and client is told since a day at most and nobody opened it,
    or was opened after this came: a mail about each would bury the client's own."""
    sent, practised = aliased(Submission), aliased(Repetition)
    by_guardian = or_(
        select(sent.id)
        .where(
            sent.practice_id == AttentionNotice.practice_id,
            sent.id == AttentionNotice.submission_id,
            sent.guardian_id == guardian,
        )
        .exists(),
        select(practised.id)
        .where(
            practised.practice_id == AttentionNotice.practice_id,
            practised.id == AttentionNotice.repetition_id,
            practised.capacity == "guardian",
            practised.by_user_id == guardian,
        )
        .exists(),
    )
    return _has_notice(
        AttentionNotice.client_id == client,
        by_guardian,
        or_(
            and_(_IS_UNOPENED, AttentionNotice.created_at > func.now() - p("a_day", Interval())),
            AttentionNotice.opened_at >= received_at,
        ),
    )


_URGENT_VERSION: Final = (
    select(
        SubmissionVersion.id.label("subject_id"),
        SubmissionVersion.number,
        SubmissionVersion.received_at,
        Submission.id.label("submission_id"),
        cast(null(), UUID_TEXT).label("repetition_id"),
        Submission.client_id,
        Submission.episode_id,
        Submission.attention_reasons,
        Submission.guardian_id,
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
        is_level(Submission, "urgent"),
        HAS_NEWS,
        is_level(SubmissionVersion, "urgent"),
        SubmissionVersion.number > func.coalesce(Submission.reviewed_number, 0),
    )
    .ext(distinct_on(Submission.id))
    .order_by(Submission.id, SubmissionVersion.number.desc())
)
"""Each submission that is urgent and unread, by its newest version that is."""


def _submissions(*where: Any) -> Any:
    """Those of which nobody is told, was told of this very version, or has opened it."""
    newest = _URGENT_VERSION.where(*where).subquery()
    version = aliased(SubmissionVersion)
    of_this = select(version.id).where(
        version.practice_id == AttentionNotice.practice_id,
        version.id == AttentionNotice.subject_id,
        version.number >= newest.c.number,
    )
    return select(newest).where(
        ~_has_notice(
            AttentionNotice.submission_id == newest.c.submission_id,
            or_(of_this.exists(), AttentionNotice.opened_number >= newest.c.number, _GOES_ON),
        ),
        ~_is_told_of_guardian(newest.c.client_id, newest.c.guardian_id, newest.c.received_at),
    )


def _repetitions(*where: Any) -> Any:
    """Those of which nobody was told."""
    return select(
        Repetition.id.label("subject_id"),
        cast(null(), UUID_TEXT).label("submission_id"),
        Repetition.id.label("repetition_id"),
        Repetition.client_id,
        Repetition.episode_id,
        Repetition.attention_reasons,
        Repetition.received_at,
    ).where(
        Repetition.practice_id == p("practice_id"),
        is_level(Repetition, "urgent"),
        Repetition.seen_at.is_(None),
        ~_has_notice(AttentionNotice.subject_id == Repetition.id),
        or_(
            Repetition.capacity != "guardian",
            ~_is_told_of_guardian(
                Repetition.client_id, Repetition.by_user_id, Repetition.received_at
            ),
        ),
        *where,
    )


_ONE: Final = (
    Query(_submissions(Submission.id == p("subject_id"))),
    Query(_repetitions(Repetition.id == p("subject_id"))),
)


def _recent(statement: Any, found: Any) -> Query:
    """The ids of what came lately, the newest first."""
    lately = found.received_at > func.now() - p("look_back", Interval())
    named = func.coalesce(found.submission_id, found.repetition_id).label("id")
    return Query(
        select(named)
        .select_from(statement)
        .where(lately)
        .order_by(found.received_at.desc())
        .limit(MOST)
    )


_found_submissions = _submissions().subquery("found")
_found_repetitions = _repetitions().subquery("found")
_RECENT: Final = (
    _recent(_found_submissions, _found_submissions.c),
    _recent(_found_repetitions, _found_repetitions.c),
)
_CLIENT = Query(
    select(Client.id, Client.words).where(
        Client.practice_id == p("practice_id"), Client.id == p("of_client")
    )
)
_NAMES: Final = (
    "id", "client_id", "submission_id", "repetition_id", "subject_id", "user_id", "why", "due_at",
)  # fmt: skip
_new = insert(AttentionNotice).values(
    practice_id=p("practice_id"),
    reasons=p("reasons", ARRAY(Text())),
    client_name=p("client_name", AttentionNotice.client_name.type),
    **{name: p(name, AttentionNotice.__table__.columns[name].type) for name in _NAMES},
)
# Who was away when their turn came, and is here again, is told now.
_ADD = Query(
    _new.on_conflict_do_update(
        index_elements=("practice_id", "subject_id", "user_id"),
        set_={"outcome": null(), "tried_at": null(), "due_at": _new.excluded.due_at},
        where=AttentionNotice.outcome == "away",
    )
)
_UNOPENED = Query(
    select(
        AttentionNotice.subject_id,
        AttentionNotice.submission_id,
        AttentionNotice.repetition_id,
        AttentionNotice.client_id,
        AttentionNotice.reasons.label("attention_reasons"),
        func.coalesce(Submission.episode_id, Repetition.episode_id).label("episode_id"),
        select(func.min(other.due_at))
        .where(
            other.practice_id == AttentionNotice.practice_id,
            other.subject_id == AttentionNotice.subject_id,
        )
        .scalar_subquery()
        .label("since"),
        _IS_UNTOLD.label("is_untold"),
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
    .where(OF_PRACTICE, _IS_UNOPENED)
    .ext(distinct_on(AttentionNotice.submission_id, AttentionNotice.repetition_id))
    .order_by(
        AttentionNotice.submission_id,
        AttentionNotice.repetition_id,
        AttentionNotice.created_at.desc(),
    )
)
_ANEW = Query(
    update(AttentionNotice)
    .where(
        OF_PRACTICE,
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
    code = await send_due(work, event.practice_id)
    if code is not None:
        raise NotDone(code)


@regularly("*/5 * * * *")
async def tell_of_attention(work: Work) -> None:
    """Tell those whose turn has come of what is urgent and nobody has opened."""
    await in_each_practice(work, _tell)


async def _tell(work: Work, practice_id: str) -> None:
    async with work.visit(capacity="job", practice_id=practice_id):
        unplanned = [
            row["id"]
            for query in _RECENT
            for row in await work.rows(query, look_back=LOOK_BACK, a_day=A_DAY)
        ]
        unopened = await work.rows(_UNOPENED)
    await _each(work, practice_id, unplanned, _plan)
    await _each(work, practice_id, unopened, _ask_anew)
    await send_due(work, practice_id)


async def _each(
    work: Work, practice_id: str, many: list[Any], do: Callable[[Work, Any], Awaitable[None]]
) -> None:
    """`do` this for one after the other: what goes wrong with one keeps no other waiting."""
    for one in many:
        try:
            async with work.visit(capacity="job", practice_id=practice_id):
                await do(work, one)
        except LOST:
            raise
        except Exception as failure:
            code = code_of(failure, work.request_id)
            _log.error("attention_unplanned", code=code, practice_id=practice_id)


async def _plan(work: Work, subject_id: str) -> None:
    for query in _ONE:
        subject = await work.row(query, subject_id=subject_id, a_day=A_DAY)
        if subject is not None:
            await _add(work, subject, await _recipients(work, subject) or [_nobody()])


async def _ask_anew(work: Work, subject: Row) -> None:
    if subject["is_untold"]:
        _log.error("attention_untold", code="attention.nobody", practice_id=work.practice_id)
        await work.run(_ANEW, subject_id=subject["subject_id"])
    await _add(work, subject, await _recipients(work, subject, since=subject["since"]))


async def _recipients(work: Work, subject: Row, since: Any = None) -> list[Row]:
    return await recipients(work, subject["client_id"], subject["episode_id"], since or now())


def _nobody() -> Row:
    return {"user_id": None, "why": "nobody", "due_at": now()}


async def _add(work: Work, subject: Row, told: list[Row]) -> None:
    """Write down those who are told of this and were not yet."""
    named = {name: subject[name] for name in _NAMES if name in subject}
    client_id = subject["client_id"]
    client = await work.row(_CLIENT, of_client=client_id)
    name = client and (client["preferred_name"] or client["legal_name"])
    for one in told:
        notice_id = new_id()
        sealed = await work.sealed(AttentionNotice.client_name, notice_id, client_id, name)
        await work.run(
            _ADD,
            **named,
            **one,
            id=notice_id,
            reasons=subject["attention_reasons"],
            client_name=sealed,
        )
