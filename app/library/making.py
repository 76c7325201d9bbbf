"""A practice makes exercises of its own: written, copied, changed, published, retired.

What is published never changes: an answer keeps the version it answered. So there is one draft
beside the versions, which publishing turns into the next one.
"""

import re
from typing import Any, Final
from unicodedata import normalize

from sqlalchemy import delete

from app.core.errors import Conflict, Invalid
from app.core.ids import new_id
from app.core.locales import best_of
from app.core.statements import Query, p
from app.library import languages, service
from app.library.catalogue import Texts, whole_texts
from app.library.describing import json_schema
from app.library.forms import Form
from app.library.models import Exercise, ExerciseDraft, ExerciseVersion
from app.library.schemas import ExerciseCreate, ExerciseUpdate
from app.library.texts import ExerciseTexts
from app.operation import preconditions
from app.operation.work import Row, Work

HEADER: Final = ("kind", "areas", "modality", "difficulty")
CONTENT: Final = ("minutes", "form", "texts")
LONGEST_SLUG: Final = 60

_DROP = Query(
    delete(ExerciseDraft).where(
        ExerciseDraft.practice_id == p("practice_id"), ExerciseDraft.id == p("id")
    )
)


async def create(work: Work, asked: ExerciseCreate) -> Row:
    """A new exercise, as a draft. Raises Invalid for texts that do not cover the form, and
    Conflict `library.slug_taken`."""
    content: Row = {
        "minutes": asked.minutes,
        "form": _plain(asked.form),
        "texts": _whole(asked.form, asked.texts),
    }
    return await _add(work, asked.slug, asked.model_dump(include=set(HEADER)), content)


async def copy(work: Work, exercise_id: str) -> Row:
    """A draft of one's own with the same content, of any exercise there is. Raises NotFound."""
    source = await service.get(work, exercise_id)
    content = source["current"] or source["draft"]
    return await _add(
        work,
        None,
        {name: source[name] for name in HEADER},
        {name: content[name] for name in CONTENT},
        copied_from=exercise_id,
    )


async def update(work: Work, exercise_id: str, asked: ExerciseUpdate) -> Row:
    """Change the header at once, and the draft until it is published.

    Raises NotFound, Conflict, VersionRequired, Stale, and Invalid for texts that do not cover the
    form.
    """
    current = await _changeable(work, exercise_id)
    seen = preconditions.demand(work, current["version"])
    given = asked.model_fields_set
    if not given:
        return current
    header = {name: getattr(asked, name) if name in given else current[name] for name in HEADER}
    await work.change(Exercise, exercise_id, seen, **header)
    if given & set(CONTENT):
        await _rewrite(work, current, asked)
    return await service.get(work, exercise_id)


async def publish(work: Work, exercise_id: str) -> Row:
    """The draft becomes the next version, and what is assigned from now on; without a draft all
    is published already. Raises NotFound, Conflict, VersionRequired or Stale."""
    current = await _changeable(work, exercise_id)
    draft = current["draft"]
    if draft is None:
        return current
    seen = preconditions.demand(work, current["version"])
    version_id = new_id()
    await work.change(Exercise, exercise_id, seen, current_version_id=version_id)
    await work.add(
        ExerciseVersion,
        id=version_id,
        exercise_id=exercise_id,
        number=current["current"]["number"] + 1 if current["current"] else 1,
        **draft,
    )
    await work.run(_DROP, id=exercise_id)
    work.note("library", outcome="published", asked=exercise_id)
    work.tell("library.published", exercise_id)
    return await service.get(work, exercise_id)


async def retire(work: Work, exercise_id: str) -> Row:
    """Never to be assigned again; what was assigned goes on, and every version stays readable.

    Raises NotFound, Conflict, VersionRequired or Stale.
    """
    current = await _own(work, exercise_id)
    if current["is_retired"]:
        return current
    seen = preconditions.demand(work, current["version"])
    await work.change(Exercise, exercise_id, seen, is_retired=True)
    work.note("library", outcome="retired", asked=exercise_id)
    work.tell("library.retired", exercise_id)
    return await service.get(work, exercise_id)


