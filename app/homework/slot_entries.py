"""A slot's entries: the client's, and beside it one of each guardian who sent something.

The client's says what state the slot is in and what counts, or else the first of the guardians'.
To the client in person a slot that only guardians answered is open for as long as it can be done.
"""

from typing import Any, Final

from sqlalchemy import and_, case, func, null, or_, select
from sqlalchemy.orm import aliased

from app.homework.models import Assignment, Occurrence, Submission, SubmissionVersion
from app.homework.state import RESTED, STATE
from app.homework.visibility import NOTHING, SEEN, is_mine

_other, _entry = aliased(Submission), aliased(Submission)


def of_slot(table: Any) -> Any:
    """The rows of `table` that are entries for the occurrence."""
    return and_(
        table.practice_id == Occurrence.practice_id,
        table.client_id == Occurrence.client_id,
        table.occurrence_id == Occurrence.id,
    )


def leads(entry: Any) -> Any:
    """This entry says what state its slot is in: no other that was not taken back goes before."""
    goes_before = (
        select(_other.id)
        .where(
            _other.practice_id == entry.practice_id,
            _other.client_id == entry.client_id,
            _other.occurrence_id == entry.occurrence_id,
            _other.withdrawn_at.is_(None),
            or_(_other.guardian_id.is_(None), _other.id < entry.id),
        )
        .correlate_except(_other)
        .exists()
    )
    return or_(entry.guardian_id.is_(None), ~goes_before)


def _first(column: Any, *where: Any, mine_first: bool = False) -> Any:
    order: list[Any] = [_entry.guardian_id.is_not(None), _entry.id]
    if mine_first:
        order.insert(0, is_mine(_entry).desc())
    return (
        select(column)
        .where(of_slot(_entry), _entry.withdrawn_at.is_(None), *where)
        .order_by(*order)
        .limit(1)
        .correlate(Occurrence)
        .scalar_subquery()
    )


ENTRY: Final = _first(_entry.id)
"""The entry that leads."""
GUARDIANS_ENTRY: Final = _first(_entry.id, mine_first=True)
"""The caller's own, where a guardian has one, or else the entry that leads."""


def _answered(*sees: Any, mine_first: bool = False) -> Any:
    """The exercise version that the entry answers, or else the assignment's."""
    answered = (
        select(SubmissionVersion.exercise_version_id)
        .where(
            SubmissionVersion.practice_id == _entry.practice_id,
            SubmissionVersion.client_id == _entry.client_id,
            SubmissionVersion.submission_id == _entry.id,
            SubmissionVersion.number == _entry.number,
            *sees,
        )
        .correlate(_entry)
        .scalar_subquery()
    )
    return func.coalesce(_first(answered, mine_first=mine_first), Assignment.exercise_version_id)


VERSION_OF_IT: Final = _answered()
GUARDIANS_VERSION_OF_IT: Final = _answered(SEEN, mine_first=True)
GUARDIAN_SUBMISSION: Final = (
    select(_entry.id)
    .where(of_slot(_entry), _entry.withdrawn_at.is_(None), _entry.guardian_id.is_not(None))
    .order_by(_entry.id.desc())
    .limit(1)
    .correlate(Occurrence)
    .scalar_subquery()
    .label("guardian_submission_id")
)
"""The newest entry of a guardian."""
_IS_GUARDIANS: Final = (
    select(
        func.bool_and(
            or_(
                _entry.guardian_id.is_not(None),
                # What was reviewed before it was taken back has been the client's answer.
                and_(_entry.withdrawn_at.is_not(None), _entry.reviewed_number.is_(None)),
            )
        )
    )
    .where(of_slot(_entry))
    .correlate(Occurrence)
    .scalar_subquery()
)
# The slot was asked for, and guardians answered it and the client did not.
_ANSWERED_BY_GUARDIANS: Final = and_(
    or_(Occurrence.status == "submitted", Occurrence.status == "reviewed"),
    Occurrence.is_extra.is_(False),
    func.coalesce(_IS_GUARDIANS, False),
)
_IS_LEFT: Final = and_(
    _ANSWERED_BY_GUARDIANS,
    Assignment.status == "active",
    or_(Occurrence.closes_at.is_(None), Occurrence.closes_at > func.now()),
    ~RESTED,
)
STATE_TO_CLIENT: Final = case(
    (
        _IS_LEFT,
        case(
            (or_(Occurrence.opens_at.is_(None), Occurrence.opens_at > func.now()), "upcoming"),
            else_="open",
        ),
    ),
    else_=STATE,
).label("state")
"""The state as the client in person sees it: what a guardian sent takes nothing off their day."""
CLIENTS_ENTRY: Final = case((_IS_LEFT, null()), else_=ENTRY)
"""The entry that leads, where the slot is not open to the client."""
CLIENTS_VERSION_OF_IT: Final = case((_IS_LEFT, Assignment.exercise_version_id), else_=VERSION_OF_IT)
_SEES_REVIEW: Final = _first(
    or_(is_mine(_entry), _entry.guardian_level > NOTHING),
)
STATE_TO_GUARDIANS: Final = case(
    (
        and_(Occurrence.status == "reviewed", func.coalesce(_SEES_REVIEW, False).is_(False)),
        "submitted",
    ),
    else_=STATE,
).label("state")
"""The state as guardians see it: of what they only see that it was sent, not that it was read."""
STATES: Final = {"self": STATE_TO_CLIENT, "guardian": STATE_TO_GUARDIANS}
"""The state by who asks at the client's API."""
UNANSWERED: Final = {
    "self": or_(Occurrence.status == "upcoming", _ANSWERED_BY_GUARDIANS),
    "guardian": Occurrence.status == "upcoming",
}
"""A slot that nothing was sent for which counts for who asks."""
