"""The statements of a client's week: its slots, what happened in it, and what is active."""

from typing import Any, Final

from sqlalchemy import (
    Date,
    Integer,
    Text,
    and_,
    cast,
    func,
    literal_column,
    null,
    or_,
    select,
    union_all,
)

from app.access.practice import Practice
from app.access.visible import ME, own
from app.core.database import Instant
from app.core.statements import Query, p
from app.homework import visibility
from app.homework.along import Repetition
from app.homework.models import Assignment, Occurrence, Submission, SubmissionVersion
from app.homework.slot_entries import STATES, UNANSWERED, leads
from app.library.models import ExerciseVersion
from app.overview import showing

AROUND_DAYS: Final = 35
"""Slots open for weeks have their local day so far from this week, at the most."""
MOST: Final = 200

_FIRST, _LAST = p("first_on", Date()), p("last_on", Date())
_IN_WEEK: Final = Occurrence.local_on.between(_FIRST, _LAST)
_NEARBY: Final = Occurrence.local_on.between(p("from_on", Date()), p("to_on", Date()))


def _slots(state: Any, *where: Any) -> Any:
    return (
        select(
            Occurrence.id,
            Occurrence.local_on,
            Occurrence.opens_at,
            Occurrence.due_at,
            Occurrence.closes_at,
            Occurrence.version,
            state,
            Assignment.id.label("assignment_id"),
            Assignment.client_id,
            Assignment.words,
            Assignment.exercise_version_id,
            Assignment.size,
            Assignment.step,
            Assignment.status.label("assigned_as"),
        )
        .select_from(Occurrence)
        .join(Assignment, showing.assignment_of(Occurrence))
        .where(own(Occurrence), own(Assignment), *where)
        .limit(MOST)
    )


def _open_or_in_week(capacity: str) -> Query:
    state = STATES[capacity]
    is_open = and_(
        Occurrence.opens_at <= func.now(),
        or_(Occurrence.closes_at.is_(None), Occurrence.closes_at > func.now()),
        UNANSWERED[capacity],
    )
    # Two looks, each by an index: work that is done once may be open for months.
    return Query(
        union_all(
            _slots(state, _NEARBY, or_(_IN_WEEK, is_open)),
            _slots(state, ~_NEARBY, Occurrence.slot == literal_column("'once'", Text()), is_open),
        )
    )


SLOTS: Final = {capacity: _open_or_in_week(capacity) for capacity in ("self", "guardian")}


def _sent(capacity: str) -> Any:
    """What was sent and counts; to guardians what only they see was sent, when it came first."""
    version = SubmissionVersion.id.is_not(None)
    at: Any = SubmissionVersion.occurred_corrected_at
    outcome: Any = Submission.outcome
    sees: Any = own(SubmissionVersion)
    where = [SubmissionVersion.id >= p("first_id"), leads(Submission)]
    if capacity == "guardian":
        at = func.coalesce(at, Submission.created_at)
        outcome = func.coalesce(SubmissionVersion.outcome, "sent")
        sees = and_(sees, visibility.SEEN)
        where = [
            Submission.changed_at >= p("begins_at", Instant()),
            or_(leads(Submission), visibility.is_mine(Submission)),
        ]
    was_read = func.coalesce(Submission.reviewed_number == Submission.number, False)
    return (
        select(
            literal_column("'submission'", Text()).label("kind"),
            Submission.practice_id,
            Submission.client_id,
            Submission.id,
            Submission.assignment_id,
            Submission.occurrence_id,
            at.label("at"),
            SubmissionVersion.library_id,
            SubmissionVersion.exercise_version_id,
            outcome.label("outcome"),
            cast(null(), Integer()).label("times"),
            and_(version, was_read).label("was_read"),
        )
        .outerjoin(
            SubmissionVersion,
            and_(
                SubmissionVersion.practice_id == Submission.practice_id,
                SubmissionVersion.client_id == Submission.client_id,
                SubmissionVersion.submission_id == Submission.id,
                SubmissionVersion.number == Submission.number,
                sees,
            ),
        )
        .where(
            own(Submission),
            at >= p("begins_at", Instant()),
            Submission.withdrawn_at.is_(None),
            *where,
        )
    )


def _practised(capacity: str) -> Any:
    # That practice was seen says that it had asked for attention.
    was_seen: Any = Repetition.seen_at.is_not(None)
    if capacity == "guardian":
        was_seen = and_(Repetition.by_user_id.is_not_distinct_from(ME), was_seen)
    return select(
        literal_column("'repetition'", Text()),
        Repetition.practice_id,
        Repetition.client_id,
        Repetition.id,
        Repetition.assignment_id,
        Repetition.occurrence_id,
        Repetition.occurred_corrected_at,
        Repetition.library_id,
        Repetition.exercise_version_id,
        cast(null(), Text()),
        Repetition.times,
        was_seen,
    ).where(
        own(Repetition),
        Repetition.id >= p("first_id"),
        Repetition.occurred_corrected_at >= p("begins_at", Instant()),
    )


def _happened(capacity: str) -> Query:
    found = union_all(_sent(capacity), _practised(capacity)).subquery("happened")
    return Query(
        select(
            *(found.c[name] for name in ("kind", "id", "occurrence_id", "at", "outcome", "times")),
            found.c.was_read,
            found.c.client_id,
            *showing.ASSIGNMENT,
            showing.MY_EXERCISE,
        )
        .select_from(found)
        .outerjoin(Assignment, showing.assignment_of(found.c))
        .outerjoin(ExerciseVersion, showing.version_of(found.c))
        .where(found.c.at < p("ends_at", Instant()))
        .order_by(found.c.at, found.c.id)
        .limit(MOST)
    )


HAPPENED: Final = {capacity: _happened(capacity) for capacity in ("self", "guardian")}
ACTIVE = Query(
    select(
        Practice.crisis_resources,
        Assignment.id,
        Assignment.client_id,
        Assignment.words,
        Assignment.schedule,
        Assignment.starts_on,
        Assignment.opens_at,
        Assignment.zone,
    )
    .select_from(Practice)
    .outerjoin(
        Assignment,
        and_(
            Assignment.practice_id == Practice.practice_id,
            own(Assignment),
            Assignment.status == "active",
        ),
    )
    .where(Practice.practice_id == p("practice_id"))
    .order_by(Assignment.id.desc())
    .limit(100)
)
# Without homework there is one row, of nobody; whose the others are, the first statement notes.
ACTIVE.client = None
