"""How long a file is kept that goes with nothing yet: a day, and longer while a draft names it.

What a draft says is sealed for its client alone. Which files it names is kept beside it, so that a
job can leave those be without reading a word.
"""

from datetime import timedelta
from typing import Any, Final

from sqlalchemy import Text, and_, cast, delete, func, select, update
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql import insert as upsert

from app.access.visible import in_person
from app.core.statements import Query, p
from app.files.models import DraftFile, Upload

UNUSED: Final = timedelta(hours=24)
"""How long a file is kept that goes with nothing, from the last part on."""
DRAFTED: Final = timedelta(days=90)
"""How long a file is kept for a draft that names it, from the last time that was saved."""

_NAMES: Final = p("file_names", ARRAY(Text()))
_LET_GO: Final = func.least(DraftFile.kept_until, func.now() + UNUSED)
_OF_DRAFT: Final = (in_person(DraftFile), DraftFile.occurrence_id == p("occurrence_id"))
_NEW = upsert(DraftFile).from_select(
    ("practice_id", "client_id", "occurrence_id", "name", "kept_until"),
    select(
        p("practice_id"),
        p("acting"),
        p("occurrence_id"),
        func.unnest(_NAMES),
        func.now() + DRAFTED,
    ),
)
NAME_FILES: Final = (
    _NEW.on_conflict_do_update(
        index_elements=("practice_id", "occurrence_id", "name"),
        set_={"kept_until": _NEW.excluded.kept_until},
        where=in_person(DraftFile),
    ).cte("named_files"),
    update(DraftFile)
    .where(*_OF_DRAFT, DraftFile.name != func.all(_NAMES))
    .values(kept_until=_LET_GO)
    .cte("files_named_no_more"),
)
"""Beside the statement that saves the draft of `occurrence_id`: it names `file_names`."""
LET_FILES_GO: Final = update(DraftFile).where(*_OF_DRAFT).values(kept_until=_LET_GO).cte("let_go")
"""Beside the statement by which a draft ends: what it named is kept for another day."""


def _naming(*clauses: Any) -> Any:
    return and_(
        DraftFile.practice_id == Upload.practice_id,
        DraftFile.client_id == Upload.client_id,
        DraftFile.name.in_([cast(Upload.id, Text()), Upload.client_key]),
        *clauses,
    )


DRAFTED_UNTIL: Final = (
    select(func.max(DraftFile.kept_until)).where(_naming()).scalar_subquery().label("drafted_until")
)
"""Of an upload's row: until when drafts keep it. For the client in person alone."""
REMOVE_UNUSED: Final = Query(
    delete(Upload)
    .where(
        Upload.practice_id == p("practice_id"),
        Upload.submission_id.is_(None),
        Upload.created_at < func.now() - UNUSED,
        Upload.changed_at < func.now() - UNUSED,
        ~select(DraftFile.name).where(_naming(DraftFile.kept_until > func.now())).exists(),
    )
    .returning(Upload.id, Upload.client_id)
)
FORGET_NAMES: Final = Query(
    delete(DraftFile).where(
        DraftFile.practice_id == p("practice_id"), DraftFile.kept_until <= func.now()
    )
)