async def schema(work: Work, exercise_id: str, locale: str | None) -> tuple[Row, str, int]:
    """The JSON Schema of the current version's answers (before there is one, of the draft's),
    the locale of its words, and the exercise's version. Raises NotFound."""
    exercise = await service.stored(work, exercise_id)
    content = exercise["current"] or exercise["draft"]
    language, texts = languages.whole(content["texts"], locale, exercise["practice_locale"])
    form = Form.model_validate(content["form"].value)
    described = json_schema(form, ExerciseTexts.model_validate(texts))
    return described, language, exercise["version"]


async def _own(work: Work, exercise_id: str) -> Row:
    row = await service.get(work, exercise_id)
    if not row["is_own"]:
        raise Conflict(
            "library.shipped",
            "It comes with the service and stays as it is. Copy it, and change the copy.",
            copy_at=f"/v1/exercises/{exercise_id}/copy",
        )
    return row


async def _changeable(work: Work, exercise_id: str) -> Row:
    row = await _own(work, exercise_id)
    if row["is_retired"]:
        raise Conflict(
            "library.retired", "It is retired and stays as it is. Copy it, and change the copy."
        )
    return row


async def _add(
    work: Work,
    slug: str | None,
    header: Row,
    content: Row,
    copied_from: str | None = None,
) -> Row:
    exercise_id = new_id()
    wanted = slug or _slug(_titles(content["texts"]))
    unique = f"{wanted[: LONGEST_SLUG - 7].rstrip('-')}-{exercise_id[-6:]}"
    for name in (wanted,) if slug else (wanted, unique):
        if await work.add(
            Exercise,
            unless=("practice_id", "slug"),
            id=exercise_id,
            slug=name,
            copied_from=copied_from,
            **header,
        ):
            break
    else:
        raise Conflict("library.slug_taken", "Another exercise has this slug. Choose another one.")
    await work.add(ExerciseDraft, id=exercise_id, **content)
    return await service.get(work, exercise_id)


async def _rewrite(work: Work, current: Row, asked: ExerciseUpdate) -> None:
    kept = current["draft"] or current["current"]
    given = asked.model_fields_set
    form = asked.form if "form" in given else Form.model_validate(kept["form"].value)
    texts: Any = asked.texts if "texts" in given else kept["texts"].value
    if "texts" not in given:
        texts = {name: ExerciseTexts.model_validate(words) for name, words in texts.items()}
    content: Row = {
        "minutes": asked.minutes if "minutes" in given else kept["minutes"],
        "form": _plain(form),
        "texts": _whole(form, texts),
    }
    if current["draft"] is None:
        await work.add(ExerciseDraft, id=current["id"], **content)
    else:
        await work.alter(ExerciseDraft, current["id"], **content)


def _whole(form: Form, texts: Texts) -> dict[str, Any]:
    try:
        filled = whole_texts(form, texts)
    except ValueError as wrong:
        said = str(wrong)
        raise Invalid(
            "library.texts",
            "The texts do not cover the form. Every field has its words, in every language.",
            errors=[{"pointer": "/texts", "code": "library.texts", "detail": f"{said}."}],
        ) from None
    return {locale: _plain(words) for locale, words in filled.items()}


def _plain(model: Form | ExerciseTexts) -> dict[str, Any]:
    return model.model_dump(mode="json", exclude_none=True)


def _titles(texts: Any) -> str:
    known = texts if isinstance(texts, dict) else texts.value
    return str(known[best_of(known)]["title"])


def _slug(title: str) -> str:
    plain = normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    words = re.sub(r"[^a-z0-9]+", "-", plain)[:LONGEST_SLUG].strip("-")
    return words if words[:1].isalpha() else "exercise"
