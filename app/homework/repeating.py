"""Practice of a skill: any number of times, for a slot or for none. Nothing is refused for its
time, nothing is stored twice."""

from collections.abc import Iterator
from typing import Any, Final

from sqlalchemy import Boolean, Integer, Text, and_, case, func, or_, select, true

from app.access.practice import Practice
from app.access.visible import ME, own, readable
from app.clients import care, default_visibility
from app.clients import mine as profiles
from app.clients.default_visibility import HAS_GUARDIANS, kept_by
from app.clients.models import Episode
from app.core.clock import corrected, now
from app.core.errors import Conflict, FieldError, Invalid
from app.core.ids import SYSTEM, new_id
from app.core.statements import Query, p
from app.homework import (
    attention_opening,
    attention_pages,
    attention_receipts,
    fitting,
    visibility,
)
from app.homework.along import Repetition
from app.homework.attention import of_obstacles
from app.homework.models import Assignment, Occurrence
from app.homework.repetitions import RepetitionCreate
from app.library import languages
from app.library.models import ExerciseVersion
from app.operation import once
from app.operation.work import Row, Work
from app.practices import help as crisis_help

_GIVEN: Final = (
    "client_key",
    "times",
    "minutes",
    "distress_before",
    "distress_after",
    "unsafe_from",
    "note",
    "occurred_at",
    "sent_at",
)
_VERSION: Final = (
    select(ExerciseVersion.practice_id.label("library_id"))
    .where(
        or_(ExerciseVersion.practice_id == p("practice_id"), ExerciseVersion.practice_id == SYSTEM),
        ExerciseVersion.id == p("version_id"),
    )
    .lateral("version")
)
_SLOT: Final = (
    select(Occurrence.assignment_id)
    .where(own(Occurrence), Occurrence.id == p("occurrence_id"))
    .scalar_subquery()
)
_OF: Final = (
    select(Assignment.id, Assignment.episode_id, Assignment.exercise_version_id, Assignment.kept_by)
    .where(
        own(Assignment),
        Assignment.id == func.coalesce(p("assignment_id"), _SLOT),
        # A therapist's draft is not the client's yet.
        Assignment.status != "draft",
        Assignment.status != "discarded",
    )
    .lateral("assignment")
)
_EPISODE: Final = (
    select(Episode.id)
    .where(own(Episode))
    .order_by(Episode.closed_at.is_not(None), Episode.opened_on.desc(), Episode.id.desc())
    .limit(1)
    .scalar_subquery()
)
_AROUND = Query(
    select(
        Practice.crisis_resources,
        HAS_GUARDIANS,
        _VERSION.c.library_id,
        _OF.c.id.label("assignment_id"),
        _OF.c.episode_id,
        _OF.c.exercise_version_id,
        _OF.c.kept_by,
        _SLOT.label("slot_of"),
        _EPISODE.label("newest_episode_id"),
    )
    .select_from(Practice)
    .outerjoin(_VERSION, true())
    .outerjoin(_OF, true())
    .where(Practice.practice_id == p("practice_id"))
)
_STORED = Query(
    select(
        Repetition.id.label("repetition_id"),
        Repetition.client_id,
        Repetition.exercise_version_id,
        Repetition.assignment_id,
        Repetition.occurrence_id,
        Repetition.times,
        Repetition.received_at,
        Repetition.body_hash,
        Repetition.attention_level,
        Repetition.by_user_id,
        Repetition.episode_id,
        Repetition.seen_at,
        Practice.crisis_resources,
    )
    .join(Practice, Practice.practice_id == Repetition.practice_id)
    .where(own(Repetition), Repetition.client_key == p("client_key", Text()))
)
_COLUMNS: Final = (
    Repetition.id,
    Repetition.client_id,
    Repetition.exercise_version_id,
    Repetition.assignment_id,
    Repetition.occurrence_id,
    Repetition.times,
    Repetition.minutes,
    Repetition.distress_before,
    Repetition.distress_after,
    Repetition.note,
    Repetition.kept_by,
    Repetition.occurred_at,
    Repetition.occurred_corrected_at.label("done_at"),
    Repetition.received_at,
)
_WHOLE: Final = (Repetition.obstacles, Repetition.unsafe_from, Repetition.version)
# Guardians are told neither that something asked for attention nor that it was seen.
_IS_MINE: Final = Repetition.by_user_id.is_not_distinct_from(ME)
_TO_GUARDIANS: Final = (
    case(
        (_IS_MINE, Repetition.obstacles),
        else_=visibility.without_attention(Repetition.obstacles),
    ).label("obstacles"),
    case((_IS_MINE, Repetition.unsafe_from)).label("unsafe_from"),
    case((_IS_MINE, Repetition.version), else_=1).label("version"),
)
_MY_EXERCISE: Final = languages.in_each(
    ExerciseVersion.texts, languages.OF_CLIENT, languages.OF_PRACTICE
).label("exercise")
_STAFF_COLUMNS: Final = (
    *_COLUMNS,
    *_WHOLE,
    languages.in_each(ExerciseVersion.texts, languages.OF_PRACTICE).label("exercise"),
    Repetition.episode_id,
    Repetition.zone,
    Repetition.capacity.label("sent_by"),
    Repetition.attention_level.is_not(None).label("needs_attention"),
    Repetition.attention_level,
    Repetition.attention_reasons,
    Repetition.seen_at,
)


