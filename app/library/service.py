"""Reading the library: exercises of this practice and the shipped ones, and their forms."""

from typing import Any, Final

from sqlalchemy import and_, func, or_, select
from sqlalchemy.dialects.postgresql import ARRAY

from app.core.ids import SYSTEM
from app.core.statements import UUID_TEXT, Query, p
from app.library import languages
from app.library.forms import Form
from app.library.models import Exercise, ExerciseDraft, ExerciseVersion
from app.operation.work import Row, Work

NOT_TO_ASSIGN: Final = (
    "There is no such exercise to assign: publish a draft first; for a retired one, choose another."
)


def ours(table: Any) -> Any:
    """Rows of this practice, and the shipped ones."""
    return or_(table.practice_id == p("practice_id"), table.practice_id == SYSTEM)


CURRENT: Final = and_(
    ExerciseVersion.practice_id == Exercise.practice_id,
    ExerciseVersion.id == Exercise.current_version_id,
)
DRAFT: Final = and_(
    ExerciseDraft.practice_id == Exercise.practice_id, ExerciseDraft.id == Exercise.id
)
TEXTS: Final = func.coalesce(ExerciseVersion.texts, ExerciseDraft.texts)
HEAD: Final = (
    Exercise.id,
    Exercise.slug,
    Exercise.kind,
    Exercise.areas,
    Exercise.modality,
    Exercise.difficulty,
    func.coalesce(ExerciseVersion.minutes, ExerciseDraft.minutes).label("minutes"),
    languages.in_each(TEXTS, languages.OF_PRACTICE, names=("title", "summary")).label("shown"),
    Exercise.current_version_id.label("exercise_version_id"),
    (Exercise.practice_id == p("practice_id")).label("is_own"),
    ExerciseDraft.id.is_not(None).label("has_draft"),
    Exercise.version,
)
_ONE = Query(
    select(
        *HEAD,
        languages.OF_PRACTICE.label("practice_locale"),
        Exercise.is_retired,
        Exercise.copied_from,
        ExerciseVersion.number,
        ExerciseVersion.minutes.label("current_minutes"),
        ExerciseVersion.form.label("current_form"),
        ExerciseVersion.texts.label("current_texts"),
        ExerciseDraft.minutes.label("draft_minutes"),
        ExerciseDraft.form.label("draft_form"),
        ExerciseDraft.texts.label("draft_texts"),
    )
    .outerjoin(ExerciseVersion, CURRENT)
    .outerjoin(ExerciseDraft, DRAFT)
    .where(ours(Exercise), Exercise.id == p("id"))
)
_VERSION = Query(
    select(
        ExerciseVersion.id,
        ExerciseVersion.exercise_id,
        ExerciseVersion.number,
        ExerciseVersion.minutes,
        ExerciseVersion.form,
        ExerciseVersion.texts,
    ).where(ours(ExerciseVersion), ExerciseVersion.id == p("id"))
)
_TO_ASSIGN = Query(
    select(
        ExerciseVersion.practice_id.label("library_id"),
        ExerciseVersion.id.label("exercise_version_id"),
        ExerciseVersion.texts,
        languages.OF_PRACTICE.label("practice_locale"),
        Exercise.areas,
        Exercise.is_retired,
    )
    .join(Exercise, CURRENT)
    .where(ours(Exercise), Exercise.id == p("id"))
)
_SIBLINGS = Query(
    select(ExerciseVersion.id, ExerciseVersion.exercise_id).where(
        ours(ExerciseVersion), ExerciseVersion.id == p("ids", ARRAY(UUID_TEXT)).any_()
    )
)
_NEWEST = Query(
    select(Exercise.current_version_id)
    .join(
        ExerciseVersion,
        and_(
            ExerciseVersion.practice_id == Exercise.practice_id,
            ExerciseVersion.exercise_id == Exercise.id,
        ),
    )
    .where(ExerciseVersion.practice_id == SYSTEM, ExerciseVersion.id == p("id"))
)
_FORMS: dict[tuple[str, str], Form] = {}
_KEPT_FORMS: Final = 2_000


async def get(work: Work, exercise_id: str) -> Row:
    """One exercise with its current version and its draft, as far as there are. Raises NotFound."""
    row = await stored(work, exercise_id)
    del row["practice_locale"]
    return row


async def stored(work: Work, exercise_id: str) -> Row:
    """The same, and the language of the practice. Raises NotFound."""
    row = await work.row(_ONE, id=exercise_id)
    if row is None:
        await work.nothing(Exercise, exercise_id)
    row |= languages.chosen(row.pop("shown"))
    number = row.pop("number")
    current = _content(row, "current")
    draft = _content(row, "draft")
    row["draft"] = draft if row["has_draft"] else None
    row["current"] = None
    if number is not None:
        ids = {"id": row["exercise_version_id"], "exercise_id": row["id"], "number": number}
        row["current"] = ids | current
    return row


def _content(row: Row, of: str) -> Row:
    return {name: row.pop(f"{of}_{name}") for name in ("minutes", "form", "texts")}


async def version(work: Work, version_id: str) -> Row:
    """One version, whole; it never changes. Raises NotFound."""
    row = await work.row(_VERSION, id=version_id)
    if row is None:
        await work.nothing(ExerciseVersion, version_id)
    return row


async def to_assign(work: Work, exercise_id: str) -> Row | None:
    """What an assignment takes from an exercise: its version, areas, and texts in every language.

    None for one that is not published, or not this practice's to use.
    """
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


async def newest(work: Work, library_id: str, version_id: str) -> str:
    """The version to give where this one was meant: of a shipped exercise the newest, of one of
    the practice's own just this one."""
    found = await work.row(_NEWEST, id=version_id) if library_id == SYSTEM else None
    return str(found["current_version_id"]) if found else version_id


async def same_exercise(work: Work, one: str, other: str) -> bool:
    """Whether two versions are of one exercise."""
    rows = await work.rows(_SIBLINGS, ids=[one, other])
    return len(rows) == 2 and rows[0]["exercise_id"] == rows[1]["exercise_id"]


_VERSION_HOME = Query(
    select(ExerciseVersion.practice_id, ExerciseVersion.form).where(
        ours(ExerciseVersion), ExerciseVersion.id == p("id")
    )
)
