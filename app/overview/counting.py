"""What happened with a client's homework lately, as facts, and how many there are of each.

A fact is about one assignment (or none, for practice of one's own): an answer by its outcome or as
extra work, one that came late and counts so, a slot that was excused or had no response, an
obstacle that was named, a number of repetitions.
"""

from typing import Any, Final

from sqlalchemy import (
    Date,
    Integer,
    Text,
    and_,
    case,
    cast,
    func,
    literal,
    literal_column,
    or_,
    select,
    union_all,
)

from app.access.visible import readable
from app.core.database import Instant
from app.core.statements import Query, p
from app.homework.along import Repetition
from app.homework.models import Assignment, Occurrence, Submission, SubmissionVersion
from app.homework.slot_entries import leads
from app.homework.state import STATE_TO_STAFF
from app.overview import showing

OBSTACLE: Final = "obstacle:"
"""Before the name of an obstacle, where it stands among the facts."""
CLIENT: Final = p("of_client")
SINCE: Final = p("since", Instant())

_LATE: Final = and_(
    Occurrence.is_extra.is_(False),
    SubmissionVersion.in_window.is_(False),
    SubmissionVersion.occurred_corrected_at >= Occurrence.opens_at,
)
_SENT: Final = (
    select(
        Submission.assignment_id,
        SubmissionVersion.occurred_corrected_at.label("at"),
        case((Occurrence.is_extra, "extra"), else_=SubmissionVersion.outcome).label("what"),
        case((_LATE, Assignment.late_policy)).label("late"),
        SubmissionVersion.obstacles,
    )
    .select_from(SubmissionVersion)
    .join(
        Submission,
        and_(
            Submission.practice_id == SubmissionVersion.practice_id,
            Submission.client_id == SubmissionVersion.client_id,
            Submission.id == SubmissionVersion.submission_id,
            Submission.number == SubmissionVersion.number,
        ),
    )
    .join(Assignment, showing.assignment_of(Submission))
    .join(
        Occurrence,
        and_(
            Occurrence.practice_id == Submission.practice_id,
            Occurrence.client_id == Submission.client_id,
            Occurrence.id == Submission.occurrence_id,
        ),
    )
    .where(
        readable(Submission),
        SubmissionVersion.client_id == CLIENT,
        # What was done lately also came lately, and versions are found by when they came.
        SubmissionVersion.id >= p("first_id"),
        SubmissionVersion.occurred_corrected_at > SINCE,
        Submission.withdrawn_at.is_(None),
        leads(Submission),
    )
    .cte("sent")
)
_REPEATED: Final = (
    select(
        Repetition.assignment_id,
        Repetition.occurred_corrected_at.label("at"),
        Repetition.times,
        Repetition.obstacles,
    )
    .where(
        readable(Repetition),
        Repetition.client_id == CLIENT,
        Repetition.id >= p("first_id"),
        Repetition.occurred_corrected_at > SINCE,
    )
    .cte("repeated")
)
_ENDED: Final = func.coalesce(Occurrence.closes_at, Occurrence.due_at, Occurrence.opens_at)


def _unanswered(*where: Any) -> Any:
    return (
        select(Occurrence.assignment_id, STATE_TO_STAFF.label("what"), _ENDED.label("at"))
        .select_from(Occurrence)
        .join(Assignment, showing.assignment_of(Occurrence))
        .where(
            readable(Assignment),
            Occurrence.client_id == CLIENT,
            # What is not closed yet can still be done, also where a time of rest lies over it now.
            or_(
                and_(Occurrence.status == "upcoming", Occurrence.closes_at <= func.now()),
                and_(Occurrence.status == "excused", func.now() >= _ENDED),
            ),
            _ENDED > SINCE,
            *where,
        )
    )


_OLD: Final = Occurrence.local_on < p("first_on", Date())
_UNANSWERED: Final = union_all(
    _unanswered(Occurrence.local_on.between(p("first_on", Date()), p("last_on", Date()))),
    _unanswered(_OLD, Occurrence.slot == literal_column("'once'", Text())),
).subquery("unanswered")


_ONCE: Final = cast(1, Integer())


def _named(table: Any) -> Any:
    named = literal(OBSTACLE, Text()) + func.unnest(table.c.obstacles)
    return select(table.c.assignment_id, named, table.c.at, _ONCE)


_COUNTS: Final = or_(_SENT.c.late.is_(None), _SENT.c.late != "does_not_count")
_FACTS = union_all(
    select(
        _SENT.c.assignment_id, _SENT.c.what.label("what"), _SENT.c.at, _ONCE.label("times")
    ).where(_COUNTS),
    select(_SENT.c.assignment_id, cast("late", Text()), _SENT.c.at, _ONCE).where(
        _SENT.c.late == "counts_as_late"
    ),
    _named(_SENT),
    select(
        _REPEATED.c.assignment_id, cast("repetitions", Text()), _REPEATED.c.at, _REPEATED.c.times
    ),
    _named(_REPEATED),
    select(_UNANSWERED.c.assignment_id, _UNANSWERED.c.what, _UNANSWERED.c.at, _ONCE).where(
        or_(_UNANSWERED.c.what == "excused", _UNANSWERED.c.what == "no_response")
    ),
).subquery("facts")
_LATELY = _FACTS.c.at > p("lately", Instant())
COUNTS = Query(
    select(
        _FACTS.c.assignment_id,
        _FACTS.c.what,
        func.coalesce(func.sum(_FACTS.c.times).filter(_LATELY), 0).label("fewer"),
        func.sum(_FACTS.c.times).label("all"),
    ).group_by(_FACTS.c.assignment_id, _FACTS.c.what)
)
"""Of each assignment and kind of fact: since `since`, and of those since `lately`.

Slots are looked for from `first_on` to `last_on`, and older ones of work that is done once;
`first_id` is the first id of that time (`ids.first_id`).
"""
