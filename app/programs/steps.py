"""A program's steps: what may be in them, and what is kept of them when it is assigned."""

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from sqlalchemy import any_, select
from sqlalchemy.dialects.postgresql import ARRAY

from app.core.errors import Conflict, FieldError, Invalid
from app.core.statements import UUID_TEXT, Query, p
from app.library import languages
from app.library.models import Exercise, ExerciseVersion
from app.library.service import CURRENT, NOT_TO_ASSIGN, ours
from app.operation.work import Row, Work
from app.programs.schemas import ProgramStep
from app.schedules import rules

AROUND_SESSIONS: Final = ("before_session", "after_session")
_WORDS: Final = ("title", "rationale", "instructions", "minimum_version")
_OWN_DAYS: Final = ("starts_on", "ends_on")
_MONTHS: Final = tuple(date(2027, month, 1) for month in range(1, 13))

_EXERCISES = Query(
    select(
        Exercise.id,
        Exercise.areas,
        ExerciseVersion.practice_id.label("library_id"),
        ExerciseVersion.id.label("exercise_version_id"),
        ExerciseVersion.texts,
        languages.OF_PRACTICE.label("practice_locale"),
    )
    .join(ExerciseVersion, CURRENT)
    .where(
        ours(Exercise),
        Exercise.is_retired.is_(False),
        Exercise.id == any_(p("ids", ARRAY(UUID_TEXT))),
    )
)


async def check(work: Work, steps: Sequence[ProgramStep]) -> list[Row]:
    """The steps as they are stored.

    Raises Invalid that points at each exercise this practice cannot assign, and at each schedule
    that could not be kept whenever the step may come.
    """
    there = await _exercises(work, {str(one.exercise_id) for one in steps})
    wrong: list[FieldError] = []
    for place, step in enumerate(steps):
        if str(step.exercise_id) not in there:
            wrong.append(_wrong(place, "exercise_id", "programs.exercise", NOT_TO_ASSIGN))
        wrong += [
            _wrong(place, name, "programs.schedule", said) for name, said in _impossible(step)
        ]
    if wrong:
        raise Invalid(wrong[0]["code"], "Some steps cannot be like this.", errors=wrong)
    return [one.model_dump(mode="json") for one in steps]


async def frozen(work: Work, steps: Sequence[Row], locale: str) -> list[Row]:
    """The stored steps as a client is given them: with the exercises' versions of this moment,
    and their words in the language nearest to `locale`.

    Raises Conflict `programs.exercise`, naming the steps (from 1) whose exercise was retired.
    """
    there = await _exercises(work, {step["exercise_id"] for step in steps})
    gone = [n for n, step in enumerate(steps, 1) if step["exercise_id"] not in there]
    if gone:
        raise Conflict(
            "programs.exercise",
            "An exercise in it is retired. Change the program first.",
            steps=gone,
        )
    return [_frozen(step, there[step["exercise_id"]], locale) for step in steps]


def _frozen(step: Row, exercise: Row, locale: str) -> Row:
    _, texts = languages.whole(exercise["texts"], locale, exercise["practice_locale"])
    usual = {
        "title": texts["title"],
        "instructions": texts.get("instructions"),
        "minimum_version": texts.get("minimum"),
    }
    comes = step["comes"]["kind"]
    schedule = {"kind": comes if comes in AROUND_SESSIONS else "once"}
    return step | {
        **{name: step[name] or usual.get(name) for name in _WORDS},
        "areas": list(exercise["areas"]),
        "library_id": exercise["library_id"],
        "exercise_version_id": exercise["exercise_version_id"],
        "schedule": step["schedule"] or rules.read(schedule).model_dump(mode="json"),
    }


async def _exercises(work: Work, ids: set[str]) -> dict[str, Row]:
    return {row["id"]: row for row in await work.rows(_EXERCISES, ids=sorted(ids))}


def _impossible(step: ProgramStep) -> list[tuple[str, str]]:
    """The fields of a step's schedule that cannot be, and why."""
    schedule: Any = step.schedule
    if schedule is None:
        return []
    if step.comes.kind in AROUND_SESSIONS:
        return [("schedule", "It is done around a session: leave its schedule out.")]
    own = [name for name in _OWN_DAYS if getattr(schedule, name, None) is not None]
    if own:
        said = "A step starts when it is given: leave this out, or say `count`."
        return [(f"schedule/{name}", said) for name in own]
    try:
        for month in _MONTHS:
            rules.check(schedule, month)
    except ValueError:
        return [("schedule", "There is a month to begin in from which it would never occur.")]
    return []


def _wrong(place: int, name: str, code: str, detail: str) -> FieldError:
    return {"pointer": f"/steps/{place}/{name}", "code": code, "detail": detail}
