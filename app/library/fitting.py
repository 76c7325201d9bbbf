"""Whether a single value fits its field. Pure, and silent about the value itself."""

import datetime
import re
from typing import assert_never

from app.library.attention import AttentionLevel
from app.library.fields import (
    Answer,
    Choice,
    Choices,
    Date,
    File,
    LongText,
    Number,
    Ranking,
    Scale,
    SingleField,
    Text,
    Time,
    YesNo,
)

DATE = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
KEY = "[!-~]{8,100}"
UPLOAD = "[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
TIME = "([01][0-9]|2[0-3]):[0-5][0-9]"

# PostgreSQL cannot store NUL in text, and a lone surrogate is not text in any encoding.
_UNSTORABLE = re.compile("[\0\ud800-\udfff]")


UNKNOWN_KEY = "files.unknown_key"
"""The code for a file that is named by a key under which nothing has arrived."""


def upload_key(value: object) -> str | None:
    """Return the key of the upload that an answer names by it; None for any other answer."""
    match value:
        case {"upload_key": str(key), **others} if not others and re.fullmatch(KEY, key):
            return key
        case _:
            return None


class Misfit(Exception):
    """A value does not fit its field: a stable code and the rule in words, never the value.

    `at` leads to the part that does not fit, where the value has parts (`/2/when`); `others` are
    further parts that do not fit.
    """

    def __init__(
        self, code: str, rule: str, at: str = "", others: "tuple[Misfit, ...]" = ()
    ) -> None:
        super().__init__(code, rule)
        self.code = code
        self.rule = rule
        self.at = at
        self.others = others


def is_blank(field: SingleField, value: object) -> bool:
    """Whether a value counts as no answer: null, text of blanks only, no option chosen."""
    if isinstance(value, str):
        return field.kind in ("text", "long_text") and not value.strip()
    return value is None or (value == [] and field.kind in ("choices", "ranking"))


def fit(field: SingleField, value: object, *, completed: bool) -> Answer:
    """The value in canonical form (7.0 is 7, options in the form's order); raises Misfit."""
    match field:
        case Text() | LongText():
            return _text(field, value)
        case Number():
            return _number(field, value)
        case Scale():
            return whole(value, field.min, field.max)
        case Choice():
            return option(field.options, value)
        case Choices():
            return _options(field, value, completed)
        case Ranking():
            return _ranked(field, value, completed)
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
        case File():
            if upload_key(value):
                raise Misfit(
                    UNKNOWN_KEY,
                    "names a file that has not arrived. Send the file under that key first",
                )
            if not isinstance(value, str) or not re.fullmatch(UPLOAD, value):
                raise Misfit("form.wrong_type", "must be the id of an upload, or its upload_key")
            return value.lower()
        case _:
            assert_never(field)


def attention(field: SingleField, answer: Answer) -> AttentionLevel | None:
    """Return the field's level where a canonical answer lies at or beyond its `attention_at`."""
    match field, answer:
        case Number() | Scale(), int() | float():
            asks = field.attention_at is not None and field.attention_at.reached(answer)
        case Choice(), str():
            asks = answer in (field.attention_at or ())
        case Choices(), list():
            asks = not set(answer).isdisjoint(field.attention_at or ())
        case YesNo(), bool():
            asks = answer is field.attention_at
        case _:
            return None
    return field.level if asks else None


def _text(field: Text | LongText, value: object) -> str:
    if not isinstance(value, str):
        raise Misfit("form.wrong_type", "must be text")
    if len(value) > field.max_length:
        raise Misfit("form.too_long", f"may have at most {field.max_length} characters")
    if _UNSTORABLE.search(value):
        raise Misfit("form.bad_characters", "contains a character that cannot be stored")
    return value


def whole(value: object, least: int, most: int) -> int:
    """A whole number in the range, both ends included. Raises Misfit."""
    number = _in_range(value, least, most)
    if not isinstance(number, int):
        raise Misfit("form.wrong_step", "must be a whole number")
    return number


def option(options: tuple[str, ...], value: object) -> str:
    """One of the options. Raises Misfit."""
    if not isinstance(value, str):
        raise Misfit("form.wrong_type", "must be named by option id")
    if value not in options:
        raise Misfit("form.unknown_option", "must be one of the options the form lists")
    return value


def _number(field: Number, value: object) -> int | float:
    number = _in_range(value, field.min, field.max)
    if not field.on_step(number):
        raise Misfit("form.wrong_step", f"must be a multiple of {field.step}")
    return number


def _in_range(value: object, least: float, most: float) -> int | float:
    # In Python True is an int. NaN, which no comparison lets through, is out of range.
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise Misfit("form.wrong_type", "must be a number")
    if not least <= value <= most:
        raise Misfit("form.out_of_range", f"must be between {least} and {most}")
    return int(value) if value == int(value) else value


def _options(field: Choices, value: object, completed: bool) -> list[str]:
    chosen = _each_once(field, value)
    if completed and len(chosen) < field.min_chosen:
        raise Misfit("form.too_few", f"needs at least {field.min_chosen} options chosen")
    return [one for one in field.options if one in chosen]


def _ranked(field: Ranking, value: object, completed: bool) -> list[str]:
    order = _each_once(field, value)
    if completed and len(order) < field.most:
        raise Misfit("form.too_few", f"needs {field.most} options put in order")
    return order


def _each_once(field: Choices | Ranking, value: object) -> list[str]:
    if not isinstance(value, list):
        raise Misfit("form.wrong_type", "must be a list of option ids")
    if len(value) > field.most:
        raise Misfit("form.too_many", f"may have at most {field.most} options chosen")
    chosen = [option(field.options, one) for one in value]
    if len(set(chosen)) < len(chosen):
        raise Misfit("form.repeated_option", "may name each option only once")
    return chosen


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
