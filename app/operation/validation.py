"""Checking a parsed body against its type, without building more errors than anybody reads."""

from typing import Any, Final

from pydantic import TypeAdapter, ValidationError

MOST_ERRORS: Final = 100
"""An error costs 3 to 10 µs to build, and 1 MiB holds enough unknown fields for 95,000."""

Errors = list[dict[str, Any]]


def validated(adapter: TypeAdapter[Any], said: Any, *place: str | int) -> tuple[Any, Errors]:
    """Return the value and no errors, or None and what is wrong with it."""
    try:
        return adapter.validate_python(said, from_attributes=True), []
    except ValidationError as failure:
        return None, errors_of(failure, *place)


def errors_of(failure: ValidationError, *place: str | int, most: int = MOST_ERRORS) -> Errors:
    """Return what is wrong, each error below `place`; of more than `most`, only that there are."""
    count = failure.error_count()
    if count > most:
        context = {"count": count, "most": most}
        return [{"type": "too_many_errors", "loc": place, "msg": "", "ctx": context}]
    found = failure.errors(include_url=False, include_input=False)
    return [{**one, "loc": (*place, *one["loc"])} for one in found]
