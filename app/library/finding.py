"""Finding exercises: by area, kind, modality, minutes, difficulty, and words of their titles."""

import re
from typing import Any, Final
from unicodedata import normalize

from sqlalchemy import (
    Boolean,
    Integer,
    SmallInteger,
    Text,
    all_,
    any_,
    cast,
    func,
    literal_column,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import ARRAY

from app.core.errors import Invalid
from app.core.statements import Query, p
from app.library import languages, service
from app.library.models import Exercise, ExerciseDraft, ExerciseVersion
from app.library.service import CURRENT, DRAFT, HEAD, TEXTS, ours
from app.operation.work import Row, Work

_MARKS: Final = "\u0300-\u036f"
"""What is written above or below a letter, once it is taken apart."""
_TITLES: Final = cast(
    func.jsonb_path_query_array(TEXTS, literal_column("'$.*.title'::jsonpath")), Text()
)
# The same as `folded`: taken apart, without marks, in small letters.
_FOLDED: Final = func.lower(
    func.regexp_replace(func.normalize(_TITLES, literal_column("NFKD")), f"[{_MARKS}]", "", "g")
)


def _unless(name: str, type_: Any, holds: Any) -> Any:
    return or_(p(name, type_).is_(None), holds)


_LIST = Query(
    select(*HEAD)
    .outerjoin(ExerciseVersion, CURRENT)
    .outerjoin(ExerciseDraft, DRAFT)
    .where(
        ours(Exercise),
        Exercise.is_retired.is_(False),
        or_(Exercise.current_version_id.is_not(None), p("mine", Boolean())),
        or_(Exercise.practice_id == p("practice_id"), ~p("mine", Boolean())),
        Exercise.id < p("after"),
        _unless("area", Text(), p("area", Text()) == any_(Exercise.areas)),
        _unless("kind", Text(), Exercise.kind == p("kind", Text())),
        _unless("modality", Text(), p("modality", Text()) == any_(Exercise.modality)),
        _unless(
            "minutes",
            Integer(),
            func.coalesce(ExerciseVersion.minutes, ExerciseDraft.minutes)
            <= p("minutes", Integer()),
        ),
        _unless(
            "difficulty",
            SmallInteger(),
            Exercise.difficulty == p("difficulty", SmallInteger()),
        ),
        _FOLDED.op("like")(all_(p("words", ARRAY(Text())))),
    )
    .order_by(Exercise.id.desc())
    .limit(p("limit", Integer()))
)
_VERSIONS = Query(
    select(
        ExerciseVersion.id,
        ExerciseVersion.number,
        ExerciseVersion.minutes,
        languages.in_each(ExerciseVersion.texts, languages.OF_PRACTICE).label("shown"),
        ExerciseVersion.created_at,
        cast(ExerciseVersion.number, Text()).label("place"),
    )
    .where(
        ours(ExerciseVersion),
        ExerciseVersion.exercise_id == p("exercise_id"),
        ExerciseVersion.number < p("before", Integer()),
    )
    .order_by(ExerciseVersion.number.desc())
    .limit(p("limit", Integer()))
)
_LAST: Final = 2**31 - 1


async def list_of(
    work: Work, *, after: str, limit: int, q: str | None, mine: bool, **filters: Any
) -> list[Row]:
    """Exercises that can be assigned, newest first, one past the limit; with `mine` the
    practice's own, also those not published yet.

    Raises Invalid `library.q` for a `q` without words.
    """
    words = sorted(set(re.findall(r"\w+", folded(q or ""))))
    if q is not None and not words:
        raise Invalid("library.q", "A title is found by its words: q needs letters.")
    patterns = ["%" + word.replace("_", r"\_") + "%" for word in words]
    rows = await work.rows(
        _LIST, after=after, limit=limit + 1, words=patterns, mine=mine, **filters
    )
    return [_shown(row) for row in rows]


async def versions_of(work: Work, exercise_id: str, *, before: str | None, limit: int) -> list[Row]:
    """An exercise's versions, newest first, one past the limit. Raises NotFound."""
    number = _LAST if before is None else int(before)
    rows = await work.rows(_VERSIONS, exercise_id=exercise_id, before=number, limit=limit + 1)
    if not rows:
        await service.get(work, exercise_id)
    return [_shown(row) for row in rows]


def folded(text: str) -> str:
    """Text without accents and case, so that "reflexion" finds "Reflexión"."""
    return re.sub(f"[{_MARKS}]", "", normalize("NFKD", text)).lower()


def _shown(row: Row) -> Row:
    return row | languages.chosen(row.pop("shown"))
