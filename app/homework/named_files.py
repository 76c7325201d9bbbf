"""Files that answers name: by the id of an upload, or by its key (`{"upload_key": …}`)."""

import re
from collections.abc import Mapping
from typing import Any

from app.files import upload_keys
from app.library.fields import File
from app.library.fitting import UPLOAD, upload_key
from app.library.forms import Form
from app.operation.work import Work


async def by_id(work: Work, form: Form | None, answers: Mapping[str, Any]) -> dict[str, Any]:
    """Return the answers with every file that is there named by its id. One whose key nothing has
    arrived under stays as it was said."""
    keys = {name: key for name in _fields(form) if (key := upload_key(answers.get(name)))}
    ids = await upload_keys.ids_of(work, sorted(set(keys.values())))
    return dict(answers) | {name: ids[key] for name, key in keys.items() if key in ids}


def names_in(form: Form | None, answers: Mapping[str, Any]) -> list[str]:
    """Return the ids and keys of the files that answers name, however unfinished they are."""
    names = (_name(answers.get(field)) for field in _fields(form))
    return sorted({one for one in names if one})


def _name(value: object) -> str | None:
    is_id = isinstance(value, str) and re.fullmatch(UPLOAD, value)
    return str(value).lower() if is_id else upload_key(value)


def _fields(form: Form | None) -> list[str]:
    return [field.id for field in form.fields if isinstance(field, File)] if form else []