def _select(*columns: Any) -> Any:
    return (
        select(*columns)
        .select_from(Repetition)
        .join(
            ExerciseVersion,
            and_(
                ExerciseVersion.practice_id == Repetition.library_id,
                ExerciseVersion.id == Repetition.exercise_version_id,
            ),
        )
    )


def _page(statement: Any) -> Any:
    return (
        statement.where(Repetition.id < p("after"))
        .order_by(Repetition.id.desc())
        .limit(p("limit", Integer()))
    )


_SHOWN: Final = {
    who: _select(*_COLUMNS, *more, _MY_EXERCISE).where(own(Repetition))
    for who, more in (("self", _WHOLE), ("guardian", _TO_GUARDIANS))
}
_MINE = {who: Query(shown.where(Repetition.id == p("id"))) for who, shown in _SHOWN.items()}
_MY_LIST = {who: Query(_page(shown)) for who, shown in _SHOWN.items()}
_ONE = Query(
    _select(*_STAFF_COLUMNS, attention_opening.is_unopened(Repetition)).where(
        readable(Repetition), Repetition.id == p("id")
    )
)
_HEAD: Final = attention_pages.head(
    Repetition,
    Repetition.seen_at.is_(None),
    Repetition.received_at,
    readable(Repetition),
    Repetition.client_id == p("of_client"),
    or_(p("only_attention", Boolean()).is_(False), Repetition.attention_level.is_not(None)),
)
_LIST = Query(
    _select(*_STAFF_COLUMNS, *attention_pages.place_columns(_HEAD))
    .join(_HEAD, attention_pages.is_row(_HEAD, Repetition))
    .order_by(*attention_pages.order(_HEAD))
)


async def log(work: Work, asked: RepetitionCreate) -> tuple[Row, bool]:
    """Store it once; the receipt, and whether it is new.

    Without an assignment it belongs to the client's newest open episode, or else the newest.
    Raises Invalid for an exercise, assignment or slot that is not the client's to name, and for
    other content under a known key.
    """
    said = once.fingerprint(work.client_id, asked, about="repetitions")
    known = await work.row(_STORED, client_key=asked.client_key)
    if known is not None:
        return await _receipt(work, known, said), False
    around = await _around(work, asked)
    attention = of_obstacles(asked.obstacles)
    # Practice of what is kept from guardians is kept from them, too.
    visible = asked.visibility if around["kept_by"] is None else "therapist"
    received_at, repetition_id = now(), new_id()
    is_new = await work.add(
        Repetition,
        unless=("practice_id", "client_id", "client_key"),
        id=repetition_id,
        client_id=work.client_id,
        episode_id=around["episode_id"],
        assignment_id=around["assignment_id"],
        occurrence_id=str(asked.occurrence_id) if asked.occurrence_id else None,
        library_id=around["library_id"],
        exercise_version_id=str(asked.exercise_version_id),
        body_hash=said.digest,
        obstacles=list(dict.fromkeys(asked.obstacles)),
        needs_attention=attention.level is not None,
        attention_level=attention.level,
        attention_reasons=attention.reasons,
        occurred_corrected_at=corrected(asked.occurred_at, asked.sent_at, received_at),
        received_at=received_at,
        zone=asked.zone or await profiles.zone(work),
        by_user_id=work.actor.user_id,
        capacity=work.actor.capacity,
        kept_by=kept_by(work, visible, has_guardians=around["has_guardians"]),
        **{name: getattr(asked, name) for name in _GIVEN},
    )
    if is_new:
        work.tell("homework.practised", repetition_id, work.client_id)
        if attention.level is not None:
            work.tell("homework.needs_attention", repetition_id, work.client_id)
    stored = await work.row(_STORED, client_key=asked.client_key)
    return await _receipt(work, stored, said), is_new


