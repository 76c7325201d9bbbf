"""Reading the library: exercises of this practice and the shipped ones, and their forms."""

from typing import Any, Final

from sqlalchemy import Integer, SmallInteger, Text, and_, any_, or_, select
from sqlalchemy.dialects.postgresql import ARRAY

from app.core.ids import SYSTEM
from app.core.statements import UUID_TEXT, Query, p
from app.library.forms import Form
from app.library.models import Exercise, ExerciseVersion
from app.operation.work import Row, Work

LOCALE: Final = "en"


def _ours(table: Any) -> Any:
    return or_(table.practice_id == p("practice_id"), table.practice_id == SYSTEM)


_HEAD = (
    Exercise.id,
    Exercise.slug,
    Exercise.kind,
    Exercise.areas,
    Exercise.modality,
    Exercise.difficulty,
    ExerciseVersion.minutes,
    ExerciseVersion.texts[LOCALE]["title"].astext.label("title"),
    ExerciseVersion.texts[LOCALE]["summary"].astext.label("summary"),
    Exercise.current_version_id.label("exercise_version_id"),
    Exercise.version,
)
_CURRENT = and_(
    ExerciseVersion.practice_id == Exercise.practice_id,
    ExerciseVersion.id == Exercise.current_version_id,
)
_LIST = Query(
    select(*_HEAD)
    .join(ExerciseVersion, _CURRENT)
    .where(
        _ours(Exercise),
        Exercise.is_retired.is_(False),
        Exercise.id < p("after"),
        or_(p("area", Text()).is_(None), p("area", Text()) == any_(Exercise.areas)),
        or_(p("kind", Text()).is_(None), Exercise.kind == p("kind", Text())),
        or_(
            p("difficulty", SmallInteger()).is_(None),
            Exercise.difficulty == p("difficulty", SmallInteger()),
        ),
    )
    .order_by(Exercise.id.desc())
    .limit(p("limit", Integer()))
)
_ONE = Query(
    select(*_HEAD, ExerciseVersion.number, ExerciseVersion.form, ExerciseVersion.texts)
    .join(ExerciseVersion, _CURRENT)
    .where(_ours(Exercise), Exercise.id == p("id"))
)
_VERSION = Query(
    select(
        ExerciseVersion.id,
        ExerciseVersion.exercise_id,
        ExerciseVersion.number,
        ExerciseVersion.minutes,
        ExerciseVersion.form,
        ExerciseVersion.texts,
    ).where(_ours(ExerciseVersion), ExerciseVersion.id == p("id"))
)
_TO_ASSIGN = Query(
    select(
        ExerciseVersion.practice_id.label("library_id"),
        ExerciseVersion.id.label("exercise_version_id"),
        ExerciseVersion.texts[LOCALE].label("texts"),
        Exercise.areas,
        Exercise.is_retired,
    )
    .join(Exercise, _CURRENT)
    .where(_ours(Exercise), Exercise.id == p("id"))
)
_SIBLINGS = Query(
    select(ExerciseVersion.id, ExerciseVersion.exercise_id).where(
        _ours(ExerciseVersion), ExerciseVersion.id == p("ids", ARRAY(UUID_TEXT)).any_()
    )
)
_FORMS: dict[tuple[str, str], Form] = {}
_KEPT_FORMS: Final = 2_000


async def list_of(
    work: Work,
    *,
    after: str,
    limit: int,
    area: str | None,
    kind: str | None,
    difficulty: int | None,
) -> list[Row]:
    """Exercises that can be assigned, one past the limit."""
    return await work.rows(
        _LIST, after=after, limit=limit + 1, area=area, kind=kind, difficulty=difficulty
    )


async def get(work: Work, exercise_id: str) -> Row:
    """One exercise with its current version. Raises NotFound."""
    row = await work.row(_ONE, id=exercise_id)
    if row is None:
        await work.nothing(Exercise, exercise_id)
    row["current"] = {
        "id": row["exercise_version_id"],
        "exercise_id": row["id"],
        "number": row.pop("number"),
        "minutes": row["minutes"],
        "form": row.pop("form"),
        "texts": row.pop("texts"),
    }
    return row


async def version(work: Work, version_id: str) -> Row:
    """One version, whole; it never changes. Raises NotFound."""
    row = await work.row(_VERSION, id=version_id)
    if row is None:
        await work.nothing(ExerciseVersion, version_id)
    return row


async def to_assign(work: Work, exercise_id: str) -> Row | None:
    """What an assignment takes from an exercise: its version, texts and areas."""
    return await work.row(_TO_ASSIGN, id=exercise_id)


async def form(work: Work, version_id: str) -> Form | None:
    """The parsed form of a version this practice may use, remembered: versions never change."""
    held = _FORMS.get((SYSTEM, version_id)) or _FORMS.get((work.practice_id, version_id))
    if held is not None:
        return held
    row = await work.row(_VERSION_HOME, id=version_id)
    if row is None:
        return None
    if len(_FORMS) >= _KEPT_FORMS:
        _FORMS.clear()
    parsed = _FORMS[(row["practice_id"], version_id)] = Form.model_validate(row["form"].value)
    return parsed


async def same_exercise(work: Work, one: str, other: str) -> bool:
    """Whether two versions are of one exercise."""
    rows = await work.rows(_SIBLINGS, ids=[one, other])
    return len(rows) == 2 and rows[0]["exercise_id"] == rows[1]["exercise_id"]


_VERSION_HOME = Query(
    select(ExerciseVersion.practice_id, ExerciseVersion.form).where(
        _ours(ExerciseVersion), ExerciseVersion.id == p("id")
    )
)
