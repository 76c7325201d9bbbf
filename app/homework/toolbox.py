"""A client's toolbox: what they were given, what was pinned for them, and three ways to ground."""

from typing import Final

from sqlalchemy import Text, and_, case, column, func, literal, or_, select, union_all
from sqlalchemy.dialects.postgresql import ARRAY, aggregate_order_by
from sqlalchemy.orm import aliased

from app.access.visible import own
from app.core.ids import SYSTEM
from app.core.locales import best_of
from app.core.statements import UUID_TEXT, Query, p
from app.homework.along import Pin
from app.homework.models import Assignment
from app.library import languages
from app.library.models import Exercise, ExerciseVersion
from app.library.service import ours
from app.operation.work import Row, Work

GROUNDING: Final = ("five-senses-grounding", "feet-on-the-floor", "longer-out-breath")
"""What is in every toolbox; in place of one that is not shipped, another gentle skill of the
nervous system."""
MOST: Final = 300
REASONS: Final = ("given", "pinned", "grounding")

_given_version = aliased(ExerciseVersion)
_GIVEN = (
    select(
        _given_version.practice_id.label("library_id"),
        _given_version.exercise_id,
        Assignment.exercise_version_id.label("version_id"),
        Assignment.id.label("assignment_id"),
        literal("given").label("reason"),
    )
    .join(
        _given_version,
        and_(
            _given_version.practice_id == Assignment.library_id,
            _given_version.id == Assignment.exercise_version_id,
        ),
    )
    .where(
        own(Assignment),
        *(Assignment.status != status for status in ("draft", "discarded", "withdrawn")),
    )
)
_PINNED = (
    select(
        Pin.library_id,
        Pin.exercise_id,
        Exercise.current_version_id,
        literal(None, UUID_TEXT),
        literal("pinned"),
    )
    .join(Exercise, and_(Exercise.practice_id == Pin.library_id, Exercise.id == Pin.exercise_id))
    .where(own(Pin))
)
_NAMED = or_(*(Exercise.slug == slug for slug in GROUNDING))
_GROUNDING = (
    select(
        Exercise.practice_id,
        Exercise.id,
        Exercise.current_version_id,
        literal(None, UUID_TEXT),
        literal("grounding"),
    )
    .where(
        Exercise.practice_id == SYSTEM,
        Exercise.is_retired.is_(False),
        or_(
            _NAMED,
            and_(
                Exercise.kind == "skill",
                Exercise.difficulty == 1,
                Exercise.areas.contains(["nervous-system"]),
            ),
        ),
    )
    .order_by(_NAMED.desc(), Exercise.slug)
    .limit(len(GROUNDING))
)
_all = union_all(_GIVEN, _PINNED, _GROUNDING).subquery("everything")
_newest_first = aggregate_order_by(_all.c.version_id, _all.c.assignment_id.desc().nulls_last())
_CHOSEN = (
    select(
        _all.c.library_id,
        _all.c.exercise_id,
        func.array_agg(_newest_first, type_=ARRAY(UUID_TEXT))[1].label("version_id"),
        func.array_agg(_all.c.reason.distinct(), type_=ARRAY(Text)).label("because"),
    )
    .group_by(_all.c.library_id, _all.c.exercise_id)
    .subquery("chosen")
)
_HELD = _CHOSEN.join(
    Exercise,
    and_(
        Exercise.practice_id == _CHOSEN.c.library_id,
        Exercise.id == _CHOSEN.c.exercise_id,
    ),
).join(
    ExerciseVersion,
    and_(
        ExerciseVersion.practice_id == _CHOSEN.c.library_id,
        # Of a shipped exercise the newest: an older form may not ask about safety.
        ExerciseVersion.id
        == case(
            (_CHOSEN.c.library_id == SYSTEM, Exercise.current_version_id),
            else_=_CHOSEN.c.version_id,
        ),
    ),
)
_there = func.jsonb_object_keys(ExerciseVersion.texts).column_valued("there")
_TOOLS = Query(
    select(
        Exercise.id.label("exercise_id"),
        Exercise.slug,
        Exercise.kind,
        Exercise.areas,
        Exercise.modality,
        Exercise.difficulty,
        ExerciseVersion.id.label("exercise_version_id"),
        ExerciseVersion.number,
        ExerciseVersion.minutes,
        ExerciseVersion.form,
        select(func.array_agg(_there)).scalar_subquery().label("languages"),
        languages.OF_CLIENT.label("client_locale"),
        languages.OF_PRACTICE.label("practice_locale"),
        _CHOSEN.c.because,
    )
    .select_from(_HELD)
    .order_by(Exercise.slug, Exercise.id)
    .limit(MOST)
)
_picked = (
    func.unnest(p("ids", ARRAY(UUID_TEXT)), p("locales", ARRAY(Text)))
    .table_valued(column("id", UUID_TEXT), column("locale", Text))
    .render_derived()
)
# Only what is shown is fetched: a practice may have written each of its own in many languages.
_in_locale = ExerciseVersion.texts[_picked.c.locale]
_TEXTS = Query(
    select(
        ExerciseVersion.id,
        _in_locale.label("texts"),
        _in_locale["minimum"].astext.label("minimum_version"),
    )
    .select_from(ExerciseVersion)
    .join(_picked, ExerciseVersion.id == _picked.c.id)
    .where(ours(ExerciseVersion))
)
_ONE = Query(
    select(_CHOSEN.c.exercise_id).where(_CHOSEN.c.exercise_id == p("exercise_id"))
)  # fmt: skip


async def mine(work: Work, locale: str | None) -> list[Row]:
    """The client's tools, whole, by slug, in `locale` or the client's own where it is there, and
    why each is among them: a shipped one in its newest version, one of the practice's own in the
    version last given or else the current one."""
    rows = await work.rows(_TOOLS)
    for row in rows:
        wanted = (row.pop("client_locale"), row.pop("practice_locale"))
        row["locale"] = best_of(row.pop("languages"), locale, *wanted)
        row["because"] = [reason for reason in REASONS if reason in row["because"]]
    ids, locales = ([row[name] for row in rows] for name in ("exercise_version_id", "locale"))
    found = await work.rows(_TEXTS, ids=ids, locales=locales)
    texts = {one.pop("id"): one for one in found}
    return [row | texts[row["exercise_version_id"]] for row in rows]


async def in_toolbox(work: Work, exercise_id: str) -> bool:
    """Whether this exercise is in the toolbox of the client acted for."""
    return await work.row(_ONE, exercise_id=exercise_id) is not None
