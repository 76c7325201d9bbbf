"""Whether one value fits one field. Pure, and silent about the value itself."""

import datetime
import re
from typing import assert_never

from app.library.fields import (
    Answer,
    AnyField,
    Choice,
    Choices,
    Date,
    LongText,
    Number,
    Scale,
    Text,
    Time,
    YesNo,
)

DATE = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
TIME = "([01][0-9]|2[0-3]):[0-5][0-9]"

# PostgreSQL cannot store NUL in text, and a lone surrogate is not text in any encoding.
_UNSTORABLE = re.compile("[\0\ud800-\udfff]")


class Misfit(Exception):
    """A value does not fit its field: a stable code and the rule in words, never the value."""

    def __init__(self, code: str, rule: str) -> None:
        super().__init__(code, rule)
        self.code = code
        self.rule = rule


def is_blank(field: AnyField, value: object) -> bool:
    """Whether a value counts as no answer: null, text of blanks only, no option chosen."""
    if isinstance(value, str):
        return field.kind in ("text", "long_text") and not value.strip()
    return value is None or (value == [] and field.kind == "choices")


def fit(field: AnyField, value: object, *, completed: bool) -> Answer:
    """The value in canonical form (7.0 is 7, options in the form's order); raises Misfit."""
    match field:
        case Text() | LongText():
            return _text(field, value)
        case Number() | Scale():
            return _number(field, value)
        case Choice():
            return _option(field, value)
        case Choices():
            return _options(field, value, completed)
        case YesNo():
            if not isinstance(value, bool):
                raise Misfit("form.wrong_type", "must be true or false")
            return value
        case Date():
            return _date(field, value)
        case Time():
            if not isinstance(value, str) or not re.fullmatch(TIME, value):
                raise Misfit("form.wrong_type", "must be a time of day written HH:MM")
            return value
        case _:
            assert_never(field)


def asks_attention(field: AnyField, answer: Answer) -> bool:
    """Whether a canonical answer lies at or beyond the field's `attention_at`."""
    match field, answer:
        case Number() | Scale(), int() | float():
            return field.attention_at is not None and field.attention_at.reached(answer)
        case Choice(), str():
            return answer in (field.attention_at or ())
        case Choices(), list():
            return not set(answer).isdisjoint(field.attention_at or ())
        case YesNo(), bool():
            return answer is field.attention_at
        case _:
            return False


def _text(field: Text | LongText, value: object) -> str:
    if not isinstance(value, str):
        raise Misfit("form.wrong_type", "must be text")
    if len(value) > field.max_length:
        raise Misfit("form.too_long", f"may have at most {field.max_length} characters")
    if _UNSTORABLE.search(value):
        raise Misfit("form.bad_characters", "contains a character that cannot be stored")
    return value


def _number(field: Number | Scale, value: object) -> int | float:
    # In Python True is an int. NaN, which no comparison lets through, is out of range.
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise Misfit("form.wrong_type", "must be a number")
    if not field.min <= value <= field.max:
        raise Misfit("form.out_of_range", f"must be between {field.min} and {field.max}")
    number = int(value) if value == int(value) else value
    if isinstance(field, Scale) and not isinstance(number, int):
        raise Misfit("form.wrong_step", "must be a whole number")
    if isinstance(field, Number) and not field.on_step(number):
        raise Misfit("form.wrong_step", f"must be a multiple of {field.step}")
    return number


def _option(field: Choice | Choices, value: object) -> str:
    if not isinstance(value, str):
        raise Misfit("form.wrong_type", "must be named by option id")
    if value not in field.options:
        raise Misfit("form.unknown_option", "must be one of the options the form lists")
    return value


def _options(field: Choices, value: object, completed: bool) -> list[str]:
    if not isinstance(value, list):
        raise Misfit("form.wrong_type", "must be a list of option ids")
    if len(value) > field.most:
        raise Misfit("form.too_many", f"may have at most {field.most} options chosen")
    chosen = {_option(field, option) for option in value}
    if len(chosen) < len(value):
        raise Misfit("form.repeated_option", "may name each option only once")
    if completed and len(chosen) < field.min_chosen:
        raise Misfit("form.too_few", f"needs at least {field.min_chosen} options chosen")
    return [option for option in field.options if option in chosen]


def _date(field: Date, value: object) -> str:
    # fromisoformat alone would take week dates and dates without hyphens as well.
    if not isinstance(value, str) or not re.fullmatch(DATE, value):
        raise Misfit("form.wrong_type", "must be a date written YYYY-MM-DD")
    try:
        day = datetime.date.fromisoformat(value)
    except ValueError:
        raise Misfit("form.wrong_type", "must be a day the calendar has") from None
    if field.min and day < field.min:
        raise Misfit("form.out_of_range", f"must not be before {field.min}")
    if field.max and day > field.max:
        raise Misfit("form.out_of_range", f"must not be after {field.max}")
    return value
