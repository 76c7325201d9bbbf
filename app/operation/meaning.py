"""What a body says, whichever way it is spelled: two that say the same have one canonical form.

An instant is the same in any offset, 70.0 is 70, a character is the same composed or not, null is
the same as absent, and so is what stands there when nothing is said. A list that is marked
`UNORDERED` says the same in any order.
"""

from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from functools import cache
from typing import Any, Final, get_args
from unicodedata import normalize
from uuid import UUID

import orjson
from pydantic import BaseModel

from app.core.wire import UNORDERED

_EXACT: Final = 2.0**53
"""Above it, whole numbers and doubles part company."""


def canonical(value: object) -> Any:
    """The form of a value (a model, or JSON) that all that says the same shares, as JSON."""
    if isinstance(value, str):
        return value if value.isascii() else normalize("NFC", value)
    if isinstance(value, float):
        return int(value) if value.is_integer() and abs(value) < _EXACT else value
    if isinstance(value, BaseModel):
        return members(value)
    if isinstance(value, dict):
        said = ((canonical(name), canonical(one)) for name, one in value.items())
        return {name: one for name, one in said if one is not None}
    if isinstance(value, list | tuple):
        return [canonical(one) for one in value]
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return str(value) if isinstance(value, UUID) else value


def is_as_said(current: Mapping[str, Any], said: BaseModel) -> bool:
    """Whether what is there, as JSON, is already as each member that was set asks."""
    sets, _ = _shape(type(said))
    asked = said.model_dump(mode="json", exclude_unset=True)
    for name, value in asked.items():
        form = _in_any_order if name in sets else canonical
        if written(form(value)) != written(form(current[name])):
            return False
    return True


def written(value: object) -> bytes:
    """A canonical form as bytes."""
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)


def members(said: BaseModel, *, but_for: Collection[str] = ()) -> dict[str, Any]:
    """The canonical forms of a model's members that say anything."""
    kept: dict[str, Any] = {}
    sets, unsaid = _shape(type(said))
    for name in said.model_fields_set:
        if name in but_for:
            continue
        value = said.__dict__[name]
        form = _in_any_order(value) if name in sets else canonical(value)
        # An object of which nothing is said is not said.
        if form is not None and form != unsaid[name] and form != {}:
            kept[name] = form
    return kept


def _in_any_order(values: Any) -> Any:
    if values is None:
        return None
    forms = {written(one): one for one in map(canonical, values)}
    return [forms[each] for each in sorted(forms)]


@cache
def _shape(model: type[BaseModel]) -> tuple[frozenset[str], dict[str, Any]]:
    """The members whose order says nothing, and what stands for each that is not said."""
    fields = model.model_fields
    sets = {n for n, one in fields.items() if _is_set(one.annotation, one.metadata)}
    unsaid = {
        n: canonical(one.get_default(call_default_factory=True))
        for n, one in fields.items()
        if not one.is_required()
    }
    return frozenset(sets), {name: unsaid.get(name) for name in fields}


def _is_set(annotation: Any, metadata: Any = ()) -> bool:
    if UNORDERED in metadata or UNORDERED in getattr(annotation, "__metadata__", ()):
        return True
    return any(_is_set(inner) for inner in get_args(annotation))