async def mine(work: Work, repetition_id: str) -> Row:
    """One of the client's own. Raises NotFound."""
    row = await work.row(_MINE[work.actor.capacity], id=repetition_id)
    if row is None:
        await work.nothing(Repetition, repetition_id)
    del row["client_id"]
    return _titled(row)


async def my_list(work: Work, *, after: str, limit: int) -> list[Row]:
    """The client's own, newest first, one past the limit."""
    rows = await work.rows(_MY_LIST[work.actor.capacity], after=after, limit=limit + 1)
    for row in rows:
        del row["client_id"]
    return [_titled(row) for row in rows]


async def get(work: Work, repetition_id: str) -> Row:
    """One, for staff who may read it. Raises as `work.nothing` does."""
    row = await work.row(_ONE, id=repetition_id)
    if row is None:
        await work.nothing(Repetition, repetition_id)
    await attention_opening.open_if_unopened(work, Repetition, row)
    return _titled(row)


async def list_of(
    work: Work, client_id: str, *, place: str | None, limit: int, only_attention: bool
) -> list[Row]:
    """A client's, one past the limit: what nobody has seen and is urgent, then what should be seen
    soon, each by how long it waits; the rest newest first.

    A row's `place` is where the list continues after it. Raises as `care.demand_readable` does,
    and BadRequest `paging.cursor`.
    """
    rows = await work.rows(
        _LIST,
        of_client=client_id,
        limit=limit + 1,
        only_attention=only_attention,
        **attention_pages.after(place),
    )
    if not rows:
        await care.demand_readable(work, client_id)
    return [attention_pages.with_place(_titled(row)) for row in rows]


def _titled(row: Row) -> Row:
    row["visibility"] = default_visibility.shown(row.pop("kept_by"))
    return row | languages.chosen(row.pop("exercise"))


async def _around(work: Work, asked: RepetitionCreate) -> Row:
    """The library, assignment and episode it belongs to. Raises Invalid."""
    around: Any = await work.row(
        _AROUND,
        version_id=str(asked.exercise_version_id),
        assignment_id=str(asked.assignment_id) if asked.assignment_id else None,
        occurrence_id=str(asked.occurrence_id) if asked.occurrence_id else None,
    )
    wrong = [*_wrong(asked, around)]
    if wrong:
        raise Invalid(
            "homework.repetition",
            "Some of this is not there to practise. Correct what is listed; nothing is lost.",
            errors=wrong,
        )
    if around["assignment_id"] is not None:
        await fitting.demand_version(
            work, str(asked.exercise_version_id), around["exercise_version_id"]
        )
    around["episode_id"] = around["episode_id"] or around["newest_episode_id"]
    if around["episode_id"] is None:
        raise Conflict("episodes.none", "There is no care yet that this could belong to.")
    return around  # type: ignore[no-any-return]


def _wrong(asked: RepetitionCreate, around: Row) -> Iterator[FieldError]:
    if around["library_id"] is None:
        yield _error("exercise_version_id", "version", "There is no such exercise here.")
    if asked.assignment_id and around["assignment_id"] is None:
        yield _error("assignment_id", "assignment", "This is no assignment of yours.")
    if asked.occurrence_id and around["slot_of"] is None:
        yield _error("occurrence_id", "occurrence", "This is no slot of yours.")
    elif asked.occurrence_id and around["slot_of"] != around["assignment_id"]:
        yield _error("occurrence_id", "occurrence", "This slot is another assignment's.")


def _error(field: str, reason: str, detail: str) -> FieldError:
    return {"pointer": f"/{field}", "code": f"homework.{reason}", "detail": detail}


async def _receipt(work: Work, stored: Row | None, said: once.Fingerprint) -> Row:
    """What was stored. Raises Invalid when that was other content under this key, or somebody
    else's, of which nobody learns by its key what it says, or that it was urgent."""
    if stored is None or stored.pop("by_user_id") != work.actor.user_id:
        raise once.taken()
    del stored["client_id"]
    stored_hash = stored.pop("body_hash")
    level, episode_id = stored.pop("attention_level"), stored.pop("episode_id")
    is_over = stored.pop("seen_at") is not None
    stored["told"] = await attention_receipts.told_before(
        work,
        None if is_over else level,
        episode_id=episode_id,
        id_=stored["repetition_id"],
    )
    stored["help"] = crisis_help.shown(stored.pop("crisis_resources"))
    once.demand_same(stored_hash, said, stored)
    return stored
