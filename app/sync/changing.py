"""What changed for a client since a device last asked: to add, to replace, or to forget."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from sqlalchemy import (
    Date,
    Integer,
    Text,
    and_,
    any_,
    case,
    func,
    literal,
    select,
    tuple_,
    union_all,
)
from sqlalchemy.dialects.postgresql import ARRAY

from app.access.visible import own
from app.core import paging
from app.core.database import Instant
from app.core.ids import BEFORE_ALL
from app.core.statements import Query, p
from app.goals.models import Goal
from app.homework import visibility
from app.homework.along import Draft, Question
from app.homework.models import (
    Assignment,
    Occurrence,
    Submission,
    SubmissionAnswer,
    SubmissionVersion,
)
from app.homework.slots import OF_ASSIGNMENT
from app.operation.work import Row, Work
from app.rests.models import RestPeriod
from app.sync import bodies

MOST: Final = 500
LARGEST: Final = 4 * 1024 * 1024
"""Bytes of what the client wrote, at once; one thing may be larger, and comes by itself."""
TOO_OLD: Final = timedelta(days=60)
OVERLAP: Final = timedelta(minutes=2)
"""How far back the next look begins: longer than any transaction that began before this one."""
SLOTS_BACK: Final = timedelta(days=28)
SENT_BACK: Final = timedelta(days=90)
_BEGIN_ANEW: Final = (
    "Nothing was stored. This cursor is not one of this client's: send the same without a cursor, "
    "and begin with the changes that come back."
)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a device got to: all that changed before `at`, and at `at` up to `id` and `kind`.

    `told_at`: when it was told so. A slot and its draft share an id, and change together.
    """

    at: datetime
    id: str
    kind: str
    told_at: datetime


_DRAFT_GONE: Final = (
    # A draft lives and dies with its slot, and has its id.
    select(
        literal("draft"), Occurrence.id, Occurrence.draft_version, Occurrence.draft_gone_at
    ).where(
        own(Occurrence),
        Occurrence.drafted_at.is_(None),
        Occurrence.draft_gone_at > p("gone_since", Instant()),
    )
)
"""Drafts that were sent or thrown away: nothing is left of them to be told about but that."""


def _heads(capacity: str) -> Any:
    resting = select(func.max(RestPeriod.changed_at)).where(own(RestPeriod)).scalar_subquery()
    # That a draft is gone is the client's own to hear.
    moved: Any = Occurrence.changed_at
    sent_version: Any
    sent_at: Any
    sent_version, sent_at = visibility.GUARDIANS_VERSION, visibility.GUARDIANS_CHANGED_AT
    rated: Any = Goal.changed_at
    if capacity == "self":
        moved = func.greatest(moved, Occurrence.draft_gone_at, Occurrence.quiet_at)
        sent_version, sent_at = Submission.version, Submission.changed_at
        rated = func.greatest(rated, Goal.quiet_at)
    # A rest period changes what state slots are in that are not over, and the assignment what they
    # say: its title, and how much of it is taken.
    around = func.greatest(moved, resting, Assignment.changed_at)
    slot_changed = case((Occurrence.status == "upcoming", around), else_=moved)
    return union_all(
        select(
            literal("assignment").label("kind"),
            Assignment.id,
            Assignment.version,
            Assignment.changed_at.label("changed_at"),
        ).where(own(Assignment), Assignment.status != "draft", Assignment.status != "discarded"),
        select(
            literal("occurrence"),
            Occurrence.id,
            Occurrence.version,
            slot_changed,
        )
        .join(Assignment, OF_ASSIGNMENT)
        .where(own(Occurrence), Occurrence.local_on >= p("slots_since", Date())),
        select(
            literal("submission"),
            Submission.id,
            sent_version,
            sent_at,
        ).where(own(Submission), Submission.created_at >= p("sent_since", Instant())),
        select(
            literal("rest_period"),
            RestPeriod.id,
            RestPeriod.version,
            RestPeriod.changed_at,
        ).where(own(RestPeriod), RestPeriod.assignment_id.is_(None)),
        *(
            select(literal(name), table.id, table.version, changed_at).where(own(table))
            for name, table, changed_at in (
                ("draft", Draft, Draft.changed_at),
                ("question", Question, Question.changed_at),
                ("goal", Goal, rated),
            )
        ),
        *([_DRAFT_GONE] if capacity == "self" else []),
    ).subquery("heads")


def _since(capacity: str) -> Query:
    changed = _heads(capacity)
    page = (
        select(changed)
        .where(
            changed.c.kind == any_(p("kinds", ARRAY(Text()))),
            tuple_(changed.c.changed_at, changed.c.id, changed.c.kind)
            > tuple_(p("since", Instant()), p("after"), p("after_kind", Text())),
        )
        .order_by(changed.c.changed_at, changed.c.id, changed.c.kind)
        .limit(p("limit", Integer()))
        .subquery("page")
    )
    # What guardians do not see takes no place in what they are told.
    sees = [visibility.SEEN_WHOLE] if capacity == "guardian" else []
    drafted = select(func.octet_length(Draft.body)).where(own(Draft), Draft.id == page.c.id)
    answered = (
        select(func.octet_length(SubmissionAnswer.answers))
        .select_from(Submission)
        .join(
            SubmissionVersion,
            and_(
                SubmissionVersion.practice_id == Submission.practice_id,
                SubmissionVersion.submission_id == Submission.id,
                SubmissionVersion.number == Submission.number,
            ),
        )
        .join(
            SubmissionAnswer,
            and_(
                SubmissionAnswer.practice_id == SubmissionVersion.practice_id,
                SubmissionAnswer.id == SubmissionVersion.id,
            ),
        )
        .where(own(Submission), Submission.id == page.c.id, *sees)
    )
    size = case(
        (page.c.kind == "draft", drafted.scalar_subquery()),
        (page.c.kind == "submission", answered.scalar_subquery()),
    )
    return Query(
        select(page, func.coalesce(size, 0).label("size")).order_by(
            page.c.changed_at, page.c.id, page.c.kind
        )
    )


_SINCE: Final = {capacity: _since(capacity) for capacity in ("self", "guardian")}

_OWN_BEFORE: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Changes:
    """What to tell a device, and where it goes on from."""

    items: list[Row]
    start_over: bool
    more: bool
    cursor: str


async def since(
    work: Work, cursor: str | None, scopes: frozenset[str] | None, moment: datetime
) -> Changes:
    """Everything a device must add, replace or forget since its cursor, 500 at most at once.

    `moment` is the transaction's, by the database's clock, which also says when things changed.
    Raises BadRequest `paging.cursor` for a cursor that was altered or is another client's.
    """
    secret, listing = work.house.keyring.cursors.raw, _listing(work)
    read = paging.read(secret, listing, cursor, otherwise=_BEGIN_ANEW)
    place = _place(read) if read else None
    # A device in the middle of starting over was told lately, of things that may be old.
    start_over = place is None or place.told_at < moment - TOO_OLD
    if place is None or start_over:
        place = Place(_OWN_BEFORE, BEFORE_ALL, "", moment)
    heads = await work.rows(
        _SINCE[work.actor.capacity],
        kinds=[kind for kind in bodies.KINDS if bodies.is_open(kind, scopes)],
        since=place.at,
        after=place.id,
        after_kind=place.kind,
        # Who starts over holds no draft that could be gone.
        gone_since=moment if start_over else moment - TOO_OLD,
        slots_since=(moment - SLOTS_BACK).date(),
        sent_since=moment - SENT_BACK,
        limit=MOST + 1,
    )
    shown = heads[: _fitting(heads)]
    more = len(shown) < len(heads)
    if more:
        last = shown[-1]
        onward = Place(last["changed_at"], last["id"], last["kind"], moment)
    else:
        onward = Place(moment - OVERLAP, BEFORE_ALL, "", moment)
    found = await bodies.of(work, shown)
    items = [
        {
            "kind": head["kind"],
            "id": head["id"],
            "version": head["version"],
            "gone": (head["kind"], head["id"]) not in found,
            "body": found.get((head["kind"], head["id"])),
        }
        for head in shown
    ]
    return Changes(items, start_over, more, paging.make(secret, listing, _written(onward)))


def _fitting(heads: list[Row]) -> int:
    """How many of them are told at once."""
    size = 0
    for many, head in enumerate(heads[:MOST]):
        size += head["size"]
        if size > LARGEST and many:
            return many
    return min(len(heads), MOST)


def _listing(work: Work) -> str:
    return f"sync:{work.practice_id}:{work.actor.user_id}:{work.client_id}"


def _written(place: Place) -> str:
    return f"{place.at.isoformat()}|{place.id}|{place.kind}|{place.told_at.isoformat()}"


def _place(read: str) -> Place:
    at, after, *more = read.split("|")
    # Cursors of an earlier release end with the id.
    kind, told_at = more or ("", at)
    return Place(datetime.fromisoformat(at), after, kind, datetime.fromisoformat(told_at))
